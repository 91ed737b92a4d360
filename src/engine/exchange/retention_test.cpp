// What the law lets go: moved into files, removed, and still proven.
#include <jx/exchange/retention.hpp>

#include "test_gateway.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace jx::exchange {
namespace {

struct Retention : Gateways {
  void SetUp() override {
    Gateways::SetUp();
    std::string made = (std::filesystem::temp_directory_path() / "jx-usage-XXXXXX").string();
    ASSERT_NE(::mkdtemp(made.data()), nullptr);
    folder = made;
  }
  void TearDown() override {
    std::filesystem::remove_all(folder);
    Gateways::TearDown();
  }
  Instant three_years_before_now() const { return clock.now() - std::chrono::days(3 * 365); }
  Result<Moved> move() { return move_usage(db(), context("data"), folder, three_years_before_now()); }
  /// The one file of the folder, with its name.
  std::pair<std::filesystem::path, std::string> only_file() {
    std::vector<std::filesystem::path> found;
    for (const auto& each : std::filesystem::recursive_directory_iterator(folder)) {
      if (each.is_regular_file()) found.push_back(each.path());
    }
    EXPECT_EQ(found.size(), 1U);
    if (found.empty()) return {};
    std::ifstream in(found.front(), std::ios::binary);
    return {found.front(), std::string((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>())};
  }
  std::uint64_t altered() {
    const auto checked = ledger::check_state(db(), state_tables());
    EXPECT_TRUE(checked) << checked.error().text();
    return checked ? checked->rows_altered : 99;
  }
  std::optional<Instant> since() {
    return *db().read(no_deadline, [](db::Tx& tx) { return usage_kept_since(tx); });
  }

  std::filesystem::path folder;
};

JX_ON_BOTH(Retention);

TEST_P(Retention, keeps_every_use_for_three_years) {
  ASSERT_TRUE(gateway->call(context("market"), case_call()));
  clock.advance_to(clock.now() + std::chrono::days(3 * 365 - 1));
  const auto moved = move();
  ASSERT_TRUE(moved) << moved.error().text();
  EXPECT_EQ(moved->uses, 0);
  EXPECT_EQ(uses_by("market").size(), 1U);
  EXPECT_FALSE(since());
}

TEST_P(Retention, moves_older_ones_into_a_file_that_the_ledger_vouches_for) {
  const auto answer = gateway->call(context("market"), case_call());
  ASSERT_TRUE(answer);
  clock.advance_to(clock.now() + std::chrono::seconds(1));  // ids of one millisecond have no order
  facts.open_case.open = false;
  EXPECT_FALSE(gateway->call(context("market"), case_call()));
  facts.open_case.open = true;
  clock.advance_to(clock.now() + std::chrono::days(3 * 365 + 1));
  facts.day = LocalDate::of(2026, 11, 21);
  ASSERT_TRUE(gateway->call(context("market"), case_call()));  // a new one, which stays
  const auto moved = move();
  ASSERT_TRUE(moved) << moved.error().text();
  EXPECT_EQ(moved->uses, 2);
  EXPECT_EQ(moved->left, 0);
  EXPECT_FALSE(moved->next);
  EXPECT_EQ(uses_by("market").size(), 1U);
  EXPECT_EQ(since(), three_years_before_now());
  EXPECT_EQ(altered(), 0U);

  const auto [path, text] = only_file();
  EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_EQ(std::ranges::count(text, '\n'), 2);
  const auto line = wire::decode<UsageLine>(text.substr(0, text.find('\n')));
  ASSERT_TRUE(line) << line.error().text();
  EXPECT_EQ(line->id, answer->usage);
  EXPECT_EQ(line->entry, answer->entry);
  EXPECT_EQ(line->about, std::vector<PersonId>{facts.open_case.person});
  EXPECT_EQ(line->fields, (std::vector<std::string>{"name", "phone"}));
  EXPECT_FALSE(line->refused);
  EXPECT_NE(text.find("closed"), std::string::npos);
  EXPECT_EQ(*check_usage_files(db(), folder), std::vector<std::string>());
  EXPECT_EQ(move()->uses, 0);
}

TEST_P(Retention, leaves_what_a_receipt_is_made_of) {
  const auto answer = gateway->call(context("market"), case_call());
  ASSERT_TRUE(answer);
  clock.advance_to(clock.now() + std::chrono::days(4 * 365));
  ASSERT_EQ(move()->uses, 1);
  EXPECT_EQ(db().read(no_deadline, [&](db::Tx& tx) { return usage(tx, answer->usage); }).error().code, ErrorCode::not_found);
  const auto found = db().read(no_deadline, [&](db::Tx& tx) { return moved_usage(tx, answer->usage); });
  ASSERT_TRUE(found) << found.error().text();
  EXPECT_EQ(found->entry, answer->entry);
  EXPECT_EQ(found->consumer.text(), "market");
  EXPECT_EQ(found->provider.text(), "public-security");
  EXPECT_EQ(db().read(no_deadline, [&](db::Tx& tx) { return moved_usage(tx, UsageId(Uuid{{5}})); }).error().code, ErrorCode::not_found);
}

TEST_P(Retention, does_not_cover_up_what_was_changed_by_hand) {
  ASSERT_TRUE(gateway->call(context("market"), case_call()));
  ASSERT_TRUE(gateway->call(context("market"), case_call()));
  const auto id = uses_by("market").back().id;
  static constexpr db::Query tamper{"test.tamper", "UPDATE exchange_usage SET records = 7 WHERE id = ?1",
                                    "UPDATE exchange_usage SET records = 7 WHERE id = $1"};
  ASSERT_TRUE(db().write(no_deadline, [&](db::Tx& tx) { return tx.run(tamper, id); }));
  clock.advance_to(clock.now() + std::chrono::days(4 * 365));
  const auto moved = move();
  ASSERT_TRUE(moved) << moved.error().text();
  EXPECT_EQ(moved->uses, 1);
  EXPECT_EQ(moved->left, 1);
  EXPECT_EQ(uses_by("market").front().id, id);
  EXPECT_EQ(altered(), 1U);
}

TEST_P(Retention, notices_a_file_that_is_gone_or_was_changed) {
  ASSERT_TRUE(gateway->call(context("market"), case_call()));
  clock.advance_to(clock.now() + std::chrono::days(4 * 365));
  ASSERT_EQ(move()->uses, 1);
  const auto [path, text] = only_file();
  std::ofstream(path) << text << " ";
  EXPECT_EQ(check_usage_files(db(), folder)->size(), 1U);
  std::filesystem::remove(path);
  EXPECT_EQ(check_usage_files(db(), folder)->size(), 1U);
}

TEST_P(Retention, changes_nothing_when_the_file_cannot_be_written) {
  ASSERT_TRUE(gateway->call(context("market"), case_call()));
  clock.advance_to(clock.now() + std::chrono::days(4 * 365));
  std::ofstream(folder / "occupied") << "a file where a folder has to be";
  EXPECT_EQ(move_usage(db(), context("data"), folder / "occupied", three_years_before_now()).error().code, ErrorCode::unavailable);
  EXPECT_EQ(uses_by("market").size(), 1U);
}

TEST_P(Retention, exports_a_period_on_demand_and_says_since_when_it_can) {
  ASSERT_TRUE(gateway->call(context("market"), case_call()));
  const auto from = clock.now() - std::chrono::days(1);
  const auto between = [&](Instant a, Instant b) { return db().read(no_deadline, [&](db::Tx& tx) { return usage_between(tx, a, b); }); };
  const auto part = between(from, clock.now() + std::chrono::days(1));
  ASSERT_TRUE(part) << part.error().text();
  ASSERT_EQ(part->lines.size(), 1U);
  EXPECT_FALSE(part->next);
  EXPECT_EQ(between(from, clock.now() - std::chrono::hours(1))->lines.size(), 0U);
  EXPECT_EQ(std::ranges::count(usage_csv(*part, true), '\n'), 2);
  EXPECT_NE(usage_csv(*part, false).find("name phone"), std::string::npos);
  EXPECT_TRUE(wire::decode<UsageLine>(usage_ndjson(*part)));
  clock.advance_to(clock.now() + std::chrono::days(4 * 365));
  ASSERT_EQ(move()->uses, 1);
  EXPECT_EQ(between(from, clock.now()).error().code, ErrorCode::conflict);
  EXPECT_EQ(between(three_years_before_now(), clock.now())->lines.size(), 0U);
}

}  // namespace
}  // namespace jx::exchange
