// Certificates: issued once for a case, signed as a compact JWS (RFC 7515) with EdDSA (RFC 8037), verified by anyone.
#include "pointers.hpp"
#include "services_sql.hpp"

#include <jx/ledger.hpp>
#include <jx/services.hpp>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace jx::services {
namespace {

namespace json = boost::json;

Result<Certificate> decode_row(const db::Row& row) {
  Certificate found;
  found.id = row.id<CertificateId>(0);
  found.number = row.text(1);
  found.case_id = row.id<CaseId>(2);
  found.item = row.key<ItemId>(3);
  found.holder.kind = static_cast<cases::Party::Kind>(row.integer(4));
  JX_TRY(holder, Uuid::from_bytes(row.bytes(5)));
  found.holder.id = holder;
  JX_TRY(name, wire::decode<LocalizedText>(row.text(6)));
  found.name = std::move(name);
  found.issuer = row.key<UnitId>(7);
  found.issued_on = row.date(8);
  if (!row.null(9)) found.valid_until = row.date(9);
  JX_TRY(claims, wire::decode<std::vector<Claim>>(row.text(10)));
  found.claims = std::move(claims);
  found.signed_form = row.text(11);
  return found;
}

Result<std::vector<Certificate>> decode_rows(const std::vector<db::Row>& rows) {
  std::vector<Certificate> list;
  for (const auto& row : rows) {
    JX_TRY(found, decode_row(row));
    list.push_back(std::move(found));
  }
  return list;
}

/// As people write it: 46.5, not 4.65E1.
std::string as_text(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : wire::canonical(value).value_or(wire::to_text(value));
}

Result<std::vector<Claim>> claims_of(const CertificateRule& rule, const json::object& form) {
  std::vector<Claim> claims;
  for (const auto& claim : rule.claims) {
    const auto* value = at_pointer(form, claim.from);
    if (value == nullptr || value->is_null()) {
      return fail(ErrorCode::invalid, {"the application lacks what the certificate must say: " + claim.from, "申请表缺少证照所需内容：" + claim.from},
                  "/application" + claim.from);
    }
    claims.push_back({claim.name, as_text(*value)});
  }
  return claims;
}

/// The same day `years` later, less one: a permit of five years from 21 November ends with 20 November.
LocalDate last_day(LocalDate from, int years) {
  auto date = from.ymd();
  date += std::chrono::years{years};
  if (!date.ok()) date = date.year() / std::chrono::March / 1;  // from 29 February
  return LocalDate{static_cast<std::int32_t>(std::chrono::sys_days{date}.time_since_epoch().count())} - 1;
}

json::object payload_of(const Certificate& certificate, const std::string& issuer_url, const PartyView& holder, Instant at) {
  json::object claims;
  for (const auto& claim : certificate.claims) claims[std::string(claim.name.in("zh-CN"))] = claim.value;
  json::object payload{{"iss", issuer_url},
                       {"jti", certificate.id.text()},
                       {"iat", at.micros / 1'000'000},
                       {"number", certificate.number},
                       {"name", certificate.name.in("zh-CN")},
                       {"issuer", certificate.issuer.text()},
                       {"issued_on", certificate.issued_on.text()},
                       {"holder", holder.name.in("zh-CN")},
                       {"holder_code", holder.code},
                       {"claims", std::move(claims)}};
  if (certificate.valid_until) payload["valid_until"] = certificate.valid_until->text();
  return payload;
}

struct Jws {
  std::string_view signed_part;  // header.payload
  json::object header;
  json::object payload;
  Bytes signature;
};

/// Nothing where it is not a compact JWS of two JSON objects.
std::optional<Jws> split(std::string_view text) {
  const auto first = text.find('.');
  const auto last = text.rfind('.');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  const auto part = [](std::string_view encoded) -> std::optional<json::object> {
    const auto octets = from_base64url(encoded);
    if (!octets) return std::nullopt;
    auto value = wire::parse(text_of(*octets));
    if (!value || !value->is_object()) return std::nullopt;
    return std::move(value->get_object());
  };
  auto header = part(text.substr(0, first));
  auto payload = part(text.substr(first + 1, last - first - 1));
  auto signature = from_base64url(text.substr(last + 1));
  if (!header || !payload || !signature) return std::nullopt;
  return Jws{text.substr(0, last), std::move(*header), std::move(*payload), std::move(*signature)};
}

}  // namespace

Certificates::Certificates(crypto::Ed25519Key key, std::string issuer_url, std::function<LocalDate()> today)
    : key_(std::move(key)),
      public_key_(key_.public_key()),
      key_id_(to_hex(ByteView(crypto::sha256(public_key_.raw())).first(8))),
      issuer_url_(std::move(issuer_url)),
      today_(std::move(today)) {}

Result<cases::Answer> Certificates::issue(db::Tx& tx, const Context& ctx, const cases::Call& call) const {
  JX_TRY(of, item(tx, call.item));
  const auto* wanted = call.parameters.if_contains("certificate");
  const auto* rule = of.certificate_named(wanted != nullptr && wanted->is_string() ? std::string_view(wanted->get_string()) : std::string_view());
  if (rule == nullptr) return fail(ErrorCode::invalid, {"the item issues no certificate of this name", "该事项不发放此证照"});
  const auto* application = call.variables.if_contains("application");
  if (application == nullptr || !application->is_object()) return fail(ErrorCode::invalid, {"the case holds no application", "办件中没有申请表"});
  JX_TRY(claims, claims_of(*rule, application->get_object()));
  JX_TRY(holder, party_view(tx, call.applicant, true));

  Certificate made;
  made.id = CertificateId::make(ctx.clock, ctx.random);
  made.number = rule->type_code + "-" + call.number;
  made.case_id = call.case_id;
  made.item = of.id;
  made.holder = call.applicant;
  made.name = rule->name;
  made.issuer = rule->issuer;
  made.issued_on = today_();
  if (rule->valid_years) made.valid_until = last_day(made.issued_on, *rule->valid_years);
  made.claims = std::move(claims);

  const json::object header{{"alg", "EdDSA"}, {"typ", "JWT"}, {"kid", key_id_}};
  const auto signed_part = to_base64url(bytes_of(json::serialize(header))) + "." +
                           to_base64url(bytes_of(json::serialize(payload_of(made, issuer_url_, holder, ctx.now()))));
  made.signed_form = signed_part + "." + to_base64url(key_.sign(bytes_of(signed_part)));

  JX_CHECK(tx.run(sql::certificate_insert, made.id, made.number, made.case_id, made.item, static_cast<std::int64_t>(made.holder.kind),
                  made.holder.id.bytes(), wire::encode(made.name), made.issuer, made.issued_on, made.valid_until, wire::encode(made.claims),
                  made.signed_form));
  JX_TRY(state, ledger::state_of(tx, state_tables()[1], made.id));
  JX_CHECK(ledger::append(tx, ctx,
                          {"certificate.issued",
                           {ledger::subject("certificate", made.id), ledger::subject("case", made.case_id)},
                           {{"number", made.number}, {"item", made.item.text()}},
                           {std::move(state)}}));
  return cases::Answer{{{"certificate", made.number}}, ""};
}

Result<Certificates::Verdict> Certificates::verify(db::Tx& tx, std::string_view signed_form) const {
  if (signed_form.size() > signed_bytes_max)
    return fail(ErrorCode::too_large, {"a certificate has at most 32 KiB", "证照数据不得超过32KB"}, "/signed");
  const auto no = [](Words why) { return Verdict{false, std::move(why), std::nullopt}; };
  const auto jws = split(signed_form);
  if (!jws) return no({"This is not a signed certificate.", "这不是一份签名证照。"});
  const auto* algorithm = jws->header.if_contains("alg");
  if (algorithm == nullptr || *algorithm != "EdDSA" || !public_key_.verify(bytes_of(jws->signed_part), jws->signature)) {
    return no({"The signature is not that of this jurisdiction, or the certificate was altered.", "签名与本地区不符，或证照内容已被改动。"});
  }
  const auto* jti = jws->payload.if_contains("jti");
  const auto id = jti != nullptr && jti->is_string() ? CertificateId::parse(std::string_view(jti->get_string()))
                                                     : Result<CertificateId>(fail(ErrorCode::invalid, "no id"));
  if (!id) return no({"This is not a certificate of this jurisdiction.", "这不是本地区发放的证照。"});
  JX_TRY(row, tx.one(sql::certificate_one, *id));
  if (!row) return no({"The signature is right, but the register does not know this certificate.", "签名有效，但登记簿中没有这份证照。"});
  JX_TRY(found, decode_row(*row));
  if (!row->null(12)) return Verdict{false, {"The certificate has been revoked.", "该证照已被撤销。"}, std::move(found)};
  if (found.valid_until && today_() > *found.valid_until) {
    return Verdict{false,
                   {"The certificate expired on " + found.valid_until->text() + ".", "该证照已于" + found.valid_until->text() + "到期。"},
                   std::move(found)};
  }
  return Verdict{true, {"The certificate is genuine and in force.", "证照真实有效。"}, std::move(found)};
}

Result<std::vector<Certificate>> certificates_of(db::Tx& tx, std::span<const cases::Party> holders) {
  std::vector<Certificate> list;
  for (const auto& holder : holders) {
    JX_TRY(rows, tx.all(sql::certificates_of, static_cast<std::int64_t>(holder.kind), holder.id.bytes()));
    JX_TRY(found, decode_rows(rows));
    std::ranges::move(found, std::back_inserter(list));
  }
  std::ranges::sort(list, std::ranges::greater(), &Certificate::id);
  if (list.size() > certificates_max) list.resize(certificates_max);
  return list;
}

Result<std::vector<Certificate>> certificates_for(db::Tx& tx, CaseId id) {
  JX_TRY(rows, tx.all(sql::certificates_for, id));
  return decode_rows(rows);
}

Result<Certificate> certificate(db::Tx& tx, CertificateId id) {
  JX_TRY(row, tx.one(sql::certificate_one, id));
  if (!row) return fail(ErrorCode::not_found, {"there is no such certificate", "没有该证照"});
  return decode_row(*row);
}

}  // namespace jx::services
