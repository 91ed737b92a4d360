// mandates.hpp - a person, or the representative of a firm, lets another act: for some items or all, until a day, with or without having data read.
// Facts: Civil Code art. 165 (a written mandate names who, what and until when), 173 (it ends when it is taken back or laid down).
#pragma once
#include <jx/core.hpp>
#include <jx/db.hpp>
#include <jx/identity.hpp>
#include <jx/services.hpp>

#include <optional>
#include <vector>

namespace jx::services {

inline constexpr int mandate_years_max = 5;
inline constexpr std::size_t mandates_max = 50;  // in force, of one principal

struct NewMandate {
  std::optional<FirmId> firm;  // for which she gives it; none: for herself
  Bearer to;                   // as her document says
  std::vector<ItemId> items;   // empty: all
  bool reads_data = false;
  LocalDate until;
};
/// Recorded in the ledger; who gets it is told. Errors: not_found (/to: nobody has this number and name); forbidden (not her firm); invalid (/until,
/// /items, /to: herself); limited (mandates_max).
[[nodiscard]] Result<MandateId> give_mandate(db::Tx& tx, const Context& ctx, const NewMandate& wanted, LocalDate today);
/// By who gave it or who holds it; the other one is told. Errors: not_found (also: neither of them); conflict (ended before).
[[nodiscard]] Result<> end_mandate(db::Tx& tx, const Context& ctx, const MandateId& id, LocalDate today);

struct Mandates {
  std::vector<identity::Mandate> given, held;  // by herself and her firms; to her. Also what is over
};
[[nodiscard]] Result<Mandates> mandates_of(db::Tx& tx, const Context& ctx, LocalDate today);

}  // namespace jx::services
