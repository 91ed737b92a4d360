#include <jx/http/address_range.hpp>
#include <jx/http/client.hpp>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>

namespace jx::http {
namespace {

struct Target;

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

using Request = beast::http::request<beast::http::span_body<const char>>;  // one type for all: each costs the compiler many seconds

constexpr std::chrono::seconds call_time_max{30};
constexpr std::chrono::seconds post_time_max{60};
constexpr std::size_t confirmation_bytes_max = 64 * 1024;

std::unexpected<Error> no_answer(const std::string& host, const error_code& why) {
  const auto code = why == beast::error::timeout            ? ErrorCode::timeout
                    : why == beast::http::error::body_limit ? ErrorCode::too_large
                                                            : ErrorCode::unavailable;
  return fail(code, {host + " did not answer: " + why.message(), host + " 没有应答：" + why.message()});
}

// OpenSSL's macro casts in the old style.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
bool name_host(SSL* connection, const std::string& host) { return SSL_set_tlsext_host_name(connection, host.c_str()) == 1; }
#pragma GCC diagnostic pop

}  // namespace

struct Client::State {
  asio::io_context io;
  asio::ssl::context tls{asio::ssl::context::tls_client};
  std::chrono::steady_clock::time_point until;  // of the call that runs
  std::string origin;                           // scheme, host and port of the open connection
  std::optional<beast::tcp_stream> plain;
  std::optional<beast::ssl_stream<beast::tcp_stream>> secure;

  beast::tcp_stream& lowest() { return secure ? secure->next_layer() : *plain; }

  /// Runs one asynchronous operation to its end: only those know a time limit.
  template <class Begin>
  error_code wait(Begin begin) {
    error_code result;
    lowest().expires_at(until);
    begin([&](const error_code& error, auto&&...) { result = error; });
    io.restart();
    io.run();
    return result;
  }

  error_code connect(const std::string& scheme, const std::string& host, const std::string& port, const std::string& authorities,
                     const std::function<bool(std::string_view)>& may_reach = {}) {
    plain.reset();
    secure.reset();
    origin.clear();
    error_code failed;
    asio::ip::tcp::resolver resolver(io);
    const auto endpoints = resolver.resolve(host, port, failed);
    if (failed) return failed;
    // All of them, before any is connected to: a name that has one address outside and one inside is not trusted with either.
    if (may_reach && !std::ranges::all_of(endpoints, [&](const auto& one) { return may_reach(one.endpoint().address().to_string()); }))
      return asio::error::access_denied;
    if (scheme == "https") {
      if (authorities.empty()) {
        tls.set_default_verify_paths(failed);
      } else if (tls.load_verify_file(authorities, failed); failed) {
        return failed;
      }
      secure.emplace(io, tls);
      secure->set_verify_mode(asio::ssl::verify_peer, failed);
      secure->set_verify_callback(asio::ssl::host_name_verification(host), failed);
      if (!name_host(secure->native_handle(), host)) return asio::error::operation_not_supported;
    } else {
      plain.emplace(io);
    }
    failed = wait([&](auto done) { lowest().async_connect(endpoints, std::move(done)); });
    if (!failed && secure) failed = wait([&](auto done) { secure->async_handshake(asio::ssl::stream_base::client, std::move(done)); });
    if (!failed) origin = scheme + "://" + host + ":" + port;
    return failed;
  }

  template <class Stream>
  error_code exchange(Stream& stream, const Request& request, beast::http::response_parser<beast::http::string_body>& parser) {
    beast::flat_buffer buffer;
    auto failed = wait([&](auto done) { beast::http::async_write(stream, request, std::move(done)); });
    if (!failed) failed = wait([&](auto done) { beast::http::async_read(stream, buffer, parser, std::move(done)); });
    return failed;
  }

  Result<Answered> ask(const Target& target, const Request& request, const std::string& authorities, std::size_t bytes_max,
                       const std::function<bool(std::string_view)>& may_reach);
};

Client::Client() : state_(std::make_unique<State>()) {}
Client::~Client() = default;

Result<Answered> Client::get(const std::string& url) { return get(Asked{url, {}, {}, {}}); }

namespace {

/// What a URL says of where to and for what to ask.
struct Target {
  std::string scheme, host, port, path, authority;
  [[nodiscard]] std::string origin() const { return scheme + "://" + host + ":" + port; }
};

Result<Target> target_of(const std::string& url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed || (parsed->scheme() != "http" && parsed->scheme() != "https") || parsed->host().empty()) {
    return fail(ErrorCode::invalid, {"this is not an address of the form https://host/path: " + url, "网址格式不正确：" + url});
  }
  Target target{std::string(parsed->scheme()), std::string(parsed->host_address()), std::string(parsed->port()), std::string(parsed->encoded_path()),
                std::string(parsed->encoded_host_and_port())};
  if (target.port.empty()) target.port = target.scheme == "https" ? "443" : "80";
  if (target.path.empty()) target.path = "/";
  if (parsed->has_query()) target.path += "?" + std::string(parsed->encoded_query());
  return target;
}

std::chrono::steady_clock::time_point until_of(Instant deadline, std::chrono::seconds most) {
  const auto left = deadline == no_deadline ? Micros(most) : std::clamp<Micros>(deadline - SystemClock().now(), Micros(0), most);
  return std::chrono::steady_clock::now() + left;
}

std::optional<std::chrono::seconds> seconds_of(std::string_view retry) {
  std::uint32_t seconds = 0;
  const auto [end, error] = std::from_chars(retry.data(), retry.data() + retry.size(), seconds);
  if (retry.empty() || error != std::errc() || end != retry.data() + retry.size()) return std::nullopt;
  return std::chrono::seconds(seconds);
}

}  // namespace

Result<Answered> Client::State::ask(const Target& target, const Request& request, const std::string& authorities, std::size_t bytes_max,
                                    const std::function<bool(std::string_view)>& may_reach) {
  // A kept connection may have been closed by the other end meanwhile: then once more over a new one.
  for (const bool fresh : {false, true}) {
    if (fresh || origin != target.origin()) {
      const auto failed = connect(target.scheme, target.host, target.port, authorities, may_reach);
      if (failed == asio::error::access_denied && may_reach) {
        return fail(
            ErrorCode::forbidden,
            {target.host + " is at an address of a private network or of this machine, which nothing is sent to unless the configuration allows it",
             target.host + " 指向本机或内部网络地址，未经配置允许不得发送"});
      }
      if (failed) return no_answer(target.host, failed);
    }
    beast::http::response_parser<beast::http::string_body> parser;
    parser.body_limit(bytes_max);
    const auto failed = secure ? exchange(*secure, request, parser) : exchange(*plain, request, parser);
    if (failed && (fresh || failed == beast::error::timeout)) return no_answer(target.host, failed);
    if (failed) continue;
    if (!parser.keep_alive()) origin.clear();
    Answered answered{static_cast<int>(parser.get().result_int()), {}, seconds_of(parser.get()[beast::http::field::retry_after])};
    answered.body = std::move(parser.get().body());
    return answered;
  }
  return fail(ErrorCode::internal, "unreachable");
}

Result<Answered> Client::get(const Asked& asked) {
  state_->until = until_of(asked.deadline, call_time_max);
  JX_TRY(target, target_of(asked.url));
  Request request{beast::http::verb::get, target.path, 11};
  request.set(beast::http::field::host, target.authority);
  request.set(beast::http::field::user_agent, "junxian");
  if (!asked.authorization.empty()) request.set(beast::http::field::authorization, asked.authorization);
  if (!asked.accept.empty()) request.set(beast::http::field::accept, asked.accept);
  return state_->ask(target, request, asked.authorities, asked.bytes_max, {});
}

Result<Answered> Client::post(const Posted& posted) {
  state_->until = until_of(posted.deadline, post_time_max);
  JX_TRY(target, target_of(posted.url));
  Request request{beast::http::verb::post, target.path, 11};
  request.set(beast::http::field::host, target.authority);
  request.set(beast::http::field::user_agent, "junxian");
  for (const auto& [name, value] : posted.headers) request.set(name, value);
  request.body() = {posted.body.data(), posted.body.size()};
  request.prepare_payload();
  return state_->ask(target, request, posted.authorities, confirmation_bytes_max, posted.may_reach);
}

bool is_public_address(std::string_view address) {
  static const auto others = [] {
    std::vector<AddressRange> list;
    for (const auto* range :
         {"0.0.0.0/8",      "10.0.0.0/8",    "100.64.0.0/10",   "127.0.0.0/8",    "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
          "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",    "::/127",        "64:ff9b::/96", "64:ff9b:1::/48",
          "100::/64",       "2001:db8::/32", "2002::/16",       "fc00::/7",       "fe80::/10",      "fec0::/10",     "ff00::/8"})
      list.push_back(*AddressRange::parse(range));
    return list;
  }();
  return std::ranges::none_of(others, [&](const AddressRange& range) { return range.contains(address); });
}

}  // namespace jx::http
