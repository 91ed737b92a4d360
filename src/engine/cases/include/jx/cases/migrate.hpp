// migrate.hpp - running cases taken over by another version of their process: a dry run that lists each, then chunk by chunk.
#pragma once
#include <jx/cases.hpp>
#include <jx/crypto/hash.hpp>

#include <map>
#include <string>
#include <vector>

namespace jx::cases {

inline constexpr std::size_t migration_page_max = 200;   // cases of one dry run
inline constexpr std::size_t migration_chunk = 50;       // cases of one transaction
inline constexpr std::size_t migration_names_max = 500;  // renamed elements

/// From one version of a process to another.
struct MigrationPath {
  ProcessId process;
  crypto::Digest from{};
  crypto::Digest to{};
  std::map<std::string, std::string, std::less<>> renamed;  // elements: old id to new id; those of equal ids need no mention
};

/// What becomes of a place where the case stands.
struct Move {
  std::string from;  // element of the old version
  std::string to;    // of the new one
  Words words;
};
/// Why the case would not fit.
struct Misfit {
  std::string element;  // of the old version; of the new one where something is missing there
  Words words;
};
struct CaseMove {
  CaseId id;
  std::string number;
  std::vector<Move> moves;
  std::vector<Misfit> misfits;  // none: it fits
};

/// A version of a process by `current`, by v1, v2 ..., or by the first 8 or more hexadecimal digits of its hash.
/// Errors: not_found; invalid (several begin so).
[[nodiscard]] Result<crypto::Digest> find_version(db::Tx& tx, const ProcessId& process, std::string_view text);
/// Checks that both versions are known, hold the process and differ, and that what is renamed exists. Errors: not_found; invalid; corrupt.
[[nodiscard]] Result<> check_path(Engine& engine, db::Tx& tx, const MigrationPath& path);

/// The next running cases under the old version after `after` (nil: the first), with what would happen to each. Changes nothing.
/// Errors: those of check_path.
[[nodiscard]] Result<std::vector<CaseMove>> plan_migration(Engine& engine, db::Tx& tx, const Context& ctx, const MigrationPath& path, CaseId after,
                                                           std::size_t limit);

struct Migration {
  MigrationId id;
  MigrationPath path;
  Instant started_at;
  std::optional<Instant> ended_at;
  std::int64_t moved = 0;
  std::int64_t left = 0;  // did not fit, and go on under the old version
};
/// Records a migration. With `by_worker`, a job carries it out; else whoever calls migrate_some(). One at a time on one old version.
/// Errors: those of check_path; conflict (one is under way).
[[nodiscard]] Result<MigrationId> start_migration(Engine& engine, db::Tx& tx, const Context& ctx, const MigrationPath& path, bool by_worker);
/// That which is under way on an old version, if any.
[[nodiscard]] Result<std::optional<MigrationId>> migration_under_way(db::Tx& tx, const ProcessId& process, const crypto::Digest& from);
/// Moves the next `migration_chunk` cases that fit; each is a ledger entry and an event of its timeline. Answers whether there is more.
/// Errors: not_found.
[[nodiscard]] Result<bool> migrate_some(Engine& engine, db::Tx& tx, const Context& ctx, MigrationId id);
[[nodiscard]] Result<Migration> migration(db::Tx& tx, MigrationId id);
/// Newest first, at most 50.
[[nodiscard]] Result<std::vector<Migration>> migrations(db::Tx& tx, const ProcessId& process);

}  // namespace jx::cases
