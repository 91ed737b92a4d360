#include <jx/core/words.hpp>

namespace jx {

std::string_view LocalizedText::in(std::string_view language) const {
  const auto primary = [](std::string_view tag) { return tag.substr(0, tag.find('-')); };
  if (const auto exact = by_language_.find(std::string(language)); exact != by_language_.end()) return exact->second;
  for (const std::string_view wanted : {primary(language), std::string_view("en"), std::string_view("zh")}) {
    for (const auto& [tag, text] : by_language_) {
      if (primary(tag) == wanted) return text;
    }
  }
  return by_language_.empty() ? std::string_view() : std::string_view(by_language_.begin()->second);
}

}  // namespace jx
