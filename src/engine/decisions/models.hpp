// models.hpp - reading the DMN files of a pack; private to the module.
#pragma once
#include <jx/pack.hpp>
#include <jx/rules.hpp>

namespace jx::decisions {

/// The model of one file; what it imports is found in the pack by its namespace. Errors: those of rules::Model::load.
[[nodiscard]] Result<rules::Model> load_model(const pack::Pack& pack, const pack::File& file);
/// decisions/*.dmn, in order.
[[nodiscard]] std::vector<const pack::File*> model_files(const pack::Pack& pack);

}  // namespace jx::decisions
