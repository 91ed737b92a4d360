#include "attachment_views.hpp"
#include "views_cases.hpp"

namespace jx::api {

Result<attachments::Owner> owner_of(const Call& call) {
  JX_TRY(case_id, call.query("case"));
  JX_TRY(draft, call.query("draft"));
  if (case_id.has_value() == draft.has_value())
    return fail(ErrorCode::invalid, {"say whose files: those of a case or of a draft", "请指明办件或草稿"}, "/case");
  if (case_id) {
    auto id = CaseId::parse(*case_id);
    if (!id) return std::unexpected(under("/case", std::move(id).error()));
    return attachments::Owner(*id);
  }
  auto id = DraftId::parse(*draft);
  if (!id) return std::unexpected(under("/draft", std::move(id).error()));
  return attachments::Owner(*id);
}

Result<> require_files(const Call& call, db::Tx& tx, const attachments::Owner& owner, Reach reach) {
  if (owner.kind == attachments::Owner::Kind::draft) {
    if (reach == Reach::change) JX_CHECK(require_applying(call, tx));
    JX_CHECK(services::draft(tx, call.ctx, DraftId(owner.id), call.today()));
    return {};
  }
  const CaseId id(owner.id);
  JX_TRY(as, sight(call, tx, id));
  if (reach == Reach::see) return {};
  if (as == Sight::applicant) return require_applying(call, tx);
  JX_CHECK(call.require(tx, "cases.handle"));
  JX_TRY(handles, call.deps.cases.handles(tx, id, call.ctx.actor.unit));
  if (handles) return {};
  return fail(ErrorCode::forbidden, {"only who handles the case may add or take away files", "仅承办单位可增减附件"});
}

Result<AttachmentView> attachment_view(const Call& call, db::Tx& tx, const attachments::Attachment& attachment) {
  JX_TRY(unit, optional_unit(tx, attachment.unit));
  AttachmentView view;
  view.id = attachment.id;
  if (attachment.owner.kind == attachments::Owner::Kind::case_)
    view.case_ = CaseId(attachment.owner.id);
  else
    view.draft = DraftId(attachment.owner.id);
  view.name = attachment.name;
  view.type = attachment.type;
  view.media_type = attachments::media_type(attachment.type);
  view.size = attachment.size;
  if (attachment.sha256) view.sha256 = to_hex(*attachment.sha256);
  view.material = present(attachment.material);
  view.added_at = attachment.added_at;
  view.unit = std::move(unit);
  view.mine = attachment.added_by == call.ctx.actor.account;
  view.readable = attachment.readable;
  view.removed_at = attachment.removed_at;
  view.removed_reason = present(attachment.removed_reason);
  return view;
}

Result<UploadView> upload_view(const Call& call, db::Tx& tx, const attachments::Progress& progress) {
  UploadView view;
  view.id = progress.upload.id;
  view.size = progress.upload.size;
  view.offset = progress.upload.offset;
  view.expires_at = progress.upload.expires_at;
  if (progress.attachment) {
    JX_TRY(attachment, attachment_view(call, tx, *progress.attachment));
    view.attachment = std::move(attachment);
  }
  return view;
}

http::Response upload_answer(int status, const UploadView& view) {
  auto response = status == 201 ? created("/api/v1/attachments/" + view.id.text(), view) : ok(view);
  return std::move(response).with("Upload-Offset", std::to_string(view.offset));
}

}  // namespace jx::api
