// check_pieces.hpp - a column of a decision table, cut into pieces within which no cell changes its mind.
//
// A column is cut at the constants of its cells, and one value stands for each piece. A cell is asked only for pieces beside its own constants:
// between two of them its answer is the same. So gaps and overlaps are exact, and come with an example.
#pragma once
#include "check_space.hpp"
#include "table.hpp"

namespace jx::rules {

struct Pieces {
  struct Side {
    Stretches holds;    // everything where the cell is not constant: it may hold
    bool known = true;  // the cell is constant
  };
  std::vector<Value> values;  // one for each piece; a single null where the cells do not say
  std::vector<Side> sides;    // by rule
};

/// Nothing where the budget, or the limits of `run`, ended before the column was cut.
[[nodiscard]] std::optional<Pieces> cut(const TableNode& table, std::size_t column, Run& run, Budget& budget);

}  // namespace jx::rules
