#include "bpmn_compile.hpp"

#include "form_merge.hpp"

#include "office_time.hpp"
#include "timeline.hpp"

#include <algorithm>
#include <charconv>

namespace jx::cases {
namespace {

struct KindName {
  std::string_view name;
  NodeKind kind;
};
constexpr KindName kind_names[] = {
    {"startEvent", NodeKind::start},
    {"endEvent", NodeKind::end},
    {"intermediateThrowEvent", NodeKind::throw_event},
    {"intermediateCatchEvent", NodeKind::catch_event},
    {"boundaryEvent", NodeKind::boundary},
    {"task", NodeKind::task},
    {"manualTask", NodeKind::manual_task},
    {"userTask", NodeKind::user_task},
    {"serviceTask", NodeKind::service_task},
    {"sendTask", NodeKind::send_task},
    {"receiveTask", NodeKind::receive_task},
    {"scriptTask", NodeKind::script_task},
    {"businessRuleTask", NodeKind::rule_task},
    {"exclusiveGateway", NodeKind::exclusive},
    {"parallelGateway", NodeKind::parallel},
    {"inclusiveGateway", NodeKind::inclusive},
    {"complexGateway", NodeKind::complex},
    {"eventBasedGateway", NodeKind::event_based},
    {"subProcess", NodeKind::sub_process},
    {"transaction", NodeKind::transaction},
    {"adHocSubProcess", NodeKind::ad_hoc},
    {"callActivity", NodeKind::call_activity},
    {"globalTask", NodeKind::task},
    {"globalManualTask", NodeKind::manual_task},
    {"globalUserTask", NodeKind::user_task},
    {"globalScriptTask", NodeKind::script_task},
    {"globalBusinessRuleTask", NodeKind::rule_task},
};

bool is_feel(std::string_view language) {
  std::string lower(language);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower.empty() || lower == "feel" || lower == "text/feel" || lower == "application/feel" || lower.find("/feel") != std::string::npos ||
         lower.find("spec/dmn") != std::string::npos;
}

std::uint16_t quantity(const Element& e, std::string_view key) {
  const auto text = e.attr(key);
  unsigned value = 1;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return static_cast<std::uint16_t>(std::clamp(value, 1U, 1000U));
}

const Element* extension(const Element& e, std::string_view name, std::size_t nth) {
  const Element* holder = e.child("extensionElements");
  if (holder == nullptr) return nullptr;
  for (const auto& x : holder->children) {
    if (x->space == Space::jx && x->name == name && nth-- == 0) return x.get();
  }
  return nullptr;
}

LocalizedText names_of(const Element& holder, std::string_view own, const std::string& language) {
  std::map<std::string, std::string> texts;
  if (!own.empty()) texts[language] = own;
  for (const auto& x : holder.children) {
    if (x->space == Space::jx && x->name == "name" && !x->text.empty()) texts[std::string(x->attr("lang"))] = x->text;
  }
  return LocalizedText(std::move(texts));
}

bool is_scope(const Element& e) { return e.is_any({"subProcess", "transaction", "adHocSubProcess"}); }

}  // namespace

Index Compiler::at(std::string_view id) const {
  const auto it = index_.find(id);
  return it == index_.end() ? no_index : it->second;
}

Index Compiler::node_of(const Element& element, Index parent) {
  if (out_.nodes.size() >= model_nodes_max) {
    report_.add("JX001", element, "the model has too many elements", "模型中的元素过多");
    return no_index;
  }
  const auto index = static_cast<Index>(out_.nodes.size());
  Node node;
  node.id = element.id();
  node.parent = parent;
  node.line = element.line;
  node.kind = element.is("process") ? NodeKind::process : NodeKind::task;
  for (const auto& [name, kind] : kind_names) {
    if (element.is(name)) node.kind = kind;
  }
  if (element.is("subProcess") && element.flag("triggeredByEvent", false)) node.kind = NodeKind::event_sub_process;
  out_.nodes.push_back(std::move(node));
  if (parent != no_index) out_.nodes[parent].children.push_back(index);
  index_[std::string(element.id())] = index;
  return index;
}

void Compiler::scope(const Document& document, const Element& element, Index self) {
  for (const auto& x : element.children) {
    if (is_flow_node(*x)) {
      const Index index = node_of(*x, self);
      if (index == no_index) return;
      if (is_scope(*x)) scope(document, *x, index);
    } else if (x->is("dataObject") || x->is("property")) {
      out_.nodes[self].declares.push_back(data_name(document, x->id()));
    } else if (x->is_any({"choreographyTask", "subChoreography", "callChoreography"})) {
      report_.add("JX002", *x, "choreographies are not executed", "不支持执行编排");
    }
  }
}

void Compiler::add(const Document& document, bool own) {
  index_.clear();
  if (document.root().has("xml:lang")) language_ = document.root().attr("xml:lang");
  if (const auto language = document.root().attr("expressionLanguage"); !is_feel(language))
    report_.add("JX003", document.root(), "the expression language is not FEEL: " + std::string(language),
                "表达式语言不是 FEEL：" + std::string(language));
  check_added_names(document, report_);
  for (const auto& x : document.root().children) {
    if (!x->is("process") && !(x->space == Space::bpmn && x->name.starts_with("global") && x->name.ends_with("Task"))) continue;
    if (x->is("process") && !x->flag("isExecutable", false)) continue;
    const Index index = node_of(*x, no_index);
    if (index == no_index) return;
    if (x->is("process")) {
      scope(document, *x, index);
      if (own) out_.processes.push_back(index);
    }
    callables_.emplace(x->id(), index);
  }
  for (const auto* e : document.elements()) {
    if (at(e->id()) != no_index && (is_flow_node(*e) || e->is("process") || e->name.starts_with("global"))) details(document, *e);
  }
  for (const auto* e : document.elements()) {
    if (e->is("sequenceFlow")) flow(*e);
    if (e->has("jx:other-than")) other_than(*e);
  }
  for (const auto* e : document.elements()) {
    if (e->is("boundaryEvent")) boundary(document, *e);
    if (e->is("intermediateThrowEvent")) links(document, *e);
    const Index self = at(e->id());
    if (self == no_index || !e->has("default")) continue;
    for (const Index f : out_.nodes[self].outgoing) {
      if (out_.flows[f].id == e->ref("default")) out_.nodes[self].default_flow = f;
    }
  }
}

void Compiler::details(const Document& document, const Element& e) {
  Node node = std::move(out_.nodes[at(e.id())]);
  node.name = names_of(e.child("extensionElements") == nullptr ? e : *e.child("extensionElements"), e.attr("name"), language_);
  node.interrupting = e.is("boundaryEvent") ? e.flag("cancelActivity", true) : e.flag("isInterrupting", true);
  node.parallel_multiple = e.flag("parallelMultiple", false);
  node.instantiate = e.flag("instantiate", false);
  node.parallel_start = e.attr("eventGatewayType") == "Parallel";
  node.for_compensation = e.flag("isForCompensation", false);
  node.ad_hoc_sequential = e.attr("ordering") == "Sequential";
  node.cancel_remaining = e.flag("cancelRemainingInstances", true);
  node.start_quantity = quantity(e, "startQuantity");
  node.completion_quantity = quantity(e, "completionQuantity");
  node.result = e.attr("jx:result");
  for (const auto* def : event_definitions(document, e)) node.events.push_back(event(document, *def));
  if (e.is("complexGateway")) node.condition = expression(e.child("activationCondition"));
  if (e.is("adHocSubProcess")) node.condition = expression(e.child("completionCondition"));
  loop_of(document, e, node);
  data_of(document, e, node);
  task_details(document, e, node);
  office_details(e, node);
  if (e.is("callActivity")) calls_.push_back({at(e.id()), std::string(e.ref("calledElement")), e.line});
  out_.nodes[at(e.id())] = std::move(node);
}

void Compiler::task_details(const Document& document, const Element& e, Node& node) {
  if (e.is_any({"scriptTask", "globalScriptTask"})) {
    const std::string_view format = e.is("scriptTask") ? e.attr("scriptFormat") : e.attr("scriptLanguage");
    const Element* script = e.child("script");
    if (script == nullptr) return;
    node.script = script->text;
    if (is_feel(format)) {
      node.condition = expression(*script, script->text);
    } else if (std::find(options_.script_formats.begin(), options_.script_formats.end(), format) != options_.script_formats.end()) {
      node.handler = format;
    } else {
      report_.add("JX004", e, "scripts are FEEL: scriptFormat '" + std::string(format) + "' is not run",
                  "脚本只支持 FEEL，不执行格式“" + std::string(format) + "”");
    }
  }
  if (e.is_any({"sendTask", "receiveTask"}) && (e.has("messageRef") || e.has("operationRef"))) {
    EventDef def;
    const Element* operation = document.find(e.ref("operationRef"));
    const Element* message = document.find(e.has("messageRef")    ? e.ref("messageRef")
                                           : operation == nullptr ? std::string_view{}
                                                                  : operation->child_ref("inMessageRef"));
    if (message == nullptr || !message->is("message"))
      report_.add("REF", e, "messageRef must name a message", "messageRef 必须引用消息");
    else
      def.name = message->attr("name").empty() ? message->id() : message->attr("name");
    def.correlation = e.has("jx:correlation") ? expression(e, e.attr("jx:correlation")) : no_index;
    node.events.push_back(std::move(def));
  }
  if (e.is_any({"serviceTask", "sendTask"})) {
    node.handler = e.attr("jx:handler");
    if (!node.handler.empty() && options_.has_handler && !options_.has_handler(node.handler))
      report_.add("JX005", e, "no service handler is called '" + node.handler + "'", "没有名为“" + node.handler + "”的服务处理器");
    for (std::size_t i = 0; const auto* x = extension(e, "parameter", i); ++i)
      node.parameters.push_back({std::string(x->attr("name")), expression(*x, x->text)});
  }
  if (e.is_any({"businessRuleTask", "globalBusinessRuleTask"})) {
    node.handler = e.attr("jx:decision");
    if (!node.handler.empty() && options_.has_decision && !options_.has_decision(node.handler))
      report_.add("JX006", e, "there is no decision '" + node.handler + "'", "没有决策“" + node.handler + "”");
  }
}

void Compiler::office_details(const Element& e, Node& node) {
  for (const auto& form : forms_of(e.attr("jx:form"))) node.form += (node.form.empty() ? "" : " ") + form;
  node.term = e.attr("jx:term");
  if (!node.form.empty() && options_.has_form && !options_.has_form(node.form))
    report_.add("JX007", e, "there is no form '" + node.form + "'", "没有表单“" + node.form + "”");
  if (const auto term = parse_duration(node.term); !node.term.empty() && (!term || !term->is_term))
    report_.add("JX008", e, "jx:term is a number of working days or days, such as \"10 WD\" or \"30 D\"",
                "jx:term 应为工作日或日历日数，如“10 WD”“30 D”");
  node.yellow = e.attr("jx:yellow");
  const auto yellow = parse_duration(node.yellow);
  if (!node.yellow.empty() && (!yellow || !yellow->is_term || yellow->days > 0 || node.term.empty()))
    report_.add("JX015", e, "jx:yellow is a number of working days, such as \"2 WD\", beside a jx:term",
                "jx:yellow 应为工作日数，如“2 WD”，并须与 jx:term 同时使用");
  if (node.kind != NodeKind::user_task) return;
  clock_details(e, node);
  node.unit = text_or_expression(e, "jx:unit");
  node.post = text_or_expression(e, "jx:post");
  node.role = text_or_expression(e, "jx:role");
  node.escalation = e.attr("jx:escalation");
  for (std::size_t i = 0; const auto* x = extension(e, "outcome", i); ++i) {
    const bool reason = x->flag("reason", false);
    OutcomeDef outcome{std::string(x->attr("key")), names_of(*x, "", language_), reason, x->flag("approving", !reason)};
    if (!check_key(outcome.key))
      report_.add("JX009", e, "an outcome needs a key of small letters and digits", "结果选项必须有由小写字母和数字组成的 key");
    node.outcomes.push_back(std::move(outcome));
  }
}

/// What a user task does to the clock of the whole case.
void Compiler::clock_details(const Element& e, Node& node) {
  node.case_term = e.attr("jx:case-term");
  const auto term = parse_duration(node.case_term.starts_with('+') ? std::string_view(node.case_term).substr(1) : node.case_term);
  if (!node.case_term.empty() && (!term || !term->is_term))
    report_.add("JX021", e, "jx:case-term is a term of the case, such as \"10 WD\", or what is added to it, such as \"+10 WD\"",
                "jx:case-term 应为整个办件的期限，如“10 WD”，或延长的期限，如“+10 WD”");
  node.stands_for = e.attr("jx:clock-stands");
  node.stands_law = e.attr("jx:clock-law");
  if (node.stands_for.empty() != node.stands_law.empty() || (!node.stands_for.empty() && !is_standing_reason(node.stands_for)))
    report_.add("JX022", e, "jx:clock-stands is supplement, payment, hearing, expert-review, force-majeure or other, with the law in jx:clock-law",
                "jx:clock-stands 应为 supplement、payment、hearing、expert-review、force-majeure 或 other，并在 jx:clock-law 中写明依据");
}

/// The four-eyes rule: ids of user tasks, apart by spaces or commas.
void Compiler::other_than(const Element& e) {
  const Index self = at(e.id());
  if (self == no_index || out_.nodes[self].kind != NodeKind::user_task) return;  // JX016
  std::string_view rest = e.attr("jx:other-than");
  while (!rest.empty()) {
    const auto end = rest.find_first_of(" ,\t\r\n");
    const auto id = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (id.empty()) continue;
    const Index other = at(id);
    if (other == no_index || other == self || out_.nodes[other].kind != NodeKind::user_task)
      report_.add("JX020", e, "jx:other-than names no other user task: '" + std::string(id) + "'",
                  "jx:other-than 未指向另一个用户任务：“" + std::string(id) + "”");
    else
      out_.nodes[self].other_than.push_back(other);
  }
}

void Compiler::loop_of(const Document& document, const Element& e, Node& node) {
  const Element* standard = e.child("standardLoopCharacteristics");
  const Element* multi = e.child("multiInstanceLoopCharacteristics");
  if (standard == nullptr && multi == nullptr) return;
  Loop loop;
  if (standard != nullptr) {
    loop.test_before = standard->flag("testBefore", false);
    loop.condition = expression(standard->child("loopCondition"));
    const auto text = standard->attr("loopMaximum");
    std::from_chars(text.data(), text.data() + text.size(), loop.maximum);
  } else {
    loop.multi_instance = true;
    loop.sequential = multi->flag("isSequential", false);
    loop.condition = expression(multi->child("completionCondition"));
    loop.cardinality = expression(multi->child("loopCardinality"));
    if (const auto ref = multi->child_ref("loopDataInputRef"); !ref.empty()) loop.collection = data_name(document, ref);
    if (const auto ref = multi->child_ref("loopDataOutputRef"); !ref.empty()) loop.output_collection = data_name(document, ref);
    if (const auto* item = multi->child("inputDataItem")) loop.input_item = item->has("name") ? item->attr("name") : item->id();
    if (const auto* item = multi->child("outputDataItem")) loop.output_item = item->has("name") ? item->attr("name") : item->id();
    const auto behavior = multi->attr("behavior");
    loop.behavior = behavior == "None"      ? Behavior::none
                    : behavior == "One"     ? Behavior::one
                    : behavior == "Complex" ? Behavior::complex
                                            : Behavior::all;
    const auto ref = loop.behavior == Behavior::none ? multi->ref("noneBehaviorEventRef") : multi->ref("oneBehaviorEventRef");
    if (const Element* def = document.find(ref); def != nullptr && (loop.behavior == Behavior::none || loop.behavior == Behavior::one))
      loop.event = event(document, *def);
    for (const auto* x : multi->all("complexBehaviorDefinition")) {
      ComplexEvent complex;
      complex.condition = expression(x->child("condition"));
      const Element* thrown = x->child("event");
      const auto defs = thrown == nullptr ? std::vector<const Element*>{} : event_definitions(document, *thrown);
      if (defs.size() != 1) continue;
      complex.event = event(document, *defs.front());
      loop.complex.push_back(std::move(complex));
    }
  }
  node.loop = static_cast<Index>(out_.loops.size());
  out_.loops.push_back(std::move(loop));
}

void Compiler::data_of(const Document& document, const Element& e, Node& node) {
  for (const auto& x : e.children) {
    const bool input = x->is("dataInputAssociation");
    if (!input && !x->is("dataOutputAssociation")) continue;
    DataCopy copy;
    for (const auto* s : x->all("sourceRef")) copy.sources.push_back(data_name(document, without_prefix(s->text)));
    copy.target = data_name(document, x->child_ref("targetRef"));
    copy.transformation = expression(x->child("transformation"));
    for (const auto* a : x->all("assignment")) {
      const Element* from = a->child("from");
      const Element* to = a->child("to");
      if (from != nullptr && to != nullptr) copy.assignments.push_back({expression(from), data_name(document, to->text)});
    }
    (input ? node.inputs : node.outputs).push_back(std::move(copy));
  }
}

std::string Compiler::data_name(const Document& document, std::string_view id) const {
  const Element* e = document.find(id);
  if (e != nullptr && e->is("dataObjectReference")) e = document.find(e->ref("dataObjectRef"));
  if (e != nullptr && e->is("dataStoreReference")) e = document.find(e->ref("dataStoreRef"));
  if (e == nullptr) return std::string(id);
  return std::string(e->attr("name").empty() ? e->id() : e->attr("name"));
}

void Compiler::flow(const Element& e) {
  const Index source = at(e.ref("sourceRef"));
  const Index target = at(e.ref("targetRef"));
  if (source == no_index || target == no_index) return;
  const auto index = static_cast<Index>(out_.flows.size());
  out_.flows.push_back({std::string(e.id()), source, target, expression(e.child("conditionExpression"))});
  out_.nodes[source].outgoing.push_back(index);
  out_.nodes[target].incoming.push_back(index);
}

void Compiler::boundary(const Document& document, const Element& e) {
  const Index self = at(e.id());
  const Index host = at(e.ref("attachedToRef"));
  if (self == no_index || host == no_index) return;
  out_.nodes[self].attached_to = host;
  if (!has_event(document, e, "compensateEventDefinition")) return out_.nodes[host].boundaries.push_back(self);
  for (const auto* a : document.elements()) {
    if (a->is("association") && a->ref("sourceRef") == e.id()) out_.nodes[host].compensator = at(a->ref("targetRef"));
  }
}

void Compiler::links(const Document& document, const Element& e) {
  const Index self = at(e.id());
  if (self == no_index) return;
  for (const auto* def : event_definitions(document, e)) {
    if (!def->is("linkEventDefinition")) continue;
    const Element* target = document.find(def->child_ref("target"));
    if (target != nullptr && target->parent != nullptr) out_.nodes[self].link_target = at(target->parent->id());
    if (out_.nodes[self].link_target != no_index) continue;
    for (const Index sibling : out_.nodes[out_.nodes[self].parent].children) {
      const Node& other = out_.nodes[sibling];
      const bool catches = other.kind == NodeKind::catch_event && !other.events.empty() && other.events[0].kind == EventKind::link;
      if (catches && other.events[0].name == def->attr("name")) out_.nodes[self].link_target = sibling;
    }
  }
}

EventDef Compiler::event(const Document& document, const Element& e) {
  EventDef def;
  const auto named = [&](std::string_view ref) {
    const Element* x = document.find(e.ref(ref));
    return x == nullptr ? std::string() : std::string(x->attr("name").empty() ? x->id() : x->attr("name"));
  };
  const auto coded = [&](std::string_view ref, std::string_view code) {
    const Element* x = document.find(e.ref(ref));
    return x == nullptr ? std::string() : std::string(x->attr(code).empty() ? x->id() : x->attr(code));
  };
  if (e.is("messageEventDefinition")) {
    def.kind = EventKind::message;
    def.name = named("messageRef");
    def.correlation = e.has("jx:correlation") ? expression(e, e.attr("jx:correlation")) : no_index;
  } else if (e.is("timerEventDefinition")) {
    def.kind = EventKind::timer;
    timer(e, def);
  } else if (e.is("signalEventDefinition")) {
    def.kind = EventKind::signal;
    def.name = named("signalRef");
  } else if (e.is("errorEventDefinition")) {
    def.kind = EventKind::error;
    def.name = coded("errorRef", "errorCode");
  } else if (e.is("escalationEventDefinition")) {
    def.kind = EventKind::escalation;
    def.name = coded("escalationRef", "escalationCode");
  } else if (e.is("conditionalEventDefinition")) {
    def.kind = EventKind::conditional;
    def.condition = expression(e.child("condition"));
  } else if (e.is("compensateEventDefinition")) {
    def.kind = EventKind::compensation;
    def.activity = at(e.ref("activityRef"));
    def.wait_for_completion = e.flag("waitForCompletion", true);
    if (e.has("activityRef") && def.activity == no_index) report_.add("REF", e, "activityRef must name an activity", "activityRef 必须引用活动");
  } else if (e.is("terminateEventDefinition")) {
    def.kind = EventKind::terminate;
  } else if (e.is("cancelEventDefinition")) {
    def.kind = EventKind::cancel;
  } else if (e.is("linkEventDefinition")) {
    def.kind = EventKind::link;
    def.name = e.attr("name");
  } else {
    report_.add("JX012", e, "this event definition is not known: " + e.name, "未知的事件定义：" + e.name);
  }
  return def;
}

void Compiler::timer(const Element& e, EventDef& def) {
  const Element* text = nullptr;
  for (const auto& [name, kind] : {std::pair{"timeDate", TimerKind::date}, {"timeDuration", TimerKind::duration}, {"timeCycle", TimerKind::cycle}}) {
    if (const Element* x = e.child(name)) {
      text = x;
      def.timer = kind;
    }
  }
  if (text == nullptr || text->text.empty()) return;
  const std::string& written = text->text;
  const bool plain = def.timer == TimerKind::date       ? parse_date(written, "UTC").has_value()
                     : def.timer == TimerKind::duration ? parse_duration(written).has_value()
                                                        : parse_cycle(written).has_value();
  if (plain)
    def.when.text = written;
  else
    def.when.expr = expression(*text, written);
}

Index Compiler::expression(const Element* element) {
  return element == nullptr || element->text.empty() ? no_index : expression(*element, element->text);
}

Index Compiler::expression(const Element& element, std::string_view text) {
  if (!is_feel(element.attr("language"))) {
    report_.add("JX003", element, "the expression language is not FEEL: " + std::string(element.attr("language")), "表达式语言不是 FEEL");
    return no_index;
  }
  if (text.starts_with('=')) text.remove_prefix(1);
  auto compiled = rules::Expression::compile(text, rules::Scope::any());
  if (!compiled) {
    report_.add("JX013", element, "not FEEL: " + compiled.error().message.en, "不是 FEEL：" + compiled.error().message.in("zh"));
    return no_index;
  }
  if (out_.exprs.size() >= no_index) return no_index;
  out_.exprs.push_back({std::move(*compiled), std::string(text), element.line});
  return static_cast<Index>(out_.exprs.size() - 1);
}

TextOrExpr Compiler::text_or_expression(const Element& e, std::string_view key) {
  const auto text = e.attr(key);
  if (text.starts_with('=')) return {"", expression(e, text)};
  if (!text.empty() && !check_key(text))
    report_.add("JX014", e, std::string(key) + " must be a key, or FEEL after `=`", std::string(key) + " 必须是标识，或以“=”开头的 FEEL");
  return {std::string(text), no_index};
}

}  // namespace jx::cases
