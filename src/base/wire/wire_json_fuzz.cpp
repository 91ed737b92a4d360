// What parse() accepts is written and read again to the same value, and its canonical form is a fixed point.
#include <jx/wire.hpp>

#include <boost/json/value.hpp>

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = jx::text_of({data, size});
  const auto value = jx::wire::parse(text, {.values = 10'000});
  if (!value) return 0;
  (void)jx::wire::line_of(text, "/a/0/b");
  const auto again = jx::wire::parse(jx::wire::to_text(*value));
  if (!again || jx::wire::to_text(*again) != jx::wire::to_text(*value)) std::abort();
  const auto canonical = jx::wire::canonical(*value);
  if (!canonical) std::abort();
  const auto third = jx::wire::parse(*canonical);
  if (!third || jx::wire::canonical(*third).value_or("") != *canonical) std::abort();
  return 0;
}
