#include <jx/cases/incidents.hpp>

#include "act.hpp"
#include "cases_sql.hpp"
#include "sweep_rows.hpp"
#include "task_views.hpp"
#include "texts.hpp"

#include <jx/rules/json.hpp>
#include <jx/wire.hpp>

#include <boost/json/array.hpp>

#include <algorithm>

namespace jx::cases {
namespace {

constexpr std::size_t text_chars_max = 200;

Uuid last_uuid() {
  Uuid id;
  id.octets.fill(0xff);
  return id;
}

/// A row of incident_one and incidents_open.
struct Row {
  IncidentView view;
  Ref token = 0, wait = 0;
  Index node = no_index;
  bool open = true;
  std::optional<Uuid> job;
  std::optional<Instant> closed_at;
  std::string ending, note;
};

Row row_of(const db::Row& r) {
  Row row;
  row.view = {r.id<IncidentId>(0), r.id<CaseId>(1), r.null(17) ? std::string() : r.text(17), r.text(10),
              r.text(11),          r.instant(5),    static_cast<int>(r.integer(6)),          {r.text(7), r.text(8)},
              r.text(12)};
  row.token = static_cast<Ref>(r.integer(2));
  row.wait = static_cast<Ref>(r.integer(3));
  row.node = static_cast<Index>(r.integer(4));
  row.open = r.boolean(9);
  if (!r.null(13)) row.job = *Uuid::from_bytes(r.bytes(13));
  if (!r.null(14)) row.closed_at = r.instant(14);
  row.ending = r.text(15);
  row.note = r.text(16);
  return row;
}

Result<Row> find(db::Tx& tx, IncidentId id) {
  JX_TRY(found, tx.one(sql::incident_one, id));
  if (!found) return fail(ErrorCode::not_found, {"there is no such incident", "没有该异常"});
  return row_of(*found);
}

std::unexpected<Error> closed() { return fail(ErrorCode::conflict, {"this incident is closed already", "该异常已处理"}); }
std::unexpected<Error> not_open() { return fail(ErrorCode::conflict, {"this step is not open any more", "该环节已不在办理中"}); }

/// One that was written by an earlier release does not say which element it is of.
Result<> complete_view(db::Tx& tx, Engine::Impl& engine, const db::Row& r, Row& row) {
  if (!row.view.process.empty() || r.null(18)) return {};
  crypto::Digest hash{};
  std::copy_n(r.bytes(18).begin(), hash.size(), hash.begin());
  JX_TRY(definition, engine.definition(tx, hash));
  if (row.node < definition->nodes.size()) row.view.element = definition->node(row.node).id;
  return {};
}

std::string pattern_of(std::string_view text) {
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

Result<> check_filter(const IncidentFilter& filter) {
  JX_CHECK(check_text(filter.text, text_chars_max, "/text", false));
  JX_CHECK(check_text(filter.process, text_chars_max, "/process", false));
  return check_text(filter.element, text_chars_max, "/element", false);
}

std::int64_t since(const IncidentFilter& filter) { return filter.since ? filter.since->micros : INT64_MIN; }

/// The job of a step that waits to be done again, as it is parked.
Result<> run_again(db::Tx& tx, const Row& row, Instant now) {
  auto again = row.job ? tx.run(sql::job_retry_one, row.job->bytes(), now) : tx.run(sql::job_retry, row.view.case_id, row.wait, now);
  JX_TRY(found, std::move(again));
  return found > 0 ? Result<>{} : not_open();
}

/// Of a job that belongs to no case.
Result<> retry_without_case(db::Tx& tx, const Context& ctx, const Row& row) {
  JX_CHECK(run_again(tx, row, ctx.now()));
  JX_CHECK(tx.run(sql::incident_close, row.view.id, ctx.now(), "retried"));
  JX_CHECK(ledger::append(tx, ctx, {"case.retried", {}, {{"incident", row.view.id.text()}, {"element", row.view.element}}, {}}));
  return {};
}

/// What failed, as the case stands now. Errors: conflict (it is not there any more).
Result<> check_step(const Act& act, const Row& row) {
  if (row.token != 0) {
    const Token* token = act.state().token(row.token);
    return token != nullptr && token->phase == Phase::failed ? Result<>{} : not_open();
  }
  return row.wait == 0 || act.state().wait(row.wait) != nullptr ? Result<>{} : not_open();
}

}  // namespace

Result<Slice<IncidentView>> incidents(db::Tx& tx, Engine& engine, const IncidentFilter& filter, const Page& page) {
  JX_CHECK(check_page(page));
  JX_CHECK(check_filter(filter));
  JX_TRY(cursor, parse_cursor(page.cursor));
  // One before the first of `since`, so that the cursor and the filter are one condition.
  const std::int64_t from = cursor ? cursor->key : since(filter) == INT64_MIN ? INT64_MIN : since(filter) - 1;
  const Uuid after = cursor ? cursor->id : last_uuid();
  JX_TRY(rows, tx.all(sql::incidents_open, from, after.bytes(), never, filter.process, filter.element, pattern_of(filter.text),
                      static_cast<std::int64_t>(page.limit) + 1));
  Slice<IncidentView> slice;
  for (const auto& r : rows) {
    if (slice.items.size() == page.limit) {
      slice.next = text_of_cursor(slice.items.back().at.micros, slice.items.back().id.uuid());
      break;
    }
    Row row = row_of(r);
    JX_CHECK(complete_view(tx, engine.impl(), r, row));
    slice.items.push_back(std::move(row.view));
  }
  return slice;
}

Result<Slice<IncidentView>> Engine::incidents(db::Tx& tx, const Page& page) { return cases::incidents(tx, *this, {}, page); }

Result<std::int64_t> count_incidents(db::Tx& tx, const IncidentFilter& filter) {
  JX_CHECK(check_filter(filter));
  JX_TRY(row, tx.one(sql::incidents_count, since(filter), never, filter.process, filter.element, pattern_of(filter.text)));
  return row->integer(0);
}

Result<std::vector<IncidentGroup>> incident_groups(db::Tx& tx, const IncidentFilter& filter) {
  JX_CHECK(check_filter(filter));
  JX_TRY(rows, tx.all(sql::incident_groups, since(filter), filter.process, filter.element, pattern_of(filter.text),
                      static_cast<std::int64_t>(incident_groups_max)));
  std::vector<IncidentGroup> groups;
  for (const auto& r : rows) groups.push_back({r.text(0), r.text(1), {r.text(2), r.text(3)}, r.integer(4), r.instant(5), r.instant(6)});
  return groups;
}

namespace {

/// What the step has before it, while it is there.
Result<> look_into(const Act& act, const Row& row, IncidentDetail& detail) {
  const Definition& definition = act.definition();
  const State& state = act.state();
  if (const Index index = definition.find(row.view.element); index != no_index) {
    const Node& n = definition.node(index);
    detail.name = n.name;
    (n.kind == NodeKind::rule_task ? detail.decision : detail.handler) = n.handler;
  }
  const Wait* wait = row.wait != 0 ? state.wait(row.wait) : nullptr;
  const Token* token = state.token(wait != nullptr ? wait->token : row.token);
  if (token == nullptr) return {};
  detail.variables = json_of(visible(state, token->scope));
  for (const Scope* up = state.scope(token->scope); up != nullptr; up = state.scope(up->parent))
    detail.scopes.insert(detail.scopes.begin(), definition.node(up->node).id);
  if (!row.open) return {};
  detail.completable = wait != nullptr ? wait->kind == WaitKind::job : can_settle(definition, state, *token);
  if (wait == nullptr || wait->kind != WaitKind::job) return {};
  if (auto call = act.call_of(row.wait, row.view.attempts)) detail.parameters = std::move(call->parameters);  // else it is they that fail
  return {};
}

}  // namespace

Result<IncidentDetail> incident(db::Tx& tx, Engine& engine, const Context& ctx, IncidentId id) {
  JX_TRY(found, tx.one(sql::incident_one, id));
  if (!found) return fail(ErrorCode::not_found, {"there is no such incident", "没有该异常"});
  Row row = row_of(*found);
  JX_CHECK(complete_view(tx, engine.impl(), *found, row));
  IncidentDetail detail;
  detail.incident = row.view;
  detail.open = row.open;
  detail.closed_at = row.closed_at;
  detail.ending = row.ending;
  detail.note = row.note;
  const Ref step = row.token != 0 ? row.token : row.wait;
  JX_TRY(attempts, tx.all(sql::attempts_of, row.view.case_id.nil() && row.job ? CaseId(*row.job) : row.view.case_id, step));
  for (const auto& r : attempts) detail.attempts.push_back({r.integer(0), r.instant(1), r.text(2), {r.text(3), r.text(4)}});
  if (row.view.case_id.nil() || found->null(18)) return detail;
  Act act(engine.impl(), tx, ctx);
  JX_CHECK(act.load(row.view.case_id));
  JX_CHECK(look_into(act, row, detail));
  return detail;
}

Result<> note_incident(db::Tx& tx, Engine& engine, const Context& ctx, IncidentId id, std::string_view note) {
  JX_CHECK(check_text(note, reason_chars_max, "/note", true));
  JX_TRY(row, find(tx, id));
  JX_CHECK(tx.run(sql::incident_note, id, note));
  boost::json::object body{{"incident", id.text()}, {"element", row.view.element}, {"note", note}};
  if (row.view.case_id.nil()) {
    JX_CHECK(ledger::append(tx, ctx, {"case.incident-noted", {}, std::move(body), {}}));
    return {};
  }
  Act act(engine.impl(), tx, ctx);
  JX_CHECK(act.load(row.view.case_id));
  act.note(Happened::incident_noted, act.definition().find(row.view.element), std::string(note));
  JX_CHECK(act.finish("case.incident-noted", std::move(body)));
  return {};
}

Result<> Engine::retry(db::Tx& tx, const Context& ctx, IncidentId id, const boost::json::object& variables) {
  JX_TRY(row, find(tx, id));
  if (!row.open) return closed();
  JX_TRY(list, variables_of(variables, "/variables"));
  if (row.view.case_id.nil()) return retry_without_case(tx, ctx, row);
  Act act(*impl_, tx, ctx);
  JX_CHECK(act.load(row.view.case_id));
  JX_CHECK(check_step(act, row));
  if (row.token == 0) JX_CHECK(run_again(tx, row, ctx.now()));
  JX_CHECK(act.close_incident(id, "retried"));
  act.note(Happened::retried, act.definition().find(row.view.element), "");
  if (row.token != 0) {
    JX_CHECK(act.run(Retry{row.token, std::move(list)}));
  } else if (const Wait* wait = act.state().wait(row.wait); wait != nullptr && wait->token != 0 && !list.empty()) {
    JX_CHECK(act.run(SetVariables{row.wait, std::move(list)}));
  }
  boost::json::object body{{"incident", id.text()}, {"element", row.view.element}};
  if (!variables.empty()) body["variables_sha256"] = to_hex(crypto::sha256(bytes_of(wire::to_text(variables))));
  JX_CHECK(act.finish("case.retried", std::move(body)));
  return {};
}

Result<> settle_incident(db::Tx& tx, Engine& engine, const Context& ctx, IncidentId id, const Settlement& settlement) {
  JX_CHECK(check_text(settlement.reason, reason_chars_max, "/reason", true));
  const bool skip = settlement.how == Settlement::How::skip;
  JX_TRY(row, find(tx, id));
  if (!row.open) return closed();
  const auto wrong = [] {
    return fail(ErrorCode::conflict, {"only a task that runs by itself can be taken for done", "只有自动办理的环节可以按已办理处理"});
  };
  if (row.view.case_id.nil() || (row.token == 0 && row.wait == 0)) return wrong();
  JX_TRY(variables, variables_of(settlement.result, "/result"));
  Act act(engine.impl(), tx, ctx);
  JX_CHECK(act.load(row.view.case_id));
  JX_CHECK(check_step(act, row));
  const Wait* wait = row.wait != 0 ? act.state().wait(row.wait) : nullptr;
  const Token* token = act.state().token(wait != nullptr ? wait->token : row.token);
  if (wait != nullptr ? wait->kind != WaitKind::job : !can_settle(act.definition(), act.state(), *token)) return wrong();
  const Index node = token->node;
  rules::Value result;
  if (!skip && !act.definition().node(node).result.empty()) {  // as an answer of its handler: all under the name of the result
    std::vector<rules::Entry> entries;
    for (auto& v : variables) entries.push_back({v.name, std::move(v.value)});
    result = rules::Value::context(std::move(entries));
    variables.clear();
  }
  JX_CHECK(act.close_incident(id, skip ? "skipped" : "completed"));
  JX_CHECK(tx.run(sql::incident_note, id, settlement.reason));
  act.note(skip ? Happened::skipped : Happened::done_by_hand, node, settlement.reason);
  if (wait != nullptr) {
    JX_CHECK(tx.run(sql::job_delete_of_wait, row.view.case_id, row.wait));
    JX_CHECK(act.run(Completed{row.wait, std::move(result), std::move(variables), {}}));
  } else {
    JX_CHECK(act.run(Settle{row.token, std::move(result), std::move(variables)}));
  }
  boost::json::object body{{"incident", id.text()}, {"element", row.view.element}, {"reason", settlement.reason}};
  if (!skip) body["result"] = settlement.result;
  JX_CHECK(act.finish(skip ? "case.step-skipped" : "case.step-done-by-hand", std::move(body)));
  return {};
}

// --- many at once --------------------------------------------------------------------------------------------------------

Result<SweepId> retry_incidents(db::Tx& tx, const Context& ctx, const IncidentFilter& filter, const boost::json::object& variables,
                                std::int64_t expected) {
  JX_CHECK(check_filter(filter));
  JX_CHECK(variables_of(variables, "/variables"));
  JX_TRY(row, tx.one(sql::incidents_count, since(filter), ctx.now(), filter.process, filter.element, pattern_of(filter.text)));
  if (row->integer(0) != expected)
    return fail(ErrorCode::conflict,
                {"there are " + std::to_string(row->integer(0)) + " such incidents now, not " + std::to_string(expected) + ": look again",
                 "现有此类异常 " + std::to_string(row->integer(0)) + " 条，而不是 " + std::to_string(expected) + " 条，请重新查看"},
                "/expected");
  boost::json::object detail{{"process", filter.process}, {"element", filter.element}, {"text", filter.text}, {"before", ctx.now().micros}};
  if (filter.since) detail["since"] = filter.since->micros;
  if (!variables.empty()) detail["variables"] = variables;
  return begin_sweep(tx, ctx, JobKind::retry, ProcessId::trusted(filter.process), std::move(detail), expected);
}

Result<Chunk> retry_chunk(Engine& engine, db::Tx& tx, const Context& ctx, const Sweep& sweep, const std::string& after) {
  IncidentFilter filter;
  const auto text = [&](std::string_view key) { return std::string(sweep.detail.at(key).as_string()); };
  filter.process = text("process");
  filter.element = text("element");
  filter.text = text("text");
  if (const auto* from = sweep.detail.if_contains("since")) filter.since = Instant{from->to_number<std::int64_t>()};
  boost::json::object variables;
  if (const auto* given = sweep.detail.if_contains("variables")) variables = given->as_object();
  JX_TRY(cursor, parse_cursor(after));
  const std::int64_t from = cursor ? cursor->key : since(filter) == INT64_MIN ? INT64_MIN : since(filter) - 1;
  const Uuid last = cursor ? cursor->id : last_uuid();
  JX_TRY(rows, tx.all(sql::incidents_open, from, last.bytes(), sweep.detail.at("before").to_number<std::int64_t>(), filter.process, filter.element,
                      pattern_of(filter.text), static_cast<std::int64_t>(sweep_chunk)));
  Chunk chunk;
  for (const auto& r : rows) {
    const Row row = row_of(r);
    chunk.next = text_of_cursor(row.view.at.micros, row.view.id.uuid());
    auto done = engine.retry(tx, ctx, row.view.id, variables);
    if (done) {
      ++chunk.done;
      continue;
    }
    if (done.error().code != ErrorCode::conflict) return std::unexpected(std::move(done).error());  // conflict: nothing was written yet
    chunk.refused.push_back({row.view.case_id, row.view.number, {{"not-open", row.view.element, done.error().message}}});
  }
  if (rows.size() < sweep_chunk) chunk.next.clear();
  return chunk;
}

}  // namespace jx::cases
