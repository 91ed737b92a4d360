// state.hpp - where one case stands: tokens, scopes, waits. A plain value; the step function turns one into the next.
#pragma once
#include "definition.hpp"

#include <jx/core.hpp>
#include <jx/rules/value.hpp>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jx::cases {

using Ref = std::uint32_t;  // of a token, scope, wait or compensation; from one counter, never used again within a case; 0: none

inline constexpr std::size_t acts_in_a_row_max = 100;  // of elements_per_act_max elements each without a wait: then it is an endless loop
inline constexpr std::size_t tokens_max = 2'000;       // of one case
inline constexpr std::size_t instances_max = 1'000;    // of one multi-instance activity
inline constexpr unsigned scope_depth_max = 64;

struct Variable {
  std::string name;
  rules::Value value;
};
using Variables = std::vector<Variable>;

enum class Phase : std::uint8_t {
  ready,         // is about to move
  deferred,      // throws a signal or message as soon as nothing else can move
  joining,       // at a gateway, or at an activity with a startQuantity
  waiting,       // for its waits
  hosting,       // the scope inside of it runs
  compensating,  // for the compensation that it threw
  failed,        // an incident: waits to be retried
};
enum class Resume : std::uint8_t { enter, body, leave };

struct Token {
  Ref id = 0;
  Index node = no_index;
  Index via = no_index;  // the flow it came by
  Ref scope = 0;
  Phase phase = Phase::ready;
  Resume resume = Resume::enter;
  Ref serves = 0;  // runs a compensation handler for this compensation
};

/// What was done and can be undone.
struct Done {
  Index node = no_index;
  Variables variables;  // of the scope, if it was one
  std::vector<Done> inner;
};

enum class ScopeKind : std::uint8_t { process, sub, loop, instance, compensation };

struct Scope {
  Ref id = 0;
  ScopeKind kind = ScopeKind::process;
  Index node = no_index;
  Ref parent = 0;
  Ref host = 0;                                                                    // the token it runs inside of
  Ref serves = 0;                                                                  // of kind compensation
  std::uint32_t total = 0, active = 0, completed = 0, terminated = 0, number = 0;  // of a loop; `number` of an instance, from 1
  bool interrupted = false;                                                        // by an event sub-process
  bool closing = false;                                                            // ad hoc: its completion condition held
  Variables variables;
  std::vector<rules::Value> results;  // of a multi-instance loop, by instance
  std::vector<Index> pending;         // ad hoc: activities still to be started
  std::vector<Done> done;
};

enum class WaitKind : std::uint8_t { task, job, message, signal, timer, condition };

/// Something from outside that a token (or, for an event sub-process, a scope) waits for. Tasks, jobs and subscriptions in the database are
/// keyed by its id.
struct Wait {
  Ref id = 0;
  Ref token = 0;
  Ref scope = 0;
  Index node = no_index;    // the task, catching event, boundary event or start of an event sub-process
  std::uint16_t event = 0;  // into the node's events
  WaitKind kind = WaitKind::task;
  bool held = false;         // condition: was true when last looked at
  std::int64_t repeats = 1;  // timer: how often it still fires; -1: without end
  Instant due;               // timer
};

struct Compensation {
  Ref id = 0;
  Ref token = 0;  // that waits for it; 0: nobody
  Ref scope = 0;
  Ref outer = 0;  // the compensation that this one is a part of
  std::vector<Done> remaining;
};

enum class Ending : std::uint8_t { none, completed, terminated, error, cancelled };

struct State {
  crypto::Digest definition{};
  Ref next = 1;
  Ending ending = Ending::none;
  std::string result;           // of the end event (jx:result), or the code of the error
  std::uint32_t continued = 0;  // acts since the case last waited for something
  std::vector<Scope> scopes;
  std::vector<Token> tokens;
  std::vector<Wait> waits;
  std::vector<Compensation> compensations;
  std::deque<Ref> ready;
  std::deque<Ref> deferred;

  [[nodiscard]] bool ended() const { return ending != Ending::none; }
  [[nodiscard]] const Wait* wait(Ref id) const;
  [[nodiscard]] const Scope* scope(Ref id) const;
  [[nodiscard]] const Token* token(Ref id) const;
};

}  // namespace jx::cases
