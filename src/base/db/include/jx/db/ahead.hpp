// ahead.hpp - questions that are sent before they are asked.
#pragma once
#include <jx/db.hpp>

namespace jx::db {

/// Of a Tx that can send a question ahead; private to the module.
class AsksAhead {
 public:
  virtual ~AsksAhead() = default;
  virtual Result<> ask_ahead(const Query& query, std::span<const Param> params) = 0;
};

/// Says which SELECT the act will run later on, with the same parameters. PostgreSQL is sent all of these with the next statement that must be
/// answered, so that together they cost one way there and back; their rows are kept until they are asked for, or dropped where something is written
/// before. Without effect on SQLite, where asking costs no way, and in reads. Errors are told by the next statement.
template <class... P>
[[nodiscard]] Result<> ask_ahead(Tx& tx, const Query& query, const P&... params) {
  if (tx.dialect() != Dialect::postgres) return {};
  auto* asks = dynamic_cast<AsksAhead*>(&tx);
  if (asks == nullptr) return {};
  const std::array<Param, sizeof...(P)> list{Param(params)...};
  return asks->ask_ahead(query, list);
}

}  // namespace jx::db
