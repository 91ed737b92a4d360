#include <jx/exchange/quality.hpp>
#include <jx/rules.hpp>

#include <algorithm>
#include <charconv>

namespace jx::exchange {
namespace {

using catalogue::FieldType;

template <class N>
std::optional<N> number_of(std::string_view text) {
  N value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// What is absent, or not of the field's type, is null: no rule can tell of it.
rules::Value value_of(FieldType type, std::string_view text) {
  if (text.empty()) return {};
  switch (type) {
    case FieldType::integer:
      if (const auto whole = number_of<std::int64_t>(text)) return *whole;
      return {};
    case FieldType::number:
      if (const auto real = number_of<double>(text)) return rules::Number::from_double(*real);
      return {};
    case FieldType::date:
      if (const auto date = LocalDate::parse(text)) return *date;
      return {};
    case FieldType::boolean:
      if (text == "true" || text == "1") return true;
      if (text == "false" || text == "0") return false;
      return {};
    case FieldType::text: break;
  }
  return text;
}

/// A field that the rules read, and its column in the sheet.
struct Column {
  FieldType type;
  std::size_t column;
};

constexpr std::size_t no_column = static_cast<std::size_t>(-1);

void hold(const catalogue::Sheet& sheet, std::span<const Column> reads, const rules::Expression& rule, catalogue::QualityFound& found) {
  std::vector<rules::Value> inputs(reads.size());
  for (std::size_t r = 0; r < sheet.rows.size(); ++r) {
    const auto& row = sheet.rows[r];
    for (std::size_t i = 0; i < reads.size(); ++i)
      inputs[i] = reads[i].column < row.size() ? value_of(reads[i].type, row[reads[i].column]) : rules::Value();
    const auto value = rule.evaluate(inputs).value;
    if (value.is_true()) continue;
    const bool broken = value.is(rules::Kind::boolean);
    ++(broken ? found.broken : found.untold);
    if (broken && found.positions.size() < catalogue::examples_max) found.positions.push_back(static_cast<std::int64_t>(r) + 1);
  }
}

}  // namespace

std::vector<catalogue::QualityFound> hold_quality(std::span<const catalogue::Sheet> sheets, std::span<const catalogue::Resource> resources) {
  std::vector<catalogue::QualityFound> list;
  for (const auto& resource : resources) {
    const auto sheet = std::ranges::find(sheets, resource.table, &catalogue::Sheet::name);
    if (!resource.quality || sheet == sheets.end()) continue;
    rules::Scope scope;
    std::vector<Column> reads;
    for (const auto& field : resource.fields) {
      scope.inputs.push_back({field.id, {}});
      const auto column = std::ranges::find(sheet->columns, field.column);
      reads.push_back({field.type, column == sheet->columns.end() ? no_column : static_cast<std::size_t>(column - sheet->columns.begin())});
    }
    for (const auto& quality : *resource.quality) {
      if (!quality.rule) continue;
      catalogue::QualityFound found{resource.id, quality.field, quality.words};
      found.rows = static_cast<std::int64_t>(sheet->rows.size());
      found.whole = sheet->whole;
      if (const auto rule = rules::Expression::compile(*quality.rule, scope)) {
        hold(*sheet, reads, *rule, found);
      } else {
        found.why = LocalizedText({{"en", rule.error().message.en}, {"zh-CN", rule.error().message.zh}});
      }
      list.push_back(std::move(found));
    }
  }
  return list;
}

}  // namespace jx::exchange
