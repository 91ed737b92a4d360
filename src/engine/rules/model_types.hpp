// model_types.hpp - item definitions of a model as types.
#pragma once
#include "model.hpp"
#include "xml.hpp"

#include <map>

namespace jx::rules {

/// The item definitions of one file; types of imported files are found through it.
class ItemTypes {
 public:
  ItemTypes(detail::ModelData& data, const pugi::xml_node& definitions);
  void import(std::string name, ItemTypes* types) { imports_.emplace_back(std::move(name), types); }
  /// The type of this name: an item definition, or `import.name`; nothing if there is none. Definitions are read when first asked for.
  [[nodiscard]] std::optional<TypePtr> find(std::string_view name);

 private:
  TypePtr read(const pugi::xml_node& item, unsigned depth);
  TypePtr reference(std::string_view name, const std::string& where);
  std::shared_ptr<const Constraint> constraint(const pugi::xml_node& item, std::string_view tag, const TypePtr& type, const std::string& where);

  detail::ModelData& data_;
  std::map<std::string, pugi::xml_node, std::less<>> items_;
  std::vector<std::pair<std::string, ItemTypes*>> imports_;
  std::map<std::string, TypePtr, std::less<>> known_;
  std::vector<std::string> reading_;  // a definition that names itself is Any within
};

}  // namespace jx::rules
