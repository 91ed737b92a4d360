// dice.hpp - chance that is the same for the same seed.
#pragma once
#include <cstddef>
#include <cstdint>

namespace jx::simulation {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {  // SplitMix64 (Steele, Lea and Flood 2014)
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }
  /// From 0 to below 1.
  double share() { return static_cast<double>(next() >> 11U) * 0x1p-53; }
  bool happens(double share_of_times) { return share() < share_of_times; }
  /// From `low` to `high`, both included.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return high <= low ? low : low + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(high - low + 1));
  }
  std::size_t index(std::size_t size) { return size < 2 ? 0 : static_cast<std::size_t>(next() % size); }
  template <class Container>
  auto& pick(Container& list) {
    return list[index(list.size())];
  }

 private:
  std::uint64_t state_;
};

}  // namespace jx::simulation
