// session.hpp - sign-in, sessions, and the Actor of a request.
//
// Throttling. A wrong password is counted for the pair (account, network of the client: IPv4 /24, IPv6 /56). From the sixth in a row on each further
// attempt of that pair waits twice as long as the one before, up to 15 minutes; a day without attempts forgets them. Somebody elsewhere can
// therefore not keep the owner out. A device on which the owner signed in before (a cookie that only it has) is not counted with its network: a
// correct password from it always gets through, and it has its own share of the password hasher; twenty wrong ones in a row make it unknown.
// While very many pairs fail at once, answers to unknown devices are held back up to 8 seconds (SignInOutcome::hold): slower, never refused.
#pragma once
#include <jx/calendar/zone.hpp>
#include <jx/core.hpp>
#include <jx/crypto/hash.hpp>
#include <jx/crypto/password.hpp>
#include <jx/db.hpp>
#include <jx/db/remembered.hpp>
#include <jx/identity/access.hpp>
#include <jx/identity/certificates.hpp>
#include <jx/identity/directory.hpp>
#include <jx/identity/rights.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jx::identity {

inline constexpr std::size_t token_bytes = 32;               // of a session or device; base64url on the wire (43 characters)
inline constexpr std::size_t sessions_per_account_max = 50;  // the oldest ends
inline constexpr std::size_t devices_per_account_max = 20;   // the one unused longest is forgotten

/// A session that is valid now.
struct Session {
  SessionId id;
  Actor actor;
  Instant created_at;
  Instant expires_at;              // the earlier of idle and absolute end
  std::string csrf_token;          // bound to the session's token: HMAC-SHA-256 of it, in base64url
  bool must_set_password = false;  // she came in with one that somebody else set: until she sets her own she may do nothing else
  bool touch_due = false;          // ask for touch(): it was last noted as used a minute ago or more
};

struct Attempt {
  std::string username;
  std::string password;
  std::string client_address;  // IP, as text
  std::string device_token;    // of the device cookie, or empty
};

struct SignedIn {
  Session session;
  std::string token;         // for the session cookie; the database has only its SHA-256
  std::string device_token;  // for the device cookie; the one of the attempt if it is still good
};

struct SignInOutcome {
  Result<SignedIn> result;  // Errors: unauthenticated (name or password: never says which); limited (says how long); unavailable
  Micros hold{0};           // wait so long before answering (without a thread)
  Micros wait{0};           // of limited: how long until the next attempt, if that is known
};

/// Thread-safe.
class Sessions {
 public:
  struct Settings {
    Micros idle = std::chrono::minutes(30);
    Micros absolute = std::chrono::hours(12);
    Micros device = std::chrono::hours(24 * 180);  // unused so long, it is forgotten
    crypto::PasswordHasher::Limits hasher;         // for each of the two shares
  };
  /// `zone` says in which zone today is: that of the applied pack.
  Sessions(std::function<calendar::Zone()> zone, Settings settings);
  explicit Sessions(std::function<calendar::Zone()> zone) : Sessions(std::move(zone), Settings()) {}

  [[nodiscard]] LocalDate today(const Context& ctx) const { return zone_().date_of(ctx.now()); }

  /// Checks the password outside any transaction, then begins a session in the post used last, else the first that is held, else none.
  [[nodiscard]] SignInOutcome sign_in(db::Database& database, const Context& ctx, const Attempt& attempt);

  /// The session of a token. A post that is no longer held falls away from the actor. Errors: unauthenticated (unknown, expired, account disabled).
  [[nodiscard]] Result<Session> authenticate(db::Tx& tx, const Context& ctx, std::string_view token) const;
  /// Who proved to have the key of a client certificate: the account that it is bound to, in the post it acted in last, else the first that it holds.
  /// There is no session in the database, and no token: `id` is nil, `csrf_token` empty. Errors: unauthenticated (bound to no account, the binding
  /// was ended, account disabled: says which).
  [[nodiscard]] Result<Session> authenticate_certificate(db::Tx& tx, const Context& ctx, const KeyFingerprint& key, Instant not_after) const;
  /// Notes that the session is in use. Ask for it in a write when Session::touch_due.
  [[nodiscard]] Result<> touch(db::Tx& tx, const Context& ctx, const Session& session) const;
  /// Constant time. Errors: forbidden.
  [[nodiscard]] static Result<> check_csrf(const Session& session, std::string_view token);

  /// The same session in another of one's posts; an empty key: in none. Errors: forbidden (not held today).
  [[nodiscard]] Result<Session> choose_post(db::Tx& tx, const Context& ctx, const Session& session, const PostId& post) const;
  /// Ends the session, with a ledger entry.
  [[nodiscard]] Result<> sign_out(db::Tx& tx, const Context& ctx, const Session& session) const;
  /// Ends every session of the account and forgets its devices.
  [[nodiscard]] Result<> sign_out_everywhere(db::Tx& tx, const Context& ctx, const AccountId& account) const;
  /// Changes one's own password; the other sessions end. Errors: unauthenticated (the old one is wrong); invalid (the new one); limited.
  [[nodiscard]] Result<> change_password(db::Database& database, const Context& ctx, const Session& session, std::string_view old_password,
                                         std::string_view new_password);
  /// For create_account() and set_password(). Errors: those of check_password; limited.
  [[nodiscard]] Result<std::string> hash(std::string_view username, std::string_view password);

  /// Removes what has expired: sessions, devices, counts of failures. At most `rows_max` of each; call again while it answers true.
  [[nodiscard]] Result<bool> sweep(db::Tx& tx, Instant now, std::size_t rows_max = 1'000) const;

 private:
  struct Found;
  struct Known {
    Session session;
    Instant seen_at;
  };
  [[nodiscard]] Result<Actor> read_caller(db::Tx& tx, const KeyFingerprint& key, LocalDate today) const;
  [[nodiscard]] Result<Known> read_session(db::Tx& tx, ByteView token, LocalDate today) const;
  [[nodiscard]] Result<Found> look_up(db::Tx& tx, const Context& ctx, const Attempt& attempt) const;
  [[nodiscard]] Result<> count_attempt(db::Tx& tx, const Context& ctx, Found& found) const;
  [[nodiscard]] Result<Session> start(db::Tx& tx, const Context& ctx, Actor actor, ByteView token) const;
  [[nodiscard]] Result<SignedIn> begin(db::Tx& tx, const Context& ctx, const Found& found, const std::string& new_phc) const;
  [[nodiscard]] Result<SignedIn> sign_in_counted(db::Database& database, const Context& ctx, const Attempt& attempt, Found& found);

  std::function<calendar::Zone()> zone_;
  Settings settings_;
  crypto::PasswordHasher known_;  // for devices that are known: others cannot use up its turns
  crypto::PasswordHasher unknown_;
  mutable db::Remembered<std::pair<KeyFingerprint, LocalDate>, Actor> callers_;
  mutable db::Remembered<std::pair<crypto::Digest, LocalDate>, Known> sessions_;  // by the token's SHA-256 and today: every request asks
};

/// The clock of a demonstration county was moved ahead: sessions move with it, so that nobody is signed out by that.
[[nodiscard]] Result<> move_sessions(db::Tx& tx, Micros by);

/// What a screen shows of who is signed in.
struct Profile {
  LocalizedText name;
  struct HeldPost {
    Post post;
    Unit unit;
    bool stand_in = false;
  };
  std::vector<HeldPost> posts;           // held on that day
  std::vector<Represented> represented;  // for whom she may act
  std::vector<std::string> permissions;  // Access::possible
};
[[nodiscard]] Result<Profile> profile(db::Tx& tx, const Access& access, const Actor& actor, LocalDate on);

/// The network that throttling counts: 203.0.113.0/24, 2001:db8:0:100::/56. What is no address is one network of its own.
[[nodiscard]] std::string network_of(std::string_view address);

}  // namespace jx::identity
