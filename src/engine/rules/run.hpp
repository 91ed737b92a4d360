// run.hpp - the state of one evaluation: values on a stack of its own, limits, diagnostics. Lives on the stack of one thread.
#pragma once
#include "function.hpp"

#include <array>
#include <chrono>
#include <new>
#include <span>

namespace jx::rules {

struct Node;

/// Where a text stands and what it says: for diagnostics.
struct Site {
  std::string where;
  std::string text;
};

/// Values in blocks that never move. The first block lies inside, so that small evaluations take nothing from the heap.
class ValueStack {
 public:
  ValueStack() : top_(first()), end_(first() + first_size) {}
  ~ValueStack() = default;  // every Frame is gone by then
  ValueStack(const ValueStack&) = delete;
  ValueStack& operator=(const ValueStack&) = delete;

 private:
  friend class Frame;
  static constexpr std::size_t first_size = 80, block_size = 2048;
  Value* first() { return std::launder(reinterpret_cast<Value*>(inside_)); }  // NOLINT(*-reinterpret-cast)

  struct Block {
    std::unique_ptr<unsigned char[]> octets;
    Value* begin;
    Value* end;
  };
  Value* top_;
  Value* end_;
  std::size_t block_ = 0;  // 0: inside_; else blocks_[block_ - 1]
  std::vector<Block> blocks_;
  alignas(Value) unsigned char inside_[first_size * sizeof(Value)];
};

/// Null values for the time of a scope.
class Frame {
 public:
  Frame(ValueStack& stack, std::size_t size)
      : stack_(stack), size_(size), top_before_(stack.top_), end_before_(stack.end_), block_before_(stack.block_) {
    if (static_cast<std::size_t>(stack.end_ - stack.top_) < size) next_block();
    values_ = stack.top_;
    for (std::size_t i = 0; i < size; ++i) new (values_ + i) Value();
    stack.top_ += size;
  }
  ~Frame() {
    for (std::size_t i = 0; i < size_; ++i) values_[i].~Value();
    stack_.top_ = top_before_;
    stack_.end_ = end_before_;
    stack_.block_ = block_before_;
  }
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;

  Value& operator[](std::size_t i) { return values_[i]; }
  [[nodiscard]] Value* data() const { return values_; }
  [[nodiscard]] std::span<const Value> span() const { return {values_, size_}; }

 private:
  void next_block();

  ValueStack& stack_;
  Value* values_ = nullptr;
  std::size_t size_;
  Value* top_before_;
  Value* end_before_;
  std::size_t block_before_;
};

/// The elements of a model while it is evaluated. Defined by model_run.hpp.
struct Globals;

struct Run {
  Run(const Options& o, std::vector<Diagnostic>& d);
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  /// Counts one step; false when a limit is reached, after which everything is null.
  bool step() {
    if (++steps_ < next_check_) [[likely]]
      return true;
    return check_limits();
  }
  bool steps(std::size_t count) {
    steps_ += count;
    return step();
  }
  /// Looks at the clock now, after work that no count of steps tells.
  bool check_time() {
    next_check_ = 0;
    return step();
  }
  [[nodiscard]] bool stopped() const { return stopped_; }
  /// False, and reported, where the machine's stack or the depth of calls is used up.
  bool room(std::uint32_t at);
  /// Records a diagnostic at an octet of the current site; gives null.
  Value report(DiagnosticCode code, std::uint32_t at, Words message);
  /// The same for a limit: what follows is null too.
  Value stop(std::uint32_t at, Words message);
  /// The value as a result: null, and reported, where it has too many parts.
  Value result(Value value);
  /// Calls a function value; arguments in the order of its parameters.
  Value call(const Value& function, std::span<const Value> arguments, std::uint32_t at);
  /// A list, unless it is over the limit.
  Value list(std::vector<Value> items, std::uint32_t at);
  Value string(std::string_view text, std::uint32_t at);

  const Options& options;
  std::vector<Diagnostic>& diagnostics;
  ValueStack stack;
  const Value* inputs = nullptr;
  std::size_t input_count = 0;
  Value* frame = nullptr;
  const Site* site = nullptr;
  const std::shared_ptr<const void>* owner = nullptr;
  Globals* globals = nullptr;
  std::vector<Trace>* trace = nullptr;  // of the whole evaluation
  Trace* trace_now = nullptr;           // of the decision that is being evaluated

 private:
  bool check_limits();
  Value call_lambda(const FunctionData& function, std::span<const Value> arguments, std::uint32_t at);

  std::uint64_t steps_ = 0, next_check_;
  unsigned depth_ = 0;
  bool stopped_ = false;
  std::chrono::steady_clock::time_point deadline_{};
  const char* stack_base_;
};

/// Evaluates the output decisions of a service (model_run.cpp).
Value call_service(Run& run, const FunctionData& function, std::span<const Value> arguments, std::uint32_t at);
/// Makes the elements of the model that `function` belongs to the current ones, for the time of a call (model_run.cpp).
Value call_in_model(Run& run, const FunctionData& function, std::span<const Value> arguments, std::uint32_t at,
                    Value (*body)(Run&, const FunctionData&, std::span<const Value>, std::uint32_t));

// --- operators on values ------------------------------------------------------------------------------------------------------

enum class Truth : std::uint8_t { no, yes, unknown };
[[nodiscard]] inline Value value_of(Truth truth) { return truth == Truth::unknown ? Value() : Value(truth == Truth::yes); }
[[nodiscard]] inline Truth opposite(Truth truth) { return truth == Truth::unknown ? truth : truth == Truth::yes ? Truth::no : Truth::yes; }

/// FEEL's `=` (DMN 1.5, table 53): unknown where kinds differ and neither is null.
[[nodiscard]] Truth equal(Run& run, const Value& a, const Value& b);
/// -1, 0, 1; nullopt where the two have no order.
[[nodiscard]] std::optional<int> order(const Value& a, const Value& b);
/// Whether `value` lies in the range; unknown where its ends do not compare with it.
[[nodiscard]] Truth contains(const RangeData& range, const Value& value);
/// `value in candidate`: equal, in the range, or in the list (of values and ranges).
[[nodiscard]] Truth is_in(Run& run, const Value& value, const Value& candidate);

[[nodiscard]] Value add_values(Run& run, const Value& a, const Value& b, std::uint32_t at);
[[nodiscard]] Value subtract_values(Run& run, const Value& a, const Value& b, std::uint32_t at);
[[nodiscard]] Value multiply_values(Run& run, const Value& a, const Value& b, std::uint32_t at);
[[nodiscard]] Value divide_values(Run& run, const Value& a, const Value& b, std::uint32_t at);
/// An entry or a property (`year`, `time offset`, `start included`); of a list, of each item.
[[nodiscard]] Value property(Run& run, const Value& of, std::string_view name, std::uint32_t at);
/// What string() gives; null for null.
[[nodiscard]] std::string string_of(const Value& value, std::size_t bytes_max);

}  // namespace jx::rules
