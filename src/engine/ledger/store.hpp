// store.hpp - reading a log's rows (private).
#pragma once
#include <jx/ledger/log.hpp>
#include <jx/ledger/tiles.hpp>

#include <map>
#include <optional>
#include <utility>

namespace jx::ledger {

[[nodiscard]] LogInfo log_of(const db::Row& row);

/// The tiles of one log, each read once. Lives within a transaction.
class TileReader {
 public:
  TileReader(db::Tx& tx, std::int64_t log) : tx_(tx), log_(log) {}
  /// All hashes that the tile has; none if there is no such tile. Errors: corrupt (not a multiple of 32 octets, more than 256 hashes).
  [[nodiscard]] Result<TileHashes> tile(unsigned level, std::uint64_t n);
  /// For the functions of merkle.hpp. Errors: corrupt (a tile is missing or too narrow).
  [[nodiscard]] Result<Hash> node(unsigned level, std::uint64_t index);
  [[nodiscard]] NodeHashes nodes() {
    return [this](unsigned level, std::uint64_t index) { return node(level, index); };
  }

 private:
  db::Tx& tx_;
  std::int64_t log_;
  std::map<std::pair<unsigned, std::uint64_t>, std::vector<Hash>> tiles_;
};

[[nodiscard]] inline std::unexpected<Error> broken_tile(unsigned level, std::uint64_t n) {
  const auto path = TilePath{false, level, n, tile_width}.text();
  return fail(ErrorCode::corrupt, {"the ledger's " + path + " is missing or broken; run: junxian ledger verify",
                                   "账本的块 " + path + " 缺失或损坏；请执行 junxian ledger verify"});
}

}  // namespace jx::ledger
