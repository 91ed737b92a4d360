// merkle.hpp - the tree of RFC 6962 section 2.1 (SHA-256): proofs made and verified, and the right edge of a tree that grows.
// Pure functions; nothing here knows a database.
#pragma once
#include <jx/core/bytes.hpp>
#include <jx/crypto/hash.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace jx::ledger {

using Hash = crypto::Digest;

/// The root of the tree without leaves: SHA-256 of nothing.
[[nodiscard]] Hash empty_root();
[[nodiscard]] inline Hash leaf_hash(ByteView leaf) { return crypto::sha256_leaf(leaf); }
[[nodiscard]] inline Hash node_hash(const Hash& left, const Hash& right) { return crypto::sha256_node(left, right); }

/// Whether `leaf_hash` is leaf `index` of the tree of `size` leaves with `root` (RFC 9162 section 2.1.3.2). Any length of any hash is checked.
/// Errors: invalid (says what does not fit).
[[nodiscard]] Result<> verify_inclusion(std::uint64_t index, std::uint64_t size, ByteView leaf_hash, std::span<const Bytes> proof, ByteView root);

/// Whether the tree of `size1` leaves with `root1` is the beginning of that of `size2` leaves with `root2` (RFC 9162 section 2.1.4.2).
/// The empty tree proves nothing and is refused. Errors: invalid (says what does not fit).
[[nodiscard]] Result<> verify_consistency(std::uint64_t size1, std::uint64_t size2, ByteView root1, ByteView root2, std::span<const Bytes> proof);

/// Answers the hash of the complete subtree over the leaves [index << level, (index + 1) << level).
using NodeHashes = std::function<Result<Hash>(unsigned level, std::uint64_t index)>;

/// Root of the first `size` leaves. Errors: those of `nodes`.
[[nodiscard]] Result<Hash> root_of(const NodeHashes& nodes, std::uint64_t size);
/// PATH(index, D[size]) of RFC 6962 section 2.1.1. Errors: invalid (index >= size); those of `nodes`.
[[nodiscard]] Result<std::vector<Hash>> inclusion_proof(const NodeHashes& nodes, std::uint64_t index, std::uint64_t size);
/// PROOF(size1, D[size2]) of RFC 6962 section 2.1.2; empty for equal sizes. Errors: invalid (size1 is 0 or > size2); those of `nodes`.
[[nodiscard]] Result<std::vector<Hash>> consistency_proof(const NodeHashes& nodes, std::uint64_t size1, std::uint64_t size2);

inline constexpr unsigned tile_height = 8;
inline constexpr std::size_t tile_width = 256;  // hashes of a full tile
inline constexpr unsigned tile_levels_max = 8;  // 256^8 = 2^64 leaves
using TileHashes = std::span<const Hash>;

/// Root of a run of 2^k hashes, k from 0 to 8.
[[nodiscard]] Hash tile_root(TileHashes hashes);

/// The right edge of a growing tree: its partial tile on every level. Knows size and root; gives away full tiles. Not thread-safe.
class TreeEdge {
 public:
  /// Takes each tile that has become full: level, index within the level, 256 hashes.
  using TakeTile = std::function<void(unsigned level, std::uint64_t n, TileHashes hashes)>;
  /// Answers the hashes of the partial tile `n` of `level`, `width` of them (1 to 255), for load().
  using ReadTile = std::function<Result<std::vector<Hash>>(unsigned level, std::uint64_t n, std::size_t width)>;

  /// The empty tree.
  TreeEdge() = default;
  /// The edge of a tree of `size` leaves. Errors: those of `read`; corrupt (another width).
  [[nodiscard]] static Result<TreeEdge> load(std::uint64_t size, const ReadTile& read);

  void append(const Hash& leaf, const TakeTile& take);
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] Hash root() const;
  /// The partial tile of `level` (0 to 255 hashes). Its index is size() >> 8 * (level + 1), or 0 for level 7.
  [[nodiscard]] TileHashes partial(unsigned level) const { return levels_[level]; }

 private:
  std::uint64_t size_ = 0;
  std::array<std::vector<Hash>, tile_levels_max> levels_;  // each below tile_width
};

/// How many hashes the tile `n` of `level` has in a tree of `size` leaves: 0 to 256.
[[nodiscard]] std::size_t tile_width_at(unsigned level, std::uint64_t n, std::uint64_t size);

}  // namespace jx::ledger
