// housekeeping.hpp - what has expired is removed, a little at a time: sessions, devices, counts of failed sign-ins, kept answers, keys of acts,
// uploads that nobody finished and octets that belong to no file. What was closed long ago goes into the archive, and the record
// of uses that was kept as long as the law asks into files, where that is configured. And once an hour each source is asked whether it still has what
// is published from it.
#pragma once
#include <jx/cases/archive.hpp>
#include <jx/core.hpp>
#include <jx/db.hpp>
#include <jx/exchange.hpp>
#include <jx/identity.hpp>
#include <jx/log.hpp>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace jx::app {

class Housekeeping {
 public:
  static constexpr std::chrono::minutes every{5};

  struct Archiving {
    const cases::Archive& archive;
    std::optional<int> after_months;  // none: nothing is archived
    std::function<calendar::Zone()> zone;
    std::function<Context()> context;
  };

  /// The record of uses, which is kept so many years and then moved into files.
  struct Keeping {
    std::filesystem::path folder;
    std::optional<int> years;  // none: nothing is moved
  };

  /// Of grants that are over: that what was read is disposed of.
  struct Following {
    cases::Engine& engine;
    std::function<LocalDate()> today;
  };

  /// People are told once a day that offices read their data.
  struct Telling {
    std::function<calendar::Zone()> zone;
    std::function<Context()> context;
  };

  /// All of them outlive it.
  Housekeeping(db::Database& database, const identity::Sessions& sessions, exchange::Sources& sources, const Clock& clock, log::Log& log,
               Archiving archiving, Following following, Telling telling, Keeping keeping)
      : database_(database),
        sessions_(sessions),
        sources_(sources),
        clock_(clock),
        log_(log),
        archiving_(std::move(archiving)),
        following_(std::move(following)),
        telling_(std::move(telling)),
        keeping_(std::move(keeping)) {}
  ~Housekeeping() { stop(); }
  Housekeeping(const Housekeeping&) = delete;
  Housekeeping& operator=(const Housekeeping&) = delete;

  /// Begins a thread that works now and every few minutes. Several programs may do so on one database.
  void start();
  /// Ends it after the transaction that it is at.
  void stop();
  /// Removes all that has expired, at most 1,000 rows of a kind in one transaction. Errors: those of the database.
  [[nodiscard]] Result<> step();
  /// Archives the months that are old enough, once a day, until `stop` is asked for. Errors: those of cases::Archive.
  [[nodiscard]] Result<> archive(const std::stop_token& stop);
  /// Opens the cases of disposal that are due. Errors: those of sharing::follow_ended().
  [[nodiscard]] Result<> follow_grants();
  /// Moves the uses that were kept long enough into files, once a day, until `stop` is asked for. Errors: those of exchange::move_usage().
  [[nodiscard]] Result<> move_usage(const std::stop_token& stop);
  /// Tells who was read of yesterday. Errors: those of the database.
  [[nodiscard]] Result<> tell_of_reads();
  /// Checks each source that was not checked within the hour, until `stop` is asked for. Errors: those of the database.
  [[nodiscard]] Result<> check_sources(const std::stop_token& stop);

 private:
  db::Database& database_;
  const identity::Sessions& sessions_;
  exchange::Sources& sources_;
  const Clock& clock_;
  log::Log& log_;
  Archiving archiving_;
  Following following_;
  Keeping keeping_;
  Telling telling_;
  std::optional<LocalDate> told_on_;      // the last day on which all were told
  std::optional<LocalDate> archived_on_;  // the last day on which all was archived
  std::optional<LocalDate> moved_on_;     // the last day on which all uses that were old enough were moved
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;  // the last member: it ends before the others go
};

}  // namespace jx::app
