#include "identity_testing.hpp"

#include <algorithm>

namespace jx::identity {
namespace {

LocalDate on(const char* text) { return *LocalDate::parse(text); }
PostId post_key(const char* text) { return PostId::trusted(text); }

/// The small county, with a head of its fire brigade (wang.fang) and a head of the county (fire/clerk's head's head).
class Absences : public InSmallCounty {
 protected:
  void SetUp() override {
    InSmallCounty::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    auto files = small_county();
    files["posts.yaml"] +=
        "  - {id: fire/head, unit: fire, name: {zh-CN: 大队长, en: Head}, roles: [clerk], head: true}\n"
        "  - {id: small/head, unit: small, name: {zh-CN: 县长, en: County head}, roles: [clerk], head: true}\n";
    const auto applied = apply(files);
    ASSERT_TRUE(applied) << applied.error().text();
    grant("wang.fang", "fire/head");
  }

  void grant(const char* username, const char* post) {
    const auto granted = write([&](db::Tx& tx) { return grant_post(tx, context(), {account_named(username).person, {}, post_key(post), {}, {}}); });
    ASSERT_TRUE(granted) << granted.error().text();
  }
  Result<AbsenceId> enter(const char* who, const char* stand_in, const char* from, const char* to, std::vector<PostId> posts = {}) {
    return write([&](db::Tx& tx) {
      return enter_absence(tx, context(actor_named(who)), {account_named(stand_in).person, posts, {on(from), on(to)}, ""}, today());
    });
  }
  Result<> approve(const AbsenceId& id, const Actor& by, bool grants_rights = false) {
    return write([&](db::Tx& tx) { return approve_absence(tx, context(by), id, today(), grants_rights); });
  }
  Result<> end(const AbsenceId& id, const Actor& by, bool grants_rights = false) {
    return write([&](db::Tx& tx) { return end_absence(tx, context(by), id, today(), grants_rights); });
  }
  bool stands_in(const char* username, const char* post, const char* day) {
    const auto held = read([&](db::Tx& tx) { return holdings_of(tx, account_named(username).person, on(day)); });
    return std::ranges::any_of(*held, [&](const Holding& h) { return h.post == post_key(post) && h.stand_in_for.has_value(); });
  }
  void expect_vouched() {
    const auto report = ledger::check_state(db(), state_tables());
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_EQ(report->rows_altered, 0U);
  }
  LocalDate today() const { return on("2026-03-02"); }
  Actor head() { return actor_named("wang.fang", "fire/head"); }
};

TEST_P(Absences, are_approved_by_the_head_and_end_by_themselves) {
  const auto id = enter("chen.jie", "zhang.wei", "2026-03-05", "2026-03-12");
  ASSERT_TRUE(id) << id.error().text();
  EXPECT_FALSE(stands_in("zhang.wei", "fire/clerk", "2026-03-05"));  // it is asked for only
  EXPECT_EQ(approve(*id, actor_named("chen.jie", "fire/clerk")).error().code, ErrorCode::forbidden);
  EXPECT_EQ(approve(*id, actor_named("zhang.wei", "market/clerk")).error().code, ErrorCode::forbidden);
  EXPECT_EQ(approve(*id, actor_named("wang.fang")).error().code, ErrorCode::not_found);
  const auto by_head = context(head());
  EXPECT_EQ(read([&](db::Tx& tx) { return absences_to_approve(tx, by_head, false); })->size(), 1U);
  const auto approved = approve(*id, head());
  ASSERT_TRUE(approved) << approved.error().text();
  EXPECT_EQ(approve(*id, head()).error().code, ErrorCode::conflict);
  EXPECT_FALSE(stands_in("zhang.wei", "fire/clerk", "2026-03-04"));
  EXPECT_TRUE(stands_in("zhang.wei", "fire/clerk", "2026-03-05"));
  EXPECT_TRUE(stands_in("zhang.wei", "fire/clerk", "2026-03-12"));
  EXPECT_FALSE(stands_in("zhang.wei", "fire/clerk", "2026-03-13"));
  expect_vouched();
}

TEST_P(Absences, can_be_taken_back_refused_and_ended_early) {
  const auto asked = enter("chen.jie", "zhang.wei", "2026-03-05", "2026-03-12");
  EXPECT_EQ(end(*asked, actor_named("zhang.wei", "market/clerk")).error().code, ErrorCode::not_found);
  EXPECT_TRUE(end(*asked, actor_named("chen.jie")));
  EXPECT_EQ(approve(*asked, head()).error().code, ErrorCode::conflict);
  const auto running = enter("chen.jie", "zhang.wei", "2026-03-02", "2026-03-12");
  ASSERT_TRUE(approve(*running, head()));
  EXPECT_TRUE(stands_in("zhang.wei", "fire/clerk", "2026-03-02"));
  EXPECT_TRUE(end(*running, actor_named("chen.jie")));
  EXPECT_FALSE(stands_in("zhang.wei", "fire/clerk", "2026-03-02"));
  EXPECT_EQ(end(*running, head()).error().code, ErrorCode::conflict);
  EXPECT_TRUE(read([&](db::Tx& tx) { return absences_of(tx, account_named("chen.jie").person, today()); })->empty());
  expect_vouched();
}

TEST_P(Absences, make_no_chain) {
  const auto first = enter("chen.jie", "zhang.wei", "2026-03-05", "2026-03-12");
  ASSERT_TRUE(first);
  EXPECT_EQ(enter("zhang.wei", "wang.fang", "2026-03-12", "2026-03-20").error().field, "/from");            // he stands in for Chen on the 12th
  EXPECT_EQ(enter("wang.fang", "chen.jie", "2026-03-10", "2026-03-20").error().field, "/stand_in");         // Chen is away himself
  EXPECT_EQ(enter("chen.jie", "wang.fang", "2026-03-12", "2026-03-14").error().code, ErrorCode::conflict);  // away then already
  EXPECT_TRUE(enter("zhang.wei", "wang.fang", "2026-03-13", "2026-03-20"));
}

TEST_P(Absences, from_a_post_with_one_of_the_three_powers_are_approved_by_who_grants_rights_alone) {
  grant("chen.jie", "configurator");
  grant("wang.fang", "small/head");
  const auto id = enter("chen.jie", "zhang.wei", "2026-03-05", "2026-03-12", {post_key("configurator")});
  ASSERT_TRUE(id) << id.error().text();
  EXPECT_EQ(approve(*id, actor_named("wang.fang", "small/head")).error().code, ErrorCode::not_found);
  grant("zhang.wei", "auditor");
  EXPECT_EQ(approve(*id, actor_named("wang.fang", "officer"), true).error().code, ErrorCode::conflict);  // he would hold two powers
  EXPECT_FALSE(stands_in("zhang.wei", "configurator", "2026-03-05"));
}

TEST_P(Absences, are_refused_where_they_make_no_sense) {
  EXPECT_EQ(enter("chen.jie", "chen.jie", "2026-03-05", "2026-03-12").error().field, "/stand_in");
  EXPECT_EQ(enter("chen.jie", "zhang.wei", "2026-03-01", "2026-03-12").error().field, "/from");
  EXPECT_EQ(enter("chen.jie", "zhang.wei", "2026-03-05", "2026-03-04").error().field, "/to");
  EXPECT_EQ(enter("chen.jie", "zhang.wei", "2026-03-05", "2027-03-12").error().field, "/to");
  EXPECT_EQ(enter("chen.jie", "zhang.wei", "2026-03-05", "2026-03-12", {post_key("market/clerk")}).error().field, "/posts/0");
}

JX_ON_BOTH(Absences);

}  // namespace
}  // namespace jx::identity
