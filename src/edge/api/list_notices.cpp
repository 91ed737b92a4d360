// list_notices.cpp - GET /api/v1/notices (operation listNotices).
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

Call::Answer list_notices(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(page, call.page());
    JX_TRY(found, cases::notices(call.deps.cases, tx, call.ctx, {page.limit, page.cursor}));
    NoticePage list;
    for (const auto& notice : found.items) {
      JX_TRY(unit, optional_unit(tx, notice.unit));
      NoticeView view{notice.id,       std::string(cases::name(notice.kind)),
                      notice.case_id,  notice.number,
                      std::nullopt,    std::nullopt,
                      std::move(unit), notice.open,
                      notice.due_on,   notice.at,
                      notice.seen_at,  localized(notice.words)};
      if (!notice.task.nil()) {
        view.task = notice.task;
        view.name = notice.name;
      }
      list.items.push_back(std::move(view));
    }
    list.next = present(found.next);
    return ok(list);
  });
}

}  // namespace jx::api
