#include "function.hpp"

#include <jx/rules/host.hpp>

namespace jx::rules {

Value host_function(std::string name, const std::vector<std::string>& parameters, std::function<Value(std::span<const Value>)> call) {
  FunctionData function;
  function.name = std::move(name);
  for (const auto& parameter : parameters) function.parameters.push_back({parameter, nullptr});
  function.native = std::move(call);
  return Value::function(std::move(function));
}

}  // namespace jx::rules
