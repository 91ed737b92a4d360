// actions.cpp - what the caller may do now with a case or one of its tasks, as the operations that do it would decide.
#include "attachment_views.hpp"
#include "views_cases.hpp"

#include <jx/cases/work.hpp>

#include <algorithm>

namespace jx::api {

namespace {

/// Yes, or no where it is forbidden; other errors stay errors.
template <class T>
Result<bool> granted(const Result<T>& asked) {
  if (asked) return true;
  if (asked.error().code == ErrorCode::forbidden || asked.error().code == ErrorCode::not_found) return false;
  return std::unexpected(asked.error());
}

bool stands_still(const std::string& state) { return state == "paused" || state == "waiting_for_applicant"; }

}  // namespace

Result<std::vector<std::string>> case_actions(const Call& call, db::Tx& tx, const CaseDetail& detail) {
  std::vector<std::string> actions;
  JX_TRY(records, granted(require_recording(call, tx, detail.id)));
  if (records) {
    if (detail.result && detail.closed_at && detail.result->way != services::ResultWay::electronic) actions.emplace_back("give_result");
    if (!detail.closed_at && call.deps.jurisdiction()->counter) actions.emplace_back("record_fee");
    if (std::ranges::any_of(detail.fees, [](const FeeView& fee) { return fee.state == FeeState::due || fee.state == FeeState::overdue; })) actions.emplace_back("pay_fee");
  }
  if (detail.closed_at) return actions;
  JX_TRY(steers, granted(require_steering(call, tx, detail.id)));
  JX_TRY(by_step, cases::stands_by_step(tx, detail.id));
  const bool by_itself = by_step || std::ranges::any_of(detail.supplements, &SupplementView::open);  // the answer starts it again
  if (steers && !by_itself) actions.emplace_back(stands_still(detail.state) ? "resume" : "pause");
  JX_TRY(supervises_it, granted(require_supervision(call, tx, detail.id)));
  if (supervises_it) actions.emplace_back("cancel");
  JX_TRY(comments, granted(require_commenting(call, tx, detail.id)));
  if (comments) actions.emplace_back("comment");
  JX_TRY(adds, granted(require_files(call, tx, attachments::Owner(detail.id), Reach::change)));
  if (adds) actions.emplace_back("add_file");
  return actions;
}

Result<std::vector<std::string>> task_actions(const Call& call, db::Tx& tx, const cases::TaskView& task) {
  std::vector<std::string> actions;
  if (task.state != cases::TaskState::free && task.state != cases::TaskState::claimed) return actions;
  JX_TRY(works, granted(require_work(call, tx, task.id)));
  if (works) {
    JX_TRY(acts, cases::acts_on(call.deps.cases, tx, call.ctx, task));
    actions = std::move(acts);
  }
  JX_TRY(supervised, supervises(call, tx, task.unit));
  if (supervised && std::ranges::find(actions, "hand_over") == actions.end()) actions.emplace_back("hand_over");
  JX_TRY(urges, granted(require_urging(call, tx, task)));
  if (urges) actions.emplace_back("urge");
  return actions;
}

}  // namespace jx::api
