#include <jx/ledger/log.hpp>

#include "ledger_sql.hpp"
#include "store.hpp"

#include <algorithm>
#include <charconv>
#include <cctype>

namespace jx::ledger {
namespace {

constexpr std::size_t origin_bytes_max = 200;
constexpr std::size_t reason_bytes_max = 500;
constexpr std::string_view text_plain = "text/plain; charset=utf-8";
constexpr std::string_view octet_stream = "application/octet-stream";

Result<> check_origin(std::string_view origin) {
  const auto letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  const auto allowed = [&](char c) { return letter(c) || c == '.' || c == '-' || c == '_' || c == '/' || c == ':'; };
  if (!origin.empty() && origin.size() <= origin_bytes_max && letter(origin.front()) && letter(origin.back()) && std::ranges::all_of(origin, allowed))
    return {};
  return fail(ErrorCode::invalid,
              {"the origin of a ledger is the address it is served at, without https://, such as yunxi.example/ledger",
               "账本名称应为其服务地址（不含 https://），如 yunxi.example/ledger"},
              "/origin");
}

std::unexpected<Error> no_log() { return fail(ErrorCode::not_found, {"there is no such ledger", "没有这个账本"}); }
std::unexpected<Error> no_resource() { return fail(ErrorCode::not_found, {"the ledger has no such resource", "账本中没有此项资源"}); }

std::string origin_of(std::string_view first_origin, std::int64_t log) {
  return std::string(first_origin) + (log == 1 ? "" : "/" + std::to_string(log));
}

Result<Bytes> tile_octets_of(db::Tx& tx, std::int64_t log, const TilePath& path) {
  TileReader reader(tx, log);
  JX_TRY(hashes, reader.tile(path.level, path.n));
  if (hashes.size() < path.width) return broken_tile(path.level, path.n);
  return tile_octets(hashes.first(path.width));
}

Result<Bytes> bundle_of(db::Tx& tx, std::int64_t log, const TilePath& path) {
  Bytes bundle;
  const auto first = path.n * tile_width;
  auto next = first;
  JX_CHECK(tx.each(
      sql::leaves,
      [&](db::Row&& row) -> Result<> {
        if (static_cast<std::uint64_t>(row.integer(0)) != next++) return broken_tile(0, path.n);
        Leaf leaf{row.instant(1), {}};
        if (row.bytes(2).size() != leaf.hash.size()) return broken_tile(0, path.n);
        std::ranges::copy(row.bytes(2), leaf.hash.begin());
        return add_to_bundle(bundle, bytes_of(leaf.text()));
      },
      log, first, first + path.width));
  if (next != first + path.width) return broken_tile(0, path.n);
  return bundle;
}

Result<Resource> resource_of(db::Tx& tx, const LogInfo& log, std::string_view path) {
  if (path == "checkpoint" || path == "succession") {
    const auto& note = path == "checkpoint" ? log.checkpoint : log.succession;
    if (!note) return no_resource();
    const auto octets = bytes_of(*note);
    return Resource{Bytes(octets.begin(), octets.end()), text_plain, path == "succession"};
  }
  const auto tile = TilePath::parse(path);
  if (!tile || tile->width > tile_width_at(tile->level, tile->n, log.checkpoint_size)) return no_resource();
  JX_TRY(octets, tile->entries ? bundle_of(tx, log.log, *tile) : tile_octets_of(tx, log.log, *tile));
  return Resource{std::move(octets), octet_stream, true};
}

Result<std::optional<LogInfo>> log_where(Result<std::optional<db::Row>> row) {
  if (!row) return std::unexpected(std::move(row).error());
  if (!*row) return std::optional<LogInfo>();
  return std::optional(log_of(**row));
}

}  // namespace

LogInfo log_of(const db::Row& row) {
  LogInfo log{row.integer(0), row.text(1), row.instant(2), static_cast<std::uint64_t>(row.integer(3)), {}, 0, std::nullopt, std::nullopt};
  if (row.bytes(4).size() == log.root.size()) std::ranges::copy(row.bytes(4), log.root.begin());
  if (!row.null(5)) log.checkpoint_size = static_cast<std::uint64_t>(row.integer(5));
  if (!row.null(6)) log.checkpoint = row.text(6);
  if (!row.null(7)) log.succession = row.text(7);
  return log;
}

Result<TileHashes> TileReader::tile(unsigned level, std::uint64_t n) {
  const auto [place, is_new] = tiles_.try_emplace({level, n});
  if (is_new) {
    JX_TRY(row, tx_.one(sql::tile, log_, level, n));
    if (row) {
      const auto& octets = row->bytes(0);
      if (octets.size() > tile_width * crypto::digest_bytes) return broken_tile(level, n);
      auto hashes = tile_hashes(octets, octets.size() / crypto::digest_bytes);
      if (!hashes) return broken_tile(level, n);
      place->second = std::move(*hashes);
    }
  }
  return TileHashes(place->second);
}

Result<Hash> TileReader::node(unsigned level, std::uint64_t index) {
  const std::size_t count = std::size_t{1} << level % tile_height;
  const auto first = index << level % tile_height;
  JX_TRY(hashes, tile(level / tile_height, first / tile_width));
  if (hashes.size() < first % tile_width + count) return broken_tile(level / tile_height, first / tile_width);
  return tile_root(hashes.subspan(first % tile_width, count));
}

Result<LogInfo> open_log(db::Tx& tx, const Context& ctx, std::string_view origin) {
  JX_CHECK(check_origin(origin));
  JX_TRY(newest, log_where(tx.one(sql::newest_log)));
  if (!newest) {
    JX_CHECK(tx.run(sql::insert_log, 1, origin, ctx.now(), ByteView(empty_root()), nullptr));
    return newest_log(tx);
  }
  if (newest->origin != origin_of(origin, newest->log)) {
    return fail(ErrorCode::conflict,
                {"this database holds the ledger " + newest->origin + ", not " + std::string(origin) + "; the origin of a ledger never changes",
                 "此数据库中的账本是 " + newest->origin + "，不是 " + std::string(origin) + "；账本名称不可更改"},
                "/origin");
  }
  return std::move(*newest);
}

Result<LogInfo> newest_log(db::Tx& tx) {
  JX_TRY(log, log_where(tx.one(sql::newest_log)));
  if (!log) return no_log();
  return std::move(*log);
}

Result<std::vector<LogInfo>> logs(db::Tx& tx) {
  std::vector<LogInfo> list;
  JX_TRY(rows, tx.all(sql::every_log));
  for (const auto& row : rows) list.push_back(log_of(row));
  return list;
}

Result<LogInfo> open_successor(db::Tx& tx, const Context& ctx, const Signer& signer, std::string_view reason) {
  const bool one_line = std::ranges::none_of(reason, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (reason.empty() || reason.size() > reason_bytes_max || !one_line) {
    return fail(ErrorCode::invalid,
                {"say in one line of at most 500 bytes why the ledger needs a successor", "请用一行（不超过500字节）说明开启后继账本的原因"},
                "/reason");
  }
  JX_TRY(newest, newest_log(tx));
  JX_TRY(locked, tx.one(sql::lock_log, newest.log));  // a sequencer that is at it comes first
  JX_TRY(old, log_where(tx.one(sql::log_by_number, newest.log)));
  JX_TRY(first, log_where(tx.one(sql::log_by_number, 1)));
  if (!locked || !old || !first) return no_log();

  const auto number = old->log + 1;
  const auto origin = origin_of(first->origin, number);
  const auto size = std::to_string(old->size);
  const auto root = to_base64(old->root);
  const auto note = signer.sign_text(origin, origin + "\nsucceeds\n" + old->origin + "\n" + size + "\n" + root + "\n" + std::string(reason) + "\n");
  JX_CHECK(tx.run(sql::insert_log, number, origin, ctx.now(), ByteView(empty_root()), note));
  JX_CHECK(append(
      tx, ctx,
      Entry{"ledger.succeeded", {}, {{"origin", origin}, {"old_origin", old->origin}, {"size", size}, {"root", root}, {"reason", reason}}, {}}));
  return newest_log(tx);
}

Result<Resource> resource(db::Tx& tx, std::string_view path) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(path.data(), path.data() + path.size(), number);
  if (error != std::errc{}) {
    JX_TRY(newest, newest_log(tx));
    return resource_of(tx, newest, path);
  }
  const auto prefix = std::to_string(number) + "/";
  if (!path.starts_with(prefix)) return no_resource();
  JX_TRY(log, log_where(tx.one(sql::log_by_number, number)));
  if (!log) return no_resource();
  return resource_of(tx, *log, path.substr(prefix.size()));
}

Result<EntryProof> prove(db::Tx& tx, EntryId id) {
  JX_TRY(entry, read(tx, id));
  const auto too_early = [] {
    return fail(ErrorCode::unavailable,
                {"this entry is not under a signed checkpoint yet; ask again in a second", "该记录尚未纳入已签名的检查点，请稍候再试"});
  };
  if (!entry.place) return too_early();
  const auto place = *entry.place;
  JX_TRY(log, log_where(tx.one(sql::log_by_number, place.log)));
  if (!log) return no_log();
  if (!log->checkpoint || place.index >= log->checkpoint_size) return too_early();

  EntryProof proof{id, place, log->checkpoint_size, {}, {}, *log->checkpoint, std::nullopt, std::move(entry.body)};
  TileReader reader(tx, place.log);
  JX_TRY(hashes, inclusion_proof(reader.nodes(), place.index, log->checkpoint_size));
  proof.hashes = std::move(hashes);
  JX_TRY(bundle, bundle_of(tx, place.log, {true, 0, place.index / tile_width, place.index % tile_width + 1}));
  JX_TRY(leaves, bundle_leaves(bundle, place.index % tile_width + 1));
  proof.leaf = text_of(leaves.back());
  JX_TRY(salted, tx.one(sql::salted_bodies, place.log, place.index, place.index + 1));
  if (salted && !salted->null(1)) proof.salt = salted->bytes(1);
  return proof;
}

Result<std::vector<Hash>> prove_consistency(db::Tx& tx, std::int64_t log, std::uint64_t size1, std::uint64_t size2) {
  JX_TRY(info, log_where(tx.one(sql::log_by_number, log)));
  if (!info) return no_log();
  if (size2 > info->checkpoint_size) return fail(ErrorCode::invalid, {"the newest checkpoint is smaller than that", "最新检查点没有这么大"});
  TileReader reader(tx, log);
  return consistency_proof(reader.nodes(), size1, size2);
}

Result<Hash> root_at(db::Tx& tx, const LogInfo& log, std::uint64_t size) {
  if (size > log.size) return fail(ErrorCode::invalid, {"the ledger is smaller than that", "账本没有这么大"});
  TileReader reader(tx, log.log);
  return root_of(reader.nodes(), size);
}

}  // namespace jx::ledger
