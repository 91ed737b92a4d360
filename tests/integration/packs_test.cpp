// The packs of this repository: sound, applied whole, and a second time without any change.
#include "jurisdiction.hpp"
#include "store.hpp"

#include <jx/db/testing.hpp>

namespace jx::app {
namespace {

struct Packs : db::OnBoth {
  std::vector<const db::SqlBundle*> bundles() const override {
    const auto all = app::bundles();
    return {all.begin(), all.end()};
  }
  static Result<pack::Pack> read(const std::string& name) { return pack::Pack::read(std::string(JX_SOURCE_DIR) + "/packs/" + name); }

  void apply_twice(const std::string& name) {
    const auto pack = read(name);
    ASSERT_TRUE(pack) << pack.error().text();
    const Parts parts;
    const Context context{{.kind = Actor::Kind::system}, no_deadline, {}, clock, random, "en"};
    const auto apply = [&](db::Tx& tx) { return pack::apply(tx, context, *pack, parts.all()); };
    const auto first = db().write(no_deadline, apply);
    ASSERT_TRUE(first) << first.error().text();
    EXPECT_FALSE(first->changes.empty());
    EXPECT_TRUE(first->entry);
    const auto second = db().write(no_deadline, apply);
    ASSERT_TRUE(second) << second.error().text();
    EXPECT_TRUE(second->changes.empty());
    EXPECT_FALSE(second->entry);
    const auto jurisdiction = db().read(no_deadline, load_jurisdiction);
    ASSERT_TRUE(jurisdiction) << jurisdiction.error().text();
    EXPECT_EQ((*jurisdiction)->manifest.key, name);
    EXPECT_FALSE((*jurisdiction)->demo_accounts.empty());
    const auto report = ledger::check_state(db(), state_tables());
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_GT(report->rows_checked, 0U);
    EXPECT_EQ(report->rows_altered, 0U) << report->rows.front().table << " " << report->rows.front().key;
    EXPECT_TRUE(report->tables_unknown.empty());
  }

  SystemClock clock;
  SystemRandom random;
};
JX_ON_BOTH(Packs);

TEST_P(Packs, yunxi_is_applied_once) { apply_twice("yunxi"); }
TEST_P(Packs, san_francisco_is_applied_once) { apply_twice("san-francisco"); }

TEST(PackFolders, have_no_faults) {
  const Parts parts;
  for (const auto* name : {"yunxi", "san-francisco"}) {
    const auto pack = pack::Pack::read(std::string(JX_SOURCE_DIR) + "/packs/" + name);
    ASSERT_TRUE(pack) << pack.error().text();
    for (const auto& finding : pack::check(*pack, parts.all()).sorted()) {
      EXPECT_NE(finding.severity, pack::Finding::Severity::error) << finding.file << ":" << finding.line << ": " << finding.message.en;
    }
  }
}

}  // namespace
}  // namespace jx::app
