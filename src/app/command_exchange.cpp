// junxian exchange: answers of the gateway, held against their receipts. Needs no configuration and no network.
#include "commands.hpp"
#include "files.hpp"
#include "terminal.hpp"

#include <jx/exchange/receipts.hpp>

#include <cstdio>

namespace jx::app {
namespace {

Result<std::vector<ledger::NoteKey>> parse_keys(const std::vector<std::string>& texts) {
  std::vector<ledger::NoteKey> keys;
  for (const auto& text : texts) {
    auto key = ledger::NoteKey::parse(text);
    if (!key)
      return fail(ErrorCode::invalid, {"--key takes a verifier key of the log, name+id+base64", "--key 须为账本的验证公钥（name+id+base64）"},
                  "/key");
    keys.push_back(std::move(*key));
  }
  return keys;
}

Result<exchange::Proven> check(const std::filesystem::path& answer, const std::filesystem::path& receipt, const std::vector<std::string>& keys) {
  JX_TRY(known, parse_keys(keys));
  JX_TRY(answer_text, read_text(answer));
  JX_TRY(receipt_text, read_text(receipt));
  JX_TRY(given, wire::parse(answer_text));
  JX_TRY(proof, wire::decode<exchange::Receipt>(receipt_text));
  return exchange::verify(proof, given, known);
}

}  // namespace

int exchange_verify(const std::filesystem::path& answer, const std::filesystem::path& receipt, const std::vector<std::string>& keys) {
  const auto proven = check(answer, receipt, keys);
  if (!proven) return failed(proven.error());
  std::printf("%s\n", say({"the answer is the one that was recorded", "应答与登记一致"}).c_str());
  std::printf("  %s %s\n", say({"at", "时间"}).c_str(), proven->at.text().c_str());
  std::printf("  %s %s, %s %s, %s %s\n", say({"read by", "使用单位"}).c_str(), proven->consumer.c_str(), say({"from", "提供单位"}).c_str(),
              proven->provider.c_str(), say({"resource", "数据资源"}).c_str(), proven->resource.c_str());
  std::printf("  %s %s, %lld %s\n", say({"under grant", "授权"}).c_str(), proven->grant.c_str(), static_cast<long long>(proven->records),
              say({"records", "条记录"}).c_str());
  for (const auto& signer : proven->signers) std::printf("  %s %s\n", say({"signed by", "签名"}).c_str(), signer.c_str());
  return 0;
}

}  // namespace jx::app
