// strict.hpp - what the types that are known from the text say can never be right.
#pragma once
#include "ast.hpp"
#include "parser.hpp"

#include <optional>

namespace jx::rules {

/// The first such place of an expression; nothing where none is known to be wrong.
[[nodiscard]] std::optional<SyntaxError> type_fault(const Ast& ast);

}  // namespace jx::rules
