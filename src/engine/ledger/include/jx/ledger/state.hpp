// state.hpp - how an entry vouches for the rows that its act left, and how `db check` finds a row changed by hand.
//
// A module declares each table it wants vouched for:
//   const ledger::StateTable case_table{"cases.case", 1, 1, &sql::case_state_row, &sql::case_state_rows};
// where the first query answers one row by its key and the second all rows; both answer the key columns first and then every column that matters,
// in one order. An act that changed a row puts state_of(tx, case_table, id) into its entry; when it deleted the row, the answer says so.
// The module hands out its tables (`std::span<const ledger::StateTable> state_tables()`), app gives them all to check_state.
// When the columns change, the module declares version 2 and keeps version 1, whose queries still answer the columns of then.
#pragma once
#include <jx/core.hpp>
#include <jx/crypto/hash.hpp>
#include <jx/db.hpp>

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jx::ledger {

struct StateTable {
  std::string_view name;    // `<module>.<thing>`
  std::int64_t version;     // of the list of columns, from 1
  std::size_t key_columns;  // how many of the first columns are the key
  const db::Query* row;     // parameters: the key columns
  const db::Query* rows;    // no parameters; every row, in any order
};

/// SHA-256 over the cells of a row, each with its type and length (docs/ledger.md, "State hashes"). The same on both databases.
struct StateHash {
  std::string table;
  std::int64_t version = 1;
  std::string key;                       // the key columns: UUID, text or number, joined by '/'
  std::optional<crypto::Digest> sha256;  // none: the row is gone
};

/// The hash of the row as this transaction sees it. Errors: those of the database.
[[nodiscard]] Result<StateHash> state_of_params(db::Tx& tx, const StateTable& table, std::span<const db::Param> key);
template <class... P>
[[nodiscard]] Result<StateHash> state_of(db::Tx& tx, const StateTable& table, const P&... key) {
  const std::array<db::Param, sizeof...(P)> list{db::Param(key)...};
  return state_of_params(tx, table, list);
}

/// The hash of a row that is at hand: all columns of the table's query, in its order.
[[nodiscard]] StateHash state_from(const StateTable& table, const db::Row& row);
/// That a row, of which at least the key columns are at hand, is gone.
[[nodiscard]] StateHash gone_from(const StateTable& table, const db::Row& row);

/// What an act that erases these entries has to vouch for anew: the rows that are still as the entries recorded them, gone ones too. A row that is
/// not is left to the newer entry that changed it, or to `db check`. Errors: corrupt (a body is not what was recorded).
[[nodiscard]] Result<std::vector<StateHash>> still_vouched_for(db::Tx& tx, std::span<const StateTable> tables, std::span<const Uuid> entries);

/// What the entries about a subject (`case:...`) say last of the rows that they vouch for.
struct Vouched {
  std::map<std::pair<std::string, std::string>, StateHash> rows;  // by table and key
  bool erased = false;  // some of the entries are: what they vouched for is with the record of their erasure
};
/// Errors: corrupt (a body is not what was recorded).
[[nodiscard]] Result<Vouched> vouched_about(db::Tx& tx, std::string_view subject);
/// The same of one entry. Errors: not_found; corrupt.
[[nodiscard]] Result<Vouched> vouched_by(db::Tx& tx, const Uuid& id);

struct AlteredRow {
  enum class How { altered, missing, unrecorded };  // another content; gone without an entry; there without an entry
  How how = How::altered;
  std::string table;
  std::string key;
  std::string entry;  // the id of the newest entry that vouches for it; empty for unrecorded
};

struct StateReport {
  static constexpr std::size_t rows_listed_max = 1000;
  std::uint64_t entries_read = 0;
  std::uint64_t entries_erased = 0;  // these vouch for nothing any more; one that no entry says was erased is a row missing from `ledger.body`
  std::uint64_t rows_checked = 0;
  std::uint64_t rows_altered = 0;  // of which the first rows_listed_max are listed
  std::vector<AlteredRow> rows;
  std::vector<std::string> tables_unknown;  // named by entries, declared by nobody
};

/// Compares every row of `tables` with the newest hash that an entry holds for it, on one snapshot. Reads every body once; memory about 100 bytes a
/// row. Errors: corrupt (a body cannot be read: verify the ledger first); those of the database.
[[nodiscard]] Result<StateReport> check_state(db::Database& database, std::span<const StateTable> tables);

}  // namespace jx::ledger
