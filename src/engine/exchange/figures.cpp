#include "exchange_sql.hpp"

#include <jx/exchange/figures.hpp>

namespace jx::exchange {

Result<std::vector<Figure>> figures(db::Tx& tx, const GrantId& grant, Instant since) {
  JX_TRY(rows, tx.all(sql::figures, grant, since, figure_step.count()));
  std::vector<Figure> list;
  list.reserve(rows.size());
  for (const auto& row : rows) list.push_back({since + figure_step * row.integer(0), row.integer(1), row.integer(2), row.integer(3)});
  return list;
}

}  // namespace jx::exchange
