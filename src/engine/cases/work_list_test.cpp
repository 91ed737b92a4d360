// That each list is parts of an index, and how far it is counted. What the lists hold is told in tests/scenario.
#include "cases_sql.hpp"
#include "test_engine.hpp"

#include <jx/cases/work_list.hpp>

#include <deque>

namespace jx::cases {
namespace {

class WorkLists : public EngineTest {
 protected:
  Context clerk() {
    Context ctx{{.kind = Actor::Kind::person}, no_deadline, RequestId(), clock_, random_, "en"};
    ctx.actor.account = AccountId::make(clock_, random_);
    ctx.actor.unit = UnitId::trusted("fire");
    ctx.actor.post = PostId::trusted("fire/clerk");
    return ctx;
  }

  /// Open tasks without more of a case than a count needs.
  void add_tasks(int n, const char* unit, const char* post, Mark mark) {
    const auto done = db().write(no_deadline, [&](db::Tx& tx) -> Result<> {
      for (int i = 0; i < n; ++i) {
        const auto id = TaskId::make(clock_, random_);
        JX_CHECK(tx.run(sql::task_insert, id, CaseId::make(clock_, random_), 1, 1, unit, post, "", Instant{}, LocalDate::of(2026, 11, 20), "5 WD",
                        LocalDate::of(2026, 11, 27), 1'000 + i, "", nullptr));
        if (mark != Mark::none) JX_CHECK(tx.run(sql::mark_set, id, unit, static_cast<std::int64_t>(mark), 1'000 + i));
      }
      return {};
    });
    ASSERT_TRUE(done) << done.error().text();
  }

  WorkCounts count(const Context& ctx, const WorkQuery& query) {
    auto counts = db().read(no_deadline, [&](db::Tx& tx) { return count_work(*engine_, tx, ctx, query); });
    EXPECT_TRUE(counts) << counts.error().text();
    return counts.value_or(WorkCounts{});
  }
};

TEST_P(WorkLists, are_counted_up_to_200) {
  add_tasks(205, "fire", "fire/clerk", Mark::none);
  add_tasks(3, "fire", "", Mark::yellow);
  add_tasks(200, "fire", "fire/driver", Mark::red);
  add_tasks(7, "market-regulation", "", Mark::red);
  const auto desk = count(clerk(), {});
  EXPECT_EQ(desk.open.n, 200);
  EXPECT_TRUE(desk.open.more);
  EXPECT_EQ(desk.yellow.n, 3);
  EXPECT_FALSE(desk.yellow.more);
  EXPECT_EQ(desk.red.n, 0);  // those are for another post
  const auto unit = count(clerk(), {.scope = WorkQuery::Scope::units, .units = {UnitId::trusted("fire")}, .item = {}, .mark = {}, .text = {}});
  EXPECT_TRUE(unit.open.more);
  EXPECT_EQ(unit.red.n, 200);
  EXPECT_FALSE(unit.red.more);
  const auto both = count(clerk(), {.scope = WorkQuery::Scope::units,
                                    .units = {UnitId::trusted("fire"), UnitId::trusted("market-regulation")},
                                    .item = {},
                                    .mark = {},
                                    .text = {}});
  EXPECT_TRUE(both.red.more);
}

TEST_P(WorkLists, are_read_from_an_index_and_never_sorted) {
  if (db().dialect() != db::Dialect::sqlite) GTEST_SKIP() << "the plan of PostgreSQL depends on what is in the tables";
  const std::pair<const db::Query*, std::size_t> lists[] = {{&sql::keys_claimed, 4},
                                                            {&sql::keys_claimed_marked, 5},
                                                            {&sql::keys_stood_in, 6},
                                                            {&sql::keys_stood_in_marked, 7},
                                                            {&sql::keys_free, 6},
                                                            {&sql::keys_free_marked, 7},
                                                            {&sql::keys_of_unit, 4},
                                                            {&sql::keys_of_unit_marked, 5},
                                                            {&sql::tasks_by_number, 3},
                                                            {&sql::tasks_by_title, 3},
                                                            {&sql::tasks_by_ids, 32},
                                                            {&sql::notices_of_account_unseen, 4},
                                                            {&sql::notices_of_post_unseen, 5},
                                                            {&sql::notices_of_account_seen, 4},
                                                            {&sql::notices_of_post_seen, 5}};
  std::deque<std::string> texts;
  for (const auto& [query, count] : lists) {
    texts.push_back("EXPLAIN QUERY PLAN " + std::string(query->sqlite));
    const db::Query explain{query->name, texts.back(), {}};
    const std::vector<db::Param> params(count, db::Param(nullptr));
    std::string plan;
    const std::function<Result<>(db::Row&&)> take = [&](db::Row&& row) -> Result<> {
      plan += row.text(3) + "\n";
      return {};
    };
    const auto read = db().read(no_deadline, [&](db::Tx& tx) -> Result<> {
      JX_CHECK(tx.execute(explain, params, &take));
      return {};
    });
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_NE(plan.find("SEARCH"), std::string::npos) << query->name << "\n" << plan;
    EXPECT_EQ(plan.find("SCAN case_"), std::string::npos) << query->name << "\n" << plan;
    EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << query->name << "\n" << plan;
  }
}

JX_ON_BOTH(WorkLists);

}  // namespace
}  // namespace jx::cases
