#include "bpmn_rules.hpp"

#include <algorithm>

namespace jx::cases {
namespace {

bool is_artifact(const Element* e) { return e != nullptr && e->is_any({"association", "textAnnotation", "group"}); }

void ids_and_imports(const Document& d, Report& r) {
  for (const auto* e : d.doubled())
    r.add("EXT002", *e, "the id '" + std::string(e->id()) + "' is used twice", "标识“" + std::string(e->id()) + "”重复");
  for (const auto* e : d.root().all("import"))
    r.add("EXT001", *e, "imported files are not read: put what is called into one file, or into the pack", "不读取导入文件：请放入同一文件或部署包");
}

void flow_ends(const Document& d, const Element& flow, Report& r) {
  const Element* source = d.find(flow.ref("sourceRef"));
  const Element* target = d.find(flow.ref("targetRef"));
  if (source == nullptr || target == nullptr) {
    r.add("REF", flow, "a sequence flow must name a source and a target that exist", "顺序流的起点或终点不存在");
    return;
  }
  if (is_artifact(source)) r.add("EXT007", flow, "an artifact must not be the source of a sequence flow", "工件不得作为顺序流的起点");
  if (is_artifact(target)) r.add("EXT006", flow, "an artifact must not be the target of a sequence flow", "工件不得作为顺序流的终点");
  const bool in_process = flow.above("choreography") == nullptr;
  const bool source_fits = is_flow_node(*source) && !source->flag("triggeredByEvent", false);
  const bool target_fits = is_flow_node(*target) && !target->flag("triggeredByEvent", false);
  if (in_process && !source_fits)
    r.add("EXT021", *source, "only activities, gateways and events may be the source of a sequence flow; an event sub-process may not",
          "只有活动、网关和事件可作顺序流起点，事件子流程不可");
  if (in_process && !target_fits)
    r.add("EXT022", *target, "only activities, gateways and events may be the target of a sequence flow; an event sub-process may not",
          "只有活动、网关和事件可作顺序流终点，事件子流程不可");
  if (in_process && source->parent != target->parent) {
    r.add("EXT028", flow, "a sequence flow must not cross the border of a pool or of a sub-process", "顺序流不得跨越泳池或子流程的边界");
    r.add("EXT152", flow, "a sequence flow must not cross the border of a pool or of a sub-process", "顺序流不得跨越泳池或子流程的边界");
  }
}

bool lists(const Element* node, std::string_view what, std::string_view flow) {
  if (node == nullptr) return true;  // reported elsewhere
  const auto refs = node->all(what);
  return std::any_of(refs.begin(), refs.end(), [&](const Element* e) { return without_prefix(e->text) == flow; });
}

void incoming_and_outgoing(const Document& d, Report& r) {
  if (!d.lists_flows()) return;
  for (const auto* e : d.elements()) {
    if (e->is("sequenceFlow") && e->above("choreography") == nullptr) {
      if (!lists(d.find(e->ref("sourceRef")), "outgoing", e->id()))
        r.add("EXT023", *e, "the source of the flow does not list it as `outgoing`", "顺序流起点没有相应的 outgoing");
      if (!lists(d.find(e->ref("targetRef")), "incoming", e->id()))
        r.add("EXT023", *e, "the target of the flow does not list it as `incoming`", "顺序流终点没有相应的 incoming");
    }
    if (!is_flow_node(*e)) continue;
    for (const std::string_view what : {"incoming", "outgoing"}) {
      for (const auto* ref : e->all(what)) {
        const Element* flow = d.find(without_prefix(ref->text));
        const std::string_view end = what == "incoming" ? "targetRef" : "sourceRef";
        if (flow == nullptr || !flow->is("sequenceFlow") || flow->ref(end) != e->id())
          r.add("EXT023", *e, std::string(what) + " '" + ref->text + "' is not a sequence flow of this element",
                std::string(what) + "“" + ref->text + "”不是本元素的顺序流");
      }
    }
  }
}

void conditions(const Document& d, const Element& flow, Report& r) {
  const Element* source = d.find(flow.ref("sourceRef"));
  if (flow.attr("isImmediate") == "false" && is_executable(flow) && flow.above("process") != nullptr)
    r.add("EXT024", flow, "isImmediate must not be false in an executable process", "可执行流程中 isImmediate 不得为 false");
  if (flow.child("conditionExpression") == nullptr || source == nullptr) return;
  if (is_activity(*source) && d.outgoing(source->id()).size() < 2)
    r.add("EXT025", *source, "an activity must not have a conditional sequence flow as its only outgoing flow", "活动唯一的出口顺序流不得带条件");
  if (is_event(*source) || source->is("parallelGateway"))
    r.add("EXT025", flow, "a conditional flow may leave an activity or an exclusive, inclusive or complex gateway only",
          "条件顺序流只能从活动或排他、包容、复杂网关出发");
  if (source->is("eventBasedGateway"))
    r.add("EXT137", flow, "the outgoing flows of an event gateway must not have a condition", "事件网关的出口顺序流不得带条件");
}

void defaults(const Document& d, const Element& e, Report& r) {
  if (!e.has("default")) return;
  const Element* flow = d.find(e.ref("default"));
  if (flow == nullptr || !flow->is("sequenceFlow") || flow->ref("sourceRef") != e.id())
    r.add("EXT026", e, "the default flow must be a sequence flow that leaves this element", "默认流必须是从本元素出发的顺序流");
}

void gateway(const Document& d, const Element& e, Report& r) {
  const std::size_t in = std::max(d.incoming(e.id()).size(), e.count("incoming"));
  const std::size_t out = std::max(d.outgoing(e.id()).size(), e.count("outgoing"));
  const auto direction = e.attr("gatewayDirection");
  if (direction == "Converging" && out > 1)
    r.add("EXT017", e, "a converging gateway must not have more than one outgoing flow", "汇聚网关不得有多个出口顺序流");
  if (direction == "Diverging" && in > 1)
    r.add("EXT018", e, "a diverging gateway must not have more than one incoming flow", "分支网关不得有多个入口顺序流");
  if (direction == "Mixed" && (in < 2 || out < 2))
    r.add("EXT019", e, "a mixed gateway must have more than one incoming and more than one outgoing flow", "混合网关必须有多个入口和多个出口顺序流");
  if (in < 2 && out < 2) r.add("EXT135", e, "a gateway must have several incoming or several outgoing flows", "网关必须有多个入口或多个出口顺序流");
}

void event_gateway(const Document& d, const Element& e, Report& r) {
  const auto& out = d.outgoing(e.id());
  if (out.size() < 2) r.add("EXT136", e, "an event gateway must have two or more outgoing flows", "事件网关必须有两个以上出口顺序流");
  if (e.flag("instantiate", false) && !d.incoming(e.id()).empty())
    r.add("EXT142", e, "an event gateway that starts the process must not have an incoming flow", "启动流程的事件网关不得有入口顺序流");
  bool receives = false, catches = false;
  for (const auto* flow : out) {
    const Element* target = d.find(flow->ref("targetRef"));
    if (target == nullptr) continue;
    const auto events = event_definitions(d, *target);
    const bool fits = target->is("receiveTask") ||
                      (target->is("intermediateCatchEvent") && !events.empty() && std::all_of(events.begin(), events.end(), [](const Element* x) {
                         return x->is_any({"messageEventDefinition", "signalEventDefinition", "timerEventDefinition", "conditionalEventDefinition"});
                       }));
    if (!fits)
      r.add("EXT138", *flow, "an event gateway leads only to receive tasks and to message, signal, timer and conditional catch events",
            "事件网关只能连接接收任务或消息、信号、定时、条件捕获事件");
    if (d.incoming(target->id()).size() > 1)
      r.add("EXT141", *target, "a target of an event gateway must not have another incoming flow", "事件网关的目标不得有其他入口顺序流");
    receives = receives || target->is("receiveTask");
    catches = catches || (target->is("intermediateCatchEvent") && has_event(d, *target, "messageEventDefinition"));
    if (!target->is("receiveTask")) continue;
    for (const auto* b : d.elements()) {
      if (b->is("boundaryEvent") && b->ref("attachedToRef") == target->id())
        r.add("EXT140", *b, "a receive task behind an event gateway must not have boundary events", "事件网关后的接收任务不得附加边界事件");
    }
  }
  if (receives && catches)
    r.add("EXT139", e, "behind one event gateway there are either message events or receive tasks, not both",
          "同一事件网关后消息事件与接收任务不得并用");
}

const Element* process_of(const Document& d, std::string_view id) {
  const Element* e = d.find(id);
  if (e == nullptr) return nullptr;
  if (e->is("participant")) return d.find(e->ref("processRef"));
  return e->is("process") ? e : e->above("process");
}

void message_flow(const Document& d, const Element& flow, Report& r) {
  const Element* source = d.find(flow.ref("sourceRef"));
  const Element* target = d.find(flow.ref("targetRef"));
  if (is_artifact(source)) r.add("EXT009", flow, "an artifact must not be the source of a message flow", "工件不得作为消息流的起点");
  if (is_artifact(target)) r.add("EXT008", flow, "an artifact must not be the target of a message flow", "工件不得作为消息流的终点");
  if (source == nullptr || target == nullptr)
    return r.add("REF", flow, "a message flow must name a source and a target that exist", "消息流的起点或终点不存在");
  const Element* from = process_of(d, source->id());
  const Element* to = process_of(d, target->id());
  if (source == target || (from != nullptr && from == to))
    r.add("EXT031", flow, "a message flow must connect different pools", "消息流必须连接不同的泳池");
  if (source->is("startEvent")) r.add("EXT102", flow, "a start event must not be the source of a message flow", "开始事件不得作为消息流的起点");
  if (target->is("endEvent")) r.add("EXT108", flow, "an end event must not be the target of a message flow", "结束事件不得作为消息流的终点");
  if (target->is("startEvent") && !has_event(d, *target, "messageEventDefinition"))
    r.add("EXT103", *target, "a start event that a message flow leads to must have a message event definition",
          "作为消息流终点的开始事件必须有消息定义");
  if (source->is("endEvent") && !has_event(d, *source, "messageEventDefinition"))
    r.add("EXT109", *source, "an end event that a message flow leaves must have a message event definition",
          "作为消息流起点的结束事件必须有消息定义");
  if (target->is("intermediateThrowEvent"))
    r.add("EXT119", *target, "a throwing event must not be the target of a message flow", "抛出事件不得作为消息流的终点");
  if (source->is("intermediateCatchEvent"))
    r.add("EXT119", *source, "a catching event must not be the source of a message flow", "捕获事件不得作为消息流的起点");
}

/// Where a process has start (end) events, every flow node must be entered (left): BPMN 2.0, 10.4.2 and 10.4.3.
void connected(const Document& d, const Element& e, Report& r) {
  if (e.flag("isForCompensation", false) || e.flag("triggeredByEvent", false) || e.parent == nullptr) return;
  const bool is_link = has_event(d, e, "linkEventDefinition");
  const bool starts = e.is_any({"startEvent", "boundaryEvent"}) || e.flag("instantiate", false) || (e.is("intermediateCatchEvent") && is_link);
  const bool ends = e.is_any({"endEvent", "boundaryEvent"}) || (e.is("intermediateThrowEvent") && is_link);
  if (!starts && e.parent->child("startEvent") != nullptr && d.incoming(e.id()).empty())
    r.add("EXT150", e, "where a start event is used, every element must have an incoming flow", "使用开始事件时，所有节点都必须有入口顺序流");
  if (!ends && e.parent->child("endEvent") != nullptr && d.outgoing(e.id()).empty())
    r.add("EXT151", e, "where an end event is used, every element must have an outgoing flow", "使用结束事件时，所有节点都必须有出口顺序流");
}

}  // namespace

std::vector<Finding> Report::sorted() && {
  std::stable_sort(list_.begin(), list_.end(), [](const Finding& a, const Finding& b) { return a.line < b.line; });
  return std::move(list_);
}

void check_flow_rules(const Document& d, Report& r) {
  ids_and_imports(d, r);
  incoming_and_outgoing(d, r);
  for (const auto* e : d.elements()) {
    if (e->is("sequenceFlow")) {
      flow_ends(d, *e, r);
      conditions(d, *e, r);
    }
    if (is_gateway(*e) || is_activity(*e)) defaults(d, *e, r);
    if (is_gateway(*e)) gateway(d, *e, r);
    if (e->is("eventBasedGateway")) event_gateway(d, *e, r);
    if (e->is("messageFlow")) message_flow(d, *e, r);
    if (is_flow_node(*e)) connected(d, *e, r);
  }
}

}  // namespace jx::cases
