// cases.hpp - all that other modules see of cases: open one, work on its tasks, read it.
#pragma once
#include <jx/core.hpp>
#include <jx/db.hpp>
#include <jx/ledger/state.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jx::calendar {
class Calendar;  // <jx/calendar.hpp>
}

namespace jx::cases {

inline constexpr std::size_t form_bytes_max = 256 * 1024;    // JSON text of one form
inline constexpr std::size_t variables_bytes_max = 1 << 20;  // JSON text of all variables of a case
inline constexpr std::size_t state_bytes_max = 16 * 1024;    // what is written into the row of a case
inline constexpr std::size_t elements_per_act_max = 1'000;   // beyond: the case goes on as a job
inline constexpr std::size_t opinion_chars_max = 4'000;
inline constexpr std::size_t reason_chars_max = 2'000;
inline constexpr std::size_t legal_basis_chars_max = 200;
inline constexpr std::size_t page_max = 200;

using IncidentId = Id<struct IncidentTag>;
using MigrationId = Id<struct MigrationTag>;

/// Whom a case is about: a person, a legal person, or nobody (an inspection, a document).
struct Party {
  enum class Kind { none, person, firm };
  Kind kind = Kind::none;
  Uuid id;  // PersonId or FirmId, by kind

  Party() = default;
  explicit Party(const PersonId& person) : kind(Kind::person), id(person.uuid()) {}
  explicit Party(const FirmId& firm) : kind(Kind::firm), id(firm.uuid()) {}
  friend bool operator==(const Party&, const Party&) = default;
};

// --- what an office does -------------------------------------------------------------------------------------------------

struct Opening {
  ProcessId process;  // a process of the applied pack: the id of its <process>
  ItemId item;        // the service item, or empty
  Party applicant;
  std::string title;              // what a clerk sees in a list; no personal data beyond a name; at most 200 characters
  std::string number_prefix;      // of the number that people quote, such as YX; 0 to 8 letters or digits
  boost::json::object form;       // becomes the variable `application`; validated against the process's jx:form, or form_key
  std::string form_key;           // by which it was filled in (as form_now takes it), for a process that names no form; empty: none
  boost::json::object variables;  // further variables at the start
  std::string term;               // "10 WD" or "30 D": what is promised, instead of the process's jx:term; empty: that of the process
  std::string statutory;          // the same for what the law allows; no promise moves it; empty: none
};

struct Receipt {
  CaseId id;
  std::string number;  // what people quote: YX-20261121-7F3K9QXM
  Uuid entry;          // the ledger entry
  std::optional<LocalDate> due_on;
  bool provisional = false;  // the term runs into a year whose holidays are not yet published
};

struct Completion {
  std::string outcome;       // a key of the task's outcomes; empty where it has none
  std::string opinion;       // UTF-8, at most opinion_chars_max characters
  boost::json::object form;  // validated against the task's jx:form
};

/// Why a clock stands still. Working days between pause and resume are not counted.
struct Pause {
  std::string reason;       // a key: supplement | hearing | expert-review | force-majeure | other
  std::string legal_basis;  // law and article, as text
  std::string note;
  bool waits_for_applicant = false;
};

// --- what one can read ---------------------------------------------------------------------------------------------------

enum class CaseState { running, paused, waiting_for_applicant, incident, approved, refused, withdrawn, ended };
enum class TaskState { free, claimed, done, cancelled };
/// A step of the model, or a task beside one (work.hpp), which stands there until its step is decided.
enum class TaskKind { step, preparation, opinion, contribution, supplement };
enum class Mark { none, yellow, red };
[[nodiscard]] std::string_view name(CaseState state);
[[nodiscard]] std::string_view name(TaskState state);
[[nodiscard]] std::string_view name(TaskKind kind);
[[nodiscard]] std::string_view name(Mark mark);

struct CaseSummary {
  CaseId id;
  std::string number;
  ProcessId process;
  ItemId item;
  Party applicant;
  std::string title;
  CaseState state = CaseState::running;
  Instant opened_at;
  std::optional<Instant> closed_at;
  std::optional<LocalDate> due_on;
};

/// The clock of a case or task in words: "day 6 of 10; stood still for 3 days".
struct ClockWords {
  enum class State { running, paused, late, done };
  int day = 0;  // days of the term that have counted
  int of = 0;
  State state = State::running;
  Mark mark = Mark::none;
  Words words;
  std::optional<LocalDate> due_on;  // none: it stands still
  bool provisional = false;         // the term runs into a year whose holidays are not yet published
};
[[nodiscard]] std::string_view name(ClockWords::State state);

struct TimelineEvent {
  std::int64_t seq = 0;  // 1, 2, ... within the case
  Instant at;
  std::string kind;  // opened, task_created, task_claimed, task_completed, decided, paused, resumed, incident, ended, ...
  Words words;
  UnitId unit;          // who acted; empty for a citizen and for the program
  bool inside = false;  // of the offices among themselves: not for the applicant
  std::string element;  // the BPMN id, or empty
  Uuid entry;           // the ledger entry, nil if none of its own
};

struct Outcome {
  std::string key;
  LocalizedText name;
  bool needs_reason = false;  // the opinion must not be empty
  bool approving = false;     // a binding negative opinion forbids it
};

struct TaskView {
  TaskId id;
  CaseId case_id;
  std::string number;   // of the case
  std::string element;  // the BPMN id of the user task
  LocalizedText name;
  TaskState state = TaskState::free;
  bool mine = false;  // claimed by the actor, or by somebody in whose place she is
  UnitId unit;        // who may do it; empty: not restricted by it
  PostId post;
  RoleId role;
  AccountId holder;  // who claimed or did it; nil while free
  Instant created_at;
  std::optional<Instant> done_at;
  std::optional<LocalDate> due_on;
  Mark mark = Mark::none;
  Mark case_mark = Mark::none;      // of the case's promised term
  std::optional<ClockWords> clock;  // of one with a term; not in lists
  ItemId item;
  Party applicant;
  std::string title;
  std::string form;               // the key of its form, or empty
  std::vector<Outcome> outcomes;  // empty: it is only done or not
  std::string outcome;            // once done
  std::string opinion;
  TaskKind kind = TaskKind::step;
  TaskId parent;                // of a task beside a step: that one
  std::int64_t open_sides = 0;  // of a step: how many tasks beside it are not answered
  std::int64_t urged = 0;       // how often
  std::string urge_note;        // of the last time
};

struct CaseView {
  CaseSummary summary;
  std::string definition;               // SHA-256 of the BPMN text, hexadecimal
  std::string form_key;                 // the form of the application, or empty
  boost::json::object form;             // the application as it was submitted
  std::optional<ClockWords> clock;      // of the promised term
  std::optional<ClockWords> statutory;  // of the statutory one
  std::vector<TimelineEvent> timeline;
  std::vector<TaskView> tasks;
  std::vector<std::string> active;  // BPMN ids of the elements where a token waits, for the drawing
};

struct IncidentView {
  IncidentId id;
  CaseId case_id;      // nil: of a job that belongs to no case, such as the start of a process by a timer
  std::string number;  // of the case
  std::string process;
  std::string element;  // the BPMN id, or empty
  Instant at;
  int attempts = 0;
  Words message;
  std::string code;
};

struct Page {
  std::size_t limit = 50;  // 1 to page_max
  std::string cursor;      // `next` of the page before; empty: the first
};
template <class T>
struct Slice {
  std::vector<T> items;
  std::string next;  // empty: no more
};

// --- what the engine needs from others --------------------------------------------------------------------------------------

/// What a decision gives, and why: what its rules say of themselves and the clauses that they rest on; empty where they say nothing.
struct Decided {
  boost::json::value value;
  Words because;
};

/// Evaluates a decision for a business rule task. Pure; called within an act.
class Decisions {
 public:
  virtual ~Decisions() = default;
  /// `inputs` are the variables of the case. Errors: not_found; invalid (with the diagnostics). They make an incident.
  virtual Result<Decided> decide(db::Tx& tx, const DecisionId& decision, const boost::json::object& inputs) = 0;
  /// Whether the pack has this decision: asked when a process is loaded.
  [[nodiscard]] virtual bool has(const DecisionId& decision) const = 0;
};

/// Tells applicants what becomes of their case. Called within the act, once its case is as it will be.
class Listener {
 public:
  enum class What { opened, supplement_asked, ended };
  virtual ~Listener() = default;
  /// Of a case that somebody applied for. `on`: until when a supplement is asked for. Errors: they undo the act.
  virtual Result<> tell(db::Tx& tx, const Context& ctx, const CaseSummary& of, What what, std::optional<LocalDate> on) = 0;
};

/// For whom a task is: all that are named must fit.
struct Desk {
  UnitId unit;  // empty: any
  PostId post;
  RoleId role;
};

/// Somebody who is away from a post, by one of her accounts.
struct Absent {
  AccountId account;
  PersonId person;
};

/// What identity knows of offices and those who work in them.
class Offices {
 public:
  virtual ~Offices() = default;
  /// The roles of a post, for tasks that name a jx:role.
  virtual Result<std::vector<RoleId>> roles_of(db::Tx& tx, const Actor& actor) = 0;
  /// The unit in which an account holds, today, a post that fits; nothing if it holds none.
  virtual Result<std::optional<UnitId>> seat_of(db::Tx& tx, const Context& ctx, AccountId account, const Desk& desk);
  /// In whose place the actor is in her post today.
  virtual Result<std::vector<Absent>> stands_in_for(db::Tx& tx, const Context& ctx);
  virtual Result<LocalizedText> name_of(db::Tx& tx, const PersonId& person);
  /// Who is told of what is late in a unit: its head, or the next one above it; not `post` itself. If the model `named` it, just that post.
  virtual Result<std::optional<Desk>> head_of(db::Tx& tx, const UnitId& unit, const PostId& post, bool named);
  /// Whose account it is; nil: nobody's that is known.
  virtual Result<PersonId> person_of(db::Tx& tx, AccountId account);
};

/// One run of a service task.
struct Call {
  CaseId case_id;
  std::string number;
  ItemId item;
  Party applicant;
  std::string element;          // the BPMN id
  std::string idempotency_key;  // the same for every attempt of this run, another for every other run
  int attempt = 1;
  boost::json::object variables;   // as its scope sees them
  boost::json::object parameters;  // the jx:parameter elements, evaluated
};

/// What a service handler says: variables to set, or a BPMN error that the model may catch.
struct Answer {
  boost::json::object variables;
  std::string bpmn_error;  // an errorCode; empty: none
};

/// Runs in the transaction that moves the case on: exactly once, or (on failure) not at all. For database acts.
using InsideHandler = std::function<Result<Answer>(db::Tx& tx, const Context& ctx, const Call& call)>;
/// Runs with no transaction open, at least once; must be idempotent by Call::idempotency_key.
using OutsideHandler = std::function<Result<Answer>(const Context& ctx, const Call& call)>;

/// Service handlers by the name that a model gives in jx:handler. Filled while wiring; constant afterwards.
class Registry {
 public:
  void inside(std::string name, InsideHandler handler);
  void outside(std::string name, OutsideHandler handler);
  [[nodiscard]] const InsideHandler* find_inside(std::string_view name) const;
  [[nodiscard]] const OutsideHandler* find_outside(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return find_inside(name) != nullptr || find_outside(name) != nullptr; }

 private:
  std::vector<std::pair<std::string, InsideHandler>> inside_;
  std::vector<std::pair<std::string, OutsideHandler>> outside_;
};

// --- the engine -----------------------------------------------------------------------------------------------------------

/// The case engine. Thread-safe. All that takes a Tx is part of that transaction: state, ledger entry, timeline, jobs and
/// outbox rows together. Who may do what beyond "this task is for your post" is asked of identity by the caller.
class Engine {
 public:
  struct Needs {
    const Registry& handlers;
    /// The working days that count now. Shared, because applying a pack replaces the calendar while acts still use the old one.
    std::function<std::shared_ptr<const calendar::Calendar>()> calendar;
    Decisions* decisions = nullptr;
    Offices* offices = nullptr;
    Listener* listener = nullptr;
  };
  explicit Engine(Needs needs);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Opens a case under the newest applied version of its process and runs it to its first waits.
  /// The day of receipt is not counted in `due_on`.
  /// Errors: not_found (process); invalid (Error::field is a JSON Pointer: /form/...); too_large.
  [[nodiscard]] Result<Receipt> open(db::Tx& tx, const Context& ctx, const Opening& opening);

  /// Takes a free task on. Errors: not_found; forbidden (not for the actor's unit, post or role); conflict (not free).
  [[nodiscard]] Result<> claim(db::Tx& tx, const Context& ctx, TaskId task);
  /// Gives it back. Errors: as above; conflict (not one's own).
  [[nodiscard]] Result<> release(db::Tx& tx, const Context& ctx, TaskId task, std::string_view reason);
  /// Hands it over to another account that holds a post which the task is for, or, with a nil account, to another unit and post.
  struct HandOver {
    AccountId account;
    UnitId unit;
    PostId post;
    std::string reason;       // 1 to reason_chars_max characters
    bool supervised = false;  // the actor supervises the task's unit, as the caller has asked of identity: it need not be hers
  };
  /// Errors: as claim; conflict (another's, unless supervised; done); invalid (/account: it holds no post that the task is for; /unit; /reason).
  [[nodiscard]] Result<> hand_over(db::Tx& tx, const Context& ctx, TaskId task, const HandOver& to);
  /// Completes it and moves the case on to the next waits. A free task is claimed by completing it.
  /// Errors: not_found; forbidden; conflict (done, cancelled, another's, case paused or ended); invalid (/outcome, /opinion, /form/...).
  [[nodiscard]] Result<> complete(db::Tx& tx, const Context& ctx, TaskId task, const Completion& completion);

  /// Stops and starts the clock of a case and of its open tasks. Errors: not_found; conflict; invalid (/reason, /legal_basis).
  [[nodiscard]] Result<> pause(db::Tx& tx, const Context& ctx, CaseId id, const Pause& pause);
  [[nodiscard]] Result<> resume(db::Tx& tx, const Context& ctx, CaseId id);

  /// Delivers a message to the case that waits for it, or starts the process that it starts. `correlation` is the value of the
  /// receiver's jx:correlation; empty where it has none. Answers the case. Errors: not_found (nobody waits); conflict (several wait).
  [[nodiscard]] Result<CaseId> message(db::Tx& tx, const Context& ctx, std::string_view name, std::string_view correlation,
                                       const boost::json::object& variables);
  /// Broadcasts a signal: to all that wait, by jobs. Answers after it is recorded.
  [[nodiscard]] Result<> signal(db::Tx& tx, const Context& ctx, std::string_view name, const boost::json::object& variables);

  /// Ends a case whatever it waits for. `state` is withdrawn (by the applicant) or ended. Errors: not_found; conflict; invalid (/reason).
  [[nodiscard]] Result<> cancel(db::Tx& tx, const Context& ctx, CaseId id, CaseState state, std::string_view reason);

  /// Runs a failed step again, with variables put right. Errors: not_found; conflict.
  [[nodiscard]] Result<> retry(db::Tx& tx, const Context& ctx, IncidentId id, const boost::json::object& variables);

  // Queries.
  [[nodiscard]] Result<CaseSummary> summary(db::Tx& tx, CaseId id);
  [[nodiscard]] Result<CaseView> view(db::Tx& tx, const Context& ctx, CaseId id);
  [[nodiscard]] Result<TaskView> task(db::Tx& tx, const Context& ctx, TaskId id);
  /// The free and claimed tasks of a case, oldest first. A case that is not there has none.
  [[nodiscard]] Result<std::vector<TaskView>> open_tasks(db::Tx& tx, const Context& ctx, CaseId id);
  /// What the actor's post has to do: claimed by her, or free for her unit, post and roles; the most urgent first (`open`),
  /// or what she has done, the latest first (`done`).
  enum class List { open, done };
  /// More ways to look: jx/cases/work_list.hpp.
  [[nodiscard]] Result<Slice<TaskView>> work_list(db::Tx& tx, const Context& ctx, List list, const Page& page);
  /// The cases of an applicant, newest first.
  [[nodiscard]] Result<Slice<CaseSummary>> cases_of(db::Tx& tx, const std::vector<Party>& applicants, const Page& page);
  [[nodiscard]] Result<std::vector<TimelineEvent>> timeline(db::Tx& tx, CaseId id);
  [[nodiscard]] Result<Slice<IncidentView>> incidents(db::Tx& tx, const Page& page);
  /// The BPMN 2.0 XML that the case runs by.
  [[nodiscard]] Result<std::string> diagram(db::Tx& tx, CaseId id);
  /// Whether `unit` handles the case: has or had a task of it.
  [[nodiscard]] Result<bool> handles(db::Tx& tx, CaseId id, const UnitId& unit);
  /// All units that do.
  [[nodiscard]] Result<std::vector<UnitId>> units_of(db::Tx& tx, CaseId id);
  struct Impl;
  [[nodiscard]] Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

/// The case with the number that people quote. Errors: not_found.
[[nodiscard]] Result<CaseId> find_case(db::Tx& tx, std::string_view number);

/// The tables whose rows the ledger entries of this module vouch for.
[[nodiscard]] std::span<const ledger::StateTable> state_tables();

/// Something that was changed by hand, and where.
struct Unsound {
  std::string where;
  Words message;
};
/// Every timeline against the history that its case's row holds, every stored process and form against its hash: for `db check`.
[[nodiscard]] Result<std::vector<Unsound>> check_soundness(db::Database& database);

// --- timers and service tasks ---------------------------------------------------------------------------------------------

/// Runs what is due: timers, service tasks, broadcasts, long cases. Several may run, in several programs.
class Worker {
 public:
  struct Options {
    std::size_t batch = 64;    // jobs leased at once
    std::size_t threads = 3;   // so that a service that answers late keeps nobody waiting
    Micros lease{60'000'000};  // after this another worker may take them
    Micros idle{500'000};      // how long a thread sleeps when nothing is due
  };
  Worker(Engine& engine, db::Database& database, const Clock& clock, Random& random, Options options);
  ~Worker();  // stops
  /// Runs up to one batch of what is due now. Answers how many ran. For tests, with a virtual clock.
  [[nodiscard]] Result<std::size_t> step();
  /// When the next job is due; nothing if there is none.
  [[nodiscard]] Result<std::optional<Instant>> next_due();
  /// How many steps the program has to do by itself and has not done: service tasks, broadcasts, long cases; no timers, and none that stand as incidents.
  [[nodiscard]] Result<std::int64_t> waiting();
  void start();  // threads that step until stop()
  void stop();
  void wake();  // something has become due; thread-safe

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace jx::cases
