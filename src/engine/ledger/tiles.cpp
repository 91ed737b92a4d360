#include <jx/ledger/tiles.hpp>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace jx::ledger {
namespace {

// A decimal number without leading zeros, up to `max`.
template <class Number>
bool take_number(std::string_view& text, Number max, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const auto digits = static_cast<std::size_t>(end - text.data());
  if (error != std::errc{} || value > max || (digits > 1 && text.front() == '0')) return false;
  text.remove_prefix(digits);
  return true;
}

bool take(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

constexpr std::uint64_t index_max = INT64_MAX;  // of what a database keeps

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// x001/x234/067: three digits each, all but the last after an x, no leading group of zeros.
bool take_index(std::string_view& text, std::uint64_t& n) {
  n = 0;
  for (bool first = true;; first = false) {
    const bool more = take(text, "x");
    if (text.size() < 3 || !std::ranges::all_of(text.substr(0, 3), is_digit)) return false;
    const auto group = static_cast<std::uint64_t>((text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0'));
    if (n > (index_max - group) / 1000 || (first && more && group == 0)) return false;
    n = n * 1000 + group;
    text.remove_prefix(3);
    if (!more) return true;
    if (!take(text, "/")) return false;
  }
}

std::string index_text(std::uint64_t n) {
  std::string text;
  for (bool last = true; last || n > 0; last = false, n /= 1000) {
    const auto digits = std::to_string(1000 + n % 1000).substr(1);
    text.insert(0, last ? digits : "x" + digits + "/");
  }
  return text;
}

constexpr std::string_view leaf_begin = R"({"hash":")";
constexpr std::string_view leaf_middle = R"(","time":)";
constexpr std::string_view leaf_end = R"(,"version":1})";

std::unexpected<Error> not_a_leaf() {
  return fail(ErrorCode::corrupt, {R"(a leaf is not {"hash":...,"time":...,"version":1} in canonical form)", "叶子内容不是规范的 JSON"});
}

}  // namespace

std::string TilePath::text() const {
  std::string text = entries ? "tile/entries/" : "tile/" + std::to_string(level) + "/";
  text += index_text(n);
  if (width < tile_width) text += ".p/" + std::to_string(width);
  return text;
}

Result<TilePath> TilePath::parse(std::string_view path) {
  constexpr unsigned level_max = 63;
  TilePath tile;
  auto rest = path;
  bool good = take(rest, "tile/");
  if (good && take(rest, "entries/")) {
    tile.entries = true;
  } else {
    good = good && take_number(rest, level_max, tile.level) && take(rest, "/");
  }
  good = good && take_index(rest, tile.n);
  if (good && take(rest, ".p/")) good = take_number(rest, tile_width - 1, tile.width) && tile.width > 0;
  if (!good || !rest.empty()) return fail(ErrorCode::invalid, {"this is not the path of a tile, such as tile/0/x001/234.p/56", "这不是有效的块路径"});
  return tile;
}

Result<std::vector<Hash>> tile_hashes(ByteView tile, std::size_t width) {
  if (tile.size() != width * crypto::digest_bytes) {
    return fail(ErrorCode::corrupt,
                {"a tile has " + std::to_string(tile.size()) + " octets, not " + std::to_string(width * crypto::digest_bytes),
                 "块的长度为" + std::to_string(tile.size()) + "字节，应为" + std::to_string(width * crypto::digest_bytes) + "字节"});
  }
  std::vector<Hash> hashes(width);
  if (width > 0) std::memcpy(hashes.data(), tile.data(), tile.size());
  return hashes;
}

Bytes tile_octets(TileHashes hashes) {
  Bytes octets(hashes.size() * crypto::digest_bytes);
  if (!hashes.empty()) std::memcpy(octets.data(), hashes.data(), octets.size());
  return octets;
}

Result<> add_to_bundle(Bytes& bundle, ByteView leaf) {
  if (leaf.size() > leaf_bytes_max) {
    return fail(ErrorCode::too_large, {"a leaf has at most 65,535 octets; this one has " + std::to_string(leaf.size()),
                                       "叶子最多65535字节，此处为" + std::to_string(leaf.size()) + "字节"});
  }
  bundle.push_back(static_cast<std::uint8_t>(leaf.size() >> 8));
  bundle.push_back(static_cast<std::uint8_t>(leaf.size() & 0xff));
  bundle.insert(bundle.end(), leaf.begin(), leaf.end());
  return {};
}

Result<std::vector<ByteView>> bundle_leaves(ByteView bundle, std::size_t width) {
  std::vector<ByteView> leaves;
  leaves.reserve(std::min(width, tile_width));
  while (!bundle.empty() && leaves.size() < width) {
    const std::size_t size = bundle.size() < 2 ? leaf_bytes_max : std::size_t{bundle[0]} << 8 | bundle[1];
    if (bundle.size() < 2 || bundle.size() - 2 < size) {
      return fail(ErrorCode::corrupt,
                  {"the bundle ends within entry " + std::to_string(leaves.size()), "条目包在第" + std::to_string(leaves.size()) + "条中断"});
    }
    leaves.push_back(bundle.subspan(2, size));
    bundle = bundle.subspan(2 + size);
  }
  if (leaves.size() < width || !bundle.empty()) {
    return fail(ErrorCode::corrupt, {bundle.empty() ? "the bundle has " + std::to_string(leaves.size()) + " entries, not " + std::to_string(width)
                                                    : "the bundle goes on after entry " + std::to_string(width),
                                     "条目包的条数应为" + std::to_string(width)});
  }
  return leaves;
}

std::string Leaf::text() const {
  std::string text;
  text.reserve(128);
  return text.append(leaf_begin).append(to_hex(hash)).append(leaf_middle).append(std::to_string(time.micros)).append(leaf_end);
}

Result<Leaf> Leaf::parse(ByteView leaf) {
  Leaf parsed;
  auto rest = text_of(leaf);
  const auto bare = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); };
  const std::size_t digits = 2 * parsed.hash.size();
  if (!take(rest, leaf_begin) || rest.size() < digits || !std::ranges::all_of(rest.substr(0, digits), bare)) return not_a_leaf();
  const auto value = [](char c) { return is_digit(c) ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 0; i < parsed.hash.size(); ++i) parsed.hash[i] = static_cast<std::uint8_t>(value(rest[2 * i]) << 4 | value(rest[2 * i + 1]));
  rest.remove_prefix(digits);
  constexpr std::uint64_t exact_max = std::uint64_t{1} << 53;  // beyond, RFC 8785 would not print the number as it is
  std::uint64_t micros = 0;
  if (!take(rest, leaf_middle) || !take_number(rest, exact_max, micros) || rest != leaf_end) return not_a_leaf();
  parsed.time.micros = static_cast<std::int64_t>(micros);
  return parsed;
}

}  // namespace jx::ledger
