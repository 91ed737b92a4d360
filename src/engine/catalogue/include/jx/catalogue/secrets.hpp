// secrets.hpp - the passwords and tokens of sources, sealed under the program's own key. They are in no pack, no wire form, no ledger entry, no log.
#pragma once
#include <jx/catalogue.hpp>
#include <jx/crypto/seal.hpp>
#include <jx/ledger.hpp>

#include <functional>

namespace jx::catalogue {

inline constexpr std::size_t secret_bytes_max = 4'096;

/// Seals the secret of a source and keeps it in place of the one before. It is tied to the source, to the name `source.secret` and to where it goes
/// (address_of): with another host, port, user, database or URL it does not open and has to be given again, so nobody has it sent elsewhere.
/// Errors: not_found (no such source); invalid (/secret: the source names none; /secret_value: empty, too long, with a NUL or line break).
[[nodiscard]] Result<ledger::EntryId> set_secret(db::Tx& tx, const Context& ctx, const crypto::KeyRing& keys, const SourceId& source,
                                                 std::string_view value);
/// Errors: unavailable (none was given, or for another address: says what to do); those of KeyRing::open.
[[nodiscard]] Result<crypto::SecureBytes> secret(db::Tx& tx, const crypto::KeyRing& keys, const Source& source);
/// Whether there is one, for whatever address. Errors: those of the database.
[[nodiscard]] Result<bool> has_secret(db::Tx& tx, const SourceId& source);

/// How connectors ask for it: each time that they connect.
using Secrets = std::function<Result<crypto::SecureBytes>(const Source&)>;

}  // namespace jx::catalogue
