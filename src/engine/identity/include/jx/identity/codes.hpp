// codes.hpp - who bears a code, where no more of them is asked for.
#pragma once
#include <jx/core.hpp>
#include <jx/db.hpp>

#include <optional>

namespace jx::identity {

/// Nothing where nobody bears it.
[[nodiscard]] Result<std::optional<PersonId>> person_id_by_code(db::Tx& tx, const Code& code);
[[nodiscard]] Result<std::optional<FirmId>> firm_id_by_code(db::Tx& tx, const Code& code);
/// Says that both will be asked (db::ask_ahead).
[[nodiscard]] Result<> ask_bearers_ahead(db::Tx& tx, const Code& code);

}  // namespace jx::identity
