// fixture.hpp - a database with a ledger, for the tests of this module (private).
#pragma once
#include <jx/db/sql.hpp>
#include <jx/db/testing.hpp>
#include <jx/ledger/log.hpp>
#include <jx/ledger/sequencer.hpp>
#include <jx/ledger/sql.hpp>
#include <jx/ledger/verify.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace jx::ledger {

inline constexpr std::string_view test_origin = "yunxi.example/ledger";

class LedgerFixture : public db::OnBoth {
 protected:
  [[nodiscard]] std::vector<const db::SqlBundle*> bundles() const override { return {&db::sql_bundle(), &ledger::sql_bundle()}; }

  [[nodiscard]] Context context() {
    Context ctx{.actor = {}, .clock = clock, .random = random};
    ctx.actor.kind = Actor::Kind::person;
    ctx.actor.account = AccountId::make(clock, random);
    ctx.actor.unit = UnitId::trusted("market-regulation");
    return ctx;
  }
  EntryId add(db::Database& database, const Entry& entry) {
    clock.advance(Micros{1000});
    const auto ctx = context();
    auto id = database.write(no_deadline, [&](db::Tx& tx) { return append(tx, ctx, entry); });
    EXPECT_TRUE(id) << id.error().text();
    return id ? *id : EntryId();
  }
  EntryId add(const std::string& text = "text") { return add(db(), Entry{"test.done", {"case:" + text}, {{"text", text}}, {}}); }
  void add_many(int count) {
    const auto ctx = context();
    const auto done = db().write(no_deadline, [&](db::Tx& tx) -> Result<> {
      for (int i = 0; i < count; ++i) JX_CHECK(append(tx, ctx, Entry{"test.done", {}, {{"number", i}}, {}}));
      return {};
    });
    ASSERT_TRUE(done) << done.error().text();
  }
  LogInfo open(db::Database& database) {
    const auto ctx = context();
    auto log = database.write(no_deadline, [&](db::Tx& tx) { return open_log(tx, ctx, test_origin); });
    EXPECT_TRUE(log) << log.error().text();
    return log ? *log : LogInfo();
  }
  LogInfo newest(db::Database& database) {
    auto log = database.read(no_deadline, [&](db::Tx& tx) { return newest_log(tx); });
    EXPECT_TRUE(log) << log.error().text();
    return log ? *log : LogInfo();
  }
  template <class F>
  auto look(F&& f) {
    return db().read(no_deadline, std::forward<F>(f));
  }
  // A change that no act makes, in either dialect.
  void by_hand(std::string_view sql) {
    const db::Query query{"test.by_hand", sql, sql};
    const auto done = db().write(no_deadline, [&](db::Tx& tx) { return tx.run(query); });
    ASSERT_TRUE(done) << done.error().text();
  }
  void expect_good(db::Database& database, const Signer& signer, std::int64_t log, std::uint64_t entries) {
    const auto origin = std::string(test_origin) + (log == 1 ? "" : "/" + std::to_string(log));
    const auto report = verify(database_source(database, log), signer.keys(origin));
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_EQ(report->checkpoint.size, entries);
    EXPECT_EQ(report->entries, entries);
    EXPECT_EQ(report->bodies + report->bodies_erased, entries);
    for (const auto& finding : report->findings) ADD_FAILURE() << finding.path << " " << finding.entry.value_or(0) << ": " << finding.what.en;
  }
  Signer make_signer(const std::string& name = "keys") {
    auto made = Signer::create(folder.path() / name, true);
    EXPECT_TRUE(made) << made.error().text();
    return *made;
  }

  VirtualClock clock{*Instant::parse("2026-11-21T01:00:00Z")};
  SeededRandom random{7};
  db::TempFolder folder;
};

}  // namespace jx::ledger
