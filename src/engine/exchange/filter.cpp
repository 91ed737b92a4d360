// A filter is parsed once and walked for each row; its size is bounded when it is parsed, so that the walks are.
#include <jx/exchange/filter.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <array>
#include <compare>
#include <optional>
#include <utility>

namespace jx::exchange {
namespace {

namespace json = boost::json;

constexpr std::size_t field_bytes_max = 64;
constexpr std::size_t value_bytes_limit = 200;

constexpr std::array<std::pair<std::string_view, Filter::Kind>, 7> comparisons{{{"eq", Filter::Kind::eq},
                                                                                {"ne", Filter::Kind::ne},
                                                                                {"lt", Filter::Kind::lt},
                                                                                {"le", Filter::Kind::le},
                                                                                {"gt", Filter::Kind::gt},
                                                                                {"ge", Filter::Kind::ge},
                                                                                {"in", Filter::Kind::in}}};

class Parser {
 public:
  Result<Filter> parse(const json::value& value, const std::string& at, std::size_t depth) {
    if (depth > filter_depth_max) return fail(ErrorCode::too_large, {"a filter is at most 8 levels deep", "筛选条件最多8层"}, at);
    if (++nodes_ > filter_nodes_max) return fail(ErrorCode::too_large, {"a filter has at most 100 parts", "筛选条件最多100项"}, at);
    const auto* object = value.if_object();
    if (object == nullptr) return fail(ErrorCode::invalid, {"a filter is an object", "筛选条件应为对象"}, at);
    if (object->size() == 1) {
      const auto& member = *object->begin();
      if (member.key() == "all") return parts(Filter::Kind::all, member.value(), at + "/all", depth);
      if (member.key() == "any") return parts(Filter::Kind::any, member.value(), at + "/any", depth);
      if (member.key() == "not") {
        JX_TRY(inner, parse(member.value(), at + "/not", depth + 1));
        Filter filter;
        filter.kind = Filter::Kind::none;
        filter.parts.push_back(std::move(inner));
        return filter;
      }
    }
    return comparison(*object, at);
  }

 private:
  Result<Filter> parts(Filter::Kind kind, const json::value& value, const std::string& at, std::size_t depth) {
    const auto* list = value.if_array();
    if (list == nullptr || list->empty()) return fail(ErrorCode::invalid, {"a list with at least one filter", "应为至少一项的列表"}, at);
    Filter filter;
    filter.kind = kind;
    for (std::size_t i = 0; i < list->size(); ++i) {
      JX_TRY(part, parse((*list)[i], at + "/" + std::to_string(i), depth + 1));
      filter.parts.push_back(std::move(part));
    }
    return filter;
  }

  static Result<Filter> comparison(const json::object& object, const std::string& at) {
    const auto *field = object.if_contains("field"), *op = object.if_contains("op"), *value = object.if_contains("value");
    if (object.size() != 3 || field == nullptr || op == nullptr || value == nullptr)
      return fail(ErrorCode::invalid, {"a filter is all, any, not, or field, op and value", "筛选条件应为 all、any、not，或 field、op、value"}, at);
    if (!field->is_string() || field->get_string().empty() || field->get_string().size() > field_bytes_max)
      return fail(ErrorCode::invalid, {"the name of a field", "应为字段名"}, at + "/field");
    const auto* found =
        op->is_string() ? std::ranges::find(comparisons, std::string_view(op->get_string()), [](const auto& known) { return known.first; }) : nullptr;
    if (found == nullptr || found == comparisons.end())
      return fail(ErrorCode::invalid, {"one of eq, ne, lt, le, gt, ge, in", "应为 eq、ne、lt、le、gt、ge、in 之一"}, at + "/op");
    Filter filter;
    filter.kind = found->second;
    filter.field = field->get_string();
    if (filter.kind != Filter::Kind::in) {
      JX_CHECK(add(filter, *value, at + "/value"));
      return filter;
    }
    const auto* list = value->if_array();
    if (list == nullptr || list->empty() || list->size() > filter_values_max)
      return fail(ErrorCode::invalid, {"`in` takes a list of 1 to 200 values", "in 的值应为1至200项的列表"}, at + "/value");
    for (std::size_t i = 0; i < list->size(); ++i) JX_CHECK(add(filter, (*list)[i], at + "/value/" + std::to_string(i)));
    return filter;
  }

  static Result<> add(Filter& filter, const json::value& value, const std::string& at) {
    if (!value.is_string() && !value.is_number() && !value.is_bool())
      return fail(ErrorCode::invalid, {"a value is a text, a number or a boolean", "查询值应为文本、数字或布尔值"}, at);
    if (value.is_string() && value.get_string().size() > value_bytes_limit)
      return fail(ErrorCode::invalid, {"a value has at most 200 bytes", "查询值不得超过200字节"}, at);
    filter.values.push_back(value);
    return {};
  }

  std::size_t nodes_ = 0;
};

/// Unordered where the two are not of one kind.
std::partial_ordering compare(const json::value& left, const json::value& right) {
  if (left.is_string() && right.is_string()) return std::string_view(left.get_string()) <=> std::string_view(right.get_string());
  if (left.is_bool() && right.is_bool()) return left.get_bool() <=> right.get_bool();
  if (left.is_int64() && right.is_int64()) return left.get_int64() <=> right.get_int64();
  if (left.is_number() && right.is_number()) return left.to_number<double>() <=> right.to_number<double>();
  return std::partial_ordering::unordered;
}

}  // namespace

bool Filter::holds(const std::function<const json::value&(std::string_view)>& cell) const {
  const auto part_holds = [&](const Filter& part) { return part.holds(cell); };
  switch (kind) {
    case Kind::all: return std::ranges::all_of(parts, part_holds);
    case Kind::any: return std::ranges::any_of(parts, part_holds);
    case Kind::none: return !std::ranges::any_of(parts, part_holds);
    default: break;
  }
  const auto& left = cell(field);
  if (kind == Kind::in) return std::ranges::any_of(values, [&](const json::value& value) { return compare(left, value) == 0; });
  const auto order = compare(left, values.front());
  if (order == std::partial_ordering::unordered) return false;
  switch (kind) {
    case Kind::eq: return order == 0;
    case Kind::ne: return order != 0;
    case Kind::lt: return order < 0;
    case Kind::le: return order <= 0;
    case Kind::gt: return order > 0;
    case Kind::ge: return order >= 0;
    default: return false;
  }
}

void Filter::each_field(const std::string& at, const std::function<void(const std::string&, const std::string&)>& take) const {
  if (!field.empty()) take(field, at + "/field");
  const char* const name = kind == Kind::all ? "/all/" : "/any/";
  for (std::size_t i = 0; i < parts.size(); ++i) parts[i].each_field(kind == Kind::none ? at + "/not" : at + name + std::to_string(i), take);
}

Result<Filter> parse_filter(const json::value& value) { return Parser().parse(value, "/filter", 1); }

}  // namespace jx::exchange
