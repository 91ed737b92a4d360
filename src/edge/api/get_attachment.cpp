// get_attachment.cpp - GET /api/v1/attachments/{attachment} (operation getAttachment): its octets, whole or a range of them.
#include "attachment_views.hpp"
#include "handlers.hpp"

#include <jx/cases/work.hpp>

#include <algorithm>

namespace jx::api {

namespace {

/// What a browser may do with a file that somebody sent: save it. Its type is what its octets are; nothing in it runs, whatever they are.
http::Response served(const attachments::Attachment& attachment, std::string octets, int status) {
  auto response = http::content(attachments::media_type(attachment.type), std::move(octets));
  response.status = status;
  response.with("Content-Disposition", "attachment; filename*=UTF-8''" + http::percent_encode(attachment.name));
  response.with("Content-Security-Policy", "sandbox; default-src 'none'");
  response.with("Accept-Ranges", "bytes");
  response.with("Cache-Control", "private, no-store");
  return response;
}

/// Who contributes to a case sees the files that its task shows, while it is open.
Result<> require_shown(const Call& call, db::Tx& tx, const attachments::Attachment& attachment, TaskId id) {
  JX_TRY(task, call.deps.cases.task(tx, call.ctx, id));
  JX_TRY(hers, cases::is_hers(call.deps.cases, tx, call.ctx, id));
  JX_TRY(shown, attachments::shown(tx, id));
  const bool open = task.state == cases::TaskState::free || task.state == cases::TaskState::claimed;
  if (open && hers && std::ranges::find(shown, attachment.id) != shown.end()) return {};
  return fail(ErrorCode::not_found, {"there is no such file, or it is not yours to see", "没有该附件，或您无权查看"});
}

}  // namespace

Call::Answer get_attachment(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<attachments::AttachmentId>("attachment"));
    JX_TRY(found, call.deps.attachments.attachment(tx, id));
    JX_TRY(named, call.query("task"));
    if (named) {
      JX_TRY(task, TaskId::parse(*named));
      JX_CHECK(require_shown(call, tx, found, task));
    } else {
      JX_CHECK(require_files(call, tx, found.owner, Reach::see));
    }
    http::ByteRange range{0, found.size};
    const auto field = call.request.header("Range");
    const auto kind = field ? http::parse_range(*field, found.size, range) : http::RangeKind::whole;
    if (kind == http::RangeKind::unsatisfiable) {
      auto response = http::problem({ErrorCode::invalid, {"the file has no such octets", "请求的范围超出文件"}, {}, nullptr});
      response.status = 416;
      return std::move(response).with("Content-Range", "bytes */" + std::to_string(found.size));
    }
    JX_TRY(octets, call.deps.attachments.read(tx, id, range.first, range.size));
    const bool part = kind == http::RangeKind::part;
    auto response = served(found, std::move(octets), part ? 206 : 200);
    if (part) {
      response.with("Content-Range",
                    "bytes " + std::to_string(range.first) + "-" + std::to_string(range.first + range.size - 1) + "/" + std::to_string(found.size));
    }
    return response;
  });
}

}  // namespace jx::api
