#include "identity_sql.hpp"
#include "store.hpp"
#include "tokens.hpp"

#include <jx/identity/session.hpp>

#include <algorithm>

namespace jx::identity {
namespace {

constexpr Micros touch_interval = std::chrono::minutes(1);

std::unexpected<Error> session_ended() {
  return fail(ErrorCode::unauthenticated, {"your session has ended; please sign in again", "登录已失效，请重新登录"});
}

Result<std::vector<Holding>> held_by(db::Tx& tx, const Actor& actor, LocalDate on) {
  return actor.kind == Actor::Kind::machine ? holdings_of_machine(tx, actor.account, on) : holdings_of(tx, actor.person, on);
}

/// Puts the actor into a post that is held, or leaves her without one.
Result<> put_into_post(db::Tx& tx, Actor& actor, const PostId& wanted, LocalDate on) {
  actor.post = {};
  actor.stand_in_for = {};
  if (actor.kind != Actor::Kind::machine) actor.unit = {};
  if (wanted.empty()) return {};
  JX_TRY(held, held_by(tx, actor, on));
  const auto holding = std::ranges::find(held, wanted, &Holding::post);  // one of her own stands before those of others
  if (holding == held.end()) return {};
  actor.stand_in_for = holding->stand_in_for.value_or(PersonId());
  JX_TRY(found, post(tx, wanted));
  actor.post = wanted;
  actor.unit = found.unit;
  return {};
}

}  // namespace

std::string csrf_of(ByteView token) { return to_base64url(crypto::hmac_sha256(token, bytes_of("junxian csrf 1"))); }

Result<Bytes> token_octets(std::string_view token) {
  auto octets = from_base64url(token);
  if (!octets || octets->size() != token_bytes) return session_ended();
  return octets;
}

Result<Session> Sessions::authenticate(db::Tx& tx, const Context& ctx, std::string_view token) const {
  JX_TRY(octets, token_octets(token));
  const auto on = today(ctx);
  JX_TRY(known, sessions_.of(tx, {crypto::sha256(octets), on}, [&] { return read_session(tx, octets, on); }));
  if (ctx.now() >= known.session.expires_at) return session_ended();
  known.session.touch_due = ctx.now() - known.seen_at >= touch_interval;
  return std::move(known.session);
}

Result<Sessions::Known> Sessions::read_session(db::Tx& tx, ByteView octets, LocalDate on) const {
  JX_TRY(row, tx.one(sql::session_by_token, ByteView(crypto::sha256(octets))));
  if (!row || !row->null(7)) return session_ended();
  Session session;
  session.id = row->id<SessionId>(0);
  session.created_at = row->instant(3);
  const auto seen_at = row->instant(4);
  session.expires_at = std::min(session.created_at + settings_.absolute, seen_at + settings_.idle);
  session.csrf_token = csrf_of(octets);
  session.actor.account = row->id<AccountId>(1);
  session.actor.kind = row->null(5) ? Actor::Kind::machine : Actor::Kind::person;
  if (!row->null(5)) session.actor.person = row->id<PersonId>(5);
  if (!row->null(6)) session.actor.unit = row->key<UnitId>(6);
  session.must_set_password = !row->null(8);
  if (!row->null(2)) JX_CHECK(put_into_post(tx, session.actor, row->key<PostId>(2), on));
  return Known{std::move(session), seen_at};
}

Result<Session> Sessions::authenticate_certificate(db::Tx& tx, const Context& ctx, const KeyFingerprint& key, Instant not_after) const {
  const auto on = today(ctx);
  JX_TRY(actor, callers_.of(tx, {key, on}, [&] { return read_caller(tx, key, on); }));
  Session session;
  session.actor = std::move(actor);
  session.created_at = ctx.now();
  session.expires_at = not_after;
  return session;
}

Result<Actor> Sessions::read_caller(db::Tx& tx, const KeyFingerprint& key, LocalDate on) const {
  JX_TRY(row, tx.one(sql::certificate_caller, key));
  if (!row) {
    return fail(ErrorCode::unauthenticated,
                {"this certificate is bound to no account; the operator binds it by `junxian account bind`. SHA-256 of its public key: " + key,
                 "该证书没有绑定账号，请由运维人员用 junxian account bind 绑定。公钥 SHA-256：" + key});
  }
  if (!row->null(1)) {
    return fail(ErrorCode::unauthenticated,
                {"this certificate is no longer bound to its account: the binding was ended", "该证书与账号的绑定已解除"});
  }
  if (!row->null(3)) return fail(ErrorCode::unauthenticated, {"the account of this certificate is disabled", "该证书绑定的账号已停用"});
  Actor actor;
  actor.kind = Actor::Kind::machine;
  actor.account = row->id<AccountId>(0);
  const auto own = row->key<UnitId>(2);
  JX_TRY(held, holdings_of_machine(tx, actor.account, on));
  PostId wanted;
  if (!row->null(4)) wanted = row->key<PostId>(4);
  if (std::ranges::find(held, wanted, &Holding::post) == held.end()) wanted = held.empty() ? PostId() : held.front().post;
  actor.unit = own;
  JX_CHECK(put_into_post(tx, actor, wanted, on));
  return actor;
}

Result<> Sessions::touch(db::Tx& tx, const Context& ctx, const Session& session) const {
  JX_CHECK(tx.run(sql::session_touch, session.id, ctx.now()));
  return {};
}

Result<> Sessions::check_csrf(const Session& session, std::string_view token) {
  if (!session.csrf_token.empty() && crypto::equal(bytes_of(session.csrf_token), bytes_of(token))) return {};
  return fail(ErrorCode::forbidden,
              {"the request does not carry the token of this session; reload the page", "请求缺少会话校验码，请刷新页面后重试"});
}

Result<Session> Sessions::choose_post(db::Tx& tx, const Context& ctx, const Session& session, const PostId& wanted) const {
  Session changed = session;
  JX_CHECK(put_into_post(tx, changed.actor, wanted, today(ctx)));
  if (changed.actor.post != wanted) return fail(ErrorCode::forbidden, {"you do not hold this post today", "您今日并不担任此岗位"}, "/post");
  const auto stored = wanted.empty() ? std::nullopt : std::optional(wanted);
  JX_CHECK(tx.run(sql::session_set_post, session.id, stored));
  JX_CHECK(tx.run(sql::account_set_last_post, session.actor.account, stored));
  return changed;
}

Result<> Sessions::sign_out(db::Tx& tx, const Context& ctx, const Session& session) const {
  JX_TRY(ended, tx.run(sql::session_delete, session.id));
  if (ended > 0) JX_CHECK(ledger::append(tx, ctx, {"session.ended", {ledger::subject("account", session.actor.account)}, {}, {}}));
  return {};
}

Result<> Sessions::sign_out_everywhere(db::Tx& tx, const Context& ctx, const AccountId& account) const {
  JX_CHECK(tx.run(sql::sessions_delete_of_account, account, SessionId()));
  JX_CHECK(tx.run(sql::devices_delete_of_account, account));
  JX_CHECK(ledger::append(tx, ctx, {"session.all_ended", {ledger::subject("account", account)}, {}, {}}));
  return {};
}

Result<bool> Sessions::sweep(db::Tx& tx, Instant now, std::size_t rows_max) const {
  JX_TRY(sessions, tx.run(sql::sessions_sweep, now - settings_.absolute, now - settings_.idle, rows_max));
  JX_TRY(devices, tx.run(sql::devices_sweep, now - settings_.device, rows_max));
  JX_TRY(failures, tx.run(sql::failures_sweep, now - failure_memory, rows_max));
  const auto most = std::max({sessions, devices, failures});
  return most >= static_cast<std::int64_t>(rows_max);
}

Result<Session> Sessions::start(db::Tx& tx, const Context& ctx, Actor actor, ByteView token) const {
  JX_TRY(held, held_by(tx, actor, today(ctx)));
  JX_TRY(last, tx.one(sql::account_last_post, actor.account));
  PostId wanted;
  if (last && !last->null(0)) wanted = last->key<PostId>(0);
  if (std::ranges::find(held, wanted, &Holding::post) == held.end()) wanted = held.empty() ? PostId() : held.front().post;
  JX_CHECK(put_into_post(tx, actor, wanted, today(ctx)));

  Session session;
  session.id = SessionId::make(ctx.clock, ctx.random);
  session.actor = actor;
  session.created_at = ctx.now();
  session.expires_at = ctx.now() + std::min(settings_.idle, settings_.absolute);
  session.csrf_token = csrf_of(token);
  const auto stored = actor.post.empty() ? std::nullopt : std::optional(actor.post);
  JX_CHECK(tx.run(sql::session_insert, ByteView(crypto::sha256(token)), session.id, actor.account, stored, ctx.now()));
  JX_CHECK(tx.run(sql::sessions_delete_oldest, actor.account, sessions_per_account_max));
  return session;
}

Result<Profile> profile(db::Tx& tx, const Access& access, const Actor& actor, LocalDate on) {
  Profile out;
  if (actor.kind == Actor::Kind::person) {
    JX_TRY(who, person(tx, actor.person));
    out.name = std::move(who.name);
    JX_TRY(others, represented(tx, actor.person, on));
    out.represented = std::move(others);
  } else if (actor.kind == Actor::Kind::machine) {
    JX_TRY(owner, unit(tx, actor.unit));
    out.name = std::move(owner.name);
  }
  if (actor.kind == Actor::Kind::person || actor.kind == Actor::Kind::machine) {
    JX_TRY(held, held_by(tx, actor, on));
    for (const auto& holding : held) {
      JX_TRY(its_post, post(tx, holding.post));
      JX_TRY(its_unit, unit(tx, its_post.unit));
      out.posts.push_back({std::move(its_post), std::move(its_unit), holding.stand_in_for.has_value()});
    }
  }
  JX_TRY(keys, access.possible(tx, actor));
  out.permissions = std::move(keys);
  return out;
}

Result<> move_sessions(db::Tx& tx, Micros by) {
  JX_CHECK(tx.run(sql::sessions_move, by.count()));
  return {};
}

}  // namespace jx::identity
