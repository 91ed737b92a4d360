#include "call.hpp"

#include "api_sql.hpp"

#include <jx/crypto/hash.hpp>

#include <algorithm>
#include <charconv>
#include <map>

namespace jx::api {

namespace {

constexpr Micros answers_kept = std::chrono::hours(24);

std::optional<std::int64_t> integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// What makes a request the same one under its key.
crypto::Digest fingerprint(const http::Request& request) {
  crypto::Sha256 hash;
  hash.update(http::name(request.method())).update(" ").update(request.path()).update("\n");
  hash.update(request.header("If-Match").value_or("")).update("\n").update(request.body());
  return hash.finish();
}

/// Of a row of find_answer.
Result<http::Response> kept_answer(const db::Row& known, const http::Request& request) {
  if (!crypto::equal(known.bytes(0), fingerprint(request))) {
    return fail(ErrorCode::conflict,
                {"This Idempotency-Key was used for another request; make a new one.", "该 Idempotency-Key 已用于另一请求，请更换。"});
  }
  http::Response response;
  response.status = static_cast<int>(known.integer(1));
  JX_TRY(headers, (wire::decode<std::map<std::string, std::string>>(known.text(2))));
  for (const auto& [name, value] : headers) response.with(name, value);
  response.body = known.text(3);
  return response;
}

std::string pointer(std::string_view name) { return "/" + std::string(name); }

}  // namespace

Result<std::optional<std::string>> Call::query(std::string_view name, std::size_t bytes_max) const {
  JX_TRY(text, request.query(name));
  if (text && text->size() > bytes_max) return fail(ErrorCode::invalid, {"This parameter is too long.", "该参数过长。"}, pointer(name));
  return text;
}

Result<std::optional<std::int64_t>> Call::query_integer(std::string_view name, std::int64_t min, std::int64_t max) const {
  JX_TRY(text, query(name));
  if (!text) return std::optional<std::int64_t>();
  const auto value = integer(*text);
  if (!value || *value < min || *value > max) {
    const std::string range = std::to_string(min) + " – " + std::to_string(max);
    return fail(ErrorCode::invalid, {"This must be a whole number, " + range + ".", "应为整数，范围 " + range + "。"}, pointer(name));
  }
  return value;
}

Result<Page> Call::page() const {
  JX_TRY(limit, query_integer("limit", 1, 200));
  JX_TRY(cursor, query("cursor"));
  return Page{static_cast<std::size_t>(limit.value_or(50)), std::move(cursor).value_or("")};
}

Result<std::optional<std::int64_t>> Call::if_match() const {
  const auto field = request.header("If-Match");
  if (!field || *field == "*") return std::optional<std::int64_t>();
  const bool quoted = field->size() > 2 && field->front() == '"' && field->back() == '"';
  const auto version = quoted ? integer(field->substr(1, field->size() - 2)) : std::nullopt;
  if (!version) return fail(ErrorCode::stale, {"If-Match names no version of this; load it again.", "If-Match 与当前版本不符，请重新加载。"});
  return version;
}

Result<> Call::check_content_type() const {
  const std::string_view type = request.header("Content-Type").value_or("");
  std::string_view media = type.substr(0, type.find(';'));
  while (media.ends_with(' ') || media.ends_with('\t')) media.remove_suffix(1);
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };  // RFC 9110 section 8.3.1
  if (std::ranges::equal(media, std::string_view("application/json"), {}, lower)) return {};
  return fail(ErrorCode::invalid, {"The body must be application/json.", "请求体应为 application/json。"});
}

std::unexpected<Error> Call::no_such_thing() { return fail(ErrorCode::not_found, {"There is nothing of this name here.", "没有找到该内容。"}); }

std::unexpected<Error> Call::bad_choice(std::string_view name) {
  return fail(ErrorCode::invalid, {"This is not one of the values that the parameter takes.", "该参数的取值无效。"}, pointer(name));
}

Result<std::optional<std::string>> Call::idempotency_key() const {
  const auto field = request.header("Idempotency-Key");
  if (!field || !takes_key_) return std::optional<std::string>();
  const bool plain = field->find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:") == std::string_view::npos;
  if (field->size() < 8 || field->size() > 64 || !plain) {
    return fail(ErrorCode::invalid,
                {"An Idempotency-Key has 8 to 64 letters, digits or any of - _ . :", "Idempotency-Key 应为 8 至 64 个字母、数字或 - _ . :"});
  }
  return std::optional(std::string(*field));
}

Result<bool> forget_answers(db::Tx& tx, Instant now, std::size_t rows_max) {
  JX_TRY(forgotten, tx.run(sql::forget_answers, now - answers_kept, rows_max));
  return forgotten >= static_cast<std::int64_t>(rows_max);
}

Call::Answer Call::act(const Act& f) const {
  JX_TRY(key, idempotency_key());
  if (!key || !session) return acted(deps.database.write(ctx.deadline, f));
  const auto kept = [&](db::Tx& tx) { return act_and_keep(tx, *key, f); };
  return once(*key, acted(deps.database.write(ctx.deadline, act_key(*key), kept)));
}

Call::Answer Call::act_guarded(const Act& f) const {
  JX_TRY(key, idempotency_key());
  if (!key || !session) return acted(deps.database.write_guarded(ctx.deadline, f));
  const auto kept = [&](db::Tx& tx) { return act_and_keep(tx, *key, f); };
  return once(*key, acted(deps.database.write_guarded(ctx.deadline, act_key(*key), kept)));
}

Call::Answer Call::acted(Answer answer) const {
  if (answer) deps.wake();
  return answer;
}

/// The database's name for the caller's key: an act under it is done once, whatever becomes of its answer.
db::ActKey Call::act_key(const std::string& key) const {
  const auto digest = crypto::sha256(ctx.actor.account.bytes(), bytes_of(key));
  return {Bytes(digest.begin(), digest.end())};
}

Call::Answer Call::act_and_keep(db::Tx& tx, const std::string& key, const Act& f) const {
  JX_TRY(response, f(tx));
  const std::map<std::string, std::string> headers(response.headers.begin(), response.headers.end());
  JX_CHECK(tx.later(sql::forget_answer, ctx.actor.account, key));  // one under this key that is too old to be given again
  JX_CHECK(tx.later(sql::keep_answer, ctx.actor.account, key, ByteView(fingerprint(request)), response.status, wire::encode(headers), response.text(),
                    ctx.now()));
  return std::move(response);
}

Result<std::optional<http::Response>> Call::given_before() const {
  JX_TRY(key, idempotency_key());
  if (!key || !session) return std::optional<http::Response>();
  return deps.database.read(ctx.deadline, [&](db::Tx& tx) -> Result<std::optional<http::Response>> {
    JX_TRY(known, tx.one(sql::find_answer, ctx.actor.account, *key, ctx.now() - answers_kept));
    if (!known) return std::optional<http::Response>();
    JX_TRY(response, kept_answer(*known, request));
    return std::optional(std::move(response));
  });
}

/// The answer that was kept under the key, where the act was refused because it was done before.
Call::Answer Call::once(const std::string& key, Answer answer) const {
  if (answer || answer.error().code != ErrorCode::conflict) return answer;
  return deps.database.read(ctx.deadline, [&](db::Tx& tx) -> Answer {
    JX_TRY(known, tx.one(sql::find_answer, ctx.actor.account, key, ctx.now() - answers_kept));
    if (!known) return std::unexpected(answer.error());
    return kept_answer(*known, request);
  });
}

}  // namespace jx::api
