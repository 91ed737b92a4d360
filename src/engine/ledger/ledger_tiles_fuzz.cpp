// Paths, bundles, leaves and proofs: whatever is accepted is written back octet for octet; nothing else happens.
#include <jx/ledger/tiles.hpp>

#include <cstdlib>

namespace {

void bundle(jx::ByteView octets) {
  using namespace jx::ledger;
  const std::size_t width = octets.empty() ? 0 : std::size_t{octets[0]} + 1;
  const auto body = octets.subspan(octets.empty() ? 0 : 1);
  if (const auto leaves = bundle_leaves(body, width)) {
    jx::Bytes again;
    for (const auto leaf : *leaves) {
      if (!add_to_bundle(again, leaf)) std::abort();
      if (const auto parsed = Leaf::parse(leaf); parsed && parsed->text() != jx::text_of(leaf)) std::abort();
    }
    if (!std::ranges::equal(again, body)) std::abort();
  }
  if (const auto hashes = tile_hashes(body, width); hashes && tile_octets(*hashes).size() != body.size()) std::abort();
}

// Two sizes, then hashes: the lengths of a proof must hold for any numbers.
void proof(jx::ByteView octets) {
  using namespace jx::ledger;
  if (octets.size() < 17) return;
  const auto number = [&](std::size_t at) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i) value = value << 8 | octets[at + i];
    return value;
  };
  const std::size_t step = 25 + octets[16] % 16;
  std::vector<jx::Bytes> list;
  for (auto rest = octets.subspan(17); !rest.empty(); rest = rest.subspan(std::min(step, rest.size()))) {
    const auto part = rest.first(std::min(step, rest.size()));
    list.emplace_back(part.begin(), part.end());
  }
  const auto root = empty_root();
  if (verify_inclusion(number(0), number(8), root, list, root) && number(8) != 1) std::abort();
  if (verify_consistency(number(0), number(8), root, root, list) && number(0) != number(8)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace jx::ledger;
  const jx::ByteView octets(data, size);
  if (const auto path = TilePath::parse(jx::text_of(octets)); path && path->text() != jx::text_of(octets)) std::abort();
  bundle(octets);
  proof(octets);
  return 0;
}
