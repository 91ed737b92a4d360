// run_operators.cpp - arithmetic, comparison and three-valued logic as nodes; and the tests of table cells.
#include "code.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace jx::rules {
namespace {

using Operation = Value (*)(Run&, const Value&, const Value&, std::uint32_t);

Value power_values(Run& run, const Value& a, const Value& b, std::uint32_t at) {
  if (!a.is(Kind::number) || !b.is(Kind::number))
    return run.report(
        DiagnosticCode::type, at,
        {fmt::format("cannot raise {} to {}", name(a.kind()), name(b.kind())), fmt::format("{} 不能以 {} 为指数", name(a.kind()), name(b.kind()))});
  const auto result = power(a.number(), b.number());
  return result ? Value(*result) : run.report(DiagnosticCode::value, at, {"this power is no number", "该乘方没有数值结果"});
}

template <Operation operation>
struct Arithmetic final : Node {
  NodePtr left, right;
  Arithmetic(NodePtr l, NodePtr r, std::uint32_t position) : Node(position), left(std::move(l)), right(std::move(r)) {}
  Value eval(Run& run) const override {
    Value left_room, right_room;
    const Value& a = left->view(run, left_room);
    const Value& b = right->view(run, right_room);
    return operation(run, a, b, at);
  }
};

struct Negate final : Node {
  NodePtr of;
  Negate(NodePtr o, std::uint32_t position) : Node(position), of(std::move(o)) {}
  Value eval(Run& run) const override {
    Value room;
    const Value& value = of->view(run, room);
    switch (value.kind()) {
      case Kind::number: return Value(-value.number());
      case Kind::days_time_duration: return multiply_values(run, value, Value(-1), at);
      case Kind::years_months_duration: return Value(Months{-value.months().months});
      default:
        return run.report(DiagnosticCode::type, at,
                          {fmt::format("cannot negate {}", name(value.kind())), fmt::format("{} 不能取负", name(value.kind()))});
    }
  }
};

Truth compare(Run& run, Op op, const Value& a, const Value& b, std::uint32_t at) {
  if (op == Op::equal || op == Op::not_equal) {
    const Truth same = equal(run, a, b);
    if (same == Truth::unknown)
      run.report(DiagnosticCode::type, at,
                 {fmt::format("cannot compare {} and {}", name(a.kind()), name(b.kind())),
                  fmt::format("{} 与 {} 不能比较", name(a.kind()), name(b.kind()))});
    return op == Op::equal ? same : opposite(same);
  }
  const auto ordering = order(a, b);
  if (!ordering) {
    run.report(DiagnosticCode::type, at,
               {fmt::format("cannot order {} and {}", name(a.kind()), name(b.kind())),
                fmt::format("{} 与 {} 不能比较大小", name(a.kind()), name(b.kind()))});
    return Truth::unknown;
  }
  const bool yes = op == Op::less ? *ordering < 0 : op == Op::less_equal ? *ordering <= 0 : op == Op::greater ? *ordering > 0 : *ordering >= 0;
  return yes ? Truth::yes : Truth::no;
}

struct Comparison final : Node {
  Op op;
  NodePtr left, right;
  Comparison(Op o, NodePtr l, NodePtr r, std::uint32_t position) : Node(position), op(o), left(std::move(l)), right(std::move(r)) {}
  Value eval(Run& run) const override {
    Value left_room, right_room;
    const Value& a = left->view(run, left_room);
    const Value& b = right->view(run, right_room);
    return value_of(compare(run, op, a, b, at));
  }
};

/// and, or: `decisive` ends it; anything that is no boolean counts as null.
struct Logic final : Node {
  bool decisive;
  std::vector<NodePtr> parts;
  Logic(bool d, std::vector<NodePtr> p, std::uint32_t position) : Node(position), decisive(d), parts(std::move(p)) {}
  Value eval(Run& run) const override {
    bool unknown = false;
    for (const auto& part : parts) {
      Value room;
      const Value& value = part->view(run, room);
      if (value.is(Kind::boolean)) {
        if (value.boolean() == decisive) return Value(decisive);
      } else {
        if (!value.is_null())
          run.report(DiagnosticCode::type, part->at,
                     {fmt::format("{} is neither true nor false", name(value.kind())), fmt::format("{} 不是布尔值", name(value.kind()))});
        unknown = true;
      }
    }
    return unknown ? Value() : Value(!decisive);
  }
};

struct Between final : Node {
  NodePtr of, low, high;
  Between(NodePtr o, NodePtr l, NodePtr h, std::uint32_t position) : Node(position), of(std::move(o)), low(std::move(l)), high(std::move(h)) {}
  Value eval(Run& run) const override {
    Value of_room, low_room, high_room;
    const Value& value = of->view(run, of_room);
    const Truth above = compare(run, Op::greater_equal, value, low->view(run, low_room), at);
    const Truth below = compare(run, Op::less_equal, value, high->view(run, high_room), at);
    if (above == Truth::unknown || below == Truth::unknown) return {};
    return Value(above == Truth::yes && below == Truth::yes);
  }
};

struct In final : Node {
  NodePtr of;
  std::vector<TestPtr> tests;
  In(NodePtr o, std::vector<TestPtr> t, std::uint32_t position) : Node(position), of(std::move(o)), tests(std::move(t)) {}
  Value eval(Run& run) const override {
    Value room;
    const Value& value = of->view(run, room);
    Truth result = Truth::no;
    for (const auto& test : tests) {
      const Truth holds = test->holds(run, value);
      if (holds == Truth::yes) return Value(true);
      if (holds == Truth::unknown) result = holds;
    }
    if (result == Truth::unknown && !run.stopped())
      run.report(DiagnosticCode::type, at,
                 {fmt::format("{} cannot be compared with what follows 'in'", name(value.kind())),
                  fmt::format("{} 不能与 in 之后的内容比较", name(value.kind()))});
    return value_of(result);
  }
};

struct Instance final : Node {
  NodePtr of;
  TypePtr asked;
  Instance(NodePtr o, TypePtr t, std::uint32_t position) : Node(position), of(std::move(o)), asked(std::move(t)) {}
  Value eval(Run& run) const override {
    Value room;
    const Value& value = of->view(run, room);
    return Value(instance_of(value, asked) && !broken_constraint(run, value, asked));
  }
};

// --- tests ----------------------------------------------------------------------------------------------------------------------

struct AnyTest final : Test {
  Truth holds(Run&, const Value&) const override { return Truth::yes; }
};

/// A comparison with a number that is known: the usual cell of a table.
struct NumberTest final : Test {
  Op op;
  Number end;
  NumberTest(Op o, Number e, std::uint32_t position) : Test(position), op(o), end(e) {}
  Truth holds(Run& run, const Value& input) const override {
    if (input.is_null())
      return op == Op::equal ? Truth::no : op == Op::not_equal ? Truth::yes : Truth::unknown;  // that it is missing was told before
    if (!input.is(Kind::number)) return compare(run, op, input, Value(end), at);
    const Number n = input.number();
    bool yes = false;
    switch (op) {
      case Op::equal: yes = n == end; break;
      case Op::not_equal: yes = n != end; break;
      case Op::less: yes = n < end; break;
      case Op::less_equal: yes = n <= end; break;
      case Op::greater: yes = n > end; break;
      default: yes = n >= end; break;
    }
    return yes ? Truth::yes : Truth::no;
  }
};

struct NumberRangeTest final : Test {
  Number low, high;
  bool low_closed, high_closed;
  Value range;
  NumberRangeTest(const Value& r, std::uint32_t position)
      : Test(position),
        low(r.range().low.number()),
        high(r.range().high.number()),
        low_closed(r.range().low_closed),
        high_closed(r.range().high_closed),
        range(r) {}
  Truth holds(Run& run, const Value& input) const override {
    if (!input.is(Kind::number)) return is_in(run, input, range);
    const Number n = input.number();
    const bool yes = (low_closed ? n >= low : n > low) && (high_closed ? n <= high : n < high);
    return yes ? Truth::yes : Truth::no;
  }
};

struct StringTest final : Test {
  Value text;
  StringTest(Value t, std::uint32_t position) : Test(position), text(std::move(t)) {}
  Truth holds(Run& run, const Value& input) const override {
    if (!input.is(Kind::string)) return is_in(run, input, text);
    return input.string() == text.string() ? Truth::yes : Truth::no;
  }
};

struct CompareTest final : Test {
  Op op;
  NodePtr end;
  CompareTest(Op o, NodePtr e, std::uint32_t position) : Test(position), op(o), end(std::move(e)) {}
  Truth holds(Run& run, const Value& input) const override {
    Value room;
    const Value& value = end->view(run, room);
    if (input.is_null() && op != Op::equal && op != Op::not_equal) return Truth::unknown;
    return compare(run, op, input, value, at);
  }
};

/// A value that the input equals or lies in; or, where it names `?`, a condition.
struct ValueTest final : Test {
  NodePtr value;
  bool uses_input;
  ValueTest(NodePtr v, bool uses, std::uint32_t position) : Test(position), value(std::move(v)), uses_input(uses) {}
  Truth holds(Run& run, const Value& input) const override {
    Value room;
    const Value& candidate = value->view(run, room);
    if (uses_input) {
      if (candidate.is(Kind::boolean)) return candidate.boolean() ? Truth::yes : Truth::no;
      if (candidate.is_null()) return Truth::unknown;
    }
    if (candidate.is_true() && !input.is(Kind::boolean) && !input.is_null()) return Truth::yes;
    return is_in(run, input, candidate);
  }
};

struct Tests final : Test {
  std::vector<TestPtr> any_of;
  bool negated;
  std::size_t input_slot;
  Tests(std::vector<TestPtr> t, bool n, std::size_t slot, std::uint32_t position)
      : Test(position), any_of(std::move(t)), negated(n), input_slot(slot) {}
  Truth holds(Run& run, const Value& input) const override {
    if (input_slot != SIZE_MAX) run.frame[input_slot] = input;
    Truth result = Truth::no;
    for (const auto& test : any_of) {
      const Truth holds = test->holds(run, input);
      if (holds == Truth::unknown) result = holds;
      if (holds != Truth::yes) continue;
      result = holds;
      break;
    }
    return negated ? opposite(result) : result;
  }
};

bool test_uses_input(const Ast& ast) {
  return ast.uses_input || std::ranges::any_of(ast.kids, [](const AstPtr& kid) { return kid && test_uses_input(*kid); }) ||
         ast.op == Op::test_compare;
}

}  // namespace

NodePtr compile_operator(const Ast& ast, const Site& site) {
  const auto kid = [&](std::size_t i) { return compile(*ast.kids[i], site); };
  switch (ast.op) {
    case Op::add: return std::make_unique<Arithmetic<add_values>>(kid(0), kid(1), ast.at);
    case Op::subtract: return std::make_unique<Arithmetic<subtract_values>>(kid(0), kid(1), ast.at);
    case Op::multiply: return std::make_unique<Arithmetic<multiply_values>>(kid(0), kid(1), ast.at);
    case Op::divide: return std::make_unique<Arithmetic<divide_values>>(kid(0), kid(1), ast.at);
    case Op::power: return std::make_unique<Arithmetic<power_values>>(kid(0), kid(1), ast.at);
    case Op::negate: return std::make_unique<Negate>(kid(0), ast.at);
    case Op::conjunction:
    case Op::disjunction: {
      std::vector<NodePtr> parts;
      for (std::size_t i = 0; i < ast.kids.size(); ++i) parts.push_back(kid(i));
      return std::make_unique<Logic>(ast.op == Op::disjunction, std::move(parts), ast.at);
    }
    case Op::between: return std::make_unique<Between>(kid(0), kid(1), kid(2), ast.at);
    case Op::in: {
      std::vector<TestPtr> tests;
      for (std::size_t i = 1; i < ast.kids.size(); ++i) tests.push_back(compile_test(*ast.kids[i], site, SIZE_MAX));
      return std::make_unique<In>(kid(0), std::move(tests), ast.at);
    }
    case Op::instance: return std::make_unique<Instance>(kid(0), ast.asked, ast.at);
    default: return std::make_unique<Comparison>(ast.op, kid(0), kid(1), ast.at);
  }
}

TestPtr compile_test(const Ast& ast, const Site& site, std::size_t input_slot) {
  switch (ast.op) {
    case Op::any_value: return std::make_unique<AnyTest>();
    case Op::test_compare: {
      auto end = compile(*ast.kids[0], site);
      if (const Value* known = end->constant(); known && known->is(Kind::number))
        return std::make_unique<NumberTest>(ast.comparison, known->number(), ast.at);
      return std::make_unique<CompareTest>(ast.comparison, std::move(end), ast.at);
    }
    case Op::unary_tests: {
      const bool keep_input = test_uses_input(ast);
      if (!ast.negated && ast.kids.size() == 1 && !keep_input) return compile_test(*ast.kids[0], site, input_slot);
      if (!ast.negated && ast.kids.size() == 1 && ast.kids[0]->op == Op::test_compare) return compile_test(*ast.kids[0], site, input_slot);
      std::vector<TestPtr> tests;
      for (const auto& kid : ast.kids) tests.push_back(compile_test(*kid, site, input_slot));
      return std::make_unique<Tests>(std::move(tests), ast.negated, keep_input ? input_slot : SIZE_MAX, ast.at);
    }
    default: {
      auto value = compile(*ast.kids[0], site);
      if (const Value* known = value->constant(); known && !ast.uses_input) {
        if (known->is(Kind::number)) return std::make_unique<NumberTest>(Op::equal, known->number(), ast.at);
        if (known->is(Kind::string)) return std::make_unique<StringTest>(*known, ast.at);
        if (known->is(Kind::range) && known->range().low.is(Kind::number) && known->range().high.is(Kind::number))
          return std::make_unique<NumberRangeTest>(*known, ast.at);
      }
      return std::make_unique<ValueTest>(std::move(value), ast.uses_input, ast.at);
    }
  }
}

}  // namespace jx::rules
