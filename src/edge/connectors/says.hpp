// says.hpp - what connectors of every kind say when a source fails, and how a part of a text is looked up; private to the module.
#pragma once
#include <jx/exchange.hpp>

#include <string>

namespace jx::connectors {

/// The source is down or broken; `why`, for operators, stays as the cause, by which the breaker counts it.
[[nodiscard]] std::unexpected<Error> broken(const LocalizedText& source, std::string why);
[[nodiscard]] std::unexpected<Error> late(const LocalizedText& source);
[[nodiscard]] std::unexpected<Error> no_table(const std::string& table);
[[nodiscard]] std::unexpected<Error> no_column(const std::string& column);

/// Whether a cell's text fulfils a condition, for sources that cannot be asked: upper and lower ASCII letters are the same where the operator says
/// so.
[[nodiscard]] bool holds(const exchange::Condition& condition, std::string_view cell);
/// The pattern of a LIKE with this ESCAPE sign.
[[nodiscard]] std::string like_pattern(const exchange::Condition& condition, char escape);

}  // namespace jx::connectors
