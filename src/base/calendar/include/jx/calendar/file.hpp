// file.hpp - calendars as a pack writes them: calendars/<id>.yaml, and calendars/<id>/<year>.yaml for each yearly notice.
#pragma once
#include <jx/calendar.hpp>
#include <jx/wire.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jx::calendar {

/// `2026-10-01`, or `2026-10-01..2026-10-08` with both days included.
struct Range {
  LocalDate first, last;

  [[nodiscard]] std::string text() const;
  /// Errors: invalid.
  [[nodiscard]] static Result<Range> parse(std::string_view text);
};

struct FestivalFile {
  LocalizedText name;
  std::optional<std::vector<Range>> off;
  std::optional<std::vector<Range>> work;  // make-up working days
};
BOOST_DESCRIBE_STRUCT(FestivalFile, (), (name, off, work))

enum class Weekday { sunday, monday, tuesday, wednesday, thursday, friday, saturday };
BOOST_DESCRIBE_ENUM(Weekday, sunday, monday, tuesday, wednesday, thursday, friday, saturday)

/// calendars/<id>.yaml
struct CalendarFile {
  LocalizedText name;
  std::optional<std::string> based_on;            // the id of another calendar; then no zone and no week
  std::optional<std::string> zone;                // IANA
  std::optional<std::vector<Weekday>> week;       // working days
  std::optional<std::vector<FestivalFile>> days;  // the calendar's own, which win over notices
};
BOOST_DESCRIBE_STRUCT(CalendarFile, (), (name, based_on, zone, week, days))

struct PaperFile {
  LocalizedText title;
  std::string source;
};
BOOST_DESCRIBE_STRUCT(PaperFile, (), (title, source))

/// calendars/<id>/<year>.yaml
struct NoticeFile {
  int year = 0;
  std::vector<PaperFile> papers;
  std::vector<FestivalFile> days;
};
BOOST_DESCRIBE_STRUCT(NoticeFile, (), (year, papers, days))

/// Puts a calendar's files together. `notices` and `base` (the spec of based_on) may be absent.
/// Errors: invalid (based_on without `base` or with a zone, week or notices; none of them without it), with Error::field a pointer into `file`.
[[nodiscard]] Result<Spec> assemble(std::string_view id, const CalendarFile& file, const std::vector<NoticeFile>& notices,
                                    const Spec* base = nullptr);

}  // namespace jx::calendar
