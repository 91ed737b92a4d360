#include "identity_testing.hpp"

#include <jx/ledger.hpp>

#include <algorithm>

namespace jx::identity {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class SignIn : public InSmallCounty {
 protected:
  SignInOutcome try_to(const char* username, const char* password, const char* address = "203.0.113.7", const std::string& device = {}) {
    return sessions_.sign_in(db(), context({}), {username, password, address, device});
  }
  SignedIn good(const char* username, const char* address = "203.0.113.7", const std::string& device = {}) {
    auto outcome = try_to(username, "a long password", address, device);
    EXPECT_TRUE(outcome.result) << outcome.result.error().text();
    return outcome.result ? *outcome.result : SignedIn();
  }
  ErrorCode wrong(const char* username, const char* address = "203.0.113.7", const std::string& device = {}) {
    return try_to(username, "a wrong password", address, device).result.error().code;
  }
  Result<Session> authenticate(const std::string& token) {
    return read([&](db::Tx& tx) { return sessions_.authenticate(tx, context({}), token); });
  }

  Sessions sessions_{[] { return *calendar::Zone::open("Asia/Shanghai"); }};
};

TEST_P(SignIn, gives_a_session_whose_token_is_nowhere_in_the_database) {
  const auto signed_in = good("zhang.wei");
  EXPECT_EQ(signed_in.token.size(), 43U);
  const auto session = authenticate(signed_in.token);
  ASSERT_TRUE(session) << session.error().text();
  EXPECT_EQ(session->actor.kind, Actor::Kind::person);
  EXPECT_EQ(session->actor.person, account_named("zhang.wei").person);
  EXPECT_EQ(session->actor.post.text(), "market/clerk");  // the only one she holds today
  EXPECT_EQ(session->actor.unit.text(), "market");
  EXPECT_EQ(session->csrf_token, signed_in.session.csrf_token);
  EXPECT_NE(signed_in.token, signed_in.device_token);
  const auto entries = read([&](db::Tx& tx) { return ledger::about(tx, ledger::subject("account", session->actor.account), {}, 10); });
  EXPECT_EQ(entries->back().kind, "session.begun");
  EXPECT_EQ(entries->back().body->find(signed_in.token), std::string::npos);
}

TEST_P(SignIn, takes_the_name_without_regard_to_case_and_says_not_what_was_wrong) {
  EXPECT_TRUE(try_to("Zhang.Wei", "a long password").result);
  const auto nobody = try_to("nobody.at.all", "a long password").result.error();
  const auto wrong_password = try_to("zhang.wei", "a wrong password").result.error();
  EXPECT_EQ(nobody.text(), wrong_password.text());
  EXPECT_EQ(nobody.code, ErrorCode::unauthenticated);
  EXPECT_EQ(try_to("' OR 1=1 --", "x").result.error().code, ErrorCode::unauthenticated);
  EXPECT_EQ(try_to("zhang.wei", std::string(2000, 'x').c_str()).result.error().code, ErrorCode::unauthenticated);
}

TEST_P(SignIn, with_a_password_for_one_time_leads_to_setting_ones_own) {
  const auto zhang = account_named("zhang.wei");
  const auto until = clock_.now() + hours(72);
  const auto set = [&](const Actor& by) {
    const auto phc = sessions_.hash("zhang.wei", "only for one time");
    return write([&](db::Tx& tx) { return set_one_time_password(tx, context(by), zhang.id, *phc, until, "forgotten"); });
  };
  const auto before = good("zhang.wei");
  EXPECT_EQ(set(actor_named("zhang.wei", "officer")).error().code, ErrorCode::forbidden);  // never one's own
  ASSERT_TRUE(set(actor_named("chen.jie", "officer")));
  EXPECT_FALSE(authenticate(before.token));
  const auto begun = try_to("zhang.wei", "only for one time").result;
  ASSERT_TRUE(begun) << begun.error().text();
  EXPECT_TRUE(begun->session.must_set_password);
  EXPECT_TRUE(authenticate(begun->token)->must_set_password);
  ASSERT_TRUE(sessions_.change_password(db(), context(begun->session.actor), begun->session, "only for one time", "her own at last"));
  EXPECT_FALSE(authenticate(begun->token)->must_set_password);
  EXPECT_FALSE(try_to("zhang.wei", "only for one time").result);
  EXPECT_FALSE(try_to("zhang.wei", "her own at last").result->session.must_set_password);
}

TEST_P(SignIn, with_a_password_for_one_time_is_too_late_after_its_time) {
  const auto zhang = account_named("zhang.wei");
  const auto phc = sessions_.hash("zhang.wei", "only for one time");
  const auto until = clock_.now() + hours(72);
  const auto officer = actor_named("chen.jie", "officer");
  ASSERT_TRUE(write([&](db::Tx& tx) { return set_one_time_password(tx, context(officer), zhang.id, *phc, until, "forgotten"); }));
  clock_.advance(hours(72));
  EXPECT_EQ(try_to("zhang.wei", "only for one time").result.error().code, ErrorCode::unauthenticated);
}

TEST_P(SignIn, ends_when_idle_and_at_the_latest_after_twelve_hours) {
  const auto signed_in = good("zhang.wei");
  clock_.advance(minutes(29));
  auto session = authenticate(signed_in.token);
  ASSERT_TRUE(session);
  EXPECT_TRUE(session->touch_due);
  EXPECT_TRUE(write([&](db::Tx& tx) { return sessions_.touch(tx, context({}), *session); }));
  EXPECT_FALSE(authenticate(signed_in.token)->touch_due);
  clock_.advance(minutes(29));
  EXPECT_TRUE(authenticate(signed_in.token));
  clock_.advance(minutes(1));
  EXPECT_EQ(authenticate(signed_in.token).error().code, ErrorCode::unauthenticated);

  const auto second = good("zhang.wei");
  for (int i = 0; i < 24; ++i) {
    session = authenticate(second.token);
    ASSERT_TRUE(session) << i;
    EXPECT_TRUE(write([&](db::Tx& tx) { return sessions_.touch(tx, context({}), *session); }));
    clock_.advance(minutes(29));
  }
  clock_.advance(minutes(24));
  EXPECT_FALSE(authenticate(second.token));
}

TEST_P(SignIn, refuses_tokens_that_are_not_its_own) {
  const auto signed_in = good("zhang.wei");
  for (const auto& token :
       {std::string(), std::string("x"), std::string(43, 'A'), signed_in.token + "A", signed_in.device_token, std::string(10'000, 'A')}) {
    EXPECT_EQ(authenticate(token).error().code, ErrorCode::unauthenticated);
  }
  const auto session = *authenticate(signed_in.token);
  EXPECT_TRUE(Sessions::check_csrf(session, session.csrf_token));
  EXPECT_EQ(Sessions::check_csrf(session, "").error().code, ErrorCode::forbidden);
  EXPECT_FALSE(Sessions::check_csrf(session, good("zhang.wei").session.csrf_token));
  EXPECT_FALSE(Sessions::check_csrf(Session(), ""));
}

TEST_P(SignIn, is_ended_here_or_everywhere) {
  const auto first = good("zhang.wei");
  const auto second = good("zhang.wei");
  EXPECT_TRUE(write([&](db::Tx& tx) { return sessions_.sign_out(tx, context({}), first.session); }));
  EXPECT_FALSE(authenticate(first.token));
  EXPECT_TRUE(authenticate(second.token));
  EXPECT_TRUE(write([&](db::Tx& tx) { return sessions_.sign_out_everywhere(tx, context({}), second.session.actor.account); }));
  EXPECT_FALSE(authenticate(second.token));
  EXPECT_NE(good("zhang.wei", "203.0.113.7", second.device_token).device_token, second.device_token);  // the device was forgotten
}

TEST_P(SignIn, of_a_disabled_account_fails_and_its_sessions_end) {
  const auto signed_in = good("zhang.wei");
  EXPECT_TRUE(write([&](db::Tx& tx) { return disable_account(tx, context(), signed_in.session.actor.account); }));
  EXPECT_FALSE(authenticate(signed_in.token));
  EXPECT_EQ(try_to("zhang.wei", "a long password").result.error().code, ErrorCode::unauthenticated);
}

TEST_P(SignIn, has_one_post_at_a_time_which_falls_away_when_it_is_no_longer_held) {
  clock_.advance_to(*Instant::parse("2026-08-10T04:00:00Z"));  // she stands in at fire
  const auto signed_in = good("zhang.wei");
  auto session = *authenticate(signed_in.token);
  EXPECT_EQ(session.actor.post.text(), "market/clerk");
  const auto choose = [&](const char* post) {
    return write([&](db::Tx& tx) { return sessions_.choose_post(tx, context({}), session, PostId::trusted(post)); });
  };
  EXPECT_EQ(choose("fire/clerk")->actor.unit.text(), "fire");
  EXPECT_EQ(authenticate(signed_in.token)->actor.post.text(), "fire/clerk");
  EXPECT_EQ(choose("auditor").error().code, ErrorCode::forbidden);
  EXPECT_TRUE(choose("")->actor.post.empty());
  EXPECT_TRUE(authenticate(signed_in.token)->actor.unit.empty());
  EXPECT_TRUE(choose("fire/clerk"));
  EXPECT_EQ(good("zhang.wei").session.actor.post.text(), "fire/clerk");  // the one used last
  const auto profile_now = read([&](db::Tx& tx) { return profile(tx, access_, session.actor, sessions_.today(context({}))); });
  EXPECT_EQ(profile_now->posts.size(), 2U);
  EXPECT_TRUE(profile_now->posts[1].stand_in);
  EXPECT_EQ(profile_now->name.in("en"), "Zhang Wei");

  clock_.advance_to(*Instant::parse("2026-08-31T15:50:00Z"));  // ten minutes before midnight in Asia/Shanghai
  const auto late = good("zhang.wei");
  EXPECT_EQ(authenticate(late.token)->actor.post.text(), "fire/clerk");
  clock_.advance(minutes(10));
  EXPECT_TRUE(authenticate(late.token)->actor.post.empty());
}

TEST_P(SignIn, of_a_machine_acts_in_its_post) {
  const auto session = *authenticate(good("fire-system").token);
  EXPECT_EQ(session.actor.kind, Actor::Kind::machine);
  EXPECT_TRUE(session.actor.person.nil());
  EXPECT_EQ(session.actor.post.text(), "fire/interface");
  EXPECT_EQ(session.actor.unit.text(), "fire");
}

TEST_P(SignIn, is_slowed_down_for_the_network_that_guesses_and_for_no_other) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(wrong("wang.fang"), ErrorCode::unauthenticated) << i;
  const auto outcome = try_to("wang.fang", "a long password");
  EXPECT_EQ(outcome.wait, Micros{1'000'000});
  const auto& limited = outcome.result;
  EXPECT_EQ(limited.error().code, ErrorCode::limited);
  EXPECT_NE(limited.error().message.en.find("1 seconds"), std::string::npos);
  EXPECT_EQ(wrong("wang.fang", "203.0.113.200"), ErrorCode::limited);          // the same /24
  EXPECT_TRUE(try_to("wang.fang", "a long password", "198.51.100.1").result);  // elsewhere
  EXPECT_TRUE(try_to("chen.jie", "a long password").result);                   // another account
  clock_.advance(seconds(1));
  EXPECT_EQ(wrong("wang.fang"), ErrorCode::unauthenticated);
  clock_.advance(seconds(1));
  EXPECT_EQ(wrong("wang.fang"), ErrorCode::limited);  // two seconds now
  clock_.advance(seconds(1));
  EXPECT_TRUE(try_to("wang.fang", "a long password").result);
  EXPECT_EQ(wrong("wang.fang"), ErrorCode::unauthenticated);  // and all is forgotten
}

TEST_P(SignIn, never_waits_longer_than_fifteen_minutes) {
  for (int i = 0; i < 40; ++i) {
    clock_.advance(minutes(15));
    EXPECT_EQ(wrong("wang.fang"), ErrorCode::unauthenticated) << i;
  }
  clock_.advance(minutes(14));
  EXPECT_EQ(wrong("wang.fang"), ErrorCode::limited);
  clock_.advance(minutes(1));
  EXPECT_TRUE(try_to("wang.fang", "a long password").result);
}

TEST_P(SignIn, from_a_known_device_always_gets_through) {
  const auto device = good("wang.fang").device_token;
  for (int i = 0; i < 10; ++i) (void)wrong("wang.fang");
  EXPECT_EQ(try_to("wang.fang", "a long password").result.error().code, ErrorCode::limited);
  const auto again = good("wang.fang", "203.0.113.7", device);
  EXPECT_EQ(again.device_token, device);
  for (int i = 0; i < 10; ++i) (void)wrong("wang.fang");
  for (int i = 0; i < 19; ++i) EXPECT_EQ(wrong("wang.fang", "203.0.113.7", device), ErrorCode::unauthenticated);
  EXPECT_TRUE(try_to("wang.fang", "a long password", "203.0.113.7", device).result);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(wrong("wang.fang", "203.0.113.7", device), ErrorCode::unauthenticated);
  for (int i = 0; i < 6; ++i) (void)wrong("wang.fang", "203.0.113.7", device);
  EXPECT_EQ(wrong("wang.fang", "203.0.113.7", device), ErrorCode::limited);  // a stolen device is known no more
}

TEST_P(SignIn, knows_a_device_for_its_own_account_alone) {
  const auto device = good("wang.fang").device_token;
  for (int i = 0; i < 5; ++i) (void)wrong("chen.jie", "203.0.113.7", device);
  EXPECT_EQ(wrong("chen.jie", "203.0.113.7", device), ErrorCode::limited);
}

TEST_P(SignIn, holds_answers_back_while_very_many_guess_but_not_for_known_devices) {
  const auto device = good("wang.fang").device_token;
  EXPECT_EQ(try_to("wang.fang", "a long password").hold, Micros{0});
  for (int i = 0; i < 130; ++i) (void)wrong("nobody", ("10.0." + std::to_string(i) + ".1").c_str());
  const auto held = try_to("wang.fang", "a long password");
  EXPECT_TRUE(held.result);
  EXPECT_GT(held.hold, Micros{0});
  EXPECT_LE(held.hold, seconds(8));
  EXPECT_EQ(try_to("wang.fang", "a long password", "203.0.113.7", device).hold, Micros{0});
  clock_.advance(minutes(11));
  EXPECT_EQ(try_to("wang.fang", "a long password").hold, Micros{0});
}

TEST_P(SignIn, with_a_new_password_ends_the_other_sessions) {
  const auto here = good("wang.fang");
  const auto there = good("wang.fang");
  const auto change = [&](const char* old_password, const char* new_password) {
    return sessions_.change_password(db(), context(here.session.actor), here.session, old_password, new_password);
  };
  EXPECT_EQ(change("a wrong password", "another long one").error().code, ErrorCode::unauthenticated);
  EXPECT_EQ(change("a long password", "short").error().field, "/password");
  const auto changed = change("a long password", "another long one");
  EXPECT_TRUE(changed) << changed.error().text();
  EXPECT_TRUE(authenticate(here.token));
  EXPECT_FALSE(authenticate(there.token));
  EXPECT_FALSE(try_to("wang.fang", "a long password").result);
  EXPECT_TRUE(try_to("wang.fang", "another long one").result);
}

TEST_P(SignIn, sets_no_password_from_a_session_that_a_reset_has_ended) {
  const auto here = good("wang.fang");
  const auto phc = sessions_.hash("wang.fang", "a long password");  // the same words: it is the reset that counts
  const auto officer = actor_named("chen.jie", "officer");
  ASSERT_TRUE(write([&](db::Tx& tx) {
    return set_one_time_password(tx, context(officer), account_named("wang.fang").id, *phc, clock_.now() + hours(72), "stolen");
  }));
  const auto changed = sessions_.change_password(db(), context(here.session.actor), here.session, "a long password", "the thief's own words");
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().code, ErrorCode::conflict);
  EXPECT_TRUE(try_to("wang.fang", "a long password").result);
}

TEST_P(SignIn, leaves_nothing_behind_that_has_expired) {
  const auto old = good("wang.fang");
  (void)wrong("wang.fang");
  clock_.advance(hours(24 * 181));
  EXPECT_FALSE(*write([&](db::Tx& tx) { return sessions_.sweep(tx, clock_.now()); }));
  EXPECT_NE(good("wang.fang", "203.0.113.7", old.device_token).device_token, old.device_token);
  EXPECT_TRUE(*write([&](db::Tx& tx) { return sessions_.sweep(tx, clock_.now() + hours(13), 1); }));  // one row each, and there may be more
}

TEST_P(SignIn, keeps_at_most_fifty_sessions_of_an_account) {
  std::vector<std::string> tokens;
  for (int i = 0; i < 52; ++i) {
    tokens.push_back(good("wang.fang").token);
    clock_.advance(seconds(1));
  }
  EXPECT_FALSE(authenticate(tokens[0]));
  EXPECT_FALSE(authenticate(tokens[1]));
  EXPECT_TRUE(authenticate(tokens[2]));
  EXPECT_TRUE(authenticate(tokens.back()));
}

TEST(Network, is_what_one_house_or_firm_has) {
  EXPECT_EQ(network_of("203.0.113.77"), "203.0.113.0/24");
  EXPECT_EQ(network_of("::ffff:203.0.113.77"), "203.0.113.0/24");
  EXPECT_EQ(network_of("2001:db8:1:22ff::1"), "2001:db8:1:2200::/56");
  EXPECT_EQ(network_of("not an address"), "unknown");
  EXPECT_EQ(network_of(""), "unknown");
  EXPECT_EQ(network_of(std::string(1000, '1')), "unknown");
}

JX_ON_BOTH(SignIn);

}  // namespace
}  // namespace jx::identity
