#include "identity_testing.hpp"

#include <jx/ledger.hpp>

namespace jx::identity {
namespace {

class Certificates : public InSmallCounty {
 protected:
  Result<> bind(const char* username, const KeyFingerprint& key) {
    const auto id = account_now(username).id;
    return write([&](db::Tx& tx) { return bind_certificate(tx, context(), id, key); });
  }
  Result<> end(const char* username, const KeyFingerprint& key) {
    const auto id = account_now(username).id;
    return write([&](db::Tx& tx) { return end_certificate(tx, context(), id, key); });
  }
  Result<Session> call(const KeyFingerprint& key) {
    return read([&](db::Tx& tx) { return sessions_.authenticate_certificate(tx, context({}), key, clock_.now() + std::chrono::hours(1)); });
  }
  std::string last_entry(const char* username) {
    const auto id = account_now(username).id;
    const auto entries = read([&](db::Tx& tx) { return ledger::about(tx, ledger::subject("account", id), {}, 50); });
    return entries && !entries->empty() ? entries->back().kind : std::string();
  }

  Sessions sessions_{[] { return *calendar::Zone::open("Asia/Shanghai"); }};
  const KeyFingerprint first_ = std::string(64, 'a'), second_ = std::string(64, 'b');
};

TEST_P(Certificates, make_their_owner_the_account_that_they_are_bound_to_in_its_post) {
  EXPECT_EQ(call(first_).error().code, ErrorCode::unauthenticated);
  EXPECT_NE(call(first_).error().text().find(first_), std::string::npos) << "who is refused is told what to give the operator";
  ASSERT_TRUE(bind("fire-system", first_));
  EXPECT_EQ(last_entry("fire-system"), "account.certificate_bound");
  const auto session = call(first_);
  ASSERT_TRUE(session) << session.error().text();
  EXPECT_EQ(session->actor.kind, Actor::Kind::machine);
  EXPECT_EQ(session->actor.account, account_named("fire-system").id);
  EXPECT_EQ(session->actor.post.text(), "fire/interface");
  EXPECT_EQ(session->actor.unit.text(), "fire");
  EXPECT_FALSE(session->touch_due);
  EXPECT_FALSE(Sessions::check_csrf(*session, "")) << "there is no token that could be guessed to be empty";
}

TEST_P(Certificates, count_no_more_once_they_are_ended_or_the_account_is_disabled) {
  ASSERT_TRUE(bind("fire-system", first_));
  ASSERT_TRUE(bind("fire-system", second_));
  ASSERT_TRUE(call(first_));
  ASSERT_TRUE(end("fire-system", first_));
  EXPECT_EQ(last_entry("fire-system"), "account.certificate_ended");
  EXPECT_EQ(call(first_).error().code, ErrorCode::unauthenticated);
  EXPECT_TRUE(call(second_));
  EXPECT_EQ(end("fire-system", first_).error().code, ErrorCode::not_found);
  ASSERT_TRUE(bind("fire-system", first_));
  EXPECT_TRUE(call(first_));
  ASSERT_TRUE(write([&](db::Tx& tx) { return disable_account(tx, context(), account_named("fire-system").id); }));
  EXPECT_EQ(call(first_).error().code, ErrorCode::unauthenticated);
}

TEST_P(Certificates, are_no_persons_and_never_two_accounts) {
  EXPECT_EQ(bind("zhang.wei", first_).error().code, ErrorCode::invalid);
  ASSERT_TRUE(bind("fire-system", first_));
  ASSERT_TRUE(end("fire-system", first_));
  const auto other = write([&](db::Tx& tx) { return create_account(tx, context(), {"market-system", {}, *UnitId::parse("market"), {}}); });
  ASSERT_TRUE(other) << other.error().text();
  EXPECT_EQ(bind("market-system", first_).error().code, ErrorCode::conflict);
  EXPECT_EQ(end("market-system", first_).error().code, ErrorCode::not_found);
}

TEST_P(Certificates, are_at_most_four_of_an_account_at_one_time) {
  for (const char c : {'1', '2', '3', '4'}) ASSERT_TRUE(bind("fire-system", std::string(64, c)));
  EXPECT_EQ(bind("fire-system", first_).error().code, ErrorCode::too_large);
  EXPECT_TRUE(bind("fire-system", std::string(64, '1'))) << "which is bound already";
  ASSERT_TRUE(end("fire-system", std::string(64, '1')));
  EXPECT_TRUE(bind("fire-system", first_));
}

TEST_P(Certificates, of_a_pack_take_the_place_of_a_password_and_of_the_ones_before) {
  auto files = small_county();
  auto& accounts = files["accounts.yaml"];
  accounts += "  - {username: market-system, unit: market, certificate: '" + first_ + "', posts: [{post: market/clerk}]}\n";
  ASSERT_TRUE(apply(files));
  EXPECT_EQ(call(first_)->actor.post.text(), "market/clerk");
  for (const auto* guess : {"", "a long password"}) {
    const auto by_password = sessions_.sign_in(db(), context({}), {"market-system", guess, "203.0.113.7", {}});
    ASSERT_FALSE(by_password.result);
    EXPECT_EQ(by_password.result.error().code, ErrorCode::unauthenticated);
  }
  accounts.replace(accounts.find(first_), 64, "BB:" + std::string(62, 'B'));
  ASSERT_TRUE(apply(files));
  EXPECT_EQ(call(first_).error().code, ErrorCode::unauthenticated);
  EXPECT_TRUE(call(second_));
}

TEST(KeyFingerprints, are_64_hexadecimal_digits_with_or_without_colons) {
  EXPECT_EQ(*parse_fingerprint("AB:" + std::string(62, 'c')), "ab" + std::string(62, 'c'));
  for (const auto& bad : {std::string(), std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'g'), std::string(1000, 'a')})
    EXPECT_EQ(parse_fingerprint(bad).error().code, ErrorCode::invalid);
}

JX_ON_BOTH(Certificates);

}  // namespace
}  // namespace jx::identity
