// step.hpp - the heart of the engine: (definition, state, event) -> new state and effects. No SQL, no clock, no randomness of its own.
#pragma once
#include "office_time.hpp"
#include "state.hpp"

#include <span>
#include <string>
#include <variant>
#include <vector>

namespace jx::cases {

/// What a script of another format than FEEL did, and what a decision said.
struct HostAnswer {
  Variables variables;
  std::string error_code;       // a BPMN error was thrown
  std::optional<Micros> takes;  // the task completes so much later
};

/// What a step asks for while it runs. Pure: the same question has the same answer within an act.
class Host : public OfficeClock {
 public:
  virtual Result<rules::Value> decide(std::string_view decision, const Variables& inputs) = 0;
  virtual Result<HostAnswer> script(std::string_view format, std::string_view text, const Variables& variables) = 0;
};

/// Begins a case. `node` is the start event, receive task or catching event that was triggered; none: a plain start.
struct Start {
  Index process = no_index;
  Index node = no_index;
  Index gateway = no_index;  // the instantiating gateway before `node`
  Variables variables;
};
/// A task or job is done, or has thrown a BPMN error. `result` becomes the variable named by jx:result where it is not null.
struct Completed {
  Ref wait = 0;
  rules::Value result;
  Variables variables;
  std::string error_code;
};
/// A timer is due; a message came.
struct Occurred {
  Ref wait = 0;
  Variables variables;
};
struct SignalCame {
  std::string name;
  Variables variables;
  bool passes_on = true;  // whether other cases are told (an effect)
};
/// Goes on where elements_per_act_max stopped.
struct Continue {};
/// Runs a failed token again.
struct Retry {
  Ref token = 0;
  Variables variables;
};
/// Takes a failed activity for done, as people say.
struct Settle {
  Ref token = 0;
  rules::Value result;
  Variables variables;
};
/// Starts an activity of an ad-hoc sub-process (once more).
struct StartActivity {
  Ref scope = 0;
  Index node = no_index;
};
/// Puts variables right in the scope of a wait (a service task that failed).
struct SetVariables {
  Ref wait = 0;
  Variables variables;
};
/// Sets a timer to another instant: a stopped clock moves what is counted in working days.
struct MoveTimer {
  Ref wait = 0;
  Instant due;
};
/// The state has just been moved to this version of its process: what is new there and waits (boundary events, event sub-processes) is armed.
struct Migrated {
  std::vector<Index> added;
};
/// Sends the token of a user task back to an earlier user task, which begins anew.
struct SendBack {
  Ref wait = 0;
  Index to = no_index;
};
struct Cancel {};

using Event =
    std::variant<Start, Completed, Occurred, SignalCame, Continue, Retry, Settle, StartActivity, SetVariables, MoveTimer, Migrated, SendBack, Cancel>;

enum class EffectKind : std::uint8_t {
  entered,          // node: a token has entered an element (only of activities and events; for the timeline)
  task_opened,      // wait, node, unit/post/role in a, b, c
  task_closed,      // wait, node: cancelled before it was done
  job_opened,       // wait, node, handler in a
  timer_set,        // wait, node, at
  message_awaited,  // wait, node, name in a, correlation in b
  signal_awaited,   // wait, node, name in a
  wait_removed,     // wait: a job, timer, message or signal is no longer waited for
  message_thrown,   // node, name in a, correlation in b
  signal_thrown,    // name in a
  decided,          // node, decision in a, value
  incident,         // wait (here: the token), node, words
  continues,        // the act was too long: a Continue must follow
  ended,
};

struct Effect {
  EffectKind kind;
  Ref wait = 0;
  Index node = no_index;
  std::string a, b, c;
  Instant at;
  rules::Value value;
  Words words;
};

/// Runs the event and all that follows from it until every token waits. `state` is changed only if the answer is not an error.
/// Errors: conflict (what the event names is not there any more, or the case has ended).
[[nodiscard]] Result<std::vector<Effect>> step(const Definition& definition, State& state, const Event& event, Host& host);

/// Whether a SendBack is sound: the token of `wait` goes to a user task of the same scope on whose way to here no token was split off that is still
/// about, joined, or would have to be undone. That it was done before is for the caller to know: done under the wait `done`.
/// Errors: invalid (in words for a clerk why not).
[[nodiscard]] Result<> can_send_back(const Definition& definition, const State& state, Ref wait, Index to, Ref done);

/// Whether people may take the failed token's step for done: a task that runs by itself, not one that holds others or is done several times.
[[nodiscard]] bool can_settle(const Definition& definition, const State& state, const Token& token);
/// The value of an expression as a token of the case sees it. Errors: invalid (with FEEL's diagnostics).
[[nodiscard]] Result<rules::Value> evaluate(const Definition& definition, const State& state, Ref scope, Index expression, const OfficeClock& clock);
/// All variables that are visible from a scope, the inner ones first.
[[nodiscard]] Variables visible(const State& state, Ref scope);
/// The timers that are set in working days or days of the office (`10 WD`), which stand still while the clock of the case does.
[[nodiscard]] std::vector<Ref> term_timers(const Definition& definition, const State& state);
/// The next instant at which a timer of the case is due.
[[nodiscard]] std::optional<Instant> next_timer(const State& state);

}  // namespace jx::cases
