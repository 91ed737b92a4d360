// function.hpp - function values: what is built in, closures, and the functions of a model.
#pragma once
#include "types.hpp"

#include <algorithm>
#include <atomic>
#include <functional>

namespace jx::rules {

struct Run;
struct Lambda;   // compiled body of a function definition: code.hpp
struct Builtin;  // builtins.hpp

struct Parameter {
  std::string name;
  TypePtr type;
};

/// A decision service of a model, as a function.
struct ServiceRef {
  std::size_t element;
};

struct FunctionData {
  std::string name;  // empty if anonymous
  std::vector<Parameter> parameters;
  TypePtr result;   // declared: the result is fitted to it
  TypePtr returns;  // declared or known from the body; nullptr if neither
  const Builtin* builtin = nullptr;
  const Lambda* lambda = nullptr;
  std::optional<ServiceRef> service;
  std::vector<Value> captured;        // in the order of Lambda::captures
  std::shared_ptr<const void> owner;  // keeps lambda alive; shared because functions outlive the evaluation
  const void* model = nullptr;        // the ModelData whose elements the body may name
  std::function<Value(std::span<const Value>)> native;  // given by the program that evaluates (jx/rules/host.hpp)
  std::string unsupported;            // an external function: what it is; calling it gives null
};

bool append_in_place(Value& list, const Value& item);

namespace detail {
struct Shared {
  std::atomic<std::uint32_t> count{1};
  std::uint32_t depth = 1;
  std::uint64_t weight = 1;

  void hold(const Value& part) {
    depth = std::max(depth, part.depth() + 1);
    weight += part.weight();
  }
};
struct ListData : Shared {
  std::vector<Value> items;
};
struct ContextData : Shared {
  std::vector<Entry> entries;
  std::vector<std::uint32_t> sorted;  // by key, where there are many
};
struct StringData : Shared {
  std::string text;
};
struct RangeHolder : Shared {
  RangeData range;
};
struct FunctionHolder : Shared {
  FunctionData function;
};
}  // namespace detail

}  // namespace jx::rules
