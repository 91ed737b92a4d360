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

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

constexpr std::chrono::seconds call_time_max{30};

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

  error_code connect(const std::string& scheme, const std::string& host, const std::string& port, const std::string& authorities) {
    plain.reset();
    secure.reset();
    origin.clear();
    error_code failed;
    asio::ip::tcp::resolver resolver(io);
    const auto endpoints = resolver.resolve(host, port, failed);
    if (failed) return failed;
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
  error_code exchange(Stream& stream, const beast::http::request<beast::http::empty_body>& request,
                      beast::http::response_parser<beast::http::string_body>& parser) {
    beast::flat_buffer buffer;
    auto failed = wait([&](auto done) { beast::http::async_write(stream, request, std::move(done)); });
    if (!failed) failed = wait([&](auto done) { beast::http::async_read(stream, buffer, parser, std::move(done)); });
    return failed;
  }
};

Client::Client() : state_(std::make_unique<State>()) {}
Client::~Client() = default;

Result<Answered> Client::get(const std::string& url) { return get(Asked{url, {}, {}, {}}); }

Result<Answered> Client::get(const Asked& asked) {
  const auto& url = asked.url;
  const auto left =
      asked.deadline == no_deadline ? Micros(call_time_max) : std::clamp<Micros>(asked.deadline - SystemClock().now(), Micros(0), call_time_max);
  state_->until = std::chrono::steady_clock::now() + left;
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed || (parsed->scheme() != "http" && parsed->scheme() != "https") || parsed->host().empty()) {
    return fail(ErrorCode::invalid, {"this is not an address of the form https://host/path: " + url, "网址格式不正确：" + url});
  }
  const std::string scheme(parsed->scheme());
  const std::string host(parsed->host_address());
  const std::string port = parsed->port().empty() ? (scheme == "https" ? "443" : "80") : std::string(parsed->port());
  const std::string target = (parsed->encoded_path().empty() ? "/" : std::string(parsed->encoded_path())) +
                             (parsed->has_query() ? "?" + std::string(parsed->encoded_query()) : "");

  beast::http::request<beast::http::empty_body> request{beast::http::verb::get, target, 11};
  request.set(beast::http::field::host, std::string_view(parsed->encoded_host_and_port()));
  request.set(beast::http::field::user_agent, "junxian");
  if (!asked.authorization.empty()) request.set(beast::http::field::authorization, asked.authorization);
  if (!asked.accept.empty()) request.set(beast::http::field::accept, asked.accept);
  // A kept connection may have been closed by the other end meanwhile: then once more over a new one.
  for (const bool fresh : {false, true}) {
    if (fresh || state_->origin != scheme + "://" + host + ":" + port) {
      if (const auto failed = state_->connect(scheme, host, port, asked.authorities)) return no_answer(host, failed);
    }
    beast::http::response_parser<beast::http::string_body> parser;
    parser.body_limit(asked.bytes_max);
    const auto failed = state_->secure ? state_->exchange(*state_->secure, request, parser) : state_->exchange(*state_->plain, request, parser);
    if (failed && (fresh || failed == beast::error::timeout)) return no_answer(host, failed);
    if (failed) continue;
    if (!parser.keep_alive()) state_->origin.clear();
    Answered answered{static_cast<int>(parser.get().result_int()), {}, {}};
    const std::string_view retry = parser.get()[beast::http::field::retry_after];
    std::uint32_t seconds = 0;
    if (const auto [end, error] = std::from_chars(retry.data(), retry.data() + retry.size(), seconds);
        !retry.empty() && error == std::errc() && end == retry.data() + retry.size()) {
      answered.retry_after = std::chrono::seconds(seconds);
    }
    answered.body = std::move(parser.get().body());
    return answered;
  }
  return fail(ErrorCode::internal, "unreachable");
}

}  // namespace jx::http
