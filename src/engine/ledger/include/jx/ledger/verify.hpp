// verify.hpp - checks a whole log, leaf by leaf, wherever it lies; and writes one out as files.
#pragma once
#include <jx/core.hpp>
#include <jx/db.hpp>
#include <jx/ledger/note.hpp>
#include <jx/ledger/tiles.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace jx::ledger {

struct SaltedBody {
  Bytes salt;
  std::string body;
};

/// Where a log lies. Called from one thread.
struct Source {
  /// The octets of a resource by its path in c2sp.org/tlog-tiles (`checkpoint`, `tile/0/x001/234.p/5`); nothing if there is none.
  std::function<Result<std::optional<Bytes>>(const std::string& path)> fetch;
  /// Salt and body of the entries [first, first + count), nothing for one that was erased. Left empty where bodies cannot be read.
  std::function<Result<std::vector<std::optional<SaltedBody>>>(std::uint64_t first, std::size_t count)> bodies;
};

/// A folder in the layout of tlog-tiles, such as export_log writes.
[[nodiscard]] Source folder_source(std::filesystem::path folder);
/// A log of a database, with its bodies. `database` outlives it.
[[nodiscard]] Source database_source(db::Database& database, std::int64_t log);

/// One thing that is wrong, and where.
struct Finding {
  std::string path;                    // of the resource
  std::optional<std::uint64_t> entry;  // index of the entry, where it is one
  Words what;
};

struct VerifyReport {
  static constexpr std::size_t findings_listed_max = 100;
  Checkpoint checkpoint;
  std::uint64_t entries = 0;  // whose leaf hash is in the tree
  std::uint64_t tiles = 0;    // held against their leaves, bundles not counted
  std::uint64_t bodies = 0;   // held against their leaves
  std::uint64_t bodies_erased = 0;
  std::uint64_t findings_count = 0;  // of which the first findings_listed_max are listed
  std::vector<Finding> findings;
  [[nodiscard]] bool good() const { return findings_count == 0; }
};

/// `done` entries of `total` are checked.
using VerifyProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Checks that one of `keys` signed the checkpoint and every known signature holds, that its root is the root over all entries, every tile on every
/// level, and each readable body. What is wrong is in the report; 256 entries at a time are in memory. Errors: not_found (no checkpoint); invalid (it
/// cannot be read, or none of `keys` signed it); those of the source.
[[nodiscard]] Result<VerifyReport> verify(const Source& source, std::span<const NoteKey> keys, const VerifyProgress& progress = {});

/// Writes checkpoint, tiles and bundles of a log's newest checkpoint under `folder`, which is made; the checkpoint last. Other tools and any web
/// server can serve it. Salts and bodies stay in the database. Errors: not_found (no log, or no checkpoint yet); unavailable (disk); corrupt.
[[nodiscard]] Result<Checkpoint> export_log(db::Database& database, std::int64_t log, const std::filesystem::path& folder);

}  // namespace jx::ledger
