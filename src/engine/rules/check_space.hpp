// check_space.hpp - a decision table as boxes in a space: where they leave a hole, which of them meet.
//
// Each column is a line of pieces, numbered from 0. A rule is a box: on each column the stretches of pieces that its cell holds for.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace jx::rules {

/// What a check may still do. It is counted in steps, not in time: the same table has the same findings on every machine.
class Budget {
 public:
  explicit Budget(std::uint64_t steps) : left_(steps) {}

  /// False when there is not enough left; from then on there is nothing left.
  bool take(std::uint64_t steps) {
    spent_ = spent_ || steps > left_;
    left_ = spent_ ? 0 : left_ - steps;
    return !spent_;
  }
  [[nodiscard]] bool spent() const { return spent_; }
  [[nodiscard]] std::uint64_t left() const { return left_; }

 private:
  std::uint64_t left_;
  bool spent_ = false;
};

struct Stretch {
  std::uint32_t begin, end;  // pieces begin .. end - 1
};
using Stretches = std::vector<Stretch>;  // ascending, none empty, none touching the next

/// Sorts, and joins what overlaps or touches.
[[nodiscard]] Stretches united(Stretches of);
/// What is in `of` and not in `without`.
[[nodiscard]] Stretches subtracted(const Stretches& of, const Stretches& without);
/// The first piece of both.
[[nodiscard]] std::optional<std::uint32_t> first_shared(std::span<const Stretch> a, std::span<const Stretch> b);

using Region = std::vector<Stretches>;       // by column
using Point = std::vector<std::uint32_t>;    // a piece by column
using Numbers = std::vector<std::uint32_t>;  // of boxes, ascending

/// The first point of `region`, by its pieces from the first column on, that none of the boxes named holds. Where the budget ends before
/// the first is known: any such point; nothing if none was found until then.
/// As in Chan, "Klee's measure problem made easy" (FOCS 2013): what covers the region ends the search, what covers it on all columns but one
/// narrows that column, and the rest is cut at the median of its ends.
[[nodiscard]] std::optional<Point> first_uncovered(std::span<const Region> boxes, Numbers named, Region region, Budget& budget);

/// Which boxes share a point with a box.
class Touching {
 public:
  /// `boxes` must outlive it.
  explicit Touching(std::span<const Region> boxes);
  /// Of boxes[from .. to - 1], those that share a point with `box`, ascending. Incomplete where the budget ends.
  [[nodiscard]] Numbers of(const Region& box, std::size_t from, std::size_t to, Budget& budget) const;

 private:
  struct End {
    Stretch stretch;
    std::uint32_t box;
  };
  void gather(std::size_t node, std::size_t first, std::size_t width, const Stretch& wanted, std::vector<std::uint32_t>& out, Budget& budget) const;

  std::span<const Region> boxes_;
  std::size_t column_ = 0;          // the one on which the fewest meet
  std::vector<End> ends_;           // by begin
  std::vector<std::uint32_t> far_;  // a tree over ends_: the greatest end below each node
};

}  // namespace jx::rules
