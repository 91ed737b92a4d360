#include <jx/services/lists.hpp>

#include "terms.hpp"

#include <jx/wire.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>

namespace jx::services {
namespace {

namespace json = boost::json;

enum class Form { text, words, number, yes, texts };  // words: by language; texts: several, with ； between

struct Column {
  std::string_view key;  // a path of names
  std::string_view title;
  Form form;
};

struct Sheet {
  std::string_view key;  // of the list in an item; empty: the items themselves
  std::string_view title;
  std::vector<Column> columns;
  bool bare = false;  // the list has words, not objects
};

constexpr std::array<std::pair<std::string_view, std::string_view>, 2> languages{{{"zh-CN", "（中文）"}, {"en", "（英文）"}}};
constexpr std::string_view between = "；";

const std::vector<Sheet>& sheets() {
  static const std::vector<Column> law{{"law", "法律法规名称", Form::words}, {"article", "条", Form::text}, {"clause", "款项", Form::text}};
  static const std::vector<Column> said{{"", "内容", Form::words}};
  static const std::vector<Sheet> all{
      {"",
       "事项 items",
       {{"id", "事项标识", Form::text},
        {"code", "实施编码", Form::text},
        {"basic_code", "基本编码", Form::text},
        {"name", "事项名称", Form::words},
        {"sub_item", "业务办理项", Form::words},
        {"summary", "事项简介", Form::words},
        {"kind", "事项类型", Form::text},
        {"level", "行使层级", Form::text},
        {"units", "实施机构", Form::texts},
        {"who_may_apply", "服务对象", Form::texts},
        {"statutory", "法定办结时限", Form::text},
        {"promised", "承诺办结时限", Form::text},
        {"handling", "办件类型", Form::text},
        {"decided_on_acceptance", "受理即决定", Form::yes},
        {"visits", "到现场次数", Form::number},
        {"visit_reason", "必须现场办理原因", Form::words},
        {"online_depth", "网办深度", Form::text},
        {"reach", "通办范围", Form::text},
        {"fee", "收费情况", Form::words},
        {"charges/charged", "是否收费", Form::yes},
        {"charges/ways", "缴费方式", Form::texts},
        {"charges/pay_within_wd", "缴费期限（工作日）", Form::number},
        {"charges/if_unpaid", "逾期未缴的后果", Form::words},
        {"result", "办理结果", Form::words},
        {"result_kind", "结果类型", Form::text},
        {"post", "支持邮寄", Form::yes},
        {"appointment/offered", "支持预约", Form::yes},
        {"appointment/per_day", "每日预约数", Form::number},
        {"review", "行政复议渠道", Form::words},
        {"litigation", "行政诉讼渠道", Form::words},
        {"telephones/questions", "咨询电话", Form::text},
        {"telephones/complaints", "监督投诉电话", Form::text},
        {"topics/person", "自然人主题", Form::texts},
        {"topics/firm", "法人主题", Form::texts},
        {"keywords", "搜索词", Form::texts}}},
      {"legal_basis", "设定依据 legal_basis", law},
      {"conditions", "受理条件 conditions", said, true},
      {"materials",
       "申请材料 materials",
       {{"id", "材料标识", Form::text},
        {"name", "材料名称", Form::words},
        {"source", "来源", Form::words},
        {"held_by_government", "政府已有", Form::yes},
        {"originals", "原件份数", Form::number},
        {"copies", "复印件份数", Form::number},
        {"form_template", "空白表格", Form::words}}},
      {"charges/basis", "收费依据 charges.basis", law},
      {"charges/items",
       "收费项目 charges.items",
       {{"name", "项目名称", Form::words}, {"standard", "收费标准", Form::words}, {"amount", "金额（最小货币单位）", Form::number}}},
      {"results", "结果文书 results", {{"name", "名称", Form::words}, {"sample", "样本", Form::text}}},
      {"stages",
       "办理环节 stages",
       {{"kind", "环节", Form::text},
        {"name", "环节名称", Form::words},
        {"unit", "办理机构", Form::text},
        {"limit_wd", "时限（工作日）", Form::number}}},
      {"faq", "常见问题 faq", {{"question", "问题", Form::words}, {"answer", "解答", Form::words}}},
      {"intermediary", "中介服务 intermediary", said, true},
      {"steps",
       "流程说明 steps",
       {{"stage", "次序", Form::number}, {"name", "步骤", Form::words}, {"unit", "机构", Form::text}, {"if_refused", "不予批准的后果", Form::words}}},
  };
  return all;
}

const json::value* at(const json::object& object, std::string_view path) {
  const auto slash = path.find('/');
  const auto* value = object.if_contains(path.substr(0, slash));
  if (slash == std::string_view::npos || value == nullptr) return value;
  const auto* inner = value->if_object();
  return inner == nullptr ? nullptr : at(*inner, path.substr(slash + 1));
}

json::value& place(json::object& object, std::string_view path) {
  const auto slash = path.find('/');
  auto& value = object[path.substr(0, slash)];
  if (slash == std::string_view::npos) return value;
  if (!value.is_object()) value = json::object();
  return place(value.get_object(), path.substr(slash + 1));
}

/// As a cell shows it; what is of another form is shown as JSON, so that nothing is lost.
std::string cell_of(const json::value* value) {
  if (value == nullptr || value->is_null()) return {};
  if (value->is_string()) return std::string(value->get_string());
  if (value->is_bool()) return value->get_bool() ? "true" : "false";
  if (!value->is_array()) return wire::to_text(*value);
  std::string text;
  for (const auto& one : value->get_array()) text += (text.empty() ? std::string() : std::string(between)) + cell_of(&one);
  return text;
}

const json::value* in_language(const json::value* words, std::string_view language) {
  if (words == nullptr) return nullptr;
  if (const auto* map = words->if_object()) return map->if_contains(language);
  return language == "zh-CN" ? words : nullptr;
}

std::string joined_key(const Column& column, std::string_view language) {
  return std::string(column.key) + (column.key.empty() ? "" : ".") + std::string(language);
}

Grid empty_grid(const Sheet& sheet) {
  Grid grid;
  grid.name = sheet.title;
  if (!sheet.key.empty()) {
    grid.titles.emplace_back("事项标识");
    grid.keys.emplace_back("item");
  }
  for (const auto& column : sheet.columns) {
    if (column.form != Form::words) {
      grid.titles.emplace_back(column.title);
      grid.keys.emplace_back(column.key);
      continue;
    }
    for (const auto& [language, mark] : languages) {
      grid.titles.push_back(std::string(column.title) + std::string(mark));
      grid.keys.push_back(joined_key(column, language));
    }
  }
  return grid;
}

std::vector<std::string> row_of(const Sheet& sheet, const std::string& item, const json::value& value) {
  std::vector<std::string> row;
  if (!sheet.key.empty()) row.push_back(item);
  static const json::object none;
  const auto& object = value.is_object() && !sheet.bare ? value.get_object() : none;
  for (const auto& column : sheet.columns) {
    const auto* found = column.key.empty() ? &value : at(object, column.key);
    if (column.form != Form::words) {
      row.push_back(cell_of(found));
      continue;
    }
    for (const auto& [language, mark] : languages) row.push_back(cell_of(in_language(found, language)));
  }
  return row;
}

// ---- from cells -----------------------------------------------------------------------------------------------------------

std::optional<bool> yes_of(std::string_view text) {
  for (const std::string_view yes : {"true", "TRUE", "True", "是", "1"}) {
    if (text == yes) return true;
  }
  for (const std::string_view no : {"false", "FALSE", "False", "否", "0"}) {
    if (text == no) return false;
  }
  return std::nullopt;
}

json::array texts_of(std::string_view text) {
  json::array list;
  while (!text.empty()) {
    const auto end = std::min({text.find(between), text.find(';'), text.size()});
    const auto part = text.substr(0, end);
    const auto from = part.find_first_not_of(' ');
    if (from != std::string_view::npos) list.emplace_back(part.substr(from, part.find_last_not_of(' ') - from + 1));
    text.remove_prefix(end);
    if (text.starts_with(between)) {
      text.remove_prefix(between.size());
    } else if (!text.empty()) {
      text.remove_prefix(1);
    }
  }
  return list;
}

struct Found {
  const Column* column = nullptr;
  std::string_view language;
};

/// Which column a key is of.
Found column_of(const Sheet& sheet, std::string_view key) {
  for (const auto& column : sheet.columns) {
    if (column.form != Form::words) {
      if (column.key == key) return {&column, {}};
      continue;
    }
    for (const auto& [language, mark] : languages) {
      if (joined_key(column, language) == key) return {&column, language};
    }
  }
  return {};
}

Result<> put(json::value& target, const Found& found, const std::string& cell, const std::string& where) {
  switch (found.column->form) {
    case Form::text: target = cell; return {};
    case Form::words:
      if (!target.is_object()) target = json::object();
      target.get_object()[found.language] = cell;
      return {};
    case Form::texts: target = texts_of(cell); return {};
    case Form::yes: {
      const auto yes = yes_of(cell);
      if (!yes)
        return fail(ErrorCode::invalid, {"write true or false here, not `" + cell + "`", "此处应填 true 或 false，不是“" + cell + "”"}, where);
      target = *yes;
      return {};
    }
    case Form::number: {
      std::int64_t number = 0;
      const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
      if (error != std::errc() || end != cell.data() + cell.size())
        return fail(ErrorCode::invalid, {"write a whole number here, not `" + cell + "`", "此处应填整数，不是“" + cell + "”"}, where);
      target = number;
      return {};
    }
  }
  return {};
}

using Places = std::map<std::string, std::size_t, std::less<>>;  // of an item, by its id

Result<> take_row(const Sheet& sheet, const Grid& grid, std::size_t r, const std::vector<Found>& columns, json::array& items, Places& places) {
  const auto& row = grid.rows[r];
  const auto where = grid.name + "/" + std::to_string(r + 3) + "/";
  const auto cell = [&](std::size_t c) { return c < row.size() ? row[c] : std::string(); };
  const auto id_column = std::ranges::find(grid.keys, sheet.key.empty() ? "id" : "item") - grid.keys.begin();
  const auto id = cell(static_cast<std::size_t>(id_column));
  json::value made = sheet.bare ? json::value() : json::value(json::object());
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (columns[c].column == nullptr || cell(c).empty()) continue;
    auto& target = columns[c].column->key.empty() ? made : place(made.get_object(), columns[c].column->key);
    JX_CHECK(put(target, columns[c], cell(c), where + grid.keys[c]));
  }
  if (sheet.key.empty()) {
    if (id.empty()) return fail(ErrorCode::invalid, {"an item has an id", "请填写事项标识"}, where + "id");
    if (!places.emplace(id, items.size()).second)
      return fail(ErrorCode::invalid, {"the item `" + id + "` is there twice", "事项“" + id + "”重复"}, where + "id");
    items.push_back(std::move(made));
    return {};
  }
  const auto found = places.find(id);
  if (found == places.end()) return fail(ErrorCode::invalid, {"no item has the id `" + id + "`", "没有标识为“" + id + "”的事项"}, where + "item");
  auto& list = place(items[found->second].get_object(), sheet.key);
  if (!list.is_array()) list = json::array();
  list.get_array().push_back(std::move(made));
  return {};
}

Result<> take_grid(const Sheet& sheet, const Grid& grid, json::array& items, Places& places) {
  if (grid.rows.size() > (sheet.key.empty() ? list_items_max : list_rows_max))
    return fail(ErrorCode::too_large, {"a list has at most 20,000 items, a sheet 500,000 rows", "清单至多 20000 个事项，每表至多 500000 行"},
                grid.name);
  std::vector<Found> columns;
  for (const auto& key : grid.keys) {
    columns.push_back(column_of(sheet, key));
    if (columns.back().column == nullptr && !key.empty() && key != "item")
      return fail(ErrorCode::invalid, {"there is no field `" + key + "` in this sheet", "此表没有字段“" + key + "”"}, grid.name + "/2/" + key);
  }
  if (std::ranges::find(grid.keys, sheet.key.empty() ? "id" : "item") == grid.keys.end())
    return fail(ErrorCode::invalid,
                {"row 2 has the keys of the columns, and one of them says which item a row is of", "第 2 行应为字段名，并有一列写明事项标识"},
                grid.name);
  for (std::size_t r = 0; r < grid.rows.size(); ++r) {
    if (std::ranges::all_of(grid.rows[r], &std::string::empty)) continue;
    JX_CHECK(take_row(sheet, grid, r, columns, items, places));
  }
  return {};
}

// ---- YAML -----------------------------------------------------------------------------------------------------------------

bool is_plain(std::string_view text) {
  if (text.empty() || text.size() > 200) return false;
  if (text == "true" || text == "false" || text == "null" || text == "~") return false;
  if (!((text[0] >= 'a' && text[0] <= 'z') || (text[0] >= 'A' && text[0] <= 'Z') || static_cast<unsigned char>(text[0]) >= 0x80)) return false;
  if (text.back() == ' ') return false;
  return text.find_first_of(":#{}[],&*!|>'\"%@`\n\r\t") == std::string_view::npos;
}

std::string scalar(const json::value& value) {
  if (value.is_string() && is_plain(value.get_string())) return std::string(value.get_string());
  return wire::to_text(value);  // JSON is YAML
}

bool is_small(const json::value& value) {
  if (value.is_object())
    return std::ranges::all_of(value.get_object(), [](const auto& member) { return !member.value().is_object() && !member.value().is_array(); }) &&
           wire::to_text(value).size() < 100;
  if (value.is_array())
    return std::ranges::all_of(value.get_array(), [](const json::value& one) { return !one.is_object() && !one.is_array(); }) &&
           wire::to_text(value).size() < 100;
  return true;
}

std::string flow(const json::value& value) {
  std::string out;
  if (value.is_object()) {
    for (const auto& [key, member] : value.get_object()) out += (out.empty() ? "" : ", ") + std::string(key) + ": " + flow(member);
    return "{" + out + "}";
  }
  if (value.is_array()) {
    for (const auto& one : value.get_array()) out += (out.empty() ? "" : ", ") + flow(one);
    return "[" + out + "]";
  }
  return scalar(value);
}

void block(std::string& out, const json::value& value, std::size_t depth, bool after_dash) {
  const std::string indent(depth * 2, ' ');
  bool first = true;
  if (value.is_array()) {
    for (const auto& one : value.get_array()) {
      out += indent + "- ";
      if (is_small(one))
        out += flow(one) + "\n";
      else
        block(out, one, depth + 1, true);
    }
    return;
  }
  for (const auto& [key, member] : value.get_object()) {
    if (!(first && after_dash)) out += indent;
    first = false;
    out += std::string(is_plain(key) ? std::string(key) : wire::to_text(json::value(key))) + ":";
    if (is_small(member)) {
      out += " " + flow(member) + "\n";
    } else {
      out += "\n";
      block(out, member, depth + 1, false);
    }
  }
}

/// A term in working days stands as a number, as items/*.yaml has it; another one beside it.
void put_term(json::object& file, std::string_view name, std::string_view days) {
  const auto* said = file.if_contains(name);
  const auto term = said != nullptr && said->is_string() ? parse_term(said->get_string()) : std::nullopt;
  if (!term) return;
  if (term->unit == TermUnit::working_days) {
    file[days] = term->value;
    file.erase(name);
  } else {
    file[days] = static_cast<std::int64_t>(term->hours() / 33.6 + 0.999);
  }
}

}  // namespace

json::object card_of(const json::object& item) {
  json::object card;
  for (const auto& sheet : sheets()) {
    if (sheet.key.empty()) {
      for (const auto& column : sheet.columns) {
        if (const auto* value = at(item, column.key)) place(card, column.key) = *value;
      }
    } else if (const auto* value = at(item, sheet.key)) {
      place(card, sheet.key) = *value;
    }
  }
  for (const auto& [name, days] : {std::pair<std::string_view, std::string_view>{"statutory", "statutory_wd"}, {"promised", "promised_wd"}}) {
    if (const auto* count = item.if_contains(days); !card.contains(name) && count != nullptr && count->is_int64())
      card[name] = std::to_string(count->get_int64()) + " WD";
  }
  return card;
}

json::object overlaid(const json::object& file, const json::object& card) {
  json::object out = file;
  for (const auto& [key, value] : card) {
    auto& target = out[key];
    if (value.is_object() && target.is_object() && key != "name") {
      for (const auto& [inner, said] : value.get_object()) target.get_object()[inner] = said;
    } else if (value.is_array() && target.is_array()) {
      auto merged = value.get_array();
      const auto& before = target.get_array();
      for (std::size_t i = 0; i < merged.size() && i < before.size(); ++i) {  // what a list does not tell, such as the files of a material
        if (!merged[i].is_object() || !before[i].is_object()) continue;
        auto one = before[i].get_object();
        for (const auto& [inner, said] : merged[i].get_object()) one[inner] = said;
        merged[i] = std::move(one);
      }
      target = std::move(merged);
    } else {
      target = value;
    }
  }
  put_term(out, "statutory", "statutory_wd");
  put_term(out, "promised", "promised_wd");
  return out;
}

std::vector<Grid> grids_of(const json::array& cards) {
  std::vector<Grid> grids;
  for (const auto& sheet : sheets()) {
    auto grid = empty_grid(sheet);
    for (const auto& card : cards) {
      if (!card.is_object()) continue;
      const auto id = cell_of(card.get_object().if_contains("id"));
      if (sheet.key.empty()) {
        grid.rows.push_back(row_of(sheet, id, card));
        continue;
      }
      const auto* list = at(card.get_object(), sheet.key);
      if (list == nullptr || !list->is_array()) continue;
      for (const auto& one : list->get_array()) grid.rows.push_back(row_of(sheet, id, one));
    }
    grids.push_back(std::move(grid));
  }
  return grids;
}

Result<json::array> cards_of(std::span<const Grid> grids) {
  json::array items;
  Places places;
  const auto key_of = [](const std::string& name) {
    const auto space = name.rfind(' ');
    return space == std::string::npos ? name : name.substr(space + 1);
  };
  for (const auto& sheet : sheets()) {  // the items come first
    const auto wanted = key_of(std::string(sheet.title));
    const auto grid = std::ranges::find_if(grids, [&](const Grid& one) { return key_of(one.name) == wanted; });
    if (grid == grids.end()) {
      if (sheet.key.empty())
        return fail(ErrorCode::invalid, {"there is no sheet `" + std::string(sheet.title) + "`", "没有工作表“" + std::string(sheet.title) + "”"});
      continue;
    }
    JX_CHECK(take_grid(sheet, *grid, items, places));
  }
  return items;
}

std::string to_yaml(const json::object& value) {
  std::string out;
  block(out, value, 0, false);
  return out;
}

}  // namespace jx::services
