#include "migrate.hpp"
#include "state_codec.hpp"
#include "test_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jx::cases {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Desk final : Host {
  [[nodiscard]] Instant now() const override { return {}; }
  [[nodiscard]] std::string_view zone() const override { return "UTC"; }
  [[nodiscard]] Result<Instant> term_end(Instant, int, bool) const override { return Instant{}; }
  Result<rules::Value> decide(std::string_view, const Variables&) override { return rules::Value(); }
  Result<HostAnswer> script(std::string_view, std::string_view, const Variables&) override { return HostAnswer{}; }
};

/// The same model, word for word but for a name.
std::string named(std::string body) {
  const std::string end = R"(<endEvent id="end"/>)";
  return body.replace(body.find(end), end.size(), R"(<endEvent id="end" name="Done"/>)");
}

DefinitionPtr model(const std::string& body) {
  auto compiled = compile(test_model(test_process("permit", body)));
  for (const auto& finding : compiled.findings) ADD_FAILURE() << finding.message.en;
  return compiled.definition;
}

constexpr const char* one_check = R"(
  <startEvent id="start"/><userTask id="check" jx:unit="desk"/><endEvent id="end"/>
  <sequenceFlow id="f1" sourceRef="start" targetRef="check"/><sequenceFlow id="f2" sourceRef="check" targetRef="end"/>)";

constexpr const char* check_then_sign = R"(
  <startEvent id="start"/><userTask id="check" jx:unit="desk"/><userTask id="sign" jx:unit="head"/><endEvent id="end"/>
  <sequenceFlow id="f1" sourceRef="start" targetRef="check"/><sequenceFlow id="f2" sourceRef="check" targetRef="sign"/>
  <sequenceFlow id="f3" sourceRef="sign" targetRef="end"/>)";

constexpr const char* two_branches = R"(
  <startEvent id="start"/><parallelGateway id="fork"/><userTask id="a" jx:unit="desk"/><userTask id="b" jx:unit="desk"/>
  <parallelGateway id="join"/><endEvent id="end"/>
  <sequenceFlow id="f1" sourceRef="start" targetRef="fork"/><sequenceFlow id="f2" sourceRef="fork" targetRef="a"/>
  <sequenceFlow id="f3" sourceRef="fork" targetRef="b"/><sequenceFlow id="f4" sourceRef="a" targetRef="join"/>
  <sequenceFlow id="f5" sourceRef="b" targetRef="join"/><sequenceFlow id="f6" sourceRef="join" targetRef="end"/>)";

constexpr const char* three_branches = R"(
  <startEvent id="start"/><parallelGateway id="fork"/><userTask id="a" jx:unit="desk"/><userTask id="b" jx:unit="desk"/><userTask id="c" jx:unit="desk"/>
  <parallelGateway id="join"/><endEvent id="end"/>
  <sequenceFlow id="f1" sourceRef="start" targetRef="fork"/><sequenceFlow id="f2" sourceRef="fork" targetRef="a"/>
  <sequenceFlow id="f3" sourceRef="fork" targetRef="b"/><sequenceFlow id="f7" sourceRef="fork" targetRef="c"/><sequenceFlow id="f4" sourceRef="a" targetRef="join"/>
  <sequenceFlow id="f5" sourceRef="b" targetRef="join"/><sequenceFlow id="f8" sourceRef="c" targetRef="join"/><sequenceFlow id="f6" sourceRef="join" targetRef="end"/>)";

constexpr const char* check_with_limit = R"(
  <startEvent id="start"/><userTask id="check" jx:unit="desk"/><endEvent id="end"/><endEvent id="late"/>
  <boundaryEvent id="limit" attachedToRef="check"><timerEventDefinition><timeDuration xsi:type="tFormalExpression">P5D</timeDuration></timerEventDefinition></boundaryEvent>
  <sequenceFlow id="f1" sourceRef="start" targetRef="check"/><sequenceFlow id="f2" sourceRef="check" targetRef="end"/>
  <sequenceFlow id="f9" sourceRef="limit" targetRef="late"/>)";

struct Migrating : ::testing::Test {
  Desk desk;

  State begun(const DefinitionPtr& d) {
    State state;
    EXPECT_TRUE(step(*d, state, Start{d->find("permit"), no_index, no_index, {}}, desk));
    state.definition = d->hash;
    return state;
  }
  void complete(const DefinitionPtr& d, State& state, std::string_view element) {
    const auto wait = std::ranges::find_if(state.waits, [&](const Wait& w) { return w.kind == WaitKind::task && d->node(w.node).id == element; });
    ASSERT_NE(wait, state.waits.end()) << element;
    ASSERT_TRUE(step(*d, state, Completed{wait->id, {}, {}, {}}, desk));
  }
  static Moved moved(const DefinitionPtr& from, const DefinitionPtr& to, const State& state,
                     const std::map<std::string, std::string, std::less<>>& renamed = {}) {
    return move_state(*from, *to, Correspondence(*from, *to, renamed), state);
  }
};

TEST_F(Migrating, to_a_version_that_only_reads_differently_changes_the_definition_alone) {
  const auto from = model(one_check);
  const auto to = model(named(one_check));
  ASSERT_NE(from->hash, to->hash);
  const auto state = begun(from);
  auto there = moved(from, to, state);
  ASSERT_TRUE(there.fits());
  EXPECT_EQ(there.state.definition, to->hash);
  there.state.definition = state.definition;
  EXPECT_EQ(encode_state(there.state)->octets, encode_state(state)->octets);
}

TEST_F(Migrating, goes_on_where_it_was_and_ends_as_a_case_of_the_new_version) {
  const auto from = model(one_check);
  const auto to = model(check_then_sign);
  auto there = moved(from, to, begun(from));
  ASSERT_TRUE(there.fits());
  complete(to, there.state, "check");
  EXPECT_FALSE(there.state.ended());
  complete(to, there.state, "sign");
  EXPECT_TRUE(there.state.ended());
}

TEST_F(Migrating, says_which_element_is_gone_and_takes_a_new_name_for_it) {
  const auto from = model(check_then_sign);
  const auto to = model(one_check);
  auto state = begun(from);
  complete(from, state, "check");
  const auto refused = moved(from, to, state);
  ASSERT_EQ(refused.misfits.size(), 1U);
  EXPECT_EQ(refused.misfits[0].element, "sign");
  EXPECT_THAT(refused.misfits[0].words.en, HasSubstr("no such element"));
  const auto renamed = moved(from, to, state, {{"sign", "check"}});
  EXPECT_THAT(renamed.misfits, IsEmpty());
}

TEST_F(Migrating, is_refused_where_a_join_would_wait_for_ever) {
  const auto from = model(two_branches);
  const auto to = model(three_branches);
  const auto refused = moved(from, to, begun(from));
  ASSERT_EQ(refused.misfits.size(), 1U);
  EXPECT_EQ(refused.misfits[0].element, "join");
  EXPECT_THAT(refused.misfits[0].words.en, HasSubstr("f8"));
  const auto back = moved(to, from, begun(to));  // the third branch is nowhere there
  ASSERT_FALSE(back.fits());
  EXPECT_EQ(back.misfits[0].element, "c");
}

TEST_F(Migrating, keeps_what_has_arrived_at_a_join) {
  const auto from = model(two_branches);
  const auto to = model(named(two_branches));
  auto state = begun(from);
  complete(from, state, "a");
  auto there = moved(from, to, state);
  ASSERT_TRUE(there.fits());
  complete(to, there.state, "b");
  EXPECT_TRUE(there.state.ended());
}

TEST_F(Migrating, arms_what_is_new_at_an_activity_and_nothing_twice) {
  const auto from = model(one_check);
  const auto to = model(check_with_limit);
  auto there = moved(from, to, begun(from));
  ASSERT_TRUE(there.fits());
  const Correspondence same(*from, *to, {});
  ASSERT_TRUE(step(*to, there.state, Migrated{same.added()}, desk));
  ASSERT_EQ(std::ranges::count(there.state.waits, WaitKind::timer, &Wait::kind), 1);
  const auto newest = model(named(check_with_limit));
  const Correspondence again(*to, *newest, {});
  EXPECT_THAT(again.added(), IsEmpty());
  auto further = move_state(*to, *newest, again, there.state);
  ASSERT_TRUE(further.fits());
  EXPECT_EQ(std::ranges::count(further.state.waits, WaitKind::timer, &Wait::kind), 1);
}

TEST_F(Migrating, is_refused_while_a_timer_waits_that_the_new_version_has_not) {
  const auto from = model(check_with_limit);
  const auto to = model(one_check);
  const auto refused = moved(from, to, begun(from));
  ASSERT_FALSE(refused.fits());
  EXPECT_EQ(refused.misfits[0].element, "limit");
}

}  // namespace
}  // namespace jx::cases
