// submit_draft.cpp - POST /api/v1/drafts/{draft}/submit (operation submitDraft).
#include "handlers.hpp"
#include "views_services.hpp"

namespace jx::api {

Call::Answer submit_draft(Call& call) {
  Faults wrong;
  auto answer = call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    wrong.clear();
    JX_CHECK(require_applying(call, tx));
    JX_TRY(id, call.path<DraftId>("draft"));
    JX_TRY(version, call.if_match());
    const auto here = call.deps.jurisdiction();
    JX_TRY(receipt, services::submit(tx, call.ctx, call.deps.cases, call.deps.attachments, id, version,
                                     {call.today(), here->counter, *here->calendar}, &wrong));
    const ReceiptView view{receipt.id, receipt.number, receipt.entry, receipt.due_on, receipt.provisional};
    return created("/api/v1/cases/" + receipt.id.text(), view);
  });
  return with_faults(std::move(answer), std::move(wrong));
}

}  // namespace jx::api
