// definition.hpp - a compiled model: immutable, flat, addressed by small indexes, so that a state of a case can name everything in two octets.
#pragma once
#include <jx/cases/model.hpp>
#include <jx/core.hpp>
#include <jx/rules.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace jx::cases {

using Index = std::uint16_t;
inline constexpr Index no_index = 0xffff;

enum class NodeKind : std::uint8_t {
  process,
  start,
  end,
  throw_event,
  catch_event,
  boundary,
  task,
  manual_task,
  user_task,
  service_task,
  send_task,
  receive_task,
  script_task,
  rule_task,
  exclusive,
  parallel,
  inclusive,
  complex,
  event_based,
  sub_process,
  event_sub_process,
  transaction,
  ad_hoc,
  call_activity,
};

enum class EventKind : std::uint8_t { message, timer, signal, error, escalation, conditional, compensation, terminate, cancel, link };

enum class Behavior : std::uint8_t { none, one, all, complex };

/// An expression of a model: compiled FEEL, with the names it reads.
struct Expr {
  rules::Expression program;
  std::string text;
  int line = 1;
};

/// A text of a model, or FEEL after `=`.
struct TextOrExpr {
  std::string text;
  Index expr = no_index;
  [[nodiscard]] bool empty() const { return text.empty() && expr == no_index; }
};

enum class TimerKind : std::uint8_t { date, duration, cycle };

struct EventDef {
  EventKind kind = EventKind::message;
  std::string name;  // of the message or signal; the code of the error or escalation ("" catches every one)
  TimerKind timer = TimerKind::duration;
  TextOrExpr when;               // timer
  Index condition = no_index;    // expression of a conditional event
  Index correlation = no_index;  // expression of a message: jx:correlation
  Index activity = no_index;     // compensation: what to compensate; none: all of the scope
  bool wait_for_completion = true;
};

/// Copies values when an activity begins or ends.
struct DataCopy {
  std::vector<std::string> sources;
  std::string target;
  Index transformation = no_index;
  struct Assignment {
    Index from;
    std::string to;
  };
  std::vector<Assignment> assignments;
};

struct ComplexEvent {
  Index condition = no_index;
  EventDef event;
};

struct Loop {
  bool multi_instance = false;
  bool sequential = false;
  bool test_before = false;
  std::int64_t maximum = -1;   // of a standard loop; -1: none
  Index condition = no_index;  // loopCondition, or completionCondition
  Index cardinality = no_index;
  std::string collection;  // variable of loopDataInputRef
  std::string input_item;
  std::string output_collection;  // variable of loopDataOutputRef
  std::string output_item;
  Behavior behavior = Behavior::all;
  std::optional<EventDef> event;  // of behaviours one and none
  std::vector<ComplexEvent> complex;
};

struct OutcomeDef {
  std::string key;
  LocalizedText name;
  bool needs_reason = false;
  bool approving = false;
};

struct Parameter {
  std::string name;
  Index expr = no_index;
};

struct Flow {
  std::string id;
  Index source = no_index;
  Index target = no_index;
  Index condition = no_index;
};

struct Node {
  std::string id;
  NodeKind kind = NodeKind::task;
  Index parent = no_index;  // the node of the scope it stands in
  int line = 1;
  LocalizedText name;
  std::vector<Index> outgoing;  // flows
  std::vector<Index> incoming;
  std::vector<Index> children;    // of a scope: its nodes
  std::vector<Index> boundaries;  // of an activity: boundary events with a trigger that waits or is thrown
  std::vector<EventDef> events;
  Index default_flow = no_index;
  Index attached_to = no_index;  // boundary
  Index compensator = no_index;  // of an activity: the handler of its compensation boundary event
  Index link_target = no_index;  // of a throwing link event
  Index called = no_index;       // of a call activity: process or global task
  Index loop = no_index;
  bool interrupting = true;  // start of an event sub-process; boundary (cancelActivity)
  bool parallel_multiple = false;
  bool instantiate = false;
  bool parallel_start = false;  // event-based gateway of type Parallel
  bool for_compensation = false;
  bool ad_hoc_sequential = false;
  bool cancel_remaining = true;
  bool compensates = false;  // of a scope: something in it can be compensated, so that it is kept when it ends
  std::uint16_t start_quantity = 1;
  std::uint16_t completion_quantity = 1;
  Index condition = no_index;         // activationCondition, ad-hoc completionCondition, FEEL of a script task
  std::vector<std::string> declares;  // of a scope: its data objects and properties
  std::vector<DataCopy> inputs, outputs;
  // what people and services need
  TextOrExpr unit, post, role;
  std::string form;
  std::string term;        // "10 WD", "30 D"
  std::string case_term;   // of a user task: "10 WD" - the case has this term from the day on which it is opened; "+10 WD" - so much more
  std::string stands_for;  // of a user task: while it is open the clock of the case stands, for this reason (that of a pause)
  std::string stands_law;  // by this law
  std::string yellow;      // "2 WD": so many working days before the last one the term is yellow; empty: a fifth of it
  std::string escalation;  // the post that is told when the task is late; empty: the head of its unit
  std::string result;      // variable for the result; of an end event: how the case ended
  std::string handler;     // of a service; the decision of a business rule task; the format of a script
  std::string script;
  std::vector<OutcomeDef> outcomes;
  std::vector<Index> other_than;  // user tasks: whoever did one of them does not do this one
  std::vector<Parameter> parameters;
};

/// For an inclusive (or complex) gateway: from which nodes each incoming flow can still be reached without passing the gateway.
struct Reach {
  std::vector<std::vector<std::uint64_t>> bits;  // [incoming flow][node / 64]
  [[nodiscard]] bool has(std::size_t incoming, Index node) const { return (bits[incoming][node / 64] >> (node % 64) & 1) != 0; }
};

struct Definition {
  crypto::Digest hash{};
  std::vector<Node> nodes;
  std::vector<Flow> flows;
  std::vector<Loop> loops;
  std::vector<Expr> exprs;
  std::vector<Index> processes;                // executable ones of the file itself
  std::vector<std::pair<Index, Reach>> reach;  // by gateway, sorted

  [[nodiscard]] const Node& node(Index index) const { return nodes[index]; }
  [[nodiscard]] const Reach* reach_of(Index gateway) const;
  [[nodiscard]] Index find(std::string_view id) const;  // none if there is no such node
};

/// A start of a process that waits for something: a message, signal, timer or condition start event, an instantiating receive task or gateway.
struct StartTrigger {
  Index process = no_index;
  Index node = no_index;    // the start event, the receive task, or the catching event behind the gateway
  std::uint16_t event = 0;  // into the node's events
  Index gateway = no_index;
};
[[nodiscard]] std::vector<StartTrigger> start_triggers(const Definition& definition);
/// Whether open() can start the process: it has a none start event, or no start event and a node without incoming flow.
[[nodiscard]] bool starts_plainly(const Definition& definition, Index process);

[[nodiscard]] constexpr bool is_activity(NodeKind kind) {
  return (kind >= NodeKind::task && kind <= NodeKind::rule_task) || kind == NodeKind::sub_process || kind == NodeKind::transaction ||
         kind == NodeKind::ad_hoc || kind == NodeKind::call_activity;
}
[[nodiscard]] constexpr bool is_gateway(NodeKind kind) { return kind >= NodeKind::exclusive && kind <= NodeKind::event_based; }

}  // namespace jx::cases
