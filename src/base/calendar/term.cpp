#include <jx/calendar.hpp>

#include <algorithm>

namespace jx::calendar {
namespace {

constexpr LocalDate last_date = LocalDate::of(9999, 12, 31);
constexpr LocalDate first_date = LocalDate::of(1, 1, 1);
constexpr std::size_t notes_in_words_max = 6;

std::unexpected<Error> past_the_last_year() {
  return fail(ErrorCode::invalid, {"the term leaves the years 0001 to 9999", "期限超出公元1年至9999年"});
}

}  // namespace

/// The pauses as days after `after` up to and including `until`, in order, without overlaps; the last may end at last_date: it is open.
Result<std::vector<Calendar::Span>> Calendar::standstills(LocalDate received_on, int n, std::span<const Pause> pauses) const {
  if (n < 0 || n > term_days_max) {
    return fail(ErrorCode::invalid,
                {"a term has 0 to " + std::to_string(term_days_max) + " days", "期限应为0至" + std::to_string(term_days_max) + "天"});
  }
  if (received_on < first_date || received_on > last_date) return past_the_last_year();
  if (pauses.size() > pauses_max) {
    return fail(ErrorCode::too_large,
                {"a term has at most " + std::to_string(pauses_max) + " pauses", "一个期限最多暂停" + std::to_string(pauses_max) + "次"});
  }
  std::vector<Span> spans;
  for (std::size_t i = 0; i < pauses.size(); ++i) {
    const auto until = pauses[i].resumed_on.value_or(last_date);
    if (until < pauses[i].stopped_on)
      return fail(ErrorCode::invalid, {"the pause ends before it begins", "暂停的结束早于开始"}, "/pauses/" + std::to_string(i));
    const auto after = std::max(pauses[i].stopped_on, received_on);
    if (after < until) spans.push_back({after, until});
  }
  std::ranges::sort(spans, {}, &Span::after);
  std::vector<Span> merged;
  for (const auto& span : spans) {
    if (!merged.empty() && span.after <= merged.back().until)
      merged.back().until = std::max(merged.back().until, span.until);
    else
      merged.push_back(span);
  }
  return merged;
}

Result<Term> Calendar::term(LocalDate received_on, int n, std::span<const Pause> pauses, bool working_days) const {
  JX_TRY(still, standstills(received_on, n, pauses));
  Term term;
  term.days = n;
  term.calendar_version = version_;
  const auto counted = [&](LocalDate after, LocalDate until) { return working_days ? working_days_between(after, until) : until - after; };
  auto from = received_on;
  int left = n;
  for (const auto& span : still) {
    const int before = counted(from, span.after);
    if (before >= left) break;
    left -= before;
    term.provisional |= working_days && !known(from, span.after);
    from = span.until;
    if (span.until == last_date) {
      term.days_left = left;
      add_notes(term, received_on, pauses, still);
      return term;
    }
  }
  auto due = working_days ? (left == 0 ? from : nth(count(from) + left)) : from + left;
  if (left == 0 || !working_days) {  // it ends on a working day in any case
    const auto rolled = nth(count(due - 1) + 1);
    term.provisional |= !known(due - 1, rolled);
    due = rolled;
  } else {
    term.provisional |= !known(from, due);
  }
  if (due > last_date) return past_the_last_year();
  term.due_on = due;
  add_notes(term, received_on, pauses, still);
  return term;
}

Result<Term> Calendar::add_working_days(LocalDate received_on, int n, std::span<const Pause> pauses) const {
  return term(received_on, n, pauses, true);
}

Result<Term> Calendar::add_days(LocalDate received_on, int n, std::span<const Pause> pauses) const { return term(received_on, n, pauses, false); }

void Calendar::add_notes(Term& term, LocalDate received_on, std::span<const Pause> pauses, std::span<const Span> still) const {
  const auto until = term.due_on.value_or(last_date);
  const auto stands = [&](LocalDate date) {  // what falls into a pause explains nothing
    const auto span = std::ranges::lower_bound(still, date, {}, &Span::until);
    return span != still.end() && span->after < date;
  };
  const Marked* before = nullptr;  // the day that the last note was extended to
  for (auto at = std::ranges::lower_bound(marked_, received_on + 1, {}, &Marked::date); at != marked_.end() && at->date <= until; ++at) {
    if (stands(at->date)) continue;
    if (before != nullptr && before->exception == at->exception && before->date + 1 == at->date) {
      term.notes.back().last = at->date;
    } else {
      term.notes.push_back({at->working ? Note::Kind::make_up : Note::Kind::holiday, at->date, at->date, exceptions_[at->exception].name, {}});
    }
    before = &*at;
  }
  std::erase_if(term.notes, [&](const Note& note) {  // a weekend that is named but was off anyway
    for (auto date = note.first; date <= note.last; date = date + 1) {
      if (in_week(date) != (note.kind == Note::Kind::make_up)) return false;
    }
    return true;
  });
  for (const auto& pause : pauses) {
    const auto first = std::max(pause.stopped_on, received_on) + 1;
    const auto last = std::min(pause.resumed_on.value_or(until), until);
    if (first <= last) term.notes.push_back({Note::Kind::pause, first, last, pause.reason, pause.legal_basis});
  }
  std::ranges::stable_sort(term.notes, {}, &Note::first);
  if (term.notes.size() > notes_max) {
    term.notes_omitted = term.notes.size() - notes_max;
    term.notes.resize(notes_max);
  }
}

namespace {

std::string english(LocalDate date) {
  static constexpr const char* months[] = {"January", "February", "March",     "April",   "May",      "June",
                                           "July",    "August",   "September", "October", "November", "December"};
  const auto ymd = date.ymd();
  return std::to_string(static_cast<unsigned>(ymd.day())) + " " + months[static_cast<unsigned>(ymd.month()) - 1] + " " +
         std::to_string(static_cast<int>(ymd.year()));
}

std::string chinese(LocalDate date) {
  const auto ymd = date.ymd();
  return std::to_string(static_cast<int>(ymd.year())) + "年" + std::to_string(static_cast<unsigned>(ymd.month())) + "月" +
         std::to_string(static_cast<unsigned>(ymd.day())) + "日";
}

Words range_words(const Note& note) {
  if (note.first == note.last) return {english(note.first), chinese(note.first)};
  if (note.last == last_date) return {english(note.first) + " on", chinese(note.first) + "起"};
  return {english(note.first) + " to " + english(note.last), chinese(note.first) + "至" + chinese(note.last)};
}

Words note_words(const Note& note) {
  const auto range = range_words(note);
  const std::string name_en(note.name.in("en"));
  const std::string name_zh(note.name.in("zh-CN"));
  const auto in_brackets = [](const std::string& text, const char* open, const char* close) {
    return text.empty() ? std::string() : open + text + close;
  };
  switch (note.kind) {
    case Note::Kind::holiday:
      return {"not counted: " + range.en + in_brackets(name_en, " (", ")"), range.zh + in_brackets(name_zh, "（", "）") + "放假，不计入"};
    case Note::Kind::make_up:
      return {"counted: " + range.en + ", a make-up working day" + in_brackets(name_en, " (", ")"),
              range.zh + in_brackets(name_zh, "（", "）") + "调休上班，计入"};
    case Note::Kind::pause: break;
  }
  const auto basis_en = note.legal_basis.empty() ? name_en : name_en.empty() ? note.legal_basis : name_en + ", " + note.legal_basis;
  const auto basis_zh = note.legal_basis.empty() ? name_zh : name_zh.empty() ? note.legal_basis : name_zh + "，" + note.legal_basis;
  return {"the clock stood still: " + range.en + in_brackets(basis_en, " (", ")"), range.zh + "停止计时" + in_brackets(basis_zh, "（", "）")};
}

Words standing_words(const Standing& standing, const Term& term, Counting counting) {
  const bool all_days = counting == Counting::days;
  const auto number = [](auto n) { return std::to_string(n); };
  Words words;
  if (standing.days_over > 0) {
    words = {number(standing.days_over) + (standing.days_over == 1 ? " working day" : " working days") + " over the term of " + number(standing.of) +
                 (all_days ? " days" : ""),
             "已超期" + number(standing.days_over) + "个工作日（期限" + number(standing.of) + (all_days ? "日）" : "个工作日）")};
  } else {
    words = {"Day " + number(standing.day) + " of " + number(standing.of) + (all_days ? ", all days counted" : ""),
             all_days ? "第" + number(standing.day) + "日，共" + number(standing.of) + "日（按日历日计）"
                      : "第" + number(standing.day) + "个工作日，共" + number(standing.of) + "个工作日"};
  }
  if (term.due_on) {
    words.en += "; due at the end of " + english(*term.due_on);
    words.zh += "；" + chinese(*term.due_on) + "当日结束时到期";
  }
  if (term.provisional) {
    words.en += " (provisional: the holidays of that time are not yet published)";
    words.zh += "（暂定：相应时段的节假日安排尚未公布）";
  }
  if (standing.stood_still_days > 0) {
    words.en += "; stood still for " + number(standing.stood_still_days) + (standing.stood_still_days == 1 ? " day" : " days");
    words.zh += "；停止计时" + number(standing.stood_still_days) + "天";
  }
  if (standing.standing_still) {
    words.en += "; standing still now";
    words.zh += "；目前停止计时";
  }
  for (std::size_t i = 0; i < std::min(term.notes.size(), notes_in_words_max); ++i) {
    const auto note = note_words(term.notes[i]);
    words.en += "; " + note.en;
    words.zh += "；" + note.zh;
  }
  if (const auto more = term.notes.size() - std::min(term.notes.size(), notes_in_words_max) + term.notes_omitted; more > 0) {
    words.en += "; and " + number(more) + " more";
    words.zh += "；另有" + number(more) + "项";
  }
  words.en += ".";
  words.zh += "。";
  return words;
}

}  // namespace

Result<Standing> Calendar::standing(LocalDate received_on, int n, std::span<const Pause> pauses, LocalDate on, Counting counting) const {
  const bool all_days = counting == Counting::days;
  JX_TRY(full, all_days ? add_days(received_on, n, pauses) : add_working_days(received_on, n, pauses));
  if (all_days) std::erase_if(full.notes, [](const Note& note) { return note.kind != Note::Kind::pause; });  // such days count
  const auto between = [&](LocalDate after, LocalDate until) { return all_days ? until - after : working_days_between(after, until); };
  JX_TRY(still, standstills(received_on, n, pauses));
  Standing standing;
  standing.of = n;
  const auto until = std::max(received_on, full.due_on ? std::min(on, *full.due_on) : on);
  int counted = between(received_on, until);
  for (const auto& span : still) {
    if (span.after >= until) break;
    const auto last = std::min(span.until, until);
    counted -= between(span.after, last);
    standing.stood_still_days += last - span.after;
    standing.standing_still |= span.after < on && on < span.until;
  }
  standing.day = std::clamp(counted, 0, n);
  standing.left = n - standing.day;
  if (full.due_on && on > *full.due_on) {
    standing.days_over = working_days_between(*full.due_on, on);
    standing.standing_still = false;
  }
  standing.words = standing_words(standing, full, counting);
  return standing;
}

Result<std::vector<Moved>> moved(const Calendar& before, const Calendar& after, std::span<const OpenTerm> terms) {
  std::vector<Moved> out;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const auto old_term = before.add_working_days(terms[i].received_on, terms[i].days, terms[i].pauses);
    if (!old_term) return std::unexpected(under("/" + std::to_string(i), old_term.error()));
    const auto new_term = after.add_working_days(terms[i].received_on, terms[i].days, terms[i].pauses);
    if (!new_term) return std::unexpected(under("/" + std::to_string(i), new_term.error()));
    if (old_term->due_on && new_term->due_on && *old_term->due_on != *new_term->due_on) out.push_back({i, *old_term->due_on, *new_term->due_on});
  }
  return out;
}

}  // namespace jx::calendar
