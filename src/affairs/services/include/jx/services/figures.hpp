// figures.hpp - what came in, how long it took, where work lies, what data moved: counted from the cases themselves.
#pragma once
#include <jx/calendar.hpp>
#include <jx/cases.hpp>
#include <jx/core.hpp>
#include <jx/db.hpp>
#include <jx/services.hpp>

#include <map>
#include <optional>
#include <vector>

namespace jx::services {

inline constexpr std::size_t late_shown_max = 50;
inline constexpr std::size_t prefills_looked_at_max = 200;  // the newest applications of an item

/// Cases of one item that came in on one day and were closed on one day.
struct Flow {
  ItemId item;
  LocalDate received_on;
  std::optional<LocalDate> closed_on;  // none: open
  cases::CaseState state = cases::CaseState::running;
  std::int64_t count = 0;
};
/// All that were open or came in or were closed since the first instant of a day. Reads an index of the cases only.
[[nodiscard]] Result<std::vector<Flow>> flows(db::Tx& tx, const calendar::Zone& zone, LocalDate since, Instant now);

/// What lies on a unit's desk now.
struct Work {
  UnitId unit;
  std::int64_t open = 0, late = 0;  // tasks
};
[[nodiscard]] Result<std::vector<Work>> work(db::Tx& tx, Instant now);

struct LateTask {
  TaskId task;
  CaseId case_id;
  std::string number;
  ItemId item;
  UnitId unit;
  LocalDate due_on;
};
/// The longest overdue first, at most `limit`.
[[nodiscard]] Result<std::vector<LateTask>> late_tasks(db::Tx& tx, Instant now, std::size_t limit);

struct DataFlow {
  UnitId consumer, provider;
  std::int64_t calls = 0, refused = 0, records = 0;
};
[[nodiscard]] Result<std::vector<DataFlow>> data_flows(db::Tx& tx, Instant since);

/// How many fields of its form were filled from sources, on average of the newest applications; nothing before the first.
[[nodiscard]] Result<std::optional<double>> fields_prefilled(db::Tx& tx, const ItemId& item);

/// The steps of one item as a unit does them: how units that handle the same item differ.
struct Window {
  UnitId unit;
  std::int64_t done = 0, late = 0, refused = 0;
  double hours = 0;  // from the task's beginning to its end, on average
};
[[nodiscard]] Result<std::vector<Window>> windows(db::Tx& tx, const ItemId& item, Instant since);

}  // namespace jx::services
