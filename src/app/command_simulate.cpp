// simulate - the past of a demonstration county: a new database, a pack applied at its beginning, and 90 working days of acts.
#include "app.hpp"
#include "commands.hpp"
#include "jurisdiction.hpp"
#include "secrets.hpp"
#include "terminal.hpp"

#include <jx/db/migrate.hpp>
#include <jx/exchange/persons.hpp>
#include <jx/ledger/log.hpp>
#include <jx/ledger/subjects.hpp>
#include <jx/pack/calendars.hpp>
#include <jx/services/reviews.hpp>
#include <jx/simulation.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

namespace jx::app {
namespace {

/// The parts of a program that serves, on a clock that stands, with a signing of certificates that can be made to fail.
struct Past {
  Store& store;
  Keys keys;
  std::shared_ptr<const api::Jurisdiction> jurisdiction;  // shared, as Engine::Needs asks for
  SeededRandom random;
  identity::Sessions sessions{[this] { return jurisdiction->zone; }};
  decisions::Store decisions{};
  CaseDecisions case_decisions{decisions, store.clock};
  CaseOffices offices{sessions};
  cases::Registry handlers{};
  services::Certificates certificates;
  messages::CaseMessages case_messages{};
  cases::Engine cases;
  attachments::Store attachments;
  connectors::LocalSources sources;
  services::GatewayFacts facts;
  exchange::Gateway gateway;
  bool break_one = false;
  std::optional<CaseId> broken{};

  Past(Store& of, Keys with, std::shared_ptr<const api::Jurisdiction> where, std::uint64_t seed)
      : store(of),
        keys(std::move(with)),
        jurisdiction(std::move(where)),
        random(seed),
        certificates(keys.certificates, issuer_of(
                                            store.config.file, jurisdiction->manifest.key, [this] { return today(); },
                                            [this](LocalDate day) { return jurisdiction->zone.end_of(day); })),
        cases({handlers, [this] { return jurisdiction->calendar; }, &case_decisions, &offices, &case_messages}),
        attachments(keys.attachments, cases, {}),
        sources(store.config.data, store.clock, secrets_of(*store.database, keys.attachments)),
        facts(cases, [this] { return today(); }),
        gateway(*store.database, sources, facts, keys.masks ? &*keys.masks : nullptr) {
    sharing::register_handlers(handlers, [this] { return today(); }, [this]() -> cases::Engine& { return cases; });
    services::register_review_handlers(handlers, [this] { return today(); }, [this]() -> cases::Engine& { return cases; });
    handlers.inside("certificate.issue", [this](db::Tx& tx, const Context& ctx, const cases::Call& call) { return issue(tx, ctx, call); });
  }

  [[nodiscard]] LocalDate today() const { return jurisdiction->zone.date_of(store.clock.now()); }

  Result<cases::Answer> issue(db::Tx& tx, const Context& ctx, const cases::Call& call) {
    if (break_one && !broken) broken = call.case_id;
    if (broken == call.case_id) return fail(ErrorCode::unavailable, {"the signing service did not answer", "签章服务没有应答"});
    return certificates.issue(tx, ctx, call);
  }
};

Words not_empty() {
  return {"the database holds a county already: a past is made only in an empty one. Name a new file in `database` of the configuration",
          "数据库中已有数据：只能在空数据库中生成历史。请在配置的 database 中指定新文件"};
}

/// Nothing is there yet, or only tables.
Result<> check_empty(const Config& config, bool file) {
  std::error_code ignored;
  if (file && !std::filesystem::exists(config.database, ignored)) return {};
  JX_TRY(store, Store::open(config));
  JX_TRY(applied, store->database->read(no_deadline, [](db::Tx& tx) -> Result<bool> {
    JX_TRY(current, pack::current(tx));
    return current.has_value();
  }));
  if (applied) return fail(ErrorCode::conflict, not_empty());
  return {};
}

Result<> sync(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool done = file >= 0 && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!done) return fail(ErrorCode::unavailable, {path.string() + " cannot be written to the disk", "无法写入磁盘：" + path.string()});
  return {};
}

void remove_database(const std::filesystem::path& path) {
  std::error_code ignored;
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path.string() + end, ignored);
}

/// The whole of it, in the database of `config`.
Result<simulation::Made> make(const Config& config, const pack::Pack& pack, const simulation::Plan& plan, bool durable) {
  JX_TRY(store, Store::open(config, durable));
  auto& database = *store->database;
  JX_CHECK(db::migrate(database, bundles()));
  const auto now = SystemClock().now();
  JX_TRY(calendar, pack::calendar_of(pack, pack.manifest().calendar));
  store->clock.stand_at(simulation::begins_at(plan, calendar, now));
  const auto context = store->system_context();
  JX_CHECK(database.write(no_deadline, [&](db::Tx& tx) { return pack::apply(tx, context, pack, store->parts.all()); }));
  JX_TRY(jurisdiction, database.read(no_deadline, load_jurisdiction));
  JX_CHECK(database.write(no_deadline, [&](db::Tx& tx) { return ledger::open_log(tx, context, jurisdiction->manifest.key + "/ledger"); }));
  JX_TRY(keys, load_keys(config.keys));
  ProgressBar bar;
  simulation::Made made;
  {
    Past past(*store, std::move(keys), std::move(jurisdiction), static_cast<std::uint64_t>(plan.seed));
    JX_TRY(done, simulation::make({database, store->clock, past.random, past.cases, past.attachments, past.gateway, past.sessions,
                                   past.jurisdiction->calendar, [&] { past.break_one = true; },
                                   [&](int cases, int of) {
                                     bar.show(static_cast<std::uint64_t>(cases), static_cast<std::uint64_t>(of));
                                     (void)ledger::index_subjects(database, no_deadline);  // what is not done now is done next time
                                     (void)exchange::index_persons(database, no_deadline);
                                   }},
                                  pack, plan, now));
    made = std::move(done);
  }
  return made;
}

/// Gives the entries their places and signs the tree: in the database that has its name, so that no signed tree is ever thrown away.
Result<> sequence(const Config& config) {
  JX_TRY(store, Store::open(config));
  JX_TRY(keys, load_keys(config.keys));
  ledger::Sequencer sequencer(*store->database, keys.ledger, {.log = store->log.get()});
  for (bool more = true; more;) {
    JX_TRY(step, sequencer.step());
    more = step.integrated > 0;
  }
  return {};
}

Result<simulation::Made> simulate_pack(const std::filesystem::path& path, const std::filesystem::path& folder) {
  JX_TRY(config, load_config(path));
  JX_TRY(pack, pack::Pack::read(folder.string()));
  if (!pack.manifest().demo.value_or(false))
    return fail(ErrorCode::forbidden, {"only a pack with demo: true may be given a made-up past", "仅 demo: true 的政务包可以生成模拟历史"});
  const Parts parts;
  if (const auto findings = pack::check(pack, parts.all()); findings.has_errors())
    return fail(ErrorCode::invalid, {"the pack has faults: `junxian pack check` lists them", "政务包有错误：请用 junxian pack check 查看"});
  JX_TRY(plan, simulation::plan_of(pack));
  JX_CHECK(make_keys(config.keys));
  const bool file = !config.database.starts_with("postgres");
  JX_CHECK(check_empty(config, file));
  if (!file) {
    auto made = make(config, pack, plan, true);
    if (made) JX_CHECK(sequence(config));
    return made;
  }

  // All or nothing: the file gets its name when it is whole. Nothing waits for the disk before that.
  const auto whole = config.database;
  auto making = config;
  making.database = whole + ".making";
  remove_database(making.database);
  auto made = make(making, pack, plan, false);
  if (!made) {
    remove_database(making.database);
    return made;
  }
  JX_CHECK(sync(making.database));
  remove_database(whole);
  std::error_code refused;
  std::filesystem::rename(making.database, whole, refused);
  if (refused) return fail(ErrorCode::unavailable, {"the database cannot be named " + whole + ": " + refused.message(), "无法命名数据库 " + whole});
  JX_CHECK(sync(std::filesystem::path(whole).parent_path()));
  JX_CHECK(sequence(config));
  return made;
}

}  // namespace

int simulate(const std::filesystem::path& config, const std::filesystem::path& folder) {
  const auto begun = std::chrono::steady_clock::now();
  const auto made = simulate_pack(config, folder);
  if (!made) return failed(made.error());
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  for (const auto& [item, why] : made->not_made)
    std::printf("%s %s: %s\n", item.text().c_str(), say({"was not applied for", "未生成申请"}).c_str(), why.c_str());
  std::printf("%d %s, %d %s, %d %s, %d %s, %d %s, %.1f s\n", made->cases, say({"cases", "件办件"}).c_str(), made->decisions,
              say({"decisions", "次决定"}).c_str(), made->reads, say({"reads by applicants", "次申请人授权读取"}).c_str(), made->supplements,
              say({"supplements", "次补正"}).c_str(), made->reviews, say({"reviews", "条评价"}).c_str(), seconds);
  return 0;
}

}  // namespace jx::app
