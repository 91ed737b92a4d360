#include "form_layout.hpp"

#include "form_schema.hpp"
#include "form_values.hpp"

#include <jx/wire.hpp>

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace jx::cases {
namespace {

namespace json = boost::json;
using rules::Expression;
using wire::pointer_step;

constexpr unsigned rounds_max = 4;  // of hiding and computing anew
const Words missing{"this must be filled in", "此项必填"};
const Words choose{"choose one of the offered values", "请从可选项中选择"};

struct Field {
  std::string pointer;
  std::optional<Expression> visible, required, readonly, options;
  json::array choices;  // of the schema, where `options` filters them
};
struct Group {
  std::optional<Expression> visible;
  std::size_t first = 0, last = 0;  // of the fields
};
struct Rule {
  std::string code, at;
  std::optional<Expression> when, require;
  Words message;
};
struct Computed {
  std::string pointer;
  std::optional<Expression> value;
};

rules::Limits limits() {
  rules::Limits bounds;
  bounds.steps = 100'000;
  bounds.list_items = 10'000;
  bounds.string_bytes = 64 * 1024;
  bounds.time_ms = 100;
  return bounds;
}

}  // namespace

struct FormLayout::Data {
  json::value schema;  // the shape points into it
  FormShape shape;
  std::vector<std::string> pointers;
  std::vector<Field> fields;
  std::vector<Group> groups;
  std::vector<Rule> rules;
  std::vector<Computed> computed;
  bool has_rules = false;
};

namespace {

constexpr std::array<std::string_view, 13> widgets{"text",  "textarea", "number",   "integer", "date", "time", "choice",
                                                   "radio", "select",   "checkbox", "phone",   "list", "file"};

/// Reads a layout, and notes all that is wrong with it.
class Reader {
 public:
  Reader(FormLayout::Data& out, bool strict) : out_(out), strict_(strict) {
    typed_.strict = true;
    for (const auto& [name, field] : out.shape.fields) {
      if (name.empty() || name.size() > rules::name_bytes_max) continue;
      typed_.inputs.push_back({name, field.type()});
      plain_.inputs.push_back({name, {}});
    }
  }

  void read(const json::value& layout) {
    const auto* object = layout.if_object();
    if (object == nullptr) return strict_ ? refuse("", {"a layout is an object", "布局应为对象"}) : void();
    keys(*object, "", {"groups", "rules", "computed"});
    const auto* groups = member(*object, "groups", json::kind::array);
    if (groups == nullptr) refuse_if_strict("", {"a layout has a list `groups`", "布局应有 groups 列表"});
    for (std::size_t i = 0; groups != nullptr && i < groups->get_array().size(); ++i) group(groups->get_array()[i], "/groups/" + std::to_string(i));
    if (out_.fields.size() > layout_fields_max) refuse("/groups", {"a layout has at most 500 fields", "布局最多 500 个字段"});
    const bool is_merge = object->contains("merge");  // each of its forms computes its own
    out_.has_rules = is_merge;
    if (const auto* computed = object->if_contains("computed")) is_merge ? note_computed(*computed) : read_computed(*computed);
    if (const auto* listed = object->if_contains("rules")) read_rules(*listed);
    if (strict_ && groups != nullptr) all_shown(out_.shape, "");
  }
  [[nodiscard]] Faults& faults() { return faults_; }

 private:
  void refuse(const std::string& at, Words words) {
    if (faults_.size() < form_faults_max) faults_.push_back({at, "layout", std::move(words)});
  }
  void refuse_if_strict(const std::string& at, Words words) {
    if (strict_) refuse(at, std::move(words));
  }
  void keys(const json::object& object, const std::string& at, std::initializer_list<std::string_view> known) {
    if (!strict_) return;
    for (const auto& one : object) {
      if (std::ranges::find(known, std::string_view(one.key())) != known.end()) continue;
      refuse(at + pointer_step(one.key()), {"a layout has no `" + std::string(one.key()) + "` here", "布局此处没有“" + std::string(one.key()) + "”"});
    }
  }
  static const json::value* member(const json::object& object, std::string_view key, json::kind kind) {
    const auto* found = object.if_contains(key);
    return found != nullptr && found->kind() == kind ? found : nullptr;
  }
  void words(const json::object& object, std::string_view key, const std::string& at, bool needed) {
    const auto* found = object.if_contains(key);
    if (found == nullptr && !needed) return;
    const bool right = found != nullptr && found->is_object() && !found->get_object().empty() &&
                       std::ranges::all_of(found->get_object(), [](const auto& text) { return text.value().is_string(); });
    if (!right) refuse_if_strict(at + pointer_step(key), {"a text by language is expected", "此处应为多语言文本"});
  }

  /// An expression over the fields of the form; nothing where it is not there or was told to be wrong.
  std::optional<Expression> feel(const json::object& object, std::string_view key, const std::string& at, std::string_view type,
                                 const FormShape* option = nullptr) {
    const auto* text = object.if_contains(key);
    if (text == nullptr) return std::nullopt;
    out_.has_rules = true;
    return feel(*text, at + pointer_step(key), type, option);
  }
  std::optional<Expression> feel(const json::value& text, const std::string& at, std::string_view type, const FormShape* option = nullptr) {
    if (!text.is_string() || text.get_string().size() > layout_feel_bytes_max)
      return refuse(at, {"a text in FEEL of at most 4,000 octets is expected", "此处应为不超过 4000 字节的 FEEL 表达式"}), std::nullopt;
    const std::string_view source = text.get_string();
    auto typed = typed_, plain = plain_;
    if (option != nullptr) {
      typed.inputs.insert(typed.inputs.begin(), {"option", option->type()});
      plain.inputs.insert(plain.inputs.begin(), {"option", {}});
    }
    if (strict_) {
      const auto checked = Expression::compile(source, typed);
      if (!checked) return refuse(at, checked.error().message), std::nullopt;
      const auto found = checked->type().text();
      const bool integer = type == "number" && found == "number";
      if (found != "Any" && !type.empty() && found != type && !integer)
        return refuse(at,
                      {"this gives " + found + ", and " + std::string(type) + " is wanted", "结果类型为 " + found + "，应为 " + std::string(type)}),
               std::nullopt;
    }
    auto compiled = Expression::compile(source, plain);
    if (!compiled) return refuse(at, compiled.error().message), std::nullopt;
    return std::move(*compiled);
  }

  void group(const json::value& value, const std::string& at) {
    const auto* object = value.if_object();
    const auto* fields = object == nullptr ? nullptr : member(*object, "fields", json::kind::array);
    if (fields == nullptr) return refuse_if_strict(at, {"a group has a list `fields`", "分组应有 fields 列表"});
    keys(*object, at, {"id", "title", "help", "visible", "fields"});
    words(*object, "title", at, false);
    words(*object, "help", at, false);
    Group made;
    made.visible = feel(*object, "visible", at, "boolean");
    made.first = out_.fields.size();
    for (std::size_t i = 0; i < fields->get_array().size(); ++i) field(fields->get_array()[i], at + "/fields/" + std::to_string(i));
    made.last = out_.fields.size();
    out_.groups.push_back(std::move(made));
  }

  void field(const json::value& value, const std::string& at) {
    const auto* object = value.if_object();
    const auto* pointer = object == nullptr ? nullptr : member(*object, "pointer", json::kind::string);
    if (pointer == nullptr) return refuse_if_strict(at, {"a field has a `pointer`", "字段应有 pointer"});
    Field made;
    made.pointer = pointer->get_string();
    const auto* shape = made.pointer.starts_with('/') ? out_.shape.at(made.pointer) : nullptr;
    if (shape == nullptr) return refuse_if_strict(at + "/pointer", {"the form has no field " + made.pointer, "表单中没有字段 " + made.pointer});
    if (!shown_.insert(made.pointer).second)
      refuse_if_strict(at + "/pointer", {"the field " + made.pointer + " is shown twice", "字段 " + made.pointer + " 重复"});
    keys(*object, at, {"pointer", "widget", "unit", "hint", "visible", "required", "readonly", "options", "fields", "item", "span"});
    words(*object, "unit", at, false);
    words(*object, "hint", at, false);
    words(*object, "item", at, false);
    if (const auto* widget = object->if_contains("widget"); widget != nullptr) {
      const bool known = widget->is_string() && std::ranges::find(widgets, std::string_view(widget->get_string())) != widgets.end();
      if (!known) refuse_if_strict(at + "/widget", {"there is no such widget", "没有该控件类型"});
    }
    made.visible = feel(*object, "visible", at, "boolean");
    made.required = feel(*object, "required", at, "boolean");
    made.readonly = feel(*object, "readonly", at, "boolean");
    made.options = feel(*object, "options", at, "boolean", shape);
    if (made.options) made.choices = choices_of(*shape);
    if (made.options && (made.choices.empty() || made.choices.size() > layout_options_max))
      refuse(at + "/options", {"options belong to a field with 1 to 200 values to choose from", "options 只用于有 1 至 200 个选项的字段"});
    if (const auto* rows = object->if_contains("fields")) columns(*rows, *shape, at + "/fields");
    out_.pointers.push_back(made.pointer);
    out_.fields.push_back(std::move(made));
  }

  /// The fields of each row of a list.
  void columns(const json::value& value, const FormShape& list, const std::string& at) {
    if (!strict_) return;
    if (list.kind != FormShape::Kind::list || list.item.front().kind != FormShape::Kind::object || !value.is_array())
      return refuse(at, {"`fields` of a field are those of each entry of a list of objects", "字段的 fields 仅用于对象列表"});
    for (std::size_t i = 0; i < value.get_array().size(); ++i) {
      const std::string place = at + "/" + std::to_string(i);
      const auto* object = value.get_array()[i].if_object();
      const auto* pointer = object == nullptr ? nullptr : member(*object, "pointer", json::kind::string);
      if (pointer == nullptr || list.item.front().at(pointer->get_string()) == nullptr) {
        refuse(place, {"this is no field of an entry", "列表条目中没有此字段"});
        continue;
      }
      keys(*object, place, {"pointer", "widget", "unit", "hint"});
    }
  }

  void note_computed(const json::value& value) {
    for (const auto& one : value.is_object() ? value.get_object() : json::object()) out_.computed.push_back({std::string(one.key()), std::nullopt});
  }
  void read_computed(const json::value& value) {
    if (!value.is_object() || value.get_object().size() > layout_rules_max)
      return refuse("/computed", {"computed is a group of at most 200 expressions by pointer", "computed 应为不超过 200 项的指针与表达式"});
    for (const auto& one : value.get_object()) {
      Computed made;
      made.pointer = one.key();
      const std::string at = "/computed" + pointer_step(one.key());
      const auto* shape = made.pointer.starts_with('/') ? out_.shape.at(made.pointer) : nullptr;
      if (shape == nullptr || shape->kind == FormShape::Kind::object) {
        refuse(at, {"the form has no field " + made.pointer, "表单中没有字段 " + made.pointer});
        continue;
      }
      const auto type = shape->kind == FormShape::Kind::list ? std::string() : shape->type().text();
      out_.has_rules = true;
      made.value = feel(one.value(), at, type == "Any" ? "" : type);
      if (made.value) out_.computed.push_back(std::move(made));
    }
  }

  void read_rules(const json::value& value) {
    if (!value.is_array() || value.get_array().size() > layout_rules_max)
      return refuse("/rules", {"rules is a list of at most 200", "rules 应为不超过 200 项的列表"});
    std::set<std::string, std::less<>> ids;
    for (std::size_t i = 0; i < value.get_array().size(); ++i) {
      const std::string at = "/rules/" + std::to_string(i);
      const auto* object = value.get_array()[i].if_object();
      if (object == nullptr) {
        refuse(at, {"a rule is an object", "规则应为对象"});
        continue;
      }
      rule(*object, at, ids);
    }
  }
  void rule(const json::object& object, const std::string& at, std::set<std::string, std::less<>>& ids) {
    keys(object, at, {"id", "when", "require", "at", "message", "law"});
    Rule made;
    const auto* id = member(object, "id", json::kind::string);
    if (id == nullptr || !check_key(id->get_string()) || !ids.emplace(id->get_string()).second)
      return refuse(at + "/id", {"a rule has an id of its own: small letters, digits, - _ . /", "规则应有唯一标识，由小写字母、数字和 - _ . / 组成"});
    made.code = "rule:" + std::string(id->get_string());
    const auto* place = member(object, "at", json::kind::string);
    const bool right = place != nullptr && place->get_string().starts_with('/') && out_.shape.at(place->get_string()) != nullptr;
    if (!right) return refuse(at + "/at", {"`at` is the pointer of a field that the form has", "at 应为表单中某字段的指针"});
    made.at = place->get_string();
    words(object, "message", at, true);
    if (const auto* texts = member(object, "message", json::kind::object)) {
      const auto text = [&](std::string_view language) {
        const auto* found = member(texts->get_object(), language, json::kind::string);
        return found == nullptr ? std::string() : std::string(found->get_string());
      };
      made.message = {text("en"), text("zh-CN")};
      if (made.message.en.empty()) made.message.en = made.message.zh;
      if (strict_ && (text("en").empty() || made.message.zh.empty()))
        refuse(at + "/message", {"a rule speaks in zh-CN and en", "规则的提示应有 zh-CN 和 en"});
    }
    if (const auto* law = object.if_contains("law"); law != nullptr && strict_) check_law(*law, at + "/law");
    made.when = feel(object, "when", at, "boolean");
    made.require = feel(object, "require", at, "boolean");
    if (!object.contains("require")) refuse(at, {"a rule says what it requires", "规则应有 require"});
    if (made.require) out_.rules.push_back(std::move(made));
  }
  void check_law(const json::value& law, const std::string& at) {
    const auto* object = law.if_object();
    if (object == nullptr) return refuse(at, {"a law is {\"law\": {…}, \"article\": \"…\"}", "依据应为 {\"law\": {…}, \"article\": \"…\"}"});
    keys(*object, at, {"law", "article"});
    words(*object, "law", at, true);
  }

  /// Every field of the schema must be in the layout, or nobody can fill it in. Groups are those that have fields themselves.
  void all_shown(const FormShape& shape, const std::string& at) {
    for (const auto& [name, field] : shape.fields) {
      const auto pointer = at + pointer_step(name);
      if (field.kind == FormShape::Kind::object && !shown_.contains(pointer))
        all_shown(field, pointer);
      else if (!shown_.contains(pointer) && std::ranges::none_of(out_.computed, [&](const auto& c) { return c.pointer == pointer; }))
        refuse("/groups", {"the field " + pointer + " is not shown in any group", "字段 " + pointer + " 未出现在任何分组中"});
    }
  }

  static bool check_key(std::string_view text) {
    return !text.empty() && text.size() <= 64 && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_./") == std::string_view::npos;
  }

  FormLayout::Data& out_;
  bool strict_;
  rules::Scope typed_, plain_;
  Faults faults_;
  std::set<std::string, std::less<>> shown_;
};

/// One evaluation: the values as FEEL sees them, made anew where the data change.
class Evaluation {
 public:
  Evaluation(const FormLayout::Data& layout, json::object data, Instant now, std::string_view zone) : layout_(layout) {
    state_.data = std::move(data);
    options_.now = now;
    options_.zone = zone;
    options_.limits = limits();
  }

  FormCheck run() {
    for (unsigned round = 0; round < rounds_max; ++round) {
      bind();
      compute();
      if (!hide()) break;
    }
    for (const auto& field : layout_.fields) {
      if (is_hidden(field.pointer)) continue;
      if (field.required && truth(*field.required)) require(field);
      if (field.readonly && truth(*field.readonly)) state_.readonly.push_back(field.pointer);
      if (field.options) offer(field);
    }
    for (const auto& rule : layout_.rules) {
      if (is_hidden(rule.at)) continue;
      if (rule.when && !truth(*rule.when)) continue;
      if (value(*rule.require).is_false()) fault(rule.at, rule.code, rule.message);
    }
    return std::move(state_);
  }

 private:
  void bind() {
    inputs_.clear();
    for (const auto& [name, shape] : layout_.shape.fields) {
      if (!name.empty() && name.size() <= rules::name_bytes_max) inputs_.push_back(to_feel(state_.data.if_contains(name), shape));
    }
  }
  void bind_again(std::string_view pointer) {
    const auto key = keys_of(pointer).front();
    std::size_t i = 0;
    for (const auto& [name, shape] : layout_.shape.fields) {
      if (name.empty() || name.size() > rules::name_bytes_max) continue;
      if (name == key) inputs_[i] = to_feel(state_.data.if_contains(name), shape);
      ++i;
    }
  }
  rules::Value value(const Expression& expression) { return expression.evaluate(inputs_, options_).value; }
  bool truth(const Expression& expression) { return value(expression).is_true(); }
  void fault(const std::string& at, std::string code, const Words& words) {
    if (state_.faults.size() < form_faults_max) state_.faults.push_back({at, std::move(code), words});
  }
  [[nodiscard]] bool is_hidden(const std::string& pointer) const { return cases::is_hidden(state_.hidden, layout_.pointers, pointer); }

  /// In the order in which they are written: a later one may build on an earlier one. What a client sent does not count.
  void compute() {
    state_.computed.clear();
    for (const auto& one : layout_.computed) {
      auto result = from_feel(value(*one.value));
      if (result.is_null())
        take_out(state_.data, one.pointer);
      else
        put_value(state_.data, one.pointer, result);
      bind_again(one.pointer);
      state_.computed.emplace_back(one.pointer, std::move(result));
    }
  }

  /// Answers whether anything that was filled in has gone, so that what rests on it must be looked at again.
  bool hide() {
    state_.hidden.clear();
    bool gone = false;
    for (const auto& group : layout_.groups) {
      const bool whole = group.visible && !truth(*group.visible);
      for (std::size_t i = group.first; i < group.last; ++i) {
        const auto& field = layout_.fields[i];
        if (!whole && (!field.visible || truth(*field.visible))) continue;
        state_.hidden.push_back(field.pointer);
        gone = take_out(state_.data, field.pointer) || gone;
      }
    }
    return gone;
  }

  void require(const Field& field) {
    state_.required.push_back(field.pointer);
    const auto* filled = value_at(state_.data, field.pointer);
    const bool empty = filled == nullptr || filled->is_null() || (filled->is_string() && filled->get_string().empty());
    if (empty) fault(field.pointer, "required", missing);
  }

  void offer(const Field& field) {
    json::array offered;
    std::vector<rules::Value> with_option;
    with_option.emplace_back();
    with_option.insert(with_option.end(), inputs_.begin(), inputs_.end());
    const auto* shape = layout_.shape.at(field.pointer);
    for (const auto& choice : field.choices) {
      with_option.front() = to_feel(&choice, *shape);
      if (field.options->evaluate(with_option, options_).value.is_true()) offered.push_back(choice);
    }
    const auto* chosen = value_at(state_.data, field.pointer);
    if (chosen != nullptr && std::ranges::none_of(offered, [&](const auto& x) { return same(x, *chosen); })) fault(field.pointer, "options", choose);
    state_.options.emplace_back(field.pointer, std::move(offered));
  }

  const FormLayout::Data& layout_;
  FormCheck state_;
  std::vector<rules::Value> inputs_;
  rules::Options options_;
};

}  // namespace

bool is_hidden(const std::vector<std::string>& hidden, const std::vector<std::string>& fields, std::string_view pointer) {
  const auto below = [](std::string_view inner, std::string_view outer) {
    return inner.size() > outer.size() && inner.starts_with(outer) && inner[outer.size()] == '/';
  };
  const auto hides = [&](std::string_view field) { return std::ranges::find(hidden, field) != hidden.end(); };
  if (hidden.empty()) return false;
  if (std::ranges::any_of(hidden, [&](const auto& h) { return pointer == h || below(pointer, h); })) return true;
  bool any = false;
  for (const auto& field : fields) {
    if (!below(field, pointer)) continue;
    if (!hides(field)) return false;
    any = true;
  }
  return any;
}

std::expected<FormLayout, Faults> FormLayout::compile(const json::value& schema, const json::value& layout, Reading reading) {
  auto data = std::make_shared<Data>();
  data->schema = schema;
  data->shape = shape_of(data->schema);
  Reader reader(*data, reading == Reading::strict);
  reader.read(layout);
  if (!reader.faults().empty()) return std::unexpected(std::move(reader.faults()));
  return FormLayout(std::move(data));
}

FormCheck FormLayout::evaluate(json::object data, Instant now, std::string_view zone) const {
  return Evaluation(*data_, std::move(data), now, zone).run();
}

const std::vector<std::string>& FormLayout::fields() const { return data_->pointers; }

std::vector<std::string> FormLayout::computed() const {
  std::vector<std::string> pointers;
  for (const auto& one : data_->computed) pointers.push_back(one.pointer);
  return pointers;
}

namespace {

std::size_t leaves_of(const FormShape& shape) {
  std::size_t count = 0;
  for (const auto& [name, field] : shape.fields) count += field.kind == FormShape::Kind::object ? leaves_of(field) : 1;
  return count;
}

}  // namespace

std::size_t FormLayout::leaves() const { return leaves_of(data_->shape); }

bool FormLayout::has_rules() const { return data_->has_rules; }

}  // namespace jx::cases
