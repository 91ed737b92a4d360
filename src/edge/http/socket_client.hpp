// socket_client.hpp - a client that sends exactly the octets it is told to, for the tests of the server.
#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace jx::http::testing {

struct Reply {
  int status = 0;  // 0: the connection ended before a whole reply
  std::string head, body;

  [[nodiscard]] std::string header(std::string_view name) const {
    for (std::size_t at = head.find("\r\n"); at != std::string::npos && at + 2 < head.size(); at = head.find("\r\n", at + 2)) {
      const std::string_view line = std::string_view(head).substr(at + 2, head.find("\r\n", at + 2) - at - 2);
      if (line.size() > name.size() && line[name.size()] == ':' && ::strncasecmp(line.data(), name.data(), name.size()) == 0)
        return std::string(line.substr(name.size() + 2));
    }
    return {};
  }
};

class SocketClient {
 public:
  explicit SocketClient(std::uint16_t port, int receive_buffer = 0) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval guard{20, 0};  // a test that waits this long has failed
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &guard, sizeof guard);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &guard, sizeof guard);
    if (receive_buffer > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;  // NOLINT(*-reinterpret-cast)
  }
  SocketClient(SocketClient&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), connected_(other.connected_), input_(std::move(other.input_)) {}
  SocketClient(const SocketClient&) = delete;
  SocketClient& operator=(const SocketClient&) = delete;
  ~SocketClient() {
    if (socket_ >= 0) ::close(socket_);
  }

  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] int native() const { return socket_; }
  /// False once the other side refuses more.
  bool send(std::string_view octets) {
    while (!octets.empty()) {
      const ssize_t n = ::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      octets.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  void finish_sending() { ::shutdown(socket_, SHUT_WR); }
  /// The next reply; its body by Content-Length, or to the end where there is none. `head_only`: to a HEAD request.
  Reply reply(bool head_only = false) {
    Reply out;
    std::size_t end = 0;
    while ((end = input_.find("\r\n\r\n")) == std::string::npos) {
      if (!fill()) return out;
    }
    out.head = input_.substr(0, end + 2);
    input_.erase(0, end + 4);
    const int status = std::stoi(out.head.substr(9, 3));
    const std::string length = out.header("Content-Length");
    if (status == 100 || status == 204 || status == 304 || head_only) {
    } else if (length.empty()) {
      while (fill()) {
      }
      out.body = std::exchange(input_, {});
    } else {
      while (input_.size() < std::stoull(length)) {
        if (!fill()) return out;
      }
      out.body = input_.substr(0, std::stoull(length));
      input_.erase(0, out.body.size());
    }
    out.status = status;
    return out;
  }
  /// Waits until `text` has come; everything up to its end. Empty if the connection ended before.
  std::string until(std::string_view text) {
    while (input_.find(text) == std::string::npos) {
      if (!fill()) return {};
    }
    const std::size_t end = input_.find(text) + text.size();
    std::string out = input_.substr(0, end);
    input_.erase(0, end);
    return out;
  }
  /// True if the server ends the connection without another octet.
  bool ended() { return input_.empty() && !fill(); }

 private:
  bool fill() {
    std::array<char, 65536> some{};
    const ssize_t n = ::recv(socket_, some.data(), some.size(), 0);
    if (n <= 0) return false;
    input_.append(some.data(), static_cast<std::size_t>(n));
    return true;
  }

  int socket_;
  bool connected_ = false;
  std::string input_;
};

}  // namespace jx::http::testing
