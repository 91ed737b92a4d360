// machine.hpp - one run of the step function: the state under change, and the effects so far.
//
// machine.cpp        the loop, leaving a node, gateways
// machine_work.cpp   activities, loops, scopes
// machine_event.cpp  waits, events, what they interrupt
// machine_undo.cpp   compensation, cancelling
// machine_back.cpp   a task sent back to an earlier one
// machine_data.cpp   variables, FEEL, data associations, timers
#pragma once
#include "step.hpp"

namespace jx::cases {

class Machine {
 public:
  Machine(const Definition& definition, State& state, Host& host) : d_(definition), s_(state), host_(host) {}
  [[nodiscard]] Result<> handle(const Event& event);
  void run();
  [[nodiscard]] std::vector<Effect> take_effects() && { return std::move(effects_); }

 private:
  // what is where
  [[nodiscard]] Token* token(Ref id);
  [[nodiscard]] Scope* scope(Ref id);
  [[nodiscard]] Wait* wait(Ref id);
  [[nodiscard]] const Node& node(Index index) const { return d_.nodes[index]; }
  Ref new_token(Index node, Ref scope, Resume resume);
  Ref new_scope(ScopeKind kind, Index node, Ref parent, Ref host);
  void make_ready(Ref token, Resume resume);
  void erase_token(Ref token);
  void effect(EffectKind kind, Ref wait, Index node) { effects_.push_back({kind, wait, node, {}, {}, {}, {}, {}, {}}); }
  void fault(Ref token, Resume resume, Words words);

  // machine.cpp
  [[nodiscard]] Result<> start(const Start& start);
  [[nodiscard]] Result<> completed(const Completed& event);
  [[nodiscard]] Result<> settle(const Settle& event);
  void advance(Ref token);
  void enter(Ref token);
  void leave(Ref token);
  void take(Ref token, const std::vector<Index>& flows, unsigned quantity);
  void choose_one(Ref token);
  void choose_some(Ref token);
  void fork(Ref token);
  void join_parallel(Ref token);
  [[nodiscard]] bool fire_joins();
  [[nodiscard]] bool inclusive_may_fire(Index gateway, Ref scope) const;
  void join_complex(Index gateway, Ref scope);
  void consume(Ref token);

  // machine_work.cpp
  void enter_activity(Ref token);
  void begin_body(Ref token);
  void run_body(Ref token);
  void run_script(Ref token);
  void run_decision(Ref token);
  void open_user_task(Ref token);
  void open_scope(Ref token, Index inner, ScopeKind kind);
  void begin_scope(Ref scope);
  void begin_ad_hoc(Ref scope);
  void body_done(Ref token, std::optional<Done> inner);
  void activity_done(Ref token);
  void begin_loop(Ref token);
  void begin_instance(Ref loop);
  void instance_done(Ref instance);
  void end_loop(Ref loop);
  void check_scope(Ref scope);
  void complete_scope(Ref scope);
  void ad_hoc_activity_done(Ref scope);

  // machine_event.cpp
  bool arm(Ref token, Ref scope, Index node);  // waits of a catching event, boundary event or start of an event sub-process; false: a fault
  void arm_event_sub_processes(Ref scope);
  void arm_added(const std::vector<Index>& added);
  void occurred(Ref wait);
  void boundary_occurred(const Wait& wait);
  void fire_boundary(Ref host, Index boundary);
  void trigger_event_sub_process(Ref scope, Index start);
  void throw_event(Ref token);
  void perform_throws(Ref token);
  void finish_throw(Ref token);
  void throw_one(Ref scope, const EventDef& def, Index node);
  void signal(std::string_view name, const Variables& variables, bool passes_on);
  [[nodiscard]] bool propagate(EventKind kind, std::string_view code, Ref scope);
  [[nodiscard]] bool propagate_from(EventKind kind, std::string_view code, Ref token);
  void throw_error(std::string_view code, Ref scope, Ref token);
  [[nodiscard]] Index catching_boundary(Index activity, EventKind kind, std::string_view code) const;
  [[nodiscard]] Index catching_start(Index scope_node, EventKind kind, std::string_view code) const;
  void check_conditions();
  void remove_wait(Ref wait);
  void remove_waits_of_token(Ref token);

  // machine_undo.cpp
  void end(Ending ending, std::string result);
  void cancel_inside(Ref token);  // what runs inside of an activity, and its waits
  void cancel_scope(Ref scope);   // with all in it
  void clear_scope(Ref scope);    // all in it, not itself
  void erase_scope(Ref scope);
  void terminate(Ref token);
  void cancel_transaction(Ref token);
  bool start_compensation(Ref token, const EventDef& def);  // whether the token waits for it
  void compensate_next(Ref compensation);
  void compensation_finished(Ref token);
  [[nodiscard]] Ref real_scope(Ref scope);  // the nearest one that is a process or sub-process, not a loop

  // machine_back.cpp
  [[nodiscard]] Result<> send_back(const SendBack& event);

  // machine_data.cpp
  [[nodiscard]] Result<rules::Value> eval(Index expression, Ref scope, std::span<const Variable> extra = {});
  [[nodiscard]] Result<bool> holds(Index expression, Ref scope, std::span<const Variable> extra = {});
  void set(Ref scope, std::string_view name, rules::Value value);
  void set_all(Ref scope, const Variables& variables);
  void declare(Ref scope, std::string_view name, rules::Value value);
  [[nodiscard]] Result<> copy_data(const std::vector<DataCopy>& copies, Ref scope);
  [[nodiscard]] Result<std::string> text_of(const TextOrExpr& text, Ref scope);
  [[nodiscard]] Result<> set_timer(const EventDef& def, Ref scope, Wait& wait);

  const Definition& d_;
  State& s_;
  Host& host_;
  std::vector<Effect> effects_;
  std::size_t entered_ = 0;
  bool changed_ = false;  // a variable, or a new condition to look at
};

}  // namespace jx::cases
