// list_duplicates.cpp - GET /api/v1/catalogue/duplicates (operation listDuplicates): the same datum kept by two, or asked for by a form although it
// is shared.
#include "handlers.hpp"
#include "open_views.hpp"

#include <jx/cases/forms.hpp>
#include <jx/catalogue/duplicates.hpp>

#include <set>

namespace jx::api {

namespace {

struct DuplicateList {
  std::vector<catalogue::Duplicate> items;
};
BOOST_DESCRIBE_STRUCT(DuplicateList, (), (items))

/// The fields of a schema that have a title.
void collect(const boost::json::object& schema, const std::string& at, const std::string& form, const std::set<std::string>& filled,
             std::vector<catalogue::AskedField>& asked) {
  const auto* properties = schema.if_contains("properties");
  if (properties == nullptr || !properties->is_object()) return;
  for (const auto& [name, value] : properties->get_object()) {
    if (!value.is_object()) continue;
    const auto pointer = at + "/" + std::string(name);
    const auto* title = value.get_object().if_contains("x-title");
    if (title != nullptr && !value.get_object().contains("properties")) {
      if (const auto words = wire::decode<LocalizedText>(wire::to_text(*title))) asked.push_back({form, pointer, *words, filled.contains(pointer)});
    }
    collect(value.get_object(), pointer, form, filled, asked);
  }
}

Result<std::vector<catalogue::AskedField>> asked_fields(const Call& call, db::Tx& tx) {
  std::vector<catalogue::AskedField> asked;
  JX_TRY(items, services::items(tx));
  for (const auto& item : items) {
    std::string keys = item.form.value_or("");
    for (const auto& form : item.forms.value_or(std::vector<std::string>())) keys += (keys.empty() ? "" : " ") + form;
    if (keys.empty()) continue;
    std::set<std::string> filled;
    for (const auto& rule : item.prefill.value_or(std::vector<services::PrefillRule>())) {
      for (const auto& [field, pointer] : rule.fills) filled.insert(pointer);
    }
    JX_TRY(form, cases::form_now(tx, call.deps.cases, keys));
    collect(form.schema, "", item.id.text(), filled, asked);
  }
  return asked;
}

}  // namespace

Call::Answer list_duplicates(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "catalogue.read"));
    JX_TRY(resources, catalogue::resources(tx));
    JX_TRY(asked, asked_fields(call, tx));
    return ok(DuplicateList{catalogue::duplicates(resources, asked)});
  });
}

}  // namespace jx::api
