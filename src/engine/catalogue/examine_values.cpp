#include "examine_values.hpp"

#include <algorithm>
#include <charconv>

namespace jx::catalogue::examining {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool beyond_ascii(char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; }
bool blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct Parts {
  std::string_view year, month, day;
};

std::optional<Parts> date_parts(std::string_view text) {
  if (text.size() == 8 && std::ranges::all_of(text, digit)) return Parts{text.substr(0, 4), text.substr(4, 2), text.substr(6, 2)};
  const char mark = text.find('-') != std::string_view::npos ? '-' : '/';
  const auto first = text.find(mark);
  const auto second = first == std::string_view::npos ? first : text.find(mark, first + 1);
  if (second == std::string_view::npos || text.find(mark, second + 1) != std::string_view::npos) return std::nullopt;
  const auto a = text.substr(0, first);
  const auto b = text.substr(first + 1, second - first - 1);
  const auto c = text.substr(second + 1);
  for (const auto part : {a, b, c}) {
    if (part.empty() || part.size() > 4 || !std::ranges::all_of(part, digit)) return std::nullopt;
  }
  if (a.size() == 4 && b.size() <= 2 && c.size() <= 2) return Parts{a, b, c};
  if (mark == '/' && c.size() == 4 && a.size() <= 2 && b.size() <= 2) return Parts{c, a, b};
  return std::nullopt;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

bool has_blank_end(std::string_view text) { return trimmed(text).size() != text.size(); }
bool has_doubled_blank(std::string_view text) { return text.find("  ") != std::string_view::npos; }
bool has_content(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (digit(text[i]) || letter(text[i])) return true;
    if (!beyond_ascii(text[i])) continue;
    // General punctuation (U+2000 to U+207F) and that of Chinese (U+3000 to U+303F) say nothing.
    const auto next = text.substr(i, 2);
    if (!next.starts_with("\xe2\x80") && !next.starts_with("\xe2\x81") && !next.starts_with("\xe3\x80")) return true;
    i += 2;
  }
  return false;
}

std::string shape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const char kind = digit(text[i]) ? '9' : letter(text[i]) ? 'A' : beyond_ascii(text[i]) ? 'C' : '\0';
    if (kind == '\0') {
      out.push_back(text[i++]);
      continue;
    }
    std::size_t length = 0;
    for (; i < text.size() && (kind == '9' ? digit(text[i]) : kind == 'A' ? letter(text[i]) : beyond_ascii(text[i])); ++i) {
      if (kind != 'C' || (static_cast<unsigned char>(text[i]) & 0xC0U) == 0xC0U) ++length;
    }
    out.append(1, kind).append("{").append(std::to_string(length)).append("}");
  }
  return out;
}

std::string normalised(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (digit(c) || letter(c) || beyond_ascii(c))
      out.push_back(upper(c));
    else if (!out.empty() && out.back() != ' ')
      out.push_back(' ');
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

bool date_like(std::string_view text) { return date_parts(text).has_value(); }

std::optional<LocalDate> any_date(std::string_view text) {
  const auto parts = date_parts(text);
  if (!parts) return std::nullopt;
  const auto year = number(parts->year);
  const auto month = number(parts->month);
  const auto day = number(parts->day);
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return LocalDate{static_cast<std::int32_t>(std::chrono::sys_days{date}.time_since_epoch().count())};
}

bool integer_like(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.size() <= 18 && std::ranges::all_of(text, digit) && (text.size() == 1 || text.front() != '0');
}

std::optional<double> number_of(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool number_like(std::string_view text) { return number_of(text).has_value(); }

std::size_t decimals(std::string_view text) {
  const auto point = text.find('.');
  return point == std::string_view::npos ? 0 : text.size() - point - 1;
}

std::optional<std::string_view> bracketed(std::string_view text) {
  const auto close = text.rfind(']');
  if (close == std::string_view::npos) return std::nullopt;
  const auto open = text.rfind('[', close);
  if (open == std::string_view::npos) return std::nullopt;
  return trimmed(text.substr(open + 1, close - open - 1));
}

bool named(std::string_view column, std::initializer_list<std::string_view> words) {
  std::string lower(column);
  std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return std::ranges::any_of(words, [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

}  // namespace jx::catalogue::examining
