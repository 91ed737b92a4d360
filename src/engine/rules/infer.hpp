// infer.hpp - the type of an expression, as far as its text tells; nullptr (Any) where it does not.
#pragma once
#include "ast.hpp"

namespace jx::rules {

/// From the operator and the types of the parts.
[[nodiscard]] TypePtr infer(const Ast& ast);
/// Of a path: `x.year` of a date is a number, `x.name` of a list of contexts a list.
[[nodiscard]] TypePtr path_type(const TypePtr& of, std::string_view member);

}  // namespace jx::rules
