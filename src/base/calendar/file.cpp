#include <jx/calendar/file.hpp>

namespace jx::calendar {
namespace {

void append(std::vector<Exception>& out, const std::vector<FestivalFile>& festivals) {
  for (const auto& festival : festivals) {
    for (const auto& range : festival.off.value_or(std::vector<Range>{})) out.push_back({range.first, range.last, false, festival.name});
    for (const auto& range : festival.work.value_or(std::vector<Range>{})) out.push_back({range.first, range.last, true, festival.name});
  }
}

}  // namespace

std::string Range::text() const { return first == last ? first.text() : first.text() + ".." + last.text(); }

Result<Range> Range::parse(std::string_view text) {
  const auto dots = text.find("..");
  JX_TRY(first, LocalDate::parse(text.substr(0, dots)));
  if (dots == std::string_view::npos) return Range{first, first};
  JX_TRY(last, LocalDate::parse(text.substr(dots + 2)));
  if (last < first) return fail(ErrorCode::invalid, {"the range ends before it begins", "日期范围的结束早于开始"});
  return Range{first, last};
}

Result<Spec> assemble(std::string_view id, const CalendarFile& file, const std::vector<NoticeFile>& notices, const Spec* base) {
  Spec spec;
  spec.id = std::string(id);
  spec.name = file.name;
  if (file.days) append(spec.own, *file.days);
  if (file.based_on) {
    if (base == nullptr)
      return fail(ErrorCode::invalid, {"there is no calendar '" + *file.based_on + "'", "没有日历“" + *file.based_on + "”"}, "/based_on");
    if (file.zone || file.week || !notices.empty()) {
      return fail(ErrorCode::invalid,
                  {"a calendar that is based on another takes its zone, week and notices", "基于其他日历的日历沿用其时区、工作周和通知"},
                  file.zone   ? "/zone"
                  : file.week ? "/week"
                              : "");
    }
    return layered(*base, spec);
  }
  if (!file.zone) return fail(ErrorCode::invalid, {"a calendar that is based on no other needs a zone", "未基于其他日历的日历须写明时区"}, "/zone");
  if (!file.week)
    return fail(ErrorCode::invalid,
                {"a calendar that is based on no other needs its working days of the week", "未基于其他日历的日历须写明每周工作日"}, "/week");
  spec.zone = *file.zone;
  spec.week = 0;
  for (const auto day : *file.week) spec.week = static_cast<std::uint8_t>(spec.week | 1U << static_cast<unsigned>(day));
  for (const auto& notice : notices) {
    Notice made{notice.year, {}, {}};
    for (const auto& paper : notice.papers) made.papers.push_back({paper.title, paper.source});
    append(made.days, notice.days);
    spec.notices.push_back(std::move(made));
  }
  return spec;
}

}  // namespace jx::calendar
