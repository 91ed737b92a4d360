#include "delivery_rows.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace jx::exchange {
namespace {

std::unexpected<Error> lacks() {
  return fail(ErrorCode::forbidden, {"the resource no longer has a field that the grant names", "该数据资源已不含授权中的字段，请申请变更授权"},
              "/grant");
}

/// As a filter compares it.
boost::json::value json_of(const Cell& cell) {
  struct Json {
    boost::json::value operator()(std::monostate) const { return nullptr; }
    boost::json::value operator()(bool value) const { return value; }
    boost::json::value operator()(std::int64_t value) const { return value; }
    boost::json::value operator()(double value) const { return value; }
    boost::json::value operator()(std::string_view text) const { return boost::json::string(text); }
  };
  return std::visit(Json(), cell);
}

}  // namespace

std::size_t RowWriter::slot_of(const catalogue::Resource& resource, std::string_view field) {
  const auto found = std::ranges::find(fields_, field);
  if (found != fields_.end()) return static_cast<std::size_t>(found - fields_.begin());
  const auto* described = resource.field(field);
  fields_.emplace_back(field);
  columns_.push_back(described->column);
  types_.push_back(described->type);
  return fields_.size() - 1;
}

Result<std::unique_ptr<RowWriter>> RowWriter::make(const Terms& terms) {
  const auto& [grant, resource, filter, key, mask_keys] = terms;
  std::unique_ptr<RowWriter> writer(new RowWriter());
  writer->format_ = grant.delivery ? grant.delivery->format : DeliveryFormat::ndjson;
  const bool ndjson = writer->format_ == DeliveryFormat::ndjson;
  for (const auto& field : grant.fields) {
    const auto* described = resource.field(field.id);
    if (described == nullptr) return lacks();
    if (field.id == key) writer->key_ = writer->shown_.size();
    std::string before = writer->shown_.empty() ? "" : ",";
    if (ndjson) {
      append_json(field.id, before);
      before.push_back(':');
    }
    JX_TRY(cells, CellWriter::make(*described, field.mask, writer->format_, {grant.consumer, resource.id, mask_keys}));
    writer->shown_.push_back({writer->slot_of(resource, field.id), std::move(before), std::move(cells)});
  }
  if (grant.rows) {
    JX_TRY(rule, rules::Expression::compile(*grant.rows, rules::Scope::any()));
    for (const auto& input : rule.inputs()) {
      if (resource.field(input.name) == nullptr) return lacks();
      writer->rule_slots_.push_back(writer->slot_of(resource, input.name));
    }
    writer->rule_ = std::move(rule);
    writer->inputs_.resize(writer->rule_slots_.size());
  }
  if (filter) {
    bool all = true;
    filter->each_field("", [&](const std::string& field, const std::string&) {
      if (resource.field(field) == nullptr)
        all = false;
      else
        writer->filter_slots_.push_back(writer->slot_of(resource, field));
    });
    if (!all) return lacks();
    writer->filter_ = filter;
  }
  if (resource.subject) writer->subject_ = writer->slot_of(resource, resource.subject->field);
  writer->cells_.resize(writer->columns_.size());
  writer->scratch_.resize(writer->columns_.size());
  writer->filtered_.resize(writer->columns_.size());
  return writer;
}

std::string RowWriter::header(std::string_view first) const {
  std::string line;
  if (format_ == DeliveryFormat::ndjson) return line;
  line.append(first);
  for (const auto& shown : shown_) {
    if (!line.empty()) line.push_back(',');
    append_csv(fields_[shown.slot], line);
  }
  return line + "\r\n";
}

std::string RowWriter::beginning(std::string_view op) const {
  const std::string word(op);
  if (format_ == DeliveryFormat::csv) return word.empty() ? "" : word + ",";
  return word.empty() ? "{" : R"({"op":")" + word + "\",";
}

std::string RowWriter::gone(std::string_view key) const {
  auto line = beginning("delete");
  if (format_ == DeliveryFormat::ndjson) {
    append_json(fields_[shown_[*key_].slot], line);
    return line.append(":").append(key).append("}\n");
  }
  for (std::size_t i = 0; i < shown_.size(); ++i) {
    line.append(i == 0 ? "" : ",");
    if (i == *key_) line.append(key);
  }
  return line + "\r\n";
}

std::string RowWriter::subject_of_gone(std::string_view key) const {
  if (!subject_ || !key_ || shown_[*key_].slot != *subject_) return {};
  if (format_ == DeliveryFormat::ndjson) {
    boost::system::error_code failed;
    const auto value = boost::json::parse(key, failed);
    if (failed) return {};
    if (const auto* text = value.if_string()) return std::string(*text);
    return value.is_int64() ? std::string(key) : std::string();
  }
  if (!key.starts_with('"') || key.size() < 2) return std::string(key);
  std::string code;
  for (std::size_t i = 1; i + 1 < key.size(); ++i) {
    code.push_back(key[i]);
    if (key[i] == '"') ++i;  // doubled
  }
  return code;
}

/// A source knows neither FEEL nor filters.
bool RowWriter::wanted() {
  if (rule_) {
    for (std::size_t i = 0; i < rule_slots_.size(); ++i) inputs_[i] = feel_cell(types_[rule_slots_[i]], cells_[rule_slots_[i]]);
    if (!rule_->evaluate(inputs_).holds()) return false;
  }
  if (!filter_) return true;
  for (const auto slot : filter_slots_) filtered_[slot] = json_of(cells_[slot]);
  return filter_->holds([&](std::string_view field) -> const boost::json::value& {
    return filtered_[static_cast<std::size_t>(std::ranges::find(fields_, field) - fields_.begin())];
  });
}

bool RowWriter::append(std::span<const Cell> row, std::string& out) {
  for (std::size_t i = 0; i < cells_.size(); ++i) cells_[i] = typed_cell(types_[i], row[i], scratch_[i]);
  if (!wanted()) return false;
  for (std::size_t i = 0; i < shown_.size(); ++i) {
    auto& shown = shown_[i];
    out.append(shown.before);
    const auto from = out.size();
    shown.writer.append(cells_[shown.slot], out);
    if (key_ == i) key_text_.assign(out, from);
  }
  out.append(format_ == DeliveryFormat::ndjson ? "}\n" : "\r\n");
  if (subject_) {
    const auto& cell = cells_[*subject_];
    const auto* text = std::get_if<std::string_view>(&cell);
    const auto* number = std::get_if<std::int64_t>(&cell);  // a code of digits alone
    subject_text_ = text != nullptr && text->size() <= value_bytes_max ? std::string(*text)
                    : number != nullptr                                ? std::to_string(*number)
                                                                       : std::string();
  }
  return true;
}

}  // namespace jx::exchange
