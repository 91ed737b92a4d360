// rates.hpp - how often one caller may call: a bucket of tokens for each account, or for each address where nobody is signed in.
#pragma once
#include <jx/core.hpp>

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace jx::api {

/// Thread-safe. Keeps at most `callers_max` callers: one who has been quiet long enough to have a full bucket is forgotten first.
class Rates {
 public:
  struct Settings {
    double per_second = 20;  // that a bucket regains; 0: no limit
    double burst = 200;      // that it holds
  };
  static constexpr std::size_t callers_max = 65'536;

  explicit Rates(Settings settings) : settings_(settings) {}

  /// Takes one token. Errors: limited (says for how many seconds).
  [[nodiscard]] Result<> take(std::string_view caller, Instant now);
  /// The longest that a caller without tokens waits for one.
  [[nodiscard]] std::chrono::seconds wait_max() const;

 private:
  struct Bucket {
    double tokens = 0;
    Instant at;
  };
  [[nodiscard]] double filled(const Bucket& bucket, Instant now) const;

  const Settings settings_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;  // guarded by mutex_
};

/// By what calls without a session are counted: the address; of IPv6 its /64, of which one subscriber has every address.
[[nodiscard]] std::string address_counted(const std::string& client);

}  // namespace jx::api
