// client.hpp - a small HTTP client, for the command line and for sources: GET, one answer at a time, blocking.
#pragma once
#include <jx/core.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace jx::http {

inline constexpr std::size_t answer_bytes_max = 64U << 20U;

struct Answered {
  int status = 0;
  std::string body;
  std::optional<std::chrono::seconds> retry_after;  // RFC 9110 section 10.2.3, if it is given in seconds
};

struct Asked {
  std::string url;
  std::string authorization;       // the header of that name; empty: none. Its value stands in no error
  std::string accept;              // likewise
  std::string authorities;         // PEM file that HTTPS is verified against; empty: the system's. That of the first call goes for all of them
  Instant deadline = no_deadline;  // at most 30 s from now
  std::size_t bytes_max = answer_bytes_max;
};

/// Keeps its connection between calls to one host. For one thread. HTTPS is verified against the system's certificates. Follows no redirects.
class Client {
 public:
  Client();
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// `url` is http://host[:port]/path or https://.... Errors: invalid (not such a URL); unavailable (no connection, a bad answer); timeout (30 s);
  /// too_large.
  [[nodiscard]] Result<Answered> get(const std::string& url);
  [[nodiscard]] Result<Answered> get(const Asked& asked);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace jx::http
