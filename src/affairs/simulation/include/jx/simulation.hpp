// simulation.hpp - the past of a demonstration county, made by the engines themselves in virtual time from a plan of its pack (simulation.yaml).
//
// What is made is what people would have made: drafts, reads through the gateway, applications, claims, decisions, supplements, certificates,
// requests for data. Nothing is written past the engines. The same seed on the same day makes the same county, but for keys and what is signed with
// them.
#pragma once
#include <jx/attachments.hpp>
#include <jx/calendar.hpp>
#include <jx/cases.hpp>
#include <jx/core.hpp>
#include <jx/db.hpp>
#include <jx/exchange.hpp>
#include <jx/identity.hpp>
#include <jx/pack.hpp>
#include <jx/services.hpp>
#include <jx/services/reviews.hpp>
#include <jx/sharing.hpp>

#include <boost/json/value.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace jx::simulation {

inline constexpr std::string_view plan_file = "simulation.yaml";
inline constexpr int working_days_max = 500;
inline constexpr int cases_max = 20'000;

/// What goes into a field that nothing has filled: one of a list of values, or a whole number of a range. Texts may hold {name}, {surname}, {code},
/// {phone}, {address}, {street}, {number}, {date+14} (days after the application).
using FieldValues = std::map<std::string, boost::json::value>;  // JSON Pointer, or the last part of one -> a list, or {from, to}

struct Shares {
  double refused = 0.06;     // of decisions
  double supplement = 0.08;  // of cases: the applicant is told what is missing
  double late = 0.05;        // of tasks: done after their last day
};
BOOST_DESCRIBE_STRUCT(Shares, (), (refused, supplement, late))

struct ItemPlan {
  double weight = 1;  // how often it is asked for, beside the others; 0: never
  std::optional<Shares> shares;
  std::optional<double> firms;  // share of applications by firms
  std::optional<FieldValues> fields;
};
BOOST_DESCRIBE_STRUCT(ItemPlan, (), (weight, shares, firms, fields))

/// Somebody is away from working day `day` (1 is the first) for some working days; her tasks wait, or a colleague stands in.
struct AbsencePlan {
  std::string username;
  int day = 1;
  int days = 1;
  std::optional<std::string> stand_in;
};
BOOST_DESCRIBE_STRUCT(AbsencePlan, (), (username, day, days, stand_in))

/// A unit asks for data by its data officer.
struct RequestPlan {
  int day = 1;
  std::string username;
  boost::json::value request;         // sharing::Request
  bool refused = false;               // by the unit that has the data
  std::optional<int> revoked_on;      // the working day on which the grant that was given is ended
  std::optional<std::string> reason;  // of the refusal or the end
};
BOOST_DESCRIBE_STRUCT(RequestPlan, (), (day, username, request, refused, revoked_on, reason))

/// What people write.
struct Phrases {
  std::vector<std::string> approve, refuse, missing, answer;
  std::string legal_basis;  // of what is asked to be supplemented
};
BOOST_DESCRIBE_STRUCT(Phrases, (), (approve, refuse, missing, answer, legal_basis))

/// What people think of what was done for them.
struct ReviewsPlan {
  double share = 0.8;                                       // of cases that end: reviewed
  std::vector<double> grades;                               // shares from the lowest grade to the highest
  std::map<std::string, std::vector<std::string>> words;    // by grade
  std::map<std::string, std::vector<std::string>> answers;  // by outcome of the tasks of the process that follows up; others are not chosen
  int bad_until = 60;                                       // the last working day of bad ones, so that all of them are settled
  std::optional<int> open_on;                               // from this working day on, one more is given, and nobody has answered it yet
  std::optional<UnitId> open_at;                            // of which unit; absent: of any
};
BOOST_DESCRIBE_STRUCT(ReviewsPlan, (), (share, grades, words, answers, bad_until, open_on, open_at))

/// simulation.yaml; docs/pack.md#a-past-for-a-demonstration.
struct Plan {
  std::int64_t seed = 1;
  int working_days = 90;  // that end today
  int cases = 1'500;
  std::vector<double> week;    // how much comes in on Monday, ... Sunday
  int opens = 9, closes = 17;  // hours of the offices
  Shares shares;
  std::vector<std::string> streets;
  Phrases phrases;
  FieldValues fields;  // of every form
  std::map<ItemId, ItemPlan> items;
  std::optional<std::vector<GrantId>> not_read;  // grants by which no draft is filled: their source is not there while the past is made
  std::optional<std::vector<AbsencePlan>> absences;
  std::optional<std::vector<RequestPlan>> requests;
  std::optional<ReviewsPlan> reviews;
  std::optional<int> incident_on;  // the working day on which a certificate cannot be signed: the step fails until somebody has it run again
};
BOOST_DESCRIBE_STRUCT(Plan, (),
                      (seed, working_days, cases, week, opens, closes, shares, streets, phrases, fields, items, not_read, absences, requests, reviews,
                       incident_on))

/// The plan of a pack. Errors: not_found (it has none); invalid.
[[nodiscard]] Result<Plan> plan_of(const pack::Pack& pack);
/// simulation.yaml of a pack.
[[nodiscard]] std::unique_ptr<pack::Part> pack_part();

/// What the making needs. All of them outlive it; the clock stands where the simulation sets it.
struct Needs {
  db::Database& database;
  MovableClock& clock;
  Random& random;
  cases::Engine& cases;
  const attachments::Store& attachments;
  exchange::Gateway& gateway;
  identity::Sessions& sessions;
  std::shared_ptr<const calendar::Calendar> calendar;
  std::function<void()> break_one_signing;  // from now on the signing of certificates fails for the next case that comes to it
  std::function<void(int done, int of)> progress;
};

struct Made {
  int cases = 0, decisions = 0, supplements = 0, reads = 0, requests = 0, reviews = 0;
  std::map<ItemId, std::string> not_made;  // items of which an application could not be made, and why
};

/// The first instant of the past: 8 o'clock of its first working day.
[[nodiscard]] Instant begins_at(const Plan& plan, const calendar::Calendar& calendar, Instant now);
/// Makes the past from begins_at to `now`. The pack was applied at its beginning, and nothing was done since. Errors: those of the engines.
[[nodiscard]] Result<Made> make(const Needs& needs, const pack::Pack& pack, const Plan& plan, Instant now);

}  // namespace jx::simulation
