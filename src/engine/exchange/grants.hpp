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
/// The field by which the rows of deliveries of changes are known again; empty: there is none.
[[nodiscard]] std::string key_of(const Grant& grant, const catalogue::Resource& resource);

// What calls and deliveries are both held against.

/// forbidden, at /grant.
[[nodiscard]] std::unexpected<Error> refuse(Words why);
/// Errors: forbidden (says in which state the grant is).
[[nodiscard]] Result<> check_active(const GrantRow& row, LocalDate today);
/// Errors: forbidden (the programme does not run today).
[[nodiscard]] Result<> check_period(const Programme& programme, LocalDate today);
/// What is masked or not granted must not be found out by asking which rows it lets through. Errors: forbidden (below /filter).
[[nodiscard]] Result<> check_filter(const Grant& grant, const Filter& filter);
/// `more`: how many records would be added to those of the last 24 hours. A call that could not answer even one is not begun. Errors: limited.
[[nodiscard]] Result<> check_volume(db::Tx& tx, const Context& ctx, const Grant& grant, std::int64_t more);

/// Errors: not_found.
[[nodiscard]] Result<Programme> programme_of(db::Tx& tx, const ProgrammeId& id);

}  // namespace jx::exchange
