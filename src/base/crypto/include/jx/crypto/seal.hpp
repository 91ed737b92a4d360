// seal.hpp - secrets at rest: AES-256-GCM under keys of a key file that can be rotated.
//
// The key file, UTF-8, mode 0600:
//   junxian-keys 1
//   <id, 16 hex digits> <32 octets in base64>      oldest first; the last line is the current key
// Sealed text, what is stored:
//   jxs1.<id>.<base64url( 12-octet nonce || ciphertext || 16-octet tag )>
// The authenticated data of GCM is "jxs1.<id>." || associated, so that neither the key id nor the place of use can be changed.
#pragma once
#include <jx/core/bytes.hpp>
#include <jx/crypto/hash.hpp>
#include <jx/crypto/secret.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace jx::crypto {

inline constexpr std::size_t sealed_plain_bytes_max = 16U << 20U;
inline constexpr std::size_t sealing_keys_max = 64;

/// The keys of a key file. Immutable once loaded, therefore thread-safe.
class KeyRing {
 public:
  /// Makes a key file with one key. Errors: conflict (there is a file); unavailable.
  [[nodiscard]] static Result<KeyRing> create(const std::filesystem::path& path);
  /// Errors: not_found; forbidden (group or others may read it); corrupt (not a key file: says the line).
  [[nodiscard]] static Result<KeyRing> load(const std::filesystem::path& path);
  /// Adds a new key, which seals from now on, and answers the ring with it. Old keys go on opening. Errors: as load; too_large beyond
  /// sealing_keys_max.
  [[nodiscard]] static Result<KeyRing> rotate(const std::filesystem::path& path);
  /// Removes an old key from the file, once everything was sealed again: what it alone opens is lost.
  /// Errors: as load; not_found; conflict (it is the current key).
  [[nodiscard]] static Result<KeyRing> retire(const std::filesystem::path& path, std::string_view key_id);

  /// `associated` says where the secret belongs, such as "sources/population/password"; the same is needed to open it.
  /// Errors: too_large beyond sealed_plain_bytes_max.
  [[nodiscard]] Result<std::string> seal(ByteView plain, std::string_view associated) const;
  /// Errors: not_found (sealed with a key that is not in the ring); corrupt (changed, or another `associated`).
  [[nodiscard]] Result<SecureBytes> open(std::string_view sealed, std::string_view associated) const;
  /// The same secret under the current key; nothing if it is there already. Errors: as open.
  [[nodiscard]] Result<std::optional<std::string>> reseal(std::string_view sealed, std::string_view associated) const;

  /// A key of the current key for one purpose: HMAC-SHA-256(key, "junxian derive 1" || 00 || purpose). Two purposes give keys of which neither tells
  /// of the other.
  [[nodiscard]] SecureBytes derive(std::string_view purpose) const;

  [[nodiscard]] const std::string& current_id() const { return keys_.back().id; }
  [[nodiscard]] std::vector<std::string> ids() const;

 private:
  struct KeyOfRing {
    std::string id;  // 16 hex digits
    SecureBytes key;
  };
  static Result<KeyRing> parse(std::string_view text);
  Result<> save(const std::filesystem::path& path) const;
  void add_new_key();

  std::vector<KeyOfRing> keys_;  // never empty; the last one seals
};

/// The id of the key that sealed this text. Errors: corrupt (not a sealed text).
[[nodiscard]] Result<std::string> sealing_key_id(std::string_view sealed);

}  // namespace jx::crypto
