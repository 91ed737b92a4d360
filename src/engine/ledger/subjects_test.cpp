#include <jx/ledger/subjects.hpp>

#include "fixture.hpp"

#include <jx/ledger/search.hpp>

namespace jx::ledger {
namespace {

struct Subjects : LedgerFixture {
  std::vector<EntryId> about_case(const std::string& id, EntryId after = {}, std::size_t count_max = 100) {
    const auto entries = look([&](db::Tx& tx) { return about(tx, "case:" + id, after, count_max); });
    EXPECT_TRUE(entries) << entries.error().text();
    std::vector<EntryId> ids;
    for (const auto& entry : *entries) ids.push_back(entry.id);
    return ids;
  }
  std::vector<EntryId> newest_about_case(const std::string& id) {
    const auto page =
        look([&](db::Tx& tx) { return search(tx, {.subject = "case:" + id, .account = "", .kind = "", .from = {}, .until = {}}, 0, 100); });
    EXPECT_TRUE(page) << page.error().text();
    std::vector<EntryId> ids;
    for (const auto& found : page->entries) ids.insert(ids.begin(), found.entry.id);
    return ids;
  }
  std::vector<std::string> wrong() {
    auto found = look([&](db::Tx& tx) { return wrongly_indexed(tx); });
    EXPECT_TRUE(found) << found.error().text();
    return *found;
  }
  std::int64_t count(std::string_view sql) {
    const db::Query query{"test.count", sql, sql};
    return (*look([&](db::Tx& tx) { return tx.one(query); }))->integer(0);
  }
  void take_over() {
    const auto done = index_subjects(db(), no_deadline);
    ASSERT_TRUE(done) << done.error().text();
  }
};
JX_ON_BOTH(Subjects);

TEST_P(Subjects, are_asked_by_before_and_after_the_index_has_them) {
  std::vector<EntryId> all;
  for (int i = 0; i < 3; ++i) all.push_back(add("a"));
  add("a-b");  // whose name begins alike
  add("b.a");
  const auto expect_all = [&] {
    EXPECT_EQ(about_case("a"), all);
    EXPECT_EQ(newest_about_case("a"), all);
    EXPECT_EQ(about_case("a", all[0], 2), (std::vector{all[1], all[2]}));
    EXPECT_EQ(about_case("a", {}, 2), (std::vector{all[0], all[1]}));
    EXPECT_TRUE(wrong().empty());
  };
  expect_all();
  take_over();
  EXPECT_EQ(count("SELECT count(*) FROM ledger_unindexed"), 0);
  EXPECT_EQ(count("SELECT count(*) FROM ledger_subject"), 5);
  expect_all();
  all.push_back(add("a"));
  all.push_back(add("a"));
  EXPECT_EQ(about_case("a", all[1]), (std::vector{all[2], all[3], all[4]}));
  EXPECT_EQ(newest_about_case("a"), all);
}

TEST_P(Subjects, are_found_once_where_taking_them_over_was_interrupted) {
  const auto first = add("a");
  const auto second = add("a");
  by_hand("INSERT INTO ledger_subject (subject, seq) VALUES ('case:a', 1)");
  EXPECT_EQ(about_case("a"), (std::vector{first, second}));
  EXPECT_EQ(newest_about_case("a"), (std::vector{first, second}));
  EXPECT_TRUE(wrong().empty());
  take_over();
  EXPECT_EQ(about_case("a"), (std::vector{first, second}));
  EXPECT_TRUE(wrong().empty());
}

TEST_P(Subjects, are_taken_over_whatever_becomes_of_the_tree) {
  open(db());
  const auto signer = make_signer();
  Sequencer sequencer(db(), signer);
  add("a");
  ASSERT_TRUE(sequencer.step());
  by_hand("UPDATE ledger_entry SET hash = salt");
  by_hand("UPDATE ledger_log SET size = 0");
  add("b");
  ASSERT_FALSE(sequencer.step());
  EXPECT_EQ(count("SELECT count(*) FROM ledger_unindexed"), 0);
  EXPECT_EQ(about_case("b").size(), 1U);
}

TEST_P(Subjects, of_an_erased_entry_are_gone_from_both_places) {
  const auto waiting = add("a");
  const auto ctx = context();
  const auto erase_one = [&](EntryId id) {
    const auto erased = db().write(no_deadline, [&](db::Tx& tx) { return erase(tx, ctx, std::vector{id}, {"test.erased", {}, {}, {}}); });
    ASSERT_TRUE(erased) << erased.error().text();
  };
  erase_one(waiting);
  take_over();
  EXPECT_TRUE(about_case("a").empty());
  const auto indexed = add("a");
  take_over();
  erase_one(indexed);
  EXPECT_TRUE(about_case("a").empty());
  EXPECT_TRUE(wrong().empty());
}

TEST_P(Subjects, that_were_changed_by_hand_are_named_with_their_entry) {
  const auto both = add(db(), Entry{"test.done", {"case:a", "person:b", "case:a"}, {{"text", R"("subjects":["case:x"])"}}, {}});
  const auto other = add("a");
  take_over();
  EXPECT_TRUE(wrong().empty());
  by_hand("DELETE FROM ledger_subject WHERE subject = 'person:b'");
  EXPECT_EQ(wrong(), std::vector{both.text()});
  by_hand("INSERT INTO ledger_subject (subject, seq) VALUES ('person:c', 1)");
  EXPECT_EQ(wrong(), std::vector{both.text()});
  by_hand("INSERT INTO ledger_subject (subject, seq) VALUES ('person:b', 1)");
  by_hand("DELETE FROM ledger_subject WHERE subject = 'person:c'");
  EXPECT_TRUE(wrong().empty());
  by_hand("UPDATE ledger_subject SET subject = 'case:z' WHERE seq = 2");
  by_hand("INSERT INTO ledger_subject (subject, seq) VALUES ('case:a', 77)");
  EXPECT_EQ(wrong(), (std::vector<std::string>{"#77", other.text()}));
  const auto report = check_state(db(), {});
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->rows_altered, 2U);
}

TEST_P(Subjects, of_an_entry_that_waits_may_not_be_changed_either) {
  const auto id = add("a");
  by_hand("UPDATE ledger_unindexed SET subjects = ' case:z '");
  EXPECT_EQ(wrong(), std::vector{id.text()});
  by_hand("DELETE FROM ledger_unindexed");
  EXPECT_EQ(wrong(), std::vector{id.text()});
}

TEST_P(Subjects, of_many_entries_are_taken_over_in_parts) {
  const auto ctx = context();
  const auto done = db().write(no_deadline, [&](db::Tx& tx) -> Result<> {
    for (int i = 0; i < 1500; ++i)
      JX_CHECK(append(tx, ctx, Entry{"test.done", {"case:" + std::to_string(i % 7), "task:" + std::to_string(i)}, {}, {}}));
    return {};
  });
  ASSERT_TRUE(done) << done.error().text();
  take_over();
  EXPECT_EQ(count("SELECT count(*) FROM ledger_subject"), 3000);
  EXPECT_EQ(count("SELECT count(*) FROM ledger_unindexed"), 0);
  EXPECT_TRUE(wrong().empty());
}

}  // namespace
}  // namespace jx::ledger
