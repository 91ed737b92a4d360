// xml.hpp - reading DMN's XML without regard to prefixes, for the files of the loader.
#pragma once
#include <pugixml.hpp>

#include <string>
#include <string_view>

namespace jx::rules::xml {

[[nodiscard]] inline std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}
[[nodiscard]] inline pugi::xml_node child(const pugi::xml_node& node, std::string_view name) {
  for (const auto& c : node.children())
    if (local_name(c) == name) return c;
  return {};
}
[[nodiscard]] inline std::string_view attribute(const pugi::xml_node& node, const char* name) { return node.attribute(name).value(); }
/// The text of a node, pieces and CDATA joined.
[[nodiscard]] inline std::string text(const pugi::xml_node& node) {
  std::string out;
  for (const auto& c : node.children())
    if (c.type() == pugi::node_pcdata || c.type() == pugi::node_cdata) out += c.value();
  return out;
}
[[nodiscard]] inline std::string child_text(const pugi::xml_node& node, std::string_view name) { return text(child(node, name)); }
/// Calls `visit` for each child of this name.
template <class Visit>
void each(const pugi::xml_node& node, std::string_view name, Visit visit) {
  for (const auto& c : node.children())
    if (local_name(c) == name) visit(c);
}

/// Attributes beyond DMN's own, in this namespace: valid_from, valid_to, version_of, law, article, clause.
inline constexpr std::string_view extension_namespace = "urn:junxian:dmn:1";
/// The value of such an attribute, whatever its prefix; "" if there is none.
[[nodiscard]] std::string_view extension(const pugi::xml_node& node, std::string_view name);

}  // namespace jx::rules::xml
