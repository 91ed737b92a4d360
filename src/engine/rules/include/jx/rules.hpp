// rules.hpp - FEEL and DMN 1.5: compile once, evaluate from any thread.
//
// Nothing here throws. A text that cannot be read is refused while compiling; what goes wrong while evaluating gives null and a
// Diagnostic, as the standard wants it. What is compiled is immutable and may be shared between threads.
#pragma once
#include <jx/core/clock.hpp>
#include <jx/core/result.hpp>
#include <jx/rules/value.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jx::rules {

inline constexpr std::size_t expression_bytes_max = 64 * 1024;
inline constexpr std::size_t model_bytes_max = 16 * 1024 * 1024;  // one DMN file
inline constexpr std::size_t name_bytes_max = 4 * 1024;           // of an input, or of an element of a model
inline constexpr std::size_t models_max = 64;                     // a model and all that it imports
inline constexpr std::uint64_t check_steps_max = 200'000'000;     // of the check of one model: about two seconds of a small machine
inline constexpr std::size_t diagnostics_max = 100;               // of one evaluation; later ones are dropped

/// Bounds of one evaluation; beyond any of them the result is null with a diagnostic of code `limit`.
struct Limits {
  std::uint64_t steps = 10'000'000;        // expressions evaluated
  unsigned depth = 256;                    // calls within calls
  std::size_t list_items = 1'000'000;      // of one list
  std::size_t string_bytes = 16 << 20;     // of one string
  std::uint32_t time_ms = 10'000;          // wall time
  std::uint64_t parts = value_weight_max;  // of the result, written out; what its parts share counts wherever it stands
};

struct Options {
  std::optional<Instant> now;      // what now() and today() say, all through the evaluation; without it they are null
  std::string_view zone = "UTC";   // IANA zone of now() and today()
  std::optional<LocalDate> as_of;  // decisions and rules in force on this day; without it those without dates and those in force at `now`
  bool explain = false;            // fill Outcome::trace
  Limits limits;
};

enum class DiagnosticCode {
  syntax,        // the text is not FEEL
  unknown_name,  // a name that is not in scope
  missing,       // an input was not given
  type,          // a value of the wrong type
  value,         // a value that cannot be used: month 13, division by zero
  arguments,     // wrong number or names of arguments
  hit_policy,    // a table's rules contradict its hit policy
  model,         // the DMN model breaks a rule of the standard
  unsupported,   // an external function (Java, PMML)
  limit,         // beyond Limits
};
[[nodiscard]] std::string_view name(DiagnosticCode code);

struct Position {
  std::uint32_t line = 1, column = 1;  // from 1; columns count characters
};

struct Diagnostic {
  DiagnosticCode code = DiagnosticCode::value;
  Words message;
  std::string where;  // `Eligibility / rule 3 / input "age"`; empty for a bare expression
  Position position;  // in the text of the expression

  /// `where, line 1, column 5: message`.
  [[nodiscard]] std::string text(std::string_view language = "en") const;
};

/// A type of FEEL, as an item definition or the text after `instance of`: `number`, `list<string>`, `context<a: number>`.
class Type {
 public:
  Type();  // Any
  /// Errors: invalid (not a type).
  [[nodiscard]] static Result<Type> parse(std::string_view text);
  /// Made of others, whatever the names hold.
  [[nodiscard]] static Type list(const Type& element);
  [[nodiscard]] static Type context(const std::vector<std::pair<std::string, Type>>& fields);
  [[nodiscard]] std::string text() const;

  struct Data;
  explicit Type(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  [[nodiscard]] const std::shared_ptr<const Data>& data() const { return data_; }

 private:
  std::shared_ptr<const Data> data_;  // shared: types name one another, and values outlive the model
};

/// The names that an expression may use, each given as an input.
struct Scope {
  struct Input {
    std::string name;  // may hold spaces and operators: `monthly income`, `a-b`
    Type type;
  };
  std::vector<Input> inputs;
  /// A name that is neither declared nor built in becomes a further input of type Any, in order of appearance.
  bool open = false;
  /// What can never be right is refused while compiling: a member that a context has not, a number compared with a text, a condition that is no
  /// boolean.
  bool strict = false;

  [[nodiscard]] static Scope any() { return {{}, true, false}; }
};

/// A rule of a table that applied.
struct Hit {
  std::size_t rule = 0;  // from 1
  std::string rule_id;
  std::vector<std::pair<std::string, std::string>> annotations;  // column name, text
};

/// How one decision came to its value.
struct Trace {
  std::string decision;
  std::string id;
  Value value;
  std::vector<std::pair<std::string, Value>> inputs;  // of the table: the text of each column and what it gave
  std::vector<Hit> hits;                              // in the order of the rules
  std::vector<std::string> laws;                      // references of the decision and of its hits
};

struct Outcome {
  Value value;
  std::vector<Diagnostic> diagnostics;
  std::vector<Trace> trace;  // of every decision evaluated, the required ones first; only with Options::explain

  [[nodiscard]] bool ok() const { return diagnostics.empty(); }
  /// For conditions: true only if the value is the boolean true.
  [[nodiscard]] bool holds() const { return value.is_true(); }
  /// What was decided and why, one sentence a decision, in both languages.
  [[nodiscard]] Words explanation() const;
};

namespace detail {
struct Program;
struct ModelData;
}  // namespace detail

class Expression {
 public:
  /// Errors: invalid (not FEEL, or a name unknown in a closed scope: the message says line, column and what was expected); too_large.
  [[nodiscard]] static Result<Expression> compile(std::string_view text, const Scope& scope = {});

  /// The names it needs: those of the scope, then those found in an open one.
  [[nodiscard]] std::span<const Scope::Input> inputs() const;
  /// Of its value, as far as the text tells; else Any.
  [[nodiscard]] const Type& type() const;

  /// Inputs by name from a context; one that is absent is null and reported as `missing` if the expression uses it.
  [[nodiscard]] Outcome evaluate(const Value& context = {}, const Options& options = {}) const;
  /// Inputs in the order of inputs(); fewer are taken as null.
  [[nodiscard]] Outcome evaluate(std::span<const Value> inputs, const Options& options = {}) const;

 private:
  explicit Expression(std::shared_ptr<const detail::Program> program) : program_(std::move(program)) {}
  std::shared_ptr<const detail::Program> program_;  // shared: functions that it returns keep it alive
};

/// `< 16`, `[16..60], 99`, `not("a","b")`, `-`, or any expression over `?`.
class UnaryTests {
 public:
  /// Errors: as Expression::compile.
  [[nodiscard]] static Result<UnaryTests> compile(std::string_view text, const Type& input = {}, const Scope& scope = {});
  /// A boolean, or null if the test has no answer. `context` gives the names of the scope.
  [[nodiscard]] Outcome test(const Value& input, const Value& context = {}, const Options& options = {}) const;

 private:
  explicit UnaryTests(std::shared_ptr<const detail::Program> program) : program_(std::move(program)) {}
  std::shared_ptr<const detail::Program> program_;  // shared: as in Expression
};

/// What a check of a model has found.
struct Finding {
  enum class Severity { error, warning };
  enum class Code { expression, gap, overlap, unreachable_rule, unused_input, output_not_allowed, incomplete, model };
  Severity severity = Severity::error;
  Code code = Code::model;
  std::string decision;            // name, or empty for the model
  std::vector<std::size_t> rules;  // of the table, from 1
  Value example;                   // gap, overlap: a context of column -> value that shows it
  Words message;
};
[[nodiscard]] std::string_view name(Finding::Code code);

class Model {
 public:
  struct Import {
    std::string name;  // how the importing model calls it
    std::string model_namespace;
    std::string location;  // locationURI, or empty
  };
  /// Gives the XML of an imported model. Called only while loading.
  using Resolver = std::function<Result<std::string>(const Import&)>;

  /// An expression that is not FEEL does not refuse the model: its decision gives null, and problems() tells it.
  /// Errors: invalid (not XML, not DMN, cyclic requirements or imports, an unresolved reference); too_large.
  [[nodiscard]] static Result<Model> load(std::string_view xml, const Resolver& resolver = {});

  [[nodiscard]] const std::string& name() const;
  [[nodiscard]] const std::string& model_namespace() const;

  struct Need {
    std::string name;  // of an input data; under the import's name, with a dot, where imported
    Type type;
  };
  struct Decision {
    std::string name;
    std::string id;
    std::string question;  // DMN's own text fields, as given
    std::string description;
    Type type;
    std::vector<Need> needs;        // all input data below it
    std::vector<std::string> laws;  // references of it and of its rules
    bool is_service = false;
  };
  /// Decisions and decision services, in the order of the file; not those of imported models.
  [[nodiscard]] std::span<const Decision> decisions() const;

  /// Evaluates a decision or decision service, by name or id, over a context of input data by name (imported: nested under the import's name).
  /// A required decision that `input` names is taken as given. A name that the model has not: null with a diagnostic.
  [[nodiscard]] Outcome decide(std::string_view decision, const Value& input, const Options& options = {}) const;

  /// For many calls of one decision: inputs in the order of `needs`. Takes no memory from the heap for a scalar table without explain.
  [[nodiscard]] std::optional<std::size_t> index_of(std::string_view decision) const;
  [[nodiscard]] Outcome decide(std::size_t decision, std::span<const Value> needs, const Options& options = {}) const;

  /// What is wrong in the expressions and references of the model; found while loading.
  [[nodiscard]] std::span<const Diagnostic> problems() const;
  /// problems(), and gaps, overlaps, unreachable rules, unused inputs and outputs that are not allowed, of each table. A table that would take more
  /// than its share of `steps_max` is checked in part, and a finding `incomplete` says what was not; of one table at most 20 findings are told.
  [[nodiscard]] std::vector<Finding> check(std::uint64_t steps_max = check_steps_max) const;

  [[nodiscard]] const std::shared_ptr<const detail::ModelData>& data() const { return data_; }

 private:
  explicit Model(std::shared_ptr<const detail::ModelData> data) : data_(std::move(data)) {}
  std::shared_ptr<const detail::ModelData> data_;  // shared: functions that it returns keep it alive
};

}  // namespace jx::rules
