// upload_attachment.cpp - PATCH /api/v1/attachments/{attachment} (operation uploadAttachment): the next piece of a file.
#include "attachment_views.hpp"
#include "handlers.hpp"

#include <charconv>

namespace jx::api {

namespace {

Result<std::uint64_t> upload_offset(const http::Request& request) {
  const auto field = request.header("Upload-Offset").value_or("");
  std::uint64_t offset = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), offset);
  if (field.empty() || error != std::errc() || end != field.data() + field.size())
    return fail(ErrorCode::invalid, {"Upload-Offset says at which octet the piece begins", "请求头 Upload-Offset 应写明从第几字节开始"});
  return offset;
}

}  // namespace

Call::Answer upload_attachment(Call& call) {
  JX_TRY(id, call.path<attachments::AttachmentId>("attachment"));
  JX_TRY(offset, upload_offset(call.request));
  if (call.request.header("Content-Type").value_or("") != "application/octet-stream")
    return fail(ErrorCode::invalid, {"The body must be application/octet-stream.", "请求体应为 application/octet-stream。"});
  const auto& files = call.deps.attachments;
  JX_CHECK(call.deps.database.read(call.ctx.deadline, [&](db::Tx& tx) -> Result<> {
    JX_TRY(stands, files.upload(tx, call.ctx, id));
    return require_files(call, tx, stands.upload.owner, Reach::change);
  }));
  auto progress = files.receive(call.deps.database, call.ctx, id, offset, bytes_of(call.request.body()));
  if (!progress && progress.error().code != ErrorCode::conflict) return std::unexpected(std::move(progress).error());
  return call.read([&](db::Tx& tx) -> Call::Answer {
    if (!progress) {
      JX_TRY(stands, files.upload(tx, call.ctx, id));
      return http::problem(progress.error()).with("Upload-Offset", std::to_string(stands.upload.offset));
    }
    if (progress->attachment) call.deps.wake();
    JX_TRY(view, upload_view(call, tx, *progress));
    return upload_answer(200, view);
  });
}

}  // namespace jx::api
