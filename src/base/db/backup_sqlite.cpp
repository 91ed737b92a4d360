#include "backup.hpp"

#include "connection_tx.hpp"
#include "db_sql.hpp"
#include "history.hpp"
#include "sqlite_connection.hpp"

namespace jx::db {
namespace {

constexpr int pages_per_step = 512;

struct Close {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};

std::unexpected<Error> copy_failed(int code) {
  if ((code & 0xff) == SQLITE_FULL) return fail(ErrorCode::unavailable, {"the disk for the backup is full", "备份所在磁盘空间已满"});
  return fail(ErrorCode::unavailable,
              {std::string("the database could not be copied: ") + sqlite3_errstr(code), std::string("数据库复制失败：") + sqlite3_errstr(code)});
}

Result<> copy_pages(sqlite3* source, sqlite3* copy, std::int64_t page_bytes, Meter& meter) {
  sqlite3_backup* backup = sqlite3_backup_init(copy, "main", source, "main");
  if (backup == nullptr) return copy_failed(sqlite3_extended_errcode(copy));
  int code = SQLITE_OK;
  Result<> told;
  while (code == SQLITE_OK && told) {
    const int before = sqlite3_backup_remaining(backup);
    code = sqlite3_backup_step(backup, pages_per_step);
    const int copied = before == 0 ? pages_per_step : before - sqlite3_backup_remaining(backup);  // nothing is known before the first step
    told = meter.add(static_cast<std::uint64_t>(page_bytes * copied));
  }
  sqlite3_backup_finish(backup);
  JX_CHECK(told);
  if (code != SQLITE_DONE) return copy_failed(code);
  return {};
}

}  // namespace

Result<> dump_sqlite(const std::string& url, BackupFolder& folder, Manifest& manifest, Meter& meter) {
  JX_TRY(source, SqliteConnection::open(url, SqliteConnection::Mode::read));
  JX_CHECK(source->run(sql::begin_read));  // one snapshot for all steps: what others write meanwhile does not make the copy begin again
  ConnectionTx<SqliteConnection, Dialect::sqlite> tx(*source);
  JX_TRY(migrations, history_in(tx));
  manifest.migrations = std::move(migrations);
  JX_TRY(size, tx.one(sql::size));
  meter.expect(static_cast<std::uint64_t>(size->integer(0)));

  const auto path = folder.path(sqlite_name);
  {
    JX_CHECK(NewFile::make(path));
  }
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE, nullptr);
  std::unique_ptr<sqlite3, Close> copy(raw);
  if (code != SQLITE_OK) return copy_failed(code);
  JX_CHECK(copy_pages(source->handle(), copy.get(), size->integer(1), meter));
  // A file of its own, without the -wal file that the original has.
  if (const int closed = sqlite3_exec(copy.get(), "PRAGMA journal_mode = DELETE", nullptr, nullptr, nullptr); closed != SQLITE_OK)
    return copy_failed(closed);
  copy.reset();

  crypto::Sha256 hash;
  Part part;
  JX_CHECK(read_pieces(path, [&](ByteView piece) -> Result<> {
    hash.update(piece);
    part.bytes += piece.size();
    return {};
  }));
  JX_CHECK(sync_path(path));
  part.sha256 = to_hex(hash.finish());
  folder.add(sqlite_name, std::move(part));
  return {};
}

Result<> load_sqlite(const std::filesystem::path& backup, const std::string& url, Meter& meter) {
  std::error_code error;
  for (const auto& path : {url, url + "-wal", url + "-journal"}) {
    if (std::filesystem::exists(path, error) && std::filesystem::file_size(path, error) > 0) {
      return fail(ErrorCode::conflict, {path + " exists; restoring overwrites nothing, so name another file or move it away",
                                        path + " 已存在；恢复操作不会覆盖任何文件，请指定其他文件或先将其移走"});
    }
  }
  const std::string partial = url + ".restoring";
  std::filesystem::remove(partial, error);  // of a restore that was interrupted
  JX_CHECK(copy_file(backup / sqlite_name, partial, {}, meter));
  {
    JX_TRY(copy, SqliteConnection::open(partial, SqliteConnection::Mode::read));
    std::string verdict;
    const std::function<Result<>(Row&&)> take = [&](Row&& row) -> Result<> { return verdict = row.text(0), Result<>(); };
    JX_CHECK(copy->execute(sql::integrity_check, {}, &take));
    if (verdict != "ok")
      return fail(ErrorCode::corrupt,
                  {"the database in the backup was damaged when it was made: " + verdict, "备份中的数据库在制作时已损坏：" + verdict});
  }
  std::filesystem::rename(partial, url, error);
  if (error) return file_error(url, error.value());
  return sync_path(std::filesystem::absolute(url, error).parent_path());
}

}  // namespace jx::db
