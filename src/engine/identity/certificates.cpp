#include <jx/identity/certificates.hpp>

#include "identity_sql.hpp"
#include "store.hpp"

#include <algorithm>

namespace jx::identity {
namespace {

Certificate certificate_of(const db::Row& row) {
  Certificate one{row.text(0), row.id<AccountId>(1), row.instant(2), {}};
  if (!row.null(3)) one.ended_at = row.instant(3);
  return one;
}

Result<> record(db::Tx& tx, const Context& ctx, const char* kind, const AccountId& id, const KeyFingerprint& key) {
  JX_TRY(state, ledger::state_of(tx, Tables::certificate, key));
  ledger::Entry entry{kind, {ledger::subject("account", id)}, {}, {std::move(state)}};
  entry.body["key_sha256"] = key;
  JX_CHECK(ledger::append(tx, ctx, entry));
  return {};
}

}  // namespace

Result<KeyFingerprint> parse_fingerprint(std::string_view text) {
  KeyFingerprint out;
  for (const char c : text) {
    if (c != ':') out.push_back(c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  if (out.size() == 2 * crypto::digest_bytes && out.find_first_not_of("0123456789abcdef") == std::string::npos) return out;
  return fail(ErrorCode::invalid,
              {"a certificate is named by the SHA-256 of its public key, 64 hexadecimal digits", "证书以其公钥的 SHA-256 表示，为64位十六进制数"},
              "/certificate");
}

Result<> bind_certificate(db::Tx& tx, const Context& ctx, const AccountId& id, const KeyFingerprint& key) {
  JX_TRY(owner, account(tx, id));
  if (owner.kind != Actor::Kind::machine) {
    return fail(ErrorCode::invalid,
                {"certificates are for the systems of units; a person signs in with her password", "证书仅用于部门信息系统账号，人员使用密码登录"},
                "/certificate");
  }
  JX_TRY(all, certificates_of(tx, id));
  const auto holds = [](const Certificate& one) { return !one.ended_at; };
  const auto own = std::ranges::find(all, key, &Certificate::key);
  if (own != all.end() && holds(*own)) return {};
  if (static_cast<std::size_t>(std::ranges::count_if(all, holds)) >= certificates_per_account_max) {
    return fail(
        ErrorCode::too_large,
        {"an account has at most " + std::to_string(certificates_per_account_max) + " certificates at one time: end one that is no longer used",
         "一个账号同时最多绑定" + std::to_string(certificates_per_account_max) + "张证书，请先解除不再使用的证书"},
        "/certificate");
  }
  if (own != all.end()) {
    JX_CHECK(tx.run(sql::certificate_bind_again, key, ctx.now()));
  } else {
    JX_TRY(other, tx.one(sql::certificate_one, key));
    if (other)
      return fail(ErrorCode::conflict,
                  {"this key is, or was, that of another account: make a new key", "该公钥已经或曾经绑定其他账号，请生成新的密钥"}, "/certificate");
    JX_CHECK(tx.run(sql::certificate_insert, key, id, ctx.now()));
  }
  return record(tx, ctx, "account.certificate_bound", id, key);
}

Result<> end_certificate(db::Tx& tx, const Context& ctx, const AccountId& id, const KeyFingerprint& key) {
  JX_TRY(row, tx.one(sql::certificate_one, key));
  if (!row || row->id<AccountId>(1) != id || !row->null(3))
    return fail(ErrorCode::not_found, {"no such certificate is bound to this account", "该账号没有绑定此证书"}, "/certificate");
  JX_CHECK(tx.run(sql::certificate_end, key, ctx.now()));
  return record(tx, ctx, "account.certificate_ended", id, key);
}

Result<std::vector<Certificate>> certificates_of(db::Tx& tx, const AccountId& id) {
  JX_TRY(rows, tx.all(sql::certificates_of_account, id));
  std::vector<Certificate> out;
  for (const auto& row : rows) out.push_back(certificate_of(row));
  return out;
}

}  // namespace jx::identity
