// task_row.hpp - a task as its row says, and what every act on a task asks first.
#pragma once
#include "act.hpp"

namespace jx::cases {

struct TaskRow {
  TaskId id;
  CaseId case_id;
  Ref wait = 0;  // of a step
  Index node = no_index;
  TaskState state = TaskState::free;
  UnitId unit;
  PostId post;
  RoleId role;
  AccountId holder;
  std::optional<crypto::Digest> form_hash;
  CaseRow its_case;
  TaskKind kind = TaskKind::step;
  TaskId parent;                      // of a task beside the model: the step that it stands beside
  std::optional<std::int64_t> sides;  // how many tasks beside it are open; none: there never was one

  /// Nobody else can take it on: its account answers or declines.
  [[nodiscard]] bool is_for_one_account() const { return kind == TaskKind::preparation || (kind != TaskKind::step && unit.empty()); }
};
/// Errors: not_found.
[[nodiscard]] Result<TaskRow> task_row(db::Tx& tx, TaskId id);

/// Errors: forbidden (not for the actor's unit, post or role).
[[nodiscard]] Result<> may_do(Engine::Impl& engine, db::Tx& tx, const Actor& actor, const TaskRow& task);
/// Whether a task that somebody has is the actor's to go on with: her own, or of one in whose place she is. Answers who that is; nil: nobody.
/// Errors: conflict (another's).
[[nodiscard]] Result<PersonId> place_of(Engine::Impl& engine, db::Tx& tx, const Context& ctx, const TaskRow& task);
/// The same of a task that may be free: then she does it in the place that she holds her post in.
[[nodiscard]] Result<PersonId> place_in(Engine::Impl& engine, db::Tx& tx, const Context& ctx, const TaskRow& task);
/// The same of a task that must be somebody's. Errors: conflict (done; free; another's).
[[nodiscard]] Result<PersonId> check_held(Engine::Impl& engine, db::Tx& tx, const Context& ctx, const TaskRow& task);
/// Says in the timeline, and answers for the ledger, in whose place she acted.
[[nodiscard]] Result<> note_place(Engine::Impl& engine, db::Tx& tx, const Context& ctx, Act& act, Index node, const PersonId& place,
                                  boost::json::object& body);
/// Errors: conflict (the case has ended).
[[nodiscard]] Result<> check_running(const Act& act);
/// Errors: conflict (it has ended, or its clock is stopped).
[[nodiscard]] Result<> check_moving(const Act& act);
/// The data against the form of the task, or that there is none. Errors: invalid, too_large (below /form).
[[nodiscard]] Result<> check_task_form(Engine::Impl& engine, db::Tx& tx, const Context& ctx, const TaskRow& task, const boost::json::object& form);
[[nodiscard]] std::unexpected<Error> not_open();
[[nodiscard]] std::unexpected<Error> taken();

/// The element that a node stands for: of the case's version, or of the one that its task was done under (column `version` of the row, or null).
/// Errors: corrupt.
[[nodiscard]] Result<const Node*> done_node(Engine::Impl& engine, db::Tx& tx, const Definition& definition, const db::Row& row, std::size_t node,
                                            std::size_t version, DefinitionPtr& kept);

/// The beginning of a ledger entry's body.
[[nodiscard]] boost::json::object task_body(const TaskRow& task, const Act& act);

}  // namespace jx::cases
