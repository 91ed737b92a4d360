// lexer.hpp - the tokens of FEEL. What is a name depends on the scope, so the lexer gives single words; the parser joins them.
#pragma once
#include <jx/rules.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jx::rules {

enum class TokenKind : std::uint8_t { word, number, string, symbol, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::uint32_t at = 0;  // octets from the start of the text
  std::uint32_t length = 0;
  std::string_view text;  // of the source; with its quotes for a string

  [[nodiscard]] bool is(std::string_view symbol_or_word) const {
    return (kind == TokenKind::symbol || kind == TokenKind::word) && text == symbol_or_word;
  }
};

struct SyntaxError {
  std::uint32_t at = 0;
  Words message;
};

/// Ends with a token of kind end. The tokens point into `text`.
[[nodiscard]] std::expected<std::vector<Token>, SyntaxError> lex(std::string_view text);

/// The characters of a string token, escapes resolved (DMN 1.5 grammar rule 35).
[[nodiscard]] std::expected<std::string, SyntaxError> unescape(const Token& token);

/// Line and column of an octet.
[[nodiscard]] Position position_of(std::string_view text, std::uint32_t at);

}  // namespace jx::rules
