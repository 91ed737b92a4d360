#include "machine.hpp"

#include <algorithm>

namespace jx::cases {
namespace {

bool waits(EventKind kind) {
  return kind == EventKind::message || kind == EventKind::timer || kind == EventKind::signal || kind == EventKind::conditional;
}

}  // namespace

bool Machine::arm(Ref token_id, Ref scope_id, Index index) {
  const Node& n = node(index);
  const Ref where = token_id != 0 ? token(token_id)->scope : scope_id;
  const auto failed = [&](const Error& error) {
    fault(token_id != 0 ? token_id : scope(scope_id)->host, Resume::enter, error.message);
    return false;
  };
  for (std::size_t i = 0; i < n.events.size(); ++i) {
    const EventDef& def = n.events[i];
    if (!waits(def.kind)) continue;
    Wait w;
    w.token = token_id;
    w.scope = token_id != 0 ? 0 : scope_id;
    w.node = index;
    w.event = static_cast<std::uint16_t>(i);
    w.kind = def.kind == EventKind::message  ? WaitKind::message
             : def.kind == EventKind::signal ? WaitKind::signal
             : def.kind == EventKind::timer  ? WaitKind::timer
                                             : WaitKind::condition;
    std::string correlation;
    if (def.kind == EventKind::timer) {
      if (auto set = set_timer(def, where, w); !set) return failed(set.error());
    }
    if (def.correlation != no_index) {
      auto value = eval(def.correlation, where);
      if (!value) return failed(value.error());
      correlation = value->is(rules::Kind::string) ? std::string(value->string()) : value->text();
    }
    w.id = s_.next++;
    s_.waits.push_back(w);
    if (w.kind == WaitKind::condition) {
      changed_ = true;
      continue;
    }
    effect(w.kind == WaitKind::message  ? EffectKind::message_awaited
           : w.kind == WaitKind::signal ? EffectKind::signal_awaited
                                        : EffectKind::timer_set,
           w.id, index);
    Effect& e = effects_.back();
    e.a = def.name;
    e.b = std::move(correlation);
    e.at = w.due;
  }
  return true;
}

void Machine::arm_added(const std::vector<Index>& added) {
  for (const Index index : added) {
    const Node& n = node(index);
    if (n.kind == NodeKind::boundary) {
      std::vector<Ref> hosts;
      for (const auto& t : s_.tokens) {
        const Scope* sc = scope(t.scope);
        const bool inner = (sc->kind == ScopeKind::instance || sc->kind == ScopeKind::loop) && sc->node == t.node;
        if (t.node == n.attached_to && !inner && (t.phase == Phase::waiting || t.phase == Phase::hosting)) hosts.push_back(t.id);
      }
      for (const Ref host : hosts) (void)arm(host, 0, index);  // what cannot be armed is an incident of its host
      continue;
    }
    std::vector<Ref> scopes;
    for (const auto& sc : s_.scopes) {
      if (sc.node == node(n.parent).parent && !sc.interrupted && (sc.kind == ScopeKind::process || sc.kind == ScopeKind::sub))
        scopes.push_back(sc.id);
    }
    for (const Ref where : scopes) (void)arm(0, where, index);
  }
}

void Machine::arm_event_sub_processes(Ref id) {
  const Index index = scope(id)->node;
  for (const Index child : node(index).children) {
    if (node(child).kind != NodeKind::event_sub_process) continue;
    for (const Index inner : node(child).children) {
      if (node(inner).kind == NodeKind::start && !arm(0, id, inner)) return;
    }
  }
}

void Machine::remove_wait(Ref id) {
  const auto it = std::find_if(s_.waits.begin(), s_.waits.end(), [&](const Wait& w) { return w.id == id; });
  if (it == s_.waits.end()) return;
  const Wait w = *it;
  s_.waits.erase(it);
  if (w.kind == WaitKind::task)
    effect(EffectKind::task_closed, id, w.node);
  else if (w.kind != WaitKind::condition)
    effect(EffectKind::wait_removed, id, w.node);
}

void Machine::remove_waits_of_token(Ref id) {
  std::vector<Ref> ids;
  for (const Wait& w : s_.waits) {
    if (w.token == id) ids.push_back(w.id);
  }
  for (const Ref w : ids) remove_wait(w);
}

void Machine::occurred(Ref id) {
  const Wait w = *wait(id);
  const Node& n = node(w.node);
  if (n.kind == NodeKind::boundary || n.kind == NodeKind::start) return boundary_occurred(w);
  const Ref t = w.token;
  remove_wait(id);
  if (n.parallel_multiple && std::any_of(s_.waits.begin(), s_.waits.end(), [&](const Wait& x) { return x.token == t && x.node == w.node; })) return;
  if (is_activity(n.kind) && token(t)->node == w.node) {
    if (n.kind == NodeKind::receive_task || n.kind == NodeKind::script_task) body_done(t, std::nullopt);
    return;
  }
  remove_waits_of_token(t);
  token(t)->node = w.node;  // behind an event-based gateway the first event decides the way
  make_ready(t, Resume::leave);
}

/// Of a boundary event, or of the start of an event sub-process.
void Machine::boundary_occurred(const Wait& w) {
  const Node& n = node(w.node);
  const bool of_boundary = n.kind == NodeKind::boundary;
  if (n.parallel_multiple) {
    remove_wait(w.id);
    if (std::any_of(s_.waits.begin(), s_.waits.end(), [&](const Wait& x) { return x.node == w.node && x.token == w.token && x.scope == w.scope; }))
      return;
    if (!n.interrupting && !arm(w.token, w.scope, w.node)) return;
  } else if (w.kind == WaitKind::timer && !n.interrupting) {
    Wait* live = wait(w.id);
    if (live->repeats > 0) --live->repeats;
    if (live->repeats == 0) {
      remove_wait(w.id);
    } else {
      const EventDef& def = n.events[w.event];
      const Ref where = w.token != 0 ? token(w.token)->scope : w.scope;
      Wait again = *live;
      if (auto set = set_timer(def, where, again); !set)
        return fault(w.token != 0 ? w.token : scope(w.scope)->host, Resume::enter, set.error().message);
      live = wait(w.id);
      live->due = again.due;
      effect(EffectKind::timer_set, w.id, w.node);
      effects_.back().at = again.due;
    }
  } else if (w.kind == WaitKind::condition) {
    wait(w.id)->held = true;
  }
  if (of_boundary) return fire_boundary(w.token, w.node);
  trigger_event_sub_process(w.scope, w.node);
}

void Machine::fire_boundary(Ref host, Index boundary) {
  const Node& n = node(boundary);
  effect(EffectKind::entered, host, boundary);
  if (!n.interrupting) {
    new_token(boundary, token(host)->scope, Resume::leave);
    return;
  }
  cancel_inside(host);
  token(host)->node = boundary;
  make_ready(host, Resume::leave);
}

void Machine::trigger_event_sub_process(Ref id, Index start) {
  const Index esp = node(start).parent;
  effect(EffectKind::entered, 0, esp);
  if (node(start).interrupting) {
    clear_scope(id);
    scope(id)->interrupted = true;
  }
  const Ref inner = new_scope(ScopeKind::sub, esp, id, 0);
  for (const auto& name : node(esp).declares) declare(inner, name, {});
  arm_event_sub_processes(inner);
  new_token(start, inner, Resume::leave);
}

void Machine::check_conditions() {
  std::vector<Ref> ids;
  for (const Wait& w : s_.waits) {
    if (w.kind == WaitKind::condition) ids.push_back(w.id);
  }
  for (const Ref id : ids) {
    const Wait* w = wait(id);
    if (w == nullptr) continue;
    const Wait copy = *w;
    const Ref where = copy.token != 0 ? token(copy.token)->scope : copy.scope;
    auto held = holds(node(copy.node).events[copy.event].condition, where);
    const bool now = held && *held;
    const bool rises = now && !copy.held;
    wait(id)->held = now;
    if (rises) occurred(id);
    if (s_.ended()) return;
  }
}

// --- throwing ------------------------------------------------------------------------------------------------------------

void Machine::throw_event(Ref id) {
  const Node& n = node(token(id)->node);
  effect(EffectKind::entered, id, token(id)->node);
  if (n.link_target != no_index) {
    token(id)->node = n.link_target;
    return make_ready(id, Resume::leave);
  }
  const bool reaches_others = std::any_of(n.events.begin(), n.events.end(),
                                          [](const EventDef& def) { return def.kind == EventKind::signal || def.kind == EventKind::message; });
  if (!reaches_others) return perform_throws(id);
  // What others may catch is thrown when everything else has moved, so that a branch that is on its way to catch it gets there first.
  token(id)->phase = Phase::deferred;
  s_.deferred.push_back(id);
}

void Machine::throw_one(Ref where, const EventDef& def, Index index) {
  switch (def.kind) {
    case EventKind::signal: return signal(def.name, {}, true);
    case EventKind::message: {
      std::string correlation;
      if (def.correlation != no_index) {
        if (auto value = eval(def.correlation, where)) correlation = value->is(rules::Kind::string) ? std::string(value->string()) : value->text();
      }
      effect(EffectKind::message_thrown, 0, index);
      effects_.back().a = def.name;
      effects_.back().b = std::move(correlation);
      return;
    }
    case EventKind::escalation: (void)propagate(EventKind::escalation, def.name, where); return;
    case EventKind::error: return throw_error(def.name, where, 0);
    default: return;
  }
}

void Machine::perform_throws(Ref id) {
  const Token t = *token(id);
  const Node& n = node(t.node);
  const EventDef* last = nullptr;
  for (const EventDef& def : n.events) {
    if (def.kind == EventKind::terminate || def.kind == EventKind::cancel || def.kind == EventKind::error || def.kind == EventKind::compensation) {
      last = &def;
      continue;
    }
    throw_one(t.scope, def, t.node);
    if (s_.ended() || token(id) == nullptr) return;  // what caught it has interrupted the thrower
  }
  if (last != nullptr && last->kind == EventKind::terminate) return terminate(id);
  if (last != nullptr && last->kind == EventKind::cancel) return cancel_transaction(id);
  if (last != nullptr && last->kind == EventKind::error) return throw_error(last->name, t.scope, 0);
  if (last != nullptr && start_compensation(id, *last)) return;
  finish_throw(id);
}

void Machine::finish_throw(Ref id) {
  const Node& n = node(token(id)->node);
  if (is_activity(n.kind)) return body_done(id, std::nullopt);  // a send task
  if (n.kind != NodeKind::end) return make_ready(id, Resume::leave);
  const Ref where = token(id)->scope;
  const Scope* sc = scope(where);
  // An event sub-process that has interrupted the process stands for it, and says how the case ended.
  if (node(sc->node).kind == NodeKind::event_sub_process && scope(sc->parent)->interrupted) sc = scope(sc->parent);
  if (!n.result.empty() && sc->kind == ScopeKind::process && sc->host == 0) s_.result = n.result;
  consume(id);
}

void Machine::signal(std::string_view name, const Variables& variables, bool passes_on) {
  std::vector<Ref> ids;
  for (const Wait& w : s_.waits) {
    if (w.kind == WaitKind::signal && node(w.node).events[w.event].name == name) ids.push_back(w.id);
  }
  if (passes_on) {
    effect(EffectKind::signal_thrown, 0, no_index);
    effects_.back().a = name;
  }
  for (const Ref id : ids) {
    const Wait* w = wait(id);
    if (w == nullptr) continue;
    set_all(w->token != 0 ? token(w->token)->scope : w->scope, variables);
    occurred(id);
    if (s_.ended()) return;
  }
}

// --- errors and escalations ----------------------------------------------------------------------------------------------

namespace {
bool fits(const EventDef& def, EventKind kind, std::string_view code, bool exactly) {
  return def.kind == kind && (exactly ? def.name == code : def.name.empty());
}
}  // namespace

Index Machine::catching_boundary(Index activity, EventKind kind, std::string_view code) const {
  for (const bool exactly : {true, false}) {
    for (const Index boundary : node(activity).boundaries) {
      for (const EventDef& def : node(boundary).events) {
        if (fits(def, kind, code, exactly)) return boundary;
      }
    }
  }
  return no_index;
}

Index Machine::catching_start(Index scope_node, EventKind kind, std::string_view code) const {
  for (const bool exactly : {true, false}) {
    for (const Index child : node(scope_node).children) {
      if (node(child).kind != NodeKind::event_sub_process) continue;
      for (const Index inner : node(child).children) {
        if (node(inner).kind != NodeKind::start) continue;
        for (const EventDef& def : node(inner).events) {
          if (fits(def, kind, code, exactly)) return inner;
        }
      }
    }
  }
  return no_index;
}

/// Looks outwards from an activity: at its own boundary, then from the scope it stands in.
bool Machine::propagate_from(EventKind kind, std::string_view code, Ref id) {
  const Token t = *token(id);
  const Scope* sc = scope(t.scope);
  if (sc->kind == ScopeKind::instance && sc->node == t.node) return propagate_from(kind, code, scope(sc->parent)->host);
  if (const Index boundary = catching_boundary(t.node, kind, code); boundary != no_index) {
    fire_boundary(id, boundary);
    return true;
  }
  return propagate(kind, code, t.scope);
}

bool Machine::propagate(EventKind kind, std::string_view code, Ref where) {
  bool inside_event_sub_process = false;
  for (;;) {
    const Scope* sc = scope(where);
    if (sc == nullptr) return false;
    if (sc->kind == ScopeKind::loop) return propagate_from(kind, code, sc->host);
    if (sc->kind == ScopeKind::instance || sc->kind == ScopeKind::compensation || node(sc->node).kind == NodeKind::event_sub_process) {
      inside_event_sub_process = node(sc->node).kind == NodeKind::event_sub_process;
      where = sc->parent;
      continue;
    }
    const Index start = inside_event_sub_process || sc->interrupted ? no_index : catching_start(sc->node, kind, code);
    if (start != no_index) {
      trigger_event_sub_process(where, start);
      return true;
    }
    if (sc->host == 0) return false;
    return propagate_from(kind, code, sc->host);
  }
}

void Machine::throw_error(std::string_view code, Ref where, Ref id) {
  const bool caught = id != 0 ? propagate_from(EventKind::error, code, id) : propagate(EventKind::error, code, where);
  if (!caught) end(Ending::error, std::string(code));
}

}  // namespace jx::cases
