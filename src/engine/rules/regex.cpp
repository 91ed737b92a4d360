#include "regex.hpp"

#include <unicode/regex.h>

namespace jx::rules {
namespace {

constexpr std::int32_t match_steps_max = 500;  // of ICU's clock, each some ten thousand engine steps: about half a second
constexpr std::int32_t match_stack_max = 8 * 1024 * 1024;

icu::UnicodeString wide(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

std::string narrow(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

std::unexpected<Error> gave_up() { return fail(ErrorCode::timeout, {"the pattern takes too long on this text", "正则表达式匹配耗时过长"}); }
std::unexpected<Error> empty_match() { return fail(ErrorCode::invalid, {"the pattern matches the empty text", "正则表达式可匹配空文本"}); }

}  // namespace

struct Regex::Data {
  std::unique_ptr<icu::RegexPattern> pattern;
  int groups = 0;
  bool literal = false;  // flag q: `$` and `\` in the replacement stand for themselves

  [[nodiscard]] std::unique_ptr<icu::RegexMatcher> matcher(const icu::UnicodeString& input) const {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::RegexMatcher> made(pattern->matcher(input, status));
    if (U_FAILURE(status) || !made) return nullptr;
    made->setTimeLimit(match_steps_max, status);
    made->setStackLimit(match_stack_max, status);
    return U_FAILURE(status) ? nullptr : std::move(made);
  }
};

Regex::Regex(std::unique_ptr<Data> data) : data_(std::move(data)) {}
Regex::~Regex() = default;

Result<std::shared_ptr<const Regex>> Regex::compile(std::string_view pattern, std::string_view flags) {
  if (pattern.size() > pattern_bytes_max) return fail(ErrorCode::too_large, {"the pattern is over 10,000 octets", "正则表达式超过 10,000 字节"});
  RegexFlags given;
  auto data = std::make_unique<Data>();
  for (const char flag : flags) {
    switch (flag) {
      case 's': given.dot_all = true; break;
      case 'm': given.multiline = true; break;
      case 'i': given.insensitive = true; break;
      case 'x': given.spaced = true; break;
      case 'q': data->literal = true; break;
      default: return fail(ErrorCode::invalid, {"the flags of a pattern are s, m, i, x and q", "正则表达式的标志只能是 s、m、i、x、q"});
    }
  }
  std::uint32_t icu_flags = UREGEX_UNIX_LINES;
  if (given.multiline) icu_flags |= UREGEX_MULTILINE;
  if (given.insensitive) icu_flags |= UREGEX_CASE_INSENSITIVE;
  std::string text(pattern);
  if (data->literal) {
    icu_flags |= UREGEX_LITERAL;
  } else {
    JX_TRY(translated, icu_pattern(pattern, given, data->groups));
    text = std::move(translated);
  }
  UErrorCode status = U_ZERO_ERROR;
  UParseError where;
  data->pattern.reset(icu::RegexPattern::compile(wide(text), icu_flags, where, status));
  if (U_FAILURE(status)) return fail(ErrorCode::invalid, {"this is no valid pattern", "正则表达式无效"});
  return std::shared_ptr<const Regex>(new Regex(std::move(data)));  // NOLINT(*-owning-memory): the constructor is private
}

Result<bool> Regex::matches(std::string_view input) const {
  const auto text = wide(input);
  const auto matcher = data_->matcher(text);
  if (!matcher) return gave_up();
  UErrorCode status = U_ZERO_ERROR;
  const bool found = matcher->find(status);
  if (U_FAILURE(status)) return gave_up();
  return found;
}

Result<std::string> Regex::replace(std::string_view input, std::string_view replacement, std::size_t bytes_max) const {
  JX_TRY(empty, matches(""));
  if (empty) return empty_match();
  // The replacement: literal pieces, each followed by a group or by nothing (-1).
  std::vector<std::pair<icu::UnicodeString, int>> pieces;
  std::string literal;
  const auto cut = [&](int group) {
    pieces.emplace_back(wide(literal), group);
    literal.clear();
  };
  for (std::size_t i = 0; i < replacement.size(); ++i) {
    const char c = replacement[i];
    if (data_->literal || (c != '\\' && c != '$')) {
      literal += c;
      continue;
    }
    const char next = i + 1 < replacement.size() ? replacement[i + 1] : '\0';
    ++i;
    if (c == '\\') {
      if (next != '\\' && next != '$')
        return fail(ErrorCode::invalid, {"in a replacement \\ stands before \\ or $ only", "替换文本中 \\ 之后只能是 \\ 或 $"});
      literal += next;
      continue;
    }
    if (next < '0' || next > '9') return fail(ErrorCode::invalid, {"in a replacement $ stands before a group number", "替换文本中 $ 之后须为组号"});
    int group = next - '0';
    while (i + 1 < replacement.size() && replacement[i + 1] >= '0' && replacement[i + 1] <= '9' &&
           group * 10 + (replacement[i + 1] - '0') <= data_->groups)
      group = group * 10 + (replacement[++i] - '0');
    cut(group <= data_->groups ? group : -1);
  }
  cut(-1);

  const auto text = wide(input);
  const auto matcher = data_->matcher(text);
  if (!matcher) return gave_up();
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString out;
  std::int32_t last = 0;
  while (matcher->find(status) && U_SUCCESS(status)) {
    const std::int32_t start = matcher->start(status), end = matcher->end(status);
    out.append(text, last, start - last);
    for (const auto& [piece, group] : pieces) {
      out.append(piece);
      if (group >= 0 && matcher->start(group, status) >= 0) out.append(matcher->group(group, status));
    }
    last = end;
    if (static_cast<std::size_t>(out.length()) > bytes_max) return fail(ErrorCode::too_large, {"the result is too long", "结果过长"});
  }
  if (U_FAILURE(status)) return gave_up();
  out.append(text, last, text.length() - last);
  return narrow(out);
}

Result<std::vector<std::string>> Regex::split(std::string_view input) const {
  JX_TRY(empty, matches(""));
  if (empty) return empty_match();
  const auto text = wide(input);
  const auto matcher = data_->matcher(text);
  if (!matcher) return gave_up();
  UErrorCode status = U_ZERO_ERROR;
  std::vector<std::string> parts;
  std::int32_t last = 0;
  while (matcher->find(status) && U_SUCCESS(status)) {
    const std::int32_t start = matcher->start(status);
    parts.push_back(narrow(text.tempSubStringBetween(last, start)));
    last = matcher->end(status);
  }
  if (U_FAILURE(status)) return gave_up();
  parts.push_back(narrow(text.tempSubStringBetween(last)));
  return parts;
}

}  // namespace jx::rules
