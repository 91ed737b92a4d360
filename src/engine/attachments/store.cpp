// store.cpp - what is there: lists, octets, taking away, erasing.
#include "attachments_sql.hpp"
#include "folder.hpp"

#include <jx/cases/record.hpp>
#include <jx/text.hpp>
#include <jx/wire.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <array>

namespace jx::attachments {
namespace {

constexpr std::array tables{ledger::StateTable{"attachments.attachment", 1, 1, &sql::attachment_state, &sql::attachment_states}};

std::unexpected<Error> no_attachment() {
  return fail(ErrorCode::not_found, {"there is no such file, or it is not yours to see", "没有该附件，或您无权查看"});
}

struct Row {
  Attachment attachment;
  Uuid folder;
  std::optional<AttachmentId> content;
  crypto::SecureBytes key;  // of the folder; empty once erased
};

/// A row of attachment_one or attachments_of.
Result<Row> decode_row(const db::Row& r, const crypto::KeyRing& keys) {
  Row row;
  auto& a = row.attachment;
  a.id = r.id<AttachmentId>(0);
  JX_TRY(folder, Uuid::from_bytes(r.bytes(1)));
  row.folder = folder;
  if (!r.null(2)) row.content = r.id<AttachmentId>(2);
  a.readable = row.content.has_value();
  const auto type = wire::enum_of<FileType>(r.text(3));
  if (!type) return fail(ErrorCode::corrupt, {"a file is of a type that this program does not know", "附件类型未知"});
  a.type = *type;
  a.size = static_cast<std::uint64_t>(r.integer(4));
  a.material = r.text(5);
  a.added_by = r.id<AccountId>(7);
  a.unit = r.key<UnitId>(8);
  a.added_at = r.instant(9);
  if (!r.null(10)) a.removed_at = r.instant(10);
  if (!r.null(11)) a.removed_reason = r.text(11);
  JX_TRY(owner, Uuid::from_bytes(r.bytes(12)));
  a.owner.id = owner;
  a.owner.kind = static_cast<Owner::Kind>(r.integer(13));
  if (r.null(14)) return row;
  JX_TRY(key, keys.open(r.text(14), key_place(row.folder)));
  row.key = std::move(key);
  JX_TRY(label, open_label(row.key.view(), LabelOf::attachment, a.id, r.bytes(6)));
  a.name = std::move(label.name);
  a.sha256 = label.sha256;
  return row;
}

Result<Row> find(db::Tx& tx, AttachmentId id, const crypto::KeyRing& keys) {
  JX_TRY(row, tx.one(sql::attachment_one, id));
  if (!row) return no_attachment();
  return decode_row(*row, keys);
}

/// The octets of a content go when no attachment has them any more.
Result<> release(db::Tx& tx, AttachmentId content) {
  JX_TRY(used, tx.one(sql::content_used, content));
  if (used) return {};
  JX_CHECK(tx.run(sql::content_delete, content));
  return waste(tx, content);
}

Result<> check_reason(std::string_view reason, std::size_t chars_max, const char* field) {
  if (!text::check_utf8(reason) || reason.empty() || text::graphemes(reason) > chars_max) {
    const auto n = std::to_string(chars_max);
    return fail(ErrorCode::invalid, {"say why, in 1 to " + n + " characters", "请说明原因，1至" + n + "字"}, field);
  }
  return {};
}

/// Every content and upload of a folder belongs to nothing any more.
Result<> empty_folder(db::Tx& tx, ByteView folder) {
  JX_TRY(contents, tx.all(sql::contents_in, folder));
  for (const auto& row : contents) {
    JX_CHECK(tx.run(sql::content_delete, row.id<AttachmentId>(0)));
    JX_CHECK(waste(tx, row.id<AttachmentId>(0)));
  }
  JX_TRY(uploads, tx.all(sql::uploads_in, folder));
  for (const auto& row : uploads) {
    JX_CHECK(tx.run(sql::upload_delete, row.id<AttachmentId>(0)));
    JX_CHECK(waste(tx, row.id<AttachmentId>(0)));
  }
  return {};
}

Result<std::vector<ledger::StateHash>> states_of(db::Tx& tx, CaseId id) {
  std::vector<ledger::StateHash> states;
  JX_CHECK(tx.each(
      sql::attachment_states_of,
      [&](db::Row&& row) -> Result<> {
        states.push_back(ledger::state_from(tables[0], row));
        return {};
      },
      id));
  return states;
}

}  // namespace

std::span<const ledger::StateTable> state_tables() { return tables; }

Result<std::vector<Attachment>> Store::list(db::Tx& tx, const Owner& owner) const {
  JX_TRY(rows, tx.all(sql::attachments_of, owner.id.bytes()));
  std::vector<Attachment> list;
  for (const auto& r : rows) {
    JX_TRY(row, decode_row(r, keys_));
    list.push_back(std::move(row.attachment));
  }
  return list;
}

Result<Attachment> Store::attachment(db::Tx& tx, AttachmentId id) const {
  JX_TRY(row, find(tx, id, keys_));
  return std::move(row.attachment);
}

Result<std::string> Store::read(db::Tx& tx, AttachmentId id, std::uint64_t from, std::uint64_t count) const {
  JX_TRY(row, find(tx, id, keys_));
  const auto size = row.attachment.size;
  if (!row.content || row.key.empty()) {
    if (row.attachment.removed_at) return fail(ErrorCode::conflict, {"this file was taken away", "该附件已移除"});
    return fail(ErrorCode::conflict, {"the files of this case were erased for good", "该办件的附件已永久清除"});
  }
  if (from >= size || count == 0) return std::string();
  const auto until = from + std::min(count, size - from);
  const auto first = static_cast<std::uint32_t>(from / chunk_bytes);
  const auto last = static_cast<std::uint32_t>((until - 1) / chunk_bytes);
  Folder folder;
  folder.key = std::move(row.key);
  const auto cipher = folder.octets_of(*row.content);
  Bytes octets;
  octets.reserve(std::size_t{last - first + 1} * chunk_bytes);
  auto next = std::int64_t{first};
  JX_CHECK(tx.each(
      sql::chunks_between,
      [&](db::Row&& r) -> Result<> {
        if (r.integer(0) != next++) return fail(ErrorCode::corrupt, {"a part of a stored file is missing", "附件数据缺失"});
        const auto number = static_cast<std::uint32_t>(r.integer(0));
        return cipher.open(number, last_of(number, size), r.bytes(1), octets);
      },
      *row.content, std::int64_t{first}, std::int64_t{last}));
  const auto skipped = static_cast<std::size_t>(from - std::uint64_t{first} * chunk_bytes);
  if (octets.size() < skipped + (until - from)) return fail(ErrorCode::corrupt, {"a part of a stored file is missing", "附件数据缺失"});
  return std::string(text_of(ByteView(octets).subspan(skipped, static_cast<std::size_t>(until - from))));
}

Result<> Store::remove(db::Tx& tx, const Context& ctx, AttachmentId id, std::string_view reason) const {
  const Files files{*this, tx, ctx};
  JX_TRY(upload, upload_row(tx, id));
  if (upload) {
    if (upload->account != ctx.actor.account) return no_attachment();
    JX_CHECK(tx.run(sql::upload_delete, id));
    JX_CHECK(tx.run(sql::folder_grow, upload->folder.bytes(), -1, -static_cast<std::int64_t>(upload->size)));
    return waste(tx, id);
  }
  JX_TRY(row, find(tx, id, keys_));
  const auto& attachment = row.attachment;
  if (!attachment.readable) return fail(ErrorCode::conflict, {"this file was taken away already", "该附件已移除"});
  JX_CHECK(tx.run(sql::folder_grow, row.folder.bytes(), -1, -static_cast<std::int64_t>(attachment.size)));
  if (attachment.owner.kind == Owner::Kind::draft) {
    JX_CHECK(tx.run(sql::attachment_delete, id));
  } else {
    JX_CHECK(files.remove_from_case(attachment, reason));
  }
  return release(tx, *row.content);
}

Result<> Files::remove_from_case(const Attachment& attachment, std::string_view reason) const {
  JX_CHECK(check_reason(reason, reason_chars_max, "/reason"));
  if (attachment.added_by != ctx.actor.account)
    return fail(ErrorCode::forbidden, {"only who added a file can take it away", "只有添加附件的人才能移除"});
  const CaseId id(attachment.owner.id);
  JX_TRY(decided, cases::decided_since(tx, id, attachment.added_at));
  if (decided) {
    return fail(ErrorCode::conflict, {"somebody has decided on this case since the file was added: it stays. Add another, and say what is right",
                                      "添加附件后已有部门作出办理意见，不能移除；可另行补充并说明"});
  }
  JX_CHECK(tx.run(sql::attachment_remove, attachment.id, ctx.now(), reason));
  JX_TRY(state, ledger::state_of(tx, tables[0], attachment.id));
  auto body = body_of(attachment);
  body["reason"] = reason;
  JX_CHECK(cases::record(store.engine_, tx, ctx, id,
                         {cases::Beside::attachment_removed, std::string(reason), "case.attachment-removed", std::move(body), {std::move(state)}}));
  return {};
}

Result<> Store::file(db::Tx& tx, const Context& ctx, DraftId draft, CaseId case_id) const {
  JX_TRY(moved, tx.run(sql::folder_filed, draft, case_id));
  if (moved == 0) return {};
  JX_TRY(all, list(tx, Owner(case_id)));
  if (all.empty()) return {};
  boost::json::array files;
  for (const auto& attachment : all) files.emplace_back(body_of(attachment));
  JX_TRY(states, states_of(tx, case_id));
  const auto count = std::to_string(files.size());
  JX_CHECK(cases::record(engine_, tx, ctx, case_id,
                         {cases::Beside::attachments_filed, count, "case.attachments-filed", {{"files", std::move(files)}}, std::move(states)}));
  return {};
}

Result<> Store::show(db::Tx& tx, const Context& ctx, TaskId task, CaseId case_id, std::span<const AttachmentId> attachments) const {
  if (attachments.empty()) return {};
  JX_TRY(before, shown(tx, task));
  if (before.size() + attachments.size() > shown_max)
    return fail(ErrorCode::too_large, {"one task is shown at most 200 files", "一项任务最多可查看200份附件"}, "/attachments");
  boost::json::array files;
  for (const auto& id : attachments) {
    const auto found = attachment(tx, id);
    if (!found && found.error().code != ErrorCode::not_found) return std::unexpected(found.error());
    if (!found || found->owner != Owner(case_id) || !found->readable) return std::unexpected(under("/attachments", no_attachment().error()));
    JX_CHECK(tx.run(sql::task_show, task, id));
    files.emplace_back(body_of(*found));
  }
  const auto count = std::to_string(files.size());
  JX_CHECK(cases::record(engine_, tx, ctx, case_id,
                         {cases::Beside::attachments_shown, count, "case.attachments-shown", {{"task", task.text()}, {"files", std::move(files)}}, {}}));
  return {};
}

Result<ledger::EntryId> Store::erase(db::Tx& tx, const Context& ctx, CaseId case_id, std::string_view law, std::string_view reason) const {
  JX_CHECK(check_reason(law, 200, "/law"));
  JX_CHECK(check_reason(reason, reason_chars_max, "/reason"));
  JX_TRY(folder, tx.one(sql::folder_of, case_id));
  if (!folder) return fail(ErrorCode::not_found, {"this case has no files", "该办件没有附件"});
  if (folder->null(3)) return fail(ErrorCode::conflict, {"the files of this case were erased before", "该办件的附件已清除过"});
  JX_CHECK(empty_folder(tx, folder->bytes(0)));
  JX_CHECK(tx.run(sql::attachments_erase, folder->bytes(0), Bytes()));
  JX_CHECK(tx.run(sql::folder_erase, folder->bytes(0), ctx.now()));
  JX_TRY(states, states_of(tx, case_id));
  const auto count = states.size();
  return cases::record(engine_, tx, ctx, case_id,
                       {cases::Beside::attachments_erased,
                        std::string(law),
                        "case.attachments-erased",
                        {{"law", law}, {"reason", reason}, {"files", count}},
                        std::move(states)},
                       cases::Closed::allowed);
}

Result<> discard(db::Tx& tx, DraftId draft) {
  JX_TRY(folder, tx.one(sql::folder_of, draft));
  if (!folder) return {};
  JX_CHECK(empty_folder(tx, folder->bytes(0)));
  JX_CHECK(tx.run(sql::attachments_delete, folder->bytes(0)));
  JX_CHECK(tx.run(sql::folder_delete, folder->bytes(0)));
  return {};
}

Result<std::map<std::string, std::int64_t>> by_material(db::Tx& tx, const Owner& owner) {
  JX_TRY(rows, tx.all(sql::attachments_by_material, owner.id.bytes()));
  std::map<std::string, std::int64_t> counts;
  for (const auto& row : rows) counts[row.text(0)] = row.integer(1);
  return counts;
}

Result<std::vector<AttachmentId>> shown(db::Tx& tx, TaskId task) {
  JX_TRY(rows, tx.all(sql::task_sees, task));
  std::vector<AttachmentId> ids;
  for (const auto& row : rows) ids.push_back(row.id<AttachmentId>(0));
  return ids;
}

}  // namespace jx::attachments
