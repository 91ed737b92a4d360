#include <jx/decisions/law.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace jx::decisions {
namespace {

constexpr std::string_view state = "中华人民共和国";

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// Cuts what parts a list of laws, and their brackets, from both ends.
std::string_view trimmed(std::string_view text) {
  static constexpr std::array<std::string_view, 13> dust{" ", "\t", "\n", "\r", "《", "》", "、", "，", ",", "。", "和", "及", "与"};
  for (bool again = true; again;) {
    again = false;
    for (const auto part : dust) {
      again |= take(text, part);
      if (!text.ends_with(part)) continue;
      text.remove_suffix(part.size());
      again = true;
    }
  }
  return text;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

/// A number in digits or in Chinese numerals up to 9,999, off the front of `text`.
std::optional<int> number(std::string_view& text) {
  static constexpr std::array<std::pair<std::string_view, int>, 12> digits{
      {{"零", 0}, {"〇", 0}, {"一", 1}, {"二", 2}, {"两", 2}, {"三", 3}, {"四", 4}, {"五", 5}, {"六", 6}, {"七", 7}, {"八", 8}, {"九", 9}}};
  static constexpr std::array<std::pair<std::string_view, int>, 3> units{{{"十", 10}, {"百", 100}, {"千", 1000}}};
  int sum = 0, digit = 0;
  bool any = false;
  if (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    for (; !text.empty() && text[0] >= '0' && text[0] <= '9' && sum < 10'000; text.remove_prefix(1)) sum = sum * 10 + (text[0] - '0');
    return sum;
  }
  for (bool again = true; again && sum < 10'000;) {
    again = false;
    for (const auto& [word, value] : digits) {
      if (!take(text, word)) continue;
      digit = value;
      again = any = true;
    }
    for (const auto& [word, value] : units) {
      if (!take(text, word)) continue;
      sum += (digit == 0 ? 1 : digit) * value;
      digit = 0;
      again = any = true;
    }
  }
  return any ? std::optional(sum + digit) : std::nullopt;
}

/// `第三十五条`, with `之一` behind it, off the front of `text`; nothing taken where there is none. `unit` is 条, 款.
std::optional<std::string> ordinal(std::string_view& text, std::string_view unit) {
  std::string_view rest = text;
  if (!take(rest, "第")) return std::nullopt;
  const auto value = number(rest);
  if (!value || !take(rest, unit)) return std::nullopt;
  std::string found = std::to_string(*value);
  if (std::string_view after = rest; take(after, "之")) {
    if (const auto part = number(after)) {
      found += "-" + std::to_string(*part);
      rest = after;
    }
  }
  text = rest;
  return found;
}

/// What stands behind the last comma or bracket: the name that an article follows.
std::string_view name_before(std::string_view text) {
  for (const std::string_view mark : {"，", "。", "）", "：", "、"})
    if (const auto at = text.rfind(mark); at != std::string_view::npos && !trimmed(text.substr(at + mark.size())).empty())
      text = text.substr(at + mark.size());
  return trimmed(text);
}

/// `Food Safety Law, art. 35`.
std::optional<Citation> western(std::string_view part) {
  std::string low;
  for (const char c : part) low += lower(c);
  for (const std::string_view word : {" article ", " art. ", " section ", " sec. ", " § ", " §"}) {
    const auto at = low.find(word);
    if (at == std::string::npos) continue;
    std::string_view rest = std::string_view(low).substr(at + word.size());
    const auto end = rest.find_first_not_of("0123456789.-abcdefghijklmnopqrstuvwxyz");
    std::string_view article = trimmed(rest.substr(0, end));
    while (article.ends_with('.')) article.remove_suffix(1);
    if (article.empty() || article[0] < '0' || article[0] > '9') continue;
    return Citation{plain_law(part.substr(0, at)), std::string(article), {}};
  }
  return std::nullopt;
}

void read_part(std::string_view part, std::vector<Citation>& out) {
  std::string law;
  bool any = false;
  std::size_t from = 0;
  for (std::size_t at = part.find("第"); at != std::string_view::npos; at = part.find("第", at)) {
    std::string_view rest = part.substr(at);
    const auto article = ordinal(rest, "条");
    if (!article) {
      at += std::string_view("第").size();
      continue;
    }
    if (auto name = plain_law(name_before(part.substr(from, at - from))); !name.empty()) law = std::move(name);
    const auto clause = ordinal(rest, "款");
    if (!law.empty()) out.push_back({law, *article, clause.value_or("")});
    any = true;
    from = at = part.size() - rest.size();
  }
  if (any) return;
  if (auto cited = western(part)) {
    out.push_back(std::move(*cited));
  } else if (auto name = plain_law(part); !name.empty()) {
    out.push_back({std::move(name), {}, {}});
  }
}

}  // namespace

std::string plain_law(std::string_view name) {
  name = trimmed(name);
  take(name, state);
  return std::string(trimmed(name));
}

std::string plain_article(std::string_view article) {
  std::string_view rest = trimmed(article);
  if (const auto found = ordinal(rest, "条"); found && rest.empty()) return *found;
  rest = trimmed(article);
  if (const auto value = number(rest); value && rest.empty()) return std::to_string(*value);
  std::string plain;
  for (const char c : trimmed(article)) plain += lower(c);
  return plain;
}

std::vector<Citation> citations(std::string_view text) {
  std::vector<Citation> out;
  while (!text.empty()) {
    std::size_t end = text.size(), length = 0;
    for (const std::string_view mark : {"；", ";", "\n"}) {
      const auto at = text.find(mark);
      if (at >= end) continue;
      end = at;
      length = mark.size();
    }
    read_part(text.substr(0, end), out);
    text.remove_prefix(end + length);
  }
  return out;
}

bool cites(const Citation& cited, std::string_view law, std::string_view article) {
  return same(cited.law, plain_law(law)) && (article.empty() || cited.article == plain_article(article));
}

}  // namespace jx::decisions
