// query.hpp - named SQL, in both dialects. Made from sql/*.sql at build (tools/embed_sql.py); nothing else writes SQL.
#pragma once
#include <span>
#include <string_view>

namespace jx::db {

struct Query {
  std::string_view name;      // `ledger.insert_entry`
  std::string_view sqlite;    // parameters ?1, ?2 ...; empty: not for this database
  std::string_view postgres;  // parameters $1, $2 ...; empty: not for this database
  bool aside = false;         // what it writes is only a record, on which nobody's right rests: it leaves Tx::generation() as it is
};

struct Migration {
  int number;  // unique over all modules; applied in rising order, never changed once released
  std::string_view title;
  std::string_view sqlite;
  std::string_view postgres;
};

struct SqlBundle {
  std::string_view module;
  std::span<const Query* const> queries;
  std::span<const Migration> migrations;
};

}  // namespace jx::db
