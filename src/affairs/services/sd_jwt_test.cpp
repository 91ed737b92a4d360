// Certificates as they are signed and as anyone opens them.
#include "sd_jwt.hpp"

#include <jx/core.hpp>
#include <jx/crypto/hash.hpp>

#include <boost/json/serialize.hpp>

#include <gtest/gtest.h>

namespace jx::services {
namespace {

namespace json = boost::json;

const Instant now{1'800'000'000'000'000};

struct SdJwt : testing::Test {
  SeededRandom random{7};
  crypto::Ed25519Key key = *crypto::Ed25519Key::from_seed(Bytes(32, 9));
  crypto::Ed25519PublicKey known = key.public_key();

  std::string certificate(json::object open, std::int64_t place = 5) {
    Disclosures hidden(random);
    hidden.hide(open, "holder", "王芳");
    hidden.hide(open, "number", "X-1");
    json::object contents;
    hidden.hide(contents, "经营场所", "老街17号");
    Disclosures::close(open);
    open["contents"] = contents;
    open["status"] = {{"status_list", {{"idx", place}, {"uri", "urn:list:1"}}}};
    open["_sd_alg"] = "sha-256";
    return sign_compact(key, {{"alg", "EdDSA"}, {"typ", credential_type}}, open) + hidden.text();
  }

  std::string list(std::vector<std::pair<std::size_t, CertificateStatus>> values, std::string_view sub = "urn:list:1") const {
    return sign_compact(
        key, {{"alg", "EdDSA"}, {"typ", status_list_type}},
        {{"sub", sub}, {"exp", now.micros / 1'000'000 + 60}, {"status_list", {{"bits", 2}, {"lst", encode_status_list(1024, values)}}}});
  }

  static std::vector<std::string> parts(const std::string& text) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at <= text.size();) {
      const auto end = std::min(text.find('~', at), text.size());
      out.push_back(text.substr(at, end - at));
      at = end + 1;
    }
    return out;
  }
};

TEST_F(SdJwt, opens_a_certificate_with_what_is_disclosed_in_its_place) {
  const auto opened = open_credential(certificate({{"name", "证"}}), known);
  ASSERT_TRUE(opened) << opened.error().text();
  EXPECT_EQ(opened->claims.at("holder"), "王芳");
  EXPECT_EQ(opened->claims.at("contents").at("经营场所"), "老街17号");
  EXPECT_FALSE(opened->claims.contains("_sd"));
  EXPECT_FALSE(opened->claims.contains("_sd_alg"));
}

TEST_F(SdJwt, shows_only_what_its_holder_left_in) {
  const auto all = parts(certificate({{"name", "证"}}));
  const auto opened = open_credential(all[0] + "~" + all[1] + "~", known);
  ASSERT_TRUE(opened) << opened.error().text();
  EXPECT_EQ(opened->claims.at("holder"), "王芳");
  EXPECT_FALSE(opened->claims.contains("number"));
  EXPECT_TRUE(opened->claims.at("contents").as_object().empty());
  EXPECT_TRUE(open_credential(all[0] + "~", known));
}

TEST_F(SdJwt, refuses_what_its_issuer_did_not_sign) {
  const auto text = certificate({{"name", "证"}});
  const auto all = parts(text);
  const auto forged = to_base64url(bytes_of(R"(["c2FsdA","holder","李四"])"));
  EXPECT_FALSE(open_credential(all[0] + "~" + forged + "~", known)) << "a claim of somebody else's making";
  EXPECT_FALSE(open_credential(all[0] + "~" + all[1] + "~" + all[1] + "~", known)) << "one claim twice";
  EXPECT_FALSE(open_credential(all[0] + "~" + all[1], known)) << "no ~ at its end";
  EXPECT_FALSE(open_credential(all[0], known)) << "no disclosures, not even none";
  EXPECT_FALSE(open_credential(text, crypto::Ed25519Key::generate().public_key())) << "another key";
  EXPECT_FALSE(open_credential("", known));
  EXPECT_FALSE(open_credential("a.b.c", known));
  const auto too_large = open_credential(std::string(signed_bytes_max + 1, 'x'), known);
  ASSERT_FALSE(too_large);
  EXPECT_EQ(too_large.error().code, ErrorCode::too_large);
}

TEST_F(SdJwt, does_not_take_a_status_list_for_a_certificate) { EXPECT_FALSE(open_credential(list({}), known)); }

TEST_F(SdJwt, does_not_let_a_disclosure_overwrite_what_is_open) {
  Disclosures hidden(random);
  json::object open{{"holder", "王芳"}};
  hidden.hide(open, "holder", "李四");
  open["_sd_alg"] = "sha-256";
  EXPECT_FALSE(open_credential(sign_compact(key, {{"alg", "EdDSA"}, {"typ", credential_type}}, open) + hidden.text(), known));
}

TEST_F(SdJwt, keeps_two_bits_for_each_place_of_a_list) {
  const auto encoded =
      encode_status_list(12, std::vector<std::pair<std::size_t, CertificateStatus>>{
                                 {0, CertificateStatus::revoked}, {1, CertificateStatus::suspended}, {5, CertificateStatus::revoked}});
  EXPECT_EQ(*decode_status(encoded, 0), CertificateStatus::revoked);
  EXPECT_EQ(*decode_status(encoded, 1), CertificateStatus::suspended);
  EXPECT_EQ(*decode_status(encoded, 2), CertificateStatus::in_force);
  EXPECT_EQ(*decode_status(encoded, 5), CertificateStatus::revoked);
  EXPECT_FALSE(decode_status(encoded, 12));
  EXPECT_FALSE(decode_status("AAAA", 0));
}

TEST_F(SdJwt, tells_what_became_of_a_certificate_offline) {
  const auto text = certificate({{"name", "证"}, {"exp", now.micros / 1'000'000 + 10}});
  EXPECT_TRUE(verify_offline(text, known, std::nullopt, now).valid);
  EXPECT_TRUE(verify_offline(text, known, list({}), now).valid);
  EXPECT_FALSE(verify_offline(text, known, list({{5, CertificateStatus::revoked}}), now).valid);
  EXPECT_FALSE(verify_offline(text, known, list({{5, CertificateStatus::suspended}}), now).valid);
  EXPECT_TRUE(verify_offline(text, known, list({{4, CertificateStatus::revoked}}), now).valid) << "that was another one";
  EXPECT_FALSE(verify_offline(text, known, list({}, "urn:list:2"), now).valid) << "another list tells nothing";
  EXPECT_FALSE(verify_offline(text, known, list({}), now + std::chrono::seconds(61)).valid) << "the list has run out";
  EXPECT_FALSE(verify_offline(text, known, std::nullopt, now + std::chrono::seconds(10)).valid) << "the term is over";
}

TEST_F(SdJwt, takes_the_key_as_pem_as_jwk_and_as_the_issuer_publishes_it) {
  const auto jwk = R"({"kty":"OKP","crv":"Ed25519","x":")" + to_base64url(known.raw()) + R"("})";
  EXPECT_EQ(*issuer_key(known.pem()), known);
  EXPECT_EQ(*issuer_key(jwk), known);
  EXPECT_EQ(*issuer_key(R"({"keys":[)" + jwk + "]}"), known);
  EXPECT_EQ(*issuer_key(R"({"issuer":"x","jwks":{"keys":[)" + jwk + "]}}"), known);
  for (const auto* bad : {"", "x", "{}", R"({"keys":[]})", R"({"kty":"EC","crv":"P-256","x":"AA"})"}) EXPECT_FALSE(issuer_key(bad)) << bad;
}

}  // namespace
}  // namespace jx::services
