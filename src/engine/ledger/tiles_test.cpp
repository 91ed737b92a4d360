#include <jx/core.hpp>
#include <jx/ledger/tiles.hpp>

#include <gtest/gtest.h>

namespace jx::ledger {
namespace {

TEST(TilePath, is_written_as_tlog_tiles_says) {
  EXPECT_EQ((TilePath{false, 0, 1234067, 256}.text()), "tile/0/x001/x234/067");
  EXPECT_EQ((TilePath{false, 3, 5, 17}.text()), "tile/3/005.p/17");
  EXPECT_EQ((TilePath{true, 0, 1000, 255}.text()), "tile/entries/x001/000.p/255");
  for (const auto n : {0ULL, 7ULL, 999ULL, 1000ULL, 999'999ULL, 1'000'000ULL, 9'223'372'036'854'775'807ULL}) {
    for (const auto& tile : {TilePath{false, 7, n, 256}, TilePath{true, 0, n, 1}}) EXPECT_EQ(TilePath::parse(tile.text()), tile) << tile.text();
  }
}

TEST(TilePath, has_one_spelling) {
  for (const auto* bad : {"",
                          "tile",
                          "tile/",
                          "tile/0",
                          "tile/0/",
                          "tile/0/1",
                          "tile/0/01",
                          "tile/0/0001",
                          "tile/00/001",
                          "tile/64/001",
                          "tile/-1/001",
                          "tile/+1/001",
                          "tile/0/x001",
                          "tile/0/x001/",
                          "tile/0/x000/001",
                          "tile/0/001/002",
                          "tile/0/001/x002",
                          "tile/0/001.p",
                          "tile/0/001.p/",
                          "tile/0/001.p/0",
                          "tile/0/001.p/256",
                          "tile/0/001.p/01",
                          "tile/0/001.p/1/",
                          "tile/0/x009/x223/x372/x036/x854/x775/808",
                          "tile/0/x999/x999/x999/x999/x999/x999/999",
                          "tile/entries",
                          "tile/entries/1",
                          "tile/Entries/001",
                          "/tile/0/001",
                          "tile/0/001?x",
                          "tile/0/0a1",
                          "tile/0/../001"}) {
    EXPECT_EQ(TilePath::parse(bad).error().code, ErrorCode::invalid) << bad;
  }
}

TEST(Bundle, gives_back_the_leaves_that_were_put_in) {
  Bytes bundle;
  const std::vector<Bytes> leaves{{}, {1}, Bytes(300, 2), Bytes(leaf_bytes_max, 3)};
  for (const auto& leaf : leaves) ASSERT_TRUE(add_to_bundle(bundle, leaf));
  const auto read = bundle_leaves(bundle, leaves.size());
  ASSERT_TRUE(read);
  for (std::size_t i = 0; i < leaves.size(); ++i) EXPECT_TRUE(std::ranges::equal((*read)[i], leaves[i])) << i;
  EXPECT_EQ(bundle_leaves(bundle, 3).error().code, ErrorCode::corrupt);
  EXPECT_EQ(bundle_leaves(bundle, 5).error().code, ErrorCode::corrupt);
  EXPECT_EQ(bundle_leaves(ByteView(bundle).first(bundle.size() - 1), 4).error().code, ErrorCode::corrupt);
  EXPECT_EQ(bundle_leaves(Bytes{0}, 1).error().code, ErrorCode::corrupt);
  EXPECT_TRUE(bundle_leaves({}, 0));
}

TEST(Ledger, refuses_a_leaf_over_65535_bytes) {
  Bytes bundle;
  const auto added = add_to_bundle(bundle, Bytes(65'536));
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, ErrorCode::too_large);
  EXPECT_NE(added.error().message.en.find("65,535"), std::string::npos);
  EXPECT_TRUE(bundle.empty());
}

TEST(Tile, has_32_octets_a_hash) {
  const std::vector<Hash> hashes{leaf_hash(bytes_of("a")), leaf_hash(bytes_of("b"))};
  const auto octets = tile_octets(hashes);
  EXPECT_EQ(octets.size(), 64U);
  EXPECT_EQ(tile_hashes(octets, 2), hashes);
  EXPECT_EQ(tile_hashes(octets, 1).error().code, ErrorCode::corrupt);
  EXPECT_EQ(tile_hashes(ByteView(octets).first(63), 2).error().code, ErrorCode::corrupt);
}

TEST(Leaf, is_canonical_json_and_nothing_else) {
  const Leaf leaf{*Instant::parse("2026-11-21T09:03:56.5Z"), body_hash(Bytes(32, 1), "{}")};
  const auto text = leaf.text();
  EXPECT_EQ(text, R"({"hash":")" + to_hex(leaf.hash) + R"(","time":1795251836500000,"version":1})");
  EXPECT_EQ(Leaf::parse(bytes_of(text)), leaf);
  const auto broken = [&](std::string_view from, std::string_view to) {
    auto other = text;
    other.replace(other.find(from), from.size(), to);
    return other;
  };
  for (const auto& bad :
       {std::string(), text + " ", text.substr(1), broken("1795", "01795"), broken("1795", "-1795"), broken(":1}", ":2}"), broken("hash", "Hash"),
        broken("1795251836500000", "1e15"), broken("1795251836500000", ""), broken("1795251836500000", "9007199254740993"),
        broken(to_hex(leaf.hash).substr(0, 2), "AB"), broken(",\"time", ", \"time")}) {
    EXPECT_EQ(Leaf::parse(bytes_of(bad)).error().code, ErrorCode::corrupt) << bad;
  }
}

}  // namespace
}  // namespace jx::ledger
