// pack_part.hpp - the share of cases in a pack: processes/*.bpmn, forms/*.json and forms/*.ui.json.
#pragma once
#include <jx/cases.hpp>
#include <jx/pack.hpp>

#include <memory>

namespace jx::cases {

/// Checks, plans and applies processes and forms. With `handlers`, a service task that names none of them is a finding; it must outlive the part.
[[nodiscard]] std::unique_ptr<pack::Part> pack_part(const Registry* handlers = nullptr);

}  // namespace jx::cases
