// chunks.hpp - large secrets at rest, in chunks that are opened one by one: AES-256-GCM, in the manner of STREAM (Hoang, Reyhanitabar, Rogaway,
// Vizár: Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance, 2015).
//
// A sealed chunk, what is stored:
//   7 random octets || ciphertext || 16-octet tag
// The nonce is the 7 octets || the chunk's number, 4 octets, big-endian || 1 for the last chunk, else 0. So a chunk at another place, a missing end
// and a chunk of another sequence (each has its own key) are refused; and a chunk that is sealed again after a lost commit repeats no nonce.
#pragma once
#include <jx/core/bytes.hpp>
#include <jx/crypto/secret.hpp>

#include <cstdint>
#include <string_view>

namespace jx::crypto {

inline constexpr std::size_t chunk_key_bytes = 32;
inline constexpr std::size_t chunk_overhead_bytes = 7 + 16;
inline constexpr std::size_t chunk_plain_bytes_max = 1U << 20U;

/// A key for one purpose out of another: HMAC-SHA-256 of `purpose || 0x00 || about`. `purpose` is a literal of the program without NUL.
[[nodiscard]] SecureBytes derived_key(ByteView key, std::string_view purpose, ByteView about = {});

enum class Last : std::uint8_t { no = 0, yes = 1 };

/// Seals and opens the chunks of one sequence under a key of its own (chunk_key_bytes). Immutable, therefore thread-safe.
class ChunkCipher {
 public:
  /// `key` has chunk_key_bytes: else the program ends.
  explicit ChunkCipher(SecureBytes key);

  /// `plain` has at most chunk_plain_bytes_max: else the program ends.
  [[nodiscard]] Bytes seal(std::uint32_t number, Last last, ByteView plain) const;
  /// Appends what was sealed to `out`. Errors: corrupt (changed, of another place or sequence, not the last one, or not sealed by this key).
  [[nodiscard]] Result<> open(std::uint32_t number, Last last, ByteView sealed, Bytes& out) const;

 private:
  SecureBytes key_;
};

}  // namespace jx::crypto
