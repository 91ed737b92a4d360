// timeline_rows.hpp - how the timeline of a case is stored: a row an act, its events in one text.
//
//   events = event *( %x1E event )
//   event  = kind [ ":" node ] [ " " detail ]     kind, node: decimal; detail: UTF-8 without U+001E
#pragma once
#include <jx/core.hpp>
#include <jx/db.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace jx::cases {

struct TimelineRow {
  std::int64_t seq = 0;
  Instant at;
  std::int64_t kind = 0;
  std::string unit;
  std::optional<std::int64_t> node;
  std::string detail;  // no U+001E: storable_detail()
};

/// What happened in one act, as the text of its row.
[[nodiscard]] std::string events_text(std::span<const TimelineRow> events);
/// The events of a row of timeline_of_case (seq, at, unit, entry, events). A text that is no list of events gives what can be read of it: the
/// history of the case then does not hold, and `db check` says so.
[[nodiscard]] std::vector<TimelineRow> events_of(const db::Row& row);
[[nodiscard]] std::string storable_detail(std::string detail);

/// SHA-256 over the history before and one more event, each field with its length.
[[nodiscard]] Bytes next_history(ByteView before, const TimelineRow& event);

}  // namespace jx::cases
