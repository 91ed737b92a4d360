#include "filler.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <charconv>

namespace jx::simulation {
namespace {

namespace json = boost::json;

constexpr double optional_is_filled = 0.6;

std::string_view member(const json::object& schema, std::string_view name) {
  const auto* found = schema.if_contains(name);
  return found != nullptr && found->is_string() ? std::string_view(found->get_string()) : std::string_view();
}

double number(const json::object& schema, std::string_view name, double otherwise) {
  const auto* found = schema.if_contains(name);
  if (found == nullptr || !found->is_number()) return otherwise;
  return found->to_number<double>();
}

bool requires_field(const json::object& schema, std::string_view name) {
  const auto* required = schema.if_contains("required");
  if (required == nullptr || !required->is_array()) return false;
  return std::ranges::any_of(required->get_array(), [&](const json::value& one) { return one.is_string() && one.get_string() == name; });
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) text.replace(at, what.size(), by);
  return text;
}

}  // namespace

std::string with_dates(std::string text, LocalDate today) {
  constexpr std::string_view date = "{date+";
  for (auto at = text.find(date); at != std::string::npos; at = text.find(date, at)) {
    const auto end = text.find('}', at);
    if (end == std::string::npos) break;
    int days = 0;
    std::from_chars(text.data() + at + date.size(), text.data() + end, days);
    text.replace(at, end + 1 - at, (today + days).text());
  }
  return text;
}

std::string Filler::written(std::string_view pattern) {
  std::string text(pattern);
  if (text.find('{') == std::string::npos) return text;
  text = replaced(std::move(text), "{name}", who.name);
  text = replaced(std::move(text), "{surname}", who.surname);
  text = replaced(std::move(text), "{code}", who.code);
  text = replaced(std::move(text), "{phone}", who.phone);
  text = replaced(std::move(text), "{address}", who.address);
  if (!plan.streets.empty()) text = replaced(std::move(text), "{street}", dice.pick(plan.streets));
  text = replaced(std::move(text), "{number}", std::to_string(dice.between(1, 180)));
  return with_dates(std::move(text), today);
}

json::value Filler::planned(const json::value& values) {
  if (const auto* list = values.if_array(); list != nullptr && !list->empty()) {
    const auto& one = (*list)[dice.index(list->size())];
    return one.is_string() ? json::value(written(one.get_string())) : one;
  }
  if (const auto* range = values.if_object()) {
    return dice.between(static_cast<std::int64_t>(number(*range, "from", 0)), static_cast<std::int64_t>(number(*range, "to", 0)));
  }
  return values.is_string() ? json::value(written(values.get_string())) : values;
}

json::value Filler::text(const json::object& schema) {
  const auto format = member(schema, "format");
  if (format == "date") return json::value((today + static_cast<std::int32_t>(dice.between(7, 40))).text());
  if (format == "cn.citizen-id" || format == "cn.credit-code") return json::value(who.code);
  const auto pattern = member(schema, "pattern");
  if (pattern.find("[0-9]{11}") != std::string_view::npos || pattern.find("\\d{11}") != std::string_view::npos) return json::value(who.phone);
  if (const auto at = pattern.find("[0-9]{"); at != std::string_view::npos) {
    int digits = 0;
    std::from_chars(pattern.data() + at + 6, pattern.data() + pattern.size(), digits);
    std::string made;
    for (int i = 0; i < std::min(digits, 40); ++i) made += static_cast<char>('0' + dice.between(i == 0 ? 1 : 0, 9));
    return json::value(made);
  }
  return json::value("无");
}

json::value Filler::value(const json::value& from, const std::string& pointer) {
  const auto last = pointer.substr(pointer.rfind('/') + 1);
  for (const auto* values : {item, &plan.fields}) {
    if (values == nullptr) continue;
    auto found = values->find(pointer);
    if (found == values->end()) found = values->find(last);
    if (found != values->end()) return planned(found->second);
  }
  if (!from.is_object()) return nullptr;
  const auto& schema = from.get_object();
  if (const auto* always = schema.if_contains("const")) return *always;
  if (const auto* list = schema.if_contains("enum"); list != nullptr && list->is_array() && !list->get_array().empty())
    return list->get_array()[dice.index(list->get_array().size())];
  if (const auto* choices = schema.if_contains("oneOf"); choices != nullptr && choices->is_array() && !choices->get_array().empty()) {
    const auto& one = choices->get_array()[dice.index(choices->get_array().size())];
    if (const auto* object = one.if_object(); object != nullptr && object->contains("const")) return object->at("const");
  }
  const auto type = member(schema, "type");
  if (type == "boolean") return dice.happens(0.5);
  if (type == "integer" || type == "number") {
    const auto low = number(schema, "minimum", 0), high = number(schema, "maximum", low + 100), share = dice.share();
    return static_cast<std::int64_t>(std::min(high, std::max(low, low + (high - low) * share * share * share + 1)));
  }
  if (type == "object") {
    json::object made;
    fill_at(from, made, pointer);
    return made;
  }
  if (type == "array") {
    json::array made;
    const auto least = static_cast<std::int64_t>(number(schema, "minItems", 0));
    if (const auto* items = schema.if_contains("items")) {
      for (std::int64_t i = 0; i < std::max<std::int64_t>(1, least); ++i) made.push_back(value(*items, pointer + "/" + std::to_string(i)));
    }
    return made;
  }
  return text(schema);
}

void Filler::fill_at(const json::value& from, json::object& data, const std::string& at) {
  const auto* schema = from.if_object();
  const auto* properties = schema == nullptr ? nullptr : schema->if_contains("properties");
  if (properties == nullptr || !properties->is_object()) return;
  for (const auto& [name, field] : properties->get_object()) {
    const auto pointer = at + "/" + std::string(name);
    auto* present = data.if_contains(name);
    if (present != nullptr && present->is_object()) {
      fill_at(field, present->get_object(), pointer);
    } else if (present == nullptr && (requires_field(*schema, name) || dice.happens(optional_is_filled))) {
      data[name] = value(field, pointer);
    }
  }
}

bool Filler::again(const json::value& from, json::object& data, std::string_view pointer) {
  const json::value* schema = &from;
  json::object* place = &data;
  std::string at;
  while (pointer.starts_with('/')) {
    pointer.remove_prefix(1);
    const auto end = std::min(pointer.find('/'), pointer.size());
    const auto name = pointer.substr(0, end);
    pointer.remove_prefix(end);
    const auto* object = schema->if_object();
    const auto* properties = object == nullptr ? nullptr : object->if_contains("properties");
    const auto* field = properties == nullptr || !properties->is_object() ? nullptr : properties->get_object().if_contains(name);
    if (field == nullptr) return false;
    at += "/" + std::string(name);
    const auto* type = field->is_object() ? field->get_object().if_contains("properties") : nullptr;
    if (pointer.empty() || type == nullptr) {
      (*place)[name] = value(*field, at);
      return true;
    }
    auto& next = (*place)[name];
    if (!next.is_object()) next.emplace_object();
    place = &next.get_object();
    schema = field;
  }
  return false;
}

}  // namespace jx::simulation
