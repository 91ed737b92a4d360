// What parse_yaml() accepts is JSON.
#include <jx/wire/yaml.hpp>

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document = jx::wire::parse_yaml(jx::text_of({data, size}), {.bytes = 64 * 1024});
  if (!document) return 0;
  (void)document->line_of("/a/0/b");
  if (!jx::wire::parse(jx::wire::to_text(document->value()))) std::abort();
  return 0;
}
