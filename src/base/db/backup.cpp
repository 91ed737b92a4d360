#include "backup.hpp"

#include "history.hpp"

#include <algorithm>
#include <system_error>

namespace jx::db {
namespace {

constexpr std::size_t manifest_bytes_max = 16U << 20U;
constexpr std::size_t sums_bytes_max = 256U << 20U;  // some millions of files
constexpr std::size_t checkpoint_bytes_max = 1U << 20U;

namespace fs = std::filesystem;

struct ArchiveFile {
  fs::path relative;
  std::uint64_t bytes = 0;
};

Result<std::vector<ArchiveFile>> list_archive(const fs::path& folder) {
  std::vector<ArchiveFile> found;
  if (folder.empty()) return found;
  std::error_code error;
  auto entry = fs::recursive_directory_iterator(folder, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const auto status = entry->symlink_status(error);
    if (error || fs::is_directory(status)) continue;
    const auto name = entry->path().lexically_relative(folder);
    if (!fs::is_regular_file(status) || name.string().find_first_of("\\\n\r") != std::string::npos) {
      return fail(ErrorCode::invalid,
                  {entry->path().string() + " is not a file of the archive; move it elsewhere", entry->path().string() + " 不是归档文件，请移至别处"});
    }
    found.push_back({name, entry->file_size(error)});
  }
  if (error) return file_error(folder, error.value());
  return found;
}

Result<> copy_archive(const fs::path& folder, const std::vector<ArchiveFile>& files, BackupFolder& backup, Meter& meter) {
  for (const auto& file : files) {
    const auto name = (fs::path(archive_name) / file.relative).string();
    std::error_code error;
    fs::create_directories(backup.path(name).parent_path(), error);
    if (error) return file_error(backup.path(name).parent_path(), error.value());
    auto part = copy_file(folder / file.relative, backup.path(name), {}, meter);
    if (!part && part.error().code == ErrorCode::not_found) {  // taken away since it was listed
      fs::remove(backup.path(name), error);
      continue;
    }
    if (!part) return std::unexpected(std::move(part).error());
    backup.add(name, std::move(*part));
  }
  return {};
}

/// What a backup says of itself, and its parts.
struct Contents {
  Manifest manifest;
  std::vector<Part> parts;
  std::string sha256;
  Bytes checkpoint;
};

Result<Contents> read_contents(const fs::path& backup) {
  Contents contents;
  JX_TRY(sums, read_small(backup / sums_name, sums_bytes_max));
  contents.sha256 = to_hex(crypto::sha256(bytes_of(sums)));
  JX_TRY(parts, parse_sums(sums));
  contents.parts = std::move(parts);
  const auto has = [&](std::string_view name) { return std::ranges::find(contents.parts, name, &Part::path) != contents.parts.end(); };
  if (!has(manifest_name)) return fail(ErrorCode::invalid, {"the backup has no file BACKUP", "备份缺少 BACKUP 文件"});
  JX_TRY(text, read_small(backup / manifest_name, manifest_bytes_max));
  JX_TRY(manifest, Manifest::parse(text));
  contents.manifest = std::move(manifest);
  const auto need = [&](const std::string& name) -> Result<> {
    if (has(name)) return {};
    return fail(ErrorCode::corrupt, {"the backup lacks its part " + name, "备份缺少组成部分 " + name});
  };
  if (contents.manifest.dialect == Dialect::sqlite) JX_CHECK(need(std::string(sqlite_name)));
  for (const auto& table : contents.manifest.tables) JX_CHECK(need(table.part()));
  if (has(checkpoint_name)) {
    JX_TRY(checkpoint, read_small(backup / checkpoint_name, checkpoint_bytes_max));
    contents.checkpoint.assign(checkpoint.begin(), checkpoint.end());
  }
  return contents;
}

std::unexpected<Error> altered(const std::string& part) {
  return fail(ErrorCode::corrupt, {"the part " + part + " of the backup is not as it was made; use another backup",
                                   "备份的组成部分 " + part + " 已被改动或损坏，请使用其他备份"});
}

/// Reads each part and compares its hash.
Result<BackupReport> verify(const fs::path& backup, const Contents& contents, Meter& meter) {
  const auto& manifest = contents.manifest;
  BackupReport report{manifest.made_at, manifest.dialect, manifest.migrations, contents.parts.size(), 0, contents.sha256, contents.checkpoint};
  for (const auto& part : contents.parts) {
    crypto::Sha256 hash;
    auto read = read_pieces(backup / part.path, [&](ByteView piece) {
      hash.update(piece);
      report.bytes += piece.size();
      return meter.add(piece.size());
    });
    if (!read && read.error().code == ErrorCode::not_found) {
      return fail(ErrorCode::corrupt, {"the backup lacks its part " + part.path, "备份缺少组成部分 " + part.path});
    }
    JX_CHECK(read);
    if (to_hex(hash.finish()) != part.sha256) return altered(part.path);
  }
  return report;
}

std::uint64_t size_of(const fs::path& backup, const Contents& contents) {
  std::uint64_t total = 0;
  for (const auto& part : contents.parts) {
    std::error_code missing;  // said by verify()
    if (const auto size = fs::file_size(backup / part.path, missing); !missing) total += size;
  }
  return total;
}

Result<> restore_archive(const fs::path& backup, const Contents& contents, const fs::path& target, Meter& meter) {
  const std::string prefix = std::string(archive_name) + "/";
  for (const auto& part : contents.parts) {
    if (!part.path.starts_with(prefix)) continue;
    const auto to = target / part.path.substr(prefix.size());
    std::error_code error;
    fs::create_directories(to.parent_path(), error);
    if (error) return file_error(to.parent_path(), error.value());
    JX_CHECK(copy_file(backup / part.path, to, part.sha256, meter));
  }
  return {};
}

Result<> check_empty(const fs::path& folder) {
  std::error_code error;
  if (folder.empty() || !fs::exists(folder, error) || fs::is_empty(folder, error)) return {};
  return fail(ErrorCode::conflict, {folder.string() + " holds files; restoring overwrites nothing, so name an empty folder",
                                    folder.string() + " 不是空目录；恢复操作不会覆盖任何文件，请指定空目录"});
}

}  // namespace

Result<Part> copy_file(const fs::path& from, const fs::path& to, std::string_view sha256, Meter& meter) {
  JX_TRY(file, NewFile::make(to));
  JX_CHECK(read_pieces(from, [&](ByteView piece) -> Result<> {
    JX_CHECK(file.write(piece));
    return meter.add(piece.size());
  }));
  JX_TRY(part, file.finish());
  if (!sha256.empty() && part.sha256 != sha256) return altered(from.string());
  return std::move(part);
}

Result<BackupFolder> BackupFolder::make(const fs::path& target) {
  std::error_code error;
  if (fs::exists(target, error)) return file_error(target, EEXIST);
  const fs::path partial = target.string() + ".partial";
  JX_CHECK(make_folder(partial));
  return BackupFolder(target, partial);
}

BackupFolder::~BackupFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

Result<> BackupFolder::write(std::string_view part, ByteView bytes) {
  JX_TRY(file, NewFile::make(path(part)));
  JX_CHECK(file.write(bytes));
  JX_TRY(done, file.finish());
  add(part, std::move(done));
  return {};
}

void BackupFolder::add(std::string_view name, Part part) {
  part.path = name;
  parts_.push_back(std::move(part));
}

Result<std::string> BackupFolder::finish(const Manifest& manifest) {
  JX_CHECK(write(manifest_name, bytes_of(manifest.text())));
  const auto sums = sums_text(parts_);
  JX_TRY(file, NewFile::make(path(sums_name)));
  JX_CHECK(file.write(bytes_of(sums)));
  JX_TRY(done, file.finish());
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(path_, error)) {
    if (entry.is_directory()) JX_CHECK(sync_path(entry.path()));
  }
  JX_CHECK(sync_path(path_));
  fs::rename(path_, target_, error);
  if (error) return file_error(target_, error.value());
  path_.clear();
  const auto parent = fs::absolute(target_, error).parent_path();
  JX_CHECK(sync_path(parent));
  return done.sha256;
}

Result<BackupReport> back_up(Database& database, const fs::path& target, const BackupInput& input) {
  Meter meter(input.progress);
  Manifest manifest;
  manifest.dialect = database.dialect();
  manifest.made_at = SystemClock().now();
  JX_TRY(folder, BackupFolder::make(target));
  const auto& url = database.options().url;
  JX_CHECK(manifest.dialect == Dialect::sqlite ? dump_sqlite(url, folder, manifest, meter) : dump_postgres(url, folder, manifest, meter));
  // After the database: a file of the archive is on the disk before a row names it.
  JX_TRY(files, list_archive(input.archive));
  for (const auto& one : files) meter.expect(one.bytes);
  JX_CHECK(copy_archive(input.archive, files, folder, meter));
  if (!input.checkpoint.empty()) JX_CHECK(folder.write(checkpoint_name, input.checkpoint));
  JX_TRY(sha256, folder.finish(manifest));
  JX_CHECK(meter.finish());
  BackupReport report{manifest.made_at, manifest.dialect, manifest.migrations, folder.parts().size(), 0, sha256, input.checkpoint};
  for (const auto& part : folder.parts()) report.bytes += part.bytes;
  return report;
}

Result<BackupReport> verify_backup(const fs::path& backup, const Progress& progress) {
  JX_TRY(contents, read_contents(backup));
  Meter meter(progress);
  meter.expect(size_of(backup, contents));
  return verify(backup, contents, meter);
}

Result<BackupReport> restore(const fs::path& backup, const RestoreTarget& target, std::span<const SqlBundle* const> bundles,
                             const Progress& progress) {
  JX_TRY(contents, read_contents(backup));
  const bool postgres = target.url.starts_with("postgresql://") || target.url.starts_with("postgres://");
  if (postgres != (contents.manifest.dialect == Dialect::postgres)) {
    return fail(ErrorCode::conflict,
                {std::string("the backup is of ") + (postgres ? "an SQLite" : "a PostgreSQL") + " database and is restored into one of the same kind",
                 std::string("该备份来自 ") + (postgres ? "SQLite" : "PostgreSQL") + " 数据库，只能恢复到同类数据库"});
  }
  JX_CHECK(check_known(contents.manifest.migrations, bundles, contents.manifest.dialect));
  JX_CHECK(check_empty(target.archive));
  Meter meter(progress);
  meter.expect(2 * size_of(backup, contents));  // read once to verify, once to copy
  JX_TRY(report, verify(backup, contents, meter));
  if (!target.archive.empty()) JX_CHECK(restore_archive(backup, contents, target.archive, meter));
  // The database last: where it is, all is there.
  JX_CHECK(postgres ? load_postgres(backup, target.url, contents.manifest, bundles, meter) : load_sqlite(backup, target.url, meter));
  JX_CHECK(meter.finish());
  return std::move(report);
}

}  // namespace jx::db
