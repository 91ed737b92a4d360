// scope.hpp - what a name means at a place of the text: frames of variables, functions and what they capture, items of a filter.
#pragma once
#include "ast.hpp"
#include "builtins.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jx::rules {

inline constexpr std::size_t name_tokens_max = 64;  // words and operators of one name; a longer one is never read

/// The spelling by which names are compared: `a  - b` and `a-b` are one, `a b` and `ab` are two.
[[nodiscard]] std::string name_key(std::string_view text);
/// The key of a name that goes on: `key` and then `token`, with white space between them or not.
void extend_key(std::string& key, std::string_view token, bool gap);

struct Binding {
  std::string key;
  std::string name;
  Op op = Op::input;  // input, element or unknown (an import: only its members mean something)
  std::size_t index = 0;
  TypePtr type;
  bool constant = false;         // an element that is the same in every evaluation: not captured
  std::vector<Binding> members;  // of an import
};

/// What surrounds an expression.
struct Environment {
  std::vector<Binding> names;
  /// Called for a name that is nothing; gives it a meaning, or none.
  std::function<std::optional<Binding>(std::string_view name)> discover;
  /// Types of item definitions.
  std::function<std::optional<TypePtr>(std::string_view name)> types;
  /// Elements that were named, for the check of unused ones.
  std::vector<std::size_t> used;
};

class Names {
 public:
  explicit Names(Environment& environment);

  void push() { frames_.push_back({.function = functions_.size() - 1, .bindings = {}, .item = std::nullopt, .item_type = nullptr, .fields = {}}); }
  void pop() { frames_.pop_back(); }
  /// A new variable of the innermost frame; the slot it gets.
  std::size_t declare(std::string_view name, TypePtr type);
  /// Another name, in the innermost frame, for a slot that is there.
  void rename(std::string_view name, std::size_t slot, TypePtr type) { frames_.back().bindings.push_back({name_key(name), slot, std::move(type)}); }
  /// A slot without a name.
  std::size_t reserve() { return functions_.back().frame_size++; }
  /// Opens a frame in which the entries of `slot` are names, as in a filter.
  void push_item(std::size_t slot, TypePtr type);
  void begin_function() { functions_.push_back({}); }
  /// Moves frame size and captures into `function`.
  void end_function(FunctionAst& function);
  [[nodiscard]] std::size_t frame_size() const { return functions_.back().frame_size; }

  /// The meaning of a key, or nullptr.
  [[nodiscard]] AstPtr resolve(std::string_view key, std::uint32_t at);
  /// Whether something has this name, and whether something has a longer one that begins so.
  struct Known {
    bool whole = false, more = false;
    void see(std::string_view name, std::string_view key) {
      if (!name.starts_with(key)) return;
      (name.size() == key.size() ? whole : more) = true;
    }
  };
  [[nodiscard]] Known look(std::string_view key) const;
  /// A name that nothing declares: from an item of unknown type, or discovered, or unknown.
  [[nodiscard]] AstPtr resolve_unknown(std::string_view name, std::uint32_t at);
  [[nodiscard]] const Binding* import_of(std::string_view key) const;
  [[nodiscard]] AstPtr member_of(const Binding& import, std::string_view key, std::uint32_t at);
  [[nodiscard]] Environment& environment() { return environment_; }

 private:
  struct Local {
    std::string key;
    std::size_t slot;
    TypePtr type;
  };
  struct Frame {
    std::size_t function;
    std::vector<Local> bindings;
    std::optional<std::size_t> item;
    TypePtr item_type;
    std::vector<std::pair<std::string, std::string>> fields;  // key, name: of an item whose fields are known
  };
  struct Captured {
    Op op;
    std::size_t index;  // in the surrounding function
    std::size_t slot;   // in this one
  };
  struct Function {
    std::size_t frame_size = 0;
    std::vector<Captured> captures;
  };

  [[nodiscard]] AstPtr variable(Op op, std::size_t index, std::size_t from_function, TypePtr type, std::uint32_t at);
  [[nodiscard]] AstPtr bound(const Binding& binding, std::uint32_t at);
  [[nodiscard]] static bool open_item(const Frame& frame);
  [[nodiscard]] AstPtr under_items(AstPtr outside, std::size_t from_frame, std::string_view name, std::uint32_t at);

  Environment& environment_;
  std::vector<Frame> frames_;
  std::vector<Function> functions_{1};
};

}  // namespace jx::rules
