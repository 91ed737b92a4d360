// model_run.cpp - evaluates the elements of a model, each once, when it is first asked for.
#include "model_run.hpp"

#include "model.hpp"
#include "table.hpp"

#include <fmt/format.h>

#include <array>

namespace jx::rules {
namespace {

using State = Globals::State;

/// Values and states of all elements of a model, for the time of a scope; the current ones of the run meanwhile.
class GlobalsScope {
 public:
  GlobalsScope(Run& run, const detail::ModelData& model) : run_(run), values_(run.stack, model.elements.size()), outer_(run.globals) {
    const std::size_t count = model.elements.size();
    if (count > few_.size()) many_ = std::make_unique<State[]>(count);
    globals_.model = &model;
    globals_.values = values_.data();
    globals_.states = many_ ? many_.get() : few_.data();
    run.globals = &globals_;
  }
  ~GlobalsScope() { run_.globals = outer_; }
  GlobalsScope(const GlobalsScope&) = delete;
  GlobalsScope& operator=(const GlobalsScope&) = delete;

  void give(std::size_t element, Value value) {
    globals_.values[element] = std::move(value);
    globals_.states[element] = State::done;
  }

 private:
  Run& run_;
  Frame values_;
  Globals* outer_;
  Globals globals_;
  std::array<State, 128> few_{};
  std::unique_ptr<State[]> many_;
};

const Element& in_force(Run& run, const Element& element) {
  if (element.versions.empty() && !element.validity.bounded()) return element;
  const auto day = day_of(run.options);
  const auto& elements = run.globals->model->elements;
  if (day) {
    for (const std::size_t version : element.versions)
      if (elements[version].validity.bounded() && elements[version].validity.includes(*day)) return elements[version];
  }
  return element;
}

/// The value of a decision as its variable's type; null, and reported, if it does not fit.
Value fitted_result(Run& run, const Element& element, Value value) {
  auto fitted = fit(value, element.type);
  if (!fitted)
    return run.report(DiagnosticCode::type, 0,
                      {fmt::format("the decision gives {}, not {}", name(value.kind()), type_text(element.type)),
                       fmt::format("决策结果是 {}，应为 {}", name(value.kind()), type_text(element.type))});
  if (const std::string* broken = broken_constraint(run, *fitted, element.type))
    return run.report(DiagnosticCode::value, 0,
                      {fmt::format("the result is not among the allowed values: {}", *broken), fmt::format("结果不在允许的取值之内：{}", *broken)});
  return std::move(*fitted);
}

Value run_decision(Run& run, const Element& asked) {
  if (!run.room(0)) return {};
  const Element& element = in_force(run, asked);
  const Site* const outer_site = std::exchange(run.site, &element.site);
  Value* const outer_frame = run.frame;
  Trace* const outer_trace = run.trace_now;
  std::optional<Trace> trace;
  if (run.trace) {
    trace.emplace();
    trace->decision = element.name;
    trace->id = element.id;
    trace->laws.assign(element.laws.begin(), element.laws.begin() + static_cast<std::ptrdiff_t>(element.own_laws));
    run.trace_now = &*trace;
  }
  Value value;
  const auto day = element.validity.bounded() ? day_of(run.options) : std::nullopt;
  if (element.validity.bounded() && !(day && element.validity.includes(*day))) {
    run.report(DiagnosticCode::model, 0, {"the decision is not in force on this day", "该决策在此日期不生效"});
  } else {
    Frame locals(run.stack, element.frame_size);
    run.frame = locals.data();
    value = element.body->eval(run);
    run.frame = outer_frame;
    if (element.type) value = fitted_result(run, element, std::move(value));
  }
  run.site = outer_site;
  run.trace_now = outer_trace;
  if (trace) {
    if (value.weight() <= run.options.limits.parts) trace->value = value;
    run.trace->push_back(std::move(*trace));
  }
  return value;
}
Value function_of(Run& run, const Element& element, std::size_t index) {
  FunctionData function;
  function.name = element.name;
  function.model = run.globals->model;
  if (run.owner) function.owner = *run.owner;
  function.result = element.result;
  function.returns = element.result;
  if (element.kind == ElementKind::service) {
    function.service = ServiceRef{index};
    for (const std::size_t parameter : element.parameters)
      function.parameters.push_back({run.globals->model->elements[parameter].name, run.globals->model->elements[parameter].type});
    return Value::function(std::move(function));
  }
  function.unsupported = element.unsupported;
  if (element.lambda) {
    function.parameters = element.lambda->parameters;
    function.lambda = element.lambda.get();
    function.returns = element.lambda->returns;
    for (const auto& captured : element.lambda->captures) function.captured.push_back(captured.from->eval(run));
  }
  return Value::function(std::move(function));
}

}  // namespace

const Value& element_value(Run& run, std::size_t index, std::uint32_t at) {
  static const Value unknown;
  if (run.globals == nullptr) return unknown;  // a check looks at cells by themselves
  auto& globals = *run.globals;
  Value& value = globals.values[index];
  State& state = globals.states[index];
  if (state == State::done) return value;
  const auto& element = globals.model->elements[index];
  if (state == State::running) {
    run.report(DiagnosticCode::model, at, {fmt::format("'{}' requires itself", element.name), fmt::format("“{}”依赖于自身", element.name)});
    return value;
  }
  state = State::running;
  switch (element.kind) {
    case ElementKind::input:
      run.report(element.declared ? DiagnosticCode::missing : DiagnosticCode::unknown_name, at,
                 {fmt::format("'{}' was not given", element.name), fmt::format("没有给出“{}”", element.name)});
      break;
    case ElementKind::decision: value = run_decision(run, element); break;
    default: value = function_of(run, element, index);
  }
  state = State::done;
  return value;
}

Value call_in_model(Run& run, const FunctionData& function, std::span<const Value> arguments, std::uint32_t at,
                    Value (*body)(Run&, const FunctionData&, std::span<const Value>, std::uint32_t)) {
  if (run.globals && run.globals->model == function.model) return body(run, function, arguments, at);
  GlobalsScope globals(run, *static_cast<const detail::ModelData*>(function.model));  // a function that came from elsewhere
  return body(run, function, arguments, at);
}

Value call_service(Run& run, const FunctionData& function, std::span<const Value> arguments, std::uint32_t at) {
  const auto body = [](Run& r, const FunctionData& f, std::span<const Value> given, std::uint32_t) -> Value {
    const auto& model = *r.globals->model;
    const auto& service = model.elements[f.service->element];
    GlobalsScope globals(r, model);
    for (std::size_t i = 0; i < service.parameters.size(); ++i) {
      const auto& parameter = model.elements[service.parameters[i]];
      globals.give(service.parameters[i], bind_input(r, given[i], parameter.type, parameter.name));
    }
    Value value;
    if (service.outputs.size() == 1) {
      value = element_value(r, service.outputs[0], 0);
    } else {
      std::vector<Entry> entries;
      for (const std::size_t output : service.outputs) entries.push_back({model.elements[output].name, element_value(r, output, 0)});
      value = Value::context(std::move(entries));
    }
    if (!service.result) return value;
    auto fitted = fit(value, service.result);
    if (fitted && !broken_constraint(r, *fitted, service.result)) return std::move(*fitted);
    return r.report(DiagnosticCode::type, 0,
                    {fmt::format("the service gives {}, not {}", name(value.kind()), type_text(service.result)),
                     fmt::format("决策服务的结果是 {}，应为 {}", name(value.kind()), type_text(service.result))});
  };
  return call_in_model(run, function, arguments, at, body);
}

// --- Model ------------------------------------------------------------------------------------------------------------------------

namespace {

/// The value that an input context has for an element: by name, `namespace#name`, or nested under the names of the imports.
const Value* given_for(const detail::ModelData& model, const Element& element, const std::string& outside, const Value& input) {
  if (const Value* value = input.find(element.unit == 0 ? element.name : outside)) return value;
  if (element.unit == 0) return nullptr;
  if (const Value* value = input.find(model.units[element.unit].model_namespace + "#" + element.name)) return value;
  const Value* at = &input;
  std::string_view rest = outside;
  while (at && rest.size() > element.name.size()) {
    const auto point = rest.find('.');
    at = at->find(rest.substr(0, point));
    rest.remove_prefix(point + 1);
  }
  if (at && at != &input)
    if (const Value* value = at->find(element.name)) return value;
  return input.find(element.name);
}

template <class Give>
Outcome evaluate(const std::shared_ptr<const detail::ModelData>& data, std::size_t decision, const Options& options, Give give) {
  Outcome outcome;
  Run run(options, outcome.diagnostics);
  const std::shared_ptr<const void> owner = data;
  run.owner = &owner;
  if (options.explain) run.trace = &outcome.trace;
  const std::size_t element = data->decision_elements[decision];
  run.site = &data->elements[element].site;
  GlobalsScope globals(run, *data);
  give(run, globals);
  if (data->elements[element].kind == ElementKind::service) {
    const Value function = element_value(run, element, 0);
    const auto& needs = data->decision_needs[decision];
    Frame arguments(run.stack, needs.size());
    for (std::size_t i = 0; i < needs.size(); ++i)
      if (run.globals->states[needs[i]] == State::done) arguments[i] = run.globals->values[needs[i]];
    outcome.value = run.result(run.call(function, arguments.span(), 0));
  } else {
    outcome.value = run.result(element_value(run, element, 0));
  }
  return outcome;
}

}  // namespace

Outcome Model::decide(std::string_view decision, const Value& input, const Options& options) const {
  const auto index = index_of(decision);
  if (!index) {
    Outcome outcome;
    outcome.diagnostics.push_back({DiagnosticCode::unknown_name,
                                   {fmt::format("the model has no decision '{}'", decision), fmt::format("模型中没有决策“{}”", decision)},
                                   name(),
                                   {}});
    return outcome;
  }
  return evaluate(data_, *index, options, [&](Run& run, GlobalsScope& globals) {
    const auto& needs = data_->decision_needs[*index];
    for (std::size_t i = 0; i < needs.size(); ++i) {
      const auto& element = data_->elements[needs[i]];
      if (const Value* value = given_for(*data_, element, data_->decisions[*index].needs[i].name, input))
        globals.give(needs[i], bind_input(run, *value, element.type, element.name));
    }
    for (const std::size_t required : data_->decision_requires[*index]) {
      const auto& element = data_->elements[required];
      const Value* value = element.unit == 0 ? input.find(element.name) : input.find(data_->units[element.unit].model_namespace + "#" + element.name);
      if (value) globals.give(required, bind_input(run, *value, element.type, element.name));
    }
  });
}

Outcome Model::decide(std::size_t decision, std::span<const Value> needs, const Options& options) const {
  return evaluate(data_, decision, options, [&](Run& run, GlobalsScope& globals) {
    const auto& elements = data_->decision_needs[decision];
    for (std::size_t i = 0; i < elements.size() && i < needs.size(); ++i) {
      const auto& element = data_->elements[elements[i]];
      globals.give(elements[i], bind_input(run, needs[i], element.type, element.name));
    }
  });
}

}  // namespace jx::rules
