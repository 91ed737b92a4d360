#include "machine.hpp"

#include <algorithm>

namespace jx::cases {

void Machine::end(Ending ending, std::string result) {
  std::vector<Ref> ids;
  for (const Wait& w : s_.waits) ids.push_back(w.id);
  for (const Ref id : ids) remove_wait(id);
  s_.tokens.clear();
  s_.compensations.clear();
  s_.ready.clear();
  s_.deferred.clear();
  std::erase_if(s_.scopes, [](const Scope& sc) { return sc.parent != 0; });  // the outermost keeps the variables
  s_.ending = ending;
  if (!result.empty()) s_.result = std::move(result);
  effect(EffectKind::ended, 0, no_index);
}

void Machine::cancel_inside(Ref id) {
  remove_waits_of_token(id);
  std::vector<Ref> inner;
  for (const Scope& sc : s_.scopes) {
    if (sc.host == id) inner.push_back(sc.id);
  }
  for (const Ref sc : inner) cancel_scope(sc);
  std::erase_if(s_.compensations, [&](const Compensation& c) { return c.token == id; });
}

void Machine::clear_scope(Ref id) {
  std::vector<Ref> tokens, scopes, waits;
  for (const Token& t : s_.tokens) {
    if (t.scope == id) tokens.push_back(t.id);
  }
  for (const Ref t : tokens) {
    cancel_inside(t);
    erase_token(t);
  }
  for (const Scope& sc : s_.scopes) {
    if (sc.parent == id && sc.host == 0) scopes.push_back(sc.id);
  }
  for (const Ref sc : scopes) cancel_scope(sc);
  for (const Wait& w : s_.waits) {
    if (w.scope == id && w.token == 0) waits.push_back(w.id);
  }
  for (const Ref w : waits) remove_wait(w);
  std::erase_if(s_.compensations, [&](const Compensation& c) { return c.scope == id; });
}

void Machine::cancel_scope(Ref id) {
  if (scope(id) == nullptr) return;
  clear_scope(id);
  erase_scope(id);
}

void Machine::erase_scope(Ref id) {
  std::vector<Ref> waits;
  for (const Wait& w : s_.waits) {
    if (w.scope == id && w.token == 0) waits.push_back(w.id);
  }
  for (const Ref w : waits) remove_wait(w);
  std::erase_if(s_.scopes, [&](const Scope& sc) { return sc.id == id; });
}

Ref Machine::real_scope(Ref id) {
  const Scope* sc = scope(id);
  while (sc->kind == ScopeKind::loop || sc->kind == ScopeKind::instance) sc = scope(sc->parent);
  return sc->id;
}

/// BPMN 2.0, 13.5.6: ends the process, or only the sub-process (of a multi-instance one: only this instance) that the end event stands in.
void Machine::terminate(Ref id) {
  const Node& n = node(token(id)->node);
  const Ref where = real_scope(token(id)->scope);
  const Scope* sc = scope(where);
  if (sc->kind == ScopeKind::process && sc->host == 0) return end(Ending::terminated, n.result);
  clear_scope(where);
  complete_scope(where);
}

// --- compensation --------------------------------------------------------------------------------------------------------

bool Machine::start_compensation(Ref id, const EventDef& def) {
  Ref where = real_scope(token(id)->scope);
  while (node(scope(where)->node).kind == NodeKind::event_sub_process) where = scope(where)->parent;
  std::vector<Done> records;
  if (def.activity == no_index) {
    records = std::move(scope(where)->done);
    scope(where)->done.clear();
  } else {
    for (Ref at = where; at != 0; at = scope(at)->parent) {
      auto& done = scope(at)->done;
      for (auto& record : done) {
        if (record.node == def.activity) records.push_back(std::move(record));
      }
      std::erase_if(done, [&](const Done& record) { return record.node == def.activity; });
      if (!records.empty()) {
        where = at;
        break;
      }
    }
  }
  if (records.empty()) return false;
  const Ref compensation = s_.next++;
  s_.compensations.push_back({compensation, def.wait_for_completion ? id : 0, where, 0, std::move(records)});
  if (def.wait_for_completion) token(id)->phase = Phase::compensating;
  compensate_next(compensation);
  return def.wait_for_completion;
}

/// Undoes the youngest of what remains; the others follow when it is undone (BPMN 2.0, 13.5.5: in reverse order).
void Machine::compensate_next(Ref id) {
  const auto it = std::find_if(s_.compensations.begin(), s_.compensations.end(), [&](const Compensation& c) { return c.id == id; });
  if (it == s_.compensations.end()) return;
  if (it->remaining.empty()) {
    const Compensation over = std::move(*it);
    s_.compensations.erase(it);
    if (over.outer != 0) {
      erase_scope(over.scope);
      return compensate_next(over.outer);
    }
    if (over.token != 0) return compensation_finished(over.token);
    return check_scope(over.scope);
  }
  Done record = std::move(it->remaining.back());
  it->remaining.pop_back();
  const Ref where = it->scope;
  const Index handler = node(record.node).compensator;
  if (handler != no_index) {
    token(new_token(handler, where, Resume::enter))->serves = id;
    return;
  }
  const Ref again = new_scope(ScopeKind::compensation, record.node, where, 0);
  scope(again)->variables = std::move(record.variables);
  scope(again)->done = std::move(record.inner);
  if (const Index start = catching_start(record.node, EventKind::compensation, ""); start != no_index) {
    scope(again)->serves = id;
    return trigger_event_sub_process(again, start);
  }
  const Ref nested = s_.next++;
  s_.compensations.push_back({nested, 0, again, id, std::move(scope(again)->done)});
  compensate_next(nested);
}

void Machine::compensation_finished(Ref id) {
  if (token(id) == nullptr) return;
  const Node& n = node(token(id)->node);
  const bool cancels = std::any_of(n.events.begin(), n.events.end(), [](const EventDef& def) { return def.kind == EventKind::cancel; });
  if (!cancels) return finish_throw(id);
  Ref where = token(id)->scope;
  while (node(scope(where)->node).kind != NodeKind::transaction) where = scope(where)->parent;
  const Ref host = scope(where)->host;
  const Scope* outer = scope(token(host)->scope);
  const bool is_instance = outer->kind == ScopeKind::instance && outer->node == token(host)->node;
  const Ref whole = is_instance ? scope(outer->parent)->host : host;
  const Index boundary = catching_boundary(token(whole)->node, EventKind::cancel, "");
  if (boundary != no_index) return fire_boundary(whole, boundary);
  cancel_inside(whole);
  consume(whole);
}

/// BPMN 2.0, 10.5.4 and 13.5.4: everything in the transaction stops, what was done is undone, then it is left by its cancel boundary event.
void Machine::cancel_transaction(Ref id) {
  Ref where = real_scope(token(id)->scope);
  while (where != 0 && node(scope(where)->node).kind != NodeKind::transaction) where = scope(where)->parent;
  if (where == 0) return finish_throw(id);
  const Ref own = token(id)->scope;
  std::vector<Ref> others;
  for (const Token& t : s_.tokens) {
    if (t.scope == where && t.id != id) others.push_back(t.id);
  }
  for (const Ref t : others) {
    const auto holds_thrower = [&] {  // the transaction's inner sub-process, in which the end event stands
      for (const Scope* sc = scope(own); sc != nullptr; sc = scope(sc->parent)) {
        if (sc->host == t) return true;
      }
      return false;
    };
    if (holds_thrower()) continue;
    cancel_inside(t);
    erase_token(t);
  }
  std::vector<Done> records = std::move(scope(where)->done);
  scope(where)->done.clear();
  if (records.empty()) return compensation_finished(id);
  const Ref compensation = s_.next++;
  s_.compensations.push_back({compensation, id, where, 0, std::move(records)});
  token(id)->phase = Phase::compensating;
  compensate_next(compensation);
}

}  // namespace jx::cases
