#include "identity_sql.hpp"
#include "powers.hpp"
#include "store.hpp"

#include <jx/identity/certificates.hpp>
#include <jx/identity/rights.hpp>
#include <jx/ledger/search.hpp>
#include <jx/text.hpp>
#include <jx/wire.hpp>

#include <algorithm>

namespace jx::identity {
namespace {

Account account_of(const db::Row& row) {
  Account account;
  account.id = row.id<AccountId>(0);
  account.username = row.text(1);
  account.kind = row.null(2) ? Actor::Kind::machine : Actor::Kind::person;
  if (!row.null(2)) account.person = row.id<PersonId>(2);
  if (!row.null(3)) account.unit = row.key<UnitId>(3);
  account.disabled = !row.null(4);
  return account;
}

/// An entry about an account, with the row as the act leaves it.
Result<> record_account(db::Tx& tx, const Context& ctx, const char* kind, const AccountId& id, std::string_view reason = {}) {
  JX_TRY(state, ledger::state_of(tx, Tables::account, id));
  ledger::Entry entry{kind, {ledger::subject("account", id)}, {}, {std::move(state)}};
  if (!reason.empty()) entry.body["reason"] = reason;
  JX_CHECK(ledger::append(tx, ctx, entry));
  return {};
}

Result<std::vector<Holding>> holdings(db::Tx& tx, const db::Query& query, ByteView holder, const Period& period) {
  std::vector<Holding> out;
  JX_CHECK(tx.each(
      query,
      [&](db::Row&& row) -> Result<> {
        out.push_back(holding_of(row));
        return {};
      },
      holder, period.from, period.to));
  return out;
}

Result<std::vector<Holding>> active(db::Tx& tx, std::vector<Holding> all, LocalDate on) {
  std::vector<Holding> out;
  for (auto& holding : all) {
    JX_TRY(held, post(tx, holding.post));
    if (Period{held.valid_from.value_or(since_ever), held.valid_to.value_or(for_ever)}.contains(on)) out.push_back(std::move(holding));
  }
  return out;
}

std::unexpected<Error> not_to_oneself() {
  return fail(ErrorCode::forbidden, {"nobody changes her own rights: another officer must do it", "不得变更本人的权限，须由其他人员办理"});
}

Result<> check_stand_in(db::Tx& tx, const NewHolding& holding) {
  if (holding.person.nil() || *holding.stand_in_for == holding.person) {
    return fail(ErrorCode::invalid, {"a person stands in for another person", "代理须为一人代另一人"}, "/stand_in_for");
  }
  if (holding.valid.to == for_ever) return fail(ErrorCode::invalid, {"a stand-in needs a last day", "代理须有结束日期"}, "/valid/to");
  JX_TRY(own, holdings(tx, sql::holdings_of_person, holding.stand_in_for->bytes(), holding.valid));
  const bool held = std::ranges::any_of(own, [&](const Holding& other) {
    return other.post == holding.post && !other.stand_in_for && other.valid.from <= holding.valid.from && holding.valid.to <= other.valid.to;
  });
  if (!held)
    return fail(ErrorCode::conflict, {"the one to be stood in for does not hold this post in all that time", "被代理人在该期间并不担任此岗位"},
                "/stand_in_for");
  return {};
}

/// Ends a holding on a day, or takes it back, on record.
Result<> shorten(db::Tx& tx, const Context& ctx, const Holding& holding, LocalDate last_day, std::string_view reason) {
  const auto to = std::max(last_day, holding.valid.from - 1);
  JX_CHECK(tx.run(sql::holding_end, holding.id, to));
  JX_TRY(state, ledger::state_of(tx, Tables::holding, holding.id));
  ledger::Entry entry{"right.ended", {ledger::subject("holding", holding.id), ledger::subject("post", holding.post)}, {}, {std::move(state)}};
  entry.subjects.push_back(holding.person.nil() ? ledger::subject("account", holding.machine) : ledger::subject("person", holding.person));
  entry.body["valid_to"] = to.text();
  if (!reason.empty()) entry.body["reason"] = reason;
  JX_CHECK(ledger::append(tx, ctx, entry));
  return {};
}

/// An account through which the actor herself acts, this one or another of hers.
Result<> check_anothers(const Context& ctx, const Account& owner) {
  const bool own = owner.id == ctx.actor.account || (!owner.person.nil() && owner.person == ctx.actor.person);
  return own && ctx.actor.kind != Actor::Kind::system ? Result<>(not_to_oneself()) : Result<>();
}

/// Who sets the password of another's account could act as her. Where she holds one of the three powers, now or later, that would join two of them in
/// one hand; only the operator at the machine (the system itself) may.
Result<> check_may_set_password(db::Tx& tx, const Context& ctx, const PersonId& owner) {
  if (ctx.actor.kind == Actor::Kind::system || owner.nil() || owner == ctx.actor.person) return {};
  JX_TRY(powers, PowersOfPosts::load(tx));
  JX_TRY(held, holdings(tx, sql::holdings_of_person, owner.bytes(), {since_ever, for_ever}));
  const auto has_power = [&](const Holding& holding) {
    const auto* entry = powers.of(holding.post);
    return holding.valid.from <= holding.valid.to && entry != nullptr && !entry->powers.empty();
  };
  if (std::ranges::none_of(held, has_power)) return {};
  return fail(ErrorCode::forbidden,
              {"this person holds one of the three powers: her password is set by herself, or by the operator at the machine itself",
               "此人担任三权岗位，其密码只能由本人设置，或由运维人员在服务器上设置"});
}

bool by_person(const ledger::StoredEntry& entry, const PersonId& person) {
  if (!entry.body) return false;
  const auto body = wire::parse(*entry.body);
  const auto* actor = body && body->is_object() ? body->get_object().if_contains("actor") : nullptr;
  const auto* who = actor != nullptr && actor->is_object() ? actor->get_object().if_contains("person") : nullptr;
  return who != nullptr && who->is_string() && who->get_string() == person.text();
}

/// The other way round: who once set the password of an account may have kept a way into it, and gives its owner none of the three powers.
Result<> check_may_give_power(db::Tx& tx, const Context& ctx, const PersonId& owner) {
  if (ctx.actor.kind == Actor::Kind::system || ctx.actor.person.nil()) return {};
  JX_TRY(owned, accounts_of(tx, owner));
  for (const auto& account : owned) {
    for (const char* kind : {"account.password_reset", "account.password_set"}) {
      ledger::Search wanted;
      wanted.subject = ledger::subject("account", account.id);
      wanted.kind = kind;
      for (std::int64_t cursor = 0;;) {
        JX_TRY(page, ledger::search(tx, wanted, cursor, 200));
        if (std::ranges::any_of(page.entries, [&](const ledger::Found& found) { return by_person(found.entry, ctx.actor.person); }))
          return fail(ErrorCode::forbidden,
                      {"you once set the password of this person: another officer, or the operator, gives her a post with one of the three powers",
                       "您曾重置过此人的密码，授予三权岗位须由其他人员或运维人员办理"},
                      "/person");
        if (page.next == 0) break;
        cursor = page.next;
      }
    }
  }
  return {};
}

}  // namespace

Holding holding_of(const db::Row& row) {
  Holding holding;
  holding.id = row.id<HoldingId>(0);
  if (!row.null(1)) holding.person = row.id<PersonId>(1);
  if (!row.null(2)) holding.machine = row.id<AccountId>(2);
  holding.post = row.key<PostId>(3);
  if (!row.null(4)) holding.stand_in_for = row.id<PersonId>(4);
  holding.valid = {row.date(5), row.date(6)};
  return holding;
}

Result<Account> account(db::Tx& tx, const AccountId& id) {
  JX_TRY(row, tx.one(sql::account_one, id));
  if (!row) return fail(ErrorCode::not_found, {"there is no such account", "没有该账号"});
  return account_of(*row);
}

Result<Account> account_by_username(db::Tx& tx, std::string_view username) {
  JX_TRY(row, tx.one(sql::account_by_username, username));
  if (!row) return fail(ErrorCode::not_found, {"there is no such account", "没有该账号"});
  return account_of(*row);
}

Result<std::vector<Account>> accounts_of(db::Tx& tx, const PersonId& person) {
  JX_TRY(rows, tx.all(sql::accounts_of_person, person));
  std::vector<Account> found;
  for (const auto& row : rows) found.push_back(account_of(row));
  return found;
}

Result<std::vector<Account>> machine_accounts(db::Tx& tx) {
  JX_TRY(rows, tx.all(sql::machine_accounts));
  std::vector<Account> found;
  for (const auto& row : rows) found.push_back(account_of(row));
  return found;
}

Result<> check_username(std::string_view username) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const bool sized = username.size() >= username_chars_min && username.size() <= username_chars_max;
  if (sized && plain(username.front()) && std::ranges::all_of(username, [&](char c) { return plain(c) || c == '.' || c == '_' || c == '-'; }))
    return {};
  return fail(
      ErrorCode::invalid,
      {"a user name has 2 to 64 of a-z 0-9 . _ - and begins with a letter or digit", "用户名为2至64个字符（a-z 0-9 . _ -），以字母或数字开头"},
      "/username");
}

Result<> check_password(std::string_view username, std::string_view password) {
  if (auto valid = text::check_utf8(password); !valid) return std::unexpected(under("/password", std::move(valid).error()));
  const auto characters = std::ranges::count_if(password, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; });
  if (characters < static_cast<std::ptrdiff_t>(password_chars_min) || characters > static_cast<std::ptrdiff_t>(password_chars_max)) {
    return fail(ErrorCode::invalid, {"a password has 10 to 128 characters; a short sentence is good", "密码为10至128个字符，建议用一句话"},
                "/password");
  }
  if (text::case_fold(password) == text::case_fold(username) || std::ranges::all_of(password, [&](char c) { return c == password.front(); })) {
    return fail(ErrorCode::invalid, {"this password is too easy to guess", "密码过于简单"}, "/password");
  }
  return {};
}

Result<AccountId> create_account(db::Tx& tx, const Context& ctx, const NewAccount& account) {
  JX_CHECK(check_username(account.username));
  if (account.person.nil() == account.unit.empty())
    return fail(ErrorCode::invalid, {"an account belongs to a person, or to a unit's system", "账号须属于一名人员或一个单位的系统"}, "/person");
  const bool by_certificate = account.password_phc.empty() && !account.unit.empty();
  if (!by_certificate && !account.password_phc.starts_with("$argon2id$"))
    return fail(ErrorCode::internal, {"the password of a new account is not hashed"});
  JX_CHECK(check_may_set_password(tx, ctx, account.person));
  if (!account.person.nil()) {
    JX_CHECK(person(tx, account.person));
  } else {
    JX_CHECK(unit(tx, account.unit));
  }
  const auto id = AccountId::make(ctx.clock, ctx.random);
  const auto owner = account.person.nil() ? std::nullopt : std::optional(account.person);
  const auto unit = account.unit.empty() ? std::nullopt : std::optional(account.unit);
  JX_TRY(made, tx.run(sql::account_insert, id, account.username, owner, unit, account.password_phc, ctx.now()));
  if (made == 0) return fail(ErrorCode::conflict, {"this user name is taken", "该用户名已被使用"}, "/username");
  JX_CHECK(record_account(tx, ctx, "account.created", id));
  return id;
}

Result<> set_password(db::Tx& tx, const Context& ctx, const AccountId& id, std::string_view password_phc, const SessionId& keep) {
  if (!password_phc.starts_with("$argon2id$")) return fail(ErrorCode::internal, {"the new password is not hashed"});
  JX_TRY(owner, account(tx, id));
  JX_CHECK(check_may_set_password(tx, ctx, owner.person));
  JX_CHECK(tx.run(sql::account_set_password, id, password_phc, nullptr));
  JX_CHECK(tx.run(sql::sessions_delete_of_account, id, keep));
  JX_CHECK(tx.run(sql::devices_delete_of_account, id));
  return record_account(tx, ctx, "account.password_set", id);
}

Result<> set_one_time_password(db::Tx& tx, const Context& ctx, const AccountId& id, std::string_view password_phc, Instant until,
                               std::string_view reason) {
  if (!password_phc.starts_with("$argon2id$")) return fail(ErrorCode::internal, {"the new password is not hashed"});
  JX_TRY(owner, account(tx, id));
  JX_CHECK(check_anothers(ctx, owner));
  if (owner.person.nil())
    return fail(ErrorCode::conflict,
                {"a system has nobody who could set its own password: that is done at the machine itself", "系统账号的密码由运维人员在服务器上设置"});
  JX_CHECK(check_may_set_password(tx, ctx, owner.person));
  JX_CHECK(tx.run(sql::account_set_password, id, password_phc, until));
  JX_CHECK(tx.run(sql::sessions_delete_of_account, id, SessionId()));
  JX_CHECK(tx.run(sql::devices_delete_of_account, id));
  return record_account(tx, ctx, "account.password_reset", id, reason);
}

Result<> disable_account(db::Tx& tx, const Context& ctx, const AccountId& id, std::string_view reason) {
  JX_TRY(owner, account(tx, id));
  JX_CHECK(check_anothers(ctx, owner));
  if (owner.disabled) return fail(ErrorCode::conflict, {"this account is locked already", "该账号已停用"});
  JX_CHECK(tx.run(sql::account_set_disabled, id, ctx.now()));
  JX_CHECK(tx.run(sql::sessions_delete_of_account, id, SessionId()));
  return record_account(tx, ctx, "account.disabled", id, reason);
}

Result<> enable_account(db::Tx& tx, const Context& ctx, const AccountId& id, std::string_view reason) {
  JX_TRY(owner, account(tx, id));
  JX_CHECK(check_anothers(ctx, owner));
  if (!owner.disabled) return fail(ErrorCode::conflict, {"this account is not locked", "该账号未停用"});
  JX_CHECK(tx.run(sql::account_set_disabled, id, nullptr));
  return record_account(tx, ctx, "account.enabled", id, reason);
}

Result<HoldingId> grant_post(db::Tx& tx, const Context& ctx, const NewHolding& holding) {
  if (holding.person.nil() == holding.machine.nil())
    return fail(ErrorCode::invalid, {"a post is held by a person, or by a machine", "岗位须由一名人员或一个系统担任"}, "/person");
  if (!holding.person.nil() && holding.person == ctx.actor.person) return not_to_oneself();
  if (holding.valid.to < holding.valid.from)
    return fail(ErrorCode::invalid, {"the time in the post ends before it begins", "任职结束早于开始"}, "/valid/to");
  JX_TRY(row, tx.one(sql::post_one, holding.post));
  if (!row || !row->null(1)) return fail(ErrorCode::not_found, {"there is no such post", "没有该岗位"}, "/post");
  if (!holding.person.nil()) {
    JX_CHECK(person(tx, holding.person));
  } else {
    JX_CHECK(account(tx, holding.machine));
  }
  if (holding.stand_in_for) JX_CHECK(check_stand_in(tx, holding));

  Holding made{HoldingId::make(ctx.clock, ctx.random), holding.person, holding.machine, holding.post, holding.stand_in_for, holding.valid};
  JX_TRY(powers, PowersOfPosts::load(tx));
  if (!made.machine.nil() && !powers.of(made.post)->powers.empty()) {
    return fail(ErrorCode::conflict, {"a machine may not hold a post with one of the three powers", "系统账号不得担任拥有三权之一的岗位"}, "/post");
  }
  if (!made.person.nil() && !powers.of(made.post)->powers.empty()) JX_CHECK(check_may_give_power(tx, ctx, made.person));
  JX_TRY(others, made.person.nil() ? holdings(tx, sql::holdings_of_machine, made.machine.bytes(), made.valid)
                                   : holdings(tx, sql::holdings_of_person, made.person.bytes(), made.valid));
  if (std::ranges::any_of(others, [&](const Holding& other) { return other.post == made.post && other.stand_in_for == made.stand_in_for; })) {
    return fail(ErrorCode::conflict, {"this post is held by the same then already", "该期间已担任此岗位"}, "/post");
  }
  if (others.size() >= holdings_max)
    return fail(ErrorCode::too_large, {"more than " + std::to_string(holdings_max) + " posts at one time", "同时担任的岗位过多"}, "/post");
  others.push_back(made);
  if (const auto conflict = powers.conflict(others)) return two_powers(*conflict);

  const auto person_id = made.person.nil() ? std::nullopt : std::optional(made.person);
  const auto machine = made.machine.nil() ? std::nullopt : std::optional(made.machine);
  JX_CHECK(tx.run(sql::holding_insert, made.id, person_id, machine, made.post, made.stand_in_for, made.valid.from, made.valid.to));
  JX_TRY(state, ledger::state_of(tx, Tables::holding, made.id));
  ledger::Entry entry{"right.granted", {ledger::subject("holding", made.id), ledger::subject("post", made.post)}, {}, {std::move(state)}};
  entry.subjects.push_back(person_id ? ledger::subject("person", *person_id) : ledger::subject("account", *machine));
  entry.body["valid_from"] = made.valid.from.text();
  entry.body["valid_to"] = made.valid.to.text();
  if (!holding.reason.empty()) entry.body["reason"] = holding.reason;
  JX_CHECK(ledger::append(tx, ctx, entry));
  return made.id;
}

Result<> end_post(db::Tx& tx, const Context& ctx, const HoldingId& id, LocalDate last_day, std::string_view reason) {
  JX_TRY(row, tx.one(sql::holding_one, id));
  if (!row) return fail(ErrorCode::not_found, {"nobody holds this", "没有该任职记录"});
  const auto holding = holding_of(*row);
  if (!holding.person.nil() && holding.person == ctx.actor.person) return not_to_oneself();
  if (last_day > holding.valid.to)
    return fail(ErrorCode::invalid, {"this ends a right sooner; to lengthen it, grant it again", "只能提前结束；如需延长请重新授予"}, "/last_day");
  JX_CHECK(shorten(tx, ctx, holding, last_day, reason));
  if (holding.person.nil() || holding.stand_in_for) return {};
  JX_TRY(stand_ins, tx.all(sql::stand_ins_beyond, holding.post, holding.person, last_day));
  for (const auto& stand_in : stand_ins) {  // whoever stood in for her then stands in for nobody
    const auto other = holding_of(stand_in);
    if (holding.valid.contains(other.valid.from)) JX_CHECK(shorten(tx, ctx, other, last_day, reason));
  }
  return {};
}

Result<std::vector<Holding>> holdings_of(db::Tx& tx, const PersonId& person, LocalDate on) {
  JX_TRY(all, holdings(tx, sql::holdings_of_person, person.bytes(), {on, on}));
  return active(tx, std::move(all), on);
}

Result<std::vector<Holding>> holdings_of_machine(db::Tx& tx, const AccountId& account, LocalDate on) {
  JX_TRY(all, holdings(tx, sql::holdings_of_machine, account.bytes(), {on, on}));
  return active(tx, std::move(all), on);
}

Result<std::vector<Holding>> holders_of(db::Tx& tx, const PostId& post, LocalDate on) {
  JX_TRY(rows, tx.all(sql::holders_of_post, post, on));
  std::vector<Holding> all;
  for (const auto& row : rows) all.push_back(holding_of(row));
  return active(tx, std::move(all), on);
}

}  // namespace jx::identity
