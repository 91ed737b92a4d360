// mandates.cpp - mandates that a person gives and holds (operations listMandates, giveMandate, endMandate).
#include "mandate_views.hpp"

namespace jx::api {

namespace {

struct MandateHolder {
  Code code;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(MandateHolder, (), (code, name))

struct MandateWish {
  std::optional<FirmId> firm;
  MandateHolder to;
  std::vector<ItemId> items;
  bool reads_data = false;
  LocalDate until;
};
BOOST_DESCRIBE_STRUCT(MandateWish, (), (firm, to, items, reads_data, until))

Result<LocalizedText> principal_name(db::Tx& tx, const identity::Principal& principal) {
  const auto party = principal.kind == identity::Principal::Kind::firm ? cases::Party(FirmId(principal.id)) : cases::Party(PersonId(principal.id));
  JX_TRY(view, services::party_view(tx, party, false));
  return view.name;
}

Result<std::vector<MandateView>> mandate_views(const Call& call, db::Tx& tx, const std::vector<identity::Mandate>& mandates) {
  std::vector<MandateView> list;
  for (const auto& mandate : mandates) {
    MandateView view;
    view.id = mandate.id;
    JX_TRY(from, principal_name(tx, mandate.from));
    JX_TRY(to, principal_name(tx, identity::Principal(mandate.to)));
    view.from = std::move(from);
    view.to = std::move(to);
    for (const auto& key : mandate.items) {
      const auto item = services::item(tx, key);
      view.items.push_back({key, item ? item->name : LocalizedText({{"en", key.text()}})});
    }
    view.basis = mandate.basis;
    view.reads_data = mandate.reads_data;
    view.valid_from = mandate.valid.from;
    view.valid_to = mandate.valid.to;
    view.state = mandate.revoked_at                  ? MandateState::ended
                 : mandate.valid.to < call.today()   ? MandateState::over
                 : call.today() < mandate.valid.from ? MandateState::to_come
                                                     : MandateState::in_force;
    view.may_end = view.state == MandateState::in_force || view.state == MandateState::to_come;
    list.push_back(std::move(view));
  }
  return list;
}

Result<MandateList> all_mandates(const Call& call, db::Tx& tx) {
  JX_TRY(found, services::mandates_of(tx, call.ctx, call.today()));
  MandateList list;
  JX_TRY(given, mandate_views(call, tx, found.given));
  JX_TRY(held, mandate_views(call, tx, found.held));
  list.given = std::move(given);
  list.held = std::move(held);
  return list;
}

}  // namespace

Call::Answer list_mandates(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "services.apply"));
    JX_TRY(list, all_mandates(call, tx));
    return ok(list);
  });
}

Call::Answer give_mandate(Call& call) {
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "services.apply"));
    JX_TRY(wanted, call.body<MandateWish>());
    JX_TRY(id, services::give_mandate(tx, call.ctx, {wanted.firm, {wanted.to.code, wanted.to.name}, wanted.items, wanted.reads_data, wanted.until},
                                      call.today()));
    JX_TRY(list, all_mandates(call, tx));
    return created("/api/v1/mandates/" + id.text(), list);
  });
}

Call::Answer end_mandate(Call& call) {
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "services.apply"));
    JX_TRY(id, call.path<MandateId>("mandate"));
    JX_CHECK(services::end_mandate(tx, call.ctx, id, call.today()));
    JX_TRY(list, all_mandates(call, tx));
    return ok(list);
  });
}

}  // namespace jx::api
