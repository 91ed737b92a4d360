// ledger.hpp - the record of every act: append in the act's own transaction, read, erase.
// What comes after the commit (tree, checkpoints, proofs) is in jx/ledger/log.hpp, sequencer.hpp and verify.hpp.
#pragma once
#include <jx/core.hpp>
#include <jx/crypto/hash.hpp>
#include <jx/db.hpp>
#include <jx/ledger/state.hpp>

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jx::ledger {

using EntryId = Id<struct EntryTag>;

inline constexpr std::size_t body_bytes_max = 1024 * 1024;  // of the canonical body of one entry
inline constexpr std::size_t subjects_max = 64;
inline constexpr std::size_t state_hashes_max = 8192;

/// What an entry is about, as text for the index: `case:0193...`, `grant:fire-reads-premises`. Errors of append: invalid unless kind and id are
/// keys (jx::check_key); a person is named by PersonId, never by a number that people carry.
template <class IdOrKey>
[[nodiscard]] std::string subject(std::string_view kind, const IdOrKey& id) {
  return std::string(kind) + ":" + std::string(id.text());
}

/// One act, for the record.
struct Entry {
  std::string kind;                   // a key, `<module>.<past participle>`: `case.opened`, `grant.revoked`
  std::vector<std::string> subjects;  // at most subjects_max, each made by subject()
  boost::json::object body;           // what was done, for those who may read it: members in snake_case, numbers within ±2^53
  std::vector<StateHash> state;       // the state rows that the act left (state_of), at most state_hashes_max
};

/// Records an act with its actor, request and time of `ctx`: all in `tx`, or nothing. The entry gets its place in the log within a second of the
/// commit. Only within Database::write: there the order of two acts on one row is the order of their entries. Errors: invalid (kind, subject, a
/// number that JSON cannot keep); too_large (body beyond body_bytes_max); those of the database.
[[nodiscard]] Result<EntryId> append(db::Tx& tx, const Context& ctx, const Entry& entry);

/// Where an entry stands: log (1, then 2 ... after a succession) and index from 0.
struct Place {
  std::int64_t log = 0;
  std::uint64_t index = 0;
  friend bool operator==(const Place&, const Place&) = default;
};

struct StoredEntry {
  EntryId id;
  Instant at;
  std::string kind;
  std::optional<Place> place;  // none until it is sequenced
  std::optional<std::string>
      body;  // the canonical JSON that was hashed: {actor, at, body, id, kind, request, state, subjects, version}; none once erased
};

/// Errors: not_found.
[[nodiscard]] Result<StoredEntry> read(db::Tx& tx, EntryId id);
/// The entries about a subject in the order of their writing, at most `count_max` (<= 1000) after `after` (nil: from the first).
[[nodiscard]] Result<std::vector<StoredEntry>> about(db::Tx& tx, std::string_view subject, EntryId after, std::size_t count_max);
/// The change feed: the entries of a log from an index on, in order, at most `count_max` (<= 1000).
[[nodiscard]] Result<std::vector<StoredEntry>> feed(db::Tx& tx, Place from, std::size_t count_max);

/// Erases salt, body and subjects of entries for good; their leaves stay, so every proof holds. `act` is the entry that records it: its body
/// gets the member `erased` (list of ids). Rows whose newest hash was in an erased body need a new StateHash in `act`.
/// Errors: not_found; conflict (erased before, or itself the record of an erasure); those of append.
[[nodiscard]] Result<EntryId> erase(db::Tx& tx, const Context& ctx, std::span<const EntryId> ids, const Entry& act);

/// The entries whose salt or body is gone although no entry says that it was erased: somebody took them out of the database.
[[nodiscard]] Result<std::vector<EntryId>> erased_without_record(db::Tx& tx);

}  // namespace jx::ledger
