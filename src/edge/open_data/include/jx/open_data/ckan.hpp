// ckan.hpp - the read side of CKAN's Action API, version 3: what ckanapi, QGIS and harvesters call. Answers and errors have CKAN's form.
// Source: the API guide of CKAN 2.10 and the schemas that it names.
#pragma once
#include <jx/exchange/sources.hpp>
#include <jx/open_data/feed.hpp>
#include <jx/search.hpp>

#include <boost/json/object.hpp>

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace jx::open_data {

inline constexpr std::string_view ckan_version = "2.10.4";      // whose answers these are like
inline constexpr std::int64_t datastore_rows_max = 32'000;      // of one answer of datastore_search, as CKAN has it
inline constexpr std::size_t datastore_sorted_max = 200'000;    // rows that are sorted for one answer
inline constexpr std::size_t datastore_bytes_max = 32U << 20U;  // of one answer

/// Hands every row of an open resource to `take`, with its open_fields() in their order, until `take` answers false.
using EachRow =
    std::function<Result<>(const catalogue::Resource& resource, const std::function<Result<bool>(std::span<const exchange::Cell>)>& take)>;

struct CkanAnswer {
  int status = 200;
  std::string body;  // JSON
};

/// What is asked about. `find` looks for words: documents are entries.
struct CkanSite {
  const Site& site;
  std::span<const Entry> entries;
  std::function<std::vector<search::Hit>(std::string_view)> find;
  EachRow rows;
  std::string_view language = "zh-CN";  // of titles and descriptions
};

/// Carries out an action; parameters as they stood in the JSON body, or as texts from a query. Errors of the caller are answers; errors here are
/// those of the sources.
[[nodiscard]] Result<CkanAnswer> ckan(const CkanSite& site, std::string_view action, const boost::json::object& parameters);

/// What CKAN answers to a body that is no JSON object.
[[nodiscard]] CkanAnswer ckan_bad_body(std::string_view why);

}  // namespace jx::open_data
