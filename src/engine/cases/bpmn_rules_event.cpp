#include "bpmn_rules.hpp"

#include <algorithm>

namespace jx::cases {
namespace {

/// Whether it is clear which operation a message event is for: its own, or the only one of the file with its message. Modellers of bpmn.io write
/// operationRef as an attribute, and drop the element that the standard has.
bool has_operation(const Document& d, const Element& e) {
  if (!e.child_ref("operationRef").empty() || e.has("operationRef")) return true;
  const auto message = e.ref("messageRef");
  return 1 == std::ranges::count_if(d.elements(), [&](const Element* x) {
           return x->is("operation") && (x->child_ref("inMessageRef") == message || x->child_ref("outMessageRef") == message);
         });
}

bool any_of(const std::vector<const Element*>& events, std::initializer_list<std::string_view> names) {
  return std::any_of(events.begin(), events.end(), [&](const Element* e) { return e->is_any(names); });
}

void start_event(const Document& d, const Element& e, Report& r) {
  const auto events = event_definitions(d, e);
  const Element& scope = *e.parent;
  const bool in_event_sub_process = scope.flag("triggeredByEvent", false);
  if (!d.incoming(e.id()).empty() || e.child("incoming") != nullptr)
    r.add("EXT096", e, "a start event must not have an incoming flow", "开始事件不得有入口顺序流");
  if (d.outgoing(e.id()).empty()) r.add("EXT101", e, "a start event must have an outgoing flow", "开始事件必须有出口顺序流");
  if (scope.child("endEvent") == nullptr && !scope.is("choreography"))
    r.add("EXT105", e, "where a start event is used, an end event must be on the same level", "使用开始事件的同一层级必须有结束事件");
  if (scope.is("process")) {
    if (any_of(events, {"compensateEventDefinition"}))
      r.add("EXT121", e, "a compensation start event is allowed only in an event sub-process", "补偿开始事件只能用于事件子流程");
    if (any_of(events, {"linkEventDefinition", "escalationEventDefinition", "errorEventDefinition", "cancelEventDefinition",
                        "terminateEventDefinition", "compensateEventDefinition"}))
      r.add("EXT098", e, "a process starts by nothing, a message, a timer, a condition or a signal only",
            "流程只能由空、消息、定时、条件或信号事件启动");
  } else if (scope.is_any({"subProcess", "transaction", "adHocSubProcess"}) && !in_event_sub_process && !events.empty()) {
    r.add("EXT100", e, "the start event of a sub-process must not have an event definition", "子流程的开始事件不得有事件定义");
  }
  if (!in_event_sub_process) return;
  if (events.empty() || any_of(events, {"linkEventDefinition", "cancelEventDefinition", "terminateEventDefinition"}))
    r.add("EXT059", e, "an event sub-process starts by a message, timer, error, escalation, compensation, condition or signal",
          "事件子流程必须由消息、定时、错误、升级、补偿、条件或信号启动");
  if (!e.flag("isInterrupting", true) && any_of(events, {"errorEventDefinition", "compensateEventDefinition"}))
    r.add("EXT059", e, "an error or compensation start event always interrupts", "错误或补偿开始事件必须为中断型");
}

void end_event(const Document& d, const Element& e, Report& r) {
  const auto events = event_definitions(d, e);
  if (!d.outgoing(e.id()).empty() || e.child("outgoing") != nullptr)
    r.add("EXT104", e, "an end event must not have an outgoing flow", "结束事件不得有出口顺序流");
  if (d.incoming(e.id()).empty() || (e.child("incoming") == nullptr && d.lists_flows()))
    r.add("EXT107", e, "an end event must have an incoming flow", "结束事件必须有入口顺序流");
  const auto starts_otherwise = [&] {  // an instantiating receive task or event gateway stands for a start event
    return std::any_of(e.parent->children.begin(), e.parent->children.end(), [](const auto& x) { return x->flag("instantiate", false); });
  };
  if (e.parent->child("startEvent") == nullptr && !e.parent->is("choreography") && !starts_otherwise())
    r.add("EXT097", e, "where an end event is used, a start event must be on the same level", "使用结束事件的同一层级必须有开始事件");
  if (any_of(events, {"cancelEventDefinition"}) && e.above("transaction") == nullptr)
    r.add("EXT106", e, "a cancel end event is allowed only in a transaction", "取消结束事件只能用于事务子流程");
  if (any_of(events, {"linkEventDefinition", "conditionalEventDefinition", "timerEventDefinition"}))
    r.add("EXT146", e, "an end event throws a message, escalation, error, cancel, compensation, signal or terminate only",
          "结束事件只能抛出消息、升级、错误、取消、补偿、信号或终止");
}

void boundary_event(const Document& d, const Element& e, Report& r) {
  const auto events = event_definitions(d, e);
  const Element* host = d.find(e.ref("attachedToRef"));
  const bool interrupting = e.flag("cancelActivity", true);
  if (host == nullptr || !is_activity(*host) || host->parent != e.parent)
    r.add("REF", e, "a boundary event must be attached to an activity of the same level", "边界事件必须附加于同一层级的活动");
  if (events.empty() || any_of(events, {"linkEventDefinition", "terminateEventDefinition"}) ||
      (!interrupting && any_of(events, {"errorEventDefinition", "cancelEventDefinition", "compensateEventDefinition"}))) {
    r.add("EXT147", e,
          "a boundary event needs an event definition; link and terminate are not allowed, and error, cancel and compensation always interrupt",
          "边界事件必须有事件定义，不得为链接或终止；错误、取消、补偿必须为中断型");
    r.add("EXT110", e, "a boundary event needs an event definition that its kind allows", "边界事件必须有允许的事件定义");
  }
  if (any_of(events, {"cancelEventDefinition"}) && (host == nullptr || !host->is("transaction"))) {
    r.add("EXT120", e, "a cancel boundary event may be attached only to a transaction", "取消边界事件只能附加于事务子流程");
    r.add("EXT111", e, "a cancel boundary event may be attached only to a transaction", "取消边界事件只能附加于事务子流程");
  }
  if (!d.incoming(e.id()).empty() || e.child("incoming") != nullptr) {
    r.add("EXT112", e, "a boundary event must not have an incoming flow", "边界事件不得有入口顺序流");
    r.add("EXT150", e, "a boundary event must not have an incoming flow", "边界事件不得有入口顺序流");
  }
  const bool compensation = any_of(events, {"compensateEventDefinition"});
  const bool leaves = !d.outgoing(e.id()).empty();
  if (!compensation && !leaves && !events.empty()) r.add("EXT113", e, "a boundary event must have an outgoing flow", "边界事件必须有出口顺序流");
  if (!compensation) return;
  if (leaves) r.add("EXT114", e, "a compensation boundary event must not have an outgoing flow", "补偿边界事件不得有出口顺序流");
  const Element* handler = nullptr;
  for (const auto* a : d.elements()) {
    if (a->is("association") && a->ref("sourceRef") == e.id()) handler = d.find(a->ref("targetRef"));
  }
  if (handler == nullptr)
    return r.add("EXT143", e, "a compensation boundary event must be connected to a compensation activity by an association",
                 "补偿边界事件必须以关联连接补偿活动");
  if (!is_activity(*handler) || !handler->flag("isForCompensation", false))
    r.add("EXT144", *handler, "what compensates must be an activity with isForCompensation=\"true\"",
          "补偿处理必须是 isForCompensation 为 true 的活动");
  if (!d.incoming(handler->id()).empty() || !d.outgoing(handler->id()).empty())
    r.add("EXT145", *handler, "a compensation activity must not have incoming or outgoing flows", "补偿活动不得有出入顺序流");
}

void intermediate_event(const Document& d, const Element& e, Report& r) {
  const auto events = event_definitions(d, e);
  const bool is_throw = e.is("intermediateThrowEvent");
  const bool link = any_of(events, {"linkEventDefinition"});
  const bool enters = !d.incoming(e.id()).empty();
  const bool leaves = !d.outgoing(e.id()).empty();
  if (!enters && !(link && !is_throw)) r.add("EXT115", e, "an intermediate event must have an incoming flow", "中间事件必须有入口顺序流");
  if (!leaves && !(link && is_throw)) r.add("EXT116", e, "an intermediate event must have an outgoing flow", "中间事件必须有出口顺序流");
  if (link && enters && leaves) r.add("EXT117", e, "a link event must not have both incoming and outgoing flows", "链接事件不得同时有出入顺序流");
  if (link && (is_throw ? leaves : enters))
    r.add("EXT117", e, "a throwing link event has no outgoing flow, a catching one no incoming flow", "抛出链接事件无出口，捕获链接事件无入口");
  if (is_throw) {
    if (any_of(events,
               {"cancelEventDefinition", "conditionalEventDefinition", "errorEventDefinition", "terminateEventDefinition", "timerEventDefinition"}))
      r.add("EXT149", e, "a throwing intermediate event is none, message, escalation, compensation, link or signal only",
            "中间抛出事件只能为空、消息、升级、补偿、链接或信号");
    return;
  }
  if (any_of(events, {"compensateEventDefinition"}))
    r.add("EXT122", e, "an intermediate catch event in normal flow must not catch compensation", "正常流程中的中间捕获事件不得捕获补偿");
  if (events.empty() || any_of(events, {"escalationEventDefinition", "errorEventDefinition", "cancelEventDefinition", "compensateEventDefinition",
                                        "terminateEventDefinition"}))
    r.add("EXT148", e, "an intermediate catch event catches a message, timer, condition, link or signal only",
          "中间捕获事件只能捕获消息、定时、条件、链接或信号");
}

const Element* other_link(const Document& d, const Element& link, bool throws) {
  for (const auto* e : d.elements()) {
    if (!e->is("linkEventDefinition") || e->parent == nullptr || e->parent->is("intermediateThrowEvent") != throws) continue;
    if (e->attr("name") == link.attr("name") && e->parent->parent == link.parent->parent) return e;
  }
  return nullptr;
}

/// Links are paired by their `target` and `source` elements; where neither end has any, by name (so do the usual modellers).
void link_definition(const Document& d, const Element& e, Report& r) {
  const bool throws = e.parent->is("intermediateThrowEvent");
  if (!throws && !e.parent->is("intermediateCatchEvent")) return;
  const auto refs = e.all(throws ? "target" : "source");
  if (refs.empty()) {
    const Element* other = other_link(d, e, !throws);
    if (other != nullptr && other->child("source") == nullptr && other->child("target") == nullptr) return;
    if (throws)
      r.add("EXT125", e, "a throwing link must have exactly one target", "抛出链接必须有且仅有一个目标");
    else
      r.add("EXT124", e, "a catching link must have at least one source", "捕获链接必须至少有一个来源");
    return;
  }
  if (throws && refs.size() > 1) r.add("EXT125", e, "a throwing link must have exactly one target", "抛出链接必须有且仅有一个目标");
  for (const auto* ref : refs) {
    const Element* other = d.find(without_prefix(ref->text));
    const std::string_view back = throws ? "source" : "target";
    const bool paired = other != nullptr && other->is("linkEventDefinition") && [&] {
      const auto list = other->all(back);
      return std::any_of(list.begin(), list.end(), [&](const Element* x) { return without_prefix(x->text) == e.id(); });
    }();
    if (!paired) r.add("EXT118", e, "the two ends of a link must name one another", "链接的两端必须互相引用");
    if (other != nullptr && other->parent != nullptr && other->parent->parent != e.parent->parent)
      r.add("EXT126", e, "a link leads to a target of the same process level only", "链接只能连接同一层级");
  }
}

void definition(const Document& d, const Element& e, Report& r) {
  const bool executable = is_executable(e);
  if (e.is("linkEventDefinition") && e.parent != nullptr) link_definition(d, e, r);
  if (e.is("timerEventDefinition") && e.count("timeDate") + e.count("timeCycle") + e.count("timeDuration") != 1) {
    r.add("EXT131", e, "a timer must have exactly one of timeDate, timeCycle and timeDuration",
          "定时定义必须且只能有 timeDate、timeCycle、timeDuration 之一");
  }
  if (!executable || e.parent == nullptr) return;
  const bool throws = e.parent->is_any({"endEvent", "intermediateThrowEvent"});
  if (e.is("messageEventDefinition")) {
    if (e.ref("messageRef").empty())
      r.add("EXT127", e, "in an executable process a message event must name its message", "可执行流程的消息事件必须引用消息");
    if (!has_operation(d, e))
      r.add("EXT128", e,
            "in an executable process a message event must have an operationRef, or its message be that of one operation of an interface",
            "可执行流程的消息事件必须有 operationRef，或其消息属于某个接口的唯一操作");
  }
  if (e.is("escalationEventDefinition") && throws) {
    const Element* escalation = d.find(e.ref("escalationRef"));
    if (escalation == nullptr || escalation->attr("escalationCode").empty())
      r.add("EXT011", e, "an escalation that is thrown must have an escalationCode", "抛出的升级必须有 escalationCode");
  }
  if (e.is("errorEventDefinition") && e.parent->is("endEvent")) {
    const Element* error = d.find(e.ref("errorRef"));
    if (error == nullptr || error->attr("errorCode").empty())
      r.add("EXT132", e, "an error that is thrown must have an errorCode", "抛出的错误必须有 errorCode");
  }
  if (e.is("signalEventDefinition") && d.find(e.ref("signalRef")) == nullptr)
    r.add("EXT130", e, "a signal event must name its signal", "信号事件必须引用信号");
  if (e.is("conditionalEventDefinition")) {
    const Element* condition = e.child("condition");
    if (condition == nullptr || condition->text.empty() || condition->attr("xsi:type") != "tFormalExpression")
      r.add("EXT123", e, "in an executable process a conditional event must have a formal expression", "可执行流程的条件事件必须有形式表达式");
  }
}

void used_elsewhere(const Document& d, Report& r) {
  for (const auto* ref : d.elements()) {
    if (!ref->is("eventDefinitionRef")) continue;
    const Element* e = d.find(without_prefix(ref->text));
    if (e != nullptr && e->parent != nullptr && e->parent->is_any({"endEvent", "intermediateThrowEvent"}))
      r.add("EXT095", *e, "an event definition inside of a throwing event must not be used elsewhere", "抛出事件内的事件定义不得在他处引用");
  }
}

void event_data(const Document& d, const Element& e, Report& r) {
  const auto slots = e.is_any({"endEvent", "intermediateThrowEvent"}) ? e.all("dataInput") : e.all("dataOutput");
  if (slots.empty()) return;
  const auto events = event_definitions(d, e);
  if (slots.size() != events.size())
    return r.add("EXT093", e, "an event with data must have one data input or output for each event definition",
                 "带数据的事件，数据项须与事件定义一一对应");
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const Element* def = events[i];
    const Element* item = def->is("messageEventDefinition")      ? d.find(def->ref("messageRef"))
                          : def->is("errorEventDefinition")      ? d.find(def->ref("errorRef"))
                          : def->is("signalEventDefinition")     ? d.find(def->ref("signalRef"))
                          : def->is("escalationEventDefinition") ? d.find(def->ref("escalationRef"))
                                                                 : nullptr;
    if (item == nullptr) continue;
    const std::string_view thrown = item->is("message") ? item->ref("itemRef") : item->ref("structureRef");
    const Element* one = d.find(thrown);
    const Element* other = d.find(slots[i]->ref("itemSubjectRef"));
    const bool same = thrown == slots[i]->ref("itemSubjectRef") ||
                      (one != nullptr && other != nullptr && one->has("structureRef") && one->attr("structureRef") == other->attr("structureRef"));
    if (!same)
      r.add("EXT094", e, "the data of an event must have the item definition of its event definition", "事件数据的数据项定义须与事件定义一致");
  }
}

}  // namespace

void check_event_rules(const Document& d, Report& r) {
  used_elsewhere(d, r);
  for (const auto* e : d.elements()) {
    if (e->space == Space::bpmn && e->name.ends_with("EventDefinition")) definition(d, *e, r);
    if (!is_event(*e) || e->parent == nullptr || e->parent->is("choreography")) continue;
    if (e->is("startEvent")) start_event(d, *e, r);
    if (e->is("endEvent")) end_event(d, *e, r);
    if (e->is("boundaryEvent")) boundary_event(d, *e, r);
    if (e->is_any({"intermediateThrowEvent", "intermediateCatchEvent"})) intermediate_event(d, *e, r);
    event_data(d, *e, r);
  }
}

}  // namespace jx::cases
