#include "powers.hpp"

#include "identity_sql.hpp"
#include "store.hpp"

#include <algorithm>

namespace jx::identity {

std::set<Power> powers_of(const Role& role) {
  std::set<Power> powers;
  for (const auto& allowance : role.permissions) {
    const auto* known = permission(allowance.allow);
    if (known != nullptr && known->power != Power::none) powers.insert(known->power);
  }
  return powers;
}

PowersOfPosts::PowersOfPosts(std::span<const Post> posts, std::span<const Role> roles) {
  std::map<RoleId, std::set<Power>> by_role;
  for (const auto& role : roles) by_role[role.id] = powers_of(role);
  for (const auto& post : posts) {
    auto& entry = by_post_[post.id];
    entry.valid = {post.valid_from.value_or(since_ever), post.valid_to.value_or(for_ever)};
    for (const auto& role : post.roles) entry.powers.insert(by_role[role].begin(), by_role[role].end());
  }
}

Result<PowersOfPosts> PowersOfPosts::load(db::Tx& tx) {
  JX_TRY(all_posts, posts(tx));
  JX_TRY(all_roles, roles(tx));
  return PowersOfPosts(all_posts, all_roles);
}

const PowersOfPosts::Entry* PowersOfPosts::of(const PostId& post) const {
  const auto found = by_post_.find(post);
  return found == by_post_.end() ? nullptr : &found->second;
}

std::optional<PowersOfPosts::Conflict> PowersOfPosts::conflict(std::span<const Holding> holdings) const {
  struct Held {
    PostId post;
    Power power;
    Period valid;
  };
  std::vector<Held> held;  // at most holdings_max for one time, each of few powers: pairs are compared
  for (const auto& holding : holdings) {
    const auto* entry = of(holding.post);
    if (entry == nullptr) continue;
    const Period valid{std::max(holding.valid.from, entry->valid.from), std::min(holding.valid.to, entry->valid.to)};
    if (valid.to < valid.from) continue;
    for (const auto power : entry->powers) held.push_back({holding.post, power, valid});
  }
  for (std::size_t i = 0; i < held.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (held[i].power != held[k].power && held[i].valid.overlaps(held[k].valid))
        return Conflict{held[k].post, held[i].post, held[k].power, held[i].power};
    }
  }
  return std::nullopt;
}

std::unexpected<Error> two_powers(const PowersOfPosts::Conflict& conflict) {
  const auto first = power_name(conflict.first_power);
  const auto second = power_name(conflict.second_power);
  return fail(ErrorCode::conflict, {"one person would hold two of the three powers at one time: " + first.en + " (" + conflict.first.text() +
                                        ") and " + second.en + " (" + conflict.second.text() + ")",
                                    "同一人将同时拥有三权中的两项：" + first.zh + "（" + conflict.first.text() + "）与" + second.zh + "（" +
                                        conflict.second.text() + "）"});
}

Result<> check_powers(db::Tx& tx) {
  JX_TRY(powers, PowersOfPosts::load(tx));
  JX_TRY(rows, tx.all(sql::holdings_all));
  std::map<PersonId, std::vector<Holding>> by_person;
  for (const auto& row : rows) {
    auto holding = holding_of(row);
    const auto* entry = powers.of(holding.post);
    if (!holding.machine.nil() && entry != nullptr && !entry->powers.empty()) {
      return fail(ErrorCode::conflict,
                  {"a machine would hold a power through " + holding.post.text(), "系统账号将通过" + holding.post.text() + "拥有三权之一"});
    }
    if (!holding.person.nil()) by_person[holding.person].push_back(std::move(holding));
  }
  for (const auto& [person, holdings] : by_person) {
    if (const auto found = powers.conflict(holdings)) return two_powers(*found);
  }
  return {};
}

}  // namespace jx::identity
