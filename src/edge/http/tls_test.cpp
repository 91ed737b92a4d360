// TLS: versions, protocols, reload of the certificate while connections are open.
#include <jx/http.hpp>

#include "tls_client.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

namespace jx::http {
namespace {

using testing::SocketClient;
using testing::TlsClient;
using testing::write_certificate;

class TlsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string made = (std::filesystem::temp_directory_path() / "jx-tls-XXXXXX").string();
    ASSERT_NE(::mkdtemp(made.data()), nullptr);
    folder_ = made;
    files_ = {folder_ / "certificate.pem", folder_ / "key.pem"};
    write_certificate(files_, "first.test");
    Options options;
    options.listen = {{"127.0.0.1", 0, true}, {"127.0.0.1", 0, false}};
    options.tls = files_;
    options.limits.head_ms = Millis(400);
    options.limits.linger_ms = Millis(300);
    std::vector<Route> routes{
        {Method::get, "/api/secure", [](const Request& request) { return content("text/plain", request.peer().secure ? "secure" : "plain"); }},
        {Method::get, "/api/large", [](const Request&) { return content("text/plain", std::string(3U << 20U, 'x')); }},
        {Method::post, "/api/size", [](const Request& request) { return content("text/plain", std::to_string(request.body().size())); }, 4U << 20U},
    };
    auto started = Server::start(options, std::move(routes));
    ASSERT_TRUE(started) << started.error().text();
    server_ = std::move(*started);
  }
  void TearDown() override {
    server_.reset();
    std::filesystem::remove_all(folder_);
  }
  [[nodiscard]] std::uint16_t port() const { return server_->ports().front(); }

  std::filesystem::path folder_;
  TlsFiles files_;
  std::unique_ptr<Server> server_;
};

constexpr std::string_view ask = "GET /api/secure HTTP/1.1\r\nHost: a\r\n\r\n";

TEST_F(TlsTest, serves_over_tls_1_2_and_1_3_and_nothing_older) {
  TlsClient newest(port());
  ASSERT_TRUE(newest.ok());
  EXPECT_EQ(newest.version(), "TLSv1.3");
  for (int i = 0; i < 3; ++i) {
    newest.send(ask);
    const std::string reply = newest.reply(6);
    EXPECT_TRUE(reply.ends_with("\r\n\r\nsecure")) << reply;
    EXPECT_NE(reply.find("Strict-Transport-Security"), std::string::npos);
  }
  TlsClient older(port(), TLS1_2_VERSION);
  ASSERT_TRUE(older.ok());
  EXPECT_EQ(older.version(), "TLSv1.2");
  EXPECT_FALSE(TlsClient(port(), TLS1_1_VERSION).ok());
  EXPECT_FALSE(TlsClient(port(), TLS1_3_VERSION, "h2").ok());
}

TEST_F(TlsTest, carries_large_bodies_both_ways) {
  TlsClient client(port());
  client.send("GET /api/large HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_GT(client.reply(3U << 20U).size(), 3U << 20U);
  client.send("POST /api/size HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
  client.send(std::string(3'000'000, 'x'));
  EXPECT_TRUE(client.reply(7).ends_with("3000000"));
}

TEST_F(TlsTest, says_when_it_closes) {
  TlsClient client(port());
  client.send("GET /api/secure HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  client.reply(6);
  EXPECT_TRUE(client.closed_cleanly());
}

TEST_F(TlsTest, takes_a_new_certificate_without_dropping_a_connection) {
  TlsClient before(port());
  EXPECT_EQ(before.common_name(), "first.test");
  write_certificate(files_, "second.test");
  ASSERT_TRUE(server_->reload());
  TlsClient after(port());
  EXPECT_EQ(after.common_name(), "second.test");
  before.send(ask);
  EXPECT_TRUE(before.reply(6).ends_with("secure"));
  after.send(ask);
  EXPECT_TRUE(after.reply(6).ends_with("secure"));
}

TEST_F(TlsTest, keeps_the_old_certificate_when_the_new_one_is_no_good) {
  std::filesystem::resize_file(files_.certificate, 10);
  EXPECT_EQ(server_->reload().error().code, ErrorCode::invalid);
  const TlsFiles other{files_.certificate, folder_ / "other.pem"};
  write_certificate(other, "third.test");  // its key lies elsewhere
  EXPECT_EQ(server_->reload().error().code, ErrorCode::invalid);
  TlsClient client(port());
  EXPECT_EQ(client.common_name(), "first.test");
}

TEST_F(TlsTest, cuts_a_handshake_that_does_not_come) {
  SocketClient silent(port());
  EXPECT_TRUE(silent.ended());
  SocketClient half(port());
  half.send(std::string_view("\x16\x03\x01\x02", 4));
  EXPECT_TRUE(half.ended());
}

TEST_F(TlsTest, refuses_plain_text_on_the_secure_port) {
  SocketClient plain(port());
  plain.send(ask);
  EXPECT_NE(plain.reply().status, 200);
}

TEST_F(TlsTest, survives_clients_that_vanish_at_any_moment) {
  for (int i = 0; i < 20; ++i) {
    TlsClient client(port());
    if (i % 2 == 0) client.send("GET /api/large HTTP/1.1\r\nHost: a\r\n\r\n");
    const linger reset{1, 0};
    ::setsockopt(client.socket().native(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  }
  TlsClient client(port());
  client.send(ask);
  EXPECT_TRUE(client.reply(6).ends_with("secure"));
}

}  // namespace
}  // namespace jx::http
