// run_control.cpp - if, for, some, every.
#include "code.hpp"

#include <fmt/format.h>

namespace jx::rules {
namespace {

struct Conditional final : Node {
  NodePtr condition, then, otherwise;
  Conditional(NodePtr c, NodePtr t, NodePtr o, std::uint32_t position)
      : Node(position), condition(std::move(c)), then(std::move(t)), otherwise(std::move(o)) {}
  Value eval(Run& run) const override {
    Value room;
    const Value& holds = condition->view(run, room);
    if (holds.is_true()) return then->eval(run);
    if (!holds.is_false() && !holds.is_null())
      run.report(
          DiagnosticCode::type, condition->at,
          {fmt::format("the condition is {}, neither true nor false", name(holds.kind())), fmt::format("条件是 {}，不是布尔值", name(holds.kind()))});
    return otherwise->eval(run);
  }
};

/// What one variable of a loop goes over: a list, a range, or `low..high`.
struct Domain {
  NodePtr low, high;  // high: only for `low..high`
  std::size_t slot;
};

/// Calls `visit` for each value; false from it ends the walk. False if there is nothing to walk over.
template <class Visit>
bool walk(Run& run, const Domain& domain, Visit visit) {
  const auto refuse = [&](const Value& value) {
    run.report(DiagnosticCode::type, domain.low->at,
               {fmt::format("cannot go over {}", name(value.kind())), fmt::format("不能逐项遍历 {}", name(value.kind()))});
    return false;
  };
  const auto between = [&](const Value& low, const Value& high, bool low_closed, bool high_closed) {
    if (low.kind() != high.kind() || !(low.is(Kind::number) || low.is(Kind::date)))
      return refuse(low.is(Kind::number) || low.is(Kind::date) ? high : low);
    if (low.is(Kind::date)) {
      std::int64_t day = low.date().days, last = high.date().days;
      const std::int64_t step = last >= day ? 1 : -1;
      if (!low_closed) day += step;
      if (!high_closed) last -= step;
      for (; step > 0 ? day <= last : day >= last; day += step)
        if (!run.step() || !visit(Value(Date{day}))) break;
      return true;
    }
    Number at = low.number(), last = high.number();
    if (!at.is_integer() || !last.is_integer()) {
      run.report(DiagnosticCode::value, domain.low->at, {"a loop counts in whole numbers", "循环区间须为整数"});
      return false;
    }
    const bool up = at <= last;
    const Number step = up ? 1 : -1;
    if (!low_closed) at = *add(at, step);
    for (; up ? at <= last : at >= last; at = *add(at, step)) {
      if (!high_closed && at == last) break;
      if (!run.step() || !visit(Value(at))) break;
    }
    return true;
  };
  const Value low = domain.low->eval(run);
  if (domain.high) return between(low, domain.high->eval(run), true, true);
  if (low.is(Kind::list)) {
    for (const auto& item : low.items())
      if (!run.step() || !visit(item)) break;
    return true;
  }
  if (low.is(Kind::range) && order(low.range().low, low.range().high).value_or(1) > 0) return refuse(low);  // an empty range is none
  if (low.is(Kind::range)) return between(low.range().low, low.range().high, low.range().low_closed, low.range().high_closed);
  if (low.is_null()) return refuse(low);
  visit(low);  // a single value is a list of one
  return true;
}

struct Loop final : Node {
  std::vector<Domain> domains;
  std::size_t partial_slot = 0;
  bool uses_partial = false;
  NodePtr body;
  explicit Loop(std::uint32_t position) : Node(position) {}

  Value eval(Run& run) const override {
    std::vector<Value> results;
    if (uses_partial) run.frame[partial_slot] = Value::list({});
    if (!nest(run, 0, results)) return {};
    return uses_partial ? run.frame[partial_slot] : run.list(std::move(results), at);
  }

 private:
  bool nest(Run& run, std::size_t depth, std::vector<Value>& results) const {
    bool ok = true;
    const bool walked = walk(run, domains[depth], [&](const Value& value) {
      run.frame[domains[depth].slot] = value;
      if (depth + 1 < domains.size()) {
        ok = nest(run, depth + 1, results);
        return ok;
      }
      Value result = body->eval(run);
      if (uses_partial) {
        ok = extend(run, run.frame[partial_slot], std::move(result));
      } else {
        results.push_back(std::move(result));
        ok = results.size() <= run.options.limits.list_items || !run.list(std::move(results), at).is_null();
      }
      return ok && !run.stopped();
    });
    return walked && ok && !run.stopped();
  }

  // `partial` grows in place; only where the body has kept it is it copied.
  bool extend(Run& run, Value& partial, Value result) const {
    if (partial.items().size() < run.options.limits.list_items && append_in_place(partial, result)) return true;
    std::vector<Value> items(partial.items().begin(), partial.items().end());
    items.push_back(std::move(result));
    if (!run.steps(items.size())) return false;
    partial = run.list(std::move(items), at);
    return !partial.is_null();
  }
};

/// some: true ends it; every: false does.
struct Quantified final : Node {
  bool decisive;
  std::vector<Domain> domains;
  NodePtr condition;
  Quantified(bool d, std::uint32_t position) : Node(position), decisive(d) {}

  Value eval(Run& run) const override {
    bool unknown = false, decided = false;
    if (!nest(run, 0, unknown, decided)) return {};
    if (decided) return Value(decisive);
    return unknown ? Value() : Value(!decisive);
  }

 private:
  bool nest(Run& run, std::size_t depth, bool& unknown, bool& decided) const {
    bool ok = true;
    const bool walked = walk(run, domains[depth], [&](const Value& value) {
      run.frame[domains[depth].slot] = value;
      if (depth + 1 < domains.size()) {
        ok = nest(run, depth + 1, unknown, decided);
        return ok && !decided;
      }
      const Value holds = condition->eval(run);
      if (!holds.is(Kind::boolean)) unknown = true;
      if (!holds.is(Kind::boolean) && !holds.is_null()) {
        run.report(DiagnosticCode::type, condition->at,
                   {fmt::format("the condition is {}, neither true nor false", name(holds.kind())),
                    fmt::format("条件是 {}，不是布尔值", name(holds.kind()))});
        return ok = false;
      }
      decided = holds.is(Kind::boolean) && holds.boolean() == decisive;
      return !decided;
    });
    return walked && ok && !run.stopped();
  }
};

bool mentions(const Ast& ast, std::size_t slot) {
  if (ast.op == Op::local && ast.index == slot) return true;
  if (ast.function)
    for (const auto& capture : ast.function->captures)
      if (mentions(*capture.from, slot)) return true;
  for (const auto& kid : ast.kids)
    if (mentions(*kid, slot)) return true;
  return false;
}

std::vector<Domain> compile_domains(const Ast& ast, const Site& site) {
  std::vector<Domain> domains;
  for (std::size_t i = 0; i + 1 < ast.kids.size(); ++i) {
    const Ast& iteration = *ast.kids[i];
    domains.push_back({compile(*iteration.kids[0], site), iteration.kids.size() == 2 ? compile(*iteration.kids[1], site) : nullptr, ast.slots[i]});
  }
  return domains;
}

}  // namespace

NodePtr compile_control(const Ast& ast, const Site& site) {
  if (ast.op == Op::conditional)
    return std::make_unique<Conditional>(compile(*ast.kids[0], site), compile(*ast.kids[1], site), compile(*ast.kids[2], site), ast.at);
  if (ast.op == Op::loop) {
    auto loop = std::make_unique<Loop>(ast.at);
    loop->domains = compile_domains(ast, site);
    loop->partial_slot = ast.slots.back();
    loop->uses_partial = mentions(*ast.kids.back(), loop->partial_slot);
    loop->body = compile(*ast.kids.back(), site);
    return loop;
  }
  auto quantified = std::make_unique<Quantified>(ast.op == Op::some, ast.at);
  quantified->domains = compile_domains(ast, site);
  quantified->condition = compile(*ast.kids.back(), site);
  return quantified;
}

}  // namespace jx::rules
