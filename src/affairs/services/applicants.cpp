// Who applies, as others see them; and what the gateway must know of cases, drafts and people.
#include "services_sql.hpp"

#include <jx/identity.hpp>
#include <jx/identity/codes.hpp>
#include <jx/services.hpp>
#include <jx/text.hpp>

#include <algorithm>

namespace jx::services {
namespace {

constexpr std::string_view citizen_id = "cn.citizen-id";
constexpr std::string_view credit_code = "cn.credit-code";

/// The code by which a county knows somebody first: the citizen id or credit code, else whatever there is.
const Code* main_code(const std::vector<Code>& codes, std::string_view preferred) {
  const auto found = std::ranges::find(codes, preferred, &Code::scheme);
  if (found != codes.end()) return &*found;
  return codes.empty() ? nullptr : &codes.front();
}

/// What one matter says of its applicant.
Result<exchange::Matter> matter_of(db::Tx& tx, const ItemId& item, const PersonId& person, const std::optional<FirmId>& firm,
                                   const std::optional<PersonId>& principal) {
  exchange::Matter matter;
  matter.item = item;
  matter.person = person;
  JX_TRY(applicant, identity::person(tx, principal.value_or(person)));  // who holds a mandate is not whom it is about
  matter.codes = applicant.codes;
  if (firm) {
    JX_TRY(represented, identity::firm(tx, *firm));
    matter.codes.insert(matter.codes.end(), represented.codes.begin(), represented.codes.end());
  }
  return matter;
}

bool is_open(cases::CaseState state) {
  return state == cases::CaseState::running || state == cases::CaseState::paused || state == cases::CaseState::waiting_for_applicant ||
         state == cases::CaseState::incident;
}

}  // namespace

Result<PartyView> party_view(db::Tx& tx, const cases::Party& party, bool whole) {
  PartyView view;
  const Code* code = nullptr;
  std::vector<Code> codes;
  if (party.kind == cases::Party::Kind::firm) {
    JX_TRY(firm, identity::firm(tx, FirmId(party.id)));
    view.kind = ApplicantKind::firm;
    view.name = firm.name;
    codes = firm.codes;
    code = main_code(codes, credit_code);
  } else {
    JX_TRY(person, identity::person(tx, PersonId(party.id)));
    view.name = person.name;
    codes = person.codes;
    code = main_code(codes, citizen_id);
  }
  if (code != nullptr) view.scheme = code->scheme;
  if (code != nullptr) view.code = whole || party.kind == cases::Party::Kind::firm ? code->value : text::masked(*code);
  return view;
}

Result<std::vector<cases::Party>> parties_of(db::Tx& tx, const Context& ctx, LocalDate today) {
  std::vector<cases::Party> parties{cases::Party(ctx.actor.person)};
  JX_TRY(represented, identity::represented(tx, ctx.actor.person, today));
  for (const auto& other : represented) {
    if (other.principal.kind == identity::Principal::Kind::firm)
      parties.emplace_back(FirmId(other.principal.id));
    else
      parties.emplace_back(PersonId(other.principal.id));
  }
  return parties;
}

Result<bool> may_see(db::Tx& tx, const Context& ctx, const cases::Party& party, const ItemId& item, LocalDate today) {
  if (party == cases::Party(ctx.actor.person)) return true;
  if (party.kind == cases::Party::Kind::none) return false;
  const auto principal = party.kind == cases::Party::Kind::firm ? identity::Principal(FirmId(party.id)) : identity::Principal(PersonId(party.id));
  const auto right = identity::authority(tx, ctx.actor.person, principal, item, today);
  if (!right && right.error().code == ErrorCode::forbidden) return false;
  if (!right) return std::unexpected(right.error());
  return right->kind != identity::Authority::Kind::mandate || !item.empty();
}

Result<exchange::Matter> GatewayFacts::matter(db::Tx& tx, const Uuid& id) {
  JX_TRY(row, tx.one(sql::draft_one, id.bytes()));
  if (row) {
    std::optional<FirmId> firm;
    if (!row->null(3)) firm = row->id<FirmId>(3);
    std::optional<PersonId> principal;
    if (!row->null(10)) principal = row->id<PersonId>(10);
    JX_TRY(matter, matter_of(tx, row->key<ItemId>(1), row->id<PersonId>(2), firm, principal));
    matter.open = matter.draft = true;
    if (!row->null(8)) matter.counter = row->id<AccountId>(8);
    return matter;
  }
  JX_TRY(summary, engine_.summary(tx, CaseId(id)));
  JX_TRY(from, application(tx, CaseId(id)));
  JX_TRY(matter, matter_of(tx, from.item, from.person, from.firm, from.principal));
  matter.open = is_open(summary.state);
  matter.number = summary.number;
  JX_TRY(of, item(tx, from.item));
  for (const auto& unit : of.units) {
    JX_TRY(handles, engine_.handles(tx, CaseId(id), unit));
    if (handles) matter.units.push_back(unit);
  }
  return matter;
}

Result<std::optional<PersonId>> GatewayFacts::person(db::Tx& tx, const Code& code) { return identity::person_id_by_code(tx, code); }
Result<std::optional<FirmId>> GatewayFacts::firm(db::Tx& tx, const Code& code) {
  JX_CHECK(identity::ask_bearers_ahead(tx, code));  // whose code is no firm's is asked for as a person's
  return identity::firm_id_by_code(tx, code);
}

}  // namespace jx::services
