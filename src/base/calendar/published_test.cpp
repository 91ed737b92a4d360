// The calendars that the packs bring, held against what was published.
#include <jx/calendar/file.hpp>
#include <jx/wire/yaml.hpp>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace jx::calendar {
namespace {

namespace fs = std::filesystem;

std::string text_of_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

template <class T>
T decoded(const fs::path& path) {
  const auto document = wire::parse_yaml(text_of_file(path));
  EXPECT_TRUE(document) << path << ": " << document.error().text();
  auto value = wire::decode<T>(document->value());
  EXPECT_TRUE(value) << path << ": " << value.error().text();
  return std::move(*value);
}

Calendar calendar_of(const fs::path& folder, const std::string& id) {
  std::vector<NoticeFile> notices;
  for (const auto& entry : fs::directory_iterator(folder / id)) notices.push_back(decoded<NoticeFile>(entry.path()));
  const auto spec = assemble(id, decoded<CalendarFile>(folder / (id + ".yaml")), notices);
  EXPECT_TRUE(spec) << spec.error().text();
  auto calendar = Calendar::make(*spec);
  EXPECT_TRUE(calendar) << calendar.error().text();
  return std::move(*calendar);
}

const Calendar& china() {
  static const Calendar calendar = calendar_of(fs::path(JX_SOURCE_DIR) / "packs/common/calendars", "cn");
  return calendar;
}

fs::path shared() {
  const char* set = std::getenv("JUNXIAN_SHARED");
  return set != nullptr ? fs::path(set) : fs::path(JX_SOURCE_DIR) / "../shared";
}

LocalDate on(std::string_view text) { return *LocalDate::parse(text); }

TEST(China, says_of_every_day_from_2007_to_2026_what_the_notices_say) {
  const auto folder = shared() / "data/holidays-cn";
  if (!fs::exists(folder)) GTEST_SKIP() << "no " << folder << "; set JUNXIAN_SHARED";
  std::map<LocalDate, bool> works;
  for (int year = 2007; year <= 2026; ++year) {
    const auto file = boost::json::parse(text_of_file(folder / (std::to_string(year) + ".json")));
    for (const auto& day : file.at("days").as_array()) works[on(std::string_view(day.at("date").as_string()))] = !day.at("isOffDay").as_bool();
  }
  std::map<int, int> by_year;
  for (auto date = on("2006-12-30"); date <= on("2026-12-31"); date = date + 1) {
    const auto listed = works.find(date);
    const bool expected = listed != works.end() ? listed->second : date.weekday() != 0 && date.weekday() != 6;
    ASSERT_EQ(china().working(date), expected) << date.text();
    by_year[static_cast<int>(date.ymd().year())] += expected ? 1 : 0;
  }
  const std::map<int, int> published{{2007, 249}, {2008, 251}, {2009, 250}, {2010, 250}, {2011, 250}, {2012, 249}, {2013, 250},
                                     {2014, 250}, {2015, 249}, {2016, 250}, {2017, 249}, {2018, 250}, {2019, 250}, {2020, 249},
                                     {2021, 250}, {2022, 249}, {2023, 249}, {2024, 251}, {2025, 248}, {2026, 248}};
  by_year.erase(2006);
  EXPECT_EQ(by_year, published);
}

TEST(China, agrees_with_the_worked_examples) {
  const struct {
    const char* received;
    int n;
    const char* due;
  } examples[] = {{"2025-09-24", 20, "2025-10-28"}, {"2025-01-24", 1, "2025-01-26"},  {"2025-01-20", 10, "2025-02-08"},
                  {"2026-02-13", 1, "2026-02-14"},  {"2026-02-06", 15, "2026-03-05"}, {"2026-02-27", 2, "2026-03-02"},
                  {"2025-04-25", 5, "2025-05-06"},  {"2025-10-03", 1, "2025-10-09"},  {"2025-12-25", 10, "2026-01-09"},
                  {"2018-12-27", 2, "2018-12-29"},  {"2020-01-22", 5, "2020-02-06"},  {"2023-09-28", 5, "2023-10-11"}};
  for (const auto& example : examples) {
    const auto term = china().add_working_days(on(example.received), example.n);
    EXPECT_EQ(term->due_on->text(), example.due) << example.received;
    EXPECT_FALSE(term->provisional);
  }
}

TEST(China, agrees_with_counting_day_by_day_from_every_day_of_twenty_years) {
  for (auto start = on("2007-01-01"); start <= on("2026-12-31"); start = start + 1) {
    for (const int n : {1, 5, 20, 60}) {
      auto end = start;
      for (int left = n; left > 0;) left -= china().day(end = end + 1).kind == DayKind::working || china().day(end).kind == DayKind::make_up ? 1 : 0;
      const auto term = china().add_working_days(start, n);
      ASSERT_EQ(*term->due_on, end) << start.text() << " + " << n;
      ASSERT_EQ(term->provisional, end > on("2026-12-31"));
      ASSERT_EQ(term->calendar_version, china().version());
    }
  }
}

TEST(China, names_its_festivals_and_ends_its_days_in_its_zone) {
  EXPECT_EQ(china().day(on("2025-10-06")).name.in("zh-CN"), "国庆节、中秋节");
  EXPECT_EQ(china().day(on("2026-02-28")).kind, DayKind::make_up);
  EXPECT_EQ(china().end_of(on("2025-10-28")).text(), "2025-10-28T16:00:00Z");
  EXPECT_TRUE(china().version().starts_with("cn:2007-2026:"));
}

TEST(SanFrancisco, observes_city_holidays_on_the_nearest_weekday) {
  const auto calendar = calendar_of(fs::path(JX_SOURCE_DIR) / "packs/san-francisco/calendars", "us-ca-sf");
  for (const auto* off : {"2015-07-03", "2016-12-26", "2017-11-10", "2018-11-12", "2020-07-03", "2021-07-05", "2021-12-24",
                          "2021-12-31", "2022-06-20", "2023-01-02", "2024-11-28", "2024-11-29", "2025-01-20", "2025-02-17",
                          "2025-05-26", "2025-06-19", "2025-09-01", "2025-10-13", "2025-11-11", "2025-12-25", "2026-07-03"}) {
    EXPECT_EQ(calendar.day(on(off)).kind, DayKind::holiday) << off;
  }
  for (const auto* worked : {"2021-06-18", "2020-07-06", "2024-12-24", "2024-11-27"}) EXPECT_TRUE(calendar.working(on(worked))) << worked;
  EXPECT_EQ(calendar.day(on("2017-10-09")).name.in("en"), "Columbus Day");
  EXPECT_EQ(calendar.day(on("2018-10-08")).name.in("en"), "Indigenous Peoples' Day");
  EXPECT_EQ(calendar.add_working_days(on("2025-11-26"), 2)->due_on->text(), "2025-12-02");
  EXPECT_EQ(calendar.end_of(on("2025-12-02")).text(), "2025-12-03T08:00:00Z");
  for (int year = 2015; year <= 2026; ++year) {
    int off = 0;
    for (auto date = LocalDate::of(year, 1, 1); date <= LocalDate::of(year, 12, 31); date = date + 1)
      off += !calendar.working(date) && date.weekday() % 6 != 0 ? 1 : 0;
    EXPECT_GE(off, 10) << year;
    EXPECT_LE(off, 13) << year;
  }
}

TEST(CalendarFiles, are_put_together_strictly) {
  CalendarFile file;
  EXPECT_EQ(assemble("x", file, {}).error().field, "/zone");
  file.zone = "UTC";
  EXPECT_EQ(assemble("x", file, {}).error().field, "/week");
  file.week = std::vector{Weekday::sunday, Weekday::saturday};
  const auto base = assemble("x", file, {});
  EXPECT_EQ(base->week, 0b1000001);
  file.based_on = "x";
  EXPECT_EQ(assemble("y", file, {}).error().field, "/based_on");
  EXPECT_EQ(assemble("y", file, {}, &*base).error().field, "/zone");
  file.zone.reset();
  file.week.reset();
  file.days = std::vector{FestivalFile{{}, std::vector{*Range::parse("2026-01-01..2026-01-03")}, {}}};
  const auto over = assemble("y", file, {}, &*base);
  EXPECT_EQ(over->zone, "UTC");
  EXPECT_EQ(over->own.at(0).last, on("2026-01-03"));
  for (const auto* bad : {"", "2026-01-01..", "..2026-01-01", "2026-01-02..2026-01-01", "2026-01-01...2026-01-02", "2026-02-30"})
    EXPECT_FALSE(Range::parse(bad)) << bad;
  EXPECT_EQ(Range::parse("2026-01-01..2026-01-03")->text(), "2026-01-01..2026-01-03");
}

/// What a clock says, held against the days themselves: for any receipt and term in the published years.
TEST(China, says_of_each_clock_every_holiday_and_make_up_day_in_its_term_and_no_other) {
  const auto& calendar = china();
  for (int step = 0; step < 1'500; ++step) {
    const auto received = LocalDate::of(2008, 1, 1) + (step * 4'001) % 6'500;
    const int n = 1 + (step * 7) % 25;
    const auto term = calendar.add_working_days(received, n);
    ASSERT_TRUE(term && term->due_on);
    const auto standing = calendar.standing(received, n, {}, received);
    ASSERT_TRUE(standing);
    for (auto date = received + 1; date <= *term->due_on; date = date + 1) {
      const auto day = calendar.day(date);
      if (day.kind == DayKind::working || day.kind == DayKind::weekend) continue;
      const bool weekend = date.weekday() == 0 || date.weekday() == 6;
      if (weekend && day.kind == DayKind::holiday) continue;  // off in any case
      EXPECT_NE(standing->words.zh.find(day.name.in("zh-CN")), std::string::npos) << received.text() << " + " << n << ": " << standing->words.zh;
      EXPECT_NE(standing->words.en.find(day.name.in("en")), std::string::npos) << received.text() << " + " << n << ": " << standing->words.en;
    }
    const bool ordinary = calendar.working_days_between(received, *term->due_on) == n && term->notes.empty();
    EXPECT_EQ(ordinary, standing->words.zh.find("计入") == std::string::npos) << standing->words.zh;
    const auto late = calendar.standing(received, n, {}, *term->due_on + 1 + step % 20);
    ASSERT_TRUE(late);
    EXPECT_EQ(late->days_over, calendar.working_days_between(*term->due_on, *term->due_on + 1 + step % 20));
    EXPECT_EQ(late->words.zh.starts_with("已超期"), late->days_over > 0) << late->words.zh;
  }
}

TEST(China, says_that_a_clock_is_provisional_where_no_notice_is_known) {
  const auto last = china().standing(on("2026-12-28"), 10, {}, on("2026-12-28"));
  EXPECT_NE(last->words.en.find("provisional"), std::string::npos) << last->words.en;
  EXPECT_NE(last->words.zh.find("暂定"), std::string::npos) << last->words.zh;
}

TEST(China, counts_every_day_of_a_term_in_days) {
  const auto day = china().standing(on("2026-09-25"), 30, {}, on("2026-10-05"), Counting::days);
  EXPECT_EQ(day->day, 10);
  EXPECT_EQ(day->words.zh, "第10日，共30日（按日历日计）；2026年10月26日当日结束时到期。");  // the 25th is a Sunday
}

}  // namespace
}  // namespace jx::calendar
