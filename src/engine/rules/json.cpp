// json.cpp - the JSON encoding of values (see jx/rules/json.hpp), from text with all its digits and from Boost.JSON.
#include <jx/rules/json.hpp>

#include "function.hpp"
#include "names.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace jx::rules {
namespace {

constexpr std::size_t text_bytes_max = 64 << 20;
constexpr unsigned depth_max = value_depth_max - 2;

std::string escape_pointer(std::string_view key) {
  std::string out;
  for (const char c : key) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return out;
}

std::unexpected<Error> bad(std::string_view form) {
  return fail(ErrorCode::invalid, {fmt::format("this is no valid \"{}\"", form), fmt::format("“{}”的写法无效", form)});
}
std::unexpected<Error> too_deep() {
  return fail(ErrorCode::too_large, {"lists and objects are nested too deeply or hold too much", "列表和对象嵌套过深或内容过多"});
}

/// A list or context that was just made: null where it is too heavy.
Result<Value> made(Value value) {
  if (value.is_null()) return too_deep();
  return value;
}

template <class T>
Result<Value> scalar(std::string_view form, const std::optional<T>& value) {
  if (!value) return bad(form);
  return Value(*value);
}

/// {"low": 1, "high": 5, "ends": "[)"}
Result<Value> range_of(const Value& parts) {
  const Value* ends = parts.find("ends");
  const Value *low = parts.find("low"), *high = parts.find("high");
  if (!ends || !ends->is(Kind::string) || parts.entries().size() != 1U + (low ? 1U : 0U) + (high ? 1U : 0U) || (!low && !high)) return bad("@range");
  const auto text = ends->string();
  if (text == "==" && low && !high) return Value::range({*low, *low, true, true, false, false, true});
  if (text.size() != 2 || (text[0] != '[' && text[0] != '(') || (text[1] != ']' && text[1] != ')')) return bad("@range");
  return Value::range({low ? *low : Value(), high ? *high : Value(), text[0] == '[', text[1] == ']', !low, !high, false});
}

/// An object with a single key that begins with "@".
Result<Value> tagged(const std::string& tag, const Value& body) {
  if (tag == "@context") return body.is(Kind::context) ? Result<Value>(body) : bad(tag);
  if (tag == "@range") return body.is(Kind::context) ? range_of(body) : bad(tag);
  if (!body.is(Kind::string)) return bad(tag);
  const auto text = body.string();
  if (tag == "@number") {
    const auto number = Number::parse(text);
    return number ? Result<Value>(Value(*number)) : bad(tag);
  }
  if (tag == "@date") return scalar(tag, Date::parse(text));
  if (tag == "@time") return scalar(tag, Time::parse(text));
  if (tag == "@date_time") return scalar(tag, DateTime::parse(text));
  if (tag == "@duration") {
    if (const auto months = Months::parse(text)) return Value(*months);
    return scalar(tag, Span::parse(text));
  }
  if (tag == "@function") return fail(ErrorCode::invalid, {"a function cannot be read from JSON", "不能从 JSON 读取函数"});
  return fail(ErrorCode::invalid, {fmt::format("\"{}\" is no known form of a value", tag), fmt::format("“{}”不是已知的值写法", tag)});
}

/// `escaped`: the content of {"@context": …}, where "@" means nothing.
Result<Value> object(std::vector<Entry> entries, bool escaped) {
  if (!escaped && entries.size() == 1 && entries[0].key.starts_with('@')) return tagged(entries[0].key, entries[0].value);
  return made(Value::context(std::move(entries)));
}

// --- writing ----------------------------------------------------------------------------------------------------------------------

/// The double that 15 digits of the number name exactly, if they do.
std::optional<double> exact_double(const Number& number) {
  const double value = number.to_double();
  if (!std::isfinite(value)) return std::nullopt;
  char buffer[32];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  const auto back = Number::parse({buffer, static_cast<std::size_t>(end - buffer)});
  if (error != std::errc{} || !back || *back != number) return std::nullopt;
  int digits = 0;
  auto coefficient = back->coefficient();
  while (coefficient != 0 && coefficient % 10 == 0) coefficient /= 10;
  for (; coefficient != 0; coefficient /= 10) ++digits;
  return digits <= 15 ? std::optional(value) : std::nullopt;
}

boost::json::value tag(std::string_view name, boost::json::value body) { return boost::json::object{{name, std::move(body)}}; }

// --- reading text -----------------------------------------------------------------------------------------------------------------

class TextReader {
 public:
  explicit TextReader(std::string_view text) : text_(text) {}
  Result<Value> run() {
    auto value = read(0, false);
    if (!value) return value;
    blanks();
    if (at_ != text_.size()) return refuse();
    return value;
  }

 private:
  void blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) ++at_;
  }
  bool take(char c) {
    blanks();
    return at_ < text_.size() && text_[at_] == c ? (++at_, true) : false;
  }
  [[nodiscard]] std::unexpected<Error> refuse() const {
    return fail(ErrorCode::invalid, {fmt::format("this is no JSON at octet {}", at_ + 1), fmt::format("第 {} 个字节处不是有效的 JSON", at_ + 1)});
  }

  Result<Value> read(unsigned depth, bool escaped) {
    blanks();
    if (depth > depth_max) return too_deep();
    if (take('{')) return read_object(depth, escaped);
    if (take('[')) return read_list(depth);
    if (at_ < text_.size() && text_[at_] == '"') {
      JX_TRY(text, string());
      return Value(text);
    }
    for (const auto& [word, value] : {std::pair{"null", Value()}, std::pair{"true", Value(true)}, std::pair{"false", Value(false)}}) {
      if (!text_.substr(at_).starts_with(word)) continue;
      at_ += std::string_view(word).size();
      return value;
    }
    const std::size_t start = at_;
    while (at_ < text_.size() && std::string_view("+-.0123456789eE").find(text_[at_]) != std::string_view::npos) ++at_;
    const auto literal = text_.substr(start, at_ - start);
    const auto number = literal.empty() || literal[0] == '+' || literal[0] == '.' ? Result<Number>(refuse()) : Number::parse(literal);
    if (!number) return refuse();
    return Value(*number);
  }

  Result<Value> read_list(unsigned depth) {
    std::vector<Value> items;
    if (take(']')) return Value::list({});
    do {
      auto item = read(depth + 1, false);
      if (!item) return std::unexpected(under("/" + std::to_string(items.size()), std::move(item).error()));
      items.push_back(std::move(*item));
    } while (take(','));
    if (!take(']')) return refuse();
    return made(Value::list(std::move(items)));
  }

  Result<Value> read_object(unsigned depth, bool escaped) {
    std::vector<Entry> entries;
    if (!take('}')) {
      do {
        blanks();
        if (at_ >= text_.size() || text_[at_] != '"') return refuse();
        JX_TRY(key, string());
        if (!take(':')) return refuse();
        auto value = read(depth + 1, !escaped && entries.empty() && key == "@context");
        if (!value) return std::unexpected(under("/" + escape_pointer(key), std::move(value).error()));
        entries.push_back({key, std::move(*value)});
      } while (take(','));
      if (!take('}')) return refuse();
    }
    return object(std::move(entries), escaped);
  }

  Result<std::string> string() {
    std::string out;
    for (++at_; at_ < text_.size() && text_[at_] != '"';) {
      const char c = text_[at_++];
      if (static_cast<unsigned char>(c) < 0x20) return refuse();
      if (c != '\\') {
        out += c;
        continue;
      }
      const char kind = at_ < text_.size() ? text_[at_++] : '\0';
      constexpr std::string_view known = "\"\\/bfnrt", meant = "\"\\/\b\f\n\r\t";
      if (const auto index = known.find(kind); index != std::string_view::npos && kind != '\0') {
        out += meant[index];
        continue;
      }
      JX_TRY(first, hexadecimal(kind));
      char32_t character = first;
      if (character >= 0xd800 && character < 0xdc00 && text_.substr(at_).starts_with("\\u")) {
        ++at_;
        JX_TRY(second, hexadecimal(text_[at_++]));
        if (second < 0xdc00 || second >= 0xe000) return refuse();
        character = 0x10000 + ((character - 0xd800) << 10) + (second - 0xdc00);
      }
      if (character >= 0xd800 && character < 0xe000) return refuse();
      append_utf8(out, character);
    }
    if (at_ >= text_.size()) return refuse();
    ++at_;
    return out;
  }

  Result<char32_t> hexadecimal(char kind) {
    std::uint32_t value = 0;
    if (kind != 'u' || at_ + 4 > text_.size()) return refuse();
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + at_ + 4, value, 16);
    if (error != std::errc{} || end != text_.data() + at_ + 4) return refuse();
    at_ += 4;
    return static_cast<char32_t>(value);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

Result<Value> from(const boost::json::value& json, unsigned depth, bool escaped) {
  if (depth > depth_max) return too_deep();
  switch (json.kind()) {
    case boost::json::kind::null: return Value();
    case boost::json::kind::bool_: return Value(json.get_bool());
    case boost::json::kind::int64: return Value(Number(json.get_int64()));
    case boost::json::kind::uint64: return Value(*Number::from_parts(false, json.get_uint64(), 0));
    case boost::json::kind::double_: {
      // 15 digits say what was written, where the reader of the text was off by the last bit.
      const double value = json.get_double();
      const auto brief = Number::parse(fmt::format("{:.14e}", value));
      if (brief && std::abs(brief->to_double() - value) <= std::abs(value) * 4e-16) return Value(*brief);
      const auto exact = Number::from_double(value);
      return exact ? Result<Value>(Value(*exact)) : bad("number");
    }
    case boost::json::kind::string: return Value(std::string_view(json.get_string()));
    case boost::json::kind::array: {
      std::vector<Value> items;
      items.reserve(json.get_array().size());
      for (const auto& element : json.get_array()) {
        auto item = from(element, depth + 1, false);
        if (!item) return std::unexpected(under("/" + std::to_string(items.size()), std::move(item).error()));
        items.push_back(std::move(*item));
      }
      return made(Value::list(std::move(items)));
    }
    case boost::json::kind::object: {
      std::vector<Entry> entries;
      entries.reserve(json.get_object().size());
      for (const auto& member : json.get_object()) {
        auto value = from(member.value(), depth + 1, !escaped && entries.empty() && member.key() == "@context");
        if (!value) return std::unexpected(under("/" + escape_pointer(member.key()), std::move(value).error()));
        entries.push_back({std::string(member.key()), std::move(*value)});
      }
      return object(std::move(entries), escaped);
    }
  }
  return Value();
}

}  // namespace

Result<Value> from_json(const boost::json::value& json) { return from(json, 0, false); }

Result<Value> parse_json(std::string_view text) {
  if (text.size() > text_bytes_max) return fail(ErrorCode::too_large, {"the JSON is over 64 MiB", "JSON 超过 64 MiB"});
  if (!is_utf8(text)) return fail(ErrorCode::invalid, {"the JSON is not UTF-8", "JSON 不是 UTF-8 编码"});
  return TextReader(text).run();
}

boost::json::value to_json(const Value& value) {
  switch (value.kind()) {
    case Kind::null: return nullptr;
    case Kind::boolean: return value.boolean();
    case Kind::number: {
      const auto number = value.number();
      if (const auto integer = number.to_int(); integer && std::abs(*integer) < (std::int64_t{1} << 53)) return *integer;
      if (const auto real = exact_double(number)) return *real;
      return tag("@number", boost::json::string(number.text()));
    }
    case Kind::string: return boost::json::string(value.string());
    case Kind::date: return tag("@date", boost::json::string(value.date().text()));
    case Kind::time: return tag("@time", boost::json::string(value.time().text()));
    case Kind::date_time: return tag("@date_time", boost::json::string(value.date_time().text()));
    case Kind::days_time_duration: return tag("@duration", boost::json::string(value.span().text()));
    case Kind::years_months_duration: return tag("@duration", boost::json::string(value.months().text()));
    case Kind::list: {
      boost::json::array list;
      list.reserve(value.items().size());
      for (const auto& item : value.items()) list.push_back(to_json(item));
      return list;
    }
    case Kind::context: {
      boost::json::object object;
      for (const auto& entry : value.entries()) object[entry.key] = to_json(entry.value);
      if (object.size() == 1 && object.begin()->key().starts_with("@")) return tag("@context", std::move(object));
      return object;
    }
    case Kind::range: {
      const auto& range = value.range();
      boost::json::object parts;
      if (range.single) return tag("@range", {{"low", to_json(range.low)}, {"ends", "=="}});
      if (!range.low_unbounded) parts["low"] = to_json(range.low);
      if (!range.high_unbounded) parts["high"] = to_json(range.high);
      parts["ends"] = std::string(range.low_closed ? "[" : "(") + (range.high_closed ? "]" : ")");
      return tag("@range", std::move(parts));
    }
    case Kind::function: return tag("@function", boost::json::string(value.text()));
  }
  return nullptr;
}

namespace {

void write_string(std::string& out, std::string_view text) { out += boost::json::serialize(boost::json::string(text)); }

/// As to_json, but with numbers in plain digits.
void write(std::string& out, const Value& value) {
  const auto context = [&](std::span<const Entry> entries) {
    out += '{';
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (i != 0) out += ',';
      write_string(out, entries[i].key);
      out += ':';
      write(out, entries[i].value);
    }
    out += '}';
  };
  switch (value.kind()) {
    case Kind::number: {
      const auto number = value.number();
      const auto text = number.text();
      if (text.size() <= 24 && exact_double(number)) {
        out += text;
      } else {
        out += boost::json::serialize(to_json(value));
      }
      break;
    }
    case Kind::list: {
      out += '[';
      bool first = true;
      for (const auto& item : value.items()) {
        if (!first) out += ',';
        first = false;
        write(out, item);
      }
      out += ']';
      break;
    }
    case Kind::context: {
      const bool escaped = value.entries().size() == 1 && value.entries()[0].key.starts_with('@');
      if (escaped) out += "{\"@context\":";
      context(value.entries());
      if (escaped) out += '}';
      break;
    }
    default: out += boost::json::serialize(to_json(value));
  }
}

}  // namespace

std::string json_text(const Value& value) {
  std::string out;
  write(out, value);
  return out;
}

Value coerce(const Value& value, const Type& type) {
  const auto& data = type.data();
  if (!data) return value;
  if (value.is(Kind::string)) {
    const auto text = value.string();
    const auto read = [&](const auto& parsed) { return parsed ? Value(*parsed) : value; };
    switch (data->kind) {
      case TypeKind::date: return read(Date::parse(text));
      case TypeKind::time: return read(Time::parse(text));
      case TypeKind::date_time: return read(DateTime::parse(text));
      case TypeKind::days_time_duration: return read(Span::parse(text));
      case TypeKind::years_months_duration: return read(Months::parse(text));
      default: return value;
    }
  }
  if (data->kind == TypeKind::list && data->element && value.is(Kind::list)) {
    std::vector<Value> items;
    items.reserve(value.items().size());
    for (const auto& item : value.items()) items.push_back(coerce(item, Type(data->element)));
    return Value::list(std::move(items));
  }
  if (data->kind == TypeKind::context && value.is(Kind::context) && !data->fields.empty()) {
    std::vector<Entry> entries;
    for (const auto& entry : value.entries()) {
      const auto* field = data->find(entry.key);
      entries.push_back({entry.key, field ? coerce(entry.value, Type(field->type)) : entry.value});
    }
    return Value::context(std::move(entries));
  }
  return value;
}

}  // namespace jx::rules
