// access.hpp - permissions, the three powers, and the one question "may she do that?", whose answer is no unless a role says yes.
#pragma once
#include <jx/core.hpp>
#include <jx/db.hpp>
#include <jx/db/remembered.hpp>
#include <jx/identity/directory.hpp>

#include <boost/json/object.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jx::identity {

/// Three powers of which no person ever holds two at one time (GB/T 39477-2020: administrator, security officer, auditor apart).
enum class Power { none, configure, grant_rights, audit };

struct Permission {
  std::string_view key;
  Power power = Power::none;
  Words words;
};
/// Every permission of the program: the one list, so that one can see which of them carry a power. Sorted by key.
[[nodiscard]] std::span<const Permission> permissions();
/// Null if there is none of this name.
[[nodiscard]] const Permission* permission(std::string_view key);
[[nodiscard]] Words power_name(Power power);

/// What evaluates the `when` of an allowance. Thread-safe.
class Conditions {
 public:
  virtual ~Conditions() = default;
  /// Errors: invalid (not FEEL, or a name other than `actor` and `object`).
  [[nodiscard]] virtual Result<> check(std::string_view condition) const = 0;
  /// Whether the condition is true. What is null, not a boolean or fails is not true.
  [[nodiscard]] virtual bool holds(std::string_view condition, const boost::json::object& names) const = 0;
};

/// FEEL, compiled once for each text. Keeps the last few thousand.
[[nodiscard]] std::unique_ptr<Conditions> feel_conditions();

/// Answers what actors may do. Thread-safe; remembers roles while nothing changes.
class Access {
 public:
  explicit Access(const Conditions& conditions) : conditions_(conditions) {}

  /// Errors: unauthenticated (nobody is signed in, and no role for anyone allows it); forbidden; internal (no such permission).
  /// `object` is what a condition may know of the thing, such as {"unit": "fire", "applicant": "0193..."}. The system itself may do everything.
  [[nodiscard]] Result<> require(db::Tx& tx, const Context& ctx, std::string_view permission, const boost::json::object& object = {}) const;
  [[nodiscard]] Result<bool> allows(db::Tx& tx, const Actor& actor, std::string_view permission, const boost::json::object& object = {}) const;
  /// What an actor may do at least sometimes: for menus, never as a check. Sorted.
  [[nodiscard]] Result<std::vector<std::string>> possible(db::Tx& tx, const Actor& actor) const;
  /// The roles of an actor: of her post; without one, those given to persons; and those given to anyone.
  [[nodiscard]] static Result<std::vector<Role>> roles_of(db::Tx& tx, const Actor& actor);

 private:
  using Roles = std::shared_ptr<const std::vector<Role>>;  // shared: many calls look at the same ones
  [[nodiscard]] Result<Roles> roles_remembered(db::Tx& tx, const Actor& actor) const;

  const Conditions& conditions_;
  mutable db::Remembered<std::string, Roles> roles_;  // by what roles_of() looks at: post, or whether the actor is a person
};

}  // namespace jx::identity
