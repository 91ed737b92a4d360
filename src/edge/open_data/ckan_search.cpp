// package_search: Solr's words over the search index of the catalogue.
#include "ckan_parts.hpp"
#include "solr.hpp"

#include <jx/text.hpp>

#include <algorithm>
#include <functional>
#include <set>

namespace jx::open_data {
namespace json = boost::json;
namespace {

constexpr std::int64_t rows_max = 1'000;
constexpr std::int64_t facet_limit_default = 50;

const std::set<std::string_view> searched{"text",
                                          "name",
                                          "title",
                                          "notes",
                                          "tags",
                                          "groups",
                                          "organization",
                                          "owner_org",
                                          "license_id",
                                          "res_format",
                                          "id",
                                          "state",
                                          "type",
                                          "dataset_type",
                                          "isopen",
                                          "private",
                                          "capacity",
                                          "metadata_modified",
                                          "metadata_created",
                                          "extras_identifier",
                                          "entity_type",
                                          "site_id",
                                          "author"};

/// The values of a document in a field.
std::vector<std::string> values(const CkanThings& things, std::size_t entry, std::string_view field) {
  const auto& one = things.site().entries[entry];
  const auto all = [](const LocalizedText& text) {
    std::vector<std::string> out;
    for (const auto& [language, words] : text.by_language()) out.push_back(words);
    return out;
  };
  if (field == "name") return {one.resource.id.text()};
  if (field == "id") return {id_of("package", one.resource.id.text()).text()};
  if (field == "title") return all(one.resource.name);
  if (field == "notes") return all(one.resource.summary);
  if (field == "author") return all(one.publisher.name);
  if (field == "tags") return things.tags(entry);
  if (field == "groups") return {things.name_of_group(entry)};
  if (field == "organization") return {things.name_of_organization(entry)};
  if (field == "owner_org") return {id_of("organization", things.name_of_organization(entry)).text()};
  if (field == "license_id") return {license_of(one.resource).id};
  if (field == "res_format") return {things.format(entry)};
  if (field == "state") return {"active"};
  if (field == "type" || field == "dataset_type") return {"dataset"};
  if (field == "entity_type") return {"package"};
  if (field == "capacity") return {"public"};
  if (field == "private") return {"false"};
  if (field == "isopen") return {is_open(one.resource) && license_of(one.resource).open ? "true" : "false"};
  if (field == "metadata_modified") return {ckan_instant(one.changed)};
  if (field == "metadata_created") return {ckan_instant(one.since)};
  if (field == "extras_identifier") return {one.resource.code};
  return {};
}

/// Whether the words stand in a value of running text.
bool stands_in(const Solr& words, const std::string& value) {
  if (solr_alike(words, value)) return true;
  const auto folded = text::case_fold(value);
  if (words.phrase || words.value.find_first_of("*?") == std::string::npos) return folded.find(text::case_fold(words.value)) != std::string::npos;
  return std::ranges::any_of(text::words(value), [&](const text::Word& word) { return solr_alike(words, word.text); });
}

/// Instants without their zone compare as texts; one that is cut short stands for all that begin with it.
bool in_range(const Solr& range, const std::string& value) {
  const auto end = [](std::string text) {
    if (text.ends_with('Z')) text.pop_back();
    return text;
  };
  const auto from = end(range.value), to = end(range.to);
  return (from == "*" || value > from || (!range.open_low && value.starts_with(from))) &&
         (to == "*" || value < to || (!range.open_high && value.starts_with(to)));
}

/// Words without a field that stand beside each other are looked for together, as the index does it.
void join_words(Solr& tree) {
  for (auto& part : tree.parts) join_words(part);
  if (tree.kind != Solr::Kind::all) return;
  std::vector<Solr> parts;
  for (auto& part : tree.parts) {
    const auto plain = [](const Solr& one) {
      return one.kind == Solr::Kind::words && one.field.empty() && !one.phrase && one.value.find_first_of("*?") == std::string::npos;
    };
    if (!parts.empty() && plain(parts.back()) && plain(part)) {
      parts.back().value += " " + part.value;
    } else {
      parts.push_back(std::move(part));
    }
  }
  tree.parts = std::move(parts);
}

using Scores = std::map<std::size_t, double>;
/// What the index finds for each of the free words of a query.
std::map<std::string, Scores> look_up(const CkanSite& site, const Solr& query) {
  std::map<std::string, Scores> found;
  query.each_words([&](const Solr& words) {
    if (!words.field.empty() && words.field != "text") return;
    auto plain = words.value;
    std::erase_if(plain, [](char c) { return c == '*' || c == '?'; });
    auto& scores = found[words.value];
    for (const auto& hit : site.find(plain)) scores[hit.document] = hit.score;
  });
  return found;
}

std::optional<std::string> unknown_field(const Solr& query) {
  if (!query.field.empty() && query.field != "*" && !searched.contains(query.field)) return query.field;
  for (const auto& part : query.parts) {
    if (auto unknown = unknown_field(part)) return unknown;
  }
  return std::nullopt;
}

struct Sort {
  std::string field;
  bool descending = false;
};
/// Nothing: it is no sort.
std::optional<std::vector<Sort>> parse_sort(const std::string& text) {
  static const std::set<std::string_view> fields{"score", "name", "title", "title_string", "metadata_modified", "metadata_created", "id"};
  std::vector<Sort> out;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    std::vector<std::string> words;
    for (std::size_t i = at; i < end;) {
      const auto from = text.find_first_not_of(' ', i);
      if (from >= end) break;
      const auto to = std::min(text.find(' ', from), end);
      words.push_back(text.substr(from, to - from));
      i = to;
    }
    at = end + 1;
    if (words.empty() && end == text.size() && out.empty()) break;
    const auto order = words.size() == 2 ? words[1] : words.size() == 1 ? "asc" : "";
    if (words.empty() || !fields.contains(words[0]) || (order != "asc" && order != "desc")) return std::nullopt;
    out.push_back({words[0], order == "desc"});
  }
  return out;
}

/// Less than zero: the first comes first.
int compare(const CkanThings& things, const Sort& sort, const Scores& scores, std::size_t a, std::size_t b) {
  int order = 0;
  if (sort.field == "score") {
    const auto score = [&](std::size_t entry) {
      const auto found = scores.find(entry);
      return found == scores.end() ? 0.0 : found->second;
    };
    order = score(a) < score(b) ? -1 : score(a) > score(b) ? 1 : 0;
  } else if (sort.field.starts_with("title")) {
    const auto key = [&](std::size_t entry) { return text::sort_key(things.words(things.site().entries[entry].resource.name)); };
    const auto left = key(a), right = key(b);
    order = left < right ? -1 : left > right ? 1 : 0;
  } else {
    order = values(things, a, sort.field).front().compare(values(things, b, sort.field).front());
  }
  return sort.descending ? -order : order;
}

std::string display_name(const CkanThings& things, std::string_view field, const std::string& value) {
  const auto& groups = field == "organization" ? things.organizations() : things.groups();
  if (field == "organization" || field == "groups") {
    const auto found = std::ranges::find(groups, value, &Group::name);
    if (found != groups.end()) return things.words(found->title);
  }
  return value;
}

void add_facets(const CkanThings& things, const std::vector<std::size_t>& hits, const std::vector<std::string>& fields, std::int64_t limit,
                json::object& out) {
  json::object facets, search_facets;
  for (const auto& field : fields) {
    std::map<std::string, std::int64_t> counts;
    for (const auto entry : hits) {
      for (auto& value : values(things, entry, field)) ++counts[std::move(value)];
    }
    std::vector<std::pair<std::string, std::int64_t>> ordered(counts.begin(), counts.end());
    std::ranges::stable_sort(ordered, std::ranges::greater(), &std::pair<std::string, std::int64_t>::second);
    if (limit > 0 && ordered.size() > static_cast<std::size_t>(limit)) ordered.resize(static_cast<std::size_t>(limit));
    json::object plain;
    json::array items;
    for (const auto& [value, count] : ordered) {
      plain[value] = count;
      items.push_back(json::object{{"name", value}, {"display_name", display_name(things, field, value)}, {"count", count}});
    }
    facets[field] = std::move(plain);
    search_facets[field] = json::object{{"title", field}, {"items", std::move(items)}};
  }
  out["facets"] = std::move(facets);
  out["search_facets"] = std::move(search_facets);
}

}  // namespace

CkanResult package_search(const CkanThings& things, CkanCall& call) {
  const auto rows = std::min(call.natural("rows", 10), rows_max);
  const auto start = call.natural("start", 0);
  const auto facet_limit = call.text("facet.limit") == "-1" ? 0 : call.natural("facet.limit", facet_limit_default);
  const auto sort_text = call.text("sort", "score desc, metadata_modified desc");
  if (auto fault = call.fault()) return *fault;
  const auto sort = parse_sort(sort_text.empty() ? "score desc, metadata_modified desc" : sort_text);
  if (!sort) return CkanFault{CkanFault::Kind::search, {}, "Can't determine a Sort Order (asc or desc) in sort spec '" + sort_text + "'"};

  std::vector<Solr> queries;
  std::vector<std::string> texts{call.text("q"), call.text("fq")};
  for (auto& more : call.list("fq_list")) texts.push_back(std::move(more));
  for (const auto& text : texts) {
    auto query = parse_solr(text);
    if (!query) return CkanFault{CkanFault::Kind::search_query, {}, query.error().message.en};
    if (const auto unknown = unknown_field(*query)) return CkanFault{CkanFault::Kind::search, {}, "undefined field " + *unknown};
    join_words(*query);
    queries.push_back(std::move(*query));
  }

  Scores scores;
  std::vector<std::size_t> hits;
  for (std::size_t i = 0; i < things.site().entries.size(); ++i) hits.push_back(i);
  for (std::size_t n = 0; n < queries.size(); ++n) {
    const auto found = look_up(things.site(), queries[n]);
    std::erase_if(hits, [&](std::size_t entry) {
      return !queries[n].holds([&](const Solr& leaf) {
        if (leaf.field.empty() || leaf.field == "text") {
          const auto at = found.find(leaf.value);
          return at != found.end() && at->second.contains(entry);
        }
        const bool running = leaf.field == "title" || leaf.field == "notes" || leaf.field == "author";
        return std::ranges::any_of(values(things, entry, leaf.field), [&](const std::string& value) {
          return leaf.kind == Solr::Kind::range ? in_range(leaf, value) : running ? stands_in(leaf, value) : solr_alike(leaf, value);
        });
      });
    });
    if (n > 0) continue;  // a filter does not count
    for (const auto& [words, by_entry] : found) {
      for (const auto& [entry, score] : by_entry) scores[entry] += score;
    }
  }
  std::ranges::stable_sort(hits, [&](std::size_t a, std::size_t b) {
    for (const auto& one : *sort) {
      if (const auto order = compare(things, one, scores, a, b); order != 0) return order < 0;
    }
    return false;
  });

  json::array results;
  for (auto at = static_cast<std::size_t>(start); at < hits.size() && results.size() < static_cast<std::size_t>(rows); ++at)
    results.push_back(things.package(hits[at]));
  json::object out{{"count", hits.size()}, {"sort", sort_text}, {"results", std::move(results)}};
  add_facets(things, hits, call.flag("facet", true) ? call.list("facet.field") : std::vector<std::string>(), facet_limit, out);
  return json::value(std::move(out));
}

}  // namespace jx::open_data
