// notices.hpp - what people are told by themselves: a task that is about to be late, or is.
#pragma once
#include <jx/cases.hpp>

#include <optional>
#include <string>

namespace jx::cases {

using NoticeId = Id<struct NoticeTag>;

/// reminder: to who has the task, or to the post that it waits for. escalation: to the head, of a task that is late.
enum class NoticeKind { reminder = 1, escalation = 2 };
[[nodiscard]] std::string_view name(NoticeKind kind);

struct Notice {
  NoticeId id;
  NoticeKind kind = NoticeKind::reminder;
  CaseId case_id;
  std::string number;  // of the case
  std::string title;
  TaskId task;         // nil: the case as a whole
  LocalizedText name;  // of the task
  UnitId unit;         // of the task
  bool open = false;   // the task is still to be done
  std::optional<LocalDate> due_on;
  Instant at;
  std::optional<Instant> seen_at;
  Words words;
};

/// The actor's own, those of her post, and of those in whose place she is: unseen first, then the latest first.
/// Errors: invalid (/limit, /cursor).
[[nodiscard]] Result<Slice<Notice>> notices(Engine& engine, db::Tx& tx, const Context& ctx, const Page& page);
/// Marks one as seen: for a post, for all who hold it. Again: nothing. Errors: not_found (also: it is not for her).
[[nodiscard]] Result<> see_notice(Engine& engine, db::Tx& tx, const Context& ctx, NoticeId id);

}  // namespace jx::cases
