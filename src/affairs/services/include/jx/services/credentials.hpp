// credentials.hpp - certificates as anyone holds them: SD-JWT VC (RFC 9901, draft-ietf-oauth-sd-jwt-vc) with a status list
// (draft-ietf-oauth-status-list), checked with the issuer's key alone: no register, no network.
//
//   <issuer's JWS>~<disclosure>~...~     what the holder leaves out of the disclosures stays hidden; the rest is proved by its hash in the JWS
//   <issuer's JWS>                       the short form of a printed code: a few claims, all of them open
#pragma once
#include <jx/core.hpp>
#include <jx/core/words.hpp>
#include <jx/crypto/sign.hpp>

#include <boost/describe/enum.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace jx::services {

inline constexpr std::size_t signed_bytes_max = 32 * 1024;
inline constexpr std::size_t disclosures_max = 64;
inline constexpr std::size_t status_bytes_max = 1024 * 1024;  // of a signed status list

/// What a certificate is worth; the numbers are those of the status list.
enum class CertificateStatus { in_force = 0, revoked = 1, suspended = 2 };
BOOST_DESCRIBE_ENUM(CertificateStatus, in_force, revoked, suspended)

/// A certificate whose signature is right.
struct OpenedCredential {
  boost::json::object header;
  boost::json::object claims;  // with what is disclosed in its place, without the hashes of what is not
};

/// Errors: too_large; invalid (no certificate; another key's; altered; a disclosure that the issuer did not sign).
[[nodiscard]] Result<OpenedCredential> open_credential(std::string_view text, const crypto::Ed25519PublicKey& key);

/// The key of a PEM file, a JWK, a JWK set, or the metadata at /.well-known/jwt-vc-issuer. Errors: invalid.
[[nodiscard]] Result<crypto::Ed25519PublicKey> issuer_key(std::string_view text);

/// What a signed status list says of a certificate. Errors: invalid (not signed by `key`; it has run out; another list than the certificate names).
[[nodiscard]] Result<CertificateStatus> status_in(std::string_view list, const crypto::Ed25519PublicKey& key, const OpenedCredential& credential,
                                                  Instant now);

struct OfflineVerdict {
  bool valid = false;
  Words reason;
  boost::json::object claims;  // empty where the signature is not right
};
/// Signature, term and, where a list is at hand, revocation.
[[nodiscard]] OfflineVerdict verify_offline(std::string_view text, const crypto::Ed25519PublicKey& key, std::optional<std::string_view> list,
                                            Instant now);

}  // namespace jx::services
