#include "terms.hpp"

#include <jx/services/items.hpp>

#include <charconv>

namespace jx::services {
namespace {

constexpr int value_max = 10'000;

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t");
  return from == std::string_view::npos ? std::string_view() : text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

}  // namespace

double Term::hours() const {
  constexpr double working_day = 24.0 * 7 / 5;
  switch (unit) {
    case TermUnit::at_once: return 0;
    case TermUnit::hours: return value * working_day / 8;
    case TermUnit::days: return value * 24.0;
    case TermUnit::working_days: return value * working_day;
  }
  return 0;
}

std::string Term::text() const {
  if (unit == TermUnit::at_once) return "at once";
  return std::to_string(value) + (unit == TermUnit::hours ? " H" : unit == TermUnit::days ? " D" : " WD");
}

std::optional<Term> parse_term(std::string_view text) {
  text = trimmed(text);
  for (const std::string_view at_once : {"at once", "即时", "即办", "当场", "即时办结", "当场办结"}) {
    if (text == at_once) return Term{0, TermUnit::at_once};
  }
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || value < 0 || value > value_max) return std::nullopt;
  const auto unit = trimmed(text.substr(static_cast<std::size_t>(end - text.data())));
  if (unit == "WD" || unit == "个工作日" || unit == "工作日") return Term{value, TermUnit::working_days};
  if (unit == "D" || unit == "天" || unit == "日" || unit == "个自然日" || unit == "自然日") return Term{value, TermUnit::days};
  if (unit == "H" || unit == "小时" || unit == "个小时") return Term{value, TermUnit::hours};
  return std::nullopt;
}

std::string statutory_of(const Item& item) { return item.statutory.value_or(std::to_string(item.statutory_wd) + " WD"); }
std::string promised_of(const Item& item) { return item.promised.value_or(std::to_string(item.promised_wd) + " WD"); }

std::string case_term(const std::string& term) {
  const auto read = parse_term(term);
  if (!read) return "1 WD";
  if (read->unit == TermUnit::days || read->unit == TermUnit::working_days) return read->value > 0 ? read->text() : "1 WD";
  return std::to_string(read->unit == TermUnit::hours ? std::max(1, (read->value + 7) / 8) : 1) + " WD";
}

}  // namespace jx::services
