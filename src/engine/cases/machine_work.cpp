#include "machine.hpp"

#include <algorithm>

namespace jx::cases {

void Machine::enter_activity(Ref id) {
  const Token t = *token(id);
  const Node& n = node(t.node);
  if (n.start_quantity > 1) {
    token(id)->phase = Phase::joining;
    std::vector<Ref> here;
    for (const Token& x : s_.tokens) {
      if (x.node == t.node && x.scope == t.scope && x.phase == Phase::joining) here.push_back(x.id);
    }
    if (here.size() < n.start_quantity) return;
    for (std::size_t i = 0; i + 1 < here.size(); ++i) erase_token(here[i]);
    id = here.back();
  }
  effect(EffectKind::entered, id, t.node);
  token(id)->phase = Phase::waiting;
  for (const Index boundary : n.boundaries) {
    if (!arm(id, 0, boundary)) return;
  }
  if (auto copied = copy_data(n.inputs, t.scope); !copied) return fault(id, Resume::enter, copied.error().message);
  // A condition that holds from the beginning triggers its boundary event before the activity does anything.
  if (changed_ && !n.boundaries.empty()) return make_ready(id, Resume::body);
  begin_body(id);
}

void Machine::begin_body(Ref id) {
  const Token t = *token(id);
  token(id)->phase = Phase::waiting;
  const bool is_instance = scope(t.scope)->kind == ScopeKind::instance && scope(t.scope)->node == t.node;
  if (node(t.node).loop != no_index && !is_instance) return begin_loop(id);
  run_body(id);
}

void Machine::run_body(Ref id) {
  const Index index = token(id)->node;
  const Node& n = node(index);
  const auto await = [&](WaitKind kind) {
    const Ref w = s_.next++;
    s_.waits.push_back({w, id, 0, index, 0, kind, false, 1, {}});
    return w;
  };
  switch (n.kind) {
    case NodeKind::user_task: return open_user_task(id);
    case NodeKind::script_task: return run_script(id);
    case NodeKind::rule_task: return run_decision(id);
    case NodeKind::service_task:
    case NodeKind::send_task:
      if (!n.handler.empty()) {
        effect(EffectKind::job_opened, await(WaitKind::job), index);
        effects_.back().a = n.handler;
        return;
      }
      if (n.events.empty()) return body_done(id, std::nullopt);
      token(id)->phase = Phase::deferred;
      s_.deferred.push_back(id);
      return;
    case NodeKind::receive_task:
      if (n.events.empty()) return body_done(id, std::nullopt);
      arm(id, 0, index);
      return;
    case NodeKind::sub_process:
    case NodeKind::transaction:
    case NodeKind::ad_hoc: return open_scope(id, index, ScopeKind::sub);
    case NodeKind::call_activity: {
      if (n.called == no_index) return body_done(id, std::nullopt);
      const Node& called = node(n.called);
      if (called.kind == NodeKind::process) return open_scope(id, n.called, ScopeKind::process);
      // A global task runs in a scope of its own, which holds this one node.
      token(id)->phase = Phase::hosting;
      const Ref sc = new_scope(ScopeKind::sub, index, token(id)->scope, id);
      new_token(n.called, sc, Resume::enter);
      return;
    }
    default: return body_done(id, std::nullopt);
  }
}

void Machine::open_user_task(Ref id) {
  const Token t = *token(id);
  const Node& n = node(t.node);
  auto unit = text_of(n.unit, t.scope);
  auto post = unit ? text_of(n.post, t.scope) : unit;
  auto role = post ? text_of(n.role, t.scope) : post;
  if (!role) return fault(id, Resume::body, role.error().message);
  for (const auto* key : {&*unit, &*post, &*role}) {
    if (!key->empty() && !check_key(*key))
      return fault(id, Resume::body, {"'" + *key + "' is no unit, post or role", "“" + *key + "”不是单位、岗位或角色"});
  }
  const Ref w = s_.next++;
  s_.waits.push_back({w, id, 0, t.node, 0, WaitKind::task, false, 1, {}});
  effect(EffectKind::task_opened, w, t.node);
  Effect& e = effects_.back();
  e.a = std::move(*unit);
  e.b = std::move(*post);
  e.c = std::move(*role);
}

void Machine::run_script(Ref id) {
  const Token t = *token(id);
  const Node& n = node(t.node);
  if (n.handler.empty()) {
    if (n.condition != no_index) {
      auto value = eval(n.condition, t.scope);
      if (!value) return fault(id, Resume::body, value.error().message);
      if (!n.result.empty())
        set(t.scope, n.result, std::move(*value));
      else if (value->is(rules::Kind::context))
        for (const auto& entry : value->entries()) set(t.scope, entry.key, entry.value);
    }
    return body_done(id, std::nullopt);
  }
  auto answer = host_.script(n.handler, n.script, visible(s_, t.scope));
  if (!answer) return fault(id, Resume::body, answer.error().message);
  set_all(t.scope, answer->variables);
  if (!answer->error_code.empty()) return throw_error(answer->error_code, 0, id);
  if (!answer->takes) return body_done(id, std::nullopt);
  const Ref w = s_.next++;
  const Instant due = host_.now() + *answer->takes;
  s_.waits.push_back({w, id, 0, t.node, 0, WaitKind::timer, false, 1, due});
  effect(EffectKind::timer_set, w, t.node);
  effects_.back().at = due;
}

void Machine::run_decision(Ref id) {
  const Token t = *token(id);
  const Node& n = node(t.node);
  if (n.handler.empty()) return body_done(id, std::nullopt);
  auto value = host_.decide(n.handler, visible(s_, t.scope));
  if (!value) return fault(id, Resume::body, value.error().message);
  effect(EffectKind::decided, id, t.node);
  effects_.back().a = n.handler;
  effects_.back().value = *value;
  if (!n.result.empty())
    set(t.scope, n.result, std::move(*value));
  else if (value->is(rules::Kind::context))
    for (const auto& entry : value->entries()) set(t.scope, entry.key, entry.value);
  else
    set(t.scope, n.id, std::move(*value));
  body_done(id, std::nullopt);
}

// --- scopes --------------------------------------------------------------------------------------------------------------

void Machine::open_scope(Ref id, Index inner, ScopeKind kind) {
  const Ref outer = token(id)->scope;
  unsigned depth = 0;
  for (const Scope* up = scope(outer); up != nullptr; up = scope(up->parent)) ++depth;
  if (depth > scope_depth_max)
    return fault(id, Resume::body,
                 {"sub-processes nest too deeply: does a process call itself without end?", "子流程嵌套过深：流程是否无限调用自身？"});
  token(id)->phase = Phase::hosting;
  const Ref sc = new_scope(kind, inner, outer, id);
  if (kind == ScopeKind::process) {  // what is called sees a copy of the variables of its caller
    Variables copy = visible(s_, outer);
    scope(sc)->variables = std::move(copy);
  }
  begin_scope(sc);
}

void Machine::begin_scope(Ref id) {
  const Index index = scope(id)->node;
  const Node& n = node(index);
  for (const auto& name : n.declares) {
    const auto& own = scope(id)->variables;
    if (std::none_of(own.begin(), own.end(), [&](const Variable& v) { return v.name == name; })) declare(id, name, {});
  }
  arm_event_sub_processes(id);
  if (scope(id) == nullptr) return;
  if (n.kind == NodeKind::ad_hoc) return begin_ad_hoc(id);
  bool has_start = false;
  for (const Index child : n.children) {
    const Node& c = node(child);
    if (c.kind != NodeKind::start) continue;
    if (!has_start && c.events.empty()) {
      new_token(child, id, Resume::enter);
      has_start = true;
    }
  }
  if (has_start) return;
  for (const Index child : n.children) {
    const Node& c = node(child);
    const bool is_link = c.kind == NodeKind::catch_event && !c.events.empty() && c.events[0].kind == EventKind::link;
    if (c.incoming.empty() && !c.for_compensation && !c.instantiate && !is_link && c.kind != NodeKind::boundary &&
        c.kind != NodeKind::event_sub_process && c.kind != NodeKind::start)
      new_token(child, id, Resume::enter);
  }
  check_scope(id);  // an empty one is done at once
}

void Machine::begin_ad_hoc(Ref id) {
  std::vector<Index> first;
  for (const Index child : node(scope(id)->node).children) {
    const Node& c = node(child);
    if (is_activity(c.kind) && c.incoming.empty() && !c.for_compensation) first.push_back(child);
  }
  if (node(scope(id)->node).ad_hoc_sequential && !first.empty()) {
    new_token(first.front(), id, Resume::enter);
    scope(id)->pending.assign(first.begin() + 1, first.end());
    return;
  }
  for (const Index child : first) new_token(child, id, Resume::enter);
}

void Machine::ad_hoc_activity_done(Ref id) {
  Scope* sc = scope(id);
  const Node& n = node(sc->node);
  if (n.condition != no_index && !sc->closing) {
    auto held = holds(n.condition, id);
    if (!held) return fault(sc->host, Resume::body, held.error().message);
    if (*held) {
      sc = scope(id);
      sc->closing = true;
      sc->pending.clear();
      if (n.cancel_remaining) clear_scope(id);
      return;
    }
  }
  sc = scope(id);
  const bool busy = std::any_of(s_.tokens.begin(), s_.tokens.end(), [&](const Token& t) { return t.scope == id; });
  if (sc->pending.empty() || (busy && n.ad_hoc_sequential)) return;
  const Index next = sc->pending.front();
  sc->pending.erase(sc->pending.begin());
  new_token(next, id, Resume::enter);
}

void Machine::check_scope(Ref id) {
  const Scope* sc = scope(id);
  if (sc == nullptr || s_.ended()) return;
  if (sc->kind == ScopeKind::loop || sc->kind == ScopeKind::instance) return;
  if (std::any_of(s_.tokens.begin(), s_.tokens.end(), [&](const Token& t) { return t.scope == id; })) return;
  if (std::any_of(s_.scopes.begin(), s_.scopes.end(), [&](const Scope& x) { return x.parent == id && x.host == 0; })) return;
  const Node& n = node(sc->node);
  if (n.kind == NodeKind::ad_hoc && (!sc->pending.empty() || (n.condition != no_index && !sc->closing))) return;
  if (sc->kind == ScopeKind::compensation && sc->serves == 0) return;
  complete_scope(id);
}

void Machine::complete_scope(Ref id) {
  Scope copy = *scope(id);
  const Node& n = node(copy.node);
  if (copy.kind == ScopeKind::process && copy.host == 0) return end(Ending::completed, {});
  erase_scope(id);
  if (copy.kind == ScopeKind::compensation) return compensate_next(copy.serves);
  if (n.kind == NodeKind::event_sub_process) return check_scope(copy.parent);
  if (copy.kind == ScopeKind::process) {
    for (auto& v : copy.variables) {
      if (!v.name.starts_with('@')) set(copy.parent, v.name, std::move(v.value));
    }
    return body_done(copy.host, std::nullopt);
  }
  if (!n.compensates) return body_done(copy.host, std::nullopt);
  body_done(copy.host, Done{copy.node, std::move(copy.variables), std::move(copy.done)});
}

void Machine::body_done(Ref id, std::optional<Done> inner) {
  const Token t = *token(id);
  const Node& n = node(t.node);
  token(id)->phase = Phase::waiting;
  const bool is_instance = scope(t.scope)->kind == ScopeKind::instance && scope(t.scope)->node == t.node;
  if (!is_instance) {
    if (auto copied = copy_data(n.outputs, t.scope); !copied) return fault(id, Resume::leave, copied.error().message);
  }
  if (t.serves == 0 && (n.compensator != no_index || inner)) {
    Done done = inner ? std::move(*inner) : Done{t.node, {}, {}};
    scope(real_scope(t.scope))->done.push_back(std::move(done));
  }
  if (!is_instance) return activity_done(id);
  const Ref instance = t.scope;
  erase_token(id);
  instance_done(instance);
}

void Machine::activity_done(Ref id) {
  remove_waits_of_token(id);
  const Ref serves = token(id)->serves;
  if (serves == 0) return leave(id);
  erase_token(id);
  compensate_next(serves);
}

// --- loops ---------------------------------------------------------------------------------------------------------------

void Machine::begin_loop(Ref id) {
  const Token t = *token(id);
  const Node& n = node(t.node);
  const Loop& loop = d_.loops[n.loop];
  std::int64_t total = 0;
  if (loop.multi_instance) {
    if (loop.cardinality != no_index) {
      auto value = eval(loop.cardinality, t.scope);
      if (!value) return fault(id, Resume::body, value.error().message);
      const auto count = value->is(rules::Kind::number) ? value->number().to_int() : std::nullopt;
      if (!count || *count < 0 || *count > static_cast<std::int64_t>(instances_max))
        return fault(id, Resume::body, {"the number of instances is not an integer from 0 to 1,000", "多实例数量不是 0 到 1000 的整数"});
      total = *count;
    } else {
      const Variables all = visible(s_, t.scope);
      const auto it = std::find_if(all.begin(), all.end(), [&](const Variable& v) { return v.name == loop.collection; });
      if (it == all.end() || !it->value.is(rules::Kind::list) || it->value.items().size() > instances_max)
        return fault(id, Resume::body,
                     {"'" + loop.collection + "' is not a list of at most 1,000 items", "“" + loop.collection + "”不是最多 1000 项的列表"});
      total = static_cast<std::int64_t>(it->value.items().size());
    }
  }
  token(id)->phase = Phase::hosting;
  const Ref sc = new_scope(ScopeKind::loop, t.node, t.scope, id);
  scope(sc)->total = static_cast<std::uint32_t>(total);
  if (loop.multi_instance) {
    scope(sc)->results.resize(static_cast<std::size_t>(total));
    if (total == 0) return end_loop(sc);
    for (std::int64_t i = 0; i < (loop.sequential ? 1 : total); ++i) begin_instance(sc);
    return;
  }
  if (loop.test_before && loop.condition != no_index) {
    auto held = holds(loop.condition, sc);
    if (!held) {
      erase_scope(sc);
      return fault(id, Resume::body, held.error().message);
    }
    if (!*held) return end_loop(sc);
  }
  begin_instance(sc);
}

void Machine::begin_instance(Ref id) {
  Scope* sc = scope(id);
  const Node& n = node(sc->node);
  const Loop& loop = d_.loops[n.loop];
  const Index index = sc->node;
  const std::uint32_t number = sc->completed + sc->active + sc->terminated + 1;
  ++sc->active;
  const Ref outer = sc->parent;
  const Ref instance = new_scope(ScopeKind::instance, index, id, 0);
  scope(instance)->number = number;
  declare(instance, "loopCounter", rules::Value(static_cast<std::int64_t>(number)));
  if (!loop.input_item.empty()) {
    rules::Value item;
    for (const Variable& v : visible(s_, outer)) {
      if (v.name == loop.collection && v.value.is(rules::Kind::list) && number <= v.value.items().size()) item = v.value.items()[number - 1];
    }
    declare(instance, loop.input_item, std::move(item));
  }
  if (!loop.output_item.empty()) declare(instance, loop.output_item, {});
  new_token(index, instance, Resume::body);
}

void Machine::instance_done(Ref instance) {
  const Scope done = *scope(instance);
  const Ref id = done.parent;
  Scope* sc = scope(id);
  const Node& n = node(sc->node);
  const Loop& loop = d_.loops[n.loop];
  const std::string& item = !loop.output_item.empty() ? loop.output_item : n.result.empty() ? n.id : n.result;
  for (const Variable& v : done.variables) {
    if (loop.multi_instance && v.name == item && done.number <= sc->results.size()) sc->results[done.number - 1] = v.value;
  }
  erase_scope(instance);
  sc = scope(id);
  --sc->active;
  ++sc->completed;
  if (loop.event && (loop.behavior == Behavior::none || sc->completed == 1)) throw_one(id, *loop.event, sc->node);
  for (const auto& complex : loop.complex) {
    if (scope(id) == nullptr || complex.condition == no_index) break;
    auto held = holds(complex.condition, id);
    if (held && *held) throw_one(id, complex.event, scope(id)->node);
  }
  sc = scope(id);
  if (sc == nullptr) return;  // what was thrown interrupted the activity
  bool over = loop.multi_instance ? sc->completed >= sc->total : loop.maximum >= 0 && sc->completed >= static_cast<std::uint64_t>(loop.maximum);
  if (!over && loop.condition != no_index) {
    auto held = holds(loop.condition, id);
    if (!held) return fault(sc->host, Resume::body, held.error().message);
    over = loop.multi_instance ? *held : !*held;
  }
  if (over) return end_loop(id);
  if (!loop.multi_instance || loop.sequential) begin_instance(id);
}

void Machine::end_loop(Ref id) {
  Scope* sc = scope(id);
  const Ref host = sc->host;
  const Node& n = node(sc->node);
  const Loop& loop = d_.loops[n.loop];
  const bool gives = n.kind == NodeKind::user_task || !n.result.empty();
  const std::string& name = !loop.output_collection.empty() ? loop.output_collection : n.result.empty() ? n.id : n.result;
  std::vector<rules::Value> results = std::move(sc->results);
  const Ref outer = sc->parent;
  cancel_scope(id);
  if (loop.multi_instance && (!loop.output_collection.empty() || gives)) set(outer, name, rules::Value::list(std::move(results)));
  if (auto copied = copy_data(n.outputs, outer); !copied) return fault(host, Resume::leave, copied.error().message);
  activity_done(host);
}

}  // namespace jx::cases
