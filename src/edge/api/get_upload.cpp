// get_upload.cpp - GET /api/v1/attachments/{attachment}/upload (operation getUpload): how far an upload is.
#include "attachment_views.hpp"
#include "handlers.hpp"

namespace jx::api {

Call::Answer get_upload(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<attachments::AttachmentId>("attachment"));
    JX_TRY(stands, call.deps.attachments.upload(tx, call.ctx, id));
    JX_CHECK(require_files(call, tx, stands.upload.owner, Reach::see));
    JX_TRY(view, upload_view(call, tx, stands));
    return upload_answer(200, view);
  });
}

}  // namespace jx::api
