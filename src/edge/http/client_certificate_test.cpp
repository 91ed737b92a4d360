// Client certificates: asked for where an authority is named, looked at, and told to the handler with what is wrong with them.
#include <jx/http.hpp>

#include "tls_client.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace jx::http {
namespace {

using testing::Identity;
using testing::make_identity;
using testing::TlsClient;

std::string told(const std::optional<ClientCertificate>& certificate) {
  if (!certificate) return "none";
  static constexpr std::array<const char*, 6> words{"good", "untrusted", "not yet valid", "expired", "not for clients", "unusable"};
  return words.at(static_cast<std::size_t>(certificate->fault));
}

class ClientCertificateTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string made = (std::filesystem::temp_directory_path() / "jx-mtls-XXXXXX").string();
    ASSERT_NE(::mkdtemp(made.data()), nullptr);
    folder_ = made;
    testing::write_certificate({folder_ / "server.pem", folder_ / "server.key"}, "server.test");
    testing::write_identity(authority_, folder_ / "ca.pem", {});
    start({});
  }
  void TearDown() override {
    server_.reset();
    std::filesystem::remove_all(folder_);
  }
  void start(std::vector<AddressRange> proxies) {
    server_.reset();
    Options options;
    options.listen = {{"127.0.0.1", 0, true, folder_ / "ca.pem"}, {"127.0.0.1", 0, true, {}}};
    options.tls = TlsFiles{folder_ / "server.pem", folder_ / "server.key"};
    options.trusted_proxies = std::move(proxies);
    std::vector<Route> routes{{Method::get, "/api/who", [this](const Request& request) {
                                 const auto& shown = request.peer().certificate;
                                 if (shown) last_ = *shown;
                                 return content("text/plain", told(shown));
                               }}};
    auto started = Server::start(options, std::move(routes));
    ASSERT_TRUE(started) << started.error().text();
    server_ = std::move(*started);
  }
  /// What the handler was told of one who shows this certificate; empty where the handshake failed.
  std::string told_of(const Identity* shown, std::size_t listener = 0, int version = TLS1_3_VERSION) {
    TlsClient client(server_->ports()[listener], version, "http/1.1", shown);
    if (!client.ok()) return {};
    client.send("GET /api/who HTTP/1.1\r\nHost: a\r\n\r\n");
    const std::string reply = client.reply(4);
    const auto at = reply.find("\r\n\r\n");
    return at == std::string::npos ? std::string() : reply.substr(at + 4);
  }

  const Identity authority_ = make_identity({.common_name = "authority", .authority = true});
  std::filesystem::path folder_;
  std::unique_ptr<Server> server_;
  ClientCertificate last_;
};

TEST_F(ClientCertificateTest, tells_the_handler_the_key_of_a_good_one_in_both_versions_of_tls) {
  const auto good = make_identity({.common_name = "system", .issuer = &authority_, .extended_usage = "clientAuth"});
  EXPECT_EQ(told_of(&good), "good");
  const auto key = last_.key_sha256;
  EXPECT_EQ(told_of(&good, 0, TLS1_2_VERSION), "good");
  EXPECT_EQ(last_.key_sha256, key);
  EXPECT_GT(last_.not_after, SystemClock().now());
  const auto other = make_identity({.common_name = "system", .issuer = &authority_});
  EXPECT_EQ(told_of(&other), "good");
  EXPECT_NE(last_.key_sha256, key);
}

TEST_F(ClientCertificateTest, lets_who_shows_none_in_as_somebody_unknown) { EXPECT_EQ(told_of(nullptr), "none"); }

TEST_F(ClientCertificateTest, says_what_is_wrong_with_one_that_is_no_good) {
  const auto stranger = make_identity({.common_name = "authority", .authority = true});  // of the same name
  const auto foreign = make_identity({.common_name = "system", .issuer = &stranger});
  EXPECT_NE(told_of(&foreign), "good");
  EXPECT_NE(told_of(&foreign), "");
  const auto nobody = make_identity({.common_name = "other", .authority = true});
  const auto unknown = make_identity({.common_name = "system", .issuer = &nobody});
  EXPECT_EQ(told_of(&unknown), "untrusted");
  const auto by_itself = make_identity({.common_name = "system"});
  EXPECT_EQ(told_of(&by_itself), "untrusted");
  const auto expired = make_identity({.common_name = "system", .issuer = &authority_, .from_s = -7200, .until_s = -3600});
  EXPECT_EQ(told_of(&expired), "expired");
  const auto early = make_identity({.common_name = "system", .issuer = &authority_, .from_s = 3600, .until_s = 7200});
  EXPECT_EQ(told_of(&early), "not yet valid");
  const auto of_a_server = make_identity({.common_name = "system", .issuer = &authority_, .extended_usage = "serverAuth"});
  EXPECT_EQ(told_of(&of_a_server), "not for clients");
}

TEST_F(ClientCertificateTest, names_one_that_has_two_faults_by_no_good_word) {
  const auto nobody = make_identity({.common_name = "other", .authority = true});
  const auto both = make_identity({.common_name = "system", .issuer = &nobody, .from_s = -7200, .until_s = -3600});
  EXPECT_NE(told_of(&both), "good");
  EXPECT_NE(told_of(&both), "none");
}

TEST_F(ClientCertificateTest, asks_for_none_where_no_authority_is_named) {
  const auto good = make_identity({.common_name = "system", .issuer = &authority_});
  EXPECT_EQ(told_of(&good, 1), "none");
}

TEST_F(ClientCertificateTest, does_not_take_the_certificate_of_a_proxy_for_that_of_its_clients) {
  start({*AddressRange::parse("127.0.0.1")});
  const auto good = make_identity({.common_name = "proxy", .issuer = &authority_});
  EXPECT_EQ(told_of(&good), "none");
}

TEST_F(ClientCertificateTest, takes_new_authorities_at_a_reload_and_keeps_the_old_ones_when_the_file_is_no_good) {
  const auto next = make_identity({.common_name = "next authority", .authority = true});
  const auto system = make_identity({.common_name = "system", .issuer = &next});
  EXPECT_EQ(told_of(&system), "untrusted");
  testing::write_identity(next, folder_ / "ca.pem", {});
  ASSERT_TRUE(server_->reload());
  EXPECT_EQ(told_of(&system), "good");
  std::filesystem::resize_file(folder_ / "ca.pem", 20);
  EXPECT_EQ(server_->reload().error().code, ErrorCode::invalid);
  EXPECT_EQ(told_of(&system), "good");
}

TEST(ClientCertificates, are_asked_for_over_tls_alone) {
  Options options;
  options.listen = {{"127.0.0.1", 0, false, "ca.pem"}};
  EXPECT_EQ(Server::start(options, {}).error().code, ErrorCode::invalid);
}

}  // namespace
}  // namespace jx::http
