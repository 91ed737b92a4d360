#include "pointers.hpp"

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

}  // namespace

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
