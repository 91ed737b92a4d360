// list_duplicates.cpp - GET /api/v1/catalogue/duplicates and POST /api/v1/catalogue/designations (operations listDuplicates, designateSource): the
// same datum kept by two, or asked for by a form although it is shared; and which of them is its one source.
#include "handlers.hpp"
#include "open_views.hpp"

#include <jx/cases/forms.hpp>
#include <jx/catalogue/duplicates.hpp>

#include <algorithm>
#include <set>

namespace jx::api {

namespace {

struct PlaceView {
  ResourceId resource;
  LocalizedText resource_name;
  UnitName provider;
  std::string field;
  LocalizedText field_name;
  bool designated = false;
};
BOOST_DESCRIBE_STRUCT(PlaceView, (), (resource, resource_name, provider, field, field_name, designated))

struct DuplicateView {
  catalogue::DuplicateKind kind = catalogue::DuplicateKind::same_column;
  LocalizedText datum;
  std::vector<PlaceView> places;
  std::vector<catalogue::DuplicateAsked> asked;
  LocalizedText reason;
};
BOOST_DESCRIBE_STRUCT(DuplicateView, (), (kind, datum, places, asked, reason))

struct DuplicateList {
  std::vector<DuplicateView> items;
};
BOOST_DESCRIBE_STRUCT(DuplicateList, (), (items))

struct Designation {
  ResourceId resource;
  std::vector<std::string> fields;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(Designation, (), (resource, fields, reason))

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
    collect(form.schema->as_object(), "", item.id.text(), filled, asked);
  }
  return asked;
}

struct Found {
  std::vector<catalogue::Resource> resources;
  std::vector<catalogue::Duplicate> duplicates;
};
Result<Found> found_now(const Call& call, db::Tx& tx) {
  JX_TRY(resources, catalogue::resources(tx));
  JX_CHECK(catalogue::apply_designations(tx, resources));
  JX_TRY(asked, asked_fields(call, tx));
  auto duplicates = catalogue::duplicates(resources, asked);
  return Found{std::move(resources), std::move(duplicates)};
}

Call::Answer shown(const Call& call, db::Tx& tx) {
  JX_TRY(found, found_now(call, tx));
  DuplicateList list;
  for (auto& one : found.duplicates) {
    DuplicateView view{one.kind, std::move(one.datum), {}, std::move(one.asked), std::move(one.reason)};
    for (auto& place : one.places) {
      const auto resource = std::ranges::find(found.resources, place.resource, &catalogue::Resource::id);
      JX_TRY(provider, unit_name(tx, resource->provider));
      const auto* field = resource->field(place.field);
      view.places.push_back({place.resource, resource->name, std::move(provider), std::move(place.field), field->name, place.designated});
    }
    list.items.push_back(std::move(view));
  }
  return ok(list);
}

}  // namespace

Call::Answer list_duplicates(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "catalogue.read"));
    return shown(call, tx);
  });
}

Call::Answer designate_source(Call& call) {
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "catalogue.publish"));
    JX_TRY(wanted, call.body<Designation>());
    JX_TRY(found, found_now(call, tx));
    JX_CHECK(catalogue::designate(tx, call.ctx, found.resources, found.duplicates, wanted.resource, wanted.fields, wanted.reason));
    return shown(call, tx);
  });
}

}  // namespace jx::api
