#include "act.hpp"
#include "cases_sql.hpp"
#include "deadlines.hpp"
#include "four_eyes.hpp"
#include "sides.hpp"
#include "task_row.hpp"
#include "texts.hpp"

#include <jx/rules/json.hpp>
#include <jx/wire.hpp>

#include <algorithm>

namespace jx::cases {
namespace {

/// YX-20261121-7F3K9QXM: the day, and 40 random bits in letters that cannot be misread (Crockford's base 32).
std::string number_of(std::string_view prefix, LocalDate day, Random& random) {
  constexpr std::string_view letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::array<std::uint8_t, 8> octets{};
  random.fill(octets);
  std::string text(prefix);
  if (!text.empty()) text += '-';
  for (const char c : day.text()) {
    if (c != '-') text += c;
  }
  text += '-';
  for (const auto o : octets) text += letters[o & 31];
  return text;
}

Result<rules::Value> completion_value(const Context& ctx, const Act& act, const Completion& completion) {
  std::vector<rules::Entry> entries;
  if (!completion.outcome.empty()) entries.push_back({"decision", rules::Value(completion.outcome)});
  entries.push_back({"opinion", rules::Value(completion.opinion)});
  entries.push_back({"unit", rules::Value(ctx.actor.unit.text())});
  entries.push_back({"post", rules::Value(ctx.actor.post.text())});
  entries.push_back({"on", rules::Value(act.today())});
  if (!completion.form.empty()) {
    auto form = rules::from_json(boost::json::value(completion.form));
    if (!form) return std::unexpected(under("/form", std::move(form).error()));
    entries.push_back({"form", std::move(*form)});
  }
  return rules::Value::context(std::move(entries));
}

}  // namespace

void Registry::inside(std::string name, InsideHandler handler) { inside_.emplace_back(std::move(name), std::move(handler)); }
void Registry::outside(std::string name, OutsideHandler handler) { outside_.emplace_back(std::move(name), std::move(handler)); }
const InsideHandler* Registry::find_inside(std::string_view name) const {
  const auto it = std::find_if(inside_.begin(), inside_.end(), [&](const auto& pair) { return pair.first == name; });
  return it == inside_.end() ? nullptr : &it->second;
}
const OutsideHandler* Registry::find_outside(std::string_view name) const {
  const auto it = std::find_if(outside_.begin(), outside_.end(), [&](const auto& pair) { return pair.first == name; });
  return it == outside_.end() ? nullptr : &it->second;
}

Result<std::optional<UnitId>> Offices::seat_of(db::Tx&, const Context&, AccountId, const Desk&) { return std::optional<UnitId>(); }
Result<std::vector<Absent>> Offices::stands_in_for(db::Tx&, const Context&) { return std::vector<Absent>(); }
Result<LocalizedText> Offices::name_of(db::Tx&, const PersonId&) { return LocalizedText(); }
Result<std::optional<Desk>> Offices::head_of(db::Tx&, const UnitId&, const PostId&, bool) { return std::optional<Desk>(); }
Result<PersonId> Offices::person_of(db::Tx&, AccountId) { return PersonId(); }

Engine::Engine(Needs needs) : impl_(std::make_unique<Impl>(std::move(needs))) {}
Engine::~Engine() = default;

// --- opening -------------------------------------------------------------------------------------------------------------

namespace {

Result<> check_opening(const Opening& o) {
  JX_CHECK(check_text(o.title, 200, "/title", false));
  const bool right = o.number_prefix.size() <= 8 &&
                     std::all_of(o.number_prefix.begin(), o.number_prefix.end(), [](unsigned char c) { return std::isalnum(c) != 0; });
  if (!right)
    return fail(ErrorCode::invalid, {"a prefix of numbers has at most 8 letters or digits", "编号前缀最多 8 个字母或数字"}, "/number_prefix");
  if (wire::to_text(o.form).size() > form_bytes_max)
    return fail(ErrorCode::too_large, {"the form has more than 256 KiB", "表单超过 256 KiB"}, "/form");
  if (wire::to_text(o.variables).size() > variables_bytes_max)
    return fail(ErrorCode::too_large, {"the variables have more than 1 MiB", "变量超过 1 MiB"}, "/variables");
  return {};
}

}  // namespace

/// `start` names what triggered it where it is not a plain opening.
static Result<Receipt> open_case(Engine::Impl& engine, db::Tx& tx, const Context& ctx, const Opening& o, const Start* trigger) {
  JX_CHECK(check_opening(o));
  JX_TRY(current, tx.one(sql::current_one, o.process));
  if (!current)
    return fail(ErrorCode::not_found, {"there is no process '" + o.process.text() + "'", "没有流程“" + o.process.text() + "”"}, "/process");
  CaseRow row;
  std::copy_n(current->bytes(0).begin(), row.definition.size(), row.definition.begin());
  JX_TRY(definition, engine.definition(tx, row.definition));
  const Index process = definition->find(o.process.text());
  const Node& node = definition->node(process);
  Start start;
  if (trigger != nullptr)
    start = *trigger;
  else if (!starts_plainly(*definition, process))
    return fail(ErrorCode::conflict, {"this process begins by a message, signal or timer only", "该流程只能由消息、信号或定时启动"}, "/process");
  start.process = process;
  row.form = node.form.empty() ? o.form_key : node.form;
  boost::json::object filled = o.form, parts;
  if (!row.form.empty()) {
    JX_TRY(form, engine.form_now(tx, row.form));
    if (!form) return fail(ErrorCode::not_found, {"there is no form '" + row.form + "'", "没有表单“" + row.form + "”"});
    JX_TRY(complete, form->complete(o.form, ctx.now(), engine.needs.calendar()->zone().name()));
    filled = std::move(complete);
    row.form_hash = form->hash;
    if (!form->parts.empty()) parts = form->parts_of(filled);
  }
  JX_TRY(variables, variables_of(o.variables, "/variables"));
  for (auto& v : variables) start.variables.push_back(std::move(v));
  for (const auto& [name, value] : {std::pair{"application", &filled}, std::pair{"forms", &parts}}) {
    if (value->empty()) continue;
    auto variable = rules::from_json(boost::json::value(*value));
    if (!variable) return std::unexpected(under("/form", std::move(variable).error()));
    start.variables.push_back({name, std::move(*variable)});
  }

  Act act(engine, tx, ctx);
  row.id = CaseId::make(ctx.clock, ctx.random);
  row.received_on = act.today();
  row.number = number_of(o.number_prefix, row.received_on, ctx.random);
  row.process = o.process;
  row.item = o.item;
  row.applicant = o.applicant;
  row.title = o.title;
  row.opened_at = ctx.now();
  row.term = o.term.empty() ? node.term : o.term;
  JX_TRY(due, due_of(act.calendar(), row.term, row.received_on, {}));
  row.due_on = due.on;
  row.provisional = due.provisional;
  Receipt receipt{row.id, row.number, {}, row.due_on, row.provisional};
  boost::json::object body{{"process", row.process.text()}, {"definition", to_hex(row.definition)}};
  if (!row.item.empty()) body["item"] = row.item.text();
  if (row.due_on) body["due_on"] = row.due_on->text();
  if (!filled.empty()) body["form_sha256"] = to_hex(crypto::sha256(bytes_of(wire::to_text(filled))));
  const auto received_on = row.received_on;
  act.begin(std::move(row), definition);
  if (!o.statutory.empty()) {
    JX_TRY(statutory, due_of(act.calendar(), o.statutory, received_on, {}));
    JX_CHECK(act.set_statutory(o.statutory, statutory));
  }
  act.note(Happened::opened, no_index, "");
  JX_CHECK(act.run(start));
  JX_TRY(entry, act.finish("case.opened", std::move(body)));
  receipt.entry = entry.uuid();
  return receipt;
}

Result<Receipt> Engine::open(db::Tx& tx, const Context& ctx, const Opening& opening) { return open_case(*impl_, tx, ctx, opening, nullptr); }

// --- tasks ---------------------------------------------------------------------------------------------------------------

Result<> Engine::claim(db::Tx& tx, const Context& ctx, TaskId task) {
  JX_TRY(t, task_row(tx, task));
  JX_CHECK(may_do(*impl_, tx, ctx.actor, t));
  if (t.state == TaskState::claimed && t.holder == ctx.actor.account) return {};
  if (t.state == TaskState::claimed) return taken();
  if (t.state != TaskState::free) return not_open();
  Act act(*impl_, tx, ctx);
  JX_CHECK(act.load(std::move(t.its_case)));
  JX_CHECK(check_other_eyes(*impl_, tx, act.definition(), t, ctx.actor.account));
  JX_CHECK(act.changed(tx.one(sql::task_claim, task, ctx.actor.account, ctx.actor.unit)));
  act.note(t.kind == TaskKind::step ? Happened::task_claimed : Happened::side_claimed, t.node, "");
  JX_CHECK(act.finish("case.task-claimed", task_body(t, act)));
  return {};
}

Result<> Engine::release(db::Tx& tx, const Context& ctx, TaskId task, std::string_view reason) {
  JX_TRY(t, task_row(tx, task));
  JX_CHECK(check_text(reason, reason_chars_max, "/reason", true));
  if (t.state != TaskState::claimed) return not_open();
  JX_TRY(place, place_of(*impl_, tx, ctx, t));
  if (t.is_for_one_account()) return close_side(*impl_, tx, ctx, std::move(t), reason);
  Act act(*impl_, tx, ctx);
  JX_CHECK(act.load(std::move(t.its_case)));
  JX_CHECK(act.changed(tx.one(sql::task_release, task)));
  act.note(t.kind == TaskKind::step ? Happened::task_released : Happened::side_released, t.node, std::string(reason));
  auto body = task_body(t, act);
  body["reason"] = reason;
  JX_CHECK(note_place(*impl_, tx, ctx, act, t.node, place, body));
  JX_CHECK(act.finish("case.task-released", std::move(body)));
  return {};
}

Result<> Engine::hand_over(db::Tx& tx, const Context& ctx, TaskId task, const HandOver& to) {
  JX_TRY(t, task_row(tx, task));
  JX_CHECK(check_text(to.reason, reason_chars_max, "/reason", true));
  if (t.state != TaskState::free && t.state != TaskState::claimed) return not_open();
  if (t.kind == TaskKind::supplement) return taken();
  PersonId place;
  if (!to.supervised) {
    JX_TRY(found, place_in(*impl_, tx, ctx, t));
    JX_CHECK(may_do(*impl_, tx, ctx.actor, t));
    place = found;
  }
  std::optional<UnitId> seat;
  if (!to.account.nil() && impl_->needs.offices != nullptr) {
    JX_TRY(found, impl_->needs.offices->seat_of(tx, ctx, to.account, {t.unit, t.post, t.role}));
    if (!found) return fail(ErrorCode::invalid, {"this account holds no post that the task is for", "该账号的岗位不能办理此任务"}, "/account");
    seat = std::move(found);
  }
  if (to.account.nil() && t.is_for_one_account())
    return fail(ErrorCode::invalid, {"this task is for one account: say to which", "该任务仅由个人办理，请指定账号"}, "/account");
  if (to.account.nil() && to.unit.empty()) return fail(ErrorCode::invalid, {"say to whom: an account or a unit", "请指定移交对象"}, "/unit");
  Act act(*impl_, tx, ctx);
  JX_CHECK(act.load(std::move(t.its_case)));
  JX_CHECK(check_running(act));
  if (!to.account.nil()) JX_CHECK(check_other_eyes(*impl_, tx, act.definition(), t, to.account));
  auto body = task_body(t, act);
  body["reason"] = to.reason;
  if (!to.account.nil()) {
    JX_CHECK(act.changed(tx.one(sql::task_to_account, task, to.account, seat ? *seat : ctx.actor.unit)));
    body["account"] = to.account.text();
  } else {
    JX_CHECK(act.changed(tx.one(sql::task_to_post, task, to.unit, to.post)));
    body["unit"] = to.unit.text();
    body["post"] = to.post.text();
  }
  act.note(t.kind == TaskKind::step ? Happened::task_handed_over : Happened::side_handed_over, t.node, to.reason);
  JX_CHECK(note_place(*impl_, tx, ctx, act, t.node, place, body));
  JX_CHECK(act.finish("case.task-handed-over", std::move(body)));
  return {};
}

Result<> Engine::complete(db::Tx& tx, const Context& ctx, TaskId task, const Completion& given) {
  Completion completion = given;
  JX_TRY(t, task_row(tx, task));
  JX_TRY(place, place_in(*impl_, tx, ctx, t));
  if (t.kind != TaskKind::step) return answer_side(*impl_, tx, ctx, std::move(t), completion);
  Act act(*impl_, tx, ctx);
  JX_CHECK(act.load(std::move(t.its_case)));
  JX_CHECK(check_other_eyes(*impl_, tx, act.definition(), t, ctx.actor.account));
  JX_CHECK(check_moving(act));
  const Node& node = act.definition().node(t.node);
  const auto chosen = std::find_if(node.outcomes.begin(), node.outcomes.end(), [&](const OutcomeDef& o) { return o.key == completion.outcome; });
  if (node.outcomes.empty() ? !completion.outcome.empty() : chosen == node.outcomes.end())
    return fail(ErrorCode::invalid, {"choose one of the outcomes", "请选择办理结果"}, "/outcome");
  JX_CHECK(check_text(completion.opinion, opinion_chars_max, "/opinion", chosen != node.outcomes.end() && chosen->needs_reason));
  if (t.sides) JX_CHECK(check_sides_answered(tx, t, chosen != node.outcomes.end() && chosen->approving));
  if (wire::to_text(completion.form).size() > form_bytes_max)
    return fail(ErrorCode::too_large, {"the form has more than 256 KiB", "表单超过 256 KiB"}, "/form");
  if (t.form_hash) {
    JX_TRY(form, impl_->form(tx, *t.form_hash));
    JX_TRY(complete, form->complete(std::move(completion.form), ctx.now(), act.calendar().zone().name()));
    completion.form = std::move(complete);
  } else if (!completion.form.empty()) {
    return fail(ErrorCode::invalid, {"this task has no form", "该任务没有表单"}, "/form");
  }
  JX_TRY(value, completion_value(ctx, act, completion));
  JX_TRY(done, act.changed(tx.one(sql::task_done, task, ctx.actor.account, ctx.actor.unit, ctx.now(), completion.outcome, completion.opinion)));
  if (!done) return not_open();
  act.note(Happened::task_completed, t.node, completion.outcome);
  auto body = task_body(t, act);
  JX_CHECK(note_place(*impl_, tx, ctx, act, t.node, place, body));
  JX_CHECK(act.run(Completed{t.wait, std::move(value), {}, {}}));
  if (!completion.outcome.empty()) body["outcome"] = completion.outcome;
  if (!completion.opinion.empty()) body["opinion"] = completion.opinion;
  if (!completion.form.empty()) body["form"] = completion.form;
  JX_CHECK(act.finish("case.task-completed", std::move(body)));
  return {};
}

// --- from outside --------------------------------------------------------------------------------------------------------

Result<CaseId> Engine::message(db::Tx& tx, const Context& ctx, std::string_view name, std::string_view correlation,
                               const boost::json::object& variables) {
  JX_TRY(list, variables_of(variables, "/variables"));
  JX_TRY(waiting, tx.all(sql::subscribers, 2, name, correlation, 2));
  if (waiting.size() > 1)
    return fail(ErrorCode::conflict, {"several cases wait for this message: give its correlation", "多个办件在等待此消息，请提供关联值"});
  if (!waiting.empty()) {
    Act act(*impl_, tx, ctx);
    const auto id = waiting[0].id<CaseId>(0);
    JX_CHECK(act.load(id));
    const auto wait = static_cast<Ref>(waiting[0].integer(1));
    const Wait* w = act.state().wait(wait);
    act.note(Happened::message_received, w == nullptr ? no_index : w->node, std::string(name));
    JX_CHECK(act.run(Occurred{wait, std::move(list)}));
    JX_CHECK(act.finish("case.message-received", {{"message", name}}));
    return id;
  }
  JX_TRY(starts, tx.all(sql::starts_of, 2, name));
  if (starts.empty())
    return fail(ErrorCode::not_found, {"nobody waits for the message '" + std::string(name) + "'", "没有办件在等待消息“" + std::string(name) + "”"});
  return impl_->open_by_trigger(tx, ctx, starts[0].key<ProcessId>(0), static_cast<Index>(starts[0].integer(1)),
                                starts[0].null(2) ? no_index : static_cast<Index>(starts[0].integer(2)), variables);
}

Result<CaseId> Engine::Impl::open_by_trigger(db::Tx& tx, const Context& ctx, const ProcessId& process, Index node, Index gateway,
                                             const boost::json::object& variables) {
  Opening opening;
  opening.process = process;
  opening.variables = variables;
  Start start;
  start.node = node;
  start.gateway = gateway;
  JX_TRY(receipt, open_case(*this, tx, ctx, opening, &start));
  return receipt.id;
}

Result<> Engine::signal(db::Tx& tx, const Context& ctx, std::string_view name, const boost::json::object& variables) {
  if (name.empty() || name.size() > 200)
    return fail(ErrorCode::invalid, {"a signal has a name of at most 200 octets", "信号名应为 1 到 200 字节"}, "/name");
  const auto id = Uuid::make(ctx.clock, ctx.random);
  JX_CHECK(tx.run(sql::job_insert, id.bytes(), CaseId(), 0, static_cast<std::int64_t>(JobKind::signal), ctx.now(), name,
                  wire::to_text(boost::json::object{{"variables", variables}})));
  JX_CHECK(ledger::append(tx, ctx, {"case.signal-sent", {}, {{"signal", name}}, {}}));
  return {};
}

Result<> Engine::cancel(db::Tx& tx, const Context& ctx, CaseId id, CaseState state, std::string_view reason) {
  if (state != CaseState::withdrawn && state != CaseState::ended)
    return fail(ErrorCode::invalid, {"a case is withdrawn or ended", "只能撤回或终止"}, "/state");
  JX_CHECK(check_text(reason, reason_chars_max, "/reason", true));
  Act act(*impl_, tx, ctx);
  JX_CHECK(act.load(id));
  if (state == CaseState::withdrawn) act.note(Happened::withdrawn, no_index, std::string(reason));
  JX_CHECK(act.run(Cancel{}));
  act.row().state = state;
  JX_CHECK(act.finish(state == CaseState::withdrawn ? "case.withdrawn" : "case.ended", {{"reason", reason}}));
  return {};
}

}  // namespace jx::cases
