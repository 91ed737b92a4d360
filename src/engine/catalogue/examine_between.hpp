// examine_between.hpp - what lies between tables; private to the examination.
#pragma once
#include <jx/catalogue/examine.hpp>

namespace jx::catalogue::examining {

/// Adds to `found`, whose tables were looked at one by one, the faults between them: orphans, rows without a partner, dates that contradict.
void between(std::span<const Sheet> sheets, Examination& found);

}  // namespace jx::catalogue::examining
