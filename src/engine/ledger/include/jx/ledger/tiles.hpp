// tiles.hpp - the resources of a log as c2sp.org/tlog-tiles lays them out: paths, tiles of hashes, entry bundles; and what a leaf says.
// Parsers of what others may have written: any input is answered, none asserts.
#pragma once
#include <jx/core/bytes.hpp>
#include <jx/core/clock.hpp>
#include <jx/ledger/merkle.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace jx::ledger {

inline constexpr std::size_t leaf_bytes_max = 65'535;  // a bundle counts the octets of a leaf in 16 bits

/// `tile/<level>/<n>[.p/<width>]` or `tile/entries/<n>[.p/<width>]`; n in groups of three digits: x001/x234/067.
struct TilePath {
  bool entries = false;
  unsigned level = 0;  // 0 to 63; of a bundle 0
  std::uint64_t n = 0;
  std::size_t width = tile_width;  // 1 to 256; 256 is a full tile, without .p

  [[nodiscard]] std::string text() const;
  /// Errors: invalid (anything but the one canonical spelling).
  [[nodiscard]] static Result<TilePath> parse(std::string_view path);
  friend bool operator==(const TilePath&, const TilePath&) = default;
};

/// The hashes of a tile. Errors: corrupt (not `width` times 32 octets).
[[nodiscard]] Result<std::vector<Hash>> tile_hashes(ByteView tile, std::size_t width);
[[nodiscard]] Bytes tile_octets(TileHashes hashes);

/// Adds a leaf to a bundle: two octets of length, big-endian, then the leaf. Errors: too_large beyond leaf_bytes_max.
[[nodiscard]] Result<> add_to_bundle(Bytes& bundle, ByteView leaf);
/// The leaves of a bundle, borrowed from it. Errors: corrupt (not exactly `width` leaves: says where).
[[nodiscard]] Result<std::vector<ByteView>> bundle_leaves(ByteView bundle, std::size_t width);

/// What the tree holds of an entry: the canonical JSON (RFC 8785) {"hash":"<64 hex digits>","time":<microseconds>,"version":1}.
struct Leaf {
  Instant time;
  Hash hash;  // SHA-256(salt || body)

  [[nodiscard]] std::string text() const;
  /// Errors: corrupt (not that form, octet for octet).
  [[nodiscard]] static Result<Leaf> parse(ByteView leaf);
  friend bool operator==(const Leaf&, const Leaf&) = default;
};

inline constexpr std::size_t salt_bytes = 32;
[[nodiscard]] inline Hash body_hash(ByteView salt, std::string_view body) { return crypto::sha256(salt, bytes_of(body)); }

}  // namespace jx::ledger
