#include <jx/db.hpp>
#include <jx/db/remembered.hpp>
#include <jx/db/sql.hpp>
#include <jx/db/testing.hpp>

namespace jx::db {
namespace {

constexpr Migration table{9003, "right", "CREATE TABLE lasting (k TEXT PRIMARY KEY, n INTEGER) STRICT; CREATE TABLE noted (n INTEGER) STRICT",
                          "CREATE TABLE lasting (k text PRIMARY KEY, n bigint); CREATE TABLE noted (n bigint)"};
constexpr SqlBundle rights{"test", {}, {&table, 1}};

constexpr Query put{"t.put", "INSERT INTO lasting (k, n) VALUES (?1, ?2) ON CONFLICT (k) DO UPDATE SET n = excluded.n",
                    "INSERT INTO lasting (k, n) VALUES ($1, $2) ON CONFLICT (k) DO UPDATE SET n = excluded.n"};
constexpr Query note{"t.note", "INSERT INTO noted (n) VALUES (?1)", "INSERT INTO noted (n) VALUES ($1)", true};
constexpr Query n_of{"t.n_of", "SELECT n FROM lasting WHERE k = ?1", "SELECT n FROM lasting WHERE k = $1"};

struct Generations : OnBoth {
  std::vector<const SqlBundle*> bundles() const override { return {&sql_bundle(), &rights}; }

  void store(std::int64_t n) {
    ASSERT_TRUE(db().write(no_deadline, [&](Tx& tx) { return tx.run(put, "k", n); }));
  }
  Result<std::int64_t> ask(Tx& tx) {
    return held.of(tx, "k", [&]() -> Result<std::int64_t> {
      ++asked;
      JX_TRY(row, tx.one(n_of, "k"));
      return row->integer(0);
    });
  }
  std::int64_t in_a_read() {
    const auto answer = db().read(no_deadline, [&](Tx& tx) { return ask(tx); });
    return answer ? *answer : -1;
  }

  Remembered<std::string, std::int64_t> held;
  int asked = 0;
};
JX_ON_BOTH(Generations);

TEST_P(Generations, spare_a_question_until_something_is_written_that_matters) {
  store(1);
  EXPECT_EQ(in_a_read(), 1);
  const int first = asked;
  ASSERT_TRUE(db().write(no_deadline, [&](Tx& tx) { return tx.run(note, 5); }));
  EXPECT_EQ(in_a_read(), 1);
  EXPECT_EQ(asked, first) << "a record changes nobody's right";
  store(2);
  EXPECT_EQ(in_a_read(), 2);
}

TEST_P(Generations, let_no_act_go_by_what_was_before_its_own_write) {
  store(1);
  EXPECT_EQ(in_a_read(), 1);
  const auto seen = db().write(no_deadline, [&](Tx& tx) -> Result<std::int64_t> {
    JX_CHECK(tx.run(put, "k", 7));
    EXPECT_FALSE(tx.generation());
    return ask(tx);
  });
  ASSERT_TRUE(seen);
  EXPECT_EQ(*seen, 7);
  EXPECT_EQ(in_a_read(), 7);
}

TEST_P(Generations, forget_what_an_act_saw_that_was_rolled_back) {
  store(1);
  const auto failed = db().write(no_deadline, [&](Tx& tx) -> Result<std::int64_t> {
    JX_CHECK(tx.run(put, "k", 9));
    (void)ask(tx);
    return fail(ErrorCode::conflict, "no");
  });
  EXPECT_FALSE(failed);
  EXPECT_EQ(in_a_read(), 1);
}

TEST_P(Generations, show_an_act_what_another_program_has_written) {
  store(1);
  EXPECT_EQ(in_a_read(), 1);
  const auto other = Database::open(db().options());
  ASSERT_TRUE(other);
  ASSERT_TRUE((*other)->write(no_deadline, [&](Tx& tx) { return tx.run(put, "k", 3); }));
  const auto seen = db().write(no_deadline, [&](Tx& tx) { return ask(tx); });
  ASSERT_TRUE(seen);
  EXPECT_EQ(*seen, 3);
  if (GetParam() == Dialect::postgres) store(3);  // there a read goes on for a second, or until this program commits
  EXPECT_EQ(in_a_read(), 3);
}

TEST_P(Generations, let_a_read_that_is_late_ask_nothing) {
  store(1);
  const auto late = db().read({SystemClock().now() - Micros{1}}, [&](Tx& tx) { return ask(tx); });
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::timeout);
}

}  // namespace
}  // namespace jx::db
