// Certificates: issued once for a case, signed so that anyone can verify them, whole or in part; revoked on a status list.
#include "pointers.hpp"
#include "sd_jwt.hpp"
#include "services_sql.hpp"

#include <jx/identity.hpp>
#include <jx/messages.hpp>
#include <jx/ledger.hpp>
#include <jx/services.hpp>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace jx::services {
namespace {

namespace json = boost::json;

constexpr Micros list_lasts{3'600'000'000};
constexpr std::size_t reason_bytes_max = 2'000;

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
  if (!row.null(12)) found.status = CertificateStatus::revoked;
  if (!row.null(13)) found.status = static_cast<CertificateStatus>(row.integer(13));
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

/// The kind of a code in a certificate's data (GB/T 36903); the scheme where that standard has no number for it.
std::string_view code_kind(std::string_view scheme) {
  if (scheme == "cn.citizen-id") return "111";
  if (scheme == "cn.credit-code") return "001";
  return scheme;
}

constexpr int tries_max = 32;

/// A free place, by chance: its number says nothing of when or for whom it was taken. Where so many tries find none the list is all but full, and
/// the next one begins.
Result<std::pair<std::int64_t, std::int64_t>> free_place(db::Tx& tx, Random& random) {
  JX_TRY(last, tx.one(sql::certificate_status_last_list));
  const auto list = last ? last->integer(0) : 1;
  std::array<std::uint8_t, 4> octets{};
  const auto draw = [&] {
    random.fill(octets);
    return ((octets[0] | octets[1] << 8 | octets[2] << 16) & (status_places - 1));
  };
  for (int tries = 0; tries < tries_max; ++tries) {
    const auto place = draw();
    JX_TRY(taken, tx.one(sql::certificate_status_at, list, place));
    if (!taken) return std::pair{list, place};
  }
  return std::pair{list + 1, draw()};
}

Result<std::pair<std::int64_t, std::int64_t>> take_place(db::Tx& tx, const Context& ctx, CertificateId id) {
  JX_TRY(place, free_place(tx, ctx.random));
  JX_CHECK(tx.run(sql::certificate_status_insert, id, place.first, place.second, ctx.now()));
  return place;
}

messages::NewMessage message_about(const Certificate& certificate, messages::Kind kind) {
  messages::NewMessage message{certificate.holder, kind, certificate.case_id, certificate.item, {}, {}};
  message.facts.number = certificate.number;
  message.facts.what = certificate.name;
  return message;
}

}  // namespace

Certificates::Certificates(crypto::Ed25519Key key, Issuer issuer)
    : key_(std::move(key)),
      public_key_(key_.public_key()),
      key_id_(to_hex(ByteView(crypto::sha256(public_key_.raw())).first(8))),
      issuer_(std::move(issuer)) {}

json::object Certificates::header(std::string_view type) const { return {{"alg", "EdDSA"}, {"typ", type}, {"kid", key_id_}}; }

json::object Certificates::metadata() const {
  return {{"issuer", issuer_.id},
          {"jwks",
           {{"keys",
             {{{"kty", "OKP"}, {"crv", "Ed25519"}, {"x", to_base64url(public_key_.raw())}, {"kid", key_id_}, {"use", "sig"}, {"alg", "EdDSA"}}}}}}};
}

json::object Certificates::claims_open(const Certificate& certificate, const LocalizedText& authority, Instant at) const {
  json::object claims{{"iss", issuer_.id},
                      {"jti", certificate.id.text()},
                      {"iat", at.micros / 1'000'000},
                      {"name", certificate.name.in("zh-CN")},
                      {"issuing_authority", authority.in("zh-CN")},
                      {"issued_on", certificate.issued_on.text()}};
  if (certificate.valid_until) {
    claims["valid_until"] = certificate.valid_until->text();
    claims["exp"] = issuer_.ends(*certificate.valid_until).micros / 1'000'000;
  }
  return claims;
}

Result<cases::Answer> Certificates::issue(db::Tx& tx, const Context& ctx, const cases::Call& call) const {
  JX_TRY(of, item(tx, call.item));
  const auto* wanted = call.parameters.if_contains("certificate");
  const auto* rule = of.certificate_named(wanted != nullptr && wanted->is_string() ? std::string_view(wanted->get_string()) : std::string_view());
  if (rule == nullptr) return fail(ErrorCode::invalid, {"the item issues no certificate of this name", "该事项不发放此证照"});
  const auto* application = call.variables.if_contains("application");
  if (application == nullptr || !application->is_object()) return fail(ErrorCode::invalid, {"the case holds no application", "办件中没有申请表"});

  Certificate made;
  made.id = CertificateId::make(ctx.clock, ctx.random);
  made.number = rule->type_code + "-" + call.number;
  made.case_id = call.case_id;
  made.item = of.id;
  made.holder = call.applicant;
  made.name = rule->name;
  made.issuer = rule->issuer;
  made.issued_on = issuer_.today();
  if (rule->valid_years) made.valid_until = last_day(made.issued_on, *rule->valid_years);
  JX_TRY(claims, claims_of(*rule, application->get_object()));
  made.claims = std::move(claims);
  JX_TRY(holder, party_view(tx, call.applicant, true));
  JX_TRY(authority, identity::unit(tx, rule->issuer));
  JX_TRY(place, take_place(tx, ctx, made.id));
  made.signed_form = sign(made, *rule, holder, authority, place, ctx);

  JX_CHECK(tx.run(sql::certificate_insert, made.id, made.number, made.case_id, made.item, static_cast<std::int64_t>(made.holder.kind),
                  made.holder.id.bytes(), wire::encode(made.name), made.issuer, made.issued_on, made.valid_until, wire::encode(made.claims),
                  made.signed_form));
  JX_TRY(state, ledger::state_of(tx, state_tables()[1], made.id));
  JX_TRY(status, ledger::state_of(tx, state_tables()[3], made.id));
  JX_CHECK(ledger::append(tx, ctx,
                          {"certificate.issued",
                           {ledger::subject("certificate", made.id), ledger::subject("case", made.case_id)},
                           {{"number", made.number}, {"item", made.item.text()}},
                           {std::move(state), std::move(status)}}));
  JX_CHECK(messages::post(tx, ctx, message_about(made, messages::Kind::certificate_issued)));
  return cases::Answer{{{"certificate", made.number}}, ""};
}

std::string Certificates::sign(const Certificate& made, const CertificateRule& rule, const PartyView& holder, const identity::Unit& authority,
                               std::pair<std::int64_t, std::int64_t> place, const Context& ctx) const {
  auto payload = claims_open(made, authority.name, ctx.now());
  payload["vct"] = issuer_.vct + rule.type_code;
  payload["type_code"] = rule.type_code;
  if (authority.code) payload["issuing_authority_code"] = authority.code->value;
  if (!authority.division.empty()) payload["area"] = authority.division;
  payload["status"] = {{"status_list", {{"idx", place.second}, {"uri", list_uri(place.first)}}}};
  Disclosures hidden(ctx.random);
  hidden.hide(payload, "number", json::value(made.number));
  hidden.hide(payload, "holder", json::value(holder.name.in("zh-CN")));
  if (!holder.code.empty()) {
    hidden.hide(payload, "holder_code", json::value(holder.code));
    hidden.hide(payload, "holder_code_kind", json::value(code_kind(holder.scheme)));
  }
  json::object contents;
  for (const auto& claim : made.claims) hidden.hide(contents, claim.name.in("zh-CN"), json::value(claim.value));
  Disclosures::close(payload);
  Disclosures::close(contents);
  if (!contents.empty()) payload["contents"] = std::move(contents);
  payload["_sd_alg"] = "sha-256";
  return sign_compact(key_, header(credential_type), payload) + hidden.text();
}

Result<std::string> Certificates::printed_form(db::Tx& tx, const Certificate& certificate) const {
  JX_TRY(holder, party_view(tx, certificate.holder, true));
  JX_TRY(authority, identity::unit(tx, certificate.issuer));
  auto payload = claims_open(certificate, authority.name, issuer_.ends(certificate.issued_on - 1));
  payload["number"] = certificate.number;
  payload["holder"] = holder.name.in("zh-CN");
  JX_TRY(row, tx.one(sql::certificate_status_one, certificate.id));
  if (row) payload["status"] = {{"status_list", {{"idx", row->integer(1)}, {"uri", list_uri(row->integer(0))}}}};
  return sign_compact(key_, header(printed_type), payload);
}

Result<std::string> Certificates::status_list(db::Tx& tx, std::int64_t list, Instant now) const {
  JX_TRY(last, tx.one(sql::certificate_status_last_list));
  if (list < 1 || list > (last ? last->integer(0) : 1)) return fail(ErrorCode::not_found, {"there is no such status list", "没有该状态清单"});
  JX_TRY(rows, tx.all(sql::certificate_status_set, list));
  std::vector<std::pair<std::size_t, CertificateStatus>> values;
  values.reserve(rows.size());
  for (const auto& row : rows) values.emplace_back(static_cast<std::size_t>(row.integer(0)), static_cast<CertificateStatus>(row.integer(1)));
  const std::lock_guard lock(mutex_);
  auto& kept = lists_[list];
  if (!kept.text.empty() && kept.values == values && now - kept.at < list_lasts && kept.at <= now) return kept.text;
  const auto at = now.micros / 1'000'000;
  const json::object payload{{"iss", issuer_.id}, {"sub", list_uri(list)},
                             {"iat", at},         {"exp", at + 86'400},
                             {"ttl", 300},        {"status_list", {{"bits", status_bits}, {"lst", encode_status_list(status_places, values)}}}};
  kept = {std::move(values), now, sign_compact(key_, header(status_list_type), payload)};
  return kept.text;
}

Result<Certificates::Verdict> Certificates::verify(db::Tx& tx, std::string_view signed_form) const {
  const auto no = [](Words why) { return Verdict{false, std::move(why), std::nullopt}; };
  const auto opened = open_credential(signed_form, public_key_);
  if (!opened && opened.error().code == ErrorCode::too_large) return std::unexpected(opened.error());
  if (!opened) return no(opened.error().message);
  const auto* jti = opened->claims.if_contains("jti");
  const auto id = jti != nullptr && jti->is_string() ? CertificateId::parse(std::string_view(jti->get_string()))
                                                     : Result<CertificateId>(fail(ErrorCode::invalid, "no id"));
  if (!id) return no({"This is not a certificate of this jurisdiction.", "这不是本地区发放的证照。"});
  JX_TRY(row, tx.one(sql::certificate_one, *id));
  if (!row) return no({"The signature is right, but the register does not know this certificate.", "签名有效，但登记簿中没有这份证照。"});
  JX_TRY(found, decode_row(*row));
  const auto status = found.status;
  const auto until = found.valid_until;
  std::optional<Certificate> shown;  // what its holder keeps hidden is not told here either
  if (opened->claims.contains("number")) shown = std::move(found);
  if (status == CertificateStatus::revoked) return Verdict{false, {"The certificate has been revoked.", "该证照已被撤销。"}, std::move(shown)};
  if (status == CertificateStatus::suspended) return Verdict{false, {"The certificate is suspended.", "该证照已被暂停使用。"}, std::move(shown)};
  if (until && issuer_.today() > *until)
    return Verdict{false, {"The certificate expired on " + until->text() + ".", "该证照已于" + until->text() + "到期。"}, std::move(shown)};
  return Verdict{true, {"The certificate is genuine and in force.", "证照真实有效。"}, std::move(shown)};
}

Result<Certificate> set_status(db::Tx& tx, const Context& ctx, CertificateId id, CertificateStatus wanted, std::string_view reason,
                               const LawReference& law) {
  JX_TRY(found, certificate(tx, id));
  if (found.issuer != ctx.actor.unit)
    return fail(ErrorCode::forbidden, {"only the unit that issued a certificate may change it", "只有发证单位可以变更证照状态"});
  if (reason.empty() || reason.size() > reason_bytes_max)
    return fail(ErrorCode::invalid, {"say why, in at most 2,000 octets", "请说明理由，不超过2000字节"}, "/reason");
  if (law.law.empty()) return fail(ErrorCode::invalid, {"name the law that this rests on", "请写明法律依据"}, "/law");
  if (found.status == CertificateStatus::revoked)
    return fail(ErrorCode::conflict, {"this certificate is revoked, and stays so", "该证照已被撤销，不能恢复"});
  if (found.status == wanted) return fail(ErrorCode::conflict, {"the certificate is so already", "证照已是该状态"});
  JX_TRY(row, tx.one(sql::certificate_status_one, id));
  if (!row) JX_CHECK(take_place(tx, ctx, id));
  JX_CHECK(tx.run(sql::certificate_status_change, id, static_cast<std::int64_t>(wanted), ctx.now(), ctx.actor.unit, reason, wire::encode(law)));
  JX_TRY(state, ledger::state_of(tx, state_tables()[3], id));
  const auto* kind = wanted == CertificateStatus::revoked     ? "certificate.revoked"
                     : wanted == CertificateStatus::suspended ? "certificate.suspended"
                                                              : "certificate.resumed";
  JX_CHECK(ledger::append(tx, ctx,
                          {kind,
                           {ledger::subject("certificate", id), ledger::subject("case", found.case_id)},
                           {{"number", found.number}, {"reason", reason}, {"law", wire::to_value(law)}},
                           {std::move(state)}}));
  JX_CHECK(messages::post(tx, ctx,
                          message_about(found, wanted == CertificateStatus::revoked     ? messages::Kind::certificate_revoked
                                               : wanted == CertificateStatus::suspended ? messages::Kind::certificate_suspended
                                                                                        : messages::Kind::certificate_resumed)));
  return certificate(tx, id);
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
