// sieves.hpp - what of a row rule and of a filter a source can make use of; private to the module.
#pragma once
#include <jx/catalogue.hpp>
#include <jx/exchange/filter.hpp>
#include <jx/exchange/sources.hpp>
#include <jx/rules/condition.hpp>

#include <optional>

namespace jx::exchange {

/// A sieve that lets through every row for which both the rule is true and the filter holds, and as few others as can be said. Nothing where all rows
/// must come. What names a field that the resource has not, or compares a field with a value of another kind than its own, is left to whoever looks
/// at the rows.
[[nodiscard]] std::optional<Sieve> sieve_of(const catalogue::Resource& resource, const std::optional<rules::Condition>& rule, const Filter* filter);

}  // namespace jx::exchange
