#include "commands.hpp"
#include "keys.hpp"
#include "terminal.hpp"

#include <jx/http/client.hpp>
#include <jx/ledger/log.hpp>
#include <jx/ledger/sequencer.hpp>
#include <jx/ledger/subjects.hpp>
#include <jx/ledger/verify.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iterator>
#include <thread>
#include <vector>

namespace jx::app {
namespace {

namespace json = boost::json;

bool is_url(const std::string& from) { return from.starts_with("http://") || from.starts_with("https://"); }

constexpr int tries_max = 8;
constexpr std::chrono::seconds wait_max{30};

/// One file of the node; when it says that it is busy, or that we ask too often, again after the time that it names.
Result<http::Answered> patient_get(http::Client& client, const std::string& url) {
  for (int tries = 1;; ++tries) {
    auto answer = client.get(url);
    const bool later = answer && (answer->status == 429 || answer->status == 503);
    if (!later || tries == tries_max) return answer;
    std::this_thread::sleep_for(std::clamp(answer->retry_after.value_or(std::chrono::seconds(1)), std::chrono::seconds(0), wait_max));
  }
}

/// A log that another node serves: <url>/checkpoint, <url>/tile/...
ledger::Source url_source(http::Client& client, const std::string& url) {
  ledger::Source source;
  source.fetch = [&client, url](const std::string& path) -> Result<std::optional<Bytes>> {
    JX_TRY(answer, patient_get(client, url + (url.ends_with('/') ? "" : "/") + path));
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

/// Whether the tree continues what the signer signed last, which a backup that was restored may not.
int continues(db::Database& database, const ledger::Signer& signer) {
  const auto checked = ledger::check_signed(database, signer);
  return checked ? 0 : failed(checked.error());
}

/// Whether every body that is gone was erased by an act.
int nothing_taken_out(db::Database& database) {
  const auto taken = database.read(no_deadline, [](db::Tx& tx) { return ledger::erased_without_record(tx); });
  if (!taken) return failed(taken.error());
  for (const auto id : *taken) {
    std::printf("%s: %s\n", id.text().c_str(),
                say({"the body of this entry is gone, and no entry says that it was erased", "这条记录的内容已消失，账本中没有清除登记"}).c_str());
  }
  return taken->empty() ? 0 : 1;
}

/// Whether the index of subjects is what the entries say.
int indexed_well(db::Database& database) {
  const auto wrong = database.read(no_deadline, [](db::Tx& tx) { return ledger::wrongly_indexed(tx); });
  if (!wrong) return failed(wrong.error());
  for (const auto& entry : *wrong) {
    std::printf("%s: %s\n", entry.c_str(), say({"the index of subjects is not what this entry says", "对象索引与这条记录的内容不符"}).c_str());
  }
  return wrong->empty() ? 0 : 1;
}

Result<json::object> proof_of(db::Tx& tx, std::string_view entry) {
  JX_TRY(id, ledger::EntryId::parse(entry));
  JX_TRY(proof, ledger::prove(tx, id));
  json::array hashes;
  for (const auto& hash : proof.hashes) hashes.emplace_back(to_hex(hash));
  return json::object{{"entry", id.text()}, {"index", proof.place.index}, {"tree_size", proof.size},
                      {"leaf", proof.leaf}, {"proof", std::move(hashes)}, {"checkpoint", proof.checkpoint}};
}

}  // namespace

int ledger_prove(const std::filesystem::path& config, const std::string& entry) {
  auto store = open_store(config);
  if (!store) return failed(store.error());
  const auto proof = (*store)->database->read(no_deadline, [&](db::Tx& tx) { return proof_of(tx, entry); });
  if (!proof) return failed(proof.error());
  std::printf("%s\n", json::serialize(*proof).c_str());
  return 0;
}

int ledger_consistency(const std::filesystem::path& config, std::uint64_t first, std::uint64_t second) {
  auto store = open_store(config);
  if (!store) return failed(store.error());
  const auto proof = (*store)->database->read(no_deadline, [&](db::Tx& tx) -> Result<std::vector<ledger::Hash>> {
    JX_TRY(log, ledger::newest_log(tx));
    return ledger::prove_consistency(tx, log.log, first, second);
  });
  if (!proof) return failed(proof.error());
  for (const auto& hash : *proof) std::printf("%s\n", to_hex(hash).c_str());
  return 0;
}

int ledger_erase(const std::filesystem::path& config, const std::vector<std::string>& entries, const std::string& law, const std::string& reason) {
  auto store = open_store(config);
  if (!store) return failed(store.error());
  std::vector<ledger::EntryId> ids;
  for (const auto& entry : entries) {
    const auto id = ledger::EntryId::parse(entry);
    if (!id) return failed(id.error());
    ids.push_back(*id);
  }
  const auto context = (*store)->system_context();
  std::vector<Uuid> uuids;
  for (const auto& id : ids) uuids.push_back(id.uuid());
  const auto done = (*store)->database->write(no_deadline, [&](db::Tx& tx) -> Result<ledger::EntryId> {
    ledger::Entry act{"ledger.erased", {}, {{"law", law}, {"reason", reason}}, {}};
    JX_TRY(states, ledger::still_vouched_for(tx, state_tables(), uuids));
    act.state = std::move(states);
    return ledger::erase(tx, context, ids, act);
  });
  if (!done) return failed(done.error());
  std::printf("%zu %s %s\n", ids.size(), say({"erased, recorded as", "条已清除，登记为"}).c_str(), done->text().c_str());
  return 0;
}

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
  if (logs->empty())
    return failed(
        {ErrorCode::not_found, {"there is no log yet: it is opened when the program first serves", "尚无账本：首次 serve 时建立"}, {}, nullptr});
  if (!from.empty()) {
    std::vector<ledger::NoteKey> all;  // of every log of this node: what lies there may be any of them
    for (const auto& log : *logs) std::ranges::move(keys->ledger.keys(log.origin), std::back_inserter(all));
    if (!is_url(from)) return run(ledger::folder_source(from), all);
    http::Client client;
    return run(url_source(client, from), all);
  }
  int status = 0;
  for (const auto& log : *logs) {
    status |= run(ledger::database_source(*(*store)->database, log.log), keys->ledger.keys(log.origin));
  }
  status |= continues(*(*store)->database, keys->ledger);
  status |= indexed_well(*(*store)->database);
  return status | nothing_taken_out(*(*store)->database);
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
