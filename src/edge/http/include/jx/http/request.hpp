// request.hpp - one request, whole: head and body are there before a handler runs.
#pragma once
#include <jx/core.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jx::http {

enum class Method : std::uint8_t { get, head, post, put, patch, del, options };

/// `GET`, `DELETE` ...
[[nodiscard]] std::string_view name(Method method);
/// GET and HEAD and OPTIONS: change nothing (RFC 9110 section 9.2.1).
[[nodiscard]] constexpr bool safe(Method method) { return method == Method::get || method == Method::head || method == Method::options; }

/// One header field as it was sent. The name is a token; the value has no control characters and no blanks around it.
struct Field {
  std::string_view name;
  std::string_view value;
};

/// The certificate that a client proved to have the key of, on a listener that asks for one (Listen::client_ca).
struct ClientCertificate {
  /// Why it is not believed. A connection with one that is not believed is served all the same, as that of somebody unknown: it is for the
  /// operation to refuse it, in words.
  enum class Fault : std::uint8_t { none, untrusted, not_yet_valid, expired, not_for_clients, unusable };

  std::array<std::uint8_t, 32> key_sha256{};  // of its SubjectPublicKeyInfo in DER (RFC 7469 section 2.4): what an account is bound to
  Instant not_after;
  Fault fault = Fault::none;
};

/// What the server knows of a request beside its octets.
struct Peer {
  std::string client = "127.0.0.1";  // address, without port; of the real client where a trusted proxy names it
  bool loopback = true;              // came from this machine and through no proxy
  bool secure = false;               // came over TLS, to us or to a trusted proxy
  /// Of the client itself: never that of a trusted proxy, whose connections carry many callers.
  std::optional<ClientCertificate> certificate;
};

/// A request that has passed the strict parser. Owns its octets; the views it gives live as long as it does. Immutable in handlers.
class Request {
 public:
  /// For tests and tools: reads `head` (request line, fields, empty line, CRLF) under the rules and default limits of the server.
  /// Errors: invalid (says which rule).
  [[nodiscard]] static Result<Request> parse(std::string head, std::string body = {});

  [[nodiscard]] Method method() const { return method_; }
  /// The path as it was sent: begins with `/`, percent-encoded, without the query.
  [[nodiscard]] std::string_view path() const { return path_; }
  /// What follows `?`, as it was sent.
  [[nodiscard]] std::string_view query() const { return query_; }
  [[nodiscard]] std::span<const Field> fields() const { return fields_; }
  /// The value of the first field of that name (any case).
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  [[nodiscard]] std::string_view body() const { return body_; }
  /// The value of one cookie.
  [[nodiscard]] std::optional<std::string_view> cookie(std::string_view name) const;

  /// The decoded part of the path that stands for `{name}` in the route; empty if the route has no such part.
  [[nodiscard]] std::string_view param(std::string_view name) const;
  /// The decoded value of `name` in the query. Errors: invalid (given twice, bad percent-encoding, not UTF-8); field is `/name`.
  [[nodiscard]] Result<std::optional<std::string>> query(std::string_view name) const;
  /// All names and decoded values of the query, in their order. Errors: invalid (bad percent-encoding, not UTF-8, more than 64).
  [[nodiscard]] Result<std::vector<std::pair<std::string, std::string>>> query_pairs() const;

  /// Template of the route that took it, such as `/api/v1/cases/{case}`; empty if none.
  [[nodiscard]] std::string_view route() const { return route_; }
  /// X-Request-Id if the client sent a UUID there, else a new one.
  [[nodiscard]] RequestId id() const { return id_; }
  [[nodiscard]] const Peer& peer() const { return peer_; }
  /// Of the system clock: until then the answer should be there.
  [[nodiscard]] Instant deadline() const { return deadline_; }
  /// `zh-CN` or `en`: the better one for Accept-Language; zh-CN where it asks for neither.
  [[nodiscard]] std::string_view language() const { return language_; }
  /// The authority that the client used: `host` or `host:port`.
  [[nodiscard]] std::string_view host() const { return host_; }

  Request(Request&&) noexcept = default;
  Request& operator=(Request&&) noexcept = default;

 private:
  friend class RequestMaker;
  Request() = default;

  std::unique_ptr<char[]> head_;  // NOLINT(*-c-arrays): what the views point into; does not move with the object
  std::vector<Field> fields_;
  std::vector<std::pair<std::string, std::string>> params_;
  std::string body_;
  Peer peer_;
  std::string_view path_, query_, route_, host_;
  std::string_view language_ = "zh-CN";
  RequestId id_;
  Instant deadline_ = no_deadline;
  Method method_ = Method::get;
};

/// Decodes %XX; with `plus`, also `+` as a blank. Errors: invalid (bad %XX, a NUL, not UTF-8).
[[nodiscard]] Result<std::string> percent_decode(std::string_view text, bool plus = false);
/// Encodes everything but `A-Z a-z 0-9 - . _ ~` (RFC 3986 section 2.3).
[[nodiscard]] std::string percent_encode(std::string_view text);

}  // namespace jx::http
