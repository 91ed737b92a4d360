#include "people_views.hpp"

#include <jx/ledger/search.hpp>
#include <jx/text.hpp>

#include <algorithm>
#include <set>

namespace jx::api {

namespace {

constexpr std::size_t reason_bytes_max = 800;
constexpr std::size_t changes_max = 50;

HoldingState holding_state(const identity::Holding& holding, LocalDate today) {
  if (holding.valid.to < holding.valid.from) return HoldingState::taken_back;
  if (today < holding.valid.from) return HoldingState::later;
  return holding.valid.to < today ? HoldingState::past : HoldingState::now;
}

Result<ChangeView> change_view(db::Tx& tx, const ledger::StoredEntry& entry) {
  ChangeView view{entry.id, entry.kind, entry.at, {}, {}};
  if (!entry.body) return view;
  JX_TRY(whole, wire::parse(*entry.body, {.bytes = ledger::body_bytes_max, .values = 1'000'000, .string_bytes = ledger::body_bytes_max}));
  if (!whole.is_object()) return view;
  const auto& object = whole.get_object();
  if (const auto* body = object.if_contains("body"); body != nullptr && body->is_object()) view.reason = text_member(body->get_object(), "reason");
  const auto* actor = object.if_contains("actor");
  const auto account = actor != nullptr && actor->is_object() ? text_member(actor->get_object(), "account") : std::nullopt;
  if (const auto id = account ? AccountId::parse(*account) : Result<AccountId>(fail(ErrorCode::not_found, {"none"}))) {
    JX_TRY(name, staff_name(tx, *id));
    view.by = std::move(name.name);
  }
  return view;
}

Result<std::vector<ChangeView>> changes_of(db::Tx& tx, std::string subject, std::string_view kinds) {
  ledger::Search wanted;
  wanted.subject = std::move(subject);
  JX_TRY(page, ledger::search(tx, wanted, 0, changes_max));
  std::vector<ChangeView> changes;
  for (const auto& found : page.entries) {
    if (!found.entry.kind.starts_with(kinds)) continue;
    JX_TRY(view, change_view(tx, found.entry));
    changes.push_back(std::move(view));
  }
  return changes;
}

Result<HoldingView> holding_view(const Call& call, db::Tx& tx, const identity::Holding& holding) {
  JX_TRY(post, held_post_name(tx, holding.post));
  HoldingView view{holding.id, std::move(post), holding_state(holding, call.today()), {}, {}, {}, {}};
  if (holding.valid.from != identity::since_ever) view.from = holding.valid.from;
  if (holding.valid.to != identity::for_ever) view.to = holding.valid.to;
  if (holding.stand_in_for) {
    JX_TRY(other, identity::person(tx, *holding.stand_in_for));
    view.stand_in_for = std::move(other.name);
  }
  return view;
}

bool lasts(const HoldingView& view) { return view.state == HoldingState::now || view.state == HoldingState::later; }

std::vector<std::string> actions_of(const PeopleRights& rights, const AccountDetail& detail) {
  std::vector<std::string> actions;
  if (detail.account.me) return actions;  // nobody changes her own rights
  if (rights.grants) {
    actions.emplace_back("give_post");
    actions.emplace_back("end_post");
  }
  if (!rights.manages) return actions;
  actions.emplace_back(detail.account.locked ? "unlock" : "lock");
  if (detail.powers.empty()) actions.emplace_back("reset_password");
  return actions;
}

}  // namespace

Result<PeopleRights> people_rights(const Call& call, db::Tx& tx) {
  PeopleRights rights;
  JX_TRY(grants, call.deps.access.allows(tx, call.ctx.actor, "rights.grant"));
  JX_TRY(manages, call.deps.access.allows(tx, call.ctx.actor, "accounts.manage"));
  JX_TRY(audits, call.deps.access.allows(tx, call.ctx.actor, "audit.read"));
  return PeopleRights{grants, manages, audits};
}

Result<std::string> reason_line(const std::string& text) {
  auto line = text::clean_line(text, reason_bytes_max);
  if (!line) return std::unexpected(under("/reason", std::move(line).error()));
  if (text::graphemes(*line) > 200) return fail(ErrorCode::invalid, {"at most 200 characters", "最多 200 个字符"}, "/reason");
  return line;
}

Result<LocalizedText> owner_name(db::Tx& tx, const identity::Account& account) {
  if (account.person.nil()) {
    JX_TRY(unit, identity::unit(tx, account.unit));
    return unit.name;
  }
  JX_TRY(person, identity::person(tx, account.person));
  return person.name;
}

Result<AccountView> account_view(const Call& call, db::Tx& tx, const identity::Account& account) {
  JX_TRY(name, owner_name(tx, account));
  const auto& actor = call.ctx.actor;
  const bool me = account.id == actor.account || (!account.person.nil() && account.person == actor.person);
  const auto kind = account.person.nil() ? AccountKind::machine : AccountKind::person;
  AccountView view{account.id, account.username, kind, std::move(name), account.disabled, me, {}};
  JX_TRY(holdings, identity::holdings_ever(tx, account));
  for (const auto& holding : holdings) {
    JX_TRY(one, holding_view(call, tx, holding));
    if (lasts(one)) view.posts.push_back(std::move(one));
  }
  return view;
}

Result<std::vector<identity::Power>> powers_of_posts(db::Tx& tx, const std::vector<PostId>& posts) {
  std::set<identity::Power> powers;
  for (const auto& key : posts) {
    JX_TRY(post, identity::post(tx, key));
    for (const auto& role_key : post.roles) {
      JX_TRY(role, identity::role(tx, role_key));
      for (const auto& allowance : role.permissions) {
        const auto* known = identity::permission(allowance.allow);
        if (known != nullptr && known->power != identity::Power::none) powers.insert(known->power);
      }
    }
  }
  return std::vector<identity::Power>(powers.begin(), powers.end());
}

Result<AccountDetail> account_detail(const Call& call, db::Tx& tx, const AccountId& id) {
  JX_TRY(account, identity::account(tx, id));
  JX_TRY(view, account_view(call, tx, account));
  AccountDetail detail{std::move(view), {}, {}, {}, {}};
  JX_TRY(holdings, identity::holdings_ever(tx, account));
  std::vector<PostId> lasting;
  for (const auto& holding : holdings) {
    JX_TRY(one, holding_view(call, tx, holding));
    if (lasts(one)) lasting.push_back(holding.post);
    JX_TRY(changes, changes_of(tx, ledger::subject("holding", holding.id), "right."));
    one.changes = std::move(changes);
    detail.history.push_back(std::move(one));
  }
  JX_TRY(powers, powers_of_posts(tx, lasting));
  detail.powers = std::move(powers);
  JX_TRY(changes, changes_of(tx, ledger::subject("account", id), "account."));
  detail.changes = std::move(changes);
  if (account.kind == Actor::Kind::machine) {
    JX_TRY(certificates, identity::certificates_of(tx, id));
    detail.certificates.emplace();
    for (auto& one : certificates)
      detail.certificates->insert(detail.certificates->begin(), ClientCertificateView{std::move(one.key), one.bound_at, one.ended_at});
  }
  JX_TRY(rights, people_rights(call, tx));
  detail.actions = actions_of(rights, detail);
  return detail;
}

Result<> require_granting(const Call& call, db::Tx& tx, const PostId& key) {
  boost::json::object object{{"post", key.text()}};
  if (const auto post = identity::post(tx, key)) object["unit"] = post->unit.text();
  return call.deps.access.require(tx, call.ctx, "rights.grant", object);
}

Result<> require_managing(const Call& call, db::Tx& tx, const AccountId& account) {
  return call.deps.access.require(tx, call.ctx, "accounts.manage", {{"account", account.text()}});
}

}  // namespace jx::api
