// reading.hpp - the rows of an answer: read, filtered, ordered, masked, counted; private to the gateway.
#pragma once
#include "grants.hpp"
#include "permit.hpp"

#include <jx/rules.hpp>

#include <boost/json/value.hpp>

namespace jx::exchange {

/// The columns that are asked of the source, by field id: the granted ones first, then those that only a rule needs.
struct Columns {
  std::vector<std::string> fields;
  std::vector<std::string> columns;

  std::size_t add(const catalogue::Resource& resource, std::string_view field) {
    const auto found = std::ranges::find(fields, field);
    if (found != fields.end()) return static_cast<std::size_t>(found - fields.begin());
    fields.emplace_back(field);
    columns.push_back(resource.field(field)->column);
    return fields.size() - 1;
  }
};

/// A FEEL condition of the grant on a row.
struct RowRule {
  const rules::Expression* expression;
  std::vector<std::size_t> slots;  // column of each of its inputs
};

/// What is read of each row and decided on it here, for a source knows neither FEEL nor filters; what it can make of them spares it rows.
struct Plan {
  Columns columns;
  std::optional<RowRule> rows;
  std::optional<RowRule> verify;
  std::optional<Sieve> sieve;
};

using Rows = std::vector<std::vector<boost::json::value>>;
struct Found {
  Rows rows;  // by Columns
  std::string next;
};

[[nodiscard]] Result<Plan> plan_of(const Gateway::Permit& permit, const Call& call);
/// Reads on until the page is full. A question of yes or no is about all rows that are found.
[[nodiscard]] Result<Found> read_rows(Sources& sources, const Context& ctx, const Gateway::Permit& permit, const Call& call, const Plan& plan);
[[nodiscard]] Result<Rows> masked(const Gateway::Permit& permit, const Rows& rows);
/// Yes where the condition is true of a row, no where it is false of every one; else nobody knows.
[[nodiscard]] Result<Rows> verdict(const Gateway::Permit& permit, const Plan& plan, const Found& found);
/// How many rows there are, of each value of the permit's fields; numbers that are too small to be told are null. Errors: too_large (more than
/// count_cells_max values).
[[nodiscard]] Result<Rows> counted(Sources& sources, const Context& ctx, const Gateway::Permit& permit, const Call& call, const Plan& plan);

}  // namespace jx::exchange
