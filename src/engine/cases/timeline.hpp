// timeline.hpp - the kinds of events in the timeline of a case, as stored (numbers never change), and their words.
#pragma once
#include "definition.hpp"

#include <jx/cases.hpp>

namespace jx::cases {

enum class Happened : std::uint8_t {
  opened = 1,
  task_created = 2,
  task_claimed = 3,
  task_released = 4,
  task_handed_over = 5,
  task_completed = 6,
  task_cancelled = 7,
  decided = 8,
  service_done = 9,
  paused = 10,
  resumed = 11,
  incident = 12,
  retried = 13,
  message_received = 14,
  timer_fired = 15,
  ended = 16,
  signal_received = 17,
  continued = 18,
  deadline_moved = 19,
  delegated = 20,
  delegation_answered = 21,
  task_returned = 22,
  opinion_asked = 23,
  opinion_given = 24,
  side_withdrawn = 25,
  participant_added = 26,
  contribution_given = 27,
  urged = 28,
  commented = 29,
  withdrawn = 30,
  side_closed = 31,
  side_claimed = 32,
  side_released = 33,
  side_handed_over = 34,
  supplement_asked = 35,
  supplement_given = 36,
  supplement_withdrawn = 37,
  reminded = 50,
  escalated = 51,
  overdue = 52,
  acted_for = 53,
  term_begun = 54,     // detail: when it ends
  term_extended = 55,  // detail: when it ends now
  migrated = 80,       // detail: the hashes of the version before and after, in hexadecimal
  done_by_hand = 76,
  skipped = 77,
  incident_noted = 78,
  attachment_added = 70,  // to 73: of jx/cases/record.hpp
  attachment_removed = 71,
  attachments_filed = 72,
  attachments_erased = 73,
  attachments_shown = 74,  // detail: how many
  posted = 90,             // to 93: of jx/cases/record.hpp
  handed_out = 91,
  fee_due = 92,
  fee_paid = 93,
  result_ready = 94,
};
[[nodiscard]] std::string_view name(Happened kind);
/// Of the offices among themselves: not for the applicant.
[[nodiscard]] bool is_inside(Happened kind);

/// supplement, hearing, expert-review, force-majeure or other.
[[nodiscard]] bool is_pause_reason(std::string_view key);
/// Those for which it stands while a step is open: also payment.
[[nodiscard]] bool is_standing_reason(std::string_view key);
/// Whether it is the applicant who has to do something: supplement or payment.
[[nodiscard]] bool waits_for_applicant_by(std::string_view reason);
/// The reason of a pause by its key.
[[nodiscard]] Words reason_words(std::string_view key);

/// One sentence. `node` is null where the event is of no element; `detail` is what was stored: the key of an outcome, a reason, a state.
[[nodiscard]] Words words_of(Happened kind, const Node* node, std::string_view detail);

}  // namespace jx::cases
