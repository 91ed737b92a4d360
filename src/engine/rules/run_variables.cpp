// run_variables.cpp - literals and names.
#include "builtins.hpp"
#include "code.hpp"
#include "model_run.hpp"

#include <fmt/format.h>

namespace jx::rules {
namespace {

struct Literal final : Node {
  Value value;
  Literal(Value v, std::uint32_t position) : Node(position), value(std::move(v)) {}
  Value eval(Run&) const override { return value; }
  const Value& view(Run&, Value&) const override { return value; }
  const Value* constant() const override { return &value; }
};

struct Local final : Node {
  std::size_t slot;
  Local(std::size_t s, std::uint32_t position) : Node(position), slot(s) {}
  Value eval(Run& run) const override { return run.frame[slot]; }
  const Value& view(Run& run, Value&) const override { return run.frame[slot]; }
};

struct Input final : Node {
  std::size_t index;
  Input(std::size_t i, std::uint32_t position) : Node(position), index(i) {}
  Value eval(Run& run) const override { return index < run.input_count ? run.inputs[index] : Value(); }
  const Value& view(Run& run, Value& room) const override { return index < run.input_count ? run.inputs[index] : room = Value(); }
};

struct Element final : Node {
  std::size_t index;
  Element(std::size_t i, std::uint32_t position) : Node(position), index(i) {}
  Value eval(Run& run) const override { return element_value(run, index, at); }
  const Value& view(Run& run, Value&) const override { return element_value(run, index, at); }
};

struct Unknown final : Node {
  std::string name;
  Unknown(std::string n, std::uint32_t position) : Node(position), name(std::move(n)) {}
  Value eval(Run& run) const override {
    if (name.starts_with('@'))
      return run.report(DiagnosticCode::value, at,
                        {fmt::format("{} is no date, time or duration", name), fmt::format("{} 不是日期、时间或时长", name)});
    return run.report(DiagnosticCode::unknown_name, at, {fmt::format("'{}' is not known here", name), fmt::format("此处没有“{}”这个名称", name)});
  }
};

/// A name within a filter: the entry of the item if it has one, else what the name means outside.
struct ItemOr final : Node {
  NodePtr item, outside;
  std::string name;
  ItemOr(NodePtr i, NodePtr o, std::string n, std::uint32_t position)
      : Node(position), item(std::move(i)), outside(std::move(o)), name(std::move(n)) {}
  Value eval(Run& run) const override {
    Value room;
    return view(run, room);
  }
  const Value& view(Run& run, Value& room) const override {
    Value item_room;
    const Value& value = item->view(run, item_room);
    if (const Value* entry = value.find(name)) return &value == &item_room ? room = *entry : *entry;
    return outside->view(run, room);
  }
};

}  // namespace

NodePtr literal_node(Value value, std::uint32_t at) { return std::make_unique<Literal>(std::move(value), at); }

NodePtr compile_variable(const Ast& ast, const Site& site) {
  switch (ast.op) {
    case Op::local: return std::make_unique<Local>(ast.index, ast.at);
    case Op::input: return std::make_unique<Input>(ast.index, ast.at);
    case Op::element: return std::make_unique<Element>(ast.index, ast.at);
    case Op::item_or: return std::make_unique<ItemOr>(compile(*ast.kids[0], site), compile(*ast.kids[1], site), ast.text, ast.at);
    case Op::builtin: {
      FunctionData function;
      function.name = ast.builtin->name;
      function.builtin = ast.builtin;
      for (const auto parameter : ast.builtin->signatures.front().names) function.parameters.push_back({std::string(parameter), nullptr});
      function.returns = scalar_type(ast.builtin->result);
      return literal_node(Value::function(std::move(function)), ast.at);
    }
    default: return std::make_unique<Unknown>(ast.text, ast.at);
  }
}

}  // namespace jx::rules
