// Any octets as a DMN file: loaded, checked, and every decision evaluated within small limits.
#include <jx/rules.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace jx::rules;
  const auto model = Model::load({reinterpret_cast<const char*>(data), size});  // NOLINT(*-reinterpret-cast)
  if (!model) return 0;
  Options options;
  options.explain = true;
  options.as_of = jx::LocalDate::of(2026, 1, 1);
  options.limits = {.steps = 20'000, .depth = 64, .list_items = 2'000, .string_bytes = 100'000, .time_ms = 200, .parts = 200'000};
  static_cast<void>(model->check(1'000'000));
  const Value input = Value::context({{"a", Value(5)}, {"b", Value("x")}});
  for (const auto& decision : model->decisions()) static_cast<void>(model->decide(decision.name, input, options).explanation());
  return 0;
}
