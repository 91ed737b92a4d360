#include "fixture.hpp"

#include <algorithm>

namespace jx::ledger {
namespace {

constexpr db::Query case_row{"test.case_row", "SELECT id, title, due FROM test_case WHERE id = ?1",
                             "SELECT id, title, due FROM test_case WHERE id = $1"};
constexpr db::Query case_rows{"test.case_rows", "SELECT id, title, due FROM test_case", "SELECT id, title, due FROM test_case"};
constexpr db::Query case_row_2{"test.case_row_2", "SELECT id, title, due, done FROM test_case WHERE id = ?1",
                               "SELECT id, title, due, done FROM test_case WHERE id = $1"};
constexpr db::Query case_rows_2{"test.case_rows_2", "SELECT id, title, due, done FROM test_case", "SELECT id, title, due, done FROM test_case"};
constexpr db::Query put_case{
    "test.put_case",
    "INSERT INTO test_case (id, title, due, done) VALUES (?1, ?2, ?3, 0) ON CONFLICT (id) DO UPDATE SET title = excluded.title, due = excluded.due",
    "INSERT INTO test_case (id, title, due, done) VALUES ($1, $2, $3, 0) ON CONFLICT (id) DO UPDATE SET title = excluded.title, due = excluded.due"};
constexpr db::Query drop_case{"test.drop_case", "DELETE FROM test_case WHERE id = ?1", "DELETE FROM test_case WHERE id = $1"};

constexpr StateTable case_table{"test.case", 1, 1, &case_row, &case_rows};
constexpr StateTable case_table_2{"test.case", 2, 1, &case_row_2, &case_rows_2};

class State : public LedgerFixture {
 protected:
  void SetUp() override {
    LedgerFixture::SetUp();
    if (IsSkipped()) return;
    const auto made = db().write(no_deadline, [&](db::Tx& tx) {
      return tx.script(tx.dialect() == db::Dialect::sqlite
                           ? "CREATE TABLE test_case (id BLOB PRIMARY KEY, title TEXT, due INTEGER, done INTEGER NOT NULL) STRICT;"
                           : "CREATE TABLE test_case (id bytea PRIMARY KEY, title text, due bigint, done bigint NOT NULL);");
    });
    ASSERT_TRUE(made) << made.error().text();
    open(db());
  }
  CaseId put(CaseId id, std::string_view title, std::optional<std::int64_t> due, const StateTable& table = case_table) {
    const auto ctx = context();
    const auto done = db().write(no_deadline, [&](db::Tx& tx) -> Result<EntryId> {
      JX_CHECK(tx.run(put_case, id, title, due));
      JX_TRY(state, state_of(tx, table, id));
      return append(tx, ctx, Entry{"case.changed", {}, {}, {state}});
    });
    EXPECT_TRUE(done) << done.error().text();
    return id;
  }
  CaseId put(std::string_view title, std::optional<std::int64_t> due = std::nullopt) { return put(CaseId::make(clock, random), title, due); }
  void drop(CaseId id) {
    const auto ctx = context();
    const auto done = db().write(no_deadline, [&](db::Tx& tx) -> Result<EntryId> {
      JX_CHECK(tx.run(drop_case, id));
      JX_TRY(state, state_of(tx, case_table, id));
      EXPECT_FALSE(state.sha256);
      return append(tx, ctx, Entry{"case.dropped", {}, {}, {state}});
    });
    EXPECT_TRUE(done) << done.error().text();
  }
  StateReport check(std::vector<StateTable> tables = {case_table}) {
    auto report = check_state(db(), tables);
    EXPECT_TRUE(report) << report.error().text();
    return report ? *report : StateReport();
  }
  void sequence() {
    if (!signer_) signer_ = make_signer();
    const auto step = Sequencer(db(), *signer_).step();
    ASSERT_TRUE(step) << step.error().text();
  }
  std::optional<Signer> signer_;
};
JX_ON_BOTH(State);

TEST_P(State, is_good_after_acts_that_change_and_delete_rows) {
  const auto a = put("a", 5);
  const auto b = put("b");
  put("c", 7);
  put(a, "a again", std::nullopt);
  sequence();
  put(a, "a for the third time", 9);  // not sequenced yet: still the newest
  drop(b);
  const auto report = check();
  EXPECT_EQ(report.rows_altered, 0U);
  EXPECT_EQ(report.rows_checked, 2U);
  EXPECT_EQ(report.entries_read, 6U);
  EXPECT_TRUE(report.tables_unknown.empty());
}

TEST_P(State, shows_a_row_that_was_changed_removed_or_added_by_hand) {
  const auto a = put("a", 5);
  const auto b = put("b", 6);
  const auto c = put("c", 7);
  sequence();
  by_hand("UPDATE test_case SET title = 'A' WHERE title = 'a'");
  by_hand("DELETE FROM test_case WHERE title = 'b'");
  by_hand("INSERT INTO test_case SELECT hash, 'd', 1, 0 FROM ledger_entry WHERE seq = 1");
  auto report = check();
  EXPECT_EQ(report.rows_altered, 3U);
  ASSERT_EQ(report.rows.size(), 3U);
  std::ranges::sort(report.rows, {}, &AlteredRow::how);
  EXPECT_EQ(report.rows[0].how, AlteredRow::How::altered);
  EXPECT_EQ(report.rows[0].key, a.text());
  EXPECT_EQ(report.rows[0].table, "test.case");
  EXPECT_FALSE(report.rows[0].entry.empty());
  EXPECT_EQ(report.rows[1].how, AlteredRow::How::missing);
  EXPECT_EQ(report.rows[1].key, b.text());
  EXPECT_EQ(report.rows[2].how, AlteredRow::How::unrecorded);
  put(c, "c again", 1);
  by_hand("UPDATE test_case SET due = NULL WHERE title = 'c again'");
  EXPECT_EQ(check().rows_altered, 4U);
}

TEST_P(State, holds_over_a_change_of_the_columns) {
  const auto a = put("a", 5);
  put("b", 6);
  sequence();
  put(a, "a", 6, case_table_2);
  EXPECT_EQ(check({case_table, case_table_2}).rows_altered, 0U);
  by_hand("UPDATE test_case SET done = 1 WHERE title = 'b'");
  EXPECT_EQ(check({case_table, case_table_2}).rows_altered, 0U) << "the entry of b knew no such column";
  by_hand("UPDATE test_case SET done = 1 WHERE title = 'a'");
  EXPECT_EQ(check({case_table, case_table_2}).rows_altered, 1U);
}

TEST_P(State, names_tables_that_nobody_declares) {
  put("a");
  const auto report = check({});
  EXPECT_EQ(report.tables_unknown, std::vector<std::string>{"test.case"});
  EXPECT_EQ(report.rows_altered, 0U);
}

TEST_P(State, cannot_be_told_from_bodies_that_were_changed) {
  put("a");
  by_hand("UPDATE ledger_entry SET kind = 'case.other'");
  EXPECT_EQ(check_state(db(), std::vector{case_table}).error().code, ErrorCode::corrupt);
}

TEST_P(State, is_vouched_for_anew_by_the_act_that_erases) {
  const auto ctx = context();
  const auto id = put("a", 5);
  const auto first = look([&](db::Tx& tx) { return feed(tx, {1, 0}, 1); });
  sequence();
  const auto entries = look([&](db::Tx& tx) { return feed(tx, {1, 0}, 10); });
  ASSERT_EQ(entries->size(), 1U);
  const std::vector ids{entries->front().id};
  const auto done = db().write(no_deadline, [&](db::Tx& tx) -> Result<EntryId> {
    JX_CHECK(tx.run(put_case, id, nullptr, nullptr));
    JX_TRY(state, state_of(tx, case_table, id));
    return erase(tx, ctx, ids, Entry{"case.erased", {}, {}, {state}});
  });
  ASSERT_TRUE(done) << done.error().text();
  const auto report = check();
  EXPECT_EQ(report.rows_altered, 0U);
  EXPECT_EQ(report.entries_erased, 1U);
}

}  // namespace
}  // namespace jx::ledger
