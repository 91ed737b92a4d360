// upload.cpp - how a file comes: in pieces, or at once; looked at when it is whole.
#include "attachments_sql.hpp"
#include "folder.hpp"

#include <jx/cases/record.hpp>
#include <jx/wire.hpp>

#include <boost/json/object.hpp>

#include <algorithm>
#include <array>

namespace jx::attachments {
namespace {

constexpr std::array usual{FileType::pdf,  FileType::ofd,  FileType::jpeg, FileType::png, FileType::webp,
                           FileType::heic, FileType::docx, FileType::xlsx, FileType::text};

std::unexpected<Error> no_upload() {
  return fail(ErrorCode::not_found, {"there is no such upload of yours: begin it again", "没有该上传，请重新开始"});
}

std::vector<FileType> types_of(const Rule& rule) { return rule.types.empty() ? std::vector<FileType>(usual.begin(), usual.end()) : rule.types; }

UploadRow row_of(const Context& ctx, const NewFile& file, const Folder& folder, Micros kept) {
  UploadRow row;
  row.id = AttachmentId::make(ctx.clock, ctx.random);
  row.folder = folder.id;
  row.size = file.size;
  row.material = file.material;
  row.types = types_of(file.rule);
  row.account = ctx.actor.account;
  row.expires_at = ctx.now() + kept;
  return row;
}

Upload view_of(const UploadRow& row, const Owner& owner) { return {row.id, owner, row.size, row.received, row.expires_at}; }

Result<> check_piece(const UploadRow& upload, std::uint64_t offset, std::size_t count) {
  if (offset != upload.received) {
    const auto at = std::to_string(upload.received);
    return fail(ErrorCode::conflict, {"the upload stands at " + at + " octets: go on from there", "上传进度为" + at + "字节，请从该处继续"});
  }
  if (count > piece_bytes_max) return fail(ErrorCode::too_large, {"a piece has at most 1 MiB", "每次最多上传1MB"}, "/octets");
  if (count == 0) return fail(ErrorCode::invalid, {"a piece has at least one octet", "上传内容为空"}, "/octets");
  if (offset + count > upload.size)
    return fail(ErrorCode::invalid, {"more came than the size that was said: begin again", "上传内容超过声明的大小，请重新上传"}, "/octets");
  if (offset + count < upload.size && count % chunk_bytes != 0)
    return fail(ErrorCode::invalid, {"a piece that is not the last is a multiple of 65536 octets", "除最后一块外，每块大小应为65536字节的整数倍"},
                "/octets");
  return {};
}

/// What came before, in the clear.
Result<Bytes> octets_before(db::Tx& tx, const Folder& folder, const UploadRow& upload) {
  Bytes octets;
  octets.reserve(upload.size);
  const auto cipher = folder.octets_of(upload.id);
  std::int64_t next = 0;
  JX_CHECK(tx.each(
      sql::chunks_between,
      [&](db::Row&& row) -> Result<> {
        if (row.integer(0) != next++) return fail(ErrorCode::corrupt, {"a chunk of an upload is missing", "上传的数据块缺失"});
        const auto number = static_cast<std::uint32_t>(row.integer(0));
        return cipher.open(number, last_of(number, upload.size), row.bytes(1), octets);
      },
      upload.id, 0, INT32_MAX));
  if (octets.size() != upload.received) return fail(ErrorCode::corrupt, {"a chunk of an upload is missing", "上传的数据块缺失"});
  return octets;
}

/// Gives an upload up: its room and its octets.
Result<> give_up(db::Tx& tx, const UploadRow& upload) {
  JX_CHECK(tx.run(sql::upload_delete, upload.id));
  JX_CHECK(tx.run(sql::folder_grow, upload.folder.bytes(), -1, -static_cast<std::int64_t>(upload.size)));
  return waste(tx, upload.id);
}

}  // namespace

Result<Seen> look_at(ByteView octets, const Label& label, std::span<const FileType> types) {
  Seen seen;
  seen.sha256 = crypto::sha256(octets);
  if (label.sha256 && *label.sha256 != seen.sha256)
    return fail(ErrorCode::invalid, {"what came is not the file that was announced: upload it again", "上传内容与声明的文件不一致，请重新上传"},
                "/sha256");
  JX_TRY(type, sniff(octets));
  seen.type = type;
  JX_TRY(name, check_name(label.name, seen.type));
  seen.name = name;
  if (std::ranges::find(types, seen.type) != types.end()) return seen;
  const auto takes = list_words(types);
  const auto& is = words(seen.type);
  return fail(ErrorCode::invalid, {"a " + is.en + " is not taken here: " + takes.en, "此处不接受" + is.zh + "，可上传：" + takes.zh}, "/octets");
}

Result<Upload> Store::begin(db::Tx& tx, const Context& ctx, const NewFile& file) const {
  JX_TRY(name, check_name(file.name));
  const Files files{*this, tx, ctx};
  JX_TRY(folder, files.reserve(file));
  const auto row = row_of(ctx, file, folder, limits_.upload_kept);
  std::string types;
  for (const auto type : row.types) types.append(types.empty() ? "" : ",").append(wire::name_of(type));
  JX_CHECK(tx.run(sql::upload_insert, row.id, folder.id.bytes(), row.size, row.material, types,
                  seal_label(folder.key.view(), LabelOf::upload, row.id, {name, file.sha256}), row.account, row.expires_at));
  return view_of(row, folder.owner);
}

Result<Progress> Store::upload(db::Tx& tx, const Context& ctx, AttachmentId id) const {
  JX_TRY(row, upload_row(tx, id));
  if (row) {
    if (row->account != ctx.actor.account) return no_upload();
    JX_TRY(folder, (Files{*this, tx, ctx}.folder(row->folder)));
    return Progress{view_of(*row, folder.owner), {}};
  }
  auto done = attachment(tx, id);
  if (!done || done->added_by != ctx.actor.account) return no_upload();
  return Progress{{id, done->owner, done->size, done->size, {}}, std::move(*done)};
}

Result<Progress> Store::receive(db::Database& database, const Context& ctx, AttachmentId id, std::uint64_t offset, ByteView octets) const {
  struct Whole {
    UploadRow upload;
    std::optional<Result<Seen>> seen;
  };
  // What takes long is done on a snapshot: the act checks again that nothing came meanwhile.
  auto looked = database.read(ctx.deadline, [&](db::Tx& tx) -> Result<Whole> {
    JX_TRY(row, upload_row(tx, id));
    if (!row || row->account != ctx.actor.account) {
      JX_TRY(known, upload(tx, ctx, id));
      return fail(ErrorCode::conflict, {"this upload is complete", "该文件已上传完成"});
    }
    JX_CHECK(check_piece(*row, offset, octets.size()));
    Whole whole{std::move(*row), {}};
    if (offset + octets.size() < whole.upload.size) return whole;
    JX_TRY(folder, (Files{*this, tx, ctx}.folder(whole.upload.folder)));
    JX_TRY(file, octets_before(tx, folder, whole.upload));
    file.insert(file.end(), octets.begin(), octets.end());
    JX_TRY(label, open_label(folder.key.view(), LabelOf::upload, id, whole.upload.sealed));
    whole.seen = look_at(file, label, whole.upload.types);
    return whole;
  });
  if (!looked) return std::unexpected(std::move(looked).error());
  if (looked->seen && !*looked->seen) {
    JX_CHECK(database.write_guarded(ctx.deadline, [&](db::Tx& tx) -> Result<> {
      JX_TRY(row, upload_row(tx, id));
      return row ? give_up(tx, *row) : Result<>();
    }));
    return std::unexpected(std::move(*looked->seen).error());
  }
  return database.write_guarded(ctx.deadline, [&](db::Tx& tx) -> Result<Progress> {
    const Files files{*this, tx, ctx};
    JX_TRY(row, upload_row(tx, id));
    if (!row) return no_upload();
    JX_CHECK(check_piece(*row, offset, octets.size()));
    JX_TRY(folder, files.folder(row->folder));
    JX_CHECK(files.write_chunks(folder, id, row->size, offset, octets));
    const auto expires_at = ctx.now() + limits_.upload_kept;
    JX_TRY(advanced, tx.run(sql::upload_advance, id, offset, offset + octets.size(), expires_at));
    if (advanced != 1) return fail(ErrorCode::conflict, {"another piece came meanwhile", "已有其他数据块上传"});
    row->received = offset + octets.size();
    row->expires_at = expires_at;
    if (!looked->seen) return Progress{view_of(*row, folder.owner), {}};
    JX_TRY(attachment, files.complete(folder, *row, **looked->seen, {}));
    return Progress{{id, folder.owner, row->size, row->size, {}}, std::move(attachment)};
  });
}

Result<Attachment> Store::put(db::Tx& tx, const Context& ctx, const NewFile& file, ByteView octets) const {
  if (octets.size() > piece_bytes_max)
    return fail(ErrorCode::too_large, {"a file of more than 1 MiB is uploaded in pieces", "超过1MB的文件应分块上传"}, "/octets");
  NewFile whole = file;
  whole.size = octets.size();
  const Files files{*this, tx, ctx};
  JX_TRY(name, check_name(file.name));
  JX_TRY(seen, look_at(octets, {name, file.sha256}, types_of(file.rule)));
  JX_TRY(folder, files.reserve(whole));
  return files.complete(folder, row_of(ctx, whole, folder, limits_.upload_kept), seen, octets);
}

Result<Attachment> Files::complete(const Folder& folder, const UploadRow& upload, const Seen& seen, std::optional<ByteView> octets) const {
  const auto address = folder.address(seen.sha256);
  AttachmentId content = upload.id;
  crypto::Digest stored{};
  JX_TRY(known, tx.one(sql::content_at, folder.id.bytes(), ByteView(address)));
  if (known) {  // the same file again: kept once
    content = known->id<AttachmentId>(0);
    std::ranges::copy(known->bytes(1), stored.begin());
    if (!octets) JX_CHECK(waste(tx, upload.id));
  } else {
    auto hash = octets ? write_chunks(folder, upload.id, upload.size, 0, *octets) : stored_hash(tx, upload.id);
    if (!hash) return std::unexpected(std::move(hash).error());
    stored = *hash;
    JX_CHECK(tx.run(sql::content_insert, content, folder.id.bytes(), ByteView(address), upload.size, ByteView(stored)));
  }
  Attachment made{upload.id,         folder.owner,   seen.name, seen.type,    upload.size, seen.sha256, upload.material,
                  ctx.actor.account, ctx.actor.unit, ctx.now(), std::nullopt, {},          true};
  JX_CHECK(tx.run(sql::attachment_insert, made.id, folder.id.bytes(), content, wire::name_of(made.type), made.size, made.material,
                  seal_label(folder.key.view(), LabelOf::attachment, made.id, {made.name, made.sha256}), ByteView(stored), made.added_by, made.unit,
                  made.added_at));
  if (!octets) JX_CHECK(tx.run(sql::upload_delete, upload.id));
  if (made.owner.kind == Owner::Kind::case_) JX_CHECK(record_added(made));
  return made;
}

Result<> Files::record_added(const Attachment& attachment) const {
  JX_TRY(state, ledger::state_of(tx, state_tables().front(), attachment.id));
  cases::Record record{cases::Beside::attachment_added,
                       std::string(media_type(attachment.type)) + "\n" + std::to_string(attachment.size),
                       "case.attachment-added",
                       body_of(attachment),
                       {std::move(state)}};
  JX_CHECK(cases::record(store.engine_, tx, ctx, CaseId(attachment.owner.id), std::move(record)));
  return {};
}

Result<bool> sweep(db::Tx& tx, Instant now) {
  constexpr std::int64_t uploads_a_time = 100;
  constexpr std::int64_t chunks_a_time = 64;  // 4 MiB
  JX_TRY(expired, tx.all(sql::uploads_expired, now, uploads_a_time));
  for (const auto& row : expired) {
    UploadRow upload;
    upload.id = row.id<AttachmentId>(0);
    JX_TRY(folder, Uuid::from_bytes(row.bytes(1)));
    upload.folder = folder;
    upload.size = static_cast<std::uint64_t>(row.integer(2));
    JX_CHECK(give_up(tx, upload));
  }
  JX_TRY(some, tx.one(sql::waste_some));
  if (!some) return static_cast<std::int64_t>(expired.size()) == uploads_a_time;
  const auto content = some->id<AttachmentId>(0);
  JX_TRY(gone, tx.run(sql::chunks_delete, content, chunks_a_time));
  if (gone < chunks_a_time) JX_CHECK(tx.run(sql::waste_done, content));
  return true;
}

}  // namespace jx::attachments
