// sweeps.hpp - one act on many cases, such as a retry of incidents. A job does it in chunks and can be stopped at any point:
// what a chunk did and how far it came are one transaction, so that each case is done exactly once.
#pragma once
#include <jx/cases.hpp>

namespace jx::cases {

using SweepId = Id<struct SweepTag>;

struct Sweep {
  SweepId id;
  std::string kind;  // retry
  ProcessId process;
  boost::json::object detail;
  Instant started_at;
  std::optional<Instant> finished_at;
  AccountId account;  // who began it; nil: the program itself, at the command line
  std::int64_t total = 0, done = 0, refused = 0;
  [[nodiscard]] std::int64_t left() const { return finished_at ? 0 : std::max<std::int64_t>(0, total - done - refused); }
};

/// Why a case was left as it was, and where.
struct Reason {
  std::string code;     // such as not-open
  std::string element;  // the BPMN id, or empty
  Words words;
};
struct Refused {
  CaseId id;
  std::string number;
  std::vector<Reason> reasons;
};

/// Errors: not_found.
[[nodiscard]] Result<Sweep> sweep(db::Tx& tx, SweepId id);
/// The newest first. Errors: invalid (page).
[[nodiscard]] Result<Slice<Sweep>> sweeps(db::Tx& tx, const Page& page);
[[nodiscard]] Result<Slice<Refused>> refused_by(db::Tx& tx, SweepId id, const Page& page);

}  // namespace jx::cases
