#include <jx/open_data/ckan.hpp>
#include <jx/open_data/dcat.hpp>
#include <jx/wire.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace jx::open_data {
namespace json = boost::json;
namespace {

class OpenData : public testing::Test {
 protected:
  OpenData() {
    add("water", "饮用水水质", "Drinking water", "health", catalogue::OpenTo::everyone, "2026-03-01T00:00:00Z");
    add("inspections", "餐饮检查", "Food inspections", "health", catalogue::OpenTo::everyone, "2026-05-01T00:00:00Z");
    add("hydrants", "消火栓", "Fire hydrants", "fire", catalogue::OpenTo::on_request, "2026-04-01T00:00:00Z");
    for (std::size_t i = 0; i < resources_.size(); ++i) {
      const auto& resource = resources_[i];
      entries_.push_back({resource, {resource.provider, words(resource.provider.text(), resource.provider.text()), {}}, changed_[i], changed_[i]});
      std::vector<search::Part> parts{{resource.id.text(), 1}};
      for (const auto& [language, text] : resource.name.by_language()) parts.push_back({text, 2});
      index_.add(parts);
    }
  }

  static LocalizedText words(const std::string& zh, const std::string& en) { return LocalizedText({{"zh-CN", zh}, {"en", en}}); }

  void add(const std::string& id, const std::string& zh, const std::string& en, const std::string& unit, catalogue::OpenTo to,
           const std::string& changed) {
    catalogue::Resource resource;
    resource.id = *ResourceId::parse(id);
    resource.code = "code-" + id;
    resource.name = words(zh, en);
    resource.summary = words(zh + "“说明”\n\\", en + " \"in short\"\n\\");
    resource.classification = {"主题信息资源", id};
    resource.provider = *UnitId::parse(unit);
    resource.share_class = catalogue::ShareClass::unconditional;
    resource.open = catalogue::OpenTerms{to, words("说明用途", "say for what"), "CC-BY-4.0"};
    resource.fields = {{"place", "place", words("地点", "Place"), catalogue::FieldType::text, catalogue::Sensitivity::open},
                       {"owner", "owner", words("业主", "Owner"), catalogue::FieldType::text, catalogue::Sensitivity::personal},
                       {"score", "score", words("得分", "Score"), catalogue::FieldType::integer, catalogue::Sensitivity::open}};
    resources_.push_back(resource);
    changed_.push_back(*Instant::parse(changed));
  }

  json::value ask(std::string_view action, std::string_view parameters, int status = 200) {
    const auto find = [&](std::string_view text) { return index_.find(text); };
    const auto rows = [&](const catalogue::Resource&, const std::function<Result<bool>(std::span<const exchange::Cell>)>& take) -> Result<> {
      using exchange::Cell;
      const std::array<std::array<Cell, 2>, 4> table{{{Cell("Elm St"), Cell(std::int64_t{90})},
                                                      {Cell("Oak, \"St\""), Cell("75")},
                                                      {Cell("elm lane"), Cell(std::monostate())},
                                                      {Cell("长街"), Cell(std::int64_t{8})}}};
      for (const auto& row : table) {
        JX_TRY(more, take(row));
        if (!more) break;
      }
      return {};
    };
    const CkanSite site{site_, entries_, find, rows, "en"};
    const auto given = wire::parse(parameters);
    EXPECT_TRUE(given) << parameters;
    const auto answer = ckan(site, action, given->as_object());
    EXPECT_TRUE(answer);
    EXPECT_EQ(answer->status, status) << answer->body;
    return *wire::parse(answer->body);
  }
  json::value result(std::string_view action, std::string_view parameters = "{}") { return ask(action, parameters).as_object()["result"]; }
  json::object error(std::string_view action, std::string_view parameters, int status) {
    auto answer = ask(action, parameters, status);
    EXPECT_FALSE(answer.as_object()["success"].as_bool());
    return answer.as_object()["error"].as_object();
  }
  std::vector<std::string> found(std::string_view parameters) {
    std::vector<std::string> names;
    auto answer = result("package_search", parameters);
    for (const auto& package : answer.as_object()["results"].as_array()) names.emplace_back(package.as_object().at("name").as_string());
    return names;
  }

  std::vector<catalogue::Resource> resources_;
  std::vector<Instant> changed_;
  std::vector<Entry> entries_;
  search::Index index_;
  Site site_{"https://county.example",
             words("目录", "Catalogue"),
             words("公开的数据", "Data in the open"),
             {*UnitId::parse("county"), words("县", "County"), ""},
             "332021"};
};

using Names = std::vector<std::string>;

TEST_F(OpenData, gives_things_uuids_and_addresses_that_stay) {
  EXPECT_EQ(id_of("package", "water"), id_of("package", "water"));
  EXPECT_NE(id_of("package", "water"), id_of("resource", "water"));
  EXPECT_EQ(id_of("package", "water").text()[14], '8');
  EXPECT_EQ(slug("基础信息资源 No. 3"), "ji-chu-xin-xi-zi-yuan-no-3");
  EXPECT_TRUE(slug("…").starts_with("x-"));
}

TEST_F(OpenData, lists_and_shows_data_sets_by_name_and_id) {
  EXPECT_EQ(result("package_list"), (json::array{"hydrants", "inspections", "water"}));
  EXPECT_EQ(result("package_list", R"({"limit": 1, "offset": "1"})"), (json::array{"inspections"}));
  auto water = result("package_show", R"({"id": "water"})").as_object();
  EXPECT_EQ(water["title"], "Drinking water");
  EXPECT_EQ(water["organization"].as_object()["name"], "health");
  EXPECT_EQ(water["metadata_modified"], "2026-03-01T00:00:00.000000");
  EXPECT_TRUE(water["isopen"].as_bool());
  EXPECT_EQ(result("package_show", R"({"id": ")" + std::string(water["id"].as_string()) + R"("})").as_object()["name"], "water");
  auto resource = water["resources"].as_array()[0].as_object();
  EXPECT_EQ(resource["url"], "https://county.example/api/v1/open-data/water.csv");
  EXPECT_EQ(result("resource_show", R"({"id": ")" + std::string(resource["id"].as_string()) + R"("})"), resource);
  EXPECT_FALSE(result("package_show", R"({"id": "hydrants"})").as_object()["resources"].as_array()[0].as_object()["datastore_active"].as_bool());
}

TEST_F(OpenData, searches_as_solr_and_people_do) {
  EXPECT_EQ(found("{}"), (Names{"inspections", "hydrants", "water"}));  // the last changed first
  EXPECT_EQ(found(R"({"q": "*:*", "sort": "name asc", "rows": "2", "start": 1})"), (Names{"inspections", "water"}));
  EXPECT_EQ(found(R"({"q": "drinking"})"), (Names{"water"}));
  EXPECT_EQ(found(R"({"q": "饮用水"})"), (Names{"water"}));
  EXPECT_EQ(found(R"({"q": "xiaohuoshuan"})"), (Names{"hydrants"}));
  EXPECT_EQ(found(R"({"fq": "organization:health", "sort": "title asc"})"), (Names{"water", "inspections"}));
  EXPECT_EQ(found(R"({"fq": "+organization:health -tags:\"water\""})"), (Names{"inspections"}));
  EXPECT_EQ(found(R"({"fq_list": ["organization:health", "res_format:CSV", "name:w*"]})"), (Names{"water"}));
  EXPECT_EQ(found(R"({"q": "title:fire OR title:food", "sort": "metadata_created desc"})"), (Names{"inspections", "hydrants"}));
  EXPECT_EQ(found(R"({"q": "metadata_modified:[2026-04-01T00:00:00Z TO *]"})"), (Names{"inspections", "hydrants"}));
  auto faceted = result("package_search", R"({"rows": 0, "facet.field": "[\"organization\", \"license_id\"]"})").as_object();
  EXPECT_EQ(faceted["count"], 3);
  EXPECT_EQ(faceted["facets"].as_object()["organization"], (json::object{{"health", 2}, {"fire", 1}}));
  EXPECT_EQ(faceted["search_facets"].as_object()["organization"].as_object()["items"].as_array()[0].as_object()["display_name"], "health");
}

TEST_F(OpenData, lists_units_and_groups) {
  EXPECT_EQ(result("organization_list"), (json::array{"fire", "health"}));
  EXPECT_EQ(result("organization_list", R"({"all_fields": true, "sort": "package_count desc"})").as_array()[0].as_object()["package_count"], 2);
  EXPECT_EQ(result("group_list"), (json::array{"zhu-ti-xin-xi-zi-yuan"}));
  EXPECT_EQ(result("organization_show", R"({"id": "health", "include_datasets": "true"})").as_object()["packages"].as_array().size(), 2U);
  EXPECT_EQ(result("tag_list", R"({"query": "wat"})"), (json::array{"water"}));
  EXPECT_EQ(result("license_list").as_array()[0].as_object()["id"], "CC-BY-4.0");
  EXPECT_EQ(result("status_show").as_object()["site_title"], "Catalogue");
  EXPECT_TRUE(result("help_show", R"({"name": "package_show"})").is_string());
}

TEST_F(OpenData, gives_rows_of_what_is_open_and_only_its_open_fields) {
  const auto id = id_of("resource", "water").text();
  const auto with = [&](const std::string& more) { return R"({"resource_id": ")" + id + "\"" + more + "}"; };
  auto all = result("datastore_search", with("")).as_object();
  EXPECT_EQ(all["total"], 4);
  EXPECT_EQ(all["fields"], (json::array{{{"id", "_id"}, {"type", "int"}}, {{"id", "place"}, {"type", "text"}}, {{"id", "score"}, {"type", "int"}}}));
  EXPECT_EQ(all["records"].as_array()[1], (json::object{{"_id", 2}, {"place", "Oak, \"St\""}, {"score", 75}}));
  const auto places = [&](const std::string& more) {
    Names out;
    auto answer = result("datastore_search", with(more));
    for (const auto& row : answer.as_object()["records"].as_array()) out.emplace_back(row.as_object().at("place").as_string());
    return out;
  };
  EXPECT_EQ(places(R"(, "filters": {"score": 90})"), (Names{"Elm St"}));
  EXPECT_EQ(places(R"(, "filters": "{\"score\": [\"8\", 75]}")"), (Names{"Oak, \"St\"", "长街"}));
  EXPECT_EQ(places(R"(, "q": "ELM")"), (Names{"Elm St", "elm lane"}));
  EXPECT_EQ(places(R"(, "sort": "score desc", "limit": 2)"), (Names{"Elm St", "Oak, \"St\""}));
  EXPECT_EQ(places(R"(, "sort": "score", "offset": 1, "limit": 2)"), (Names{"长街", "Oak, \"St\""}));
  EXPECT_EQ(places(R"(, "limit": 1, "offset": 2)"), (Names{"elm lane"}));
  EXPECT_EQ(result("datastore_search", with(R"(, "fields": ["place"], "records_format": "csv", "limit": 2)")).as_object()["records"],
            "Elm St\n\"Oak, \"\"St\"\"\"\n");
  EXPECT_EQ(result("datastore_search", with(R"(, "records_format": "lists", "limit": 1)")).as_object()["records"], (json::array{{1, "Elm St", 90}}));
  EXPECT_FALSE(result("datastore_search", with(R"(, "include_total": false)")).as_object().contains("total"));
}

TEST_F(OpenData, refuses_in_the_form_of_ckan) {
  EXPECT_EQ(error("package_show", "{}", 409), (json::object{{"__type", "Validation Error"}, {"name_or_id", {"Missing value"}}}));
  EXPECT_EQ(error("package_show", R"({"id": "nothing"})", 404), (json::object{{"__type", "Not Found Error"}, {"message", "Not found"}}));
  EXPECT_EQ(error("package_search", R"({"rows": "many"})", 409)["rows"], (json::array{"Invalid integer"}));
  EXPECT_EQ(error("package_search", R"({"start": -1})", 409)["start"], (json::array{"Must be a natural number"}));
  EXPECT_EQ(error("package_search", R"({"q": "(water"})", 400)["__type"], "Search Query Error");
  EXPECT_EQ(error("package_search", R"({"sort": "colour asc"})", 409)["__type"], "Search Error");
  EXPECT_EQ(error("package_search", R"({"fq": "colour:red"})", 409)["message"], "undefined field colour");
  EXPECT_EQ(error("datastore_search", R"({"resource_id": "x"})", 404)["__type"], "Not Found Error");
  EXPECT_EQ(error("datastore_search", R"({"resource_id": ")" + id_of("resource", "hydrants").text() + "\"}", 404)["__type"], "Not Found Error");
  EXPECT_EQ(error("datastore_search", R"({"resource_id": ")" + id_of("resource", "water").text() + R"(", "filters": {"owner": "x"}})", 409)["__type"],
            "Validation Error");
  EXPECT_EQ(ask("package_destroy", "{}", 400), "Bad request - Action name not known: package_destroy");
}

TEST_F(OpenData, writes_turtle_and_json_ld_of_the_same_things) {
  const DcatPage page{site_, entries_, 1, entries_.size(), changed_[1], "catalog.ttl"};
  const auto text = turtle(page);
  EXPECT_NE(text.find("<https://county.example/dcat/dataset/water> a dcat:Dataset ;"), std::string::npos);
  EXPECT_NE(text.find(R"(dct:description "Drinking water \"in short\"\n\\"@en)"), std::string::npos);
  EXPECT_NE(text.find("hydra:totalItems \"3\"^^xsd:integer"), std::string::npos);
  EXPECT_EQ(text.find("hydra:nextPage"), std::string::npos);
  auto things = wire::parse(json_ld(page))->as_object()["@graph"].as_array();
  EXPECT_EQ(std::ranges::count_if(things, [](const json::value& thing) { return thing.as_object().at("@type").as_array()[0] == "dcat:Dataset"; }), 3);
  const DcatPage second{site_, std::span(entries_).first(1), 2, 250, changed_[1], "catalog.ttl"};
  EXPECT_NE(turtle(second).find("hydra:nextPage <https://county.example/dcat/catalog.ttl?page=3>"), std::string::npos);
}

TEST_F(OpenData, lets_no_text_break_out_of_its_place) {
  site_.base = "https://evil> a <x";
  const auto text = turtle({site_, entries_, 1, 3, changed_[0], "catalog.ttl"});
  EXPECT_EQ(text.find("<https://evil>"), std::string::npos);
}

}  // namespace
}  // namespace jx::open_data
