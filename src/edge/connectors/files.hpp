// files.hpp - sources that are files, read whole into memory and again when they have changed; private to the module.
#pragma once
#include <jx/connectors.hpp>

namespace jx::connectors {

inline constexpr std::uintmax_t file_bytes_max = 64U << 20U;

struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

/// A table by its name, as its file is now. Thread-safe.
class FileConnector : public Connector {
 public:
  FileConnector(catalogue::Source source, std::filesystem::path folder) : source_(std::move(source)), folder_(std::move(folder)) {}
  Result<exchange::ReadRows> read(const exchange::Read& read, Instant deadline) final;
  Result<std::vector<exchange::TableShape>> shape(Instant deadline) final;
  Result<> scan(const std::string& table, Instant deadline, const exchange::TakeRow& take) final;

 protected:
  [[nodiscard]] const catalogue::Source& source() const { return source_; }
  /// What the source says of a table; null where it says nothing.
  [[nodiscard]] const catalogue::SourceTable* described(std::string_view table) const;
  /// A file below the folder. Errors: unavailable, too_large.
  [[nodiscard]] Result<std::string> octets_of(const std::string& file) const;

 private:
  struct Loaded {
    Table table;
    std::filesystem::file_time_type changed_at;
    std::uintmax_t bytes = 0;
  };
  /// The file of a table, below the folder; nothing if there is no such table.
  [[nodiscard]] virtual std::optional<std::string> file_of(const std::string& table) const = 0;
  /// Which tables there are. Errors: those of load().
  [[nodiscard]] virtual Result<std::vector<std::string>> names() = 0;
  /// Errors: unavailable, invalid, too_large: in words about the file; not_found (a workbook without that sheet).
  [[nodiscard]] virtual Result<Table> load(const std::string& table, const std::string& octets) const = 0;

  Result<std::shared_ptr<const Loaded>> fresh(const std::string& table);

  catalogue::Source source_;
  std::filesystem::path folder_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Loaded>> tables_;  // guarded by mutex_
};

/// The columns as `table` renames them. Errors: invalid (two of one name).
[[nodiscard]] Result<> rename(std::vector<std::string>& columns, const catalogue::SourceTable* table);

/// Errors: invalid (with the line), too_large; unavailable (not in the encoding).
[[nodiscard]] Result<Table> read_csv(const std::string& octets, const std::string& encoding, const catalogue::SourceTable* table);

}  // namespace jx::connectors
