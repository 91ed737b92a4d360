// incidents.hpp - steps that failed: find them, see what was tried, put them right one by one or many at once.
#pragma once
#include <jx/cases.hpp>
#include <jx/cases/sweeps.hpp>

namespace jx::cases {

inline constexpr std::size_t attempts_kept = 20;         // of a step: the last ones
inline constexpr std::size_t incident_groups_max = 200;  // the largest ones

/// Which open incidents. Whatever is empty does not matter.
struct IncidentFilter {
  std::string process;
  std::string element;           // the BPMN id
  std::string text;              // stands in the message, in either language; at most 200 characters
  std::optional<Instant> since;  // and later
};

/// Incidents of one element with one message: "237 × certificate.issue: connection refused".
struct IncidentGroup {
  std::string process;
  std::string element;
  Words message;
  std::int64_t count = 0;
  Instant first, last;
};

struct Attempt {
  std::int64_t number = 0;  // from 1
  Instant at;
  std::string code;
  Words message;
};

/// All that is known of one.
struct IncidentDetail {
  IncidentView incident;
  bool open = true;
  std::optional<Instant> closed_at;
  std::string ending;  // retried, completed, skipped, gone; empty: open
  std::string note;
  LocalizedText name;    // of the element
  std::string handler;   // of a service task
  std::string decision;  // of a business rule task
  bool completable = false;
  std::vector<Attempt> attempts;
  boost::json::object variables;    // as the step sees them
  boost::json::object parameters;   // what its handler would be given
  std::vector<std::string> scopes;  // the BPMN ids of the scopes that its token stands in, the outermost first
};

/// The oldest first. Errors: invalid (page, /text).
[[nodiscard]] Result<Slice<IncidentView>> incidents(db::Tx& tx, Engine& engine, const IncidentFilter& filter, const Page& page);
[[nodiscard]] Result<std::int64_t> count_incidents(db::Tx& tx, const IncidentFilter& filter);
/// At most incident_groups_max, the largest first.
[[nodiscard]] Result<std::vector<IncidentGroup>> incident_groups(db::Tx& tx, const IncidentFilter& filter);
/// Errors: not_found.
[[nodiscard]] Result<IncidentDetail> incident(db::Tx& tx, Engine& engine, const Context& ctx, IncidentId id);

/// Writes down what was done about it, also after it is closed. Errors: not_found; invalid (/note).
[[nodiscard]] Result<> note_incident(db::Tx& tx, Engine& engine, const Context& ctx, IncidentId id, std::string_view note);

/// What people say of a step that the program could not do.
struct Settlement {
  enum class How { complete, skip };
  How how = How::complete;
  boost::json::object result;  // complete: what the handler would have answered
  std::string reason;          // 1 to reason_chars_max characters
};
/// Takes the step for done, by hand, and moves the case on. Only for tasks that run by themselves. Errors: not_found; conflict (closed; not such a
/// step); invalid (/reason, /result).
[[nodiscard]] Result<> settle_incident(db::Tx& tx, Engine& engine, const Context& ctx, IncidentId id, const Settlement& settlement);

/// Tries again all open incidents of the filter that are older than now, by a job. `expected` is how many the caller was shown.
/// Errors: conflict (it is another number now: look again); invalid.
[[nodiscard]] Result<SweepId> retry_incidents(db::Tx& tx, const Context& ctx, const IncidentFilter& filter, const boost::json::object& variables,
                                              std::int64_t expected);

}  // namespace jx::cases
