// ckan_parts.hpp - parameters, faults and things of CKAN; private to the module.
#pragma once
#include <jx/open_data/ckan.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace jx::open_data {

/// A refusal in CKAN's form.
struct CkanFault {
  enum class Kind { not_found, invalid, search_query, search };
  Kind kind = Kind::not_found;
  std::map<std::string, std::string> fields;  // invalid: by parameter
  std::string message;                        // else
};
using CkanResult = std::variant<boost::json::value, CkanFault, Error>;

/// The parameters of a call. What is wrong with one is kept: ask `fault()` before the values are used.
class CkanCall {
 public:
  explicit CkanCall(const boost::json::object& parameters) : parameters_(parameters) {}

  [[nodiscard]] std::string text(std::string_view name, std::string_view otherwise = {});
  [[nodiscard]] std::string required(std::string_view name);
  /// A whole number from 0.
  [[nodiscard]] std::int64_t natural(std::string_view name, std::int64_t otherwise);
  [[nodiscard]] bool flag(std::string_view name, bool otherwise);
  /// A list, as JSON or as JSON in a text; a text that is no list is a list of its comma-separated parts.
  [[nodiscard]] std::vector<std::string> list(std::string_view name);
  /// As it is; a text that is JSON is read as such.
  [[nodiscard]] boost::json::value json(std::string_view name);

  void wrong(std::string_view name, std::string_view what) { wrong_.emplace(name, what); }
  [[nodiscard]] std::optional<CkanFault> fault() const;

 private:
  const boost::json::object& parameters_;
  std::map<std::string, std::string> wrong_;
};

/// A group of entries that CKAN calls an organization (a unit) or a group (the first step of the classification).
struct Group {
  std::string id, name;
  LocalizedText title;
  bool organization = false;
  std::vector<std::size_t> entries;
};

/// The things of the site, made once for a call.
class CkanThings {
 public:
  explicit CkanThings(const CkanSite& site);

  [[nodiscard]] const CkanSite& site() const { return site_; }
  [[nodiscard]] const std::vector<Group>& organizations() const { return organizations_; }
  [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }
  [[nodiscard]] std::optional<std::size_t> entry(std::string_view id_or_name) const;
  [[nodiscard]] std::optional<std::size_t> resource(std::string_view id) const;  // CKAN's resource: the rows of an entry
  [[nodiscard]] boost::json::object package(std::size_t entry) const;
  [[nodiscard]] boost::json::object resource_of(std::size_t entry) const;
  [[nodiscard]] boost::json::object group(const Group& group, bool with_packages) const;
  [[nodiscard]] std::string words(const LocalizedText& text) const { return std::string(text.in(site_.language)); }
  [[nodiscard]] std::string name_of_organization(std::size_t entry) const { return site_.entries[entry].publisher.id.text(); }
  [[nodiscard]] std::string name_of_group(std::size_t entry) const;
  [[nodiscard]] std::vector<std::string> tags(std::size_t entry) const { return site_.entries[entry].resource.classification; }
  [[nodiscard]] std::string format(std::size_t entry) const { return is_open(site_.entries[entry].resource) ? "CSV" : "HTML"; }

 private:
  const CkanSite& site_;
  std::vector<Group> organizations_, groups_;
};

/// As CKAN writes an instant: without a zone, in UTC.
[[nodiscard]] std::string ckan_instant(Instant at);

[[nodiscard]] CkanResult package_search(const CkanThings& things, CkanCall& call);
[[nodiscard]] CkanResult datastore_search(const CkanThings& things, CkanCall& call);

}  // namespace jx::open_data
