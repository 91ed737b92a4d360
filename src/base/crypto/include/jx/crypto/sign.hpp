// sign.hpp - Ed25519 (RFC 8032) and SM2 over SM3 (GB/T 32918). Keys are immutable, cheap to copy and thread-safe.
#pragma once
#include <jx/core/bytes.hpp>
#include <jx/crypto/secret.hpp>

#include <array>
#include <memory>
#include <string>

struct evp_pkey_st;

namespace jx::crypto {

using Signature = std::array<std::uint8_t, 64>;  // Ed25519: R || S; SM2: r || s, both big-endian

/// Why copies share: OpenSSL's key is counted by reference and is not changed once it is made.
using KeyHandle = std::shared_ptr<evp_pkey_st>;

class Ed25519PublicKey {
 public:
  static constexpr std::size_t raw_bytes = 32;
  /// Errors: invalid (not 32 octets).
  [[nodiscard]] static Result<Ed25519PublicKey> from_raw(ByteView raw);
  /// SubjectPublicKeyInfo. Errors: invalid.
  [[nodiscard]] static Result<Ed25519PublicKey> from_pem(std::string_view pem);
  [[nodiscard]] const std::array<std::uint8_t, raw_bytes>& raw() const { return raw_; }
  [[nodiscard]] std::string pem() const;
  /// False for any other length than 64 too.
  [[nodiscard]] bool verify(ByteView message, ByteView signature) const;
  friend bool operator==(const Ed25519PublicKey& a, const Ed25519PublicKey& b) { return a.raw_ == b.raw_; }

 private:
  friend class Ed25519Key;
  explicit Ed25519PublicKey(KeyHandle handle);
  KeyHandle handle_;
  std::array<std::uint8_t, raw_bytes> raw_{};
};

class Ed25519Key {
 public:
  static constexpr std::size_t seed_bytes = 32;
  [[nodiscard]] static Ed25519Key generate();
  /// From the 32-octet secret of RFC 8032. Errors: invalid.
  [[nodiscard]] static Result<Ed25519Key> from_seed(ByteView seed);
  /// PKCS #8, not encrypted. Errors: invalid.
  [[nodiscard]] static Result<Ed25519Key> from_pem(std::string_view pem);
  [[nodiscard]] SecureBytes pem() const;
  [[nodiscard]] Ed25519PublicKey public_key() const;
  [[nodiscard]] Signature sign(ByteView message) const;

 private:
  explicit Ed25519Key(KeyHandle handle) : handle_(std::move(handle)) {}
  KeyHandle handle_;
};

/// The user id where the parties have not agreed on another (GM/T 0009-2012 clause 10).
inline constexpr std::string_view sm2_default_id = "1234567812345678";

class Sm2PublicKey {
 public:
  static constexpr std::size_t raw_bytes = 65;
  /// 0x04 || x || y. Errors: invalid (wrong length, or not a point of the curve).
  [[nodiscard]] static Result<Sm2PublicKey> from_raw(ByteView raw);
  /// SubjectPublicKeyInfo. Errors: invalid.
  [[nodiscard]] static Result<Sm2PublicKey> from_pem(std::string_view pem);
  [[nodiscard]] const std::array<std::uint8_t, raw_bytes>& raw() const { return raw_; }
  [[nodiscard]] std::string pem() const;
  /// False for any other length than 64 too.
  [[nodiscard]] bool verify(ByteView message, ByteView signature, std::string_view user_id = sm2_default_id) const;
  friend bool operator==(const Sm2PublicKey& a, const Sm2PublicKey& b) { return a.raw_ == b.raw_; }

 private:
  friend class Sm2Key;
  explicit Sm2PublicKey(KeyHandle handle);
  KeyHandle handle_;
  std::array<std::uint8_t, raw_bytes> raw_{};
};

class Sm2Key {
 public:
  [[nodiscard]] static Sm2Key generate();
  /// From the 32-octet scalar d, 1 <= d <= n-2. Errors: invalid.
  [[nodiscard]] static Result<Sm2Key> from_scalar(ByteView d);
  /// PKCS #8, not encrypted. Errors: invalid.
  [[nodiscard]] static Result<Sm2Key> from_pem(std::string_view pem);
  [[nodiscard]] SecureBytes pem() const;
  [[nodiscard]] Sm2PublicKey public_key() const;
  [[nodiscard]] Signature sign(ByteView message, std::string_view user_id = sm2_default_id) const;

 private:
  explicit Sm2Key(KeyHandle handle) : handle_(std::move(handle)) {}
  KeyHandle handle_;
};

/// r || s as the DER SEQUENCE { INTEGER, INTEGER } that other tools speak (GB/T 35276), and back.
[[nodiscard]] Bytes sm2_signature_to_der(const Signature& signature);
/// Errors: invalid (not that DER, canonical).
[[nodiscard]] Result<Signature> sm2_signature_from_der(ByteView der);

}  // namespace jx::crypto
