#include "commands.hpp"
#include "keys.hpp"
#include "terminal.hpp"

#include <jx/http/client.hpp>
#include <jx/ledger/log.hpp>
#include <jx/ledger/verify.hpp>

#include <cstdio>
#include <vector>

namespace jx::app {
namespace {

bool is_url(const std::string& from) { return from.starts_with("http://") || from.starts_with("https://"); }

/// A log that another node serves: <url>/checkpoint, <url>/tile/...
ledger::Source url_source(http::Client& client, const std::string& url) {
  ledger::Source source;
  source.fetch = [&client, url](const std::string& path) -> Result<std::optional<Bytes>> {
    JX_TRY(answer, client.get(url + (url.ends_with('/') ? "" : "/") + path));
    if (answer.status == 404) return std::optional<Bytes>();
    if (answer.status != 200) {
      return fail(ErrorCode::unavailable, {"the node answered " + std::to_string(answer.status) + " for " + path,
                                           "对方节点对 " + path + " 的应答为 " + std::to_string(answer.status)});
    }
    return std::optional(Bytes(answer.body.begin(), answer.body.end()));
  };
  return source;
}

int tell(const ledger::VerifyReport& report) {
  for (const auto& finding : report.findings) {
    const auto entry = finding.entry ? say({" entry ", " 记录 "}) + std::to_string(*finding.entry) : "";
    std::printf("%s%s: %s\n", finding.path.c_str(), entry.c_str(), say(finding.what).c_str());
  }
  if (!report.good()) {
    std::printf("%llu %s\n", static_cast<unsigned long long>(report.findings_count), say({"things are wrong", "处错误"}).c_str());
    return 1;
  }
  std::printf("%s: %llu %s, %llu %s, %llu %s\n", report.checkpoint.origin.c_str(), static_cast<unsigned long long>(report.entries),
              say({"entries", "条记录"}).c_str(), static_cast<unsigned long long>(report.bodies),
              say({"bodies held against their leaves", "份内容与叶子相符"}).c_str(), static_cast<unsigned long long>(report.bodies_erased),
              say({"erased", "份已依法删除"}).c_str());
  std::printf("%s\n", say({"the log is whole", "账本完整无误"}).c_str());
  return 0;
}

int run(const ledger::Source& source, const std::vector<ledger::NoteKey>& keys) {
  ProgressBar bar;
  const auto report = ledger::verify(source, keys, [&](std::uint64_t done, std::uint64_t total) { bar.show(done, total); });
  return report ? tell(*report) : failed(report.error());
}

int verify_elsewhere(const std::string& from, const std::string& key) {
  const auto parsed = ledger::NoteKey::parse(key);
  if (!parsed) {
    return failed({ErrorCode::invalid,
                   {"--key takes the log's verifier key, name+id+base64; it is under keys of /api/v1/ledger, and best got another way",
                    "--key 须为账本的验证公钥（name+id+base64），见 /api/v1/ledger 的 keys，最好另行取得"},
                   {},
                   nullptr});
  }
  if (!is_url(from)) return run(ledger::folder_source(from), {*parsed});
  http::Client client;
  return run(url_source(client, from), {*parsed});
}

}  // namespace

int ledger_verify(const std::optional<std::filesystem::path>& config, const std::string& from, const std::string& key) {
  if (!from.empty() && !key.empty()) return verify_elsewhere(from, key);
  if (!config)
    return failed(
        {ErrorCode::invalid,
         {"say what to verify: --config FILE, or --from FOLDER|URL with --key KEY", "请指定 --config 文件，或 --from 目录|网址 加 --key 公钥"},
         {},
         nullptr});
  auto store = open_store(*config);
  if (!store) return failed(store.error());
  const auto keys = load_keys((*store)->config.keys);
  if (!keys) return failed(keys.error());
  const auto logs = (*store)->database->read(no_deadline, [](db::Tx& tx) { return ledger::logs(tx); });
  if (!logs) return failed(logs.error());
  int status = logs->empty() ? failed({ErrorCode::not_found,
                                       {"there is no log yet: it is opened when the program first serves", "尚无账本：首次 serve 时建立"},
                                       {},
                                       nullptr})
                             : 0;
  for (const auto& log : *logs) {
    if (!from.empty() && !is_url(from)) return run(ledger::folder_source(from), keys->ledger.keys(log.origin));
    if (!from.empty()) {
      http::Client client;
      return run(url_source(client, from), keys->ledger.keys(log.origin));
    }
    status |= run(ledger::database_source(*(*store)->database, log.log), keys->ledger.keys(log.origin));
  }
  return status;
}

int ledger_export(const std::filesystem::path& config, const std::filesystem::path& target) {
  auto store = open_store(config);
  if (!store) return failed(store.error());
  const auto log = (*store)->database->read(no_deadline, [](db::Tx& tx) { return ledger::newest_log(tx); });
  if (!log) return failed(log.error());
  const auto done = ledger::export_log(*(*store)->database, log->log, target);
  if (!done) return failed(done.error());
  std::printf("%s: %llu %s\n", target.c_str(), static_cast<unsigned long long>(done->size), say({"entries written", "条记录已导出"}).c_str());
  return 0;
}

int ledger_succeed(const std::filesystem::path& config, const std::string& reason) {
  auto store = open_store(config);
  if (!store) return failed(store.error());
  const auto keys = load_keys((*store)->config.keys);
  if (!keys) return failed(keys.error());
  const auto context = (*store)->system_context();
  const auto log = (*store)->database->write(no_deadline, [&](db::Tx& tx) { return ledger::open_successor(tx, context, keys->ledger, reason); });
  if (!log) return failed(log.error());
  std::printf("%s %s\n", say({"opened", "已建立"}).c_str(), log->origin.c_str());
  return 0;
}

}  // namespace jx::app
