// A JSON Schema, a line feed, data: the schema is refused or the data are judged; nothing else happens.
#include "form_schema.hpp"

#include <jx/wire.hpp>

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace jx;
  const auto text = text_of({data, size});
  const auto cut = text.find('\n');
  if (cut == std::string_view::npos || size > 64 * 1024) return 0;
  const auto schema = wire::parse(text.substr(0, cut));
  const auto value = wire::parse(text.substr(cut + 1));
  if (!schema || !value) return 0;
  const auto compiled = cases::FormSchema::compile(*schema);
  if (compiled) (void)compiled->validate(*value);
  return 0;
}
