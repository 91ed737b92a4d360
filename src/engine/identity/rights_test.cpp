#include "identity_testing.hpp"
#include "powers.hpp"

#include <jx/ledger.hpp>

#include <algorithm>

namespace jx::identity {
namespace {

LocalDate on(const char* text) { return *LocalDate::parse(text); }
PostId post_key(const char* text) { return PostId::trusted(text); }

class Rights : public InSmallCounty {
 protected:
  Result<HoldingId> grant(const PersonId& person, const char* post, Period valid, std::optional<PersonId> stand_in_for = {},
                          Actor by = {Actor::Kind::system, {}, {}, {}, {}}) {
    return write([&](db::Tx& tx) { return grant_post(tx, context(by), {person, {}, post_key(post), stand_in_for, valid}); });
  }
  std::vector<Holding> held(const char* username, const char* day) {
    return *read([&](db::Tx& tx) { return holdings_of(tx, account_named(username).person, on(day)); });
  }
};

TEST_P(Rights, of_a_person_are_those_of_the_day) {
  EXPECT_EQ(held("zhang.wei", "2026-03-02").size(), 1U);
  const auto august = held("zhang.wei", "2026-08-15");
  ASSERT_EQ(august.size(), 2U);
  EXPECT_FALSE(august[0].stand_in_for);
  EXPECT_EQ(august[1].stand_in_for, account_named("chen.jie").person);
  EXPECT_EQ(held("zhang.wei", "2026-09-01").size(), 1U);
  EXPECT_EQ(read([&](db::Tx& tx) { return holders_of(tx, post_key("fire/clerk"), on("2026-08-15")); })->size(), 2U);
}

TEST_P(Rights, end_and_stay_on_record) {
  const auto person = account_named("wang.fang").person;
  const auto id = grant(person, "fire/clerk", {on("2026-03-01"), for_ever});
  ASSERT_TRUE(id) << id.error().text();
  EXPECT_EQ(held("wang.fang", "2026-05-01").size(), 1U);
  EXPECT_TRUE(write([&](db::Tx& tx) { return end_post(tx, context(), *id, on("2026-04-30")); }));
  EXPECT_EQ(held("wang.fang", "2026-04-30").size(), 1U);
  EXPECT_EQ(held("wang.fang", "2026-05-01").size(), 0U);
  EXPECT_EQ(write([&](db::Tx& tx) { return end_post(tx, context(), *id, on("2026-05-30")); }).error().code, ErrorCode::invalid);
  EXPECT_TRUE(write([&](db::Tx& tx) { return end_post(tx, context(), *id, on("2020-01-01")); }));  // as if never held
  EXPECT_EQ(held("wang.fang", "2026-03-01").size(), 0U);
  const auto entries = read([&](db::Tx& tx) { return ledger::about(tx, ledger::subject("holding", *id), {}, 10); });
  ASSERT_EQ(entries->size(), 3U);
  EXPECT_EQ((*entries)[0].kind, "right.granted");
  EXPECT_EQ((*entries)[2].kind, "right.ended");
}

TEST_P(Rights, are_not_given_to_oneself) {
  const auto officer = actor_named("wang.fang", "officer");
  EXPECT_EQ(grant(officer.person, "fire/clerk", {}, {}, officer).error().code, ErrorCode::forbidden);
  EXPECT_TRUE(grant(account_named("zhang.wei").person, "auditor", {}, {}, officer));
  const auto own = held("zhang.wei", "2026-03-02").front();
  EXPECT_EQ(write([&](db::Tx& tx) { return end_post(tx, context(actor_named("zhang.wei")), own.id, on("2026-03-02")); }).error().code,
            ErrorCode::forbidden);
}

TEST_P(Rights, refuse_two_of_the_three_powers_at_one_time) {
  const auto person = account_named("wang.fang").person;
  ASSERT_TRUE(grant(person, "auditor", {on("2026-01-01"), on("2026-06-30")}));
  const auto refused = grant(person, "configurator", {on("2026-06-30"), for_ever});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
  EXPECT_NE(refused.error().message.en.find("auditing (auditor) and configuring (configurator)"), std::string::npos) << refused.error().text();
  EXPECT_TRUE(grant(person, "configurator", {on("2026-07-01"), for_ever}));
  EXPECT_FALSE(grant(person, "officer", {on("2026-12-01"), on("2026-12-01")}));
  EXPECT_TRUE(read([](db::Tx& tx) { return check_powers(tx); }));
}

TEST_P(Rights, refuse_a_second_power_through_a_stand_in) {
  const auto wang = account_named("wang.fang").person;
  const auto chen = account_named("chen.jie").person;
  ASSERT_TRUE(grant(wang, "auditor", {}));
  ASSERT_TRUE(grant(chen, "officer", {}));
  EXPECT_EQ(grant(wang, "officer", {on("2026-08-01"), on("2026-08-31")}, chen).error().code, ErrorCode::conflict);
  EXPECT_TRUE(grant(account_named("zhang.wei").person, "officer", {on("2026-08-01"), on("2026-08-31")}, chen));
}

TEST_P(Rights, of_a_stand_in_need_an_end_and_somebody_who_holds_the_post) {
  const auto wang = account_named("wang.fang").person;
  const auto chen = account_named("chen.jie").person;
  EXPECT_EQ(grant(wang, "fire/clerk", {on("2026-08-01"), for_ever}, chen).error().field, "/valid/to");
  EXPECT_EQ(grant(wang, "market/clerk", {on("2026-08-01"), on("2026-08-31")}, chen).error().field, "/stand_in_for");
  EXPECT_EQ(grant(chen, "fire/clerk", {on("2026-08-01"), on("2026-08-31")}, chen).error().code, ErrorCode::invalid);
  EXPECT_FALSE(grant(wang, "fire/clerk", {on("2019-08-01"), on("2026-08-31")}, chen));
  EXPECT_EQ(grant(wang, "no/post", {}).error().code, ErrorCode::not_found);
  EXPECT_EQ(grant(wang, "fire/clerk", {on("2026-08-02"), on("2026-08-01")}).error().field, "/valid/to");
  EXPECT_EQ(grant(chen, "fire/clerk", {on("2026-08-02"), on("2026-08-03")}).error().code, ErrorCode::conflict);  // she holds it already
}

TEST_P(Rights, of_a_stand_in_end_with_those_of_the_one_stood_in_for) {
  const auto own = read([&](db::Tx& tx) { return holders_of(tx, post_key("fire/clerk"), on("2026-03-02")); })->front();
  ASSERT_TRUE(write([&](db::Tx& tx) { return end_post(tx, context(), own.id, on("2026-08-10")); }));
  EXPECT_EQ(held("zhang.wei", "2026-08-10").size(), 2U);
  EXPECT_EQ(held("zhang.wei", "2026-08-11").size(), 1U);
}

TEST_P(Rights, are_not_borrowed_through_anothers_password) {
  const auto wang = account_named("wang.fang");
  const std::string phc = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA";
  const auto set_by = [&](const Actor& actor) { return write([&](db::Tx& tx) { return set_password(tx, context(actor), wang.id, phc); }); };
  EXPECT_TRUE(set_by(actor_named("chen.jie", "officer")));
  ASSERT_TRUE(grant(wang.person, "auditor", {on("2027-01-01"), for_ever}));
  EXPECT_EQ(set_by(actor_named("chen.jie", "officer")).error().code, ErrorCode::forbidden);
  EXPECT_TRUE(set_by(actor_named("wang.fang")));
  EXPECT_TRUE(set_by({Actor::Kind::system, {}, {}, {}, {}}));
  const auto officer = actor_named("chen.jie", "officer");
  EXPECT_EQ(write([&](db::Tx& tx) { return create_account(tx, context(officer), {"wang.second", wang.person, {}, phc}); }).error().code,
            ErrorCode::forbidden);
}

TEST_P(Rights, of_power_are_not_given_by_who_once_set_the_password) {
  const auto wang = account_named("wang.fang");
  const auto officer = actor_named("chen.jie", "officer");
  const std::string phc = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA";
  ASSERT_TRUE(write([&](db::Tx& tx) { return set_one_time_password(tx, context(officer), wang.id, phc, clock_.now() + Micros{1'000'000}, "lost"); }));
  ASSERT_TRUE(write([&](db::Tx& tx) { return set_password(tx, context(actor_named("wang.fang")), wang.id, phc); }));  // or was it she?
  const auto refused = grant(wang.person, "auditor", {on("2027-01-01"), for_ever}, {}, officer);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::forbidden);
  EXPECT_TRUE(grant(wang.person, "fire/clerk", {on("2027-01-01"), for_ever}, {}, officer));
  EXPECT_TRUE(grant(wang.person, "auditor", {on("2027-01-01"), for_ever}));
}

TEST_P(Rights, give_a_machine_no_power) {
  const auto machine = account_named("fire-system").id;
  const auto grant_machine = [&](const char* post) {
    return write([&](db::Tx& tx) { return grant_post(tx, context(), {{}, machine, post_key(post), {}, {}}); });
  };
  EXPECT_EQ(grant_machine("auditor").error().code, ErrorCode::conflict);
  EXPECT_TRUE(grant_machine("fire/clerk"));
  EXPECT_EQ(read([&](db::Tx& tx) { return holdings_of_machine(tx, machine, on("2026-03-02")); })->size(), 2U);
}

/// Whatever is asked for in whatever order, nobody ever holds two powers on any day, and what was refused would have made it so.
TEST_P(Rights, never_give_one_person_two_powers_on_any_day) {
  const char* posts[] = {"auditor", "officer", "configurator", "market/clerk", "fire/clerk"};
  const Power powers[] = {Power::audit, Power::grant_rights, Power::configure, Power::none, Power::none};
  const PersonId people[] = {account_named("wang.fang").person, account_named("zhang.wei").person, account_named("chen.jie").person};
  const auto first_day = on("2027-01-01");
  std::array<std::array<Power, 40>, 3> on_day{};
  std::uint32_t state = 12345;
  const auto next = [&](std::uint32_t below) { return static_cast<int>((state = state * 1664525U + 1013904223U) >> 8U) % static_cast<int>(below); };
  int given = 0;
  int refused = 0;
  for (int i = 0; i < 150; ++i) {
    const auto who = static_cast<std::size_t>(next(3));
    const auto what = static_cast<std::size_t>(next(5));
    const int begin = next(36);
    const int end = begin + next(4);
    const Period valid{first_day + begin, first_day + end};
    bool clash = false;
    for (int day = begin; day <= end; ++day) {
      const auto held_power = on_day[who][static_cast<std::size_t>(day)];
      clash |= powers[what] != Power::none && held_power != Power::none && held_power != powers[what];
    }
    std::optional<PersonId> stand_in_for;
    if (next(3) == 0) {
      const auto other = people[static_cast<std::size_t>(next(3))];
      const auto others = read([&](db::Tx& tx) { return holders_of(tx, post_key(posts[what]), valid.from); });
      const bool holds = std::ranges::any_of(
          *others, [&](const Holding& holding) { return holding.person == other && !holding.stand_in_for && holding.valid.to >= valid.to; });
      if (holds && other != people[who]) stand_in_for = other;
    }
    const auto answer = grant(people[who], posts[what], valid, stand_in_for);
    if (clash) {
      EXPECT_FALSE(answer);
      ++refused;
    }
    if (!answer) continue;
    ++given;
    if (powers[what] == Power::none) continue;
    for (int day = begin; day <= end; ++day) on_day[who][static_cast<std::size_t>(day)] = powers[what];
  }
  EXPECT_GT(given, 30);
  EXPECT_GT(refused, 20);
  EXPECT_TRUE(read([](db::Tx& tx) { return check_powers(tx); }));
}

TEST_P(Rights, refuse_a_pack_that_gives_a_second_power_to_who_holds_one) {
  ASSERT_TRUE(grant(account_named("wang.fang").person, "auditor", {}));
  ASSERT_TRUE(grant(account_named("wang.fang").person, "market/clerk", {}));
  auto files = small_county();
  auto& roles = files["roles.yaml"];
  roles.replace(roles.find("[cases.read,"), 12, "[cases.read, pack.apply,");
  const auto refused = apply(files);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
  EXPECT_EQ(read([](db::Tx& tx) { return role(tx, RoleId::trusted("clerk")); })->permissions.size(), 2U);  // nothing was written
}

TEST_P(Rights, are_not_widened_by_the_pack_that_one_applies_oneself) {
  ASSERT_TRUE(grant(account_named("wang.fang").person, "configurator", {}));
  auto files = small_county();
  auto& roles = files["roles.yaml"];
  roles.replace(roles.find("[pack.apply]"), 12, "[pack.apply, cases.read]");
  EXPECT_EQ(apply(files, actor_named("wang.fang", "configurator")).error().code, ErrorCode::forbidden);
  EXPECT_TRUE(apply(files, actor_named("chen.jie")));
}

TEST_P(Rights, come_from_accounts_yaml_only_in_a_demo_or_at_the_very_first) {
  auto files = small_county();
  files["pack.yaml"].replace(files["pack.yaml"].find("demo: true\n"), 11, "");
  EXPECT_TRUE(apply(files));  // nothing new
  files["accounts.yaml"] += "  - {username: li.na, person: li-na, password: a long password, posts: [{post: auditor}]}\n";
  EXPECT_EQ(apply(files).error().code, ErrorCode::forbidden);
}

TEST_P(Rights, answer_no_unless_a_role_says_yes) {
  const auto allows = [&](const Actor& actor, const char* permission, boost::json::object object = {}) {
    return *read([&](db::Tx& tx) { return access_.allows(tx, actor, permission, object); });
  };
  const auto clerk = actor_named("zhang.wei", "market/clerk");
  EXPECT_TRUE(allows(clerk, "cases.read"));
  EXPECT_FALSE(allows(clerk, "cases.handle"));
  EXPECT_TRUE(allows(clerk, "cases.handle", {{"unit", "market"}}));
  EXPECT_FALSE(allows(clerk, "cases.handle", {{"unit", "fire"}}));
  EXPECT_FALSE(allows(clerk, "pack.apply"));
  EXPECT_FALSE(allows(clerk, "services.apply"));  // as a clerk she is no citizen
  EXPECT_TRUE(allows(actor_named("zhang.wei"), "services.apply"));
  EXPECT_FALSE(allows(actor_named("fire-system"), "services.apply"));
  EXPECT_FALSE(allows({}, "services.apply"));
  EXPECT_TRUE(allows({}, "catalogue.read"));
  EXPECT_TRUE(allows({Actor::Kind::system, {}, {}, {}, {}}, "pack.apply"));
  const auto require = [&](const Actor& actor, const char* permission) {
    return read([&](db::Tx& tx) { return access_.require(tx, context(actor), permission); });
  };
  EXPECT_EQ(require({}, "cases.read").error().code, ErrorCode::unauthenticated);
  EXPECT_EQ(require(clerk, "pack.apply").error().code, ErrorCode::forbidden);
  EXPECT_EQ(require(clerk, "no.such").error().code, ErrorCode::internal);
  EXPECT_EQ(*read([&](db::Tx& tx) { return access_.possible(tx, clerk); }),
            (std::vector<std::string>{"cases.handle", "cases.read", "catalogue.read"}));
}

TEST_P(Rights, of_accounts_are_changed_on_record) {
  const auto wang = account_named("wang.fang");
  const auto create = [&](const char* username, const PersonId& person) {
    return write([&](db::Tx& tx) { return create_account(tx, context(), {username, person, {}, "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA"}); });
  };
  EXPECT_TRUE(create("wang.second", wang.person));
  EXPECT_EQ(create("wang.second", wang.person).error().code, ErrorCode::conflict);
  EXPECT_EQ(create("Wang", wang.person).error().field, "/username");
  EXPECT_EQ(create("nobody", {}).error().code, ErrorCode::invalid);
  EXPECT_EQ(create("stranger", PersonId::make(clock_, random_)).error().code, ErrorCode::not_found);
  EXPECT_TRUE(write([&](db::Tx& tx) { return disable_account(tx, context(), wang.id); }));
  EXPECT_TRUE(account_now("wang.fang").disabled);
  EXPECT_TRUE(write([&](db::Tx& tx) { return enable_account(tx, context(), wang.id); }));
  const auto entries = read([&](db::Tx& tx) { return ledger::about(tx, ledger::subject("account", wang.id), {}, 10); });
  EXPECT_EQ(entries->size(), 3U);
}

TEST_P(Rights, say_why_they_were_given_and_ended) {
  const auto wang = account_named("wang.fang");
  const auto officer = actor_named("zhang.wei", "officer");
  const auto id = write([&](db::Tx& tx) {
    return grant_post(tx, context(officer), {wang.person, {}, post_key("fire/clerk"), {}, {on("2026-03-02"), for_ever}, "on loan for spring"});
  });
  ASSERT_TRUE(id) << id.error().text();
  ASSERT_TRUE(write([&](db::Tx& tx) { return end_post(tx, context(officer), *id, on("2026-03-01"), "the loan fell through"); }));
  const auto entries = *read([&](db::Tx& tx) { return ledger::about(tx, ledger::subject("holding", *id), {}, 10); });
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_NE(entries[0].body->find("on loan for spring"), std::string::npos);
  EXPECT_NE(entries[1].body->find("the loan fell through"), std::string::npos);
  const auto ever = *read([&](db::Tx& tx) { return holdings_ever(tx, wang); });
  ASSERT_EQ(ever.size(), 1U);
  EXPECT_LT(ever[0].valid.to, ever[0].valid.from);  // taken back as if never held, and still told
}

TEST_P(Rights, keep_what_was_given_and_ended_by_hand_when_the_pack_is_applied_anew) {
  const auto wang = account_named("wang.fang").person;
  ASSERT_TRUE(grant(wang, "fire/clerk", {on("2026-03-02"), for_ever}));
  const auto listed = held("chen.jie", "2026-03-02").front();
  ASSERT_TRUE(write([&](db::Tx& tx) { return end_post(tx, context(), listed.id, on("2026-03-01")); }));
  ASSERT_TRUE(apply(small_county()));
  EXPECT_EQ(held("wang.fang", "2026-03-02").size(), 1U);
  EXPECT_EQ(held("chen.jie", "2026-03-02").size(), 0U);  // accounts.yaml lists it still: it only begins

  auto files = small_county();
  files["posts.yaml"] = files["posts.yaml"].substr(0, files["posts.yaml"].find("  - {id: fire/clerk")) +
                        files["posts.yaml"].substr(files["posts.yaml"].find("  - {id: configurator"));
  files["accounts.yaml"] = "accounts:\n  - {username: wang.fang, person: wang-fang, password: a long password}\n";
  const auto without = apply(files);
  ASSERT_TRUE(without) << without.error().text();
  EXPECT_EQ(held("wang.fang", "2026-03-02").size(), 0U);  // a post that is gone is held by nobody
  ASSERT_TRUE(apply(small_county()));
  EXPECT_EQ(held("wang.fang", "2026-03-02").size(), 1U);  // and it comes back with its holders
}

TEST_P(Rights, let_nobody_lock_or_unlock_herself) {
  const auto wang = account_named("wang.fang");
  const auto lock = [&](const Actor& by) { return write([&](db::Tx& tx) { return disable_account(tx, context(by), wang.id, "why"); }); };
  EXPECT_EQ(lock(actor_named("wang.fang", "officer")).error().code, ErrorCode::forbidden);
  EXPECT_TRUE(lock(actor_named("zhang.wei", "officer")));
  EXPECT_EQ(lock(actor_named("zhang.wei", "officer")).error().code, ErrorCode::conflict);
  const auto unlock = [&](const Actor& by) { return write([&](db::Tx& tx) { return enable_account(tx, context(by), wang.id, "why"); }); };
  EXPECT_EQ(unlock(actor_named("wang.fang", "officer")).error().code, ErrorCode::forbidden);
  EXPECT_TRUE(unlock(actor_named("zhang.wei", "officer")));
  EXPECT_EQ(unlock(actor_named("zhang.wei", "officer")).error().code, ErrorCode::conflict);
}

TEST_P(Rights, are_looked_through_by_name_unit_and_state) {
  const auto names = [&](const StaffFilter& filter) {
    const auto page = read([&](db::Tx& tx) { return staff(tx, filter, on("2026-03-02"), 50, ""); });
    EXPECT_TRUE(page) << page.error().text();
    std::string all;
    for (const auto& account : page->accounts) all += account.username + " ";
    return all;
  };
  EXPECT_EQ(names({}), "chen.jie fire-system zhang.wei ");  // who holds no post is not browsed
  EXPECT_EQ(names({StaffState::current, {}, "张"}), "zhang.wei ");
  EXPECT_EQ(names({StaffState::current, {}, "CHEN"}), "chen.jie ");
  EXPECT_EQ(names({StaffState::current, UnitId::trusted("market"), ""}), "zhang.wei ");
  EXPECT_EQ(names({StaffState::current, UnitId::trusted("small"), ""}), "chen.jie fire-system zhang.wei ");
  const auto listed = held("chen.jie", "2026-03-02").front();
  ASSERT_TRUE(write([&](db::Tx& tx) { return end_post(tx, context(), listed.id, on("2026-03-01")); }));
  EXPECT_EQ(names({StaffState::former, UnitId::trusted("fire"), ""}), "chen.jie ");
  ASSERT_TRUE(write([&](db::Tx& tx) { return disable_account(tx, context(), account_named("zhang.wei").id); }));
  EXPECT_EQ(names({StaffState::locked, {}, ""}), "zhang.wei ");
  EXPECT_EQ(names({}), "fire-system ");
}

TEST_P(Rights, are_looked_through_page_by_page) {
  const auto first = *read([&](db::Tx& tx) { return staff(tx, {}, on("2026-03-02"), 2, ""); });
  ASSERT_EQ(first.accounts.size(), 2U);
  EXPECT_EQ(first.next, "fire-system");
  const auto second = *read([&](db::Tx& tx) { return staff(tx, {}, on("2026-03-02"), 2, first.next); });
  ASSERT_EQ(second.accounts.size(), 1U);
  EXPECT_EQ(second.accounts[0].username, "zhang.wei");
  EXPECT_EQ(second.next, "");
}

TEST(Passwords, are_long_and_not_the_name) {
  EXPECT_TRUE(check_password("wang.fang", "correct horse"));
  EXPECT_TRUE(check_password("wang.fang", "一二三四五六七八九十"));
  for (const auto* bad : {"short", "aaaaaaaaaaaa", "WANG.FANG.WANG", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"})
    EXPECT_FALSE(check_password("wang.fang.wang", bad)) << bad;
  EXPECT_FALSE(check_password("a", std::string(129, 'x') + "y"));
}

TEST(Permissions, are_sorted_and_named_in_two_languages) {
  EXPECT_TRUE(std::ranges::is_sorted(permissions(), {}, &Permission::key));
  for (const auto& permission : permissions()) {
    EXPECT_TRUE(check_key(permission.key));
    EXPECT_FALSE(permission.words.zh.empty());
  }
  EXPECT_EQ(permission("pack.apply")->power, Power::configure);
  EXPECT_EQ(permission("nothing"), nullptr);
}

JX_ON_BOTH(Rights);

}  // namespace
}  // namespace jx::identity
