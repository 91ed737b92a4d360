#include "migrate.hpp"

#include <algorithm>

namespace jx::cases {
namespace {

bool corresponds(const Definition& from, const Definition& to, const Node& a, const Node& b) {
  if (a.kind != b.kind || (a.loop == no_index) != (b.loop == no_index)) return false;
  if (a.loop == no_index) return true;
  const Loop& x = from.loops[a.loop];
  const Loop& y = to.loops[b.loop];
  return x.multi_instance == y.multi_instance && x.sequential == y.sequential;
}

std::string name_of(const Definition& d, Index node) { return node < d.nodes.size() ? d.nodes[node].id : std::string(); }

class Mover {
 public:
  Mover(const Definition& from, const Definition& to, const Correspondence& same, const State& state) : from_(from), to_(to), same_(same) {
    out_.state = state;
  }

  Moved run() && {
    State& s = out_.state;
    s.definition = to_.hash;
    for (auto& scope : s.scopes) move(scope);
    for (auto& token : s.tokens) move(token);
    for (auto& wait : s.waits) move(wait);
    for (auto& compensation : s.compensations) move(compensation.remaining);
    if (out_.fits()) check_joins();
    return std::move(out_);
  }

 private:
  void misfit(std::string element, Words words) {
    if (std::ranges::any_of(out_.misfits, [&](const Misfit& m) { return m.element == element && m.words.en == words.en; })) return;
    out_.misfits.push_back({std::move(element), std::move(words)});
  }

  /// The node of the new version; a misfit if there is none, or it stands in another scope.
  Index place(Index old) {
    const Index now = same_.node(old);
    const Node& n = from_.nodes[old];
    if (now == no_index) {
      misfit(n.id, {"the new version has no such element of the same kind", "新版本中没有同类的该环节"});
      return old;
    }
    const Index outer = to_.nodes[now].parent;
    if (n.parent != no_index && same_.node(n.parent) != outer)
      misfit(n.id, {"it stands in another sub-process there", "该环节在新版本中属于另一子流程"});
    return now;
  }

  void move(std::vector<Done>& list) {
    for (auto& done : list) {
      done.node = place(done.node);
      move(done.inner);
    }
  }
  void move(Scope& scope) {
    scope.node = place(scope.node);
    for (auto& node : scope.pending) node = place(node);
    move(scope.done);
  }
  void move(Token& token) {
    const Index old = token.node;
    token.node = place(old);
    if (token.via != no_index) {
      const Index flow = same_.flow(token.via);
      if (flow == no_index && token.phase == Phase::joining)
        misfit(from_.flows[token.via].id, {"it waits at a join, and the flow it came by is gone", "已到达汇合点，但其来路在新版本中不存在"});
      token.via = flow;
    }
    tell(old, token);
  }

  void tell(Index old, const Token& token) {
    const std::string to = name_of(to_, token.node);
    switch (token.phase) {
      case Phase::waiting: out_.moves.push_back({from_.nodes[old].id, to, {"it goes on waiting there", "继续在该环节等待"}}); break;
      case Phase::joining: out_.moves.push_back({from_.nodes[old].id, to, {"it goes on waiting for the other branches", "继续等待其他分支"}}); break;
      case Phase::hosting: out_.moves.push_back({from_.nodes[old].id, to, {"what runs inside goes on", "其内部环节继续办理"}}); break;
      case Phase::failed:
        out_.moves.push_back({from_.nodes[old].id, to, {"it stays an incident, and can be retried", "仍为异常，可重新办理"}});
        break;
      default: out_.moves.push_back({from_.nodes[old].id, to, {"it goes on", "继续办理"}}); break;
    }
  }

  static bool is_of_event(const Wait& wait, const Node& node) {
    return wait.kind == WaitKind::message || wait.kind == WaitKind::signal || wait.kind == WaitKind::condition ||
           (wait.kind == WaitKind::timer && node.kind != NodeKind::script_task);
  }

  void move(Wait& wait) {
    const Index old = wait.node;
    wait.node = place(old);
    if (same_.node(old) == no_index) return;
    const Node& before = from_.nodes[old];
    const Node& now = to_.nodes[wait.node];
    if (before.kind == NodeKind::boundary && same_.node(before.attached_to) != now.attached_to)
      misfit(before.id, {"it is attached to another activity there", "该边界事件在新版本中附着于另一环节"});
    if (wait.kind == WaitKind::job && before.handler != now.handler)
      misfit(before.id, {"its service is under way, and the new version asks another one", "其服务正在办理，而新版本改用另一服务"});
    if (!is_of_event(wait, before)) return;
    const EventDef& event = before.events[wait.event];
    const auto match = std::ranges::find_if(now.events, [&](const EventDef& e) { return e.kind == event.kind && e.name == event.name; });
    if (match == now.events.end()) {
      misfit(before.id, {"what it waits for is no event of the element there", "其等待的事件在新版本的该环节中不存在"});
      return;
    }
    wait.event = static_cast<std::uint16_t>(match - now.events.begin());
    if (wait.kind == WaitKind::timer) out_.moves.push_back({before.id, now.id, {"its timer keeps its time", "定时时间不变"}});
  }

  /// The nodes of the new version that a token can come to within its scope, itself included.
  [[nodiscard]] std::vector<bool> reach(Index start) const {
    std::vector<bool> seen(to_.nodes.size());
    std::vector<Index> open{start};
    seen[start] = true;
    while (!open.empty()) {
      const Node& n = to_.nodes[open.back()];
      open.pop_back();
      const auto visit = [&](Index next) {
        if (next == no_index || seen[next]) return;
        seen[next] = true;
        open.push_back(next);
      };
      for (const Index flow : n.outgoing) visit(to_.flows[flow].target);
      for (const Index boundary : n.boundaries) visit(boundary);
      visit(n.link_target);
    }
    return seen;
  }

  /// A parallel join that one branch comes to, while another of its branches has no token left to come.
  void check_joins() {
    for (const auto& scope : out_.state.scopes) {
      std::vector<bool> any(to_.nodes.size());
      for (const auto& token : out_.state.tokens) {
        if (token.scope != scope.id) continue;
        const auto seen = reach(token.node);
        for (std::size_t i = 0; i < seen.size(); ++i) any[i] = any[i] || seen[i];
      }
      for (std::size_t i = 0; i < to_.nodes.size(); ++i) {
        const Node& join = to_.nodes[i];
        if (join.kind != NodeKind::parallel || join.incoming.size() < 2 || !any[i]) continue;
        for (const Index flow : join.incoming) {
          if (arrived(scope.id, static_cast<Index>(i), flow) || any[to_.flows[flow].source]) continue;
          misfit(join.id, {"it would wait for ever: nothing can come by the flow " + to_.flows[flow].id,
                           "将永远等待：已没有令牌会经由流向 " + to_.flows[flow].id + " 到达"});
        }
      }
    }
  }
  [[nodiscard]] bool arrived(Ref scope, Index join, Index flow) const {
    return std::ranges::any_of(out_.state.tokens,
                               [&](const Token& t) { return t.scope == scope && t.node == join && t.phase == Phase::joining && t.via == flow; });
  }

  const Definition& from_;
  const Definition& to_;
  const Correspondence& same_;
  Moved out_;
};

}  // namespace

Correspondence::Correspondence(const Definition& from, const Definition& to, const std::map<std::string, std::string, std::less<>>& renamed)
    : nodes_(from.nodes.size(), no_index), flows_(from.flows.size(), no_index) {
  std::vector<bool> taken(to.nodes.size());
  for (std::size_t i = 0; i < from.nodes.size(); ++i) {
    const auto& node = from.nodes[i];
    const auto it = renamed.find(node.id);
    const Index now = to.find(it == renamed.end() ? node.id : it->second);
    if (now == no_index || !corresponds(from, to, node, to.nodes[now])) continue;
    nodes_[i] = now;
    taken[now] = true;
  }
  for (std::size_t i = 0; i < from.flows.size(); ++i) {
    const auto& flow = from.flows[i];
    const auto target = std::ranges::find_if(to.flows, [&](const Flow& f) { return f.id == flow.id && f.target == node(flow.target); });
    if (target != to.flows.end()) flows_[i] = static_cast<Index>(target - to.flows.begin());
  }
  for (std::size_t i = 0; i < to.nodes.size(); ++i) {
    const auto& node = to.nodes[i];
    const bool starts_event_sub_process =
        node.kind == NodeKind::start && node.parent != no_index && to.nodes[node.parent].kind == NodeKind::event_sub_process;
    if (!taken[i] && (node.kind == NodeKind::boundary || starts_event_sub_process)) added_.push_back(static_cast<Index>(i));
  }
}

Moved move_state(const Definition& from, const Definition& to, const Correspondence& correspondence, const State& state) {
  return Mover(from, to, correspondence, state).run();
}

}  // namespace jx::cases
