// list_attachments.cpp - GET /api/v1/attachments (operation listAttachments): those of a case or draft.
#include "attachment_views.hpp"
#include "handlers.hpp"

namespace jx::api {

namespace {

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

}  // namespace

Call::Answer list_attachments(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(owner, owner_of(call));
    JX_CHECK(require_files(call, tx, owner, Reach::see));
    JX_TRY(all, call.deps.attachments.list(tx, owner));
    AttachmentList list;
    for (const auto& attachment : all) {
      JX_TRY(view, attachment_view(call, tx, attachment));
      list.items.push_back(std::move(view));
    }
    return ok(list);
  });
}

}  // namespace jx::api
