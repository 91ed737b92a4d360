// api.hpp - the operations of api/openapi.yaml: from an HTTP request to one function of an engine or of affairs, and back.
#pragma once
#include <jx/attachments.hpp>
#include <jx/calendar.hpp>
#include <jx/cases.hpp>
#include <jx/cases/archive.hpp>
#include <jx/catalogue/finder.hpp>
#include <jx/core.hpp>
#include <jx/crypto/hash.hpp>
#include <jx/crypto/seal.hpp>
#include <jx/db.hpp>
#include <jx/decisions.hpp>
#include <jx/exchange.hpp>
#include <jx/http.hpp>
#include <jx/identity.hpp>
#include <jx/ledger/note.hpp>
#include <jx/log.hpp>
#include <jx/pack.hpp>
#include <jx/services.hpp>
#include <jx/services/reviews.hpp>
#include <jx/services/scenes.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace jx::exchange {
class Deliveries;
}
namespace jx::messages {
class Deliverer;
}

namespace jx::api {

/// Shown on the sign-in page of a demo; never of a real county.
struct DemoAccount {
  std::string sign_in;
  std::string password;
  LocalizedText name;
  LocalizedText about;
  bool staff = false;
};

/// What the applied pack says of the jurisdiction as a whole. Immutable; replaced whole when a pack is applied.
struct Jurisdiction {
  pack::Manifest manifest;
  crypto::Digest pack{};
  calendar::Zone zone;
  std::shared_ptr<const calendar::Calendar> calendar;  // shared: cases still compute with the old one while a pack is applied
  std::vector<DemoAccount> demo_accounts;              // empty unless the pack is a demo
  std::optional<services::CounterFile> counter;        // none: it takes no fees and posts nothing
};

/// Names that were asked for before (names.hpp).
struct KnownNames;
[[nodiscard]] std::shared_ptr<KnownNames> no_names_yet();

/// What the handlers work with. Owned by app; outlives the server.
struct Deps {
  db::Database& database;
  const Clock& clock;
  Random& random;
  log::Log& log;
  identity::Sessions& sessions;
  const identity::Access& access;
  cases::Engine& cases;
  const attachments::Store& attachments;
  const cases::Archive& archive;
  decisions::Store& decisions;
  exchange::Gateway& gateway;
  exchange::Sources& sources;
  catalogue::Finder& finder;
  services::Finder& item_finder;
  services::SceneFinder& scene_finder;
  services::ReviewBook& reviews;
  exchange::Deliveries& deliveries;
  const messages::Deliverer& deliverer;
  const services::Certificates& certificates;
  const crypto::KeyRing& seals;  // what the secrets of sources are sealed with
  /// Shared as above.
  std::function<std::shared_ptr<const Jurisdiction>()> jurisdiction;
  std::function<std::vector<ledger::NoteKey>(const std::string& origin)> ledger_keys;  // under which the ledger's checkpoints are verified
  std::function<void()> wake;          // an act was done: the ledger's sequencer and the cases' worker have something to do
  std::filesystem::path data;          // the folder below which sources' files lie
  std::string origin;                  // how browsers call the program; empty: what they say (a demo on loopback)
  double calls_per_second = 50;        // of one account or client address on average, in bursts of ten times as many; 0: no limit
  MovableClock* demo_clock = nullptr;  // `clock` itself, where a demonstration may move it
  std::shared_ptr<KnownNames> names = no_names_yet();
};

/// For http::Options::record: appends each exchange to a file, a JSON object a line, which tests/contract holds against api/openapi.yaml. Cookies and
/// tokens are left out. For tests. Errors: unavailable (the file cannot be opened).
[[nodiscard]] Result<std::function<void(const http::Exchange&)>> recorder(const std::filesystem::path& file);

/// Removes answers that were kept under an Idempotency-Key for a day, at most `rows_max`; call again while it answers true.
[[nodiscard]] Result<bool> forget_answers(db::Tx& tx, Instant now, std::size_t rows_max = 1'000);

/// Every operation of api/openapi.yaml. `deps` must outlive the server.
[[nodiscard]] std::vector<http::Route> routes(Deps& deps);

}  // namespace jx::api
