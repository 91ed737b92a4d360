#include "cases_sql.hpp"
#include "sweep_rows.hpp"
#include "task_views.hpp"

#include <jx/wire.hpp>

#include <boost/json/array.hpp>

namespace jx::cases {
namespace {

Uuid last_uuid() {
  Uuid id;
  id.octets.fill(0xff);
  return id;
}

std::string_view name(JobKind) { return "retry"; }

Result<Sweep> sweep_of(const db::Row& r) {
  Sweep s;
  s.id = r.id<SweepId>(0);
  s.kind = r.text(1);
  s.process = r.key<ProcessId>(2);
  JX_TRY(detail, wire::parse(r.text(3)));
  if (!detail.is_object()) return fail(ErrorCode::corrupt, {"a sweep does not say what to do", "批量操作的内容无法读取"});
  s.detail = std::move(detail.get_object());
  s.started_at = r.instant(4);
  if (!r.null(5)) s.account = r.id<AccountId>(5);
  s.total = r.integer(8);
  s.done = r.integer(9);
  s.refused = r.integer(10);
  if (!r.null(11)) s.finished_at = r.instant(11);
  return s;
}

std::string reasons_text(const std::vector<Reason>& reasons) {
  boost::json::array list;
  for (const auto& r : reasons) list.push_back({{"code", r.code}, {"element", r.element}, {"en", r.words.en}, {"zh", r.words.zh}});
  return wire::to_text(list);
}

Result<std::vector<Reason>> reasons_of(const std::string& text) {
  JX_TRY(list, wire::parse(text));
  std::vector<Reason> reasons;
  for (const auto& item : list.as_array()) {
    const auto word = [&](std::string_view key) { return std::string(item.as_object().at(key).as_string()); };
    reasons.push_back({word("code"), word("element"), {word("en"), word("zh")}});
  }
  return reasons;
}

Result<> add_job(db::Tx& tx, const Context& ctx, JobKind kind, SweepId id, const std::string& after) {
  JX_CHECK(tx.run(sql::job_insert, Uuid::make(ctx.clock, ctx.random).bytes(), CaseId(), 0, static_cast<std::int64_t>(kind), ctx.now(), id.text(),
                  wire::to_text(boost::json::object{{"after", after}})));
  return {};
}

}  // namespace

Result<Sweep> sweep(db::Tx& tx, SweepId id) {
  JX_TRY(row, tx.one(sql::sweep_one, id));
  if (!row) return fail(ErrorCode::not_found, {"there is no such sweep", "没有该批量操作"});
  return sweep_of(*row);
}

Result<Slice<Sweep>> sweeps(db::Tx& tx, const Page& page) {
  JX_CHECK(check_page(page));
  JX_TRY(cursor, parse_cursor(page.cursor));
  JX_TRY(rows, tx.all(sql::sweeps_newest, cursor ? cursor->key : never, (cursor ? cursor->id : last_uuid()).bytes(),
                      static_cast<std::int64_t>(page.limit) + 1));
  Slice<Sweep> slice;
  for (const auto& r : rows) {
    if (slice.items.size() == page.limit) {
      slice.next = text_of_cursor(slice.items.back().started_at.micros, slice.items.back().id.uuid());
      break;
    }
    JX_TRY(one, sweep_of(r));
    slice.items.push_back(std::move(one));
  }
  return slice;
}

Result<Slice<Refused>> refused_by(db::Tx& tx, SweepId id, const Page& page) {
  JX_CHECK(check_page(page));
  JX_TRY(cursor, parse_cursor(page.cursor));
  JX_TRY(rows, tx.all(sql::sweep_refusals, id, (cursor ? cursor->id : Uuid{}).bytes(), static_cast<std::int64_t>(page.limit) + 1));
  Slice<Refused> slice;
  for (const auto& r : rows) {
    if (slice.items.size() == page.limit) {
      slice.next = text_of_cursor(0, slice.items.back().id.uuid());
      break;
    }
    JX_TRY(reasons, reasons_of(r.text(2)));
    slice.items.push_back({r.id<CaseId>(0), r.text(1), std::move(reasons)});
  }
  return slice;
}

Result<SweepId> begin_sweep(db::Tx& tx, const Context& ctx, JobKind kind, const ProcessId& process, boost::json::object detail, std::int64_t total) {
  const auto id = SweepId::make(ctx.clock, ctx.random);
  std::optional<AccountId> account;
  if (!ctx.actor.account.nil()) account = ctx.actor.account;
  JX_CHECK(tx.run(sql::sweep_insert, id, name(kind), process, wire::to_text(detail), ctx.now(), account, ctx.actor.unit, ctx.actor.post, total));
  boost::json::object body{{"sweep", id.text()}, {"kind", name(kind)}, {"process", process.text()}, {"cases", total}};
  for (const auto key : {"from", "to", "mapping", "element", "text"}) {
    if (const auto* value = detail.if_contains(key)) body[key] = *value;
  }
  JX_CHECK(ledger::append(tx, ctx, {"case.sweep-begun", {}, std::move(body), {}}));
  JX_CHECK(add_job(tx, ctx, kind, id, ""));
  return id;
}

Result<> go_on_with(Engine& engine, db::Tx& tx, const Context& system, JobKind kind, std::string_view sweep_id, std::string_view after) {
  JX_TRY(id, SweepId::parse(sweep_id));
  JX_TRY(row, tx.one(sql::sweep_one, id));
  if (!row) return {};
  JX_TRY(one, sweep_of(*row));
  Context ctx = system;
  if (!one.account.nil()) {
    ctx.actor.kind = Actor::Kind::person;
    ctx.actor.account = one.account;
    ctx.actor.unit = row->key<UnitId>(6);
    ctx.actor.post = row->key<PostId>(7);
  }
  JX_TRY(chunk, retry_chunk(engine, tx, ctx, one, std::string(after)));
  for (const auto& r : chunk.refused) JX_CHECK(tx.run(sql::sweep_refusal, id, r.id, r.number, reasons_text(r.reasons)));
  std::optional<Instant> finished;
  if (chunk.next.empty()) finished = ctx.now();
  JX_CHECK(tx.run(sql::sweep_on, id, chunk.done, static_cast<std::int64_t>(chunk.refused.size()), finished));
  if (!finished) return add_job(tx, ctx, kind, id, chunk.next);
  boost::json::object body{
      {"sweep", id.text()}, {"done", one.done + chunk.done}, {"refused", one.refused + static_cast<std::int64_t>(chunk.refused.size())}};
  JX_CHECK(ledger::append(tx, ctx, {"case.sweep-finished", {}, std::move(body), {}}));
  return {};
}

}  // namespace jx::cases
