// identity_testing.hpp - a small county for the tests of this module.
#pragma once
#include <jx/db/testing.hpp>
#include <jx/identity.hpp>
#include <jx/identity/sql.hpp>
#include <jx/ledger/sql.hpp>
#include <jx/pack/sql.hpp>

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

namespace jx::identity {

inline const std::map<std::string, std::string>& small_county() {
  static const std::map<std::string, std::string> files{
      {"pack.yaml",
       "key: small\nname: {zh-CN: 小县, en: Small County}\nversion: '1'\nlanguages: [zh-CN, en]\nzone: Asia/Shanghai\ncalendar: cn\ndemo: true\n"},
      {"divisions.yaml",
       "scheme: cn.division\nedition: 2026-01-01\ndivisions:\n  - {code: '332021', level: county, name: {zh-CN: 小县, en: Small County}}\n"
       "  - {code: '332021100', level: township, name: {zh-CN: 溪口镇, en: Xikou}, parent: '332021'}\n"},
      {"units.yaml",
       "units:\n  - {id: small, name: {zh-CN: 小县, en: Small County}, level: county, division: '332021'}\n"
       "  - {id: market, name: {zh-CN: 市监, en: Market}, level: county, division: '332021', parent: small}\n"
       "  - {id: fire, name: {zh-CN: 消防, en: Fire}, level: county, division: '332021', parent: small}\n"
       "  - {id: fire/xikou, name: {zh-CN: 溪口消防, en: Xikou Fire}, level: township, division: '332021100', parent: fire}\n"},
      {"roles.yaml",
       "roles:\n  - {id: clerk, name: {zh-CN: 经办, en: Clerk}, permissions: [cases.read, {allow: cases.handle, when: object.unit = actor.unit}]}\n"
       "  - {id: configurator, name: {zh-CN: 配置, en: Configurator}, permissions: [pack.apply]}\n"
       "  - {id: officer, name: {zh-CN: 授权, en: Officer}, permissions: [rights.grant, accounts.manage]}\n"
       "  - {id: auditor, name: {zh-CN: 审计, en: Auditor}, permissions: [audit.read]}\n"
       "  - {id: resident, name: {zh-CN: 群众, en: Resident}, given_to: person, permissions: [services.apply]}\n"
       "  - {id: visitor, name: {zh-CN: 访客, en: Visitor}, given_to: anyone, permissions: [catalogue.read]}\n"},
      {"posts.yaml",
       "posts:\n  - {id: market/clerk, unit: market, name: {zh-CN: 岗, en: Market clerk}, roles: [clerk]}\n"
       "  - {id: fire/clerk, unit: fire, name: {zh-CN: 岗, en: Fire clerk}, roles: [clerk]}\n"
       "  - {id: configurator, unit: small, name: {zh-CN: 岗, en: Configurator}, roles: [configurator]}\n"
       "  - {id: officer, unit: small, name: {zh-CN: 岗, en: Officer}, roles: [officer]}\n"
       "  - {id: auditor, unit: small, name: {zh-CN: 岗, en: Auditor}, roles: [auditor]}\n"
       "  - {id: fire/interface, unit: fire, name: {zh-CN: 岗, en: Interface}, roles: []}\n"},
      {"people.csv",
       "key,name,name_en,code_scheme,code\nwang-fang,王芳,Wang Fang,cn.citizen-id,332021198803050025\nzhang-wei,张伟,Zhang Wei,x.staff,1\n"
       "chen-jie,陈杰,Chen Jie,x.staff,2\nli-na,李娜,Li Na,x.staff,3\nli-na,李娜,Li Na,cn.citizen-id,332021199407180586\n"},
      {"firms.csv",
       "key,name,name_en,code_scheme,code,representative,founded_on,dissolved_on\nnoodles,溪口面馆,Xikou "
       "Noodles,cn.credit-code,92332021MA0000001D,wang-fang,2024-03-01,\n"},
      {"mandates.yaml",
       "mandates:\n  - {id: m1, from: {firm: noodles}, to: {person: li-na}, items: [open-restaurant], basis: {zh-CN: 委托书, en: Power of attorney}, "
       "valid_from: 2026-01-01, valid_to: 2026-12-31}\n"},
      {"accounts.yaml",
       "accounts:\n  - {username: wang.fang, person: wang-fang, password: a long password}\n"
       "  - {username: zhang.wei, person: zhang-wei, password: a long password, posts: [{post: market/clerk}, {post: fire/clerk, stand_in_for: "
       "chen-jie, valid_from: 2026-08-01, valid_to: 2026-08-31}]}\n"
       "  - {username: chen.jie, person: chen-jie, password: a long password, posts: [{post: fire/clerk, valid_from: 2020-01-01}]}\n"
       "  - {username: fire-system, unit: fire, password: a long password, posts: [{post: fire/interface}]}\n"},
  };
  return files;
}

/// A database with the small county in it, at noon of 2026-03-02 in Asia/Shanghai.
class InSmallCounty : public db::OnBoth {
 protected:
  [[nodiscard]] std::vector<const db::SqlBundle*> bundles() const override { return {&ledger::sql_bundle(), &pack::sql_bundle(), &sql_bundle()}; }

  template <class F>
  auto write(F&& f) {
    return db().write(no_deadline, std::forward<F>(f));
  }
  template <class F>
  auto read(F&& f) {
    return db().read(no_deadline, std::forward<F>(f));
  }

  void SetUp() override {
    db::OnBoth::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    const auto applied = apply(small_county());
    ASSERT_TRUE(applied) << applied.error().text();
    for (const auto* name : {"wang.fang", "zhang.wei", "chen.jie", "fire-system"}) accounts_[name] = account_now(name);
    noodles_ = read([](db::Tx& tx) { return firm_by_code(tx, {"cn.credit-code", "92332021MA0000001D"}); })->id;
  }

  [[nodiscard]] Context context(Actor actor = {Actor::Kind::system, {}, {}, {}, {}}) {
    return {std::move(actor), no_deadline, {}, clock_, random_, "en"};
  }

  Result<> apply(const std::map<std::string, std::string>& files, Actor actor = {Actor::Kind::system, {}, {}, {}, {}}) {
    const auto pack = pack::Pack::of(files);
    if (!pack) return std::unexpected(pack.error());
    return write([&](db::Tx& tx) { return part_->apply(tx, context(actor), *pack); });
  }

  /// As it was when the pack had been applied.
  [[nodiscard]] Account account_named(const std::string& username) { return accounts_.at(username); }
  /// As it is now.
  [[nodiscard]] Account account_now(const std::string& username) {
    return *read([&](db::Tx& tx) { return account_by_username(tx, username); });
  }
  [[nodiscard]] Actor actor_named(const std::string& username, const char* post = nullptr) {
    const auto account = account_named(username);
    Actor actor{account.kind, account.id, account.person, {}, account.unit};
    if (post != nullptr) {
      actor.post = PostId::trusted(post);
      const auto held = read([&](db::Tx& tx) { return identity::post(tx, actor.post); });
      EXPECT_TRUE(held);
      if (held) actor.unit = held->unit;
    }
    return actor;
  }
  [[nodiscard]] FirmId noodles() const { return noodles_; }

  VirtualClock clock_{*Instant::parse("2026-03-02T04:00:00Z")};
  SeededRandom random_{1};
  std::unique_ptr<Conditions> conditions_ = feel_conditions();
  std::unique_ptr<pack::Part> part_ = pack_part(*conditions_);
  Access access_{*conditions_};
  std::map<std::string, Account> accounts_;
  FirmId noodles_;
};

}  // namespace jx::identity
