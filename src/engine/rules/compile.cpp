// compile.cpp - from Ast to nodes; what does not depend on any input is computed here, once.
#include "code.hpp"

#include "builtins.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace jx::rules {
namespace {

/// An expression of a text of its own: diagnostics are told there.
struct Sited final : Node {
  NodePtr inner;
  const Site* site;
  Sited(NodePtr i, const Site* s) : inner(std::move(i)), site(s) {}
  Value eval(Run& run) const override {
    const Site* const outer = std::exchange(run.site, site);
    Value value = inner->eval(run);
    run.site = outer;
    return value;
  }
  const Value& view(Run& run, Value& room) const override {
    const Site* const outer = std::exchange(run.site, site);
    const Value& value = inner->view(run, room);
    run.site = outer;
    return value;
  }
  const Value* constant() const override { return inner->constant(); }
};

/// A value that must have a type; else null.
struct Fitted final : Node {
  NodePtr inner;
  TypePtr type;
  std::string what;
  Fitted(NodePtr i, TypePtr t, std::string w, std::uint32_t position) : Node(position), inner(std::move(i)), type(std::move(t)), what(std::move(w)) {}
  Value eval(Run& run) const override {
    Value value = inner->eval(run);
    auto fitted = fit(value, type);
    if (!fitted)
      return run.report(DiagnosticCode::type, at,
                        {fmt::format("{} is {}, not {}", what, name(value.kind()), type_text(type)),
                         fmt::format("{} 是 {}，应为 {}", what, name(value.kind()), type_text(type))});
    if (const auto* broken = broken_constraint(run, *fitted, type))
      return run.report(
          DiagnosticCode::value, at,
          {fmt::format("{} is not among the allowed values: {}", what, *broken), fmt::format("{} 不在允许的取值之内：{}", what, *broken)});
    return std::move(*fitted);
  }
};

struct Given final : Node {
  std::shared_ptr<const Node> node;
  explicit Given(std::shared_ptr<const Node> n) : node(std::move(n)) {}
  Value eval(Run& run) const override { return node->eval(run); }
};

bool foldable(const Ast& ast) {
  switch (ast.op) {
    case Op::negate:
    case Op::add:
    case Op::subtract:
    case Op::multiply:
    case Op::divide:
    case Op::power:
    case Op::list:
    case Op::range:
    case Op::compare_range: break;
    case Op::call:
      if (ast.kids[0]->op != Op::builtin || !ast.kids[0]->builtin->pure) return false;
      return std::all_of(ast.kids.begin() + 1, ast.kids.end(), [](const AstPtr& kid) { return kid->op == Op::literal || foldable(*kid); });
    default: return false;
  }
  return std::ranges::all_of(ast.kids, [](const AstPtr& kid) { return kid->op == Op::literal || foldable(*kid); });
}

NodePtr compile_node(const Ast& ast, const Site& site) {
  switch (ast.op) {
    case Op::literal: return literal_node(ast.literal, ast.at);
    case Op::local:
    case Op::input:
    case Op::element:
    case Op::builtin:
    case Op::unknown:
    case Op::item_or: return compile_variable(ast, site);
    case Op::path:
    case Op::filter:
    case Op::list:
    case Op::context:
    case Op::range:
    case Op::compare_range: return compile_structure(ast, site);
    case Op::conditional:
    case Op::loop:
    case Op::some:
    case Op::every: return compile_control(ast, site);
    case Op::call: return compile_call(ast, site);
    case Op::function: return compile_function(ast, site);
    case Op::sited: return std::make_unique<Sited>(compile(*ast.kids[0], *ast.site), ast.site);
    case Op::fitted: return std::make_unique<Fitted>(compile(*ast.kids[0], site), ast.asked, ast.text, ast.at);
    case Op::compiled: return std::make_unique<Given>(ast.node);
    default: return compile_operator(ast, site);
  }
}

}  // namespace

namespace {

[[gnu::noinline]] NodePtr folded(NodePtr node, std::uint32_t at) {
  std::vector<Diagnostic> diagnostics;
  Options options;
  options.limits.steps = 10'000;
  options.limits.list_items = 1'000;
  options.limits.string_bytes = 10'000;
  Run run(options, diagnostics);
  Value value = node->eval(run);
  if (!diagnostics.empty()) return node;  // to be told when it runs
  return literal_node(std::move(value), at);
}

}  // namespace

NodePtr compile(const Ast& ast, const Site& site) {
  auto node = compile_node(ast, site);
  return foldable(ast) ? folded(std::move(node), ast.at) : std::move(node);
}

}  // namespace jx::rules
