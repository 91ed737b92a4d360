// powers.hpp - which powers posts carry, and whether somebody would hold two; private to the module.
#pragma once
#include <jx/identity/access.hpp>
#include <jx/identity/rights.hpp>

#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace jx::identity {

/// The powers among the permissions of a role.
[[nodiscard]] std::set<Power> powers_of(const Role& role);

/// Which powers each post carries through its roles, and when.
class PowersOfPosts {
 public:
  PowersOfPosts(std::span<const Post> posts, std::span<const Role> roles);
  [[nodiscard]] static Result<PowersOfPosts> load(db::Tx& tx);

  struct Entry {
    std::set<Power> powers;  // without none
    Period valid;
  };
  /// Null for a post that there is not.
  [[nodiscard]] const Entry* of(const PostId& post) const;

  struct Conflict {
    PostId first, second;  // may be one post, that carries two powers
    Power first_power, second_power;
  };
  /// Two powers that the holder of all of `holdings` would have at one time.
  [[nodiscard]] std::optional<Conflict> conflict(std::span<const Holding> holdings) const;

 private:
  std::map<PostId, Entry> by_post_;
};

[[nodiscard]] std::unexpected<Error> two_powers(const PowersOfPosts::Conflict& conflict);

}  // namespace jx::identity
