#include "form_shape.hpp"

#include "form_schema.hpp"
#include "form_values.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace jx::cases {
namespace {

namespace json = boost::json;
using Kind = FormShape::Kind;

const json::object* follow(const json::value& root, const json::value& schema) {
  const json::value* at = &schema;
  for (unsigned steps = 0; steps < schema_depth_max; ++steps) {
    if (!at->is_object()) return nullptr;
    const auto* reference = at->get_object().if_contains("$ref");
    if (reference == nullptr) return &at->get_object();
    if (!reference->is_string() || !reference->get_string().starts_with('#')) return nullptr;
    boost::system::error_code error;
    at = root.find_pointer(std::string_view(reference->get_string()).substr(1), error);
    if (at == nullptr) return nullptr;
  }
  return nullptr;
}

/// The one type that is not null; empty where there are several.
std::string_view type_name(const json::object& schema) {
  const auto* type = schema.if_contains("type");
  if (type == nullptr) return schema.contains("properties") ? "object" : "";
  if (type->is_string()) return type->get_string();
  std::string_view found;
  for (const auto& name : type->is_array() ? type->get_array() : json::array()) {
    if (!name.is_string() || name.get_string() == "null") continue;
    if (!found.empty()) return "";
    found = name.get_string();
  }
  return found;
}

Kind kind_of_text(const json::object& schema) {
  const auto* format = schema.if_contains("format");
  if (format == nullptr || !format->is_string()) return Kind::text;
  if (format->get_string() == "date") return Kind::date;
  if (format->get_string() == "date-time") return Kind::date_time;
  if (format->get_string() == "time" || format->get_string() == "local-time") return Kind::time;
  return Kind::text;
}

FormShape shape(const json::value& root, const json::value& schema, unsigned depth) {
  FormShape made;
  made.schema = follow(root, schema);
  if (made.schema == nullptr || depth > schema_depth_max) return made;
  const auto name = type_name(*made.schema);
  if (name == "string") made.kind = kind_of_text(*made.schema);
  if (name == "number" || name == "integer") made.kind = Kind::number;
  if (name == "boolean") made.kind = Kind::boolean;
  if (name == "array") {
    made.kind = Kind::list;
    const auto* items = made.schema->if_contains("items");
    made.item.push_back(items != nullptr && items->is_object() ? shape(root, *items, depth + 1) : FormShape());
  }
  const auto* properties = made.schema->if_contains("properties");
  if (name != "object" || properties == nullptr || !properties->is_object()) return made;
  made.kind = Kind::object;
  const auto* required = made.schema->if_contains("required");
  for (const auto& property : properties->get_object()) {
    made.fields.push_back({std::string(property.key()), shape(root, property.value(), depth + 1)});
    made.fields.back().shape.required =
        required != nullptr && required->is_array() && std::ranges::any_of(required->get_array(), [&](const auto& x) { return x == property.key(); });
  }
  return made;
}

/// JSON as FEEL, whatever it is.
rules::Value plain(const json::value& v) {
  switch (v.kind()) {
    case json::kind::bool_: return v.get_bool();
    case json::kind::string: return std::string_view(v.get_string());
    case json::kind::array: {
      std::vector<rules::Value> items;
      for (const auto& x : v.get_array()) items.push_back(plain(x));
      return rules::Value::list(std::move(items));
    }
    case json::kind::object: {
      std::vector<rules::Entry> entries;
      for (const auto& member : v.get_object()) entries.push_back({std::string(member.key()), plain(member.value())});
      return rules::Value::context(std::move(entries));
    }
    default: return number_of(v);
  }
}

}  // namespace

const FormShape* FormShape::find(std::string_view field) const {
  const auto found = std::ranges::find(fields, field, &FormField::name);
  return found == fields.end() ? nullptr : &found->shape;
}

const FormShape* FormShape::at(std::string_view pointer) const {
  const FormShape* here = this;
  for (const auto& key : keys_of(pointer)) {
    here = here->find(key);
    if (here == nullptr) return nullptr;
  }
  return here;
}

rules::Type FormShape::type() const {
  const auto named = [](std::string_view text) { return rules::Type::parse(text).value_or(rules::Type()); };
  switch (kind) {
    case Kind::any: return {};
    case Kind::text: return named("string");
    case Kind::number: return named("number");
    case Kind::boolean: return named("boolean");
    case Kind::date: return named("date");
    case Kind::time: return named("time");
    case Kind::date_time: return named("date and time");
    case Kind::list: return rules::Type::list(item.front().type());
    case Kind::object: {
      std::vector<std::pair<std::string, rules::Type>> types;
      for (const auto& [name, field] : fields) types.emplace_back(name, field.type());
      return rules::Type::context(types);
    }
  }
  return {};
}

FormShape shape_of(const json::value& schema) { return shape(schema, schema, 0); }

rules::Value to_feel(const json::value* json, const FormShape& shape) {
  if (shape.kind == Kind::object) {
    const auto* object = json == nullptr ? nullptr : json->if_object();
    std::vector<rules::Entry> entries;
    entries.reserve(shape.fields.size());
    for (const auto& [name, field] : shape.fields) entries.push_back({name, to_feel(object == nullptr ? nullptr : object->if_contains(name), field)});
    return rules::Value::context(std::move(entries));
  }
  if (json == nullptr || json->is_null()) return {};
  switch (shape.kind) {
    case Kind::any: return plain(*json);
    case Kind::number: return number_of(*json);
    case Kind::boolean: return json->is_bool() ? rules::Value(json->get_bool()) : rules::Value();
    case Kind::list: {
      if (!json->is_array()) return {};
      std::vector<rules::Value> items;
      for (const auto& x : json->get_array()) items.push_back(to_feel(&x, shape.item.front()));
      return rules::Value::list(std::move(items));
    }
    default: break;
  }
  if (!json->is_string()) return {};
  const std::string_view text = json->get_string();
  if (shape.kind == Kind::date) return rules::Date::parse(text);
  if (shape.kind == Kind::date_time) return rules::DateTime::parse(text);
  if (shape.kind == Kind::time) return rules::Time::parse(text.size() == 5 ? std::string(text) + ":00" : std::string(text));
  return text;
}

json::value from_feel(const rules::Value& value) {
  switch (value.kind()) {
    case rules::Kind::boolean: return value.boolean();
    case rules::Kind::number: {
      if (const auto whole = value.number().to_int()) return *whole;
      return value.number().to_double();
    }
    case rules::Kind::string: return json::value(value.string());
    case rules::Kind::date: return json::value(value.date().text());
    case rules::Kind::time: return json::value(value.time().text());
    case rules::Kind::date_time: return json::value(value.date_time().text());
    case rules::Kind::days_time_duration: return json::value(value.span().text());
    case rules::Kind::years_months_duration: return json::value(value.months().text());
    case rules::Kind::list: {
      json::array items;
      for (const auto& x : value.items()) items.push_back(from_feel(x));
      return items;
    }
    case rules::Kind::context: {
      json::object object;
      for (const auto& entry : value.entries()) object[entry.key] = from_feel(entry.value);
      return object;
    }
    default: return nullptr;
  }
}

std::vector<std::string> keys_of(std::string_view pointer) {
  std::vector<std::string> keys;
  while (pointer.starts_with('/')) {
    pointer.remove_prefix(1);
    const auto end = std::min(pointer.find('/'), pointer.size());
    std::string key;
    for (std::size_t i = 0; i < end; ++i) {
      const bool escaped = pointer[i] == '~' && i + 1 < end && (pointer[i + 1] == '0' || pointer[i + 1] == '1');
      key += escaped ? (pointer[++i] == '0' ? '~' : '/') : pointer[i];
    }
    keys.push_back(std::move(key));
    pointer.remove_prefix(end);
  }
  return keys;
}

const json::value* value_at(const json::object& data, std::string_view pointer) {
  const json::object* here = &data;
  const json::value* found = nullptr;
  for (const auto& key : keys_of(pointer)) {
    if (here == nullptr) return nullptr;
    found = here->if_contains(key);
    if (found == nullptr) return nullptr;
    here = found->if_object();
  }
  return found;
}

void put_value(json::object& data, std::string_view pointer, json::value value) {
  const auto keys = keys_of(pointer);
  if (keys.empty()) return;
  json::object* here = &data;
  for (std::size_t i = 0; i + 1 < keys.size(); ++i) {
    auto& next = here->emplace(keys[i], json::object()).first->value();
    if (!next.is_object()) return;
    here = &next.get_object();
  }
  (*here)[keys.back()] = std::move(value);
}

namespace {

bool take_out_of(json::object& data, const std::vector<std::string>& keys, std::size_t from) {
  const auto found = data.find(keys[from]);
  if (found == data.end()) return false;
  if (from + 1 < keys.size()) {
    if (!found->value().is_object() || !take_out_of(found->value().get_object(), keys, from + 1)) return false;
    if (!found->value().get_object().empty()) return true;
  }
  data.stable_erase(found);
  return true;
}

}  // namespace

bool take_out(json::object& data, std::string_view pointer) {
  const auto keys = keys_of(pointer);
  return !keys.empty() && take_out_of(data, keys, 0);
}

json::array choices_of(const FormShape& shape) {
  json::array choices;
  if (shape.schema == nullptr) return choices;
  if (const auto* listed = shape.schema->if_contains("enum"); listed != nullptr && listed->is_array()) return listed->get_array();
  const auto* one = shape.schema->if_contains("oneOf");
  for (const auto& option : one != nullptr && one->is_array() ? one->get_array() : json::array()) {
    const auto* constant = option.is_object() ? option.get_object().if_contains("const") : nullptr;
    if (constant != nullptr) choices.push_back(*constant);
  }
  return choices;
}

}  // namespace jx::cases
