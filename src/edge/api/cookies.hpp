// cookies.hpp - the two cookies: who is signed in, and which device this is (it is known to the sign-in throttle).
// HttpOnly: no script reads them. SameSite=Strict: no other site's page sends them. Under TLS Secure, with the __Host- prefix (RFC 6265bis
// section 4.1.3.2).
#pragma once
#include <jx/core.hpp>
#include <jx/http.hpp>

#include <string>
#include <string_view>

namespace jx::api {

enum class Cookie { session, device };

[[nodiscard]] std::string_view cookie_name(Cookie cookie, bool secure);
/// The token in the request's cookie; empty if there is none.
[[nodiscard]] std::string_view cookie_token(const http::Request& request, Cookie cookie);
/// A session's cookie goes with the browser's window; a device's stays half a year.
void set_cookie(http::Response& response, const http::Request& request, Cookie cookie, std::string_view token);
void drop_cookie(http::Response& response, const http::Request& request, Cookie cookie);

}  // namespace jx::api
