// small_server.hpp - answers HTTP on a port of loopback, one connection after another, for tests.
#pragma once
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace jx::connectors::testing {

class SmallServer {
 public:
  /// `answer` gets the request's head and says the status line's end, more headers and the body: "200 OK\r\n\r\nbody".
  explicit SmallServer(std::function<std::string(const std::string& head)> answer) : answer_(std::move(answer)) {
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
  ~SmallServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  SmallServer(const SmallServer&) = delete;
  SmallServer& operator=(const SmallServer&) = delete;

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::vector<std::string> heads() {
    const std::lock_guard lock(mutex_);
    return heads_;
  }

  [[nodiscard]] std::vector<std::string> bodies() {
    const std::lock_guard lock(mutex_);
    return bodies_;
  }

 private:
  void run() {
    while (true) {
      const int one = ::accept(listener_, nullptr, nullptr);
      if (one < 0) return;
      std::string head;
      char block[4096];
      while (head.find("\r\n\r\n") == std::string::npos) {
        const auto got = ::read(one, block, sizeof(block));
        if (got <= 0) break;
        head.append(block, static_cast<std::size_t>(got));
      }
      const auto end = head.find("\r\n\r\n");
      std::string taken = end == std::string::npos ? std::string() : head.substr(end + 4);
      const auto length = head.find("Content-Length: ");
      const auto expected = length == std::string::npos || length > end ? 0 : std::stoul(head.substr(length + 16));
      while (taken.size() < expected) {
        const auto got = ::read(one, block, sizeof(block));
        if (got <= 0) break;
        taken.append(block, static_cast<std::size_t>(got));
      }
      if (end != std::string::npos) head.resize(end + 4);
      {
        const std::lock_guard lock(mutex_);
        heads_.push_back(head);
        bodies_.push_back(taken);
      }
      const auto text = "HTTP/1.1 " + answer_(head);
      const auto body = text.find("\r\n\r\n");
      const auto whole =
          text.substr(0, body) + "\r\nConnection: close\r\nContent-Length: " + std::to_string(text.size() - body - 4) + text.substr(body);
      std::size_t at = 0;
      while (at < whole.size()) {
        const auto sent = ::send(one, whole.data() + at, whole.size() - at, MSG_NOSIGNAL);
        if (sent <= 0) break;
        at += static_cast<std::size_t>(sent);
      }
      ::close(one);
    }
  }

  std::function<std::string(const std::string&)> answer_;
  int listener_ = -1;
  int port_ = 0;
  std::mutex mutex_;
  std::vector<std::string> heads_, bodies_;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace jx::connectors::testing
