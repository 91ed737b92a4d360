// condition.cpp - the tree of an expression that is nothing but comparisons; see jx/rules/condition.hpp.
#include "parser.hpp"

#include <jx/rules.hpp>
#include <jx/rules/condition.hpp>

#include <utility>

namespace jx::rules {
namespace {

using Is = Condition::Kind;
using Found = std::optional<Condition>;

Found join(Is kind, std::vector<Found> parts) {
  Condition condition;
  condition.kind = kind;
  for (auto& part : parts) {
    if (!part) return std::nullopt;
    condition.parts.push_back(std::move(*part));
  }
  return condition;
}

Found none_of(Found part) {
  if (!part) return std::nullopt;
  Condition condition;
  condition.kind = Is::none;
  condition.parts.push_back(std::move(*part));
  return condition;
}

/// `5 < a` is `a > 5`.
Op turned(Op op) {
  switch (op) {
    case Op::less: return Op::greater;
    case Op::less_equal: return Op::greater_equal;
    case Op::greater: return Op::less;
    case Op::greater_equal: return Op::less_equal;
    default: return op;
  }
}

class Reader {
 public:
  explicit Reader(const std::vector<std::string>& names) : names_(names) {}

  Found read(const Ast& ast) const {
    const auto kid = [&](std::size_t i) -> const Ast& { return *ast.kids[i]; };
    switch (ast.op) {
      case Op::input: return compare(Op::equal, names_[ast.index], Value(true));
      case Op::conjunction: return join(Is::all, each(ast, 0));
      case Op::disjunction: return join(Is::any, each(ast, 0));
      case Op::between: return join(Is::all, {compare(Op::greater_equal, kid(0), kid(1)), compare(Op::less_equal, kid(0), kid(2))});
      case Op::in: return any_test(ast);
      case Op::call:
        if (ast.kids.size() == 2 && ast.names.empty() && calls(ast, "not")) return none_of(read(kid(1)));
        return std::nullopt;
      case Op::equal:
      case Op::not_equal:
      case Op::less:
      case Op::less_equal:
      case Op::greater:
      case Op::greater_equal: return kid(0).op == Op::input ? compare(ast.op, kid(0), kid(1)) : compare(turned(ast.op), kid(1), kid(0));
      default: return std::nullopt;
    }
  }

 private:
  static bool calls(const Ast& ast, std::string_view name) { return ast.kids[0]->op == Op::builtin && ast.kids[0]->builtin->name == name; }

  std::vector<Found> each(const Ast& ast, std::size_t from) const {
    std::vector<Found> parts;
    for (std::size_t i = from; i < ast.kids.size(); ++i) parts.push_back(read(*ast.kids[i]));
    return parts;
  }

  static std::optional<Value> literal(const Ast& ast) {
    if (ast.op == Op::literal) return ast.literal;
    if (ast.op == Op::negate && ast.kids[0]->op == Op::literal && ast.kids[0]->literal.is(Kind::number)) return Value(-ast.kids[0]->literal.number());
    if (ast.op == Op::call && ast.kids.size() == 2 && ast.names.empty() && calls(ast, "date") && ast.kids[1]->op == Op::literal &&
        ast.kids[1]->literal.is(Kind::string)) {
      if (const auto date = LocalDate::parse(ast.kids[1]->literal.string())) return Value(*date);
    }
    return std::nullopt;
  }

  Found compare(Op op, const Ast& left, const Ast& right) const {
    const auto value = literal(right);
    return left.op == Op::input && value ? compare(op, names_[left.index], *value) : std::nullopt;
  }

  static Found compare(Op op, const std::string& name, const Value& value) {
    if (op == Op::not_equal) return none_of(compare(Op::equal, name, value));
    Condition condition;
    condition.name = name;
    condition.value = value;
    switch (op) {
      case Op::equal: condition.kind = Is::eq; break;
      case Op::less: condition.kind = Is::lt; break;
      case Op::less_equal: condition.kind = Is::le; break;
      case Op::greater: condition.kind = Is::gt; break;
      case Op::greater_equal: condition.kind = Is::ge; break;
      default: return std::nullopt;
    }
    return condition;
  }

  /// `a in ("x", < 5, ["y", "z"])`.
  Found any_test(const Ast& ast) const {
    std::vector<Found> tests;
    for (std::size_t i = 1; i < ast.kids.size(); ++i) {
      const auto& test = *ast.kids[i];
      if (test.op == Op::test_compare) {
        tests.push_back(compare(test.comparison, *ast.kids[0], *test.kids[0]));
      } else if (test.op == Op::test_value && test.kids[0]->op == Op::list) {
        for (const auto& item : test.kids[0]->kids) tests.push_back(compare(Op::equal, *ast.kids[0], *item));
      } else if (test.op == Op::test_value) {
        tests.push_back(compare(Op::equal, *ast.kids[0], *test.kids[0]));
      } else {
        return std::nullopt;
      }
    }
    return join(Is::any, std::move(tests));
  }

  const std::vector<std::string>& names_;
};

}  // namespace

std::optional<Condition> condition_of(std::string_view text) {
  if (text.size() > expression_bytes_max) return std::nullopt;
  std::vector<std::string> found;
  Environment environment;
  environment.discover = [&](std::string_view name) -> std::optional<Binding> {
    const auto known = std::ranges::find(found, name);
    Binding binding;
    binding.index = static_cast<std::size_t>(known - found.begin());
    if (known == found.end()) found.emplace_back(name);
    binding.key = name_key(name);
    binding.name = name;
    return binding;
  };
  Names names(environment);
  const auto ast = parse_expression(text, names);
  return ast ? Reader(found).read(**ast) : std::nullopt;
}

}  // namespace jx::rules
