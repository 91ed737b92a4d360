// host.hpp - functions that a program lends to an expression, as inputs of its scope.
#pragma once
#include <jx/rules/value.hpp>

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace jx::rules {

/// A function value that calls back: called with as many arguments as there are parameters, from any thread that evaluates. It must not throw.
[[nodiscard]] Value host_function(std::string name, const std::vector<std::string>& parameters, std::function<Value(std::span<const Value>)> call);

}  // namespace jx::rules
