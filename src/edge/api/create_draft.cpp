// create_draft.cpp - POST /api/v1/drafts (operation createDraft).
#include "handlers.hpp"
#include "views_services.hpp"

namespace jx::api {

namespace {

struct Bearer {
  Code code;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(Bearer, (), (code, name))

struct NewDraft {
  ItemId item;
  std::optional<FirmId> firm;
  std::optional<Bearer> bearer;
  std::optional<PersonId> principal;
};
BOOST_DESCRIBE_STRUCT(NewDraft, (), (item, firm, bearer, principal))

}  // namespace

Call::Answer create_draft(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(wanted, call.body<NewDraft>());
    JX_CHECK(call.require(tx, wanted.bearer ? "services.accept_for_others" : "services.apply"));
    services::NewDraft fresh{wanted.item, wanted.firm, {}, wanted.principal};
    if (wanted.bearer) fresh.bearer = services::Bearer{wanted.bearer->code, wanted.bearer->name};
    JX_TRY(draft, services::create_draft(tx, call.ctx, fresh, call.today()));
    JX_TRY(view, draft_view(tx, draft));
    return with_version(created("/api/v1/drafts/" + draft.id.text(), view), draft.version);
  });
}

}  // namespace jx::api
