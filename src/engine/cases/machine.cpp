#include "machine.hpp"

#include <jx/cases.hpp>

#include <algorithm>

namespace jx::cases {
namespace {

template <class List>
auto* find(List& list, Ref id) {
  const auto it = std::find_if(list.begin(), list.end(), [&](const auto& x) { return x.id == id; });
  return it == list.end() ? nullptr : &*it;
}

}  // namespace

const Wait* State::wait(Ref id) const { return find(waits, id); }
const Scope* State::scope(Ref id) const { return find(scopes, id); }
const Token* State::token(Ref id) const { return find(tokens, id); }

Token* Machine::token(Ref id) { return find(s_.tokens, id); }
Scope* Machine::scope(Ref id) { return find(s_.scopes, id); }
Wait* Machine::wait(Ref id) { return find(s_.waits, id); }

Ref Machine::new_token(Index node, Ref scope, Resume resume) {
  const Ref id = s_.next++;
  s_.tokens.push_back({id, node, no_index, scope, Phase::ready, resume, 0});
  s_.ready.push_back(id);
  return id;
}

Ref Machine::new_scope(ScopeKind kind, Index node, Ref parent, Ref host) {
  const Ref id = s_.next++;
  Scope scope;
  scope.id = id;
  scope.kind = kind;
  scope.node = node;
  scope.parent = parent;
  scope.host = host;
  s_.scopes.push_back(std::move(scope));
  return id;
}

void Machine::make_ready(Ref id, Resume resume) {
  Token* t = token(id);
  t->phase = Phase::ready;
  t->resume = resume;
  s_.ready.push_back(id);
}

void Machine::erase_token(Ref id) {
  std::erase_if(s_.tokens, [&](const Token& t) { return t.id == id; });
}

void Machine::fault(Ref id, Resume resume, Words words) {
  Token* t = token(id);
  if (t == nullptr) return;
  t->phase = Phase::failed;
  t->resume = resume;
  Effect e{EffectKind::incident, id, t->node, {}, {}, {}, {}, {}, std::move(words)};
  effects_.push_back(std::move(e));
}

Result<> Machine::handle(const Event& event) {
  if (s_.ended()) return fail(ErrorCode::conflict, {"the case has ended", "事项已办结"});
  if (const auto* e = std::get_if<Start>(&event)) return start(*e);
  if (const auto* e = std::get_if<Completed>(&event)) return completed(*e);
  if (const auto* e = std::get_if<Occurred>(&event)) {
    const Wait* w = wait(e->wait);
    if (w == nullptr) return fail(ErrorCode::conflict, {"nothing waits for this any more", "已无等待此事件的环节"});
    set_all(w->token != 0 ? token(w->token)->scope : w->scope, e->variables);
    occurred(e->wait);
    return {};
  }
  if (const auto* e = std::get_if<SignalCame>(&event)) {
    signal(e->name, e->variables, e->passes_on);
    return {};
  }
  if (const auto* e = std::get_if<Retry>(&event)) {
    Token* t = token(e->token);
    if (t == nullptr || t->phase != Phase::failed) return fail(ErrorCode::conflict, {"this step has not failed", "该环节没有失败"});
    set_all(t->scope, e->variables);
    if (t->resume == Resume::leave) return make_ready(e->token, Resume::leave), Result<>{};
    cancel_inside(e->token);
    const bool is_instance = scope(t->scope)->kind == ScopeKind::instance && scope(t->scope)->node == t->node;
    make_ready(e->token, is_instance ? Resume::body : Resume::enter);
    return {};
  }
  if (const auto* e = std::get_if<Settle>(&event)) return settle(*e);
  if (const auto* e = std::get_if<StartActivity>(&event)) {
    const Scope* sc = scope(e->scope);
    if (sc == nullptr || node(sc->node).kind != NodeKind::ad_hoc || e->node >= d_.nodes.size() || node(e->node).parent != sc->node ||
        !is_activity(node(e->node).kind))
      return fail(ErrorCode::conflict, {"this activity cannot be started now", "现在不能启动该活动"});
    new_token(e->node, e->scope, Resume::enter);
    return {};
  }
  if (const auto* e = std::get_if<SetVariables>(&event)) {
    const Wait* w = wait(e->wait);
    if (w == nullptr || w->token == 0) return fail(ErrorCode::conflict, {"this step is not open any more", "该环节已不在办理中"});
    set_all(token(w->token)->scope, e->variables);
    return {};
  }
  if (const auto* e = std::get_if<MoveTimer>(&event)) {
    Wait* w = wait(e->wait);
    if (w == nullptr || w->kind != WaitKind::timer) return fail(ErrorCode::conflict, {"this timer is gone", "该定时已不存在"});
    w->due = e->due;
    effect(EffectKind::timer_set, w->id, w->node);
    effects_.back().at = w->due;
    return {};
  }
  if (const auto* e = std::get_if<Migrated>(&event)) return arm_added(e->added), Result<>{};
  if (const auto* e = std::get_if<SendBack>(&event)) return send_back(*e);
  if (std::holds_alternative<Cancel>(event)) end(Ending::cancelled, {});
  return {};
}

Result<> Machine::start(const Start& e) {
  if (!s_.scopes.empty()) return fail(ErrorCode::conflict, {"the case has begun already", "事项已开始"});
  s_.definition = d_.hash;
  const Ref root = new_scope(ScopeKind::process, e.process, 0, 0);
  scope(root)->variables = e.variables;
  if (e.node == no_index) {
    begin_scope(root);
    return {};
  }
  for (const auto& name : node(e.process).declares) declare(root, name, {});
  arm_event_sub_processes(root);
  const bool all_needed = e.gateway != no_index && node(e.gateway).parallel_start;
  for (const Index flow : all_needed ? node(e.gateway).outgoing : std::vector<Index>{}) {
    const Index other = d_.flows[flow].target;
    if (other != e.node) new_token(other, root, Resume::enter);
  }
  new_token(e.node, root, Resume::leave);
  return {};
}

Result<> Machine::completed(const Completed& e) {
  const Wait* w = wait(e.wait);
  if (w == nullptr || (w->kind != WaitKind::task && w->kind != WaitKind::job))
    return fail(ErrorCode::conflict, {"this task is not open any more", "该任务已不在办理中"});
  const Ref id = w->token;
  const Node& n = node(w->node);
  const Ref where = token(id)->scope;
  const auto it = std::find_if(s_.waits.begin(), s_.waits.end(), [&](const Wait& x) { return x.id == e.wait; });
  s_.waits.erase(it);
  if (!e.error_code.empty()) {
    throw_error(e.error_code, 0, id);
    return {};
  }
  if (!e.result.is_null()) {
    const std::string& name = n.result.empty() ? n.id : n.result;
    const Scope& here = *scope(where);  // instances that run side by side keep their results apart; a loop hands its own on from round to round
    if (here.kind == ScopeKind::instance && d_.loops[node(here.node).loop].multi_instance)
      declare(where, name, e.result);
    else
      set(where, name, e.result);
  }
  set_all(where, e.variables);
  body_done(id, std::nullopt);
  return {};
}

Result<> Machine::settle(const Settle& e) {
  const Token* t = token(e.token);
  if (t == nullptr || !can_settle(d_, s_, *t)) return fail(ErrorCode::conflict, {"this step cannot be taken for done", "该环节不能按已办理处理"});
  const Ref where = t->scope;
  const Node& n = node(t->node);
  const std::string& name = n.result.empty() ? n.id : n.result;
  if (!e.result.is_null() && scope(where)->kind == ScopeKind::instance)
    declare(where, name, e.result);
  else if (!e.result.is_null())
    set(where, name, e.result);
  set_all(where, e.variables);
  body_done(e.token, std::nullopt);
  return {};
}

void Machine::run() {
  while (!s_.ended()) {
    if (changed_) {
      changed_ = false;
      check_conditions();
      continue;
    }
    if (!s_.ready.empty()) {
      if (entered_ >= elements_per_act_max && ++s_.continued < acts_in_a_row_max) return effect(EffectKind::continues, 0, no_index);
      const Ref id = s_.ready.front();
      if (s_.continued >= acts_in_a_row_max) {
        s_.ready.pop_front();
        if (const Token* t = token(id); t != nullptr) fault(id, t->resume, {"the case goes round in an endless loop", "流程陷入死循环"});
        continue;
      }
      s_.ready.pop_front();
      const Token* t = token(id);
      if (t != nullptr && t->phase == Phase::ready) advance(id);
      continue;
    }
    if (fire_joins()) continue;
    if (s_.deferred.empty()) break;
    const Ref id = s_.deferred.front();
    s_.deferred.pop_front();
    const Token* t = token(id);
    if (t != nullptr && t->phase == Phase::deferred) perform_throws(id);
  }
  s_.continued = 0;
}

void Machine::advance(Ref id) {
  ++entered_;
  switch (token(id)->resume) {
    case Resume::enter: return enter(id);
    case Resume::body: return begin_body(id);
    case Resume::leave: return leave(id);
  }
}

void Machine::enter(Ref id) {
  const Index index = token(id)->node;
  const Node& n = node(index);
  if (s_.tokens.size() > tokens_max)
    return fault(id, Resume::enter, {"the case has too many tokens: is there an endless loop?", "令牌过多：流程是否存在死循环？"});
  switch (n.kind) {
    case NodeKind::start: return leave(id);
    case NodeKind::end:
    case NodeKind::throw_event: return throw_event(id);
    case NodeKind::catch_event:
      token(id)->phase = Phase::waiting;
      if (!arm(id, 0, index)) return;
      if (std::none_of(s_.waits.begin(), s_.waits.end(), [&](const Wait& w) { return w.token == id; })) make_ready(id, Resume::leave);
      return;
    case NodeKind::exclusive: return choose_one(id);
    case NodeKind::parallel: return join_parallel(id);
    case NodeKind::inclusive:
    case NodeKind::complex:
      if (n.incoming.size() < 2) return choose_some(id);
      token(id)->phase = Phase::joining;
      if (n.kind == NodeKind::complex) join_complex(index, token(id)->scope);
      return;
    case NodeKind::event_based:
      token(id)->phase = Phase::waiting;
      for (const Index flow : n.outgoing) {
        if (!arm(id, 0, d_.flows[flow].target)) return;
      }
      return;
    default: return enter_activity(id);
  }
}

// --- leaving -------------------------------------------------------------------------------------------------------------

void Machine::take(Ref id, const std::vector<Index>& flows, unsigned quantity) {
  const Ref where = token(id)->scope;
  bool first = true;
  for (const Index flow : flows) {
    for (unsigned i = 0; i < quantity; ++i) {
      const Index target = d_.flows[flow].target;
      if (first) {
        Token* t = token(id);
        t->node = target;
        t->via = flow;
        make_ready(id, Resume::enter);
        first = false;
      } else {
        token(new_token(target, where, Resume::enter))->via = flow;
      }
    }
  }
}

void Machine::leave(Ref id) {
  const Token t = *token(id);
  const Node& n = node(t.node);
  if (is_gateway(n.kind)) return n.kind == NodeKind::parallel ? fork(id) : n.kind == NodeKind::exclusive ? choose_one(id) : choose_some(id);
  if (n.outgoing.empty()) return consume(id);
  std::vector<Index> flows;
  bool some_condition = false, none_held = true;
  for (const Index flow : n.outgoing) {
    if (flow == n.default_flow) continue;
    const Index condition = d_.flows[flow].condition;
    if (condition == no_index) {
      flows.push_back(flow);
      continue;
    }
    some_condition = true;
    auto held = holds(condition, t.scope);
    if (!held) return fault(id, Resume::leave, held.error().message);
    if (!*held) continue;
    none_held = false;
    flows.push_back(flow);
  }
  if (n.default_flow != no_index && none_held && (some_condition || flows.empty())) flows.push_back(n.default_flow);
  if (flows.empty())
    return fault(id, Resume::leave,
                 {"no condition of an outgoing flow holds, and there is no default flow", "没有满足条件的出口顺序流，也没有默认流"});
  take(id, flows, is_activity(n.kind) ? n.completion_quantity : 1);
}

void Machine::fork(Ref id) {
  const Node& n = node(token(id)->node);
  if (n.outgoing.empty()) return consume(id);
  take(id, n.outgoing, 1);
}

void Machine::choose_one(Ref id) {
  const Token t = *token(id);
  const Node& n = node(t.node);
  if (n.outgoing.empty()) return consume(id);
  for (const Index flow : n.outgoing) {
    if (flow == n.default_flow) continue;
    if (d_.flows[flow].condition == no_index) return take(id, {flow}, 1);
    auto held = holds(d_.flows[flow].condition, t.scope);
    if (!held) return fault(id, Resume::leave, held.error().message);
    if (*held) return take(id, {flow}, 1);
  }
  if (n.default_flow != no_index) return take(id, {n.default_flow}, 1);
  fault(id, Resume::leave, {"no condition of an outgoing flow holds, and there is no default flow", "没有满足条件的出口顺序流，也没有默认流"});
}

void Machine::choose_some(Ref id) {
  const Token t = *token(id);
  const Node& n = node(t.node);
  if (n.outgoing.empty()) return consume(id);
  std::vector<Index> flows;
  for (const Index flow : n.outgoing) {
    if (flow == n.default_flow) continue;
    if (d_.flows[flow].condition != no_index) {
      auto held = holds(d_.flows[flow].condition, t.scope);
      if (!held) return fault(id, Resume::leave, held.error().message);
      if (!*held) continue;
    }
    flows.push_back(flow);
  }
  if (flows.empty() && n.default_flow != no_index) flows.push_back(n.default_flow);
  if (flows.empty())
    return fault(id, Resume::leave,
                 {"no condition of an outgoing flow holds, and there is no default flow", "没有满足条件的出口顺序流，也没有默认流"});
  take(id, flows, 1);
}

// --- joining -------------------------------------------------------------------------------------------------------------

void Machine::join_parallel(Ref id) {
  const Token arrived = *token(id);
  const Node& n = node(arrived.node);
  if (n.incoming.size() < 2) return fork(id);
  token(id)->phase = Phase::joining;
  std::vector<Ref> used;  // one token of each incoming flow, the oldest
  for (const Index flow : n.incoming) {
    const auto it = std::find_if(s_.tokens.begin(), s_.tokens.end(), [&](const Token& t) {
      return t.node == arrived.node && t.scope == arrived.scope && t.phase == Phase::joining && t.via == flow;
    });
    if (it == s_.tokens.end()) return;
    used.push_back(it->id);
  }
  for (const Ref other : used) {
    if (other != id) erase_token(other);
  }
  if (std::find(used.begin(), used.end(), id) == used.end()) id = used.front();
  fork(id);
}

bool Machine::fire_joins() {
  for (std::size_t i = 0; i < s_.tokens.size(); ++i) {
    const Token t = s_.tokens[i];
    if (t.phase != Phase::joining) continue;
    const Node& n = node(t.node);
    if (n.kind == NodeKind::complex) {
      const std::size_t before = s_.tokens.size();
      join_complex(t.node, t.scope);
      if (s_.tokens.size() != before || !s_.ready.empty()) return true;
    }
    if (n.kind != NodeKind::inclusive || !inclusive_may_fire(t.node, t.scope)) continue;
    Ref kept = 0;
    for (const Index flow : n.incoming) {
      const auto it = std::find_if(s_.tokens.begin(), s_.tokens.end(), [&](const Token& x) {
        return x.node == t.node && x.scope == t.scope && x.phase == Phase::joining && x.via == flow;
      });
      if (it == s_.tokens.end()) continue;
      if (kept == 0)
        kept = it->id;
      else
        s_.tokens.erase(it);
    }
    choose_some(kept);
    return true;
  }
  return false;
}

/// BPMN 2.0, 13.4.3 (inclusive gateway): no token may still arrive at an empty incoming flow, unless it could also arrive at one that has a token.
bool Machine::inclusive_may_fire(Index gateway, Ref where) const {
  const Node& n = d_.nodes[gateway];
  const Reach* reach = d_.reach_of(gateway);
  if (reach == nullptr) return true;
  std::vector<bool> has(n.incoming.size());
  for (const Token& t : s_.tokens) {
    if (t.node != gateway || t.scope != where || t.phase != Phase::joining) continue;
    for (std::size_t i = 0; i < n.incoming.size(); ++i) has[i] = has[i] || n.incoming[i] == t.via;
  }
  for (const Token& t : s_.tokens) {
    if (t.scope != where || t.serves != 0 || (t.node == gateway && t.phase == Phase::joining)) continue;
    bool to_empty = false, to_filled = false;
    for (std::size_t i = 0; i < n.incoming.size(); ++i) {
      if (reach->has(i, t.node)) (has[i] ? to_filled : to_empty) = true;
    }
    if (to_empty && !to_filled) return false;
  }
  return true;
}

/// BPMN 2.0, 13.4.5 (complex gateway). The scope remembers under the gateway which incoming flows the first activation used; the tokens that
/// arrive from the others only reset it, and outgoing flows without a condition get no second token.
void Machine::join_complex(Index gateway, Ref where) {
  const Node& n = node(gateway);
  const std::string key = "@" + n.id;  // no FEEL name begins so: the mark is not visible to expressions
  Scope* sc = scope(where);
  const auto mark = std::find_if(sc->variables.begin(), sc->variables.end(), [&](const Variable& v) { return v.name == key; });
  const bool waits_for_start = mark == sc->variables.end();
  std::vector<Ref> here;
  for (const Token& t : s_.tokens) {
    if (t.node == gateway && t.scope == where && t.phase == Phase::joining) here.push_back(t.id);
  }
  if (waits_for_start) {
    if (here.empty()) return;
    const Variable extra[] = {{"activationCount", rules::Value(static_cast<std::int64_t>(here.size()))}, {"waitingForStart", rules::Value(true)}};
    if (n.condition != no_index) {
      auto held = holds(n.condition, where, extra);
      if (!held) return fault(here.front(), Resume::enter, held.error().message);
      if (!*held) return;
    } else if (here.size() < n.incoming.size()) {
      return;
    }
    std::vector<rules::Value> used;
    for (const Ref id : here) used.emplace_back(static_cast<std::int64_t>(token(id)->via));
    declare(where, key, rules::Value::list(std::move(used)));
    for (std::size_t i = 1; i < here.size(); ++i) erase_token(here[i]);
    return choose_some(here.front());
  }
  // Waiting for reset: the remaining tokens are swallowed; it is over when none can arrive on a flow that was not used yet.
  std::vector<rules::Value> used(mark->value.items().begin(), mark->value.items().end());
  for (const Ref id : here) {
    used.emplace_back(static_cast<std::int64_t>(token(id)->via));
    erase_token(id);
  }
  const Reach* reach = d_.reach_of(gateway);
  bool open = false;
  for (std::size_t i = 0; reach != nullptr && i < n.incoming.size(); ++i) {
    const bool spent = std::any_of(used.begin(), used.end(), [&](const rules::Value& v) { return v.number().to_int() == n.incoming[i]; });
    open = open ||
           (!spent && std::any_of(s_.tokens.begin(), s_.tokens.end(), [&](const Token& t) { return t.scope == where && reach->has(i, t.node); }));
  }
  sc = scope(where);
  if (open) return declare(where, key, rules::Value::list(std::move(used)));
  std::erase_if(sc->variables, [&](const Variable& v) { return v.name == key; });
  check_scope(where);
}

void Machine::consume(Ref id) {
  const Ref where = token(id)->scope;
  const bool was_activity = is_activity(node(token(id)->node).kind);
  erase_token(id);
  if (was_activity && node(scope(where)->node).kind == NodeKind::ad_hoc) ad_hoc_activity_done(where);
  if (scope(where) != nullptr) check_scope(where);
}

Result<std::vector<Effect>> step(const Definition& definition, State& state, const Event& event, Host& host) {
  State next = state;
  Machine machine(definition, next, host);
  JX_CHECK(machine.handle(event));
  machine.run();
  state = std::move(next);
  return std::move(machine).take_effects();
}

bool can_settle(const Definition& definition, const State& state, const Token& token) {
  const Node& n = definition.nodes[token.node];
  const Scope* where = state.scope(token.scope);
  const bool by_itself =
      n.kind == NodeKind::script_task || n.kind == NodeKind::rule_task || n.kind == NodeKind::service_task || n.kind == NodeKind::send_task;
  const bool one_of_several = where != nullptr && where->kind == ScopeKind::instance && where->node == token.node;
  return token.phase == Phase::failed && token.resume == Resume::body && by_itself && (n.loop == no_index || one_of_several);
}

std::vector<Ref> term_timers(const Definition& definition, const State& state) {
  std::vector<Ref> out;
  for (const Wait& w : state.waits) {
    if (w.kind != WaitKind::timer || definition.nodes[w.node].kind == NodeKind::script_task) continue;
    const EventDef& def = definition.nodes[w.node].events[w.event];
    const auto duration = def.timer == TimerKind::duration ? parse_duration(def.when.text) : std::nullopt;
    if (duration && duration->is_term) out.push_back(w.id);
  }
  return out;
}

std::optional<Instant> next_timer(const State& state) {
  std::optional<Instant> next;
  for (const Wait& w : state.waits) {
    if (w.kind == WaitKind::timer && (!next || w.due < *next)) next = w.due;
  }
  return next;
}

}  // namespace jx::cases
