#include "bpmn_rules.hpp"

#include <algorithm>
#include <initializer_list>

namespace jx::cases {
namespace {

using Names = std::initializer_list<std::string_view>;

/// Where an expression must be formal: BPMN 2.0, 10.3.8 and 14.1.2. Elements whose type is already tFormalExpression are not among them.
bool is_expression(const Element& e) {
  if (e.parent == nullptr) return false;
  const Element& p = *e.parent;
  return (e.is("completionCondition") && p.is_any({"adHocSubProcess", "multiInstanceLoopCharacteristics"})) ||
         (e.is_any({"from", "to"}) && p.is("assignment")) || (e.is("activationCondition") && p.is("complexGateway")) ||
         (e.is("loopCardinality") && p.is("multiInstanceLoopCharacteristics")) || e.is("conditionExpression") ||
         (e.is("loopCondition") && p.is("standardLoopCharacteristics")) ||
         (e.is_any({"timeDate", "timeDuration", "timeCycle"}) && p.is("timerEventDefinition"));
}

bool is_uri(std::string_view text) {
  if (text.empty() || text.find(':') == std::string_view::npos) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool hex = i + 2 < text.size() && std::isxdigit(static_cast<unsigned char>(text[i + 1])) != 0 &&
                     std::isxdigit(static_cast<unsigned char>(text[i + 2])) != 0;
    if (c == '%' && !hex) return false;
    if (static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7f ||
        std::string_view("<>\"{}|\\^`").find(c) != std::string_view::npos)
      return false;
  }
  return true;
}

void expressions(const Document& d, Report& r) {
  for (const std::string_view key : {"expressionLanguage", "typeLanguage"}) {
    if (d.root().has(key) && !is_uri(d.root().attr(key)))
      r.add("EXT014", d.root(), "the language of expressions must be a URI", "表达式语言必须是 URI");
  }
  for (const auto* e : d.elements()) {
    const bool formal = e->attr("xsi:type") == "tFormalExpression";
    if (is_expression(*e) && !formal && is_executable(*e))
      r.add("EXT012", *e->parent, "an executable process needs formal expressions: " + e->name + " has no xsi:type=\"tFormalExpression\"",
            "可执行流程必须使用形式表达式：" + e->name + " 没有 xsi:type=\"tFormalExpression\"");
    const bool always_formal = e->is_any({"dataPath", "messagePath", "transformation", "formalExpression"}) ||
                               (e->is("condition") && e->parent != nullptr && e->parent->is("complexBehaviorDefinition"));
    if ((formal || always_formal) && e->text.empty()) r.add("EXT013", *e, "a formal expression must have a body", "形式表达式不得为空");
    if (e->has("language") && !is_uri(e->attr("language")))
      r.add("EXT014", *e, "the language of an expression must be a URI", "表达式语言必须是 URI");
  }
}

void collections(const Document& d, const Element& e, Report& r) {
  const Element* item = d.find(e.ref("itemSubjectRef"));
  if (item == nullptr || !item->is("itemDefinition") || item->flag("isCollection", false) == e.flag("isCollection", false)) return;
  r.add("EXT020", e, "isCollection must match the item definition", "isCollection 必须与数据项定义一致");
  if (e.is("dataObject"))
    r.add("EXT077", e, "isCollection of a data object must match its item definition", "数据对象的 isCollection 必须与数据项定义一致");
  if (e.is("dataInput"))
    r.add("EXT081", e, "isCollection of a data input must match its item definition", "数据输入的 isCollection 必须与数据项定义一致");
  if (e.is("dataOutput"))
    r.add("EXT083", e, "isCollection of a data output must match its item definition", "数据输出的 isCollection 必须与数据项定义一致");
}

bool lists(const Element& set, std::string_view what, std::string_view id) {
  const auto refs = set.all(what);
  return std::any_of(refs.begin(), refs.end(), [&](const Element* x) { return without_prefix(x->text) == id; });
}

void sets(const Document& d, const Element& io, Report& r) {
  const auto in_some = [&](std::string_view set, std::string_view refs, const Element* data) {
    const auto all = io.all(set);
    return std::any_of(all.begin(), all.end(), [&](const Element* s) { return lists(*s, refs, data->id()); });
  };
  for (const auto* x : io.all("dataInput")) {
    if (!in_some("inputSet", "dataInputRefs", x)) r.add("EXT084", *x, "a data input must be in an input set", "数据输入必须属于某个 inputSet");
  }
  for (const auto* x : io.all("dataOutput")) {
    if (!in_some("outputSet", "dataOutputRefs", x)) r.add("EXT088", *x, "a data output must be in an output set", "数据输出必须属于某个 outputSet");
  }
  struct Kind {
    std::string_view set, refs, optional, while_executing, other, back, optional_rule, while_rule;
  };
  for (const Kind& k :
       {Kind{"inputSet", "dataInputRefs", "optionalInputRefs", "whileExecutingInputRefs", "outputSetRefs", "inputSetRefs", "EXT085", "EXT086"},
        Kind{"outputSet", "dataOutputRefs", "optionalOutputRefs", "whileExecutingOutputRefs", "inputSetRefs", "outputSetRefs", "EXT089", "EXT090"}}) {
    for (const auto* set : io.all(k.set)) {
      for (const auto* x : set->all(k.optional)) {
        if (!lists(*set, k.refs, without_prefix(x->text)))
          r.add(k.optional_rule, *set, "what is optional must be listed in the set", "可选项必须列于该集合");
      }
      for (const auto* x : set->all(k.while_executing)) {
        if (!lists(*set, k.refs, without_prefix(x->text)))
          r.add(k.while_rule, *set, "what is used while executing must be listed in the set", "执行中使用项必须列于该集合");
      }
      for (const auto* x : set->all(k.other)) {
        const Element* other = d.find(without_prefix(x->text));
        if (other == nullptr || !lists(*other, k.back, set->id()))
          r.add("EXT087", *set, "input and output sets must refer to one another", "输入集与输出集必须互相引用");
      }
    }
  }
}

/// The item definition of something that holds data: its own, or that of the data object or store that it refers to.
const Element* item_of(const Document& d, const Element* e) {
  if (e == nullptr) return nullptr;
  if (e->is("dataObjectReference") && !e->has("itemSubjectRef"))
    e = d.find(e->ref("dataObjectRef"));
  else if (e->is("dataStoreReference") && !e->has("itemSubjectRef"))
    e = d.find(e->ref("dataStoreRef"));
  return e == nullptr ? nullptr : d.find(e->ref("itemSubjectRef"));
}

void association(const Document& d, const Element& e, Report& r) {
  const Element* source = d.find(e.child_ref("sourceRef"));
  const Element* target = d.find(e.child_ref("targetRef"));
  if (e.child("transformation") == nullptr) {
    if (e.count("sourceRef") > 1)
      r.add("EXT092", e, "without a transformation a data association has a single source", "没有 transformation 的数据关联只能有一个来源");
    const Element* a = item_of(d, source);
    const Element* b = item_of(d, target);
    if (a != nullptr && b != nullptr && a != b && !(a->has("structureRef") && a->attr("structureRef") == b->attr("structureRef")))
      r.add("EXT091", e, "source and target of a data association must have the same item definition, or a transformation",
            "数据关联两端的数据项定义必须一致，或有 transformation");
  }
  const auto of_process = [&](const Element* x, std::string_view kind) {
    return x != nullptr && x->is(kind) && x->parent != nullptr && x->parent->is("ioSpecification") && x->parent->parent->is("process");
  };
  if (of_process(target, "dataInput"))
    r.add("EXT080", e, "a data input of a process must not be the target of a data association", "流程的数据输入不得作为数据关联的目标");
  if (of_process(source, "dataOutput"))
    r.add("EXT082", e, "a data output of a process must not be the source of a data association", "流程的数据输出不得作为数据关联的来源");
}

bool same_item(const Document& d, std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return false;
  if (a == b) return true;
  const Element* one = d.find(a);
  const Element* other = d.find(b);
  return one != nullptr && other != nullptr && one->has("structureRef") && one->attr("structureRef") == other->attr("structureRef");
}

std::string_view message_item(const Document& d, std::string_view message) {
  const Element* e = d.find(message);
  return e == nullptr ? std::string_view{} : e->ref("itemRef");
}

void service_task(const Document& d, const Element& e, Report& r) {
  if (!e.has("operationRef")) return;
  const Element* operation = d.find(e.ref("operationRef"));
  const Element* io = e.child("ioSpecification");
  if (io == nullptr || io->count("inputSet") != 1)
    r.add("EXT042", e, "a service task with an operation has exactly one input set", "引用操作的服务任务必须有且仅有一个 inputSet");
  if (io != nullptr && io->count("outputSet") > 1)
    r.add("EXT043", e, "a service task with an operation has at most one output set", "引用操作的服务任务最多有一个 outputSet");
  if (operation == nullptr) return;
  const Element* input = io == nullptr ? nullptr : io->child("dataInput");
  if (input != nullptr && !same_item(d, input->ref("itemSubjectRef"), message_item(d, operation->child_ref("inMessageRef"))))
    r.add("EXT044", e, "the data input must have the item of the operation's inMessage", "数据输入的数据项须与操作的 inMessage 一致");
  const Element* output = io == nullptr ? nullptr : io->child("dataOutput");
  if (operation->child("outMessageRef") != nullptr &&
      (output == nullptr || !same_item(d, output->ref("itemSubjectRef"), message_item(d, operation->child_ref("outMessageRef")))))
    r.add("EXT045", e, "the data output must have the item of the operation's outMessage", "数据输出的数据项须与操作的 outMessage 一致");
}

void message_task(const Document& d, const Element& e, bool sends, Report& r) {
  const Element* io = e.child("ioSpecification");
  if (io == nullptr) return;
  const std::string_view data = sends ? "dataInput" : "dataOutput";
  if (e.has("messageRef")) {
    if (io->count(sends ? "inputSet" : "outputSet") > 1)
      r.add(sends ? "EXT046" : "EXT050", e, "a task with a message has at most one set", "引用消息的任务最多有一个数据集");
    if (io->count(data) > 1)
      r.add(sends ? "EXT047" : "EXT051", e, "a task with a message has at most one data item", "引用消息的任务最多有一个数据项");
  }
  if (const Element* x = io->child(data); x != nullptr && !same_item(d, x->ref("itemSubjectRef"), message_item(d, e.ref("messageRef"))))
    r.add(sends ? "EXT048" : "EXT052", e, "the data of the task must have the item of its message", "任务数据的数据项须与消息一致");
}

void named_object(const Document& d, const Element& e, Report& r) {
  const Element* object = d.find(e.ref("dataObjectRef"));
  if (object == nullptr) return r.add("REF", e, "a data object reference must name a data object", "数据对象引用的对象不存在");
  const Element* state = e.child("dataState");
  if (state == nullptr || state->attr("name").empty() || object->attr("name").empty() || !e.has("name")) return;
  if (e.attr("name") != std::string(object->attr("name")) + " [" + std::string(state->attr("name")) + "]")
    r.add("EXT076", e, "the name of a data object reference with a state is `object [state]`", "带状态的数据对象引用应命名为“对象 [状态]”");
}

}  // namespace

void check_data_rules(const Document& d, Report& r) {
  expressions(d, r);
  for (const auto* e : d.elements()) {
    if (e->is_any({"dataObject", "dataInput", "dataOutput"})) collections(d, *e, r);
    if (e->is("ioSpecification")) sets(d, *e, r);
    if (e->is_any({"dataInputAssociation", "dataOutputAssociation"})) association(d, *e, r);
    if (e->is("serviceTask")) service_task(d, *e, r);
    if (e->is("sendTask")) message_task(d, *e, true, r);
    if (e->is("receiveTask")) message_task(d, *e, false, r);
    if (e->is("dataObjectReference")) named_object(d, *e, r);
    if (e->is("property") && e->parent != nullptr && !e->parent->is_any({"process", "globalTask"}) && !is_activity(*e->parent) &&
        !is_event(*e->parent))
      r.add("EXT078", *e, "properties may be defined only inside of processes, activities and events", "属性只能定义于流程、活动和事件内");
  }
}

}  // namespace jx::cases
