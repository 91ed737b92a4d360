// texts.hpp - what the catalogue says, as it is kept.
#pragma once
#include <jx/core.hpp>
#include <jx/db.hpp>

namespace jx::catalogue {

/// Says that resource_text() and source_text() of these will be asked (db::ask_ahead).
[[nodiscard]] Result<> ask_texts_ahead(db::Tx& tx, const ResourceId& resource, const SourceId& source);

}  // namespace jx::catalogue
