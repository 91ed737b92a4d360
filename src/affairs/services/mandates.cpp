#include <jx/services/mandates.hpp>

#include <jx/messages.hpp>

#include <algorithm>

namespace jx::services {
namespace {

Result<LocalizedText> name_of(db::Tx& tx, const identity::Principal& principal) {
  if (principal.kind == identity::Principal::Kind::firm) {
    JX_TRY(firm, identity::firm(tx, FirmId(principal.id)));
    return firm.name;
  }
  JX_TRY(person, identity::person(tx, PersonId(principal.id)));
  return person.name;
}

cases::Party party_of(const identity::Principal& principal) {
  return principal.kind == identity::Principal::Kind::firm ? cases::Party(FirmId(principal.id)) : cases::Party(PersonId(principal.id));
}

/// Number and name together: with one alone nobody learns the other.
Result<PersonId> bearer_of(db::Tx& tx, const Bearer& bearer) {
  const auto none = [] {
    return fail(ErrorCode::not_found, {"nobody in the register has this number and this name", "登记库中没有与此证件号码和姓名相符的人"}, "/to");
  };
  auto found = identity::person_by_code(tx, bearer.code);
  if (!found && (found.error().code == ErrorCode::not_found || found.error().code == ErrorCode::invalid)) return none();
  if (!found) return std::unexpected(std::move(found).error());
  const auto& names = found->name.by_language();
  if (std::ranges::none_of(names, [&](const auto& name) { return name.second == bearer.name; })) return none();
  return found->id;
}

Result<> check(db::Tx& tx, const NewMandate& wanted, LocalDate today) {
  if (wanted.until < today || today + 366 * mandate_years_max < wanted.until)
    return fail(ErrorCode::invalid, {"a mandate ends today or later, within five years", "授权的到期日应在今天至五年之内"}, "/until");
  if (wanted.items.size() > identity::mandate_items_max) return fail(ErrorCode::too_large, {"too many items", "事项过多"}, "/items");
  for (std::size_t i = 0; i < wanted.items.size(); ++i) {
    if (const auto known = item(tx, wanted.items[i]); !known) return std::unexpected(under("/items/" + std::to_string(i), known.error()));
  }
  return {};
}

}  // namespace

Result<MandateId> give_mandate(db::Tx& tx, const Context& ctx, const NewMandate& wanted, LocalDate today) {
  JX_CHECK(check(tx, wanted, today));
  const auto from = wanted.firm ? identity::Principal(*wanted.firm) : identity::Principal(ctx.actor.person);
  JX_TRY(to, bearer_of(tx, wanted.to));
  JX_TRY(before, identity::mandates_from(tx, from));
  const auto in_force = std::ranges::count_if(before, [&](const auto& one) { return !one.revoked_at && !(one.valid.to < today); });
  if (static_cast<std::size_t>(in_force) >= mandates_max)
    return fail(ErrorCode::limited, {"fifty mandates are in force: end some first", "有效授权已达50份，请先终止一些"});
  const LocalizedText basis({{"en", "Given online"}, {"zh-CN", "在线授权"}});
  JX_TRY(id, identity::give_mandate(tx, ctx, {from, to, wanted.items, basis, {today, wanted.until}, wanted.reads_data}, today, false));
  JX_TRY(name, name_of(tx, from));
  messages::NewMessage message{cases::Party(to), messages::Kind::mandate_given, {}, {}, {}, {}};
  message.facts.who = std::move(name);
  message.facts.on = wanted.until;
  JX_CHECK(messages::post(tx, ctx, message));
  return id;
}

Result<> end_mandate(db::Tx& tx, const Context& ctx, const MandateId& id, LocalDate today) {
  const auto none = [] { return fail(ErrorCode::not_found, {"there is no such mandate of yours", "您没有该授权"}); };
  auto found = identity::mandate(tx, id);
  if (!found && found.error().code == ErrorCode::not_found) return none();
  if (!found) return std::unexpected(std::move(found).error());
  const bool holds = found->to == ctx.actor.person;
  const auto ended = identity::revoke_mandate(tx, ctx, id, today, false);
  if (!ended && ended.error().code == ErrorCode::forbidden) return none();  // whose it is stays theirs
  JX_CHECK(ended);
  JX_TRY(name, name_of(tx, holds ? identity::Principal(ctx.actor.person) : found->from));
  messages::NewMessage message{holds ? party_of(found->from) : cases::Party(found->to), messages::Kind::mandate_ended, {}, {}, {}, {}};
  message.facts.who = std::move(name);
  return messages::post(tx, ctx, message);
}

Result<Mandates> mandates_of(db::Tx& tx, const Context& ctx, LocalDate today) {
  Mandates all;
  JX_TRY(own, identity::mandates_from(tx, identity::Principal(ctx.actor.person)));
  all.given = std::move(own);
  JX_TRY(others, identity::represented(tx, ctx.actor.person, today));
  for (const auto& other : others) {
    if (other.authority.kind != identity::Authority::Kind::representative) continue;
    JX_TRY(of_firm, identity::mandates_from(tx, other.principal));
    std::ranges::move(of_firm, std::back_inserter(all.given));
  }
  JX_TRY(held, identity::mandates_to(tx, ctx.actor.person));
  all.held = std::move(held);
  return all;
}

}  // namespace jx::services
