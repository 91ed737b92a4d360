// command_items.cpp - lists of service items: checked, written, read; and how well they are found.
#include "commands.hpp"
#include "files.hpp"
#include "terminal.hpp"

#include <jx/connectors/workbooks.hpp>
#include <jx/pack/records.hpp>
#include <jx/services/items.hpp>
#include <jx/services/lint.hpp>
#include <jx/services/lists.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

namespace jx::app {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr wire::Limits list_limits{.bytes = 64U << 20U, .depth = 32, .values = 10'000'000, .string_bytes = 1U << 18U};
constexpr int keys_row = 2;

/// One item of a list or pack, and how a finding says where.
struct Listed {
  std::string id;
  json::object item;
  std::string file;
  std::optional<wire::Document> lines;  // of a pack
};

std::string id_of(const json::object& item) {
  const auto* id = item.if_contains("id");
  return id != nullptr && id->is_string() ? std::string(id->get_string()) : std::string();
}

Result<json::array> cards_in_json(const std::string& text) {
  JX_TRY(value, wire::parse(text, list_limits));
  const auto* object = value.if_object();
  const auto* list = object != nullptr ? object->if_contains("items") : &value;
  if (list == nullptr || !list->is_array())
    return fail(ErrorCode::invalid, {R"(a list of items is {"items": [...]} or [...])", R"(事项清单应为 {"items": [...]} 或 [...])"});
  for (std::size_t i = 0; i < list->get_array().size(); ++i) {
    if (!list->get_array()[i].is_object()) return fail(ErrorCode::invalid, {"an item is an object", "事项应为对象"}, "/items/" + std::to_string(i));
  }
  if (list->get_array().size() > services::list_items_max)
    return fail(ErrorCode::too_large, {"a list has at most 20,000 items", "清单至多 20000 个事项"});
  return list->get_array();
}

Result<json::array> cards_in_workbook(const std::string& octets) {
  JX_TRY(sheets, connectors::read_workbook(octets, keys_row));
  std::vector<services::Grid> grids;
  for (auto& sheet : sheets) grids.push_back({std::move(sheet.name), {}, std::move(sheet.columns), std::move(sheet.rows)});
  return services::cards_of(grids);
}

Result<json::array> cards_in(const fs::path& file) {
  JX_TRY(octets, read_text(file));
  const bool workbook = octets.starts_with("PK");
  auto cards = workbook ? cards_in_workbook(octets) : cards_in_json(octets);
  if (!cards)
    cards.error().message = {file.filename().string() + ": " + cards.error().message.en, file.filename().string() + "：" + cards.error().message.zh};
  return cards;
}

/// The items of a pack as its files say them. Errors: those of reading it; invalid (a file that is no YAML).
Result<std::vector<Listed>> items_of_pack(const fs::path& folder) {
  JX_TRY(pack, pack::Pack::read(folder.string()));
  std::vector<Listed> list;
  for (const auto* file : pack.in("items", ".yaml")) {
    pack::Findings findings;
    auto document = pack::parse_yaml(*file, findings);
    if (!document || !document->value().is_object())
      return fail(ErrorCode::invalid,
                  {file->from + ": this is no item; `junxian pack check` says why", file->from + "：不是事项文件，请先运行 junxian pack check"});
    list.push_back({id_of(document->value().get_object()), document->value().get_object(), file->from, std::move(document)});
  }
  return list;
}

Result<std::vector<Listed>> listed_in(const fs::path& path) {
  if (fs::is_directory(path)) return items_of_pack(path);
  JX_TRY(cards, cards_in(path));
  std::vector<Listed> list;
  for (auto& card : cards) list.push_back({id_of(card.get_object()), std::move(card.get_object()), path.filename().string(), std::nullopt});
  return list;
}

/// An item without an id, and one that is there twice, beside what the rules say.
std::vector<services::ItemFault> faults_of(const Listed& one, std::set<std::string>& seen) {
  std::vector<services::ItemFault> faults;
  if (one.id.empty()) {
    faults.push_back({"id", "/id", {"an item has an id", "请填写事项标识"}});
  } else if (!seen.insert(one.id).second) {
    faults.push_back({"id", "/id", {"this id is there twice", "事项标识重复"}});
  }
  std::ranges::move(services::lint(one.item), std::back_inserter(faults));
  return faults;
}

void print(const Listed& one, std::size_t number, const services::ItemFault& fault) {
  const auto what = one.id.empty() ? say({"item " + std::to_string(number), "第" + std::to_string(number) + "项"}) : one.id;
  const auto line = one.lines ? ":" + std::to_string(one.lines->line_of(fault.field)) : std::string();
  std::printf("%s%s: %s %s: %s: %s\n", one.file.c_str(), line.c_str(), what.c_str(), fault.field.c_str(), fault.rule.c_str(),
              say(fault.message).c_str());
}

json::object as_json(const Listed& one, const services::ItemFault& fault) {
  json::object out{{"item", one.id},
                   {"file", one.file},
                   {"rule", fault.rule},
                   {"field", fault.field},
                   {"message", {{"zh-CN", fault.message.zh}, {"en", fault.message.en}}}};
  if (one.lines) out["line"] = one.lines->line_of(fault.field);
  return out;
}

/// Which members differ.
std::string changed_fields(const json::object& before, const json::object& after) {
  std::string names;
  for (const auto& [key, value] : after) {
    const auto* old = before.if_contains(key);
    if (old == nullptr || *old != value) names += (names.empty() ? "" : ", ") + std::string(key);
  }
  for (const auto& [key, value] : before) {
    if (!after.contains(key)) names += (names.empty() ? "-" : ", -") + std::string(key);
  }
  return names;
}

/// Of a query: which items are right.
struct Wanted {
  std::string query;
  std::vector<std::string> expect;
};

Result<std::vector<Wanted>> wanted_in_json(const json::array& list) {
  std::vector<Wanted> out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto* one = list[i].if_object();
    const auto* query = one != nullptr ? one->if_contains("query") : nullptr;
    const auto* expect = one != nullptr ? one->if_contains("expect") : nullptr;
    if (query == nullptr || !query->is_string() || expect == nullptr)
      return fail(ErrorCode::invalid, {R"(a line is {"query": "…", "expect": ["item", …]})", R"(每行应为 {"query": "…", "expect": ["事项标识", …]})"},
                  "/" + std::to_string(i));
    Wanted wanted{std::string(query->get_string()), {}};
    if (expect->is_string()) wanted.expect.emplace_back(expect->get_string());
    if (expect->is_array()) {
      for (const auto& id : expect->get_array()) {
        if (id.is_string()) wanted.expect.emplace_back(id.get_string());
      }
    }
    out.push_back(std::move(wanted));
  }
  return out;
}

/// `query,item` or `query<tab>item` a line, several items with | between; a first line `query,…` is a head.
std::vector<Wanted> wanted_in_lines(const std::string& text) {
  std::vector<Wanted> out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    auto line = text.substr(at, end - at);
    at = end + 1;
    if (line.ends_with('\r')) line.pop_back();
    const auto tab = line.find('\t');
    const auto cut = tab != std::string::npos ? tab : line.rfind(',');
    if (line.empty() || line[0] == '#' || cut == std::string::npos || line.substr(0, cut) == "query") continue;
    Wanted wanted{line.substr(0, cut), {}};
    if (wanted.query.size() >= 2 && wanted.query.front() == '"' && wanted.query.back() == '"')
      wanted.query = wanted.query.substr(1, wanted.query.size() - 2);
    for (auto rest = line.substr(cut + 1); !rest.empty();) {
      const auto bar = std::min(rest.find('|'), rest.size());
      wanted.expect.push_back(rest.substr(0, bar));
      rest.erase(0, bar + 1);
    }
    out.push_back(std::move(wanted));
  }
  return out;
}

Result<std::vector<Wanted>> wanted_in(const fs::path& file) {
  JX_TRY(text, read_text(file));
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos || (text[first] != '[' && text[first] != '{')) return wanted_in_lines(text);
  JX_TRY(value, wire::parse(text, list_limits));
  if (value.is_array()) return wanted_in_json(value.get_array());
  const auto* list = value.get_object().if_contains("queries");
  if (list == nullptr || !list->is_array())
    return fail(ErrorCode::invalid, {R"(a file of queries is [...] or {"queries": [...]})", R"(查询文件应为 [...] 或 {"queries": [...]})"});
  return wanted_in_json(list->get_array());
}

}  // namespace

int items_lint(const fs::path& path, bool json_format) {
  const auto list = listed_in(path);
  if (!list) return failed(list.error());
  std::set<std::string> seen;
  json::array findings;
  std::size_t count = 0;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto& one = (*list)[i];
    for (const auto& fault : faults_of(one, seen)) {
      ++count;
      if (json_format)
        findings.push_back(as_json(one, fault));
      else
        print(one, i + 1, fault);
    }
  }
  if (json_format) {
    std::printf("%s\n", json::serialize(json::object{{"items", list->size()}, {"findings", std::move(findings)}}).c_str());
  } else {
    std::printf("%s\n", say(count == 0 ? Words{std::to_string(list->size()) + " items: nothing is wrong",
                                               std::to_string(list->size()) + " 个事项：未发现问题"}
                                       : Words{std::to_string(list->size()) + " items, " + std::to_string(count) + " findings",
                                               std::to_string(list->size()) + " 个事项，" + std::to_string(count) + " 处问题"})
                            .c_str());
  }
  return count == 0 ? 0 : 1;
}

int items_export(const fs::path& pack, const fs::path& file) {
  const auto list = items_of_pack(pack);
  if (!list) return failed(list.error());
  json::array cards;
  for (const auto& one : *list) cards.push_back(services::card_of(one.item));
  Result<> written;
  if (file.extension() == ".xlsx") {
    std::vector<connectors::TextSheet> sheets;
    for (auto& grid : services::grids_of(cards)) {
      connectors::TextSheet sheet{std::move(grid.name), std::move(grid.titles), {std::move(grid.keys)}};
      std::ranges::move(grid.rows, std::back_inserter(sheet.rows));
      sheets.push_back(std::move(sheet));
    }
    written = connectors::write_workbook(file, sheets);
  } else {
    written = write_text(file, json::serialize(json::object{{"items", std::move(cards)}}) + "\n");
  }
  if (!written) return failed(written.error());
  std::printf("%s\n",
              say({std::to_string(list->size()) + " items are in " + file.string(), std::to_string(list->size()) + " 个事项已写入 " + file.string()})
                  .c_str());
  return 0;
}

int items_import(const fs::path& file, const fs::path& pack, bool dry_run) {
  const auto cards = cards_in(file);
  if (!cards) return failed(cards.error());
  const auto there = items_of_pack(pack);
  if (!there) return failed(there.error());
  std::map<std::string, json::object> before;
  for (const auto& one : *there) before.emplace(one.id, one.item);
  std::vector<std::pair<fs::path, std::string>> files;
  for (const auto& card : *cards) {
    const auto id = id_of(card.get_object());
    if (!ItemId::parse(id))
      return failed(Error{ErrorCode::invalid,
                          {"an item's id is a key such as open-restaurant, not `" + id + "`", "事项标识应如 open-restaurant，不是“" + id + "”"},
                          "",
                          nullptr});
    const auto found = before.find(id);
    const auto& old = found == before.end() ? json::object() : found->second;
    const auto now = services::overlaid(old, card.get_object());
    if (now == old) continue;
    std::printf("  %c items/%s.yaml: %s\n", found == before.end() ? '+' : '~', id.c_str(), changed_fields(old, now).c_str());
    files.emplace_back(pack / "items" / (id + ".yaml"), services::to_yaml(now));
  }
  if (files.empty()) std::printf("%s\n", say({"nothing changes", "没有变化"}).c_str());
  if (dry_run) return 0;
  std::error_code ignored;
  fs::create_directories(pack / "items", ignored);
  for (const auto& [path, text] : files) {
    if (const auto written = write_text(path, text); !written) return failed(written.error());
  }
  if (!files.empty()) std::printf("%s\n", say({"written; now run `junxian pack check`", "已写入；请运行 junxian pack check"}).c_str());
  return 0;
}

int search_eval(const fs::path& file, const fs::path& folder) {
  const auto wanted = wanted_in(file);
  if (!wanted) return failed(wanted.error());
  const auto pack = pack::Pack::read(folder.string());
  if (!pack) return failed(pack.error());
  const auto synonyms = services::synonyms_of(*pack);
  if (!synonyms) return failed(synonyms.error());
  std::vector<services::Item> items;
  pack::Findings findings;
  pack::each_yaml<services::Item>(*pack, "items", findings, [&](const auto&, const auto& item) { items.push_back(item.value); });
  const auto listing = services::make_listing(pack->hash(), std::move(items), *synonyms);

  std::size_t first = 0, third = 0, tenth = 0;
  double reciprocal = 0;
  for (const auto& one : *wanted) {
    const auto hits = listing->index.find(one.query);
    const auto right = std::ranges::find_if(
        hits, [&](const search::Hit& hit) { return std::ranges::find(one.expect, listing->items[hit.document].id.text()) != one.expect.end(); });
    const auto place = static_cast<std::size_t>(right - hits.begin()) + 1;
    const bool found = right != hits.end();
    first += found && place == 1;
    third += found && place <= 3;
    tenth += found && place <= 10;
    if (found) reciprocal += 1.0 / static_cast<double>(place);
    if (found && place == 1) continue;
    std::printf("  %s: %s -> %s\n", found ? std::to_string(place).c_str() : "-", one.query.c_str(),
                hits.empty() ? say({"nothing", "无结果"}).c_str() : listing->items[hits.front().document].id.text().c_str());
  }
  const auto n = static_cast<double>(std::max<std::size_t>(wanted->size(), 1));
  std::printf("%zu %s, hit@1 %.3f, hit@3 %.3f, hit@10 %.3f, MRR %.3f\n", wanted->size(), say({"queries", "个查询"}).c_str(),
              static_cast<double>(first) / n, static_cast<double>(third) / n, static_cast<double>(tenth) / n, reciprocal / n);
  return 0;
}

}  // namespace jx::app
