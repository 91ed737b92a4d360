#include "infer.hpp"

#include "builtins.hpp"

#include <algorithm>

namespace jx::rules {
namespace {

bool is(const AstPtr& ast, TypeKind kind) { return kind_of(ast->type) == kind; }

TypePtr arithmetic(const Ast& ast) {
  const auto both = [&](TypeKind kind) { return std::ranges::all_of(ast.kids, [&](const AstPtr& kid) { return is(kid, kind); }); };
  if (both(TypeKind::number)) return scalar_type(TypeKind::number);
  if (ast.op == Op::add && both(TypeKind::string)) return scalar_type(TypeKind::string);
  if (ast.op == Op::negate) return ast.kids[0]->type;
  return nullptr;
}

TypePtr of_list(const Ast& ast) {
  if (ast.kids.empty()) return scalar_type(TypeKind::list);
  TypePtr element = ast.kids[0]->type;
  for (const auto& kid : ast.kids) element = common_type(element, kid->type);
  return list_type(std::move(element));
}

TypePtr of_context(const Ast& ast) {
  std::vector<Type::Data::Field> fields;
  if (ast.kids.size() > ast.names.size()) return ast.kids.back()->type;
  for (std::size_t i = 0; i < ast.kids.size(); ++i) fields.push_back({ast.names[i], ast.kids[i]->type});
  return context_type(std::move(fields));
}

TypePtr of_iteration(const Ast& ast) {
  if (ast.kids.size() == 2) return is(ast.kids[0], TypeKind::number) || is(ast.kids[0], TypeKind::date) ? ast.kids[0]->type : nullptr;
  const auto& domain = ast.kids[0]->type;
  if (kind_of(domain) == TypeKind::list || kind_of(domain) == TypeKind::range) return domain->element;
  return nullptr;
}

}  // namespace

TypePtr path_type(const TypePtr& of, std::string_view member) {
  switch (kind_of(of)) {
    case TypeKind::context: {
      const auto* field = of->find(member);
      return field ? field->type : nullptr;
    }
    case TypeKind::list: {
      if (!of->element) return nullptr;
      return list_type(path_type(of->element, member));
    }
    case TypeKind::range:
      if (member == "start" || member == "end") return of->element;
      return scalar_type(TypeKind::boolean);
    case TypeKind::date:
    case TypeKind::time:
    case TypeKind::date_time:
      if (member == "time offset") return scalar_type(TypeKind::days_time_duration);
      if (member == "timezone") return scalar_type(TypeKind::string);
      return scalar_type(TypeKind::number);
    case TypeKind::days_time_duration:
    case TypeKind::years_months_duration: return scalar_type(TypeKind::number);
    default: return nullptr;
  }
}

TypePtr infer(const Ast& ast) {
  switch (ast.op) {
    case Op::path: return path_type(ast.kids[0]->type, ast.text);
    case Op::filter: {
      const auto& of = ast.kids[0]->type;
      const auto item = kind_of(of) == TypeKind::list ? of->element : of;
      return is(ast.kids[1], TypeKind::number) ? item : is(ast.kids[1], TypeKind::boolean) ? list_type(item) : nullptr;
    }
    case Op::list: return of_list(ast);
    case Op::context: return of_context(ast);
    case Op::range: return range_type(common_type(ast.kids[0]->type, ast.kids[1]->type));
    case Op::compare_range: return range_type(ast.kids[0]->type);
    case Op::negate:
    case Op::add:
    case Op::subtract:
    case Op::multiply:
    case Op::divide:
    case Op::power: return arithmetic(ast);
    case Op::equal:
    case Op::not_equal:
    case Op::less:
    case Op::less_equal:
    case Op::greater:
    case Op::greater_equal:
    case Op::conjunction:
    case Op::disjunction:
    case Op::between:
    case Op::in:
    case Op::instance:
    case Op::some:
    case Op::every:
    case Op::unary_tests:
    case Op::test_compare:
    case Op::test_value: return scalar_type(TypeKind::boolean);
    case Op::sited: return ast.kids[0]->type;
    case Op::fitted: return ast.asked;
    case Op::conditional: return common_type(ast.kids[1]->type, ast.kids[2]->type);
    case Op::loop: return list_type(ast.kids.back()->type);
    case Op::iteration: return of_iteration(ast);
    case Op::call:
      if (ast.kids[0]->op == Op::builtin) return scalar_type(ast.kids[0]->builtin->result);
      return is(ast.kids[0], TypeKind::function) ? ast.kids[0]->type->element : nullptr;
    case Op::function: {
      std::vector<TypePtr> parameters;
      for (const auto& parameter : ast.function->parameters) parameters.push_back(parameter.type);
      return function_type(std::move(parameters), ast.function->body ? ast.function->body->type : nullptr);
    }
    default: return ast.type;
  }
}

}  // namespace jx::rules
