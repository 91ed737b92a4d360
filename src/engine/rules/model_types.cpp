#include "model_types.hpp"

#include "names.hpp"
#include "parser.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace jx::rules {
namespace {

constexpr unsigned components_deep_max = 40, definitions_deep_max = 100;

/// Allowed values, as unary tests over the value.
class AllowedValues final : public Constraint {
 public:
  AllowedValues(const Site* site, TestPtr test, std::size_t frame_size, std::shared_ptr<const Constraint> also)
      : site_(site), test_(std::move(test)), frame_size_(frame_size), also_(std::move(also)) {}

  bool allows(Run& run, const Value& value) const override {
    if (also_ && !also_->allows(run, value)) return false;
    Frame locals(run.stack, frame_size_);
    Value* const outer_frame = std::exchange(run.frame, locals.data());
    const Site* const outer_site = std::exchange(run.site, site_);
    const bool holds = test_->holds(run, value) == Truth::yes;
    run.frame = outer_frame;
    run.site = outer_site;
    return holds;
  }
  const std::string& text() const override { return site_->text; }

 private:
  const Site* site_;
  TestPtr test_;
  std::size_t frame_size_;
  std::shared_ptr<const Constraint> also_;  // of the type that this one is derived from; shared with it
};

}  // namespace

ItemTypes::ItemTypes(detail::ModelData& data, const pugi::xml_node& definitions) : data_(data) {
  xml::each(definitions, "itemDefinition", [&](const pugi::xml_node& item) { items_.emplace(normal_name(xml::attribute(item, "name")), item); });
}

std::optional<TypePtr> ItemTypes::find(std::string_view name) {
  if (const auto known = known_.find(name); known != known_.end()) return known->second;
  if (const auto item = items_.find(name); item != items_.end()) {
    if (std::ranges::find(reading_, name) != reading_.end()) return TypePtr();  // recursive: Any within itself
    if (reading_.size() > definitions_deep_max) return TypePtr();
    reading_.emplace_back(name);
    auto type = read(item->second, 0);
    reading_.pop_back();
    known_.emplace(name, type);
    return type;
  }
  for (const auto& [import, types] : imports_) {
    if (import.empty()) {
      if (auto found = types->find(name)) return found;
    } else if (name.size() > import.size() && name.starts_with(import) && (name[import.size()] == '.' || name[import.size()] == ':')) {
      return types->find(name.substr(import.size() + 1));
    }
  }
  return std::nullopt;
}

TypePtr ItemTypes::reference(std::string_view name, const std::string& where) {
  if (name.starts_with("feel:")) name.remove_prefix(5);
  const auto wanted = normal_name(name);
  if (wanted.empty()) return nullptr;
  if (auto found = find(wanted)) return *found;
  if (auto found = builtin_type(wanted)) return *found;
  Environment environment;
  environment.types = [this](std::string_view n) { return find(n); };
  if (auto parsed = parse_type(wanted, environment)) return *parsed;
  if (const auto colon = wanted.find(':'); colon != std::string::npos)  // DMN 1.1 wrote qualified names
    if (auto local = find(normal_name(wanted.substr(colon + 1)))) return *local;
  data_.problems.push_back({DiagnosticCode::model, {fmt::format("there is no type '{}'", wanted), fmt::format("没有类型“{}”", wanted)}, where, {}});
  return nullptr;
}

std::shared_ptr<const Constraint> ItemTypes::constraint(const pugi::xml_node& item, std::string_view tag, const TypePtr& type,
                                                        const std::string& where) {
  const auto node = xml::child(item, tag);
  auto inherited = type ? type->allowed : nullptr;
  const auto text = normal_name(xml::child_text(node, "text"));
  if (text.empty()) return inherited;
  data_.sites.push_back({where, text});
  const Site& site = data_.sites.back();
  Environment environment;
  environment.types = [this](std::string_view n) { return find(n); };
  Names names(environment);
  const std::size_t slot = names.declare("?", type);
  const auto parsed = parse_unary_tests(text, names, slot, type);
  if (!parsed) {
    data_.problems.push_back({DiagnosticCode::syntax, parsed.error().message, where, position_of(text, parsed.error().at)});
    return inherited;
  }
  auto test = compile_test(**parsed, site, slot);
  return std::make_shared<const AllowedValues>(&site, std::move(test), names.frame_size(), std::move(inherited));
}

TypePtr ItemTypes::read(const pugi::xml_node& item, unsigned depth) {
  const auto name = normal_name(xml::attribute(item, "name"));
  const std::string where = "type " + name;
  if (depth > components_deep_max) return nullptr;
  Type::Data data;
  data.kind = TypeKind::any;
  if (const auto function = xml::child(item, "functionItem")) {
    data.kind = TypeKind::function;
    data.open = false;
    data.element = reference(xml::attribute(function, "outputTypeRef"), where);
    xml::each(function, "parameters", [&](const pugi::xml_node& p) { data.parameters.push_back(reference(xml::attribute(p, "typeRef"), where)); });
  } else if (xml::child(item, "itemComponent")) {
    data.kind = TypeKind::context;
    data.open = false;
    xml::each(item, "itemComponent", [&](const pugi::xml_node& component) {
      data.fields.push_back({normal_name(xml::attribute(component, "name")), read(component, depth + 1)});
    });
  } else if (const auto base = reference(xml::child_text(item, "typeRef"), where)) {
    data = *base;
  }
  const bool collection = xml::attribute(item, "isCollection") == "true";
  if (!collection) data.name = name;
  TypePtr type = std::make_shared<const Type::Data>(data);
  data.allowed = constraint(item, "allowedValues", type, where);
  type = std::make_shared<const Type::Data>(data);
  if (collection) {
    Type::Data list;
    list.kind = TypeKind::list;
    list.name = name;
    list.element = type->kind == TypeKind::any && !type->allowed ? nullptr : type;
    type = std::make_shared<const Type::Data>(list);
    list.allowed = constraint(item, "typeConstraint", type, where);
    return std::make_shared<const Type::Data>(std::move(list));
  }
  data.allowed = constraint(item, "typeConstraint", type, where);
  if (data.kind == TypeKind::any && !data.allowed) return nullptr;
  return std::make_shared<const Type::Data>(std::move(data));
}

}  // namespace jx::rules
