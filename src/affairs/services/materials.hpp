// materials.hpp - whether what an item asks for as files is there, and well asked for; private to the module.
#pragma once
#include <jx/services.hpp>

namespace jx::services {

/// Errors: invalid (/materials/<id>: too few files, and neither a read nor a certificate in force that stands in for them).
[[nodiscard]] Result<> check_materials(db::Tx& tx, const Item& item, const Draft& draft, LocalDate today);
/// Of a pack.
void check_materials(const pack::File& file, const pack::Decoded<Item>& item, const pack::Names& names, pack::Findings& findings);

}  // namespace jx::services
