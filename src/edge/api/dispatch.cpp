// dispatch.cpp - what happens before a handler: rate, session, origin, CSRF token. The handler's errors become problem documents in edge/http.
#include "cookies.hpp"
#include "handlers.hpp"
#include "operations.hpp"
#include "rates.hpp"

namespace jx::api {

namespace {

/// The page that makes a browser act must be one of ours. Programs, which are no browsers, send neither field.
Result<> check_origin(const Deps& deps, const http::Request& request) {
  const auto refused = [] { return fail(ErrorCode::forbidden, {"The request comes from a page of another site.", "请求来自其他网站的页面。"}); };
  const auto site = request.header("Sec-Fetch-Site");
  if (site && *site != "same-origin" && *site != "none") return refused();
  const auto origin = request.header("Origin");
  if (!origin) return {};
  const std::string own = !deps.origin.empty() ? deps.origin : (request.peer().secure ? "https://" : "http://") + std::string(request.host());
  if (*origin != own) return refused();
  return {};
}

/// Why a certificate is not believed, and what its owner does about it.
Words said_of(http::ClientCertificate::Fault fault) {
  using Fault = http::ClientCertificate::Fault;
  switch (fault) {
    case Fault::untrusted: return {"The client certificate is of an authority that is not trusted here.", "客户端证书的颁发机构不受信任。"};
    case Fault::not_yet_valid: return {"The client certificate is not valid yet.", "客户端证书尚未生效。"};
    case Fault::expired: return {"The client certificate has expired: renew it.", "客户端证书已过期，请更换。"};
    case Fault::not_for_clients:
      return {"The certificate is not one for clients: its extended key usage has no clientAuth.",
              "该证书不能用作客户端证书（扩展密钥用途缺少 clientAuth）。"};
    case Fault::none:
    case Fault::unusable: break;
  }
  return {"The client certificate cannot be verified.", "客户端证书无法验证。"};
}

/// Who shows a certificate is the account that it is bound to, whatever cookies come with it.
Result<identity::Session> find_machine(Deps& deps, const http::ClientCertificate& certificate, const Context& ctx) {
  if (certificate.fault != http::ClientCertificate::Fault::none) return fail(ErrorCode::unauthenticated, said_of(certificate.fault));
  return deps.database.read(ctx.deadline, [&](db::Tx& tx) {
    return deps.sessions.authenticate_certificate(tx, ctx, to_hex(certificate.key_sha256), certificate.not_after);
  });
}

Result<std::optional<identity::Session>> find_session(Deps& deps, const http::Request& request, const Context& ctx, Who who) {
  if (const auto& certificate = request.peer().certificate) {
    auto found = find_machine(deps, *certificate, ctx);
    if (found) return std::optional(std::move(*found));
    if (found.error().code == ErrorCode::unauthenticated && who == Who::anyone) return std::optional<identity::Session>();
    return std::unexpected(std::move(found).error());
  }
  const std::string_view token = cookie_token(request, Cookie::session);
  if (token.empty()) return std::optional<identity::Session>();
  auto found = deps.database.read(ctx.deadline, [&](db::Tx& tx) { return deps.sessions.authenticate(tx, ctx, token); });
  if (!found) {
    if (found.error().code == ErrorCode::unauthenticated && who == Who::anyone) return std::optional<identity::Session>();
    return std::unexpected(std::move(found).error());
  }
  if (found->touch_due) {
    JX_CHECK(deps.database.write_guarded(ctx.deadline, [&](db::Tx& tx) { return deps.sessions.touch(tx, ctx, *found); }));
  }
  return std::optional(std::move(*found));
}

constexpr double files_a_call = 20;  // a file of the log costs a small part of a call, and a log of a million entries has thousands of them

/// Shared by all routes.
struct AllRates {
  explicit AllRates(double calls_per_second) : calls(of(calls_per_second)), files(of(calls_per_second * files_a_call)) {}
  static Rates::Settings of(double per_second) { return {.per_second = per_second, .burst = per_second * 10}; }
  Rates calls, files;
};

/// What one may do who came in with a password that somebody else set: see who she is, set her own, leave.
bool open_to_one_time(const Operation& operation) {
  return operation.handler == get_session || operation.handler == change_password || operation.handler == sign_out || operation.handler == sign_in;
}

Call::Answer answer(Deps& deps, AllRates& all, const Operation& operation, const http::Request& request) {
  Context ctx{{}, request.deadline(), request.id(), deps.clock, deps.random, std::string(request.language())};
  const bool changes = !http::safe(request.method());
  if (changes) JX_CHECK(check_origin(deps, request));
  auto found = find_session(deps, request, ctx, operation.who);
  const auto* known = found && *found ? &**found : nullptr;
  Rates& rates = operation.rate == Rate::files ? all.files : all.calls;
  // A whole office may share one address. Who shows a session or a certificate that is none counts by her address, too.
  const auto taken = rates.take(known != nullptr ? known->actor.account.text() : address_counted(request.peer().client), ctx.now());
  if (!taken) return http::problem(taken.error()).with("Retry-After", std::to_string(rates.wait_max().count()));
  if (!found) return std::unexpected(std::move(found).error());
  auto session = std::move(*found);
  if (session && session->must_set_password && !open_to_one_time(operation)) {
    if (operation.who == Who::signed_in)
      return fail(ErrorCode::forbidden,
                  {"You came in with a password for one time: set your own first.", "您使用的是一次性密码，请先设置自己的密码。"});
    session.reset();  // for what is anybody's she is anybody
  }
  if (!session && operation.who == Who::signed_in) return fail(ErrorCode::unauthenticated, {"Sign in first.", "请先登录。"});
  if (session) {
    ctx.actor = session->actor;
    // A token says that the page which makes the browser act is ours. With a certificate there is none: what a browser sends has an Origin.
    if (changes && operation.who == Who::signed_in && !request.peer().certificate) {
      JX_CHECK(identity::Sessions::check_csrf(*session, request.header("X-CSRF-Token").value_or("")));
    }
  }
  Call call(deps, request, std::move(ctx), std::move(session), operation.keyed == Keyed::yes);
  return operation.handler(call);
}

}  // namespace

std::vector<http::Route> routes(Deps& deps) {
  const auto rates = std::make_shared<AllRates>(deps.calls_per_second);
  std::vector<http::Route> out;
  for (const Operation& operation : operations()) {
    const auto handler = [&deps, &operation, rates](const http::Request& request) {
      auto answered = answer(deps, *rates, operation, request);
      return answered ? std::move(*answered) : http::problem(std::move(answered).error());
    };
    out.push_back({.method = operation.method,
                   .path = std::string(operation.path),
                   .handler = handler,
                   .body_bytes_max = operation.body_bytes_max,
                   .name = std::string(operation.id)});
  }
  return out;
}

}  // namespace jx::api
