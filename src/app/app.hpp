// app.hpp - the program that serves: it owns every part and passes references. Nothing here decides anything.
#pragma once
#include "housekeeping.hpp"
#include "keys.hpp"
#include "store.hpp"

#include <jx/api.hpp>
#include <jx/attachments.hpp>
#include <jx/connectors.hpp>
#include <jx/connectors/posting.hpp>
#include <jx/decisions.hpp>
#include <jx/exchange/deliveries.hpp>
#include <jx/http.hpp>
#include <jx/ledger/sequencer.hpp>
#include <jx/messages/deliverer.hpp>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace jx::app {

/// DMN decisions for business rule tasks.
class CaseDecisions final : public cases::Decisions {
 public:
  CaseDecisions(decisions::Store& store, const Clock& clock) : store_(store), clock_(clock) {}
  Result<cases::Decided> decide(db::Tx& tx, const DecisionId& decision, const boost::json::object& inputs) override;
  bool has(const DecisionId&) const override { return true; }  // the pack was checked before it was applied

 private:
  decisions::Store& store_;
  const Clock& clock_;
};

/// Who sits where, for the tasks of cases.
class CaseOffices final : public cases::Offices {
 public:
  explicit CaseOffices(const identity::Sessions& sessions) : sessions_(sessions) {}
  Result<std::vector<RoleId>> roles_of(db::Tx& tx, const Actor& actor) override;
  Result<PersonId> person_of(db::Tx& tx, AccountId account) override;
  Result<std::optional<UnitId>> seat_of(db::Tx& tx, const Context& ctx, AccountId account, const cases::Desk& desk) override;
  Result<std::vector<cases::Absent>> stands_in_for(db::Tx& tx, const Context& ctx) override;
  Result<LocalizedText> name_of(db::Tx& tx, const PersonId& person) override;
  Result<std::optional<cases::Desk>> head_of(db::Tx& tx, const UnitId& unit, const PostId& post, bool named) override;

 private:
  const identity::Sessions& sessions_;
};

/// As whom certificates are issued. Without an address of its own a node has a name all the same: what it signs in a demo on loopback names nothing
/// that others could fetch.
[[nodiscard]] services::Issuer issuer_of(const ConfigFile& file, const std::string& key, std::function<LocalDate()> today,
                                         std::function<Instant(LocalDate)> ends);

class App {
 public:
  /// Opens everything that a server needs and holds the database's schema against the program. Errors: conflict (run `junxian db migrate`); not_found
  /// (keys, pack); those of the database.
  [[nodiscard]] static Result<std::unique_ptr<App>> open(std::unique_ptr<Store> store);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  /// Starts sequencer, worker and server. Errors: those of http::Server::start.
  [[nodiscard]] Result<> start();
  /// Finishes what runs, then stops.
  void stop();
  /// Reads the TLS files and the applied pack again.
  [[nodiscard]] Result<> reload();

  /// The addresses that are served, such as `http://127.0.0.1:8080`.
  [[nodiscard]] std::vector<std::string> addresses() const;
  [[nodiscard]] Store& store() { return *store_; }
  [[nodiscard]] std::shared_ptr<const api::Jurisdiction> jurisdiction() const;

 private:
  App(std::unique_ptr<Store> store, Keys keys, std::shared_ptr<const api::Jurisdiction> jurisdiction);
  [[nodiscard]] LocalDate today() const;
  void register_handlers();
  [[nodiscard]] http::Options http_options();

  // In the order of their use of one another: what is declared first is destroyed last.
  std::unique_ptr<Store> store_;
  Keys keys_;
  mutable std::mutex mutex_;
  std::shared_ptr<const api::Jurisdiction> jurisdiction_;  // guarded by mutex_
  identity::Access access_;
  identity::Sessions sessions_;
  decisions::Store decisions_;
  CaseDecisions case_decisions_;
  CaseOffices case_offices_;
  cases::Registry handlers_;
  services::Certificates certificates_;
  messages::CaseMessages case_messages_;
  cases::Engine cases_;
  attachments::Store attachments_;
  cases::Archive archive_;
  connectors::LocalSources sources_;
  services::GatewayFacts facts_;
  exchange::Gateway gateway_;
  catalogue::Finder finder_;
  services::Finder item_finder_;
  services::SceneFinder scene_finder_;
  services::ReviewBook review_book_;
  exchange::Deliveries deliveries_;
  connectors::HttpPosting posting_;
  exchange::Pusher pusher_;
  messages::Deliverer deliverer_;
  ledger::Sequencer sequencer_;
  cases::Worker worker_;
  api::Deps deps_;
  Housekeeping housekeeping_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace jx::app
