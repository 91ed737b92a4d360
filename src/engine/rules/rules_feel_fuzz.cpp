// Any text as an expression: compiled in an open scope and evaluated within small limits; what it gives goes through JSON and back.
#include <jx/rules.hpp>
#include <jx/rules/json.hpp>

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace jx::rules;
  const auto expression = Expression::compile({reinterpret_cast<const char*>(data), size}, Scope::any());  // NOLINT(*-reinterpret-cast)
  if (!expression) return 0;
  Options options;
  options.limits = {.steps = 20'000, .depth = 64, .list_items = 2'000, .string_bytes = 100'000, .time_ms = 200, .parts = 200'000};
  const Value context =
      Value::context({{"a", Value(5)}, {"b", Value::list({Value(1), Value("x"), Value::context({{"c", Value(2)}})})}, {"text", Value("abc")}});
  const auto outcome = expression->evaluate(context, options);
  static_cast<void>(outcome.value.text(10'000));
  const auto json = json_text(outcome.value);
  const auto back = parse_json(json);
  if (json.find("@function") == std::string::npos && (!back || !(*back == outcome.value))) std::abort();
  return 0;
}
