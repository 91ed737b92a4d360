#include <jx/cases/model.hpp>

#include "bpmn_compile.hpp"
#include "definition.hpp"

#include <algorithm>

namespace jx::cases {
namespace {

/// Nodes from which `flow` can be reached without passing `gateway`: backwards over flows, boundary events and links.
std::vector<std::uint64_t> sources_of(const Definition& d, Index gateway, Index flow) {
  std::vector<std::uint64_t> bits((d.nodes.size() + 63) / 64);
  std::vector<Index> open{d.flows[flow].source};
  while (!open.empty()) {
    const Index at = open.back();
    open.pop_back();
    if (at == gateway || (bits[at / 64] >> (at % 64) & 1) != 0) continue;
    bits[at / 64] |= std::uint64_t{1} << (at % 64);
    const Node& node = d.nodes[at];
    for (const Index in : node.incoming) open.push_back(d.flows[in].source);
    if (node.attached_to != no_index) open.push_back(node.attached_to);
    for (const Index sibling : d.nodes[node.parent].children) {
      if (d.nodes[sibling].link_target == at) open.push_back(sibling);
    }
  }
  return bits;
}

}  // namespace

void Compiler::reach(Index gateway) {
  Reach reach;
  for (const Index flow : out_.nodes[gateway].incoming) reach.bits.push_back(sources_of(out_, gateway, flow));
  out_.reach.emplace_back(gateway, std::move(reach));
}

bool Compiler::mark_compensation(Index scope) {
  bool any = false;
  for (const Index child : out_.nodes[scope].children) {
    const Node& node = out_.nodes[child];
    if (node.compensator != no_index) any = true;
    if (node.kind == NodeKind::event_sub_process) {
      for (const Index inner : node.children) {
        const auto& events = out_.nodes[inner].events;
        if (out_.nodes[inner].kind == NodeKind::start && !events.empty() && events[0].kind == EventKind::compensation) any = true;
      }
    }
    if (!node.children.empty() && mark_compensation(child)) any = true;
  }
  out_.nodes[scope].compensates = any;
  return any;
}

void Compiler::finish() {
  for (const auto& call : calls_) {
    const auto it = callables_.find(call.called);
    if (it != callables_.end())
      out_.nodes[call.node].called = it->second;
    else
      report_.add({"REF",
                   out_.nodes[call.node].id,
                   call.line,
                   {"there is no process or global task '" + call.called + "' to call", "没有可调用的流程或全局任务“" + call.called + "”"}});
  }
  for (Index i = 0; i < out_.nodes.size(); ++i) {
    if (out_.nodes[i].kind == NodeKind::process) mark_compensation(i);
    if ((out_.nodes[i].kind == NodeKind::inclusive || out_.nodes[i].kind == NodeKind::complex) && out_.nodes[i].incoming.size() > 1) reach(i);
  }
}

const Reach* Definition::reach_of(Index gateway) const {
  const auto it = std::lower_bound(reach.begin(), reach.end(), gateway, [](const auto& pair, Index g) { return pair.first < g; });
  return it == reach.end() || it->first != gateway ? nullptr : &it->second;
}

Index Definition::find(std::string_view id) const {
  const auto it = std::find_if(nodes.begin(), nodes.end(), [&](const Node& node) { return node.id == id; });
  return it == nodes.end() ? no_index : static_cast<Index>(it - nodes.begin());
}

CompiledModel compile(std::string_view bpmn, const ModelOptions& options) {
  CompiledModel out;
  Report report;
  auto definition = std::make_shared<Definition>();
  Compiler compiler(*definition, options, report);
  std::vector<std::string_view> texts{bpmn};
  std::set<const std::string*> taken;
  crypto::Sha256 hash;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    auto document = Document::parse(texts[i]);
    if (!document) {
      int line = 1;
      if (const auto& field = document.error().field; field.size() > 1) line = std::atoi(field.c_str() + 1);
      report.add({"XML", "", line, document.error().message});
      break;
    }
    hash.update(bytes_of(texts[i]));
    check_flow_rules(*document, report);
    check_event_rules(*document, report);
    check_activity_rules(*document, report);
    check_data_rules(*document, report);
    compiler.add(*document, i == 0);
    for (const auto* e : document->elements()) {
      if (!e->is("callActivity") || document->find(e->ref("calledElement")) != nullptr || !options.library) continue;
      const std::string* other = options.library(e->ref("calledElement"));
      if (other != nullptr && *other != bpmn && texts.size() < 64 && taken.insert(other).second) texts.push_back(*other);
    }
  }
  if (report.empty()) compiler.finish();
  if (report.empty()) {
    definition->hash = hash.finish();
    out.definition = std::move(definition);
  }
  out.findings = std::move(report).sorted();
  return out;
}

const crypto::Digest& hash_of(const Definition& definition) { return definition.hash; }

std::vector<std::string> processes_of(const Definition& definition) {
  std::vector<std::string> ids;
  for (const Index process : definition.processes) ids.push_back(definition.nodes[process].id);
  return ids;
}

bool starts_plainly(const Definition& definition, Index process) {
  bool has_start = false;
  for (const Index child : definition.nodes[process].children) {
    const Node& node = definition.nodes[child];
    if (node.kind != NodeKind::start) continue;
    has_start = true;
    if (node.events.empty()) return true;
  }
  if (has_start) return false;
  const auto& children = definition.nodes[process].children;
  return std::any_of(children.begin(), children.end(), [&](Index child) {
    const Node& node = definition.nodes[child];
    return node.incoming.empty() && !node.instantiate && node.kind != NodeKind::boundary && node.kind != NodeKind::event_sub_process &&
           !node.for_compensation;
  });
}

std::vector<StartTrigger> start_triggers(const Definition& definition) {
  std::vector<StartTrigger> out;
  for (const Index process : definition.processes) {
    for (const Index child : definition.nodes[process].children) {
      const Node& node = definition.nodes[child];
      const bool starts = node.kind == NodeKind::start || (node.kind == NodeKind::receive_task && node.instantiate);
      for (std::size_t i = 0; starts && i < node.events.size(); ++i) out.push_back({process, child, static_cast<std::uint16_t>(i), no_index});
      if (node.kind != NodeKind::event_based || !node.instantiate) continue;
      for (const Index flow : node.outgoing) {
        const Index target = definition.flows[flow].target;
        for (std::size_t i = 0; i < definition.nodes[target].events.size(); ++i)
          out.push_back({process, target, static_cast<std::uint16_t>(i), child});
      }
    }
  }
  return out;
}

}  // namespace jx::cases
