// grants.hpp - reading grants with their state; private to the module.
#pragma once
#include <jx/exchange.hpp>

namespace jx::exchange {

struct GrantRow {
  Grant grant;
  bool ended = false;
  bool suspended = false;

  [[nodiscard]] GrantState state(LocalDate today) const;
};

/// With the resource as it is or last was.
[[nodiscard]] Result<GrantView> view_of(db::Tx& tx, LocalDate today, GrantRow row);
/// Errors: not_found.
[[nodiscard]] Result<GrantRow> grant_row(db::Tx& tx, const GrantId& id);
/// Errors: not_found.
[[nodiscard]] Result<Programme> programme_of(db::Tx& tx, const ProgrammeId& id);

}  // namespace jx::exchange
