// client.hpp - a small HTTP client, for the command line, for sources and for what is sent to others: GET and POST, one answer at a time, blocking.
#pragma once
#include <jx/core.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

struct Posted {
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;  // a name that HTTP itself uses (Host, Content-Length) is not among them
  std::string body;
  std::string authorities;                                       // as of Asked
  std::function<bool(std::string_view address)> may_reach = {};  // asked of every address that the host has; empty: all may be reached
  Instant deadline = no_deadline;                                // at most 60 s from now
};
/// Whether an address is of the internet: not of this machine, a link, a private network (RFC 1918, RFC 4193, RFC 6598), multicast or reserved.
[[nodiscard]] bool is_public_address(std::string_view address);

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
  /// Sends a body; the answer's own is read up to 64 KiB. Errors: as get(); forbidden (the host has an address that may not be reached).
  [[nodiscard]] Result<Answered> post(const Posted& posted);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace jx::http
