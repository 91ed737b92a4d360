#include "commands.hpp"
#include "jurisdiction.hpp"
#include "terminal.hpp"

#include <jx/cases/incidents.hpp>

#include <cstdio>

namespace jx::app {
namespace {

constexpr std::size_t shown_max = 200;

/// The engine of a command: it reads cases and writes acts, but carries out no services and no decisions.
struct Office {
  std::unique_ptr<Store> store;
  std::shared_ptr<const api::Jurisdiction> jurisdiction;  // shared, as Engine::Needs asks for
  cases::Registry handlers;
  std::unique_ptr<cases::Engine> engine;

  static Result<std::unique_ptr<Office>> open(const std::filesystem::path& config) {
    auto office = std::make_unique<Office>();
    JX_TRY(store, open_store(config));
    office->store = std::move(store);
    JX_TRY(jurisdiction, office->store->database->read(no_deadline, load_jurisdiction));
    office->jurisdiction = std::move(jurisdiction);
    office->engine = std::make_unique<cases::Engine>(
        cases::Engine::Needs{office->handlers, [it = office.get()] { return it->jurisdiction->calendar; }, nullptr, nullptr});
    return office;
  }
};

Result<cases::IncidentFilter> filter_of(const CasesIncidents& given) {
  cases::IncidentFilter filter{given.process, given.element, given.text, std::nullopt};
  if (given.since.empty()) return filter;
  auto since = Instant::parse(given.since);
  if (!since)
    return fail(ErrorCode::invalid, {"--since takes an instant, such as 2026-11-21T09:00:00Z", "--since 应为时刻，如 2026-11-21T09:00:00Z"});
  filter.since = *since;
  return filter;
}

Result<int> list(const std::filesystem::path& config, const CasesIncidents& given) {
  JX_TRY(office, Office::open(config));
  JX_TRY(filter, filter_of(given));
  return office->store->database->read(no_deadline, [&](db::Tx& tx) -> Result<int> {
    JX_TRY(total, cases::count_incidents(tx, filter));
    JX_TRY(groups, cases::incident_groups(tx, filter));
    JX_TRY(found, cases::incidents(tx, *office->engine, filter, {shown_max, ""}));
    std::printf("%lld %s\n", static_cast<long long>(total), say({"open incidents", "项未处理异常"}).c_str());
    for (const auto& group : groups) {
      std::printf("%6lld × %s %s: %s\n", static_cast<long long>(group.count), group.process.c_str(), group.element.c_str(),
                  say(group.message).c_str());
    }
    for (const auto& one : found.items) {
      std::printf("%s  %s  %s  %s  %d %s: %s\n", one.id.text().c_str(), one.at.text().c_str(), one.number.c_str(), one.element.c_str(), one.attempts,
                  say({"attempts", "次尝试"}).c_str(), say(one.message).c_str());
    }
    if (!found.next.empty())
      std::printf("%s\n",
                  say({"and more: say which with --process, --element, --text, --since", "还有更多：请用 --process、--element、--text、--since 限定"})
                      .c_str());
    return 0;
  });
}

Result<int> retry(const std::filesystem::path& config, const CasesIncidents& given) {
  JX_TRY(office, Office::open(config));
  const Context context = office->store->system_context();
  auto& database = *office->store->database;
  if (!given.incident.empty()) {
    JX_TRY(id, cases::IncidentId::parse(given.incident));
    JX_CHECK(database.write_guarded(no_deadline, [&](db::Tx& tx) { return office->engine->retry(tx, context, id, {}); }));
    std::printf("%s\n", say({"it is tried again", "已重新办理"}).c_str());
    return 0;
  }
  JX_TRY(filter, filter_of(given));
  auto begun = database.write(no_deadline, [&](db::Tx& tx) -> Result<std::pair<cases::SweepId, std::int64_t>> {
    JX_TRY(total, cases::count_incidents(tx, filter));
    JX_TRY(id, cases::retry_incidents(tx, context, filter, {}, total));
    return std::pair(id, total);
  });
  if (!begun) return std::unexpected(std::move(begun).error());
  std::printf("%s %s: %lld %s\n", say({"sweep", "批量操作"}).c_str(), begun->first.text().c_str(), static_cast<long long>(begun->second),
              say({"incidents, tried again by the program that serves", "项异常，由正在服务的程序重新办理"}).c_str());
  return 0;
}

}  // namespace

int cases_incidents(const std::filesystem::path& config, const CasesIncidents& given) {
  const auto status = list(config, given);
  return status ? *status : failed(status.error());
}

int cases_retry(const std::filesystem::path& config, const CasesIncidents& given) {
  const auto status = retry(config, given);
  return status ? *status : failed(status.error());
}

}  // namespace jx::app
