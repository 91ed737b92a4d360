// Items of the applied pack, and the part of a pack that they are.
#include "materials.hpp"
#include "pointers.hpp"
#include "services_sql.hpp"
#include "synonyms.hpp"

#include <jx/cases/forms.hpp>
#include <jx/pack/records.hpp>
#include <jx/services.hpp>
#include <jx/services/item_names.hpp>
#include <jx/services/lint.hpp>
#include <jx/services/reviews.hpp>
#include <jx/services/scenes.hpp>
#include <jx/wire.hpp>

#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <set>

namespace jx::services {
namespace {

constexpr std::array tables{
    ledger::StateTable{"services.item", 1, 1, &sql::item_state, &sql::item_states},
    ledger::StateTable{"services.certificate", 1, 1, &sql::certificate_state, &sql::certificate_states},
    ledger::StateTable{"services.application", 2, 1, &sql::application_one, &sql::application_states},
    ledger::StateTable{"services.certificate_status", 1, 1, &sql::certificate_status_state, &sql::certificate_status_states},
    ledger::StateTable{"services.application", 1, 1, &sql::application_state_1, &sql::application_states_1},
    ledger::StateTable{"services.result", 1, 1, &sql::result_state, &sql::result_states},
    ledger::StateTable{"services.fee", 2, 1, &sql::fee_state, &sql::fee_states},
    ledger::StateTable{"services.fee", 1, 1, &sql::fee_state_1, &sql::fee_states_1},
    ledger::StateTable{"services.review", 1, 1, &sql::review_one, &sql::review_states},
};
const pack::RecordTable item_table{pack::Kind::item, {"service item", "政务服务事项"}, &sql::item_all, &sql::item_put, &sql::item_end, &tables[0]};

using Grants = std::map<std::string, exchange::Grant>;

Grants grants_of(const pack::Pack& pack) {
  Grants grants;
  pack::Findings checked_by_the_exchange;
  pack::each_yaml<exchange::Grant>(pack, "grants", checked_by_the_exchange,
                                   [&](const auto&, const auto& grant) { grants.emplace(grant.value.id.text(), grant.value); });
  return grants;
}

std::vector<std::string> forms_of(const Item& item) {
  if (item.forms) return *item.forms;
  return item.form ? std::vector<std::string>{*item.form} : std::vector<std::string>();
}

void need_field(const std::optional<boost::json::value>& form, const std::string& pointer, const pack::File& file, int line,
                pack::Findings& findings) {
  if (!pointer.starts_with('/')) {
    findings.error(file, line, {"a JSON Pointer into the form begins with /", "表单字段指针须以 / 开头"});
  } else if (form && !has_field(*form, pointer)) {
    findings.error(file, line, {"the item's form has no field " + pointer, "事项的表单中没有字段 " + pointer});
  }
}

void check_prefill(const pack::File& file, const pack::Decoded<Item>& item, const std::optional<boost::json::value>& form, const Grants& grants,
                   const pack::Names& names, pack::Findings& findings) {
  if (!item.value.prefill) return;
  for (std::size_t i = 0; i < item.value.prefill->size(); ++i) {
    const auto& rule = (*item.value.prefill)[i];
    const auto at = "/prefill/" + std::to_string(i);
    if (!names.require(pack::Kind::grant, rule.grant.text(), file, item.line_of(at + "/grant"), findings)) continue;
    const auto found = grants.find(rule.grant.text());
    if (found == grants.end()) continue;
    const auto& grant = found->second;
    if (!grant.items || std::ranges::find(*grant.items, item.value.id) == grant.items->end()) {
      findings.error(file, item.line_of(at + "/grant"),
                     {"the grant is not bound to this item: add it to the grant's `items`", "该授权未绑定本事项：请在授权的 items 中加入"});
    }
    if (std::ranges::find(grant.lookup, rule.by) == grant.lookup.end()) {
      findings.error(file, item.line_of(at + "/by"),
                     {"the grant does not allow to look up by this field: " + rule.by, "授权不允许按此字段查询：" + rule.by});
    }
    if (rule.list) need_field(form, *rule.list, file, item.line_of(at + "/list"), findings);
    for (const auto& [field, pointer] : rule.fills) {
      if (grant.field(field) == nullptr)
        findings.error(file, item.line_of(at + "/fills/" + field), {"the grant has no field of this name: " + field, "授权中没有该字段：" + field});
      if (!rule.list) need_field(form, pointer, file, item.line_of(at + "/fills/" + field), findings);
    }
  }
}

void check_certificate(const pack::File& file, const pack::Decoded<Item>& item, const CertificateRule& rule, const std::string& at,
                       const std::optional<boost::json::value>& form, const pack::Names& names, pack::Findings& findings) {
  names.require(pack::Kind::unit, rule.issuer.text(), file, item.line_of(at + "/issuer"), findings);
  for (std::size_t i = 0; i < rule.claims.size(); ++i)
    need_field(form, rule.claims[i].from, file, item.line_of(at + "/claims/" + std::to_string(i) + "/from"), findings);
}

void check_certificates(const pack::File& file, const pack::Decoded<Item>& item, const std::optional<boost::json::value>& form,
                        const pack::Names& names, pack::Findings& findings) {
  const auto& value = item.value;
  if (value.certificate && value.certificates)
    findings.error(file, item.line_of("/certificates"),
                   {"an item has `certificate` or, for several, `certificates`", "事项写 certificate，多个证照写 certificates"});
  if (value.certificate) check_certificate(file, item, *value.certificate, "/certificate", form, names, findings);
  if (!value.certificates) return;
  std::set<std::string> ids, types;
  for (std::size_t i = 0; i < value.certificates->size(); ++i) {
    const auto& rule = (*value.certificates)[i];
    const auto at = "/certificates/" + std::to_string(i);
    if (!rule.id || !ids.insert(*rule.id).second)
      findings.error(file, item.line_of(at + "/id"), {"each of several certificates has an id of its own", "多个证照须各有不同的 id"});
    if (!types.insert(rule.type_code).second)  // it begins their numbers
      findings.error(file, item.line_of(at + "/type_code"),
                     {"each of several certificates has a type code of its own", "多个证照的类型代码须各不相同"});
    check_certificate(file, item, rule, at, form, names, findings);
  }
}

void check_forms(const pack::File& file, const pack::Decoded<Item>& item, const pack::Names& names, pack::Findings& findings) {
  const auto& value = item.value;
  if (value.form.has_value() == value.forms.has_value()) {
    findings.error(file, item.line_of("/form"),
                   {"an item has `form` or, where several are merged, `forms`", "事项应有 form，合并多个表单时用 forms"});
  } else if (value.form) {
    names.require(pack::Kind::form, *value.form, file, item.line_of("/form"), findings);
  } else if (value.forms->size() < 2 || !names.has(pack::Kind::form, value.form_key())) {
    findings.error(file, item.line_of("/forms"),
                   {"no process has these forms, two or more in this order: jx:form=\"" + value.form_key() + "\"",
                    "没有流程按此顺序使用这些表单（至少两个）：jx:form=\"" + value.form_key() + "\""});
  }
}

/// What is to be paid in time is an amount that is known at the beginning, and the applicant is told what happens otherwise.
void check_charges(const pack::File& file, const pack::Decoded<Item>& item, pack::Findings& findings) {
  const auto& charges = item.value.charges;
  if (!charges || (!charges->pay_within_wd && !charges->if_unpaid)) return;
  const auto at = [&](const char* field) { return item.line_of(std::string("/charges/") + field); };
  if (!charges->pay_within_wd || *charges->pay_within_wd < 1 || *charges->pay_within_wd > pay_within_wd_max)
    findings.error(file, at("pay_within_wd"), {"a fee is to be paid within 1 to 60 working days", "缴费期限应为1至60个工作日"});
  if (!charges->if_unpaid)
    findings.error(file, at("pay_within_wd"),
                   {"say what becomes of the application if it is not paid (if_unpaid)", "请写明逾期未缴的后果（if_unpaid）"});
  if (!has_fees(item.value))
    findings.error(file, at("items"), {"what is to be paid in time has an amount", "有缴费期限的，请写明收费金额（amount）"});
}

void check_item(const pack::Pack& pack, const pack::File& file, const pack::Decoded<Item>& item, const Grants& grants, const pack::Names& names,
                pack::Findings& findings) {
  const auto& value = item.value;
  pack::check_file_name(file, value.id.text(), item.line_of("/id"), findings);
  for (std::size_t i = 0; i < value.units.size(); ++i)
    names.require(pack::Kind::unit, value.units[i].text(), file, item.line_of("/units/" + std::to_string(i)), findings);
  if (value.units.empty()) findings.error(file, item.line_of("/units"), {"an item names the unit that is in charge", "事项须写明主办单位"});
  for (std::size_t i = 0; i < value.steps.size(); ++i) {
    if (value.steps[i].unit)
      names.require(pack::Kind::unit, value.steps[i].unit->text(), file, item.line_of("/steps/" + std::to_string(i) + "/unit"), findings);
  }
  names.require(pack::Kind::process, value.process.text(), file, item.line_of("/process"), findings);
  check_forms(file, item, names, findings);
  if (value.promised_wd > value.statutory_wd) {
    findings.error(file, item.line_of("/promised_wd"),
                   {"the promise is longer than the law allows (statutory_wd)", "承诺时限不得超过法定时限（statutory_wd）"});
  }
  if (value.who_may_apply.empty()) findings.error(file, item.line_of("/who_may_apply"), {"an item says who may apply", "事项须写明申请主体"});
  const auto form = cases::schema_in(pack, forms_of(value));
  check_materials(file, item, names, findings);
  check_prefill(file, item, form, grants, names, findings);
  check_certificates(file, item, form, names, findings);
  check_charges(file, item, findings);
}

/// What the rules of a list of items say of those that tell more than they must.
void advise(const pack::Pack& pack, pack::Findings& findings) {
  for (const auto* file : pack.in("items", ".yaml")) {
    pack::Findings reported_by_check;
    const auto document = pack::parse_yaml(*file, reported_by_check);
    if (!document || !document->value().is_object() || !document->value().get_object().contains("handling")) continue;
    for (const auto& fault : lint(document->value().get_object())) findings.advice(*file, document->line_of(fault.field), fault.message);
  }
}

class ServicesPart final : public pack::Part {
 public:
  std::string_view name() const override { return "services"; }
  bool owns(std::string_view path) const override {
    return ((path.starts_with("items/") || path.starts_with("scenes/")) && path.ends_with(".yaml")) || path == "synonyms.yaml" ||
           path == counter_file || path == review_rules_file;
  }

  void declare(const pack::Pack& pack, pack::Names& names, pack::Findings& findings) const override {
    pack::declare_ids<Item>(pack, "items", pack::Kind::item, names, findings);
  }

  void check(const pack::Pack& pack, const pack::Names& names, pack::Findings& findings) const override {
    const auto grants = grants_of(pack);
    pack::each_yaml<Item>(pack, "items", findings,
                          [&](const auto& file, const auto& item) { check_item(pack, file, item, grants, names, findings); });
    if (const auto* file = pack.file("synonyms.yaml"); file != nullptr) (void)pack::decode_yaml<SynonymFile>(*file, findings);
    check_counter(pack, findings);
    check_scenes(pack, names, findings);
    check_review_rules(pack, names, findings);
    advise(pack, findings);
  }

  Result<std::vector<pack::Change>> plan(db::Tx& tx, const Context&, const pack::Pack& pack) const override {
    return pack::plan_records(tx, item_table, pack::records_of<Item>(pack, "items"));
  }

  Result<> apply(db::Tx& tx, const Context& context, const pack::Pack& pack) const override {
    JX_TRY(state, pack::apply_records(tx, context, item_table, pack::records_of<Item>(pack, "items")));
    if (state.empty()) return {};
    JX_CHECK(ledger::append(tx, context, {"services.changed", {}, {}, std::move(state)}));
    return {};
  }
};

}  // namespace

std::span<const ledger::StateTable> state_tables() { return tables; }
std::unique_ptr<pack::Part> pack_part() { return std::make_unique<ServicesPart>(); }

std::string Item::form_key() const {
  std::string key;
  for (const auto& one : forms_of(*this)) key += (key.empty() ? "" : " ") + one;
  return key;
}

const CertificateRule* Item::certificate_named(std::string_view wanted) const {
  if (certificate) return wanted.empty() || certificate->id == wanted ? &*certificate : nullptr;
  if (!certificates) return nullptr;
  if (wanted.empty()) return certificates->size() == 1 ? &certificates->front() : nullptr;
  const auto found = std::ranges::find(*certificates, wanted, [](const CertificateRule& rule) { return rule.id.value_or(""); });
  return found == certificates->end() ? nullptr : &*found;
}

Result<std::vector<Item>> items(db::Tx& tx) {
  JX_TRY(rows, tx.all(sql::item_current));
  std::vector<Item> list;
  for (const auto& row : rows) {
    JX_TRY(decoded, wire::decode<Item>(row.text(0)));
    list.push_back(std::move(decoded));
  }
  return list;
}

namespace {

/// The text of an item gives the same item each time, and to decode it costs more than most of what it is asked for. So what the texts that were
/// asked for gave is kept: it depends on them alone, and on no database. Thread-safe.
class DecodedItems {
 public:
  using Held = std::shared_ptr<const Item>;  // shared: a caller goes on with the old one while another text takes its place

  Result<Held> of(const ItemId& id, const std::string& text) {
    {
      const std::lock_guard lock(mutex_);
      const auto found = held_.find(id);
      if (found != held_.end() && found->second.first == text) return found->second.second;
    }
    JX_TRY(decoded, wire::decode<Item>(text));
    auto held = std::make_shared<const Item>(std::move(decoded));
    const std::lock_guard lock(mutex_);
    if (held_.size() >= held_max) held_.clear();
    held_.insert_or_assign(id, std::pair(text, held));
    return held;
  }

 private:
  static constexpr std::size_t held_max = 2'000;
  std::mutex mutex_;
  std::map<ItemId, std::pair<std::string, Held>> held_;  // guarded by mutex_
};

Result<DecodedItems::Held> held_item(db::Tx& tx, const ItemId& id) {
  static DecodedItems decoded;
  JX_TRY(row, tx.one(sql::item_one, id));
  if (!row) return fail(ErrorCode::not_found, {"there is no service item of this name", "没有该服务事项"});
  return decoded.of(id, row->text(0));
}

}  // namespace

Result<Item> item(db::Tx& tx, const ItemId& id) {
  JX_TRY(held, held_item(tx, id));
  return Item(*held);
}

Result<LocalizedText> item_name(db::Tx& tx, const ItemId& id) {
  JX_TRY(held, held_item(tx, id));
  return LocalizedText(held->name);
}

}  // namespace jx::services
