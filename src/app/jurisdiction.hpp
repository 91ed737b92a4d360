// jurisdiction.hpp - what the applied pack says of the whole, as the API and the engines use it.
#pragma once
#include <jx/api.hpp>
#include <jx/db.hpp>

#include <memory>

namespace jx::app {

/// Of the pack that is applied. Errors: not_found (none is: apply one with `junxian pack apply`); corrupt.
[[nodiscard]] Result<std::shared_ptr<const api::Jurisdiction>> load_jurisdiction(db::Tx& tx);

}  // namespace jx::app
