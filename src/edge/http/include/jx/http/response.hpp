// response.hpp - what a handler answers: a body in memory, a file, or a stream of events.
#pragma once
#include <jx/core.hpp>
#include <jx/core/fault.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace jx::http {

/// One server-sent event (WHATWG HTML section 9.2). `data` may have several lines.
struct Event {
  std::string name;  // `event:`; empty: the default "message"
  std::string data;
  std::string id;  // `id:`, what the browser sends back as Last-Event-ID; empty: none
};

/// The sending end of one browser's stream. Thread-safe; never blocks.
class EventSink {
 public:
  virtual ~EventSink() = default;
  /// False once the stream is over: the browser has gone, it fell `stream_events_max` behind (the browser reconnects and asks again), or the server
  /// stops.
  virtual bool send(const Event& event) = 0;
  /// Ends the stream.
  virtual void close() = 0;
};

/// Begins a subscription; what it gives back is destroyed, on any thread, when the stream is over. The sink is shared: publisher and connection both
/// hold it.
using Subscribe = std::function<std::shared_ptr<void>(std::shared_ptr<EventSink>)>;

/// A file sent from the disk in pieces, with Range and If-Range. `path` comes from the program, never from a client.
struct FileBody {
  std::filesystem::path path;
};

/// An answer. Content-Length, Date, Connection, X-Request-Id and the security headers are the server's.
struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::variant<std::string, FileBody, Subscribe> body;
  std::chrono::milliseconds hold{0};  // the answer leaves so much later; no thread waits for it. At most a minute
  std::optional<Error> error;         // rendered by the server as a problem document, in the language of the request
  Faults faults;                      // all that is wrong, where `error` tells the first of several; goes into the problem document

  /// Sets a header, in place of one of that name. Control characters in `value` are dropped: no header can be injected.
  Response& with(std::string_view name, std::string_view value) &;
  Response&& with(std::string_view name, std::string_view value) &&;
  /// Adds a header beside those of that name (Set-Cookie).
  Response& add(std::string_view name, std::string_view value);
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  /// The body in memory; empty for files and streams.
  [[nodiscard]] std::string_view text() const;
};

/// 200 with application/json.
[[nodiscard]] Response json(std::string body);
/// 201 with Location and application/json.
[[nodiscard]] Response created(std::string_view location, std::string body);
/// 202 with application/json: work that goes on; `location` is where its progress is.
[[nodiscard]] Response accepted(std::string_view location, std::string body);
/// 204.
[[nodiscard]] Response no_content();
/// 304: the client's copy (If-None-Match) is good.
[[nodiscard]] Response not_modified(std::string_view etag);
/// 200 with any content type.
[[nodiscard]] Response content(std::string_view type, std::string body);
/// 200 or 206: a file from the disk. With `download_name` the browser saves it (RFC 6266, UTF-8).
[[nodiscard]] Response file(std::filesystem::path path, std::string_view type, std::string_view download_name = {});
/// 200 with text/event-stream.
[[nodiscard]] Response events(Subscribe subscribe);
/// The problem document of an error (RFC 9457); the status comes from status_of().
[[nodiscard]] Response problem(Error error);

}  // namespace jx::http
