// certificates.hpp - the client certificates by which the account of a unit's own system is known, in place of a password (mutual TLS).
// Every change is a ledger entry of the same transaction. A binding that is ended counts no more from the next call on.
#pragma once
#include <jx/core.hpp>
#include <jx/crypto/hash.hpp>
#include <jx/db.hpp>
#include <jx/identity/rights.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jx::identity {

inline constexpr std::size_t certificates_per_account_max = 4;  // that hold at one time: the old one and the new one while a system changes over

/// SHA-256 of a key's SubjectPublicKeyInfo in DER, as 64 lower-case hexadecimal digits.
using KeyFingerprint = std::string;
/// Upper case and colons between octets are taken too. Errors: invalid.
[[nodiscard]] Result<KeyFingerprint> parse_fingerprint(std::string_view text);

struct Certificate {
  KeyFingerprint key;
  AccountId account;
  Instant bound_at;
  std::optional<Instant> ended_at;
};

/// From now on who proves to have the key is that account; does nothing where it is so already.
/// Errors: not_found (account); invalid (the account is a person's); conflict (the key is, or was, another account's); too_large.
[[nodiscard]] Result<> bind_certificate(db::Tx& tx, const Context& ctx, const AccountId& id, const KeyFingerprint& key);
/// Errors: not_found (no such binding of this account, or ended before).
[[nodiscard]] Result<> end_certificate(db::Tx& tx, const Context& ctx, const AccountId& id, const KeyFingerprint& key);
/// Those that were ever bound, the oldest first.
[[nodiscard]] Result<std::vector<Certificate>> certificates_of(db::Tx& tx, const AccountId& id);
/// The accounts of units' systems, by name.
[[nodiscard]] Result<std::vector<Account>> machine_accounts(db::Tx& tx);

}  // namespace jx::identity
