// certificate.hpp - what is read of an X.509 certificate beside TLS itself.
#pragma once
#include <jx/crypto/hash.hpp>

#include <string_view>

namespace jx::crypto {

/// SHA-256 of the SubjectPublicKeyInfo, in DER, of the first certificate of a PEM text: the same for every certificate of one key (RFC 7469
/// section 2.4). Errors: invalid.
[[nodiscard]] Result<Digest> certificate_key_sha256(std::string_view pem);

}  // namespace jx::crypto
