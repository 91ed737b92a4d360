// act.hpp - one act on one case: load, step, write everything that follows, record it. All in the transaction that is given.
#pragma once
#include "incident_rows.hpp"
#include "state_codec.hpp"
#include "step.hpp"
#include "stored_form.hpp"
#include "timeline.hpp"
#include "timeline_rows.hpp"

#include <jx/calendar.hpp>
#include <jx/cases.hpp>
#include <jx/ledger.hpp>

#include <deque>
#include <map>
#include <mutex>
#include <set>

namespace jx::cases {

inline constexpr std::int64_t never = INT64_MAX;  // a job that is parked, a task without a term
inline constexpr std::size_t definitions_cached_max = 512;

enum class JobKind : std::int64_t {
  timer = 0,
  service = 1,
  resume = 2,
  message = 3,
  signal = 4,
  start = 5,
  recount = 6,
  mark = 10,
  migrate = 20,
  retry = 21
};

/// When the timer of a start event opens a case, and how often after that (-1: without end). None: never.
struct NextStart {
  Instant due;
  std::int64_t left = 0;
};
[[nodiscard]] std::optional<NextStart> first_start(const EventDef& event, Instant now, std::string_view zone);
[[nodiscard]] std::optional<NextStart> next_start(const EventDef& event, const NextStart& before, std::string_view zone);

struct Engine::Impl {
  explicit Impl(Needs needs_) : needs(std::move(needs_)) {}

  Needs needs;
  std::mutex mutex;
  std::map<crypto::Digest, DefinitionPtr> definitions;  // guarded by mutex
  std::map<crypto::Digest, FormPtr> forms;              // guarded by mutex

  /// From the cache, or compiled from the database. Errors: corrupt.
  [[nodiscard]] Result<DefinitionPtr> definition(db::Tx& tx, const crypto::Digest& hash);
  /// Null if the pack has no such form now.
  [[nodiscard]] Result<FormPtr> form_now(db::Tx& tx, std::string_view key);
  [[nodiscard]] Result<FormPtr> form(db::Tx& tx, const crypto::Digest& hash);
  /// Opens a case of a process that something from outside started at `node`.
  [[nodiscard]] Result<CaseId> open_by_trigger(db::Tx& tx, const Context& ctx, const ProcessId& process, Index node, Index gateway,
                                               const boost::json::object& variables);
  [[nodiscard]] LocalDate today(const Context& ctx) const { return needs.calendar()->zone().date_of(ctx.now()); }
};

/// The row of case_file.
/// How the clock of a case stands still: CaseRow::paused.
inline constexpr int stands_still = 1;
inline constexpr int waits_for_applicant = 2;
inline constexpr int waits_for_supplement = 3;  // asked at a step; the other steps go on
inline constexpr int stands_at_step = 4;        // while a step with jx:clock-stands is open; all steps go on
inline constexpr int applicant_at_step = 5;     // the same, where the applicant has to do something: a supplement, a fee
[[nodiscard]] constexpr bool stands_for_step(int paused) { return paused == stands_at_step || paused == applicant_at_step; }
/// Whether its steps can be carried out meanwhile.
[[nodiscard]] constexpr bool steps_go_on(int paused) { return paused == 0 || paused == waits_for_supplement || stands_for_step(paused); }

struct CaseRow {
  CaseId id;
  std::string number;
  ProcessId process;
  crypto::Digest definition{};
  ItemId item;
  Party applicant;
  std::string title;
  CaseState state = CaseState::running;
  std::int64_t version = 0;
  Instant opened_at;
  std::optional<Instant> closed_at;
  LocalDate received_on;
  std::string term;
  std::optional<LocalDate> due_on;
  bool provisional = false;
  int paused = 0;  // one of those below
  std::int64_t open_incidents = 0;
  std::int64_t last_event = 0;
  std::string form;
  std::optional<crypto::Digest> form_hash;
  Bytes machine;
  Bytes history;  // of the timeline: next_history()
};
[[nodiscard]] Result<CaseRow> case_row(db::Tx& tx, CaseId id);
/// Whether the events of a case are those that its row vouches for by `last` and `history`.
[[nodiscard]] Result<bool> timeline_holds(db::Tx& tx, CaseId id, std::int64_t last_event, const Bytes& history);
/// Whom and what an entry about a case is about.
[[nodiscard]] std::vector<std::string> subjects_of(const CaseRow& row);
/// Of a case whose row says nothing more of its state (archive.hpp).
[[nodiscard]] std::unexpected<Error> archived();
/// From the columns of case_one, the first of which is column `at`.
[[nodiscard]] CaseRow case_row(const db::Row& row, std::size_t at);
[[nodiscard]] Result<std::vector<calendar::Pause>> pauses_of(db::Tx& tx, CaseId id);
[[nodiscard]] Party party_of(std::int64_t kind, const Bytes& id);
[[nodiscard]] boost::json::object json_of(const Variables& variables);
/// Errors: invalid (what JSON cannot say to FEEL; Error::field below `pointer`).
[[nodiscard]] Result<Variables> variables_of(const boost::json::object& object, std::string_view pointer);

/// Whether a row of form_definition (hash, schema, layout) has its hash.
[[nodiscard]] bool form_holds(const db::Row& row);

struct Due {
  std::optional<LocalDate> on;
  std::int64_t at = never;
  bool provisional = false;
};
/// When a term that began on `from` ends. No term: no end.
[[nodiscard]] Result<Due> due_of(const calendar::Calendar& calendar, std::string_view term, LocalDate from, std::span<const calendar::Pause> pauses);

/// The hash of a row of case_notice.
[[nodiscard]] Result<ledger::StateHash> notice_state(db::Tx& tx, const Uuid& notice);

class Act final : private Host {
 public:
  Act(Engine::Impl& engine, db::Tx& tx, const Context& ctx)
      : engine_(engine), tx_(tx), ctx_(ctx), calendar_(engine.needs.calendar()), zone_(calendar_->zone().name()), now_(ctx.now()) {}

  /// Errors: not_found.
  [[nodiscard]] Result<> load(CaseId id);
  [[nodiscard]] Result<> load(CaseRow row);  // as this transaction reads it
  /// Begins a new case. `row` is filled but for state, version, last_event and machine.
  void begin(CaseRow row, DefinitionPtr definition);
  /// One event, and the writing of its effects.
  [[nodiscard]] Result<> run(const Event& event);
  /// Another version of the process takes the case over, where `state` fits it and `added` is what waits there and did not before.
  [[nodiscard]] Result<> take_over(DefinitionPtr definition, State state, std::vector<Index> added);
  void note(Happened kind, Index node, std::string detail);
  /// Takes the task that a query of tasks.sql has changed into what the ledger entry vouches for. Answers whether there was one.
  [[nodiscard]] Result<bool> changed(Result<std::optional<db::Row>> task) { return changed(Table::task, std::move(task)); }
  /// The same for a row of another table of this module.
  enum class Table : std::uint8_t { task, side, urge, comment, notice };
  [[nodiscard]] Result<bool> changed(Table table, Result<std::optional<db::Row>> row);
  /// Takes a notice that was written into what the ledger entry vouches for.
  [[nodiscard]] Result<> vouch_for_notice(const Uuid& notice);
  /// Writes the statutory term of the case; counts it anew. Answers whether its end has moved.
  [[nodiscard]] Result<> set_statutory(std::string_view term, const Due& due);
  [[nodiscard]] Result<bool> count_statutory(std::span<const calendar::Pause> pauses);
  /// Has the marks of an open task looked at anew: its end has moved.
  [[nodiscard]] Result<> look_at_mark(std::int64_t wait);
  /// Has a task that was opened marked and its people reminded when its term comes near.
  [[nodiscard]] Result<> watch_term(TaskId task, std::int64_t wait, const Due& due, int yellow);
  /// Has the applicant told, once the act is finished.
  void tell(Listener::What what, std::optional<LocalDate> on = std::nullopt) { told_.emplace_back(what, on); }
  /// Has the ledger entry vouch for a row of another module too.
  void vouch(ledger::StateHash state) { beside_.push_back(std::move(state)); }
  /// Writes the row, the timeline and the ledger entry. Nothing may be done with the act afterwards.
  [[nodiscard]] Result<ledger::EntryId> finish(std::string kind, boost::json::object body);

  [[nodiscard]] CaseRow& row() { return row_; }
  [[nodiscard]] const CaseRow& row() const { return row_; }
  [[nodiscard]] const State& state() const { return state_; }
  [[nodiscard]] const Definition& definition() const { return *definition_; }
  [[nodiscard]] const calendar::Calendar& calendar() const { return *calendar_; }
  [[nodiscard]] Instant at() const { return now_; }
  [[nodiscard]] LocalDate today() const { return calendar_->zone().date_of(now_); }
  /// What a service handler is told.
  [[nodiscard]] Result<Call> call_of(Ref wait, int attempt) const;
  /// `ending` is how: retried, completed, skipped, gone.
  [[nodiscard]] Result<> close_incident(IncidentId id, std::string_view ending);
  /// A job that could not be done. `node` may be no_index.
  [[nodiscard]] Result<> job_incident(const Uuid& job, Ref wait, Index node, int attempts, const Error& error);

 private:
  // Host
  [[nodiscard]] Instant now() const override { return now_; }
  [[nodiscard]] std::string_view zone() const override { return zone_; }
  [[nodiscard]] Result<Instant> term_end(Instant from, int n, bool working) const override;
  [[nodiscard]] Result<rules::Value> decide(std::string_view decision, const Variables& inputs) override;
  [[nodiscard]] Result<HostAnswer> script(std::string_view format, std::string_view text, const Variables& variables) override;

  [[nodiscard]] Result<> apply(const Effect& effect);
  [[nodiscard]] Result<> open_task(const Effect& effect);
  [[nodiscard]] Result<> close_task(const Effect& effect);
  void vouch(Table table, ledger::StateHash state);
  [[nodiscard]] Result<> follow_mark(const db::Row& task);
  [[nodiscard]] Result<> close_sides(Ref wait, Index node);
  [[nodiscard]] std::string next_because();
  [[nodiscard]] Result<> add_job(JobKind kind, std::int64_t wait, Instant run_at, std::string_view name, const boost::json::object& detail);
  [[nodiscard]] Result<> remove_wait(const Effect& effect);
  [[nodiscard]] Result<> incident(const Effect& effect);
  [[nodiscard]] Result<> new_incident(NewIncident incident);
  [[nodiscard]] Result<> ended();
  [[nodiscard]] Result<> settle_incidents();
  /// What the user tasks that are open now mean for the clock of the case (case_clock.cpp).
  [[nodiscard]] Result<> follow_clock();
  [[nodiscard]] Result<> give_term(const Node& node, Index index);
  [[nodiscard]] Result<> write_state();
  [[nodiscard]] Result<> tell_applicant();
  [[nodiscard]] CaseState state_now() const;

  Engine::Impl& engine_;
  db::Tx& tx_;
  const Context& ctx_;
  std::shared_ptr<const calendar::Calendar> calendar_;  // shared with the engine's provider: one act counts with one calendar
  std::string zone_;
  Instant now_;  // of the whole act, though the clock moves on: what is written and what is vouched for say the same
  DefinitionPtr definition_;
  CaseRow row_;
  bool is_new_ = false;
  bool sides_closed_ = false;
  std::deque<Words> because_;  // of decisions whose events are still to come
  bool ends_now_ = false;
  State state_;
  std::vector<Wait> waits_before_;
  std::set<Ref> timers_made_;      // by this act
  bool continued_before_ = false;  // a job goes on with it
  std::set<crypto::Digest> beside_before_;
  struct Note {
    Happened kind;
    Index node;
    std::string detail;
  };
  std::vector<Note> notes_;
  std::vector<std::pair<Listener::What, std::optional<LocalDate>>> told_;
  std::map<std::pair<Table, std::string>, ledger::StateHash> rows_;  // that the act changed, by table and key
  std::optional<ledger::StateHash> statutory_;
  std::vector<ledger::StateHash> beside_;  // of other modules
  bool ended_before_ = false;
};

}  // namespace jx::cases
