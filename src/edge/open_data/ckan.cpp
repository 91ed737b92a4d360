#include "ckan_parts.hpp"

#include <jx/text.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace jx::open_data {
namespace json = boost::json;
namespace {

CkanFault not_found(std::string message = "Not found") { return {CkanFault::Kind::not_found, {}, std::move(message)}; }

CkanResult status_show(const CkanThings& things, CkanCall&) {
  const auto& site = things.site().site;
  return json::value(json::object{{"ckan_version", ckan_version},
                                  {"site_url", site.base},
                                  {"site_description", things.words(site.description)},
                                  {"site_title", things.words(site.title)},
                                  {"error_emails_to", nullptr},
                                  {"locale_default", "zh_CN"},
                                  {"extensions", json::array{"datastore"}}});
}

/// From `offset`, at most `limit` (nothing: all).
template <class T>
void cut(std::vector<T>& list, CkanCall& call) {
  const auto offset = static_cast<std::size_t>(call.natural("offset", 0));
  list.erase(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(std::min(offset, list.size())));
  if (!call.text("limit").empty()) list.resize(std::min(list.size(), static_cast<std::size_t>(call.natural("limit", 0))));
}

CkanResult package_list(const CkanThings& things, CkanCall& call) {
  std::vector<std::string> names;
  for (const auto& entry : things.site().entries) names.push_back(entry.resource.id.text());
  std::ranges::sort(names);
  cut(names, call);
  if (auto fault = call.fault()) return *fault;
  return json::value(json::array(names.begin(), names.end()));
}

CkanResult current_package_list(const CkanThings& things, CkanCall& call) {
  std::vector<std::size_t> entries;
  for (std::size_t i = 0; i < things.site().entries.size(); ++i) entries.push_back(i);
  std::ranges::stable_sort(entries,
                           [&](std::size_t a, std::size_t b) { return things.site().entries[a].changed > things.site().entries[b].changed; });
  cut(entries, call);
  if (auto fault = call.fault()) return *fault;
  json::array out;
  for (const auto entry : entries) out.push_back(things.package(entry));
  return json::value(std::move(out));
}

CkanResult package_show(const CkanThings& things, CkanCall& call) {
  const auto id = call.text("id", call.text("name_or_id"));
  if (id.empty()) {
    call.wrong("name_or_id", "Missing value");
    return *call.fault();
  }
  const auto entry = things.entry(id);
  if (!entry) return not_found();
  return json::value(things.package(*entry));
}

CkanResult resource_show(const CkanThings& things, CkanCall& call) {
  const auto id = call.required("id");
  if (auto fault = call.fault()) return *fault;
  const auto entry = things.resource(id);
  if (!entry) return not_found();
  return json::value(things.resource_of(*entry));
}

CkanResult list_groups(const CkanThings& things, CkanCall& call, const std::vector<Group>& all, std::string_view names) {
  std::vector<const Group*> groups;
  const auto only = call.list(names);
  for (const auto& group : all) {
    if (only.empty() || std::ranges::find(only, group.name) != only.end()) groups.push_back(&group);
  }
  const auto sort = call.text("sort", call.text("order_by", "title asc"));
  const auto field = sort.substr(0, sort.find(' '));
  static constexpr std::array<std::string_view, 5> sorts{"name", "title", "packages", "package_count", "id"};
  if (std::ranges::find(sorts, field) == sorts.end()) call.wrong("sort", "Cannot sort by field `" + field + "`");
  std::ranges::stable_sort(groups, [&](const Group* a, const Group* b) {
    if (field.starts_with("package")) return a->entries.size() < b->entries.size();
    return field == "title" ? text::sort_key(things.words(a->title)) < text::sort_key(things.words(b->title)) : a->name < b->name;
  });
  if (sort.ends_with(" desc")) std::ranges::reverse(groups);
  cut(groups, call);
  if (auto fault = call.fault()) return *fault;
  const bool whole = call.flag("all_fields", false);
  json::array out;
  for (const auto* group : groups) out.push_back(whole ? json::value(things.group(*group, false)) : json::value(group->name));
  return json::value(std::move(out));
}

CkanResult show_group(const CkanThings& things, CkanCall& call, const std::vector<Group>& all, bool packages) {
  const auto id = call.required("id");
  if (auto fault = call.fault()) return *fault;
  const auto found = std::ranges::find_if(all, [&](const Group& group) { return group.name == id || group.id == id; });
  if (found == all.end()) return not_found();
  return json::value(things.group(*found, call.flag("include_datasets", packages)));
}

CkanResult tag_list(const CkanThings& things, CkanCall& call) {
  std::map<std::string, std::string> tags;
  for (std::size_t i = 0; i < things.site().entries.size(); ++i) {
    for (const auto& tag : things.tags(i)) tags.emplace(tag, id_of("tag", tag).text());
  }
  const auto query = text::case_fold(call.text("query", call.text("q")));
  const bool whole = call.flag("all_fields", false);
  json::array out;
  for (const auto& [tag, id] : tags) {
    if (text::case_fold(tag).find(query) == std::string::npos) continue;
    out.push_back(whole ? json::value(json::object{{"id", id}, {"name", tag}, {"display_name", tag}, {"vocabulary_id", nullptr}}) : json::value(tag));
  }
  return json::value(std::move(out));
}

CkanResult license_list(const CkanThings& things, CkanCall&) {
  std::map<std::string, License> licenses;
  for (const auto& entry : things.site().entries) {
    auto license = license_of(entry.resource);
    licenses.emplace(license.id, std::move(license));
  }
  json::array out;
  for (const auto& [id, license] : licenses) {
    out.push_back(json::object{{"id", id},
                               {"title", license.title},
                               {"url", license.url},
                               {"status", "active"},
                               {"od_conformance", license.open ? "approved" : "not reviewed"}});
  }
  return json::value(std::move(out));
}

CkanResult help_show(const CkanThings& things, CkanCall& call);

using Act = CkanResult (*)(const CkanThings&, CkanCall&);
struct Action {
  std::string_view name;
  Act act;
  std::string_view help;
};
const std::array<Action, 17> actions{{
    {"status_show", status_show, "What this site is."},
    {"site_read", [](const CkanThings&, CkanCall&) -> CkanResult { return json::value(true); }, "Whether the site can be read."},
    {"package_list", package_list, "The names of all data sets. limit, offset."},
    {"current_package_list_with_resources", current_package_list, "All data sets, the last changed first. limit, offset."},
    {"package_show", package_show, "A data set. id: its name or id."},
    {"package_search", package_search, "Data sets that are looked for. q, fq, fq_list, sort, rows (at most 1000), start, facet.field, facet.limit."},
    {"group_list", [](const CkanThings& things, CkanCall& call) { return list_groups(things, call, things.groups(), "groups"); },
     "The groups: the first step of the classification. all_fields, sort, limit, offset, groups."},
    {"group_show", [](const CkanThings& things, CkanCall& call) { return show_group(things, call, things.groups(), false); },
     "A group. id: its name or id; include_datasets."},
    {"organization_list", [](const CkanThings& things, CkanCall& call) { return list_groups(things, call, things.organizations(), "organizations"); },
     "The units that provide data. all_fields, sort, limit, offset, organizations."},
    {"organization_show", [](const CkanThings& things, CkanCall& call) { return show_group(things, call, things.organizations(), false); },
     "A unit that provides data. id: its name or id; include_datasets."},
    {"resource_show", resource_show, "The rows of a data set, where they are. id."},
    {"datastore_search", datastore_search,
     "Rows of what is open to everyone. resource_id, filters, q, fields, sort, limit (at most 32000), offset, include_total, records_format."},
    {"tag_list", tag_list, "The steps of the classification. query, all_fields."},
    {"license_list", license_list, "The licences that data sets are under."},
    {"group_package_show",
     [](const CkanThings& things, CkanCall& call) -> CkanResult {
       auto shown = show_group(things, call, things.groups(), true);
       if (auto* value = std::get_if<json::value>(&shown)) return json::value(value->as_object()["packages"]);
       return shown;
     },
     "The data sets of a group. id."},
    {"vocabulary_list", [](const CkanThings&, CkanCall&) -> CkanResult { return json::value(json::array()); }, "Tag vocabularies: there are none."},
    {"help_show", help_show, "What an action does. name."},
}};

CkanResult help_show(const CkanThings&, CkanCall& call) {
  const auto name = call.required("name");
  if (auto fault = call.fault()) return *fault;
  const auto found = std::ranges::find(actions, name, &Action::name);
  if (found == actions.end()) return not_found("Action name not known");
  return json::value(std::string(found->help));
}

std::string_view type_of(CkanFault::Kind kind) {
  switch (kind) {
    case CkanFault::Kind::not_found: return "Not Found Error";
    case CkanFault::Kind::invalid: return "Validation Error";
    case CkanFault::Kind::search_query: return "Search Query Error";
    case CkanFault::Kind::search: return "Search Error";
  }
  return "Internal Server Error";
}

int status_of(CkanFault::Kind kind) {
  switch (kind) {
    case CkanFault::Kind::not_found: return 404;
    case CkanFault::Kind::search_query: return 400;
    case CkanFault::Kind::invalid:
    case CkanFault::Kind::search: return 409;
  }
  return 500;
}

json::object error_of(const CkanFault& fault) {
  json::object out{{"__type", type_of(fault.kind)}};
  for (const auto& [field, message] : fault.fields) out[field] = json::array{message};
  if (fault.kind != CkanFault::Kind::invalid) out["message"] = fault.message;
  return out;
}

}  // namespace

CkanAnswer ckan_bad_body(std::string_view why) { return {400, json::serialize(json::value("Bad request - JSON Error: " + std::string(why)))}; }

Result<CkanAnswer> ckan(const CkanSite& site, std::string_view name, const json::object& parameters) {
  const auto action = std::ranges::find(actions, name, &Action::name);
  if (action == actions.end()) return CkanAnswer{400, json::serialize(json::value("Bad request - Action name not known: " + std::string(name)))};
  const CkanThings things(site);
  CkanCall call(parameters);
  auto result = action->act(things, call);
  if (auto* error = std::get_if<Error>(&result)) return std::unexpected(std::move(*error));
  json::object out{{"help", site.site.base + "/api/3/action/help_show?name=" + std::string(name)}};
  if (const auto* fault = std::get_if<CkanFault>(&result)) {
    out["success"] = false;
    out["error"] = error_of(*fault);
    return CkanAnswer{status_of(fault->kind), json::serialize(out)};
  }
  out["success"] = true;
  out["result"] = std::move(std::get<json::value>(result));
  return CkanAnswer{200, json::serialize(out)};
}

}  // namespace jx::open_data
