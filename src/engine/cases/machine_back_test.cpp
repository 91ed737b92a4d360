#include "machine.hpp"
#include "state_codec.hpp"
#include "test_model.hpp"

#include <jx/cases/model.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace jx::cases {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

struct Desk final : Host {
  [[nodiscard]] Instant now() const override { return *Instant::parse("2026-11-20T00:00:00Z"); }
  [[nodiscard]] std::string_view zone() const override { return "Asia/Shanghai"; }
  [[nodiscard]] Result<Instant> term_end(Instant from, int n, bool) const override { return from + Micros{n * 86'400'000'000}; }
  Result<rules::Value> decide(std::string_view, const Variables&) override { return rules::Value(); }
  Result<HostAnswer> script(std::string_view, std::string_view, const Variables&) override { return HostAnswer{}; }
};

std::string flow(const std::string& id, const std::string& from, const std::string& to, const std::string& condition = {}) {
  return "<sequenceFlow id=\"" + id + "\" sourceRef=\"" + from + "\" targetRef=\"" + to + "\">" +
         (condition.empty() ? "" : test_condition(condition)) + "</sequenceFlow>";
}
std::string users(std::initializer_list<const char*> ids) {
  std::string out;
  for (const char* id : ids) out += "<userTask id=\"" + std::string(id) + "\"/>";
  return out;
}

class SendingBack : public ::testing::Test {
 protected:
  void start(const std::string& body) {
    auto compiled = compile(test_model(test_process("p", body)));
    for (const auto& f : compiled.findings) ADD_FAILURE() << f.line << " " << f.rule << " " << f.element << ": " << f.message.en;
    ASSERT_TRUE(compiled.definition);
    definition_ = compiled.definition;
    Start begin;
    begin.process = definition_->find("p");
    run(begin);
  }
  std::vector<Effect> run(const Event& event) {
    auto effects = step(*definition_, state_, event, host_);
    EXPECT_TRUE(effects) << effects.error().text();
    return effects ? *effects : std::vector<Effect>{};
  }
  Ref wait_at(const std::string& element) {
    for (const Wait& w : state_.waits) {
      if (w.kind == WaitKind::task && definition_->node(w.node).id == element) return w.id;
    }
    return 0;
  }
  void finish(const std::string& element) {
    const Ref wait = wait_at(element);
    ASSERT_NE(wait, 0U) << "no open task " << element;
    done_[element] = wait;
    run(Completed{wait, {}, {}, {}});
  }
  std::vector<std::string> open() {
    std::vector<std::string> out;
    for (const Wait& w : state_.waits) {
      if (w.kind == WaitKind::task) out.push_back(definition_->node(w.node).id);
    }
    return out;
  }
  Result<> may(const std::string& from, const std::string& to) {
    return can_send_back(*definition_, state_, wait_at(from), definition_->find(to), done_.contains(to) ? done_[to] : 0);
  }
  std::string refusal(const std::string& from, const std::string& to) {
    const auto answer = may(from, to);
    return answer ? "" : answer.error().message.en;
  }
  void send_back(const std::string& from, const std::string& to) { run(SendBack{wait_at(from), definition_->find(to)}); }

  DefinitionPtr definition_;
  State state_;
  Desk host_;
  std::map<std::string, Ref> done_;
};

const std::string straight =
    "<startEvent id=\"s\"/>" + users({"a", "b", "c"}) +
    R"(<boundaryEvent id="late" attachedToRef="c"><timerEventDefinition><timeDuration xsi:type="tFormalExpression">P3D</timeDuration></timerEventDefinition></boundaryEvent>
  <endEvent id="e"/><endEvent id="e2"/>)" +
    flow("f1", "s", "a") + flow("f2", "a", "b") + flow("f3", "b", "c") + flow("f4", "c", "e") + flow("f5", "late", "e2");

TEST_F(SendingBack, moves_the_token_and_closes_what_waited) {
  start(straight);
  finish("a");
  finish("b");
  const Ref waiting = wait_at("c");
  const auto effects = run(SendBack{waiting, definition_->find("a")});
  std::vector<EffectKind> kinds;
  for (const auto& e : effects) kinds.push_back(e.kind);
  EXPECT_THAT(kinds, UnorderedElementsAre(EffectKind::task_closed, EffectKind::wait_removed, EffectKind::entered, EffectKind::task_opened));
  EXPECT_THAT(open(), UnorderedElementsAre("a"));
  EXPECT_EQ(state_.waits.size(), 1U) << "the timer is gone";
  for (const char* element : {"a", "b", "c"}) finish(element);
  EXPECT_TRUE(state_.ended());
}

TEST_F(SendingBack, is_the_same_step_for_the_same_state) {
  start(straight);
  finish("a");
  finish("b");
  State other = state_;
  send_back("c", "b");
  Desk host;
  Ref wait = 0;
  for (const Wait& w : other.waits) {
    if (w.kind == WaitKind::task) wait = w.id;
  }
  ASSERT_TRUE(step(*definition_, other, SendBack{wait, definition_->find("b")}, host));
  EXPECT_EQ(encode_state(other)->octets, encode_state(state_)->octets);
}

TEST_F(SendingBack, needs_a_step_that_leads_here) {
  start(straight);
  finish("a");
  EXPECT_EQ(refusal("b", "a"), "");
  EXPECT_THAT(refusal("b", "b"), HasSubstr("choose an earlier step"));
  EXPECT_THAT(refusal("b", "s"), HasSubstr("choose an earlier step"));
  EXPECT_THAT(refusal("b", "c"), HasSubstr("not done in this part"));
  done_["c"] = state_.next;
  EXPECT_THAT(refusal("b", "c"), HasSubstr("does not lead to this one"));
  const auto before = encode_state(state_)->octets;
  EXPECT_FALSE(step(*definition_, state_, SendBack{wait_at("b"), definition_->find("c")}, host_));
  EXPECT_EQ(encode_state(state_)->octets, before) << "a refusal changes nothing";
}

const std::string block = "<startEvent id=\"s\"/>" + users({"a", "x1", "x2", "y", "z"}) +
                          R"(<parallelGateway id="split"/><parallelGateway id="join"/><endEvent id="e"/>)" + flow("f1", "s", "a") +
                          flow("f2", "a", "split") + flow("f3", "split", "x1") + flow("f4", "x1", "x2") + flow("f5", "split", "y") +
                          flow("f6", "x2", "join") + flow("f7", "y", "join") + flow("f8", "join", "z") + flow("f9", "z", "e");

TEST_F(SendingBack, stays_within_a_branch_while_the_other_goes_on) {
  start(block);
  finish("a");
  finish("x1");
  EXPECT_EQ(refusal("x2", "x1"), "");
  EXPECT_THAT(refusal("x2", "a"), HasSubstr("other branches"));
  EXPECT_THAT(refusal("y", "a"), HasSubstr("other branches"));
  EXPECT_THAT(refusal("y", "x1"), HasSubstr("does not lead to this one"));
  send_back("x2", "x1");
  EXPECT_THAT(open(), UnorderedElementsAre("x1", "y"));
  for (const char* element : {"x1", "y", "x2", "z"}) finish(element);
  EXPECT_TRUE(state_.ended());
}

TEST_F(SendingBack, goes_before_a_split_only_when_all_branches_are_joined) {
  start(block);
  finish("a");
  finish("x1");
  finish("x2");
  EXPECT_THAT(refusal("y", "a"), HasSubstr("other branches")) << "one waits at the join";
  finish("y");
  EXPECT_THAT(refusal("z", "x2"), HasSubstr("joined since"));
  EXPECT_THAT(refusal("z", "y"), HasSubstr("joined since"));
  EXPECT_EQ(refusal("z", "a"), "");
  send_back("z", "a");
  for (const char* element : {"a", "x1", "y", "x2", "z"}) finish(element);
  EXPECT_TRUE(state_.ended());
}

TEST_F(SendingBack, crosses_a_gateway_that_only_chose) {
  start("<startEvent id=\"s\"/>" + users({"a", "b", "c", "d"}) + R"(<exclusiveGateway id="g"/><exclusiveGateway id="m"/><endEvent id="e"/>)" +
        flow("f1", "s", "a") + flow("f2", "a", "g") + flow("f3", "g", "b", "true") + flow("f4", "g", "c", "false") + flow("f5", "b", "m") +
        flow("f6", "c", "m") + flow("f7", "m", "d") + flow("f8", "d", "e"));
  finish("a");
  finish("b");
  EXPECT_EQ(refusal("d", "b"), "");
  EXPECT_EQ(refusal("d", "a"), "");
}

TEST_F(SendingBack, leaves_alone_what_several_do) {
  const std::string several =
      R"(<userTask id="b"><multiInstanceLoopCharacteristics><loopCardinality xsi:type="tFormalExpression">2</loopCardinality></multiInstanceLoopCharacteristics></userTask>)";
  start("<startEvent id=\"s\"/>" + users({"a", "c"}) + several + "<endEvent id=\"e\"/>" + flow("f1", "s", "a") + flow("f2", "a", "b") +
        flow("f3", "b", "c") + flow("f4", "c", "e"));
  finish("a");
  EXPECT_THAT(refusal("b", "a"), HasSubstr("several do"));
  finish("b");
  finish("b");
  EXPECT_THAT(refusal("c", "b"), HasSubstr("several do"));
  EXPECT_EQ(refusal("c", "a"), "");
}

TEST_F(SendingBack, stays_in_its_sub_process_and_its_round) {
  start("<startEvent id=\"s\"/>" + users({"a", "c"}) + R"(<subProcess id="sub"><startEvent id="si"/>)" + users({"i", "j"}) + "<endEvent id=\"ei\"/>" +
        flow("g1", "si", "i") + flow("g2", "i", "j") + flow("g3", "j", "ei") +
        R"(</subProcess><exclusiveGateway id="m"/><exclusiveGateway id="again"/><endEvent id="e"/>)" + flow("f1", "s", "a") + flow("f2", "a", "m") +
        flow("f3", "m", "sub") + flow("f4", "sub", "c") + flow("f5", "c", "again") + flow("f6", "again", "m", "round = 1") +
        flow("f7", "again", "e", "not(round = 1)"));
  finish("a");
  EXPECT_THAT(refusal("i", "a"), HasSubstr("another part"));
  finish("i");
  EXPECT_EQ(refusal("j", "i"), "");
  const Ref before = done_["i"];
  finish("j");
  EXPECT_THAT(refusal("c", "j"), HasSubstr("another part"));
  EXPECT_EQ(refusal("c", "a"), "");
  run(Completed{wait_at("c"), {}, {{"round", rules::Value(1)}}, {}});
  finish("i");
  EXPECT_EQ(refusal("j", "i"), "");
  done_["i"] = before;
  EXPECT_THAT(refusal("j", "i"), HasSubstr("not done in this part")) << "that was the round before";
}

TEST_F(SendingBack, does_not_pass_what_would_have_to_be_undone) {
  start(
      "<startEvent id=\"s\"/>" + users({"a", "b", "c"}) +
      R"(<userTask id="undo" isForCompensation="true"/><boundaryEvent id="comp" attachedToRef="b"><compensateEventDefinition/></boundaryEvent><association id="as" sourceRef="comp" targetRef="undo" associationDirection="One"/><endEvent id="e"/>)" +
      flow("f1", "s", "a") + flow("f2", "a", "b") + flow("f3", "b", "c") + flow("f4", "c", "e"));
  finish("a");
  finish("b");
  EXPECT_THAT(refusal("c", "a"), HasSubstr("undone"));
}

}  // namespace
}  // namespace jx::cases
