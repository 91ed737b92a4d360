// migrations.cpp - migrations in the database: the dry run, and the cases moved chunk by chunk.
#include "act.hpp"
#include "cases_sql.hpp"
#include "migrate.hpp"
#include "texts.hpp"

#include <jx/wire.hpp>

#include <algorithm>
#include <charconv>

namespace jx::cases {
namespace {

struct Versions {
  DefinitionPtr from, to;
  Correspondence same;
};

Result<Versions> versions_of(Engine& engine, db::Tx& tx, const MigrationPath& path) {
  if (path.from == path.to) return fail(ErrorCode::invalid, {"both versions are the same", "两个版本相同"}, "/to");
  if (path.renamed.size() > migration_names_max)
    return fail(ErrorCode::too_large, {"at most 500 elements can be renamed", "最多可指定 500 个环节的对应关系"}, "/renamed");
  const auto load = [&](const crypto::Digest& hash, const char* field) -> Result<DefinitionPtr> {
    auto definition = engine.impl().definition(tx, hash);
    const Index process = definition ? (*definition)->find(path.process.text()) : no_index;
    if (!definition || process == no_index || (*definition)->node(process).kind != NodeKind::process)
      return fail(ErrorCode::not_found,
                  {"there is no such version of the process '" + path.process.text() + "'", "流程“" + path.process.text() + "”没有该版本"}, field);
    return std::move(*definition);
  };
  JX_TRY(from, load(path.from, "/from"));
  JX_TRY(to, load(path.to, "/to"));
  for (const auto& [old_id, new_id] : path.renamed) {
    if (from->find(old_id) == no_index)
      return fail(ErrorCode::invalid, {"the old version has no element '" + old_id + "'", "旧版本没有元素“" + old_id + "”"},
                  "/renamed" + wire::pointer_step(old_id));
    if (to->find(new_id) == no_index)
      return fail(ErrorCode::invalid, {"the new version has no element '" + new_id + "'", "新版本没有元素“" + new_id + "”"},
                  "/renamed" + wire::pointer_step(old_id));
  }
  Correspondence same(*from, *to, path.renamed);
  return Versions{std::move(from), std::move(to), std::move(same)};
}

CaseMove told(const CaseRow& row, Moved& moved) { return {row.id, row.number, std::move(moved.moves), std::move(moved.misfits)}; }

/// Moves the case if it fits; nothing if it is not of the old version any more.
Result<std::optional<CaseMove>> migrate_one(Engine& engine, db::Tx& tx, const Context& ctx, const Versions& versions, CaseId id) {
  Act act(engine.impl(), tx, ctx);
  JX_CHECK(act.load(id));
  if (act.row().definition != versions.from->hash || act.state().ended()) return std::optional<CaseMove>();
  auto moved = move_state(*versions.from, *versions.to, versions.same, act.state());
  if (!moved.fits()) return std::optional(told(act.row(), moved));
  act.note(Happened::migrated, no_index, to_hex(versions.from->hash) + " " + to_hex(versions.to->hash));
  JX_CHECK(act.take_over(versions.to, std::move(moved.state), versions.same.added()));
  JX_CHECK(act.finish("case.migrated", {{"from", to_hex(versions.from->hash)}, {"to", to_hex(versions.to->hash)}}));
  return std::optional(told(act.row(), moved));
}

Result<Migration> migration_from(const db::Row& r) {
  Migration m;
  m.id = r.id<MigrationId>(0);
  m.path.process = r.key<ProcessId>(1);
  m.path.from = digest_of(r.bytes(2));
  m.path.to = digest_of(r.bytes(3));
  JX_TRY(renamed, wire::parse(r.text(4)));
  for (const auto& [key, value] : renamed.get_object()) m.path.renamed.emplace(key, std::string(value.get_string()));
  m.started_at = r.instant(5);
  if (!r.null(6)) m.ended_at = r.instant(6);
  m.moved = r.integer(8);
  m.left = r.integer(9);
  return m;
}

std::unexpected<Error> no_migration() { return fail(ErrorCode::not_found, {"there is no such migration", "没有该迁移任务"}); }

}  // namespace

Result<crypto::Digest> find_version(db::Tx& tx, const ProcessId& process, std::string_view text) {
  if (text == "current") {
    JX_TRY(current, tx.one(sql::current_one, process));
    if (!current)
      return fail(ErrorCode::not_found, {"the applied pack has no process '" + process.text() + "'", "当前配置包没有流程“" + process.text() + "”"});
    return digest_of(current->bytes(0));
  }
  std::int64_t ordinal = 0;
  const auto digits = text.starts_with('v') ? text.substr(1) : std::string_view();
  if (const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), ordinal);
      !digits.empty() && error == std::errc() && end == digits.data() + digits.size()) {
    JX_TRY(version, tx.one(sql::version_by_ordinal, process, ordinal));
    if (version) return digest_of(version->bytes(0));
  }
  JX_TRY(rows, tx.all(sql::definition_hashes));
  std::vector<crypto::Digest> found;
  for (const auto& row : rows) {
    if (text.size() >= 8 && to_hex(row.bytes(0)).starts_with(text)) found.push_back(digest_of(row.bytes(0)));
  }
  const std::string shown(text);
  if (found.empty())
    return fail(ErrorCode::not_found, {"there is no version '" + shown + "': give `current`, v1, v2 ..., or 8 or more digits of its hash",
                                       "没有版本“" + shown + "”：请使用 current、v1、v2……或至少 8 位哈希"});
  if (found.size() > 1) return fail(ErrorCode::invalid, {"several versions begin with '" + shown + "'", "有多个版本以“" + shown + "”开头"});
  return found.front();
}

Result<> check_path(Engine& engine, db::Tx& tx, const MigrationPath& path) {
  JX_CHECK(versions_of(engine, tx, path));
  return {};
}

Result<std::vector<CaseMove>> plan_migration(Engine& engine, db::Tx& tx, const Context& ctx, const MigrationPath& path, CaseId after,
                                             std::size_t limit) {
  JX_TRY(versions, versions_of(engine, tx, path));
  JX_TRY(rows,
         tx.all(sql::cases_of_version, path.process, ByteView(path.from), after, static_cast<std::int64_t>(std::min(limit, migration_page_max))));
  std::vector<CaseMove> moves;
  for (const auto& row : rows) {
    Act act(engine.impl(), tx, ctx);
    JX_CHECK(act.load(row.id<CaseId>(0)));
    auto moved = move_state(*versions.from, *versions.to, versions.same, act.state());
    moves.push_back(told(act.row(), moved));
  }
  return moves;
}

Result<std::optional<MigrationId>> migration_under_way(db::Tx& tx, const ProcessId& process, const crypto::Digest& from) {
  JX_TRY(row, tx.one(sql::migration_under_way, process, ByteView(from)));
  return row ? std::optional(row->id<MigrationId>(0)) : std::nullopt;
}

Result<MigrationId> start_migration(Engine& engine, db::Tx& tx, const Context& ctx, const MigrationPath& path, bool by_worker) {
  JX_CHECK(check_path(engine, tx, path));
  JX_TRY(running, migration_under_way(tx, path.process, path.from));
  if (running) return fail(ErrorCode::conflict, {"cases of this version are being migrated already", "该版本的办件正在迁移中"});
  const auto id = MigrationId::make(ctx.clock, ctx.random);
  boost::json::object renamed;
  for (const auto& [old_id, new_id] : path.renamed) renamed[old_id] = new_id;
  JX_CHECK(tx.run(sql::migration_insert, id, path.process, ByteView(path.from), ByteView(path.to), wire::to_text(renamed), ctx.now(), CaseId()));
  if (by_worker)
    JX_CHECK(tx.run(sql::job_insert, Uuid::make(ctx.clock, ctx.random).bytes(), CaseId(), 0, static_cast<std::int64_t>(JobKind::migrate), ctx.now(),
                    id.text(), "{}"));
  JX_CHECK(ledger::append(tx, ctx,
                          {"cases.migration-started",
                           {ledger::subject("process", path.process)},
                           {{"migration", id.text()}, {"from", to_hex(path.from)}, {"to", to_hex(path.to)}, {"renamed", std::move(renamed)}},
                           {}}));
  return id;
}

Result<bool> migrate_some(Engine& engine, db::Tx& tx, const Context& ctx, MigrationId id) {
  JX_TRY(row, tx.one(sql::migration_one, id));
  if (!row) return no_migration();
  if (!row->null(6)) return false;
  JX_TRY(its, migration_from(*row));
  JX_TRY(versions, versions_of(engine, tx, its.path));
  JX_TRY(rows,
         tx.all(sql::cases_of_version, its.path.process, ByteView(its.path.from), row->id<CaseId>(7), static_cast<std::int64_t>(migration_chunk)));
  std::int64_t moved = 0;
  std::int64_t left = 0;
  for (const auto& r : rows) {
    JX_TRY(done, migrate_one(engine, tx, ctx, versions, r.id<CaseId>(0)));
    if (done) ++(done->misfits.empty() ? moved : left);
  }
  const bool more = rows.size() == migration_chunk;
  const auto last = rows.empty() ? row->id<CaseId>(7) : rows.back().id<CaseId>(0);
  JX_CHECK(tx.run(sql::migration_progress, id, last, moved, left, more ? std::nullopt : std::optional(ctx.now())));
  return more;
}

Result<Migration> migration(db::Tx& tx, MigrationId id) {
  JX_TRY(row, tx.one(sql::migration_one, id));
  if (!row) return no_migration();
  return migration_from(*row);
}

Result<std::vector<Migration>> migrations(db::Tx& tx, const ProcessId& process) {
  JX_TRY(rows, tx.all(sql::migrations_of, process));
  std::vector<Migration> list;
  for (const auto& row : rows) {
    JX_TRY(one, migration_from(row));
    list.push_back(std::move(one));
  }
  return list;
}

}  // namespace jx::cases
