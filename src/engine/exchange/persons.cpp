// persons.cpp - whom uses were about. By person the rows lie all over their table, a page each; so a call leaves them in the order of the uses, in a
// page that it shares with many, and they are taken over a second later, those together that lie together (as subjects.cpp of the ledger does).
#include <jx/exchange/persons.hpp>

#include <jx/exchange.hpp>

#include "exchange_sql.hpp"
#include "usage_rows.hpp"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

namespace jx::exchange {
namespace {

constexpr std::size_t rows_a_pass = 16'384;  // in memory at the same time
constexpr std::size_t rows_an_act = 500;     // acts of others wait for no more than that

using PersonRow = std::pair<PersonId, UsageId>;

Result<> in_parts(db::Database& database, Instant deadline, const std::vector<PersonRow>& rows, const db::Query& query) {
  for (std::size_t from = 0; from < rows.size(); from += rows_an_act) {
    const auto part = std::span(rows).subspan(from, std::min(rows_an_act, rows.size() - from));
    JX_CHECK(database.write_relaxed(deadline, [&](db::Tx& tx) -> Result<> {
      for (const auto& [person, usage] : part) JX_CHECK(tx.later(query, usage, person));
      return {};
    }));
  }
  return {};
}

/// SQLite has one writer: nothing comes between two of its statements.
Result<bool> index_in_order(db::Database& database, Instant deadline) {
  JX_TRY(waiting, database.read(deadline, [](db::Tx& tx) -> Result<std::vector<PersonRow>> {
    std::vector<PersonRow> rows;
    JX_CHECK(tx.each(
        sql::persons_waiting,
        [&](db::Row&& row) -> Result<> {
          rows.emplace_back(row.id<PersonId>(1), row.id<UsageId>(0));
          return {};
        },
        rows_a_pass));
    return rows;
  }));
  auto sorted = waiting;
  std::ranges::sort(sorted);
  JX_CHECK(in_parts(database, deadline, sorted, sql::person_index));
  JX_CHECK(in_parts(database, deadline, waiting, sql::person_release));
  return waiting.size() == rows_a_pass;
}

/// PostgreSQL does it in one statement, so that an act that takes out a use sees all of it or nothing.
Result<bool> index_at_once(db::Database& database, Instant deadline) {
  JX_TRY(rows, database.write_relaxed(deadline, [](db::Tx& tx) { return tx.run(sql::persons_index_some, rows_a_pass); }));
  return static_cast<std::size_t>(rows) >= rows_a_pass;
}

}  // namespace

Result<> index_persons(db::Database& database, Instant deadline) {
  for (bool more = true; more;) {
    JX_TRY(full, database.dialect() == db::Dialect::postgres ? index_at_once(database, deadline) : index_in_order(database, deadline));
    more = full;
  }
  return {};
}

Result<> forget_persons(db::Tx& tx, const UsageId& usage) {
  JX_CHECK(tx.run(sql::usage_persons_forget_new, usage));
  JX_CHECK(tx.run(sql::usage_persons_forget, usage));
  return {};
}

}  // namespace jx::exchange
