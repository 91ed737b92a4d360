#include <jx/calendar.hpp>
#include <jx/crypto/hash.hpp>

#include <algorithm>
#include <bit>
#include <map>

namespace jx::calendar {
namespace {

constexpr LocalDate week_origin = LocalDate::of(1970, 1, 4);  // a Sunday
constexpr std::int32_t longest_exception_days = 366;

int year_of(LocalDate date) { return static_cast<int>(date.ymd().year()); }

std::string pointer(std::string_view list, std::size_t index) { return "/" + std::string(list) + "/" + std::to_string(index); }

Result<> check_range(const Exception& days) {
  if (days.last < days.first) return fail(ErrorCode::invalid, {"the range ends before it begins", "日期范围的结束早于开始"});
  if (days.last - days.first >= longest_exception_days) return fail(ErrorCode::too_large, {"the range has more than 366 days", "日期范围超过366天"});
  return {};
}

Result<> check_notice(const Notice& notice) {
  if (notice.year < 1900 || notice.year > 9998)
    return fail(ErrorCode::invalid, {"the year of a notice is 1900 to 9998", "通知年份应为1900至9998"}, "/year");
  for (std::size_t i = 0; i < notice.days.size(); ++i) {
    const auto& days = notice.days[i];
    if (auto range = check_range(days); !range) return std::unexpected(under(pointer("days", i), std::move(range).error()));
    if (days.first < LocalDate::of(notice.year - 1, 12, 1) || days.last > LocalDate::of(notice.year, 12, 31)) {
      return fail(ErrorCode::invalid, {"a notice settles days of its year and of the December before", "通知只能安排当年及上一年12月的日期"},
                  pointer("days", i));
    }
  }
  return {};
}

}  // namespace

Spec layered(const Spec& base, const Spec& over) {
  Spec both = base;
  both.id = over.id;
  both.name = over.name;
  both.own.insert(both.own.end(), over.own.begin(), over.own.end());
  return both;
}

Result<Calendar> Calendar::make(Spec spec) {
  if (auto id = check_key(spec.id); !id) return std::unexpected(under("/id", std::move(id).error()));
  auto zone = Zone::open(spec.zone);
  if (!zone) return std::unexpected(under("/zone", std::move(zone).error()));
  if ((spec.week & 0x7f) == 0) return fail(ErrorCode::invalid, {"a week needs at least one working day", "每周至少应有一个工作日"}, "/week");
  spec.week &= 0x7f;
  Calendar calendar(std::move(spec), std::move(*zone));
  JX_CHECK(calendar.mark());
  calendar.index();
  calendar.set_version();
  return calendar;
}

Result<> Calendar::mark() {
  std::map<LocalDate, Marked> by_date;
  const auto add = [&](const Exception& days, bool may_replace) -> Result<> {
    for (auto date = days.first; date <= days.last; date = date + 1) {
      const Marked mark{date, days.working, static_cast<std::uint32_t>(exceptions_.size())};
      const auto [at, added] = by_date.try_emplace(date, mark);
      if (!added && !may_replace && at->second.working != days.working) {
        return fail(ErrorCode::invalid, {date.text() + " is both a day off and a working day", date.text() + "既列为休息日又列为工作日"});
      }
      if (!added && may_replace) at->second = mark;
    }
    if (by_date.size() > exceptions_max) {
      return fail(ErrorCode::too_large, {"a calendar names at most " + std::to_string(exceptions_max) + " days",
                                         "一个日历最多列出" + std::to_string(exceptions_max) + "天"});
    }
    exceptions_.push_back(days);
    return {};
  };
  for (std::size_t n = 0; n < spec_.notices.size(); ++n) {
    const auto& notice = spec_.notices[n];
    if (auto checked = check_notice(notice); !checked) return std::unexpected(under(pointer("notices", n), std::move(checked).error()));
    if (std::ranges::find(years_, notice.year) != years_.end()) {
      return fail(ErrorCode::invalid,
                  {"the year " + std::to_string(notice.year) + " has a notice already", std::to_string(notice.year) + "年的通知重复"},
                  pointer("notices", n) + "/year");
    }
    years_.push_back(notice.year);
    for (std::size_t i = 0; i < notice.days.size(); ++i) {
      if (auto added = add(notice.days[i], false); !added)
        return std::unexpected(under(pointer("notices", n) + pointer("days", i), std::move(added).error()));
    }
  }
  for (std::size_t i = 0; i < spec_.own.size(); ++i) {
    auto added = check_range(spec_.own[i]);
    if (added) added = add(spec_.own[i], true);
    if (!added) return std::unexpected(under(pointer("own", i), std::move(added).error()));
  }
  std::ranges::sort(years_);
  for (const auto& [date, mark] : by_date) marked_.push_back(mark);
  return {};
}

void Calendar::index() {
  first_ = marked_.empty() ? week_origin : marked_.front().date - 1;
  last_ = marked_.empty() ? week_origin : marked_.back().date;
  auto next = marked_.begin();
  counts_.push_back(weekly(first_));
  for (auto date = first_ + 1; date <= last_; date = date + 1) {
    const bool is_marked = next != marked_.end() && next->date == date;
    const bool works = is_marked ? next->working : in_week(date);
    if (is_marked) ++next;
    if (works) working_.push_back(date);
    counts_.push_back(counts_.back() + (works ? 1 : 0));
  }
}

void Calendar::set_version() {
  crypto::Sha256 hash;
  hash.update("junxian calendar 1\n").update(spec_.zone).update("\n").update(std::to_string(spec_.week)).update("\n");
  for (const int year : years_) hash.update(std::to_string(year)).update("\n");
  for (const auto& mark : marked_) hash.update(mark.date.text()).update(mark.working ? " works\n" : " off\n");
  const std::string years = years_.empty() ? std::string("none") : std::to_string(years_.front()) + "-" + std::to_string(years_.back());
  version_ = spec_.id + ":" + years + ":" + to_hex(hash.finish()).substr(0, 12);
}

const Calendar::Marked* Calendar::marked(LocalDate date) const {
  const auto found = std::ranges::lower_bound(marked_, date, {}, &Marked::date);
  return found != marked_.end() && found->date == date ? &*found : nullptr;
}

bool Calendar::working(LocalDate date) const { return count(date) != count(date - 1); }

Day Calendar::day(LocalDate date) const {
  Day day;
  day.provisional = !known(date - 1, date);
  const auto* mark = marked(date);
  if (mark == nullptr) {
    day.kind = in_week(date) ? DayKind::working : DayKind::weekend;
    return day;
  }
  day.kind = !mark->working ? DayKind::holiday : in_week(date) ? DayKind::working : DayKind::make_up;
  day.name = exceptions_[mark->exception].name;
  return day;
}

int Calendar::weekly(LocalDate date) const {
  const int days = date - week_origin;
  const int weeks = days / 7 - (days % 7 < 0 ? 1 : 0);
  const int rest = days - weeks * 7;
  const unsigned after_sunday = spec_.week & ((2U << static_cast<unsigned>(rest)) - 2U);  // bits 1 ... rest
  return weeks * std::popcount(spec_.week) + std::popcount(after_sunday);
}

LocalDate Calendar::weekly_nth(int count) const {
  const int each_week = std::popcount(spec_.week);
  const int before = count - 1;
  const int weeks = before / each_week - (before % each_week < 0 ? 1 : 0);
  int left = count - weeks * each_week;
  auto date = week_origin + weeks * 7;
  while (left > 0) {
    date = date + 1;
    left -= in_week(date) ? 1 : 0;
  }
  return date;
}

int Calendar::count(LocalDate date) const {
  if (date < first_) return weekly(date);
  if (date > last_) return counts_.back() + weekly(date) - weekly(last_);
  return counts_[static_cast<std::size_t>(date - first_)];
}

LocalDate Calendar::nth(int count) const {
  if (count <= counts_.front()) return weekly_nth(count);
  if (count <= counts_.back()) return working_[static_cast<std::size_t>(count - counts_.front() - 1)];
  return weekly_nth(count - counts_.back() + weekly(last_));
}

bool Calendar::known(LocalDate after, LocalDate until) const {
  if (until <= after) return true;
  const auto first = std::ranges::lower_bound(years_, year_of(after + 1));
  const auto last = std::ranges::lower_bound(years_, year_of(until));
  if (first == years_.end() || *first != year_of(after + 1) || last == years_.end() || *last != year_of(until)) return false;
  return last - first == *last - *first;  // no year between is missing
}

int Calendar::working_days_between(LocalDate after, LocalDate until) const { return count(until) - count(after); }

}  // namespace jx::calendar
