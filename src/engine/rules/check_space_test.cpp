// check_space_test.cpp - what the search says of boxes is what one sees by looking at every point.
#include "check_space.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

namespace jx::rules {
namespace {

constexpr std::uint32_t pieces = 7;
constexpr std::uint64_t plenty = 10'000'000;

class RandomBoxes {
 public:
  explicit RandomBoxes(unsigned seed) : random_(seed) {}
  std::vector<Region> boxes(std::size_t count, std::size_t columns) {
    std::vector<Region> out(count);
    for (auto& box : out)
      for (std::size_t c = 0; c < columns; ++c) box.push_back(side());
    return out;
  }

 private:
  Stretches side() {
    if (below(4) == 0) return {{0, pieces}};
    Stretches side;
    for (std::uint32_t i = below(8) == 0 ? 0 : 1 + below(2); i > 0; --i) {
      const std::uint32_t begin = below(pieces);
      side.push_back({begin, std::min(pieces, begin + 1 + below(5))});
    }
    return united(std::move(side));
  }
  std::uint32_t below(std::uint32_t count) { return static_cast<std::uint32_t>(random_() % count); }
  std::mt19937 random_;
};

bool holds(const Region& box, const Point& point) {
  for (std::size_t c = 0; c < point.size(); ++c)
    if (!first_shared(box[c], Stretches{{point[c], point[c] + 1}})) return false;
  return true;
}

std::vector<Point> all_points(std::size_t columns) {
  std::vector<Point> points{{}};
  for (std::size_t c = 0; c < columns; ++c) {
    std::vector<Point> longer;
    for (const auto& point : points)
      for (std::uint32_t piece = 0; piece < pieces; ++piece) {
        longer.push_back(point);
        longer.back().push_back(piece);
      }
    points = std::move(longer);
  }
  return points;
}

Numbers all_of(const std::vector<Region>& boxes) {
  Numbers all(boxes.size());
  std::iota(all.begin(), all.end(), 0U);
  return all;
}

TEST(Space, the_first_point_that_no_box_holds_is_the_first_that_one_sees) {
  std::size_t holes = 0, none = 0;
  for (unsigned seed = 0; seed < 1'500; ++seed) {
    const std::size_t columns = 1 + seed % 3;
    const auto boxes = RandomBoxes(seed).boxes(1 + seed % (columns == 3 ? 60 : 20), columns);
    std::optional<Point> seen;
    for (const auto& point : all_points(columns)) {
      if (std::ranges::any_of(boxes, [&](const Region& box) { return holds(box, point); })) continue;
      seen = point;
      break;
    }
    ++(seen ? holes : none);
    Budget budget(plenty);
    EXPECT_EQ(first_uncovered(boxes, all_of(boxes), Region(columns, {{0, pieces}}), budget), seen) << seed;
  }
  EXPECT_GT(holes, 100U);
  EXPECT_GT(none, 100U);
}

TEST(Space, boxes_that_touch_are_those_that_share_a_point) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    const std::size_t columns = 1 + seed % 3;
    const auto boxes = RandomBoxes(seed).boxes(1 + seed % 40, columns);
    const Touching touching(boxes);
    for (std::size_t a = 0; a < boxes.size(); ++a) {
      Numbers seen;
      for (std::size_t b = a / 2; b < boxes.size(); ++b) {
        bool shared = true;
        for (std::size_t c = 0; c < columns; ++c) shared = shared && first_shared(boxes[a][c], boxes[b][c]);
        if (shared) seen.push_back(static_cast<std::uint32_t>(b));
      }
      Budget budget(plenty);
      EXPECT_EQ(touching.of(boxes[a], a / 2, boxes.size(), budget), seen) << seed;
    }
  }
}

TEST(Space, a_search_whose_budget_ends_gives_a_hole_that_is_one_or_nothing) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    const auto boxes = RandomBoxes(seed).boxes(10, 3);
    for (const std::uint64_t steps : {1U, 20U, 60U, 100U, 200U, 400U}) {
      Budget budget(steps);
      const auto point = first_uncovered(boxes, all_of(boxes), Region(3, {{0, pieces}}), budget);
      EXPECT_TRUE(!point || std::ranges::none_of(boxes, [&](const Region& box) { return holds(box, *point); }));
    }
  }
}

}  // namespace
}  // namespace jx::rules
