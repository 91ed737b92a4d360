#include <jx/ledger/merkle.hpp>

#include <algorithm>
#include <bit>
#include <cassert>
#include <optional>

namespace jx::ledger {
namespace {

std::unexpected<Error> refused(std::string_view english, std::string_view chinese) {
  return fail(ErrorCode::invalid, {std::string(english), std::string(chinese)});
}

std::optional<Hash> hash_of(ByteView octets) {
  Hash hash;
  if (octets.size() != hash.size()) return std::nullopt;
  std::ranges::copy(octets, hash.begin());
  return hash;
}

Result<std::vector<Hash>> hashes_of(std::span<const Bytes> proof) {
  constexpr std::size_t proof_hashes_max = 2 * 64;
  if (proof.size() > proof_hashes_max) return refused("the proof is longer than any tree can need", "证明长度超出任何树所需");
  std::vector<Hash> hashes;
  hashes.reserve(proof.size());
  for (const auto& octets : proof) {
    const auto hash = hash_of(octets);
    if (!hash) return refused("a hash of the proof does not have 32 octets", "证明中有哈希值不是32字节");
    hashes.push_back(*hash);
  }
  return hashes;
}

std::unexpected<Error> bad_root_length() { return refused("a root or leaf hash does not have 32 octets", "根哈希或叶哈希不是32字节"); }
std::unexpected<Error> bad_proof_length() {
  return refused("the proof has the wrong number of hashes for these sizes", "证明的哈希个数与树的大小不符");
}

// The way from a node to the root, one sibling a step: `at` on its level, whose last node is `last`.
struct Climb {
  std::uint64_t at;
  std::uint64_t last;

  [[nodiscard]] bool at_root() const { return last == 0; }
  // On which side the next sibling stands; goes up to the parent. Not at the root.
  bool sibling_is_left() {
    const bool left = (at & 1) != 0 || at == last;
    const int levels = left ? std::countr_zero(at) + 1 : 1;  // the last node of an odd level has no sibling there
    at >>= levels;
    last >>= levels;
    return left;
  }
};

// The largest power of two below n, for n > 1.
std::uint64_t split(std::uint64_t n) { return std::bit_floor(n - 1); }

// Root over the leaves [begin, end), where begin is a multiple of the largest power of two that fits: a complete subtree or a right edge.
Result<Hash> range_root(const NodeHashes& nodes, std::uint64_t begin, std::uint64_t end) {
  std::vector<Hash> peaks;
  while (begin < end) {
    const unsigned level = static_cast<unsigned>(std::bit_width(end - begin)) - 1;
    JX_TRY(hash, nodes(level, begin >> level));
    peaks.push_back(hash);
    begin += std::uint64_t{1} << level;
  }
  Hash root = peaks.back();
  for (auto peak = peaks.rbegin() + 1; peak != peaks.rend(); ++peak) root = node_hash(*peak, root);
  return root;
}

}  // namespace

Hash empty_root() { return crypto::sha256({}); }

Result<> verify_inclusion(std::uint64_t index, std::uint64_t size, ByteView leaf_hash, std::span<const Bytes> proof, ByteView root) {
  if (index >= size) return refused("the index is not in the tree", "序号不在树内");
  const auto leaf = hash_of(leaf_hash);
  const auto expected = hash_of(root);
  if (!leaf || !expected) return bad_root_length();
  JX_TRY(path, hashes_of(proof));

  Climb climb{index, size - 1};
  auto hash = *leaf;
  for (const auto& sibling : path) {
    if (climb.at_root()) return bad_proof_length();
    hash = climb.sibling_is_left() ? node_hash(sibling, hash) : node_hash(hash, sibling);
  }
  if (!climb.at_root()) return bad_proof_length();
  if (hash != *expected) return refused("the proof does not lead to this root", "证明推不出该根哈希");
  return {};
}

Result<> verify_consistency(std::uint64_t size1, std::uint64_t size2, ByteView root1, ByteView root2, std::span<const Bytes> proof) {
  if (size1 == 0) return refused("consistency with the empty tree proves nothing", "与空树的一致性不能证明任何事");
  if (size1 > size2) return refused("the older tree is larger than the newer", "旧树大于新树");
  if (size1 == size2) {
    if (!proof.empty()) return bad_proof_length();
    if (!std::ranges::equal(root1, root2)) return refused("two trees of one size have different roots", "同样大小的两棵树根哈希不同");
    return {};
  }
  const auto first = hash_of(root1);
  const auto second = hash_of(root2);
  if (!first || !second) return bad_root_length();
  JX_TRY(path, hashes_of(proof));
  if (std::has_single_bit(size1)) path.insert(path.begin(), *first);
  if (path.empty()) return bad_proof_length();

  const int shared = std::countr_one(size1 - 1);  // levels that the two trees have in common at the older one's edge
  Climb climb{(size1 - 1) >> shared, (size2 - 1) >> shared};
  auto hash1 = path.front();
  auto hash2 = path.front();
  for (const auto& sibling : std::span(path).subspan(1)) {
    if (climb.at_root()) return bad_proof_length();
    if (climb.sibling_is_left()) {
      hash1 = node_hash(sibling, hash1);
      hash2 = node_hash(sibling, hash2);
    } else {
      hash2 = node_hash(hash2, sibling);
    }
  }
  if (!climb.at_root()) return bad_proof_length();
  if (hash1 != *first) return refused("the proof does not lead to the older root", "证明推不出旧树的根哈希");
  if (hash2 != *second) return refused("the proof does not lead to the newer root", "证明推不出新树的根哈希");
  return {};
}

Result<Hash> root_of(const NodeHashes& nodes, std::uint64_t size) {
  if (size == 0) return empty_root();
  return range_root(nodes, 0, size);
}

Result<std::vector<Hash>> inclusion_proof(const NodeHashes& nodes, std::uint64_t index, std::uint64_t size) {
  if (index >= size) return refused("the index is not in the tree", "序号不在树内");
  std::vector<Hash> path;
  std::uint64_t begin = 0;
  auto end = size;
  while (end - begin > 1) {  // from the root down; the path is written from the leaf up
    const auto middle = begin + split(end - begin);
    const bool left = index < middle;
    JX_TRY(sibling, left ? range_root(nodes, middle, end) : range_root(nodes, begin, middle));
    path.push_back(sibling);
    (left ? end : begin) = middle;
  }
  std::ranges::reverse(path);
  return path;
}

Result<std::vector<Hash>> consistency_proof(const NodeHashes& nodes, std::uint64_t size1, std::uint64_t size2) {
  if (size1 == 0 || size1 > size2) return refused("a consistency proof needs 1 <= size1 <= size2", "一致性证明要求 1 ≤ size1 ≤ size2");
  std::vector<Hash> path;
  std::uint64_t begin = 0;
  auto end = size2;
  while (end != size1) {
    const auto middle = begin + split(end - begin);
    const bool left = size1 <= middle;
    JX_TRY(sibling, left ? range_root(nodes, middle, end) : range_root(nodes, begin, middle));
    path.push_back(sibling);
    (left ? end : begin) = middle;
  }
  if (begin != 0) {  // the older tree is no complete subtree of the newer: its last part is needed to rebuild its root
    JX_TRY(rest, range_root(nodes, begin, end));
    path.push_back(rest);
  }
  std::ranges::reverse(path);
  return path;
}

Hash tile_root(TileHashes hashes) {
  assert(std::has_single_bit(hashes.size()) && hashes.size() <= tile_width);
  if (hashes.size() == 1) return hashes.front();
  std::array<Hash, tile_width / 2> row;
  std::size_t count = hashes.size() / 2;
  for (std::size_t i = 0; i < count; ++i) row[i] = node_hash(hashes[2 * i], hashes[2 * i + 1]);
  for (; count > 1; count /= 2) {
    for (std::size_t i = 0; i < count / 2; ++i) row[i] = node_hash(row[2 * i], row[2 * i + 1]);
  }
  return row.front();
}

Result<TreeEdge> TreeEdge::load(std::uint64_t size, const ReadTile& read) {
  TreeEdge edge;
  edge.size_ = size;
  for (unsigned level = 0; level < tile_levels_max; ++level) {
    const auto above = size >> (tile_height * level);
    const std::size_t width = above % tile_width;
    if (width == 0) continue;
    JX_TRY(hashes, read(level, above / tile_width, width));
    if (hashes.size() != width) return fail(ErrorCode::corrupt, {"a tile at the edge of the tree has the wrong width", "树边缘的块宽度不对"});
    edge.levels_[level] = std::move(hashes);
  }
  return edge;
}

void TreeEdge::append(const Hash& leaf, const TakeTile& take) {
  ++size_;
  levels_[0].push_back(leaf);
  for (unsigned level = 0; level < tile_levels_max && levels_[level].size() == tile_width; ++level) {
    auto& full = levels_[level];
    take(level, (size_ >> (tile_height * level)) / tile_width - 1, full);
    if (level + 1 < tile_levels_max) levels_[level + 1].push_back(tile_root(full));
    full.clear();
  }
}

Hash TreeEdge::root() const {
  std::optional<Hash> root;
  for (const auto& hashes : levels_) {  // from the leaves up: the smallest subtree, at the right, comes first
    auto rest = TileHashes(hashes);
    while (!rest.empty()) {
      const std::size_t count = rest.size() & (~rest.size() + 1);
      const auto peak = tile_root(rest.last(count));
      root = root ? node_hash(peak, *root) : peak;
      rest = rest.first(rest.size() - count);
    }
  }
  return root ? *root : empty_root();
}

std::size_t tile_width_at(unsigned level, std::uint64_t n, std::uint64_t size) {
  if (level >= tile_levels_max) return 0;
  const auto hashes = size >> (tile_height * level);
  if (n < hashes / tile_width) return tile_width;
  return n == hashes / tile_width ? hashes % tile_width : 0;
}

}  // namespace jx::ledger
