#include "boxed.hpp"

#include "infer.hpp"
#include "names.hpp"
#include "parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace jx::rules {
namespace {

constexpr std::array<std::string_view, 13> expression_tags = {"literalExpression",
                                                              "decisionTable",
                                                              "context",
                                                              "invocation",
                                                              "functionDefinition",
                                                              "list",
                                                              "relation",
                                                              "conditional",
                                                              "filter",
                                                              "for",
                                                              "every",
                                                              "some",
                                                              "unaryTests"};
constexpr unsigned boxes_max = 60;

AstPtr null_ast() { return std::make_unique<Ast>(Op::literal); }

AstPtr finished(AstPtr ast) {
  for (const auto& kid : ast->kids) ast->height = std::max(ast->height, kid->height + 1);
  ast->type = infer(*ast);
  return ast;
}

AstPtr with_kids(Op op, std::vector<AstPtr> kids) {
  auto ast = std::make_unique<Ast>(op);
  ast->kids = std::move(kids);
  return finished(std::move(ast));
}

AstPtr fitted(AstPtr inner, TypePtr type, std::string what) {
  if (!type) return inner;
  auto ast = std::make_unique<Ast>(Op::fitted);
  ast->text = std::move(what);
  ast->asked = std::move(type);
  ast->kids.push_back(std::move(inner));
  return finished(std::move(ast));
}

AstPtr literal(Builder& builder, const std::string& text, const std::string& part) {
  const Site* site = builder.site(part, text);
  if (normal_name(text).empty()) return null_ast();
  auto parsed = parse_expression(text, builder.names);
  if (!parsed) {
    builder.problem(DiagnosticCode::syntax, *site, parsed.error().at, parsed.error().message);
    auto ast = std::make_unique<Ast>(Op::unknown);
    ast->text = "…";
    return ast;
  }
  auto ast = std::make_unique<Ast>(Op::sited);
  ast->site = site;
  ast->kids.push_back(std::move(*parsed));
  return finished(std::move(ast));
}

AstPtr boxed_context(Builder& builder, const pugi::xml_node& node, const std::string& part) {
  auto ast = std::make_unique<Ast>(Op::context);
  builder.names.push();
  AstPtr result;
  xml::each(node, "contextEntry", [&](const pugi::xml_node& entry) {
    const auto variable = xml::child(entry, "variable");
    const auto name = normal_name(xml::attribute(variable, "name"));
    const auto entry_part = part + " / " + (name.empty() ? std::string("result") : name);
    auto value = boxed(builder, expression_of(entry), entry_part);
    if (name.empty()) {
      result = std::move(value);
      return;
    }
    value = fitted(std::move(value), type_ref(builder, xml::attribute(variable, "typeRef"), entry_part), name);
    ast->slots.push_back(builder.names.declare(name, value->type));
    ast->names.push_back(name);
    ast->kids.push_back(std::move(value));
  });
  builder.names.pop();
  if (result) ast->kids.push_back(std::move(result));
  return finished(std::move(ast));
}

AstPtr boxed_invocation(Builder& builder, const pugi::xml_node& node, const std::string& part) {
  auto ast = std::make_unique<Ast>(Op::call);
  ast->kids.push_back(boxed(builder, expression_of(node), part));
  const Ast* callee = ast->kids[0].get();
  if (callee->op == Op::sited && callee->kids[0]->op == Op::builtin) ast->kids[0] = std::move(ast->kids[0]->kids[0]);
  xml::each(node, "binding", [&](const pugi::xml_node& binding) {
    const auto name = normal_name(xml::attribute(xml::child(binding, "parameter"), "name"));
    ast->names.push_back(name_key(name));
    ast->kids.push_back(boxed(builder, expression_of(binding), part + " / " + name));
  });
  return finished(std::move(ast));
}

AstPtr boxed_relation(Builder& builder, const pugi::xml_node& node, const std::string& part) {
  std::vector<std::string> columns;
  xml::each(node, "column", [&](const pugi::xml_node& column) { columns.push_back(normal_name(xml::attribute(column, "name"))); });
  std::vector<AstPtr> rows;
  xml::each(node, "row", [&](const pugi::xml_node& row) {
    auto context = std::make_unique<Ast>(Op::context);
    for (const auto& cell : row.children()) {
      if (std::ranges::find(expression_tags, xml::local_name(cell)) == expression_tags.end() || context->names.size() >= columns.size()) continue;
      context->slots.push_back(builder.names.reserve());
      context->names.push_back(columns[context->names.size()]);
      context->kids.push_back(boxed(builder, cell, fmt::format("{} / row {}", part, rows.size() + 1)));
    }
    rows.push_back(finished(std::move(context)));
  });
  return with_kids(Op::list, std::move(rows));
}

AstPtr part_of(Builder& builder, const pugi::xml_node& node, std::string_view name, const std::string& part) {
  const auto holder = xml::child(node, name);
  auto ast = boxed(builder, expression_of(holder), fmt::format("{} / {}", part, name));
  return fitted(std::move(ast), type_ref(builder, xml::attribute(holder, "typeRef"), part), std::string(name));
}

AstPtr boxed_filter(Builder& builder, const pugi::xml_node& node, const std::string& part) {
  auto ast = std::make_unique<Ast>(Op::filter);
  ast->kids.push_back(part_of(builder, node, "in", part));
  const auto& of = ast->kids[0]->type;
  ast->index = builder.names.reserve();
  builder.names.push_item(ast->index, kind_of(of) == TypeKind::list ? of->element : of);
  ast->kids.push_back(part_of(builder, node, "match", part));
  builder.names.pop();
  return finished(std::move(ast));
}

AstPtr boxed_iterator(Builder& builder, const pugi::xml_node& node, Op op, const std::string& part) {
  auto ast = std::make_unique<Ast>(op);
  auto iteration = std::make_unique<Ast>(Op::iteration);
  iteration->kids.push_back(part_of(builder, node, "in", part));
  // `1..n` as the whole domain is a range; the loop walks it.
  iteration = finished(std::move(iteration));
  builder.names.push();
  const auto variable = normal_name(xml::attribute(node, "iteratorVariable"));
  ast->slots.push_back(builder.names.declare(variable, iteration->type));
  ast->names.push_back(variable);
  ast->kids.push_back(std::move(iteration));
  if (op == Op::loop) ast->slots.push_back(builder.names.declare("partial", scalar_type(TypeKind::list)));
  ast->kids.push_back(part_of(builder, node, op == Op::loop ? "return" : "satisfies", part));
  builder.names.pop();
  return finished(std::move(ast));
}

AstPtr boxed_inner(Builder& builder, const pugi::xml_node& node, const std::string& part) {
  const auto tag = xml::local_name(node);
  if (tag == "literalExpression") return literal(builder, xml::child_text(node, "text"), part);
  if (tag == "decisionTable") return boxed_table(builder, node, part);
  if (tag == "context") return boxed_context(builder, node, part);
  if (tag == "invocation") return boxed_invocation(builder, node, part);
  if (tag == "functionDefinition") return boxed_function(builder, node, part);
  if (tag == "relation") return boxed_relation(builder, node, part);
  if (tag == "filter") return boxed_filter(builder, node, part);
  if (tag == "for") return boxed_iterator(builder, node, Op::loop, part);
  if (tag == "some") return boxed_iterator(builder, node, Op::some, part);
  if (tag == "every") return boxed_iterator(builder, node, Op::every, part);
  std::vector<AstPtr> kids;
  if (tag == "conditional") {
    for (const auto* name : {"if", "then", "else"}) kids.push_back(part_of(builder, node, name, part));
    return with_kids(Op::conditional, std::move(kids));
  }
  if (tag == "list") {
    for (const auto& item : node.children())
      if (std::ranges::find(expression_tags, xml::local_name(item)) != expression_tags.end())
        kids.push_back(boxed(builder, item, fmt::format("{} / item {}", part, kids.size() + 1)));
    return with_kids(Op::list, std::move(kids));
  }
  return null_ast();
}

}  // namespace

pugi::xml_node expression_of(const pugi::xml_node& parent) {
  for (const auto& c : parent.children())
    if (std::ranges::find(expression_tags, xml::local_name(c)) != expression_tags.end()) return c;
  return {};
}

AstPtr boxed(Builder& builder, const pugi::xml_node& node, const std::string& part) {
  if (!node) return null_ast();
  if (++builder.depth > boxes_max) {
    builder.problem(DiagnosticCode::limit, *builder.site(part, {}), 0,
                    {fmt::format("boxed expressions are nested more than {} deep", boxes_max), fmt::format("表达式框嵌套超过 {} 层", boxes_max)});
    --builder.depth;
    return null_ast();
  }
  auto ast = boxed_inner(builder, node, part);
  --builder.depth;
  const auto tag = xml::local_name(node);
  if (tag == "functionDefinition") return ast;  // its typeRef is that of the result
  return fitted(std::move(ast), type_ref(builder, xml::attribute(node, "typeRef"), part), "the value");
}

AstPtr boxed_function(Builder& builder, const pugi::xml_node& node, const std::string& part) {
  auto ast = std::make_unique<Ast>(Op::function);
  ast->function = std::make_unique<FunctionAst>();
  auto& function = *ast->function;
  builder.names.begin_function();
  builder.names.push();
  xml::each(node, "formalParameter", [&](const pugi::xml_node& parameter) {
    const auto name = normal_name(xml::attribute(parameter, "name"));
    auto type = type_ref(builder, xml::attribute(parameter, "typeRef"), part);
    builder.names.declare(name, type);
    function.parameters.push_back({name, std::move(type)});
  });
  const auto kind = xml::attribute(node, "kind");
  if (kind.empty() || kind == "FEEL") {
    function.body = boxed(builder, expression_of(node), part);
  } else {
    function.external = kind;
    function.body = null_ast();
  }
  builder.names.pop();
  builder.names.end_function(function);
  ast->asked = type_ref(builder, xml::attribute(node, "typeRef"), part);
  if (kind_of(ast->asked) == TypeKind::function) ast->asked = ast->asked->element;
  ast->height = function.body->height + 1;
  return finished(std::move(ast));
}

TypePtr type_ref(Builder& builder, std::string_view name, const std::string& part) {
  if (name.starts_with("feel:")) name.remove_prefix(5);
  if (name.empty()) return nullptr;
  if (const auto known = builder.environment.types(normal_name(name))) return *known;
  if (const auto known = builtin_type(name)) return *known;
  const auto parsed = parse_type(name, builder.environment);
  if (parsed) return *parsed;
  // DMN 1.1 wrote qualified names.
  if (const auto colon = name.find(':'); colon != std::string_view::npos)
    if (const auto local = builder.environment.types(normal_name(name.substr(colon + 1)))) return *local;
  builder.problem(DiagnosticCode::model, *builder.site(part, std::string(name)), 0,
                  {fmt::format("there is no type '{}'", name), fmt::format("没有类型“{}”", name)});
  return nullptr;
}

}  // namespace jx::rules
