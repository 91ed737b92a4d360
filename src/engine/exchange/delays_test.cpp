// What is told to the person later, and when.
#include <jx/exchange/delays.hpp>

#include "test_gateway.hpp"

namespace jx::exchange {
namespace {

struct Delays : Gateways {
  Context as(const char* unit, std::uint8_t account) {
    auto ctx = context(unit);
    ctx.actor.account = AccountId(Uuid{{account}});
    return ctx;
  }
  DelayWish wish() {
    return {GrantId::trusted("by-case"),
            std::nullopt,
            clock.now() + Micros{86'400'000'000},
            {{LocalizedText({{"en", "Law"}, {"zh-CN", "法"}}), {}, {}}},
            "an investigation"};
  }
  std::size_t shown() {
    const auto page = db().read(no_deadline, [&](db::Tx& tx) { return usage_shown_to(tx, facts.open_case.person, clock.now(), 10, ""); });
    EXPECT_TRUE(page);
    return page ? page->items.size() : 0;
  }
  template <class F>
  auto act(F&& f) {
    return db().write(no_deadline, f);
  }
  DelayId asked(const DelayWish& what) {
    const auto id = act([&](db::Tx& tx) { return ask_delay(tx, as("market", 1), what); });
    EXPECT_TRUE(id) << (id ? "" : id.error().text());
    return id.value_or(DelayId());
  }
  void decide(const DelayId& id, bool approve) {
    const auto done = act([&](db::Tx& tx) { return decide_delay(tx, as("data", 2), id, PersonId(Uuid{{5}}), approve, "as the law says"); });
    EXPECT_TRUE(done) << (done ? "" : done.error().text());
  }
  void read() {
    clock.advance(Micros{1'000'000});
    ASSERT_TRUE(gateway->call(context("market"), case_call()));
  }
};
JX_ON_BOTH(Delays);

TEST_P(Delays, keep_a_use_from_the_person_until_their_end_and_no_use_before_them) {
  read();
  clock.advance(Micros{1'000'000});
  const auto id = asked(wish());
  read();
  EXPECT_EQ(shown(), 2U);  // not approved: everything is told
  decide(id, true);
  EXPECT_EQ(shown(), 1U);
  const auto uses = db().read(no_deadline, [&](db::Tx& tx) { return usage_about(tx, facts.open_case.person, 10, ""); });
  ASSERT_EQ(uses->items.size(), 2U);  // the record has both
  const auto one = db().read(no_deadline, [&](db::Tx& tx) { return delay(tx, id); });
  EXPECT_TRUE(one->hides(uses->items[0], clock.now()));
  EXPECT_FALSE(one->hides(uses->items[1], clock.now()));
  clock.advance(Micros{2 * 86'400'000'000});
  EXPECT_EQ(shown(), 2U);
  EXPECT_TRUE(one->hid(uses->items[0], clock.now()));
  EXPECT_FALSE(one->hid(uses->items[1], clock.now()));
}

TEST_P(Delays, end_before_their_time_and_are_bound_to_a_case_where_they_name_one) {
  auto other = wish();
  other.matter = Uuid{{77}};
  decide(asked(other), true);
  read();
  EXPECT_EQ(shown(), 1U);  // for another case
  clock.advance(Micros{1'000'000});
  other.matter = facts.id;
  const auto id = asked(other);
  decide(id, true);
  read();
  EXPECT_EQ(shown(), 1U);
  ASSERT_TRUE(act([&](db::Tx& tx) { return end_delay(tx, as("market", 1), id, "it is over"); }));
  EXPECT_EQ(shown(), 2U);
  EXPECT_FALSE(act([&](db::Tx& tx) { return end_delay(tx, as("market", 1), id, "again"); }));
}

TEST_P(Delays, are_approved_by_another_unit_and_person_and_have_law_reason_and_an_end) {
  const auto refused = [&](const char* unit, DelayWish what, const char* field) {
    const auto id = act([&](db::Tx& tx) { return ask_delay(tx, as(unit, 1), what); });
    ASSERT_FALSE(id);
    EXPECT_EQ(id.error().field, field);
  };
  refused("fire", wish(), "/grant");
  auto bad = wish();
  bad.law.clear();
  refused("market", bad, "/law");
  bad = wish();
  bad.reason = " ";
  refused("market", bad, "/reason");
  bad = wish();
  bad.until = clock.now() + Micros{181LL * 86'400'000'000};
  refused("market", bad, "/until");
  const auto id = asked(wish());
  EXPECT_FALSE(act([&](db::Tx& tx) { return decide_delay(tx, as("market", 2), id, {}, true, "ours"); }));
  EXPECT_FALSE(act([&](db::Tx& tx) { return decide_delay(tx, as("data", 1), id, {}, true, "the same account"); }));
  const auto own = as("data", 2).actor.person;
  EXPECT_FALSE(act([&](db::Tx& tx) { return decide_delay(tx, as("data", 2), id, own, true, "the same person by another account"); }));
  decide(id, false);
  read();
  EXPECT_EQ(shown(), 1U);
  EXPECT_FALSE(act([&](db::Tx& tx) { return decide_delay(tx, as("data", 2), id, {}, true, "after all"); }));
  const auto checked = ledger::check_state(db(), state_tables());
  ASSERT_TRUE(checked);
}

TEST_P(Delays, count_a_use_in_the_time_in_which_it_was_made_and_in_no_other) {
  read();
  const auto told = [&](Instant from, Instant until) {
    return db().read(no_deadline, [&](db::Tx& tx) { return reads_between(tx, from, until, clock.now()); })->size();
  };
  const Micros minute = std::chrono::minutes(1);
  EXPECT_EQ(told(clock.now() - 60 * minute, clock.now()), 0U);
  EXPECT_EQ(told(clock.now(), clock.now() + 60 * minute), 1U);
  EXPECT_EQ(told(clock.now() + minute, clock.now() + 60 * minute), 0U);
}

}  // namespace
}  // namespace jx::exchange
