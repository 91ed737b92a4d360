// cutting_proxy.hpp - for tests: a TCP proxy before PostgreSQL that cuts a connection at a chosen moment.
#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <list>
#include <mutex>
#include <string>
#include <thread>

namespace jx::db {

class CuttingProxy {
 public:
  enum class Cut {
    never,
    before_request,  // what the client sends next never arrives at the server
    after_request,   // it arrives, and the client is cut off at once
    before_answer,   // it arrives, and the server's answer to it does not reach the client
  };

  explicit CuttingProxy(int server_port) : server_port_(server_port) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = loopback(0);
    socklen_t size = sizeof address;
    if (::bind(listener_, as_socket(address), size) != 0 || ::listen(listener_, 16) != 0 || ::getsockname(listener_, as_socket(address), &size) != 0)
      std::abort();
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept(); });
  }
  ~CuttingProxy() {
    stopping_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    for (auto& pump : pumps_) pump.join();
    ::close(listener_);
  }
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;

  [[nodiscard]] int port() const { return port_; }
  /// The next request of any client is treated so, once.
  void cut(Cut cut) { cut_ = cut; }
  /// New connections are closed at once.
  void refuse(bool refuse) { refuse_ = refuse; }

 private:
  static sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }
  static sockaddr* as_socket(sockaddr_in& address) { return reinterpret_cast<sockaddr*>(&address); }  // NOLINT(*-reinterpret-cast)

  void accept() {
    for (;;) {
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) return;
      if (refuse_) {
        ::close(client);
        continue;
      }
      pumps_.emplace_back([this, client] { pump(client); });
    }
  }

  void pump(int client) {
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = loopback(server_port_);
    bool open = ::connect(server, as_socket(address), sizeof address) == 0;
    bool drop_answer = false;
    while (open && !stopping_) {
      std::array<pollfd, 2> ends{pollfd{client, POLLIN, 0}, pollfd{server, POLLIN, 0}};
      ::poll(ends.data(), ends.size(), 50);
      if (ends[0].revents != 0) {
        const auto cut = cut_.exchange(Cut::never);
        open = cut != Cut::before_request && pass(client, server) && cut != Cut::after_request;
        drop_answer = cut == Cut::before_answer;
      } else if (ends[1].revents != 0) {
        open = drop_answer ? false : pass(server, client);
      }
    }
    ::close(client);
    ::close(server);
  }

  static bool pass(int from, int to) {
    std::array<char, 65536> buffer;
    const ssize_t got = ::read(from, buffer.data(), buffer.size());
    for (ssize_t sent = 0; sent < got;) {
      const ssize_t more = ::send(to, buffer.data() + sent, static_cast<std::size_t>(got - sent), MSG_NOSIGNAL);
      if (more <= 0) return false;
      sent += more;
    }
    return got > 0;
  }

  int server_port_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<Cut> cut_ = Cut::never;
  std::atomic<bool> refuse_ = false;
  std::atomic<bool> stopping_ = false;
  std::list<std::thread> pumps_;  // used by the acceptor, then by the destructor
  std::thread acceptor_;
};

}  // namespace jx::db
