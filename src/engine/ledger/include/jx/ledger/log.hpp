// log.hpp - the logs of a node: opening, the resources that are served, proofs, succession.
//
// A node has one log; after a recovery that lost entries it opens a successor. Log 1 has the origin that it was opened with, such as
// `yunxi.example/ledger`; log n the same with `/n`. Under /ledger/ the paths of c2sp.org/tlog-tiles reach the newest log, under /ledger/<n>/ log n.
#pragma once
#include <jx/core.hpp>
#include <jx/db.hpp>
#include <jx/ledger.hpp>
#include <jx/ledger/merkle.hpp>
#include <jx/ledger/signer.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jx::ledger {

struct LogInfo {
  std::int64_t log = 0;
  std::string origin;
  Instant opened_at;
  std::uint64_t size = 0;  // leaves in the tree
  Hash root{};
  std::uint64_t checkpoint_size = 0;      // leaves under the newest checkpoint
  std::optional<std::string> checkpoint;  // the signed note; none before the first
  std::optional<std::string> succession;  // the signed note that declares it, of a successor
};

/// The newest log; opens log 1 under `origin` where there is none. Errors: invalid (origin: 1 to 200 characters, no space, no plus, none at the
/// ends but letters and digits); conflict (the database has logs of another origin).
[[nodiscard]] Result<LogInfo> open_log(db::Tx& tx, const Context& ctx, std::string_view origin);
/// Errors: not_found (none is open).
[[nodiscard]] Result<LogInfo> newest_log(db::Tx& tx);
/// All, in order.
[[nodiscard]] Result<std::vector<LogInfo>> logs(db::Tx& tx);

/// Closes the newest log as this database has it and opens its successor, which takes every entry that has no place yet. For recovery only, when the
/// signer refuses and the lost entries cannot be restored. Records `ledger.succeeded` with `reason` and signs a note that everybody may read:
///   <new origin> / succeeds / <old origin> / <size> / <root in base64> / <reason>, a line each.
/// Errors: not_found (no log); invalid (reason: one line, 1 to 500 octets).
[[nodiscard]] Result<LogInfo> open_successor(db::Tx& tx, const Context& ctx, const Signer& signer, std::string_view reason);

struct Resource {
  Bytes octets;
  std::string_view media_type;
  bool immutable = false;  // may be cached for ever; else for a second or so
};

/// What is served under /ledger/: `checkpoint`, `tile/...` and, of a successor, `succession`; each also after `<n>/`. Errors: not_found (no such
/// resource, or beyond the newest checkpoint).
[[nodiscard]] Result<Resource> resource(db::Tx& tx, std::string_view path);

/// All that somebody needs to convince himself that an entry is in the log, given its salt and body.
struct EntryProof {
  EntryId id;
  Place place;
  std::uint64_t size = 0;     // of the tree, that of the checkpoint
  std::string leaf;           // as it was hashed
  std::vector<Hash> hashes;   // inclusion proof, from the leaf up
  std::string checkpoint;     // signed note
  std::optional<Bytes> salt;  // with the body it gives the leaf's hash; none once erased
  std::optional<std::string> body;
};
/// Proves an entry against the newest checkpoint. Who may see salt and body is for the caller to decide.
/// Errors: not_found; unavailable (not under a checkpoint yet: ask again in a second).
[[nodiscard]] Result<EntryProof> prove(db::Tx& tx, EntryId id);
/// Errors: invalid (not 1 <= size1 <= size2 <= the checkpoint's size); not_found (no such log).
[[nodiscard]] Result<std::vector<Hash>> prove_consistency(db::Tx& tx, std::int64_t log, std::uint64_t size1, std::uint64_t size2);
/// The root of the first `size` leaves of a log. Errors: invalid (beyond the tree); corrupt (a tile is missing).
[[nodiscard]] Result<Hash> root_at(db::Tx& tx, const LogInfo& log, std::uint64_t size);

}  // namespace jx::ledger
