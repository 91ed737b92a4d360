#include <jx/db/migrate.hpp>

#include "db_sql.hpp"
#include "history.hpp"

#include <jx/crypto.hpp>

#include <algorithm>
#include <map>

namespace jx::db {
namespace {

struct Step {
  const Migration* migration;
  std::string_view module;
  std::string_view text;  // in the dialect of the database
  std::string sha256;
};
using Steps = std::map<int, Step>;

std::string label(int number, std::string_view title) {
  std::string digits = std::to_string(number);
  digits.insert(0, 4 - std::min<std::size_t>(digits.size(), 4), '0');
  return digits + " " + std::string(title);
}

Result<Steps> steps_of(std::span<const SqlBundle* const> bundles, Dialect dialect) {
  Steps steps;
  for (const auto* bundle : bundles) {
    for (const auto& migration : bundle->migrations) {
      const auto text = dialect == Dialect::sqlite ? migration.sqlite : migration.postgres;
      const auto [at, fresh] = steps.try_emplace(migration.number, Step{&migration, bundle->module, text, to_hex(crypto::sha256(bytes_of(text)))});
      if (!fresh) {
        return fail(ErrorCode::internal, "two migrations have one number: " + label(migration.number, migration.title) + " of " +
                                             std::string(bundle->module) + " and " + label(migration.number, at->second.migration->title) + " of " +
                                             std::string(at->second.module));
      }
    }
  }
  return steps;
}

/// Whether what was applied is what this program knows.
Result<> check_applied(const std::vector<AppliedMigration>& applied, const Steps& steps) {
  for (const auto& one : applied) {
    const auto step = steps.find(one.number);
    const auto name = label(one.number, one.title);
    if (step == steps.end()) {
      return fail(ErrorCode::conflict,
                  {"the database was made by a newer version of the program, which applied migration " + name + " of " + one.module +
                       "; start that version, or restore a backup that this one made",
                   "数据库由更新版本的程序创建（已应用 " + one.module + " 的迁移 " + name + "）；请启动该版本，或恢复由本版本制作的备份"});
    }
    if (step->second.sha256 != one.sha256) {
      return fail(ErrorCode::conflict,
                  {"migration " + name + " of " + one.module + " is not the one that this database was made with; start the version that made it",
                   one.module + " 的迁移 " + name + " 与创建此数据库时所用的不一致；请启动原来的版本"});
    }
  }
  return {};
}

const Step* next_of(const Steps& steps, const std::vector<AppliedMigration>& applied, std::span<const int> only) {
  for (const auto& [number, step] : steps) {
    const bool wanted = only.empty() || std::ranges::find(only, number) != only.end();
    if (wanted && std::ranges::find(applied, number, &AppliedMigration::number) == applied.end()) return &step;
  }
  return nullptr;
}

/// A module's migrations build on one another, so a new one must come last.
Result<> check_order(const Step& step, const std::vector<AppliedMigration>& applied) {
  for (const auto& one : applied) {
    if (one.module == step.module && one.number > step.migration->number) {
      return fail(ErrorCode::conflict, {"migration " + label(step.migration->number, step.migration->title) + " of " + one.module + " is new, but " +
                                            label(one.number, one.title) + " was applied before it; give it a higher number",
                                        one.module + " 的迁移 " + label(step.migration->number, step.migration->title) + " 是新增的，但 " +
                                            label(one.number, one.title) + " 已先应用；请改用更大的编号"});
    }
  }
  return {};
}

/// Applies the lowest one that is missing. Nothing is left if there is none.
Result<std::optional<AppliedMigration>> apply_next(Tx& tx, const Steps& steps, std::span<const int> only) {
  if (tx.dialect() == Dialect::postgres) JX_CHECK(tx.run(sql::lock_history));
  JX_CHECK(tx.run(sql::create_history));
  JX_TRY(applied, history_in(tx));
  JX_CHECK(check_applied(applied, steps));
  const auto* step = next_of(steps, applied, only);
  if (step == nullptr) return std::nullopt;
  JX_CHECK(check_order(*step, applied));
  if (auto done = tx.script(step->text); !done) {
    const auto name = label(step->migration->number, step->migration->title);
    return fail_because(done.error(), done.error().code,
                        {"migration " + name + " of " + std::string(step->module) + " failed; nothing of it was kept",
                         std::string(step->module) + " 的迁移 " + name + " 失败，未作任何更改"});
  }
  AppliedMigration done{step->migration->number, std::string(step->migration->title), std::string(step->module), step->sha256};
  JX_CHECK(tx.run(sql::add_to_history, done.number, done.title, done.module, done.sha256, SystemClock().now()));
  return done;
}

}  // namespace

Result<std::vector<AppliedMigration>> history_in(Tx& tx) {
  std::vector<AppliedMigration> applied;
  JX_TRY(there, tx.one(sql::has_history));
  if (there->integer(0) == 0) return applied;
  JX_TRY(rows, tx.all(sql::history));
  for (const auto& row : rows) applied.push_back({static_cast<int>(row.integer(0)), row.text(1), row.text(2), row.text(3)});
  return applied;
}

Result<> check_known(const std::vector<AppliedMigration>& applied, std::span<const SqlBundle* const> bundles, Dialect dialect) {
  JX_TRY(steps, steps_of(bundles, dialect));
  return check_applied(applied, steps);
}

Result<MigrationReport> migrate_only(Database& database, std::span<const SqlBundle* const> bundles, std::span<const int> only) {
  JX_TRY(steps, steps_of(bundles, database.dialect()));
  MigrationReport report;
  for (;;) {
    JX_TRY(done, database.write_relaxed(no_deadline, [&](Tx& tx) { return apply_next(tx, steps, only); }));
    if (!done) break;
    report.applied.push_back(std::move(*done));
  }
  if (!steps.empty()) report.head = steps.rbegin()->first;
  return report;
}

Result<MigrationReport> migrate(Database& database, std::span<const SqlBundle* const> bundles) { return migrate_only(database, bundles, {}); }

Result<std::vector<AppliedMigration>> history(Database& database) {
  return database.read(no_deadline, [](Tx& tx) { return history_in(tx); });
}

Result<> check_schema(Database& database, std::span<const SqlBundle* const> bundles) {
  JX_TRY(steps, steps_of(bundles, database.dialect()));
  JX_TRY(applied, history(database));
  JX_CHECK(check_applied(applied, steps));
  if (const auto* missing = next_of(steps, applied, {})) {
    const auto name = label(missing->migration->number, missing->migration->title);
    return fail(ErrorCode::conflict, {"the database lacks migration " + name + " of " + std::string(missing->module) + "; run: junxian db migrate",
                                      "数据库缺少 " + std::string(missing->module) + " 的迁移 " + name + "；请运行 junxian db migrate"});
  }
  return {};
}

}  // namespace jx::db
