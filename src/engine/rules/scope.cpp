#include "scope.hpp"

#include "names.hpp"

#include <algorithm>

namespace jx::rules {
namespace {

constexpr std::string_view name_symbols = "./-'+*";

bool is_symbol(char c) { return name_symbols.find(c) != std::string_view::npos; }

}  // namespace

std::string name_key(std::string_view text) {
  std::string key;
  bool gap = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const char32_t c = next_character(text, at);
    if (white_space(c)) {
      gap = true;
      continue;
    }
    if (gap && !key.empty() && !is_symbol(key.back()) && !(c < 0x80 && is_symbol(static_cast<char>(c)))) key += ' ';
    gap = false;
    key += text.substr(start, at - start);
  }
  return key;
}

void extend_key(std::string& key, std::string_view token, bool gap) {
  if (gap && !key.empty() && !is_symbol(key.back()) && !is_symbol(token.front())) key += ' ';
  key += token;
}

Names::Names(Environment& environment) : environment_(environment) { push(); }

std::size_t Names::declare(std::string_view name, TypePtr type) {
  const std::size_t slot = reserve();
  frames_.back().bindings.push_back({name_key(name), slot, std::move(type)});
  return slot;
}

void Names::push_item(std::size_t slot, TypePtr type) {
  push();
  auto& frame = frames_.back();
  frame.item = slot;
  frame.item_type = type;
  frame.bindings.push_back({"item", slot, type});
  if (kind_of(type) != TypeKind::context) return;
  for (const auto& field : type->fields) frame.fields.emplace_back(name_key(field.name), field.name);
}

void Names::end_function(FunctionAst& function) {
  auto& own = functions_.back();
  function.frame_size = own.frame_size;
  for (const auto& captured : own.captures) {
    auto from = std::make_unique<Ast>(captured.op);
    from->index = captured.index;
    function.captures.push_back({std::move(from), captured.slot});
  }
  functions_.pop_back();
}

bool Names::open_item(const Frame& frame) {
  if (!frame.item) return false;
  return kind_of(frame.item_type) == TypeKind::any || (kind_of(frame.item_type) == TypeKind::context && frame.item_type->open);
}

// A variable of an outer function becomes a slot of every function between, filled when the closure is made.
AstPtr Names::variable(Op op, std::size_t index, std::size_t from_function, TypePtr type, std::uint32_t at) {
  for (std::size_t level = from_function + 1; level < functions_.size(); ++level) {
    auto& function = functions_[level];
    const auto known = std::ranges::find_if(function.captures, [&](const Captured& c) { return c.op == op && c.index == index; });
    if (known != function.captures.end()) {
      index = known->slot;
    } else {
      const std::size_t slot = function.frame_size++;
      function.captures.push_back({op, index, slot});
      index = slot;
    }
    op = Op::local;
  }
  auto ast = std::make_unique<Ast>(op, at, std::move(type));
  ast->index = index;
  return ast;
}

AstPtr Names::bound(const Binding& binding, std::uint32_t at) {
  if (binding.op == Op::element && std::ranges::find(environment_.used, binding.index) == environment_.used.end())
    environment_.used.push_back(binding.index);
  return variable(binding.op, binding.index, binding.constant ? functions_.size() - 1 : 0, binding.type, at);
}

// Inside filters over items of unknown type a name may be an entry of any of them; the innermost wins.
AstPtr Names::under_items(AstPtr outside, std::size_t from_frame, std::string_view name, std::uint32_t at) {
  for (std::size_t i = from_frame; i < frames_.size(); ++i) {
    if (!open_item(frames_[i])) continue;
    auto either = std::make_unique<Ast>(Op::item_or, at);
    either->text = normal_name(name);
    either->kids.push_back(variable(Op::local, *frames_[i].item, frames_[i].function, nullptr, at));
    either->kids.push_back(std::move(outside));
    outside = std::move(either);
  }
  return outside;
}

AstPtr Names::resolve(std::string_view key, std::uint32_t at) {
  for (std::size_t i = frames_.size(); i-- > 0;) {
    const auto& frame = frames_[i];
    for (const auto& [field_key, field] : frame.fields) {
      if (field_key != key) continue;
      auto path = std::make_unique<Ast>(Op::path, at, frame.item_type->find(field)->type);
      path->text = field;
      path->kids.push_back(variable(Op::local, *frame.item, frame.function, frame.item_type, at));
      return under_items(std::move(path), i + 1, key, at);
    }
    for (auto local = frame.bindings.rbegin(); local != frame.bindings.rend(); ++local) {
      if (local->key != key) continue;
      auto found = variable(Op::local, local->slot, frame.function, local->type, at);
      return under_items(std::move(found), i + (frame.item && key != "item" ? 0 : 1), key, at);
    }
  }
  for (const auto& binding : environment_.names)
    if (binding.key == key && binding.op != Op::unknown) return under_items(bound(binding, at), 0, key, at);
  if (const auto* builtin = find_builtin(key)) {
    auto ast = std::make_unique<Ast>(Op::builtin, at, scalar_type(TypeKind::function));
    ast->builtin = builtin;
    return under_items(std::move(ast), 0, key, at);
  }
  return nullptr;
}

Names::Known Names::look(std::string_view key) const {
  Known known;
  for (const auto& frame : frames_) {
    for (const auto& local : frame.bindings) known.see(local.key, key);
    for (const auto& field : frame.fields) known.see(field.first, key);
  }
  for (const auto& binding : environment_.names) known.see(binding.key, key);
  for (const auto& builtin : all_builtins()) known.see(builtin.name, key);
  return known;
}

AstPtr Names::resolve_unknown(std::string_view name, std::uint32_t at) {
  const bool in_item = std::ranges::any_of(frames_, open_item);
  AstPtr outside;
  if (!in_item && environment_.discover) {
    if (auto binding = environment_.discover(normal_name(name))) outside = bound(*binding, at);
  }
  if (!outside) {
    outside = std::make_unique<Ast>(in_item ? Op::literal : Op::unknown, at);  // an item without the entry gives null, silently
    outside->text = normal_name(name);
  }
  return under_items(std::move(outside), 0, name, at);
}

const Binding* Names::import_of(std::string_view key) const {
  for (const auto& binding : environment_.names)
    if (binding.key == key && !binding.members.empty()) return &binding;
  return nullptr;
}

AstPtr Names::member_of(const Binding& import, std::string_view key, std::uint32_t at) {
  for (const auto& member : import.members)
    if (member.key == key) return bound(member, at);
  return nullptr;
}

}  // namespace jx::rules
