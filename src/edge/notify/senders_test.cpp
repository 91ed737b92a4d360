// Mail and text messages, against small servers on loopback.
#include <jx/notify.hpp>

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <tuple>

namespace jx::notify {
namespace {

/// One connection.
class Peer {
 public:
  explicit Peer(int socket) : socket_(socket) {}
  ~Peer() { SSL_free(ssl_); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  /// From now on through TLS. False: the other side did not want it so.
  bool secure(SSL_CTX* with) {
    ssl_ = SSL_new(with);
    SSL_set_fd(ssl_, socket_);
    return SSL_accept(ssl_) == 1;
  }
  bool line(std::string& line) {
    for (;;) {
      if (const auto end = kept_.find("\r\n"); end != std::string::npos) {
        line = kept_.substr(0, end);
        kept_.erase(0, end + 2);
        return true;
      }
      if (!more()) return false;
    }
  }
  std::string octets(std::size_t count) {
    while (kept_.size() < count && more()) {
    }
    return kept_.substr(0, count);
  }
  void say(const std::string& text) const {
    if (ssl_ != nullptr)
      (void)SSL_write(ssl_, text.data(), static_cast<int>(text.size()));
    else
      (void)::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
  }

 private:
  bool more() {
    std::array<char, 512> part{};
    const auto got = ssl_ != nullptr ? SSL_read(ssl_, part.data(), static_cast<int>(part.size())) : ::recv(socket_, part.data(), part.size(), 0);
    if (got <= 0) return false;
    kept_.append(part.data(), static_cast<std::size_t>(got));
    return true;
  }
  int socket_;
  SSL* ssl_ = nullptr;
  std::string kept_;
};

/// What a server shows: a certificate that nobody but itself has signed, for an address, good for so many seconds from now.
class Identity {
 public:
  explicit Identity(const char* address, long seconds) {
    (void)std::signal(SIGPIPE, SIG_IGN);  // the other side may leave in the middle
    key_.reset(EVP_EC_gen("P-256"));
    certificate_.reset(X509_new());
    auto* made = certificate_.get();
    X509_set_version(made, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
    X509_gmtime_adj(X509_getm_notBefore(made), -7200);
    X509_gmtime_adj(X509_getm_notAfter(made), seconds);
    X509_set_pubkey(made, key_.get());
    auto* name = X509_get_subject_name(made);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);  // NOLINT(*-reinterpret-cast)
    X509_set_issuer_name(made, name);
    for (const auto& [kind, value] :
         {std::pair(NID_subject_alt_name, "IP:" + std::string(address)), std::pair(NID_basic_constraints, std::string("CA:TRUE"))}) {
      auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
      X509_add_ext(made, extension, -1);
      X509_EXTENSION_free(extension);
    }
    X509_sign(made, key_.get(), EVP_sha256());
    context_.reset(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_use_certificate(context_.get(), made);
    SSL_CTX_use_PrivateKey(context_.get(), key_.get());
  }
  [[nodiscard]] SSL_CTX* context() const { return context_.get(); }
  void write(const std::filesystem::path& file) const {
    auto* out = std::fopen(file.c_str(), "w");
    ASSERT_NE(out, nullptr);
    PEM_write_X509(out, certificate_.get());
    (void)std::fclose(out);
  }

 private:
  template <auto free>
  struct Free {
    template <class T>
    void operator()(T* what) const {
      free(what);
    }
  };
  std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>> key_;
  std::unique_ptr<X509, Free<X509_free>> certificate_;
  std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>> context_;
};

/// Takes one connection after another on a port of loopback.
class LineServer {
 public:
  explicit LineServer(std::function<void(Peer&)> talk) : talk_(std::move(talk)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);  // NOLINT(*-reinterpret-cast)
    ::listen(listener_, 16);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);  // NOLINT(*-reinterpret-cast)
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~LineServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  LineServer(const LineServer&) = delete;
  LineServer& operator=(const LineServer&) = delete;
  [[nodiscard]] int port() const { return port_; }

 private:
  void run() {
    for (;;) {
      const int socket = ::accept(listener_, nullptr, nullptr);
      if (socket < 0) return;
      Peer peer(socket);
      talk_(peer);
      ::close(socket);
    }
  }

  std::function<void(Peer&)> talk_;
  int listener_ = -1, port_ = 0;
  std::thread thread_;
};

/// A mail server that keeps what it was given.
struct Mailbox {
  std::mutex mutex;
  std::vector<std::string> lines;  // of the commands and of the mail
  std::string to_answer = "250 ok\r\n";
  std::string data_answer = "250 taken\r\n";
  const Identity* tls = nullptr;  // none: it offers no TLS
  bool secured = false;           // the mail came through TLS

  void talk(Peer& peer) {
    const auto say = [&](const std::string& text) { peer.say(text); };
    say("220 test\r\n");
    std::string line;
    for (bool mail = false, signs_in = false; peer.line(line);) {
      const std::lock_guard lock(mutex);
      lines.push_back(line);
      if (mail) {
        if (line != ".") continue;
        mail = false;
        say(data_answer);
      } else if (line.starts_with("EHLO")) {
        say(std::string("250-test\r\n250-AUTH PLAIN\r\n") + (tls != nullptr && !secured ? "250-STARTTLS\r\n" : "") + "250 8BITMIME\r\n");
      } else if (line == "STARTTLS") {
        say("220 begin\r\n");
        secured = peer.secure(tls->context());
        if (!secured) return;
      } else if (signs_in || (line.starts_with("AUTH PLAIN") && line.size() > 11)) {
        signs_in = false;
        say("235 ok\r\n");
      } else if (line.starts_with("AUTH PLAIN")) {
        signs_in = true;
        say("334 \r\n");
      } else if (line.starts_with("RCPT")) {
        say(to_answer);
      } else if (line == "DATA") {
        say("354 go on\r\n");
        mail = true;
      } else if (line == "QUIT") {
        say("221 bye\r\n");
        return;
      } else {
        say("250 ok\r\n");
      }
    }
  }
  [[nodiscard]] bool has(const std::string& start) {
    const std::lock_guard lock(mutex);
    return std::ranges::any_of(lines, [&](const auto& line) { return line.starts_with(start); });
  }
};

MailConfig mail_to(const LineServer& server) { return {"127.0.0.1", server.port(), Security::none, "county@example.gov", {}, {}, {}}; }

messages::Letter a_letter() {
  return {*Uuid::parse("00000000-0000-7000-8000-000000000001"), "wang@example.org", "您有新消息", "请登录 Sign in.\n.line"};
}

TEST(Mail, goes_to_the_server_with_its_id_and_nothing_else_of_its_text_in_the_clear_head) {
  Mailbox box;
  const LineServer server([&](Peer& peer) { box.talk(peer); });
  const auto sent = mail_sender(mail_to(server))->send(a_letter());
  ASSERT_TRUE(sent) << sent.error().text();
  EXPECT_TRUE(box.has("MAIL FROM:<county@example.gov>"));
  EXPECT_TRUE(box.has("RCPT TO:<wang@example.org>"));
  EXPECT_TRUE(box.has("Message-ID: <00000000-0000-7000-8000-000000000001@example.gov>"));
  EXPECT_TRUE(box.has("Subject: =?UTF-8?B?5oKo5pyJ5paw5raI5oGv?="));
  EXPECT_TRUE(box.has("6K+355m75b2VIFNpZ24gaW4uCi5saW5l"));
}

TEST(Mail, signs_in_with_the_password_of_its_file) {
  Mailbox box;
  const LineServer server([&](Peer& peer) { box.talk(peer); });
  const auto file = std::filesystem::temp_directory_path() / ("junxian-mail-" + std::to_string(::getpid()));
  std::ofstream(file) << "secret\n";
  auto config = mail_to(server);
  config.user = "county";
  config.password_file = file.string();
  EXPECT_TRUE(mail_sender(config)->send(a_letter()));
  std::filesystem::remove(file);
  EXPECT_TRUE(box.has("AUTH PLAIN AGNvdW50eQBzZWNyZXQ=") || box.has("AGNvdW50eQBzZWNyZXQ="));
  EXPECT_EQ(mail_sender(config)->send(a_letter()).error().code, ErrorCode::unavailable);  // the file is gone
}

TEST(Mail, is_not_sent_where_the_server_offers_no_tls) {
  Mailbox box;
  const LineServer server([&](Peer& peer) { box.talk(peer); });
  auto config = mail_to(server);
  config.security = Security::starttls;
  EXPECT_FALSE(mail_sender(config)->send(a_letter()));
  EXPECT_FALSE(box.has("MAIL"));
}

class MailByTls : public testing::Test {
 protected:
  /// Sends one by STARTTLS to a server that shows this, believing only what `believed` has signed.
  Result<> send(const Identity& shown, const Identity& believed) {
    box.tls = &shown;
    const LineServer server([&](Peer& peer) { box.talk(peer); });
    const auto file = std::filesystem::temp_directory_path() / ("junxian-authorities-" + std::to_string(::getpid()) + ".pem");
    believed.write(file);
    auto config = mail_to(server);
    config.security = Security::starttls;
    config.authorities = file.string();
    auto sent = mail_sender(config)->send(a_letter());
    std::filesystem::remove(file);
    return sent;
  }
  Mailbox box;
};

TEST_F(MailByTls, goes_through_tls_to_a_server_that_is_believed) {
  const Identity server("127.0.0.1", 3600);
  const auto sent = send(server, server);
  ASSERT_TRUE(sent) << sent.error().text();
  EXPECT_TRUE(box.secured);
  EXPECT_TRUE(box.has("MAIL FROM:<county@example.gov>"));
}

TEST_F(MailByTls, is_not_sent_to_a_server_that_nobody_vouches_for) {
  const auto sent = send(Identity("127.0.0.1", 3600), Identity("127.0.0.1", 3600));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::unavailable);  // it is tried again: somebody may mend the server
  EXPECT_FALSE(box.has("MAIL"));
}

TEST_F(MailByTls, is_not_sent_to_a_server_with_the_certificate_of_another) {
  const Identity other("127.0.0.2", 3600);
  EXPECT_FALSE(send(other, other));
  EXPECT_FALSE(box.has("MAIL"));
}

TEST_F(MailByTls, is_not_sent_to_a_server_whose_certificate_has_expired) {
  const Identity late("127.0.0.1", -3600);
  EXPECT_FALSE(send(late, late));
  EXPECT_FALSE(box.has("MAIL"));
}

TEST(Mail, tells_an_address_that_takes_nothing_from_a_server_that_is_busy) {
  Mailbox box;
  const LineServer server([&](Peer& peer) { box.talk(peer); });
  box.to_answer = "550 no such user\r\n";
  const auto refused = mail_sender(mail_to(server))->send(a_letter());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid);
  EXPECT_EQ(refused.error().text().find("wang"), std::string::npos);
  box.to_answer = "451 later\r\n";
  EXPECT_EQ(mail_sender(mail_to(server))->send(a_letter()).error().code, ErrorCode::unavailable);
  box.to_answer = "250 ok\r\n";
  box.data_answer = "451 later\r\n";
  EXPECT_EQ(mail_sender(mail_to(server))->send(a_letter()).error().code, ErrorCode::unavailable);
}

TEST(Mail, says_that_there_is_no_server) {
  MailConfig config{"127.0.0.1", 1, Security::none, "county@example.gov", {}, {}, {}};
  EXPECT_EQ(mail_sender(config)->send(a_letter()).error().code, ErrorCode::unavailable);
}

TEST(Sms, check_refuses_what_would_send_numbers_in_the_clear) {
  const std::map<std::string, boost::json::value> body{{"to", "{to}"}};
  EXPECT_TRUE(check(SmsConfig{"https://sms.example/send", body, {}}));
  EXPECT_TRUE(check(SmsConfig{"http://127.0.0.1:1/send", body, {}}));
  EXPECT_EQ(check(SmsConfig{"http://sms.example/send", body, {}}).error().field, "/url");
  EXPECT_EQ(check(SmsConfig{"https://sms.example/send", {}, {}}).error().field, "/body");
}

TEST(Mail, check_refuses_what_would_send_addresses_in_the_clear) {
  const MailConfig good{"mail.example.gov", 587, Security::starttls, "county@example.gov", "county", "file", {}};
  EXPECT_TRUE(check(good));
  for (const auto& [field, change] :
       std::map<std::string, std::function<void(MailConfig&)>>{{"/security", [](auto& c) { c.security = Security::none; }},
                                                               {"/server", [](auto& c) { c.server = "smtp://x"; }},
                                                               {"/port", [](auto& c) { c.port = 0; }},
                                                               {"/from", [](auto& c) { c.from = "County <county@example.gov>"; }},
                                                               {"/password_file", [](auto& c) { c.user.reset(); }}}) {
    auto config = good;
    change(config);
    const auto checked = check(config);
    ASSERT_FALSE(checked) << field;
    EXPECT_EQ(checked.error().field, field);
  }
}

/// Head and body of a request.
std::pair<std::string, std::string> request_of(Peer& peer) {
  std::string head;
  std::size_t length = 0;
  for (std::string line; peer.line(line) && !line.empty();) {
    head += line + "\n";
    if (line.starts_with("Content-Length: ")) length = std::stoul(line.substr(16));
  }
  return {head, peer.octets(length)};
}

TEST(Sms, fills_the_template_and_tells_taken_from_refused) {
  std::string status = "202 Accepted", head, body;
  const LineServer server([&](Peer& peer) {
    std::tie(head, body) = request_of(peer);
    peer.say("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  });
  SmsConfig config{"http://127.0.0.1:" + std::to_string(server.port()) + "/send", {}, {}};
  config.body = {{"number", "{to}"}, {"message", boost::json::object{{"text", "[{text}]"}}}, {"id", "{id}"}, {"urgent", false}};
  auto letter = a_letter();
  letter.to = "+8613800000000";
  letter.text = "\"{to}\"";
  const auto sender = sms_sender(config);
  const auto sent = sender->send(letter);
  ASSERT_TRUE(sent) << sent.error().text();
  EXPECT_TRUE(head.starts_with("POST /send HTTP/1.1\n")) << head;
  EXPECT_NE(head.find("Idempotency-Key: 00000000-0000-7000-8000-000000000001"), std::string::npos) << head;
  EXPECT_EQ(wire::parse(body)->at("message").at("text").as_string(), "[\"{to}\"]");  // what is filled in is not filled again
  EXPECT_EQ(wire::parse(body)->at("number").as_string(), "+8613800000000");
  EXPECT_FALSE(wire::parse(body)->at("urgent").as_bool());
  status = "422 Unprocessable";
  EXPECT_EQ(sender->send(letter).error().code, ErrorCode::invalid);
  status = "503 Busy";
  EXPECT_EQ(sender->send(letter).error().code, ErrorCode::unavailable);
  status = "302 Found\r\nLocation: http://127.0.0.1:1/";
  EXPECT_EQ(sender->send(letter).error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace jx::notify
