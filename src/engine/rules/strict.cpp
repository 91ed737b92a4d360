#include "strict.hpp"

#include <fmt/format.h>

namespace jx::rules {
namespace {

bool known(const TypePtr& type) { return kind_of(type) != TypeKind::any && kind_of(type) != TypeKind::null; }
bool is_time(TypeKind kind) { return kind == TypeKind::date || kind == TypeKind::time || kind == TypeKind::date_time; }
bool is_duration(TypeKind kind) {
  return kind == TypeKind::days_time_duration || kind == TypeKind::years_months_duration || kind == TypeKind::duration;
}

std::optional<SyntaxError> wrong(const Ast& ast, std::string en, std::string zh) { return SyntaxError{ast.at, {std::move(en), std::move(zh)}}; }

std::optional<SyntaxError> not_boolean(const Ast& ast) {
  if (!known(ast.type) || ast.type->kind == TypeKind::boolean) return std::nullopt;
  const auto type = type_text(ast.type);
  return wrong(ast, fmt::format("a condition is true or false, and this is {}", type), fmt::format("条件应为布尔值，此处为 {}", type));
}

std::optional<SyntaxError> path_fault(const Ast& ast) {
  const TypePtr* of = &ast.kids[0]->type;
  while (kind_of(*of) == TypeKind::list) of = &(*of)->element;
  const auto kind = kind_of(*of);
  const bool has_none = kind == TypeKind::boolean || kind == TypeKind::number || kind == TypeKind::string;
  if (!has_none && (kind != TypeKind::context || (*of)->open || (*of)->find(ast.text) != nullptr)) return std::nullopt;
  return wrong(ast, fmt::format("there is no '{}' in {}", ast.text, type_text(*of)), fmt::format("{} 中没有“{}”", type_text(*of), ast.text));
}

std::optional<SyntaxError> comparison_fault(const Ast& ast) {
  const auto& left = ast.kids[0]->type;
  const auto& right = ast.kids[1]->type;
  if (!known(left) || !known(right) || kind_of(left) == kind_of(right)) return std::nullopt;
  if (is_duration(kind_of(left)) && is_duration(kind_of(right))) return std::nullopt;
  const bool order = ast.op != Op::equal && ast.op != Op::not_equal;
  if (!order && (kind_of(left) == TypeKind::list || kind_of(right) == TypeKind::list)) return std::nullopt;  // a list of one equals what it holds
  return wrong(ast, fmt::format("{} is never comparable with {}", type_text(left), type_text(right)),
               fmt::format("{} 与 {} 无法比较", type_text(left), type_text(right)));
}

std::optional<SyntaxError> arithmetic_fault(const Ast& ast) {
  for (const auto& kid : ast.kids) {
    const auto kind = kind_of(kid->type);
    const bool text_is_right = kind == TypeKind::string && ast.op == Op::add;
    const bool right = kind == TypeKind::number || is_time(kind) || is_duration(kind) || text_is_right;
    if (known(kid->type) && !right)
      return wrong(*kid, fmt::format("{} cannot be computed with", type_text(kid->type)), fmt::format("{} 不能参与运算", type_text(kid->type)));
  }
  if (ast.op != Op::add || ast.kids.size() != 2) return std::nullopt;
  const auto left = kind_of(ast.kids[0]->type), right = kind_of(ast.kids[1]->type);
  if ((left == TypeKind::string) == (right == TypeKind::string) || !known(ast.kids[0]->type) || !known(ast.kids[1]->type)) return std::nullopt;
  return wrong(ast, fmt::format("{} and {} cannot be added", type_text(ast.kids[0]->type), type_text(ast.kids[1]->type)),
               fmt::format("{} 与 {} 不能相加", type_text(ast.kids[0]->type), type_text(ast.kids[1]->type)));
}

std::optional<SyntaxError> own_fault(const Ast& ast) {
  switch (ast.op) {
    case Op::path: return path_fault(ast);
    case Op::equal:
    case Op::not_equal:
    case Op::less:
    case Op::less_equal:
    case Op::greater:
    case Op::greater_equal: return comparison_fault(ast);
    case Op::negate:
    case Op::add:
    case Op::subtract:
    case Op::multiply:
    case Op::divide:
    case Op::power: return arithmetic_fault(ast);
    case Op::conditional: return not_boolean(*ast.kids[0]);
    case Op::conjunction:
    case Op::disjunction:
      for (const auto& kid : ast.kids) {
        if (auto fault = not_boolean(*kid)) return fault;
      }
      return std::nullopt;
    case Op::some:
    case Op::every: return not_boolean(*ast.kids.back());
    default: return std::nullopt;
  }
}

}  // namespace

std::optional<SyntaxError> type_fault(const Ast& ast) {
  for (const auto& kid : ast.kids) {
    if (!kid) continue;
    if (auto fault = type_fault(*kid)) return fault;
  }
  if (ast.function && ast.function->body) {
    if (auto fault = type_fault(*ast.function->body)) return fault;
  }
  return own_fault(ast);
}

}  // namespace jx::rules
