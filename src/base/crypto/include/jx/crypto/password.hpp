// password.hpp - argon2id (RFC 9106) at 19 MiB, two passes, one lane (the OWASP minimum), in PHC string form.
#pragma once
#include <jx/core/result.hpp>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

namespace jx::crypto {

inline constexpr std::size_t password_bytes_max = 1024;

/// Hashes and checks passwords, a few at a time: each takes 19 MiB and tens of milliseconds of a core. Thread-safe.
class PasswordHasher {
 public:
  struct Limits {
    std::size_t running_max = 2;
    std::size_t waiting_max = 64;
    std::chrono::milliseconds wait_ms_max{2'000};
  };
  PasswordHasher() = default;
  explicit PasswordHasher(Limits limits) : limits_(limits) {}

  /// `$argon2id$v=19$m=19456,t=2,p=1$salt$hash` with a new 16-octet salt.
  /// Errors: too_large (beyond password_bytes_max); limited (too many waiting, or waited too long).
  [[nodiscard]] Result<std::string> hash(std::string_view password);
  /// Whether `password` is the one of `phc`. Accepts argon2id up to 64 MiB, 10 passes, 4 lanes.
  /// Errors: too_large, limited as above; corrupt (`phc` is not such a string).
  [[nodiscard]] Result<bool> verify(std::string_view password, std::string_view phc);
  /// Takes the time of a failed verify: for accounts that do not exist, so that nobody learns which do. Always false. Errors: as verify.
  [[nodiscard]] Result<bool> verify_nobody(std::string_view password);
  /// Whether `phc` was made with other parameters than today's: hash again at the next sign-in.
  [[nodiscard]] static bool outdated(std::string_view phc);

 private:
  class Turn;
  Limits limits_;
  std::mutex mutex_;
  std::condition_variable free_;
  std::size_t running_ = 0;  // guarded by mutex_
  std::size_t waiting_ = 0;  // guarded by mutex_
};

}  // namespace jx::crypto
