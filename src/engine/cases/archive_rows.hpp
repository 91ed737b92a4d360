// archive_rows.hpp - the rows of a case as the octets of one record, and back.
//
//   record   = version tables          version: one octet
//   tables   = *( table count rows )   table: one octet, its place in archived_tables; count: 4 octets
//   row      = cells *cell             cells: one octet
//   cell     = "n" / "i" 8 octets / "r" 8 octets / "t" length octets / "b" length octets      length: 4 octets; numbers big-endian
#pragma once
#include <jx/core.hpp>
#include <jx/db.hpp>
#include <jx/ledger/state.hpp>

#include <span>
#include <vector>

namespace jx::cases {

inline constexpr std::uint8_t record_version = 1;
inline constexpr std::size_t record_bytes_max = 64U << 20U;  // of one case, before it is compressed

/// A table that has rows of a case.
struct ArchivedTable {
  const db::Query* rows;   // by the case
  const db::Query* put;    // all columns, in the order of `rows`
  const db::Query* drop;   // by the case; null: its row stays
  std::string_view state;  // the state table that vouches for its rows, whose key are the first columns; empty: none does
};
/// In the order in which rows are put; they are dropped in the reverse order.
[[nodiscard]] std::span<const ArchivedTable> archived_tables();

/// All rows of a case. Errors: too_large; those of the database.
[[nodiscard]] Result<Bytes> read_rows(db::Tx& tx, CaseId id);
/// Puts them into tables that lack them. Errors: corrupt (not a record; one of another version).
[[nodiscard]] Result<> put_rows(db::Tx& tx, ByteView record);

/// How many rows of a case entries vouch for.
[[nodiscard]] Result<std::size_t> vouched_rows(db::Tx& tx, CaseId id);

/// Whether the rows of a case, and its timeline, are what the ledger last said of them. Errors: corrupt (an entry cannot be read).
[[nodiscard]] Result<bool> are_as_recorded(db::Tx& tx, CaseId id);

/// Drops the rows of a case but for its row of case_file. Answers what an entry has to vouch for: that they are gone.
[[nodiscard]] Result<std::vector<ledger::StateHash>> drop_rows(db::Tx& tx, CaseId id);

}  // namespace jx::cases
