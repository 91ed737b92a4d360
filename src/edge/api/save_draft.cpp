// save_draft.cpp - PUT /api/v1/drafts/{draft} (operation saveDraft).
#include "handlers.hpp"
#include "views_services.hpp"

namespace jx::api {

namespace {

struct SaveDraft {
  Json form;
};
BOOST_DESCRIBE_STRUCT(SaveDraft, (), (form))

}  // namespace

Call::Answer save_draft(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(require_applying(call, tx));
    JX_TRY(id, call.path<DraftId>("draft"));
    JX_TRY(version, call.if_match());
    JX_TRY(saved, call.body<SaveDraft>());
    if (!saved.form.is_object()) return fail(ErrorCode::invalid, {"a form is an object", "表单须为对象"}, "/form");
    JX_TRY(draft, services::save_draft(tx, call.ctx, id, version, saved.form.get_object(), call.today()));
    return draft_answer(call, tx, draft);
  });
}

}  // namespace jx::api
