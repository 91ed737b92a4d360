#include "ckan_parts.hpp"

#include <jx/wire.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>

namespace jx::open_data {
namespace json = boost::json;
namespace {

std::string text_of(const json::value& value) { return value.is_string() ? std::string(value.get_string()) : json::serialize(value); }

Group& group_of(std::vector<Group>& groups, std::string_view kind, const std::string& name, const LocalizedText& title) {
  const auto found = std::ranges::find(groups, name, &Group::name);
  if (found != groups.end()) return *found;
  groups.push_back({id_of(kind, name).text(), name, title, kind == "organization", {}});
  return groups.back();
}

}  // namespace

std::string ckan_instant(Instant at) {
  const auto fraction = ((at.micros % 1'000'000) + 1'000'000) % 1'000'000;
  auto text = Instant{at.micros - fraction}.text();  // 2026-01-05T08:00:00Z
  const auto digits = std::to_string(1'000'000 + fraction);
  return text.substr(0, 19) + "." + digits.substr(1);
}

std::string CkanCall::text(std::string_view name, std::string_view otherwise) {
  const auto* value = parameters_.if_contains(name);
  if (value == nullptr || value->is_null()) return std::string(otherwise);
  return text_of(*value);
}

std::string CkanCall::required(std::string_view name) {
  auto value = text(name);
  if (value.empty()) wrong(name, "Missing value");
  return value;
}

std::int64_t CkanCall::natural(std::string_view name, std::int64_t otherwise) {
  const auto value = text(name);
  if (value.empty()) return otherwise;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size()) {
    wrong(name, "Invalid integer");
    return otherwise;
  }
  if (number < 0) {
    wrong(name, "Must be a natural number");
    return otherwise;
  }
  return number;
}

bool CkanCall::flag(std::string_view name, bool otherwise) {
  auto value = text(name);
  if (value.empty()) return otherwise;
  std::ranges::transform(value, value.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return value == "true" || value == "1" || value == "yes" || value == "t" || value == "y" || value == "on";
}

json::value CkanCall::json(std::string_view name) {
  const auto* value = parameters_.if_contains(name);
  if (value == nullptr) return nullptr;
  if (!value->is_string()) return *value;
  const auto parsed = wire::parse(value->get_string());
  return parsed ? *parsed : *value;
}

std::vector<std::string> CkanCall::list(std::string_view name) {
  const auto value = json(name);
  std::vector<std::string> out;
  if (value.is_array()) {
    for (const auto& one : value.get_array()) out.push_back(text_of(one));
  } else if (!value.is_null()) {
    const auto whole = text(name);
    for (std::size_t at = 0; at <= whole.size();) {
      const auto end = std::min(whole.find(',', at), whole.size());
      auto part = whole.substr(at, end - at);
      part.erase(0, part.find_first_not_of(' '));
      part.erase(part.find_last_not_of(' ') + 1);
      if (!part.empty()) out.push_back(std::move(part));
      at = end + 1;
    }
  }
  return out;
}

std::optional<CkanFault> CkanCall::fault() const {
  if (wrong_.empty()) return std::nullopt;
  return CkanFault{CkanFault::Kind::invalid, wrong_, {}};
}

CkanThings::CkanThings(const CkanSite& site) : site_(site) {
  for (std::size_t i = 0; i < site.entries.size(); ++i) {
    const auto& entry = site.entries[i];
    group_of(organizations_, "organization", entry.publisher.id.text(), entry.publisher.name).entries.push_back(i);
    const auto& first = entry.resource.classification.front();
    group_of(groups_, "group", slug(first), LocalizedText({{"zh-CN", first}})).entries.push_back(i);
  }
  std::ranges::sort(organizations_, {}, &Group::name);
  std::ranges::sort(groups_, {}, &Group::name);
}

std::string CkanThings::name_of_group(std::size_t entry) const { return slug(site_.entries[entry].resource.classification.front()); }

std::optional<std::size_t> CkanThings::entry(std::string_view id_or_name) const {
  for (std::size_t i = 0; i < site_.entries.size(); ++i) {
    const auto& name = site_.entries[i].resource.id.text();
    if (name == id_or_name || id_of("package", name).text() == id_or_name) return i;
  }
  return std::nullopt;
}

std::optional<std::size_t> CkanThings::resource(std::string_view id) const {
  for (std::size_t i = 0; i < site_.entries.size(); ++i) {
    if (id_of("resource", site_.entries[i].resource.id.text()).text() == id) return i;
  }
  return std::nullopt;
}

json::object CkanThings::resource_of(std::size_t entry) const {
  const auto& one = site_.entries[entry];
  const auto& name = one.resource.id.text();
  const bool open = is_open(one.resource);
  const auto changed = ckan_instant(one.changed);
  return {{"id", id_of("resource", name).text()},
          {"package_id", id_of("package", name).text()},
          {"name", words(one.resource.name)},
          {"description", words(one.resource.summary)},
          {"format", format(entry)},
          {"mimetype", open ? "text/csv" : "text/html"},
          {"mimetype_inner", nullptr},
          {"url", open ? site_.site.base + "/api/v1/open-data/" + name + ".csv" : site_.site.base + "/catalogue/" + name},
          {"url_type", open ? json::value("datastore") : json::value(nullptr)},
          {"resource_type", nullptr},
          {"datastore_active", open},
          {"state", "active"},
          {"position", 0},
          {"created", ckan_instant(one.since)},
          {"last_modified", changed},
          {"metadata_modified", changed},
          {"size", nullptr},
          {"hash", ""},
          {"cache_url", nullptr},
          {"cache_last_updated", nullptr}};
}

json::object CkanThings::package(std::size_t entry) const {
  const auto& one = site_.entries[entry];
  const auto& resource = one.resource;
  const auto& name = resource.id.text();
  const auto license = license_of(resource);
  json::array tags;
  for (const auto& tag : resource.classification) {
    tags.push_back(
        json::object{{"id", id_of("tag", tag).text()}, {"name", tag}, {"display_name", tag}, {"state", "active"}, {"vocabulary_id", nullptr}});
  }
  const auto count = tags.size();
  const auto& group = *std::ranges::find(groups_, name_of_group(entry), &Group::name);
  const auto& organization = *std::ranges::find(organizations_, one.publisher.id.text(), &Group::name);
  json::object organization_view{{"id", organization.id},
                                 {"name", organization.name},
                                 {"title", words(organization.title)},
                                 {"type", "organization"},
                                 {"description", ""},
                                 {"image_url", ""},
                                 {"created", ckan_instant(one.since)},
                                 {"is_organization", true},
                                 {"approval_status", "approved"},
                                 {"state", "active"}};
  json::array extras{json::object{{"key", "identifier"}, {"value", resource.code}},
                     json::object{{"key", "update_cycle"}, {"value", wire::encode(resource.update_cycle)}},
                     json::object{{"key", "share_class"}, {"value", wire::encode(resource.share_class)}}};
  for (auto& extra : extras) {  // a text, not JSON of one
    auto& value = extra.as_object()["value"].as_string();
    if (value.starts_with('"') && value.ends_with('"')) value = value.subview(1, value.size() - 2);
  }
  json::object titles, notes;
  for (const auto& [language, text] : resource.name.by_language()) titles[language] = text;
  for (const auto& [language, text] : resource.summary.by_language()) notes[language] = text;
  return {{"id", id_of("package", name).text()},
          {"name", name},
          {"title", words(resource.name)},
          {"title_translated", std::move(titles)},
          {"notes", words(resource.summary)},
          {"notes_translated", std::move(notes)},
          {"type", "dataset"},
          {"state", "active"},
          {"private", false},
          {"author", words(one.publisher.name)},
          {"author_email", nullptr},
          {"maintainer", nullptr},
          {"maintainer_email", nullptr},
          {"creator_user_id", nullptr},
          {"license_id", license.id},
          {"license_title", license.title},
          {"license_url", license.url},
          {"isopen", is_open(resource) && license.open},
          {"url", site_.site.base + "/catalogue/" + name},
          {"version", nullptr},
          {"owner_org", organization.id},
          {"organization", std::move(organization_view)},
          {"groups", json::array{json::object{{"id", group.id},
                                              {"name", group.name},
                                              {"title", words(group.title)},
                                              {"display_name", words(group.title)},
                                              {"description", ""},
                                              {"image_display_url", ""}}}},
          {"tags", std::move(tags)},
          {"num_tags", count},
          {"resources", json::array{resource_of(entry)}},
          {"num_resources", 1},
          {"extras", std::move(extras)},
          {"metadata_created", ckan_instant(one.since)},
          {"metadata_modified", ckan_instant(one.changed)},
          {"relationships_as_subject", json::array()},
          {"relationships_as_object", json::array()}};
}

json::object CkanThings::group(const Group& group, bool with_packages) const {
  json::object out{{"id", group.id},
                   {"name", group.name},
                   {"title", words(group.title)},
                   {"display_name", words(group.title)},
                   {"description", ""},
                   {"image_url", ""},
                   {"image_display_url", ""},
                   {"type", group.organization ? "organization" : "group"},
                   {"is_organization", group.organization},
                   {"approval_status", "approved"},
                   {"state", "active"},
                   {"package_count", group.entries.size()},
                   {"num_followers", 0},
                   {"created", group.entries.empty() ? json::value(nullptr) : json::value(ckan_instant(site_.entries[group.entries.front()].since))},
                   {"extras", json::array()},
                   {"groups", json::array()},
                   {"users", json::array()},
                   {"tags", json::array()}};
  if (with_packages) {
    json::array packages;
    for (const auto entry : group.entries) packages.push_back(package(entry));
    out["packages"] = std::move(packages);
  }
  return out;
}

}  // namespace jx::open_data
