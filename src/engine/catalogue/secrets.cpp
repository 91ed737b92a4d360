// secrets.cpp - the passwords and tokens of sources.
#include <jx/catalogue/resources.hpp>
#include <jx/catalogue/secrets.hpp>

#include "catalogue_sql.hpp"

#include <boost/json/object.hpp>

#include <algorithm>

namespace jx::catalogue {
namespace {

/// Where a secret belongs and goes. A line break cannot be in any of its parts.
std::string place_of(const Source& source) { return "sources\n" + source.id.text() + "\n" + source.secret.value_or("") + "\n" + address_of(source); }

}  // namespace

Result<ledger::EntryId> set_secret(db::Tx& tx, const Context& ctx, const crypto::KeyRing& keys, const SourceId& id, std::string_view value) {
  JX_TRY(of, source(tx, id));
  if (!of.secret) return fail(ErrorCode::invalid, {"this source names no `secret`", "该数据源未指定 secret"}, "/secret");
  const bool sound =
      !value.empty() && value.size() <= secret_bytes_max && std::ranges::none_of(value, [](char c) { return c == '\0' || c == '\n' || c == '\r'; });
  if (!sound) {
    return fail(ErrorCode::invalid, {"a secret is one line of 1 to 4,096 octets", "密码或令牌应为一行，1至4096字节"}, "/secret_value");
  }
  JX_TRY(sealed, keys.seal(bytes_of(value), place_of(of)));
  JX_CHECK(tx.run(sql::secret_put, id, sealed, ctx.now()));
  return ledger::append(tx, ctx, {"source.secret-set", {"source:" + id.text()}, {{"secret", *of.secret}, {"address", address_of(of)}}, {}});
}

Result<crypto::SecureBytes> secret(db::Tx& tx, const crypto::KeyRing& keys, const Source& source) {
  JX_TRY(row, tx.one(sql::secret_one, source.id));
  if (!row) {
    return fail(ErrorCode::unavailable, {"the source's password was not given yet: junxian source secret set " + source.id.text(),
                                         "尚未提供数据源密码，请执行：junxian source secret set " + source.id.text()});
  }
  auto opened = keys.open(row->text(0), place_of(source));
  if (opened || opened.error().code != ErrorCode::corrupt) return opened;
  return fail_because(std::move(opened).error(), ErrorCode::unavailable,
                      {"the source's password was given for another address; give it again: junxian source secret set " + source.id.text(),
                       "数据源地址已变更，须重新提供密码：junxian source secret set " + source.id.text()});
}

Result<bool> has_secret(db::Tx& tx, const SourceId& source) {
  JX_TRY(row, tx.one(sql::secret_one, source));
  return row.has_value();
}

}  // namespace jx::catalogue
