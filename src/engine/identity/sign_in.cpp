#include "identity_sql.hpp"
#include "store.hpp"
#include "tokens.hpp"

#include <jx/identity/session.hpp>
#include <jx/text.hpp>

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace jx::identity {
namespace {

constexpr std::int64_t free_failures = 5;          // of an account in one network; the next attempt waits
constexpr std::int64_t free_failures_nobody = 50;  // of names that nobody has, in one network
constexpr std::int64_t device_failures_max = 20;
constexpr Micros wait_max = std::chrono::minutes(15);
constexpr Micros load_window = std::chrono::minutes(10);
constexpr std::int64_t load_free = 100;  // failing pairs within the window that hold nothing back
constexpr Micros hold_each = std::chrono::milliseconds(10);
constexpr Micros hold_max = std::chrono::seconds(8);

/// How long after its last failure a pair waits.
Micros wait_after(std::int64_t failures, std::int64_t free) {
  if (failures < free) return Micros{0};
  const auto doublings = std::min<std::int64_t>(failures - free, 20);
  return std::min(wait_max, Micros{std::chrono::seconds(1)} * (std::int64_t{1} << doublings));
}

Micros hold_for(std::int64_t failing_pairs) {
  if (failing_pairs <= load_free) return Micros{0};
  return std::min(hold_max, hold_each * (failing_pairs - load_free));
}

std::unexpected<Error> wrong_name_or_password() {
  return fail(ErrorCode::unauthenticated, {"the user name or the password is wrong", "用户名或密码错误"});
}

std::unexpected<Error> wait(Micros left) {
  const auto seconds = std::to_string((left.count() + 999'999) / 1'000'000);
  return fail(ErrorCode::limited,
              {"too many wrong passwords from here; try again in " + seconds + " seconds, or from a device on which you signed in before",
               "此处密码错误次数过多，请" + seconds + "秒后再试，或使用曾经登录过的设备"});
}

}  // namespace

std::string network_of(std::string_view address) {
  const std::string text(address.substr(0, 64));
  std::array<unsigned char, 16> octets{};
  char out[INET6_ADDRSTRLEN];
  if (inet_pton(AF_INET, text.c_str(), octets.data()) == 1) {
    octets[3] = 0;
    return std::string(inet_ntop(AF_INET, octets.data(), out, sizeof out)) + "/24";
  }
  if (inet_pton(AF_INET6, text.c_str(), octets.data()) != 1) return "unknown";
  static constexpr std::array<unsigned char, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (std::equal(mapped.begin(), mapped.end(), octets.begin())) {
    octets[15] = 0;
    return std::string(inet_ntop(AF_INET, octets.data() + 12, out, sizeof out)) + "/24";
  }
  std::fill(octets.begin() + 7, octets.end(), 0);
  return std::string(inet_ntop(AF_INET6, octets.data(), out, sizeof out)) + "/56";
}

/// What is known of an attempt before its password is looked at.
struct Sessions::Found {
  Actor actor;      // account nil: a name that nobody has
  std::string phc;  // empty: verify against nobody
  std::string network;
  std::optional<Bytes> device;  // the token's octets, if this account knows it
  std::int64_t failing_pairs = 0;
  Micros wait{0};  // what count_attempt() refuses for
};

Sessions::Sessions(std::function<calendar::Zone()> zone, Settings settings)
    : zone_(std::move(zone)), settings_(settings), known_(settings.hasher), unknown_(settings.hasher) {}

Result<Sessions::Found> Sessions::look_up(db::Tx& tx, const Context& ctx, const Attempt& attempt) const {
  Found found;
  found.network = network_of(attempt.client_address);
  JX_TRY(load, tx.one(sql::failures_recent, ctx.now() - load_window));
  found.failing_pairs = load ? load->integer(0) : 0;
  const auto name = text::case_fold(std::string_view(attempt.username).substr(0, username_chars_max * 4));
  if (!check_username(name)) return found;
  auto owner = account_by_username(tx, name);
  if (!owner && owner.error().code == ErrorCode::not_found) return found;
  if (!owner) return std::unexpected(std::move(owner).error());
  if (owner->disabled) return found;
  found.actor.kind = owner->kind;
  found.actor.account = owner->id;
  found.actor.person = owner->person;
  found.actor.unit = owner->unit;
  JX_TRY(password, tx.one(sql::account_password, owner->id));
  const bool over = password && !password->null(1) && password->instant(1) <= ctx.now();  // one for one time, and that has passed
  found.phc = password && !over ? password->text(0) : std::string();
  if (auto octets = token_octets(attempt.device_token)) {
    JX_TRY(device, tx.one(sql::device_of, ByteView(crypto::sha256(*octets)), owner->id, ctx.now() - settings_.device));
    if (device && device->integer(0) < device_failures_max) found.device = std::move(*octets);
  }
  return found;
}

/// Counts the attempt as a failure before its password is checked, so that many at once do not slip through; begin() takes it back.
Result<> Sessions::count_attempt(db::Tx& tx, const Context& ctx, Found& found) const {
  if (found.device) {
    JX_CHECK(tx.run(sql::device_count_failure, ByteView(crypto::sha256(*found.device))));
    return {};
  }
  JX_TRY(row, tx.one(sql::failure_of, found.actor.account, found.network));
  std::int64_t failures = 0;
  if (row && ctx.now() - row->instant(1) < failure_memory) {
    failures = row->integer(0);
    const auto until = row->instant(1) + wait_after(failures, found.actor.account.nil() ? free_failures_nobody : free_failures);
    if (ctx.now() < until) {
      found.wait = until - ctx.now();
      return wait(found.wait);
    }
  }
  JX_CHECK(tx.run(sql::failure_put, found.actor.account, found.network, failures + 1, ctx.now()));
  return {};
}

Result<SignedIn> Sessions::begin(db::Tx& tx, const Context& ctx, const Found& found, const std::string& new_phc) const {
  JX_TRY(owner, account(tx, found.actor.account));
  JX_TRY(password, tx.one(sql::account_password, owner.id));
  if (owner.disabled || !password || password->text(0) != found.phc) return wrong_name_or_password();  // changed meanwhile
  const Bytes token = crypto::random_bytes(token_bytes);
  const Bytes device = found.device ? *found.device : crypto::random_bytes(token_bytes);
  SignedIn out;
  JX_TRY(session, start(tx, ctx, found.actor, token));
  out.session = std::move(session);
  out.session.must_set_password = !password->null(1);
  out.token = to_base64url(token);
  out.device_token = to_base64url(device);
  JX_CHECK(tx.run(sql::device_put, ByteView(crypto::sha256(device)), owner.id, ctx.now()));
  JX_CHECK(tx.run(sql::devices_delete_oldest, owner.id, devices_per_account_max));
  JX_CHECK(tx.run(sql::failure_clear, owner.id, found.network));
  Context own = ctx;
  own.actor = out.session.actor;
  ledger::Entry entry{"session.begun", {ledger::subject("account", owner.id)}, {}, {}};
  if (!new_phc.empty()) {
    JX_CHECK(tx.run(sql::account_rehash, owner.id, new_phc));
    JX_TRY(state, ledger::state_of(tx, Tables::account, owner.id));
    entry.state.push_back(std::move(state));
  }
  JX_CHECK(ledger::append(tx, own, entry));
  return out;
}

Result<SignedIn> Sessions::sign_in_counted(db::Database& database, const Context& ctx, const Attempt& attempt, Found& found) {
  JX_CHECK(database.write(ctx.deadline, [&](db::Tx& tx) { return count_attempt(tx, ctx, found); }));
  if (attempt.password.size() > crypto::password_bytes_max) return wrong_name_or_password();
  auto& hasher = found.device ? known_ : unknown_;
  JX_TRY(right, found.phc.empty() ? hasher.verify_nobody(attempt.password) : hasher.verify(attempt.password, found.phc));
  if (!right) return wrong_name_or_password();
  std::string new_phc;
  if (crypto::PasswordHasher::outdated(found.phc)) {
    JX_TRY(made, hasher.hash(attempt.password));
    new_phc = std::move(made);
  }
  return database.write(ctx.deadline, [&](db::Tx& tx) { return begin(tx, ctx, found, new_phc); });
}

SignInOutcome Sessions::sign_in(db::Database& database, const Context& ctx, const Attempt& attempt) {
  auto found = database.read(ctx.deadline, [&](db::Tx& tx) { return look_up(tx, ctx, attempt); });
  if (!found) return {std::unexpected(found.error())};
  SignInOutcome outcome{sign_in_counted(database, ctx, attempt, *found), found->device ? Micros{0} : hold_for(found->failing_pairs)};
  outcome.wait = found->wait;
  return outcome;
}

Result<> Sessions::change_password(db::Database& database, const Context& ctx, const Session& session, std::string_view old_password,
                                   std::string_view new_password) {
  Found found;
  found.actor = session.actor;
  found.network = "signed-in";  // a stolen session must not guess either
  JX_TRY(stored, database.read(ctx.deadline, [&](db::Tx& tx) -> Result<std::pair<Account, std::string>> {
    JX_TRY(owner, account(tx, session.actor.account));
    JX_TRY(row, tx.one(sql::account_password, owner.id));
    return std::pair(owner, row ? row->text(0) : std::string());
  }));
  JX_CHECK(check_password(stored.first.username, new_password));
  JX_CHECK(database.write(ctx.deadline, [&](db::Tx& tx) { return count_attempt(tx, ctx, found); }));
  if (stored.second.empty())
    return fail(ErrorCode::invalid, {"this account has a certificate and no password", "该账号使用证书，没有密码"}, "/old_password");
  JX_TRY(right, known_.verify(old_password, stored.second));
  if (!right) return fail(ErrorCode::unauthenticated, {"the old password is wrong", "原密码错误"}, "/old_password");
  JX_TRY(phc, known_.hash(new_password));
  return database.write(ctx.deadline, [&](db::Tx& tx) -> Result<> {
    JX_TRY(owner, account(tx, stored.first.id));  // a reset or a lock that came meanwhile stands
    JX_TRY(row, tx.one(sql::account_password, owner.id));
    JX_TRY(there, tx.one(sql::session_there, session.id));
    if (owner.disabled || !row || row->text(0) != stored.second || !there)
      return fail(ErrorCode::conflict,
                  {"the password was set anew or the session ended meanwhile: sign in again", "密码已被重置或登录已失效，请重新登录"});
    JX_CHECK(tx.run(sql::failure_clear, stored.first.id, found.network));
    return set_password(tx, ctx, stored.first.id, phc, session.id);
  });
}

Result<std::string> Sessions::hash(std::string_view username, std::string_view password) {
  JX_CHECK(check_password(username, password));
  return unknown_.hash(password);
}

}  // namespace jx::identity
