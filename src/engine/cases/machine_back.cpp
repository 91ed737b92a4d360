// machine_back.cpp - a task sent back to an earlier one (退回): where that is sound, and how the token goes.
//
// Between the earlier task T and this one C lies the region: what can be reached from T on the way to C. Two cases are sound:
//   1. nothing in the region splits or joins tokens: the token goes back along one straight way, whatever runs elsewhere;
//   2. every way to C leads through T, and no other token is in the scope: what was split in the region has been joined again.
#include "machine.hpp"

#include <algorithm>

namespace jx::cases {
namespace {

using Marks = std::vector<bool>;  // by node

/// Where a token can go from a node: along its flows, and by what is attached to it.
std::vector<Index> after(const Definition& d, Index at) {
  std::vector<Index> out;
  const Node& n = d.nodes[at];
  for (const Index flow : n.outgoing) out.push_back(d.flows[flow].target);
  for (const Index boundary : n.boundaries) out.push_back(boundary);
  if (n.link_target != no_index) out.push_back(n.link_target);
  return out;
}

/// What can be reached from `from` without going on from `stop`.
Marks reachable(const Definition& d, const std::vector<Index>& from, Index stop) {
  Marks seen(d.nodes.size());
  std::vector<Index> open = from;
  while (!open.empty()) {
    const Index at = open.back();
    open.pop_back();
    if (seen[at]) continue;
    seen[at] = true;
    if (at == stop) continue;
    for (const Index next : after(d, at)) open.push_back(next);
  }
  return seen;
}

/// Which nodes of the scope lead to `to` without passing `stop`; both are among them.
Marks leading_to(const Definition& d, Index to, Index stop) {
  Marks leads(d.nodes.size());
  leads[to] = true;
  const auto& siblings = d.nodes[d.nodes[to].parent].children;
  for (bool grew = true; grew;) {
    grew = false;
    for (const Index at : siblings) {
      if (leads[at] || at == to) continue;
      const auto next = after(d, at);
      const bool leads_on = std::ranges::any_of(next, [&](Index n) { return leads[n] && n != stop; });
      if (leads_on) leads[at] = grew = true;
    }
  }
  return leads;
}

/// Whether a token that passes the node may become several, or several one.
bool splits_or_joins(const Definition& d, Index at) {
  const Node& n = d.nodes[at];
  if (n.kind == NodeKind::exclusive) return false;
  if (n.kind == NodeKind::event_based) return n.parallel_start;
  if (n.kind == NodeKind::parallel || n.kind == NodeKind::inclusive || n.kind == NodeKind::complex)
    return n.outgoing.size() > 1 || n.incoming.size() > 1;
  if (n.kind == NodeKind::boundary) return !n.interrupting;
  return n.outgoing.size() > 1 || n.start_quantity > 1 || n.completion_quantity > 1;
}

/// Whether every way from the beginnings of the scope to `to` leads through `through`.
bool only_through(const Definition& d, Index through, Index to) {
  std::vector<Index> starts;
  for (const Index child : d.nodes[d.nodes[to].parent].children) {
    const Node& n = d.nodes[child];
    const bool begins = n.kind == NodeKind::start || (n.incoming.empty() && n.kind != NodeKind::boundary && n.kind != NodeKind::event_sub_process &&
                                                      !n.for_compensation && n.kind != NodeKind::catch_event);
    if (begins && child != through) starts.push_back(child);
  }
  return !reachable(d, starts, through)[to];
}

std::unexpected<Error> no(std::string en, std::string zh) { return fail(ErrorCode::invalid, {std::move(en), std::move(zh)}, "/to"); }

/// That wait and target are two plain user tasks of one scope that exists once.
Result<> check_scope_of(const Definition& d, const State& s, const Token& token, const Node& target, Ref done) {
  const Scope* scope = s.scope(token.scope);
  for (const Scope* at = scope; at != nullptr; at = s.scope(at->parent)) {
    if (at->kind == ScopeKind::instance || at->kind == ScopeKind::loop)
      return no("a task that several do side by side, or one after the other, cannot be sent back", "多人并行或依次办理的环节不能退回");
    if (at->kind == ScopeKind::compensation) return no("while steps are being undone nothing is sent back", "撤销处理过程中不能退回");
  }
  if (target.loop != no_index) return no("it cannot be sent back to a step that several do", "不能退回到多人办理的环节");
  const Node& here = d.nodes[token.node];
  if (target.parent != here.parent) return no("that step belongs to another part of the process", "该环节属于流程的另一部分");
  const auto same = std::ranges::count_if(s.scopes, [&](const Scope& other) { return other.node == scope->node && other.kind != ScopeKind::loop; });
  if (same > 1) return no("this part of the process runs more than once now", "流程的这一部分正在多处同时进行");
  if (done <= scope->id) return no("that step was not done in this part of the process", "该环节未在流程的这一部分办理过");
  return {};
}

}  // namespace

Result<> can_send_back(const Definition& d, const State& s, Ref wait, Index to, Ref done) {
  const Wait* w = s.wait(wait);
  if (w == nullptr || w->kind != WaitKind::task) return fail(ErrorCode::conflict, {"this task is not open any more", "该任务已不在办理中"});
  const Token* token = s.token(w->token);
  if (to >= d.nodes.size() || d.nodes[to].kind != NodeKind::user_task || to == token->node)
    return no("choose an earlier step that people did", "请选择先前由人办理的环节");
  if (token->serves != 0) return no("while steps are being undone nothing is sent back", "撤销处理过程中不能退回");
  const Node& target = d.nodes[to];
  JX_CHECK(check_scope_of(d, s, *token, target, done));
  const Marks forward = reachable(d, {to}, token->node);
  if (!forward[token->node]) return no("that step does not lead to this one", "该环节不在通向当前环节的路径上");
  const Marks back = leading_to(d, token->node, to);
  bool split = false;
  for (Index at = 0; at < d.nodes.size(); ++at) {
    if (!forward[at] || !back[at]) continue;
    const Node& n = d.nodes[at];
    if (at != token->node && (n.compensator != no_index || n.compensates))
      return no("a step in between would have to be undone first", "其间的环节须先撤销，不能直接退回");
    // Where the way begins and ends, only what lies on the way counts: behind this task nothing has been split yet.
    split = split || (at != token->node && splits_or_joins(d, at)) || (at == token->node && n.start_quantity > 1);
  }
  if (!split) return {};
  const bool alone = std::ranges::none_of(s.tokens, [&](const Token& other) { return other.scope == token->scope && other.id != token->id; });
  if (!alone) return no("other branches of the process are still being handled", "流程的其他分支尚在办理");
  if (!only_through(d, to, token->node))
    return no("that step lies in one of several branches that have been joined since", "该环节所在的分支已与其他分支汇合");
  return {};
}

Result<> Machine::send_back(const SendBack& e) {
  JX_CHECK(can_send_back(d_, s_, e.wait, e.to, s_.next));
  const Ref id = wait(e.wait)->token;
  cancel_inside(id);  // the task, and the boundary events of its step
  Token* t = token(id);
  t->node = e.to;
  t->via = no_index;
  make_ready(id, Resume::enter);
  return {};
}

}  // namespace jx::cases
