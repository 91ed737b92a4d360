// run_calls.cpp - function definitions, closures, and calls with positional and named arguments.
#include "builtins.hpp"
#include "code.hpp"
#include "model_run.hpp"
#include "scope.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace jx::rules {
namespace {

Value wrong_arguments(Run& run, std::string_view function, std::uint32_t at) {
  return run.report(DiagnosticCode::arguments, at,
                    {fmt::format("'{}' does not take these arguments", function), fmt::format("“{}”不接受这样的参数", function)});
}

/// Where each named argument goes in the first signature that has all names; nullopt if none does.
std::optional<std::pair<const Signature*, std::vector<std::size_t>>> match_names(const Builtin& builtin, const std::vector<std::string>& names) {
  for (const auto& signature : builtin.signatures) {
    std::vector<std::size_t> places;
    for (const auto& name : names) {
      const auto at = std::ranges::find(signature.names, std::string_view(name));
      const auto place = static_cast<std::size_t>(at - signature.names.begin());
      if (at == signature.names.end() || std::ranges::find(places, place) != places.end()) break;
      places.push_back(place);
    }
    if (places.size() != names.size()) continue;
    std::size_t required = 0;
    for (const auto place : places) required += place < signature.required_by_name() ? 1 : 0;
    if (required == signature.required_by_name()) return std::pair{&signature, std::move(places)};
  }
  return std::nullopt;
}

std::size_t longest_signature(const Builtin& builtin) {
  std::size_t longest = 0;
  for (const auto& signature : builtin.signatures) longest = std::max(longest, signature.names.size());
  return longest;
}

/// Long texts and lists count as many steps.
Value weighed_call(Run& run, const Builtin& builtin, std::span<const Value> arguments, std::size_t given, std::uint32_t at) {
  const auto weight = [](const Value& value) {
    return value.is(Kind::string)    ? value.string().size() >> 8
           : value.is(Kind::list)    ? value.items().size() >> 4
           : value.is(Kind::context) ? value.entries().size() >> 3
                                     : 0;
  };
  std::size_t steps = 0;
  for (const auto& argument : arguments) steps += weight(argument);
  if (steps > 0 && !run.steps(steps)) return {};
  Value result = builtin.call({run, arguments, given, at, builtin});
  if (const auto more = weight(result); more > 0 && !run.steps(more)) return {};
  return result;
}

struct BuiltinCall final : Node {
  const Builtin& builtin;
  std::vector<NodePtr> arguments;
  std::vector<std::size_t> places;
  std::size_t size, given;
  BuiltinCall(const Builtin& b, std::uint32_t position) : Node(position), builtin(b), size(0), given(0) {}
  Value eval(Run& run) const override {
    if (!run.step()) return {};
    Frame values(run.stack, size);
    for (std::size_t i = 0; i < arguments.size(); ++i) values[places[i]] = arguments[i]->eval(run);
    return weighed_call(run, builtin, values.span(), given, at);
  }
};

struct WrongCall final : Node {
  std::string function;
  WrongCall(std::string f, std::uint32_t position) : Node(position), function(std::move(f)) {}
  Value eval(Run& run) const override { return wrong_arguments(run, function, at); }
};

/// The function is known only when it runs.
struct DynamicCall final : Node {
  NodePtr callee;
  std::vector<NodePtr> arguments;
  std::vector<std::string> names;  // keys
  explicit DynamicCall(std::uint32_t position) : Node(position) {}

  Value eval(Run& run) const override {
    Value room;
    const Value function = callee->view(run, room);
    if (!function.is(Kind::function)) {
      if (function.is_null() && !run.diagnostics.empty()) return {};
      return run.report(DiagnosticCode::type, at,
                        {fmt::format("{} is no function", name(function.kind())), fmt::format("{} 不是函数", name(function.kind()))});
    }
    const auto& data = function.function();
    if (data.builtin) return call_builtin(run, *data.builtin);
    Frame values(run.stack, data.parameters.size());
    if (arguments.size() != data.parameters.size()) return wrong_arguments(run, data.name, at);
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      std::size_t place = i;
      if (!names.empty()) {
        const auto found = std::ranges::find_if(data.parameters, [&](const Parameter& p) { return name_key(p.name) == names[i]; });
        if (found == data.parameters.end()) return wrong_arguments(run, data.name, at);
        place = static_cast<std::size_t>(found - data.parameters.begin());
      }
      values[place] = arguments[i]->eval(run);
    }
    return run.call(function, values.span(), at);
  }

 private:
  Value call_builtin(Run& run, const Builtin& builtin) const {
    if (!run.step()) return {};
    const auto matched = names.empty() ? std::nullopt : match_names(builtin, names);
    if (names.empty() ? !builtin.takes(arguments.size()) : !matched) return wrong_arguments(run, builtin.name, at);
    const std::size_t size = matched ? matched->first->names.size() : arguments.size();
    Frame values(run.stack, std::max(size, longest_signature(builtin)));
    for (std::size_t i = 0; i < arguments.size(); ++i) values[matched ? matched->second[i] : i] = arguments[i]->eval(run);
    return weighed_call(run, builtin, values.span(), size, at);
  }
};

struct Closure final : Node {
  std::shared_ptr<const Lambda> lambda;
  Closure(std::shared_ptr<const Lambda> l, std::uint32_t position) : Node(position), lambda(std::move(l)) {}
  Value eval(Run& run) const override {
    FunctionData function;
    function.name = lambda->name;
    function.parameters = lambda->parameters;
    function.result = lambda->result;
    function.returns = lambda->returns;
    function.lambda = lambda.get();
    for (const auto& captured : lambda->captures) function.captured.push_back(captured.from->eval(run));
    if (run.owner) function.owner = *run.owner;
    if (lambda->external) function.unsupported = lambda->external_kind;
    if (run.globals) function.model = run.globals->model;
    auto value = Value::function(std::move(function));
    if (value.is_null()) return run.stop(at, {"functions are nested too deeply or hold too much", "函数嵌套过深或内容过多"});
    return value;
  }
};

}  // namespace

std::unique_ptr<Lambda> compile_lambda(const FunctionAst& function, const TypePtr& result, const Site& site) {
  auto lambda = std::make_unique<Lambda>();
  lambda->parameters = function.parameters;
  lambda->result = result;
  lambda->returns = result ? result : function.body->type;
  for (const auto& capture : function.captures) lambda->captures.push_back({compile(*capture.from, site), capture.slot});
  lambda->frame_size = function.frame_size;
  lambda->body = compile(*function.body, site);
  lambda->site = &site;
  lambda->external = !function.external.empty();
  lambda->external_kind = function.external;
  return lambda;
}

NodePtr compile_function(const Ast& ast, const Site& site) {
  auto lambda = compile_lambda(*ast.function, ast.asked, site);
  return std::make_unique<Closure>(std::move(lambda), ast.at);
}

NodePtr compile_call(const Ast& ast, const Site& site) {
  std::vector<NodePtr> arguments;
  for (std::size_t i = 1; i < ast.kids.size(); ++i) arguments.push_back(compile(*ast.kids[i], site));
  if (ast.kids[0]->op != Op::builtin) {
    auto call = std::make_unique<DynamicCall>(ast.at);
    call->callee = compile(*ast.kids[0], site);
    call->arguments = std::move(arguments);
    call->names = ast.names;
    return call;
  }
  const Builtin& builtin = *ast.kids[0]->builtin;
  const auto matched = ast.names.empty() ? std::nullopt : match_names(builtin, ast.names);
  if (ast.names.empty() ? !builtin.takes(arguments.size()) : !matched) return std::make_unique<WrongCall>(std::string(builtin.name), ast.at);
  auto call = std::make_unique<BuiltinCall>(builtin, ast.at);
  call->arguments = std::move(arguments);
  call->given = matched ? matched->first->names.size() : call->arguments.size();
  call->size = std::max(call->given, longest_signature(builtin));
  if (matched) {
    call->places = matched->second;
  } else {
    for (std::size_t i = 0; i < call->arguments.size(); ++i) call->places.push_back(i);
  }
  return call;
}

}  // namespace jx::rules
