// commands.hpp - what the command line does: one function a command. Each prints for people and answers the exit status:
// 0 done, 1 found something wrong or failed (says what and what to do), 2 was called wrongly.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace jx::app {

/// serve: until SIGINT or SIGTERM; SIGHUP reloads.
int serve(const std::filesystem::path& config);
/// init: folders, keys and tables, as far as they are missing.
int init(const std::filesystem::path& config);

int pack_check(const std::filesystem::path& pack);
/// plan without `apply`; with it, does what was shown.
int pack_apply(const std::filesystem::path& config, const std::filesystem::path& pack, bool apply);

/// What the rules of a list of items say: of a JSON or XLSX file, or of a pack's folder. 1 if there is a finding.
int items_lint(const std::filesystem::path& path, bool json_format);
/// The items of a pack as a list: XLSX where the file is called so, else JSON.
int items_export(const std::filesystem::path& pack, const std::filesystem::path& file);
/// Writes what a list says into items/*.yaml of a pack; says first what changes.
int items_import(const std::filesystem::path& file, const std::filesystem::path& pack, bool dry_run);
/// How well the items of a pack are found: of each query of the file, whether an item that it expects comes first, among three, among ten.
int search_eval(const std::filesystem::path& file, const std::filesystem::path& pack);

int db_migrate(const std::filesystem::path& config);
/// `deep`: attachments are opened too, which needs the keys. `record`: what was found is an entry of the ledger, which auditors are shown.
int db_check(const std::filesystem::path& config, bool deep, bool record);
int db_backup(const std::filesystem::path& config, const std::filesystem::path& target);
int db_restore(const std::filesystem::path& config, const std::filesystem::path& backup);

/// Holds an answer of the gateway against its receipt, both files; `keys` are verifier keys of the log.
int exchange_verify(const std::filesystem::path& answer, const std::filesystem::path& receipt, const std::vector<std::string>& keys);
/// A certificate, in a file or as it is, held against the issuer's key in a file; with a status list (or none, if empty), whether it was revoked.
int certificate_verify(const std::string& certificate, const std::filesystem::path& key, const std::filesystem::path& status);
/// Of the configured database; of a folder or URL if `from` names one, with the verifier key `key`.
int ledger_verify(const std::optional<std::filesystem::path>& config, const std::string& from, const std::string& key);
int ledger_export(const std::filesystem::path& config, const std::filesystem::path& target);
/// The inclusion proof of an entry, as JSON with hashes in hexadecimal.
int ledger_prove(const std::filesystem::path& config, const std::string& entry);
/// The proof that the tree of `second` entries continues that of `first`, a hash a line.
int ledger_consistency(const std::filesystem::path& config, std::uint64_t first, std::uint64_t second);
/// Salt and body of entries, for good; itself an entry that names `law` and `reason`.
int ledger_erase(const std::filesystem::path& config, const std::vector<std::string>& entries, const std::string& law, const std::string& reason);
/// Destroys the key of the attachments of a case, for good; itself an entry that names `law` and `reason`.
int attachments_erase(const std::filesystem::path& config, const std::string& case_id, const std::string& law, const std::string& reason);
int ledger_succeed(const std::filesystem::path& config, const std::string& reason);

/// The accounts of units' systems, with the certificates that are or were bound to them.
int account_list(const std::filesystem::path& config);
/// From now on whoever has the key of the certificate (a PEM file, or the SHA-256 of its public key) calls as this account.
int account_bind(const std::filesystem::path& config, const std::string& username, const std::string& certificate);
/// Ends that; of all certificates of the account if `certificate` is empty.
int account_unbind(const std::filesystem::path& config, const std::string& username, const std::string& certificate);

/// Every source: its name, kind, unit and address, and what is known to be wrong with it.
int source_list(const std::filesystem::path& config);
/// Reads its tables and prints what they hold and which faults they have, with counts.
int source_examine(const std::filesystem::path& config, const std::string& source, bool as_json);
/// Whether it can be reached and has what its resources name; kept for the pages.
int source_check(const std::filesystem::path& config, const std::string& source);
/// Seals the first line of the standard input as its password or token.
int source_secret_set(const std::filesystem::path& config, const std::string& source);

/// The value of a FEEL expression, its names from a JSON file; with `unary`, whether the unary tests hold for that JSON value.
int rules_eval(const std::string& expression, const std::filesystem::path& context, const std::optional<std::string>& unary);
struct RulesDecide {
  std::filesystem::path model, input;  // `-`: the standard input
  std::string decision;                // or decision service, by name or id; empty: the last of the model
  std::string as_of;                   // a date, or empty
  bool explain = false;
};
int rules_decide(const RulesDecide& given);
int rules_check(const std::vector<std::filesystem::path>& models);
/// A folder in the format of the DMN Technology Compatibility Kit; `csv_file`, if not empty, gets its report.
int rules_suite(const std::filesystem::path& folder, const std::filesystem::path& csv_file, const std::string& filter);

int cases_check(const std::vector<std::filesystem::path>& models);
struct CasesRun {
  std::filesystem::path model, variables, steps;
  std::vector<std::filesystem::path> decisions;
  std::string process;  // empty: the first of the model
  std::string now;      // an instant; empty: by the clock
  bool trace = false;
};
/// A process in virtual time, in memory. 1 if it came to an incident.
int cases_run(const CasesRun& given);
struct CasesMigrate {
  std::filesystem::path config;
  std::string process, from, to;     // versions: `current`, or the first digits of a hash
  std::vector<std::string> renamed;  // OLD=NEW
  bool dry_run = false;
  bool as_json = false;  // of the dry run: a line a case
};
/// Running cases to another version of their process. A migration that was interrupted goes on when it is asked for again.
int cases_migrate(const CasesMigrate& given);
/// Which incidents a command means: one by its id, or all that the rest fits; what is empty does not restrict.
struct CasesIncidents {
  std::string incident, process, element, text, since;
};
/// Open incidents of the configured database: counted by step and message, then one by one.
int cases_incidents(const std::filesystem::path& config, const CasesIncidents& given);
/// Has their steps run again by the program that serves.
int cases_retry(const std::filesystem::path& config, const CasesIncidents& given);
struct CasesArchive {
  std::filesystem::path config;
  std::string month;     // yyyy-mm; empty: every month that is old enough
  int months_kept = 24;  // months before the present one whose cases stay in the database
  bool dry_run = false;
};
/// Closed cases of old months into files. One that was interrupted goes on when it is asked for again.
int cases_archive(const CasesArchive& given);
/// A case by its id or number, wherever it is, as JSON.
int cases_show(const std::filesystem::path& config, const std::string& which);
/// Destroys the key of a case in the archive, for good; itself an entry that names `law` and `reason`.
int cases_erase(const std::filesystem::path& config, const std::string& which, const std::string& law, const std::string& reason);
/// Gives a demonstration county a past: a new database, with the pack of `folder` applied at its beginning.
int simulate(const std::filesystem::path& config, const std::filesystem::path& folder);
int cases_suite(const std::filesystem::path& folder, const std::filesystem::path& csv_file);

}  // namespace jx::app
