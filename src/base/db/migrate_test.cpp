#include <jx/db/migrate.hpp>
#include <jx/db/sql.hpp>
#include <jx/db/testing.hpp>

#include <thread>

namespace jx::db {
namespace {

constexpr Query count_things{"t.count", "SELECT count(*) FROM thing", "SELECT count(*) FROM thing"};
constexpr Migration thing{9001, "thing", "CREATE TABLE thing (id INTEGER PRIMARY KEY) STRICT", "CREATE TABLE thing (id bigint PRIMARY KEY)"};
constexpr Migration things{9002, "things", "INSERT INTO thing (id) VALUES (1); INSERT INTO thing (id) VALUES (2);",
                           "INSERT INTO thing (id) VALUES (1); INSERT INTO thing (id) VALUES (2);"};
constexpr Migration changed{9002, "things", "INSERT INTO thing (id) VALUES (3);", "INSERT INTO thing (id) VALUES (3);"};
constexpr Migration faulty{9003, "faulty", "INSERT INTO thing (id) VALUES (4); INSERT INTO nothing VALUES (1);",
                           "INSERT INTO thing (id) VALUES (4); INSERT INTO nothing VALUES (1);"};

SqlBundle bundle(std::span<const Migration> migrations) { return {"test", {}, migrations}; }

struct Migrations : OnBoth {
  std::vector<const SqlBundle*> bundles() const override { return {&sql_bundle()}; }

  Result<MigrationReport> run(std::span<const Migration> migrations) {
    const auto own = bundle(migrations);
    const std::array<const SqlBundle*, 2> all{&sql_bundle(), &own};
    return migrate(db(), all);
  }
  Result<std::int64_t> count() {
    return db().read(no_deadline, [](Tx& tx) -> Result<std::int64_t> {
      JX_TRY(row, tx.one(count_things));
      return row->integer(0);
    });
  }
};
JX_ON_BOTH(Migrations);

TEST_P(Migrations, are_applied_once_and_in_order) {
  const auto report = run(std::array{things, thing});
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->head, 9002);
  ASSERT_EQ(report->applied.size(), 2U);
  EXPECT_EQ(report->applied[0].title, "thing");
  EXPECT_TRUE(run(std::array{things, thing})->applied.empty());
  EXPECT_EQ(*count(), 2);
  EXPECT_EQ(history(db())->size(), sql_bundle().migrations.size() + 2);
}

TEST_P(Migrations, of_a_newer_program_are_refused_in_both_languages) {
  ASSERT_TRUE(run(std::array{thing, things}));
  const auto older = run(std::array{thing});
  ASSERT_FALSE(older);
  EXPECT_EQ(older.error().code, ErrorCode::conflict);
  EXPECT_NE(older.error().message.en.find("newer version"), std::string::npos);
  EXPECT_NE(older.error().message.en.find("9002 things"), std::string::npos);
  EXPECT_NE(older.error().message.zh.find("更新版本"), std::string::npos);
}

TEST_P(Migrations, that_were_changed_are_refused) {
  ASSERT_TRUE(run(std::array{thing, things}));
  EXPECT_EQ(run(std::array{thing, changed}).error().code, ErrorCode::conflict);
  EXPECT_EQ(*count(), 2);
}

TEST_P(Migrations, with_one_number_are_refused) {
  EXPECT_EQ(run(std::array{thing, things, changed}).error().code, ErrorCode::internal);
  EXPECT_FALSE(count());
}

TEST_P(Migrations, that_fail_leave_nothing_and_keep_those_before) {
  const auto failed = run(std::array{thing, things, faulty});
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().message.en.find("9003 faulty"), std::string::npos);
  EXPECT_EQ(*count(), 2);
  EXPECT_TRUE(run(std::array{thing, things}));
}

TEST_P(Migrations, come_after_those_of_their_module) {
  ASSERT_TRUE(run(std::array{things}).error().code == ErrorCode::internal);  // no table yet
  ASSERT_TRUE(run(std::array{thing, things}));
  constexpr Migration late{9000, "late", "SELECT 1", "SELECT 1"};
  EXPECT_EQ(run(std::array{late, thing, things}).error().code, ErrorCode::conflict);
}

TEST_P(Migrations, may_be_started_by_several_programs_at_once) {
  std::vector<std::jthread> programs;
  for (int i = 0; i < 4; ++i) {
    programs.emplace_back([&] {
      auto other = Database::open({.url = url()});
      ASSERT_TRUE(other) << other.error().text();
      const std::array migrations{thing, things};
      const auto own = bundle(migrations);
      const std::array<const SqlBundle*, 2> all{&sql_bundle(), &own};
      const auto done = migrate(**other, all);
      EXPECT_TRUE(done) << done.error().text();
    });
  }
  programs.clear();
  EXPECT_EQ(*count(), 2);
}

TEST_P(Migrations, are_held_against_what_the_program_expects) {
  const auto all = bundles();
  EXPECT_TRUE(check_schema(db(), all));
  const std::array migrations{thing};
  const auto own = bundle(migrations);
  const std::array<const SqlBundle*, 2> more{&sql_bundle(), &own};
  EXPECT_NE(check_schema(db(), more).error().message.en.find("9001 thing"), std::string::npos);
}

TEST_P(Migrations, make_the_tables_of_every_query) {
  const auto all = bundles();
  const auto prepared = prepare_all(db(), all);
  EXPECT_TRUE(prepared) << prepared.error().text();
}

}  // namespace
}  // namespace jx::db
