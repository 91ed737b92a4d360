// people.hpp - who applies and who decides: the people, firms and accounts of the pack.
#pragma once
#include "dice.hpp"
#include "filler.hpp"

#include <jx/simulation.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace jx::simulation {

struct Applicant {
  Code code;
  Profile profile;
  std::string username;  // that she is given when she first applies
  PersonId person;       // nil until then
  AccountId account;
};

struct Business {
  Code code;
  std::string name;
  std::size_t representative = 0;  // index of an applicant
};

/// Somebody at a desk.
struct Clerk {
  std::string username;
  Actor actor;
  std::vector<RoleId> roles;
  std::vector<std::pair<Instant, Instant>> away;
};

struct Population {
  std::vector<Applicant> people;
  std::vector<Business> firms;
  std::vector<Clerk> clerks;

  /// Those at work at an instant whom a task is for.
  [[nodiscard]] std::vector<std::size_t> at_desk(const cases::TaskView& task, Instant at) const;
  [[nodiscard]] const Clerk* clerk(std::string_view username) const;
};

/// Adults of people.csv who have no account in the pack, the firms that they represent, and the accounts of the pack that hold a post on a day.
[[nodiscard]] Result<Population> population(db::Tx& tx, const pack::Pack& pack, const Plan& plan, LocalDate on, Dice& dice);

}  // namespace jx::simulation
