#include "meter.hpp"

#include <gtest/gtest.h>

namespace jx::exchange {
namespace {

const GrantId grant = *GrantId::parse("a-grant");
constexpr Instant noon{1'700'000'000'000'000};
constexpr Micros second{1'000'000};

/// A record that is asked as the database is.
struct Record {
  std::vector<Instant> calls;
  std::vector<Instant> asked;  // since when, each time

  Result<bool> take(Meter& meter, Instant now, std::int64_t most) {
    return meter.take(grant, now, most, [&](Instant since) -> Result<CallsBySecond> {
      asked.push_back(since);
      CallsBySecond found;
      for (const auto at : calls) {
        if (at > since) ++found[at.micros / 1'000'000];
      }
      return found;
    });
  }
  void call(Meter& meter, Instant now, std::int64_t most) {
    ASSERT_TRUE(*take(meter, now, most));
    calls.push_back(now);
    meter.done(grant, true);
  }
};

TEST(Meter, asks_a_known_minute_again_only_for_its_end) {
  Meter meter;
  Record record;
  for (int i = 0; i < 30; ++i) record.call(meter, noon + i * second, 1000);
  ASSERT_EQ(record.asked.size(), 30U) << "once a second";
  EXPECT_EQ(record.asked.front(), noon - 60 * second - Micros{1});
  EXPECT_EQ(record.asked.back(), noon + 25 * second - Micros{1}) << "it was asked a second ago, and calls may still have been on their way then";
}

TEST(Meter, allows_no_more_than_the_grant_in_any_minute) {
  Meter meter;
  Record record;
  for (int i = 0; i < 600; ++i) {  // four calls a second are tried
    const auto now = noon + i * (second / 4);
    if (*record.take(meter, now, 20)) {
      record.calls.push_back(now);
      meter.done(grant, true);
    }
  }
  for (const auto from : record.calls) {
    const auto within = std::ranges::count_if(record.calls, [&](Instant at) { return at >= from && at < from + 60 * second; });
    EXPECT_LE(within, 20);
  }
  EXPECT_GE(record.calls.size(), 40U) << "and the places of calls that are over a minute old are given again";
}

TEST(Meter, gives_back_the_place_of_a_call_that_was_not_answered) {
  Meter meter;
  Record record;
  EXPECT_TRUE(*record.take(meter, noon, 1));
  EXPECT_FALSE(*record.take(meter, noon, 1));
  meter.done(grant, false);
  EXPECT_TRUE(*record.take(meter, noon, 1));
}

TEST(Meter, counts_the_calls_of_other_programs_a_second_later) {
  Meter meter;
  Record record;
  record.call(meter, noon, 3);
  record.calls.push_back(noon);
  record.calls.push_back(noon);
  EXPECT_FALSE(*record.take(meter, noon + second, 3));
}

TEST(Meter, asks_again_after_the_record_could_not_be_asked) {
  Meter meter;
  const auto broken = meter.take(grant, noon, 1, [](Instant) -> Result<CallsBySecond> { return fail(ErrorCode::unavailable, "no"); });
  EXPECT_FALSE(broken);
  Record record;
  EXPECT_TRUE(*record.take(meter, noon, 1));
}

}  // namespace
}  // namespace jx::exchange
