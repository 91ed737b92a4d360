// postgres_values.hpp - values in PostgreSQL's binary format (the send and receive functions of its types).
#pragma once
#include <jx/db.hpp>

#include <libpq-fe.h>

#include <array>

namespace jx::db {

/// One parameter as the server's type wants it. Borrows from the Param where it can.
struct Encoded {
  const char* data = nullptr;  // nullptr: NULL
  int length = 0;
  int format = 1;  // 1 binary, 0 text
  std::array<char, 8> word{};
  std::string text;
};

/// `out` must stay where it is while it is used. Errors: internal (the server's type cannot hold it; says which parameter).
[[nodiscard]] Result<> encode(const Query& query, std::size_t index, const Param& param, Oid type, Encoded& out);

/// One cell of a binary result. numeric without decimals is read as an integer, as on SQLite; with decimals as a real number.
/// Errors: internal (a type that the interface does not have; cast it in the query).
[[nodiscard]] Result<Row::Cell> decode(std::string_view query, const PGresult* result, int row, int column);

}  // namespace jx::db
