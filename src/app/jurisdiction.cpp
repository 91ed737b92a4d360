#include "jurisdiction.hpp"

#include <jx/pack/calendars.hpp>
#include <jx/wire/yaml.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <map>

namespace jx::app {
namespace {

/// username -> its object in accounts.yaml, whose form identity owns and has checked.
Result<std::map<std::string, boost::json::object>> accounts_of(const pack::Pack& pack) {
  std::map<std::string, boost::json::object> found;
  const auto* file = pack.file("accounts.yaml");
  if (file == nullptr) return found;
  JX_TRY(document, wire::parse_yaml(file->text));
  for (const auto& account : document.value().at("accounts").as_array()) {
    found.emplace(std::string(account.at("username").as_string()), account.as_object());
  }
  return found;
}

Result<std::vector<api::DemoAccount>> demo_accounts(db::Tx& tx, const pack::Pack& pack) {
  std::vector<api::DemoAccount> list;
  const auto& manifest = pack.manifest();
  if (!manifest.demo.value_or(false) || !manifest.demo_accounts) return list;
  JX_TRY(accounts, accounts_of(pack));
  for (const auto& shown : *manifest.demo_accounts) {
    const auto account = accounts.find(shown.username);
    if (account == accounts.end()) continue;
    JX_TRY(known, identity::account_by_username(tx, shown.username));
    JX_TRY(person, identity::person(tx, known.person));
    const auto* password = account->second.if_contains("password");
    list.push_back(
        {shown.username, password != nullptr ? std::string(password->as_string()) : "", person.name, shown.about, account->second.contains("posts")});
  }
  return list;
}

}  // namespace

Result<std::shared_ptr<const api::Jurisdiction>> load_jurisdiction(db::Tx& tx) {
  JX_TRY(applied, pack::current(tx));
  if (!applied)
    return fail(ErrorCode::not_found, {"no pack is applied: run `junxian pack apply DIR` first", "尚未应用配置包：请先运行 junxian pack apply DIR"});
  JX_TRY(pack, pack::load(tx, applied->hash));
  JX_TRY(calendar, pack::calendar_of(pack, pack.manifest().calendar));
  JX_TRY(zone, calendar::Zone::open(pack.manifest().zone));
  JX_TRY(accounts, demo_accounts(tx, pack));
  JX_TRY(counter, services::counter_of(pack));
  return std::make_shared<const api::Jurisdiction>(api::Jurisdiction{pack.manifest(), applied->hash, std::move(zone),
                                                                     std::make_shared<const calendar::Calendar>(std::move(calendar)),
                                                                     std::move(accounts), std::move(counter)});
}

}  // namespace jx::app
