#include "sd_jwt.hpp"

#include <jx/crypto/hash.hpp>
#include <jx/wire.hpp>

#include <boost/json/serialize.hpp>

#include <zlib.h>

#include <algorithm>
#include <array>

namespace jx::services {
namespace {

namespace json = boost::json;

constexpr std::size_t list_bytes_max = 16U << 20U;
constexpr std::size_t per_octet = 8 / status_bits;

Error not_a_certificate() { return {ErrorCode::invalid, {"This is not a signed certificate.", "这不是一份签名证照。"}, {}, nullptr}; }
Error not_signed() {
  return {ErrorCode::invalid,
          {"The signature is not that of this jurisdiction, or the certificate was altered.", "签名与本地区不符，或证照内容已被改动。"},
          {},
          nullptr};
}

std::string digest_of(std::string_view encoded) { return to_base64url(crypto::sha256(bytes_of(encoded))); }

Result<json::object> part(std::string_view encoded) {
  const auto octets = from_base64url(encoded);
  if (!octets) return std::unexpected(not_a_certificate());
  auto value = wire::parse(text_of(*octets));
  if (!value || !value->is_object()) return std::unexpected(not_a_certificate());
  return std::move(value->get_object());
}

/// A claim that the holder shows.
struct Shown {
  std::string name;
  json::value value;
  bool used = false;
};
using ByDigest = std::map<std::string, Shown>;

Result<> show(std::string_view encoded, ByDigest& shown) {
  const auto octets = from_base64url(encoded);
  auto value = octets ? wire::parse(text_of(*octets)) : Result<json::value>(std::unexpected(not_a_certificate()));
  if (!value || !value->is_array() || value->get_array().size() != 3 || !value->get_array()[1].is_string())
    return std::unexpected(not_a_certificate());
  auto& triple = value->get_array();
  std::string name(triple[1].get_string());
  if (name == "_sd" || name == "...") return std::unexpected(not_signed());
  if (!shown.emplace(digest_of(encoded), Shown{std::move(name), std::move(triple[2]), false}).second) return std::unexpected(not_signed());
  return {};
}

/// Puts what is shown in its place, in `object` and those within it. What was parsed is at most 32 deep.
Result<> reveal(json::object& object, ByDigest& shown) {  // NOLINT(misc-no-recursion)
  if (const auto* found = object.if_contains("_sd")) {
    if (!found->is_array()) return std::unexpected(not_signed());
    const auto digests = found->get_array();
    object.erase("_sd");
    for (const auto& digest : digests) {
      if (!digest.is_string()) return std::unexpected(not_signed());
      const auto claim = shown.find(std::string(digest.get_string()));
      if (claim == shown.end()) continue;  // kept hidden
      if (claim->second.used || object.contains(claim->second.name)) return std::unexpected(not_signed());
      claim->second.used = true;
      object[claim->second.name] = claim->second.value;
    }
  }
  for (auto& [name, value] : object) {
    if (value.is_object()) JX_CHECK(reveal(value.get_object(), shown));
  }
  return {};
}

bool is_text(const json::object& object, std::string_view name, std::string_view wanted) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() && value->get_string() == wanted;
}

std::optional<std::int64_t> whole(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr || !value->is_int64()) return std::nullopt;
  return value->get_int64();
}

const json::object* inside(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_object() ? &value->get_object() : nullptr;
}

Result<crypto::Ed25519PublicKey> key_of(const json::object& jwk) {
  if (!is_text(jwk, "kty", "OKP") || !is_text(jwk, "crv", "Ed25519")) return fail(ErrorCode::invalid, "not an Ed25519 key");
  const auto* x = jwk.if_contains("x");
  if (x == nullptr || !x->is_string()) return fail(ErrorCode::invalid, "no x");
  JX_TRY(raw, from_base64url(x->get_string()));
  return crypto::Ed25519PublicKey::from_raw(raw);
}

}  // namespace

std::string sign_compact(const crypto::Ed25519Key& key, const json::object& header, const json::object& payload) {
  const auto signed_part = to_base64url(bytes_of(json::serialize(header))) + "." + to_base64url(bytes_of(json::serialize(payload)));
  return signed_part + "." + to_base64url(key.sign(bytes_of(signed_part)));
}

Result<OpenedCredential> open_compact(std::string_view text, const crypto::Ed25519PublicKey& key) {
  const auto first = text.find('.');
  const auto last = text.rfind('.');
  if (first == std::string_view::npos || first == last) return std::unexpected(not_a_certificate());
  JX_TRY(header, part(text.substr(0, first)));
  JX_TRY(payload, part(text.substr(first + 1, last - first - 1)));
  const auto signature = from_base64url(text.substr(last + 1));
  if (!signature) return std::unexpected(not_a_certificate());
  if (!is_text(header, "alg", "EdDSA") || !key.verify(bytes_of(text.substr(0, last)), *signature)) return std::unexpected(not_signed());
  return OpenedCredential{std::move(header), std::move(payload)};
}

Result<OpenedCredential> open_credential(std::string_view text, const crypto::Ed25519PublicKey& key) {
  if (text.size() > signed_bytes_max) return fail(ErrorCode::too_large, {"a certificate has at most 32 KiB", "证照数据不得超过32KB"}, "/signed");
  const auto end = text.find('~');
  JX_TRY(opened, open_compact(text.substr(0, end), key));
  const auto* type = opened.header.if_contains("typ");
  const bool selective = type != nullptr && type->is_string() && type->get_string() == credential_type;
  if (!selective) {
    // A status list is signed with the same key, and is no certificate.
    if (end != std::string_view::npos || is_text(opened.header, "typ", status_list_type)) return std::unexpected(not_a_certificate());
    return opened;
  }
  // Certificates are not bound to a key of the holder: what follows the last ~ would be a proof of possession, and is empty.
  if (end == std::string_view::npos || !text.ends_with('~') || !is_text(opened.claims, "_sd_alg", "sha-256"))
    return std::unexpected(not_a_certificate());
  ByDigest shown;
  for (auto at = end + 1; at < text.size();) {
    const auto next = text.find('~', at);
    if (shown.size() == disclosures_max) return std::unexpected(not_a_certificate());
    JX_CHECK(show(text.substr(at, next - at), shown));
    at = next + 1;
  }
  opened.claims.erase("_sd_alg");
  JX_CHECK(reveal(opened.claims, shown));
  if (!std::ranges::all_of(shown, [](const auto& one) { return one.second.used; })) return std::unexpected(not_signed());
  return opened;
}

Result<crypto::Ed25519PublicKey> issuer_key(std::string_view text) {
  if (text.find("-----BEGIN") != std::string_view::npos) return crypto::Ed25519PublicKey::from_pem(text);
  const auto value = wire::parse(text);
  if (value && value->is_object()) {
    const auto* object = &value->get_object();
    if (const auto* set = inside(*object, "jwks")) object = set;
    const auto* keys = object->if_contains("keys");
    if (keys == nullptr) return key_of(*object);
    if (keys->is_array() && !keys->get_array().empty() && keys->get_array().front().is_object())
      return key_of(keys->get_array().front().get_object());
  }
  return fail(ErrorCode::invalid,
              {"a key is a PEM file, a JWK, or what the issuer serves at /.well-known/jwt-vc-issuer",
               "公钥应为 PEM 文件、JWK，或发证机关在 /.well-known/jwt-vc-issuer 公布的内容"},
              "/key");
}

void Disclosures::hide(json::object& object, std::string_view name, const json::value& value) {
  std::array<std::uint8_t, 16> salt{};
  random_.fill(salt);
  encoded_.push_back(to_base64url(bytes_of(json::serialize(json::array{to_base64url(salt), name, value}))));
  auto& digests = object["_sd"];
  if (!digests.is_array()) digests.emplace_array();
  digests.get_array().emplace_back(digest_of(encoded_.back()));
}

void Disclosures::close(json::object& object) {
  auto* digests = object.if_contains("_sd");
  if (digests == nullptr) return;
  std::ranges::sort(digests->get_array(), [](const json::value& a, const json::value& b) { return a.get_string() < b.get_string(); });
}

std::string Disclosures::text() const {
  std::string out = "~";
  for (const auto& one : encoded_) out += one + "~";
  return out;
}

std::string encode_status_list(std::size_t size, std::span<const std::pair<std::size_t, CertificateStatus>> values) {
  Bytes plain((size + per_octet - 1) / per_octet);
  for (const auto& [index, status] : values) {
    if (index >= size) continue;
    plain[index / per_octet] |= static_cast<std::uint8_t>(static_cast<unsigned>(status) << (index % per_octet * status_bits));
  }
  uLongf length = ::compressBound(plain.size());
  Bytes packed(length);
  if (::compress2(packed.data(), &length, plain.data(), plain.size(), 9) != Z_OK) return {};  // memory alone can fail
  packed.resize(length);
  return to_base64url(packed);
}

Result<CertificateStatus> decode_status(std::string_view list, std::size_t index) {
  JX_TRY(packed, from_base64url(list));
  const auto damaged = [] { return fail(ErrorCode::invalid, {"the status list is damaged", "状态清单已损坏"}, "/status"); };
  Bytes plain(std::min(list_bytes_max, packed.size() * 1032 + 64));  // deflate cannot do better than 1032 to 1
  uLongf length = plain.size();
  if (::uncompress(plain.data(), &length, packed.data(), packed.size()) != Z_OK) return damaged();
  if (index / per_octet >= length) return fail(ErrorCode::invalid, {"the status list has no such certificate", "状态清单中没有该证照"}, "/status");
  const unsigned value = (plain[index / per_octet] >> (index % per_octet * status_bits)) & ((1U << status_bits) - 1);
  if (value > 2) return damaged();
  return static_cast<CertificateStatus>(value);
}

Result<CertificateStatus> status_in(std::string_view list, const crypto::Ed25519PublicKey& key, const OpenedCredential& credential, Instant now) {
  if (list.size() > status_bytes_max) return fail(ErrorCode::too_large, {"a status list has at most 1 MiB", "状态清单不得超过1MB"}, "/status");
  const auto opened = open_compact(list, key);
  if (!opened || !is_text(opened->header, "typ", status_list_type)) {
    return fail(ErrorCode::invalid, {"The status list is not signed by this jurisdiction.", "状态清单不是本地区签发的。"}, "/status");
  }
  if (const auto until = whole(opened->claims, "exp"); until && now.micros / 1'000'000 >= *until)
    return fail(ErrorCode::invalid, {"The status list has run out: fetch it again.", "状态清单已过期，请重新获取。"}, "/status");
  const auto* status = inside(credential.claims, "status");
  const auto* named = status == nullptr ? nullptr : inside(*status, "status_list");
  const auto index = named == nullptr ? std::nullopt : whole(*named, "idx");
  const auto* uri = named == nullptr ? nullptr : named->if_contains("uri");
  if (!index || *index < 0 || uri == nullptr || !uri->is_string()) return CertificateStatus::in_force;  // issued before there were lists
  if (!is_text(opened->claims, "sub", uri->get_string()))
    return fail(ErrorCode::invalid, {"The certificate is on another status list.", "该证照登记在另一份状态清单上。"}, "/status");
  const auto* values = inside(opened->claims, "status_list");
  const auto* lst = values == nullptr ? nullptr : values->if_contains("lst");
  if (lst == nullptr || !lst->is_string() || whole(*values, "bits") != status_bits)
    return fail(ErrorCode::invalid, {"the status list is damaged", "状态清单已损坏"}, "/status");
  return decode_status(lst->get_string(), static_cast<std::size_t>(*index));
}

OfflineVerdict verify_offline(std::string_view text, const crypto::Ed25519PublicKey& key, std::optional<std::string_view> list, Instant now) {
  auto opened = open_credential(text, key);
  if (!opened) return {false, opened.error().message, {}};
  if (const auto until = whole(opened->claims, "exp"); until && now.micros / 1'000'000 >= *until)
    return {false, {"The certificate has expired.", "该证照已过有效期。"}, std::move(opened->claims)};
  if (!list) {
    return {true,
            {"The signature is genuine and the term runs. Revocation was not looked at.", "签名真实，且在有效期内；未核对是否被撤销。"},
            std::move(opened->claims)};
  }
  const auto status = status_in(*list, key, *opened, now);
  if (!status) return {false, status.error().message, std::move(opened->claims)};
  if (*status == CertificateStatus::revoked) return {false, {"The certificate has been revoked.", "该证照已被撤销。"}, std::move(opened->claims)};
  if (*status == CertificateStatus::suspended) return {false, {"The certificate is suspended.", "该证照已被暂停使用。"}, std::move(opened->claims)};
  return {true, {"The certificate is genuine and in force.", "证照真实有效。"}, std::move(opened->claims)};
}

}  // namespace jx::services
