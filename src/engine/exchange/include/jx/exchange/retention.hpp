// retention.hpp - how long the record of uses is kept in the database, and the files that it is moved into afterwards (Order 809 art. 29: logs are
// kept at least three years).
//
// A file holds one use a line, as JSON (UsageLine), oldest first, and is written before the act that removes its rows. That act's ledger entry,
// `exchange.usage_exported`, has the file's SHA-256 and says of each row that it is gone. The entry of each use stays in the ledger: a receipt that
// was given for it is verified as ever, and `receipt_of_moved` gives one afterwards.
#pragma once
#include <jx/exchange.hpp>
#include <jx/exchange/receipts.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jx::exchange {

inline constexpr int usage_years_min = 3;
inline constexpr std::size_t moved_uses_max = 2'000;      // of one file and its act
inline constexpr std::size_t exported_uses_max = 10'000;  // of one answer on demand

/// A use as it stands in a file.
struct UsageLine {
  UsageId id;
  Instant at;
  UnitId consumer, provider;
  ResourceId resource;
  GrantId grant;
  std::vector<std::string> fields;
  std::int64_t records = 0;
  std::optional<Uuid> matter;
  std::optional<std::string> matter_number;
  std::optional<ItemId> item;
  std::optional<ProgrammeId> programme;
  std::string on_word;  // official, applicant, at_counter
  std::optional<AccountId> account;
  std::optional<std::string> refused;  // why, in English; absent: it was answered
  ledger::EntryId entry;
  std::vector<PersonId> about;  // persons and firms
};
BOOST_DESCRIBE_STRUCT(UsageLine, (),
                      (id, at, consumer, provider, resource, grant, fields, records, matter, matter_number, item, programme, on_word, account,
                       refused, entry, about))

struct Moved {
  std::int64_t uses = 0;
  std::int64_t left = 0;        // that are not what the ledger says: they stay, for `db check` to name
  std::optional<UsageId> next;  // there may be more after this one
};
/// Moves the oldest uses made before `before` and after the use `after` (nil: from the first) into one file below `folder`, and removes their rows:
/// one file, then one act. Errors: unavailable (the disk); conflict (another program moved some of them meanwhile); those of the database.
[[nodiscard]] Result<Moved> move_usage(db::Database& database, const Context& ctx, const std::filesystem::path& folder, Instant before,
                                       const UsageId& after = {});

/// Since when uses are in the database; nothing: none was ever moved.
[[nodiscard]] Result<std::optional<Instant>> usage_kept_since(db::Tx& tx);

/// The uses of a period, for the data authority, at most exported_uses_max after the use `after` (nil: from the first).
struct UsagePart {
  std::vector<UsageLine> lines;
  std::optional<UsageId> next;
};
/// Errors: conflict (uses of that period were moved into files: says since when they are here).
[[nodiscard]] Result<UsagePart> usage_between(db::Tx& tx, Instant from, Instant until, const UsageId& after = {});
/// The same as text: a line of JSON each; or CSV (RFC 4180) with the names of UsageLine in the first line if `header`.
[[nodiscard]] std::string usage_ndjson(const UsagePart& part);
[[nodiscard]] std::string usage_csv(const UsagePart& part, bool header);

/// What both sides of a use may ask for: which units they are. Of a use that was moved, by its ledger entry alone.
struct MovedUsage {
  ledger::EntryId entry;
  UnitId consumer, provider;
};
/// Errors: not_found.
[[nodiscard]] Result<MovedUsage> moved_usage(db::Tx& tx, const UsageId& id);

/// The files of exports that are missing or not what was recorded, by their names. Errors: those of the database.
[[nodiscard]] Result<std::vector<std::string>> check_usage_files(db::Database& database, const std::filesystem::path& folder);

}  // namespace jx::exchange
