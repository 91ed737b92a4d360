// A JSON Schema, a layout with its rules, data, a line feed after each: what cannot be used is refused, or the form speaks to the data and merges
// with itself.
#include "form_merge.hpp"
#include "stored_form.hpp"

#include <jx/wire.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace jx;
  std::string_view left = text_of({data, size});
  if (size > 32 * 1024) return 0;
  std::array<boost::json::value, 3> parts;
  for (auto& part : parts) {
    const auto end = std::min(left.find('\n'), left.size());
    auto parsed = wire::parse(left.substr(0, end));
    if (!parsed) return 0;
    part = std::move(*parsed);
    left.remove_prefix(std::min(end + 1, left.size()));
  }
  const auto& [schema, layout, values] = parts;
  if (!schema.is_object() || !values.is_object()) return 0;
  const auto compiled = cases::FormSchema::compile(schema);
  if (!compiled) return 0;
  (void)cases::FormLayout::compile(schema, layout, cases::FormLayout::Reading::strict);
  const auto rules = cases::FormLayout::compile(schema, layout, cases::FormLayout::Reading::stored);
  if (!rules) return 0;
  const cases::StoredForm form{{}, schema.as_object(), layout.is_object() ? layout.as_object() : boost::json::object(), *compiled, *rules, {}};
  (void)form.check(values.as_object(), Instant{}, "Asia/Shanghai");
  const std::array inputs{cases::MergeInput{"a", &schema, &layout}, cases::MergeInput{"b", &schema, &layout}};
  const auto merged = cases::merge_forms(inputs);
  for (const auto& fields : merged.fields) {
    boost::json::object whole;
    const auto part = cases::split(fields, values.as_object());
    cases::join(fields, part, whole);
    if (cases::split(fields, whole) != part) std::abort();
  }
  return 0;
}
