// check.cpp - what `db check` looks at beyond the rows that ledger entries vouch for: the octets.
#include "attachments_sql.hpp"
#include "folder.hpp"

#include <algorithm>

namespace jx::attachments {
namespace {

constexpr std::int64_t contents_a_read = 100;

Words changed() { return {"the stored octets of this file were changed by hand, or some are missing", "该附件的存储数据被手工改动或缺失"}; }

/// A row of `contents`: against its hash, and with keys against its address.
Result<bool> holds(db::Tx& tx, const db::Row& row, const crypto::KeyRing* keys) {
  const auto content = row.id<AttachmentId>(0);
  const auto size = static_cast<std::uint64_t>(row.integer(1));
  Folder folder;
  const bool deep = keys != nullptr && !row.null(4);
  if (row.null(3)) return false;  // it belongs to no folder
  JX_TRY(id, Uuid::from_bytes(row.bytes(3)));
  if (deep) {
    auto key = keys->open(row.text(4), key_place(id));
    if (!key) return false;
    folder.key = std::move(*key);
  }
  std::optional<crypto::ChunkCipher> cipher;
  if (deep) cipher.emplace(folder.octets_of(content));
  crypto::Sha256 stored, file;
  std::int64_t next = 0;
  bool whole = true;
  Bytes plain;
  JX_CHECK(tx.each(
      sql::chunks_between,
      [&](db::Row&& chunk) -> Result<> {
        whole = whole && chunk.integer(0) == next++;
        const auto sha256 = crypto::sha256(chunk.bytes(1));
        stored.update(ByteView(sha256));
        if (!cipher) return {};
        plain.clear();
        const auto number = static_cast<std::uint32_t>(chunk.integer(0));
        whole = whole && cipher->open(number, last_of(number, size), chunk.bytes(1), plain).has_value();
        file.update(plain);
        return {};
      },
      content, 0, INT32_MAX));
  whole = whole && next == chunks_in(size) && std::ranges::equal(stored.finish(), row.bytes(2));
  return whole && (!deep || std::ranges::equal(folder.address(file.finish()), row.bytes(5)));
}

}  // namespace

Result<std::vector<Unsound>> check_soundness(db::Database& database, const crypto::KeyRing* keys) {
  std::vector<Unsound> found;
  const auto add = [&](const char* where, const Bytes& id, Words words) -> Result<> {
    JX_TRY(uuid, Uuid::from_bytes(id));
    found.push_back({std::string(where) + " " + uuid.text(), std::move(words)});
    return {};
  };
  Bytes after(16, 0);
  for (bool more = true; more;) {
    JX_CHECK(database.read(no_deadline, [&](db::Tx& tx) -> Result<> {
      JX_TRY(rows, tx.all(sql::contents, after, contents_a_read));
      for (const auto& row : rows) {
        JX_TRY(sound, holds(tx, row, keys));
        if (!sound) JX_CHECK(add("attachments.content", row.bytes(0), changed()));
      }
      more = static_cast<std::int64_t>(rows.size()) == contents_a_read;
      if (more) after = rows.back().bytes(0);
      return {};
    }));
  }
  JX_CHECK(database.read(no_deadline, [&](db::Tx& tx) -> Result<> {
    JX_TRY(lost, tx.all(sql::attachments_without_content));
    for (const auto& row : lost) JX_CHECK(add("attachments.attachment", row.bytes(0), changed()));
    JX_TRY(strays, tx.all(sql::chunks_of_nothing));
    for (const auto& row : strays)
      JX_CHECK(add("attachments.chunk", row.bytes(0), {"octets are stored that belong to no file", "存在不属于任何附件的存储数据"}));
    return {};
  }));
  return found;
}

}  // namespace jx::attachments
