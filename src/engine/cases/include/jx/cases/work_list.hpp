// work_list.hpp - open tasks, as who does them and who supervises them looks for them.
#pragma once
#include <jx/cases.hpp>

#include <optional>
#include <string>
#include <vector>

namespace jx::cases {

inline constexpr std::size_t list_units_max = 1'000;       // of one list
inline constexpr std::size_t list_text_chars_max = 100;    // of a search
inline constexpr std::size_t list_text_cases_max = 1'000;  // cases that one search looks at
inline constexpr std::size_t list_scan_max = 1'000;        // tasks that one page looks at for a filter that no index serves
inline constexpr int count_max = 200;                      // beyond, a count only says "more"

struct WorkQuery {
  enum class Scope {
    desk,   // mine and post
    mine,   // claimed by the actor, or by somebody in whose place her post now is
    post,   // free for the actor's unit, post and roles
    units,  // of `units`, whoever has them
  };
  Scope scope = Scope::desk;
  std::vector<UnitId> units;  // of Scope::units: the caller has asked identity whether the actor supervises them
  ItemId item;                // empty: all
  std::optional<Mark> mark;   // yellow or red
  std::string text;           // what the number or the title of the case begins with
};

/// The most urgent first. A page may have fewer rows than asked for and still a next one: it has looked at list_scan_max tasks.
/// Errors: invalid (/limit, /cursor, /text, /units, /mark).
[[nodiscard]] Result<Slice<TaskView>> open_work(Engine& engine, db::Tx& tx, const Context& ctx, const WorkQuery& query, const Page& page);

/// Counts up to count_max.
struct Count {
  int n = 0;
  bool more = false;
};
struct WorkCounts {
  Count open, yellow, red;
};
/// Of scope and units alone. Costs at most a few thousand index entries, however many tasks there are.
[[nodiscard]] Result<WorkCounts> count_work(Engine& engine, db::Tx& tx, const Context& ctx, const WorkQuery& query);

}  // namespace jx::cases
