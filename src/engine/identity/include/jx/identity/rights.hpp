// rights.hpp - accounts, and posts that people hold for a time. Every change is a ledger entry of the same transaction.
#pragma once
#include <jx/core.hpp>
#include <jx/db.hpp>
#include <jx/identity/access.hpp>
#include <jx/identity/directory.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jx::identity {

using HoldingId = Id<struct HoldingTag>;

inline constexpr std::size_t username_chars_min = 2;
inline constexpr std::size_t username_chars_max = 64;
inline constexpr std::size_t password_chars_min = 10;
inline constexpr std::size_t password_chars_max = 128;
inline constexpr std::size_t holdings_max = 64;  // of one person at one time

struct Account {
  AccountId id;
  std::string username;
  Actor::Kind kind = Actor::Kind::person;  // person or machine
  PersonId person;                         // nil for a machine
  UnitId unit;                             // of a machine; else empty
  bool disabled = false;
};
/// Errors: not_found.
[[nodiscard]] Result<Account> account(db::Tx& tx, const AccountId& id);
[[nodiscard]] Result<Account> account_by_username(db::Tx& tx, std::string_view username);
/// Those with which a person signs in, the oldest first.
[[nodiscard]] Result<std::vector<Account>> accounts_of(db::Tx& tx, const PersonId& person);

/// Errors: invalid: 2 to 64 of a-z 0-9 . _ - that begin with a letter or digit.
[[nodiscard]] Result<> check_username(std::string_view username);
/// Errors: invalid: 10 to 128 characters, not the username, not one character repeated. No rules of composition (NIST SP 800-63B 5.1.1.2).
[[nodiscard]] Result<> check_password(std::string_view username, std::string_view password);

struct NewAccount {
  std::string username;
  PersonId person;           // or nil
  UnitId unit;               // or empty; exactly one of the two
  std::string password_phc;  // of crypto::PasswordHasher, made outside the transaction; empty for a unit's system that has a certificate alone
};
/// Errors: invalid; conflict (the name is taken); not_found (person, unit); forbidden (for a person who holds one of the three powers: with her
/// password
///   the actor could use it. The system itself may).
[[nodiscard]] Result<AccountId> create_account(db::Tx& tx, const Context& ctx, const NewAccount& account);
/// Ends every session but `keep` and forgets every device. Errors: not_found; forbidden (as create_account, unless it is one's own).
[[nodiscard]] Result<> set_password(db::Tx& tx, const Context& ctx, const AccountId& id, std::string_view password_phc, const SessionId& keep = {});
/// A password that lets its owner in until `until`, for nothing but setting her own. Ends every session and forgets every device. `reason` goes into
/// the entry. Errors: not_found; forbidden (one's own, or as create_account); conflict
/// (a system's).
[[nodiscard]] Result<> set_one_time_password(db::Tx& tx, const Context& ctx, const AccountId& id, std::string_view password_phc, Instant until,
                                             std::string_view reason);
/// Nobody signs in with it any more; its sessions end. `reason` goes into the entry. Errors: not_found; forbidden (one's own); conflict (it is so
/// already).
[[nodiscard]] Result<> disable_account(db::Tx& tx, const Context& ctx, const AccountId& id, std::string_view reason = {});
[[nodiscard]] Result<> enable_account(db::Tx& tx, const Context& ctx, const AccountId& id, std::string_view reason = {});

/// A post held by a person, or by a machine's account, for a time.
struct Holding {
  HoldingId id;
  PersonId person;    // nil for a machine
  AccountId machine;  // nil for a person
  PostId post;
  std::optional<PersonId> stand_in_for;  // whose place she takes meanwhile (代理)
  Period valid;
};

struct NewHolding {
  PersonId person;    // or nil
  AccountId machine;  // or nil; exactly one of the two
  PostId post;
  std::optional<PersonId> stand_in_for;
  Period valid;             // of a stand-in it ends
  std::string reason = {};  // for the entry
};
/// The caller has checked `rights.grant` (Access::require).
/// Errors: not_found; invalid; conflict (she holds the post then already; or she would hold two of the three powers at one time, through whatever
/// post,
///   account or stand-in: the message names the posts); forbidden (to oneself).
[[nodiscard]] Result<HoldingId> grant_post(db::Tx& tx, const Context& ctx, const NewHolding& holding);
/// Her last day in the post; a day before the first takes it back as if never held. Those who stand in for her end with her.
/// Errors: not_found; invalid (later than now granted); forbidden (oneself).
[[nodiscard]] Result<> end_post(db::Tx& tx, const Context& ctx, const HoldingId& id, LocalDate last_day, std::string_view reason = {});

/// What a person (or a machine) holds on a day, own posts before stand-ins.
[[nodiscard]] Result<std::vector<Holding>> holdings_of(db::Tx& tx, const PersonId& person, LocalDate on);
[[nodiscard]] Result<std::vector<Holding>> holdings_of_machine(db::Tx& tx, const AccountId& account, LocalDate on);
/// Who holds a post on a day.
[[nodiscard]] Result<std::vector<Holding>> holders_of(db::Tx& tx, const PostId& post, LocalDate on);

inline constexpr std::size_t holdings_listed_max = 200;
/// What an account's owner ever held, the newest first, at most holdings_listed_max; with what was taken back (`valid.to` before `valid.from`).
[[nodiscard]] Result<std::vector<Holding>> holdings_ever(db::Tx& tx, const Account& account);
/// One of them. Errors: not_found.
[[nodiscard]] Result<Holding> holding(db::Tx& tx, const HoldingId& id);

enum class StaffState { current, former, locked };  // locked: the account is disabled, whatever is held
BOOST_DESCRIBE_ENUM(StaffState, current, former, locked)

/// Whom to look for among those who hold a post, or held one.
struct StaffFilter {
  StaffState state = StaffState::current;
  std::optional<UnitId> unit;  // of a post, or a unit below it
  std::string words;           // in the user name, or in the owner's in any language
};
struct StaffPage {
  std::vector<Account> accounts;  // in the order of their user names
  std::string next;               // cursor of the next page; empty: this was the last
};
inline constexpr std::size_t staff_rows_max = 50'000;  // looked at for one page
/// Errors: too_large (there are more than staff_rows_max).
[[nodiscard]] Result<StaffPage> staff(db::Tx& tx, const StaffFilter& filter, LocalDate today, std::size_t limit, std::string_view cursor);

/// Whether anybody holds two powers at one time, or a machine one. For `db check` and after a pack was applied. Errors: conflict (names the posts).
[[nodiscard]] Result<> check_powers(db::Tx& tx);

}  // namespace jx::identity
