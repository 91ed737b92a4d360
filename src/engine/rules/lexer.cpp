#include "lexer.hpp"

#include "names.hpp"

#include <fmt/format.h>

namespace jx::rules {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::expected<std::vector<Token>, SyntaxError> run() {
    std::vector<Token> tokens;
    for (;;) {
      if (const auto fault = skip_blanks()) return std::unexpected(*fault);
      const std::size_t start = at_;
      if (at_ == text_.size()) {
        tokens.push_back({TokenKind::end, static_cast<std::uint32_t>(start), 0, text_.substr(start)});
        return tokens;
      }
      const auto kind = next();
      if (!kind) return std::unexpected(kind.error());
      tokens.push_back({*kind, static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(at_ - start), text_.substr(start, at_ - start)});
    }
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  [[nodiscard]] SyntaxError error(Words message) const { return {static_cast<std::uint32_t>(at_), std::move(message)}; }

  std::optional<SyntaxError> skip_blanks() {
    while (at_ < text_.size()) {
      if (peek() == '/' && peek(1) == '/') {
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
        continue;
      }
      if (peek() == '/' && peek(1) == '*') {
        const auto end = text_.find("*/", at_ + 2);
        if (end == std::string_view::npos) return error({"this comment has no end; close it with */", "注释没有结束，请以 */ 结束"});
        at_ = end + 2;
        continue;
      }
      std::size_t after = at_;
      if (!white_space(next_character(text_, after))) return std::nullopt;
      at_ = after;
    }
    return std::nullopt;
  }

  std::expected<TokenKind, SyntaxError> next() {
    const char c = peek();
    if (digit(c) || (c == '.' && digit(peek(1)))) {
      number();
      return TokenKind::number;
    }
    if (c == '"') return string();
    for (const std::string_view two : {"..", "**", "<=", ">=", "!=", "->"}) {
      if (text_.substr(at_).starts_with(two)) {
        at_ += 2;
        return TokenKind::symbol;
      }
    }
    if (std::string_view("()[]{},:.+-*/<>=@'").find(c) != std::string_view::npos) {
      ++at_;
      return TokenKind::symbol;
    }
    std::size_t after = at_;
    const char32_t first = next_character(text_, after);
    if (!name_start(first)) {
      std::string shown;
      append_utf8(shown, first);
      return std::unexpected(error({fmt::format("the character '{}' has no meaning here", shown), fmt::format("此处的字符“{}”没有意义", shown)}));
    }
    at_ = after;
    if (first == '?') return TokenKind::word;
    while (at_ < text_.size()) {
      after = at_;
      const char32_t part = next_character(text_, after);
      if (part == '?' || !name_part(part) || white_space(part)) break;
      at_ = after;
    }
    return TokenKind::word;
  }

  void number() {
    while (digit(peek())) ++at_;
    if (peek() == '.' && digit(peek(1))) {
      ++at_;
      while (digit(peek())) ++at_;
    }
    const bool sign = peek(1) == '+' || peek(1) == '-';
    if ((peek() == 'e' || peek() == 'E') && digit(peek(sign ? 2 : 1))) {
      at_ += sign ? 2 : 1;
      while (digit(peek())) ++at_;
    }
  }

  std::expected<TokenKind, SyntaxError> string() {
    const std::size_t start = at_++;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    if (at_ >= text_.size()) {
      at_ = start;
      return std::unexpected(error({"this text has no closing quotation mark", "文本缺少结束的引号"}));
    }
    ++at_;
    return TokenKind::string;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

int hex(char c) {
  if (digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

std::expected<std::vector<Token>, SyntaxError> lex(std::string_view text) { return Lexer(text).run(); }

std::expected<std::string, SyntaxError> unescape(const Token& token) {
  const std::string_view body = token.text.substr(1, token.text.size() - 2);
  std::string out;
  out.reserve(body.size());
  char32_t high = 0;  // the first half of a surrogate pair
  for (std::size_t i = 0; i < body.size();) {
    const auto refuse = [&](Words message) { return std::unexpected(SyntaxError{token.at + 1 + static_cast<std::uint32_t>(i), std::move(message)}); };
    if (body[i] != '\\') {
      out += body[i++];
      continue;
    }
    const char kind = i + 1 < body.size() ? body[i + 1] : '\0';
    switch (kind) {
      case 'n':
        out += '\n';
        i += 2;
        continue;
      case 't':
        out += '\t';
        i += 2;
        continue;
      case 'r':
        out += '\r';
        i += 2;
        continue;
      case '"':
      case '\'':
      case '\\':
        out += kind;
        i += 2;
        continue;
      case 'u':
      case 'U': break;
      default:  // as written: patterns such as "\d" are often not doubled
        out += '\\';
        ++i;
        continue;
    }
    const std::size_t digits = kind == 'u' ? 4 : 6;
    char32_t c = 0;
    for (std::size_t d = 0; d < digits; ++d) {
      const int value = i + 2 + d < body.size() ? hex(body[i + 2 + d]) : -1;
      if (value < 0)
        return refuse({fmt::format("\\{} needs {} hexadecimal digits", kind, digits), fmt::format("\\{} 之后需要 {} 位十六进制数字", kind, digits)});
      c = c * 16 + static_cast<char32_t>(value);
    }
    if (c >= 0xd800 && c < 0xdc00 && kind == 'u' && i + 7 < body.size() && body[i + 6] == '\\' && body[i + 7] == 'u') {
      high = c;
      i += 6;
      continue;
    }
    if (high != 0 && c >= 0xdc00 && c < 0xe000) c = 0x10000 + ((high - 0xd800) << 10) + (c - 0xdc00);
    high = 0;
    if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) return refuse({"this is no character of Unicode", "这不是 Unicode 字符"});
    append_utf8(out, c);
    i += 2 + digits;
  }
  return out;
}

Position position_of(std::string_view text, std::uint32_t at) {
  Position position;
  const std::string_view before = text.substr(0, at);
  std::size_t line_start = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] == '\n') {
      ++position.line;
      line_start = i + 1;
    }
  }
  position.column = static_cast<std::uint32_t>(character_count(before.substr(line_start))) + 1;
  return position;
}

}  // namespace jx::rules
