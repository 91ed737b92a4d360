#include "pointers.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

namespace jx::services {
namespace {

/// The keys of a pointer, unescaped (RFC 6901 section 4).
std::vector<std::string> keys_of(std::string_view pointer) {
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    if (pointer[i] == '/') {
      keys.emplace_back();
    } else if (keys.empty()) {
      return {};
    } else if (pointer[i] == '~' && i + 1 < pointer.size()) {
      keys.back().push_back(pointer[++i] == '1' ? '/' : '~');
    } else {
      keys.back().push_back(pointer[i]);
    }
  }
  return keys;
}

constexpr int schemas_max = 1'000;  // looked at for one field: references may lead back

class Search {
 public:
  explicit Search(const boost::json::value& root) : root_(root) {}

  bool find(const boost::json::value& schema, std::span<const std::string> keys) {
    if (keys.empty()) return true;
    const auto* object = schema.if_object();
    if (object == nullptr || ++seen_ > schemas_max) return false;
    if (const auto* properties = object->if_contains("properties"); properties != nullptr && properties->is_object()) {
      const auto* next = properties->get_object().if_contains(keys.front());
      if (next != nullptr && find(*next, keys.subspan(1))) return true;
    }
    if (const auto* ref = object->if_contains("$ref"); ref != nullptr && ref->is_string()) {
      const std::string_view target = ref->get_string();
      boost::system::error_code none;
      const auto* there = target.starts_with('#') ? root_.find_pointer(target.substr(1), none) : nullptr;
      if (there != nullptr && find(*there, keys)) return true;
    }
    for (const auto* branch : {"then", "else"}) {
      const auto* part = object->if_contains(branch);
      if (part != nullptr && find(*part, keys)) return true;
    }
    return std::ranges::any_of(std::array{"allOf", "anyOf", "oneOf"}, [&](const char* branches) {
      const auto* parts = object->if_contains(branches);
      return parts != nullptr && parts->is_array() && std::ranges::any_of(parts->get_array(), [&](const auto& part) { return find(part, keys); });
    });
  }

 private:
  const boost::json::value& root_;
  int seen_ = 0;
};

}  // namespace

bool has_field(const boost::json::value& schema, std::string_view pointer) {
  const auto keys = keys_of(pointer);
  return !keys.empty() && Search(schema).find(schema, keys);
}

const boost::json::value* at_pointer(const boost::json::object& form, std::string_view pointer) {
  const auto keys = keys_of(pointer);
  const boost::json::object* object = &form;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto* value = object->if_contains(keys[i]);
    if (value == nullptr || i + 1 == keys.size()) return value;
    object = value->if_object();
    if (object == nullptr) return nullptr;
  }
  return nullptr;
}

Result<> set_pointer(boost::json::object& form, std::string_view pointer, boost::json::value value) {
  const auto keys = keys_of(pointer);
  boost::json::object* object = &form;
  for (std::size_t i = 0; i + 1 < keys.size(); ++i) {
    auto& next = (*object)[keys[i]];
    if (next.is_null()) next.emplace_object();
    object = next.if_object();
    if (object == nullptr) return fail(ErrorCode::invalid, {"the form has no place for this field", "表单中没有该字段的位置"}, std::string(pointer));
  }
  if (keys.empty()) return fail(ErrorCode::invalid, {"this is not a pointer to a field", "字段指针无效"}, std::string(pointer));
  (*object)[keys.back()] = std::move(value);
  return {};
}

}  // namespace jx::services
