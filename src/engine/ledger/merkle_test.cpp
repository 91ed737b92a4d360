#include <jx/core.hpp>
#include <jx/ledger/merkle.hpp>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <bit>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace jx::ledger {
namespace {

// RFC 6962 section 2.1, word by word.
Hash naive_root(std::span<const Hash> leaves) {
  if (leaves.empty()) return crypto::sha256({});
  if (leaves.size() == 1) return leaves[0];
  std::size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  return node_hash(naive_root(leaves.first(k)), naive_root(leaves.subspan(k)));
}

std::vector<Hash> some_leaves(std::size_t count) {
  std::vector<Hash> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(leaf_hash(bytes_of(std::to_string(i))));
  return leaves;
}

NodeHashes nodes_of(const std::vector<Hash>& leaves) {
  return [&leaves](unsigned level, std::uint64_t index) -> Result<Hash> {
    return naive_root(std::span(leaves).subspan(index << level, std::size_t{1} << level));
  };
}

std::vector<Bytes> octets(const std::vector<Hash>& hashes) {
  std::vector<Bytes> proof;
  for (const auto& hash : hashes) proof.emplace_back(hash.begin(), hash.end());
  return proof;
}

TEST(Merkle, agrees_with_the_known_roots_of_rfc_6962) {
  // The reference tree of Certificate Transparency: eight leaves of known octets.
  const std::vector<std::string> inputs{"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
  const std::vector<std::string> roots{
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  TreeEdge edge;
  EXPECT_EQ(edge.root(), empty_root());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    edge.append(leaf_hash(*from_hex(inputs[i])), [](auto...) {});
    EXPECT_EQ(to_hex(edge.root()), roots[i]);
  }
}

TEST(Merkle, proves_every_leaf_of_every_small_tree_and_nothing_else) {
  const auto leaves = some_leaves(70);
  const auto nodes = nodes_of(leaves);
  for (std::uint64_t size = 1; size <= leaves.size(); ++size) {
    const auto root = naive_root(std::span(leaves).first(size));
    EXPECT_EQ(root_of(nodes, size), root);
    for (std::uint64_t index = 0; index < size; ++index) {
      auto proof = octets(*inclusion_proof(nodes, index, size));
      ASSERT_TRUE(verify_inclusion(index, size, leaves[index], proof, root)) << index << " of " << size;
      EXPECT_FALSE(verify_inclusion(index, size, leaves[(index + 1) % 70], proof, root));
      if (size > 1) {
        EXPECT_FALSE(verify_inclusion((index + 1) % size, size, leaves[index], proof, root)) << index << " of " << size;
      }
      if (!proof.empty()) {
        proof[index % proof.size()][5] ^= 1;
        EXPECT_FALSE(verify_inclusion(index, size, leaves[index], proof, root));
        proof[index % proof.size()][5] ^= 1;
        EXPECT_FALSE(verify_inclusion(index, size, leaves[index], std::span(proof).first(proof.size() - 1), root));
      }
      proof.emplace_back(32);
      EXPECT_FALSE(verify_inclusion(index, size, leaves[index], proof, root));
    }
    EXPECT_FALSE(inclusion_proof(nodes, size, size));
  }
}

TEST(Merkle, proves_every_small_tree_consistent_with_every_smaller_one) {
  const auto leaves = some_leaves(70);
  const auto nodes = nodes_of(leaves);
  std::vector<Hash> roots;
  for (std::size_t size = 0; size <= leaves.size(); ++size) roots.push_back(naive_root(std::span(leaves).first(size)));
  for (std::uint64_t size2 = 1; size2 < roots.size(); ++size2) {
    for (std::uint64_t size1 = 1; size1 <= size2; ++size1) {
      auto proof = octets(*consistency_proof(nodes, size1, size2));
      ASSERT_TRUE(verify_consistency(size1, size2, roots[size1], roots[size2], proof)) << size1 << " in " << size2;
      EXPECT_FALSE(verify_consistency(size1, size2, roots[size1 - 1], roots[size2], proof));
      EXPECT_FALSE(verify_consistency(size1, size2, roots[size1], roots[size2 - 1], proof));
      if (!proof.empty()) {
        proof.back()[31] ^= 0x80;
        EXPECT_FALSE(verify_consistency(size1, size2, roots[size1], roots[size2], proof));
        proof.pop_back();
        EXPECT_FALSE(verify_consistency(size1, size2, roots[size1], roots[size2], proof));
      }
    }
    EXPECT_FALSE(consistency_proof(nodes, 0, size2));
    EXPECT_FALSE(consistency_proof(nodes, size2 + 1, size2));
  }
}

TEST(Merkle, grows_by_its_edge_into_the_tiles_that_prove_everything) {
  constexpr std::size_t size_max = 256 * 256 + 700;
  const auto leaves = some_leaves(size_max);
  std::map<std::pair<unsigned, std::uint64_t>, std::vector<Hash>> tiles;
  TreeEdge edge;
  SeededRandom random(7);
  std::vector<std::uint64_t> sizes{1, 2, 255, 256, 257, 511, 512, 513, 65535, 65536, 65537, size_max};
  for (int i = 0; i < 12; ++i) {
    std::array<std::uint8_t, 4> seed{};
    random.fill(seed);
    sizes.push_back(1 + std::bit_cast<std::uint32_t>(seed) % size_max);
  }
  std::ranges::sort(sizes);
  std::map<std::uint64_t, Hash> roots;
  for (const auto size : sizes) {
    while (edge.size() < size) {
      edge.append(leaves[edge.size()], [&](unsigned level, std::uint64_t n, TileHashes hashes) {
        EXPECT_TRUE(tiles.emplace(std::pair(level, n), std::vector(hashes.begin(), hashes.end())).second);
      });
    }
    roots[size] = edge.root();
    EXPECT_EQ(edge.root(), naive_root(std::span(leaves).first(size))) << size;
    const auto read = [&](unsigned level, std::uint64_t n, std::size_t width) -> Result<std::vector<Hash>> {
      EXPECT_EQ(width, tile_width_at(level, n, size));
      return std::vector(edge.partial(level).begin(), edge.partial(level).end());
    };
    EXPECT_EQ(TreeEdge::load(size, read)->root(), edge.root());
  }
  EXPECT_EQ(tiles.size(), 258U + 1U);
  for (unsigned level = 0; level < 3; ++level) {
    const auto rest = edge.partial(level);
    tiles[{level, edge.size() >> 8 * (level + 1)}].assign(rest.begin(), rest.end());
  }
  const NodeHashes nodes = [&](unsigned level, std::uint64_t index) -> Result<Hash> {
    const auto count = std::size_t{1} << level % 8;
    const auto first = index << level % 8;
    return tile_root(TileHashes(tiles.at({level / 8, first / 256})).subspan(first % 256, count));
  };
  for (const auto& [size, root] : roots) {
    for (const auto index : {std::uint64_t{0}, size / 3, size - 1}) {
      EXPECT_TRUE(verify_inclusion(index, size, leaves[index], octets(*inclusion_proof(nodes, index, size)), root)) << index << " of " << size;
    }
    for (const auto& [size1, root1] : roots) {
      if (size1 > size) break;
      EXPECT_TRUE(verify_consistency(size1, size, root1, root, octets(*consistency_proof(nodes, size1, size)))) << size1 << " in " << size;
    }
  }
}

TEST(Merkle, knows_the_width_of_every_tile) {
  // The example of c2sp.org/tlog-tiles: a tree of 70,000.
  EXPECT_EQ(tile_width_at(0, 272, 70'000), 256U);
  EXPECT_EQ(tile_width_at(0, 273, 70'000), 112U);
  EXPECT_EQ(tile_width_at(0, 274, 70'000), 0U);
  EXPECT_EQ(tile_width_at(1, 0, 70'000), 256U);
  EXPECT_EQ(tile_width_at(1, 1, 70'000), 17U);
  EXPECT_EQ(tile_width_at(2, 0, 70'000), 1U);
  EXPECT_EQ(tile_width_at(3, 0, 70'000), 0U);
  EXPECT_EQ(tile_width_at(0, 0, 256), 256U);
  EXPECT_EQ(tile_width_at(1, 0, 256), 1U);
  EXPECT_EQ(tile_width_at(63, 0, UINT64_MAX), 0U);
}

// ---- the public vectors of RFC 6962 proofs ------------------------------------------------------------------------------------------

struct Vector {
  boost::json::object json;
  [[nodiscard]] std::uint64_t number(std::string_view name) const { return json.at(name).to_number<std::uint64_t>(); }
  [[nodiscard]] Bytes bytes(std::string_view name) const {
    const auto& value = json.at(name);
    return value.is_null() ? Bytes{} : *from_base64(std::string_view(value.as_string()));
  }
  [[nodiscard]] std::vector<Bytes> proof() const {
    std::vector<Bytes> list;
    if (const auto* array = json.at("proof").if_array()) {
      for (const auto& hash : *array) list.push_back(*from_base64(std::string_view(hash.as_string())));
    }
    return list;
  }
};

TEST(Merkle, agrees_with_the_196_public_proof_vectors) {
  const auto* shared = std::getenv("JUNXIAN_SHARED");
  const auto suite = std::filesystem::path(shared != nullptr ? shared : JX_SOURCE_DIR "/../shared") / "suites" / "merkle";
  if (!std::filesystem::exists(suite)) GTEST_SKIP() << "the suite is not at " << suite << "; set JUNXIAN_SHARED";
  int accepted = 0;
  int refused = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(suite)) {
    if (file.path().extension() != ".json") continue;
    std::ostringstream text;
    text << std::ifstream(file.path()).rdbuf();
    const Vector vector{boost::json::parse(text.str()).as_object()};
    const bool inclusion = vector.json.contains("leafIdx");
    const auto done =
        inclusion
            ? verify_inclusion(vector.number("leafIdx"), vector.number("treeSize"), vector.bytes("leafHash"), vector.proof(), vector.bytes("root"))
            : verify_consistency(vector.number("size1"), vector.number("size2"), vector.bytes("root1"), vector.bytes("root2"), vector.proof());
    EXPECT_EQ(done.has_value(), !vector.json.at("wantErr").as_bool()) << file.path();
    ++(done ? accepted : refused);
  }
  EXPECT_EQ(accepted, 12);
  EXPECT_EQ(refused, 184);
}

}  // namespace
}  // namespace jx::ledger
