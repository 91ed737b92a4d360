#include "parser.hpp"

#include "grammar.hpp"

namespace jx::rules {
namespace {

template <class Parse>
auto with_tokens(std::string_view text, Names& names, Parse parse) -> std::expected<decltype(parse(std::declval<Parser&>())), SyntaxError> {
  if (text.size() > expression_bytes_max) return std::unexpected(SyntaxError{0, {"the expression is over 64 KiB", "表达式超过 64 KiB"}});
  if (!is_utf8(text)) return std::unexpected(SyntaxError{0, {"the text is not UTF-8", "文本不是 UTF-8 编码"}});
  auto tokens = lex(text);
  if (!tokens) return std::unexpected(tokens.error());
  Parser parser(text, std::move(*tokens), names);
  auto result = parse(parser);
  if (parser.error()) return std::unexpected(*parser.error());
  return result;
}

}  // namespace

std::expected<AstPtr, SyntaxError> parse_expression(std::string_view text, Names& names) {
  return with_tokens(text, names, [](Parser& parser) { return parser.whole_expression(); });
}

std::expected<AstPtr, SyntaxError> parse_unary_tests(std::string_view text, Names& names, std::size_t input, const TypePtr& input_type) {
  return with_tokens(text, names, [&](Parser& parser) { return parser.whole_tests(input, input_type); });
}

std::expected<TypePtr, SyntaxError> parse_type(std::string_view text, Environment& environment) {
  Names names(environment);
  return with_tokens(text, names, [](Parser& parser) { return parser.whole_type(); });
}

}  // namespace jx::rules
