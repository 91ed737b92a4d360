// expression.cpp - single expressions and unary tests: compile, bind inputs, run.
#include "code.hpp"
#include "parser.hpp"
#include "strict.hpp"

#include <jx/rules.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace jx::rules {

namespace detail {
struct Program {
  Site site;
  std::vector<Scope::Input> inputs;
  NodePtr root;  // of an expression
  Type type;     // of its value
  TestPtr test;  // of unary tests; `?` is slot 0
  std::size_t frame_size = 0;
};
}  // namespace detail

namespace {

std::unexpected<Error> refuse(std::string_view text, const SyntaxError& error) {
  const auto [line, column] = position_of(text, std::min(error.at, static_cast<std::uint32_t>(text.size())));
  return fail(
      text.size() > expression_bytes_max ? ErrorCode::too_large : ErrorCode::invalid,
      {fmt::format("line {}, column {}: {}", line, column, error.message.en), fmt::format("第 {} 行第 {} 列：{}", line, column, error.message.zh)});
}

/// Errors: too_large.
Result<> check_inputs(const Scope& scope) {
  if (std::ranges::any_of(scope.inputs, [](const Scope::Input& input) { return input.name.size() > name_bytes_max; }))
    return fail(ErrorCode::too_large,
                {fmt::format("the name of an input is over {} octets", name_bytes_max), fmt::format("输入名称超过 {} 字节", name_bytes_max)});
  return {};
}

/// Sets up the scope of a program; what is discovered is added to its inputs.
Environment environment_of(detail::Program& program, const Scope& scope) {
  Environment environment;
  program.inputs = scope.inputs;
  const auto bind = [](const Scope::Input& input, std::size_t index) {
    Binding binding;
    binding.key = name_key(input.name);
    binding.name = input.name;
    binding.op = Op::input;
    binding.index = index;
    binding.type = input.type.data();
    return binding;
  };
  for (std::size_t i = 0; i < scope.inputs.size(); ++i) environment.names.push_back(bind(scope.inputs[i], i));
  if (!scope.open) return environment;
  environment.discover = [&program, bind](std::string_view name) -> std::optional<Binding> {
    for (std::size_t i = 0; i < program.inputs.size(); ++i)
      if (program.inputs[i].name == name) return bind(program.inputs[i], i);
    if (program.inputs.size() >= 256) return std::nullopt;
    program.inputs.push_back({std::string(name), {}});
    return bind(program.inputs.back(), program.inputs.size() - 1);
  };
  return environment;
}

/// The first name that means nothing, for the refusal in a closed scope.
const Ast* unknown_in(const Ast& ast) {
  if (ast.op == Op::unknown && !ast.text.starts_with('@')) return &ast;
  for (const auto& kid : ast.kids)
    if (kid)
      if (const auto* found = unknown_in(*kid)) return found;
  if (ast.function) return unknown_in(*ast.function->body);
  return nullptr;
}

Result<> check_names(std::string_view text, const Ast& ast) {
  if (const auto* unknown = unknown_in(ast))
    return refuse(text, {unknown->at, {fmt::format("'{}' is not known here", unknown->text), fmt::format("此处没有“{}”这个名称", unknown->text)}});
  return {};
}

/// Binds the inputs of a program and calls `body` with a run that is ready.
template <class Give, class Body>
Outcome run_program(const std::shared_ptr<const detail::Program>& program, const Options& options, Give give, Body body) {
  Outcome outcome;
  Run run(options, outcome.diagnostics);
  const std::shared_ptr<const void> owner = program;
  run.owner = &owner;
  run.site = &program->site;
  Frame inputs(run.stack, program->inputs.size());
  for (std::size_t i = 0; i < program->inputs.size(); ++i) {
    const auto& input = program->inputs[i];
    if (const Value* value = give(i)) {
      inputs[i] = bind_input(run, *value, input.type.data(), input.name);
    } else {
      run.report(DiagnosticCode::missing, 0, {fmt::format("'{}' was not given", input.name), fmt::format("没有给出“{}”", input.name)});
    }
  }
  run.inputs = inputs.data();
  run.input_count = program->inputs.size();
  Frame locals(run.stack, program->frame_size);
  run.frame = locals.data();
  outcome.value = run.result(body(run));
  return outcome;
}

}  // namespace

Result<Expression> Expression::compile(std::string_view text, const Scope& scope) {
  JX_CHECK(check_inputs(scope));
  auto program = std::make_shared<detail::Program>();
  program->site.text = text.substr(0, expression_bytes_max);
  auto environment = environment_of(*program, scope);
  Names names(environment);
  const auto ast = parse_expression(text, names);
  if (!ast) return refuse(text, ast.error());
  if (!scope.open) JX_CHECK(check_names(text, **ast));
  if (const auto fault = scope.strict ? type_fault(**ast) : std::nullopt) return refuse(text, *fault);
  program->type = Type((*ast)->type);
  program->root = rules::compile(**ast, program->site);
  program->frame_size = names.frame_size();
  return Expression(std::move(program));
}

std::span<const Scope::Input> Expression::inputs() const { return program_->inputs; }
const Type& Expression::type() const { return program_->type; }

Outcome Expression::evaluate(const Value& context, const Options& options) const {
  return run_program(
      program_, options, [&](std::size_t i) { return context.find(program_->inputs[i].name); }, [&](Run& run) { return program_->root->eval(run); });
}

Outcome Expression::evaluate(std::span<const Value> inputs, const Options& options) const {
  static const Value nothing;
  return run_program(
      program_, options, [&](std::size_t i) { return i < inputs.size() ? &inputs[i] : &nothing; },
      [&](Run& run) { return program_->root->eval(run); });
}

Result<UnaryTests> UnaryTests::compile(std::string_view text, const Type& input, const Scope& scope) {
  JX_CHECK(check_inputs(scope));
  auto program = std::make_shared<detail::Program>();
  program->site.text = text.substr(0, expression_bytes_max);
  auto environment = environment_of(*program, scope);
  Names names(environment);
  const std::size_t slot = names.declare("?", input.data());
  const auto ast = parse_unary_tests(text, names, slot, input.data());
  if (!ast) return refuse(text, ast.error());
  if (!scope.open) JX_CHECK(check_names(text, **ast));
  program->test = compile_test(**ast, program->site, slot);
  program->frame_size = names.frame_size();
  return UnaryTests(std::move(program));
}

Outcome UnaryTests::test(const Value& input, const Value& context, const Options& options) const {
  return run_program(
      program_, options, [&](std::size_t i) { return context.find(program_->inputs[i].name); },
      [&](Run& run) {
        run.frame[0] = input;
        return value_of(program_->test->holds(run, input));
      });
}

// --- types, diagnostics -----------------------------------------------------------------------------------------------------------

Type::Type() = default;

Result<Type> Type::parse(std::string_view text) {
  Environment nothing;
  auto type = parse_type(text, nothing);
  if (!type) return refuse(text, type.error());
  return Type(*type);
}

Type Type::list(const Type& element) { return Type(list_type(element.data())); }
Type Type::context(const std::vector<std::pair<std::string, Type>>& fields) {
  std::vector<Data::Field> parts;
  for (const auto& [name, type] : fields) parts.push_back({name, type.data()});
  return Type(context_type(std::move(parts)));
}

std::string Type::text() const { return type_text(data_); }

std::string_view name(DiagnosticCode code) {
  switch (code) {
    case DiagnosticCode::syntax: return "syntax";
    case DiagnosticCode::unknown_name: return "unknown_name";
    case DiagnosticCode::missing: return "missing";
    case DiagnosticCode::type: return "type";
    case DiagnosticCode::value: return "value";
    case DiagnosticCode::arguments: return "arguments";
    case DiagnosticCode::hit_policy: return "hit_policy";
    case DiagnosticCode::model: return "model";
    case DiagnosticCode::unsupported: return "unsupported";
    case DiagnosticCode::limit: return "limit";
  }
  return "value";
}

std::string Diagnostic::text(std::string_view language) const {
  const bool zh = language.starts_with("zh");
  const std::string place = zh ? fmt::format("第 {} 行第 {} 列：{}", position.line, position.column, message.in(language))
                               : fmt::format("line {}, column {}: {}", position.line, position.column, message.in(language));
  return where.empty() ? place : where + (zh ? "，" : ", ") + place;
}

}  // namespace jx::rules
