// task_views.hpp - what the queries of tasks share: rows as views, and cursors.
#pragma once
#include "act.hpp"

namespace jx::cases {

/// Rows of the queries of tasks.sql that begin like `task_one`, as views.
class Tasks {
 public:
  Tasks(Engine::Impl& engine, db::Tx& tx, const Context& ctx)
      : engine_(engine), tx_(tx), ctx_(ctx), calendar_(engine.needs.calendar()), today_(engine.today(ctx)) {}

  [[nodiscard]] Result<TaskView> view(const db::Row& row) const;
  /// With its clock. `pauses` are those of its case.
  [[nodiscard]] Result<TaskView> view(const db::Row& row, std::span<const calendar::Pause> pauses) const;

 private:
  [[nodiscard]] Result<bool> is_mine(const TaskView& task) const;

  Engine::Impl& engine_;
  db::Tx& tx_;
  const Context& ctx_;
  mutable std::optional<std::vector<Absent>> absent_;   // in whose place the actor is: asked for when a row needs it
  std::shared_ptr<const calendar::Calendar> calendar_;  // shared: one list counts with one calendar
  LocalDate today_;
};

/// A cursor is the sort key and the id of the last row, in hexadecimal: nobody needs to understand it.
struct Cursor {
  std::int64_t key = 0;
  Uuid id;
  friend auto operator<=>(const Cursor&, const Cursor&) = default;
};
[[nodiscard]] std::string text_of_cursor(std::int64_t key, const Uuid& id);
/// Nothing for an empty text. Errors: invalid (/cursor).
[[nodiscard]] Result<std::optional<Cursor>> parse_cursor(const std::string& text);
/// Errors: invalid (/limit).
[[nodiscard]] Result<> check_page(const Page& page);

}  // namespace jx::cases
