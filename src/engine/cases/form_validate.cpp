// form_validate.cpp - data against compiled nodes: every fault with its pointer, its keyword and a sentence.
#include "form_node.hpp"

#include <jx/wire.hpp>

#include <algorithm>
#include <functional>
#include <unordered_map>

namespace jx::cases {
namespace {

namespace json = boost::json;
using wire::pointer_step;

constexpr unsigned data_depth_max = 4 * schema_depth_max;

unsigned type_of(const json::value& v) {
  switch (v.kind()) {
    case json::kind::null: return null_type;
    case json::kind::bool_: return boolean_type;
    case json::kind::string: return string_type;
    case json::kind::array: return array_type;
    case json::kind::object: return object_type;
    default: return is_whole(v) ? integer_type | number_type : number_type;
  }
}

Words words_of_types(unsigned types) {
  constexpr std::size_t count = 7;
  static const std::pair<unsigned, Words> names[count] = {
      {string_type, {"a text", "文本"}},       {number_type, {"a number", "数字"}}, {integer_type, {"a whole number", "整数"}},
      {boolean_type, {"yes or no", "是或否"}}, {array_type, {"a list", "列表"}},    {object_type, {"a group of fields", "一组字段"}},
      {null_type, {"nothing", "空"}}};
  Words words;
  for (const auto& [type, name] : names) {
    if ((types & type) == 0) continue;
    words.en += (words.en.empty() ? "" : " or ") + name.en;
    words.zh += (words.zh.empty() ? "" : "或") + name.zh;
  }
  return words;
}

Words at_least(const std::string& n, const std::string& en, const std::string& zh) { return {"at least " + n + en, "至少 " + n + zh}; }
Words at_most(const std::string& n, const std::string& en, const std::string& zh) { return {"at most " + n + en, "最多 " + n + zh}; }

const Words missing{"this must be filled in", "此项必填"};
const Words choose{"choose one of the listed values", "请从所列选项中选择"};
const Words not_allowed{"this value is not allowed", "此值不符合要求"};
const Words too_costly{"this form takes too long to check", "表单校验耗时过长"};

/// What is left of the time and work that one form may take.
struct Budget {
  std::uint64_t steps = form_steps_max;
  unsigned slow_matches = 3;

  [[nodiscard]] bool spent() const { return steps == 0 || slow_matches == 0; }
};

class Validator {
 public:
  Validator(Faults& faults, Budget& budget, std::size_t faults_max) : faults_(faults), budget_(budget), faults_max_(faults_max) {}

  void check(const SchemaNode& n, const json::value& v, const std::string& at, unsigned depth) {
    if (faults_.size() >= faults_max_ || budget_.spent()) return;
    --budget_.steps;
    if (depth > data_depth_max) return add(at, "depth", {"the data nest too deeply", "数据嵌套过深"});
    if (n.never) return add(at, "false", {"this is not allowed here", "此处不允许填写"});
    if (n.reference != nullptr) return check(*n.reference, v, at, depth + 1);
    const auto types = type_of(v);
    if (n.types != 0 && (n.types & types) == 0) {
      const auto wanted = words_of_types(n.types);
      return add(at, "type", {"this must be " + wanted.en, "此项应为" + wanted.zh});
    }
    values(n, v, at);
    if (v.is_string()) text(n, v.get_string(), at);
    if (v.is_number()) number(n, v, at);
    if (v.is_array()) list(n, v.get_array(), at, depth);
    if (v.is_object()) object(n, v.get_object(), at, depth);
    combined(n, v, at, depth);
  }

 private:
  void add(const std::string& at, std::string_view code, Words words) {
    if (faults_.size() < faults_max_) faults_.push_back({at, std::string(code), std::move(words)});
  }
  bool fits(const SchemaNode& n, const json::value& v, unsigned depth) {
    Faults faults;
    Validator(faults, budget_, 1).check(n, v, "", depth);
    return faults.empty() && !budget_.spent();
  }
  /// A text on which a pattern takes too long does not match it.
  bool matches(const FormPattern& pattern, std::string_view text) {
    if (budget_.spent()) return false;
    const auto found = pattern.found_in(text);
    if (!found) --budget_.slow_matches;
    return found.value_or(false);
  }

  void values(const SchemaNode& n, const json::value& v, const std::string& at) {
    if (n.allowed && std::ranges::none_of(*n.allowed, [&](const auto& x) { return same(x, v); })) add(at, "enum", choose);
    if (n.constant && !same(*n.constant, v)) add(at, "const", not_allowed);
  }

  void text(const SchemaNode& n, std::string_view v, const std::string& at) {
    const bool measured = n.length_min || n.length_max;
    const auto length = measured ? characters(v) : 0;
    if (n.length_min && length < *n.length_min)
      add(at, "minLength", length == 0 ? missing : at_least(std::to_string(*n.length_min), " characters", " 个字符"));
    if (n.length_max && length > *n.length_max) add(at, "maxLength", at_most(std::to_string(*n.length_max), " characters", " 个字符"));
    if (n.pattern && !matches(*n.pattern, v)) add(at, "pattern", {"this does not have the required form", "格式不符合要求"});
    if (n.format != nullptr && !n.format->fits(v)) add(at, "format", {"this is not " + n.format->noun.en, "不是" + n.format->noun.zh});
    if (n.base64 || n.json_text) content(n, v, at);
  }
  void content(const SchemaNode& n, std::string_view v, const std::string& at) {
    std::string decoded(v);
    if (n.base64) {
      const auto octets = from_base64(v);
      if (!octets) return add(at, "contentEncoding", {"this is not base64", "不是有效的 base64"});
      decoded = text_of(*octets);
    }
    if (n.json_text && !wire::parse(decoded)) add(at, "contentMediaType", {"this is not JSON", "不是有效的 JSON"});
  }

  void number(const SchemaNode& n, const json::value& json, const std::string& at) {
    if (!n.minimum && !n.maximum && !n.above && !n.below && !n.multiple) return;
    const auto v = number_of(json);
    if (!v) return add(at, "type", {"this number is out of range", "数字超出范围"});
    if (n.minimum && *v < *n.minimum) add(at, "minimum", {"at least " + n.minimum->text(), "不得小于 " + n.minimum->text()});
    if (n.maximum && *v > *n.maximum) add(at, "maximum", {"at most " + n.maximum->text(), "不得大于 " + n.maximum->text()});
    if (n.above && *v <= *n.above) add(at, "exclusiveMinimum", {"more than " + n.above->text(), "必须大于 " + n.above->text()});
    if (n.below && *v >= *n.below) add(at, "exclusiveMaximum", {"less than " + n.below->text(), "必须小于 " + n.below->text()});
    if (n.multiple && !is_multiple(*v, *n.multiple))
      add(at, "multipleOf", {"a multiple of " + n.multiple->text(), "应为 " + n.multiple->text() + " 的倍数"});
  }

  void list(const SchemaNode& n, const json::array& v, const std::string& at, unsigned depth) {
    if (n.items_min && v.size() < *n.items_min) add(at, "minItems", at_least(std::to_string(*n.items_min), " entries", " 项"));
    if (n.items_max && v.size() > *n.items_max) add(at, "maxItems", at_most(std::to_string(*n.items_max), " entries", " 项"));
    for (std::size_t i = 0; i < v.size(); ++i) {
      const SchemaNode* below = !n.is_tuple ? n.items : i < n.tuple.size() ? n.tuple[i] : n.additional_items;
      if (below == nullptr) break;
      check(*below, v[i], at + "/" + std::to_string(i), depth + 1);
    }
    if (n.unique) unique(v, at);
    if (n.contains != nullptr && std::ranges::none_of(v, [&](const auto& x) { return fits(*n.contains, x, depth + 1); }))
      add(at, "contains", {"a required entry is missing", "缺少必需的条目"});
  }
  void unique(const json::array& v, const std::string& at) {
    std::unordered_multimap<std::uint64_t, const json::value*> seen;
    for (std::size_t i = 0; i < v.size(); ++i) {
      const auto hash = hash_of_value(v[i]);
      const auto [first, last] = seen.equal_range(hash);
      if (std::any_of(first, last, [&](const auto& other) { return same(*other.second, v[i]); }))
        add(at + "/" + std::to_string(i), "uniqueItems", {"this entry is there already", "此项重复"});
      else
        seen.emplace(hash, &v[i]);
    }
  }

  void require(const json::object& v, const std::string& name, const std::string& at, std::string_view code) {
    if (!v.contains(name)) add(at + pointer_step(name), code, missing);
  }
  void object(const SchemaNode& n, const json::object& v, const std::string& at, unsigned depth) {
    if (n.properties_min && v.size() < *n.properties_min) add(at, "minProperties", {"too few fields", "字段过少"});
    if (n.properties_max && v.size() > *n.properties_max) add(at, "maxProperties", {"too many fields", "字段过多"});
    const auto is_property = [&](std::string_view name) {
      return std::ranges::any_of(n.properties, [&](const auto& property) { return property.first == name; });
    };
    for (const auto& [name, below] : n.properties) {
      if (const auto* value = v.if_contains(name))
        check(*below, *value, at + pointer_step(name), depth + 1);
      else if (std::ranges::find(n.required, name) != n.required.end())
        add(at + pointer_step(name), "required", missing);
    }
    for (const auto& name : n.required) {
      if (!is_property(name)) require(v, name, at, "required");
    }
    if (n.additional != nullptr || !n.pattern_properties.empty() || n.names != nullptr) members(n, v, at, depth, is_property);
    for (const auto& [name, needed] : n.dependent_required) {
      if (!v.contains(name)) continue;
      for (const auto& other : needed) require(v, other, at, "dependencies");
    }
    for (const auto& [name, below] : n.dependent) {
      if (v.contains(name)) check(*below, v, at, depth + 1);
    }
  }
  void members(const SchemaNode& n, const json::object& v, const std::string& at, unsigned depth,
               const std::function<bool(std::string_view)>& is_property) {
    for (const auto& member : v) {
      const std::string_view key = member.key();
      bool known = is_property(key);
      const std::string place = at + pointer_step(key);
      for (const auto& [pattern, below] : n.pattern_properties) {
        if (!matches(pattern, key)) continue;
        known = true;
        check(*below, member.value(), place, depth + 1);
      }
      if (!known && n.additional != nullptr) {
        if (n.additional->never)
          add(place, "additionalProperties", {"the form has no such field", "表单中没有此字段"});
        else
          check(*n.additional, member.value(), place, depth + 1);
      }
      if (n.names != nullptr && !fits(*n.names, json::value(key), depth + 1))
        add(place, "propertyNames", {"this field name is not allowed", "字段名不符合要求"});
    }
  }

  void combined(const SchemaNode& n, const json::value& v, const std::string& at, unsigned depth) {
    for (const auto* x : n.all) check(*x, v, at, depth + 1);
    const auto fitting = [&](const SchemaNode* x) { return fits(*x, v, depth + 1); };
    if (!n.any.empty() && std::ranges::none_of(n.any, fitting)) add(at, "anyOf", {"this fits none of the allowed forms", "不符合任何允许的形式"});
    if (!n.one.empty()) {
      const auto count = std::ranges::count_if(n.one, fitting);
      const bool is_choice = std::ranges::all_of(n.one, [](const SchemaNode* x) { return x->constant.has_value(); });
      if (count == 0) add(at, "oneOf", is_choice ? choose : Words{"this fits none of the allowed forms", "不符合任何允许的形式"});
      if (count > 1) add(at, "oneOf", {"this fits more than one of the forms of which it may have one", "同时符合多种只能取其一的形式"});
    }
    if (n.negated != nullptr && fits(*n.negated, v, depth + 1)) add(at, "not", not_allowed);
    if (n.condition == nullptr) return;
    const auto* branch = fits(*n.condition, v, depth + 1) ? n.then_schema : n.else_schema;
    if (branch != nullptr) check(*branch, v, at, depth + 1);
  }

  Faults& faults_;
  Budget& budget_;
  std::size_t faults_max_;
};

}  // namespace

Faults FormSchema::validate(const json::value& data) const {
  Faults faults;
  Budget budget;
  Validator(faults, budget, form_faults_max).check(*compiled_->root, data, "", 0);
  if (budget.spent() && faults.size() < form_faults_max) faults.push_back({"", "limit", too_costly});
  return faults;
}

}  // namespace jx::cases
