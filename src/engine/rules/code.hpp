// code.hpp - compiled expressions: a tree of nodes that evaluate themselves. Immutable; shared by threads.
#pragma once
#include "ast.hpp"
#include "run.hpp"

#include <memory>
#include <vector>

namespace jx::rules {

struct Node {
  std::uint32_t at = 0;

  Node() = default;
  explicit Node(std::uint32_t position) : at(position) {}
  virtual ~Node() = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  [[nodiscard]] virtual Value eval(Run& run) const = 0;
  /// The value without a copy where it already lies somewhere; else it is put into `room`.
  [[nodiscard]] virtual const Value& view(Run& run, Value& room) const { return room = eval(run); }
  /// The value, if it is the same in every evaluation.
  [[nodiscard]] virtual const Value* constant() const { return nullptr; }
};
using NodePtr = std::unique_ptr<const Node>;

/// The body of a function definition.
struct Lambda {
  struct Captured {
    NodePtr from;
    std::size_t slot;
  };
  std::string name;
  std::vector<Parameter> parameters;
  TypePtr result, returns;
  std::vector<Captured> captures;
  std::size_t frame_size = 0;
  NodePtr body;
  const Site* site = nullptr;
  bool external = false;
  std::string external_kind;  // Java, PMML, or external
};

/// Makes code of what was parsed. `site` must outlive the code.
[[nodiscard]] NodePtr compile(const Ast& ast, const Site& site);

/// A test of a table cell or of `in`, over an input value.
struct Test {
  std::uint32_t at = 0;

  Test() = default;
  explicit Test(std::uint32_t position) : at(position) {}
  virtual ~Test() = default;
  Test(const Test&) = delete;
  Test& operator=(const Test&) = delete;
  [[nodiscard]] virtual Truth holds(Run& run, const Value& input) const = 0;
};
using TestPtr = std::unique_ptr<const Test>;

/// Of Op::unary_tests, test_compare, test_value, any_value. `input_slot`: where the frame has `?`.
[[nodiscard]] TestPtr compile_test(const Ast& ast, const Site& site, std::size_t input_slot);

// --- makers, one file each ------------------------------------------------------------------------------------------------------
[[nodiscard]] NodePtr literal_node(Value value, std::uint32_t at);
[[nodiscard]] NodePtr compile_operator(const Ast& ast, const Site& site);   // run_operators.cpp
[[nodiscard]] NodePtr compile_variable(const Ast& ast, const Site& site);   // run_variables.cpp
[[nodiscard]] NodePtr compile_structure(const Ast& ast, const Site& site);  // run_structures.cpp
[[nodiscard]] NodePtr compile_control(const Ast& ast, const Site& site);    // run_control.cpp
[[nodiscard]] NodePtr compile_call(const Ast& ast, const Site& site);       // run_calls.cpp
[[nodiscard]] NodePtr compile_function(const Ast& ast, const Site& site);   // run_calls.cpp
[[nodiscard]] std::unique_ptr<Lambda> compile_lambda(const FunctionAst& function, const TypePtr& result, const Site& site);

}  // namespace jx::rules
