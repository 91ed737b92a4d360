// The server over loopback sockets: what a client may do to it, well or ill meant.
#include <jx/http.hpp>

#include "socket_client.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>
#include <set>
#include <thread>

namespace jx::http {
namespace {

using testing::Reply;
using testing::SocketClient;

/// A door that handlers wait at until the test opens it.
class Gate {
 public:
  void wait() {
    std::unique_lock lock(mutex_);
    ++inside_;
    change_.notify_all();
    change_.wait(lock, [&] { return open_; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    change_.notify_all();
  }
  void until_inside(int count) {
    std::unique_lock lock(mutex_);
    change_.wait(lock, [&] { return inside_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable change_;
  int inside_ = 0;
  bool open_ = false;
};

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() {
    options_.workers = 2;
    options_.log = &log_;
    options_.limits.linger_ms = Millis(300);
  }
  ~ServerTest() override { gate_.open(); }

  std::vector<Route> routes() {
    const auto echo = [](const Request& request) {
      return content("text/plain", std::string(name(request.method())) + " " + std::string(request.body()));
    };
    return {
        {Method::get, "/api/echo", echo, 0, "getEcho"},
        {Method::post, "/api/echo", echo, 1000, "postEcho"},
        {Method::post, "/api/upload", [](const Request& request) { return content("text/plain", std::to_string(request.body().size())); }, 4U << 20U,
         "upload"},
        {Method::get, "/api/who/{name}",
         [](const Request& request) {
           return content("text/plain",
                          std::string(request.param("name")) + " " + request.peer().client + " " + (request.peer().secure ? "secure" : "plain"));
         },
         0, "who"},
        {Method::get, "/api/large", [](const Request&) { return content("text/plain", std::string(8U << 20U, 'x')); }, 0, "large"},
        {Method::get, "/api/file", [this](const Request&) { return file(file_, "application/zip", "x.zip"); }, 0, "file"},
        {Method::get, "/api/gate",
         [this](const Request&) {
           gate_.wait();
           return no_content();
         },
         0, "gate"},
        {Method::get, "/api/held",
         [](const Request&) {
           Response response = no_content();
           response.hold = Millis(150);
           return response;
         },
         0, "held"},
        {Method::get, "/api/fault", [](const Request&) { return problem({ErrorCode::internal, "the disk is on fire", {}, nullptr}); }, 0, "fault"},
        {Method::get, "/api/throw", [](const Request&) -> Response { throw std::runtime_error("secret"); }, 0, "throw"},
        {Method::get, "/api/refuse", [](const Request&) { return problem({ErrorCode::invalid, {"Not so.", "不可以。"}, "/a", nullptr}); }, 0,
         "refuse"},
        {Method::get, "/api/limited", [](const Request&) { return problem({ErrorCode::limited, {"Slower.", "慢些。"}, {}, nullptr}); }, 0, "limited"},
        {Method::get, "/api/limited/long",
         [](const Request&) { return problem({ErrorCode::limited, {"Slower.", "慢些。"}, {}, nullptr}).with("Retry-After", "900"); }, 0,
         "limitedLong"},
        {Method::get, "/api/events",
         [this](const Request&) {
           return events([this](std::shared_ptr<EventSink> sink) {
             const std::lock_guard lock(sinks_mutex_);
             sinks_.push_back(std::move(sink));
             sinks_change_.notify_all();
             return std::shared_ptr<void>(this, [this](void*) {
               const std::lock_guard gone(sinks_mutex_);
               ++unsubscribed_;
               sinks_change_.notify_all();
             });
           });
         },
         0, "events"},
    };
  }
  void start(std::vector<Mount> mounts = {}) {
    auto started = Server::start(options_, routes(), std::move(mounts));
    ASSERT_TRUE(started) << started.error().text();
    server_ = std::move(*started);
  }
  SocketClient connect(int receive_buffer = 0) { return SocketClient(server_->ports().front(), receive_buffer); }
  /// Sends `octets` on a new connection; the one reply.
  Reply ask(std::string_view octets) {
    SocketClient client = connect();
    client.send(octets);
    return client.reply();
  }
  /// A figure of /metrics; -1 if it is not there.
  double figure(const std::string& name) {
    const std::string text = "\n" + ask("GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").body;
    const std::size_t at = text.find("\n" + name + " ");
    return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 2));
  }
  std::shared_ptr<EventSink> sink(std::size_t index) {
    std::unique_lock lock(sinks_mutex_);
    sinks_change_.wait(lock, [&] { return sinks_.size() > index; });
    return sinks_[index];
  }

  SystemClock clock_;
  log::MemoryLog log_{clock_};
  Options options_;
  Gate gate_;
  std::filesystem::path file_;
  std::mutex sinks_mutex_;
  std::condition_variable sinks_change_;
  std::vector<std::shared_ptr<EventSink>> sinks_;
  int unsubscribed_ = 0;
  std::unique_ptr<Server> server_;  // last: it stops first
};

std::string get(std::string_view path, std::string_view fields = {}) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n";
}

TEST_F(ServerTest, answers_and_keeps_the_connection) {
  start();
  SocketClient client = connect();
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client.send(get("/api/echo")));
    const Reply reply = client.reply();
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "GET ");
    EXPECT_EQ(reply.header("Connection"), "");
    EXPECT_EQ(reply.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(reply.header("Cache-Control"), "no-store");
    EXPECT_TRUE(RequestId::parse(reply.header("X-Request-Id")));
    EXPECT_EQ(reply.header("Date").size(), 29U);
  }
}

TEST_F(ServerTest, says_that_it_is_alive) {
  start();
  SocketClient client = connect();
  client.send(get("/healthz", "X-Request-Id: 01890a5d-ac96-774b-bcce-b302099a8057\r\n"));
  const Reply reply = client.reply();
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "ok\n");
  EXPECT_EQ(reply.header("X-Request-Id"), "01890a5d-ac96-774b-bcce-b302099a8057");
  client.send("HEAD /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.reply(true).status, 200);
  client.send("POST /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.reply().header("Allow"), "GET, HEAD");
  client.send(get("/healthz", "Connection: close\r\n"));
  EXPECT_EQ(client.reply().header("Connection"), "close");
  EXPECT_TRUE(client.ended());
}

TEST_F(ServerTest, says_whether_it_is_ready_and_shows_figures_on_loopback_only) {
  std::atomic<bool> ready{false};
  options_.ready = [&]() -> Result<> {
    if (!ready) return fail(ErrorCode::unavailable, "the database is migrating");
    return {};
  };
  start();
  EXPECT_EQ(ask(get("/readyz")).status, 503);
  ready = true;
  EXPECT_EQ(ask(get("/readyz")).status, 200);
  const Reply figures = ask(get("/metrics"));
  EXPECT_NE(figures.body.find("junxian_http_requests_total{operation=\"ready\",status=\"5xx\"} 1\n"), std::string::npos) << figures.body;
  EXPECT_EQ(ask(get("/metrics", "X-Forwarded-For: 192.0.2.1\r\n")).status, 403);  // a proxy on this machine passed it on
}

TEST_F(ServerTest, answers_pipelined_requests_in_their_order) {
  start();
  SocketClient client = connect();
  std::string all;
  for (int i = 0; i < 50; ++i) all += i % 3 == 0 ? get("/healthz") : get("/api/who/n" + std::to_string(i));
  all += "POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody";
  all += "POST /api/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nch\r\n4\r\nunks\r\n0\r\n\r\n";
  all += get("/api/absent");
  ASSERT_TRUE(client.send(all));
  for (int i = 0; i < 50; ++i) {
    const Reply reply = client.reply();
    ASSERT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, i % 3 == 0 ? "ok\n" : "n" + std::to_string(i) + " 127.0.0.1 plain");
  }
  EXPECT_EQ(client.reply().body, "POST body");
  EXPECT_EQ(client.reply().body, "POST chunks");
  EXPECT_EQ(client.reply().status, 404);
}

TEST_F(ServerTest, reads_requests_that_come_octet_by_octet) {
  start();
  SocketClient client = connect();
  const int no_delay = 1;
  ::setsockopt(client.native(), IPPROTO_TCP, TCP_NODELAY, &no_delay, sizeof no_delay);
  for (const char c : "POST /api/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nch\r\n4\r\nunks\r\n0\r\n\r\n") {
    if (c != '\0') {
      ASSERT_TRUE(client.send({&c, 1}));
    }
  }
  EXPECT_EQ(client.reply().body, "POST chunks");
}

TEST_F(ServerTest, answers_a_client_that_has_closed_its_half) {
  start();
  SocketClient client = connect();
  client.send(get("/api/echo"));
  client.finish_sending();
  EXPECT_EQ(client.reply().status, 200);
  EXPECT_TRUE(client.ended());

  SocketClient early = connect();
  early.send("GET /api/echo HT");
  early.finish_sending();
  EXPECT_EQ(early.reply().status, 400);
  EXPECT_TRUE(early.ended());

  SocketClient body = connect();
  body.send("POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
  body.finish_sending();
  EXPECT_EQ(body.reply().status, 400);
}

TEST_F(ServerTest, refuses_what_is_malformed_and_closes) {
  start();
  const std::pair<const char*, int> cases[] = {
      {"NONSENSE\r\n\r\n", 400},
      {"\x16\x03\x01\x02\x00\x01", 400},
      {"GET / HTTP/1.1\nHost: a\n\n", 400},
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505},
      {"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
      {"POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"POST /api/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
      {"POST /api/echo HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n\r\n", 417},
      {"GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n", 400},
  };
  for (const auto& [octets, status] : cases) {
    SocketClient client = connect();
    client.send(octets);
    const Reply reply = client.reply();
    EXPECT_EQ(reply.status, status) << octets;
    EXPECT_EQ(reply.header("Connection"), "close");
    EXPECT_EQ(reply.header("Content-Type"), "application/problem+json");
    EXPECT_TRUE(client.ended()) << octets;
  }
}

TEST_F(ServerTest, takes_nothing_after_a_refused_request_for_a_request) {
  start();
  SocketClient client = connect();
  client.send("POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + get("/api/echo"));
  EXPECT_EQ(client.reply().status, 400);
  EXPECT_TRUE(client.ended());
}

TEST_F(ServerTest, limits_the_head) {
  start();
  EXPECT_EQ(ask(get("/" + std::string(9000, 'a'))).status, 414);
  EXPECT_EQ(ask(get("/", "X: " + std::string(17000, 'a') + "\r\n")).status, 431);
  std::string many;
  for (int i = 0; i < 70; ++i) many += "X-" + std::to_string(i) + ": 1\r\n";
  EXPECT_EQ(ask(get("/", many)).status, 431);
  SocketClient endless = connect();
  endless.send("GET / HTTP/1.1\r\nX: " + std::string(20000, 'a'));
  EXPECT_EQ(endless.reply().status, 431);
}

TEST_F(ServerTest, limits_the_body_of_each_route_before_it_comes) {
  start();
  SocketClient client = connect();
  client.send("POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n");
  const Reply early = client.reply();
  EXPECT_EQ(early.status, 413);
  EXPECT_EQ(early.header("Connection"), "close");
  EXPECT_EQ(ask("POST /api/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n").status, 413);
  EXPECT_EQ(ask("GET /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx").status, 413);
  EXPECT_EQ(ask("POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + std::string(1000, 'x')).status, 200);
  EXPECT_EQ(ask("POST /api/upload HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n" + std::string(3'000'000, 'x')).body, "3000000");
}

TEST_F(ServerTest, lets_a_client_that_pushes_on_read_the_refusal) {
  start();
  SocketClient client = connect();
  client.send("POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n");
  client.send(std::string(2'000'000, 'x'));  // without looking at the answer, as many clients do
  EXPECT_EQ(client.reply().status, 413);
}

TEST_F(ServerTest, limits_all_bodies_together) {
  options_.limits.bodies_bytes_max = 1500;
  start();
  SocketClient first = connect();
  first.send("POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(first.reply().status, 100);
  EXPECT_EQ(ask("POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n").status, 503);
  first.send(std::string(1000, 'x'));
  EXPECT_EQ(first.reply().status, 200);
  EXPECT_EQ(ask("POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + std::string(1000, 'x')).status, 200);
}

TEST_F(ServerTest, says_continue_only_to_a_body_that_it_will_take) {
  start();
  SocketClient client = connect();
  client.send("POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.reply().status, 100);
  client.send("ok");
  EXPECT_EQ(client.reply().body, "POST ok");
  EXPECT_EQ(ask("POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\nExpect: 100-continue\r\n\r\n").status, 413);
  EXPECT_EQ(ask("POST /api/absent HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n").status, 404);
}

TEST_F(ServerTest, answers_head_without_a_body) {
  start();
  SocketClient client = connect();
  client.send("HEAD /api/large HTTP/1.1\r\nHost: a\r\n\r\nHEAD /api/absent HTTP/1.1\r\nHost: a\r\n\r\n" + get("/api/echo"));
  EXPECT_EQ(client.reply(true).header("Content-Length"), std::to_string(8U << 20U));
  EXPECT_EQ(client.reply(true).status, 404);
  EXPECT_EQ(client.reply().body, "GET ");
}

TEST_F(ServerTest, names_the_methods_that_are_allowed) {
  start();
  const Reply reply = ask("DELETE /api/echo HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(reply.status, 405);
  EXPECT_EQ(reply.header("Allow"), "GET, HEAD, POST");
}

TEST_F(ServerTest, renders_errors_as_problems_and_keeps_faults_to_the_log) {
  start();
  const Reply refused = ask(get("/api/refuse", "Accept-Language: en\r\n"));
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.header("Content-Type"), "application/problem+json");
  EXPECT_EQ(refused.header("Content-Language"), "en");
  EXPECT_NE(refused.body.find("\"detail\":\"Not so.\""), std::string::npos);
  EXPECT_NE(refused.body.find(refused.header("X-Request-Id")), std::string::npos);
  EXPECT_NE(ask(get("/api/refuse")).body.find("不可以。"), std::string::npos);
  for (const char* path : {"/api/fault", "/api/throw"}) {
    const Reply fault = ask(get(path));
    EXPECT_EQ(fault.status, 500);
    EXPECT_EQ(fault.body.find("fire"), std::string::npos);
    EXPECT_EQ(fault.body.find("secret"), std::string::npos);
    EXPECT_NE(log_.text().find(fault.header("X-Request-Id")), std::string::npos);
  }
  EXPECT_NE(log_.text().find("the disk is on fire"), std::string::npos);
}

TEST_F(ServerTest, says_when_to_try_again_to_those_who_ask_too_often) {
  start();
  const Reply limited = ask(get("/api/limited"));
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(limited.header("Retry-After"), "1");
  EXPECT_EQ(ask(get("/api/limited/long")).header("Retry-After"), "900");
}

TEST_F(ServerTest, logs_each_answer_without_its_path) {
  start();
  ask(get("/api/who/zhang-san"));
  EXPECT_NE(log_.text().find("\"who\""), std::string::npos) << log_.text();
  EXPECT_EQ(log_.text().find("zhang-san"), std::string::npos);
}

TEST_F(ServerTest, refuses_work_when_its_queue_is_full) {
  options_.workers = 1;
  options_.queue_max = 1;
  start();
  SocketClient running = connect();
  running.send(get("/api/gate"));
  gate_.until_inside(1);
  SocketClient waiting = connect();
  waiting.send(get("/api/gate"));
  while (figure("junxian_http_queued") < 1) {
  }
  SocketClient third = connect();
  third.send(get("/api/echo"));
  const Reply refused = third.reply();
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("Retry-After"), "1");
  third.send(get("/healthz"));
  EXPECT_EQ(third.reply().status, 200);  // still alive
  gate_.open();
  EXPECT_EQ(running.reply().status, 204);
  EXPECT_EQ(waiting.reply().status, 204);
}

TEST_F(ServerTest, cuts_clients_that_send_too_slowly) {
  options_.limits.head_ms = Millis(150);
  options_.limits.body_ms = Millis(150);
  options_.limits.idle_ms = Millis(150);
  start();
  SocketClient silent = connect();
  EXPECT_TRUE(silent.ended());
  SocketClient head = connect();
  head.send("GET /api/echo HTTP/1.1\r\nHo");
  EXPECT_EQ(head.reply().status, 408);
  EXPECT_TRUE(head.ended());
  SocketClient body = connect();
  body.send("POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_EQ(body.reply().status, 408);
  SocketClient idle = connect();
  idle.send(get("/api/echo"));
  EXPECT_EQ(idle.reply().status, 200);
  EXPECT_TRUE(idle.ended());
}

TEST_F(ServerTest, cuts_a_client_that_drips_octets_to_stay) {
  options_.limits.head_ms = Millis(200);
  start();
  SocketClient client = connect();
  std::size_t sent = 0;
  std::thread drip([&] {
    for (; sent < 10'000 && client.send("G"); ++sent) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  });
  EXPECT_EQ(client.reply().status, 408);
  client.finish_sending();
  drip.join();
  EXPECT_LT(sent, 5'000U);
}

TEST_F(ServerTest, cuts_a_client_that_does_not_read_its_answer) {
  options_.limits.write_ms = Millis(150);
  start();
  SocketClient client = connect(4096);
  client.send(get("/api/large"));
  while (figure("junxian_http_timed_out_total") < 1) {
  }
  EXPECT_EQ(client.reply().status, 0);  // not whole
}

TEST_F(ServerTest, holds_an_answer_back_without_a_thread) {
  options_.workers = 1;
  options_.limits.idle_ms = Millis(80);  // which does not count meanwhile
  start();
  SocketClient held = connect();
  const auto before = std::chrono::steady_clock::now();
  held.send(get("/api/held"));
  EXPECT_EQ(ask(get("/api/echo")).status, 200);
  EXPECT_EQ(held.reply().status, 204);
  EXPECT_GE(std::chrono::steady_clock::now() - before, Millis(150));
}

TEST_F(ServerTest, limits_connections_of_one_client_and_in_all) {
  options_.limits.connections_client_max = 3;
  start();
  std::vector<SocketClient> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(connect());
    clients.back().send(get("/healthz"));
    EXPECT_EQ(clients.back().reply().status, 200);
  }
  SocketClient fourth = connect();
  EXPECT_EQ(fourth.reply().status, 503);
  EXPECT_TRUE(fourth.ended());
  clients.front().finish_sending();
  EXPECT_TRUE(clients.front().ended());
  Reply again;
  while (again.status != 200) again = ask(get("/healthz"));
}

TEST_F(ServerTest, serves_many_connections_at_once) {
  options_.limits.connections_client_max = 2000;
  options_.io_threads = 2;
  options_.queue_max = 2000;
  start();
  std::vector<SocketClient> clients;
  for (int i = 0; i < 500; ++i) {
    clients.push_back(connect());
    ASSERT_TRUE(clients.back().connected());
    clients.back().send(get("/api/who/" + std::to_string(i)));
  }
  for (int i = 0; i < 500; ++i) EXPECT_EQ(clients[static_cast<std::size_t>(i)].reply().body, std::to_string(i) + " 127.0.0.1 plain");
}

TEST_F(ServerTest, believes_the_client_address_of_a_trusted_proxy_only) {
  start();
  EXPECT_EQ(ask(get("/api/who/x", "X-Forwarded-For: 192.0.2.1\r\n")).body, "x 127.0.0.1 plain");
  options_.trusted_proxies = {*AddressRange::parse("127.0.0.0/8")};
  start();
  EXPECT_EQ(ask(get("/api/who/x", "X-Forwarded-For: 198.51.100.9, 192.0.2.1, 127.0.0.1\r\nX-Forwarded-Proto: https\r\n")).body, "x 192.0.2.1 secure");
  EXPECT_EQ(ask(get("/api/who/x", "X-Forwarded-For: unknown\r\n")).body, "x 127.0.0.1 plain");
}

class FileServerTest : public ServerTest {
 protected:
  void SetUp() override {
    std::string made = (std::filesystem::temp_directory_path() / "jx-files-XXXXXX").string();
    ASSERT_NE(::mkdtemp(made.data()), nullptr);
    folder_ = made;
    file_ = folder_ / "x.zip";
    for (int i = 0; content_.size() < 1'000'000; ++i) content_ += std::to_string(i) + ",";
    std::ofstream(file_, std::ios::binary) << content_;
  }
  void TearDown() override {
    server_.reset();
    std::filesystem::remove_all(folder_);
  }
  std::filesystem::path folder_;
  std::string content_;
};

TEST_F(FileServerTest, sends_whole_files_and_parts_of_them) {
  start();
  SocketClient client = connect();
  client.send(get("/api/file"));
  const Reply whole = client.reply();
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(whole.body, content_);
  EXPECT_EQ(whole.header("Accept-Ranges"), "bytes");
  client.send(get("/api/file", "Range: bytes=300000-\r\nIf-Range: " + whole.header("ETag") + "\r\n"));
  const Reply rest = client.reply();
  EXPECT_EQ(rest.status, 206);
  EXPECT_EQ(rest.body, content_.substr(300000));
  EXPECT_EQ(rest.header("Content-Range"), "bytes 300000-" + std::to_string(content_.size() - 1) + "/" + std::to_string(content_.size()));
  client.send(get("/api/file", "Range: bytes=10-19\r\n"));
  EXPECT_EQ(client.reply().body, content_.substr(10, 10));
  client.send(get("/api/file", "Range: bytes=10-19\r\nIf-Range: \"changed\"\r\n"));
  EXPECT_EQ(client.reply().status, 200);
  client.send(get("/api/file", "Range: bytes=9999999-\r\n"));
  EXPECT_EQ(client.reply().status, 416);
  client.send(get("/api/file", "If-None-Match: " + whole.header("ETag") + "\r\n"));
  EXPECT_EQ(client.reply().status, 304);
  client.send("HEAD /api/file HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.reply(true).header("Content-Length"), std::to_string(content_.size()));
  std::filesystem::remove(file_);
  client.send(get("/api/file"));
  EXPECT_EQ(client.reply().status, 404);
}

TEST_F(FileServerTest, cuts_the_connection_when_a_file_shrinks_under_it) {
  start();
  SocketClient client = connect(4096);
  client.send(get("/api/file"));
  client.until("\r\n\r\n");
  std::filesystem::resize_file(file_, 300'000);
  std::string rest = client.until("no such text");  // to the end
  EXPECT_TRUE(client.ended() || rest.empty());
}

TEST_F(FileServerTest, serves_pages_with_their_headers) {
  std::filesystem::create_directories(folder_ / "web/assets");
  std::ofstream(folder_ / "web/index.html") << "<p>hello";
  std::ofstream(folder_ / "web/assets/app-BxK3f9aQ.js") << content_;
  start({{.prefix = "/", .folder = folder_ / "web"}});
  SocketClient client = connect();
  client.send(get("/"));
  const Reply page = client.reply();
  EXPECT_EQ(page.body, "<p>hello");
  EXPECT_EQ(page.header("Cache-Control"), "no-cache");
  EXPECT_NE(page.header("Content-Security-Policy").find("default-src 'self'"), std::string::npos);
  EXPECT_EQ(page.header("X-Frame-Options"), "DENY");
  client.send(get("/", "If-None-Match: " + page.header("ETag") + "\r\n"));
  EXPECT_EQ(client.reply().status, 304);
  client.send(get("/assets/app-BxK3f9aQ.js"));
  const Reply script = client.reply();
  EXPECT_EQ(script.body, content_);
  EXPECT_NE(script.header("Cache-Control").find("immutable"), std::string::npos);
  client.send(get("/any/page"));
  EXPECT_EQ(client.reply().body, "<p>hello");
  for (const char* path : {"/api/typo"}) {
    client.send(get(path));
    const Reply nothing = client.reply();
    EXPECT_EQ(nothing.status, 404) << path;
    EXPECT_EQ(nothing.header("Content-Type"), "application/problem+json") << path;
  }
  client.send("POST / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.reply().status, 404);
}

TEST_F(FileServerTest, answers_404_with_the_application_where_it_has_no_page) {
  for (const char* site : {"portal", "workbench"}) {
    std::filesystem::create_directories(folder_ / site);
    std::ofstream(folder_ / site / "index.html") << "<p>" << site;
  }
  start({{.prefix = "/", .folder = folder_ / "portal", .pages = {"matters", "matters/*"}},
         {.prefix = "/workbench/", .folder = folder_ / "workbench", .pages = {"tasks/*"}}});
  SocketClient client = connect();
  client.send(get("/matters/7"));
  const Reply page = client.reply();
  EXPECT_EQ(page.status, 200);
  client.send(get("/nope", "If-None-Match: " + page.header("ETag") + "\r\n"));
  const Reply nothing = client.reply();
  EXPECT_EQ(nothing.status, 404);
  EXPECT_EQ(nothing.body, "<p>portal");
  client.send(get("/workbench"));
  const Reply away = client.reply();
  EXPECT_EQ(away.status, 308);
  EXPECT_EQ(away.header("Location"), "/workbench/");
  EXPECT_EQ(away.body, "");
  client.send(get("/workbench/tasks/1"));
  EXPECT_EQ(client.reply().status, 200);
}

TEST_F(ServerTest, streams_events_until_the_browser_goes) {
  options_.limits.heartbeat_ms = Millis(50);
  start();
  SocketClient client = connect();
  client.send(get("/api/events"));
  EXPECT_NE(client.until("\r\n\r\n").find("text/event-stream"), std::string::npos);
  EXPECT_TRUE(sink(0)->send({"case", "{}", "1"}));
  EXPECT_EQ(client.until("\n\n"), "event: case\nid: 1\ndata: {}\n\n");
  EXPECT_EQ(client.until("\n\n"), ":\n\n");
  client.finish_sending();
  std::unique_lock lock(sinks_mutex_);
  sinks_change_.wait(lock, [&] { return unsubscribed_ == 1; });
  EXPECT_FALSE(sinks_[0]->send({"case", "{}", "2"}));
}

TEST_F(ServerTest, ends_a_stream_when_its_publisher_does_or_when_it_falls_behind) {
  options_.limits.stream_events_max = 4;
  start();
  SocketClient client = connect();
  client.send(get("/api/events"));
  client.until("\r\n\r\n");
  sink(0)->send({"", "last", ""});
  sink(0)->close();
  EXPECT_EQ(client.until("\n\n"), "data: last\n\n");
  EXPECT_TRUE(client.ended());

  SocketClient slow = connect(4096);
  slow.send(get("/api/events"));
  const auto lagging = sink(1);
  const std::string large(200'000, 'x');
  int sent = 0;
  while (lagging->send({"", large, ""}) && sent < 10'000) ++sent;
  EXPECT_LT(sent, 10'000);
  EXPECT_FALSE(lagging->send({"", "more", ""}));
}

TEST_F(ServerTest, limits_the_streams) {
  options_.limits.streams_max = 1;
  start();
  SocketClient first = connect();
  first.send(get("/api/events"));
  first.until("\r\n\r\n");
  EXPECT_EQ(ask(get("/api/events")).status, 503);
}

TEST_F(ServerTest, finishes_what_runs_when_it_stops) {
  start();
  SocketClient running = connect();
  running.send(get("/api/gate"));
  gate_.until_inside(1);
  SocketClient idle = connect();
  idle.send(get("/healthz"));
  idle.reply();
  SocketClient stream = connect();
  stream.send(get("/api/events"));
  stream.until("\r\n\r\n");
  auto stopped = std::async(std::launch::async, [&] { return server_->stop(Millis(10'000)); });
  EXPECT_TRUE(idle.ended());
  idle.finish_sending();
  EXPECT_TRUE(stream.ended());
  gate_.open();
  const Reply reply = running.reply();
  EXPECT_EQ(reply.status, 204);
  EXPECT_EQ(reply.header("Connection"), "close");
  EXPECT_TRUE(stopped.get());
  EXPECT_FALSE(SocketClient(server_->ports().front()).connected());
}

TEST_F(ServerTest, loses_no_answer_when_it_stops_under_load) {
  options_.workers = 4;
  start();
  std::atomic<int> whole{0};
  std::atomic<int> torn{0};
  std::vector<std::thread> clients;
  for (int t = 0; t < 8; ++t) {
    clients.emplace_back([&] {
      while (true) {
        SocketClient client = connect();
        if (!client.connected()) return;
        for (int i = 0; i < 20; ++i) {
          if (!client.send(get("/api/echo"))) break;
          const Reply reply = client.reply();
          if (reply.status == 200)
            ++whole;
          else if (!reply.head.empty())
            ++torn;
          if (reply.status != 200 || reply.header("Connection") == "close") break;
        }
      }
    });
  }
  while (whole < 200) std::this_thread::yield();
  EXPECT_TRUE(server_->stop(Millis(10'000)));
  for (auto& client : clients) client.join();
  EXPECT_EQ(torn, 0);
}

TEST_F(ServerTest, cuts_what_does_not_end_within_the_grace) {
  options_.limits.linger_ms = Millis(60'000);
  start();
  SocketClient half = connect();
  half.send("GET /api/echo HTTP/1.1\r\n");
  while (figure("junxian_http_received_bytes_total") < 1) {
  }
  EXPECT_FALSE(server_->stop(Millis(50)));
  EXPECT_TRUE(half.ended());
}

TEST_F(ServerTest, does_not_start_on_what_it_cannot_serve) {
  start();
  Options taken = options_;
  taken.listen = {{"127.0.0.1", server_->ports().front(), false}};
  EXPECT_EQ(Server::start(taken, routes()).error().code, ErrorCode::unavailable);
  Options bad = options_;
  bad.listen = {{"localhost", 0, false}};
  EXPECT_EQ(Server::start(bad, routes()).error().code, ErrorCode::invalid);
  Options no_tls = options_;
  no_tls.listen = {{"127.0.0.1", 0, true}};
  EXPECT_EQ(Server::start(no_tls, routes()).error().code, ErrorCode::invalid);
  auto twice = routes();
  twice.push_back(twice.front());
  EXPECT_EQ(Server::start(options_, std::move(twice)).error().code, ErrorCode::invalid);
}

}  // namespace
}  // namespace jx::http
