#include "cookies.hpp"

namespace jx::api {

namespace {

constexpr std::string_view half_a_year = "; Max-Age=15552000";

void put_cookie(http::Response& response, const http::Request& request, Cookie cookie, std::string_view token, std::string_view lifetime) {
  const bool secure = request.peer().secure;
  std::string value(cookie_name(cookie, secure));
  value.append("=").append(token).append("; Path=/; HttpOnly; SameSite=Strict").append(secure ? "; Secure" : "").append(lifetime);
  response.add("Set-Cookie", value);
}

}  // namespace

std::string_view cookie_name(Cookie cookie, bool secure) {
  if (cookie == Cookie::session) return secure ? "__Host-junxian_session" : "junxian_session";
  return secure ? "__Host-junxian_device" : "junxian_device";
}

std::string_view cookie_token(const http::Request& request, Cookie cookie) {
  return request.cookie(cookie_name(cookie, request.peer().secure)).value_or("");
}

void set_cookie(http::Response& response, const http::Request& request, Cookie cookie, std::string_view token) {
  put_cookie(response, request, cookie, token, cookie == Cookie::device ? half_a_year : std::string_view());
}

void drop_cookie(http::Response& response, const http::Request& request, Cookie cookie) { put_cookie(response, request, cookie, "", "; Max-Age=0"); }

}  // namespace jx::api
