// remove_attachment.cpp - POST /api/v1/attachments/{attachment}/remove (operation removeAttachment).
#include "attachment_views.hpp"
#include "handlers.hpp"

namespace jx::api {

namespace {

struct RemoveAttachment {
  std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(RemoveAttachment, (), (reason))

}  // namespace

Call::Answer remove_attachment(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<attachments::AttachmentId>("attachment"));
    JX_TRY(wanted, call.body<RemoveAttachment>());
    const auto& files = call.deps.attachments;
    auto found = files.attachment(tx, id);
    if (!found && found.error().code != ErrorCode::not_found) return std::unexpected(std::move(found).error());
    if (found) {
      JX_CHECK(require_files(call, tx, found->owner, Reach::change));
    } else {
      JX_TRY(under_way, files.upload(tx, call.ctx, id));
      JX_CHECK(require_files(call, tx, under_way.upload.owner, Reach::change));
    }
    JX_CHECK(files.remove(tx, call.ctx, id, wanted.reason.value_or("")));
    return http::no_content();
  });
}

}  // namespace jx::api
