#include "views_services.hpp"

#include "open_views.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <set>

template <>
void jx::wire::write<jx::api::FormView>(Sink& sink, const api::FormView& form) {
  const auto put = [&](std::string_view key, const std::shared_ptr<const boost::json::value>& value) {
    sink.key(key);
    sink.value(value ? *value : boost::json::value(boost::json::object()));
  };
  sink.begin_object();
  if (form.id) {
    sink.key("id");
    sink.text(*form.id);
  }
  put("schema", form.schema);
  put("layout", form.layout);
  sink.end_object();
}

namespace jx::api {

namespace {

/// About whom a resource has data, by the kind of code that it is kept by.
std::vector<services::ApplicantKind> subjects_of(const catalogue::Resource& resource) {
  const auto scheme = resource.subject ? resource.subject->scheme : "";
  if (scheme == "cn.citizen-id") return {services::ApplicantKind::person};
  if (scheme == "cn.credit-code") return {services::ApplicantKind::firm};
  return {services::ApplicantKind::person, services::ApplicantKind::firm};
}

Result<std::vector<DataOffer>> offers(db::Tx& tx, LocalDate today, const services::Item& item, std::set<std::string>& prefilled) {
  std::vector<DataOffer> list;
  for (const auto& rule : item.prefill.value_or(std::vector<services::PrefillRule>())) {
    JX_TRY(granted, exchange::grant(tx, today, rule.grant));
    if (granted.state != exchange::GrantState::active) continue;  // an offer that would be refused is none
    JX_TRY(provider, unit_name(tx, granted.resource.provider));
    DataOffer offer{rule.grant, granted.resource.id,   granted.resource.name,    std::move(provider), subjects_of(granted.resource),
                    {},         granted.grant.purpose, granted.grant.legal_basis};
    for (const auto& field : granted.grant.fields) {
      const auto fills = rule.fills.find(field.id);
      const auto target = fills == rule.fills.end() ? std::string() : rule.list.value_or(fills->second);
      offer.fields.push_back({field.id, granted.resource.field(field.id)->name, target});
      if (!target.empty()) prefilled.insert(target);
    }
    list.push_back(std::move(offer));
  }
  return list;
}

Result<std::vector<UnitName>> unit_names(db::Tx& tx, const std::vector<UnitId>& ids) {
  std::vector<UnitName> names;
  for (const auto& id : ids) {
    JX_TRY(name, unit_name(tx, id));
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace

FormView form_view(cases::FormDefinition form) { return {std::move(form.id), std::move(form.schema), std::move(form.layout)}; }

LocalizedText localized(const Words& words) { return LocalizedText({{"en", words.en}, {"zh-CN", words.zh.empty() ? words.en : words.zh}}); }

Result<UnitName> unit_name(db::Tx& tx, const UnitId& id) {
  JX_TRY(unit, identity::unit(tx, id));
  return UnitName{id, unit.short_name.value_or(unit.name)};
}

Result<std::optional<UnitName>> optional_unit(db::Tx& tx, const UnitId& id) {
  if (id.empty()) return std::optional<UnitName>();
  JX_TRY(name, unit_name(tx, id));
  return std::optional(std::move(name));
}

Result<Applicant> applicant(db::Tx& tx, const cases::Party& party, bool whole) {
  if (party.kind == cases::Party::Kind::none)
    return Applicant{services::ApplicantKind::firm, LocalizedText({{"en", "The office itself"}, {"zh-CN", "机关自身"}}), std::nullopt};
  JX_TRY(view, services::party_view(tx, party, whole));
  Applicant found{view.kind, std::move(view.name), std::nullopt};
  if (!view.code.empty()) found.code = std::move(view.code);
  return found;
}

Result<ItemSummary> item_summary(db::Tx& tx, const services::Item& item) {
  JX_TRY(units, unit_names(tx, item.units));
  std::set<std::string> topics;  // of people and of firms, each once
  if (item.topics) {
    for (const auto* list : {&item.topics->person, &item.topics->firm}) {
      if (*list) topics.insert((*list)->begin(), (*list)->end());
    }
  }
  return ItemSummary{item.id,          item.name, item.summary,       std::move(units),
                     item.promised_wd, item.kind, item.who_may_apply, {topics.begin(), topics.end()}};
}

Result<ItemView> item_view(db::Tx& tx, Deps& deps, const services::Item& item) {
  JX_TRY(units, unit_names(tx, item.units));
  JX_TRY(form, cases::form_now(tx, deps.cases, item.form_key()));
  std::set<std::string> prefilled;
  JX_TRY(data, offers(tx, deps.jurisdiction()->zone.date_of(deps.clock.now()), item, prefilled));
  std::vector<StepView> steps;
  for (const auto& step : item.steps) {
    JX_TRY(unit, optional_unit(tx, step.unit.value_or(UnitId())));
    steps.push_back({step.stage, step.name, std::move(unit), step.if_refused});
  }
  const auto read = static_cast<std::int64_t>(prefilled.size());
  const Counts counts{form.counts.forms, form.counts.fields, form.counts.distinct - form.counts.computed - read, read};
  ItemView view;
  view.key = item.id;
  view.name = item.name;
  view.summary = item.summary;
  view.units = std::move(units);
  view.promised_wd = item.promised_wd;
  view.statutory_wd = item.statutory_wd;
  view.kind = item.kind;
  view.legal_basis = item.legal_basis;
  view.who_may_apply = item.who_may_apply;
  view.conditions = item.conditions;
  view.materials = item.materials;
  view.visits = item.visits;
  view.fee = item.fee;
  view.result = item.result;
  view.steps = std::move(steps);
  view.form = form_view(std::move(form));
  view.data = std::move(data);
  view.counts = counts;
  view.sub_item = item.sub_item;
  view.handling = item.handling;
  view.visit_reason = item.visit_reason;
  view.charges = item.charges;
  if (item.results) {
    view.results.emplace();
    for (const auto& document : *item.results) view.results->push_back(document.name);
  }
  view.post = item.post;
  view.result_ways = services::result_ways(item);
  if (const auto& counter = deps.jurisdiction()->counter) view.currency = counter->currency;
  if (item.appointment && item.appointment->offered) view.appointments_per_day = item.appointment->per_day;
  view.telephones = item.telephones;
  view.review = item.review;
  view.litigation = item.litigation;
  view.faq = item.faq;
  return view;
}

Result<std::vector<PrefillView>> prefill_views(db::Tx& tx, const std::vector<services::Prefill>& prefills, const boost::json::object& form) {
  std::vector<PrefillView> list;
  for (const auto& prefill : prefills) {
    JX_TRY(provider, unit_name(tx, prefill.provider));
    list.push_back({prefill.grant, prefill.usage, prefill.at, std::move(provider), prefill.records, services::unchanged(prefill, form)});
  }
  return list;
}

Result<DraftView> draft_view(db::Tx& tx, const services::Draft& draft) {
  JX_TRY(item, services::item(tx, draft.item));
  JX_TRY(who, applicant(tx, draft.applicant(), true));
  JX_TRY(prefills, prefill_views(tx, draft.prefills, draft.form));
  return DraftView{draft.id,         draft.item,
                   item.name,        std::move(who),
                   draft.form,       std::move(prefills),
                   draft.changed_at, draft.version,
                   std::nullopt,     services::result_ways(item),
                   draft.result};
}

FormCheckView form_check_view(const cases::FormCheck& check) {
  FormCheckView view;
  view.computed.insert(check.computed.begin(), check.computed.end());
  view.hidden = check.hidden;
  view.required = check.required;
  view.readonly = check.readonly;
  for (const auto& [pointer, choices] : check.options) view.options[pointer].assign(choices.begin(), choices.end());
  for (const auto& fault : check.faults) view.errors.push_back({fault.pointer, fault.code, localized(fault.message)});
  return view;
}

Call::Answer with_faults(Call::Answer answer, Faults faults) {
  if (answer || faults.empty() || answer.error().code != ErrorCode::invalid || !answer.error().field.starts_with("/form")) return answer;
  auto response = http::problem(std::move(answer).error());
  response.faults = std::move(faults);
  return response;
}

Call::Answer draft_answer(const Call& call, db::Tx& tx, const services::Draft& draft) {
  JX_TRY(view, draft_view(tx, draft));
  JX_TRY(item, services::item(tx, draft.item));
  JX_TRY(check, cases::check_form(tx, call.ctx, call.deps.cases, item.form_key(), draft.form));
  view.check = form_check_view(check);
  return with_version(ok(view), draft.version);
}

Result<CertificateSummary> certificate_summary(db::Tx& tx, const services::Certificate& certificate) {
  JX_TRY(issuer, unit_name(tx, certificate.issuer));
  return CertificateSummary{certificate.id,        certificate.number,      certificate.name,  std::move(issuer),
                            certificate.issued_on, certificate.valid_until, certificate.status};
}

Result<services::Certificate> own_certificate(const Call& call, db::Tx& tx) {
  JX_CHECK(call.require(tx, "cases.read_own"));
  JX_TRY(id, call.path<CertificateId>("certificate"));
  auto found = services::certificate(tx, id);
  if (!found && found.error().code != ErrorCode::not_found) return found;
  const auto none = [] { return fail(ErrorCode::not_found, {"there is no such certificate of yours", "您名下没有该证照"}); };
  if (!found) return none();
  JX_TRY(hers, services::may_see(tx, call.ctx, found->holder, found->item, call.today()));
  if (!hers) return none();
  return found;
}

Result<std::string> certificate_link(const Call& call, db::Tx& tx, const services::Certificate& certificate) {
  JX_TRY(printed, call.deps.certificates.printed_form(tx, certificate));
  return base_address(call) + "/verify#" + printed;
}

Call::Answer change_certificate(Call& call, services::CertificateStatus wanted) {
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "certificates.revoke"));
    JX_TRY(id, call.path<CertificateId>("certificate"));
    JX_TRY(given, call.body<CertificateAct>());
    JX_TRY(changed, services::set_status(tx, call.ctx, id, wanted, given.reason, given.law));
    JX_TRY(view, certificate_summary(tx, changed));
    return ok(view);
  });
}

}  // namespace jx::api
