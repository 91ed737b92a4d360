// sides.hpp - tasks beside the model, as other acts meet them (work.hpp says what they are).
#pragma once
#include "task_row.hpp"

namespace jx::cases {

/// Answers one that the actor may do. Errors: as Engine::complete.
[[nodiscard]] Result<> answer_side(Engine::Impl& engine, db::Tx& tx, const Context& ctx, TaskRow side, const Completion& answer);
/// Ends an open one without an answer: taken back by who asked, or declined by who was asked.
[[nodiscard]] Result<> close_side(Engine::Impl& engine, db::Tx& tx, const Context& ctx, TaskRow side, std::string_view reason);
/// Whether a step can be decided as far as the tasks beside it go. Errors: conflict (one is open; /outcome: a binding opinion is negative).
[[nodiscard]] Result<> check_sides_answered(db::Tx& tx, const TaskRow& step, bool approving);

/// What may be answered.
[[nodiscard]] std::vector<Outcome> outcomes_of(TaskKind kind, const Node& step);
/// How a task beside a step is called.
[[nodiscard]] LocalizedText name_of(TaskKind kind, const Node& step);

}  // namespace jx::cases
