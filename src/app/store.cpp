#include "store.hpp"

#include <jx/api/sql.hpp>
#include <jx/attachments.hpp>
#include <jx/attachments/sql.hpp>
#include <jx/cases.hpp>
#include <jx/cases/pack_part.hpp>
#include <jx/cases/sql.hpp>
#include <jx/catalogue.hpp>
#include <jx/catalogue/sql.hpp>
#include <jx/db/sql.hpp>
#include <jx/decisions.hpp>
#include <jx/exchange.hpp>
#include <jx/exchange/sql.hpp>
#include <jx/identity/sql.hpp>
#include <jx/ledger/sql.hpp>
#include <jx/messages/sql.hpp>
#include <jx/pack/calendars.hpp>
#include <jx/pack/sql.hpp>
#include <jx/services.hpp>
#include <jx/simulation.hpp>
#include <jx/sharing.hpp>
#include <jx/sharing/sql.hpp>
#include <jx/services/sql.hpp>

#include <algorithm>
#include <array>

namespace jx::app {

std::span<const db::SqlBundle* const> bundles() {
  static const std::array all{&db::sql_bundle(),      &ledger::sql_bundle(),    &pack::sql_bundle(),        &identity::sql_bundle(),
                              &cases::sql_bundle(),   &catalogue::sql_bundle(), &exchange::sql_bundle(),    &services::sql_bundle(),
                              &sharing::sql_bundle(), &api::sql_bundle(),       &attachments::sql_bundle(), &messages::sql_bundle()};
  return all;
}

std::vector<ledger::StateTable> state_tables() {
  std::vector<ledger::StateTable> all;
  for (const auto tables : {pack::state_tables(), identity::state_tables(), cases::state_tables(), catalogue::state_tables(),
                            exchange::state_tables(), services::state_tables(), sharing::state_tables(), attachments::state_tables()}) {
    std::ranges::copy(tables, std::back_inserter(all));
  }
  return all;
}

Parts::Parts() : conditions_(identity::feel_conditions()) {
  owned_.push_back(identity::pack_part(*conditions_));
  owned_.push_back(pack::calendars_part());
  owned_.push_back(decisions::pack_part());
  owned_.push_back(cases::pack_part());
  owned_.push_back(catalogue::pack_part());
  owned_.push_back(exchange::pack_part());
  owned_.push_back(services::pack_part());
  owned_.push_back(simulation::pack_part());
  for (const auto& part : owned_) pointers_.push_back(part.get());
}

Result<std::unique_ptr<Store>> Store::open(const Config& config, bool durable) {
  auto store = std::make_unique<Store>();
  store->config = config;
  log::Options options;
  if (config.file.log) {
    options.least = static_cast<log::Level>(config.file.log->level.value_or(LogLevel::info));
    options.path = config.file.log->file.value_or("");
  }
  JX_TRY(log, log::AsyncLog::open(options, store->clock));
  store->log = std::move(log);
  JX_TRY(database, db::Database::open({.url = config.database, .durable = durable}));
  store->database = std::move(database);
  return store;
}

Context Store::system_context() { return Context{{.kind = Actor::Kind::system}, no_deadline, RequestId::make(clock, random), clock, random, "en"}; }

}  // namespace jx::app
