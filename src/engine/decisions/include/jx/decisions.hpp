// decisions.hpp - the decisions of the applied pack, by id.
#pragma once
#include <jx/core.hpp>
#include <jx/db.hpp>
#include <jx/decisions/outline.hpp>
#include <jx/pack.hpp>
#include <jx/rules.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace jx::decisions {

/// One decision of a loaded pack.
struct Decision {
  DecisionId id;
  std::string file;                           // decisions/x.dmn
  std::shared_ptr<const rules::Model> model;  // shared: the decisions of one file, and evaluations under way while a pack is replaced
  rules::Model::Decision about;
  std::shared_ptr<const std::string> xml;  // of the file; shared as the model is
  std::shared_ptr<const Outline> outline;  // shared as the model is
};

/// The decisions of packs, loaded once for each pack and kept for the newest few. Thread-safe.
class Store {
 public:
  /// Evaluates a decision of the pack that is applied. What goes wrong in FEEL is in the outcome's diagnostics.
  /// Errors: not_found (no such decision); those of the database.
  [[nodiscard]] Result<rules::Outcome> decide(db::Tx& tx, const DecisionId& id, const rules::Value& input, const rules::Options& options);
  /// Errors: not_found.
  [[nodiscard]] Result<Decision> decision(db::Tx& tx, const DecisionId& id);
  /// All of the applied pack, by id.
  [[nodiscard]] Result<std::vector<Decision>> decisions(db::Tx& tx);

 private:
  using Loaded = std::map<std::string, Decision, std::less<>>;
  [[nodiscard]] Result<std::shared_ptr<const Loaded>> current(db::Tx& tx);

  static constexpr std::size_t packs_max = 4;
  std::mutex mutex_;
  std::vector<std::pair<crypto::Digest, std::shared_ptr<const Loaded>>> packs_;  // guarded by mutex_; shared with evaluations under way
};

/// decisions/*.dmn of a pack.
[[nodiscard]] std::unique_ptr<pack::Part> pack_part();

}  // namespace jx::decisions
