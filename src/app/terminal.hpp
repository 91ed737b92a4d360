// terminal.hpp - how commands speak to people.
#pragma once
#include "store.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace jx::app {

/// English, or Chinese where LC_ALL, LC_MESSAGES or LANG begins with zh.
[[nodiscard]] const std::string& say(const Words& words);
/// Prints an error with its causes to standard error; answers 1.
int failed(const Error& error);
enum class Schema { ours, any };
/// Opens the store of a configuration file. Errors: those of load_config and Store::open; with Schema::ours also those of db::check_schema (the
/// database is of a newer or older program).
[[nodiscard]] Result<std::unique_ptr<Store>> open_store(const std::filesystem::path& config, Schema schema = Schema::ours);

/// A bar on the standard error stream, if that is a terminal. Ends its line when it goes.
class ProgressBar {
 public:
  ProgressBar();
  ~ProgressBar();
  void show(std::uint64_t done, std::uint64_t total);

 private:
  bool terminal_;
  int shown_percent_ = -1;
};

}  // namespace jx::app
