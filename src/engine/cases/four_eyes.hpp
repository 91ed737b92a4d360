// four_eyes.hpp - the four-eyes rule (不相容岗位分离): jx:other-than="..." on a user task.
#pragma once
#include "task_row.hpp"

namespace jx::cases {

/// Whether the person behind an account may do the task, for all that she did in this case: completed or prepared one of the tasks that it must be
/// done by another than. Errors: forbidden (in words that name that task).
[[nodiscard]] Result<> check_other_eyes(Engine::Impl& engine, db::Tx& tx, const Definition& definition, const TaskRow& task, AccountId account);

}  // namespace jx::cases
