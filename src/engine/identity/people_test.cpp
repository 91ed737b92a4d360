#include "identity_testing.hpp"

#include <jx/ledger.hpp>

namespace jx::identity {
namespace {

LocalDate on(const char* text) { return *LocalDate::parse(text); }
const ItemId restaurant = ItemId::trusted("open-restaurant");

class People : public InSmallCounty {
 protected:
  Result<Authority> right(const char* username, const Principal& principal, const ItemId& item, const char* day) {
    const auto who = account_named(username).person;
    return read([&](db::Tx& tx) { return authority(tx, who, principal, item, on(day)); });
  }
  PersonId person_with(const char* scheme, const char* value) {
    return read([&](db::Tx& tx) { return person_by_code(tx, {scheme, value}); })->id;
  }
};

TEST_P(People, are_found_by_any_of_their_codes) {
  const auto li = read([](db::Tx& tx) { return person_by_code(tx, {"cn.citizen-id", "332021199407180586"}); });
  ASSERT_TRUE(li);
  EXPECT_EQ(li->name.in("zh-CN"), "李娜");
  EXPECT_EQ(li->name.in("en"), "Li Na");
  EXPECT_EQ(li->codes.size(), 2U);
  EXPECT_EQ(li->code("x.staff")->value, "3");
  EXPECT_EQ(li->code("nothing"), nullptr);
  EXPECT_EQ(read([](db::Tx& tx) { return person_by_code(tx, {"cn.citizen-id", "11010519491231002X"}); }).error().code, ErrorCode::not_found);
}

TEST_P(People, register_with_right_codes_that_are_nobody_elses) {
  const auto add = [&](std::vector<Code> codes, std::map<std::string, std::string> name) {
    return write([&](db::Tx& tx) { return register_person(tx, context(), {LocalizedText(name), codes}); });
  };
  EXPECT_TRUE(add({{"cn.citizen-id", "11010519491231002X"}}, {{"zh-CN", "  赵  六 "}}));
  EXPECT_EQ(add({{"cn.citizen-id", "11010519491231002X"}}, {{"zh-CN", "赵六"}}).error().code, ErrorCode::conflict);
  EXPECT_EQ(add({{"x.staff", "9"}, {"cn.citizen-id", "110105194912310021"}}, {{"zh-CN", "赵六"}}).error().field, "/codes/1/value");
  EXPECT_EQ(add({{"x.staff", "9"}}, {{"zh-CN", "a\nb"}}).error().field, "/name/zh-CN");
  EXPECT_EQ(add({}, {{"zh-CN", "赵六"}}).error().field, "/codes");
  EXPECT_EQ(add({{"x.staff", "9"}, {"x.staff", "8"}}, {{"zh-CN", "赵六"}}).error().field, "/codes/1/scheme");
  EXPECT_EQ(read([](db::Tx& tx) { return person_by_code(tx, {"cn.citizen-id", "11010519491231002X"}); })->name.in("zh"), "赵 六");
}

TEST_P(People, act_for_themselves_and_for_firms_that_they_represent) {
  const auto firm_id = noodles();
  EXPECT_EQ(right("wang.fang", Principal(account_named("wang.fang").person), restaurant, "2026-03-02")->kind, Authority::Kind::self);
  EXPECT_EQ(right("wang.fang", Principal(firm_id), restaurant, "2026-03-02")->kind, Authority::Kind::representative);
  EXPECT_FALSE(right("wang.fang", Principal(firm_id), restaurant, "2024-02-29"));  // not yet founded
  EXPECT_FALSE(right("zhang.wei", Principal(firm_id), restaurant, "2026-03-02"));
  EXPECT_FALSE(right("wang.fang", Principal(account_named("zhang.wei").person), restaurant, "2026-03-02"));
}

TEST_P(People, act_by_mandate_for_its_items_and_time) {
  const auto li = person_with("x.staff", "3");
  const auto by = [&](const char* item, const char* day) {
    return read([&](db::Tx& tx) { return authority(tx, li, Principal(noodles()), ItemId::trusted(item), on(day)); });
  };
  EXPECT_EQ(by("open-restaurant", "2026-03-02")->kind, Authority::Kind::mandate);
  EXPECT_FALSE(by("open-restaurant", "2027-01-01"));
  EXPECT_EQ(by("open-shop", "2026-03-02").error().code, ErrorCode::forbidden);
  const auto list = read([&](db::Tx& tx) { return represented(tx, li, on("2026-03-02")); });
  ASSERT_EQ(list->size(), 1U);
  EXPECT_EQ((*list)[0].name.in("en"), "Xikou Noodles");
  EXPECT_EQ((*list)[0].items, std::vector<ItemId>{restaurant});
}

TEST_P(People, give_mandates_only_over_what_is_theirs_and_do_not_pass_them_on) {
  const auto wang = actor_named("wang.fang");
  const auto zhang = actor_named("zhang.wei");
  const auto chen = actor_named("chen.jie");
  const auto li = person_with("x.staff", "3");
  const auto give = [&](const Actor& by, const Principal& from, const PersonId& to) {
    return write([&](db::Tx& tx) {
      return give_mandate(tx, context(by), {from, to, {}, LocalizedText({{"zh-CN", "委托书"}, {"en", "x"}}), {on("2026-01-01"), on("2026-12-31")}},
                          on("2026-03-02"), false);
    });
  };
  const auto mine = give(wang, Principal(wang.person), zhang.person);
  ASSERT_TRUE(mine) << mine.error().text();
  EXPECT_TRUE(right("zhang.wei", Principal(wang.person), restaurant, "2026-03-02"));
  EXPECT_EQ(give(zhang, Principal(wang.person), li).error().code, ErrorCode::forbidden);  // a mandate is not passed on
  EXPECT_EQ(give(zhang, Principal(noodles()), li).error().code, ErrorCode::forbidden);
  EXPECT_EQ(give(wang, Principal(wang.person), wang.person).error().field, "/to");
  EXPECT_TRUE(give(wang, Principal(noodles()), zhang.person));
  EXPECT_EQ(write([&](db::Tx& tx) { return revoke_mandate(tx, context(chen), *mine, on("2026-03-02"), false); }).error().code, ErrorCode::forbidden);
  EXPECT_TRUE(write([&](db::Tx& tx) { return revoke_mandate(tx, context(zhang), *mine, on("2026-03-02"), false); }));  // laid down
  EXPECT_FALSE(right("zhang.wei", Principal(wang.person), restaurant, "2026-03-02"));
  EXPECT_EQ(write([&](db::Tx& tx) { return revoke_mandate(tx, context(wang), *mine, on("2026-03-02"), false); }).error().code, ErrorCode::conflict);
}

TEST_P(People, follow_one_another_as_representatives) {
  const auto firm_id = noodles();
  const auto zhang = account_named("zhang.wei").person;
  ASSERT_TRUE(write([&](db::Tx& tx) { return set_representative(tx, context(), firm_id, zhang, on("2026-05-01")); }));
  EXPECT_TRUE(right("wang.fang", Principal(firm_id), restaurant, "2026-04-30"));
  EXPECT_FALSE(right("wang.fang", Principal(firm_id), restaurant, "2026-05-01"));
  EXPECT_TRUE(right("zhang.wei", Principal(firm_id), restaurant, "2026-05-01"));
}

TEST_P(People, do_not_act_for_a_firm_that_is_dissolved) {
  auto files = small_county();
  files["firms.csv"].replace(files["firms.csv"].find("2024-03-01,\n"), 12, "2024-03-01,2026-02-28\n");
  ASSERT_TRUE(apply(files));
  EXPECT_FALSE(right("wang.fang", Principal(noodles()), restaurant, "2026-03-02"));
  EXPECT_TRUE(right("wang.fang", Principal(noodles()), restaurant, "2026-02-28"));
}

TEST_P(People, keep_firms_and_codes_apart) {
  const auto id = write([&](db::Tx& tx) {
    return register_firm(tx, context(),
                         {LocalizedText({{"zh-CN", "新店"}, {"en", "New"}}),
                          {{"cn.credit-code", "91350100M000100Y43"}},
                          on("2026-01-01"),
                          account_named("zhang.wei").person});
  });
  ASSERT_TRUE(id) << id.error().text();
  const auto found = read([&](db::Tx& tx) { return firm(tx, *id); });
  EXPECT_EQ(found->code("cn.credit-code")->value, "91350100M000100Y43");
  EXPECT_EQ(found->founded_on, on("2026-01-01"));
  EXPECT_TRUE(right("zhang.wei", Principal(*id), restaurant, "2026-03-02"));
  EXPECT_EQ(read([&](db::Tx& tx) { return firm(tx, FirmId::make(clock_, random_)); }).error().code, ErrorCode::not_found);
}

TEST_P(People, work_in_units_within_units) {
  const auto inside = [&](const char* inner, const char* outer) {
    return *read([&](db::Tx& tx) { return within(tx, UnitId::trusted(inner), UnitId::trusted(outer)); });
  };
  EXPECT_TRUE(inside("fire/xikou", "fire"));
  EXPECT_TRUE(inside("fire/xikou", "small"));
  EXPECT_TRUE(inside("fire", "fire"));
  EXPECT_FALSE(inside("fire", "fire/xikou"));
  EXPECT_FALSE(inside("market", "fire"));
  EXPECT_EQ(read([](db::Tx& tx) { return units(tx); })->size(), 4U);
  EXPECT_EQ(read([](db::Tx& tx) { return division(tx, "332021100"); })->scheme, "cn.division");
}

JX_ON_BOTH(People);

}  // namespace
}  // namespace jx::identity
