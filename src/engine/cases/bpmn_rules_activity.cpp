#include "bpmn_rules.hpp"

#include <algorithm>
#include <charconv>

namespace jx::cases {
namespace {

/// The integer of an attribute, or `otherwise` where it is absent; 0 stays 0, so that a word that is no number is caught as too small.
long long number(const Element& e, std::string_view key, long long otherwise) {
  const auto text = e.attr(key);
  if (!e.has(key)) return otherwise;
  long long value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? value : -1;
}

void quantities(const Element& e, Report& r) {
  if (number(e, "startQuantity", 1) < 1) r.add("EXT037", e, "startQuantity must be 1 or more", "startQuantity 不得小于 1");
  if (number(e, "completionQuantity", 1) < 1) r.add("EXT038", e, "completionQuantity must be 1 or more", "completionQuantity 不得小于 1");
}

void loops(const Document& d, const Element& e, Report& r) {
  const Element* loop = e.child("standardLoopCharacteristics");
  const Element* multi = e.child("multiInstanceLoopCharacteristics");
  if (loop != nullptr && multi != nullptr)
    r.add("EXT041", e, "an activity is either a loop or multi-instance, not both", "活动不得同时为循环和多实例");
  if (loop != nullptr && number(*loop, "loopMaximum", 1) < 1) r.add("JX010", e, "loopMaximum must be 1 or more", "loopMaximum 不得小于 1");
  if (loop != nullptr && loop->child("loopCondition") == nullptr && !loop->has("loopMaximum"))
    r.add("JX011", e, "a loop must have a loopCondition or a loopMaximum, or it never ends", "循环必须有 loopCondition 或 loopMaximum");
  if (multi == nullptr || !is_executable(e)) return;
  const auto collection = multi->child_ref("loopDataInputRef");
  if (multi->child("loopCardinality") == nullptr && collection.empty())
    r.add("EXT067", e, "a multi-instance activity needs a loopCardinality or a loopDataInputRef",
          "多实例活动必须有 loopCardinality 或 loopDataInputRef");
  const auto is_input_of_task = [&] {
    const Element* io = e.child("ioSpecification");
    const auto inputs = io == nullptr ? std::vector<const Element*>{} : io->all("dataInput");
    return std::any_of(inputs.begin(), inputs.end(), [&](const Element* x) { return x->id() == collection; });
  };
  if (!collection.empty() && !e.is_any({"subProcess", "transaction", "adHocSubProcess"}) && !is_input_of_task())
    r.add("EXT068", e, "loopDataInputRef must name a data input of the task", "loopDataInputRef 必须是任务的数据输入");
  const auto scalar = [&](const Element* all, const Element* one) {
    if (all == nullptr || one == nullptr) return true;
    const Element* all_item = d.find(all->ref("itemSubjectRef"));
    const Element* one_item = d.find(one->ref("itemSubjectRef"));
    if (all_item == nullptr && one_item == nullptr) return true;
    return all_item != nullptr && one_item != nullptr && all_item->attr("structureRef") == one_item->attr("structureRef") &&
           !one_item->flag("isCollection", false);
  };
  if (!scalar(d.find(collection), multi->child("inputDataItem")))
    r.add("EXT070", e, "the inputDataItem must be the scalar of the loopDataInput", "inputDataItem 必须是 loopDataInput 的单项类型");
  if (!scalar(d.find(multi->child_ref("loopDataOutputRef")), multi->child("outputDataItem")))
    r.add("EXT069", e, "the outputDataItem must be the scalar of the loopDataOutput", "outputDataItem 必须是 loopDataOutput 的单项类型");
  const auto behavior = multi->attr("behavior");
  if (behavior == "None" && multi->ref("noneBehaviorEventRef").empty())
    r.add("EXT071", e, "behavior None needs a noneBehaviorEventRef", "behavior 为 None 时必须有 noneBehaviorEventRef");
  if (behavior == "One" && multi->ref("oneBehaviorEventRef").empty())
    r.add("EXT072", e, "behavior One needs a oneBehaviorEventRef", "behavior 为 One 时必须有 oneBehaviorEventRef");
  if (behavior == "Complex" && multi->child("complexBehaviorDefinition") == nullptr)
    r.add("EXT073", e, "behavior Complex needs a complexBehaviorDefinition", "behavior 为 Complex 时必须有 complexBehaviorDefinition");
}

bool has_choreography(const Element& e) {
  return e.child("choreographyTask") != nullptr || e.child("subChoreography") != nullptr || e.child("callChoreography") != nullptr;
}

void sub_process(const Document& d, const Element& e, Report& r) {
  if (has_choreography(e)) r.add("EXT056", e, "a sub-process must not contain choreography activities", "子流程不得包含编排活动");
  if (e.child("ioSpecification") != nullptr) r.add("EXT079", e, "a sub-process must not have an ioSpecification", "子流程不得有 ioSpecification");
  if (e.flag("triggeredByEvent", false)) {
    if (!d.incoming(e.id()).empty() || !d.outgoing(e.id()).empty() || e.child("incoming") != nullptr || e.child("outgoing") != nullptr)
      r.add("EXT057", e, "an event sub-process must not have incoming or outgoing flows", "事件子流程不得有出入顺序流");
    if (e.count("startEvent") != 1)
      r.add("EXT058", e, "an event sub-process must have exactly one start event", "事件子流程必须有且仅有一个开始事件");
  }
  if (!e.is("adHocSubProcess")) return;
  if (e.child("startEvent") != nullptr || e.child("endEvent") != nullptr || has_choreography(e) || e.child("conversation") != nullptr ||
      e.child("conversationLink") != nullptr)
    r.add("EXT062", e, "an ad-hoc sub-process must not contain start or end events, conversations or choreography activities",
          "特别子流程不得包含开始、结束事件、会话或编排活动");
  if (std::none_of(e.children.begin(), e.children.end(), [](const auto& x) { return is_activity(*x); }))
    r.add("EXT061", e, "an ad-hoc sub-process must contain an activity", "特别子流程必须包含活动");
}

void call_activity(const Document& d, const Element& e, Report& r) {
  const Element* called = d.find(e.ref("calledElement"));
  if (called == nullptr) return;
  if (called->is("process")) {
    const auto starts = called->all("startEvent");
    const bool plain =
        starts.empty() || std::any_of(starts.begin(), starts.end(), [&](const Element* s) { return event_definitions(d, *s).empty(); });
    if (!plain) r.add("EXT099", *called, "a process that is called must have a none start event", "被调用的流程必须有空开始事件");
  }
  const Element* own = e.child("ioSpecification");
  const Element* theirs = called->child("ioSpecification");
  for (const std::string_view part : {"dataInput", "dataOutput", "inputSet", "outputSet"}) {
    const std::size_t a = own == nullptr ? 0 : own->count(part);
    const std::size_t b = theirs == nullptr ? 0 : theirs->count(part);
    if (a != b)
      return r.add("EXT063", e, "the data inputs, outputs and sets of a call must match those of what it calls",
                   "调用活动的数据输入输出须与被调用元素一致");
  }
  if (own == nullptr || theirs == nullptr) return;
  for (const std::string_view part : {"dataInput", "dataOutput"}) {
    for (std::size_t i = 0; i < own->count(part); ++i) {
      const auto* a = d.find(own->all(part)[i]->ref("itemSubjectRef"));
      const auto* b = d.find(theirs->all(part)[i]->ref("itemSubjectRef"));
      if (a != b && (a == nullptr || b == nullptr || a->attr("structureRef") != b->attr("structureRef")))
        r.add("EXT063", e, "the data of a call must have the item definitions of what it calls", "调用活动的数据项定义须与被调用元素一致");
    }
  }
}

void tasks(const Document& d, const Element& e, Report& r) {
  if (e.is("receiveTask") && e.flag("instantiate", false) && (e.child("incoming") != nullptr || !d.incoming(e.id()).empty()))
    r.add("EXT049", e, "a receive task that starts the process must not have an incoming flow", "启动流程的接收任务不得有入口顺序流");
  if (e.is("scriptTask") && e.child("script") != nullptr && e.attr("scriptFormat").empty())
    r.add("EXT053", e, "a script needs a scriptFormat", "脚本必须有 scriptFormat");
  if (e.is("globalScriptTask") && e.child("script") != nullptr && e.attr("scriptLanguage").empty())
    r.add("EXT054", e, "a global script needs a scriptLanguage", "全局脚本必须有 scriptLanguage");
}

void resources(const Element& e, Report& r) {
  if (e.child("resourceParameterBinding") != nullptr && e.child("resourceRef") == nullptr)
    r.add("EXT040", e, "a resourceParameterBinding is allowed only together with a resourceRef", "resourceParameterBinding 只能与 resourceRef 同用");
  if (e.child("resourceRef") != nullptr && e.child("resourceAssignmentExpression") != nullptr)
    r.add("EXT039", e, "a resource role has either a resourceRef or an assignment expression", "资源角色不得同时有 resourceRef 和分配表达式");
}

void collaboration(const Document& d, const Element& e, Report& r) {
  if (e.is("participantMultiplicity")) {
    const auto least = number(e, "minimum", 0);
    if (least < 0) r.add("EXT029", e, "the minimum of a participant must not be negative", "参与者的 minimum 不得为负");
    const auto most = number(e, "maximum", std::max(1LL, least));
    if (most < 1 || most < least)
      r.add("EXT030", e, "the maximum of a participant must be 1 or more and not less than its minimum", "参与者的 maximum 不得小于 1 和 minimum");
  }
  if (e.is("collaboration")) {
    for (const auto* ref : e.all("choreographyRef")) {
      const Element* other = d.find(without_prefix(ref->text));
      if (other != nullptr && other->flag("isClosed", false) != e.flag("isClosed", false))
        r.add("EXT033", e, "isClosed of a collaboration must equal that of its choreography", "协作与其编排的 isClosed 必须一致");
    }
  }
  if (e.is_any({"choreography", "globalConversation"}) && e.child("choreographyRef") != nullptr)
    r.add("EXT027", e, "a choreography or global conversation must not refer to a choreography", "编排或全局会话不得引用编排");
  if (e.is("globalConversation")) {
    for (const auto& x : e.children) {
      if (x->is_any({"conversationNode", "conversation", "subConversation", "callConversation", "participantAssociation", "messageFlowAssociation",
                     "conversationAssociation", "association", "group", "textAnnotation"}))
        return r.add("EXT032", e, "a global conversation must not contain conversation nodes, associations or artifacts",
                     "全局会话不得包含会话节点、关联或工件");
    }
  }
  if (e.is("textAnnotation") && e.has("textFormat")) {
    const auto format = e.attr("textFormat");
    const auto slash = format.find('/');
    const bool mime =
        slash != std::string_view::npos && slash > 0 && slash + 1 < format.size() && format.find_first_of(" \t") == std::string_view::npos;
    if (!mime) r.add("EXT010", e, "textFormat must be a MIME type", "textFormat 必须是 MIME 类型");
  }
}

void process(const Element& e, Report& r) {
  if (has_choreography(e)) r.add("EXT036", e, "a process must not contain choreography activities", "流程不得包含编排活动");
  if (e.attr("processType") == "Public" && e.flag("isExecutable", false))
    r.add("EXT035", e, "a public process must not be executable", "公开流程不得标为可执行");
}

void callable(const Document& d, const Element& e, Report& r) {
  if (e.child("supportedInterfaceRef") == nullptr) return;
  const auto bindings = e.all("ioBinding");
  if (bindings.empty()) return r.add("EXT064", e, "what is exposed as a service needs an ioBinding", "作为服务公开的元素必须有 ioBinding");
  for (const auto* b : bindings) {
    const Element* operation = d.find(b->ref("operationRef"));
    const auto item = [&](std::string_view message) {
      const Element* m = operation == nullptr ? nullptr : d.find(operation->child_ref(message));
      return m == nullptr ? nullptr : d.find(m->ref("itemRef"));
    };
    const auto subject = [&](std::string_view key) {
      const Element* x = d.find(b->ref(key));
      return x == nullptr ? nullptr : d.find(x->ref("itemSubjectRef"));
    };
    const auto same = [](const Element* a, const Element* c) {
      return a == c || (a != nullptr && c != nullptr && a->attr("structureRef") == c->attr("structureRef"));
    };
    if (operation == nullptr || !same(subject("inputDataRef"), item("inMessageRef")) || !same(subject("outputDataRef"), item("outMessageRef")))
      r.add("EXT065", e, "an ioBinding must bind one input and one output to an operation of the same items",
            "ioBinding 必须将一个输入和一个输出绑定到同类数据项的操作");
  }
}

}  // namespace

void check_activity_rules(const Document& d, Report& r) {
  for (const auto* e : d.elements()) {
    if (is_activity(*e)) {
      quantities(*e, r);
      loops(d, *e, r);
    }
    if (e->is_any({"subProcess", "transaction", "adHocSubProcess"})) sub_process(d, *e, r);
    if (e->is("callActivity")) call_activity(d, *e, r);
    if (e->is_any({"receiveTask", "scriptTask", "globalScriptTask"})) tasks(d, *e, r);
    if (e->is("process")) process(*e, r);
    if (e->is("process") || e->name.starts_with("global")) callable(d, *e, r);
    if (e->is_any({"performer", "humanPerformer", "potentialOwner", "resourceRole"})) resources(*e, r);
    collaboration(d, *e, r);
  }
}

}  // namespace jx::cases
