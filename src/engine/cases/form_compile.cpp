// form_compile.cpp - from a JSON Schema to nodes: every keyword of draft-07, and no other.
#include "form_node.hpp"

#include <jx/wire.hpp>

#include <algorithm>
#include <array>
#include <map>

namespace jx::cases {
namespace {

namespace json = boost::json;
using wire::pointer_step;

constexpr std::string_view no_base = "form:///";  // of a schema that has no $id
constexpr std::size_t references_max = 1'000;     // one after the other
constexpr std::string_view draft_07 = "http://json-schema.org/draft-07/schema";

const Words a_list_of_schemas{"a list of schemas is expected", "此处应为模式列表"};
const Words a_list_of_texts{"a list of texts is expected", "此处应为文本列表"};
const Words a_text{"a text is expected", "此处应为文本"};
const Words a_boolean{"true or false is expected", "此处应为布尔值"};
const Words texts_by_language{"a text by language is expected, such as {\"zh-CN\": \"…\", \"en\": \"…\"}", "此处应为多语言文本"};

constexpr std::array<std::pair<std::string_view, unsigned>, 7> type_names{{{"null", null_type},
                                                                           {"boolean", boolean_type},
                                                                           {"integer", integer_type},
                                                                           {"number", number_type},
                                                                           {"string", string_type},
                                                                           {"array", array_type},
                                                                           {"object", object_type}}};

/// What later drafts have instead, for who writes it from habit.
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> later{{{"$defs", "definitions"},
                                                                               {"$anchor", "$id: \"#name\""},
                                                                               {"$dynamicRef", "$ref"},
                                                                               {"$dynamicAnchor", "$id: \"#name\""},
                                                                               {"$recursiveRef", "$ref: \"#\""},
                                                                               {"$recursiveAnchor", "$ref: \"#\""},
                                                                               {"dependentRequired", "dependencies"},
                                                                               {"dependentSchemas", "dependencies"},
                                                                               {"prefixItems", "items: […]"},
                                                                               {"minContains", "contains"},
                                                                               {"maxContains", "contains"},
                                                                               {"unevaluatedProperties", "additionalProperties"},
                                                                               {"unevaluatedItems", "additionalItems"},
                                                                               {"contentSchema", "contentMediaType"}}};

/// Where a schema stands and what its $ref start from.
struct Place {
  std::string at;    // JSON Pointer into the whole
  std::string base;  // URI
};

class Compiler {
 public:
  explicit Compiler(const json::value& root) { documents_.emplace(no_base, &root); }

  /// Null where it was told in faults().
  const SchemaNode* schema(const json::value& value, Place place, unsigned depth) {
    if (const auto known = known_.find(&value); known != known_.end()) return known->second;
    if (depth > schema_depth_max) return refuse(place.at, {"the schemas nest too deeply", "模式嵌套过深"}), nullptr;
    if (nodes_.size() >= schema_nodes_max) return refuse(place.at, {"the schema has over 20,000 parts", "模式超过 20000 个部分"}), nullptr;
    SchemaNode& node = *nodes_.emplace_back(std::make_unique<SchemaNode>());
    known_.emplace(&value, &node);
    if (value.is_bool()) {
      node.never = !value.get_bool();
      return &node;
    }
    if (!value.is_object()) return refuse(place.at, {"a schema is an object or true or false", "模式应为对象或布尔值"}), &node;
    const auto& object = value.get_object();
    const bool is_reference = object.contains("$ref");
    if (!is_reference) name(object, value, place);
    places_.emplace(&value, place);
    for (const auto& member : object) keyword(node, member.key(), member.value(), {place.at + pointer_step(member.key()), place.base}, depth);
    return &node;
  }

  /// Follows every $ref after all is read, so that schemas may refer to one another.
  void resolve() {
    while (!pending_.empty() && faults_.size() < form_faults_max) {
      const auto [holder, text, place] = pending_.back();
      pending_.pop_back();
      holder->reference = target(text, place);
    }
    for (const auto& node : nodes_) {
      const SchemaNode* at = node.get();
      for (std::size_t steps = 0; at != nullptr && at->reference != nullptr; ++steps) {
        if (steps > references_max) return refuse("/$ref", {"these $ref lead only to one another", "$ref 相互循环引用"});
        at = at->reference;
      }
    }
  }

  [[nodiscard]] Faults& faults() { return faults_; }
  [[nodiscard]] std::vector<std::unique_ptr<SchemaNode>> take() && { return std::move(nodes_); }

 private:
  using Object = json::object;

  void refuse(const std::string& at, Words words, std::string_view code = "schema") {
    if (faults_.size() < form_faults_max) faults_.push_back({at, std::string(code), std::move(words)});
  }

  // --- names and references (draft-07, core section 8) ---

  void name(const Object& object, const json::value& value, Place& place) {
    const auto* id = object.if_contains("$id");
    if (id == nullptr) return;
    const auto found = id->is_string() ? resolve_reference(place.base, id->get_string()) : fail(ErrorCode::invalid, a_text);
    if (!found) return refuse(place.at + "/$id", {"$id is a URI reference", "$id 应为 URI 引用"});
    if (!found->fragment.empty()) anchors_[found->document + '#' + found->fragment] = &value;
    const bool is_anchor = id->get_string().starts_with('#');
    if (is_anchor) return;
    place.base = found->document;
    documents_[place.base] = &value;
  }

  const SchemaNode* target(const std::string& text, const Place& place) {
    const auto nowhere = [&](Words words) { return refuse(place.at, std::move(words)), nullptr; };
    const auto to = resolve_reference(place.base, text);
    if (!to) return nowhere({"$ref is a URI reference", "$ref 应为 URI 引用"});
    const json::value* found = nullptr;
    if (const auto anchor = anchors_.find(to->document + '#' + to->fragment); anchor != anchors_.end()) found = anchor->second;
    const auto document = documents_.find(to->document);
    if (found == nullptr && document == documents_.end())
      return nowhere({"$ref leads only into this schema, to #/definitions/… or an $id in it: " + text, "$ref 只能引用本模式内的定义：" + text});
    if (found == nullptr && (to->fragment.empty() || to->fragment.starts_with('/'))) {
      boost::system::error_code error;
      found = document->second->find_pointer(to->fragment, error);
    }
    if (found == nullptr) return nowhere({"$ref leads to nothing: " + text, "$ref 无目标：" + text});
    const auto known = known_.find(found);
    if (known != known_.end()) return known->second;
    const auto within = places_.find(document->second);  // what no keyword leads to, such as a schema under x-…
    const std::string at = within == places_.end() ? to->fragment : within->second.at + to->fragment;
    return schema(*found, {at, to->document}, 1);
  }

  // --- the parts that keywords take ---

  void child(const SchemaNode*& slot, const json::value& value, const Place& place, unsigned depth) { slot = schema(value, place, depth + 1); }
  void children(std::vector<const SchemaNode*>& slot, const json::value& value, const Place& place, unsigned depth, bool may_be_empty = false) {
    if (!value.is_array() || (value.get_array().empty() && !may_be_empty)) return refuse(place.at, a_list_of_schemas);
    for (std::size_t i = 0; i < value.get_array().size(); ++i) {
      if (const auto* made = schema(value.get_array()[i], {place.at + "/" + std::to_string(i), place.base}, depth + 1)) slot.push_back(made);
    }
  }
  void texts(std::vector<std::string>& slot, const json::value& value, const std::string& at) {
    if (!value.is_array()) return refuse(at, a_list_of_texts);
    for (const auto& x : value.get_array()) {
      if (!x.is_string()) return refuse(at, a_list_of_texts);
      if (std::ranges::find(slot, std::string_view(x.get_string())) != slot.end())
        return refuse(at, {"a text stands here twice", "此处有重复的文本"});
      slot.emplace_back(x.get_string());
    }
  }
  void size(std::optional<std::size_t>& slot, const json::value& value, const std::string& at) {
    const auto number = number_of(value);
    const auto whole = number ? number->to_int() : std::nullopt;
    if (!whole || *whole < 0) return refuse(at, {"a whole number of 0 or more is expected", "此处应为非负整数"});
    slot = static_cast<std::size_t>(*whole);
  }
  void number(std::optional<rules::Number>& slot, const json::value& value, const std::string& at) {
    slot = number_of(value);
    if (!slot) refuse(at, {"a number is expected", "此处应为数字"});
  }
  void must_be(bool right, const std::string& at, const Words& words) {
    if (!right) refuse(at, words);
  }

  // --- the keywords ---

  void keyword(SchemaNode& n, std::string_view key, const json::value& v, const Place& place, unsigned depth) {
    const auto& at = place.at;
    if (key == "$ref") {
      if (!v.is_string()) return refuse(at, a_text);
      return pending_.push_back({&n, std::string(v.get_string()), place});
    }
    if (annotation(key, v, at)) return;
    if (key == "type") return type(n, v, at);
    if (key == "enum") {
      if (!v.is_array() || v.get_array().empty()) return refuse(at, {"enum is a list that is not empty", "enum 应为非空列表"});
      n.allowed = v.get_array();
      return;
    }
    if (key == "const") return void(n.constant = v);
    if (key == "format") return format(n, v, at);
    if (key == "pattern") return pattern(n.pattern, v, at);
    if (key == "uniqueItems") return v.is_bool() ? void(n.unique = v.get_bool()) : refuse(at, a_boolean);
    if (key == "contentEncoding" || key == "contentMediaType") return content(n, key, v, at);
    if (measure(n, key, v, at) || applied(n, key, v, place, depth) || applied_by_name(n, key, v, place, depth)) return;
    const auto now = std::ranges::find(later, key, &std::pair<std::string_view, std::string_view>::first);
    const std::string instead = now == later.end() ? "" : ": it is of a later draft; draft-07 has " + std::string(now->second);
    refuse(at,
           {"the keyword `" + std::string(key) + "` is not enforced by this program, so it is refused" + instead,
            "本程序不支持关键字“" + std::string(key) + "”"},
           "keyword");
  }

  /// What is said to people and to programs that draw a form. Answers whether `key` is such a keyword.
  bool annotation(std::string_view key, const json::value& v, const std::string& at) {
    if (key == "title" || key == "description" || key == "$comment" || key == "$id") return must_be(v.is_string(), at, a_text), true;
    if (key == "readOnly" || key == "writeOnly") return must_be(v.is_bool(), at, a_boolean), true;
    if (key == "examples") return must_be(v.is_array(), at, {"a list of values is expected", "此处应为值的列表"}), true;
    if (key == "default") return true;
    if (key == "$schema") {
      const bool right = v.is_string() && (v.get_string() == draft_07 || v.get_string() == std::string(draft_07) + "#");
      return must_be(right, at, {"schemas are of draft-07: \"http://json-schema.org/draft-07/schema#\"", "模式应为 draft-07 版本"}), true;
    }
    if (key == "x-title" || key == "x-help") {
      const bool right = v.is_object() && std::ranges::all_of(v.get_object(), [](const auto& text) { return text.value().is_string(); });
      return must_be(right, at, texts_by_language), true;
    }
    if (key == "x-datum") {
      const bool right = v.is_string() && !v.get_string().empty() && v.get_string().size() <= 128;
      return must_be(right, at, {"x-datum is a name of at most 128 octets, such as person.name", "x-datum 应为不超过 128 字节的名称"}), true;
    }
    return key.starts_with("x-");
  }

  void type(SchemaNode& n, const json::value& v, const std::string& at) {
    std::vector<std::string> names;
    if (v.is_string())
      names.emplace_back(v.get_string());
    else
      texts(names, v, at);
    for (const auto& name : names) {
      const auto known = std::ranges::find(type_names, name, &std::pair<std::string_view, unsigned>::first);
      if (known == type_names.end()) return refuse(at, {"there is no type `" + name + "`", "没有类型“" + name + "”"});
      n.types |= known->second;
    }
    if (n.types == 0) refuse(at, {"type is a name or a list of names", "type 应为类型名或类型名列表"});
  }
  void format(SchemaNode& n, const json::value& v, const std::string& at) {
    n.format = v.is_string() ? find_format(v.get_string()) : nullptr;
    const std::string name = v.is_string() ? "`" + std::string(v.get_string()) + "`" : "format";
    if (n.format == nullptr)
      refuse(at, {name + " is not one of the formats that are checked: " + format_names(), name + " 不在支持的格式之列：" + format_names()});
  }
  void pattern(std::optional<FormPattern>& slot, const json::value& v, const std::string& at) {
    if (!v.is_string()) return refuse(at, a_text);
    auto compiled = FormPattern::compile(v.get_string());
    if (!compiled) return refuse(at, compiled.error().message);
    slot = std::move(*compiled);
  }
  void content(SchemaNode& n, std::string_view key, const json::value& v, const std::string& at) {
    if (!v.is_string()) return refuse(at, a_text);
    if (key == "contentMediaType") return void(n.json_text = v.get_string() == "application/json");
    n.base64 = v.get_string() == "base64";
    constexpr std::array plain{"7bit", "8bit", "binary"};
    if (!n.base64 && std::ranges::find(plain, v.get_string()) == plain.end())
      refuse(at, {"contentEncoding is base64, 7bit, 8bit or binary", "contentEncoding 只能为 base64、7bit、8bit、binary"});
  }
  bool measure(SchemaNode& n, std::string_view key, const json::value& v, const std::string& at) {
    if (key == "minLength") return size(n.length_min, v, at), true;
    if (key == "maxLength") return size(n.length_max, v, at), true;
    if (key == "minItems") return size(n.items_min, v, at), true;
    if (key == "maxItems") return size(n.items_max, v, at), true;
    if (key == "minProperties") return size(n.properties_min, v, at), true;
    if (key == "maxProperties") return size(n.properties_max, v, at), true;
    if (key == "minimum") return number(n.minimum, v, at), true;
    if (key == "maximum") return number(n.maximum, v, at), true;
    if (key == "exclusiveMinimum") return number(n.above, v, at), true;
    if (key == "exclusiveMaximum") return number(n.below, v, at), true;
    if (key == "required") return texts(n.required, v, at), true;
    if (key != "multipleOf") return false;
    number(n.multiple, v, at);
    if (n.multiple && (n.multiple->is_zero() || n.multiple->is_negative())) refuse(at, {"multipleOf must be over 0", "multipleOf 必须大于 0"});
    return true;
  }
  bool applied(SchemaNode& n, std::string_view key, const json::value& v, const Place& place, unsigned depth) {
    if (key == "additionalProperties") return child(n.additional, v, place, depth), true;
    if (key == "propertyNames") return child(n.names, v, place, depth), true;
    if (key == "contains") return child(n.contains, v, place, depth), true;
    if (key == "not") return child(n.negated, v, place, depth), true;
    if (key == "if") return child(n.condition, v, place, depth), true;
    if (key == "then") return child(n.then_schema, v, place, depth), true;
    if (key == "else") return child(n.else_schema, v, place, depth), true;
    if (key == "additionalItems") return child(n.additional_items, v, place, depth), true;
    if (key == "allOf") return children(n.all, v, place, depth), true;
    if (key == "anyOf") return children(n.any, v, place, depth), true;
    if (key == "oneOf") return children(n.one, v, place, depth), true;
    if (key != "items") return false;
    n.is_tuple = v.is_array();
    if (n.is_tuple)
      children(n.tuple, v, place, depth, true);
    else
      child(n.items, v, place, depth);
    return true;
  }
  bool applied_by_name(SchemaNode& n, std::string_view key, const json::value& v, const Place& place, unsigned depth) {
    if (key != "properties" && key != "patternProperties" && key != "dependencies" && key != "definitions") return false;
    if (!v.is_object()) return refuse(place.at, {"a group of schemas is expected", "此处应为模式的集合"}), true;
    for (const auto& member : v.get_object()) {
      const std::string name(member.key());
      const Place below{place.at + pointer_step(name), place.base};
      if (key == "dependencies" && member.value().is_array()) {
        n.dependent_required.emplace_back(name, std::vector<std::string>());
        texts(n.dependent_required.back().second, member.value(), below.at);
        continue;
      }
      const SchemaNode* made = schema(member.value(), below, depth + 1);
      if (made == nullptr || key == "definitions") continue;
      if (key == "properties") n.properties.emplace_back(name, made);
      if (key == "dependencies") n.dependent.emplace_back(name, made);
      if (key != "patternProperties") continue;
      std::optional<FormPattern> compiled;
      pattern(compiled, json::value(name), below.at);
      if (compiled) n.pattern_properties.emplace_back(std::move(*compiled), made);
    }
    return true;
  }

  struct Pending {
    SchemaNode* holder;
    std::string text;
    Place place;
  };
  Faults faults_;
  std::vector<std::unique_ptr<SchemaNode>> nodes_;
  std::map<const json::value*, const SchemaNode*> known_;
  std::map<const json::value*, Place> places_;
  std::map<std::string, const json::value*> documents_, anchors_;  // by URI
  std::vector<Pending> pending_;
};

}  // namespace

Error first_of(const Faults& faults) { return {ErrorCode::invalid, faults.front().message, faults.front().pointer, nullptr}; }

std::expected<FormSchema, Faults> FormSchema::compile(const json::value& schema) {
  Compiler compiler(schema);
  const SchemaNode* root = compiler.schema(schema, {"", std::string(no_base)}, 0);
  compiler.resolve();
  if (!compiler.faults().empty()) return std::unexpected(std::move(compiler.faults()));
  auto compiled = std::make_shared<Compiled>();
  compiled->root = root;
  compiled->nodes = std::move(compiler).take();
  return FormSchema(std::move(compiled));
}

}  // namespace jx::cases
