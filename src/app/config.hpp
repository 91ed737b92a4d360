// config.hpp - the one configuration file of the program: YAML, strict, every key documented in docs/configuration.md.
#pragma once
#include <jx/core.hpp>
#include <jx/notify.hpp>
#include <jx/wire.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace jx::app {

struct ListenConfig {
  std::string address = "127.0.0.1";  // or localhost; IPv6 with or without brackets
  int port = 8080;
  std::optional<bool> tls;
  std::optional<std::string> client_ca;  // PEM: the authorities whose certificates departments' systems may present here
};
BOOST_DESCRIBE_STRUCT(ListenConfig, (), (address, port, tls, client_ca))

struct TlsConfig {
  std::string certificate;  // PEM, with its chain
  std::string key;
};
BOOST_DESCRIBE_STRUCT(TlsConfig, (), (certificate, key))

enum class LogLevel { debug, info, warning, error };
BOOST_DESCRIBE_ENUM(LogLevel, debug, info, warning, error)

struct LogConfig {
  std::optional<LogLevel> level;
  std::optional<std::string> file;  // absent: the standard error stream
};
BOOST_DESCRIBE_STRUCT(LogConfig, (), (level, file))

struct AttachmentsConfig {
  std::optional<int> file_mib;    // of one file
  std::optional<int> files;       // of one draft or case
  std::optional<int> folder_mib;  // of all files of one draft or case
};
BOOST_DESCRIBE_STRUCT(AttachmentsConfig, (), (file_mib, files, folder_mib))

struct ArchiveConfig {
  std::optional<std::string> folder;  // absent: `archive` in the data folder
  std::optional<int> after_months;    // closed cases go there once so many months have passed since the end of theirs; absent: only by command
};
BOOST_DESCRIBE_STRUCT(ArchiveConfig, (), (folder, after_months))

struct PushConfig {
  std::optional<std::vector<std::string>> allowed;  // addresses and CIDR blocks beside those of the internet to which deliveries may be sent
  std::optional<std::string> authorities;           // PEM that receivers are verified against; absent: the system's
};
BOOST_DESCRIBE_STRUCT(PushConfig, (), (allowed, authorities))

struct UsageConfig {
  int kept_years = 3;  // so long the record of uses stays in the database; then it goes into files. Absent: for ever
};
BOOST_DESCRIBE_STRUCT(UsageConfig, (), (kept_years))

/// How people are told that there is a message in their inbox. Absent: only there.
struct MessagesConfig {
  std::optional<notify::MailConfig> mail;
  std::optional<notify::SmsConfig> sms;
};
BOOST_DESCRIBE_STRUCT(MessagesConfig, (), (mail, sms))

/// As written. Relative paths are below the folder of the configuration file.
struct ConfigFile {
  std::string data;      // the data folder: silos, the archive
  std::string keys;      // the key folder: what signs the ledger and certificates; kept apart from backups
  std::string database;  // a path, or postgresql://...
  std::string web;       // the folder with portal/dist and workbench/dist
  std::vector<ListenConfig> listen;
  std::optional<TlsConfig> tls;
  std::optional<std::string> origin;  // how browsers call it, such as https://www.example.gov; absent: what they say
  std::optional<int> io_threads;
  std::optional<int> workers;
  std::optional<std::vector<std::string>> trusted_proxies;  // addresses and CIDR blocks
  std::optional<bool> metrics_loopback_only;
  std::optional<double> calls_per_second;  // of one account or client on average; 0: no limit
  std::optional<std::string> record;       // for tests: a file to which every exchange is appended
  std::optional<LogConfig> log;
  std::optional<AttachmentsConfig> attachments;
  std::optional<ArchiveConfig> archive;
  std::optional<UsageConfig> usage;
  std::optional<PushConfig> push;
  std::optional<MessagesConfig> messages;
};
BOOST_DESCRIBE_STRUCT(ConfigFile, (),
                      (data, keys, database, web, listen, tls, origin, io_threads, workers, trusted_proxies, metrics_loopback_only, calls_per_second,
                       record, log, attachments, archive, usage, push, messages))

/// Read, checked, with absolute paths.
struct Config {
  ConfigFile file;
  std::filesystem::path data, keys, web;
  std::string database;  // an absolute path, or a URL
};

[[nodiscard]] std::filesystem::path archive_folder(const Config& config);
/// Where the files of moved uses lie: in the archive, which backups hold.
[[nodiscard]] std::filesystem::path usage_folder(const Config& config);
/// Where the files of deliveries lie: in the data folder. Programs on one database share it.
[[nodiscard]] std::filesystem::path deliveries_folder(const Config& config);

/// Errors: not_found; invalid (the message says file, line and what to do).
[[nodiscard]] Result<Config> load_config(const std::filesystem::path& path);

}  // namespace jx::app
