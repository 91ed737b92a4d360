#include "identity_sql.hpp"
#include "store.hpp"

#include <jx/identity/codes.hpp>
#include <jx/identity/declarations.hpp>
#include <jx/identity/session.hpp>
#include <jx/text.hpp>

#include <algorithm>
#include <chrono>
#include <map>

namespace jx::identity {
namespace {

constexpr Micros hour = std::chrono::hours(1);
constexpr Micros kept = std::chrono::hours(24 * declaration_days);
constexpr std::int64_t swept_at_once = 100;
constexpr std::size_t name_octets_max = 200;

Instant before(const Context& ctx, Micros by) { return Instant{ctx.now().micros - by.count()}; }

bool is_telephone(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  return text.size() >= telephone_digits_min && text.size() <= telephone_digits_max &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

Result<std::string> name_line(std::string_view name) {
  auto line = text::clean_line(name, name_octets_max);
  if (!line) return std::unexpected(under("/name", std::move(line).error()));
  if (line->empty()) return fail(ErrorCode::invalid, {"your name is needed", "请填写姓名"}, "/name");
  return line;
}

std::unexpected<Error> none_waits() {
  return fail(ErrorCode::not_found,
              {"no account of this user name waits with this name and number", "没有与此用户名、姓名和证件号码相符的待核验账号"});
}

/// For whom the account is: who has the number, else somebody new.
Result<PersonId> owner_of(db::Tx& tx, const Context& ctx, const std::string& name, const Code& code, std::string_view language, LocalDate today) {
  auto found = person_by_code(tx, code);
  if (!found && found.error().code == ErrorCode::not_found)
    return register_person(tx, ctx, {LocalizedText(std::map<std::string, std::string>{{std::string(language), name}}), {code}});
  if (!found) return std::unexpected(std::move(found).error());
  const auto& names = found->name.by_language();
  if (std::ranges::none_of(names, [&](const auto& one) { return one.second == name; }))
    return fail(ErrorCode::conflict, {"the register has another name for this number", "登记库中该证件号码对应的姓名不同"}, "/name");
  JX_TRY(held, holdings_of(tx, found->id, today));
  if (!held.empty())
    return fail(ErrorCode::conflict, {"she works in an office: who manages accounts opens hers", "该人员为在岗工作人员，账号由账号管理员开设"});
  JX_TRY(accounts, accounts_of(tx, found->id));
  if (!accounts.empty()) return fail(ErrorCode::conflict, {"she has an account already: its password can be set anew", "该人员已有账号，可重置密码"});
  return found->id;
}

}  // namespace

Result<bool> takes_declarations(db::Tx& tx) {
  JX_TRY(row, tx.one(sql::roles_that_confirm));
  return row.has_value();
}

Result<> check_declaration(db::Tx& tx, const Context& ctx, const NewDeclaration& declared, std::string_view client_address) {
  JX_CHECK(check_username(declared.username));
  JX_CHECK(name_line(declared.name));
  if (auto checked = text::check_code(declared.code); !checked) return std::unexpected(under("/code", std::move(checked).error()));
  if (!is_telephone(declared.telephone))
    return fail(ErrorCode::invalid,
                {"a telephone number is 5 to 15 digits, with + and the country before them or not", "手机号应为5至15位数字，可带“+国家代码”"},
                "/telephone");
  const auto taken = [] { return fail(ErrorCode::conflict, {"this user name is taken", "该用户名已被使用"}, "/username"); };
  const auto owner = account_by_username(tx, declared.username);
  if (owner) return taken();
  if (owner.error().code != ErrorCode::not_found) return std::unexpected(owner.error());
  JX_TRY(waits, tx.one(sql::declaration_one, declared.username));
  if (waits && waits->instant(6) > before(ctx, kept)) return taken();
  JX_TRY(open, tx.one(sql::declarations_open));
  JX_TRY(near, tx.one(sql::declarations_of_network, network_of(client_address), before(ctx, hour)));
  if (open->integer(0) >= declarations_open_max || near->integer(0) >= declarations_an_hour_max)
    return fail(ErrorCode::limited, {"too many accounts were asked for: try again in an hour, or at a service counter",
                                     "申请账号过于频繁，请一小时后再试，或到办事窗口办理"});
  return {};
}

Result<> declare(db::Tx& tx, const Context& ctx, const NewDeclaration& declared, std::string_view client_address, const std::string& password_phc) {
  if (!password_phc.starts_with("$argon2id$")) return fail(ErrorCode::internal, {"the password of a new account is not hashed"});
  JX_CHECK(tx.run(sql::declarations_sweep, before(ctx, kept), swept_at_once));
  JX_CHECK(check_declaration(tx, ctx, declared, client_address));
  JX_TRY(name, name_line(declared.name));
  JX_CHECK(tx.run(sql::declaration_delete, declared.username));  // one whose time is over
  JX_CHECK(tx.run(sql::declaration_insert, declared.username, password_phc, name, declared.code.scheme, declared.code.value, declared.telephone,
                  network_of(client_address), ctx.now()));
  JX_CHECK(ledger::append(tx, ctx, {"account.declared", {}, {{"username", declared.username}}, {}}));
  return {};
}

Result<AccountId> confirm_declaration(db::Tx& tx, const Context& ctx, const Confirmation& seen, std::string_view language, LocalDate today) {
  JX_TRY(row, tx.one(sql::declaration_one, seen.username));
  if (!row || row->instant(6) <= before(ctx, kept)) return none_waits();
  JX_TRY(name, name_line(seen.name));
  if (row->text(2) != name || row->text(3) != seen.code.scheme || row->text(4) != seen.code.value) return none_waits();
  JX_TRY(person, owner_of(tx, ctx, name, seen.code, language, today));
  JX_TRY(account, create_account(tx, ctx, {seen.username, person, {}, row->text(1)}));
  JX_CHECK(tx.run(sql::declaration_delete, seen.username));
  JX_CHECK(ledger::append(
      tx, ctx,
      {"account.confirmed", {ledger::subject("account", account), ledger::subject("person", person)}, {{"unit", ctx.actor.unit.text()}}, {}}));
  return account;
}

}  // namespace jx::identity
