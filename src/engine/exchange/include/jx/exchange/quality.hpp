// quality.hpp - the quality rules of resources, held against the rows of their source. Pure: the rows are given.
#pragma once
#include <jx/catalogue/examine.hpp>

#include <span>
#include <vector>

namespace jx::exchange {

/// What each rule in FEEL of the resources finds in the sheets of their source, in their order. No value of a row is kept: only how many rows break a
/// rule, and where the first of them stand. A rule that does not compile says why.
[[nodiscard]] std::vector<catalogue::QualityFound> hold_quality(std::span<const catalogue::Sheet> sheets,
                                                                std::span<const catalogue::Resource> resources);

}  // namespace jx::exchange
