// regex_syntax.cpp - reads a pattern by the grammar of XPath and writes it for ICU, so that nothing means two things.
#include "names.hpp"
#include "regex.hpp"

#include <fmt/format.h>

#include <optional>

namespace jx::rules {
namespace {

constexpr std::string_view name_start_set =
    "_:A-Za-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C-\\u200D"
    "\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\U00010000-\\U000EFFFF";
constexpr std::string_view name_more_set = "\\-.0-9\\u00B7\\u0300-\\u036F\\u203F-\\u2040";

// ICU spends some 0.3 ms on a large class, and twenty times as much on one that it closes over case.
constexpr int class_cost_max = 200, folded_class_cost = 20;

class Translator {
 public:
  Translator(std::string_view pattern, const RegexFlags& flags) : text_(pattern), flags_(flags) {}

  Result<std::string> run() {
    alternatives(0);
    if (at_ < text_.size()) refuse();
    if (class_cost_ > class_cost_max) return fail(ErrorCode::too_large, {"the pattern has too many character classes", "正则表达式中的字符类过多"});
    if (failed_)
      return fail(ErrorCode::invalid,
                  {fmt::format("the pattern is not valid at character {}", at_ + 1), fmt::format("正则表达式第 {} 个字符处有误", at_ + 1)});
    return out_;
  }
  [[nodiscard]] int groups() const { return groups_; }

 private:
  [[nodiscard]] bool done() const { return at_ >= text_.size() || failed_; }
  [[nodiscard]] char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  void refuse() { failed_ = true; }
  char32_t character() { return next_character(text_, at_); }
  void emit(char32_t c) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (plain) {
      out_ += static_cast<char>(c);
    } else {
      out_ += fmt::format("\\x{{{:X}}}", static_cast<std::uint32_t>(c));
    }
  }

  void alternatives(int depth) {
    if (depth > 100) return refuse();
    for (;;) {
      while (!done() && peek() != '|' && peek() != ')') piece(depth);
      if (done() || peek() != '|') return;
      out_ += '|';
      ++at_;
    }
  }

  void piece(int depth) {
    if (peek() == '^' || peek() == '$') {
      // Without m, `$` is the very end; ICU's own would also stand before a last line break.
      out_ += peek() == '^' ? "^" : flags_.multiline ? "$" : "\\z";
      ++at_;
      return;
    }
    atom(depth);
    quantifier();
  }

  void quantifier() {
    const char c = peek();
    if (c == '?' || c == '*' || c == '+') {
      out_ += c;
      ++at_;
    } else if (c == '{') {
      const std::size_t start = at_++;
      const auto number = [&] {
        const std::size_t from = at_;
        while (peek() >= '0' && peek() <= '9') ++at_;
        if (at_ - from > 5) refuse();
        return at_ > from;
      };
      if (!number()) return refuse();
      if (peek() == ',') {
        ++at_;
        number();
      }
      if (peek() != '}') return refuse();
      ++at_;
      out_ += text_.substr(start, at_ - start);
    } else {
      return;
    }
    if (peek() == '?') {
      out_ += '?';
      ++at_;
    }
  }

  void atom(int depth) {
    switch (peek()) {
      case '(': {
        ++at_;
        int group = 0;
        if (peek() == '?') {
          if (peek(1) != ':') return refuse();
          at_ += 2;
          out_ += "(?:";
        } else {
          group = ++groups_;
          out_ += '(';
        }
        alternatives(depth + 1);
        if (peek() != ')') return refuse();
        ++at_;
        out_ += ')';
        if (group != 0) closed_.push_back(group);
        return;
      }
      case '[': return char_class(depth);
      case '.':
        out_ += flags_.dot_all ? "[\\x{0}-\\x{10FFFF}]" : "[^\\n\\r]";
        ++at_;
        return;
      case '\\': return escape(false);
      case '?':
      case '*':
      case '+':
      case '{':
      case '}':
      case ']':
      case ')':
      case '|': return refuse();
      default: emit(character());
    }
  }

  // Outside of [ ] an escape for a class of characters stands for them whatever the flag i; within, it is folded with the rest.
  void class_escape(char c, bool in_class) {
    const bool folded = flags_.insensitive && in_class, kept = flags_.insensitive && !in_class;
    if (c != 's') class_cost_ += folded ? folded_class_cost : 1;
    if (class_cost_ > class_cost_max) return refuse();
    if (kept) out_ += "(?-i:";
    class_text(c);
    if (kept) out_ += ')';
  }

  void class_text(char c) {
    switch (c) {
      case 's': out_ += "[ \\t\\n\\r]"; return;
      case 'S': out_ += "[^ \\t\\n\\r]"; return;
      case 'd': out_ += "\\p{Nd}"; return;
      case 'D': out_ += "\\P{Nd}"; return;
      case 'w': out_ += "[^\\p{P}\\p{Z}\\p{C}]"; return;
      case 'W': out_ += "[\\p{P}\\p{Z}\\p{C}]"; return;
      case 'i': out_.append("[").append(name_start_set).append("]"); return;
      case 'I': out_.append("[^").append(name_start_set).append("]"); return;
      case 'c': out_.append("[").append(name_start_set).append(name_more_set).append("]"); return;
      case 'C': out_.append("[^").append(name_start_set).append(name_more_set).append("]"); return;
      default: return property(c);
    }
  }

  void escape(bool in_class) {
    ++at_;
    const char c = peek();
    if (c == '\0') return refuse();
    ++at_;
    if (std::string_view("sSdDwWiIcCpP").find(c) != std::string_view::npos) return class_escape(c, in_class);
    if (c == 'n' || c == 'r' || c == 't') {
      out_ += '\\';
      out_ += c;
      return;
    }
    if (std::string_view("\\|.?*+(){}-[]^$").find(c) != std::string_view::npos) return emit(static_cast<char32_t>(c));
    if (c < '1' || c > '9' || in_class) return refuse();
    // A back-reference takes as many digits as name a group that is already closed.
    int group = c - '0';
    while (peek() >= '0' && peek() <= '9' && group * 10 + (peek() - '0') <= groups_) group = group * 10 + (text_[at_++] - '0');
    for (const int closed : closed_) {
      if (closed != group) continue;
      out_ += fmt::format("(?:\\{})", group);
      return;
    }
    refuse();
  }

  void property(char kind) {
    if (peek() != '{') return refuse();
    const auto end = text_.find('}', at_);
    if (end == std::string_view::npos) return refuse();
    const auto name = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    for (const char c : name)
      if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return refuse();
    if (name.starts_with("Is") && name.size() > 2) {
      out_ += fmt::format("\\{}{{Block={}}}", kind, name.substr(2));
    } else if (name.size() == 1 || name.size() == 2) {
      out_ += fmt::format("\\{}{{{}}}", kind, name);
    } else {
      refuse();
    }
  }

  // [abc-z], [^...], and [a-z-[aeiou]]: a class less another one.
  void char_class(int depth) {
    if (depth > 100) return refuse();
    ++at_;
    const std::size_t start = out_.size();
    out_ += '[';
    if (peek() == '^') {
      out_ += '^';
      ++at_;
    }
    bool first = true;
    for (; !done() && peek() != ']'; first = false) {
      if (peek() == '-' && peek(1) == '[' && !first) {
        out_ += "]--";
        out_.insert(start, "[");
        ++at_;
        char_class(depth + 1);
        out_ += ']';
        if (peek() != ']') return refuse();
        ++at_;
        return;
      }
      class_item(first);
    }
    if (peek() != ']' || first) return refuse();
    ++at_;
    out_ += ']';
  }

  void class_item(bool first) {
    const auto single = [&]() -> std::optional<char32_t> {
      if (peek() == '[') {
        refuse();
        return std::nullopt;
      }
      if (peek() != '\\') return character();
      constexpr std::string_view known = "nrt\\|.?*+(){}-[]^$";
      constexpr std::string_view meant = "\n\r\t\\|.?*+(){}-[]^$";
      const auto index = known.find(peek(1));
      if (index == std::string_view::npos || peek(1) == '\0') return std::nullopt;
      at_ += 2;
      return static_cast<char32_t>(meant[index]);
    };
    const bool bare_hyphen = peek() == '-';
    const auto low = single();
    if (failed_) return;
    if (!low) return escape(true);
    if (bare_hyphen && !first && peek() != ']' && !(peek() == '-' && peek(1) == '[')) return refuse();
    emit(*low);
    if (peek() != '-' || peek(1) == ']' || peek(1) == '[' || peek(1) == '\0') return;
    ++at_;
    const auto high = single();
    if (!high || *high < *low) return refuse();
    out_ += '-';
    emit(*high);
  }

  std::string_view text_;
  RegexFlags flags_;
  bool failed_ = false;
  int class_cost_ = 0;
  std::size_t at_ = 0;
  std::string out_;
  int groups_ = 0;
  std::vector<int> closed_;
};

/// The flag x: white space outside of classes is removed before the pattern is read, even between `\` and what it escapes.
std::string without_spaces(std::string_view pattern) {
  std::string out;
  int classes = 0;
  bool escaped = false;
  for (const char c : pattern) {
    if (classes == 0 && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) continue;
    out += c;
    if (!escaped) classes += c == '[' ? 1 : c == ']' && classes > 0 ? -1 : 0;
    escaped = !escaped && c == '\\';
  }
  return out;
}

}  // namespace

Result<std::string> icu_pattern(std::string_view pattern, const RegexFlags& flags, int& groups) {
  const std::string kept = flags.spaced ? without_spaces(pattern) : std::string(pattern);
  Translator translator(kept, flags);
  auto text = translator.run();
  groups = translator.groups();
  return text;
}

}  // namespace jx::rules
