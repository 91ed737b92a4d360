#include "graph.hpp"

#include <jx/open_data/dcat.hpp>

#include <algorithm>
#include <set>

namespace jx::open_data {
namespace {

const std::string authority = "http://publications.europa.eu/resource/authority/";

void say(Node& node, const std::string& predicate, const LocalizedText& words) {
  for (const auto& [language, text] : words.by_language()) node.text(predicate, text, language);
}

std::string frequency(catalogue::UpdateCycle cycle) {
  using enum catalogue::UpdateCycle;
  switch (cycle) {
    case realtime: return "UPDATE_CONT";
    case daily: return "DAILY";
    case weekly: return "WEEKLY";
    case monthly: return "MONTHLY";
    case quarterly: return "QUARTERLY";
    case yearly: return "ANNUAL";
    case irregular: return "IRREG";
  }
  return "UNKNOWN";
}

std::string access_right(const catalogue::Resource& resource) {
  if (is_open(resource)) return "PUBLIC";
  return resource.share_class == catalogue::ShareClass::not_shared ? "NON_PUBLIC" : "RESTRICTED";
}

/// An instant as xsd:dateTime has it.
void moment(Node& node, const std::string& predicate, Instant at) { node.typed(predicate, at.text(), "xsd:dateTime"); }

class Writer {
 public:
  explicit Writer(const DcatPage& page) : page_(page), base_(page.site.base) {}

  Graph write() {
    catalogue();
    pages();
    for (const auto& entry : page_.entries) {
      dataset(entry);
      record(entry);
    }
    service();
    themes();
    Node home{base_ + "/", {"foaf:Document"}, {}};
    say(home, "dct:title", page_.site.title);
    graph_.push_back(std::move(home));
    return std::move(graph_);
  }

 private:
  [[nodiscard]] std::string at(const std::string& path) const { return base_ + path; }
  [[nodiscard]] std::string page_address(std::size_t number) const { return at("/dcat/" + page_.file + "?page=" + std::to_string(number)); }
  [[nodiscard]] std::string catalogue_id() const { return at("/dcat/catalog"); }
  [[nodiscard]] std::string dataset_id(const Entry& entry) const { return at("/dcat/dataset/" + entry.resource.id.text()); }
  [[nodiscard]] std::string service_id() const { return at("/dcat/service/ckan"); }

  std::string publisher(const Publisher& unit) {
    auto id = at("/dcat/unit/" + unit.id.text());
    if (publishers_.insert(id).second) {
      Node node{id, {"foaf:Agent", "foaf:Organization"}, {}};
      say(node, "foaf:name", unit.name);
      if (!unit.code.empty()) node.text("dct:identifier", unit.code);
      graph_.push_back(std::move(node));
    }
    return id;
  }

  void catalogue() {
    Node node{catalogue_id(), {"dcat:Catalog"}, {}};
    say(node, "dct:title", page_.site.title);
    say(node, "dct:description", page_.site.description);
    node.link("dct:publisher", publisher(page_.site.publisher));
    node.link("foaf:homepage", at("/"));
    for (const auto* language : {"ZHO", "ENG"}) node.link("dct:language", authority + "language/" + language);
    moment(node, "dct:modified", page_.changed);
    if (!page_.site.place.empty()) node.link("dct:spatial", at("/dcat/place/" + page_.site.place));
    node.link("dcat:themeTaxonomy", at("/dcat/themes"));
    node.link("dcat:service", service_id());
    for (const auto& entry : page_.entries) {
      node.link("dcat:dataset", dataset_id(entry));
      node.link("dcat:record", dataset_id(entry) + "/record");
    }
    graph_.push_back(std::move(node));
    if (!page_.site.place.empty()) {
      Node place{at("/dcat/place/" + page_.site.place), {"dct:Location"}, {}};
      place.text("dct:identifier", page_.site.place);
      say(place, "rdfs:label", page_.site.publisher.name);
      graph_.push_back(std::move(place));
    }
  }

  void pages() {
    const auto last = std::max<std::size_t>(1, (page_.total + datasets_per_page - 1) / datasets_per_page);
    Node node{page_address(page_.number), {"hydra:PagedCollection"}, {}};
    node.typed("hydra:totalItems", std::to_string(page_.total), "xsd:integer");
    node.typed("hydra:itemsPerPage", std::to_string(datasets_per_page), "xsd:integer");
    node.link("hydra:firstPage", page_address(1));
    node.link("hydra:lastPage", page_address(last));
    if (page_.number > 1) node.link("hydra:previousPage", page_address(page_.number - 1));
    if (page_.number < last) node.link("hydra:nextPage", page_address(page_.number + 1));
    graph_.push_back(std::move(node));
  }

  void dataset(const Entry& entry) {
    const auto& resource = entry.resource;
    Node node{dataset_id(entry), {"dcat:Dataset"}, {}};
    say(node, "dct:title", resource.name);
    say(node, "dct:description", resource.summary);
    node.text("dct:identifier", resource.code);
    node.link("dct:publisher", publisher(entry.publisher));
    moment(node, "dct:issued", entry.since);
    moment(node, "dct:modified", entry.changed);
    node.link("dct:accrualPeriodicity", authority + "frequency/" + frequency(resource.update_cycle));
    node.link("dct:accessRights", authority + "access-right/" + access_right(resource));
    if (!page_.site.place.empty()) node.link("dct:spatial", at("/dcat/place/" + page_.site.place));
    node.link("dcat:landingPage", landing(entry));
    std::string path;
    for (const auto& step : resource.classification) {
      node.text("dcat:keyword", step, "zh-CN");
      path += (path.empty() ? "" : "/") + slug(step);
      themes_.insert({at("/dcat/themes/" + path), step});
      node.link("dcat:theme", at("/dcat/themes/" + path));
    }
    if (resource.related) {
      for (const auto& code : *resource.related) node.link("dct:relation", at("/dcat/code/" + code));
    }
    node.link("dcat:distribution", node.iri + "/distribution");
    const auto distribution_of = node.iri;
    graph_.push_back(std::move(node));
    Node page{landing(entry), {"foaf:Document"}, {}};
    say(page, "dct:title", resource.name);
    graph_.push_back(std::move(page));
    distribution(entry, distribution_of);
  }

  [[nodiscard]] std::string landing(const Entry& entry) const { return at("/catalogue/" + entry.resource.id.text()); }

  void distribution(const Entry& entry, const std::string& of) {
    const auto& resource = entry.resource;
    Node node{of + "/distribution", {"dcat:Distribution"}, {}};
    say(node, "dct:title", resource.name);
    moment(node, "dct:issued", entry.since);
    moment(node, "dct:modified", entry.changed);
    if (is_open(resource)) {
      const auto file = at("/api/v1/open-data/" + resource.id.text() + ".csv");
      node.link("dcat:accessURL", landing(entry));
      node.link("dcat:downloadURL", file);
      node.link("dct:format", authority + "file-type/CSV");
      node.link("dcat:mediaType", "https://www.iana.org/assignments/media-types/text/csv");
      node.link("dcat:accessService", service_id());
      const auto license = license_of(resource);
      if (!license.url.empty()) node.link("dct:license", license.url);
    } else {
      node.link("dcat:accessURL", landing(entry));
      node.link("dct:rights", of + "/rights");
      Node rights{of + "/rights", {"dct:RightsStatement"}, {}};
      if (resource.share_conditions) {
        say(rights, "rdfs:label", *resource.share_conditions);
      } else {
        rights.text("rdfs:label", "按申请提供", "zh-CN");
        rights.text("rdfs:label", "given on request", "en");
      }
      graph_.push_back(std::move(rights));
    }
    graph_.push_back(std::move(node));
  }

  void record(const Entry& entry) {
    Node node{dataset_id(entry) + "/record", {"dcat:CatalogRecord"}, {}};
    node.link("foaf:primaryTopic", dataset_id(entry));
    moment(node, "dct:issued", entry.since);
    moment(node, "dct:modified", entry.changed);
    graph_.push_back(std::move(node));
  }

  void service() {
    Node node{service_id(), {"dcat:DataService"}, {}};
    node.text("dct:title", "CKAN Action API", "en");
    node.text("dct:title", "CKAN 数据接口", "zh-CN");
    node.link("dcat:endpointURL", at("/api/3/action"));
    node.link("dcat:endpointDescription", at("/api/openapi.yaml"));
    node.link("dct:publisher", publisher(page_.site.publisher));
    for (const auto& entry : page_.entries) {
      if (is_open(entry.resource)) node.link("dcat:servesDataset", dataset_id(entry));
    }
    graph_.push_back(std::move(node));
  }

  void themes() {
    Node scheme{at("/dcat/themes"), {"skos:ConceptScheme"}, {}};
    scheme.text("dct:title", "政务数据目录分类（类、项、目、细目）", "zh-CN");
    scheme.text("dct:title", "Classification of the catalogue", "en");
    graph_.push_back(std::move(scheme));
    for (const auto& [id, label] : themes_) {
      Node node{id, {"skos:Concept"}, {}};
      node.text("skos:prefLabel", label, "zh-CN");
      node.link("skos:inScheme", at("/dcat/themes"));
      if (const auto above = id.substr(0, id.rfind('/')); themes_.contains(above)) node.link("skos:broader", above);
      graph_.push_back(std::move(node));
    }
  }

  const DcatPage& page_;
  const std::string& base_;
  Graph graph_;
  std::set<std::string> publishers_;
  std::map<std::string, std::string> themes_;  // by address: what they are called
};

}  // namespace

std::string turtle(const DcatPage& page) { return write_turtle(Writer(page).write()); }
std::string json_ld(const DcatPage& page) { return write_json_ld(Writer(page).write()); }

}  // namespace jx::open_data
