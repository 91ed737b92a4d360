// source.cpp - logs in folders and in databases, for verify(); and export from the one to the other.
#include <jx/crypto/secret.hpp>
#include <jx/ledger/log.hpp>
#include <jx/ledger/verify.hpp>

#include "ledger_sql.hpp"
#include "store.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace jx::ledger {
namespace {

constexpr std::uint64_t resource_bytes_max = tile_width * (leaf_bytes_max + 2);

std::unexpected<Error> cannot(std::string_view verb, const std::filesystem::path& path) {
  return fail(ErrorCode::unavailable, {"cannot " + std::string(verb) + " " + path.string(), "无法访问文件 " + path.string()});
}

// A million entries are eight thousand files: no streams.
Result<std::optional<Bytes>> read_file(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::optional<Bytes>();
    return cannot("read", path);
  }
  struct stat status{};
  Bytes octets;
  bool good = ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && static_cast<std::uint64_t>(status.st_size) <= resource_bytes_max;
  if (good) octets.resize(static_cast<std::size_t>(status.st_size));
  for (std::size_t at = 0; good && at < octets.size();) {
    const auto count = ::read(fd, octets.data() + at, octets.size() - at);
    good = count > 0;
    if (good) at += static_cast<std::size_t>(count);
  }
  ::close(fd);
  if (!good) return cannot("read", path);
  return std::optional(std::move(octets));
}

Result<> write_file(const std::filesystem::path& path, ByteView octets) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return cannot("write", path);
  bool good = true;
  for (auto rest = octets; good && !rest.empty();) {
    const auto count = ::write(fd, rest.data(), rest.size());
    good = count > 0;
    if (good) rest = rest.subspan(static_cast<std::size_t>(count));
  }
  good = ::close(fd) == 0 && good;
  if (!good) return cannot("write", path);
  return {};
}

Result<Bytes> resource_at(db::Database& database, std::int64_t log, const std::string& path) {
  return database.read(no_deadline, [&](db::Tx& tx) -> Result<Bytes> {
    JX_TRY(found, resource(tx, std::to_string(log) + "/" + path));
    return std::move(found.octets);
  });
}

Result<> export_resource(db::Database& database, std::int64_t log, const TilePath& path, const std::filesystem::path& folder) {
  const auto name = path.text();
  JX_TRY(octets, resource_at(database, log, name));
  std::error_code error;
  std::filesystem::create_directories((folder / name).parent_path(), error);
  if (error) return cannot("make", (folder / name).parent_path());
  return write_file(folder / name, octets);
}

}  // namespace

Source folder_source(std::filesystem::path folder) {
  return {[folder = std::move(folder)](const std::string& path) { return read_file(folder / path); }, {}};
}

Source database_source(db::Database& database, std::int64_t log) {
  Source source;
  source.fetch = [&database, log](const std::string& path) -> Result<std::optional<Bytes>> {
    auto octets = resource_at(database, log, path);
    // A tile that is missing or too narrow is a finding, not the end of the check.
    if (!octets && (octets.error().code == ErrorCode::not_found || octets.error().code == ErrorCode::corrupt)) return std::optional<Bytes>();
    if (!octets) return std::unexpected(std::move(octets).error());
    return std::optional(std::move(*octets));
  };
  source.bodies = [&database, log](std::uint64_t first, std::size_t count) {
    return database.read(no_deadline, [&](db::Tx& tx) -> Result<std::vector<std::optional<SaltedBody>>> {
      std::vector<std::optional<SaltedBody>> bodies;
      bodies.reserve(count);
      JX_CHECK(tx.each(
          sql::salted_bodies,
          [&](db::Row&& row) -> Result<> {
            bodies.emplace_back();
            if (!row.null(1) && !row.null(2)) bodies.back() = SaltedBody{row.bytes(1), row.text(2)};
            return {};
          },
          log, first, first + count));
      return bodies;
    });
  };
  return source;
}

Result<Checkpoint> export_log(db::Database& database, std::int64_t log, const std::filesystem::path& folder) {
  JX_TRY(note_octets, resource_at(database, log, "checkpoint"));
  JX_TRY(note, Note::parse(text_of(note_octets)));
  JX_TRY(checkpoint, Checkpoint::parse(note.text));
  for (unsigned level = 0; level < tile_levels_max; ++level) {
    for (std::uint64_t n = 0;; ++n) {
      const auto width = tile_width_at(level, n, checkpoint.size);
      if (width == 0) break;
      JX_CHECK(export_resource(database, log, {false, level, n, width}, folder));
      if (level == 0) JX_CHECK(export_resource(database, log, {true, 0, n, width}, folder));
    }
  }
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  JX_CHECK(crypto::write_file_durably(folder / "checkpoint", note_octets));
  return std::move(checkpoint);
}

}  // namespace jx::ledger
