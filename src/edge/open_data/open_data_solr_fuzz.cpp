// Whatever the query is: reading it ends, a fault says why, and what was read has an answer for any document.
#include "solr.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace jx::open_data;
  const auto tree = parse_solr(std::string_view(reinterpret_cast<const char*>(data), size));  // NOLINT(*-reinterpret-cast)
  if (!tree) {
    if (tree.error().message.en.empty()) std::abort();
    return 0;
  }
  std::size_t leaves = 0;
  (void)tree->holds([&](const Solr& leaf) {
    if (++leaves > solr_nodes_max) std::abort();
    return solr_alike(leaf, "drinking water");
  });
  Solr opposite;
  opposite.kind = Solr::Kind::none;
  opposite.parts.push_back(*tree);
  const auto leaf = [](const Solr& one) { return one.value.size() % 2 == 0; };
  if (tree->holds(leaf) == opposite.holds(leaf)) std::abort();
  return 0;
}
