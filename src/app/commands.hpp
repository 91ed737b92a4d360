// commands.hpp - what the command line does: one function a command. Each prints for people and answers the exit status:
// 0 done, 1 found something wrong or failed (says what and what to do), 2 was called wrongly.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

namespace jx::app {

/// serve: until SIGINT or SIGTERM; SIGHUP reloads.
int serve(const std::filesystem::path& config);
/// init: folders, keys and tables, as far as they are missing.
int init(const std::filesystem::path& config);

int pack_check(const std::filesystem::path& pack);
/// plan without `apply`; with it, does what was shown.
int pack_apply(const std::filesystem::path& config, const std::filesystem::path& pack, bool apply);

int db_migrate(const std::filesystem::path& config);
int db_check(const std::filesystem::path& config);
int db_backup(const std::filesystem::path& config, const std::filesystem::path& target);
int db_restore(const std::filesystem::path& config, const std::filesystem::path& backup);

/// Of the configured database; of a folder or URL if `from` names one, with the verifier key `key`.
int ledger_verify(const std::optional<std::filesystem::path>& config, const std::string& from, const std::string& key);
int ledger_export(const std::filesystem::path& config, const std::filesystem::path& target);
int ledger_succeed(const std::filesystem::path& config, const std::string& reason);

}  // namespace jx::app
