// Any text as the unary tests of a table cell, over values of several kinds.
#include <jx/rules.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace jx::rules;
  const auto tests = UnaryTests::compile({reinterpret_cast<const char*>(data), size}, {}, Scope::any());  // NOLINT(*-reinterpret-cast)
  if (!tests) return 0;
  Options options;
  options.limits = {.steps = 20'000, .depth = 64, .list_items = 2'000, .string_bytes = 100'000, .time_ms = 200, .parts = 200'000};
  for (const auto& input : {Value(), Value(5), Value("abc"), Value(true), Value(Date{0}), Value::list({Value(1)})})
    static_cast<void>(tests->test(input, Value(), options));
  return 0;
}
