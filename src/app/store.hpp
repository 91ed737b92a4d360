// store.hpp - what every command that touches a jurisdiction's data opens: configuration, log, database, the parts of a pack.
#pragma once
#include "config.hpp"

#include <jx/db.hpp>
#include <jx/identity.hpp>
#include <jx/ledger/state.hpp>
#include <jx/log.hpp>
#include <jx/pack.hpp>

#include <memory>
#include <span>
#include <vector>

namespace jx::app {

/// The tables and queries of every module.
[[nodiscard]] std::span<const db::SqlBundle* const> bundles();
/// The rows of every module that ledger entries vouch for.
[[nodiscard]] std::vector<ledger::StateTable> state_tables();

/// The parts of a pack, in the order in which they may refer to one another's names.
class Parts {
 public:
  Parts();
  [[nodiscard]] pack::Parts all() const { return pointers_; }
  [[nodiscard]] const identity::Conditions& conditions() const { return *conditions_; }

 private:
  std::unique_ptr<identity::Conditions> conditions_;
  std::vector<std::unique_ptr<pack::Part>> owned_;
  std::vector<pack::Part*> pointers_;
};

struct Store {
  Config config;
  MovableClock clock;  // of a demo county it may be shifted (jx/simulation.hpp)
  SystemRandom random;
  std::unique_ptr<log::AsyncLog> log;
  std::unique_ptr<db::Database> database;
  Parts parts;

  /// Opens the database as it is. Errors: those of the log and the database.
  [[nodiscard]] static Result<std::unique_ptr<Store>> open(const Config& config, bool durable = true);
  /// The program itself as the actor: at the command line of the machine.
  [[nodiscard]] Context system_context();
};

}  // namespace jx::app
