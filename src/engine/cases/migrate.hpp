// migrate.hpp - a running case taken over by another version of its process: what would happen to it, and why it would not fit. Pure.
#pragma once
#include "step.hpp"

#include <jx/cases/migrate.hpp>

#include <map>

namespace jx::cases {

/// Which node and flow of one version is which of another.
class Correspondence {
 public:
  /// By equal ids, or by `renamed` (old id to new id).
  Correspondence(const Definition& from, const Definition& to, const std::map<std::string, std::string, std::less<>>& renamed);
  [[nodiscard]] Index node(Index old) const { return old < nodes_.size() ? nodes_[old] : no_index; }
  [[nodiscard]] Index flow(Index old) const { return old < flows_.size() ? flows_[old] : no_index; }
  /// Boundary events and starts of event sub-processes of the new version that the old one has not.
  [[nodiscard]] const std::vector<Index>& added() const { return added_; }

 private:
  std::vector<Index> nodes_;
  std::vector<Index> flows_;
  std::vector<Index> added_;
};

struct Moved {
  State state;              // by the new version; what is new there is still to be armed: Migrated
  std::vector<Move> moves;  // what is kept where, for people
  std::vector<Misfit> misfits;
  [[nodiscard]] bool fits() const { return misfits.empty(); }
};

/// The state of a case under the new version. With any misfit, `state` is not to be used.
[[nodiscard]] Moved move_state(const Definition& from, const Definition& to, const Correspondence& correspondence, const State& state);

}  // namespace jx::cases
