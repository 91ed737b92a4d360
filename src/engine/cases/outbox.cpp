#include <jx/cases/outbox.hpp>

#include "cases_sql.hpp"

#include <jx/wire.hpp>

namespace jx::cases {

std::string_view name(Sending became) {
  switch (became) {
    case Sending::sent: return "sent";
    case Sending::given_up: return "given_up";
    case Sending::not_wanted: break;
  }
  return "not_wanted";
}

Result<> put_out(db::Tx& tx, const Context& ctx, std::string_view type, std::string_view subject, const boost::json::object& body) {
  const auto id = Uuid::make(ctx.clock, ctx.random);
  return tx.later(sql::outbox_insert, id.bytes(), ctx.now(), type, subject, wire::to_text(body), ctx.now());
}

Result<std::vector<Outgoing>> take_out(db::Tx& tx, Instant now, Instant until, std::size_t limit) {
  JX_TRY(rows, tx.all(sql::outbox_due, now, static_cast<std::int64_t>(limit)));
  std::vector<Outgoing> taken;
  for (const auto& row : rows) {
    JX_TRY(id, Uuid::from_bytes(row.bytes(0)));
    JX_TRY(leased, tx.run(sql::outbox_lease, id.bytes(), row.instant(6), until));
    if (leased == 0) continue;  // another worker was first
    JX_TRY(body, wire::parse(row.text(4)));
    if (!body.is_object()) return fail(ErrorCode::corrupt, {"a row of the outbox cannot be read", "待发消息无法读取"});
    taken.push_back({id, row.instant(1), row.text(2), row.text(3), std::move(body.get_object()), static_cast<int>(row.integer(5)) + 1});
  }
  return taken;
}

Result<> put_back(db::Tx& tx, const Uuid& id, Instant when) {
  JX_CHECK(tx.run(sql::outbox_later, id.bytes(), when));
  return {};
}

Result<> end_out(db::Tx& tx, const Uuid& id, Instant now, Sending became) {
  JX_CHECK(tx.run(sql::outbox_end, id.bytes(), now, name(became)));
  return {};
}

Result<std::optional<Instant>> next_out(db::Tx& tx) {
  JX_TRY(row, tx.one(sql::outbox_next));
  return row ? std::optional(row->instant(0)) : std::nullopt;
}

Result<std::map<std::string, std::int64_t>> count_out(db::Tx& tx) {
  JX_TRY(rows, tx.all(sql::outbox_counts));
  std::map<std::string, std::int64_t> counts;
  for (const auto& row : rows) counts[row.text(0)] = row.integer(1);
  return counts;
}

}  // namespace jx::cases
