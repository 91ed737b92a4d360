// in_pack.hpp - the decisions of a pack in memory, for checks of what names them.
#pragma once
#include <jx/core.hpp>
#include <jx/pack.hpp>
#include <jx/rules.hpp>

#include <optional>

namespace jx::decisions {

/// The model that holds a decision; nothing where there is none or it cannot be read, which its own check says.
[[nodiscard]] std::optional<rules::Model> model_in(const pack::Pack& pack, const DecisionId& id);

}  // namespace jx::decisions
