// ast.hpp - an expression as parsed: names are resolved, and every node has the type that can be known from the text.
#pragma once
#include "function.hpp"

#include <memory>
#include <string>
#include <vector>

namespace jx::rules {

enum class Op : std::uint8_t {
  literal,  // literal
  local,    // index: slot of the frame
  input,    // index: input of the expression
  element,  // index: element of the model
  builtin,  // builtin
  unknown,  // text: a name that is nothing; null with a diagnostic
  item_or,  // kids: the item; what the name means outside of it. text: the name, taken from the item if that has it
  path,     // kids: of what. text
  filter,   // kids: list, condition. index: slot of item
  list,
  context,        // kids; context: names and slots of the entries; one kid more than names is its result
  range,          // kids: low, high. low_closed, high_closed
  compare_range,  // kids: end. comparison; `(< 5)` as a value
  negate,
  add,
  subtract,
  multiply,
  divide,
  power,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  conjunction,
  disjunction,
  between,      // kids: value, low, high
  in,           // kids: value, then the tests
  instance,     // kids: value. type_name: the type asked for
  conditional,  // kids: condition, then, else
  loop,         // kids: iterations, then the body. slots: one an iteration, then that of partial
  some,
  every,         // as loop
  iteration,     // kids: low, high: `1..n`; else one kid
  call,          // kids: what, arguments. names: of the arguments, if they are named
  function,      // function
  unary_tests,   // kids: tests. negated: not(...)
  test_compare,  // kids: end. comparison; over `?`
  test_value,    // kids: expression; equal to, contained in, or true. uses_input: it names `?`
  any_value,     // -
  sited,         // kids: an expression of another text. site
  fitted,        // kids: an expression. asked: the type that its value must have. text: what it is, for diagnostics
  compiled,      // node: code that is made already (a decision table)
};

struct Site;
struct Node;
struct Ast;
using AstPtr = std::unique_ptr<Ast>;

struct Capture {
  AstPtr from;       // local, input or element of the surrounding function
  std::size_t slot;  // of this function's frame
};

struct FunctionAst {
  std::vector<Parameter> parameters;  // slots 0 ..
  std::vector<Capture> captures;
  std::size_t frame_size = 0;
  AstPtr body;
  std::string external;  // kind of an external function, or empty
};

struct Ast {
  Op op;
  std::uint32_t at = 0;
  TypePtr type;
  std::vector<AstPtr> kids;
  Value literal;
  std::string text;
  std::vector<std::string> names;
  std::vector<std::size_t> slots;
  std::size_t index = 0;
  const Builtin* builtin = nullptr;
  TypePtr asked;
  std::unique_ptr<FunctionAst> function;
  Op comparison = Op::equal;
  const Site* site = nullptr;
  std::shared_ptr<const Node> node;  // shared: Node is not complete here, and unique_ptr would need it
  unsigned height = 1;
  bool low_closed = false, high_closed = false, negated = false, uses_input = false;

  explicit Ast(Op o, std::uint32_t position = 0, TypePtr t = nullptr) : op(o), at(position), type(std::move(t)) {}
};

}  // namespace jx::rules
