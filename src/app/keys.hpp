// keys.hpp - the key folder of a node, mode 0700: ledger/ (jx/ledger/signer.hpp) and certificates.pem (Ed25519, PKCS #8, 0600), attachments.keys
// (jx/crypto/seal.hpp: what the keys of attachments are sealed with), masks.keys (of the same form: what pseudonyms and hashes are made with).
#pragma once
#include <jx/core.hpp>
#include <jx/crypto/seal.hpp>
#include <jx/crypto/sign.hpp>
#include <jx/ledger/signer.hpp>

#include <filesystem>
#include <optional>

namespace jx::app {

struct Keys {
  ledger::Signer ledger;
  crypto::Ed25519Key certificates;
  crypto::KeyRing attachments;
  std::optional<crypto::KeyRing> masks;  // nothing: no such file, and masks that need a key show nothing
};

/// Makes what is not there yet; says whether anything was made. Errors: unavailable; forbidden.
[[nodiscard]] Result<bool> make_keys(const std::filesystem::path& folder);
/// Errors: not_found (make them with `junxian init`); forbidden (others may read a key); invalid.
[[nodiscard]] Result<Keys> load_keys(const std::filesystem::path& folder);

}  // namespace jx::app
