// time_test.cpp - the calendar against a counter of days, and the lexical forms.
#include <jx/rules/time.hpp>

#include <gtest/gtest.h>

namespace jx::rules {
namespace {

TEST(Date, agrees_with_a_counter_of_days) {
  constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  auto date = Date::of(1599, 12, 31).value();
  int weekday = date.weekday();
  for (int year = 1600; year < 2401; ++year) {
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    for (int month = 1; month <= 12; ++month) {
      const int length = lengths[month - 1] + (month == 2 && leap ? 1 : 0);
      for (int day = 1; day <= length; ++day) {
        const auto next = Date::of(year, month, day);
        ASSERT_TRUE(next);
        ASSERT_EQ(next->days, date.days + 1);
        const auto back = next->ymd();
        ASSERT_TRUE(back.year == year && back.month == month && back.day == day);
        weekday = weekday % 7 + 1;
        ASSERT_EQ(next->weekday(), weekday);
        date = *next;
      }
      EXPECT_FALSE(Date::of(year, month, length + 1));
    }
  }
  EXPECT_EQ(Date::of(1970, 1, 1)->days, 0);
}

TEST(Date, reaches_a_thousand_million_years_either_way) {
  for (const char* text : {"999999999-12-31", "-999999999-01-01", "0000-02-29", "-0004-02-29"}) {
    const auto date = Date::parse(text);
    ASSERT_TRUE(date) << text;
    EXPECT_EQ(date->text(), text);
  }
  EXPECT_FALSE(Date::of(1'000'000'000, 1, 1));
}

TEST(Times, keep_their_forms) {
  for (const char* text : {"00:00:00", "23:59:59.123456789", "10:00:00Z", "10:00:00+08:00", "10:00:00-02:45:55", "10:00:00@Asia/Shanghai"}) {
    const auto time = Time::parse(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(time->text(), text);
  }
  for (const char* text :
       {"", "1:00:00", "24:00:01", "10:60:00", "10:00:60", "10:00", "10:00:00.", "10:00:00+19:00", "10:00:00@", "10:00:00@Mars/Base", "10:00:00 Z"})
    EXPECT_FALSE(Time::parse(text)) << text;
  EXPECT_EQ(DateTime::parse("2024-12-31T24:00:00")->text(), "2025-01-01T00:00:00");
  EXPECT_EQ(DateTime::parse("-0001-01-01T00:00:00.5-00:00")->text(), "-0001-01-01T00:00:00.5Z");
}

TEST(Durations, keep_their_values) {
  const auto span = [](const char* text) { return Span::parse(text).value().text(); };
  EXPECT_EQ(span("PT1000M"), "PT16H40M");
  EXPECT_EQ(span("-P1DT0.5S"), "-P1DT0.5S");
  EXPECT_EQ(span("-PT0.25S"), "-PT0.25S");
  EXPECT_EQ(span("P0D"), "PT0S");
  EXPECT_EQ(span("PT0.S"), "PT0S");
  EXPECT_EQ(span("P1DT12.S"), "P1DT12S");
  EXPECT_EQ(Months::parse("-P100M")->text(), "-P8Y4M");
  EXPECT_EQ(Months::parse("P0Y")->text(), "P0M");
  for (const char* text : {"P", "PT", "P1", "P1DT", "PT1S1M", "P1.5D", "PT.S", "PT1.M", "1D", "P1Y1D", "P-1D"}) {
    EXPECT_FALSE(Span::parse(text)) << text;
    EXPECT_FALSE(Months::parse(text)) << text;
  }
}

TEST(Zones, follow_the_iana_database) {
  const auto offset = [](const char* text) { return DateTime::parse(text).value().utc_seconds(); };
  EXPECT_EQ(offset("2026-07-01T12:00:00@Europe/Paris"), offset("2026-07-01T10:00:00Z"));
  EXPECT_EQ(offset("2026-01-01T12:00:00@Europe/Paris"), offset("2026-01-01T11:00:00Z"));
  EXPECT_EQ(offset("1988-07-01T12:00:00@Asia/Shanghai"), offset("1988-07-01T03:00:00Z"));  // China had summer time from 1986 to 1991
  EXPECT_FALSE(Zone::named("GMT+5"));
  EXPECT_EQ(DateTime::parse("999999999-07-01T12:00:00@Europe/Paris")->zone.name(), "Europe/Paris");
}

}  // namespace
}  // namespace jx::rules
