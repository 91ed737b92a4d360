// request_maker.hpp - makes a Request, which is immutable to handlers, from a parsed head.
#pragma once
#include <jx/http/request.hpp>

#include "head.hpp"

namespace jx::http {

class RequestMaker {
 public:
  using Params = std::vector<std::pair<std::string, std::string>>;

  /// Copies the octets of the head; `text` is what `head` points into.
  [[nodiscard]] static Request make(std::string_view text, const Head& head, RequestId id);
  static void set_body(Request& request, std::string body) { request.body_ = std::move(body); }
  static void set_peer(Request& request, Peer peer) { request.peer_ = std::move(peer); }
  static void set_deadline(Request& request, Instant deadline) { request.deadline_ = deadline; }
  /// `route` outlives the request: it is a string of the route table.
  static void set_route(Request& request, std::string_view route, Params params) {
    request.route_ = route;
    request.params_ = std::move(params);
  }
};

/// The better of `zh-CN` and `en` for an Accept-Language field (RFC 9110 section 12.5.4); zh-CN for neither.
[[nodiscard]] std::string_view language_of(std::string_view accept_language);

}  // namespace jx::http
