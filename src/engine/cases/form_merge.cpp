#include "form_merge.hpp"

#include "form_shape.hpp"
#include "form_values.hpp"

#include <jx/wire.hpp>

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace jx::cases {
namespace {

namespace json = boost::json;
using wire::pointer_step;

constexpr std::array<std::string_view, 8> annotations{"x-help", "description", "examples", "default", "$comment", "title", "readOnly", "writeOnly"};

/// A field of one form.
struct Leaf {
  std::size_t input = 0;
  std::string pointer;    // into the data
  std::string schema_at;  // into the schema
  std::string datum;
  json::object schema;
  bool required = false;  // and all that it stands in
};

json::value rewritten(const json::value& v, const std::string& form) {
  if (v.is_array()) {
    json::array out;
    for (const auto& x : v.get_array()) out.push_back(rewritten(x, form));
    return out;
  }
  if (!v.is_object()) return v;
  json::object out;
  for (const auto& member : v.get_object()) {
    const bool is_local = member.key() == "$ref" && member.value().is_string() && member.value().get_string().starts_with("#/definitions/");
    if (is_local)
      out[member.key()] = "#/definitions" + pointer_step(form) + std::string(std::string_view(member.value().get_string()).substr(1));
    else
      out[member.key()] = rewritten(member.value(), form);
  }
  return out;
}

json::object without_annotations(const json::object& schema) {
  json::object out = schema;
  for (const auto key : annotations) out.erase(key);
  return out;
}

void collect(const FormShape& shape, Leaf at, const MergeInput& input, std::vector<Leaf>& out) {
  for (const auto& [name, field] : shape.fields) {
    Leaf leaf = at;
    leaf.pointer += pointer_step(name);
    leaf.schema_at += "/properties" + pointer_step(name);
    leaf.required = at.required && field.required;
    const auto* datum = field.schema == nullptr ? nullptr : field.schema->if_contains("x-datum");
    if (datum != nullptr && datum->is_string())
      leaf.datum = datum->get_string();
    else if (!at.datum.empty())
      leaf.datum += pointer_step(name);
    if (field.kind == FormShape::Kind::object) {
      collect(field, leaf, input, out);
      continue;
    }
    if (field.schema != nullptr) leaf.schema = rewritten(json::value(*field.schema), input.form).as_object();
    out.push_back(std::move(leaf));
  }
}

// --- the limits of both --------------------------------------------------------------------------------------------------

std::set<std::string, std::less<>> types_of(const json::object& schema) {
  std::set<std::string, std::less<>> types;
  const auto* type = schema.if_contains("type");
  if (type == nullptr) return types;
  if (type->is_string()) types.emplace(type->get_string());
  for (const auto& x : type->is_array() ? type->get_array() : json::array()) types.emplace(x.get_string());
  return types;
}

Result<> meet_types(json::object& into, const json::object& other) {
  const auto a = types_of(into), b = types_of(other);
  if (b.empty()) return {};
  if (a.empty()) return into["type"] = other.at("type"), Result<>{};
  json::array both;
  for (const std::string& x : a) {
    if (b.contains(x) || (x == "integer" && b.contains("number")))
      both.emplace_back(x);
    else if (x == "number" && b.contains("integer"))
      both.emplace_back("integer");
  }
  if (both.empty()) return fail(ErrorCode::conflict, {"the types have nothing in common", "类型互不相容"});
  into["type"] = both.size() == 1 ? both[0] : json::value(both);
  return {};
}

bool is_limit(std::string_view key, bool& lower) {
  constexpr std::array<std::string_view, 5> low{"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"};
  constexpr std::array<std::string_view, 5> high{"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"};
  lower = std::ranges::find(low, key) != low.end();
  return lower || std::ranges::find(high, key) != high.end();
}

bool is_choice(const json::value& one_of) {
  return one_of.is_array() &&
         std::ranges::all_of(one_of.get_array(), [](const auto& x) { return x.is_object() && x.get_object().contains("const"); });
}

/// Those of `a` that `b` has, too.
json::array common(const json::array& a, const json::array& b, bool constants) {
  const auto of = [&](const json::value& x) -> const json::value& { return constants ? x.get_object().at("const") : x; };
  json::array both;
  for (const auto& x : a) {
    if (std::ranges::any_of(b, [&](const auto& y) { return same(of(x), of(y)); })) both.push_back(x);
  }
  return both;
}

/// A schema that both must fit: `value` under `key` is added to `into`.
Result<> meet(json::object& into, std::string_view key, const json::value& value) {
  const auto* mine = into.if_contains(key);
  bool lower = false;
  if (mine == nullptr) {
    into[key] = value;
  } else if (same(*mine, value)) {
  } else if (is_limit(key, lower)) {
    const auto a = number_of(*mine), b = number_of(value);
    if (a && b && (lower ? *a < *b : *b < *a)) into[key] = value;
  } else if (key == "enum" || (key == "oneOf" && is_choice(*mine) && is_choice(value))) {
    auto both = common(mine->as_array(), value.as_array(), key == "oneOf");
    if (both.empty()) return fail(ErrorCode::conflict, {"no choice is offered by both", "没有共同的选项"});
    into[key] = std::move(both);
  } else if (key == "const" || key == "format" || key == "contentEncoding" || key == "contentMediaType") {
    return fail(ErrorCode::conflict, {"`" + std::string(key) + "` differs", "“" + std::string(key) + "”不同"});
  } else if (key == "items" || key == "additionalItems" || key == "properties" || key == "additionalProperties" || key == "patternProperties") {
    return fail(ErrorCode::conflict, {"the entries are described differently", "条目的定义不同"});
  } else if (!key.starts_with("x-")) {
    auto& all = into.emplace("allOf", json::array()).first->value();
    all.as_array().push_back(json::object{{key, value}});
  }
  return {};
}

Result<> check_limits(const json::object& schema) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> pairs{
      {{"minimum", "maximum"}, {"minLength", "maxLength"}, {"minItems", "maxItems"}, {"minProperties", "maxProperties"}}};
  for (const auto& [low, high] : pairs) {
    const auto* a = schema.if_contains(low);
    const auto* b = schema.if_contains(high);
    if (a != nullptr && b != nullptr && number_of(*b) < number_of(*a))
      return fail(ErrorCode::conflict, {std::string(low) + " is over " + std::string(high), std::string(low) + " 大于 " + std::string(high)});
  }
  return {};
}

Result<> meet(json::object& into, const json::object& other) {
  JX_CHECK(meet_types(into, other));
  for (const auto& member : other) {
    const std::string_view key = member.key();
    if (key == "type" || std::ranges::find(annotations, key) != annotations.end()) continue;
    JX_CHECK(meet(into, key, member.value()));
  }
  return check_limits(into);
}

// --- the merged form -----------------------------------------------------------------------------------------------------

class Merger {
 public:
  explicit Merger(std::span<const MergeInput> inputs) : inputs_(inputs) {}

  Merge run() {
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      shapes_.push_back(shape_of(*inputs_[i].schema));
      Leaf root;
      root.input = i;
      root.required = true;
      collect(shapes_[i], root, inputs_[i], leaves_);
    }
    out_.fields.resize(inputs_.size());
    for (auto& leaf : leaves_) place(leaf);
    schema();
    layout();
    return std::move(out_);
  }

 private:
  /// The leaf that asks for the same datum, if there is one.
  Leaf* first_of(const Leaf& leaf) {
    for (auto* other : asked_) {
      if (other->input == leaf.input || taken_.contains({leaf.input, other})) continue;  // one form may ask for two things of one kind
      const bool named = !leaf.datum.empty() || !other->datum.empty();
      if (named ? leaf.datum == other->datum : leaf.pointer == other->pointer && definition_of(*other) == definition_of(leaf)) return other;
    }
    return nullptr;
  }
  std::uint64_t definition_of(const Leaf& leaf) {
    const auto known = definitions_.find({leaf.input, leaf.pointer});
    if (known != definitions_.end()) return known->second;
    return definitions_[{leaf.input, leaf.pointer}] = hash_of_value(json::value(without_annotations(leaf.schema)));
  }

  void place(Leaf& leaf) {
    auto* first = first_of(leaf);
    if (first == nullptr) {
      definition_of(leaf);  // before others narrow it
      asked_.push_back(&leaf);
      out_.fields[leaf.input].emplace_back(leaf.pointer, pointer_step(inputs_[leaf.input].form) + leaf.pointer);
      return;
    }
    out_.fields[leaf.input].emplace_back(leaf.pointer, pointer_step(inputs_[first->input].form) + first->pointer);
    taken_.emplace(leaf.input, first);
    first->required = first->required || leaf.required;
    if (const auto met = meet(first->schema, leaf.schema); !met)
      out_.conflicts.push_back({first->input, leaf.input, first->schema_at, leaf.schema_at, met.error().message});
  }

  void schema() {
    json::object properties, definitions;
    json::array required;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      bool needed = false;
      auto part = object_of(i, shapes_[i], "", needed);
      if (part.at("properties").as_object().empty()) continue;
      properties[inputs_[i].form] = std::move(part);
      if (needed) required.emplace_back(inputs_[i].form);
      const auto* own = inputs_[i].schema->as_object().if_contains("definitions");
      if (own != nullptr) definitions[inputs_[i].form] = json::object{{"definitions", rewritten(*own, inputs_[i].form)}};
    }
    out_.schema = {{"$schema", "http://json-schema.org/draft-07/schema#"}, {"type", "object"}, {"additionalProperties", false}};
    out_.schema["required"] = std::move(required);
    out_.schema["properties"] = std::move(properties);
    if (!definitions.empty()) out_.schema["definitions"] = std::move(definitions);
  }
  json::object object_of(std::size_t input, const FormShape& shape, const std::string& at, bool& needed) {
    json::object properties;
    json::array required;
    for (const auto& [name, field] : shape.fields) {
      const std::string pointer = at + pointer_step(name);
      bool this_needed = false;
      if (field.kind == FormShape::Kind::object) {
        auto below = object_of(input, field, pointer, this_needed);
        if (below.at("properties").as_object().empty()) continue;
        properties[name] = std::move(below);
      } else {
        const auto mine = std::ranges::find_if(asked_, [&](const Leaf* leaf) { return leaf->input == input && leaf->pointer == pointer; });
        if (mine == asked_.end()) continue;
        properties[name] = (*mine)->schema;
        this_needed = (*mine)->required;
      }
      if (this_needed) required.emplace_back(name);
      needed = needed || this_needed;
    }
    json::object out{{"type", "object"}, {"additionalProperties", false}};
    const auto* title = shape.schema == nullptr ? nullptr : shape.schema->if_contains("x-title");
    if (title != nullptr) out["x-title"] = *title;
    out["required"] = std::move(required);
    out["properties"] = std::move(properties);
    return out;
  }

  void layout() {
    json::array groups, forms;
    json::object computed;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      const auto* layout = inputs_[i].layout->if_object();
      const auto* own = layout == nullptr ? nullptr : layout->if_contains("groups");
      for (const auto& group : own != nullptr && own->is_array() ? own->get_array() : json::array()) group_of(i, group, groups);
      const auto* values = layout == nullptr ? nullptr : layout->if_contains("computed");
      for (const auto& one : values != nullptr && values->is_object() ? values->get_object() : json::object())
        computed[merged_pointer(inputs_[i].form, out_.fields[i], one.key())] = one.value();
      json::object fields;
      for (const auto& [from, to] : out_.fields[i]) fields[from] = to;
      forms.push_back(json::object{{"form", inputs_[i].form}, {"fields", std::move(fields)}});
    }
    out_.layout = {{"groups", std::move(groups)}, {"merge", std::move(forms)}};
    if (!computed.empty()) out_.layout["computed"] = std::move(computed);
  }
  void group_of(std::size_t input, const json::value& value, json::array& groups) {
    const auto* object = value.if_object();
    const auto* own = object == nullptr ? nullptr : object->if_contains("fields");
    if (own == nullptr || !own->is_array()) return;
    json::array fields;
    for (const auto& field : own->get_array()) {
      const auto* pointer = field.is_object() ? field.get_object().if_contains("pointer") : nullptr;
      if (pointer == nullptr || !pointer->is_string()) continue;
      const std::string_view at = pointer->get_string();
      if (std::ranges::none_of(asked_, [&](const Leaf* leaf) { return leaf->input == input && leaf->pointer == at; })) continue;
      json::object copy = field.get_object();
      copy["pointer"] = pointer_step(inputs_[input].form) + std::string(at);
      for (const char* rule : {"visible", "required", "readonly", "options"}) copy.erase(rule);  // each form keeps its own, and is asked
      fields.emplace_back(std::move(copy));
    }
    if (fields.empty()) return;
    json::object copy = *object;
    copy.erase("visible");
    const auto* id = object->if_contains("id");
    copy["id"] = inputs_[input].form + "." + (id != nullptr && id->is_string() ? std::string(id->get_string()) : std::to_string(groups.size()));
    copy["fields"] = std::move(fields);
    groups.emplace_back(std::move(copy));
  }

  std::span<const MergeInput> inputs_;
  std::vector<FormShape> shapes_;
  std::vector<Leaf> leaves_;
  std::vector<Leaf*> asked_;
  std::set<std::pair<std::size_t, const Leaf*>> taken_;  // by which form
  std::map<std::pair<std::size_t, std::string>, std::uint64_t> definitions_;
  Merge out_;
};

}  // namespace

Merge merge_forms(std::span<const MergeInput> inputs) { return Merger(inputs).run(); }

json::object split(const FieldMap& fields, const json::object& merged) {
  json::object part;
  for (const auto& [from, to] : fields) {
    if (const auto* value = value_at(merged, to)) put_value(part, from, *value);
  }
  return part;
}

void join(const FieldMap& fields, const json::object& part, json::object& merged) {
  for (const auto& [from, to] : fields) {
    if (const auto* value = value_at(part, from)) put_value(merged, to, *value);
  }
}

std::string merged_pointer(const std::string& form, const FieldMap& fields, std::string_view pointer) {
  const auto below = [](std::string_view inner, std::string_view outer) {
    return inner.starts_with(outer) && (inner.size() == outer.size() || inner[outer.size()] == '/');
  };
  for (const auto& [from, to] : fields) {
    if (below(pointer, from)) return to + std::string(pointer.substr(from.size()));
  }
  for (const auto& [from, to] : fields) {
    if (below(from, pointer)) return to;  // a group: its first field
  }
  return pointer_step(form) + std::string(pointer);
}

std::vector<std::string> forms_of(std::string_view key) {
  std::vector<std::string> forms;
  while (!key.empty()) {
    const auto end = std::min(key.find_first_of(" \t\r\n"), key.size());
    if (end > 0) forms.emplace_back(key.substr(0, end));
    key.remove_prefix(std::min(end + 1, key.size()));
  }
  return forms;
}

}  // namespace jx::cases
