// Every statement and every table of every module, on both databases.
#include "store.hpp"

#include <jx/db/testing.hpp>

#include <set>

namespace jx::app {
namespace {

struct Sql : db::OnBoth {
  std::vector<const db::SqlBundle*> bundles() const override {
    const auto all = app::bundles();
    return {all.begin(), all.end()};
  }
};
JX_ON_BOTH(Sql);

TEST_P(Sql, of_every_module_can_be_prepared) {
  const auto prepared = db::prepare_all(db(), app::bundles());
  EXPECT_TRUE(prepared) << prepared.error().text();
}

TEST_P(Sql, of_every_state_table_reads_its_rows) {
  for (const auto& table : state_tables()) {
    const auto rows = db().read(no_deadline, [&](db::Tx& tx) { return tx.all(*table.rows); });
    EXPECT_TRUE(rows) << table.name << ": " << rows.error().text();
  }
}

TEST(Migrations, have_one_head_and_no_number_twice) {
  std::set<int> numbers;
  for (const auto* bundle : bundles()) {
    for (const auto& migration : bundle->migrations)
      EXPECT_TRUE(numbers.insert(migration.number).second) << bundle->module << " " << migration.number;
  }
  EXPECT_FALSE(numbers.empty());
}

}  // namespace
}  // namespace jx::app
