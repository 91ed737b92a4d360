#include "commands.hpp"
#include "files.hpp"
#include "store.hpp"
#include "terminal.hpp"

#include <jx/crypto/certificate.hpp>
#include <jx/identity.hpp>

#include <algorithm>
#include <cstdio>

namespace jx::app {
namespace {

/// Of a fingerprint as it is, or of the certificate in a PEM file.
Result<identity::KeyFingerprint> fingerprint_of(const std::string& given) {
  if (!std::filesystem::exists(given)) {
    auto as_it_is = identity::parse_fingerprint(given);
    if (as_it_is) return as_it_is;
    return fail(ErrorCode::not_found, {"there is no file " + given + ", and it is no fingerprint of 64 hexadecimal digits",
                                       "没有文件 " + given + "，它也不是64位十六进制的指纹"});
  }
  JX_TRY(text, read_text(given));
  JX_TRY(digest, crypto::certificate_key_sha256(text));
  return to_hex(digest);
}

Result<> print(db::Tx& tx, const identity::Account& account) {
  std::printf("%s\t%s%s\n", account.username.c_str(), account.unit.text().c_str(), account.disabled ? say({"\tdisabled", "\t已停用"}).c_str() : "");
  JX_TRY(all, identity::certificates_of(tx, account.id));
  for (const auto& one : all) {
    const auto until = one.ended_at ? say({" until ", " 至 "}) + one.ended_at->text() : std::string();
    std::printf("  %s  %s%s\n", one.key.c_str(), one.bound_at.text().c_str(), until.c_str());
  }
  return {};
}

}  // namespace

int account_list(const std::filesystem::path& config) {
  auto store = open_store(config);
  if (!store) return failed(store.error());
  const auto done = (*store)->database->read(no_deadline, [](db::Tx& tx) -> Result<> {
    JX_TRY(accounts, identity::machine_accounts(tx));
    for (const auto& account : accounts) JX_CHECK(print(tx, account));
    return {};
  });
  return done ? 0 : failed(done.error());
}

int account_bind(const std::filesystem::path& config, const std::string& username, const std::string& certificate) {
  auto store = open_store(config);
  if (!store) return failed(store.error());
  const auto key = fingerprint_of(certificate);
  if (!key) return failed(key.error());
  const auto context = (*store)->system_context();
  const auto done = (*store)->database->write(no_deadline, [&](db::Tx& tx) -> Result<> {
    JX_TRY(account, identity::account_by_username(tx, username));
    return identity::bind_certificate(tx, context, account.id, *key);
  });
  if (!done) return failed(done.error());
  std::printf("%s %s %s\n", key->c_str(), say({"is bound to", "已绑定"}).c_str(), username.c_str());
  return 0;
}

int account_unbind(const std::filesystem::path& config, const std::string& username, const std::string& certificate) {
  auto store = open_store(config);
  if (!store) return failed(store.error());
  const auto named = certificate.empty() ? Result<identity::KeyFingerprint>(identity::KeyFingerprint()) : fingerprint_of(certificate);
  if (!named) return failed(named.error());
  const auto context = (*store)->system_context();
  const auto ended = (*store)->database->write(no_deadline, [&](db::Tx& tx) -> Result<std::vector<identity::KeyFingerprint>> {
    JX_TRY(account, identity::account_by_username(tx, username));
    std::vector<identity::KeyFingerprint> keys;
    if (!named->empty()) keys.push_back(*named);
    JX_TRY(all, identity::certificates_of(tx, account.id));
    for (const auto& one : all) {
      if (named->empty() && !one.ended_at) keys.push_back(one.key);
    }
    for (const auto& key : keys) JX_CHECK(identity::end_certificate(tx, context, account.id, key));
    return keys;
  });
  if (!ended) return failed(ended.error());
  for (const auto& key : *ended) std::printf("%s %s %s\n", key.c_str(), say({"is no longer bound to", "已解除绑定"}).c_str(), username.c_str());
  return 0;
}

}  // namespace jx::app
