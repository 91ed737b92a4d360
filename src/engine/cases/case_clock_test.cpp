// What a model may say about the clock of the case. What it then does is told in tests/scenario/cases/data-request-*.yaml.
#include "definition.hpp"
#include "test_model.hpp"

#include <jx/cases/model.hpp>

#include <gtest/gtest.h>

namespace jx::cases {
namespace {

std::string rule_found(const std::string& attributes) {
  const auto findings = compile(test_model(test_process("p", R"(<startEvent id="s"/><userTask id="examine" )" + attributes + R"(/><endEvent id="e"/>
  <sequenceFlow id="f1" sourceRef="s" targetRef="examine"/><sequenceFlow id="f2" sourceRef="examine" targetRef="e"/>)")))
                            .findings;
  return findings.empty() ? "" : findings[0].rule;
}

TEST(CaseClock, takes_a_term_or_what_is_added_to_it) {
  EXPECT_EQ(rule_found(R"(jx:case-term="10 WD")"), "");
  EXPECT_EQ(rule_found(R"(jx:case-term="+5 WD")"), "");
  EXPECT_EQ(rule_found(R"(jx:case-term="30 D")"), "");
  for (const char* wrong : {"ten", "P3D", "+", "++5 WD", "10"})
    EXPECT_EQ(rule_found(R"(jx:case-term=")" + std::string(wrong) + "\""), "JX021") << wrong;
}

TEST(CaseClock, stands_for_a_known_reason_and_by_a_law) {
  EXPECT_EQ(rule_found(R"(jx:clock-stands="supplement" jx:clock-law="art. 21")"), "");
  EXPECT_EQ(rule_found(R"(jx:clock-stands="payment" jx:clock-law="art. 21")"), "");
  EXPECT_EQ(rule_found(R"(jx:clock-stands="holiday" jx:clock-law="art. 21")"), "JX022");
  EXPECT_EQ(rule_found(R"(jx:clock-stands="supplement")"), "JX022");
  EXPECT_EQ(rule_found(R"(jx:clock-law="art. 21")"), "JX022");
}

}  // namespace
}  // namespace jx::cases
