// hash.hpp - SHA-256, SM3, HMAC-SHA-256.
#pragma once
#include <jx/core/bytes.hpp>

#include <array>
#include <cstdint>
#include <memory>

namespace jx::crypto {

inline constexpr std::size_t digest_bytes = 32;
using Digest = std::array<std::uint8_t, digest_bytes>;

/// SHA-256 (FIPS 180-4).
[[nodiscard]] Digest sha256(ByteView data);
/// SHA-256 of `first || second`, without joining them.
[[nodiscard]] Digest sha256(ByteView first, ByteView second);

/// SHA-256 of data that comes in parts. Not thread-safe.
class Sha256 {
 public:
  Sha256();
  Sha256& update(ByteView data);
  Sha256& update(std::string_view text) { return update(bytes_of(text)); }
  /// The digest of all parts; begins anew.
  [[nodiscard]] Digest finish();

 private:
  alignas(8) std::array<std::uint8_t, 112> state_;  // an OpenSSL SHA256_CTX
};

/// The two hashes of an RFC 6962 tree, for the millions of small inputs of the ledger: no allocation, no lookup of the algorithm.
/// SHA-256(0x00 || leaf).
[[nodiscard]] Digest sha256_leaf(ByteView leaf);
/// SHA-256(0x01 || left || right).
[[nodiscard]] Digest sha256_node(const Digest& left, const Digest& right);

/// SM3 (GB/T 32905-2016).
[[nodiscard]] Digest sm3(ByteView data);

/// SM3 of data that comes in parts. Not thread-safe.
class Sm3 {
 public:
  Sm3();
  ~Sm3();
  Sm3(Sm3&&) noexcept;
  Sm3& operator=(Sm3&&) noexcept;
  Sm3& update(ByteView data);
  /// The digest of all parts; begins anew.
  [[nodiscard]] Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// HMAC-SHA-256 (RFC 2104, RFC 4231).
[[nodiscard]] Digest hmac_sha256(ByteView key, ByteView data);
/// HMAC-SM3 (GB/T 15852.2).
[[nodiscard]] Digest hmac_sm3(ByteView key, ByteView data);

/// Equal, in a time that depends on the lengths alone. For digests, codes and tokens.
[[nodiscard]] bool equal(ByteView a, ByteView b);

/// `count` octets of OpenSSL's generator, for tokens and salts that must not be guessed.
[[nodiscard]] Bytes random_bytes(std::size_t count);

}  // namespace jx::crypto
