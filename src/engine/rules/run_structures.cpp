// run_structures.cpp - lists, contexts, ranges, paths and filters.
#include "code.hpp"

#include <fmt/format.h>

namespace jx::rules {
namespace {

struct List final : Node {
  std::vector<NodePtr> items;
  List(std::vector<NodePtr> i, std::uint32_t position) : Node(position), items(std::move(i)) {}
  Value eval(Run& run) const override {
    std::vector<Value> values;
    values.reserve(items.size());
    for (const auto& item : items) values.push_back(item->eval(run));
    return run.list(std::move(values), at);
  }
};

/// Later entries see the earlier ones, in slots of the frame.
struct Context final : Node {
  std::vector<std::string> keys;
  std::vector<std::size_t> slots;
  std::vector<NodePtr> values;
  explicit Context(std::uint32_t position) : Node(position) {}
  Value eval(Run& run) const override {
    std::vector<Entry> entries;
    entries.reserve(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
      run.frame[slots[i]] = values[i]->eval(run);
      entries.push_back({keys[i], run.frame[slots[i]]});
    }
    if (values.size() > keys.size()) return values.back()->eval(run);
    auto context = Value::context(std::move(entries));
    if (context.is_null()) return run.stop(at, {"lists and contexts are nested too deeply or hold too much", "列表和上下文嵌套过深或内容过多"});
    return context;
  }
};

bool may_end_range(const Value& value) { return value.is_null() || order(value, value).has_value(); }

struct Range final : Node {
  NodePtr low, high;
  bool low_closed, high_closed;
  Range(NodePtr l, NodePtr h, bool lc, bool hc, std::uint32_t position)
      : Node(position), low(std::move(l)), high(std::move(h)), low_closed(lc), high_closed(hc) {}
  Value eval(Run& run) const override {
    RangeData range{low->eval(run), high->eval(run), low_closed, high_closed};
    const bool fits =
        may_end_range(range.low) && may_end_range(range.high) && (range.low.is_null() || range.high.is_null() || order(range.low, range.high));
    if (!fits)
      return run.report(DiagnosticCode::type, at,
                        {fmt::format("no range goes from {} to {}", name(range.low.kind()), name(range.high.kind())),
                         fmt::format("{} 与 {} 不能构成区间", name(range.low.kind()), name(range.high.kind()))});
    return Value::range(std::move(range));
  }
};

struct CompareRange final : Node {
  Op op;
  NodePtr end;
  CompareRange(Op o, NodePtr e, std::uint32_t position) : Node(position), op(o), end(std::move(e)) {}
  Value eval(Run& run) const override {
    Value value = end->eval(run);
    if (op == Op::equal) return Value::range({value, value, true, true, false, false, true});
    if (op == Op::not_equal || !order(value, value)) return run.report(DiagnosticCode::type, at, {"this comparison is no range", "此比较不构成区间"});
    if (op == Op::less || op == Op::less_equal) return Value::range({Value(), std::move(value), false, op == Op::less_equal, true});
    return Value::range({std::move(value), Value(), op == Op::greater_equal, false, false, true});
  }
};

struct Path final : Node {
  NodePtr of;
  std::string member;
  Path(NodePtr o, std::string m, std::uint32_t position) : Node(position), of(std::move(o)), member(std::move(m)) {}
  Value eval(Run& run) const override {
    Value room;
    return view(run, room);
  }
  const Value& view(Run& run, Value& room) const override {
    Value of_room;
    const Value& value = of->view(run, of_room);
    if (const Value* entry = value.find(member)) return &value == &of_room ? room = *entry : *entry;
    return room = property(run, value, member, at);
  }
};

/// A number picks one item (negative: from the end); a condition keeps the items for which it is true.
struct Filter final : Node {
  NodePtr of, condition;
  std::size_t item_slot;
  Filter(NodePtr o, NodePtr c, std::size_t slot, std::uint32_t position)
      : Node(position), of(std::move(o)), condition(std::move(c)), item_slot(slot) {}

  Value eval(Run& run) const override {
    Value room;
    const Value& value = of->view(run, room);
    if (value.is(Kind::list)) return over(run, value.items());
    if (value.is_null()) return over(run, {});
    const Value one = value;
    return over(run, {&one, 1});
  }

 private:
  Value over(Run& run, std::span<const Value> items) const {
    if (const Value* known = condition->constant(); known && known->is(Kind::number)) return pick(run, items, known->number());
    std::vector<Value> kept;
    if (items.empty()) {
      run.frame[item_slot] = Value();
      const auto reported = run.diagnostics.size();
      const Value probe = condition->eval(run);  // an index, perhaps; a condition says nothing about no item
      run.diagnostics.resize(reported);
      return probe.is(Kind::number) ? Value() : run.list({}, at);
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (!run.step()) return {};
      run.frame[item_slot] = items[i];
      const Value holds = condition->eval(run);
      if (holds.is_true()) {
        kept.push_back(items[i]);
      } else if (i == 0 && holds.is(Kind::number)) {
        return pick(run, items, holds.number());
      } else if (!holds.is(Kind::boolean) && !holds.is_null()) {
        return run.report(DiagnosticCode::type, at,
                          {fmt::format("a filter needs a condition or a number, not {}", name(holds.kind())),
                           fmt::format("筛选须为条件或序号，而非 {}", name(holds.kind()))});
      }
    }
    return run.list(std::move(kept), at);
  }

  Value pick(Run& run, std::span<const Value> items, const Number& number) const {
    const auto size = static_cast<std::int64_t>(items.size());
    const auto index = number.to_int();
    const std::int64_t from_start = !index ? -1 : *index > 0 ? *index - 1 : *index < 0 ? size + *index : -1;
    if (from_start >= 0 && from_start < size) return items[static_cast<std::size_t>(from_start)];
    return run.report(
        DiagnosticCode::value, at,
        {fmt::format("there is no item {} in a list of {}", number.text(), size), fmt::format("列表共 {1} 项，没有第 {0} 项", number.text(), size)});
  }
};

Value number_or_null(std::int64_t value) { return Value(Number(value)); }

Value of_date(const Date& date, std::string_view name, bool& known) {
  const auto [year, month, day] = date.ymd();
  if (name == "year") return number_or_null(year);
  if (name == "month") return number_or_null(month);
  if (name == "day") return number_or_null(day);
  if (name == "weekday") return number_or_null(date.weekday());
  known = false;
  return {};
}

Value of_time(const Time& time, std::int64_t local_seconds, std::string_view name, bool& known) {
  const std::int64_t seconds = time.nanos / 1'000'000'000;
  if (name == "hour") return number_or_null(seconds / 3600);
  if (name == "minute") return number_or_null(seconds / 60 % 60);
  if (name == "second") {
    const auto nanos = Number::from_parts(false, static_cast<unsigned __int128>(time.nanos % 60'000'000'000), -9);
    return Value(*nanos);
  }
  if (name == "time offset") return time.zone.none() ? Value() : Value(Span{time.zone.offset_at_local(local_seconds), 0});
  if (name == "timezone") return time.zone.is_named() ? Value(time.zone.name()) : Value();
  known = false;
  return {};
}

Value of_span(const Span& span, std::string_view name, bool& known) {
  const bool negative = span.seconds < 0;
  std::int64_t seconds = span.seconds, nanos = span.nanos;
  if (negative) {
    seconds = nanos == 0 ? -seconds : -seconds - 1;
    nanos = nanos == 0 ? 0 : 1'000'000'000 - nanos;
  }
  const auto sign = [&](std::int64_t n) { return number_or_null(negative ? -n : n); };
  if (name == "days") return sign(seconds / 86'400);
  if (name == "hours") return sign(seconds / 3600 % 24);
  if (name == "minutes") return sign(seconds / 60 % 60);
  if (name == "seconds") {
    const auto whole = static_cast<unsigned __int128>(seconds % 60) * 1'000'000'000 + static_cast<unsigned __int128>(nanos);
    return Value(*Number::from_parts(negative, whole, -9));
  }
  known = false;
  return {};
}

Value of_range(const RangeData& range, std::string_view name, bool& known) {
  if (name == "start") return range.low;
  if (name == "end") return range.high;
  if (name == "start included") return Value(range.low_closed);
  if (name == "end included") return Value(range.high_closed);
  known = false;
  return {};
}

}  // namespace

Value property(Run& run, const Value& of, std::string_view member, std::uint32_t at) {
  bool known = true;
  Value result;
  switch (of.kind()) {
    case Kind::null: return {};
    case Kind::context: {
      if (const Value* entry = of.find(member)) return *entry;
      return run.report(DiagnosticCode::missing, at,
                        {fmt::format("the context has no entry '{}'", member), fmt::format("上下文没有条目“{}”", member)});
    }
    case Kind::list: {
      std::vector<Value> values;
      values.reserve(of.items().size());
      for (const auto& item : of.items()) {
        if (!run.step()) return {};
        const Value* entry = item.find(member);
        values.push_back(entry || item.is(Kind::context) ? (entry ? *entry : Value()) : property(run, item, member, at));
      }
      return run.list(std::move(values), at);
    }
    case Kind::date:
      result = of_date(of.date(), member, known);
      if (!known && (member == "hour" || member == "minute" || member == "second")) return number_or_null(0);  // midnight, UTC
      if (!known && member == "time offset") return Value(Span{0, 0});
      if (!known && member == "timezone") return Value();
      break;
    case Kind::time: result = of_time(of.time(), 0, member, known); break;
    case Kind::date_time:
      result = of_date(of.date_time().date(), member, known);
      if (!known) {
        known = true;
        result = of_time(of.date_time().time(), of.date_time().seconds, member, known);
      }
      break;
    case Kind::days_time_duration: result = of_span(of.span(), member, known); break;
    case Kind::years_months_duration:
      if (member == "years") return number_or_null(of.months().months / 12);
      if (member == "months") return number_or_null(of.months().months % 12);
      known = false;
      break;
    case Kind::range: result = of_range(of.range(), member, known); break;
    default: known = false;
  }
  if (known) return result;
  return run.report(DiagnosticCode::type, at,
                    {fmt::format("{} has no '{}'", name(of.kind()), member), fmt::format("{} 没有“{}”", name(of.kind()), member)});
}

NodePtr compile_structure(const Ast& ast, const Site& site) {
  const auto kid = [&](std::size_t i) { return compile(*ast.kids[i], site); };
  switch (ast.op) {
    case Op::list: {
      std::vector<NodePtr> items;
      for (std::size_t i = 0; i < ast.kids.size(); ++i) items.push_back(kid(i));
      return std::make_unique<List>(std::move(items), ast.at);
    }
    case Op::context: {
      auto node = std::make_unique<Context>(ast.at);
      node->keys = ast.names;
      node->slots = ast.slots;
      for (std::size_t i = 0; i < ast.kids.size(); ++i) node->values.push_back(kid(i));
      return node;
    }
    case Op::range: return std::make_unique<Range>(kid(0), kid(1), ast.low_closed, ast.high_closed, ast.at);
    case Op::compare_range: return std::make_unique<CompareRange>(ast.comparison, kid(0), ast.at);
    case Op::path: return std::make_unique<Path>(kid(0), ast.text, ast.at);
    default: return std::make_unique<Filter>(kid(0), kid(1), ast.index, ast.at);
  }
}

}  // namespace jx::rules
