// An account that somebody asks for herself.
#include "identity_testing.hpp"

#include <jx/identity/declarations.hpp>

#include <functional>
#include <string>

namespace jx::identity {
namespace {

constexpr const char* phc = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2E$6VqIeHJ3DiOcVlbpSVAVcOJyPr1Pf4kPIPmYtB2dp5E";
constexpr auto today = LocalDate::of(2026, 3, 2);

class Declarations : public InSmallCounty {
 protected:
  static NewDeclaration hers() { return {"mei.lin", "林梅", {"cn.citizen-id", "11010519491231002X"}, "13800000000"}; }
  Result<> declares(const NewDeclaration& declared, const char* from = "203.0.113.7") {
    return write([&](db::Tx& tx) { return declare(tx, context({}), declared, from, phc); });
  }
  Result<AccountId> confirms(const Confirmation& seen) {
    return write([&](db::Tx& tx) { return confirm_declaration(tx, context(actor_named("zhang.wei", "market/clerk")), seen, "zh-CN", today); });
  }
  static Confirmation card() { return {"mei.lin", "林梅", {"cn.citizen-id", "11010519491231002X"}}; }
};
JX_ON_BOTH(Declarations);

TEST_P(Declarations, open_nothing_before_somebody_has_seen_the_document) {
  ASSERT_TRUE(declares(hers()));
  EXPECT_EQ(read([](db::Tx& tx) { return account_by_username(tx, "mei.lin"); }).error().code, ErrorCode::not_found);
  EXPECT_EQ(read([](db::Tx& tx) { return person_by_code(tx, hers().code); }).error().code, ErrorCode::not_found);
  const auto account = confirms(card());
  ASSERT_TRUE(account) << account.error().text();
  const auto now = account_now("mei.lin");
  EXPECT_EQ(now.id, *account);
  EXPECT_EQ(read([&](db::Tx& tx) { return person(tx, now.person); })->name.in("zh-CN"), "林梅");
  EXPECT_EQ(confirms(card()).error().code, ErrorCode::not_found);  // once
}

TEST_P(Declarations, are_of_whoever_has_the_number_already) {
  const auto before =
      write([&](db::Tx& tx) { return register_person(tx, context(), {LocalizedText({{"zh-CN", "林梅"}, {"en", "Lin Mei"}}), {hers().code}}); });
  ASSERT_TRUE(before) << before.error().text();
  ASSERT_TRUE(declares(hers()));
  ASSERT_TRUE(confirms(card()));
  EXPECT_EQ(account_now("mei.lin").person, *before);
  auto second = hers();
  second.username = "mei.lin.2";
  ASSERT_TRUE(declares(second));  // nothing is said of whose number it is
  auto seen = card();
  seen.username = second.username;
  EXPECT_EQ(confirms(seen).error().code, ErrorCode::conflict);  // she has an account
}

TEST_P(Declarations, are_not_confirmed_where_the_document_says_otherwise) {
  ASSERT_TRUE(declares(hers()));
  auto name = card();
  name.name = "林美";
  auto code = card();
  code.code.value = "110105194912310038";
  auto username = card();
  username.username = "other";
  for (const auto& wrong : {name, code, username}) EXPECT_EQ(confirms(wrong).error().code, ErrorCode::not_found);
  ASSERT_TRUE(
      write([&](db::Tx& tx) { return register_person(tx, context(), {LocalizedText({{"zh-CN", "王五"}, {"en", "Wang Wu"}}), {hers().code}}); }));
  EXPECT_EQ(confirms(card()).error().field, "/name");  // the register knows another name
}

TEST_P(Declarations, are_not_for_those_who_work_in_an_office) {
  const auto staff = account_named("zhang.wei");
  const auto she = read([&](db::Tx& tx) { return person(tx, staff.person); });
  ASSERT_TRUE(she);
  ASSERT_FALSE(she->codes.empty());
  const auto name = std::string(she->name.in("zh-CN"));
  ASSERT_TRUE(declares({"another.name", name, she->codes.front(), "13800000000"}));
  EXPECT_EQ(confirms({"another.name", name, she->codes.front()}).error().code, ErrorCode::conflict);
}

TEST_P(Declarations, say_what_is_wrong) {
  const auto field = [&](const std::function<void(NewDeclaration&)>& change) {
    auto declared = hers();
    change(declared);
    const auto done = declares(declared);
    return done ? "nothing" : done.error().field;
  };
  EXPECT_EQ(field([](auto& d) { d.username = "Mei Lin"; }), "/username");
  EXPECT_EQ(field([](auto& d) { d.username = "wang.fang"; }), "/username");
  EXPECT_EQ(field([](auto& d) { d.name = " "; }), "/name");
  EXPECT_TRUE(field([](auto& d) { d.code.value = "110105194912310021"; }).starts_with("/code"));
  EXPECT_EQ(field([](auto& d) { d.telephone = "x"; }), "/telephone");
  EXPECT_EQ(field([](auto&) {}), "nothing");
  EXPECT_EQ(field([](auto&) {}), "/username");  // it waits for her
}

TEST_P(Declarations, are_forgotten_after_thirty_days) {
  ASSERT_TRUE(declares(hers()));
  clock_.advance(std::chrono::hours(24 * declaration_days));
  EXPECT_EQ(confirms(card()).error().code, ErrorCode::not_found);
  EXPECT_TRUE(declares(hers()));  // anybody may have the name
}

TEST_P(Declarations, are_few_from_one_network_in_an_hour) {
  auto declared = hers();
  for (int i = 0; i < declarations_an_hour_max; ++i) {
    declared.username = "mei.lin." + std::to_string(i);
    ASSERT_TRUE(declares(declared));
  }
  EXPECT_EQ(declares(hers(), "203.0.113.200").error().code, ErrorCode::limited);
  EXPECT_TRUE(declares(hers(), "198.51.100.1"));  // somebody elsewhere
}

TEST_P(Declarations, are_taken_only_where_somebody_may_confirm_them) {
  EXPECT_FALSE(*read([](db::Tx& tx) { return takes_declarations(tx); }));
}

}  // namespace
}  // namespace jx::identity
