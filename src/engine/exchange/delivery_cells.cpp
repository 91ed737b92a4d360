#include "delivery_rows.hpp"

#include <jx/rules/json.hpp>
#include <jx/wire/utf8.hpp>

#include <array>
#include <charconv>
#include <cmath>

namespace jx::exchange {
namespace {

using catalogue::FieldType;

constexpr std::int64_t band_max = 100'000'000'000'000'000;

/// The octets that a JSON text cannot hold as they are.
constexpr auto escaped = [] {
  std::array<bool, 256> table{};
  for (std::size_t i = 0; i < 0x20; ++i) table[i] = true;
  table['"'] = table['\\'] = true;
  return table;
}();

template <class T>
void append_number(T value, std::string& out) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

/// From the octet at which a character begins to the next such.
std::size_t next_char(std::string_view text, std::size_t at) {
  do ++at;
  while (at < text.size() && (text[at] & 0xc0) == 0x80);
  return at;
}
std::size_t chars_of(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (c & 0xc0) != 0x80;
  return count;
}
std::size_t last_chars(std::string_view text, std::size_t count) {
  std::size_t at = text.size();
  while (count > 0 && at > 0) {
    --at;
    if ((text[at] & 0xc0) != 0x80) --count;
  }
  return at;
}

/// The same as the mask `partial` of masks.cpp. `text` is not empty.
void partly(std::string_view text, std::string& out) {
  const auto chars = chars_of(text);
  const std::size_t first = chars <= 10 ? 1 : 3;
  std::size_t end = 0;
  for (std::size_t i = 0; i < first; ++i) end = next_char(text, end);
  out.append(text.substr(0, end)).append(chars <= 4 ? "**" : "****");
  if (chars > 4) out.append(text.substr(last_chars(text, chars <= 10 ? 1 : 4)));
}

/// Down to the town, as the mask `generalise` says; empty: it names none.
std::string_view town_of(std::string_view text) {
  for (const std::string_view kind : {"街道", "镇", "乡"}) {
    if (const auto at = text.find(kind); at != std::string_view::npos) return text.substr(0, at + kind.size());
  }
  return {};
}

bool ascii(std::string_view text) {
  for (const char c : text) {
    if ((c & 0x80) != 0) return false;
  }
  return true;
}

}  // namespace

void append_json(std::string_view text, std::string& out) {
  out.push_back('"');
  std::size_t from = 0;
  bool high = false;
  const auto start = out.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    high |= c >= 0x80;
    if (!escaped[c]) continue;
    out.append(text, from, i - from);
    from = i + 1;
    switch (c) {
      case '"': out.append("\\\""); break;
      case '\\': out.append("\\\\"); break;
      case '\n': out.append("\\n"); break;
      case '\r': out.append("\\r"); break;
      case '\t': out.append("\\t"); break;
      default: {
        constexpr std::string_view hex = "0123456789abcdef";
        out.append("\\u00").push_back(hex[c >> 4U]);
        out.push_back(hex[c & 15U]);
      }
    }
  }
  out.append(text, from, text.size() - from);
  if (high && wire::find_invalid_utf8(text)) {
    out.resize(start);
    out.append("\xef\xbf\xbd");
  }
  out.push_back('"');
}

void append_csv(std::string_view text, std::string& out) {
  if (!ascii(text) && wire::find_invalid_utf8(text)) text = "\xef\xbf\xbd";
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out.append(text);
    return;
  }
  out.push_back('"');
  for (const char c : text) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  out.push_back('"');
}

Cell typed_cell(FieldType type, const Cell& cell, std::string& scratch) {
  if (const auto* text = std::get_if<std::string_view>(&cell)) {
    if (type == FieldType::text || (type == FieldType::date && !text->empty())) return cell;
    if (text->empty()) return std::monostate();
    if (type == FieldType::boolean) return *text == "true" ? Cell(true) : *text == "false" ? Cell(false) : cell;
    const auto* end = text->data() + text->size();
    std::int64_t whole = 0;
    if (const auto [at, error] = std::from_chars(text->data(), end, whole); error == std::errc() && at == end) return whole;
    double real = 0;
    if (const auto [at, error] = std::from_chars(text->data(), end, real); error == std::errc() && at == end) return real;
    return cell;
  }
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) {
    if (type == FieldType::boolean) return *whole != 0;
    if (type == FieldType::text || type == FieldType::date) {
      scratch.clear();
      append_number(*whole, scratch);
      return std::string_view(scratch);
    }
  }
  return cell;
}

rules::Value feel_cell(FieldType type, const Cell& cell) {
  struct Feel {
    FieldType of;
    rules::Value operator()(std::monostate) const { return {}; }
    rules::Value operator()(bool value) const { return value; }
    rules::Value operator()(std::int64_t value) const { return value; }
    rules::Value operator()(double value) const { return rules::Number::from_double(value); }
    rules::Value operator()(std::string_view text) const {
      if (of == FieldType::date) {
        if (const auto date = LocalDate::parse(text)) return *date;
      }
      return text;
    }
  };
  return std::visit(Feel{type}, cell);
}

Result<CellWriter> CellWriter::make(const catalogue::Field& field, const std::optional<std::string>& mask, DeliveryFormat format,
                                    const MaskedFor& whom) {
  CellWriter writer;
  writer.type_ = field.type;
  writer.format_ = format;
  if (!mask) return writer;
  JX_TRY(feel, Mask::make(field, *mask, whom));
  writer.feel_ = std::move(feel);
  writer.way_ = Way::feel;
  if (*mask == "drop") writer.way_ = Way::drop;
  if (*mask == "partial") writer.way_ = Way::partial;
  if (*mask == "generalise") {
    switch (field.type) {
      case FieldType::date: writer.way_ = Way::year; break;
      case FieldType::integer:
      case FieldType::number: writer.way_ = Way::band; break;
      case FieldType::text: writer.way_ = Way::town; break;
      case FieldType::boolean: writer.way_ = Way::drop; break;
    }
  }
  return writer;
}

void CellWriter::text(std::string_view text, std::string& out) const {
  if (format_ == DeliveryFormat::ndjson)
    append_json(text, out);
  else
    append_csv(text, out);
}

/// Whether the mask has a way of its own for such a cell; all others go through FEEL.
bool CellWriter::native(const Cell& cell) const {
  const auto* text = std::get_if<std::string_view>(&cell);
  const auto* whole = std::get_if<std::int64_t>(&cell);
  switch (way_) {
    case Way::plain:
    case Way::drop: return true;
    case Way::partial: return (text != nullptr && !text->empty() && type_ == FieldType::text) || whole != nullptr;
    case Way::year: return text != nullptr && LocalDate::parse(*text).has_value();
    case Way::band: return whole != nullptr && *whole < band_max && *whole > -band_max;
    case Way::town: return text != nullptr;
    case Way::feel: return false;
  }
  return false;
}

void CellWriter::append_natively(const Cell& cell, std::string& out) {
  const auto nothing = [&] {
    if (format_ == DeliveryFormat::ndjson) out.append("null");
  };
  std::string shown;  // short: no allocation but for long texts
  switch (way_) {
    case Way::plain:
      if (const auto* plain = std::get_if<std::string_view>(&cell)) return text(*plain, out);
      if (const auto* whole = std::get_if<std::int64_t>(&cell)) return append_number(*whole, out);
      if (const auto* truth = std::get_if<bool>(&cell)) return void(out.append(*truth ? "true" : "false"));
      if (const auto* real = std::get_if<double>(&cell); real != nullptr && std::isfinite(*real)) return append_number(*real, out);
      return nothing();
    case Way::drop: return nothing();
    case Way::partial:
      if (const auto* whole = std::get_if<std::int64_t>(&cell)) {
        std::string digits;
        append_number(*whole, digits);
        partly(digits, shown);
      } else {
        partly(std::get<std::string_view>(cell), shown);
      }
      return text(shown, out);
    case Way::year: append_number(static_cast<int>(LocalDate::parse(std::get<std::string_view>(cell))->ymd().year()), shown); return text(shown, out);
    case Way::band: {
      const auto whole = std::get<std::int64_t>(cell);
      const auto low = (whole >= 0 ? whole / 10 : (whole - 9) / 10) * 10;
      append_number(low, shown);
      shown.push_back('-');
      append_number(low + 9, shown);
      return text(shown, out);
    }
    case Way::town: {
      const auto town = town_of(std::get<std::string_view>(cell));
      return town.empty() ? nothing() : text(town, out);
    }
    case Way::feel: break;
  }
}

void CellWriter::append_by_feel(const Cell& cell, std::string& out) {
  if (!feel_) return append_natively(cell, out);
  const auto value = feel_->of(feel_cell(type_, cell));
  if (value.is_null()) {
    if (format_ == DeliveryFormat::ndjson) out.append("null");
  } else if (value.is(rules::Kind::string)) {
    text(value.string(), out);
  } else if (format_ == DeliveryFormat::ndjson) {
    out.append(rules::json_text(value));
  } else {
    append_csv(rules::json_text(value), out);
  }
}

void CellWriter::append_remembered(std::string_view input, std::string& out) {
  if (memo_.held.empty()) memo_.held.resize(Memo::slots);
  auto& slot = memo_.held[std::hash<std::string_view>()(input) % Memo::slots];
  ++memo_.asked;
  if (slot.used && slot.input == input) {
    ++memo_.found;
    out.append(slot.output);
    return;
  }
  const auto from = out.size();
  append_by_feel(input, out);
  slot.used = true;
  slot.input = input;
  slot.output.assign(out, from);
  if (memo_.asked == Memo::tried && memo_.found < Memo::tried / 8) {
    memo_.off = true;
    memo_.held = {};
  }
}

void CellWriter::append(const Cell& cell, std::string& out) {
  if (native(cell)) return append_natively(cell, out);
  const auto* input = std::get_if<std::string_view>(&cell);
  if (input != nullptr && !memo_.off && input->size() <= Memo::input_bytes_max) return append_remembered(*input, out);
  append_by_feel(cell, out);
}

}  // namespace jx::exchange
