// parser.hpp - FEEL text to Ast (DMN 1.5, 10.3.1.2). Names are read as long as the scope knows one.
#pragma once
#include "lexer.hpp"
#include "scope.hpp"

namespace jx::rules {

inline constexpr unsigned nesting_max = 150;   // brackets within brackets
inline constexpr unsigned height_max = 1'000;  // of the tree

[[nodiscard]] std::expected<AstPtr, SyntaxError> parse_expression(std::string_view text, Names& names);
/// `input` is the slot of `?`.
[[nodiscard]] std::expected<AstPtr, SyntaxError> parse_unary_tests(std::string_view text, Names& names, std::size_t input, const TypePtr& input_type);
/// The type after `instance of`.
[[nodiscard]] std::expected<TypePtr, SyntaxError> parse_type(std::string_view text, Environment& environment);

}  // namespace jx::rules
