// create_draft.cpp - POST /api/v1/drafts (operation createDraft).
#include "handlers.hpp"
#include "views_services.hpp"

namespace jx::api {

namespace {

struct NewDraft {
  ItemId item;
  std::optional<FirmId> firm;
};
BOOST_DESCRIBE_STRUCT(NewDraft, (), (item, firm))

}  // namespace

Call::Answer create_draft(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "services.apply"));
    JX_TRY(wanted, call.body<NewDraft>());
    JX_TRY(draft, services::create_draft(tx, call.ctx, {wanted.item, wanted.firm}, call.today()));
    JX_TRY(view, draft_view(tx, draft));
    return with_version(created("/api/v1/drafts/" + draft.id.text(), view), draft.version);
  });
}

}  // namespace jx::api
