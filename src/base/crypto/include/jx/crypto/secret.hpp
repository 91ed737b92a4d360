// secret.hpp - octets that are wiped, and files that hold secrets.
#pragma once
#include <jx/core/bytes.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace jx::crypto {

/// Octets that are overwritten before their memory is given back. Moves, does not copy.
class SecureBytes {
 public:
  SecureBytes() = default;
  explicit SecureBytes(std::size_t size) : octets_(size) {}
  explicit SecureBytes(ByteView octets) : octets_(octets.begin(), octets.end()) {}
  SecureBytes(SecureBytes&& other) noexcept : octets_(std::exchange(other.octets_, {})) {}
  SecureBytes& operator=(SecureBytes&& other) noexcept;
  SecureBytes(const SecureBytes&) = delete;
  SecureBytes& operator=(const SecureBytes&) = delete;
  ~SecureBytes() { wipe(); }

  [[nodiscard]] std::size_t size() const { return octets_.size(); }
  [[nodiscard]] bool empty() const { return octets_.empty(); }
  [[nodiscard]] std::uint8_t* data() { return octets_.data(); }
  [[nodiscard]] ByteView view() const { return octets_; }
  [[nodiscard]] std::string_view text() const { return text_of(octets_); }
  /// Overwrites and empties.
  void wipe();

 private:
  Bytes octets_;
};

/// Overwrites a string that held a secret (a password that was decoded), then empties it.
void wipe(std::string& text);

inline constexpr std::size_t secret_file_bytes_max = 64 * 1024;

/// Replaces `path` whole: a new file of mode 0600 beside it, fsync, rename, fsync of the folder. A crash leaves the old or the new one.
/// Errors: unavailable (no folder, disk full).
[[nodiscard]] Result<> write_secret_file(const std::filesystem::path& path, ByteView octets);
/// The same with the mode of an ordinary file (0644 less umask), for what is public but must survive a power cut.
[[nodiscard]] Result<> write_file_durably(const std::filesystem::path& path, ByteView octets);
/// The whole file. Errors: not_found; forbidden (group or others may read or write it: says how to mend that); too_large; unavailable.
[[nodiscard]] Result<SecureBytes> read_secret_file(const std::filesystem::path& path);

}  // namespace jx::crypto
