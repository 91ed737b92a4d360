#include "form_pattern.hpp"

#include <unicode/regex.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace jx::cases {
namespace {

constexpr std::int32_t match_steps_max = 100;  // of ICU's clock, each some ten thousand engine steps: about a tenth of a second
constexpr std::int32_t match_stack_max = 1024 * 1024;

constexpr std::string_view digits = "0-9";
constexpr std::string_view word = "A-Za-z0-9_";
constexpr std::string_view space =
    R"(\u0009-\u000d\u0020\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff)";  // WhiteSpace and LineTerminator

icu::UnicodeString wide(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

bool is_letter(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }
std::optional<int> hex_of(char32_t c) {
  if (c >= '0' && c <= '9') return static_cast<int>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<int>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<int>(c - 'A' + 10);
  return std::nullopt;
}

/// Reads the grammar of ECMA-262 2018, section 21.2.1, with the flag u.
class Translator {
 public:
  explicit Translator(std::string_view text) {
    const auto units = wide(text);
    for (std::int32_t i = 0; i < units.length(); i = units.moveIndex32(i, 1)) in_.push_back(static_cast<char32_t>(units.char32At(i)));
  }

  Result<std::string> run() {
    alternatives(0);
    if (at_ < in_.size()) wrong_ = true;
    if (group_used_ > groups_) wrong_ = true;
    if (wrong_)
      return fail(ErrorCode::invalid, {"the pattern is not one of ECMA-262: see character " + std::to_string(at_ + 1),
                                       "正则表达式不符合 ECMA-262，见第 " + std::to_string(at_ + 1) + " 个字符"});
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool done() const { return wrong_ || at_ >= in_.size(); }
  [[nodiscard]] char32_t peek(std::size_t ahead = 0) const { return at_ + ahead < in_.size() ? in_[at_ + ahead] : U'\0'; }
  bool take(char32_t c) {
    if (done() || in_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool take(std::u32string_view text) {
    if (wrong_ || in_.compare(at_, text.size(), text) != 0) return false;
    at_ += text.size();
    return true;
  }
  void refuse() { wrong_ = true; }
  void put(char32_t c) {
    if (is_letter(c) || is_digit(c)) {
      out_ += static_cast<char>(c);
      return;
    }
    constexpr std::string_view hex = "0123456789abcdef";
    std::string code;
    for (auto left = static_cast<std::uint32_t>(c); left != 0 || code.empty(); left >>= 4) code.insert(code.begin(), hex[left & 15]);
    out_ += "\\x{" + code + "}";
  }

  void alternatives(unsigned depth) {
    if (depth > 50) return refuse();
    do {
      while (!done() && peek() != '|' && peek() != ')') term(depth);
    } while (take('|') && (out_ += '|', true));
  }

  void term(unsigned depth) {
    if (take('^')) return void(out_ += "\\A");
    if (take('$')) return void(out_ += "\\z");
    if (peek() == '\\' && (peek(1) == 'b' || peek(1) == 'B')) {
      at_ += 2;
      const std::string in = "[" + std::string(word) + "]";
      const bool at_edge = in_[at_ - 1] == 'b';
      out_ += at_edge ? "(?:(?<=" + in + ")(?!" + in + ")|(?<!" + in + ")(?=" + in + "))"
                      : "(?:(?<=" + in + ")(?=" + in + ")|(?<!" + in + ")(?!" + in + "))";
      return;
    }
    if (atom(depth)) quantifier();
  }

  /// Answers whether a quantifier may follow: not after a look-around.
  bool atom(unsigned depth) {
    if (take('(')) return group(depth);
    if (take('[')) return set(), true;
    if (take('.')) return out_ += R"([^\n\r\u2028\u2029])", true;
    if (take('\\')) return escape(), true;
    constexpr std::u32string_view syntax = U"*+?{}])|";
    if (syntax.find(peek()) != std::u32string_view::npos) return refuse(), false;
    put(in_[at_++]);
    return true;
  }

  bool group(unsigned depth) {
    bool around = false;
    if (take(U"?:")) {
      out_ += "(?:";
    } else if (take(U"?=") || take(U"?!")) {
      around = true;
      out_ += in_[at_ - 1] == '=' ? "(?=" : "(?!";
    } else if (take(U"?<=") || take(U"?<!")) {
      around = true;
      out_ += in_[at_ - 1] == '=' ? "(?<=" : "(?<!";
    } else if (take(U"?<")) {
      ++groups_;
      out_ += "(?<" + group_name() + ">";
    } else if (peek() == '?') {
      return refuse(), false;
    } else {
      ++groups_;
      out_ += "(";
    }
    alternatives(depth + 1);
    if (!take(')')) refuse();
    out_ += ")";
    return !around;
  }
  std::string group_name() {  // ICU has letters and digits only
    std::string name;
    while (is_letter(peek()) || (!name.empty() && is_digit(peek()))) name += static_cast<char>(in_[at_++]);
    if (name.empty() || !take('>')) refuse();
    return name;
  }

  void quantifier() {
    if (take('*') || take('+') || take('?')) {
      out_ += static_cast<char>(in_[at_ - 1]);
    } else if (take('{')) {
      const auto from = number();
      std::string text = "{" + std::to_string(from);
      if (take(',')) {
        text += ",";
        if (is_digit(peek())) {
          const auto to = number();
          if (to < from) refuse();
          text += std::to_string(to);
        }
      }
      if (!take('}')) refuse();
      out_ += text + "}";
    } else {
      return;
    }
    if (take('?')) out_ += '?';
  }
  int number() {
    if (!is_digit(peek())) return refuse(), 0;
    int value = 0;
    while (is_digit(peek())) {
      value = value * 10 + static_cast<int>(in_[at_++] - '0');
      if (value > 10'000) return refuse(), 0;
    }
    return value;
  }

  void escape() {
    if (peek() >= '1' && peek() <= '9') {
      const int group = number();
      group_used_ = std::max(group_used_, group);
      out_ += "(?:\\" + std::to_string(group) + ")";
      return;
    }
    if (take(U"k<")) return void(out_ += "\\k<" + group_name() + ">");
    if (class_escape(false)) return;
    put(character_escape());
  }

  /// \d \w \s and \p{…}, within a set or outside. Answers whether there was one.
  bool class_escape(bool in_set) {
    const char32_t c = peek();
    const auto set_of = [&](std::string_view inside, bool negated) {
      ++at_;
      out_ += negated ? "[^" + std::string(inside) + "]" : in_set ? std::string(inside) : "[" + std::string(inside) + "]";
      return true;
    };
    switch (c) {
      case 'd':
      case 'D': return set_of(digits, c == 'D');
      case 'w':
      case 'W': return set_of(word, c == 'W');
      case 's':
      case 'S': return set_of(space, c == 'S');
      case 'p':
      case 'P': break;
      default: return false;
    }
    ++at_;
    if (!take('{')) return refuse(), true;
    std::string name;
    while (is_letter(peek()) || is_digit(peek()) || peek() == '_' || peek() == '=') name += static_cast<char>(in_[at_++]);
    if (name.empty() || !take('}')) return refuse(), true;
    out_ += std::string(c == 'p' ? "\\p{" : "\\P{") + name + "}";
    return true;
  }

  char32_t character_escape() {
    if (done()) return refuse(), U'\0';
    const char32_t c = in_[at_++];
    switch (c) {
      case 'f': return U'\f';
      case 'n': return U'\n';
      case 'r': return U'\r';
      case 't': return U'\t';
      case 'v': return U'\v';
      case '0': return is_digit(peek()) ? (refuse(), U'\0') : U'\0';
      case 'c':
        if (!is_letter(peek())) return refuse(), U'\0';
        return in_[at_++] & 31U;
      case 'x': return hex(2);
      case 'u': return unicode();
      default: break;
    }
    constexpr std::u32string_view syntax = U"^$\\.*+?()[]{}|/-";
    if (syntax.find(c) == std::u32string_view::npos) refuse();
    return c;
  }
  char32_t hex(int count) {
    char32_t value = 0;
    for (int i = 0; i < count; ++i) {
      const auto digit = hex_of(peek());
      if (!digit) return refuse(), U'\0';
      value = value * 16 + static_cast<char32_t>(*digit);
      ++at_;
    }
    return value;
  }
  char32_t unicode() {
    if (take('{')) {
      char32_t value = 0;
      while (const auto digit = hex_of(peek())) {
        value = value * 16 + static_cast<char32_t>(*digit);
        ++at_;
        if (value > 0x10ffff) return refuse(), U'\0';
      }
      if (!take('}')) refuse();
      return value;
    }
    const char32_t first = hex(4);
    if (first < 0xd800 || first > 0xdbff || !take(U"\\u")) return first;
    const char32_t second = hex(4);
    if (second < 0xdc00 || second > 0xdfff) return refuse(), U'\0';
    return 0x10000 + ((first - 0xd800) << 10U) + (second - 0xdc00);
  }

  void set() {
    const bool negated = take('^');
    if (take(']')) return void(out_ += negated ? R"([\x{0}-\x{10ffff}])" : R"((?:(?!)))");  // `[^]` takes all, `[]` nothing
    out_ += negated ? "[^" : "[";
    while (!done() && peek() != ']') {
      const std::size_t start = out_.size();
      const auto low = set_atom();
      if (peek() != '-' || peek(1) == ']' || at_ + 1 >= in_.size()) continue;
      ++at_;
      out_.resize(start);
      const auto high = set_atom();
      out_.resize(start);
      if (!low || !high || *low > *high) return refuse();
      put(*low);
      out_ += '-';
      put(*high);
    }
    if (!take(']')) refuse();
    out_ += ']';
  }
  /// Nothing for a class such as \d, which no range begins or ends with.
  std::optional<char32_t> set_atom() {
    if (!take('\\')) {
      put(peek());
      return in_[at_++];
    }
    if (class_escape(true)) return std::nullopt;
    const char32_t c = take('b') ? U'\b' : character_escape();
    put(c);
    return c;
  }

  std::u32string in_;
  std::size_t at_ = 0;
  std::string out_;
  bool wrong_ = false;
  int groups_ = 0, group_used_ = 0;
};

}  // namespace

struct FormPattern::Data {
  std::unique_ptr<icu::RegexPattern> pattern;
};

Result<std::string> icu_pattern_of(std::string_view ecma) {
  if (ecma.size() > pattern_bytes_max) return fail(ErrorCode::too_large, {"a pattern has at most 1,000 octets", "正则表达式不得超过 1000 字节"});
  return Translator(ecma).run();
}

Result<FormPattern> FormPattern::compile(std::string_view pattern) {
  JX_TRY(text, icu_pattern_of(pattern));
  UErrorCode status = U_ZERO_ERROR;
  UParseError where;
  auto data = std::make_shared<Data>();
  data->pattern.reset(icu::RegexPattern::compile(wide(text), 0, where, status));
  if (U_FAILURE(status)) return fail(ErrorCode::invalid, {"the pattern cannot be read", "正则表达式无法识别"});
  return FormPattern(std::move(data));
}

Result<bool> FormPattern::found_in(std::string_view text) const {
  const auto input = wide(text);
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::RegexMatcher> matcher(data_->pattern->matcher(input, status));
  if (matcher != nullptr) {
    matcher->setTimeLimit(match_steps_max, status);
    matcher->setStackLimit(match_stack_max, status);
    const bool found = U_SUCCESS(status) != 0 && matcher->find(status) != 0;
    if (U_SUCCESS(status) != 0) return found;
  }
  return fail(ErrorCode::timeout, {"the pattern takes too long on this text", "正则表达式匹配耗时过长"});
}

}  // namespace jx::cases
