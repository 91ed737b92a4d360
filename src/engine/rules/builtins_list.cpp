// builtins_list.cpp - list functions and sort (DMN 1.5, tables 74 and 79).
#include "builtins.hpp"
#include "run.hpp"

#include <algorithm>

namespace jx::rules {
namespace {

using Items = std::span<const Value>;

std::vector<Value> copy(Items items) { return {items.begin(), items.end()}; }

/// Where a position (1-based; negative from the end) points, from 0; nullopt if outside of `size`.
std::optional<std::size_t> place(std::int64_t position, std::size_t size) {
  const auto n = static_cast<std::int64_t>(size);
  const std::int64_t at = position > 0 ? position - 1 : n + position;
  if (position == 0 || at < 0 || at >= n) return std::nullopt;
  return static_cast<std::size_t>(at);
}

Value call_list_contains(const Call& call) {
  const auto items = call.list(0);
  if (!items) return {};
  for (const auto& item : *items) {
    if (!call.run.step()) return {};
    if (equal(call.run, item, call[1]) == Truth::yes) return Value(true);
  }
  return Value(false);
}

Value call_count(const Call& call) {
  const auto items = call.list(0);
  return items ? Value(static_cast<std::int64_t>(items->size())) : Value();
}

template <int sign>
Value call_extreme(const Call& call) {
  const auto items = call.items();
  if (!items || items->empty()) return items ? call.refuse_value() : Value();
  const Value* best = items->data();
  if (!order(*best, *best)) return call.refuse_value();
  for (const auto& item : items->subspan(1)) {
    const auto ordering = order(item, *best);
    if (!ordering) return call.refuse(DiagnosticCode::type, {"the items cannot be compared", "各项不能比较"});
    if (*ordering * sign > 0) best = &item;
  }
  return *best;
}

/// The numbers of the list or of the arguments; nullopt, and reported, if one is no number.
std::optional<std::vector<Number>> numbers(const Call& call) {
  const auto items = call.items();
  if (!items || !call.run.steps(items->size())) return std::nullopt;
  std::vector<Number> list;
  list.reserve(items->size());
  for (const auto& item : *items) {
    if (!item.is(Kind::number)) {
      call.refuse(DiagnosticCode::type, {"an item is no number", "列表中有非数值项"});
      return std::nullopt;
    }
    list.push_back(item.number());
  }
  return list;
}

std::optional<Number> sum_of(const std::vector<Number>& list) {
  std::optional<Number> total = Number();
  for (const auto& number : list)
    if (!(total = add(*total, number))) break;
  return total;
}

Value call_sum(const Call& call) {
  const auto list = numbers(call);
  if (!list) return {};
  return list->empty() ? call.refuse_value() : call.give(sum_of(*list));
}

std::optional<Number> mean_of(const std::vector<Number>& list) {
  const auto total = sum_of(list);
  return total && !list.empty() ? divide(*total, Number(list.size())) : std::nullopt;
}

Value call_mean(const Call& call) {
  const auto list = numbers(call);
  return list ? call.give(mean_of(*list)) : Value();
}

Value call_product(const Call& call) {
  const auto list = numbers(call);
  if (!list) return {};
  if (list->empty()) return call.refuse_value();
  std::optional<Number> total = Number(1);
  for (const auto& number : *list)
    if (!(total = multiply(*total, number))) break;
  return call.give(total);
}

Value call_median(const Call& call) {
  auto list = numbers(call);
  if (!list) return {};
  if (list->empty()) return call.refuse_value();
  std::ranges::sort(*list);
  const std::size_t middle = list->size() / 2;
  if (list->size() % 2 == 1) return Value((*list)[middle]);
  const auto both = add((*list)[middle - 1], (*list)[middle]);
  return call.give(both ? divide(*both, 2) : std::nullopt);
}

/// Of a sample: n - 1.
Value call_stddev(const Call& call) {
  const auto list = numbers(call);
  if (!list) return {};
  const auto mean = mean_of(*list);
  if (!mean || list->size() < 2) return call.refuse_value();
  std::optional<Number> squares = Number();
  for (const auto& number : *list) {
    const auto off = subtract(number, *mean);
    const auto square = off ? multiply(*off, *off) : std::nullopt;
    squares = squares && square ? add(*squares, *square) : std::nullopt;
  }
  const auto variance = squares ? divide(*squares, Number(list->size() - 1)) : std::nullopt;
  return call.give(variance ? square_root(*variance) : std::nullopt);
}

Value call_mode(const Call& call) {
  auto list = numbers(call);
  if (!list) return {};
  std::ranges::sort(*list);
  std::size_t most = 0;
  std::vector<Value> modes;
  for (std::size_t i = 0; i < list->size();) {
    std::size_t end = i + 1;
    while (end < list->size() && (*list)[end] == (*list)[i]) ++end;
    if (end - i > most) {
      most = end - i;
      modes.clear();
    }
    if (end - i == most) modes.emplace_back((*list)[i]);
    i = end;
  }
  return Value::list(std::move(modes));
}

/// all, any: `decisive` ends it; null if the answer hangs on something that is no boolean.
template <bool decisive>
Value call_booleans(const Call& call) {
  const auto items = call.items();
  if (!items) return {};
  bool unknown = false;
  for (const auto& item : *items) {
    if (item.is(Kind::boolean) && item.boolean() == decisive) return Value(decisive);
    unknown |= !item.is(Kind::boolean);
  }
  if (unknown) return call.refuse(DiagnosticCode::type, {"an item is neither true nor false", "列表中有非布尔值项"});
  return Value(!decisive);
}

Value call_sublist(const Call& call) {
  const auto items = call.list(0);
  const auto position = items ? call.integer(1) : std::nullopt;
  if (!position) return {};
  const auto start = place(*position, items->size());
  if (!start) return call.refuse_value();
  std::size_t length = items->size() - *start;
  if (call.given > 2 && call.has(2)) {
    const auto wanted = call.integer(2);
    if (!wanted) return {};
    if (*wanted < 1 || static_cast<std::size_t>(*wanted) > length) return call.refuse_value();
    length = static_cast<std::size_t>(*wanted);
  }
  return call.run.list(copy(items->subspan(*start, length)), call.at);
}

Value call_append(const Call& call) {
  const auto items = call.list(0);
  if (!items) return {};
  auto list = copy(*items);
  for (std::size_t i = 1; i < call.given; ++i) list.push_back(call[i]);
  return call.run.steps(list.size()) ? call.run.list(std::move(list), call.at) : Value();
}

Value call_concatenate(const Call& call) {
  std::vector<Value> list;
  for (std::size_t i = 0; i < call.given; ++i) {
    const auto items = call.list(i);
    if (!items || !call.run.steps(items->size())) return {};
    list.insert(list.end(), items->begin(), items->end());
  }
  return call.run.list(std::move(list), call.at);
}

Value call_insert_before(const Call& call) {
  const auto items = call.list(0);
  const auto position = items ? call.integer(1) : std::nullopt;
  if (!position) return {};
  const auto at = place(*position, items->size());
  if (!at) return call.refuse_value();
  auto list = copy(*items);
  list.insert(list.begin() + static_cast<std::ptrdiff_t>(*at), call[2]);
  return call.run.list(std::move(list), call.at);
}

Value call_remove(const Call& call) {
  const auto items = call.list(0);
  const auto position = items ? call.integer(1) : std::nullopt;
  if (!position) return {};
  const auto at = place(*position, items->size());
  if (!at) return call.refuse_value();
  auto list = copy(*items);
  list.erase(list.begin() + static_cast<std::ptrdiff_t>(*at));
  return call.run.list(std::move(list), call.at);
}

/// By position, or every item for which function(item, newItem) is true.
Value call_list_replace(const Call& call) {
  const auto items = call.list(0);
  if (!items) return {};
  auto list = copy(*items);
  if (!call[1].is(Kind::function)) {
    const auto position = call.integer(1);
    if (!position) return {};
    const auto at = place(*position, list.size());
    if (!at) return call.refuse_value();
    list[*at] = call[2];
    return call.run.list(std::move(list), call.at);
  }
  if (call[1].function().parameters.size() != 2 || call[1].function().builtin) return call.wrong_type(1);
  for (auto& item : list) {
    const Value arguments[] = {item, call[2]};
    const Value matches = call.run.call(call[1], arguments, call.at);
    if (!matches.is(Kind::boolean)) return call.refuse(DiagnosticCode::type, {"the match function gives no boolean", "匹配函数的结果不是布尔值"});
    if (matches.boolean()) item = call[2];
  }
  return call.run.list(std::move(list), call.at);
}

Value call_reverse(const Call& call) {
  const auto items = call.list(0);
  if (!items) return {};
  auto list = copy(*items);
  std::ranges::reverse(list);
  return call.run.list(std::move(list), call.at);
}

Value call_index_of(const Call& call) {
  const auto items = call.list(0);
  if (!items) return {};
  std::vector<Value> found;
  for (std::size_t i = 0; i < items->size(); ++i) {
    if (!call.run.step()) return {};
    if (equal(call.run, (*items)[i], call[1]) == Truth::yes) found.emplace_back(static_cast<std::int64_t>(i + 1));
  }
  return call.run.list(std::move(found), call.at);
}

/// Adds the items that are not there yet; false when a limit is reached.
bool add_distinct(Run& run, std::vector<Value>& list, Items items) {
  for (const auto& item : items) {
    const bool known = std::ranges::any_of(list, [&](const Value& other) { return run.step() && equal(run, item, other) == Truth::yes; });
    if (run.stopped()) return false;
    if (!known) list.push_back(item);
  }
  return true;
}

Value call_distinct_values(const Call& call) {
  const auto items = call.list(0);
  std::vector<Value> list;
  if (!items || !add_distinct(call.run, list, *items)) return {};
  return call.run.list(std::move(list), call.at);
}

Value call_union(const Call& call) {
  std::vector<Value> list;
  for (std::size_t i = 0; i < call.given; ++i) {
    const auto items = call.list(i);
    if (!items || !add_distinct(call.run, list, *items)) return {};
  }
  return call.run.list(std::move(list), call.at);
}

bool flatten_into(Run& run, std::vector<Value>& list, Items items) {
  for (const auto& item : items) {
    if (!run.step() || list.size() > run.options.limits.list_items) return false;
    if (!item.is(Kind::list)) {
      list.push_back(item);
    } else if (!flatten_into(run, list, item.items())) {
      return false;
    }
  }
  return true;
}

Value call_flatten(const Call& call) {
  const auto items = call.list(0);
  std::vector<Value> list;
  if (!items) return {};
  flatten_into(call.run, list, *items);
  return call.run.stopped() ? Value() : call.run.list(std::move(list), call.at);
}

/// Merge sort, stable; `precedes` may contradict itself without harm.
template <class Precedes>
void merge_sort(std::vector<Value>& list, std::vector<Value>& room, std::size_t begin, std::size_t end, Precedes precedes) {
  if (end - begin < 2) return;
  const std::size_t middle = begin + (end - begin) / 2;
  merge_sort(list, room, begin, middle, precedes);
  merge_sort(list, room, middle, end, precedes);
  std::size_t a = begin, b = middle;
  for (std::size_t out = begin; out < end; ++out) {
    const bool right = a == middle || (b < end && precedes(list[b], list[a]));
    room[out] = std::move(list[right ? b++ : a++]);
  }
  std::move(room.begin() + static_cast<std::ptrdiff_t>(begin), room.begin() + static_cast<std::ptrdiff_t>(end),
            list.begin() + static_cast<std::ptrdiff_t>(begin));
}

Value call_sort(const Call& call) {
  const auto items = call.list(0);
  if (!items) return {};
  auto list = copy(*items);
  std::vector<Value> room(list.size());
  bool possible = true;
  if (call.given > 1 && call.has(1)) {
    if (!call[1].is(Kind::function)) return call.wrong_type(1);
    const auto& function = call[1].function();
    if (function.parameters.size() != 2) return call.wrong_type(1);
    merge_sort(list, room, 0, list.size(), [&](const Value& a, const Value& b) {
      const Value arguments[] = {a, b};
      if (!possible) return false;
      const Value result = function.builtin ? function.builtin->call({call.run, arguments, 2, call.at, *function.builtin})
                                            : call.run.call(call[1], arguments, call.at);
      possible = result.is(Kind::boolean);
      return result.is_true();
    });
  } else {
    merge_sort(list, room, 0, list.size(), [&](const Value& a, const Value& b) {
      const auto ordering = call.run.step() ? order(a, b) : std::nullopt;
      possible &= ordering.has_value();
      return ordering.value_or(0) < 0;
    });
  }
  if (!possible) return call.refuse(DiagnosticCode::type, {"the items cannot be put in order", "各项不能排序"});
  return call.run.list(std::move(list), call.at);
}

}  // namespace

void add_list_builtins(std::vector<Builtin>& table) {
  const auto boolean = TypeKind::boolean, number = TypeKind::number, list = TypeKind::list;
  table.push_back({"list contains", call_list_contains, {{{"list", "element"}, 2}}, false, boolean});
  table.push_back({"count", call_count, {{{"list"}, 1}}, false, number});
  table.push_back({"min", call_extreme<-1>, {{{"list"}, 1}}, true});
  table.push_back({"max", call_extreme<1>, {{{"list"}, 1}}, true});
  table.push_back({"sum", call_sum, {{{"list"}, 1}}, true, number});
  table.push_back({"mean", call_mean, {{{"list"}, 1}}, true, number});
  table.push_back({"product", call_product, {{{"list"}, 1}}, true, number});
  table.push_back({"median", call_median, {{{"list"}, 1}}, true, number});
  table.push_back({"stddev", call_stddev, {{{"list"}, 1}}, true, number});
  table.push_back({"mode", call_mode, {{{"list"}, 1}}, true, list});
  table.push_back({"all", call_booleans<false>, {{{"list"}, 1}}, true, boolean});
  table.push_back({"any", call_booleans<true>, {{{"list"}, 1}}, true, boolean});
  table.push_back({"and", call_booleans<false>, {{{"list"}, 1}}, true, boolean});  // names of DMN 1.1
  table.push_back({"or", call_booleans<true>, {{{"list"}, 1}}, true, boolean});
  table.push_back({"sublist", call_sublist, {{{"list", "start position", "length"}, 2}}, false, list});
  table.push_back({"append", call_append, {{{"list", "item"}, 2}}, true, list});
  table.push_back({"concatenate", call_concatenate, {{{"list"}, 1}}, true, list});
  table.push_back({"insert before", call_insert_before, {{{"list", "position", "newItem"}, 3}}, false, list});
  table.push_back({"remove", call_remove, {{{"list", "position"}, 2}}, false, list});
  table.push_back({"list replace", call_list_replace, {{{"list", "position", "newItem"}, 3}, {{"list", "match", "newItem"}, 3}}, false, list});
  table.push_back({"reverse", call_reverse, {{{"list"}, 1}}, false, list});
  table.push_back({"index of", call_index_of, {{{"list", "match"}, 2}}, false, list});
  table.push_back({"union", call_union, {{{"list"}, 1}}, true, list});
  table.push_back({"distinct values", call_distinct_values, {{{"list"}, 1}}, false, list});
  table.push_back({"flatten", call_flatten, {{{"list"}, 1}}, false, list});
  table.push_back({"sort", call_sort, {{{"list", "precedes"}, 1}}, false, list});
}

}  // namespace jx::rules
