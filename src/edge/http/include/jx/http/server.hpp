// server.hpp - the server: io threads that own the connections, worker threads that run handlers.
#pragma once
#include <jx/core.hpp>
#include <jx/http/address_range.hpp>
#include <jx/http/request.hpp>
#include <jx/http/response.hpp>
#include <jx/log.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jx::http {

using Millis = std::chrono::milliseconds;

/// A plain function, run on a worker thread, several at a time. An exception that leaves it is logged and answered with 500.
using Handler = std::function<Response(const Request&)>;

/// One row of the route table. HEAD is answered by the GET of the same path.
struct Route {
  Method method = Method::get;
  std::string path;  // `/api/v1/cases/{case}`; a last `{rest+}` takes one or more parts
  Handler handler;
  std::size_t body_bytes_max = 0;  // 0: a request with a body is refused with 413
  std::string name;                // of the operation, such as `getCase`: for the log and the figures
  bool at_once = false;            // runs on the io thread, whatever waits for the workers: it must take microseconds and not block
};

/// A folder of built files, read whole into memory at the start: what was not there then does not exist, so no path can leave it.
/// The prefix without its slash leads to it. `x.js.br` and `x.js.gz` beside `x.js` are sent to those who accept them. Names with a hash
/// (`app-BxK3f9aQ.js`) are cached for ever.
struct Mount {
  std::string prefix;  // `/` or `/workbench/`
  std::filesystem::path folder;
  std::string fallback = "index.html";  // for a path without a file extension (single-page applications); empty: 404
  /// The paths below the prefix at which the application has a page: `items/*` (one part), `items/**` (the rest). The fallback answers others with
  /// 404, and the application says in it that there is nothing. Empty: the application has a page at every path.
  std::vector<std::string> pages;
  std::string content_security_policy =
      "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; "
      "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
};
inline constexpr std::size_t mount_files_max = 20'000;
inline constexpr std::size_t mount_bytes_max = 256U << 20U;

struct Limits {
  std::size_t head_bytes_max = 16 * 1024;      // request line and fields: else 431 (414 if the target alone is beyond 8 KiB)
  std::size_t fields_max = 64;                 // else 431
  std::size_t connections_max = 10'000;        // in all: else 503 and closed
  std::size_t connections_client_max = 256;    // from one IPv4 address or IPv6 /64: else 503 and closed
  std::size_t bodies_bytes_max = 256U << 20U;  // of all request bodies under way: else 503
  std::size_t streams_max = 4096;              // server-sent streams in all: else 503
  std::size_t stream_events_max = 256;         // that one stream may lag behind
  Millis head_ms{10'000};                      // from the first octet of a request, or the connection, to the end of its head; TLS handshake too
  Millis body_ms{15'000};                      // for a body, beside what rate_bytes_min allows
  Millis write_ms{15'000};                     // for an answer, beside what rate_bytes_min allows
  std::size_t rate_bytes_min = 8 * 1024;       // a second: what a slow but honest client reaches
  Millis idle_ms{60'000};                      // between requests of a connection
  Millis handler_ms{30'000};                   // Request::deadline()
  Millis heartbeat_ms{15'000};                 // of a silent stream
  Millis linger_ms{2'000};                     // after an early refusal: the rest of the body is read and thrown away
};

struct Listen {
  std::string address = "127.0.0.1";  // IPv4 or IPv6
  std::uint16_t port = 0;             // 0: any free one, see Server::ports()
  bool tls = false;
  /// PEM: the authorities whose certificates clients may present here. Empty: none is asked for. Only with `tls`. Nobody has to present one, for
  /// browsers may call here too; sessions are not resumed, so that each connection is looked at anew.
  std::filesystem::path client_ca;
};

/// PEM files. TLS 1.2 and 1.3.
struct TlsFiles {
  std::filesystem::path certificate;  // with its chain
  std::filesystem::path key;
};

/// One whole exchange, for the contract tests (Options::record).
struct Exchange {
  const Request& request;
  const Response& response;  // errors are rendered
};

struct Options {
  std::vector<Listen> listen{Listen{}};
  std::optional<TlsFiles> tls;  // needed if a Listen says so
  std::size_t io_threads = 1;
  std::size_t workers = 4;
  std::size_t queue_max = 256;  // requests that wait for a worker: beyond, 503 with Retry-After
  Limits limits;
  std::vector<AddressRange> trusted_proxies;  // whose X-Forwarded-For and X-Forwarded-Proto are believed
  bool metrics_loopback_only = true;
  std::function<Result<>()> ready;                 // /readyz, on a worker
  std::function<void(std::string&)> more_metrics;  // appends Prometheus text of other modules; on the io thread: must not block
  std::function<void(const Exchange&)> record;     // on a worker; answers that the server itself gives are not told
  log::Log* log = nullptr;                         // outlives the server; an access line for each answer, and faults with all they say
  bool log_clients = true;                         // their addresses too
};

/// A server that runs. All functions may be called from any thread that is not one of its own.
class Server {
 public:
  virtual ~Server() = default;  // stops at once if stop() was not called

  /// Binds, reads mounts and certificates, starts the threads. /healthz, /readyz and /metrics are there by themselves.
  /// Errors: invalid (a route twice, a bad template, a bad address, a certificate that does not fit its key), unavailable (port taken, too large a
  /// mount).
  [[nodiscard]] static Result<std::unique_ptr<Server>> start(Options options, std::vector<Route> routes, std::vector<Mount> mounts = {});

  /// The ports that are listened on, in the order of Options::listen.
  [[nodiscard]] virtual std::vector<std::uint16_t> ports() const = 0;
  /// Reads the certificate files again: new connections get the new certificate, old ones go on. Errors: those of start(); the old one stays then.
  [[nodiscard]] virtual Result<> reload() = 0;
  /// Takes no new connection, finishes what runs (answers carry Connection: close), ends streams, then closes. True if all ended by themselves within
  /// `grace`.
  virtual bool stop(Millis grace) = 0;
};

}  // namespace jx::http
