#include "commands.hpp"
#include "keys.hpp"
#include "terminal.hpp"

#include <jx/attachments.hpp>
#include <jx/cases.hpp>
#include <jx/cases/archive.hpp>
#include <jx/db/admin.hpp>
#include <jx/db/migrate.hpp>
#include <jx/exchange.hpp>
#include <jx/exchange/deliveries.hpp>
#include <jx/exchange/retention.hpp>
#include <jx/ledger/log.hpp>
#include <jx/ledger/sequencer.hpp>
#include <jx/ledger/verify.hpp>

#include <cstdio>

namespace jx::app {
namespace {

Words how(ledger::AlteredRow::How how) {
  switch (how) {
    case ledger::AlteredRow::How::altered:
      return {"was changed by hand: it is not what its newest ledger entry says", "被手工改动：与账本最新记录不符"};
    case ledger::AlteredRow::How::missing: return {"is gone, and no ledger entry says why", "已消失，账本中没有相应记录"};
    case ledger::AlteredRow::How::unrecorded: return {"is there without a ledger entry", "存在，但账本中没有记录"};
  }
  return {};
}

/// State rows against the hashes that the ledger holds.
Result<> check_rows(db::Database& database, std::vector<db::Finding>& findings) {
  const auto tables = state_tables();
  JX_TRY(report, ledger::check_state(database, tables));
  for (const auto& row : report.rows) {
    const auto words = how(row.how);
    findings.push_back({row.table + " " + row.key, words});
  }
  for (const auto& table : report.tables_unknown)
    findings.push_back({table, {"entries vouch for a table that this program does not know", "账本记录涉及本程序未知的表"}});
  return {};
}

/// The ledger's tree, under the node's own keys.
Result<> check_tree(const Store& store, db::Database& database, std::vector<db::Finding>& findings) {
  JX_TRY(logs, database.read(no_deadline, [](db::Tx& tx) { return ledger::logs(tx); }));
  JX_TRY(keys, load_keys(store.config.keys));
  if (logs.empty()) return {};
  if (auto continues = ledger::check_signed(database, keys.ledger); !continues) findings.push_back({"ledger", continues.error().message});
  for (const auto& log : logs) {
    JX_TRY(root, database.read(no_deadline, [&](db::Tx& tx) { return ledger::root_at(tx, log, log.size); }));
    if (root != log.root) findings.push_back({"ledger " + log.origin, {"the root of the tree is not that of its tiles", "账本根哈希与其数据块不符"}});
    if (!log.checkpoint) continue;
    JX_TRY(report, ledger::verify(ledger::database_source(database, log.log), keys.ledger.keys(log.origin)));
    for (const auto& finding : report.findings) findings.push_back({"ledger " + finding.path, finding.what});
  }
  return {};
}

/// Every stored pack against its hash, and what the applied one says of processes and forms against the tables.
Result<> check_packs(Store& store, db::Database& database, std::vector<db::Finding>& findings) {
  const auto context = store.system_context();
  return database.read(no_deadline, [&](db::Tx& tx) -> Result<> {
    if (const auto stored = pack::check_stored(tx); !stored) {
      findings.push_back({"packs", stored.error().message});
      return {};
    }
    JX_TRY(current, pack::current(tx));
    if (!current) return {};
    JX_TRY(pack, pack::load(tx, current->hash));
    for (const auto* part : store.parts.all()) {
      if (part->name() != "cases") continue;  // what the others keep is vouched for row by row
      JX_TRY(changes, part->plan(tx, context, pack));
      for (const auto& change : changes)
        findings.push_back({"packs",
                            {"the tables are not what the applied pack says: applying it again " + change.words.en,
                             "数据表与已应用的配置包不符：" + change.words.zh}});
    }
    return {};
  });
}

Result<> check_cases(db::Database& database, std::vector<db::Finding>& findings) {
  JX_TRY(unsound, cases::check_soundness(database));
  for (const auto& one : unsound) findings.push_back({one.where, one.message});
  JX_TRY(uses, exchange::uses_with_other_persons(database));
  for (const auto id : uses) {
    findings.push_back(
        {"exchange.usage_person " + id.text(), {"whom this use of data was about was changed by hand", "该数据使用记录所涉及的人员被手工改动"}});
  }
  return {};
}

/// The octets of files against their hashes; `deep`: opened under the node's own keys.
Result<> check_attachments(const Store& store, db::Database& database, bool deep, std::vector<db::Finding>& findings) {
  std::optional<Keys> keys;
  if (deep) {
    JX_TRY(loaded, load_keys(store.config.keys));
    keys.emplace(std::move(loaded));
  }
  JX_TRY(unsound, attachments::check_soundness(database, keys ? &keys->attachments : nullptr));
  for (const auto& one : unsound) findings.push_back({one.where, one.message});
  return {};
}

/// The files of closed cases against their hashes; `deep`: every record opened.
Result<> check_archive(const Store& store, db::Database& database, bool deep, std::vector<db::Finding>& findings) {
  JX_TRY(keys, load_keys(store.config.keys));
  JX_TRY(unsound, cases::Archive(keys.attachments, archive_folder(store.config)).check(database, deep));
  for (const auto& one : unsound) findings.push_back({one.where, one.message});
  return {};
}

/// The files of deliveries that may be downloaded; `deep`: their hashes. A file that is gone harms nobody: the delivery is ordered again.
Result<> check_deliveries(const Store& store, db::Database& database, bool deep, std::vector<db::Finding>& findings) {
  JX_TRY(unsound, exchange::check_delivery_files(database, deliveries_folder(store.config), deep));
  for (const auto& file : unsound) findings.push_back({"deliveries " + file, {"is not what was released", "与放行时的内容不符"}});
  return {};
}

/// The files of uses that were moved out of the database.
Result<> check_usage(const Store& store, db::Database& database, std::vector<db::Finding>& findings) {
  JX_TRY(unsound, exchange::check_usage_files(database, usage_folder(store.config)));
  for (const auto& file : unsound)
    findings.push_back({"usage " + file, {"is missing, or not what the ledger recorded", "缺失，或与账本登记的内容不符"}});
  return {};
}

/// The folder of the archive, whole; empty if there is none yet. Errors: unavailable (a file is missing: without it the backup would be none).
Result<std::filesystem::path> archive_to_copy(const Store& store) {
  JX_TRY(keys, load_keys(store.config.keys));
  const auto folder = archive_folder(store.config);
  const cases::Archive archive(keys.attachments, folder);
  JX_TRY(files, store.database->read(no_deadline, [&](db::Tx& tx) { return archive.files(tx); }));
  std::error_code error;
  for (const auto& file : files) {
    if (!std::filesystem::is_regular_file(file, error))
      return fail(ErrorCode::unavailable, {"the archive file " + file.string() + " is not there: a backup without it would lose closed cases",
                                           "归档文件 " + file.string() + " 不存在，缺少该文件的备份会丢失办结件"});
  }
  return std::filesystem::is_directory(folder, error) ? folder : std::filesystem::path();
}

/// That it was checked, and how many findings there were; what was found stays on the screen of who checked.
Result<> record_check(Store& store, bool deep, const db::CheckReport& report) {
  const auto context = store.system_context();
  return store.database->write(no_deadline, [&](db::Tx& tx) -> Result<> {
    JX_CHECK(ledger::append(tx, context, {"ledger.checked", {}, {{"findings", report.findings.size()}, {"deep", deep}}, {}}));
    return {};
  });
}

}  // namespace

int db_migrate(const std::filesystem::path& config) {
  auto store = open_store(config, Schema::any);
  if (!store) return failed(store.error());
  const auto report = db::migrate(*(*store)->database, bundles());
  if (!report) return failed(report.error());
  for (const auto& migration : report->applied) std::printf("%04d %s (%s)\n", migration.number, migration.title.c_str(), migration.module.c_str());
  std::printf("%s %04d\n", say({"the database is at", "数据库版本"}).c_str(), report->head);
  return 0;
}

int db_check(const std::filesystem::path& config, bool deep, bool record) {
  auto store = open_store(config, Schema::any);
  if (!store) return failed(store.error());
  const std::vector<db::Check> checks{
      {"packs", [&](db::Database& database, std::vector<db::Finding>& findings) { return check_packs(**store, database, findings); }},
      {"state rows", check_rows},
      {"cases and uses", check_cases},
      {"attachments",
       [&](db::Database& database, std::vector<db::Finding>& findings) { return check_attachments(**store, database, deep, findings); }},
      {"deliveries", [&](db::Database& database, std::vector<db::Finding>& findings) { return check_deliveries(**store, database, deep, findings); }},
      {"moved uses", [&](db::Database& database, std::vector<db::Finding>& findings) { return check_usage(**store, database, findings); }},
      {"archive", [&](db::Database& database, std::vector<db::Finding>& findings) { return check_archive(**store, database, deep, findings); }},
      {"ledger", [&](db::Database& database, std::vector<db::Finding>& findings) { return check_tree(**store, database, findings); }}};
  const auto report = db::check(*(*store)->database, bundles(), checks);
  if (!report) return failed(report.error());
  for (const auto& finding : report->findings) std::printf("%s: %s\n", finding.where.c_str(), say(finding.message).c_str());
  if (record) {
    if (const auto recorded = record_check(**store, deep, *report); !recorded) return failed(recorded.error());
  }
  if (!report->findings.empty()) return 1;
  for (const auto& checked : report->checked) std::printf("%s: %s\n", checked.c_str(), say({"sound", "正常"}).c_str());
  return 0;
}

int db_backup(const std::filesystem::path& config, const std::filesystem::path& target) {
  auto store = open_store(config, Schema::any);
  if (!store) return failed(store.error());
  ProgressBar bar;
  db::BackupInput input;
  auto archive = archive_to_copy(**store);
  if (!archive) return failed(archive.error());
  input.archive = std::move(*archive);
  const auto log = (*store)->database->read(no_deadline, [](db::Tx& tx) { return ledger::newest_log(tx); });
  if (log && log->checkpoint) input.checkpoint.assign(log->checkpoint->begin(), log->checkpoint->end());
  input.progress = [&](std::uint64_t done, std::uint64_t total) -> Result<> {
    bar.show(done, total);
    return {};
  };
  const auto report = db::back_up(*(*store)->database, target, input);
  if (!report) return failed(report.error());
  std::printf("%s: %zu %s, %llu %s, sha256 %s\n", target.c_str(), report->parts, say({"parts", "个部分"}).c_str(),
              static_cast<unsigned long long>(report->bytes), say({"bytes", "字节"}).c_str(), report->sha256.c_str());
  return 0;
}

int db_restore(const std::filesystem::path& config, const std::filesystem::path& backup) {
  const auto read = load_config(config);
  if (!read) return failed(read.error());
  ProgressBar bar;
  const auto report =
      db::restore(backup, {read->database, archive_folder(*read)}, bundles(), [&](std::uint64_t done, std::uint64_t total) -> Result<> {
        bar.show(done, total);
        return {};
      });
  if (!report) return failed(report.error());
  std::printf("%s %s\n", say({"restored what was backed up at", "已恢复备份，备份时间"}).c_str(), report->made_at.text().c_str());
  return db_migrate(config);
}

}  // namespace jx::app
