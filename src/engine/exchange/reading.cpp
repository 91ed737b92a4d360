// The rows of an answer. A source is asked for what it can find itself; row rules, filters, order and masks are applied here.
#include "reading.hpp"
#include "sieves.hpp"

#include <jx/rules/json.hpp>
#include <jx/wire.hpp>

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

namespace jx::exchange {
namespace json = boost::json;
namespace {

using Permit = Gateway::Permit;

constexpr std::size_t rows_counted_max = 20'000;  // that a look-up finds, to be counted

json::value json_of(const Cell& cell) {
  if (const auto* text = std::get_if<std::string_view>(&cell)) return json::string(*text);
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) return *whole;
  if (const auto* real = std::get_if<double>(&cell)) return *real;
  if (const auto* truth = std::get_if<bool>(&cell)) return *truth;
  return nullptr;
}

Result<std::optional<RowRule>> row_rule(const Permit& permit, const std::optional<rules::Expression>& expression, Columns& columns) {
  if (!expression) return std::nullopt;
  RowRule rule{&*expression, {}};
  for (const auto& input : expression->inputs()) {
    if (permit.resource().field(input.name) == nullptr)
      return refuse({"the grant's row rule names a field that the resource no longer has", "授权的行规则引用了已不存在的字段"});
    rule.slots.push_back(columns.add(permit.resource(), input.name));
  }
  return rule;
}

/// A cell as its field's type says: CSV has only text, and a database may keep a code as a number. What does not fit stays as it is.
json::value typed(const catalogue::Field& field, json::value cell) {
  if (cell.is_string() && cell.get_string().empty() && field.type != catalogue::FieldType::text) return nullptr;
  switch (field.type) {
    case catalogue::FieldType::text:
    case catalogue::FieldType::date:
      if (cell.is_int64()) return json::string(std::to_string(cell.get_int64()));
      return cell;
    case catalogue::FieldType::boolean:
      if (cell.is_int64()) return cell.get_int64() != 0;
      if (cell.is_string() && (cell.get_string() == "true" || cell.get_string() == "false")) return cell.get_string() == "true";
      return cell;
    case catalogue::FieldType::integer:
    case catalogue::FieldType::number: {
      if (!cell.is_string()) return cell;
      const std::string_view text = cell.get_string();
      std::int64_t whole = 0;
      if (const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
          error == std::errc() && end == text.data() + text.size())
        return whole;
      double real = 0;
      if (const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), real);
          error == std::errc() && end == text.data() + text.size())
        return real;
      return cell;
    }
  }
  return cell;
}

/// A cell as FEEL sees it: dates as dates.
Result<rules::Value> feel(const catalogue::Field& field, const json::value& cell) {
  if (field.type == catalogue::FieldType::date && cell.is_string()) {
    if (const auto date = LocalDate::parse(std::string_view(cell.get_string()))) return rules::Value(*date);
  }
  return rules::from_json(cell);
}

/// True, false or null, as FEEL has it.
Result<rules::Value> outcome(const Permit& permit, const Columns& columns, const RowRule& rule, const std::vector<json::value>& row) {
  std::vector<rules::Value> inputs;
  for (const auto slot : rule.slots) {
    JX_TRY(value, feel(*permit.resource().field(columns.fields[slot]), row[slot]));
    inputs.push_back(std::move(value));
  }
  return rule.expression->evaluate(inputs).value;
}

Result<bool> allowed(const Permit& permit, const Plan& plan, const Call& call, const std::vector<json::value>& row) {
  if (plan.rows) {
    JX_TRY(value, outcome(permit, plan.columns, *plan.rows, row));
    if (!value.is_true()) return false;
  }
  if (!call.filter) return true;
  return call.filter->holds([&](std::string_view field) -> const json::value& {
    return row[static_cast<std::size_t>(std::ranges::find(plan.columns.fields, field) - plan.columns.fields.begin())];
  });
}

Result<std::vector<Condition>> conditions(const Permit& permit, const Call& call) {
  std::vector<Condition> where;
  for (const auto& lookup : call.where) where.push_back({permit.resource().field(lookup.field)->column, lookup.op, lookup.value});
  if (!permit.matter) return where;
  const auto& subject = permit.resource().subject;
  if (!subject)
    return refuse({"this resource does not say whose data a row is, so it cannot be read for a case", "该资源未标明数据主体，不能按办件读取"});
  const auto code = std::ranges::find(permit.matter->codes, subject->scheme, &Code::scheme);
  if (code == permit.matter->codes.end()) {
    return fail(ErrorCode::conflict, {"the applicant has no code of the kind by which this resource is kept", "申请人没有该资源所用的身份代码"});
  }
  // First: a source that is asked by one condition is asked about the applicant, whatever else the caller names.
  where.insert(where.begin(), Condition{permit.resource().field(subject->field)->column, Op::eq, code->value});
  return where;
}

Result<std::size_t> offset_of(std::string_view cursor) {
  std::size_t offset = 0;
  if (cursor.empty()) return offset;
  const auto [end, error] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), offset);
  if (error != std::errc() || end != cursor.data() + cursor.size())
    return fail(ErrorCode::invalid, {"this is not a cursor of this answer", "翻页标记无效"}, "/cursor");
  return offset;
}

/// Hands every row that is found to `take`, as its fields' types say, a page after another. Errors: too_large beyond `most`.
Result<> each_found(Sources& sources, const Context& ctx, const Permit& permit, const Call& call, const Plan& plan, std::size_t most,
                    const std::function<Result<>(std::vector<json::value>&&)>& take) {
  JX_TRY(where, conditions(permit, call));
  for (std::size_t offset = 0;;) {
    JX_TRY(page, sources.read({permit.source(), permit.resource().table, plan.columns.columns, where, offset, rows_max, plan.sieve}, ctx.deadline));
    for (auto& row : page.rows) {
      for (std::size_t i = 0; i < row.size(); ++i) row[i] = typed(*permit.resource().field(plan.columns.fields[i]), std::move(row[i]));
      JX_TRY(ok, allowed(permit, plan, call, row));
      if (ok) JX_CHECK(take(std::move(row)));
    }
    offset += page.rows.size();
    if (!page.more) return {};
    if (page.rows.empty())
      return fail(ErrorCode::unavailable, {"the source says that there is more and gives nothing", "数据源称仍有数据，却未返回任何记录"});
    if (offset >= most)
      return fail(ErrorCode::too_large, {"too many rows match: look for something more precise", "符合条件的记录过多，请缩小范围"}, "/where");
  }
}

/// All rows of the table, for what is counted without a look-up.
Result<> each_row(Sources& sources, const Context& ctx, const Permit& permit, const Call& call, const Plan& plan,
                  const std::function<Result<>(std::vector<json::value>&&)>& take) {
  return sources.scan_columns(permit.source(), permit.resource().table, plan.columns.columns, ctx.deadline,
                              [&](std::span<const Cell> cells) -> Result<> {
                                std::vector<json::value> row;
                                row.reserve(cells.size());
                                for (std::size_t i = 0; i < cells.size(); ++i)
                                  row.push_back(typed(*permit.resource().field(plan.columns.fields[i]), json_of(cells[i])));
                                JX_TRY(ok, allowed(permit, plan, call, row));
                                if (ok) JX_CHECK(take(std::move(row)));
                                return {};
                              });
}

/// What is absent first, then truth values, numbers, texts.
int compare(const json::value& a, const json::value& b) {
  const auto kind = [](const json::value& value) { return value.is_null() ? 0 : value.is_bool() ? 1 : value.is_number() ? 2 : 3; };
  if (kind(a) != kind(b)) return kind(a) < kind(b) ? -1 : 1;
  switch (kind(a)) {
    case 1: return static_cast<int>(a.get_bool()) - static_cast<int>(b.get_bool());
    case 2: {
      if (a.is_int64() && b.is_int64()) return a.get_int64() < b.get_int64() ? -1 : a.get_int64() > b.get_int64() ? 1 : 0;
      const auto left = a.to_number<double>(), right = b.to_number<double>();
      return left < right ? -1 : left > right ? 1 : 0;
    }
    case 3: return a.is_string() && b.is_string() ? std::string_view(a.get_string()).compare(std::string_view(b.get_string())) : 0;
    default: return 0;
  }
}

using Slots = std::vector<std::pair<std::size_t, bool>>;  // by which columns rows are put in order, and whether downwards

void put_in_order(Rows& rows, const Slots& by) {
  std::ranges::stable_sort(rows, [&](const auto& a, const auto& b) {
    for (const auto& [slot, descending] : by) {
      if (const auto order = compare(a[slot], b[slot]); order != 0) return descending ? order > 0 : order < 0;
    }
    return false;
  });
}

/// The page at `offset` of rows that are all there and in order.
Found cut(Rows rows, std::size_t offset, std::size_t limit) {
  Found found;
  const auto from = std::min(offset, rows.size());
  const auto end = std::min(rows.size(), from + limit);
  if (end < rows.size()) found.next = std::to_string(end);
  found.rows = Rows(std::make_move_iterator(rows.begin() + static_cast<std::ptrdiff_t>(from)),
                    std::make_move_iterator(rows.begin() + static_cast<std::ptrdiff_t>(end)));
  return found;
}

/// A source that can puts its rows in order itself: then they are read up to the page that is asked for. Of others all that is found is read and put
/// in order here. The cursor counts in that order.
Result<Found> ordered_rows(Sources& sources, const Context& ctx, const Permit& permit, const Call& call, const Plan& plan) {
  JX_TRY(offset, offset_of(call.cursor));
  JX_TRY(where, conditions(permit, call));
  Slots by;
  std::vector<ReadOrder> wished;
  for (const auto& order : call.order) {
    const auto& field = *permit.resource().field(order.field);
    by.emplace_back(static_cast<std::size_t>(std::ranges::find(plan.columns.fields, order.field) - plan.columns.fields.begin()), order.descending);
    wished.push_back({field.column, field.type, order.descending});
  }
  Rows found;
  std::optional<bool> ordered;
  for (std::size_t scanned = 0;;) {
    JX_TRY(page, sources.read({permit.source(), permit.resource().table, plan.columns.columns, where, scanned, rows_max, plan.sieve, wished},
                              ctx.deadline));
    if (ordered.value_or(page.ordered) != page.ordered)
      return fail(ErrorCode::unavailable, {"the data changed while it was put in order: ask again", "排序期间数据有变化，请重新查询"});
    ordered = page.ordered;
    for (auto& row : page.rows) {
      for (std::size_t i = 0; i < row.size(); ++i) row[i] = typed(*permit.resource().field(plan.columns.fields[i]), std::move(row[i]));
      JX_TRY(ok, allowed(permit, plan, call, row));
      if (!ok) continue;
      found.push_back(std::move(row));
      if (*ordered && found.size() > offset + call.limit) return cut(std::move(found), offset, call.limit);
    }
    scanned += page.rows.size();
    if (!page.more) break;
    if (page.rows.empty())
      return fail(ErrorCode::unavailable, {"the source says that there is more and gives nothing", "数据源称仍有数据，却未返回任何记录"});
    if (scanned >= rows_scanned_max)
      return fail(ErrorCode::too_large, {"too many rows match: look for something more precise", "符合条件的记录过多，请缩小范围"}, "/where");
  }
  if (!*ordered) put_in_order(found, by);
  return cut(std::move(found), offset, call.limit);
}

/// How many rows there are of each value that is counted by; by that value, as text.
using Cells = std::map<std::vector<std::string>, std::pair<std::vector<json::value>, std::int64_t>>;

/// Takes out what is too small to be told, for it would tell of few people: the number, and the value, which may be somebody's own. Where only one is
/// taken out, the others would tell it: the next smallest is taken out with it. Answers whether anything was.
bool take_out_small(Cells& cells, std::int64_t least) {
  const auto hidden = std::erase_if(cells, [&](const auto& cell) { return cell.second.second < least; });
  if (hidden == 1 && !cells.empty()) cells.erase(std::ranges::min_element(cells, {}, [](const auto& cell) { return cell.second.second; }));
  return hidden > 0;
}

}  // namespace

Result<Plan> plan_of(const Permit& permit, const Call& call) {
  Plan plan;
  for (const auto& field : permit.fields) plan.columns.add(permit.resource(), field);
  JX_TRY(rows, row_rule(permit, permit.terms->value.rows, plan.columns));
  plan.rows = std::move(rows);
  JX_TRY(verify, row_rule(permit, permit.terms->value.verify, plan.columns));
  plan.verify = std::move(verify);
  if (call.filter) call.filter->each_field("", [&](const std::string& field, const std::string&) { plan.columns.add(permit.resource(), field); });
  for (const auto& order : call.order) plan.columns.add(permit.resource(), order.field);
  if (permit.resource().subject) plan.columns.add(permit.resource(), permit.resource().subject->field);
  plan.sieve = sieve_of(permit.resource(), permit.terms->value.plain_rows, call.filter ? &*call.filter : nullptr);
  return plan;
}

Result<Found> read_rows(Sources& sources, const Context& ctx, const Permit& permit, const Call& call, const Plan& plan) {
  const auto& columns = plan.columns;
  if (!call.order.empty()) return ordered_rows(sources, ctx, permit, call, plan);
  const auto limit = plan.verify ? rows_max : call.limit;
  JX_TRY(where, conditions(permit, call));
  JX_TRY(offset, offset_of(call.cursor));
  Found found;
  for (std::size_t scanned = 0; scanned < rows_scanned_max;) {
    JX_TRY(page, sources.read({permit.source(), permit.resource().table, columns.columns, where, offset, rows_max, plan.sieve}, ctx.deadline));
    for (auto& row : page.rows) {
      if (found.rows.size() == limit) {
        found.next = std::to_string(offset);
        return found;
      }
      ++offset;
      ++scanned;
      for (std::size_t i = 0; i < row.size(); ++i) row[i] = typed(*permit.resource().field(columns.fields[i]), std::move(row[i]));
      JX_TRY(ok, allowed(permit, plan, call, row));
      if (!ok) continue;
      found.rows.push_back(std::move(row));
    }
    if (!page.more) return found;
    if (page.rows.empty())
      return fail(ErrorCode::unavailable, {"the source says that there is more and gives nothing", "数据源称仍有数据，却未返回任何记录"});
  }
  if (found.rows.size() < limit)
    return fail(ErrorCode::too_large, {"too many rows match: look for something more precise", "符合条件的记录过多，请缩小范围"}, "/where");
  found.next = std::to_string(offset);
  return found;
}

Result<Rows> masked(const Permit& permit, const Rows& rows) {
  const auto& terms = permit.terms->value;
  std::vector<const Mask*> masks;
  for (const auto& field : permit.fields) {
    const auto at = static_cast<std::size_t>(terms.grant.field(field) - terms.grant.fields.data());
    masks.push_back(permit.masks->value[at] ? &*permit.masks->value[at] : nullptr);
  }
  Rows out;
  for (const auto& row : rows) {
    std::vector<json::value> shown;
    for (std::size_t i = 0; i < permit.fields.size(); ++i) {
      if (masks[i] == nullptr) {
        shown.push_back(row[i]);
        continue;
      }
      JX_TRY(value, feel(*permit.resource().field(permit.fields[i]), row[i]));
      shown.push_back(rules::to_json(masks[i]->of(value)));  // a mask that fails shows nothing
    }
    out.push_back(std::move(shown));
  }
  return out;
}

Result<Rows> verdict(const Permit& permit, const Plan& plan, const Found& found) {
  bool known = !found.rows.empty() && found.next.empty();
  for (const auto& row : found.rows) {
    JX_TRY(value, outcome(permit, plan.columns, *plan.verify, row));
    if (value.is_true()) return Rows{{json::value("yes")}};
    if (value.is_null()) known = false;
  }
  return Rows{{json::value(known ? "no" : "unknown")}};
}

Result<Rows> counted(Sources& sources, const Context& ctx, const Permit& permit, const Call& call, const Plan& plan) {
  const auto by = permit.fields.size();
  Cells cells;
  if (by == 0) cells[{}];
  const auto take = [&](std::vector<json::value>&& row) -> Result<> {
    std::vector<std::string> key;
    for (std::size_t i = 0; i < by; ++i) key.push_back(wire::to_text(row[i]));
    const auto [cell, fresh] = cells.try_emplace(std::move(key));
    if (fresh) cell->second.first.assign(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(by));
    ++cell->second.second;
    if (cells.size() <= count_cells_max) return {};
    return fail(ErrorCode::too_large,
                {"there are more than 200 values to count by: filter, or count by another field", "分组取值超过200个，请加筛选条件或更换分组字段"},
                "/fields");
  };
  JX_CHECK(call.where.empty() && !permit.matter ? each_row(sources, ctx, permit, call, plan, take)
                                                : each_found(sources, ctx, permit, call, plan, rows_counted_max, take));
  const bool hidden = take_out_small(cells, permit.grant().count_minimum.value_or(count_minimum_default));
  Rows rows;
  for (auto& [key, cell] : cells) {
    rows.push_back(std::move(cell.first));
    rows.back().emplace_back(cell.second);
  }
  // All nulls: what is not told. Beside values it is always there: that it is missing would say of a filter which names one person that she is not
  // found.
  if (hidden || by > 0) rows.emplace_back(by + 1);
  return rows;
}

}  // namespace jx::exchange
