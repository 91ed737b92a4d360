// item_names.hpp - what a service item is called, for lists.
#pragma once
#include <jx/core.hpp>
#include <jx/db.hpp>

namespace jx::services {

/// Also of an item that has ended. Errors: not_found.
[[nodiscard]] Result<LocalizedText> item_name(db::Tx& tx, const ItemId& id);

}  // namespace jx::services
