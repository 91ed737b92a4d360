// batch.hpp - one decision on many tasks: each is an act of its own, done by Engine::complete.
#pragma once
#include <jx/cases.hpp>

#include <span>
#include <string_view>

namespace jx::cases {

inline constexpr std::size_t batch_tasks_max = 200;

/// Whether one decision may be made on all of them: they are the same step of the same process, without a form of its own.
/// A task that there is not, or that is done, is told when it is its turn.
/// Errors: invalid (/tasks: none, or one twice; /tasks/3: another step than the others, or with a form; /outcome); too_large (/tasks).
[[nodiscard]] Result<> check_batch(Engine& engine, db::Tx& tx, const Context& ctx, std::span<const TaskId> tasks, std::string_view outcome);

/// Whether the actor has done this task with this outcome: a batch that is sent again finds it so.
[[nodiscard]] Result<bool> was_done(Engine& engine, db::Tx& tx, const Context& ctx, TaskId task, std::string_view outcome);

}  // namespace jx::cases
