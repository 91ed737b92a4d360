// job_failure.hpp - what is kept of a job that could not be done.
#pragma once
#include "act.hpp"

namespace jx::cases {

struct FailedJob {
  Uuid id;
  CaseId case_id;  // nil: it belongs to no case
  Ref wait = 0;
  JobKind kind = JobKind::timer;
  int attempts = 0;
  std::string name;
};
/// Keeps the attempt; where it was the last one, makes an incident of the parked job.
[[nodiscard]] Result<> record_failure(Engine& engine, db::Tx& tx, const Context& ctx, const FailedJob& job, const Error& error, bool give_up);

}  // namespace jx::cases
