#include "folder.hpp"

#include "attachments_sql.hpp"

#include <jx/wire.hpp>

#include <boost/json/object.hpp>

#include <algorithm>

namespace jx::attachments {

struct LabelText {
  std::string name;
  std::optional<std::string> sha256;
};
BOOST_DESCRIBE_STRUCT(LabelText, (), (name, sha256))

namespace {

constexpr std::size_t key_bytes = 32;

crypto::ChunkCipher label_cipher(ByteView folder_key, LabelOf of, AttachmentId id) {
  return crypto::ChunkCipher(crypto::derived_key(folder_key, of == LabelOf::upload ? "upload" : "attachment", id.bytes()));
}

std::unexpected<Error> too_many(std::int64_t files_max) {
  const auto n = std::to_string(files_max);
  return fail(ErrorCode::too_large,
              {"there are " + n + " files already, the most that one application takes: remove some, or put several pages into one PDF",
               "附件已达上限" + n + "份，请先删除一些，或将多页合并为一个PDF"},
              "/size");
}

std::string in_mebibytes(std::uint64_t octets) { return std::to_string(octets >> 20U); }

Result<> check_size(const NewFile& file, const Limits& limits) {
  if (file.size == 0) return fail(ErrorCode::invalid, {"the file is empty", "文件为空"}, "/size");
  const auto most = file.rule.bytes_max == 0 ? limits.file_bytes_max : std::min(file.rule.bytes_max, limits.file_bytes_max);
  if (file.size <= most) return {};
  const auto size = most < (1U << 20U) ? std::to_string(most >> 10U) + " KiB" : in_mebibytes(most) + " MiB";
  return fail(ErrorCode::too_large,
              {"the file is larger than " + size + ": photograph or scan with a lower resolution, or divide it",
               "文件超过" + size + "，请降低拍摄或扫描分辨率，或拆分后上传"},
              "/size");
}

}  // namespace

crypto::ChunkCipher Folder::octets_of(AttachmentId content) const {
  return crypto::ChunkCipher(crypto::derived_key(key.view(), "octets", content.bytes()));
}

crypto::Digest Folder::address(const crypto::Digest& sha256) const {
  return crypto::hmac_sha256(crypto::derived_key(key.view(), "address").view(), sha256);
}

std::string key_place(const Uuid& folder) { return "attachments/" + folder.text(); }

Result<Folder> folder_from(const db::Row& row, const crypto::KeyRing& keys) {
  Folder folder;
  JX_TRY(id, Uuid::from_bytes(row.bytes(0)));
  JX_TRY(owner, Uuid::from_bytes(row.bytes(1)));
  folder.id = id;
  folder.owner.id = owner;
  folder.owner.kind = static_cast<Owner::Kind>(row.integer(2));
  if (row.null(3)) return fail(ErrorCode::conflict, {"the files of this case were erased for good", "该办件的附件已永久清除"});
  folder.files = row.integer(4);
  folder.octets = static_cast<std::uint64_t>(row.integer(5));
  JX_TRY(key, keys.open(row.text(3), key_place(folder.id)));
  folder.key = std::move(key);
  return folder;
}

Bytes seal_label(ByteView folder_key, LabelOf of, AttachmentId id, const Label& label) {
  LabelText text{label.name, {}};
  if (label.sha256) text.sha256 = to_hex(*label.sha256);
  return label_cipher(folder_key, of, id).seal(0, crypto::Last::yes, bytes_of(wire::encode(text)));
}

Result<Label> open_label(ByteView folder_key, LabelOf of, AttachmentId id, ByteView sealed) {
  Bytes plain;
  JX_CHECK(label_cipher(folder_key, of, id).open(0, crypto::Last::yes, sealed, plain));
  JX_TRY(text, wire::decode<LabelText>(text_of(plain)));
  Label label{std::move(text.name), {}};
  if (text.sha256) {
    JX_TRY(octets, from_hex(*text.sha256));
    crypto::Digest digest{};
    if (octets.size() != digest.size()) return fail(ErrorCode::corrupt, {"the label of a file cannot be read", "附件标签无法读取"});
    std::ranges::copy(octets, digest.begin());
    label.sha256 = digest;
  }
  return label;
}

Result<std::optional<UploadRow>> upload_row(db::Tx& tx, AttachmentId id) {
  JX_TRY(row, tx.one(sql::upload_one, id));
  if (!row) return std::optional<UploadRow>();
  UploadRow upload;
  upload.id = row->id<AttachmentId>(0);
  JX_TRY(folder, Uuid::from_bytes(row->bytes(1)));
  upload.folder = folder;
  upload.size = static_cast<std::uint64_t>(row->integer(2));
  upload.received = static_cast<std::uint64_t>(row->integer(3));
  upload.material = row->text(4);
  const std::string_view types = row->text(5);
  for (std::size_t at = 0; at < types.size();) {
    const auto end = std::min(types.find(',', at), types.size());
    if (const auto type = wire::enum_of<FileType>(types.substr(at, end - at))) upload.types.push_back(*type);
    at = end + 1;
  }
  upload.sealed = row->bytes(6);
  upload.account = row->id<AccountId>(7);
  upload.expires_at = row->instant(8);
  return std::optional(std::move(upload));
}

Result<crypto::Digest> stored_hash(db::Tx& tx, AttachmentId content) {
  crypto::Sha256 hash;
  JX_CHECK(tx.each(
      sql::chunk_hashes,
      [&](db::Row&& row) -> Result<> {
        hash.update(row.bytes(0));
        return {};
      },
      content));
  return hash.finish();
}

Result<Folder> Files::folder_for(const Owner& owner) const {
  JX_TRY(known, tx.one(sql::folder_of, owner.id.bytes()));
  if (known) return folder_from(*known, store.keys_);
  const auto id = Uuid::make(ctx.clock, ctx.random);
  auto key = crypto::random_bytes(key_bytes);
  const crypto::SecureBytes secret{ByteView(key)};
  std::ranges::fill(key, std::uint8_t{0});
  JX_TRY(sealed, store.keys_.seal(secret.view(), key_place(id)));
  JX_CHECK(tx.run(sql::folder_make, id.bytes(), owner.id.bytes(), static_cast<std::int64_t>(owner.kind), sealed));
  JX_TRY(made, tx.one(sql::folder_of, owner.id.bytes()));
  if (!made) return fail(ErrorCode::internal, "a folder of attachments was made and is not there");
  return folder_from(*made, store.keys_);
}

Result<Folder> Files::folder(const Uuid& id) const {
  JX_TRY(row, tx.one(sql::folder_one, id.bytes()));
  if (!row) return fail(ErrorCode::not_found, {"there is no such file", "没有该附件"});
  return folder_from(*row, store.keys_);
}

Result<Folder> Files::reserve(const NewFile& file) const {
  const auto& limits = store.limits_;
  JX_CHECK(check_size(file, limits));
  JX_TRY(found, folder_for(file.owner));
  if (found.files >= limits.files_max) return too_many(limits.files_max);
  if (found.octets + file.size > limits.folder_bytes_max) {
    const auto most = in_mebibytes(limits.folder_bytes_max);
    return fail(ErrorCode::too_large,
                {"all files of one application may have " + most + " MiB together: remove some, or make them smaller",
                 "一件申请的附件合计不得超过" + most + "MB，请删除一些或压缩后上传"},
                "/size");
  }
  if (file.rule.files_max > 0) {
    JX_TRY(added, tx.one(sql::attachments_of_material, found.id.bytes(), file.material));
    JX_TRY(coming, tx.one(sql::uploads_of_material, found.id.bytes(), file.material));
    if (added->integer(0) + coming->integer(0) >= file.rule.files_max) {
      const auto n = std::to_string(file.rule.files_max);
      return fail(ErrorCode::too_large, {"this material takes " + n + " file(s) at most: remove one first", "该材料最多上传" + n + "份，请先删除"},
                  "/material");
    }
  }
  JX_CHECK(tx.run(sql::folder_grow, found.id.bytes(), 1, file.size));
  return std::move(found);
}

Result<crypto::Digest> Files::write_chunks(const Folder& folder, AttachmentId content, std::uint64_t size, std::uint64_t offset,
                                           ByteView octets) const {
  const auto cipher = folder.octets_of(content);
  auto number = static_cast<std::uint32_t>(offset / chunk_bytes);
  crypto::Sha256 hash;
  for (std::size_t at = 0; at < octets.size(); at += chunk_bytes, ++number) {
    const auto sealed = cipher.seal(number, last_of(number, size), octets.subspan(at, std::min(chunk_bytes, octets.size() - at)));
    const auto sha256 = crypto::sha256(sealed);
    hash.update(ByteView(sha256));
    JX_CHECK(tx.run(sql::chunk_insert, content, std::int64_t{number}, sealed, ByteView(sha256)));
  }
  return hash.finish();
}

Result<> waste(db::Tx& tx, AttachmentId content) {
  JX_CHECK(tx.run(sql::waste_put, content));
  return {};
}

boost::json::object body_of(const Attachment& attachment) {
  boost::json::object body{{"attachment", attachment.id.text()},
                           {"name_sha256", to_hex(crypto::sha256(bytes_of(attachment.name)))},
                           {"octets", attachment.size},
                           {"type", wire::name_of(attachment.type)}};
  if (attachment.sha256) body["sha256"] = to_hex(*attachment.sha256);
  if (!attachment.material.empty()) body["material"] = attachment.material;
  return body;
}

}  // namespace jx::attachments
