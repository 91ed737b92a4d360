#include "task_views.hpp"

#include "cases_sql.hpp"
#include "clock.hpp"
#include "marks.hpp"
#include "sides.hpp"
#include "texts.hpp"

#include <algorithm>
#include <charconv>

namespace jx::cases {
Result<TaskView> Tasks::view(const db::Row& r) const {
  JX_TRY(definition, engine_.definition(tx_, digest_of(r.bytes(20))));
  const auto index = static_cast<std::size_t>(r.integer(3));
  if (index >= definition->nodes.size())
    return fail(ErrorCode::corrupt, {"a task names an element that its definition has not", "任务对应的流程元素不存在"});
  const Node& n = definition->nodes[index];
  TaskView t;
  t.id = r.id<TaskId>(0);
  t.case_id = r.id<CaseId>(1);
  t.number = r.text(19);
  t.element = n.id;
  if (!r.null(28)) t.kind = static_cast<TaskKind>(r.integer(28));
  t.name = name_of(t.kind, n);
  t.state = static_cast<TaskState>(r.integer(4));
  t.unit = r.key<UnitId>(5);
  t.post = r.key<PostId>(6);
  t.role = r.key<RoleId>(7);
  if (!r.null(8)) t.holder = r.id<AccountId>(8);
  if (t.state == TaskState::claimed) {
    JX_TRY(mine, is_mine(t));
    t.mine = mine;
  }
  t.created_at = r.instant(9);
  if (!r.null(10)) t.done_at = r.instant(10);
  if (!r.null(13)) t.due_on = r.date(13);
  const bool open = t.state == TaskState::free || t.state == TaskState::claimed;
  if (open) t.mark = mark_of(*calendar_, t.due_on, yellow_days(t.kind == TaskKind::step ? n.yellow : std::string(), r.text(12)), today_);
  t.form = r.text(15);
  if (!r.null(17)) t.outcome = r.text(17);
  if (!r.null(18)) t.opinion = r.text(18);
  t.item = r.key<ItemId>(21);
  t.applicant = party_of(r.integer(22), r.bytes(23));
  t.title = r.text(24);
  if (const auto process = definition->find(r.text(27)); process != no_index && !r.null(25) && !t.done_at)
    t.case_mark = mark_of(*calendar_, r.date(25), yellow_days(definition->node(process).yellow, r.text(26)), today_);
  t.outcomes = outcomes_of(t.kind, n);
  if (!r.null(29)) t.parent = r.id<TaskId>(29);
  if (open && !r.null(30)) t.open_sides = r.integer(30);
  if (!r.null(31)) {
    t.urged = r.integer(31);
    JX_TRY(last, tx_.one(sql::urge_last, t.id));
    if (last) t.urge_note = last->text(5);
  }
  return t;
}

Result<TaskView> Tasks::view(const db::Row& r, std::span<const calendar::Pause> pauses) const {
  JX_TRY(task, view(r));
  JX_TRY(definition, engine_.definition(tx_, digest_of(r.bytes(20))));
  if (!definition->node(static_cast<Index>(r.integer(3))).stands_for.empty()) pauses = {};  // for it the clock of the case stands
  const auto paused = std::ranges::any_of(pauses, [](const calendar::Pause& pause) { return !pause.resumed_on; });
  ClockOf of{r.text(12), definition->node(static_cast<Index>(r.integer(3))).yellow, r.date(11), std::nullopt, paused};
  if (task.done_at) of.ended_on = calendar_->zone().date_of(*task.done_at);
  JX_TRY(clock, clock_of(*calendar_, pauses, of, today_));
  task.clock = std::move(clock);
  return task;
}

Result<bool> Tasks::is_mine(const TaskView& t) const {
  const auto& actor = ctx_.actor;
  if (t.holder == actor.account) return !actor.account.nil();
  const bool for_post = (t.unit.empty() || t.unit == actor.unit) && (t.post.empty() || t.post == actor.post);
  if (!for_post || engine_.needs.offices == nullptr) return false;
  if (!absent_) {
    JX_TRY(absent, engine_.needs.offices->stands_in_for(tx_, ctx_));
    absent_ = std::move(absent);
  }
  return std::ranges::find(*absent_, t.holder, &Absent::account) != absent_->end();
}

std::string text_of_cursor(std::int64_t key, const Uuid& id) { return std::to_string(key) + "." + to_hex(id.bytes()); }

Result<std::optional<Cursor>> parse_cursor(const std::string& text) {
  if (text.empty()) return std::optional<Cursor>();
  Cursor cursor;
  const auto dot = text.find('.');
  const auto wrong = [] { return fail(ErrorCode::invalid, {"this cursor is not one that was given", "分页标记无效"}, "/cursor"); };
  if (dot == std::string::npos) return wrong();
  const auto [end, error] = std::from_chars(text.data(), text.data() + dot, cursor.key);
  if (error != std::errc{} || end != text.data() + dot) return wrong();
  auto octets = from_hex(std::string_view(text).substr(dot + 1));
  if (!octets) return wrong();
  auto id = Uuid::from_bytes(*octets);
  if (!id) return wrong();
  cursor.id = *id;
  return std::optional<Cursor>(cursor);
}

Result<> check_page(const Page& page) {
  if (page.limit < 1 || page.limit > page_max) return fail(ErrorCode::invalid, {"a page has 1 to 200 rows", "每页应为 1 到 200 行"}, "/limit");
  return {};
}

}  // namespace jx::cases
