// list_comments.cpp - GET /api/v1/cases/{case}/comments (operation listComments).
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

Call::Answer list_comments(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<CaseId>("case"));
    JX_TRY(as, sight(call, tx, id));
    if (as != Sight::office) return fail(ErrorCode::forbidden, {"comments are for the offices", "批注仅供承办单位查看"});
    return call.deps.archive.reading(tx, id, [&](db::Tx& seen) { return comments_answer(call, seen, id); });
  });
}

}  // namespace jx::api
