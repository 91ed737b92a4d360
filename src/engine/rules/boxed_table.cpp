// boxed_table.cpp - a decision table of the XML, compiled cell by cell.
#include "boxed.hpp"
#include "names.hpp"
#include "parser.hpp"
#include "table.hpp"

#include <fmt/format.h>

namespace jx::rules {
namespace {

constexpr std::size_t rules_max = 20'000, columns_max = 500;

NodePtr cell(Builder& builder, const std::string& text, const std::string& part) {
  const Site* site = builder.site(part, text);
  if (normal_name(text).empty() || normal_name(text) == "-") return literal_node(Value(), 0);
  auto parsed = parse_expression(text, builder.names);
  if (!parsed) {
    builder.problem(DiagnosticCode::syntax, *site, parsed.error().at, parsed.error().message);
    return literal_node(Value(), 0);
  }
  auto node = compile(**parsed, *site);
  if (node->constant()) return node;
  Ast sited(Op::sited);
  sited.site = site;
  sited.kids.push_back(std::move(*parsed));
  return compile(sited, *site);
}

struct ParsedTests {
  AstPtr ast;
  TestPtr test;
  const Site* site = nullptr;
};

ParsedTests tests(Builder& builder, const std::string& text, const TypePtr& type, std::size_t slot, const std::string& part) {
  const auto shown = normal_name(text);
  if (shown.empty() || shown == "-") return {};
  const Site* site = builder.site(part, text);
  auto parsed = parse_unary_tests(text, builder.names, slot, type);
  if (!parsed) {
    builder.problem(DiagnosticCode::syntax, *site, parsed.error().at, parsed.error().message);
    auto never = std::make_unique<Ast>(Op::unary_tests);  // a test that nobody can read holds for nothing
    auto test = compile_test(*never, *site, slot);
    return {std::move(never), std::move(test), site};
  }
  auto test = compile_test(**parsed, *site, slot);
  return {std::move(*parsed), std::move(test), site};
}

void read_input(Builder& builder, TableNode& table, const pugi::xml_node& node, const std::string& part) {
  TableInput input;
  const auto expression = xml::child(node, "inputExpression");
  input.text = xml::child_text(expression, "text");
  input.label = normal_name(xml::attribute(node, "label"));
  if (input.label.empty()) input.label = normal_name(input.text);
  const auto input_part = fmt::format("{} / input \"{}\"", part, input.label);
  input.site = builder.site(input_part, input.text);
  auto parsed = parse_expression(input.text, builder.names);
  TypePtr inferred;
  if (parsed) {
    inferred = (*parsed)->type;
    Ast sited(Op::sited);
    sited.site = input.site;
    sited.kids.push_back(std::move(*parsed));
    input.expression = compile(sited, *input.site);
  } else {
    builder.problem(DiagnosticCode::syntax, *input.site, parsed.error().at, parsed.error().message);
    input.expression = literal_node(Value(), 0);
  }
  input.type = type_ref(builder, xml::attribute(expression, "typeRef"), input_part);
  if (!input.type) input.type = std::move(inferred);
  builder.names.push();
  input.slot = builder.names.declare("?", input.type);
  input.allowed_text = normal_name(xml::child_text(xml::child(node, "inputValues"), "text"));
  input.allowed = tests(builder, input.allowed_text, input.type, input.slot, input_part + " / values").test;
  builder.names.pop();
  table.inputs.push_back(std::move(input));
}

/// The values of a list of literals, in order: what output values rank by.
std::vector<Value> listed_values(Builder& builder, const std::string& text, const std::string& part) {
  std::vector<Value> values;
  auto ast = parse_expression("[" + text + "]", builder.names);
  if (!ast) return values;
  const auto node = compile(**ast, *builder.site(part, text));
  if (const Value* list = node->constant(); list && list->is(Kind::list)) values.assign(list->items().begin(), list->items().end());
  return values;
}

void read_output(Builder& builder, TableNode& table, const pugi::xml_node& node, const std::string& part) {
  TableOutput output;
  output.name = normal_name(xml::attribute(node, "name"));
  const auto output_part = fmt::format("{} / output \"{}\"", part, output.name);
  output.type = type_ref(builder, xml::attribute(node, "typeRef"), output_part);
  output.allowed_text = normal_name(xml::child_text(xml::child(node, "outputValues"), "text"));
  if (output.allowed_text.empty() && output.type && output.type->allowed) output.allowed_text = output.type->allowed->text();
  output.priority = listed_values(builder, output.allowed_text, output_part);
  builder.names.push();
  output.slot = builder.names.declare("?", output.type);
  output.allowed = tests(builder, output.allowed_text, output.type, output.slot, output_part + " / values").test;
  builder.names.pop();
  const auto otherwise = xml::child(node, "defaultOutputEntry");
  if (otherwise) output.otherwise = cell(builder, xml::child_text(otherwise, "text"), output_part + " / default");
  table.outputs.push_back(std::move(output));
}

void read_rule(Builder& builder, TableNode& table, const pugi::xml_node& node, const std::vector<std::string>& annotations, const std::string& part) {
  TableRule rule;
  rule.id = xml::attribute(node, "id");
  const auto rule_part = fmt::format("{} / rule {}", part, table.rules.size() + 1);
  xml::each(node, "inputEntry", [&](const pugi::xml_node& entry) {
    if (rule.tests.size() >= table.inputs.size()) return;
    const auto& input = table.inputs[rule.tests.size()];
    auto text = xml::child_text(entry, "text");
    builder.names.push();
    builder.names.rename("?", input.slot, input.type);
    auto parsed = tests(builder, text, input.type, input.slot, fmt::format("{} / input \"{}\"", rule_part, input.label));
    builder.names.pop();
    rule.tests.push_back(std::move(parsed.test));
    rule.test_asts.push_back(std::move(parsed.ast));
    rule.sites.push_back(parsed.site);
    rule.test_texts.push_back(std::move(text));
  });
  xml::each(node, "outputEntry", [&](const pugi::xml_node& entry) {
    if (rule.outputs.size() >= table.outputs.size()) return;
    rule.outputs.push_back(
        cell(builder, xml::child_text(entry, "text"), fmt::format("{} / output \"{}\"", rule_part, table.outputs[rule.outputs.size()].name)));
  });
  if (rule.tests.size() != table.inputs.size() || rule.outputs.size() != table.outputs.size()) {
    builder.problem(DiagnosticCode::model, *builder.site(rule_part, {}), 0,
                    {"the rule has fewer cells than the table has columns", "规则的单元格少于列数"});
    while (rule.tests.size() < table.inputs.size()) {
      rule.tests.push_back(nullptr);
      rule.test_asts.push_back(nullptr);
      rule.sites.push_back(nullptr);
      rule.test_texts.emplace_back();
    }
    while (rule.outputs.size() < table.outputs.size()) rule.outputs.push_back(literal_node(Value(), 0));
  }
  std::size_t column = 0;
  xml::each(node, "annotationEntry", [&](const pugi::xml_node& entry) {
    auto text = xml::child_text(entry, "text");
    const auto& name = column < annotations.size() ? annotations[column] : std::string();
    ++column;
    if (text.empty()) return;
    if (name == "law" || name == "法律依据" || name == "依据") rule.laws.push_back(text);
    rule.annotations.emplace_back(name, std::move(text));
  });
  if (const auto description = xml::child_text(node, "description"); !description.empty()) rule.annotations.emplace_back("description", description);
  add_law(node, rule.laws);
  if (builder.element)
    for (const auto& law : rule.laws) builder.element->laws.push_back(law);
  rule.validity = validity_of(builder, node);
  table.dated |= rule.validity.bounded();
  table.rules.push_back(std::move(rule));
}

HitPolicy hit_policy(std::string_view text) {
  if (text == "ANY") return HitPolicy::any;
  if (text == "PRIORITY") return HitPolicy::priority;
  if (text == "FIRST") return HitPolicy::first;
  if (text == "COLLECT") return HitPolicy::collect;
  if (text == "RULE ORDER") return HitPolicy::rule_order;
  return text == "OUTPUT ORDER" ? HitPolicy::output_order : HitPolicy::unique;
}

Aggregation aggregation(std::string_view text) {
  if (text == "SUM") return Aggregation::sum;
  if (text == "COUNT") return Aggregation::count;
  if (text == "MIN") return Aggregation::min;
  return text == "MAX" ? Aggregation::max : Aggregation::none;
}

}  // namespace

AstPtr boxed_table(Builder& builder, const pugi::xml_node& node, const std::string& part) {
  auto table = std::make_shared<TableNode>();
  table->policy = hit_policy(xml::attribute(node, "hitPolicy"));
  if (table->policy == HitPolicy::collect) table->aggregation = aggregation(xml::attribute(node, "aggregation"));
  table->site = builder.site(part, {});
  std::vector<std::string> annotations;
  xml::each(node, "annotation", [&](const pugi::xml_node& annotation) { annotations.push_back(normal_name(xml::attribute(annotation, "name"))); });
  const auto limited = [&](std::size_t count, std::size_t limit) {
    if (count == limit)
      builder.problem(DiagnosticCode::limit, *table->site, 0,
                      {fmt::format("the table has more than {} rules or columns", limit), fmt::format("决策表的规则或列超过 {}", limit)});
    return count >= limit;
  };
  xml::each(node, "input", [&](const pugi::xml_node& input) {
    if (!limited(table->inputs.size(), columns_max)) read_input(builder, *table, input, part);
  });
  xml::each(node, "output", [&](const pugi::xml_node& output) {
    if (!limited(table->outputs.size(), columns_max)) read_output(builder, *table, output, part);
  });
  xml::each(node, "rule", [&](const pugi::xml_node& rule) {
    if (!limited(table->rules.size(), rules_max)) read_rule(builder, *table, rule, annotations, part);
  });
  auto ast = std::make_unique<Ast>(Op::compiled);
  if (table->outputs.empty()) {
    builder.problem(DiagnosticCode::model, *table->site, 0, {"the table has no output", "决策表没有输出"});
    return std::make_unique<Ast>(Op::literal);
  }
  if (builder.element && !builder.element->table) builder.element->table = table.get();
  ast->node = std::move(table);
  return ast;
}

}  // namespace jx::rules
