// connectors.hpp - departments' data, read in place. Implements exchange::Sources over files, databases and HTTP interfaces.
#pragma once
#include <jx/catalogue/secrets.hpp>
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
  [[nodiscard]] virtual Result<std::vector<exchange::TableShape>> shape(Instant deadline) = 0;
  [[nodiscard]] virtual Result<> scan(const std::string& table, Instant deadline, const exchange::TakeRow& take) = 0;
  /// Of those columns only; a connector that loads its tables whole anyway has nothing to add to this.
  [[nodiscard]] virtual Result<> scan_columns(const std::string& table, std::span<const std::string> columns, Instant deadline,
                                              const exchange::TakeRow& take);
};

inline constexpr int failures_until_open = 3;         // in a row, before a source is not asked any more
inline constexpr Micros rest_after_open{10'000'000};  // then one call tries it again

/// Opens each source when it is first read; paths lie below `data_folder`. A source that fails again and again is left alone for a while, and calls
/// are told so at once (a breaker). Thread-safe.
class LocalSources final : public exchange::Sources {
 public:
  /// `secrets` is asked each time that a source which names one is connected to; without it such a source is unavailable.
  LocalSources(std::filesystem::path data_folder, const Clock& clock, catalogue::Secrets secrets = {})
      : data_folder_(std::move(data_folder)), clock_(clock), secrets_(std::move(secrets)) {}
  ~LocalSources() override;
  [[nodiscard]] Result<exchange::ReadRows> read(const exchange::Read& read, Instant deadline) override;
  [[nodiscard]] Result<std::vector<exchange::TableShape>> shape(const catalogue::Source& source, Instant deadline) override;
  [[nodiscard]] Result<> scan(const catalogue::Source& source, const std::string& table, Instant deadline, const exchange::TakeRow& take) override;
  [[nodiscard]] Result<> scan_columns(const catalogue::Source& source, const std::string& table, std::span<const std::string> columns,
                                      Instant deadline, const exchange::TakeRow& take) override;
  [[nodiscard]] exchange::SourceState state(const catalogue::Source& source) override;
  void forget(const SourceId& source) override;
  [[nodiscard]] std::size_t open_count();

 private:
  struct Open {
    std::string text;  // the source's wire form
    std::unique_ptr<Connector> connector;
    exchange::SourceState state;  // guarded by mutex_
  };
  [[nodiscard]] std::unique_ptr<Connector> make(const catalogue::Source& source) const;
  [[nodiscard]] std::shared_ptr<Open> open(const catalogue::Source& source);
  [[nodiscard]] Result<> check(Open& open, const catalogue::Source& source);
  void learn(Open& open, const Error* failed);
  /// Asks the source, if its breaker lets it, and learns from how it went.
  template <class F>
  auto ask(const catalogue::Source& source, F&& f) -> std::invoke_result_t<F, Connector&>;

  std::filesystem::path data_folder_;
  const Clock& clock_;
  catalogue::Secrets secrets_;
  std::mutex mutex_;
  std::map<SourceId, std::shared_ptr<Open>> open_;  // guarded by mutex_; shared: a read goes on over a source that is changed or forgotten meanwhile
};

}  // namespace jx::connectors
