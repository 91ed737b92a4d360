// junxian - the command line. Commands are functions of commands.hpp; this file only names them and their options.
#include "commands.hpp"

#include <CLI/CLI.hpp>

namespace {

struct Given {
  std::filesystem::path config = "junxian.yaml";
  std::filesystem::path path, receipt, target;
  std::string format = "text";
  bool dry_run = false;
  std::string from, key, reason, law;
  std::vector<std::string> entries;
  std::uint64_t first = 0, second = 0;
  bool deep = false;
  bool record = false;
  std::filesystem::path context, csv;
  std::string expression, unary, filter;
  std::vector<std::filesystem::path> models;
  jx::app::RulesDecide decide;
  jx::app::CasesRun run;
  jx::app::CasesMigrate migrate;
  jx::app::CasesIncidents incidents;
  jx::app::CasesArchive archive;
};

CLI::Option* with_config(CLI::App* command, Given& given) {
  return command->add_option("--config", given.config, "the configuration file")->type_name("FILE")->capture_default_str();
}

void add_serving(CLI::App& cli, Given& given, int& status) {
  auto* serve = cli.add_subcommand("serve", "serve the portal, the workbench and the API");
  with_config(serve, given);
  serve->callback([&] { status = jx::app::serve(given.config); });
  auto* init = cli.add_subcommand("init", "make folders, keys and tables that are missing");
  with_config(init, given);
  init->callback([&] { status = jx::app::init(given.config); });
}

void add_simulation(CLI::App& cli, Given& given, int& status) {
  auto* simulate = cli.add_subcommand("simulate", "make an empty database with a demonstration pack and the past that its simulation.yaml plans");
  with_config(simulate, given);
  simulate->add_option("DIR", given.path, "the pack's folder")->required();
  simulate->callback([&] { status = jx::app::simulate(given.config, given.path); });
}

void add_pack(CLI::App& cli, Given& given, int& status) {
  auto* pack = cli.add_subcommand("pack", "a jurisdiction as a folder of files")->require_subcommand(1);
  auto* check = pack->add_subcommand("check", "list every fault, with file, line and what to do");
  check->add_option("DIR", given.path, "the pack's folder")->required();
  check->callback([&] { status = jx::app::pack_check(given.path); });
  for (const bool apply : {false, true}) {
    auto* command =
        pack->add_subcommand(apply ? "apply" : "plan", apply ? "show what changes, then do it, all or nothing" : "show what applying would change");
    with_config(command, given);
    command->add_option("DIR", given.path, "the pack's folder")->required();
    command->callback([&given, &status, apply] { status = jx::app::pack_apply(given.config, given.path, apply); });
  }
}

void add_items(CLI::App& cli, Given& given, int& status) {
  auto* items = cli.add_subcommand("items", "lists of service items")->require_subcommand(1);
  auto* lint = items->add_subcommand("lint", "hold a list against the rules: a JSON or XLSX file, or a pack's folder");
  lint->add_option("FILE", given.path, "the list, or the pack's folder")->required();
  lint->add_option("--format", given.format, "text or json")->check(CLI::IsMember({"text", "json"}))->capture_default_str();
  lint->callback([&] { status = jx::app::items_lint(given.path, given.format == "json"); });
  auto* to = items->add_subcommand("export", "write the items of a pack as a list");
  to->add_option("DIR", given.path, "the pack's folder")->required();
  to->add_option("--output", given.target, "the file: .json or .xlsx")->required()->type_name("FILE");
  to->callback([&] { status = jx::app::items_export(given.path, given.target); });
  auto* from = items->add_subcommand("import", "write what a list says into items/*.yaml of a pack");
  from->add_option("FILE", given.path, "the list: JSON or XLSX")->required();
  from->add_option("--pack", given.target, "the pack's folder")->required()->type_name("DIR");
  from->add_flag("--dry-run", given.dry_run, "only say what would change");
  from->callback([&] { status = jx::app::items_import(given.path, given.target, given.dry_run); });
  auto* search = cli.add_subcommand("search", "how things are found")->require_subcommand(1);
  auto* eval = search->add_subcommand("eval", "print how often the right item comes first, among three, among ten");
  eval->add_option("FILE", given.path, "queries and the items that they should find: JSON, or `query,item` a line")->required();
  eval->add_option("--pack", given.target, "the pack's folder")->required()->type_name("DIR");
  eval->callback([&] { status = jx::app::search_eval(given.path, given.target); });
}

void add_db(CLI::App& cli, Given& given, int& status) {
  auto* db = cli.add_subcommand("db", "the database")->require_subcommand(1);
  auto* migrate = db->add_subcommand("migrate", "bring the tables to what this program needs");
  with_config(migrate, given);
  migrate->callback([&] { status = jx::app::db_migrate(given.config); });
  auto* check = db->add_subcommand("check", "read everything: file, schema, state rows against the ledger, the ledger's tree");
  with_config(check, given);
  check->add_flag("--deep", given.deep, "open every attachment and archived case too");
  check->add_flag("--record", given.record, "write down in the ledger that it was done and what came of it, for auditors");
  check->callback([&] { status = jx::app::db_check(given.config, given.deep, given.record); });
  auto* backup = db->add_subcommand("backup", "copy database, archive and last checkpoint while in use");
  with_config(backup, given);
  backup->add_option("TARGET", given.path, "a folder that does not exist yet")->required();
  backup->callback([&] { status = jx::app::db_backup(given.config, given.path); });
  auto* restore = db->add_subcommand("restore", "make the configured database, which must not exist, from a backup");
  with_config(restore, given);
  restore->add_option("BACKUP", given.path, "a folder made by backup")->required();
  restore->callback([&] { status = jx::app::db_restore(given.config, given.path); });
}

void add_ledger(CLI::App& cli, Given& given, int& status) {
  auto* ledger = cli.add_subcommand("ledger", "the tamper-evident record")->require_subcommand(1);
  auto* verify = ledger->add_subcommand("verify", "check every entry, tile and signature");
  auto* config = with_config(verify, given);
  verify->add_option("--from", given.from, "a folder or URL that holds the log as tiles")->type_name("DIR|URL");
  verify->add_option("--key", given.key, "the verifier key of that log; without it, the keys of the configuration")->type_name("KEY");
  verify->callback([&given, &status, config] {
    const bool own = config->count() > 0 || given.from.empty() || given.key.empty();
    status = jx::app::ledger_verify(own ? std::optional(given.config) : std::nullopt, given.from, given.key);
  });
  auto* out = ledger->add_subcommand("export", "write the log as files that any web server can serve");
  with_config(out, given);
  out->add_option("TARGET", given.path, "a folder")->required();
  out->callback([&] { status = jx::app::ledger_export(given.config, given.path); });
  auto* prove = ledger->add_subcommand("prove", "the proof that an entry is in the log, as JSON");
  with_config(prove, given);
  prove->add_option("ENTRY", given.entries, "its id")->required()->expected(1);
  prove->callback([&] { status = jx::app::ledger_prove(given.config, given.entries.front()); });
  auto* consistency = ledger->add_subcommand("consistency", "the proof that a later tree continues an earlier one");
  with_config(consistency, given);
  consistency->add_option("FIRST", given.first, "how many entries the earlier tree has")->required();
  consistency->add_option("SECOND", given.second, "how many the later one has")->required();
  consistency->callback([&] { status = jx::app::ledger_consistency(given.config, given.first, given.second); });
  auto* erase = ledger->add_subcommand("erase", "erase salt and body of entries for good; their proofs stay");
  with_config(erase, given);
  erase->add_option("ENTRY", given.entries, "ids")->required();
  erase->add_option("--law", given.law, "which law asks for it")->required();
  erase->add_option("--reason", given.reason, "why, in a sentence without personal data")->required();
  erase->callback([&] { status = jx::app::ledger_erase(given.config, given.entries, given.law, given.reason); });
  auto* succeed = ledger->add_subcommand("succeed", "close a log that lost entries and open its declared successor (docs/ledger.md, Recovery)");
  with_config(succeed, given);
  succeed->add_option("--reason", given.reason, "why, for everybody to read")->required();
  succeed->callback([&] { status = jx::app::ledger_succeed(given.config, given.reason); });
}

void add_exchange(CLI::App& cli, Given& given, int& status) {
  auto* exchange = cli.add_subcommand("exchange", "answers of the gateway")->require_subcommand(1);
  auto* verify = exchange->add_subcommand("verify", "hold an answer against its receipt, offline");
  verify->add_option("ANSWER", given.path, "what queryData answered, as a file")->required();
  verify->add_option("RECEIPT", given.receipt, "what getReceipt answered, as a file")->required();
  verify->add_option("--key", given.entries, "a verifier key of the log (keys of /api/v1/ledger, best got another way); may be given more than once")
      ->type_name("KEY")
      ->required();
  verify->callback([&] { status = jx::app::exchange_verify(given.path, given.receipt, given.entries); });
}

void add_certificate(CLI::App& cli, Given& given, int& status) {
  auto* certificate = cli.add_subcommand("certificate", "certificates that people show")->require_subcommand(1);
  auto* verify = certificate->add_subcommand("verify", "is it genuine, in force and not revoked? Needs no network");
  verify->add_option("CERTIFICATE", given.expression, "a file, the signed text itself, or the link of a printed code")->required();
  verify->add_option("--key", given.path, "the issuer's key: PEM, or /.well-known/jwt-vc-issuer as a file, best got another way")
      ->type_name("FILE")
      ->required();
  verify->add_option("--status", given.receipt, "the status list that the certificate names, as a file")->type_name("FILE");
  verify->callback([&] { status = jx::app::certificate_verify(given.expression, given.path, given.receipt); });
}

void add_attachments(CLI::App& cli, Given& given, int& status) {
  auto* attachments = cli.add_subcommand("attachments", "the files of cases")->require_subcommand(1);
  auto* erase = attachments->add_subcommand("erase", "destroy the key of all files of a case: nothing can read them any more");
  with_config(erase, given);
  erase->add_option("CASE", given.entries, "its id")->required()->expected(1);
  erase->add_option("--law", given.law, "which law asks for it")->required();
  erase->add_option("--reason", given.reason, "why, in a sentence without personal data")->required();
  erase->callback([&] { status = jx::app::attachments_erase(given.config, given.entries.front(), given.law, given.reason); });
}

void add_account(CLI::App& cli, Given& given, int& status) {
  auto* account = cli.add_subcommand("account", "the accounts of units' own systems")->require_subcommand(1);
  auto* list = account->add_subcommand("list", "each with the certificates that are or were bound to it");
  with_config(list, given);
  list->callback([&] { status = jx::app::account_list(given.config); });
  auto* bind = account->add_subcommand("bind", "let the owner of a client certificate call as this account");
  auto* unbind = account->add_subcommand("unbind", "end that, from the next call on");
  for (auto* command : {bind, unbind}) {
    with_config(command, given);
    command->add_option("USERNAME", given.expression, "of the account")->required();
  }
  bind->add_option("CERTIFICATE", given.from, "a PEM file, or the SHA-256 of its public key in hexadecimal")->required();
  unbind->add_option("CERTIFICATE", given.from, "the same; absent: all that are bound");
  bind->callback([&] { status = jx::app::account_bind(given.config, given.expression, given.from); });
  unbind->callback([&] { status = jx::app::account_unbind(given.config, given.expression, given.from); });
}

void add_source(CLI::App& cli, Given& given, int& status) {
  auto* source = cli.add_subcommand("source", "the data sources of departments")->require_subcommand(1);
  auto* list = source->add_subcommand("list", "every source, with what is known to be wrong with it");
  with_config(list, given);
  list->callback([&] { status = jx::app::source_list(given.config); });
  const auto of_source = [&](CLI::App* command) {
    with_config(command, given);
    command->add_option("SOURCE", given.expression, "its name")->required();
    return command;
  };
  auto* examine = of_source(source->add_subcommand("examine", "its tables and columns, and the faults that they have, with counts"));
  examine->add_flag("--json", given.deep, "as JSON");
  examine->callback([&] { status = jx::app::source_examine(given.config, given.expression, given.deep); });
  auto* check = of_source(source->add_subcommand("check", "whether it can be reached and has what its resources name"));
  check->callback([&] { status = jx::app::source_check(given.config, given.expression); });
  auto* secret = source->add_subcommand("secret", "its password or token, sealed")->require_subcommand(1);
  auto* set = of_source(secret->add_subcommand("set", "seal the first line of the standard input as its password or token"));
  set->callback([&] { status = jx::app::source_secret_set(given.config, given.expression); });
}

void add_rules(CLI::App& cli, Given& given, int& status) {
  auto* rules = cli.add_subcommand("rules", "FEEL and DMN")->require_subcommand(1);
  auto* eval = rules->add_subcommand("eval", "the value of a FEEL expression, as JSON (docs/rules.md)");
  eval->add_option("EXPRESSION", given.expression, "such as 'sum(for i in 1..4 return i * i)'")->required();
  eval->add_option("--context", given.context, "the names that it uses: a JSON object, - for standard input")->type_name("FILE");
  auto* unary = eval->add_option("--unary", given.unary, "the expression is unary tests: do they hold for this value?")->type_name("JSON");
  eval->callback([&given, &status, unary] {
    status = jx::app::rules_eval(given.expression, given.context, unary->count() > 0 ? std::optional(given.unary) : std::nullopt);
  });
  auto* decide = rules->add_subcommand("decide", "a decision of a DMN model");
  decide->add_option("MODEL", given.decide.model, "a .dmn file")->required();
  auto* decision = decide->add_option("--decision", given.decide.decision, "name or id; without it, the last of the model")->type_name("NAME");
  decide->add_option("--service", given.decide.decision, "a decision service, by name or id")->type_name("NAME")->excludes(decision);
  decide->add_option("--input", given.decide.input, "the input data by name: a JSON object, - for standard input")->type_name("FILE")->required();
  decide->add_flag("--explain", given.decide.explain, "with decisions, rules, inputs and laws, and in words");
  decide->add_option("--as-of", given.decide.as_of, "by the rules in force on this day")->type_name("DATE");
  decide->callback([&] { status = jx::app::rules_decide(given.decide); });
  auto* check = rules->add_subcommand("check", "gaps, overlaps, dead rules and wrong types of models");
  check->add_option("MODEL", given.models, ".dmn files")->required();
  check->callback([&] { status = jx::app::rules_check(given.models); });
  auto* suite = rules->add_subcommand("suite", "run a folder of the DMN Technology Compatibility Kit");
  suite->add_option("DIR", given.path)->required();
  suite->add_option("--csv", given.csv, "write the kit's report")->type_name("FILE");
  suite->add_option("--filter", given.filter, "only tests whose folder, file or id holds this")->type_name("TEXT");
  suite->callback([&] { status = jx::app::rules_suite(given.path, given.csv, given.filter); });
}

void add_cases(CLI::App& cli, Given& given, int& status) {
  auto* cases = cli.add_subcommand("cases", "BPMN processes")->require_subcommand(1);
  auto* check = cases->add_subcommand("check", "hold models against the rules of BPMN 2.0");
  check->add_option("MODEL", given.models, ".bpmn files")->required();
  check->callback([&] { status = jx::app::cases_check(given.models); });
  auto* run = cases->add_subcommand("run", "run a process in virtual time, without a server (docs/cases.md)");
  run->add_option("MODEL", given.run.model, "a .bpmn file")->required();
  run->add_option("--process", given.run.process, "its id; without it, the first of the model")->type_name("ID");
  run->add_option("--variables", given.run.variables, "to start with: a JSON object")->type_name("FILE");
  run->add_option("--steps", given.run.steps, "what happens: a YAML list of complete, message, signal, wait")->type_name("FILE");
  run->add_option("--decisions", given.run.decisions, ".dmn files for its business rule tasks")->type_name("FILE");
  run->add_option("--now", given.run.now, "when it begins, as 2026-11-23T09:00:00+08:00; without it, now")->type_name("TIME");
  run->add_flag("--trace", given.run.trace, "each element that was entered, and when (UTC)");
  run->callback([&] { status = jx::app::cases_run(given.run); });
  auto* migrate = cases->add_subcommand("migrate", "running cases to another version of their process (docs/cases.md)");
  with_config(migrate, given);
  migrate->add_option("--process", given.migrate.process, "its key")->required();
  migrate->add_option("--from", given.migrate.from, "a version: the first 8 or more digits of its hash")->type_name("VERSION")->required();
  migrate->add_option("--to", given.migrate.to, "a version, or `current`")->type_name("VERSION")->required();
  migrate->add_option("--map", given.migrate.renamed, "an element that has another id there")->type_name("OLD=NEW");
  migrate->add_flag("--dry-run", given.migrate.dry_run, "only list each running case with what would happen to it");
  migrate->add_flag("--json", given.migrate.as_json, "of a dry run: a JSON object a line");
  migrate->callback([&] {
    given.migrate.config = given.config;
    status = jx::app::cases_migrate(given.migrate);
  });
  auto* suite = cases->add_subcommand("suite", "run a folder of BPMN tests: cases.json, models/, constraints/");
  suite->add_option("DIR", given.path)->required();
  suite->add_option("--csv", given.csv, "one line a case")->type_name("FILE");
  suite->callback([&] { status = jx::app::cases_suite(given.path, given.csv); });
}

void with_filter(CLI::App* command, Given& given) {
  with_config(command, given);
  command->add_option("--process", given.incidents.process, "of this process only")->type_name("KEY");
  command->add_option("--element", given.incidents.element, "of the step with this BPMN id only")->type_name("ID");
  command->add_option("--text", given.incidents.text, "whose message holds these words")->type_name("WORDS");
  command->add_option("--since", given.incidents.since, "of this instant and later")->type_name("INSTANT");
}

void add_incidents(CLI::App& cli, Given& given, int& status) {
  auto* cases = cli.get_subcommand("cases");
  auto* list = cases->add_subcommand("incidents", "steps of cases that failed and wait for somebody (docs/cases.md)");
  with_filter(list, given);
  list->callback([&] { status = jx::app::cases_incidents(given.config, given.incidents); });
  auto* retry = cases->add_subcommand("retry", "run failed steps again: one, or all of a filter");
  with_filter(retry, given);
  auto* all = retry->add_flag("--all")->description("all open incidents");
  auto* one = retry->add_option("--incident", given.incidents.incident, "the one with this id")->type_name("ID");
  for (const char* other : {"--process", "--element", "--text", "--since", "--all"}) one->excludes(retry->get_option(other));
  retry->callback([&given, &status, all] {
    const auto& i = given.incidents;
    if (i.incident.empty() && i.process.empty() && i.element.empty() && i.text.empty() && i.since.empty() && all->count() == 0)
      throw CLI::RequiredError("--incident, --process, --element, --text, --since or --all");
    status = jx::app::cases_retry(given.config, given.incidents);
  });
}

void add_archive(CLI::App& cli, Given& given, int& status) {
  auto* cases = cli.get_subcommand("cases");
  auto* archive = cases->add_subcommand("archive", "closed cases of old months into files that never change (docs/cases.md)");
  with_config(archive, given);
  auto* month = archive->add_option("--month", given.archive.month, "of this month only, which must be over")->type_name("YYYY-MM");
  auto* keep = archive->add_option("--keep", given.archive.months_kept, "months before the present one whose cases stay in the database")
                   ->type_name("MONTHS")
                   ->check(CLI::Range(0, 1200))
                   ->capture_default_str();
  month->excludes(keep);
  archive->add_flag("--dry-run", given.archive.dry_run, "only list the months and their number of cases");
  archive->callback([&] {
    given.archive.config = given.config;
    status = jx::app::cases_archive(given.archive);
  });
  auto* show = cases->add_subcommand("show", "a case as JSON, from the database or the archive");
  with_config(show, given);
  show->add_option("CASE", given.entries, "its number or id")->required()->expected(1);
  show->callback([&] { status = jx::app::cases_show(given.config, given.entries.front()); });
  auto* erase = cases->add_subcommand("erase", "destroy the key of a case in the archive: nothing can read its record any more");
  with_config(erase, given);
  erase->add_option("CASE", given.entries, "its number or id")->required()->expected(1);
  erase->add_option("--law", given.law, "which law asks for it")->required();
  erase->add_option("--reason", given.reason, "why, in a sentence without personal data")->required();
  erase->callback([&] { status = jx::app::cases_erase(given.config, given.entries.front(), given.law, given.reason); });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App cli{"Junxian: the digital government of one jurisdiction, in one program", "junxian"};
  cli.set_version_flag("--version", JX_VERSION);
  cli.require_subcommand(1);
  Given given;
  int status = 0;
  add_serving(cli, given, status);
  add_pack(cli, given, status);
  add_simulation(cli, given, status);
  add_items(cli, given, status);
  add_db(cli, given, status);
  add_ledger(cli, given, status);
  add_attachments(cli, given, status);
  add_exchange(cli, given, status);
  add_certificate(cli, given, status);
  add_account(cli, given, status);
  add_source(cli, given, status);
  add_rules(cli, given, status);
  add_cases(cli, given, status);
  add_incidents(cli, given, status);
  add_archive(cli, given, status);
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return cli.exit(error) == 0 ? 0 : 2;
  }
  return status;
}
