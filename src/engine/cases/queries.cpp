#include "cases_sql.hpp"
#include "clock.hpp"
#include "task_views.hpp"
#include "texts.hpp"

#include <jx/rules/json.hpp>
#include <jx/wire.hpp>

#include <algorithm>

namespace jx::cases {
namespace {

CaseSummary summary_of(const db::Row& r) {
  CaseSummary s;
  s.id = r.id<CaseId>(0);
  s.number = r.text(1);
  s.process = r.key<ProcessId>(2);
  s.item = r.key<ItemId>(3);
  s.applicant = party_of(r.integer(4), r.bytes(5));
  s.title = r.text(6);
  s.state = static_cast<CaseState>(r.integer(7));
  s.opened_at = r.instant(8);
  if (!r.null(9)) s.closed_at = r.instant(9);
  if (!r.null(10)) s.due_on = r.date(10);
  return s;
}

/// Of a case whose tasks are in the archive; none for any other. `handling`: without those that only contributed.
Result<std::vector<UnitId>> archived_units(db::Tx& tx, CaseId id, bool handling) {
  JX_TRY(row, tx.one(sql::archived_units, id));
  std::vector<UnitId> units;
  const std::string_view text = row ? std::string_view(row->text(0)) : std::string_view();
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(' ', at), text.size());
    const bool contributed = text[at] == '~';
    if (!contributed || !handling)
      units.push_back(UnitId::trusted(std::string(text.substr(at + (contributed ? 1 : 0), end - at - (contributed ? 1 : 0)))));
    at = end + 1;
  }
  return units;
}

const Uuid first_uuid{};
Uuid last_uuid() {
  Uuid id;
  id.octets.fill(0xff);
  return id;
}

}  // namespace

std::string_view name(CaseState state) {
  switch (state) {
    case CaseState::running: return "running";
    case CaseState::paused: return "paused";
    case CaseState::waiting_for_applicant: return "waiting_for_applicant";
    case CaseState::incident: return "incident";
    case CaseState::approved: return "approved";
    case CaseState::refused: return "refused";
    case CaseState::withdrawn: return "withdrawn";
    case CaseState::ended: return "ended";
  }
  return "unknown";
}
std::string_view name(TaskState state) {
  constexpr std::string_view names[] = {"free", "claimed", "done", "cancelled"};
  return names[static_cast<std::size_t>(state)];
}
std::string_view name(TaskKind kind) {
  constexpr std::string_view names[] = {"step", "preparation", "opinion", "contribution", "supplement"};
  return names[static_cast<std::size_t>(kind)];
}
std::string_view name(Mark mark) {
  constexpr std::string_view names[] = {"none", "yellow", "red"};
  return names[static_cast<std::size_t>(mark)];
}
std::string_view name(ClockWords::State state) {
  constexpr std::string_view names[] = {"running", "paused", "late", "done"};
  return names[static_cast<std::size_t>(state)];
}

Result<CaseSummary> Engine::summary(db::Tx& tx, CaseId id) {
  JX_TRY(row, tx.one(sql::case_summary, id));
  if (!row) return fail(ErrorCode::not_found, {"there is no such case", "没有该办件"});
  return summary_of(*row);
}

Result<CaseId> find_case(db::Tx& tx, std::string_view number) {
  JX_TRY(row, tx.one(sql::case_by_number, number));
  if (!row) return fail(ErrorCode::not_found, {"there is no case with this number", "没有该编号的办件"});
  return row->id<CaseId>(0);
}

Result<TaskView> Engine::task(db::Tx& tx, const Context& ctx, TaskId id) {
  JX_TRY(row, tx.one(sql::task_one, id));
  if (!row) return fail(ErrorCode::not_found, {"there is no such task", "没有该任务"});
  JX_TRY(pauses, pauses_of(tx, row->id<CaseId>(1)));
  return Tasks(*impl_, tx, ctx).view(*row, pauses);
}

Result<std::vector<TaskView>> Engine::open_tasks(db::Tx& tx, const Context& ctx, CaseId id) {
  JX_TRY(rows, tx.all(sql::open_tasks_of_case, id));
  const Tasks tasks(*impl_, tx, ctx);
  std::vector<TaskView> open;
  for (const auto& r : rows) {
    JX_TRY(task, tasks.view(r));
    open.push_back(std::move(task));
  }
  return open;
}

Result<Slice<CaseSummary>> Engine::cases_of(db::Tx& tx, const std::vector<Party>& applicants, const Page& page) {
  JX_CHECK(check_page(page));
  JX_TRY(cursor, parse_cursor(page.cursor));
  Slice<CaseSummary> slice;
  for (const auto& party : applicants) {
    JX_TRY(rows, tx.all(sql::cases_of_applicant, party.id.bytes(), static_cast<std::int64_t>(party.kind), cursor ? cursor->key : never,
                        cursor ? cursor->id.bytes() : last_uuid().bytes(), static_cast<std::int64_t>(page.limit) + 1));
    for (const auto& row : rows) slice.items.push_back(summary_of(row));
  }
  std::sort(slice.items.begin(), slice.items.end(),
            [](const CaseSummary& a, const CaseSummary& b) { return std::pair(b.opened_at, b.id) < std::pair(a.opened_at, a.id); });
  if (slice.items.size() > page.limit) {
    slice.items.resize(page.limit);
    slice.next = text_of_cursor(slice.items.back().opened_at.micros, slice.items.back().id.uuid());
  }
  return slice;
}

namespace {

/// The versions before and after, of an event of kind `migrated`.
std::pair<crypto::Digest, crypto::Digest> versions_in(std::string_view detail) {
  const auto hash = [](std::string_view hex) {
    const auto octets = from_hex(hex);
    return octets ? digest_of(*octets) : crypto::Digest{};
  };
  const auto space = std::min(detail.find(' '), detail.size());
  return {hash(detail.substr(0, space)), hash(detail.substr(std::min(space + 1, detail.size())))};
}

}  // namespace

Result<std::vector<TimelineEvent>> Engine::timeline(db::Tx& tx, CaseId id) {
  JX_TRY(row, case_row(tx, id));
  JX_TRY(rows, tx.all(sql::timeline_of_case, id));
  // An event names its element by the version that the case was under then.
  crypto::Digest first = row.definition;
  for (auto r = rows.rbegin(); r != rows.rend(); ++r) {
    for (const auto& stored : events_of(*r)) {
      if (static_cast<Happened>(stored.kind) == Happened::migrated) first = versions_in(stored.detail).first;
    }
  }
  JX_TRY(definition, impl_->definition(tx, first));
  std::vector<TimelineEvent> events;
  for (const auto& r : rows) {
    for (const auto& stored : events_of(r)) {
      TimelineEvent e;
      e.seq = stored.seq;
      e.at = stored.at;
      const auto kind = static_cast<Happened>(stored.kind);
      e.kind = name(kind);
      e.inside = is_inside(kind);
      e.unit = UnitId::trusted(stored.unit);
      const Node* node = nullptr;
      if (stored.node && static_cast<std::size_t>(*stored.node) < definition->nodes.size())
        node = &definition->nodes[static_cast<std::size_t>(*stored.node)];
      if (node != nullptr) e.element = node->id;
      e.words = words_of(kind, node, stored.detail);
      if (!r.null(3)) e.entry = r.id<ledger::EntryId>(3).uuid();
      events.push_back(std::move(e));
      if (kind != Happened::migrated) continue;
      JX_TRY(next, impl_->definition(tx, versions_in(stored.detail).second));
      definition = next;
    }
  }
  return events;
}

Result<CaseView> Engine::view(db::Tx& tx, const Context& ctx, CaseId id) {
  JX_TRY(row, case_row(tx, id));
  if (row.machine.empty()) return archived();
  JX_TRY(definition, impl_->definition(tx, row.definition));
  CaseView view;
  view.summary = {row.id, row.number, row.process, row.item, row.applicant, row.title, row.state, row.opened_at, row.closed_at, row.due_on};
  view.definition = to_hex(row.definition);
  view.form_key = row.form;
  const Fetch fetch = [&](const crypto::Digest& sha256) -> Result<Bytes> {
    JX_TRY(found, tx.one(sql::blob_one, id, ByteView(sha256)));
    if (!found) return fail(ErrorCode::corrupt, {"a value of the case is missing", "办件的数据缺失"});
    return found->bytes(0);
  };
  JX_TRY(state, decode_state(row.machine, fetch, definition.get()));
  for (const auto& v : state.scopes.empty() ? Variables{} : state.scopes.front().variables) {
    if (v.name != "application") continue;
    auto json = rules::to_json(v.value);
    if (json.is_object()) view.form = std::move(json.get_object());
  }
  for (const auto& token : state.tokens) {
    const auto& element = definition->nodes[token.node].id;
    if (std::find(view.active.begin(), view.active.end(), element) == view.active.end()) view.active.push_back(element);
  }
  const Tasks tasks(*impl_, tx, ctx);
  JX_TRY(pauses, pauses_of(tx, id));
  const auto calendar = impl_->needs.calendar();
  const auto today = impl_->today(ctx);
  ClockOf of{row.term, definition->node(definition->find(row.process.text())).yellow, row.received_on, std::nullopt, row.paused != 0};
  if (row.closed_at) of.ended_on = calendar->zone().date_of(*row.closed_at);
  JX_TRY(clock, clock_of(*calendar, pauses, of, today));
  view.clock = std::move(clock);
  JX_TRY(statutory, tx.one(sql::term_one, id));
  if (statutory) {
    of.term = statutory->text(0);
    of.yellow = {};
    JX_TRY(of_the_law, clock_of(*calendar, pauses, of, today));
    view.statutory = std::move(of_the_law);
  }
  JX_TRY(events, timeline(tx, id));
  view.timeline = std::move(events);
  JX_TRY(rows, tx.all(sql::tasks_of_case, id));
  for (const auto& r : rows) {
    JX_TRY(task, tasks.view(r, pauses));
    view.tasks.push_back(std::move(task));
  }
  return view;
}

Result<std::string> Engine::diagram(db::Tx& tx, CaseId id) {
  JX_TRY(row, case_row(tx, id));
  JX_TRY(parts, tx.all(sql::parts_of_definition, ByteView(row.definition)));
  if (parts.empty()) return fail(ErrorCode::corrupt, {"the definition of the case is missing", "办件的流程定义缺失"});
  return parts.front().text(0);
}

Result<bool> Engine::handles(db::Tx& tx, CaseId id, const UnitId& unit) {
  JX_TRY(row, tx.one(sql::tasks_of_unit_in_case, id, unit));
  if (row) return true;
  JX_TRY(archived, archived_units(tx, id, true));
  return std::ranges::find(archived, unit) != archived.end();
}

Result<std::vector<UnitId>> Engine::units_of(db::Tx& tx, CaseId id) {
  JX_TRY(rows, tx.all(sql::units_of_case, id));
  if (rows.empty()) return archived_units(tx, id, false);
  std::vector<UnitId> units;
  for (const auto& row : rows) units.push_back(row.key<UnitId>(0));
  return units;
}

}  // namespace jx::cases
