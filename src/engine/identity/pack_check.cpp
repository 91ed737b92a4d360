#include "pack_contents.hpp"
#include "powers.hpp"

#include <jx/identity/certificates.hpp>
#include <jx/text.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace jx::identity {
namespace {

std::string at(std::string_view list, std::size_t index, std::string_view member = {}) {
  return "/" + std::string(list) + "/" + std::to_string(index) + (member.empty() ? "" : "/" + std::string(member));
}

/// One file with what is needed to say where a fault is.
template <class T>
class Checker {
 public:
  Checker(const pack::Pack& pack, std::string_view path, const pack::Decoded<T>& decoded, const pack::Names& names, pack::Findings& findings)
      : file_(*pack.file(path)), decoded_(decoded), names_(names), findings_(findings) {}

  void error(const std::string& pointer, Words words) { findings_.error(file_, decoded_.line_of(pointer), std::move(words)); }
  void advice(const std::string& pointer, Words words) { findings_.advice(file_, decoded_.line_of(pointer), std::move(words)); }
  void must(const std::string& pointer, const Result<>& result) {
    if (!result) error(pointer + result.error().field, result.error().message);
  }
  /// The same, where the result's own field says nothing in this file.
  void must_at(const std::string& pointer, const Result<>& result) {
    if (!result) error(pointer, result.error().message);
  }
  bool require(pack::Kind kind, std::string_view key, const std::string& pointer) {
    return names_.require(kind, key, file_, decoded_.line_of(pointer), findings_);
  }
  template <class Thing>
  void check_validity(const Thing& thing, const std::string& pointer) {
    if (thing.valid_from && thing.valid_to && *thing.valid_to < *thing.valid_from)
      error(pointer + "/valid_to", {"the validity ends before it begins", "有效期的结束早于开始"});
  }

 private:
  const pack::File& file_;
  const pack::Decoded<T>& decoded_;
  const pack::Names& names_;
  pack::Findings& findings_;
};

void check_divisions(Checker<DivisionsFile> check, const DivisionsFile& file) {
  for (std::size_t i = 0; i < file.divisions.size(); ++i) {
    const auto& division = file.divisions[i];
    check.must_at(at("divisions", i, "code"), text::check_code({file.scheme, division.code}));
    check.check_validity(division, at("divisions", i));
    if (!division.parent) continue;
    if (!check.require(pack::Kind::division, *division.parent, at("divisions", i, "parent"))) continue;
    if (file.scheme == "cn.division" &&
        (division.code == *division.parent || !division.code.starts_with(division.parent->substr(0, division.parent->find_last_not_of('0') + 1)))) {
      check.error(at("divisions", i, "parent"), {"the code does not begin with that of its parent", "代码与上级代码不符"});
    }
  }
}

void check_units(Checker<UnitsFile> check, const UnitsFile& file) {
  std::map<UnitId, std::optional<UnitId>> parents;
  for (const auto& unit : file.units) parents[unit.id] = unit.parent;
  std::size_t roots = 0;
  for (std::size_t i = 0; i < file.units.size(); ++i) {
    const auto& unit = file.units[i];
    check.require(pack::Kind::division, unit.division, at("units", i, "division"));
    check.check_validity(unit, at("units", i));
    if (unit.code) check.must(at("units", i, "code"), text::check_code(*unit.code));
    if (!unit.parent) {
      if (++roots > 1)
        check.error(at("units", i), {"only one unit, the government of the jurisdiction, has no parent", "仅本级政府可以没有上级单位"});
      continue;
    }
    if (!check.require(pack::Kind::unit, unit.parent->text(), at("units", i, "parent"))) continue;
    auto above = unit.parent;
    for (std::size_t steps = 0; above && steps <= parents.size(); ++steps) {
      if (*above == unit.id) {
        check.error(at("units", i, "parent"), {"the unit is above itself", "单位的上级关系成环"});
        break;
      }
      const auto next = parents.find(*above);
      above = next == parents.end() ? std::nullopt : next->second;
    }
  }
  if (!file.units.empty() && roots == 0)
    check.error("/units", {"one unit, the government of the jurisdiction, has no parent", "须有一个没有上级的单位，即本级政府"});
}

void check_roles(Checker<RolesFile> check, const std::vector<Role>& roles, const Conditions& conditions) {
  for (std::size_t i = 0; i < roles.size(); ++i) {
    for (std::size_t k = 0; k < roles[i].permissions.size(); ++k) {
      const auto& allowance = roles[i].permissions[k];
      const auto pointer = at("roles", i, "permissions/" + std::to_string(k));
      if (permission(allowance.allow) == nullptr)
        check.error(pointer, {"there is no permission '" + allowance.allow + "'", "没有权限“" + allowance.allow + "”"});
      if (allowance.when) check.must_at(pointer, conditions.check(*allowance.when));
    }
    const auto powers = powers_of(roles[i]);
    if (powers.size() > 1) check.error(at("roles", i), {"a role with two of the three powers", "一个角色不得兼有三权中的两项"});
    if (!powers.empty() && roles[i].given_to != GivenTo::post)
      check.error(at("roles", i), {"one of the three powers is given through posts alone", "三权只能通过岗位授予"});
  }
}

void check_posts(Checker<PostsFile> check, const PostsFile& file, const std::vector<Role>& roles) {
  const PowersOfPosts powers(file.posts, roles);
  const auto given_to_all = [&](const RoleId& id) {
    const auto role = std::ranges::find(roles, id, &Role::id);
    return role != roles.end() && role->given_to != GivenTo::post;
  };
  std::set<UnitId> headed;
  for (std::size_t i = 0; i < file.posts.size(); ++i) {
    const auto& post = file.posts[i];
    check.require(pack::Kind::unit, post.unit.text(), at("posts", i, "unit"));
    if (post.head.value_or(false) && !headed.insert(post.unit).second)
      check.error(at("posts", i, "head"), {"the unit has a head already", "该单位已有负责人岗位"});
    check.check_validity(post, at("posts", i));
    for (std::size_t k = 0; k < post.roles.size(); ++k) {
      const auto pointer = at("posts", i, "roles/" + std::to_string(k));
      if (check.require(pack::Kind::role, post.roles[k].text(), pointer) && given_to_all(post.roles[k])) {
        check.error(pointer, {"this role is given to everybody, not through posts", "该角色面向全体人员，不通过岗位授予"});
      }
    }
    if (powers.of(post.id)->powers.size() > 1) check.error(at("posts", i), {"a post with two of the three powers", "一个岗位不得兼有三权中的两项"});
  }
}

/// How the account is known when it calls: a person by a password, a unit's system by a password or a certificate.
void check_proof(Checker<AccountsFile>& check, const AccountEntry& account, const std::string& pointer) {
  if (account.password) check.must(pointer, check_password(account.username, *account.password));
  if (account.password.has_value() == account.certificate.has_value())
    check.error(pointer, {"an account has either a `password` or a `certificate`", "账号须有 password 或 certificate 其中之一"});
  if (!account.certificate) return;
  if (const auto key = parse_fingerprint(*account.certificate); !key) check.error(pointer + "/certificate", key.error().message);
  if (!account.unit) check.error(pointer + "/certificate", {"certificates are for the systems of units", "证书仅用于部门信息系统账号"});
}

void check_accounts(Checker<AccountsFile> check, const Contents& contents, bool demo) {
  const auto& accounts = contents.accounts->value.accounts;
  const PowersOfPosts powers(contents.posts ? std::span<const Post>(contents.posts->value.posts) : std::span<const Post>(), contents.roles);
  std::map<std::string, std::vector<Holding>> by_person;
  std::set<KeyFingerprint> keys;
  if (!demo)
    check.advice("/accounts", {"passwords in a pack: only for a county's very first accounts; have them changed at once",
                               "配置包内含密码：仅可用于首批账号，须立即修改"});
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    const auto& account = accounts[i];
    check.must(at("accounts", i), check_username(account.username));
    check_proof(check, account, at("accounts", i));
    if (account.certificate) {
      if (const auto key = parse_fingerprint(*account.certificate); key && !keys.insert(*key).second)
        check.error(at("accounts", i, "certificate"), {"this key is that of another account already", "该公钥已用于其他账号"});
    }
    if (account.person.has_value() == account.unit.has_value())
      check.error(at("accounts", i), {"an account has either a `person` or a `unit`", "账号须有 person 或 unit 其中之一"});
    if (account.person) check.require(pack::Kind::person, *account.person, at("accounts", i, "person"));
    if (account.unit) check.require(pack::Kind::unit, account.unit->text(), at("accounts", i, "unit"));
    const auto held = account.posts.value_or(std::vector<HeldEntry>{});
    for (std::size_t k = 0; k < held.size(); ++k) {
      const auto pointer = at("accounts", i, "posts/" + std::to_string(k));
      check.check_validity(held[k], pointer);
      if (!check.require(pack::Kind::post, held[k].post.text(), pointer + "/post")) continue;
      if (held[k].stand_in_for) {
        check.require(pack::Kind::person, *held[k].stand_in_for, pointer + "/stand_in_for");
        if (!held[k].valid_to) check.error(pointer, {"a stand-in needs a last day: `valid_to`", "代理须有结束日期 valid_to"});
        if (held[k].stand_in_for == account.person || account.unit)
          check.error(pointer + "/stand_in_for", {"a person stands in for another person", "代理须为一人代另一人"});
      }
      const auto* entry = powers.of(held[k].post);
      if (account.unit && entry != nullptr && !entry->powers.empty())
        check.error(pointer, {"a machine may not hold a post with one of the three powers", "系统账号不得担任拥有三权之一的岗位"});
      if (!account.person) continue;
      auto& all = by_person[*account.person];
      all.push_back({{}, {}, {}, held[k].post, {}, held[k].valid()});
      if (const auto conflict = powers.conflict(all)) {
        check.error(pointer, two_powers(*conflict).error().message);
        all.pop_back();
      }
    }
  }
}

void check_party(Checker<MandatesFile>& check, const PartyEntry& party, const std::string& pointer, bool firm_allowed) {
  if (party.person.has_value() == party.firm.has_value()) check.error(pointer, {"write {person: …} or {firm: …}", "应写 {person: …} 或 {firm: …}"});
  if (party.person) check.require(pack::Kind::person, *party.person, pointer + "/person");
  if (party.firm && firm_allowed) check.require(pack::Kind::firm, *party.firm, pointer + "/firm");
  if (party.firm && !firm_allowed) check.error(pointer + "/firm", {"a mandate is given to a person", "受托人须为自然人"});
}

void check_mandates(Checker<MandatesFile> check, const MandatesFile& file) {
  for (std::size_t i = 0; i < file.mandates.size(); ++i) {
    const auto& mandate = file.mandates[i];
    check_party(check, mandate.from, at("mandates", i, "from"), true);
    check_party(check, mandate.to, at("mandates", i, "to"), false);
    check.check_validity(mandate, at("mandates", i));
    if (mandate.from.person && mandate.from.person == mandate.to.person)
      check.error(at("mandates", i, "to"), {"nobody needs a mandate to act for herself", "无须授权自己"});
    const auto items = items_of(mandate);
    if (!items) {
      check.error(at("mandates", i) + items.error().field, items.error().message);
      continue;
    }
    for (std::size_t k = 0; k < items->size(); ++k)
      check.require(pack::Kind::item, (*items)[k].text(), at("mandates", i, "items/" + std::to_string(k)));
  }
}

void check_parties(const pack::File& file, const std::vector<CsvParty>& parties, const pack::Names& names, pack::Findings& findings) {
  std::map<Code, int> codes;
  for (const auto& party : parties) {
    if (auto key = check_key(party.key); !key) findings.error(file, party.line, key.error().message);
    for (const auto* name : {&party.name, &party.name_en}) {
      if (name == &party.name_en && name->empty()) continue;
      if (auto line = text::clean_line(*name, name_bytes_max); !line) findings.error(file, party.line, line.error().message);
    }
    if (!party.representative.empty()) names.require(pack::Kind::person, party.representative, file, party.line, findings);
    if (party.codes.size() > codes_max) findings.error(file, party.line, {"too many codes", "证件号码过多"});
    std::set<std::string> schemes;
    for (std::size_t i = 0; i < party.codes.size(); ++i) {
      const auto& code = party.codes[i];
      const int line = party.code_lines[i];
      if (auto checked = text::check_code(code); !checked) findings.error(file, line, checked.error().message);
      if (!schemes.insert(code.scheme).second) findings.error(file, line, {"two codes of one scheme", "同一类证件重复"});
      const auto [first, added] = codes.emplace(code, line);
      if (!added)
        findings.error(
            file, line,
            {"this code stands on line " + std::to_string(first->second) + " already", "该号码与第" + std::to_string(first->second) + "行重复"});
    }
  }
}

}  // namespace

void check_contents(const pack::Pack& pack, const Contents& contents, const pack::Names& names, const Conditions& conditions,
                    pack::Findings& findings) {
  if (contents.divisions) check_divisions({pack, "divisions.yaml", *contents.divisions, names, findings}, contents.divisions->value);
  if (contents.units) check_units({pack, "units.yaml", *contents.units, names, findings}, contents.units->value);
  if (contents.roles_file && contents.roles.size() == contents.roles_file->value.roles.size()) {
    check_roles({pack, "roles.yaml", *contents.roles_file, names, findings}, contents.roles, conditions);
  }
  if (contents.posts) check_posts({pack, "posts.yaml", *contents.posts, names, findings}, contents.posts->value, contents.roles);
  if (contents.accounts) check_accounts({pack, "accounts.yaml", *contents.accounts, names, findings}, contents, pack.manifest().demo.value_or(false));
  if (contents.mandates) check_mandates({pack, "mandates.yaml", *contents.mandates, names, findings}, contents.mandates->value);
  if (const auto* file = pack.file("people.csv")) check_parties(*file, contents.people, names, findings);
  if (const auto* file = pack.file("firms.csv")) check_parties(*file, contents.firms, names, findings);
}

}  // namespace jx::identity
