#include <jx/calendar.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace jx::calendar {
namespace {

using Days = std::vector<Exception>;

LocalizedText english(const char* text) { return LocalizedText(std::map<std::string, std::string>{{"en", text}}); }

LocalDate on(const char* text) { return *LocalDate::parse(text); }

/// 2025 and 2026 with one festival: 1 to 8 October 2025 is off, Sunday 28 September and Saturday 11 October are worked.
Spec autumn() {
  Spec spec;
  spec.id = "autumn";
  spec.zone = "Asia/Shanghai";
  const LocalizedText name({{"en", "National Day"}, {"zh-CN", "国庆节"}});
  spec.notices = {{2025,
                   {},
                   Days{{on("2025-10-01"), on("2025-10-08"), false, name},
                        {on("2025-09-28"), on("2025-09-28"), true, name},
                        {on("2025-10-11"), on("2025-10-11"), true, name}}},
                  {2026, {}, Days{}}};
  return spec;
}

Calendar make(const Spec& spec) {
  auto calendar = Calendar::make(spec);
  EXPECT_TRUE(calendar) << calendar.error().text();
  return std::move(*calendar);
}

std::string due(const Calendar& calendar, const char* received, int n, std::vector<Pause> pauses = {}) {
  const auto term = calendar.add_working_days(on(received), n, pauses);
  return !term ? term.error().text() : term->due_on ? term->due_on->text() : "none";
}

TEST(WorkingDays, do_not_count_the_day_of_receipt) {
  const auto calendar = make(autumn());
  EXPECT_EQ(due(calendar, "2025-09-22", 1), "2025-09-23");
  EXPECT_EQ(due(calendar, "2025-09-24", 20), "2025-10-28");
  EXPECT_EQ(due(calendar, "2025-10-03", 1), "2025-10-09");  // received in the holiday
  EXPECT_EQ(due(calendar, "2025-09-26", 1), "2025-09-28");  // a make-up Sunday
}

TEST(WorkingDays, of_none_end_on_the_day_itself_or_the_next_that_is_worked) {
  const auto calendar = make(autumn());
  EXPECT_EQ(due(calendar, "2025-09-22", 0), "2025-09-22");
  EXPECT_EQ(due(calendar, "2025-10-01", 0), "2025-10-09");
}

TEST(WorkingDays, know_every_day) {
  const auto calendar = make(autumn());
  EXPECT_EQ(calendar.day(on("2025-10-01")).kind, DayKind::holiday);
  EXPECT_EQ(calendar.day(on("2025-10-01")).name.in("en"), "National Day");
  EXPECT_EQ(calendar.day(on("2025-09-28")).kind, DayKind::make_up);
  EXPECT_EQ(calendar.day(on("2025-09-27")).kind, DayKind::weekend);
  EXPECT_EQ(calendar.day(on("2025-09-29")).kind, DayKind::working);
  EXPECT_FALSE(calendar.day(on("2026-12-31")).provisional);
  EXPECT_TRUE(calendar.day(on("2027-01-01")).provisional);
  EXPECT_TRUE(calendar.day(on("2024-12-31")).provisional);
}

TEST(WorkingDays, between_are_the_inverse_of_adding_them) {
  const auto calendar = make(autumn());
  for (auto start = on("2025-08-01"); start < on("2026-01-15"); start = start + 1) {
    for (const int n : {1, 2, 9, 30}) EXPECT_EQ(calendar.working_days_between(start, *calendar.add_working_days(start, n)->due_on), n);
    EXPECT_EQ(calendar.working_days_between(start, on("2025-10-01")), -calendar.working_days_between(on("2025-10-01"), start));
  }
}

/// Any week, any exceptions: what the table says is what counting day by day says, far before and after the exceptions too.
TEST(WorkingDays, agree_with_counting_day_by_day_for_any_week_and_exceptions) {
  SeededRandom random(7);
  const auto next = [&](std::uint32_t below) {
    std::array<std::uint8_t, 4> octets{};
    random.fill(octets);
    return (octets[0] | octets[1] << 8U | octets[2] << 16U) % below;
  };
  for (int round = 0; round < 60; ++round) {
    Spec spec;
    spec.id = "any";
    spec.zone = "UTC";
    spec.week = static_cast<std::uint8_t>(1 + next(127));
    const auto base = LocalDate::of(1960 + static_cast<int>(next(60)), 1, 1);
    for (std::uint32_t i = next(30); i > 0; --i) {
      const auto first = base + static_cast<int>(next(400));
      spec.own.push_back({first, first + static_cast<int>(next(5)), next(2) == 1, {}});
    }
    const auto calendar = make(spec);
    const auto naive = [&](LocalDate date) {
      bool works = (spec.week >> date.weekday() & 1) != 0;
      for (const auto& days : spec.own) works = days.first <= date && date <= days.last ? days.working : works;
      return works;
    };
    for (int k = 0; k < 40; ++k) {
      const auto start = base - 300 + static_cast<int>(next(1000));
      const int n = 1 + static_cast<int>(next(40));
      auto end = start;
      for (int left = n; left > 0;) left -= naive(end = end + 1) ? 1 : 0;
      ASSERT_EQ(*calendar.add_working_days(start, n)->due_on, end);
      ASSERT_EQ(calendar.working(start), naive(start));
    }
  }
}

TEST(Pauses, take_the_days_after_the_stop_up_to_the_resumption) {
  const auto calendar = make(autumn());
  const auto pause = [](const char* from, const char* to) { return Pause{on(from), on(to), {}, {}}; };
  EXPECT_EQ(due(calendar, "2026-03-02", 5), "2026-03-09");
  EXPECT_EQ(due(calendar, "2026-03-02", 5, {pause("2026-03-04", "2026-03-05")}), "2026-03-10");
  EXPECT_EQ(due(calendar, "2026-03-02", 5, {pause("2026-03-04", "2026-03-04")}), "2026-03-09");  // within one day: nothing
  EXPECT_EQ(due(calendar, "2026-03-02", 5, {pause("2026-03-06", "2026-03-08")}), "2026-03-09");  // a weekend: nothing
  EXPECT_EQ(due(calendar, "2026-03-02", 5, {pause("2026-03-09", "2026-03-20")}), "2026-03-09");  // it stops on the last day, which ends the term
  EXPECT_EQ(due(calendar, "2026-03-02", 5, {pause("2026-02-02", "2026-03-03")}), "2026-03-10");  // before the receipt it takes nothing
  EXPECT_EQ(due(calendar, "2026-03-02", 5, {pause("2026-03-03", "2026-03-05"), pause("2026-03-04", "2026-03-06")}),
            "2026-03-12");  // overlapping ones count once
}

TEST(Pauses, agree_with_counting_day_by_day) {
  const auto calendar = make(autumn());
  for (int seed = 0; seed < 500; ++seed) {
    const auto start = on("2025-09-01") + seed % 60;
    std::vector<Pause> pauses;
    for (int k = 0; k < seed % 4; ++k) {
      const auto stop = start + (seed * 7 + k * 13) % 30 - 3;
      pauses.push_back({stop, stop + (seed * 5 + k * 3) % 11, {}, {}});
    }
    const int n = 1 + seed % 17;
    auto end = start;
    for (int left = n; left > 0;) {
      end = end + 1;
      const bool stands = std::ranges::any_of(pauses, [&](const Pause& pause) { return pause.stopped_on < end && end <= *pause.resumed_on; });
      left -= calendar.working(end) && !stands ? 1 : 0;
    }
    ASSERT_EQ(due(calendar, start.text().c_str(), n, pauses), end.text()) << seed;
  }
}

TEST(Pauses, that_are_open_leave_the_end_open) {
  const auto calendar = make(autumn());
  const std::vector<Pause> open{
      {on("2026-03-04"), std::nullopt, LocalizedText({{"en", "waiting for the applicant"}, {"zh-CN", "等待申请人补正"}}), "行政许可法第三十二条"}};
  const auto term = calendar.add_working_days(on("2026-03-02"), 5, open);
  EXPECT_FALSE(term->due_on);
  EXPECT_EQ(term->days_left, 3);
  EXPECT_EQ(due(calendar, "2026-03-02", 2, open), "2026-03-04");  // it ended before the clock stopped
  const auto standing = calendar.standing(on("2026-03-02"), 5, open, on("2026-03-10"));
  EXPECT_TRUE(standing->standing_still);
  EXPECT_EQ(standing->day, 2);
  EXPECT_EQ(standing->left, 3);
  EXPECT_EQ(standing->stood_still_days, 6);
  EXPECT_EQ(standing->words.en,
            "Day 2 of 5; stood still for 6 days; standing still now; the clock stood still: 5 March 2026 on (waiting for the applicant, "
            "行政许可法第三十二条).");
  EXPECT_EQ(standing->words.zh,
            "第2个工作日，共5个工作日；停止计时6天；目前停止计时；2026年3月5日起停止计时（等待申请人补正，行政许可法第三十二条）。");
}

TEST(Pauses, that_end_before_they_begin_are_refused) {
  const auto calendar = make(autumn());
  const auto refused = calendar.add_working_days(
      on("2026-03-02"), 5, std::vector<Pause>{{on("2026-03-04"), on("2026-03-05"), {}, {}}, {on("2026-03-04"), on("2026-03-03"), {}, {}}});
  EXPECT_EQ(refused.error().field, "/pauses/1");
  EXPECT_FALSE(calendar.add_working_days(on("2026-03-02"), -1));
  EXPECT_FALSE(calendar.add_working_days(on("2026-03-02"), term_days_max + 1));
  EXPECT_FALSE(calendar.add_working_days(on("9999-12-30"), 5));
  EXPECT_FALSE(calendar.add_working_days(on("2026-03-02"), 5, std::vector<Pause>(pauses_max + 1, Pause{on("2026-03-04"), on("2026-03-05"), {}, {}})));
}

TEST(Terms, say_why_they_end_where_they_do) {
  const auto calendar = make(autumn());
  const auto term = calendar.add_working_days(on("2025-09-24"), 20);
  ASSERT_EQ(term->notes.size(), 3U);
  EXPECT_EQ(term->notes[0].kind, Note::Kind::make_up);
  EXPECT_EQ(term->notes[1].kind, Note::Kind::holiday);
  EXPECT_EQ(term->notes[1].first, on("2025-10-01"));
  EXPECT_EQ(term->notes[1].last, on("2025-10-08"));
  EXPECT_EQ(term->notes[2].first, on("2025-10-11"));
  const auto standing = calendar.standing(on("2025-09-24"), 20, {}, on("2025-10-10"));
  EXPECT_EQ(standing->day, 7);
  EXPECT_EQ(standing->words.en,
            "Day 7 of 20; due at the end of 28 October 2025; counted: 28 September 2025, a make-up working day (National Day); not counted: 1 "
            "October 2025 to 8 October 2025 "
            "(National Day); counted: 11 October 2025, a make-up working day (National Day).");
}

TEST(Terms, that_are_over_say_by_how_much) {
  const auto calendar = make(autumn());
  const auto standing = calendar.standing(on("2026-03-02"), 5, {}, on("2026-03-12"));
  EXPECT_EQ(standing->day, 5);
  EXPECT_EQ(standing->left, 0);
  EXPECT_EQ(standing->days_over, 3);
  EXPECT_TRUE(standing->words.zh.starts_with("已超期3个工作日"));
  EXPECT_EQ(calendar.standing(on("2026-03-02"), 5, {}, on("2026-03-01"))->day, 0);
}

TEST(Terms, beyond_the_published_years_are_provisional) {
  const auto calendar = make(autumn());
  EXPECT_FALSE(calendar.add_working_days(on("2026-12-30"), 1)->provisional);
  EXPECT_TRUE(calendar.add_working_days(on("2026-12-30"), 2)->provisional);
  EXPECT_NE(calendar.standing(on("2026-12-30"), 2, {}, on("2026-12-30"))->words.zh.find("暂定"), std::string::npos);
  auto gap = autumn();
  gap.notices[1].year = 2027;
  EXPECT_TRUE(make(gap).add_working_days(on("2025-12-30"), 300)->provisional);  // 2026 is missing between
}

TEST(Terms, of_calendar_days_end_on_a_working_day) {
  const auto calendar = make(autumn());
  EXPECT_EQ(calendar.add_days(on("2025-09-26"), 5)->due_on->text(), "2025-10-09");
  EXPECT_EQ(calendar.add_days(on("2025-09-01"), 15)->due_on->text(), "2025-09-16");
  EXPECT_EQ(calendar.add_days(on("2025-09-01"), 15, std::vector<Pause>{{on("2025-09-05"), on("2025-09-08"), {}, {}}})->due_on->text(), "2025-09-19");
}

TEST(Moved, lists_the_deadlines_that_a_new_notice_moves) {
  const auto before = make(autumn());
  auto spec = autumn();
  spec.notices.push_back({2027, {}, Days{{on("2027-01-01"), on("2027-01-03"), false, {}}, {on("2026-12-31"), on("2026-12-31"), false, {}}}});
  const auto after = make(spec);
  const std::vector<OpenTerm> terms{{on("2026-12-01"), 5, {}},
                                    {on("2026-12-28"), 5, {}},
                                    {on("2026-12-30"), 1, {}},
                                    {on("2026-12-28"), 5, {{on("2026-12-29"), std::nullopt, {}, {}}}}};
  const auto moves = moved(before, after, terms);
  ASSERT_EQ(moves->size(), 2U);
  EXPECT_EQ((*moves)[0].index, 1U);
  EXPECT_EQ((*moves)[0].from.text(), "2027-01-04");
  EXPECT_EQ((*moves)[0].to.text(), "2027-01-06");
  EXPECT_EQ((*moves)[1].to.text(), "2027-01-04");
  EXPECT_NE(before.version(), after.version());
  EXPECT_EQ(moved(before, after, std::vector<OpenTerm>{{on("2026-12-01"), -5, {}}}).error().field, "/0");
}

TEST(Layers, let_a_county_override_single_days) {
  Spec county;
  county.id = "county";
  county.own = {{on("2025-10-09"), on("2025-10-09"), false, english("Founding of the prefecture")}, {on("2025-10-08"), on("2025-10-08"), true, {}}};
  const auto calendar = make(layered(autumn(), county));
  EXPECT_TRUE(calendar.working(on("2025-10-08")));
  EXPECT_FALSE(calendar.working(on("2025-10-09")));
  EXPECT_FALSE(calendar.working(on("2025-10-07")));
  EXPECT_TRUE(calendar.version().starts_with("county:2025-2026:"));
  EXPECT_EQ(due(calendar, "2025-09-30", 1), "2025-10-08");
}

TEST(Versions, depend_on_what_decides_and_on_nothing_else) {
  auto renamed = autumn();
  renamed.name = english("another name");
  renamed.notices[0].days[0].name = {};
  EXPECT_EQ(make(renamed).version(), make(autumn()).version());
  auto other = autumn();
  other.notices[0].days[0].last = on("2025-10-07");
  EXPECT_NE(make(other).version(), make(autumn()).version());
}

TEST(Calendars, that_contradict_themselves_are_refused) {
  const auto field = [](const Spec& spec) { return Calendar::make(spec).error().field; };
  auto spec = autumn();
  spec.notices[1].days = Days{{on("2025-12-31"), on("2025-12-31"), false, {}}, {on("2025-12-31"), on("2026-01-01"), true, {}}};
  EXPECT_EQ(field(spec), "/notices/1/days/1");
  spec = autumn();
  spec.notices[1].year = 2025;
  EXPECT_EQ(field(spec), "/notices/1/year");
  spec = autumn();
  spec.notices[1].days = Days{{on("2025-11-30"), on("2025-11-30"), false, {}}};
  EXPECT_EQ(field(spec), "/notices/1/days/0");
  spec = autumn();
  spec.own = {{on("2025-11-30"), on("2025-11-29"), false, {}}};
  EXPECT_EQ(field(spec), "/own/0");
  spec = autumn();
  spec.own = {{on("2025-11-30"), on("2027-11-29"), false, {}}};
  EXPECT_EQ(field(spec), "/own/0");
  spec = autumn();
  spec.zone = "Asia/Yunxi";
  EXPECT_EQ(field(spec), "/zone");
  spec = autumn();
  spec.week = 0;
  EXPECT_EQ(field(spec), "/week");
  spec = autumn();
  spec.id = "Not A Key";
  EXPECT_EQ(field(spec), "/id");
}

TEST(Zone, knows_the_offsets_of_its_history) {
  const auto shanghai = *Zone::open("Asia/Shanghai");
  EXPECT_EQ(shanghai.offset_seconds(*Instant::parse("2026-01-01T00:00:00Z")), 8 * 3600);
  EXPECT_EQ(shanghai.offset_seconds(*Instant::parse("1988-07-01T00:00:00Z")), 9 * 3600);  // summer time 1986 to 1991
  EXPECT_EQ(shanghai.end_of(on("2025-10-28")).text(), "2025-10-28T16:00:00Z");
  EXPECT_EQ(shanghai.date_of(*Instant::parse("2025-10-28T15:59:59.999999Z")), on("2025-10-28"));
  EXPECT_EQ(shanghai.date_of(*Instant::parse("2025-10-28T16:00:00Z")), on("2025-10-29"));
  EXPECT_EQ(shanghai.second_of_day(*Instant::parse("2025-10-28T16:00:01Z")), 1);
  for (const auto* bad : {"", "Asia/Yunxi", "asia/shanghai ", "GMT+25:00", "Etc/Unknown", "+08:00"}) EXPECT_FALSE(Zone::open(bad)) << bad;
  EXPECT_TRUE(Zone::open("UTC"));
}

TEST(Zone, begins_each_day_where_the_clock_on_the_wall_does) {
  const auto pacific = *Zone::open("America/Los_Angeles");
  EXPECT_EQ((pacific.end_of(on("2026-03-08")) - pacific.start_of(on("2026-03-08"))), std::chrono::hours(23));
  EXPECT_EQ((pacific.end_of(on("2026-11-01")) - pacific.start_of(on("2026-11-01"))), std::chrono::hours(25));
  EXPECT_EQ(pacific.at(on("2026-03-08"), 9000).text(), "2026-03-08T10:30:00Z");  // 02:30 was skipped: the offset before
  EXPECT_EQ(pacific.at(on("2026-11-01"), 5400).text(), "2026-11-01T08:30:00Z");  // 01:30 came twice: the first
  const auto sao_paulo = *Zone::open("America/Sao_Paulo");                       // midnight itself was skipped
  EXPECT_EQ(sao_paulo.start_of(on("2018-11-04")).text(), "2018-11-04T03:00:00Z");
  EXPECT_EQ(sao_paulo.date_of(sao_paulo.start_of(on("2018-11-04"))), on("2018-11-04"));
  for (const auto* name : {"Asia/Shanghai", "America/Los_Angeles", "America/Sao_Paulo", "Europe/London", "Pacific/Apia"}) {
    const auto zone = *Zone::open(name);
    for (auto date = on("2009-12-01"); date < on("2019-03-01"); date = date + 1) {
      const auto begin = zone.start_of(date);
      const bool skipped = std::string_view(name) == "Pacific/Apia" && date == on("2011-12-30");  // a whole day
      EXPECT_EQ(zone.date_of(begin) != date, skipped) << name << " " << date.text();
      EXPECT_LT(zone.date_of(begin - Micros{1}), date) << name << " " << date.text();
    }
  }
}

}  // namespace
}  // namespace jx::calendar
