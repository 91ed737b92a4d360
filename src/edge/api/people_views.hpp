// people_views.hpp - who holds which post, what a role may do, and accounts, as the API says it.
#pragma once
#include "absence_view.hpp"

#include <jx/ledger.hpp>

namespace jx::identity {
BOOST_DESCRIBE_ENUM(Power, none, configure, grant_rights, audit)
}

namespace jx::api {

struct KeyName {
  std::string key;
  LocalizedText name;
};
BOOST_DESCRIBE_STRUCT(KeyName, (), (key, name))

struct PermissionView {
  std::string key;
  LocalizedText words;
  identity::Power power = identity::Power::none;
  std::optional<std::string> when;  // FEEL
};
BOOST_DESCRIBE_STRUCT(PermissionView, (), (key, words, power, when))

struct RoleView {
  RoleId key;
  LocalizedText name;
  identity::GivenTo given_to = identity::GivenTo::post;
  std::vector<PermissionView> permissions;
};
BOOST_DESCRIBE_STRUCT(RoleView, (), (key, name, given_to, permissions))

struct HolderView {
  std::optional<AccountId> account;  // absent: she cannot sign in
  LocalizedText name;
  std::optional<LocalDate> from, to;
  std::optional<LocalizedText> stand_in_for;
};
BOOST_DESCRIBE_STRUCT(HolderView, (), (account, name, from, to, stand_in_for))

struct PostView {
  PostId key;
  LocalizedText name;
  UnitName unit;
  bool head = false;
  std::vector<RoleId> roles;
  std::vector<identity::Power> powers;
  std::vector<HolderView> holders;
};
BOOST_DESCRIBE_STRUCT(PostView, (), (key, name, unit, head, roles, powers, holders))

struct PostList {
  std::vector<PostView> items;
  std::vector<RoleView> roles;
};
BOOST_DESCRIBE_STRUCT(PostList, (), (items, roles))

/// What the ledger says of a change: by whom, when, why.
struct ChangeView {
  ledger::EntryId entry;
  std::string kind;
  Instant at;
  std::optional<LocalizedText> by;  // absent: the program itself, as when a pack is applied
  std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(ChangeView, (), (entry, kind, at, by, reason))

enum class HoldingState { past, now, later, taken_back };
BOOST_DESCRIBE_ENUM(HoldingState, past, now, later, taken_back)

struct HoldingView {
  identity::HoldingId id;
  HeldPostName post;
  HoldingState state = HoldingState::now;
  std::optional<LocalDate> from, to;
  std::optional<LocalizedText> stand_in_for;
  std::vector<ChangeView> changes;  // only in getAccount
};
BOOST_DESCRIBE_STRUCT(HoldingView, (), (id, post, state, from, to, stand_in_for, changes))

enum class AccountKind { person, machine };
BOOST_DESCRIBE_ENUM(AccountKind, person, machine)

struct AccountView {
  AccountId id;
  std::string username;
  AccountKind kind = AccountKind::person;
  LocalizedText name;
  bool locked = false;
  bool me = false;
  std::vector<HoldingView> posts;  // held now or later
};
BOOST_DESCRIBE_STRUCT(AccountView, (), (id, username, kind, name, locked, me, posts))

struct AccountPage {
  std::vector<AccountView> items;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(AccountPage, (), (items, next))

/// A client certificate by which a unit's own system is known.
struct ClientCertificateView {
  std::string key_sha256;
  Instant bound_at;
  std::optional<Instant> ended_at;
};
BOOST_DESCRIBE_STRUCT(ClientCertificateView, (), (key_sha256, bound_at, ended_at))

struct AccountDetail {
  AccountView account;
  std::vector<identity::Power> powers;                                  // of the posts that are held now or later
  std::vector<HoldingView> history;                                     // all that was ever held, the newest first
  std::vector<ChangeView> changes;                                      // of the account itself, the newest first
  std::vector<std::string> actions;                                     // what the caller may do: give_post, end_post, lock, unlock, reset_password
  std::optional<std::vector<ClientCertificateView>> certificates = {};  // of a unit's own system, the newest first
};
BOOST_DESCRIBE_STRUCT(AccountDetail, (), (account, powers, history, changes, actions, certificates))

/// Who may see and change others' accounts and posts.
struct PeopleRights {
  bool grants = false, manages = false, audits = false;
  [[nodiscard]] bool any() const { return grants || manages || audits; }
};
[[nodiscard]] Result<PeopleRights> people_rights(const Call& call, db::Tx& tx);
/// The reason of an act: a line of 1 to 200 characters. Errors: invalid.
[[nodiscard]] Result<std::string> reason_line(const std::string& text);
[[nodiscard]] Result<AccountView> account_view(const Call& call, db::Tx& tx, const identity::Account& account);
/// Errors: not_found.
[[nodiscard]] Result<AccountDetail> account_detail(const Call& call, db::Tx& tx, const AccountId& id);
/// The name of whoever holds a thing: a person, or a unit's system.
[[nodiscard]] Result<LocalizedText> owner_name(db::Tx& tx, const identity::Account& account);
/// Errors: forbidden (not permitted: deny by default).
[[nodiscard]] Result<> require_granting(const Call& call, db::Tx& tx, const PostId& post);
[[nodiscard]] Result<> require_managing(const Call& call, db::Tx& tx, const AccountId& account);
[[nodiscard]] Result<std::vector<identity::Power>> powers_of_posts(db::Tx& tx, const std::vector<PostId>& posts);

}  // namespace jx::api
