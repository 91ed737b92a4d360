// list_attachments.cpp - GET /api/v1/attachments (operation listAttachments): those of a case or draft.
#include "attachment_views.hpp"
#include "handlers.hpp"

namespace jx::api {

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
