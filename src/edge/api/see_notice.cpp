// see_notice.cpp - POST /api/v1/notices/{notice}/seen (operation seeNotice).
#include "handlers.hpp"

#include <jx/cases/notices.hpp>
#include "views.hpp"

namespace jx::api {

Call::Answer see_notice(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<cases::NoticeId>("notice"));
    JX_CHECK(cases::see_notice(call.deps.cases, tx, call.ctx, id));
    return http::no_content();
  });
}

}  // namespace jx::api
