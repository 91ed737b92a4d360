#include "forms.hpp"

#include <jx/rules/time.hpp>
#include <jx/wire.hpp>

#include <unicode/uregex.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <optional>

namespace jx::cases {
namespace {

namespace json = boost::json;
using wire::pointer_step;

/// A compiled pattern; matching copies it, because ICU's are not thread-safe.
struct Pattern {
  struct Close {
    void operator()(URegularExpression* r) const { uregex_close(r); }
  };
  using Handle = std::unique_ptr<URegularExpression, Close>;
  std::string text;
  Handle handle;

  static std::u16string wide(std::string_view text) {
    std::u16string out(text.size(), u'\0');
    int32_t length = 0;
    UErrorCode error = U_ZERO_ERROR;
    u_strFromUTF8WithSub(out.data(), static_cast<int32_t>(out.size()), &length, text.data(), static_cast<int32_t>(text.size()), 0xfffd, nullptr,
                         &error);
    out.resize(static_cast<std::size_t>(std::max(length, 0)));
    return out;
  }
  static std::optional<Pattern> compile(std::string_view text) {
    UErrorCode error = U_ZERO_ERROR;
    const auto source = wide(text);
    Handle handle(uregex_open(source.data(), static_cast<int32_t>(source.size()), 0, nullptr, &error));
    if (U_FAILURE(error) != 0) return std::nullopt;
    return Pattern{std::string(text), std::move(handle)};
  }
  [[nodiscard]] bool found_in(std::string_view subject) const {
    UErrorCode error = U_ZERO_ERROR;
    Handle own(uregex_clone(handle.get(), &error));
    const auto input = wide(subject);
    uregex_setTimeLimit(own.get(), 1'000, &error);  // a bad pattern must not hold up an act
    uregex_setText(own.get(), input.data(), static_cast<int32_t>(input.size()), &error);
    return uregex_find(own.get(), 0, &error) != 0 && U_FAILURE(error) == 0;
  }
};

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string_view type_of(const json::value& v) {
  switch (v.kind()) {
    case json::kind::null: return "null";
    case json::kind::bool_: return "boolean";
    case json::kind::int64:
    case json::kind::uint64: return "integer";
    case json::kind::double_: return std::nearbyint(v.get_double()) == v.get_double() ? "integer" : "number";
    case json::kind::string: return "string";
    case json::kind::array: return "array";
    case json::kind::object: return "object";
  }
  return "null";
}

double number_of(const json::value& v) {
  return v.is_int64() ? static_cast<double>(v.get_int64()) : v.is_uint64() ? static_cast<double>(v.get_uint64()) : v.get_double();
}

bool has_format(std::string_view format, std::string_view text) {
  if (format == "date") return LocalDate::parse(text).has_value();
  if (format == "date-time") return Instant::parse(text).has_value();
  if (format == "time") return rules::Time::parse(text).has_value();
  if (format == "email") {
    const auto at = text.find('@');
    return at != std::string_view::npos && at > 0 && text.find('@', at + 1) == std::string_view::npos &&
           text.find('.', at) != std::string_view::npos && text.back() != '.' && text.find(' ') == std::string_view::npos;
  }
  if (format == "uri") return text.find(':') != std::string_view::npos && text.find(' ') == std::string_view::npos;
  return Uuid::parse(text).has_value();
}
constexpr std::array formats{"date", "date-time", "time", "email", "uri", "uuid"};

const std::map<std::string_view, Words>& type_words() {
  static const std::map<std::string_view, Words> words{{"string", {"a text", "文本"}},   {"integer", {"a whole number", "整数"}},
                                                       {"number", {"a number", "数字"}}, {"boolean", {"yes or no", "是或否"}},
                                                       {"array", {"a list", "列表"}},    {"object", {"a group of fields", "一组字段"}},
                                                       {"null", {"nothing", "空"}}};
  return words;
}

std::string plain(double n) {
  if (std::nearbyint(n) == n && std::fabs(n) < 1e15) return std::to_string(static_cast<long long>(n));
  return wire::to_text(json::value(n));
}

}  // namespace

struct FormSchema::Node {
  using Ptr = std::unique_ptr<Node>;
  bool never = false;  // the schema `false`
  std::vector<std::string> types;
  std::vector<std::pair<std::string, Ptr>> properties;
  std::vector<std::pair<Pattern, Ptr>> pattern_properties;
  std::vector<std::string> required;
  Ptr additional, names, items, contains, negated, condition, then_schema, else_schema;
  const Node* reference = nullptr;  // $ref: into `kept` of the root
  std::vector<Ptr> kept;
  std::vector<Ptr> tuple;
  Ptr additional_items;
  std::vector<Ptr> all, any, one;
  std::vector<std::pair<std::string, Ptr>> dependent;
  std::vector<std::pair<std::string, std::vector<std::string>>> dependent_required;
  std::optional<std::size_t> length_min, length_max, items_min, items_max, properties_min, properties_max;
  std::optional<double> minimum, maximum, above, below, multiple;
  bool unique = false;
  std::optional<Pattern> pattern;
  std::string format;
  std::optional<json::array> allowed;
  std::optional<json::value> constant;
};

namespace {

using Node = FormSchema::Node;
using Ptr = Node::Ptr;

// --- compiling -----------------------------------------------------------------------------------------------------------

class SchemaCompiler {
 public:
  explicit SchemaCompiler(const json::value& root) : root_(root) {}

  Result<Ptr> node(const json::value& schema, const std::string& at, unsigned depth) {
    if (depth > schema_depth_max) return refuse(at, {"the schemas nest too deeply", "模式嵌套过深"});
    auto made = std::make_unique<Node>();
    if (schema.is_bool()) {
      made->never = !schema.get_bool();
      return made;
    }
    if (!schema.is_object()) return refuse(at, {"a schema is an object or true or false", "模式应为对象或布尔值"});
    for (const auto& [key, value] : schema.get_object()) JX_CHECK(keyword(*made, key, value, at + pointer_step(key), depth));
    return made;
  }

  /// Follows every $ref after all is read, so that schemas may refer to one another.
  Result<> resolve() {
    while (!pending_.empty()) {
      auto [holder, target, at] = pending_.back();
      pending_.pop_back();
      auto found = done_.find(target);
      if (found == done_.end()) {
        if (!target.starts_with('#')) return refuse(at, {"$ref leads only into this schema: #/definitions/…", "$ref 只能引用本模式内的定义"});
        if (done_.size() > 200) return refuse(at, {"too many references", "引用过多"});
        boost::system::error_code error;
        const json::value* value = root_.find_pointer(target.substr(1), error);
        if (value == nullptr) return refuse(at, {"$ref leads to nothing: " + target, "$ref 无目标：" + target});
        JX_TRY(made, node(*value, target.substr(1), 1));
        found = done_.emplace(target, made.get()).first;
        kept_.push_back(std::move(made));
      }
      holder->reference = found->second;
    }
    return {};
  }
  [[nodiscard]] std::vector<Ptr> take_kept() && { return std::move(kept_); }

 private:
  static std::unexpected<Error> refuse(const std::string& at, Words words) { return fail(ErrorCode::invalid, std::move(words), at); }

  Result<> child(Ptr& slot, const json::value& value, const std::string& at, unsigned depth) {
    JX_TRY(made, node(value, at, depth + 1));
    slot = std::move(made);
    return {};
  }
  Result<> children(std::vector<Ptr>& slot, const json::value& value, const std::string& at, unsigned depth) {
    if (!value.is_array() || value.get_array().empty()) return refuse(at, {"a list of schemas is expected", "此处应为模式列表"});
    for (std::size_t i = 0; i < value.get_array().size(); ++i)
      JX_CHECK(child(slot.emplace_back(), value.get_array()[i], at + "/" + std::to_string(i), depth));
    return {};
  }
  static Result<> texts(std::vector<std::string>& slot, const json::value& value, const std::string& at) {
    if (!value.is_array()) return refuse(at, {"a list of texts is expected", "此处应为文本列表"});
    for (const auto& x : value.get_array()) {
      if (!x.is_string()) return refuse(at, {"a list of texts is expected", "此处应为文本列表"});
      slot.emplace_back(x.get_string());
    }
    return {};
  }
  static Result<> size(std::optional<std::size_t>& slot, const json::value& value, const std::string& at) {
    if (!value.is_int64() || value.get_int64() < 0) return refuse(at, {"a whole number of 0 or more is expected", "此处应为非负整数"});
    slot = static_cast<std::size_t>(value.get_int64());
    return {};
  }
  static Result<> number(std::optional<double>& slot, const json::value& value, const std::string& at) {
    if (!value.is_number()) return refuse(at, {"a number is expected", "此处应为数字"});
    slot = number_of(value);
    return {};
  }

  Result<> keyword(Node& n, std::string_view key, const json::value& v, const std::string& at, unsigned depth) {
    if (key.starts_with("x-") || key == "$schema" || key == "$id" || key == "$comment" || key == "title" || key == "description" ||
        key == "default" || key == "examples" || key == "readOnly" || key == "writeOnly" || key == "definitions")
      return {};
    if (key == "$ref") {
      if (!v.is_string()) return refuse(at, {"$ref is a text", "$ref 应为文本"});
      pending_.push_back({&n, std::string(v.get_string()), at});
      return {};
    }
    if (key == "type") return type(n, v, at);
    if (key == "enum") {
      if (!v.is_array() || v.get_array().empty()) return refuse(at, {"enum is a list that is not empty", "enum 应为非空列表"});
      n.allowed = v.get_array();
      return {};
    }
    if (key == "const") return n.constant = v, Result<>{};
    if (key == "format") return format(n, v, at);
    if (key == "pattern") return pattern(n.pattern, v, at);
    if (key == "uniqueItems") {
      if (!v.is_bool()) return refuse(at, {"true or false is expected", "此处应为布尔值"});
      return n.unique = v.get_bool(), Result<>{};
    }
    if (auto done = sizes(n, key, v, at)) return *done;
    if (auto done = schemas(n, key, v, at, depth)) return *done;
    return refuse(at, {"the keyword `" + std::string(key) + "` is not enforced by this program, so it is refused",
                       "本程序不支持关键字“" + std::string(key) + "”"});
  }

  static Result<> type(Node& n, const json::value& v, const std::string& at) {
    JX_CHECK(texts(n.types, v.is_string() ? json::value(json::array{v}) : v, at));
    for (const auto& t : n.types) {
      if (!type_words().contains(t)) return refuse(at, {"there is no type `" + t + "`", "没有类型“" + t + "”"});
    }
    return {};
  }
  static Result<> format(Node& n, const json::value& v, const std::string& at) {
    if (!v.is_string() || std::find(formats.begin(), formats.end(), v.get_string()) == formats.end())
      return refuse(at, {"format is one of date, date-time, time, email, uri, uuid", "format 只能为 date、date-time、time、email、uri、uuid"});
    n.format = v.get_string();
    return {};
  }
  static Result<> pattern(std::optional<Pattern>& slot, const json::value& v, const std::string& at) {
    if (!v.is_string() || v.get_string().size() > 1'000 || !(slot = Pattern::compile(v.get_string())))
      return refuse(at, {"the pattern cannot be read", "正则表达式无法识别"});
    return {};
  }
  static std::optional<Result<>> sizes(Node& n, std::string_view key, const json::value& v, const std::string& at) {
    if (key == "minLength") return size(n.length_min, v, at);
    if (key == "maxLength") return size(n.length_max, v, at);
    if (key == "minItems") return size(n.items_min, v, at);
    if (key == "maxItems") return size(n.items_max, v, at);
    if (key == "minProperties") return size(n.properties_min, v, at);
    if (key == "maxProperties") return size(n.properties_max, v, at);
    if (key == "minimum") return number(n.minimum, v, at);
    if (key == "maximum") return number(n.maximum, v, at);
    if (key == "exclusiveMinimum") return number(n.above, v, at);
    if (key == "exclusiveMaximum") return number(n.below, v, at);
    if (key == "multipleOf") {
      auto done = number(n.multiple, v, at);
      if (done && *n.multiple <= 0) return refuse(at, {"multipleOf must be over 0", "multipleOf 必须大于 0"});
      return done;
    }
    if (key == "required") return texts(n.required, v, at);
    return std::nullopt;
  }
  std::optional<Result<>> schemas(Node& n, std::string_view key, const json::value& v, const std::string& at, unsigned depth) {
    if (key == "additionalProperties") return child(n.additional, v, at, depth);
    if (key == "propertyNames") return child(n.names, v, at, depth);
    if (key == "contains") return child(n.contains, v, at, depth);
    if (key == "not") return child(n.negated, v, at, depth);
    if (key == "if") return child(n.condition, v, at, depth);
    if (key == "then") return child(n.then_schema, v, at, depth);
    if (key == "else") return child(n.else_schema, v, at, depth);
    if (key == "additionalItems") return child(n.additional_items, v, at, depth);
    if (key == "items") return v.is_array() ? children(n.tuple, v, at, depth) : child(n.items, v, at, depth);
    if (key == "allOf") return children(n.all, v, at, depth);
    if (key == "anyOf") return children(n.any, v, at, depth);
    if (key == "oneOf") return children(n.one, v, at, depth);
    if (key != "properties" && key != "patternProperties" && key != "dependencies") return std::nullopt;
    if (!v.is_object()) return refuse(at, {"a group of schemas is expected", "此处应为模式的集合"});
    for (const auto& [name, below] : v.get_object()) {
      const std::string place = at + pointer_step(name);
      if (key == "dependencies" && below.is_array()) {
        std::vector<std::string> needed;
        if (auto done = texts(needed, below, place); !done) return done;
        n.dependent_required.emplace_back(name, std::move(needed));
        continue;
      }
      Ptr made;
      if (auto done = child(made, below, place, depth); !done) return done;
      if (key == "properties")
        n.properties.emplace_back(name, std::move(made));
      else if (key == "dependencies")
        n.dependent.emplace_back(name, std::move(made));
      else {
        std::optional<Pattern> compiled;
        if (auto done = pattern(compiled, json::value(name), place); !done) return done;
        n.pattern_properties.emplace_back(std::move(*compiled), std::move(made));
      }
    }
    return Result<>{};
  }

  struct Pending {
    Node* holder;
    std::string target;
    std::string at;
  };
  const json::value& root_;
  std::vector<Pending> pending_;
  std::map<std::string, const Node*> done_;
  std::vector<Ptr> kept_;
};

// --- validating ----------------------------------------------------------------------------------------------------------

class Validator {
 public:
  explicit Validator(std::vector<FormFault>& faults) : faults_(faults) {}

  void check(const Node& n, const json::value& v, const std::string& at, unsigned depth = 0) {
    if (depth > 4 * schema_depth_max) return add(at, {"the data nest too deeply", "数据嵌套过深"});
    if (faults_.size() >= form_faults_max) return;
    if (n.never) return add(at, {"this is not allowed here", "此处不允许填写"});
    if (n.reference) return check(*n.reference, v, at, depth + 1);  // draft-07: beside $ref nothing else counts
    if (!types(n, v, at)) return;
    values(n, v, at);
    if (v.is_string()) text(n, v.get_string(), at);
    if (v.is_number()) number(n, number_of(v), at);
    if (v.is_array()) list(n, v.get_array(), at, depth);
    if (v.is_object()) object(n, v.get_object(), at, depth);
    combined(n, v, at, depth);
  }

 private:
  void add(const std::string& at, Words words) {
    if (faults_.size() < form_faults_max) faults_.push_back({at, std::move(words)});
  }
  static bool fits(const Node& n, const json::value& v, unsigned depth) {
    std::vector<FormFault> faults;
    Validator(faults).check(n, v, "", depth);
    return faults.empty();
  }

  bool types(const Node& n, const json::value& v, const std::string& at) {
    if (n.types.empty()) return true;
    const auto type = type_of(v);
    const bool right = std::any_of(n.types.begin(), n.types.end(), [&](const auto& t) { return t == type || (t == "number" && type == "integer"); });
    if (right) return true;
    const Words& wanted = type_words().at(n.types.front());
    add(at, {"this must be " + wanted.en, "此项应为" + wanted.zh});
    return false;
  }
  void values(const Node& n, const json::value& v, const std::string& at) {
    if (n.allowed && std::none_of(n.allowed->begin(), n.allowed->end(), [&](const auto& x) { return x == v; }))
      add(at, {"choose one of the listed values", "请从所列选项中选择"});
    if (n.constant && !(*n.constant == v)) add(at, {"this value is not allowed", "此值不符合要求"});
  }
  void text(const Node& n, std::string_view v, const std::string& at) {
    const auto length = characters(v);
    if (n.length_min && length < *n.length_min) {
      if (length == 0)
        add(at, {"this must be filled in", "此项必填"});
      else
        add(at, {"at least " + std::to_string(*n.length_min) + " characters", "至少 " + std::to_string(*n.length_min) + " 个字符"});
    }
    if (n.length_max && length > *n.length_max)
      add(at, {"at most " + std::to_string(*n.length_max) + " characters", "最多 " + std::to_string(*n.length_max) + " 个字符"});
    if (n.pattern && !n.pattern->found_in(v)) add(at, {"this does not have the required form", "格式不符合要求"});
    if (!n.format.empty() && !has_format(n.format, v))
      add(at, {"this is not a valid " + n.format, "不是有效的" + (n.format == "date"    ? std::string("日期")
                                                                  : n.format == "email" ? std::string("电子邮箱")
                                                                                        : n.format)});
  }
  void number(const Node& n, double v, const std::string& at) {
    if (n.minimum && v < *n.minimum) add(at, {"at least " + plain(*n.minimum), "不得小于 " + plain(*n.minimum)});
    if (n.maximum && v > *n.maximum) add(at, {"at most " + plain(*n.maximum), "不得大于 " + plain(*n.maximum)});
    if (n.above && v <= *n.above) add(at, {"more than " + plain(*n.above), "必须大于 " + plain(*n.above)});
    if (n.below && v >= *n.below) add(at, {"less than " + plain(*n.below), "必须小于 " + plain(*n.below)});
    if (n.multiple && std::fabs(std::remainder(v, *n.multiple)) > 1e-9 * std::max(1.0, std::fabs(v)))
      add(at, {"a multiple of " + plain(*n.multiple), "应为 " + plain(*n.multiple) + " 的倍数"});
  }
  void list(const Node& n, const json::array& v, const std::string& at, unsigned depth) {
    if (n.items_min && v.size() < *n.items_min)
      add(at, {"at least " + std::to_string(*n.items_min) + " entries", "至少 " + std::to_string(*n.items_min) + " 项"});
    if (n.items_max && v.size() > *n.items_max)
      add(at, {"at most " + std::to_string(*n.items_max) + " entries", "最多 " + std::to_string(*n.items_max) + " 项"});
    for (std::size_t i = 0; i < v.size(); ++i) {
      const std::string place = at + "/" + std::to_string(i);
      if (i < n.tuple.size())
        check(*n.tuple[i], v[i], place, depth + 1);
      else if (n.items)
        check(*n.items, v[i], place, depth + 1);
      else if (!n.tuple.empty() && n.additional_items)
        check(*n.additional_items, v[i], place, depth + 1);
      for (std::size_t j = 0; n.unique && j < i; ++j) {
        if (v[i] == v[j]) {
          add(place, {"this entry is there already", "此项重复"});
          break;
        }
      }
    }
    if (n.contains && std::none_of(v.begin(), v.end(), [&](const auto& x) { return fits(*n.contains, x, depth + 1); }))
      add(at, {"a required entry is missing", "缺少必需的条目"});
  }
  void object(const Node& n, const json::object& v, const std::string& at, unsigned depth) {
    const auto require = [&](const std::vector<std::string>& names) {
      for (const auto& name : names) {
        if (!v.contains(name)) add(at + pointer_step(name), {"this must be filled in", "此项必填"});
      }
    };
    require(n.required);
    if (n.properties_min && v.size() < *n.properties_min) add(at, {"too few fields", "字段过少"});
    if (n.properties_max && v.size() > *n.properties_max) add(at, {"too many fields", "字段过多"});
    for (const auto& [key, value] : v) {
      const std::string place = at + pointer_step(key);
      bool known = false;
      for (const auto& [name, below] : n.properties) {
        if (name != key) continue;
        known = true;
        check(*below, value, place, depth + 1);
      }
      for (const auto& [pattern, below] : n.pattern_properties) {
        if (!pattern.found_in(key)) continue;
        known = true;
        check(*below, value, place, depth + 1);
      }
      if (!known && n.additional && n.additional->never)
        add(place, {"the form has no such field", "表单中没有此字段"});
      else if (!known && n.additional)
        check(*n.additional, value, place, depth + 1);
      if (n.names && !fits(*n.names, json::value(key), depth + 1)) add(place, {"this field name is not allowed", "字段名不符合要求"});
    }
    for (const auto& [name, needed] : n.dependent_required) {
      if (v.contains(name)) require(needed);
    }
    for (const auto& [name, below] : n.dependent) {
      if (v.contains(name)) check(*below, v, at, depth + 1);
    }
  }
  void combined(const Node& n, const json::value& v, const std::string& at, unsigned depth) {
    for (const auto& x : n.all) check(*x, v, at, depth + 1);
    if (!n.any.empty() && std::none_of(n.any.begin(), n.any.end(), [&](const auto& x) { return fits(*x, v, depth + 1); }))
      add(at, {"this fits none of the allowed forms", "不符合任何允许的形式"});
    if (!n.one.empty() && std::count_if(n.one.begin(), n.one.end(), [&](const auto& x) { return fits(*x, v, depth + 1); }) != 1)
      add(at, {"choose one of the listed values", "请从所列选项中选择"});
    if (n.negated && fits(*n.negated, v, depth + 1)) add(at, {"this value is not allowed", "此值不符合要求"});
    if (!n.condition) return;
    const auto& branch = fits(*n.condition, v, depth + 1) ? n.then_schema : n.else_schema;
    if (branch) check(*branch, v, at, depth + 1);
  }

  std::vector<FormFault>& faults_;
};

}  // namespace

Result<FormSchema> FormSchema::compile(const boost::json::value& schema) {
  SchemaCompiler compiler(schema);
  JX_TRY(root, compiler.node(schema, "", 0));
  JX_CHECK(compiler.resolve());
  root->kept = std::move(compiler).take_kept();
  return FormSchema(std::shared_ptr<const Node>(std::move(root)));
}

std::vector<FormFault> FormSchema::validate(const boost::json::value& data) const {
  std::vector<FormFault> faults;
  Validator(faults).check(*root_, data, "");
  return faults;
}

Result<> FormSchema::check(const boost::json::value& data, std::string_view prefix) const {
  const auto faults = validate(data);
  if (faults.empty()) return {};
  return fail(ErrorCode::invalid, faults.front().message, std::string(prefix) + faults.front().pointer);
}

}  // namespace jx::cases
