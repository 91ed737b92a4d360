// calendar.hpp - working days of a jurisdiction, terms counted in them, and the zone in which a day begins and ends.
//
// The one rule of counting: the day on which something happens belongs to what was before it. So the day of receipt is not counted; a term of N
// working days ends at the end of the N-th working day after it; and a pause from A to B takes the days after A up to and including B out of the
// count: the office had day A, and day B, on which the supplement came, is to the office what a day of receipt is. A pause that begins and ends on
// one day takes nothing.
#pragma once
#include <jx/calendar/zone.hpp>
#include <jx/core.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace jx::calendar {

inline constexpr int term_days_max = 10'000;
inline constexpr std::size_t pauses_max = 1'000;       // of one term
inline constexpr std::size_t exceptions_max = 20'000;  // dated days of one calendar
inline constexpr std::size_t notes_max = 200;          // of one term; more are counted, not listed

/// Days in a row that differ from the working week, or say the same by name.
struct Exception {
  LocalDate first, last;  // both included
  bool working = false;
  LocalizedText name;  // such as 春节 / Spring Festival
};

struct Paper {
  LocalizedText title;
  std::string source;  // where it is published
};

/// The published days of one year: in China the State Council's yearly notice, which may settle days of the December before.
struct Notice {
  int year = 0;
  std::vector<Paper> papers;
  std::vector<Exception> days;
};

/// What a calendar says, as a pack writes it.
struct Spec {
  std::string id;  // a Key, such as `cn` or `us-ca-sf`
  LocalizedText name;
  std::string zone;               // IANA, such as Asia/Shanghai
  std::uint8_t week = 0b0111110;  // bit 0 = Sunday ... bit 6 = Saturday; 1 = working
  std::vector<Notice> notices;    // each year at most once
  std::vector<Exception> own;     // days that no yearly notice says: a county's own, which override the notices
};

/// `over` laid on `base`, such as a county on its country: base's zone, week, notices and own days, then over's own days, which win. The result bears
/// over's id and name.
[[nodiscard]] Spec layered(const Spec& base, const Spec& over);

enum class DayKind { working, weekend, holiday, make_up };  // make_up: works although its day of the week does not

struct Day {
  DayKind kind = DayKind::working;
  LocalizedText name;        // of the festival; empty on ordinary days
  bool provisional = false;  // the notice for its year is not known: the kind may change
};

/// While the clock stands: 特别程序 (hearing, expert review), waiting for the applicant.
struct Pause {
  LocalDate stopped_on;
  std::optional<LocalDate> resumed_on;  // none: it stands still
  LocalizedText reason;
  std::string legal_basis;  // law and article
};

/// Why the end of a term is where it is.
struct Note {
  enum class Kind { holiday, make_up, pause };  // holiday: a festival on days that are otherwise worked
  Kind kind = Kind::holiday;
  LocalDate first, last;    // days after the receipt and not after the end
  LocalizedText name;       // of the festival, or the reason of the pause
  std::string legal_basis;  // of the pause
};

struct Term {
  std::optional<LocalDate> due_on;  // its last day, which counts to its end; none while a pause is open before it
  int days = 0;                     // working days promised
  int days_left = 0;                // with an open pause: what is left of them when it resumes; else 0
  bool provisional = false;         // a day was counted whose year's notice is not known
  std::string calendar_version;     // of the calendar that it was computed with
  std::vector<Note> notes;          // by first day; at most notes_max
  std::size_t notes_omitted = 0;
};

/// Where a term stands on one day, for people: "day 6 of 10; stood still for 3 days; holiday on 1 October".
struct Standing {
  int day = 0;  // days of the term counted up to and including `on`
  int of = 0;
  int left = 0;              // days of it still to come; 0 on the last day and later
  int days_over = 0;         // working days after the end
  int stood_still_days = 0;  // days of all kinds that pauses took until `on`
  bool standing_still = false;
  Words words;
};

/// Which days a term counts.
enum class Counting { working_days, days };

class Calendar {
 public:
  /// A later one of the `own` days wins over an earlier.
  /// Errors: invalid (unknown zone; no working day in the week; a year twice; a day listed twice with different meanings in the notices; a notice's
  /// day
  ///   outside its year and the December before; a range that ends before it begins), too_large; Error::field is a JSON Pointer into the spec.
  [[nodiscard]] static Result<Calendar> make(Spec spec);

  [[nodiscard]] const std::string& id() const { return spec_.id; }
  /// `<id>:<first year>-<last year>:<12 hexadecimal digits>` of the SHA-256 of all that decides a day. Equal versions count equally.
  [[nodiscard]] const std::string& version() const { return version_; }
  [[nodiscard]] const Zone& zone() const { return zone_; }
  [[nodiscard]] const Spec& spec() const { return spec_; }

  [[nodiscard]] bool working(LocalDate date) const;
  [[nodiscard]] Day day(LocalDate date) const;

  /// The last day of a term of `n` working days of something received on `received_on` (any day). 0: that day, or the next working day.
  /// Errors: invalid (n not 0 to term_days_max; pauses that end before they begin; too many pauses). Constant time for each pause.
  [[nodiscard]] Result<Term> add_working_days(LocalDate received_on, int n, std::span<const Pause> pauses = {}) const;
  /// The same for a term in days of all kinds; if its last day is not worked it ends on the next that is (Civil Code of China art. 203).
  [[nodiscard]] Result<Term> add_days(LocalDate received_on, int n, std::span<const Pause> pauses = {}) const;
  /// Working days after `after` up to and including `until`; negative if `until` is before.
  [[nodiscard]] int working_days_between(LocalDate after, LocalDate until) const;

  /// The n-th working day before `date`, which counts as the 0th if it is one.
  [[nodiscard]] LocalDate working_day_before(LocalDate date, int n) const { return nth(count(date) - n); }

  /// The instant at which a term ends: the first one after its last day, in the calendar's zone. It is derived, never stored alone.
  [[nodiscard]] Instant end_of(LocalDate due_on) const { return zone_.end_of(due_on); }

  /// Errors: as add_working_days.
  [[nodiscard]] Result<Standing> standing(LocalDate received_on, int n, std::span<const Pause> pauses, LocalDate on,
                                          Counting counting = Counting::working_days) const;

 private:
  struct Marked {  // a day that the spec names
    LocalDate date;
    bool working = false;
    std::uint32_t exception = 0;  // into exceptions_
  };
  struct Span {  // days after `after` up to and including `until`
    LocalDate after, until;
  };

  Calendar(Spec spec, Zone zone) : spec_(std::move(spec)), zone_(std::move(zone)) {}
  [[nodiscard]] Result<> mark();
  void index();
  void set_version();
  [[nodiscard]] const Marked* marked(LocalDate date) const;
  [[nodiscard]] bool in_week(LocalDate date) const { return (spec_.week >> date.weekday() & 1) != 0; }
  [[nodiscard]] int weekly(LocalDate date) const;  // working days of the plain week since its origin
  [[nodiscard]] LocalDate weekly_nth(int count) const;
  [[nodiscard]] int count(LocalDate date) const;  // working days since the same origin
  [[nodiscard]] LocalDate nth(int count) const;   // the first day whose count() is that
  [[nodiscard]] bool known(LocalDate after, LocalDate until) const;
  [[nodiscard]] Result<std::vector<Span>> standstills(LocalDate received_on, int n, std::span<const Pause> pauses) const;
  [[nodiscard]] Result<Term> term(LocalDate received_on, int n, std::span<const Pause> pauses, bool working_days) const;
  void add_notes(Term& term, LocalDate received_on, std::span<const Pause> pauses, std::span<const Span> still) const;

  Spec spec_;
  Zone zone_;
  std::string version_;
  std::vector<Exception> exceptions_;  // of the notices, then the own ones
  std::vector<Marked> marked_;         // by date, each date once
  std::vector<int> years_;             // with a notice, rising
  LocalDate first_, last_;             // of the table: the day before the first marked one, and the last marked one
  std::vector<std::int32_t> counts_;   // count() of first_, first_ + 1, ... last_
  std::vector<LocalDate> working_;     // the working days after first_ up to last_
};

/// A term that still runs, for `moved`.
struct OpenTerm {
  LocalDate received_on;
  int days = 0;
  std::vector<Pause> pauses;
};
struct Moved {
  std::size_t index = 0;  // into the terms
  LocalDate from, to;
};
/// Which deadlines another version of a calendar moves: when a notice arrives, or is changed while terms run. Terms without an end yet do not move.
/// Errors: as add_working_days, with Error::field /<index>.
[[nodiscard]] Result<std::vector<Moved>> moved(const Calendar& before, const Calendar& after, std::span<const OpenTerm> terms);

}  // namespace jx::calendar
