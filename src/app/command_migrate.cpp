// command_migrate.cpp - `junxian cases migrate`: running cases to another version of their process.
#include "commands.hpp"
#include "terminal.hpp"

#include <jx/cases/migrate.hpp>
#include <jx/pack/calendars.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <cstdio>

namespace jx::app {
namespace {

namespace json = boost::json;

Result<std::shared_ptr<const calendar::Calendar>> calendar_of(db::Tx& tx) {
  JX_TRY(current, pack::current(tx));
  if (!current) return fail(ErrorCode::not_found, {"no pack is applied yet", "尚未应用配置包"});
  JX_TRY(pack, pack::load(tx, current->hash));
  JX_TRY(calendar, pack::calendar_of(pack, pack.manifest().calendar));
  return std::make_shared<const calendar::Calendar>(std::move(calendar));
}

Result<cases::MigrationPath> path_of(db::Tx& tx, const CasesMigrate& given) {
  cases::MigrationPath path;
  JX_TRY(process, ProcessId::parse(given.process));
  path.process = process;
  JX_TRY(from, cases::find_version(tx, process, given.from));
  JX_TRY(to, cases::find_version(tx, process, given.to));
  path.from = from;
  path.to = to;
  for (const auto& pair : given.renamed) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == pair.size())
      return fail(ErrorCode::invalid,
                  {"--map takes OLD=NEW, two ids of elements, not '" + pair + "'", "--map 应为“旧元素=新元素”，而不是“" + pair + "”"});
    path.renamed.emplace(pair.substr(0, equals), pair.substr(equals + 1));
  }
  return path;
}

json::object json_of(const cases::CaseMove& move) {
  json::array moves, misfits;
  for (const auto& m : move.moves) moves.push_back({{"from", m.from}, {"to", m.to}, {"en", m.words.en}, {"zh-CN", m.words.zh}});
  for (const auto& m : move.misfits) misfits.push_back({{"element", m.element}, {"en", m.words.en}, {"zh-CN", m.words.zh}});
  return {{"case", move.id.text()},
          {"number", move.number},
          {"fits", move.misfits.empty()},
          {"moves", std::move(moves)},
          {"misfits", std::move(misfits)}};
}

void print(const cases::CaseMove& move, bool as_json) {
  if (as_json) {
    std::printf("%s\n", json::serialize(json_of(move)).c_str());
    return;
  }
  std::printf("%s %s\n", move.number.c_str(), say(move.misfits.empty() ? Words{"fits", "可迁移"} : Words{"does not fit", "不可迁移"}).c_str());
  for (const auto& m : move.misfits) std::printf("  ! %s: %s\n", m.element.c_str(), say(m.words).c_str());
  if (!move.misfits.empty()) return;
  for (const auto& m : move.moves)
    std::printf("  %s: %s\n", m.from == m.to ? m.from.c_str() : (m.from + " -> " + m.to).c_str(), say(m.words).c_str());
}

Result<> dry_run(Store& store, cases::Engine& engine, const cases::MigrationPath& path, bool as_json) {
  const auto context = store.system_context();
  std::size_t fit = 0;
  std::size_t left = 0;
  for (CaseId after;;) {
    JX_TRY(page, store.database->read(
                     no_deadline, [&](db::Tx& tx) { return cases::plan_migration(engine, tx, context, path, after, cases::migration_page_max); }));
    for (const auto& move : page) {
      print(move, as_json);
      ++(move.misfits.empty() ? fit : left);
    }
    if (page.size() < cases::migration_page_max) break;
    after = page.back().id;
  }
  if (!as_json)
    std::printf("%zu %s, %zu %s\n", fit, say({"fit", "件可迁移"}).c_str(), left,
                say({"do not and would go on under the old version", "件不可迁移，将继续按旧版办理"}).c_str());
  return {};
}

Result<> carry_out(Store& store, cases::Engine& engine, const cases::MigrationPath& path) {
  const auto context = store.system_context();
  JX_TRY(id, store.database->write(no_deadline, [&](db::Tx& tx) -> Result<cases::MigrationId> {
    JX_TRY(interrupted, cases::migration_under_way(tx, path.process, path.from));
    if (!interrupted) return cases::start_migration(engine, tx, context, path, false);
    JX_TRY(its, cases::migration(tx, *interrupted));
    if (its.path.to != path.to || its.path.renamed != path.renamed)
      return fail(ErrorCode::conflict, {"another migration of this version was interrupted: give its --to and --map to finish it first",
                                        "该版本有另一项迁移尚未完成：请先以其 --to 和 --map 完成"});
    return *interrupted;
  }));
  for (bool more = true; more;) {
    JX_TRY(again, store.database->write_guarded(no_deadline, [&](db::Tx& tx) { return cases::migrate_some(engine, tx, context, id); }));
    more = again;
  }
  JX_TRY(done, store.database->read(no_deadline, [&](db::Tx& tx) { return cases::migration(tx, id); }));
  std::printf("%lld %s, %lld %s\n", static_cast<long long>(done.moved), say({"migrated", "件已迁移"}).c_str(), static_cast<long long>(done.left),
              say({"did not fit and go on under the old version", "件不可迁移，继续按旧版办理"}).c_str());
  return {};
}

Result<> migrate(const CasesMigrate& given) {
  JX_TRY(store, open_store(given.config));
  JX_TRY(calendar, store->database->read(no_deadline, [](db::Tx& tx) { return calendar_of(tx); }));
  const cases::Registry none;
  cases::Engine engine({none, [calendar] { return calendar; }, nullptr, nullptr});
  JX_TRY(path, store->database->read(no_deadline, [&](db::Tx& tx) { return path_of(tx, given); }));
  JX_CHECK(store->database->read(no_deadline, [&](db::Tx& tx) { return cases::check_path(engine, tx, path); }));
  return given.dry_run ? dry_run(*store, engine, path, given.as_json) : carry_out(*store, engine, path);
}

}  // namespace

int cases_migrate(const CasesMigrate& given) {
  const auto done = migrate(given);
  return done ? 0 : failed(done.error());
}

}  // namespace jx::app
