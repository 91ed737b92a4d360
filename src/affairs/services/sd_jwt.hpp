// sd_jwt.hpp - how certificates and status lists are signed: compact JWS (RFC 7515) with EdDSA (RFC 8037), claims hidden by hashes (RFC 9901).
#pragma once
#include <jx/core/clock.hpp>
#include <jx/crypto/sign.hpp>
#include <jx/services/credentials.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jx::services {

inline constexpr std::string_view credential_type = "dc+sd-jwt";
inline constexpr std::string_view printed_type = "certificate+jwt";
inline constexpr std::string_view status_list_type = "statuslist+jwt";
inline constexpr unsigned status_bits = 2;

/// header.payload.signature
[[nodiscard]] std::string sign_compact(const crypto::Ed25519Key& key, const boost::json::object& header, const boost::json::object& payload);

/// The parts of a compact JWS whose signature is right. Errors: invalid.
[[nodiscard]] Result<OpenedCredential> open_compact(std::string_view text, const crypto::Ed25519PublicKey& key);

/// Claims that the holder may keep to herself, each with 128 bits of salt.
class Disclosures {
 public:
  explicit Disclosures(Random& random) : random_(random) {}
  /// Puts the hash of a claim among those of `object`.
  void hide(boost::json::object& object, std::string_view name, const boost::json::value& value);
  /// Sorts the hashes of an object, so that their order says nothing.
  static void close(boost::json::object& object);
  /// What follows the JWS: ~disclosure~disclosure~
  [[nodiscard]] std::string text() const;

 private:
  Random& random_;
  std::vector<std::string> encoded_;
};

/// The list of `size` values, two bits each, the lowest first, compressed with zlib (RFC 1950).
[[nodiscard]] std::string encode_status_list(std::size_t size, std::span<const std::pair<std::size_t, CertificateStatus>> values);
/// Errors: invalid (not zlib; larger than 16 MiB; no such index).
[[nodiscard]] Result<CertificateStatus> decode_status(std::string_view list, std::size_t index);

}  // namespace jx::services
