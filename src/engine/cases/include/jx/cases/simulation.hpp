// simulation.hpp - a model run in memory and in virtual time: for tests, for `junxian cases run`, for the test suite. No database, no people.
#pragma once
#include <jx/cases/model.hpp>

#include <boost/json/object.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jx::cases {

inline constexpr std::size_t simulation_instances_max = 10'000;
inline constexpr std::size_t simulation_steps_max = 1'000'000;

/// What a script of a registered format did.
struct ScriptAnswer {
  boost::json::object variables;  // to set
  std::string error_code;         // of a BPMN error that it throws; empty: none
  std::optional<Micros> takes;    // the task completes so much later
};
using ScriptHandler = std::function<Result<ScriptAnswer>(std::string_view text, const boost::json::object& variables)>;
using DecisionHandler = std::function<Result<boost::json::value>(std::string_view decision, const boost::json::object& inputs)>;

/// All instances of one model. Messages wait until somebody takes them; signals go to all who wait. Not thread-safe.
class Simulation {
 public:
  Simulation(DefinitionPtr definition, Instant start);
  ~Simulation();
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  void on_script(std::string format, ScriptHandler handler);
  void on_decision(DecisionHandler handler);

  /// Starts a process by its id. One that begins by a timer, condition, message or signal begins when that comes, with these variables.
  /// Errors: not_found; those of the first step.
  [[nodiscard]] Result<> start(std::string_view process, const boost::json::object& variables);
  /// Runs the clock: everything that is due until then happens, in its order. 0: only what can happen now.
  void run_for(Micros time);
  /// For who waits for that name with that correlation (jx:correlation as text; "" where a model gives none), or who begins by it.
  void message(std::string_view name, std::string_view correlation = {}, const boost::json::object& variables = {});
  void signal(std::string_view name, const boost::json::object& variables = {});

  struct Task {
    std::size_t instance = 0;
    std::uint32_t wait = 0;
    std::string element;
    std::string handler;  // of a service task; empty: a user task
  };
  /// What people and services would have to do now.
  [[nodiscard]] std::vector<Task> tasks() const;
  /// `result` becomes the variable of the task; `error_code` throws a BPMN error. Errors: conflict (not open).
  [[nodiscard]] Result<> complete(const Task& task, const boost::json::object& result, std::string_view error_code = {});

  struct Instance {
    std::string process;
    bool ended = false;
    std::string ending;                 // completed, terminated, error, cancelled; "" while it runs
    std::string result;                 // jx:result of its end event, or the code of the error
    std::vector<std::string> waits_at;  // elements where tokens are
    std::vector<Words> faults;          // incidents: what could not go on
    boost::json::object variables;
  };
  [[nodiscard]] std::vector<Instance> instances() const;
  /// Ids of the activities and events that were entered, in order, over all instances.
  [[nodiscard]] const std::vector<std::string>& entered() const;
  /// When each of them was.
  [[nodiscard]] const std::vector<Instant>& entered_at() const;
  [[nodiscard]] Instant now() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace jx::cases
