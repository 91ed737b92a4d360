#include "act.hpp"

#include "bpmn_document.hpp"
#include "cases_sql.hpp"
#include "marks.hpp"
#include "pauses.hpp"
#include "texts.hpp"

#include <jx/cases/notices.hpp>
#include <jx/ledger/row_hash.hpp>

#include <jx/rules/json.hpp>
#include <jx/wire.hpp>

#include <boost/json/object.hpp>

#include <algorithm>
#include <array>

namespace jx::cases {
namespace {

// The first version knew no history.
const ledger::StateTable tables[] = {{"cases.case_file", 2, 1, &sql::case_state_row_2, &sql::case_state_rows_2},
                                     {"cases.case_file", 1, 1, &sql::case_state_row, &sql::case_state_rows},
                                     {"cases.case_task", 2, 1, &sql::task_state_row_2, &sql::task_state_rows_2},
                                     {"cases.case_task", 1, 1, &sql::task_state_row, &sql::task_state_rows},
                                     {"cases.case_side", 1, 1, &sql::side_state_row, &sql::side_state_rows},
                                     {"cases.case_urge", 1, 2, &sql::urge_state_row, &sql::urge_state_rows},
                                     {"cases.case_comment", 1, 1, &sql::comment_state_row, &sql::comment_state_rows},
                                     {"cases.case_notice", 1, 1, &sql::notice_state_row, &sql::notice_state_rows},
                                     {"cases.case_term", 1, 1, &sql::term_state_row, &sql::term_state_rows},
                                     {"cases.case_archive", 1, 1, &sql::archive_state, &sql::archive_states},
                                     {"cases.case_archived", 1, 1, &sql::archived_state, &sql::archived_states}};
const auto& case_table = tables[0];
const auto& notice_table = tables[7];
const auto& term_table = tables[8];

const ledger::StateTable& table_of(Act::Table table) {
  switch (table) {
    case Act::Table::side: return tables[4];
    case Act::Table::urge: return tables[5];
    case Act::Table::comment: return tables[6];
    case Act::Table::notice: return notice_table;
    case Act::Table::task: break;
  }
  return tables[2];
}

std::string_view ending_name(const State& state) {
  for (const auto& v : state.scopes.empty() ? Variables{} : state.scopes.front().variables) {
    if (v.name == "outcome" && v.value.is(rules::Kind::string) && state.result.empty()) {
      if (v.value.string() == "approved") return "approved";
      if (v.value.string() == "refused") return "refused";
      if (v.value.string() == "withdrawn") return "withdrawn";
    }
  }
  for (const std::string_view known : {"approved", "refused", "withdrawn"}) {
    if (state.result == known) return known;
  }
  return "ended";
}

}  // namespace

std::span<const ledger::StateTable> state_tables() { return tables; }

// --- definitions -----------------------------------------------------------------------------------------------

Result<DefinitionPtr> Engine::Impl::definition(db::Tx& tx, const crypto::Digest& hash) {
  {
    const std::lock_guard lock(mutex);
    if (const auto it = definitions.find(hash); it != definitions.end()) return it->second;
  }
  JX_TRY(rows, tx.all(sql::parts_of_definition, ByteView(hash)));
  if (rows.empty()) return fail(ErrorCode::corrupt, {"the definition of the case is missing: " + to_hex(hash), "办件的流程定义缺失"});
  std::vector<std::string> parts;
  for (const auto& row : rows) parts.push_back(row.text(0));
  std::map<std::string, const std::string*, std::less<>> holders;  // of what is called
  for (std::size_t i = 1; i < parts.size(); ++i) {
    auto document = Document::parse(parts[i]);
    if (!document) continue;
    for (const auto& x : document->root().children) holders.emplace(x->id(), &parts[i]);
  }
  ModelOptions options;
  options.library = [&](std::string_view called) {
    const auto it = holders.find(called);
    return it == holders.end() ? nullptr : it->second;
  };
  auto compiled = compile(parts.front(), options);
  if (!compiled.definition || hash_of(*compiled.definition) != hash)
    return fail(ErrorCode::corrupt, {"the definition of the case can no longer be used: " + to_hex(hash), "办件的流程定义已不可用"});
  const std::lock_guard lock(mutex);
  if (definitions.size() >= definitions_cached_max) definitions.erase(definitions.begin());
  definitions[hash] = compiled.definition;
  return compiled.definition;
}

// --- values --------------------------------------------------------------------------------------------------------------

Party party_of(std::int64_t kind, const Bytes& id) {
  Party party;
  party.kind = static_cast<Party::Kind>(kind);
  if (auto uuid = Uuid::from_bytes(id)) party.id = *uuid;
  return party;
}

boost::json::object json_of(const Variables& variables) {
  boost::json::object out;
  for (const auto& v : variables) out[v.name] = rules::to_json(v.value);
  return out;
}

Result<Variables> variables_of(const boost::json::object& object, std::string_view pointer) {
  Variables out;
  for (const auto& [key, value] : object) {
    auto made = rules::from_json(value);
    if (!made) return std::unexpected(under(std::string(pointer) + wire::pointer_step(key), std::move(made).error()));
    out.push_back({std::string(key), std::move(*made)});
  }
  return out;
}

CaseRow case_row(const db::Row& r, std::size_t at) {
  CaseRow row;
  row.id = r.id<CaseId>(at);
  row.number = r.text(at + 1);
  row.process = r.key<ProcessId>(at + 2);
  row.definition = digest_of(r.bytes(at + 3));
  row.item = r.key<ItemId>(at + 4);
  row.applicant = party_of(r.integer(at + 5), r.bytes(at + 6));
  row.title = r.text(at + 7);
  row.state = static_cast<CaseState>(r.integer(at + 8));
  row.version = r.integer(at + 9);
  row.opened_at = r.instant(at + 10);
  if (!r.null(at + 11)) row.closed_at = r.instant(at + 11);
  row.received_on = r.date(at + 12);
  row.term = r.text(at + 13);
  if (!r.null(at + 14)) row.due_on = r.date(at + 14);
  row.provisional = r.boolean(at + 15);
  row.paused = static_cast<int>(r.integer(at + 16));
  row.open_incidents = r.integer(at + 17);
  row.last_event = r.integer(at + 18);
  row.form = r.text(at + 19);
  if (!r.null(at + 20)) row.form_hash = digest_of(r.bytes(at + 20));
  row.machine = r.bytes(at + 21);
  if (!r.null(at + 22)) row.history = r.bytes(at + 22);
  return row;
}

std::unexpected<Error> archived() {
  return fail(ErrorCode::conflict,
              {"the case is concluded and its history is in the archive: nothing of it can be changed", "该办件已办结归档，不能再变更"});
}

std::vector<std::string> subjects_of(const CaseRow& row) {
  std::vector<std::string> subjects{ledger::subject("case", row.id)};
  if (row.applicant.kind == Party::Kind::person) subjects.push_back(ledger::subject("person", PersonId(row.applicant.id)));
  if (row.applicant.kind == Party::Kind::firm) subjects.push_back(ledger::subject("firm", FirmId(row.applicant.id)));
  return subjects;
}

Result<CaseRow> case_row(db::Tx& tx, CaseId id) {
  JX_TRY(found, tx.one(sql::case_one, id));
  if (!found) return fail(ErrorCode::not_found, {"there is no such case", "没有该办件"});
  return case_row(*found, 0);
}

Result<std::vector<calendar::Pause>> pauses_of(db::Tx& tx, CaseId id) {
  JX_TRY(rows, tx.all(sql::pauses_of_case, id));
  std::vector<calendar::Pause> out;
  for (const auto& r : rows) {
    calendar::Pause pause;
    pause.stopped_on = r.date(0);
    if (!r.null(1)) pause.resumed_on = r.date(1);
    auto reason = reason_words(r.text(2));
    pause.reason = LocalizedText({{"en", std::move(reason.en)}, {"zh-CN", std::move(reason.zh)}});
    pause.legal_basis = r.text(3);
    out.push_back(std::move(pause));
  }
  return out;
}

Result<Due> due_of(const calendar::Calendar& calendar, std::string_view text, LocalDate from, std::span<const calendar::Pause> pauses) {
  if (text.empty()) return Due{};
  const auto term = parse_duration(text);
  if (!term || !term->is_term)
    return fail(ErrorCode::invalid, {"a term is a number of working days or days, such as \"10 WD\"", "期限应为工作日或日历日数，如“10 WD”"},
                "/term");
  std::vector<calendar::Pause> later;  // those that were over before the term began do not touch it
  for (const auto& p : pauses) {
    if (p.resumed_on && *p.resumed_on <= from) continue;
    later.push_back(p);
    later.back().stopped_on = std::max(p.stopped_on, from);
  }
  JX_TRY(counted, term->working_days > 0 ? calendar.add_working_days(from, term->working_days, later) : calendar.add_days(from, term->days, later));
  Due due;
  due.on = counted.due_on;
  due.provisional = counted.provisional;
  if (due.on) due.at = calendar.end_of(*due.on).micros;
  return due;
}

// --- the act -------------------------------------------------------------------------------------------------------------

Result<> Act::load(CaseId id) {
  JX_TRY(row, case_row(tx_, id));
  return load(std::move(row));
}

Result<> Act::load(CaseRow row) {
  if (row.machine.empty()) return archived();
  row_ = std::move(row);
  JX_TRY(definition, engine_.definition(tx_, row_.definition));
  definition_ = definition;
  const Fetch fetch = [&](const crypto::Digest& sha256) -> Result<Bytes> {
    JX_TRY(found, tx_.one(sql::blob_one, row_.id, ByteView(sha256)));
    if (!found) return fail(ErrorCode::corrupt, {"a value of the case is missing", "办件的数据缺失"});
    beside_before_.insert(sha256);
    return found->bytes(0);
  };
  JX_TRY(state, decode_state(row_.machine, fetch, definition_.get()));
  state_ = std::move(state);
  waits_before_ = state_.waits;
  continued_before_ = !state_.ready.empty();
  ended_before_ = state_.ended();
  return {};
}

void Act::begin(CaseRow row, DefinitionPtr definition) {
  row_ = std::move(row);
  definition_ = std::move(definition);
  is_new_ = true;
}

Result<> Act::take_over(DefinitionPtr definition, State state, std::vector<Index> added) {
  JX_CHECK(tx_.later(sql::tasks_keep_version, row_.id, ByteView(row_.definition)));
  definition_ = std::move(definition);
  state_ = std::move(state);
  row_.definition = definition_->hash;
  JX_CHECK(tx_.later(sql::case_to_version, row_.id, ByteView(row_.definition)));
  for (const auto& w : state_.waits) {
    if (w.kind != WaitKind::task) continue;
    JX_TRY(task, tx_.one(sql::task_to_node, row_.id, w.id, w.node));
    const bool had_sides = task && !task->null(22);
    JX_CHECK(changed(std::move(task)));
    if (!had_sides) continue;
    JX_TRY(sides, tx_.all(sql::sides_of_wait, row_.id, w.id));
    for (const auto& side : sides) JX_CHECK(changed(tx_.one(sql::side_to_node, side.id<TaskId>(0), w.node)));
  }
  JX_TRY(incidents, tx_.all(sql::incidents_of_case, row_.id));
  for (const auto& r : incidents) {
    const auto* token = state_.token(static_cast<Ref>(r.integer(1)));
    const auto* w = state_.wait(static_cast<Ref>(r.integer(2)));
    if (token == nullptr && w == nullptr) continue;
    const Index node = token != nullptr ? token->node : w->node;
    JX_CHECK(tx_.later(sql::incident_to_node, r.id<IncidentId>(0), node, definition_->node(node).id));
  }
  return run(Migrated{std::move(added)});
}

void Act::note(Happened kind, Index node, std::string detail) { notes_.push_back({kind, node, storable_detail(std::move(detail))}); }

Result<> Act::run(const Event& event) {
  JX_TRY(effects, step(*definition_, state_, event, *this));
  for (const auto& effect : effects) JX_CHECK(apply(effect));
  return {};
}

Result<> Act::open_task(const Effect& e) {
  const Node& n = definition_->node(e.node);
  const auto id = TaskId::make(ctx_.clock, ctx_.random);
  JX_TRY(form, engine_.form_now(tx_, n.form));
  JX_TRY(due, due_of(*calendar_, n.term, today(), {}));
  std::optional<ByteView> hash;
  if (form) hash = ByteView(form->hash);
  JX_CHECK(tx_.later(sql::task_insert, id, row_.id, e.wait, e.node, e.a, e.b, e.c, now_, today(), n.term, due.on, due.at, n.form, hash));
  const std::array<db::Param, 24> columns{id,
                                          row_.id,
                                          std::int64_t{e.wait},
                                          std::int64_t{e.node},
                                          0,
                                          e.a,
                                          e.b,
                                          e.c,
                                          nullptr,
                                          nullptr,
                                          now_,
                                          nullptr,
                                          today(),
                                          n.term,
                                          due.on,
                                          due.at,
                                          n.form,
                                          hash,
                                          nullptr,
                                          nullptr,
                                          nullptr,
                                          nullptr,
                                          nullptr,
                                          nullptr};
  vouch(Table::task, ledger::state_from(table_of(Table::task), columns));
  note(Happened::task_created, e.node, "");
  return watch_term(id, e.wait, due, yellow_days(n.yellow, n.term));
}

Result<> Act::watch_term(TaskId task, std::int64_t wait, const Due& due, int yellow) {
  if (due.at == never) return {};
  const auto yellow_at = mark_times(*calendar_, due.on, yellow).yellow_at;
  return add_job(JobKind::mark, wait, Instant{yellow_at}, "", {{"task", task.text()}, {"told", 0}});
}

Result<bool> Act::changed(Table table, Result<std::optional<db::Row>> row) {
  if (!row) return std::unexpected(std::move(row).error());
  if (!*row) return false;
  if (table == Table::task) JX_CHECK(follow_mark(**row));
  vouch(table, ledger::state_from(table_of(table), **row));
  return true;
}

void Act::vouch(Table table, ledger::StateHash state) {
  auto key = std::pair(table, state.key);
  rows_.insert_or_assign(std::move(key), std::move(state));
}

/// A task that is closed has no mark and no job that keeps it; one that went to another unit takes its mark along.
Result<> Act::follow_mark(const db::Row& task) {
  if (task.text(13).empty()) return {};  // no term
  const auto id = task.id<TaskId>(0);
  if (task.integer(4) <= static_cast<std::int64_t>(TaskState::claimed)) return tx_.later(sql::mark_unit, id, task.text(5));
  JX_CHECK(tx_.later(sql::job_delete_of_wait, row_.id, task.integer(2)));
  return tx_.later(sql::mark_clear, id);
}

Result<bool> Act::count_statutory(std::span<const calendar::Pause> pauses) {
  JX_TRY(found, tx_.one(sql::term_one, row_.id));
  if (!found) return false;
  JX_TRY(due, due_of(*calendar_, found->text(0), row_.received_on, pauses));
  const auto before = found->null(1) ? std::nullopt : std::optional(found->date(1));
  if (before == due.on && found->boolean(2) == due.provisional) return false;
  JX_CHECK(set_statutory(found->text(0), due));
  return true;
}

Result<> Act::set_statutory(std::string_view term, const Due& due) {
  JX_CHECK(tx_.run(sql::term_set, row_.id, term, due.on, due.provisional));
  JX_TRY(state, ledger::state_of(tx_, term_table, row_.id));
  statutory_ = std::move(state);
  return {};
}

Result<> Act::look_at_mark(std::int64_t wait) { return tx_.later(sql::job_at, row_.id, wait, ctx_.now()); }

Result<ledger::StateHash> notice_state(db::Tx& tx, const Uuid& notice) { return ledger::state_of(tx, notice_table, NoticeId(notice)); }

Result<> Act::vouch_for_notice(const Uuid& notice) {
  JX_TRY(state, notice_state(tx_, notice));
  vouch(Table::notice, std::move(state));
  return {};
}

/// Vouches for the row as the queries of its StateTable would answer it.
static ledger::StateHash state_of_row(const CaseRow& row) {
  const std::array<db::Param, 21> columns{row.id,
                                          row.number,
                                          row.process,
                                          ByteView(row.definition),
                                          row.item,
                                          static_cast<std::int64_t>(row.applicant.kind),
                                          ByteView(row.applicant.id.bytes()),
                                          row.title,
                                          static_cast<std::int64_t>(row.state),
                                          row.version,
                                          row.opened_at,
                                          row.closed_at,
                                          row.received_on,
                                          row.term,
                                          row.due_on,
                                          std::int64_t{row.paused},
                                          row.form,
                                          row.form_hash ? db::Param(ByteView(*row.form_hash)) : db::Param(nullptr),
                                          row.last_event,
                                          row.history,
                                          row.machine};
  return ledger::state_from(case_table, columns);
}

/// An incident whose step was meanwhile cancelled (by an interrupting event, say) is over.
Result<> Act::settle_incidents() {
  if (row_.open_incidents == 0 || (is_new_ && !state_.ended())) return {};
  JX_TRY(rows, tx_.all(sql::incidents_of_case, row_.id));
  for (const auto& r : rows) {
    const auto* token = state_.token(static_cast<Ref>(r.integer(1)));
    const bool token_failed = !state_.ended() && r.integer(1) != 0 && token != nullptr && token->phase == Phase::failed;
    const bool step_waits = !state_.ended() && r.integer(2) != 0 && state_.wait(static_cast<Ref>(r.integer(2))) != nullptr;
    const bool of_no_step = r.integer(1) == 0 && r.integer(2) == 0 && !r.null(3);  // a message that could not be sent, say
    if (!token_failed && !step_waits && !of_no_step) JX_CHECK(close_incident(r.id<IncidentId>(0), "gone"));
  }
  return {};
}

CaseState Act::state_now() const {
  if (state_.ended()) {
    if (row_.state == CaseState::withdrawn) return CaseState::withdrawn;  // set by cancel()
    const auto name = ending_name(state_);
    return name == "approved"    ? CaseState::approved
           : name == "refused"   ? CaseState::refused
           : name == "withdrawn" ? CaseState::withdrawn
                                 : CaseState::ended;
  }
  if (row_.open_incidents > 0) return CaseState::incident;
  const bool stands = row_.paused == stands_still || row_.paused == stands_at_step;
  return row_.paused == 0 ? CaseState::running : stands ? CaseState::paused : CaseState::waiting_for_applicant;
}

Result<> Act::write_state() {
  JX_TRY(encoded, encode_state(state_));
  std::set<crypto::Digest> kept;
  for (const auto& spilled : encoded.beside) {
    kept.insert(spilled.sha256);
    if (!beside_before_.contains(spilled.sha256)) JX_CHECK(tx_.later(sql::blob_insert, row_.id, ByteView(spilled.sha256), spilled.octets));
  }
  for (const auto& sha256 : beside_before_) {
    if (!kept.contains(sha256)) JX_CHECK(tx_.later(sql::blob_delete, row_.id, ByteView(sha256)));
  }
  row_.machine = std::move(encoded.octets);
  return {};
}

Result<> Act::tell_applicant() {
  auto* listener = engine_.needs.listener;
  if (listener == nullptr || told_.empty() || row_.applicant.kind == Party::Kind::none) return {};
  const CaseSummary summary{row_.id,    row_.number, row_.process,   row_.item,      row_.applicant,
                            row_.title, row_.state,  row_.opened_at, row_.closed_at, row_.due_on};
  for (const auto& [what, on] : told_) JX_CHECK(listener->tell(tx_, ctx_, summary, what, on));
  return {};
}

Result<ledger::EntryId> Act::finish(std::string kind, boost::json::object body) {
  if (sides_closed_) JX_CHECK(start_if_supplied(tx_, *this));
  JX_CHECK(follow_clock());
  JX_CHECK(settle_incidents());
  JX_CHECK(write_state());
  row_.state = state_now();
  if (is_new_) tell(Listener::What::opened);
  if (state_.ended() && !ended_before_) {
    note(Happened::ended, no_index, std::string(name(row_.state)));
    tell(Listener::What::ended);
  }
  std::vector<TimelineRow> events;
  for (const auto& n : notes_) {
    TimelineRow event{++row_.last_event, now_, static_cast<std::int64_t>(n.kind), ctx_.actor.unit.text(), std::nullopt, n.detail};
    if (n.node != no_index) event.node = n.node;
    row_.history = next_history(row_.history, event);
    events.push_back(std::move(event));
  }
  if (is_new_) {
    std::optional<ByteView> form_hash;
    if (row_.form_hash) form_hash = ByteView(*row_.form_hash);
    JX_CHECK(tx_.later(sql::case_insert, row_.id, row_.number, row_.process, ByteView(row_.definition), row_.item,
                       static_cast<std::int64_t>(row_.applicant.kind), row_.applicant.id.bytes(), row_.title, static_cast<std::int64_t>(row_.state),
                       row_.opened_at, row_.received_on, row_.term, row_.due_on, row_.provisional, row_.open_incidents, row_.last_event, row_.form,
                       form_hash, row_.machine, row_.history));
    row_.version = 1;
    if (row_.closed_at || row_.paused != 0) is_new_ = false;  // begun and ended, or stopped, in one act: that is written as a change
  }
  if (!is_new_) {
    JX_CHECK(tx_.later(sql::case_update, row_.id, static_cast<std::int64_t>(row_.state), row_.due_on, row_.provisional, row_.paused,
                       row_.open_incidents, row_.last_event, row_.machine, row_.history, row_.version));
    ++row_.version;
  }
  if (ends_now_) JX_CHECK(tx_.later(sql::case_close, row_.id, row_.closed_at));
  if (row_.last_event == static_cast<std::int64_t>(events.size()) || row_.closed_at) body["number"] = row_.number;  // of the first and the last
  body["state"] = name(row_.state);
  ledger::Entry entry{std::move(kind), subjects_of(row_), std::move(body), {}};
  entry.state.push_back(state_of_row(row_));
  for (auto& [key, row] : rows_) entry.state.push_back(std::move(row));
  if (statutory_) entry.state.push_back(std::move(*statutory_));
  for (auto& state : beside_) entry.state.push_back(std::move(state));
  JX_TRY(id, ledger::append(tx_, ctx_, entry));
  if (!events.empty()) JX_CHECK(tx_.later(sql::timeline_insert, row_.id, events.front().seq, now_, ctx_.actor.unit, id, events_text(events)));
  JX_CHECK(tell_applicant());
  return id;
}

Result<Call> Act::call_of(Ref wait, int attempt) const {
  const Wait* w = state_.wait(wait);
  if (w == nullptr) return fail(ErrorCode::conflict, {"this step is not open any more", "该环节已不在办理中"});
  const Node& n = definition_->node(w->node);
  const Ref where = state_.token(w->token)->scope;
  Call call;
  call.case_id = row_.id;
  call.number = row_.number;
  call.item = row_.item;
  call.applicant = row_.applicant;
  call.element = n.id;
  call.idempotency_key = row_.id.text() + ":" + std::to_string(wait);
  call.attempt = attempt;
  call.variables = json_of(visible(state_, where));
  for (const auto& parameter : n.parameters) {
    if (parameter.expr == no_index) continue;
    JX_TRY(value, evaluate(*definition_, state_, where, parameter.expr, *this));
    call.parameters[parameter.name] = rules::to_json(value);
  }
  return call;
}

}  // namespace jx::cases
