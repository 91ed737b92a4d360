// boxed.hpp - boxed expressions of DMN's XML as Ast (DMN 1.5, 7.3 and 10.2).
#pragma once
#include "model.hpp"
#include "xml.hpp"

namespace jx::rules {

/// The first child of `parent` that is an expression.
[[nodiscard]] pugi::xml_node expression_of(const pugi::xml_node& parent);
/// Never nullptr: where a text is no FEEL the problem is recorded, and the value is null.
[[nodiscard]] AstPtr boxed(Builder& builder, const pugi::xml_node& node, const std::string& part);
/// A function definition, as of business knowledge.
[[nodiscard]] AstPtr boxed_function(Builder& builder, const pugi::xml_node& node, const std::string& part);
/// A type by its name in the file of the element, or Any and a problem.
[[nodiscard]] TypePtr type_ref(Builder& builder, std::string_view name, const std::string& part);
[[nodiscard]] AstPtr boxed_table(Builder& builder, const pugi::xml_node& node, const std::string& part);  // boxed_table.cpp
/// The law, article and clause that the node refers to, as one text; or nothing.
void add_law(const pugi::xml_node& node, std::vector<std::string>& laws);
[[nodiscard]] Validity validity_of(Builder& builder, const pugi::xml_node& node);

}  // namespace jx::rules
