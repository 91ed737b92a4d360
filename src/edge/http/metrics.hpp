// metrics.hpp - counters and latency histograms, written without locks, rendered as Prometheus text (version 0.0.4).
#pragma once
#include <jx/http/server.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace jx::http {

class Metrics {
 public:
  /// What is counted beside the routes.
  enum Other : std::size_t { pages, nothing, refused, others };

  explicit Metrics(const std::vector<Route>& routes);

  /// `index`: of a route; routes().size() + an Other for the rest. Any thread.
  void observe(std::size_t index, int status, std::int64_t micros);
  [[nodiscard]] std::size_t other(Other which) const { return operations_.size() - others + which; }
  /// The name of a route's operation, or of an Other.
  [[nodiscard]] std::string_view operation(std::size_t index) const { return operations_[index]; }
  void render(std::string& out, std::size_t queued) const;

  // NOLINTBEGIN(*-non-private-*): plain gauges and counters
  std::atomic<std::uint64_t> accepted{0}, turned_away{0}, timed_out{0}, bytes_in{0}, bytes_out{0};
  std::atomic<std::int64_t> connections{0}, streams{0};
  // NOLINTEND(*-non-private-*)

 private:
  static constexpr std::array<std::int64_t, 12> bounds_micros{250,    1'000,   2'500,   5'000,     10'000,    25'000,
                                                              50'000, 100'000, 250'000, 1'000'000, 5'000'000, 30'000'000};
  struct Series {
    std::array<std::atomic<std::uint64_t>, 5> by_class{};  // 1xx..5xx
    std::array<std::atomic<std::uint64_t>, bounds_micros.size() + 1> buckets{};
    std::atomic<std::int64_t> micros{0};
  };

  std::vector<std::string> operations_;
  std::unique_ptr<Series[]> series_;  // NOLINT(*-c-arrays): atomics do not move
};

}  // namespace jx::http
