// examine.cpp - one table: its columns, and what is wrong in it. What lies between tables is in examine_between.cpp.
#include "examine_between.hpp"
#include "examine_values.hpp"

#include <jx/text.hpp>
#include <jx/wire/utf8.hpp>

#include "catalogue_sql.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <cmath>
#include <set>

namespace jx::catalogue {

using namespace examining;

namespace {

constexpr double most = 0.8;  // of the values have a pattern, for the others to be off it
constexpr double nearly_all = 0.99;
constexpr std::int64_t values_min = 20;             // below, nothing is said of patterns
constexpr std::int64_t rows_at_one_place_max = 50;  // more rows under one address are a market or a hall, not doubles

double share(std::int64_t part, std::int64_t of) { return of == 0 ? 0 : static_cast<double>(part) / static_cast<double>(of); }

/// A column as its values are: the empty ones apart.
struct Column {
  std::size_t at;
  ColumnReport report;
  std::vector<std::string_view> values;  // by row; trimmed is not done
  Counts counts;                         // of the values that are not empty
  std::int64_t filled = 0;

  [[nodiscard]] bool personal() const { return report.sensitivity == Sensitivity::personal || report.sensitivity == Sensitivity::sensitive; }
};

bool all_or_most(const Column& column, double wanted, auto&& is) {
  std::int64_t good = 0;
  for (const auto& [value, count] : column.counts) good += is(value) ? count : 0;
  return column.filled > 0 && share(good, column.filled) >= wanted;
}

bool mobile(std::string_view text) {
  if (text.starts_with('+')) return text.size() >= 9 && text.size() <= 16;
  return text.size() == 11 && text[0] == '1' && text[1] >= '3' && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

Meaning meaning_of(const Column& column) {
  const auto& name = column.report.name;
  const auto eighteen = [](std::string_view value) { return value.size() == 18 && has_content(value); };
  if (all_or_most(column, most, [&](const std::string& v) { return eighteen(v) && text::check_citizen_id(v).has_value(); }))
    return Meaning::citizen_id;
  if (all_or_most(column, most, [&](const std::string& v) { return eighteen(v) && text::check_credit_code(v).has_value(); }))
    return Meaning::credit_code;
  if (all_or_most(column, 0.95, date_like)) return Meaning::date;
  if (named(name, {"phone", "tel", "mobile", "电话", "手机"}) && all_or_most(column, 0.5, has_content)) return Meaning::phone;
  if (all_or_most(column, 0.95, mobile)) return Meaning::phone;
  if (named(name, {"postal", "zip", "postcode", "邮编", "邮政编码"})) return Meaning::postal_code;
  if (named(name, {"latitude", "longitude", "经度", "纬度"}) && all_or_most(column, 0.95, number_like)) return Meaning::coordinate;
  if (all_or_most(column, 0.9, [](const std::string& v) { return v.find('@') != std::string::npos && v.find('.') != std::string::npos; }))
    return Meaning::email;
  if (named(name, {"address", "地址", "住址", "坐落", "经营场所", "住所"})) return Meaning::address;
  if (name == "name" || named(name, {"_name", "姓名", "名称"})) return Meaning::name;
  return column.report.unique && named(name, {"id", "code", "no", "编号", "代码"}) ? Meaning::key : Meaning::none;
}

FieldType type_of(const Column& column) {
  const auto meaning = column.report.meaning;
  const bool iso = all_or_most(column, nearly_all, [](const std::string& v) { return LocalDate::parse(v).has_value(); });
  if (meaning == Meaning::date) return iso ? FieldType::date : FieldType::text;
  if (meaning == Meaning::phone || meaning == Meaning::postal_code || meaning == Meaning::citizen_id || meaning == Meaning::credit_code)
    return FieldType::text;
  if (all_or_most(column, nearly_all, integer_like)) return FieldType::integer;
  if (all_or_most(column, nearly_all, number_like)) return FieldType::number;
  if (all_or_most(column, 1, [](const std::string& v) { return v == "true" || v == "false"; })) return FieldType::boolean;
  return FieldType::text;
}

Column column_of(const Sheet& sheet, std::size_t at) {
  Column column{at, {}, {}, {}, 0};
  column.report.name = sheet.columns[at];
  column.values.reserve(sheet.rows.size());
  for (const auto& row : sheet.rows) {
    column.values.emplace_back(row[at]);
    if (row[at].empty())
      ++column.report.empty;
    else
      ++column.counts[row[at]];
  }
  column.filled = static_cast<std::int64_t>(sheet.rows.size()) - column.report.empty;
  column.report.distinct = static_cast<std::int64_t>(column.counts.size());
  column.report.unique = column.filled > 0 && column.report.empty == 0 && column.report.distinct == column.filled;
  column.report.meaning = meaning_of(column);
  column.report.type = type_of(column);
  const bool numeric = column.report.type == FieldType::integer || column.report.type == FieldType::number;
  const auto before = [&](const std::string& a, const std::string& b) {
    const auto x = numeric ? number_of(a) : std::nullopt;
    const auto y = numeric ? number_of(b) : std::nullopt;
    return x && y ? *x < *y : a < b;
  };
  for (const auto& [value, count] : column.counts) {
    if (column.report.least.empty() || before(value, column.report.least)) column.report.least = value;
    if (column.report.greatest.empty() || before(column.report.greatest, value)) column.report.greatest = value;
  }
  return column;
}

void propose_sensitivity(std::vector<Column>& columns) {
  const bool about_people = std::ranges::any_of(columns, [](const Column& c) { return c.report.meaning == Meaning::citizen_id; });
  for (auto& column : columns) {
    switch (column.report.meaning) {
      case Meaning::citizen_id:
      case Meaning::phone:
      case Meaning::email: column.report.sensitivity = Sensitivity::personal; break;
      case Meaning::name:
      case Meaning::address: column.report.sensitivity = about_people ? Sensitivity::personal : Sensitivity::general; break;
      default: column.report.sensitivity = about_people && column.report.meaning == Meaning::date ? Sensitivity::personal : Sensitivity::general;
    }
  }
}

/// One table under examination.
class Table {
 public:
  Table(const Sheet& sheet, std::vector<DataFault>& faults) : sheet_(sheet), faults_(faults) {
    for (std::size_t i = 0; i < sheet.columns.size(); ++i) columns_.push_back(column_of(sheet, i));
    propose_sensitivity(columns_);
  }

  void look() {
    for (auto& column : columns_) {
      one_column(column);
    }
    emptiness();
    same_values();
    doubles();
  }

  [[nodiscard]] TableReport report() const {
    TableReport report{sheet_.name, static_cast<std::int64_t>(sheet_.rows.size()), sheet_.whole, {}, std::nullopt};
    for (const auto& column : columns_) report.columns.push_back(column.report);
    if (const auto* key = key_column()) report.key = key->report.name;
    return report;
  }

 private:
  using Rows = std::int64_t;

  DataFault& fault(std::string kind, std::vector<std::string> columns, Rows count, std::string en, std::string zh) {
    faults_.push_back({std::move(kind),
                       sheet_.name,
                       std::move(columns),
                       count,
                       std::nullopt,
                       LocalizedText({{"en", std::move(en)}, {"zh-CN", std::move(zh)}}),
                       {}});
    return faults_.back();
  }

  /// Counts the rows whose value `is` so, and says it if there are any.
  template <class Is>
  void each(const Column& column, const char* kind, Is&& is, std::string en, std::string zh) {
    Rows count = 0;
    std::vector<std::string> examples;
    for (const auto value : column.values) {
      if (value.empty() || !is(value)) continue;
      if (++count <= static_cast<Rows>(examples_max)) examples.push_back(shown(column, value));
    }
    if (count == 0) return;
    fault(kind, {column.report.name}, count, std::to_string(count) + " " + std::move(en), std::to_string(count) + " 行" + std::move(zh)).examples =
        std::move(examples);
  }

  static std::string shown(const Column& column, std::string_view value) {
    return text::truncated(column.personal() ? text::masked(wire::cut_utf8(value, 200), 3, 2) : std::string(wire::cut_utf8(value, 1'000)), 120);
  }

  void one_column(Column& column) {
    const auto& name = column.report.name;
    if (column.report.empty > 0)
      fault("empty", {name}, column.report.empty, std::to_string(column.report.empty) + " rows have no " + name,
            std::to_string(column.report.empty) + " 行缺少 " + name);
    each(column, "blanks", has_blank_end, "values of " + name + " have blanks at an end", "的 " + name + " 首尾有空格");
    each(column, "doubled-blanks", has_doubled_blank, "values of " + name + " have doubled blanks", "的 " + name + " 中有连续空格");
    each(
        column, "no-content", [](std::string_view v) { return !has_content(v); }, "values of " + name + " have no letter or digit: a test entry?",
        "的 " + name + " 不含文字或数字，疑为测试数据");
    if (column.filled < values_min) return;
    if (column.report.meaning == Meaning::date) dates(column);
    if (column.report.meaning == Meaning::address) beginnings(column);
    if (column.report.type == FieldType::number) lost_decimals(column);
    if (column.report.meaning == Meaning::citizen_id)
      each(
          column, "check-digit", [](std::string_view v) { return !text::check_citizen_id(v).has_value(); }, "citizen ids are not valid (GB 11643)",
          "的公民身份号码不合规则（GB 11643）");
    if (column.report.meaning == Meaning::credit_code)
      each(
          column, "check-digit", [](std::string_view v) { return !text::check_credit_code(v).has_value(); }, "credit codes are not valid (GB 32100)",
          "的统一社会信用代码不合规则（GB 32100）");
    patterns(column);
    remarks(column);
  }

  void dates(const Column& column) {
    each(
        column, "no-day", [](std::string_view v) { return !any_date(v); }, "values of " + column.report.name + " are not a calendar day",
        "的 " + column.report.name + " 不是有效日期");
    Counts shapes;
    for (const auto& [value, count] : column.counts)
      shapes[any_date(value) ? (value.find('/') != std::string::npos   ? "m/d/y"
                                : value.find('-') != std::string::npos ? "y-m-d"
                                                                       : "yyyymmdd")
                             : "none"] += count;
    if (shapes.size() > 1 && !(shapes.size() == 2 && shapes.contains("none")))
      fault("date-formats", {column.report.name}, static_cast<Rows>(shapes.size()), "several date formats in " + column.report.name,
            column.report.name + " 中有多种日期格式");
  }

  /// Most addresses begin with a number: those that do not are places of another kind.
  void beginnings(const Column& column) {
    const auto by_number = [](std::string_view v) {
      v = trimmed(v);
      return !v.empty() && v.front() >= '0' && v.front() <= '9';
    };
    if (!all_or_most(column, most, by_number)) return;
    each(
        column, "beginning", [&](std::string_view v) { return !by_number(v); },
        "values of " + column.report.name + " do not begin with a number, as most do", "的 " + column.report.name + " 不以数字开头，与多数不同");
    auto& added = faults_.back();
    if (added.kind != "beginning") return;
    Counts kinds;
    for (const auto& [value, count] : column.counts) {
      if (!by_number(value)) kinds[normalised(value)] += count;
    }
    added.examples = most_frequent(column, kinds);
  }

  static std::vector<std::string> most_frequent(const Column& column, const Counts& counts) {
    std::vector<std::pair<std::int64_t, std::string>> order;
    for (const auto& [value, count] : counts) order.emplace_back(-count, value);
    std::ranges::sort(order);
    std::vector<std::string> list;
    for (const auto& [count, value] : order) {
      if (list.size() == 2 * examples_max) break;
      list.push_back(shown(column, value) + (count < -1 ? " ×" + std::to_string(-count) : ""));
    }
    return list;
  }

  void lost_decimals(const Column& column) {
    std::map<std::size_t, std::int64_t> by_count;
    for (const auto& [value, count] : column.counts) by_count[decimals(value)] += count;
    const auto usual = std::ranges::max_element(by_count, {}, [](const auto& one) { return one.second; });
    if (usual->first == 0 || share(usual->second, column.filled) < most) return;
    each(
        column, "decimals", [&](std::string_view v) { return decimals(v) < usual->first; },
        "values of " + column.report.name + " have fewer than " + std::to_string(usual->first) + " decimals",
        "的 " + column.report.name + " 小数不足 " + std::to_string(usual->first) + " 位");
  }

  /// Codes and numbers that nearly all look alike.
  void patterns(Column& column) {
    const auto meaning = column.report.meaning;
    if (meaning != Meaning::phone && meaning != Meaning::postal_code && meaning != Meaning::citizen_id && meaning != Meaning::credit_code) return;
    Counts shapes;
    for (const auto& [value, count] : column.counts) shapes[shape(value)] += count;
    const auto usual = std::ranges::max_element(shapes, {}, [](const auto& one) { return one.second; });
    if (share(usual->second, column.filled) < most) return;
    column.report.pattern = usual->first;
    const std::string pattern = usual->first;
    const auto prefix = usual_beginning(column, pattern, usual->second);
    const auto fits = [&](std::string_view v) { return shape(v) == pattern && v.starts_with(prefix); };
    const auto filler = [&](std::string_view v) { return shape(v) == pattern && v.find_first_not_of(v.front()) == std::string_view::npos; };
    for (const auto& [value, count] : column.counts) column.report.in_pattern += fits(value) ? count : 0;
    const auto& name = column.report.name;
    each(
        column, "unlike-most", [&](std::string_view v) { return !fits(v); },
        "values of " + name + " are unlike the others (" + pattern + ", beginning " + prefix + ")",
        "的 " + name + " 与多数格式（" + pattern + "，以 " + prefix + " 开头）不符");
    for (const auto& [other, count] : std::map<std::string, std::int64_t>(shapes.begin(), shapes.end())) {
      if (other == pattern) continue;
      each(
          column, "off-pattern", [&](std::string_view v) { return shape(v) == other; },
          "values of " + name + " look like " + other + ", not " + pattern, "的 " + name + " 形如 " + other + "，而非 " + pattern);
    }
    each(column, "filler", filler, "values of " + name + " are one character repeated", "的 " + name + " 为重复字符");
    Counts elsewhere;
    Rows outside = 0;
    for (const auto& [value, count] : column.counts) {
      if (shape(value) == pattern && !value.starts_with(prefix) && !filler(value)) elsewhere[value] += count, outside += count;
    }
    if (outside > 0)
      fault("off-range", {name}, outside, std::to_string(outside) + " values of " + name + " do not begin with " + prefix + ", as the others do",
            std::to_string(outside) + " 行的 " + name + " 不以 " + prefix + " 开头")
          .examples = most_frequent(column, elsewhere);
  }

  /// The longest beginning that nearly all values of the pattern share.
  static std::string usual_beginning(const Column& column, const std::string& pattern, std::int64_t of) {
    std::string prefix;
    for (std::size_t length = 1; length <= 8; ++length) {
      Counts beginnings;
      for (const auto& [value, count] : column.counts) {
        if (value.size() >= length && static_cast<unsigned char>(value[length - 1]) < 0x80 && value.starts_with(prefix) && shape(value) == pattern)
          beginnings[value.substr(0, length)] += count;
      }
      if (beginnings.empty()) break;
      const auto usual = std::ranges::max_element(beginnings, {}, [](const auto& one) { return one.second; });
      if (share(usual->second, of) < nearly_all || usual->first == column.report.greatest) break;
      prefix = usual->first;
    }
    return prefix;
  }

  /// A remark in square brackets, where only some have one.
  void remarks(const Column& column) {
    if (column.report.type != FieldType::text || all_or_most(column, 0.5, [](const std::string& v) { return bracketed(v).has_value(); })) return;
    each(
        column, "remark", [](std::string_view v) { return bracketed(v).has_value(); },
        "values of " + column.report.name + " hold something in square brackets", "的 " + column.report.name + " 含方括号内容");
  }

  /// Columns that are empty together, and emptiness that grows with the key.
  void emptiness() {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      for (std::size_t j = i + 1; j < columns_.size(); ++j) empty_together(columns_[i], columns_[j]);
    }
  }

  void empty_together(const Column& a, const Column& b) {
    if (a.report.empty == 0 || b.report.empty == 0) return;
    Rows both = 0;
    Rows one = 0;
    for (std::size_t r = 0; r < sheet_.rows.size(); ++r) {
      const bool first = a.values[r].empty();
      const bool second = b.values[r].empty();
      both += first && second;
      one += first != second;
    }
    if (share(one, both) > 0.01) return;
    const auto names = a.report.name + " / " + b.report.name;
    fault("empty-together", {a.report.name, b.report.name}, both,
          std::to_string(both) + " rows have neither " + names + "; " + std::to_string(one) + " have only one of them",
          std::to_string(both) + " 行同时缺少 " + names + "；仅缺其一的 " + std::to_string(one) + " 行");
    by_key(a, b, both);
  }

  /// Where, along a whole-number key, emptiness changes most: at a round number.
  void by_key(const Column& a, const Column& b, Rows both) {
    const auto* key = key_column();
    if (key == nullptr || key->report.type != FieldType::integer) return;
    std::map<std::int64_t, std::pair<Rows, Rows>> steps;  // by thousands: rows, empty ones
    for (std::size_t r = 0; r < sheet_.rows.size(); ++r) {
      const auto at = number_of(key->values[r]);
      if (!at || std::abs(*at) > 1e15) continue;
      auto& step = steps[static_cast<std::int64_t>(*at) / 10'000 * 10'000];
      ++step.first;
      step.second += a.values[r].empty() && b.values[r].empty();
    }
    double best = 0.3;  // the difference between the shares below and above that is worth saying
    std::optional<DataFault> found;
    std::pair<Rows, Rows> below;
    for (const auto& [at, step] : steps) {
      const std::pair above{static_cast<Rows>(sheet_.rows.size()) - below.first, both - below.second};
      const double difference = share(above.second, above.first) - share(below.second, below.first);
      if (below.first > 0 && std::abs(difference) > best) {
        best = std::abs(difference);
        const auto text = [&](const std::pair<Rows, Rows>& side) { return std::to_string(side.second) + " / " + std::to_string(side.first); };
        found = DataFault{
            "empty-by-key",
            sheet_.name,
            {a.report.name, b.report.name},
            both,
            std::nullopt,
            LocalizedText({{"en", key->report.name + " below " + std::to_string(at) + ": " + text(below) + " empty; from there: " + text(above)},
                           {"zh-CN", key->report.name + " 小于 " + std::to_string(at) + " 时缺失 " + text(below) + "，其后 " + text(above)}}),
            {}};
      }
      below.first += step.first;
      below.second += step.second;
    }
    if (found) faults_.push_back(std::move(*found));
  }

  // ---- rows alike -------------------------------------------------------------------------------------------------------------

  struct Groups {
    Rows groups = 0;
    Rows rows = 0;
    Rows most = 0;
    std::string of_most;
    [[nodiscard]] Rows surplus() const { return rows - groups; }
  };

  /// Rows that share what `key_of` says; an empty key is alone.
  template <class KeyOf>
  Groups grouped(KeyOf&& key_of) const {
    Counts counts;
    for (std::size_t r = 0; r < sheet_.rows.size(); ++r) {
      if (auto key = key_of(r); !key.empty()) ++counts[std::move(key)];
    }
    Groups found;
    for (const auto& [key, count] : counts) {
      if (count < 2) continue;
      ++found.groups;
      found.rows += count;
      if (count > found.most) found.most = count, found.of_most = key;
    }
    return found;
  }

  void say(const char* kind, std::vector<std::string> columns, const Groups& found, const std::string& en, const std::string& zh, bool personal) {
    if (found.groups == 0) return;
    auto& added = fault(kind, std::move(columns), found.rows,
                        std::to_string(found.rows) + " rows in " + std::to_string(found.groups) + " groups (" + std::to_string(found.surplus()) +
                            " surplus) have the same " + en + "; " + std::to_string(found.most) + " at most",
                        std::to_string(found.rows) + " 行（" + std::to_string(found.groups) + " 组，多余 " + std::to_string(found.surplus()) +
                            " 行）" + zh + "相同，最多 " + std::to_string(found.most) + " 行");
    added.groups = found.groups;
    if (!personal) added.examples.push_back(text::truncated(wire::cut_utf8(found.of_most, 1'000), 120));
  }

  [[nodiscard]] const Column* of(Meaning meaning) const {
    const auto found = std::ranges::find(columns_, meaning, [](const Column& c) { return c.report.meaning; });
    return found == columns_.end() ? nullptr : &*found;
  }
  [[nodiscard]] const Column* key_column() const {
    const auto found = std::ranges::find_if(columns_, [](const Column& c) { return c.report.unique && c.filled > 1; });
    return found == columns_.end() ? nullptr : &*found;
  }

  void same_values() {
    if (const auto* phone = of(Meaning::phone))
      say("same-value", {phone->report.name}, grouped([&](std::size_t r) { return std::string(phone->values[r]); }), phone->report.name,
          phone->report.name, true);
    std::vector<const Column*> place;
    for (const auto& column : columns_) {
      if (column.report.meaning == Meaning::coordinate) place.push_back(&column);
    }
    if (place.size() == 2)
      say("same-value", {place[0]->report.name, place[1]->report.name}, grouped([&](std::size_t r) {
            return place[0]->values[r].empty() ? std::string() : std::string(place[0]->values[r]) + ", " + std::string(place[1]->values[r]);
          }),
          "coordinates", "坐标", false);
    for (const auto meaning : {Meaning::name, Meaning::address}) {
      if (const auto* column = of(meaning))
        say("same-text", {column->report.name}, grouped([&](std::size_t r) { return normalised(column->values[r]); }),
            column->report.name + ", normalised", column->report.name + "（规范化后）", column->personal());
    }
  }

  void doubles() {
    const auto* name = of(Meaning::name);
    const auto joined = [&](const Column& a, const Column& b, bool normal) {
      return [&a, &b, normal](std::size_t r) {
        auto first = normal ? normalised(a.values[r]) : std::string(a.values[r]);
        auto second = normal ? normalised(b.values[r]) : std::string(b.values[r]);
        return first.empty() || second.empty() ? std::string() : first + " | " + second;
      };
    };
    if (const auto* address = of(Meaning::address); name != nullptr && address != nullptr) {
      const std::vector<std::string> both{name->report.name, address->report.name};
      const auto near = joined(*name, *address, true);
      say("doubles", both, grouped(near), "name and address, normalised", "名称与地址（规范化后）", false);
      Counts at;
      for (const auto value : address->values) ++at[normalised(value)];
      say("doubles-apart", both,
          grouped([&](std::size_t r) { return at[normalised(address->values[r])] > rows_at_one_place_max ? std::string() : near(r); }),
          "name and address, normalised, leaving out places of more than 50 rows", "名称与地址（规范化后，不计超过50行的同一地点）", false);
      say("doubles-exact", both, grouped(joined(*name, *address, false)), "name and address, to the letter", "名称与地址（逐字）", false);
    }
    if (const auto* phone = of(Meaning::phone); name != nullptr && phone != nullptr)
      say("same-name-and-phone", {name->report.name, phone->report.name}, grouped(joined(*name, *phone, true)),
          "name and telephone: often branches of one firm", "名称与电话：多为连锁门店", true);
    const auto* key = key_column();
    const auto whole = grouped([&](std::size_t r) {
      std::string all;
      for (const auto& column : columns_) {
        if (&column != key) all.append(column.values[r]).push_back('\x1f');
      }
      return all;
    });
    const bool personal = true;
    if (columns_.size() > 1)
      say(key == nullptr ? "doubled-rows" : "doubled-but-for-key", {}, whole,
          key == nullptr ? "values in every column" : "values in every column but " + key->report.name,
          key == nullptr ? "所有列" : "除 " + key->report.name + " 外所有列", personal);
  }

  const Sheet& sheet_;
  std::vector<DataFault>& faults_;
  std::vector<Column> columns_;
};

}  // namespace

Examination examine(std::span<const Sheet> sheets) {
  Examination found;
  for (const auto& sheet : sheets) {
    Table table(sheet, found.faults);
    table.look();
    found.tables.push_back(table.report());
  }
  between(sheets, found);
  return found;
}

Resource proposal(const Source& source, const TableReport& table) {
  Resource resource;
  resource.name = LocalizedText({{"en", table.name}, {"zh-CN", table.name}});
  resource.summary = resource.name;
  resource.provider = source.unit;
  resource.source = source.id;
  resource.table = table.name;
  resource.format = source.kind == SourceKind::csv ? Format::file : Format::database;
  resource.share_class = ShareClass::conditional;
  for (const auto& column : table.columns) {
    Field field;
    for (const char c : column.name)
      field.id.push_back((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ? c
                         : c >= 'A' && c <= 'Z'                                       ? static_cast<char>(c - 'A' + 'a')
                                                                                      : '_');
    if (field.id.find_first_not_of("_0123456789") == std::string::npos) field.id = "field_" + std::to_string(resource.fields.size() + 1);
    if (resource.field(field.id) != nullptr) field.id += "_" + std::to_string(resource.fields.size() + 1);
    field.column = column.name;
    field.name = LocalizedText({{"en", column.name}, {"zh-CN", column.name}});
    field.type = column.type;
    field.sensitivity = column.sensitivity;
    if (!resource.subject && column.meaning == Meaning::citizen_id) resource.subject = Subject{"cn.citizen-id", field.id};
    if (!resource.subject && column.meaning == Meaning::credit_code) resource.subject = Subject{"cn.credit-code", field.id};
    resource.fields.push_back(std::move(field));
  }
  return resource;
}

Result<> save_examination(db::Tx& tx, const Context& ctx, const SourceId& source, const Examination& found) {
  JX_CHECK(tx.run(sql::examination_put, source, ctx.now(), wire::encode(found)));
  return {};
}

Result<std::optional<Examined>> examination(db::Tx& tx, const SourceId& source) {
  JX_TRY(row, tx.one(sql::examination_one, source));
  if (!row) return std::optional<Examined>();
  JX_TRY(found, wire::decode<Examination>(row->text(1), wire::Limits{.bytes = 16U << 20U, .values = 1'000'000}));
  return std::optional(Examined{row->instant(0), std::move(found)});
}

}  // namespace jx::catalogue
