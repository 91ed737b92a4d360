// backup.hpp - the parts of a backup, as BACKUP.md writes them down.
#pragma once
#include <jx/db/admin.hpp>

#include "files.hpp"

namespace jx::db {

inline constexpr std::string_view manifest_name = "BACKUP";
inline constexpr std::string_view sums_name = "SHA256SUMS";
inline constexpr std::string_view checkpoint_name = "checkpoint";
inline constexpr std::string_view sqlite_name = "database.sqlite";
inline constexpr std::string_view archive_name = "archive";

/// The file BACKUP.
struct Manifest {
  struct Table {
    std::string name;
    std::int64_t rows = 0;
    std::vector<std::string> columns;
    [[nodiscard]] std::string part() const { return "tables/" + name + ".copy"; }
  };
  struct Sequence {
    std::string table;
    std::string column;
    std::int64_t last = 0;
  };
  Instant made_at;
  Dialect dialect = Dialect::sqlite;
  std::vector<AppliedMigration> migrations;
  std::vector<Table> tables;  // in the order in which they are restored
  std::vector<Sequence> sequences;

  [[nodiscard]] std::string text() const;
  static Result<Manifest> parse(std::string_view text);
};

/// The file SHA256SUMS.
[[nodiscard]] std::string sums_text(std::vector<Part>& parts);
/// Errors: invalid (a malformed line, a path that leaves the folder, a path that comes twice).
[[nodiscard]] Result<std::vector<Part>> parse_sums(std::string_view text);

/// Counts what is done and tells it.
class Meter {
 public:
  explicit Meter(const Progress& progress) : progress_(progress) {}
  void expect(std::uint64_t bytes) { total_ += bytes; }
  Result<> add(std::uint64_t bytes) {
    done_ += bytes;
    return progress_ ? progress_(std::min(done_, total_), total_) : Result<>();
  }
  Result<> finish() { return done_ = total_, add(0); }

 private:
  const Progress& progress_;
  std::uint64_t done_ = 0;
  std::uint64_t total_ = 0;
};

/// A backup that is being made, in a folder beside its target that goes away unless it is finished.
class BackupFolder {
 public:
  static Result<BackupFolder> make(const std::filesystem::path& target);
  ~BackupFolder();
  BackupFolder(BackupFolder&& other) noexcept
      : target_(std::move(other.target_)), path_(std::exchange(other.path_, {})), parts_(std::move(other.parts_)) {}
  BackupFolder& operator=(BackupFolder&&) = delete;

  [[nodiscard]] std::filesystem::path path(std::string_view part) const { return path_ / part; }
  /// A part written as a whole.
  Result<> write(std::string_view part, ByteView bytes);
  /// A part that was written already.
  void add(std::string_view name, Part part);
  /// Writes BACKUP and SHA256SUMS and gives the folder its name. Answers the hash of SHA256SUMS.
  Result<std::string> finish(const Manifest& manifest);
  [[nodiscard]] const std::vector<Part>& parts() const { return parts_; }

 private:
  BackupFolder(std::filesystem::path target, std::filesystem::path path) : target_(std::move(target)), path_(std::move(path)) {}
  std::filesystem::path target_;
  std::filesystem::path path_;  // empty once finished
  std::vector<Part> parts_;
};

[[nodiscard]] Result<> dump_sqlite(const std::string& url, BackupFolder& folder, Manifest& manifest, Meter& meter);
[[nodiscard]] Result<> dump_postgres(const std::string& url, BackupFolder& folder, Manifest& manifest, Meter& meter);
[[nodiscard]] Result<> load_sqlite(const std::filesystem::path& backup, const std::string& url, Meter& meter);
[[nodiscard]] Result<> load_postgres(const std::filesystem::path& backup, const std::string& url, const Manifest& manifest,
                                     std::span<const SqlBundle* const> bundles, Meter& meter);
/// Copies `from` to the new file `to` and compares its hash, if one is given.
[[nodiscard]] Result<Part> copy_file(const std::filesystem::path& from, const std::filesystem::path& to, std::string_view sha256, Meter& meter);

}  // namespace jx::db
