#include "identity_sql.hpp"
#include "store.hpp"

#include <jx/db/ahead.hpp>
#include <jx/identity/codes.hpp>
#include <jx/identity/directory.hpp>
#include <jx/text.hpp>

#include <algorithm>
#include <set>

namespace jx::identity {
namespace {

Result<std::vector<Code>> codes_of(db::Tx& tx, const db::Query& query, ByteView id) {
  std::vector<Code> codes;
  JX_CHECK(tx.each(
      query,
      [&](db::Row&& row) -> Result<> {
        codes.push_back({row.text(0), row.text(1)});
        return {};
      },
      id));
  return codes;
}

const Code* code_in(const std::vector<Code>& codes, std::string_view scheme) {
  const auto found = std::ranges::find(codes, scheme, &Code::scheme);
  return found == codes.end() ? nullptr : &*found;
}

/// Every code is right, of another scheme than the others, and nobody else's.
Result<> check_codes(db::Tx& tx, const std::vector<Code>& codes, const db::Query& by_code) {
  if (codes.empty() || codes.size() > codes_max) {
    return fail(ErrorCode::invalid,
                {"one to " + std::to_string(codes_max) + " codes are needed", "须有1至" + std::to_string(codes_max) + "个证件号码"}, "/codes");
  }
  std::set<std::string> schemes;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const std::string at = "/codes/" + std::to_string(i);
    if (auto checked = text::check_code(codes[i]); !checked) return std::unexpected(under(at, std::move(checked).error()));
    if (!schemes.insert(codes[i].scheme).second) return fail(ErrorCode::invalid, {"two codes of one scheme", "同一类证件重复"}, at + "/scheme");
    JX_TRY(other, tx.one(by_code, codes[i].scheme, codes[i].value));
    if (other) return fail(ErrorCode::conflict, {"this code is somebody else's", "该证件号码已登记在他人名下"}, at + "/value");
  }
  return {};
}

std::optional<LocalDate> date_or_none(const db::Row& row, std::size_t column) {
  return row.null(column) ? std::nullopt : std::optional(row.date(column));
}

std::unexpected<Error> may_not_act() {
  return fail(ErrorCode::forbidden,
              {"you may not act for this person or firm in this matter: a mandate is needed", "您无权代其办理此事项，需要有效的授权"});
}

}  // namespace

const Code* Person::code(std::string_view scheme) const { return code_in(codes, scheme); }
const Code* Firm::code(std::string_view scheme) const { return code_in(codes, scheme); }

Result<Person> person(db::Tx& tx, const PersonId& id) {
  JX_TRY(row, tx.one(sql::person_one, id));
  if (!row) return fail(ErrorCode::not_found, {"there is no such person", "没有此人"});
  JX_TRY(name, localized(row->text(0)));
  JX_TRY(codes, codes_of(tx, sql::person_codes, id.bytes()));
  return Person{id, std::move(name), std::move(codes)};
}

Result<std::optional<PersonId>> person_id_by_code(db::Tx& tx, const Code& code) {
  JX_TRY(row, tx.one(sql::person_by_code, code.scheme, code.value));
  return row ? std::optional(row->id<PersonId>(0)) : std::nullopt;
}

Result<> ask_bearers_ahead(db::Tx& tx, const Code& code) {
  JX_CHECK(db::ask_ahead(tx, sql::firm_by_code, code.scheme, code.value));
  return db::ask_ahead(tx, sql::person_by_code, code.scheme, code.value);
}

Result<Person> person_by_code(db::Tx& tx, const Code& code) {
  JX_TRY(id, person_id_by_code(tx, code));
  if (!id) return fail(ErrorCode::not_found, {"nobody has this code", "没有此号码的人员"});
  return person(tx, *id);
}

Result<Firm> firm(db::Tx& tx, const FirmId& id) {
  JX_TRY(row, tx.one(sql::firm_one, id));
  if (!row) return fail(ErrorCode::not_found, {"there is no such firm", "没有该企业"});
  JX_TRY(name, localized(row->text(0)));
  JX_TRY(codes, codes_of(tx, sql::firm_codes, id.bytes()));
  return Firm{id, std::move(name), std::move(codes), date_or_none(*row, 1), date_or_none(*row, 2)};
}

Result<std::optional<FirmId>> firm_id_by_code(db::Tx& tx, const Code& code) {
  JX_TRY(row, tx.one(sql::firm_by_code, code.scheme, code.value));
  return row ? std::optional(row->id<FirmId>(0)) : std::nullopt;
}

Result<Firm> firm_by_code(db::Tx& tx, const Code& code) {
  JX_TRY(id, firm_id_by_code(tx, code));
  if (!id) return fail(ErrorCode::not_found, {"no firm has this code", "没有此代码的企业"});
  return firm(tx, *id);
}

Result<PersonId> register_person(db::Tx& tx, const Context& ctx, const NewPerson& person) {
  JX_TRY(name, clean_name(person.name));
  JX_CHECK(check_codes(tx, person.codes, sql::person_by_code));
  const auto id = PersonId::make(ctx.clock, ctx.random);
  JX_CHECK(tx.run(sql::person_insert, id, nullptr, wire::encode(name), ctx.now()));
  ledger::Entry entry{"person.registered", {ledger::subject("person", id)}, {}, {}};
  for (const auto& code : person.codes) {
    JX_CHECK(tx.run(sql::person_code_insert, code.scheme, code.value, id));
    JX_TRY(state, ledger::state_of(tx, Tables::person_code, code.scheme, code.value));
    entry.state.push_back(std::move(state));
  }
  JX_TRY(state, ledger::state_of(tx, Tables::person, id));
  entry.state.push_back(std::move(state));
  JX_CHECK(ledger::append(tx, ctx, entry));
  return id;
}

Result<FirmId> register_firm(db::Tx& tx, const Context& ctx, const NewFirm& firm) {
  JX_TRY(name, clean_name(firm.name));
  JX_CHECK(check_codes(tx, firm.codes, sql::firm_by_code));
  const auto id = FirmId::make(ctx.clock, ctx.random);
  JX_CHECK(tx.run(sql::firm_insert, id, nullptr, wire::encode(name), firm.founded_on, nullptr, ctx.now()));
  ledger::Entry entry{"firm.registered", {ledger::subject("firm", id)}, {}, {}};
  for (const auto& code : firm.codes) {
    JX_CHECK(tx.run(sql::firm_code_insert, code.scheme, code.value, id));
    JX_TRY(state, ledger::state_of(tx, Tables::firm_code, code.scheme, code.value));
    entry.state.push_back(std::move(state));
  }
  JX_TRY(state, ledger::state_of(tx, Tables::firm, id));
  entry.state.push_back(std::move(state));
  JX_CHECK(ledger::append(tx, ctx, entry));
  if (firm.representative) JX_CHECK(set_representative(tx, ctx, id, *firm.representative, firm.founded_on.value_or(since_ever)));
  return id;
}

Result<> put_representative(db::Tx& tx, const FirmId& firm_id, const PersonId& person_id, LocalDate from, std::vector<ledger::StateHash>& states) {
  JX_TRY(rows, tx.all(sql::representatives_overlapping, firm_id, from));
  auto to = for_ever;
  const auto vouch = [&](LocalDate begin) -> Result<> {
    JX_TRY(state, ledger::state_of(tx, Tables::representative, firm_id, begin));
    states.push_back(std::move(state));
    return {};
  };
  for (const auto& row : rows) {
    const auto begin = row.date(0);
    if (begin > from) {  // one who comes later stays
      to = begin - 1;
      break;
    }
    if (begin == from) continue;  // replaced below
    JX_CHECK(tx.run(sql::representative_end, firm_id, begin, from - 1));
    JX_CHECK(vouch(begin));
  }
  JX_CHECK(tx.run(sql::representative_put, firm_id, from, person_id, to));
  return vouch(from);
}

Result<> set_representative(db::Tx& tx, const Context& ctx, const FirmId& firm_id, const PersonId& person_id, LocalDate from) {
  JX_CHECK(firm(tx, firm_id));
  JX_CHECK(person(tx, person_id));
  ledger::Entry entry{"representative.set", {ledger::subject("firm", firm_id), ledger::subject("person", person_id)}, {}, {}};
  JX_CHECK(put_representative(tx, firm_id, person_id, from, entry.state));
  JX_CHECK(ledger::append(tx, ctx, entry));
  return {};
}

Mandate mandate_of(const db::Row& row, std::size_t first) {
  Mandate mandate;
  mandate.id = row.id<MandateId>(first);
  mandate.from = row.null(first + 1) ? Principal(row.id<PersonId>(first + 2)) : Principal(row.id<FirmId>(first + 1));
  mandate.to = row.id<PersonId>(first + 3);
  if (auto items = wire::decode<std::vector<ItemId>>(row.text(first + 4)))
    mandate.items = std::move(*items);
  else
    mandate.items = {ItemId::trusted("unreadable")};  // permits nothing
  if (auto basis = localized(row.text(first + 5))) mandate.basis = std::move(*basis);
  mandate.valid = {row.date(first + 6), row.date(first + 7)};
  if (!row.null(first + 8)) mandate.revoked_at = row.instant(first + 8);
  mandate.reads_data = row.boolean(first + 9);
  return mandate;
}

Result<Authority> authority(db::Tx& tx, const PersonId& who, const Principal& principal, const ItemId& item, LocalDate on) {
  if (who.nil()) return may_not_act();
  if (principal == Principal(who)) return Authority{Authority::Kind::self, {}, true};
  if (principal.kind == Principal::Kind::firm) {
    JX_TRY(is, tx.one(sql::representative_is, FirmId(principal.id), who, on));
    if (is) return Authority{Authority::Kind::representative, {}, true};
  }
  JX_TRY(rows, tx.all(sql::mandates_of, who, on));
  std::optional<Authority> found;
  for (const auto& row : rows) {
    const auto mandate = mandate_of(row, 0);
    const bool covers = mandate.items.empty() || std::ranges::find(mandate.items, item) != mandate.items.end();
    if (mandate.from == principal && covers && (!found || mandate.reads_data))
      found = Authority{Authority::Kind::mandate, mandate.id, mandate.reads_data};
  }
  if (found) return *found;
  return may_not_act();
}

Result<std::vector<Represented>> represented(db::Tx& tx, const PersonId& who, LocalDate on) {
  std::vector<Represented> out;
  JX_TRY(firms, tx.all(sql::represented_firms, who, on));
  for (const auto& row : firms) {
    JX_TRY(name, localized(row.text(1)));
    out.push_back({Principal(row.id<FirmId>(0)), std::move(name), {Authority::Kind::representative, {}, true}, {}});
  }
  JX_TRY(mandates, tx.all(sql::mandates_of, who, on));
  for (const auto& row : mandates) {
    auto mandate = mandate_of(row, 0);
    JX_TRY(name, localized(row.text(10)));
    out.push_back({mandate.from, std::move(name), {Authority::Kind::mandate, mandate.id, mandate.reads_data}, std::move(mandate.items)});
  }
  return out;
}

Result<std::vector<PersonId>> agents_of(db::Tx& tx, const FirmId& firm, LocalDate first, LocalDate last) {
  JX_TRY(rows, tx.all(sql::agents_of_firm, firm, first, last, agents_listed_max));
  std::vector<PersonId> agents;
  for (const auto& row : rows) agents.push_back(row.id<PersonId>(0));
  return agents;
}

namespace {

/// Whether the actor disposes of the principal's rights.
Result<> check_giver(db::Tx& tx, const Context& ctx, const Principal& from, LocalDate today, bool by_office) {
  if (by_office || ctx.actor.kind == Actor::Kind::system) return {};
  JX_TRY(right, authority(tx, ctx.actor.person, from, ItemId(), today));
  if (right.kind == Authority::Kind::mandate) return fail(ErrorCode::forbidden, {"a mandate cannot be passed on", "不得转委托"});
  return {};
}

}  // namespace

Result<MandateId> give_mandate(db::Tx& tx, const Context& ctx, const NewMandate& mandate, LocalDate today, bool by_office) {
  JX_CHECK(check_giver(tx, ctx, mandate.from, today, by_office));
  if (mandate.from.kind == Principal::Kind::firm) {
    JX_CHECK(firm(tx, FirmId(mandate.from.id)));
  } else {
    JX_CHECK(person(tx, PersonId(mandate.from.id)));
  }
  JX_CHECK(person(tx, mandate.to));
  if (mandate.from == Principal(mandate.to)) return fail(ErrorCode::invalid, {"nobody needs a mandate to act for herself", "无须授权自己"}, "/to");
  if (mandate.valid.to < mandate.valid.from)
    return fail(ErrorCode::invalid, {"the mandate ends before it begins", "授权的结束早于开始"}, "/valid/to");
  if (mandate.items.size() > mandate_items_max) return fail(ErrorCode::too_large, {"too many items", "事项过多"}, "/items");
  const auto id = MandateId::make(ctx.clock, ctx.random);
  const bool firm_gives = mandate.from.kind == Principal::Kind::firm;
  const auto firm_id = firm_gives ? std::optional(FirmId(mandate.from.id)) : std::nullopt;
  const auto person_id = firm_gives ? std::nullopt : std::optional(PersonId(mandate.from.id));
  JX_CHECK(tx.run(sql::mandate_insert, id, nullptr, firm_id, person_id, mandate.to, wire::encode(mandate.items), wire::encode(mandate.basis),
                  mandate.valid.from, mandate.valid.to, mandate.reads_data));
  JX_TRY(state, ledger::state_of(tx, Tables::mandate, id));
  ledger::Entry entry{"mandate.given", {ledger::subject("mandate", id), ledger::subject("person", mandate.to)}, {}, {std::move(state)}};
  entry.subjects.push_back(firm_gives ? ledger::subject("firm", *firm_id) : ledger::subject("person", *person_id));
  JX_CHECK(ledger::append(tx, ctx, entry));
  return id;
}

Result<Mandate> mandate(db::Tx& tx, const MandateId& id) {
  JX_TRY(row, tx.one(sql::mandate_one, id));
  if (!row) return fail(ErrorCode::not_found, {"there is no such mandate", "没有该授权"});
  return mandate_of(*row, 0);
}

static Result<std::vector<Mandate>> mandates_in(const Result<std::vector<db::Row>>& rows) {
  if (!rows) return std::unexpected(rows.error());
  std::vector<Mandate> list;
  for (const auto& row : *rows) list.push_back(mandate_of(row, 0));
  return list;
}

Result<std::vector<Mandate>> mandates_from(db::Tx& tx, const Principal& principal) {
  const bool firm = principal.kind == Principal::Kind::firm;
  return mandates_in(tx.all(sql::mandates_from, firm ? std::optional(FirmId(principal.id)) : std::nullopt,
                            firm ? std::nullopt : std::optional(PersonId(principal.id)), mandates_listed_max));
}

Result<std::vector<Mandate>> mandates_to(db::Tx& tx, const PersonId& person) {
  return mandates_in(tx.all(sql::mandates_to, person, mandates_listed_max));
}

Result<> revoke_mandate(db::Tx& tx, const Context& ctx, const MandateId& id, LocalDate today, bool by_office) {
  JX_TRY(found, mandate(tx, id));
  if (found.to != ctx.actor.person) JX_CHECK(check_giver(tx, ctx, found.from, today, by_office));  // who holds it may lay it down
  if (found.revoked_at) return fail(ErrorCode::conflict, {"this mandate was revoked before", "该授权已撤销"});
  JX_CHECK(tx.run(sql::mandate_revoke, id, ctx.now()));
  JX_TRY(state, ledger::state_of(tx, Tables::mandate, id));
  JX_CHECK(
      ledger::append(tx, ctx, {"mandate.revoked", {ledger::subject("mandate", id), ledger::subject("person", found.to)}, {}, {std::move(state)}}));
  return {};
}

}  // namespace jx::identity
