#include "check_space.hpp"

#include <algorithm>
#include <bit>

namespace jx::rules {
namespace {

enum class Holds : std::uint8_t { nothing, a_part, everything };

/// How much of the line of a region the side of a box holds.
Holds holds(const Stretches& line, const Stretches& side, Budget& budget) {
  const auto after = [](const Stretches& of, std::uint32_t piece) {  // the first that ends behind `piece`
    return std::ranges::partition_point(of, [&](const Stretch& s) { return s.end <= piece; });
  };
  if (!budget.take(1) || side.empty()) return Holds::nothing;
  auto in = after(side, line.front().begin);
  if (in == side.end()) return Holds::nothing;
  if (in->begin <= line.front().begin && in->end >= line.back().end) return Holds::everything;
  bool some = false, all = true;
  for (auto of = line.begin(); of != line.end() && in != side.end();) {
    if (!budget.take(1)) return Holds::nothing;
    if (in->end <= of->begin) {
      ++in;
      continue;
    }
    if (in->begin >= of->end) {
      all = false;
      of = line.begin() + (after(line, in->begin) - line.begin());
      continue;
    }
    some = true;
    if (in->begin > of->begin || in->end < of->end) all = false;
    if (!all) return Holds::a_part;
    ++of;
  }
  if (in == side.end()) all = false;
  return !some ? Holds::nothing : all ? Holds::everything : Holds::a_part;
}

class Search {
 public:
  Search(std::span<const Region> boxes, Budget& budget) : boxes_(boxes), budget_(budget) {}

  std::optional<Point> find(Numbers named, Region region) {
    const std::size_t columns = region.size();
    for (bool narrowed = true; narrowed;) {
      narrowed = false;
      std::vector<Stretches> slabs(columns);
      std::size_t kept = 0;
      for (const std::uint32_t box : named) {
        std::size_t parts = 0, part = 0;
        bool apart = false;
        for (std::size_t c = 0; c < columns && !apart; ++c) {
          const Holds how = holds(region[c], boxes_[box][c], budget_);
          if (budget_.spent()) return std::nullopt;
          apart = how == Holds::nothing;
          if (how == Holds::a_part) {
            ++parts;
            part = c;
          }
        }
        if (apart) continue;
        if (parts == 0) return std::nullopt;
        if (parts == 1)
          slabs[part].insert(slabs[part].end(), boxes_[box][part].begin(), boxes_[box][part].end());
        else
          named[kept++] = box;
      }
      named.resize(kept);
      for (std::size_t c = 0; c < columns; ++c) {
        if (slabs[c].empty()) continue;
        if (!budget_.take(region[c].size() + slabs[c].size())) return std::nullopt;
        region[c] = subtracted(region[c], united(std::move(slabs[c])));
        if (region[c].empty()) return std::nullopt;
        narrowed = true;
      }
    }
    if (named.empty()) {
      Point point;
      for (const auto& line : region) point.push_back(line.front().begin);
      return point;
    }
    return halves(std::move(named), std::move(region));
  }

 private:
  /// Every box named holds a part of two columns at least, so each column that is cut has pieces on both sides.
  std::optional<Point> halves(Numbers named, Region region) {
    std::vector<std::uint32_t> best;
    std::size_t column = 0;
    for (std::size_t c = 0; c < region.size(); ++c) {
      std::vector<std::uint32_t> ends;
      const std::uint32_t first = region[c].front().begin, last = region[c].back().end - 1;
      for (const std::uint32_t box : named) {
        if (!budget_.take(boxes_[box][c].size())) return std::nullopt;
        for (const auto& stretch : boxes_[box][c])
          for (const std::uint32_t end : {stretch.begin, stretch.end})
            if (end > first && end <= last) ends.push_back(end);
      }
      if (ends.size() <= best.size()) continue;
      best = std::move(ends);
      column = c;
    }
    const auto middle = best.begin() + static_cast<std::ptrdiff_t>(best.size() / 2);
    std::ranges::nth_element(best, middle);
    const std::uint32_t cut = *middle;
    Region lower = region;
    lower[column] = subtracted(region[column], {{cut, UINT32_MAX}});
    if (auto point = find(named, std::move(lower))) return point;
    if (budget_.spent()) return std::nullopt;
    region[column] = subtracted(region[column], {{0, cut}});
    return find(std::move(named), std::move(region));
  }

  std::span<const Region> boxes_;
  Budget& budget_;
};

/// How many pairs of boxes meet on a column.
std::uint64_t meetings(std::span<const Region> boxes, std::size_t column) {
  std::vector<std::uint32_t> begins, ends;
  for (const auto& box : boxes)
    for (const auto& stretch : box[column]) {
      begins.push_back(stretch.begin);
      ends.push_back(stretch.end);
    }
  std::ranges::sort(begins);
  std::ranges::sort(ends);
  std::uint64_t pairs = 0;
  std::size_t ended = 0;
  for (std::size_t i = 0; i < begins.size(); ++i) {
    while (ends[ended] <= begins[i]) ++ended;
    pairs += i - ended;
  }
  return pairs;
}

}  // namespace

Stretches united(Stretches of) {
  std::ranges::sort(of, {}, &Stretch::begin);
  Stretches out;
  for (const auto& stretch : of) {
    if (stretch.begin >= stretch.end) continue;
    if (!out.empty() && stretch.begin <= out.back().end)
      out.back().end = std::max(out.back().end, stretch.end);
    else
      out.push_back(stretch);
  }
  return out;
}

Stretches subtracted(const Stretches& of, const Stretches& without) {
  Stretches out;
  auto hole = without.begin();
  for (auto stretch : of) {
    while (hole != without.end() && hole->end <= stretch.begin) ++hole;
    for (auto at = hole; at != without.end() && at->begin < stretch.end && stretch.begin < stretch.end; ++at) {
      if (at->begin > stretch.begin) out.push_back({stretch.begin, at->begin});
      stretch.begin = std::min(at->end, stretch.end);
    }
    if (stretch.begin < stretch.end) out.push_back(stretch);
  }
  return out;
}

std::optional<std::uint32_t> first_shared(std::span<const Stretch> a, std::span<const Stretch> b) {
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const std::uint32_t begin = std::max(a[i].begin, b[j].begin);
    if (begin < std::min(a[i].end, b[j].end)) return begin;
    ++(a[i].end < b[j].end ? i : j);
  }
  return std::nullopt;
}

std::optional<Point> first_uncovered(std::span<const Region> boxes, Numbers named, Region region, Budget& budget) {
  Search search(boxes, budget);
  auto point = search.find(named, region);
  for (std::size_t c = 0; point && c < region.size(); ++c) {
    while (region[c].front().begin < (*point)[c]) {
      // The point is the best so far; is there one in the lower half of what lies before it?
      const std::uint32_t first = region[c].front().begin, middle = first + ((*point)[c] - first + 1) / 2;
      Region lower = region;
      lower[c] = subtracted(region[c], {{middle, UINT32_MAX}});
      if (auto earlier = search.find(named, std::move(lower))) {
        point = std::move(earlier);
        continue;
      }
      if (budget.spent()) return point;
      region[c] = subtracted(region[c], {{0, middle}});
    }
    const std::uint32_t here = (*point)[c];
    region[c] = {{here, here + 1}};
    std::erase_if(named, [&](std::uint32_t box) { return !first_shared(boxes[box][c], region[c]); });
  }
  return point;
}

Touching::Touching(std::span<const Region> boxes) : boxes_(boxes) {
  if (boxes.empty()) return;
  std::uint64_t fewest = UINT64_MAX;
  for (std::size_t c = 0; c < boxes[0].size(); ++c) {
    const std::uint64_t pairs = meetings(boxes, c);
    if (pairs >= fewest) continue;
    fewest = pairs;
    column_ = c;
  }
  for (std::size_t i = 0; i < boxes.size(); ++i)
    for (const auto& stretch : boxes[i][column_]) ends_.push_back({stretch, static_cast<std::uint32_t>(i)});
  std::ranges::sort(
      ends_, [](const End& a, const End& b) { return a.stretch.begin != b.stretch.begin ? a.stretch.begin < b.stretch.begin : a.box < b.box; });
  const std::size_t leaves = std::bit_ceil(std::max<std::size_t>(ends_.size(), 1));
  far_.assign(2 * leaves, 0);
  for (std::size_t i = 0; i < ends_.size(); ++i) far_[leaves + i] = ends_[i].stretch.end;
  for (std::size_t i = leaves - 1; i > 0; --i) far_[i] = std::max(far_[2 * i], far_[2 * i + 1]);
}

void Touching::gather(std::size_t node, std::size_t first, std::size_t width, const Stretch& wanted, std::vector<std::uint32_t>& out,
                      Budget& budget) const {
  if (first >= ends_.size() || ends_[first].stretch.begin >= wanted.end || far_[node] <= wanted.begin || !budget.take(1)) return;
  if (width == 1) {
    out.push_back(ends_[first].box);
    return;
  }
  gather(2 * node, first, width / 2, wanted, out, budget);
  gather(2 * node + 1, first + width / 2, width / 2, wanted, out, budget);
}

Numbers Touching::of(const Region& box, std::size_t from, std::size_t to, Budget& budget) const {
  std::vector<std::uint32_t> near;
  for (const auto& stretch : box[column_]) gather(1, 0, far_.size() / 2, stretch, near, budget);
  Numbers out;
  for (const std::uint32_t other : near) {
    if (other < from || other >= to) continue;
    std::size_t c = 0;
    while (c < box.size() && budget.take(1) && first_shared(box[c], boxes_[other][c])) ++c;
    if (budget.spent()) break;
    if (c == box.size()) out.push_back(other);
  }
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace jx::rules
