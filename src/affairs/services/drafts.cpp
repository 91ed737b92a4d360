// Drafts: begun, saved, prefilled, submitted.
#include "materials.hpp"
#include "pointers.hpp"
#include "services_sql.hpp"

#include <jx/cases/forms.hpp>
#include <jx/identity.hpp>
#include <jx/services.hpp>
#include <jx/services/reviews.hpp>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace jx::services {
namespace {

std::unexpected<Error> no_draft() { return fail(ErrorCode::not_found, {"there is no such draft of yours", "没有该草稿"}); }

Result<Draft> decode_draft(const db::Row& row) {
  Draft draft;
  draft.id = row.id<DraftId>(0);
  draft.item = row.key<ItemId>(1);
  draft.person = row.id<PersonId>(2);
  if (!row.null(3)) draft.firm = row.id<FirmId>(3);
  JX_TRY(form, wire::parse(row.text(4)));
  draft.form = std::move(form.as_object());
  JX_TRY(prefills, wire::decode<std::vector<Prefill>>(row.text(5)));
  draft.prefills = std::move(prefills);
  draft.changed_at = row.instant(6);
  draft.version = row.integer(7);
  if (!row.null(8)) draft.counter = Counter{row.id<AccountId>(8), row.key<UnitId>(9)};
  if (!row.null(10)) draft.principal = row.id<PersonId>(10);
  if (!row.null(11)) {
    JX_TRY(result, wire::decode<ResultWish>(row.text(11)));
    draft.result = std::move(result);
  }
  return draft;
}

Result<> check_version(const Draft& draft, std::optional<std::int64_t> version) {
  if (!version || *version == draft.version) return {};
  return fail(ErrorCode::stale, {"the draft was changed elsewhere meanwhile: load it again", "草稿已在别处修改，请重新载入"});
}

Result<> store(db::Tx& tx, const Context& ctx, Draft& draft) {
  const auto form = boost::json::serialize(draft.form);
  if (form.size() > cases::form_bytes_max) return fail(ErrorCode::too_large, {"the form is larger than 256 KiB", "表单内容超过256KB"}, "/form");
  draft.changed_at = ctx.now();
  ++draft.version;
  JX_CHECK(tx.run(sql::draft_update, draft.id, form, wire::encode(draft.prefills), draft.changed_at));
  return {};
}

constexpr std::size_t list_records_max = 100;

Result<boost::json::array> records_of(const PrefillRule& rule, const exchange::Answer& answer) {
  boost::json::array list;
  for (const auto& row : answer.rows) {
    if (list.size() == list_records_max) break;
    boost::json::object record;
    for (std::size_t i = 0; i < answer.fields.size(); ++i) {
      const auto target = rule.fills.find(answer.fields[i].id);
      if (target != rule.fills.end() && !row[i].is_null()) JX_CHECK(set_pointer(record, target->second, row[i]));
    }
    list.push_back(std::move(record));
  }
  return list;
}

Result<> fill(Draft& draft, const PrefillRule& rule, const exchange::Answer& answer, const UnitId& provider) {
  Prefill prefill{rule.grant, answer.usage, answer.at, provider, static_cast<std::int64_t>(answer.rows.size()), {}};
  if (rule.list) {
    JX_TRY(records, records_of(rule, answer));
    JX_CHECK(set_pointer(draft.form, *rule.list, records));
    if (!answer.rows.empty()) prefill.filled.emplace(*rule.list, std::move(records));
  } else if (!answer.rows.empty()) {
    for (std::size_t i = 0; i < answer.fields.size(); ++i) {
      const auto target = rule.fills.find(answer.fields[i].id);
      const auto& value = answer.rows.front()[i];
      if (target == rule.fills.end() || value.is_null()) continue;
      JX_CHECK(set_pointer(draft.form, target->second, value));
      prefill.filled.emplace(target->second, value);
    }
  }
  draft.prefills.push_back(std::move(prefill));
  return {};
}

/// Who applies: the signed-in person, or whom the document at the counter names.
Result<PersonId> applicant_of(db::Tx& tx, const Context& ctx, const NewDraft& wanted) {
  if (!wanted.bearer) return ctx.actor.person;
  auto found = identity::person_by_code(tx, wanted.bearer->code);
  if (!found && found.error().code == ErrorCode::not_found)
    return fail(ErrorCode::not_found, {"nobody in the register has this number: look at the document again", "登记库中没有此证件号码，请核对证件"},
                "/bearer/code");
  if (!found) return std::unexpected(std::move(found).error());
  const auto& names = found->name.by_language();
  if (std::ranges::none_of(names, [&](const auto& name) { return name.second == wanted.bearer->name; }))
    return fail(ErrorCode::invalid, {"this number belongs to another name: look at the document again", "姓名与证件号码不符，请核对证件"},
                "/bearer/name");
  return found->id;
}

/// By which right the draft is filled in for whom it is for. Errors: forbidden, at `/firm` or `/principal`.
Result<identity::Authority> authority_of(db::Tx& tx, const PersonId& person, const std::optional<FirmId>& firm,
                                         const std::optional<PersonId>& principal, const ItemId& item, LocalDate today) {
  if (!firm && !principal) return identity::Authority{};
  auto found = identity::authority(tx, person, firm ? identity::Principal(*firm) : identity::Principal(*principal), item, today);
  if (!found) return std::unexpected(under(firm ? "/firm" : "/principal", found.error()));
  return found;
}

bool fills_in(const Context& ctx, const Draft& draft) {
  if (draft.counter && draft.counter->account == ctx.actor.account && draft.counter->unit == ctx.actor.unit) return true;
  return draft.person == ctx.actor.person && ctx.actor.post.empty();
}

/// Also one whose mandate is over: it can still be thrown away.
Result<Draft> begun(db::Tx& tx, const Context& ctx, DraftId id) {
  JX_TRY(row, tx.one(sql::draft_one, id));
  if (!row) return no_draft();
  JX_TRY(found, decode_draft(*row));
  if (!fills_in(ctx, found)) return no_draft();
  return found;
}

Result<bool> may_go_on(db::Tx& tx, const Draft& draft, LocalDate today) {
  auto right = authority_of(tx, draft.person, draft.firm, draft.principal, draft.item, today);
  if (!right && right.error().code != ErrorCode::forbidden) return std::unexpected(std::move(right).error());
  return right.has_value();
}

}  // namespace

std::vector<std::string> unchanged(const Prefill& prefill, const boost::json::object& form) {
  std::vector<std::string> pointers;
  for (const auto& [pointer, value] : prefill.filled) {
    const auto* now = at_pointer(form, pointer);
    if (now != nullptr && *now == value) pointers.push_back(pointer);
  }
  return pointers;
}

Result<Draft> create_draft(db::Tx& tx, const Context& ctx, const NewDraft& wanted, LocalDate today) {
  JX_TRY(of, item(tx, wanted.item));
  const auto kind = wanted.firm ? ApplicantKind::firm : ApplicantKind::person;
  if (std::ranges::find(of.who_may_apply, kind) == of.who_may_apply.end()) {
    return fail(ErrorCode::forbidden,
                kind == ApplicantKind::firm
                    ? Words{"firms cannot apply for this item; apply for yourself", "该事项不受理企业申请，请以个人身份申请"}
                    : Words{"persons cannot apply for this item; apply for a firm that you represent", "该事项不受理个人申请，请以所代表的企业申请"});
  }
  JX_TRY(person, applicant_of(tx, ctx, wanted));
  if (wanted.principal && (wanted.firm || wanted.bearer))
    return fail(ErrorCode::invalid, {"apply for a person, for a firm or at a counter: one of them", "代个人、代企业、窗口代办只能选其一"},
                "/principal");
  JX_CHECK(authority_of(tx, person, wanted.firm, wanted.principal, wanted.item, today));
  JX_TRY(mine, drafts(tx, ctx, today));
  if (mine.size() >= drafts_max) return fail(ErrorCode::limited, {"you have 50 drafts: discard some first", "草稿已达50份，请先删除一些"});
  Draft draft;
  draft.id = DraftId::make(ctx.clock, ctx.random);
  draft.item = wanted.item;
  draft.person = person;
  draft.firm = wanted.firm;
  if (wanted.bearer) draft.counter = Counter{ctx.actor.account, ctx.actor.unit};
  draft.principal = wanted.principal;
  draft.changed_at = ctx.now();
  JX_CHECK(tx.run(sql::draft_insert, draft.id, draft.item, draft.person, draft.firm, "{}", "[]", draft.changed_at,
                  draft.counter ? std::optional(draft.counter->account) : std::nullopt,
                  draft.counter ? std::optional(draft.counter->unit) : std::nullopt, draft.principal));
  return draft;
}

Result<Draft> draft(db::Tx& tx, const Context& ctx, DraftId id, LocalDate today) {
  JX_TRY(found, begun(tx, ctx, id));
  JX_TRY(right, may_go_on(tx, found, today));
  if (!right) return no_draft();
  return std::move(found);
}

Result<std::vector<Draft>> drafts(db::Tx& tx, const Context& ctx, LocalDate today) {
  JX_TRY(rows, ctx.actor.post.empty() ? tx.all(sql::drafts_of, ctx.actor.person) : tx.all(sql::drafts_at_counter, ctx.actor.account, ctx.actor.unit));
  std::vector<Draft> list;
  for (const auto& row : rows) {
    JX_TRY(found, decode_draft(row));
    JX_TRY(right, may_go_on(tx, found, today));
    if (right) list.push_back(std::move(found));
  }
  return list;
}

Result<Draft> save_draft(db::Tx& tx, const Context& ctx, DraftId id, std::optional<std::int64_t> version, const boost::json::object& form,
                         LocalDate today) {
  JX_TRY(found, draft(tx, ctx, id, today));
  JX_CHECK(check_version(found, version));
  found.form = form;
  JX_CHECK(store(tx, ctx, found));
  return found;
}

Result<Draft> choose_result(db::Tx& tx, const Context& ctx, DraftId id, std::optional<std::int64_t> version, const ResultWish& wish,
                            LocalDate today) {
  JX_TRY(found, draft(tx, ctx, id, today));
  JX_CHECK(check_version(found, version));
  JX_TRY(of, item(tx, found.item));
  JX_CHECK(check_wish(of, wish));
  found.result = wish;
  found.changed_at = ctx.now();
  ++found.version;
  JX_CHECK(tx.run(sql::draft_result, id, wire::encode(wish), found.changed_at));
  return found;
}

Result<> discard_draft(db::Tx& tx, const Context& ctx, DraftId id) {
  JX_CHECK(begun(tx, ctx, id));
  JX_CHECK(attachments::discard(tx, id));
  JX_CHECK(tx.run(sql::presentations_delete, id.uuid().bytes()));
  JX_CHECK(tx.run(sql::draft_delete, id));
  return {};
}

Result<Draft> prefill(db::Database& database, exchange::Gateway& gateway, const Context& ctx, DraftId id, const GrantId& grant, LocalDate today) {
  struct Wanted {
    Draft draft;
    PrefillRule rule;
    catalogue::Resource resource;
  };
  JX_TRY(wanted, database.read(ctx.deadline, [&](db::Tx& tx) -> Result<Wanted> {
    JX_TRY(found, begun(tx, ctx, id));
    JX_TRY(of, item(tx, found.item));
    JX_TRY(right, authority_of(tx, found.person, found.firm, found.principal, found.item, today));
    if (!right.reads_data)
      return fail(ErrorCode::forbidden,
                  {"the mandate does not allow to have this data read: fill the form in, or ask for a mandate that does",
                   "授权未包含读取数据：请自行填写，或请委托人在授权中允许读取数据"},
                  "/grant");
    const auto rules = of.prefill.value_or(std::vector<PrefillRule>());
    const auto rule = std::ranges::find(rules, grant, &PrefillRule::grant);
    if (rule == rules.end()) return fail(ErrorCode::invalid, {"the item does not fill its form by this grant", "该事项不使用此项授权预填"}, "/grant");
    JX_TRY(granted, exchange::grant(tx, today, grant));
    return Wanted{std::move(found), *rule, std::move(granted.resource)};
  }));
  if (std::ranges::find(wanted.draft.prefills, grant, &Prefill::grant) != wanted.draft.prefills.end()) return wanted.draft;

  exchange::Call call;
  call.resource = wanted.resource.id;
  call.grant = grant;
  call.matter = id.uuid();
  call.by_applicant = true;
  JX_TRY(answer, gateway.call(ctx, call));

  return database.write(ctx.deadline, [&](db::Tx& tx) -> Result<Draft> {
    JX_TRY(found, draft(tx, ctx, id, today));  // the mandate may have ended while the source was read
    if (std::ranges::find(found.prefills, grant, &Prefill::grant) != found.prefills.end()) return found;  // by a call beside this one
    JX_CHECK(fill(found, wanted.rule, answer, wanted.resource.provider));
    JX_CHECK(store(tx, ctx, found));
    return found;
  });
}

Result<Draft> hold_draft(db::Tx& tx, const Context& ctx, DraftId id, LocalDate today) {
  JX_TRY(found, draft(tx, ctx, id, today));
  JX_CHECK(tx.run(sql::draft_hold, id));
  return std::move(found);
}

Result<cases::Receipt> submit(db::Tx& tx, const Context& ctx, cases::Engine& engine, const attachments::Store& files, DraftId id,
                              std::optional<std::int64_t> version, const Here& here, Faults* faults) {
  JX_TRY(found, begun(tx, ctx, id));
  JX_CHECK(check_version(found, version));
  JX_TRY(of, item(tx, found.item));
  JX_CHECK(authority_of(tx, found.person, found.firm, found.principal, found.item, here.today));  // it may have ended since
  JX_TRY(checked, cases::check_form(tx, ctx, engine, of.form_key(), found.form));
  if (!checked.faults.empty()) {
    for (auto& fault : checked.faults) fault.pointer.insert(0, "/form");
    if (faults != nullptr) *faults = checked.faults;
    return fail(ErrorCode::invalid, checked.faults.front().message, checked.faults.front().pointer);
  }
  JX_CHECK(check_materials(tx, of, found, here.today));
  JX_TRY(applicant, party_view(tx, found.applicant(), false));

  cases::Opening opening;
  opening.process = of.process;
  opening.item = of.id;
  opening.applicant = found.applicant();
  opening.title = std::string(applicant.name.in(ctx.language));
  opening.number_prefix = of.number;
  opening.form = std::move(checked.data);
  opening.form_key = of.form_key();  // a process of many items names none
  opening.term = case_term(promised_of(of));
  opening.statutory = case_term(statutory_of(of));
  opening.variables["service"] = {// so that one process serves many items
                                  {"item", of.id.text()},
                                  {"office", of.units.front().text()},
                                  {"certificate", of.certificate || of.certificates}};
  const bool fees = here.counter && has_fees(of);
  std::optional<LocalDate> by;
  if (fees) {
    opening.variables["service"].as_object()["fees"] = id.text();
    JX_TRY(last_day, pay_by(of, here.calendar, here.today));
    by = last_day;
    if (by) opening.variables["service"].as_object()["pay_by"] = {{"@date", by->text()}};
  }
  JX_TRY(receipt, engine.open(tx, ctx, opening));

  JX_CHECK(tx.run(sql::application_insert, receipt.id, found.item, found.person, found.firm, wire::encode(found.prefills), found.principal));
  JX_TRY(states, exchange::rebind(tx, id.uuid(), receipt.id, receipt.number));
  JX_TRY(application, ledger::state_of(tx, state_tables()[2], receipt.id));
  states.push_back(std::move(application));
  ledger::Entry entry{"application.submitted",
                      {ledger::subject("case", receipt.id), ledger::subject("person", found.person)},
                      {{"item", of.id.text()}, {"number", receipt.number}},
                      std::move(states)};
  if (found.firm) entry.subjects.push_back(ledger::subject("firm", *found.firm));
  if (found.principal) entry.subjects.push_back(ledger::subject("person", *found.principal));
  if (result_ways(of).size() > 1) {
    JX_TRY(wanted, want_result(tx, receipt.id, found.result.value_or(ResultWish{result_ways(of).front(), std::nullopt})));
    entry.state.push_back(std::move(wanted));
  }
  if (found.counter) {
    entry.body["counter"] = found.counter->unit.text();
    JX_CHECK(tx.run(sql::counter_insert, receipt.id, found.counter->unit, found.counter->account, ctx.now()));
    JX_CHECK(tx.run(sql::visit_insert, receipt.id, make_visit_code(ctx.random)));
  }
  JX_TRY(presented, presentations(tx, id.uuid()));
  if (!presented.empty()) {
    boost::json::object certificates;
    for (const auto& one : presented) {
      certificates[one.material] = one.certificate.number;
      entry.subjects.push_back(ledger::subject("certificate", one.certificate.id));
    }
    entry.body["certificates"] = std::move(certificates);
    JX_CHECK(tx.run(sql::presentations_move, id.uuid().bytes(), receipt.id.uuid().bytes()));
  }
  JX_CHECK(ledger::append(tx, ctx, entry));
  JX_CHECK(files.file(tx, ctx, id, receipt.id));
  JX_CHECK(tx.run(sql::draft_delete, id));
  if (fees) JX_CHECK(record_item_fees(tx, ctx, engine, receipt.id, of, id.text(), by, *here.counter));
  return receipt;
}

Result<std::optional<UnitId>> counter_of(db::Tx& tx, CaseId id) {
  JX_TRY(row, tx.one(sql::counter_of, id));
  return row ? std::optional(row->key<UnitId>(0)) : std::nullopt;
}

Result<std::vector<CaseId>> counter_cases(db::Tx& tx, const UnitId& unit, std::size_t limit) {
  JX_TRY(rows, tx.all(sql::counter_cases, unit, static_cast<std::int64_t>(limit)));
  std::vector<CaseId> list;
  for (const auto& row : rows) list.push_back(row.id<CaseId>(0));
  return list;
}

Result<Application> application(db::Tx& tx, CaseId id) {
  JX_TRY(row, tx.one(sql::application_one, id));
  if (!row) return fail(ErrorCode::not_found, {"this case did not come from an application", "该办件并非由申请产生"});
  Application found{row->id<CaseId>(0), row->key<ItemId>(1), row->id<PersonId>(2), {}, {}, {}};
  if (!row->null(5)) found.principal = row->id<PersonId>(5);
  if (!row->null(3)) found.firm = row->id<FirmId>(3);
  JX_TRY(prefills, wire::decode<std::vector<Prefill>>(row->text(4)));
  found.prefills = std::move(prefills);
  return found;
}

}  // namespace jx::services
