// call.hpp - one call of an operation: who calls and what was sent; and how a handler reads, acts and answers. See README.md.
#pragma once
#include <jx/api.hpp>
#include <jx/wire.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace jx::api {

/// A part of a list. What a cursor says is the business of who made it.
struct Page {
  std::size_t limit = 50;  // 1 to 200
  std::string cursor;      // empty: from the beginning
};

/// What a handler gets. Lives as long as the call, on one thread.
class Call {
 public:
  using Answer = Result<http::Response>;
  using Act = std::function<Answer(db::Tx&)>;

  Call(Deps& with, const http::Request& what, Context context, std::optional<identity::Session> who, bool takes_key)
      : deps(with), request(what), ctx(std::move(context)), session(std::move(who)), takes_key_(takes_key) {}

  // NOLINTBEGIN(*-non-private-*): a parameter list with a name
  Deps& deps;
  const http::Request& request;
  const Context ctx;                               // ctx.actor is anonymous where nobody is signed in
  const std::optional<identity::Session> session;  // there for every operation that is not for anyone
  // NOLINTEND(*-non-private-*)

  /// The body, decoded strictly. Errors: invalid (not application/json; Error::field points into the body), too_large.
  template <class T>
  [[nodiscard]] Result<T> body(const wire::Limits& limits = {}) const {
    JX_CHECK(check_content_type());
    return wire::decode<T>(request.body(), limits);
  }
  /// An Id or Key of the path. Errors: not_found: what has no such form names nothing.
  template <class T>
  [[nodiscard]] Result<T> path(std::string_view name) const {
    auto parsed = T::parse(request.param(name));
    if (!parsed) return no_such_thing();
    return parsed;
  }
  /// A parameter of the query, as text. Errors: invalid (twice, badly encoded, longer than `bytes_max`).
  [[nodiscard]] Result<std::optional<std::string>> query(std::string_view name, std::size_t bytes_max = 200) const;
  /// The same as a whole number. Errors: also invalid (not a number, out of range).
  [[nodiscard]] Result<std::optional<std::int64_t>> query_integer(std::string_view name, std::int64_t min, std::int64_t max) const;
  /// The same as a described enumerator.
  template <class E>
  [[nodiscard]] Result<std::optional<E>> query_enum(std::string_view name) const {
    JX_TRY(text, query(name));
    if (!text) return std::optional<E>();
    const auto value = wire::enum_of<E>(*text);
    if (!value) return bad_choice(name);
    return std::optional<E>(*value);
  }
  /// `limit` and `cursor`. Errors: invalid.
  [[nodiscard]] Result<Page> page() const;
  /// The version of If-Match; nothing without the header, or for `*`. Errors: stale (no version of ours).
  [[nodiscard]] Result<std::optional<std::int64_t>> if_match() const;

  /// Today in the jurisdiction's zone.
  [[nodiscard]] LocalDate today() const { return deps.sessions.today(ctx); }
  /// Whether the caller may; see identity::Access::require.
  [[nodiscard]] Result<> require(db::Tx& tx, std::string_view permission) const { return deps.access.require(tx, ctx, permission); }

  /// Runs `f` on one snapshot.
  [[nodiscard]] Answer read(const Act& f) const { return deps.database.read(ctx.deadline, f); }
  /// Runs `f` as one act: all of it or nothing, answered after the commit. Where the caller sent an Idempotency-Key, its answer is kept in the same
  /// act, and given again to the same request under this key. Errors: those of `f`; conflict (another request under this key); invalid (a bad key).
  [[nodiscard]] Answer act(const Act& f) const;
  /// The same for an act that is guarded by a row which it writes: a case, a draft (db::Database::write_guarded).
  [[nodiscard]] Answer act_guarded(const Act& f) const;
  /// The answer that was kept under the caller's Idempotency-Key, for an operation of several acts. Errors: invalid (a bad key); conflict (another
  /// request under this key).
  [[nodiscard]] Result<std::optional<http::Response>> given_before() const;

 private:
  [[nodiscard]] Answer acted(Answer answer) const;
  [[nodiscard]] Answer act_and_keep(db::Tx& tx, const std::string& key, const Act& f) const;
  [[nodiscard]] Answer once(const std::string& key, Answer answer) const;
  [[nodiscard]] db::ActKey act_key(const std::string& key) const;
  [[nodiscard]] Result<std::optional<std::string>> idempotency_key() const;
  [[nodiscard]] Result<> check_content_type() const;
  [[nodiscard]] static std::unexpected<Error> no_such_thing();
  [[nodiscard]] static std::unexpected<Error> bad_choice(std::string_view name);

  const bool takes_key_;
};

/// 200 with a view as JSON.
template <class T>
[[nodiscard]] http::Response ok(const T& view) {
  return http::json(wire::encode(view));
}
/// 201.
template <class T>
[[nodiscard]] http::Response created(std::string_view location, const T& view) {
  return http::created(location, wire::encode(view));
}
/// `"7"`: the version of what may be edited, for If-Match.
[[nodiscard]] inline http::Response with_version(http::Response response, std::int64_t version) {
  return std::move(response).with("ETag", '"' + std::to_string(version) + '"');
}

/// A handler: one a file, `<verb>_<noun>.cpp`, declared in handlers.hpp, listed in operations.cpp.
using Handler = Call::Answer (*)(Call& call);

}  // namespace jx::api
