// examine_between.cpp - tables that speak of the same things: a column that holds another table's key, and two tables that share such a column and a
// day.
#include "examine_between.hpp"

#include "examine_values.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_set>

namespace jx::catalogue::examining {
namespace {

constexpr double key_share = 0.95;     // of the values are found in the other table, for a column to be a reference
constexpr double partner_share = 0.9;  // of the rows have a partner, for the others to be worth telling
constexpr double exception_share = 0.05;
constexpr double remark_share = 0.5;

using Values = std::unordered_set<std::string_view>;

/// A table with the columns that matter here.
struct Side {
  const Sheet* sheet;
  const TableReport* report;
  std::size_t reference = 0;       // the column that holds the other table's key
  std::optional<std::size_t> day;  // a column of dates

  [[nodiscard]] std::string_view cell(std::size_t row, std::size_t column) const { return sheet->rows[row][column]; }
  [[nodiscard]] std::string pair(std::size_t row) const { return std::string(cell(row, reference)) + '\x1f' + std::string(cell(row, *day)); }
};

std::optional<std::size_t> column_of(const TableReport& report, std::string_view name) {
  const auto found = std::ranges::find(report.columns, name, &ColumnReport::name);
  if (found == report.columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - report.columns.begin());
}

std::optional<std::size_t> day_of(const TableReport& report) {
  const auto found = std::ranges::find(report.columns, Meaning::date, &ColumnReport::meaning);
  if (found == report.columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - report.columns.begin());
}

class Between {
 public:
  Between(std::span<const Sheet> sheets, Examination& found) : sheets_(sheets), found_(found) {}

  void look() {
    newest_day();
    for (std::size_t i = 0; i < sheets_.size(); ++i) {
      const auto& report = found_.tables[i];
      if (report.key) children_of(i, *column_of(report, *report.key));
    }
    for (std::size_t i = 0; i < sheets_.size(); ++i) remarks(i);
  }

 private:
  void fault(std::string kind, const Sheet& sheet, std::vector<std::string> columns, std::int64_t count, std::string en, std::string zh,
             std::vector<std::string> examples = {}, std::optional<std::int64_t> groups = {}) {
    found_.faults.push_back({std::move(kind), sheet.name, std::move(columns), count, groups,
                             LocalizedText({{"en", std::move(en)}, {"zh-CN", std::move(zh)}}), std::move(examples)});
  }

  /// The newest day that all dated tables agree on: the smallest of their greatest days.
  void newest_day() {
    for (std::size_t i = 0; i < sheets_.size(); ++i) {
      const auto day = day_of(found_.tables[i]);
      if (!day) continue;
      std::optional<LocalDate> greatest;
      for (const auto& row : sheets_[i].rows) {
        const auto date = any_date(row[*day]);
        if (date && (!greatest || *date > *greatest)) greatest = date;
      }
      if (greatest && (!newest_ || *greatest < *newest_)) newest_ = greatest;
    }
    for (std::size_t i = 0; newest_ && i < sheets_.size(); ++i) after_newest(i);
  }

  void after_newest(std::size_t table) {
    const auto day = day_of(found_.tables[table]);
    if (!day) return;
    std::int64_t count = 0;
    std::vector<std::string> examples;
    for (const auto& row : sheets_[table].rows) {
      const auto date = any_date(row[*day]);
      if (!date || *date <= *newest_) continue;
      if (++count <= static_cast<std::int64_t>(examples_max)) examples.push_back(row[*day]);
    }
    if (count == 0) return;
    fault("after-newest", sheets_[table], {sheets_[table].columns[*day]}, count,
          std::to_string(count) + " rows are dated after " + newest_->text() + ", the newest day of another table",
          std::to_string(count) + " 行的日期晚于其他表的最新日期 " + newest_->text(), std::move(examples));
  }

  // ---- a key and those who refer to it ------------------------------------------------------------------------------------------

  void children_of(std::size_t parent, std::size_t key) {
    Values keys;
    for (const auto& row : sheets_[parent].rows) keys.insert(row[key]);
    std::vector<Side> children;
    for (std::size_t i = 0; i < sheets_.size(); ++i) {
      const auto column = column_of(found_.tables[i], sheets_[parent].columns[key]);
      if (i == parent || !column || sheets_[i].rows.empty()) continue;
      const auto known = std::ranges::count_if(sheets_[i].rows, [&](const auto& row) { return keys.contains(row[*column]); });
      if (static_cast<double>(known) < key_share * static_cast<double>(sheets_[i].rows.size())) continue;
      const auto orphans = static_cast<std::int64_t>(sheets_[i].rows.size()) - known;
      if (orphans > 0)
        fault("orphans", sheets_[i], {sheets_[i].columns[*column]}, orphans,
              std::to_string(orphans) + " rows name a key that " + sheets_[parent].name + " does not have",
              std::to_string(orphans) + " 行引用了 " + sheets_[parent].name + " 中没有的编号");
      children.push_back({&sheets_[i], &found_.tables[i], *column, day_of(found_.tables[i])});
    }
    childless(sheets_[parent], key, children);
    for (const auto& one : children) {
      for (const auto& other : children) {
        if (&one != &other && one.day && other.day) partners(one, other);
      }
      if (one.day) same_day(one);
    }
  }

  static Values references(const Side& side) {
    Values values;
    for (std::size_t r = 0; r < side.sheet->rows.size(); ++r) values.insert(side.cell(r, side.reference));
    return values;
  }

  void childless(const Sheet& parent, std::size_t key, const std::vector<Side>& children) {
    std::vector<Values> held;
    for (const auto& child : children) held.push_back(references(child));
    const auto say = [&](const std::string& which_en, const std::string& which_zh, auto&& is) {
      const auto count = std::ranges::count_if(parent.rows, [&](const auto& row) { return is(std::string_view(row[key])); });
      if (count > 0)
        fault("childless", parent, {parent.columns[key]}, count, std::to_string(count) + " rows have " + which_en,
              std::to_string(count) + " 行" + which_zh);
    };
    for (std::size_t i = 0; i < children.size(); ++i) {
      const auto& name = children[i].sheet->name;
      say("no row in " + name, "在 " + name + " 中没有记录", [&](std::string_view v) { return !held[i].contains(v); });
    }
    for (std::size_t i = 0; i < children.size(); ++i) {
      for (std::size_t j = 0; j < children.size(); ++j) {
        const auto& a = children[i].sheet->name;
        const auto& b = children[j].sheet->name;
        if (i < j)
          say("no row in " + a + " nor in " + b, "在 " + a + " 与 " + b + " 中均无记录",
              [&](std::string_view v) { return !held[i].contains(v) && !held[j].contains(v); });
        if (i != j)
          say("rows in " + b + " but none in " + a, "在 " + b + " 中有记录而在 " + a + " 中没有",
              [&](std::string_view v) { return held[j].contains(v) && !held[i].contains(v); });
      }
    }
  }

  // ---- two tables with the same key and day -------------------------------------------------------------------------------------

  static std::unordered_set<std::string> pairs(const Side& side) {
    std::unordered_set<std::string> all;
    for (std::size_t r = 0; r < side.sheet->rows.size(); ++r) all.insert(side.pair(r));
    return all;
  }

  /// Rows of `one` that nothing in `other` answers to, where nearly all others have such a partner.
  void partners(const Side& one, const Side& other) {
    const auto theirs = pairs(other);
    const auto known = references(other);
    std::int64_t alone = 0;
    std::int64_t known_elsewhere = 0;
    std::set<std::string> alone_pairs;
    for (std::size_t r = 0; r < one.sheet->rows.size(); ++r) {
      auto pair = one.pair(r);
      if (theirs.contains(pair)) continue;
      ++alone;
      known_elsewhere += known.contains(one.cell(r, one.reference));
      alone_pairs.insert(std::move(pair));
    }
    const auto rows = static_cast<double>(one.sheet->rows.size());
    if (alone > 0 && static_cast<double>(alone) <= (1 - partner_share) * rows) {
      const auto& name = other.sheet->name;
      fault("no-partner", *one.sheet, {one.sheet->columns[one.reference], one.sheet->columns[*one.day]}, alone,
            std::to_string(alone) + " rows, in " + std::to_string(alone_pairs.size()) + " pairs, have no row of the same key and day in " + name +
                "; " + std::to_string(known_elsewhere) + " of them have others there",
            std::to_string(alone) + " 行（" + std::to_string(alone_pairs.size()) + " 组）在 " + name + " 中没有同一编号同一日期的记录，其中 " +
                std::to_string(known_elsewhere) + " 行另有其他日期的记录",
            {}, static_cast<std::int64_t>(alone_pairs.size()));
    }
    for (std::size_t c = 0; c < one.sheet->columns.size(); ++c) {
      if (c != one.reference && c != *one.day && one.report->columns[c].type == FieldType::integer) top_value(one, other, theirs, c);
    }
  }

  /// A number whose greatest value goes with having no partner (a full score, say): the rows that break this.
  void top_value(const Side& one, const Side& other, const std::unordered_set<std::string>& theirs, std::size_t column) {
    const auto& top = one.report->columns[column].greatest;
    std::int64_t top_rows = 0, top_with = 0, below_rows = 0, below_without = 0;
    for (std::size_t r = 0; r < one.sheet->rows.size(); ++r) {
      const bool with = theirs.contains(one.pair(r));
      if (one.cell(r, column) == top)
        ++top_rows, top_with += with;
      else
        ++below_rows, below_without += !with;
    }
    const auto rare = [](std::int64_t part, std::int64_t of) {
      return of >= 20 && static_cast<double>(part) <= exception_share * static_cast<double>(of);
    };
    if (!rare(top_with, top_rows) || !rare(below_without, below_rows)) return;
    const auto& name = one.sheet->columns[column];
    const auto& partner = other.sheet->name;
    if (below_without > 0)
      fault("value-and-partner", *one.sheet, {name}, below_without,
            std::to_string(below_without) + " of " + std::to_string(below_rows) + " rows with " + name + " below " + top +
                " have no row of that day in " + partner,
            name + " 低于 " + top + " 的 " + std::to_string(below_rows) + " 行中，" + std::to_string(below_without) + " 行在 " + partner +
                " 中没有当日记录");
    if (top_with > 0)
      fault("value-and-partner", *one.sheet, {name}, top_with,
            std::to_string(top_with) + " of " + std::to_string(top_rows) + " rows with " + name + " " + top + " have a row of that day in " + partner,
            name + " 为 " + top + " 的 " + std::to_string(top_rows) + " 行中，" + std::to_string(top_with) + " 行在 " + partner + " 中有当日记录");
  }

  /// Several rows of one key on one day, where that is rare.
  void same_day(const Side& one) {
    std::unordered_map<std::string, std::int64_t> counts;
    for (std::size_t r = 0; r < one.sheet->rows.size(); ++r) ++counts[one.pair(r)];
    std::int64_t groups = 0;
    std::vector<std::string> examples;
    for (const auto& [pair, count] : counts) {
      if (count < 2) continue;
      ++groups;
      auto shown = pair;
      std::ranges::replace(shown, '\x1f', ' ');
      examples.push_back(shown);
    }
    if (groups == 0 || static_cast<double>(groups) > (1 - 0.99) * static_cast<double>(counts.size())) return;
    std::ranges::sort(examples);
    if (examples.size() > examples_max) examples.resize(examples_max);
    fault("same-day", *one.sheet, {one.sheet->columns[one.reference], one.sheet->columns[*one.day]}, groups,
          std::to_string(groups) + " times several rows of one key on one day", std::to_string(groups) + " 组同一编号同一日期有多行",
          std::move(examples), groups);
  }

  // ---- dates within a text ------------------------------------------------------------------------------------------------------

  /// `... [ label: 1/31/2016 ]`: a second date, in a format of its own.
  void remarks(std::size_t table) {
    const auto& sheet = sheets_[table];
    const auto day = day_of(found_.tables[table]);
    for (std::size_t c = 0; c < sheet.columns.size(); ++c) {
      std::int64_t with = 0, dates = 0, others = 0, before = 0, after = 0;
      std::vector<std::string> strange, late;
      for (const auto& row : sheet.rows) {
        const auto remark = bracketed(row[c]);
        if (!remark) continue;
        ++with;
        const auto colon = remark->find(": ");
        const auto value = trimmed(colon == std::string_view::npos ? *remark : remark->substr(colon + 2));
        const auto date = any_date(value);
        if (!date) {
          if (++others <= static_cast<std::int64_t>(examples_max)) strange.emplace_back(value);
          continue;
        }
        ++dates;
        const auto own = day ? any_date(row[*day]) : std::nullopt;
        before += own && *date < *own;
        if (newest_ && *date > *newest_) {
          if (++after <= static_cast<std::int64_t>(examples_max)) late.emplace_back(value);
        }
      }
      if (with == 0 || static_cast<double>(with) < remark_share * static_cast<double>(sheet.rows.size()) ||
          static_cast<double>(dates) < remark_share * static_cast<double>(with))
        continue;
      const auto& name = sheet.columns[c];
      fault("date-in-text", sheet, {name}, with, std::to_string(with) + " values of " + name + " end in a remark with a date, in a format of its own",
            std::to_string(with) + " 行的 " + name + " 末尾附注另有一种格式的日期");
      if (others > 0)
        fault("no-day", sheet, {name}, others, std::to_string(others) + " remarks in " + name + " hold no date",
              std::to_string(others) + " 行 " + name + " 的附注不是日期", std::move(strange));
      if (before > 0)
        fault("before-own-day", sheet, {name}, before, std::to_string(before) + " remarks in " + name + " are dated before the row itself",
              std::to_string(before) + " 行 " + name + " 附注的日期早于该行日期");
      if (after > 0)
        fault("after-newest", sheet, {name}, after, std::to_string(after) + " remarks in " + name + " are dated after " + newest_->text(),
              std::to_string(after) + " 行 " + name + " 附注的日期晚于 " + newest_->text(), std::move(late));
    }
  }

  std::span<const Sheet> sheets_;
  Examination& found_;
  std::optional<LocalDate> newest_;
};

}  // namespace

void between(std::span<const Sheet> sheets, Examination& found) { Between(sheets, found).look(); }

}  // namespace jx::catalogue::examining
