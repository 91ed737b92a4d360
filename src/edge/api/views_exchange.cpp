#include "views_exchange.hpp"

namespace jx::api {

namespace {

/// A list in a sentence: "name, date of birth and address", "姓名、出生日期、住址".
std::string joined(const std::vector<LocalizedText>& parts, std::string_view language) {
  const bool chinese = language.starts_with("zh");
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += chinese ? "、" : (i + 1 == parts.size() ? " and " : ", ");
    out += parts[i].in(language);
  }
  return out;
}

/// A use in one plain sentence.
LocalizedText sentence(const UsageView& use, exchange::OnWord word) {
  const bool by_applicant = word != exchange::OnWord::official;
  const bool at_counter = word == exchange::OnWord::at_counter;
  const auto text = [](const LocalizedText& words, std::string_view language) { return std::string(words.in(language)); };
  const auto& because = use.item_name ? *use.item_name : use.programme_name ? *use.programme_name : use.purpose;
  const auto records_en = use.records == 0   ? std::string("It found no record.")
                          : use.records == 1 ? std::string("It got one record.")
                                             : "It got " + std::to_string(use.records) + " records.";
  const auto records_zh = use.records == 0 ? std::string("未查到记录。") : "共返回" + std::to_string(use.records) + "条记录。";
  const bool verified = use.fields.empty();  // it asked whether something is so
  const auto what_en = verified ? std::string("the answer to a question of yes or no") : joined(use.fields, "en");
  const auto what_zh = verified ? std::string("一项“是或否”的核验结果") : joined(use.fields, "zh-CN");
  if (use.refused) {
    const std::string_view asked_en = at_counter ? ", at a counter, asked " : by_applicant ? ", on an applicant's word, asked " : " asked ";
    const std::string_view asked_zh = at_counter ? "由窗口代申请人申请读取" : by_applicant ? "经申请人授权申请读取" : "申请读取";
    return LocalizedText({{"en", text(use.consumer.name, "en") + std::string(asked_en) + text(use.provider.name, "en") + " for " + what_en +
                                     " and was refused: " + text(*use.refused, "en") + "."},
                          {"zh-CN", text(use.consumer.name, "zh-CN") + std::string(asked_zh) + text(use.provider.name, "zh-CN") + "的" + what_zh +
                                        "，被拒绝：" + text(*use.refused, "zh-CN") + "。"}});
  }
  std::string en = text(use.consumer.name, "en") + (verified ? " got " : " read ") + what_en + " from " + text(use.provider.name, "en") + " for “" +
                   text(because, "en") + "”";
  std::string zh = text(use.consumer.name, "zh-CN") + "为办理“" + text(because, "zh-CN") + "”，从" + text(use.provider.name, "zh-CN") +
                   (verified ? "获得了" : "读取了") + what_zh;
  en += at_counter ? ", at a counter, where the applicant is said to have agreed. " : by_applicant ? ", as the applicant authorised. " : ". ";
  zh += at_counter ? "（由窗口代办，窗口人员称已征得申请人同意）。" : by_applicant ? "（经申请人授权）。" : "。";
  if (verified) return LocalizedText({{"en", en + "No field was shown."}, {"zh-CN", zh + "未提供任何字段内容。"}});
  return LocalizedText({{"en", en + records_en}, {"zh-CN", zh + records_zh}});
}

}  // namespace

FieldView field_view(const catalogue::Field& field) { return {field.id, field.name, field.type, field.sensitivity}; }

Result<ResourceView> resource_view(db::Tx& tx, const catalogue::Resource& resource) {
  JX_TRY(provider, unit_name(tx, resource.provider));
  ResourceView view{resource.id,           resource.name,
                    resource.summary,      std::move(provider),
                    resource.share_class,  resource.share_conditions,
                    resource.update_cycle, {},
                    resource.share_method, resource.classification,
                    resource.published_on, resource.legal_basis,
                    resource.code,         resource.open ? resource.open->to : catalogue::OpenTo::nobody};
  for (const auto& field : resource.fields) view.fields.push_back(field_view(field));
  return view;
}

Result<GrantView> grant_view(db::Tx& tx, const exchange::GrantView& found) {
  const auto& grant = found.grant;
  JX_TRY(provider, unit_name(tx, found.resource.provider));
  JX_TRY(consumer, unit_name(tx, grant.consumer));
  GrantView view{grant.id,
                 grant.resource,
                 found.resource.name,
                 std::move(provider),
                 std::move(consumer),
                 grant.binding,
                 std::nullopt,
                 grant.purpose,
                 grant.legal_basis,
                 {},
                 {},
                 found.state,
                 grant.valid_from,
                 grant.valid_to,
                 std::nullopt,
                 std::nullopt,
                 std::nullopt,
                 std::nullopt,
                 grant.verify ? std::optional(true) : std::nullopt,
                 grant.records_per_day,
                 grant.delivery,
                 grant.count_minimum};
  if (found.programme)
    view.programme = ProgrammeView{found.programme->id, found.programme->name, found.programme->valid_from, found.programme->valid_to};
  // A later version of the resource may lack a field; a call for it is refused.
  const auto show = [&](const std::string& id, std::vector<FieldView>& into) {
    if (const auto* field = found.resource.field(id)) into.push_back(field_view(*field));
  };
  for (const auto& field : grant.fields) show(field.id, view.fields);
  for (const auto& field : grant.lookup) show(field, view.lookup);
  return view;
}

Result<UsageView> usage_view(Names& names, const exchange::Usage& usage, LocalDate today) {
  JX_TRY(consumer, names.unit(usage.consumer));
  JX_TRY(provider, names.unit(usage.provider));
  JX_TRY(found, names.grant(usage.grant, today));
  const auto& granted = *found;
  UsageView view{usage.id,
                 usage.at,
                 std::move(consumer).value_or(UnitName{}),
                 std::move(provider).value_or(UnitName{}),
                 usage.resource,
                 granted.resource.name,
                 usage.grant,
                 granted.grant.purpose,
                 granted.grant.legal_basis,
                 {},
                 usage.records,
                 std::nullopt,
                 std::nullopt,
                 std::nullopt,
                 std::nullopt,
                 std::nullopt,
                 usage.entry,
                 {}};
  for (const auto& id : usage.fields) {
    const auto* field = granted.resource.field(id);
    view.fields.push_back(field != nullptr ? field->name : LocalizedText({{"en", id}}));
  }
  if (usage.matter && !usage.matter_number.empty()) {
    view.case_ = *usage.matter;
    view.case_number = usage.matter_number;
  }
  if (!usage.item.empty()) {
    JX_TRY(name, names.item(usage.item, ""));
    view.item_name = std::move(name);
  }
  if (granted.programme) view.programme_name = granted.programme->name;
  if (usage.refused) view.refused = localized(*usage.refused);
  view.words = sentence(view, usage.on_word);
  return view;
}

}  // namespace jx::api
