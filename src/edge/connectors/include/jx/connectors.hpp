// connectors.hpp - departments' data, read in place. Implements exchange::Sources over SQLite files and CSV files.
#pragma once
#include <jx/exchange.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace jx::connectors {

/// One open source. Thread-safe.
class Connector {
 public:
  virtual ~Connector() = default;
  [[nodiscard]] virtual Result<exchange::ReadRows> read(const exchange::Read& read, Instant deadline) = 0;
};

/// Opens each source when it is first read; paths lie below `data_folder`. Thread-safe.
class LocalSources final : public exchange::Sources {
 public:
  explicit LocalSources(std::filesystem::path data_folder) : data_folder_(std::move(data_folder)) {}
  ~LocalSources() override;
  [[nodiscard]] Result<exchange::ReadRows> read(const exchange::Read& read, Instant deadline) override;

 private:
  [[nodiscard]] Connector& connector(const catalogue::Source& source);

  std::filesystem::path data_folder_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Connector>> open_;  // guarded by mutex_; by the source's wire form
};

[[nodiscard]] std::unique_ptr<Connector> sqlite_connector(const catalogue::Source& source, const std::filesystem::path& data_folder);
[[nodiscard]] std::unique_ptr<Connector> csv_connector(const catalogue::Source& source, const std::filesystem::path& data_folder);

}  // namespace jx::connectors
