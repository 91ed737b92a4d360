#include "app.hpp"

#include "jurisdiction.hpp"
#include "secrets.hpp"

#include <jx/cases/outbox.hpp>
#include <jx/db/migrate.hpp>
#include <jx/exchange/persons.hpp>
#include <jx/notify.hpp>
#include <jx/sharing.hpp>
#include <jx/rules/json.hpp>

namespace jx::app {
namespace {

constexpr http::Millis stop_grace{20'000};
constexpr Micros refusal_may_pass{10'000'000};  // of the ledger's sequencer, before the program says that it is not ready

/// The built web. Its pages are those of web/portal/main.ts and web/workbench/main.ts; a test holds them against each other.
std::vector<http::Mount> mounts(const std::filesystem::path& web) {
  return {
      {.prefix = "/workbench/",
       .folder = web / "workbench/dist",
       .pages = {"sign-in",    "tasks/*",     "cases/*",     "counter",       "counter/*", "data",       "usage",        "decisions",  "decisions/*",
                 "incidents",  "incidents/*", "definitions", "definitions/*", "absences",  "catalogue",  "catalogue/**", "drafts/*",   "sources",
                 "sources/*",  "requests",    "grants",      "ledger",        "overview",  "overview/*", "items",        "deliveries", "delays",
                 "duplicates", "people",      "people/*",    "reviews",       "audit",     "packs",      "password",     "hotline",    "confirm"}},
      {.prefix = "/",
       .folder = web / "portal/dist",
       .pages = {"sign-in", "sign-up", "items/**", "scene/**", "guides",   "apply/*",   "matters",     "matters/*", "certificates", "certificates/*",
                 "verify",  "my-data", "review/*", "inbox",    "mandates", "catalogue", "catalogue/*", "demo",      "api",          "password"}}};
}

std::unique_ptr<messages::Sender> mail_sender(const ConfigFile& file) {
  if (!file.messages || !file.messages->mail) return nullptr;
  return notify::mail_sender(*file.messages->mail);
}

std::unique_ptr<messages::Sender> sms_sender(const ConfigFile& file) {
  if (!file.messages || !file.messages->sms) return nullptr;
  return notify::sms_sender(*file.messages->sms);
}

/// Beside the internet; checked when the file was read.
std::vector<http::AddressRange> push_allowed(const ConfigFile& file) {
  std::vector<http::AddressRange> ranges;
  if (!file.push) return ranges;
  const auto given = file.push->allowed.value_or(std::vector<std::string>());
  for (const auto& text : given) {
    if (const auto range = http::AddressRange::parse(text)) ranges.push_back(*range);
  }
  return ranges;
}

/// Under which name the key that signs certificates, and what is sent, is published.
std::string key_id_of(const services::Certificates& certificates) {
  return std::string(certificates.metadata().at("jwks").at("keys").at(0).at("kid").as_string());
}

attachments::Limits attachment_limits(const ConfigFile& file) {
  attachments::Limits limits;
  if (!file.attachments) return limits;
  if (const auto mib = file.attachments->file_mib) limits.file_bytes_max = static_cast<std::uint64_t>(*mib) << 20U;
  if (const auto files = file.attachments->files) limits.files_max = *files;
  if (const auto mib = file.attachments->folder_mib) limits.folder_bytes_max = static_cast<std::uint64_t>(*mib) << 20U;
  return limits;
}

}  // namespace

namespace {

constexpr std::size_t because_bytes_max = 2'000;

/// What the rules that applied say in columns `理由` and `reason`, and the clauses that they rest on.
Words because(const rules::Outcome& outcome) {
  Words words;
  if (outcome.trace.empty()) return words;
  const auto& trace = outcome.trace.back();
  for (const auto& hit : trace.hits) {
    for (const auto& [name, text] : hit.annotations) {
      if (name == "理由") words.zh += (words.zh.empty() ? "" : "；") + text;
      if (name == "reason") words.en += (words.en.empty() ? "" : "; ") + text;
    }
  }
  std::string en, zh;
  for (const auto& law : trace.laws) {
    en += (en.empty() ? "" : ", ") + law;
    zh += (zh.empty() ? "" : "、") + law;
  }
  if (!en.empty()) {
    words.en += (words.en.empty() ? "on the basis of " : "; on the basis of ") + en;
    words.zh += (words.zh.empty() ? "依据" : "；依据") + zh;
  }
  if (words.zh.empty() || words.en.size() + words.zh.size() > because_bytes_max) return {};
  if (words.en.empty()) words.en = words.zh;
  return {words.en + ".", words.zh + "。"};
}

}  // namespace

Result<cases::Decided> CaseDecisions::decide(db::Tx& tx, const DecisionId& decision, const boost::json::object& inputs) {
  JX_TRY(input, rules::from_json(inputs));
  rules::Options options;
  options.now = clock_.now();
  options.explain = true;
  JX_TRY(outcome, store_.decide(tx, decision, input, options));
  if (!outcome.ok() && outcome.value.is_null()) {
    const auto& first = outcome.diagnostics.front();
    return fail(ErrorCode::invalid, {first.text("en"), first.text("zh-CN")});
  }
  return cases::Decided{rules::to_json(outcome.value), because(outcome)};
}

Result<std::vector<RoleId>> CaseOffices::roles_of(db::Tx& tx, const Actor& actor) {
  JX_TRY(roles, identity::Access::roles_of(tx, actor));
  std::vector<RoleId> ids;
  for (const auto& role : roles) ids.push_back(role.id);
  return ids;
}

Result<PersonId> CaseOffices::person_of(db::Tx& tx, AccountId account) {
  auto who = identity::account(tx, account);
  if (!who && who.error().code == ErrorCode::not_found) return PersonId();
  if (!who) return std::unexpected(std::move(who).error());
  return who->person;
}

Result<std::optional<UnitId>> CaseOffices::seat_of(db::Tx& tx, const Context& ctx, AccountId account, const cases::Desk& desk) {
  auto who = identity::account(tx, account);
  if (!who && who.error().code == ErrorCode::not_found) return std::optional<UnitId>();
  if (!who) return std::unexpected(std::move(who).error());
  if (who->disabled) return std::optional<UnitId>();
  const auto today = sessions_.today(ctx);
  JX_TRY(held, who->person.nil() ? identity::holdings_of_machine(tx, account, today) : identity::holdings_of(tx, who->person, today));
  for (const auto& holding : held) {
    if (!desk.post.empty() && holding.post != desk.post) continue;
    JX_TRY(post, identity::post(tx, holding.post));
    if (!desk.unit.empty() && post.unit != desk.unit) continue;
    if (desk.role.empty() || std::ranges::find(post.roles, desk.role) != post.roles.end()) return std::optional(post.unit);
  }
  return std::optional<UnitId>();
}

Result<std::vector<cases::Absent>> CaseOffices::stands_in_for(db::Tx& tx, const Context& ctx) {
  std::vector<cases::Absent> absent;
  if (ctx.actor.person.nil() || ctx.actor.post.empty()) return absent;
  JX_TRY(held, identity::holdings_of(tx, ctx.actor.person, sessions_.today(ctx)));
  for (const auto& holding : held) {
    if (holding.post != ctx.actor.post || !holding.stand_in_for) continue;
    JX_TRY(accounts, identity::accounts_of(tx, *holding.stand_in_for));
    for (const auto& account : accounts) absent.push_back({account.id, *holding.stand_in_for});
  }
  return absent;
}

Result<LocalizedText> CaseOffices::name_of(db::Tx& tx, const PersonId& person) {
  JX_TRY(found, identity::person(tx, person));
  return found.name;
}

Result<std::optional<cases::Desk>> CaseOffices::head_of(db::Tx& tx, const UnitId& unit, const PostId& post, bool named) {
  if (named) {
    JX_TRY(found, identity::post(tx, post));
    return std::optional(cases::Desk{found.unit, found.id, {}});
  }
  JX_TRY(head, identity::head_of(tx, unit, post));
  if (!head) return std::optional<cases::Desk>();
  return std::optional(cases::Desk{head->unit, head->id, {}});
}

services::Issuer issuer_of(const ConfigFile& file, const std::string& key, std::function<LocalDate()> today, std::function<Instant(LocalDate)> ends) {
  const auto urn = "urn:junxian:" + key;
  return {file.origin.value_or(urn),
          urn + ":certificate:", file.origin ? *file.origin + "/api/v1/certificate-status/" : urn + ":certificate-status:", std::move(today),
          std::move(ends)};
}

App::App(std::unique_ptr<Store> store, Keys keys, std::shared_ptr<const api::Jurisdiction> jurisdiction)
    : store_(std::move(store)),
      keys_(std::move(keys)),
      jurisdiction_(std::move(jurisdiction)),
      access_(store_->parts.conditions()),
      sessions_([this] { return this->jurisdiction()->zone; }),
      case_decisions_(decisions_, store_->clock),
      case_offices_(sessions_),
      certificates_(keys_.certificates, issuer_of(
                                            store_->config.file, jurisdiction_->manifest.key, [this] { return today(); },
                                            [this](LocalDate day) { return this->jurisdiction()->zone.end_of(day); })),
      cases_({handlers_, [this] { return this->jurisdiction()->calendar; }, &case_decisions_, &case_offices_, &case_messages_}),
      attachments_(keys_.attachments, cases_, attachment_limits(store_->config.file)),
      archive_(keys_.attachments, archive_folder(store_->config)),
      sources_(store_->config.data, store_->clock, secrets_of(*store_->database, keys_.attachments)),
      facts_(cases_, [this] { return today(); }),
      gateway_(*store_->database, sources_, facts_, keys_.masks ? &*keys_.masks : nullptr),
      finder_([](db::Tx& tx, const UnitId& id) -> Result<LocalizedText> {
        JX_TRY(unit, identity::unit(tx, id));
        return unit.name;
      }),
      deliveries_({*store_->database, sources_, facts_, deliveries_folder(store_->config), [this] { return store_->system_context(); },
                   [this](const Error& error) { store_->log->warning("deliveries.failed", {{"error", error}}); }, exchange::delivery_lease,
                   keys_.masks ? &*keys_.masks : nullptr}),
      posting_(push_allowed(store_->config.file), store_->config.file.push ? store_->config.file.push->authorities.value_or("") : std::string()),
      pusher_({*store_->database,
               deliveries_,
               posting_,
               {key_id_of(certificates_), keys_.certificates},
               [this] { return store_->system_context(); },
               [this](const Error& error) { store_->log->warning("push.failed", {{"error", error}}); },
               [this] { deliveries_.wake(); }}),
      deliverer_({*store_->database, store_->clock, mail_sender(store_->config.file), sms_sender(store_->config.file),
                  [this] { return this->jurisdiction()->manifest.name; }, store_->config.file.origin.value_or(""),
                  [this](const cases::Outgoing& what, const Error& error) {
                    store_->log->warning("message.given_up",
                                         {{"outgoing", what.id}, {"type", log::untrusted(what.type)}, {"attempts", what.attempts}, {"error", error}});
                  },
                  [this] { return this->jurisdiction()->zone.date_of(store_->clock.now()); }}),
      sequencer_(*store_->database, keys_.ledger,
                 {.also_index = [this](Instant deadline) { return exchange::index_persons(*store_->database, deadline); }, .log = store_->log.get()}),
      worker_(cases_, *store_->database, store_->clock, store_->random, {}),
      deps_{*store_->database,
            store_->clock,
            store_->random,
            *store_->log,
            sessions_,
            access_,
            cases_,
            attachments_,
            archive_,
            decisions_,
            gateway_,
            sources_,
            finder_,
            item_finder_,
            scene_finder_,
            review_book_,
            deliveries_,
            deliverer_,
            certificates_,
            keys_.attachments,
            [this] { return this->jurisdiction(); },
            [this](const std::string& origin) { return keys_.ledger.keys(origin); },
            [this] {
              sequencer_.wake();
              worker_.wake();
              deliverer_.wake();
            },
            store_->config.data,
            store_->config.file.origin.value_or(""),
            store_->config.file.calls_per_second.value_or(50),
            &store_->clock},
      housekeeping_(*store_->database, sessions_, sources_, store_->clock, *store_->log,
                    {archive_, store_->config.file.archive ? store_->config.file.archive->after_months : std::nullopt,
                     [this] { return this->jurisdiction()->zone; }, [this] { return store_->system_context(); }},
                    {cases_, [this] { return today(); }},
                    {[this] { return this->jurisdiction()->zone; }, [this] { return store_->system_context(); }},
                    {usage_folder(store_->config), store_->config.file.usage ? std::optional(store_->config.file.usage->kept_years) : std::nullopt}) {
  register_handlers();
}

App::~App() { stop(); }

Result<std::unique_ptr<App>> App::open(std::unique_ptr<Store> store) {
  auto& database = *store->database;
  JX_CHECK(db::check_schema(database, bundles()));
  JX_TRY(keys, load_keys(store->config.keys));
  JX_TRY(jurisdiction, database.read(no_deadline, load_jurisdiction));
  JX_CHECK(
      database.write(no_deadline, [&](db::Tx& tx) { return ledger::open_log(tx, store->system_context(), jurisdiction->manifest.key + "/ledger"); }));
  return std::unique_ptr<App>(new App(std::move(store), std::move(keys), std::move(jurisdiction)));
}

void App::register_handlers() {
  sharing::register_handlers(handlers_, [this] { return today(); }, [this]() -> cases::Engine& { return cases_; });
  services::register_review_handlers(handlers_, [this] { return today(); }, [this]() -> cases::Engine& { return cases_; });
  handlers_.inside("certificate.issue",
                   [this](db::Tx& tx, const Context& ctx, const cases::Call& call) { return certificates_.issue(tx, ctx, call); });
}

std::shared_ptr<const api::Jurisdiction> App::jurisdiction() const {
  const std::lock_guard lock(mutex_);
  return jurisdiction_;
}

LocalDate App::today() const { return jurisdiction()->zone.date_of(store_->clock.now()); }

http::Options App::http_options() {
  const auto& file = store_->config.file;
  http::Options options;
  options.listen.clear();
  for (const auto& listen : file.listen)
    options.listen.push_back({listen.address, static_cast<std::uint16_t>(listen.port), listen.tls.value_or(false), listen.client_ca.value_or("")});
  if (file.tls) options.tls = http::TlsFiles{file.tls->certificate, file.tls->key};
  options.io_threads = static_cast<std::size_t>(file.io_threads.value_or(1));
  // Those who wait for a commit share it; on SQLite more of them only have colder caches, on PostgreSQL each waits for the network too.
  options.workers = static_cast<std::size_t>(file.workers.value_or(store_->database->dialect() == db::Dialect::sqlite ? 24 : 48));
  for (const auto& proxy : file.trusted_proxies.value_or(std::vector<std::string>())) {
    if (const auto range = http::AddressRange::parse(proxy)) options.trusted_proxies.push_back(*range);  // checked when the file was read
  }
  options.metrics_loopback_only = file.metrics_loopback_only.value_or(true);
  options.ready = [this]() -> Result<> {
    const auto status = sequencer_.status();
    const bool lasts = status.refused_since && SystemClock().now() - *status.refused_since > refusal_may_pass;
    if (status.refusal && (status.refusal->code == ErrorCode::corrupt || lasts)) return std::unexpected(*status.refusal);
    return store_->database->read(SystemClock().now() + std::chrono::seconds(2), [](db::Tx&) -> Result<> { return {}; });
  };
  options.more_metrics = [this](std::string& out) {
    const auto status = sequencer_.status();
    const auto gauge = [&](std::string_view name, std::string_view help, std::uint64_t value) {
      out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name).append(" gauge\n");
      out.append(name).append(" ").append(std::to_string(value)).append("\n");
    };
    gauge("junxian_ledger_entries", "Entries in the tree, as this program last saw it.", status.size);
    gauge("junxian_ledger_published_entries", "Entries under the newest checkpoint.", status.published);
    gauge("junxian_ledger_refusing", "1 while entries cannot be integrated or signed.", status.refusal ? 1 : 0);
    if (const auto steps = worker_.waiting()) {
      gauge("junxian_jobs_waiting", "Steps of cases that the program does by itself and has not done yet.", static_cast<std::uint64_t>(*steps));
    }
    const auto counts = store_->database->read(SystemClock().now() + std::chrono::seconds(2), cases::count_out);
    if (!counts) return;
    const auto of = [&](const char* ending) { return counts->contains(ending) ? static_cast<std::uint64_t>(counts->at(ending)) : 0U; };
    gauge("junxian_messages_waiting", "Mails and text messages that are still to be sent.", of(""));
    gauge("junxian_messages_sent", "Mails and text messages that the other side took.", of("sent"));
    gauge("junxian_messages_given_up", "Mails and text messages that could not be sent.", of("given_up"));
  };
  options.log = store_->log.get();
  return options;
}

Result<> App::start() {
  auto options = http_options();
  if (const auto& record = store_->config.file.record) {
    JX_TRY(recorder, api::recorder(*record));
    options.record = std::move(recorder);
  }
  JX_TRY(server, http::Server::start(std::move(options), api::routes(deps_), mounts(store_->config.web)));
  server_ = std::move(server);
  sequencer_.start();
  worker_.start();
  housekeeping_.start();
  deliveries_.start();
  pusher_.start();
  deliverer_.start([this](const Error& error) { store_->log->warning("messages.failed", {{"error", error}}); });
  sequencer_.wake();
  return {};
}

void App::stop() {
  if (server_) server_->stop(stop_grace);
  server_.reset();
  housekeeping_.stop();
  pusher_.stop();
  deliveries_.stop();
  deliverer_.stop();
  worker_.stop();
  sequencer_.stop();
}

Result<> App::reload() {
  // The certificate first, and each whatever becomes of the other: a pack that cannot be loaded must not let a certificate run out.
  const auto secured = server_ && store_->config.file.tls ? server_->reload() : Result<>();
  auto fresh = store_->database->read(no_deadline, load_jurisdiction);
  if (fresh) {
    const std::lock_guard lock(mutex_);
    jurisdiction_ = std::move(*fresh);
  }
  if (!secured && !fresh) {
    return fail_because(std::move(fresh).error(), secured.error().code,
                        {secured.error().message.en + "; and the pack cannot be loaded", secured.error().message.zh + "；政务包也无法加载"});
  }
  if (!secured) return secured;
  if (!fresh) return std::unexpected(std::move(fresh).error());
  return {};
}

std::vector<std::string> App::addresses() const {
  std::vector<std::string> list;
  if (!server_) return list;
  const auto ports = server_->ports();
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const auto& listen = store_->config.file.listen[i];
    const bool v6 = listen.address.find(':') != std::string::npos;
    list.push_back((listen.tls.value_or(false) ? "https://" : "http://") + (v6 ? "[" + listen.address + "]" : listen.address) + ":" +
                   std::to_string(ports[i]));
  }
  return list;
}

}  // namespace jx::app
