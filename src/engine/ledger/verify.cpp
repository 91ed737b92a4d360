// verify.cpp - one pass from the first entry to the last. What is computed from below climbs level by level and is held against each stored
// tile; where they differ, the hash that the tile above holds tells which of the two was changed.
#include <jx/ledger/verify.hpp>

#include <algorithm>
#include <array>

namespace jx::ledger {
namespace {

std::uint64_t last_entry(std::uint64_t first, std::size_t count) { return first + count - 1; }

class Verifier {
 public:
  Verifier(const Source& source, const Checkpoint& checkpoint, VerifyReport& report)
      : source_(source), size_(checkpoint.size), root_(checkpoint.root), report_(report) {}

  Result<> run(const VerifyProgress& progress) {
    const auto tiles = (size_ + tile_width - 1) / tile_width;
    for (std::uint64_t n = 0; n < tiles; ++n) {
      JX_TRY(leaves, leaves_of(n));
      JX_CHECK(settle(0, n, std::move(leaves)));
      if (progress) progress(std::min(size_, (n + 1) * tile_width), size_);
    }
    return finish();
  }

 private:
  // A tile that is not full stays on the edge until the end; so does what was computed for it.
  struct Level {
    std::vector<Hash> computed;  // roots of the settled tiles below, for the tile that is being filled
    std::optional<std::uint64_t> stored_n;
    std::vector<Hash> stored;  // the tile `stored_n` as the source has it; empty if it has none
  };

  void find(std::string path, std::optional<std::uint64_t> entry, Words what) {
    ++report_.findings_count;
    if (report_.findings.size() < VerifyReport::findings_listed_max) report_.findings.push_back({std::move(path), entry, std::move(what)});
  }

  // A partial resource may have been dropped where the full one exists (tlog-tiles, "Partial Tiles").
  Result<std::optional<Bytes>> fetch(const TilePath& path, bool& full) {
    JX_TRY(octets, source_.fetch(path.text()));
    full = path.width == tile_width;
    if (octets || full) return std::move(octets);
    auto whole = path;
    whole.width = tile_width;
    full = true;
    return source_.fetch(whole.text());
  }

  Result<const std::vector<Hash>*> stored(unsigned level, std::uint64_t n) {
    auto& at = levels_[level];
    if (at.stored_n == n) return &at.stored;
    at.stored_n = n;
    at.stored.clear();
    const TilePath path{false, level, n, tile_width_at(level, n, size_)};
    bool full = false;
    JX_TRY(octets, fetch(path, full));
    if (!octets) {
      find(path.text(), std::nullopt, {"the tile is missing", "缺少此块"});
      return &at.stored;
    }
    auto hashes = tile_hashes(*octets, full ? tile_width : path.width);
    if (!hashes) {
      find(path.text(), std::nullopt, hashes.error().message);
      return &at.stored;
    }
    hashes->resize(path.width);
    at.stored = std::move(*hashes);
    ++report_.tiles;
    return &at.stored;
  }

  // The leaf hashes of a bundle, as many as the tree has there. Entries that cannot be read are replaced by the tile's word for them.
  Result<std::vector<Hash>> leaves_of(std::uint64_t n) {
    const TilePath path{true, 0, n, tile_width_at(0, n, size_)};
    bool full = false;
    JX_TRY(octets, fetch(path, full));
    auto leaves = octets ? bundle_leaves(*octets, full ? tile_width : path.width)
                         : Result<std::vector<ByteView>>(fail(ErrorCode::corrupt, {"the bundle of entries is missing", "缺少此条目包"}));
    if (!leaves) {
      find(path.text(), std::nullopt, leaves.error().message);
      JX_TRY(tile, stored(0, n));
      auto hashes = *tile;
      hashes.resize(path.width);
      return hashes;
    }
    leaves->resize(path.width);
    std::vector<Hash> hashes;
    std::vector<Leaf> parsed(path.width);
    hashes.reserve(tile_width);
    for (std::size_t i = 0; i < path.width; ++i) {
      hashes.push_back(leaf_hash((*leaves)[i]));
      if (auto leaf = Leaf::parse((*leaves)[i]))
        parsed[i] = *leaf;
      else
        find(path.text(), n * tile_width + i, leaf.error().message);
    }
    report_.entries += path.width;
    JX_CHECK(check_bodies(path, parsed));
    return hashes;
  }

  Result<> check_bodies(const TilePath& path, const std::vector<Leaf>& leaves) {
    if (!source_.bodies) return {};
    const auto first = path.n * tile_width;
    JX_TRY(bodies, source_.bodies(first, leaves.size()));
    if (bodies.size() != leaves.size()) {
      find(path.text(), std::nullopt,
           {"the bodies of entries " + std::to_string(first) + " to " + std::to_string(last_entry(first, leaves.size())) + " are not all there",
            "部分记录内容缺失"});
      return {};
    }
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      if (!bodies[i]) {
        ++report_.bodies_erased;
        continue;
      }
      ++report_.bodies;
      if (body_hash(bodies[i]->salt, bodies[i]->body) != leaves[i].hash)
        find(path.text(), first + i,
             {"salt and body do not give the hash of the leaf: they were changed", "盐值与内容算不出叶子中的哈希：内容被改动"});
    }
    return {};
  }

  // Holds a tile, whose hashes were computed from below, against the stored one and the tile above; hands its root up.
  Result<> settle(unsigned level, std::uint64_t n, std::vector<Hash> computed) {
    JX_TRY(tile, stored(level, n));
    if (computed.size() < tile_width) {
      levels_[level].computed = std::move(computed);
      return {};
    }
    auto root = tile_root(computed);
    if (tile->size() == computed.size() && *tile != computed) {
      JX_TRY(above, stored(level + 1, n / tile_width));
      const bool has_above = n % tile_width < above->size();
      const auto expected = has_above ? (*above)[n % tile_width] : root;
      const bool tile_is_right = has_above && tile_root(*tile) == expected && root != expected;
      report_differences(level, n, computed, *tile, tile_is_right ? Blame::below : root == expected ? Blame::tile : Blame::unknown);
      if (tile_is_right) root = expected;
    }
    if (level + 1 == tile_levels_max) return {};
    auto& up = levels_[level + 1].computed;
    up.push_back(root);
    if (up.size() < tile_width) return {};
    return settle(level + 1, n / tile_width, std::exchange(up, {}));
  }

  enum class Blame { below, tile, unknown };

  void report_differences(unsigned level, std::uint64_t n, const std::vector<Hash>& computed, const std::vector<Hash>& tile, Blame blame) {
    const auto tile_path = TilePath{false, level, n, tile_width_at(level, n, size_)};
    for (std::size_t i = 0; i < computed.size() && i < tile.size(); ++i) {
      if (computed[i] == tile[i]) continue;
      const auto index = n * tile_width + i;
      if (level > 0) {
        const auto below = TilePath{false, level - 1, index, tile_width}.text();
        if (blame != Blame::below)
          find(tile_path.text(), std::nullopt,
               {"hash " + std::to_string(i) + " of the tile is not the root of " + below,
                "块中第" + std::to_string(i) + "个哈希与 " + below + " 的根不符"});
        else
          find(below, std::nullopt, {"the tile does not give the root that the tile above holds", "此块的根与上一级块不符"});
      } else if (blame == Blame::tile) {
        find(tile_path.text(), index,
             {"hash " + std::to_string(i) + " of the tile was changed; the entry is right",
              "块中第" + std::to_string(i) + "个哈希被改动，记录本身无误"});
      } else {
        const auto bundle = TilePath{true, 0, n, tile_path.width}.text();
        if (blame == Blame::below)
          find(bundle, index, {"the entry was changed: it does not have the hash that the tree holds", "记录被改动，与树中哈希不符"});
        else
          find(bundle, index, {"the entry and " + tile_path.text() + " contradict each other", "记录与 " + tile_path.text() + " 不一致"});
      }
    }
  }

  [[nodiscard]] Hash edge_root(bool of_stored) const {
    const auto edge = TreeEdge::load(size_, [&](unsigned level, std::uint64_t, std::size_t width) -> Result<std::vector<Hash>> {
      const auto& at = levels_[level];
      auto hashes = of_stored ? at.stored : at.computed;
      hashes.resize(width);
      return hashes;
    });
    return edge ? edge->root() : Hash{};
  }

  // The partial tiles have no tile above: the root of the checkpoint judges them.
  Result<> finish() {
    bool differ = false;
    for (unsigned level = 0; level < tile_levels_max; ++level) {
      const auto above = size_ >> (tile_height * level);
      if (above % tile_width == 0) continue;
      JX_TRY(tile, stored(level, above / tile_width));
      differ = differ || (tile->size() == levels_[level].computed.size() && *tile != levels_[level].computed);
    }
    const bool computed_right = edge_root(false) == root_;
    const bool stored_right = edge_root(true) == root_;
    for (unsigned level = 0; differ && level < tile_levels_max; ++level) {
      if ((size_ >> (tile_height * level)) % tile_width == 0) continue;
      const auto& at = levels_[level];
      report_differences(level, *at.stored_n, at.computed, at.stored, computed_right ? Blame::tile : stored_right ? Blame::below : Blame::unknown);
    }
    if (!computed_right && !stored_right)
      find("checkpoint", std::nullopt, {"the entries do not give the root that was signed", "全部记录算不出已签名的根哈希"});
    return {};
  }

  const Source& source_;
  const std::uint64_t size_;
  const Hash root_;
  VerifyReport& report_;
  std::array<Level, tile_levels_max + 1> levels_;
};

}  // namespace

Result<VerifyReport> verify(const Source& source, std::span<const NoteKey> keys, const VerifyProgress& progress) {
  JX_TRY(octets, source.fetch("checkpoint"));
  if (!octets) return fail(ErrorCode::not_found, {"there is no checkpoint", "没有检查点"});
  JX_TRY(note, Note::parse(text_of(*octets)));
  JX_CHECK(verify_note(note, keys));
  VerifyReport report;
  JX_TRY(checkpoint, Checkpoint::parse(note.text));
  report.checkpoint = std::move(checkpoint);
  if (std::ranges::none_of(keys, [&](const NoteKey& key) { return key.name() == report.checkpoint.origin; })) {
    return fail(ErrorCode::invalid, {"the checkpoint is one of " + report.checkpoint.origin + ", which is not the name of any key that was given",
                                     "检查点属于 " + report.checkpoint.origin + "，与所给密钥的名称不符"});
  }
  Verifier verifier(source, report.checkpoint, report);
  JX_CHECK(verifier.run(progress));
  return report;
}

}  // namespace jx::ledger
