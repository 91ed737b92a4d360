// condition.hpp - an expression that is nothing but comparisons of names with literals, as a tree: for whoever can decide it elsewhere, too.
#pragma once
#include <jx/rules/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jx::rules {

struct Condition {
  enum class Kind { all, any, none, eq, lt, le, gt, ge };
  Kind kind = Kind::all;
  std::vector<Condition> parts;  // all, any; none: the one that must not hold
  std::string name;              // of a comparison: its left side
  Value value;                   // its right side: a literal, or null
};

/// The tree of a text made of `and`, `or`, `not()`, comparisons, `in` and `between` over names and literals; `a != b` as none of `a = b`. Nothing
/// where it is more than that, or not FEEL. A row for which the text is true holds in the tree as well, where a comparison of two kinds is taken as
/// one that does not hold; the other way round that is not so, for FEEL's `not` of what has no answer has none.
[[nodiscard]] std::optional<Condition> condition_of(std::string_view text);

}  // namespace jx::rules
