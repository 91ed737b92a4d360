#include "act.hpp"
#include "cases_sql.hpp"
#include "deadlines.hpp"
#include "job_failure.hpp"
#include "sweep_rows.hpp"
#include "reminders.hpp"

#include <jx/cases/migrate.hpp>
#include <jx/pack/calendars.hpp>
#include <jx/wire.hpp>

#include <boost/json/value.hpp>

#include <algorithm>
#include <condition_variable>
#include <thread>

namespace jx::cases {
namespace {

inline constexpr int attempts_max = 5;                // then a service task is an incident
inline constexpr std::int64_t receivers_max = 50;     // of one signal in one transaction
inline constexpr std::int64_t recount_max = 50;       // open cases counted anew in one transaction
inline constexpr std::size_t services_together = 16;  // in one transaction, which others wait for
inline constexpr Micros calendar_wait{5'000'000};     // for this program to take up an applied pack

struct Job {
  Uuid id;
  CaseId case_id;
  Ref wait = 0;
  JobKind kind = JobKind::timer;
  int attempts = 0;
  std::string name;
  std::string detail;
};

/// 1 s, 8 s, 64 s, about 8 minutes.
Micros backoff(int attempts) {
  std::int64_t seconds = 1;
  for (int i = 1; i < attempts; ++i) seconds *= 8;
  return Micros{seconds * 1'000'000};
}

/// The clock of a jurisdiction without its working days: all that the timers of start events need.
class PlainClock final : public OfficeClock {
 public:
  PlainClock(Instant now, std::string_view zone) : now_(now), zone_(zone) {}
  [[nodiscard]] Instant now() const override { return now_; }
  [[nodiscard]] std::string_view zone() const override { return zone_; }
  [[nodiscard]] Result<Instant> term_end(Instant, int, bool) const override {
    return fail(ErrorCode::invalid, {"a start cannot be counted in working days", "启动时间不能按工作日计"});
  }

 private:
  Instant now_;
  std::string zone_;
};

}  // namespace

std::optional<NextStart> first_start(const EventDef& event, Instant now, std::string_view zone) {
  const PlainClock clock(now, zone);
  if (event.timer == TimerKind::date) {
    const auto at = parse_date(event.when.text, zone);
    return at && *at >= now ? std::optional(NextStart{*at, 0}) : std::nullopt;
  }
  if (event.timer == TimerKind::duration) {
    const auto duration = parse_duration(event.when.text);
    const auto at = duration ? after(clock, now, *duration) : Result<Instant>(fail(ErrorCode::invalid, "no duration"));
    return at ? std::optional(NextStart{*at, 0}) : std::nullopt;
  }
  const auto cycle = parse_cycle(event.when.text);
  if (!cycle || cycle->repetitions == 0) return std::nullopt;
  NextStart next{cycle->start.value_or(now), cycle->repetitions < 0 ? -1 : cycle->repetitions - 1};
  if (!cycle->start || next.due < now) {
    const auto at = after(clock, now, cycle->step);
    if (!at) return std::nullopt;
    next.due = *at;
  }
  return next;
}

std::optional<NextStart> next_start(const EventDef& event, const NextStart& before, std::string_view zone) {
  const auto cycle = event.timer == TimerKind::cycle ? parse_cycle(event.when.text) : std::nullopt;
  if (!cycle || before.left == 0) return std::nullopt;
  const auto at = after(PlainClock(before.due, zone), before.due, cycle->step);
  if (!at || *at <= before.due || (cycle->end && *at > *cycle->end)) return std::nullopt;
  return NextStart{*at, before.left < 0 ? -1 : before.left - 1};
}

struct Worker::Impl {
  Engine& engine;
  db::Database& database;
  const Clock& clock;
  Random& random;
  Options options;
  std::vector<std::jthread> threads;
  std::mutex mutex;
  std::condition_variable_any woken;
  std::uint64_t wakes = 0;  // guarded by mutex

  [[nodiscard]] Context context() const {
    return Context{{.kind = Actor::Kind::system}, no_deadline, RequestId::make(clock, random), clock, random, "zh-CN"};
  }

  Result<std::vector<Job>> lease() {
    const Instant now = clock.now();
    return database.write_relaxed(no_deadline, [&](db::Tx& tx) -> Result<std::vector<Job>> {
      JX_TRY(rows, tx.all(sql::job_lease, now, now + options.lease, static_cast<std::int64_t>(options.batch)));
      std::vector<Job> jobs;
      for (const auto& r : rows) {
        jobs.push_back({*Uuid::from_bytes(r.bytes(0)), r.id<CaseId>(1), static_cast<Ref>(r.integer(2)), static_cast<JobKind>(r.integer(3)),
                        static_cast<int>(r.integer(4)), r.text(5), r.text(6)});
      }
      std::sort(jobs.begin(), jobs.end(), [](const Job& a, const Job& b) { return a.id < b.id; });
      return jobs;
    });
  }

  /// Runs `act` in a transaction that also takes the job away; nothing happens if somebody else has done it.
  template <class F>
  Result<> once(const Job& job, F&& act) {
    return database.write_guarded(no_deadline, [&](db::Tx& tx) -> Result<> {
      JX_TRY(taken, tx.run(sql::job_delete, job.id.bytes()));
      if (taken == 0) return {};
      return act(tx);
    });
  }

  Result<> fire(db::Tx& tx, const Context& ctx, const Job& job) {
    if (job.kind == JobKind::mark) return run_mark_job(engine.impl(), tx, ctx, job.id);
    JX_TRY(row, tx.one(sql::job_one, job.id.bytes()));
    if (!row) return {};
    Act act(engine.impl(), tx, ctx);
    JX_CHECK(act.load(job.case_id));
    const Wait* w = act.state().wait(job.wait);
    if (w == nullptr || w->due > ctx.now()) {
      auto settled = w == nullptr ? tx.run(sql::job_delete, job.id.bytes()) : tx.run(sql::job_at, job.case_id, job.wait, w->due);
      JX_CHECK(settled);
      return {};
    }
    const Index node = w->node;
    act.note(Happened::timer_fired, node, "");
    JX_CHECK(act.run(Occurred{job.wait, {}}));
    JX_CHECK(act.finish("case.timer-fired", {{"element", act.definition().node(node).id}}));
    return {};
  }

  Result<> timer(const Job& job) { return timers({&job, 1}); }

  /// All of them in one transaction, or none.
  Result<> timers(std::span<const Job> jobs) {
    const Context ctx = context();
    return database.write_guarded(no_deadline, [&](db::Tx& tx) -> Result<> {
      for (const auto& job : jobs) JX_CHECK(fire(tx, ctx, job));
      return {};
    });
  }

  Result<> resume(const Job& job) {
    const Context ctx = context();
    return once(job, [&](db::Tx& tx) -> Result<> {
      Act act(engine.impl(), tx, ctx);
      JX_CHECK(act.load(job.case_id));
      if (act.state().ended()) return {};
      act.note(Happened::continued, no_index, "");
      JX_CHECK(act.run(Continue{}));
      JX_CHECK(act.finish("case.continued", {}));
      return {};
    });
  }

  Result<> complete(db::Tx& tx, const Context& ctx, const Job& job, const Answer& answer) {
    JX_TRY(variables, variables_of(answer.variables, ""));
    Act act(engine.impl(), tx, ctx);
    JX_CHECK(act.load(job.case_id));
    const Wait* w = act.state().wait(job.wait);
    if (w == nullptr) return {};  // interrupted meanwhile: the answer comes too late
    const Index node = w->node;
    Completed event{job.wait, {}, std::move(variables), answer.bpmn_error};
    if (const auto& result = act.definition().node(node).result; !result.empty()) {
      std::vector<rules::Entry> entries;
      for (auto& v : event.variables) entries.push_back({v.name, std::move(v.value)});
      event.result = rules::Value::context(std::move(entries));
      event.variables.clear();
    }
    act.note(Happened::service_done, node, job.name);
    JX_CHECK(act.run(event));
    JX_CHECK(act.finish("case.service-done", {{"element", act.definition().node(node).id}, {"handler", job.name}}));
    return {};
  }

  /// Whether all of it is done in the transaction.
  [[nodiscard]] bool is_inside(const Job& job) const {
    return job.kind == JobKind::service && engine.impl().needs.handlers.find_inside(job.name) != nullptr;
  }

  Result<> serve(db::Tx& tx, const Context& ctx, const Job& job) {
    JX_TRY(taken, tx.run(sql::job_delete, job.id.bytes()));
    if (taken == 0) return {};
    Act act(engine.impl(), tx, ctx);
    JX_CHECK(act.load(job.case_id));
    if (act.state().wait(job.wait) == nullptr) return {};
    JX_TRY(call, act.call_of(job.wait, job.attempts));
    JX_TRY(answer, (*engine.impl().needs.handlers.find_inside(job.name))(tx, ctx, call));
    return complete(tx, ctx, job, answer);
  }

  /// All of them in one transaction, or none; each is inside.
  Result<> services(std::span<const Job> jobs) {
    const Context ctx = context();
    return database.write_guarded(no_deadline, [&](db::Tx& tx) -> Result<> {
      for (const auto& job : jobs) JX_CHECK(serve(tx, ctx, job));
      return {};
    });
  }

  Result<> service(const Job& job) {
    if (is_inside(job)) return services({&job, 1});
    const Context ctx = context();
    auto& impl = engine.impl();
    const auto* outside = impl.needs.handlers.find_outside(job.name);
    if (outside == nullptr)
      return fail(ErrorCode::not_found, {"no service handler is called '" + job.name + "'", "没有名为“" + job.name + "”的服务处理器"});
    // The call is made from a state that is read, with no transaction open while the handler works.
    auto call = database.read(no_deadline, [&](db::Tx& tx) -> Result<Call> {
      Act act(impl, tx, ctx);
      JX_CHECK(act.load(job.case_id));
      return act.call_of(job.wait, job.attempts);
    });
    if (!call) return std::unexpected(call.error());
    JX_TRY(answer, (*outside)(ctx, *call));
    return once(job, [&](db::Tx& tx) { return complete(tx, ctx, job, answer); });
  }

  Result<> message(const Job& job) {
    const Context ctx = context();
    JX_TRY(detail, wire::parse(job.detail));
    const auto* correlation = detail.get_object().if_contains("correlation");
    const std::string value = correlation != nullptr && correlation->is_string() ? std::string(correlation->get_string()) : "";
    return once(job, [&](db::Tx& tx) -> Result<> {
      const auto delivered = engine.message(tx, ctx, job.name, value, {});
      if (delivered) return {};
      const bool unheard = delivered.error().code == ErrorCode::not_found || delivered.error().code == ErrorCode::conflict;
      // The receiver may be on its way; after the last attempt the message is for somebody outside.
      if (!unheard || job.attempts < attempts_max) return std::unexpected(delivered.error());
      const auto id = Uuid::make(clock, random);
      JX_CHECK(tx.run(sql::outbox_insert, id.bytes(), ctx.now(), "case.message.v1", job.case_id.text(),
                      wire::to_text(boost::json::object{{"message", job.name}, {"correlation", value}}), nullptr));
      return {};
    });
  }

  Result<> signal(const Job& job) {
    const Context ctx = context();
    JX_TRY(parsed, wire::parse(job.detail));
    auto& detail = parsed.get_object();
    CaseId from, after;
    Ref after_wait = 0;
    if (const auto* x = detail.if_contains("from")) {
      if (auto id = CaseId::parse(x->get_string())) from = *id;
    }
    if (const auto* x = detail.if_contains("after")) {
      if (auto id = CaseId::parse(x->get_string())) after = *id;
    }
    if (const auto* x = detail.if_contains("after_wait")) after_wait = static_cast<Ref>(x->to_number<std::int64_t>());
    boost::json::object given;
    if (const auto* x = detail.if_contains("variables")) given = x->get_object();
    JX_TRY(variables, variables_of(given, ""));
    return once(job, [&](db::Tx& tx) -> Result<> {
      const bool first = after.nil();
      JX_TRY(rows, tx.all(sql::signal_subscribers, job.name, after, after_wait, receivers_max));
      CaseId done;
      for (const auto& r : rows) {
        const auto id = r.id<CaseId>(0);
        if (id == from || id == done) continue;  // its own case had it when it was thrown; a case gets it once, for all that waits in it
        done = id;
        Act act(engine.impl(), tx, ctx);
        JX_CHECK(act.load(id));
        act.note(Happened::signal_received, no_index, job.name);
        JX_CHECK(act.run(SignalCame{job.name, variables, false}));
        JX_CHECK(act.finish("case.signal-received", {{"signal", job.name}}));
      }
      if (static_cast<std::int64_t>(rows.size()) == receivers_max) {
        detail["after"] = rows.back().id<CaseId>(0).text();
        detail["after_wait"] = done == rows.back().id<CaseId>(0) ? INT64_MAX >> 1 : rows.back().integer(1);
        JX_CHECK(tx.run(sql::job_insert, Uuid::make(clock, random).bytes(), job.case_id, 0, static_cast<std::int64_t>(JobKind::signal), ctx.now(),
                        job.name, wire::to_text(detail)));
      }
      if (!first) return {};
      JX_TRY(starts, tx.all(sql::starts_of, 3, job.name));
      for (const auto& r : starts)
        JX_CHECK(engine.impl().open_by_trigger(tx, ctx, r.key<ProcessId>(0), static_cast<Index>(r.integer(1)),
                                               r.null(2) ? no_index : static_cast<Index>(r.integer(2)), given));
      return {};
    });
  }

  Result<> start(const Job& job) {
    const Context ctx = context();
    JX_TRY(detail, wire::parse(job.detail));
    const auto event = static_cast<std::size_t>(detail.get_object().at("event").to_number<std::int64_t>());
    const NextStart now{Instant{detail.get_object().at("due").to_number<std::int64_t>()},
                        detail.get_object().at("left").to_number<std::int64_t>()};  // run_at is the lease by now
    return once(job, [&](db::Tx& tx) -> Result<> {
      JX_TRY(current, tx.one(sql::current_one, job.name));
      if (!current) return {};
      crypto::Digest hash{};
      std::copy_n(current->bytes(0).begin(), hash.size(), hash.begin());
      JX_TRY(definition, engine.impl().definition(tx, hash));
      if (job.wait >= definition->nodes.size() || event >= definition->nodes[job.wait].events.size()) return {};
      const auto zone = engine.impl().needs.calendar()->zone().name();
      if (const auto next = next_start(definition->nodes[job.wait].events[event], now, zone)) {
        detail.get_object()["left"] = next->left;
        detail.get_object()["due"] = next->due.micros;
        JX_CHECK(tx.run(sql::job_insert, Uuid::make(clock, random).bytes(), CaseId(), job.wait, static_cast<std::int64_t>(JobKind::start), next->due,
                        job.name, wire::to_text(detail)));
      }
      JX_CHECK(engine.impl().open_by_trigger(tx, ctx, ProcessId::trusted(job.name), static_cast<Index>(job.wait), no_index, {}));
      return {};
    });
  }

  /// Counts the deadlines of the next open cases by the calendar of the applied pack. Until this program counts by it too, it waits.
  Result<> recount(const Job& job) {
    const Context ctx = context();
    JX_TRY(state, wire::decode<Recount>(job.detail));
    const auto calendar = engine.impl().needs.calendar();
    if (calendar->version() != job.name) {
      return database.write_guarded(no_deadline, [&](db::Tx& tx) -> Result<> {
        JX_CHECK(tx.run(sql::job_again, job.id.bytes(), clock.now() + calendar_wait, 0, job.detail));
        return {};
      });
    }
    return once(job, [&](db::Tx& tx) -> Result<> {
      JX_TRY(hash, from_hex(state.before));
      pack::Digest digest{};
      if (hash.size() != digest.size()) return fail(ErrorCode::corrupt, "a job names no pack");
      std::ranges::copy(hash, digest.begin());
      JX_TRY(pack, pack::load(tx, digest));
      JX_TRY(before, pack::calendar_of(pack, pack.manifest().calendar));
      JX_TRY(open, tx.all(sql::open_terms, state.after, recount_max));
      for (const auto& r : open) JX_CHECK(recount_one(tx, ctx, r.id<CaseId>(0), before));
      if (static_cast<std::int64_t>(open.size()) < recount_max) return {};
      JX_CHECK(tx.run(sql::job_insert, Uuid::make(clock, random).bytes(), CaseId(), 0, static_cast<std::int64_t>(JobKind::recount), ctx.now(),
                      job.name, wire::encode(Recount{state.before, open.back().id<CaseId>(0)})));
      return {};
    });
  }

  Result<> recount_one(db::Tx& tx, const Context& ctx, CaseId id, const calendar::Calendar& before) {
    Act act(engine.impl(), tx, ctx);
    JX_CHECK(act.load(id));
    const auto due_before = act.row().due_on;
    JX_TRY(terms_moved, cases::recount(tx, act));
    bool timers_moved = false;
    if (act.row().paused == 0) {
      JX_TRY(moved, move_term_timers(act, before));
      timers_moved = moved;
    }
    if (!terms_moved && !timers_moved) return {};
    boost::json::object body;
    if (due_before) body["from"] = due_before->text();
    if (act.row().due_on) body["due_on"] = act.row().due_on->text();
    const bool case_moved = act.row().due_on && act.row().due_on != due_before;
    act.note(Happened::deadline_moved, no_index, case_moved ? act.row().due_on->text() : "");
    JX_CHECK(act.finish("case.deadline-moved", std::move(body)));
    return {};
  }

  Result<> migrate(const Job& job) {
    const Context ctx = context();
    JX_TRY(id, MigrationId::parse(job.name));
    return once(job, [&](db::Tx& tx) -> Result<> {
      JX_TRY(more, migrate_some(engine, tx, ctx, id));
      if (!more) return {};
      JX_CHECK(tx.run(sql::job_insert, Uuid::make(clock, random).bytes(), CaseId(), 0, static_cast<std::int64_t>(JobKind::migrate), ctx.now(),
                      job.name, job.detail));
      return {};
    });
  }

  /// A job that could not be done: again later, or an incident that people see.
  Result<> failed(const Job& job, const Error& error) {
    const Context ctx = context();
    const bool transient = error.code == ErrorCode::unavailable || error.code == ErrorCode::timeout || error.code == ErrorCode::limited;
    const bool give_up = job.attempts >= attempts_max || (!transient && job.kind == JobKind::service && error.code != ErrorCode::internal);
    return database.write_guarded(no_deadline, [&](db::Tx& tx) -> Result<> {
      JX_TRY(still, tx.run(sql::job_again, job.id.bytes(), give_up ? Instant{never} : clock.now() + backoff(job.attempts), job.attempts, job.detail));
      if (still == 0) return {};
      return record_failure(engine, tx, ctx, {job.id, job.case_id, job.wait, job.kind, job.attempts, job.name}, error, give_up);
    });
  }

  Result<> sweep(const Job& job) {
    const Context ctx = context();
    JX_TRY(detail, wire::parse(job.detail));
    const std::string after(detail.at("after").as_string());
    return once(job, [&](db::Tx& tx) { return go_on_with(engine, tx, ctx, job.kind, job.name, after); });
  }

  Result<> run(const Job& job) {
    switch (job.kind) {
      case JobKind::timer:
      case JobKind::mark: return timer(job);
      case JobKind::service: return service(job);
      case JobKind::resume: return resume(job);
      case JobKind::message: return message(job);
      case JobKind::signal: return signal(job);
      case JobKind::start: return start(job);
      case JobKind::recount: return recount(job);
      case JobKind::migrate: return migrate(job);
      case JobKind::retry: return sweep(job);
    }
    return {};
  }

  Result<> each(std::span<const Job> jobs) {
    for (const auto& job : jobs) {
      if (auto done = run(job); !done) JX_CHECK(failed(job, done.error()));
    }
    return {};
  }

  /// What is many and quick shares a transaction, unless one of them cannot be done.
  Result<> share(std::span<const Job> jobs, Result<> (Impl::*all)(std::span<const Job>)) {
    if (jobs.size() > 1 && (this->*all)(jobs)) return {};
    return each(jobs);
  }
};

Worker::Worker(Engine& engine, db::Database& database, const Clock& clock, Random& random, Options options)
    : impl_(new Impl{engine, database, clock, random, options, {}, {}, {}, 0}) {}
Worker::~Worker() { stop(); }

Result<std::size_t> Worker::step() {
  JX_TRY(jobs, impl_->lease());
  const auto services =
      std::stable_partition(jobs.begin(), jobs.end(), [](const Job& job) { return job.kind == JobKind::timer || job.kind == JobKind::mark; });
  const auto others = std::stable_partition(services, jobs.end(), [&](const Job& job) { return impl_->is_inside(job); });
  JX_CHECK(impl_->share({jobs.begin(), services}, &Impl::timers));
  for (auto rest = std::span<const Job>(services, others); !rest.empty();) {
    const auto some = rest.first(std::min(rest.size(), services_together));
    JX_CHECK(impl_->share(some, &Impl::services));
    rest = rest.subspan(some.size());
  }
  JX_CHECK(impl_->each({others, jobs.end()}));
  return jobs.size();
}

Result<std::optional<Instant>> Worker::next_due() {
  return impl_->database.read(no_deadline, [&](db::Tx& tx) -> Result<std::optional<Instant>> {
    JX_TRY(row, tx.one(sql::job_next));
    if (!row || row->null(0) || row->integer(0) == never) return std::optional<Instant>();
    return std::optional(row->instant(0));
  });
}

Result<std::int64_t> Worker::waiting() {
  return impl_->database.read(no_deadline, [](db::Tx& tx) -> Result<std::int64_t> {
    JX_TRY(row, tx.one(sql::jobs_waiting, Instant{never}));
    return row->integer(0);
  });
}

void Worker::start() {
  const auto work = [this](const std::stop_token& stop) {
    std::uint64_t seen = 0;
    while (!stop.stop_requested()) {
      const auto ran = step();
      if (ran && *ran > 0) continue;
      std::unique_lock lock(impl_->mutex);
      impl_->woken.wait_for(lock, stop, std::chrono::microseconds(impl_->options.idle.count()), [&] { return impl_->wakes != seen; });
      seen = impl_->wakes;
    }
  };
  for (std::size_t i = 0; i < std::max<std::size_t>(impl_->options.threads, 1); ++i) impl_->threads.emplace_back(work);
}

void Worker::stop() {
  for (auto& thread : impl_->threads) thread.request_stop();
  impl_->threads.clear();  // joins
}

void Worker::wake() {
  {
    const std::lock_guard lock(impl_->mutex);
    ++impl_->wakes;
  }
  impl_->woken.notify_all();
}

}  // namespace jx::cases
