#include "definition.hpp"
#include "test_model.hpp"

#include <jx/cases/model.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jx::cases {
namespace {

std::vector<Finding> findings_of(const std::string& attribute) {
  return compile(test_model(test_process("p", R"(<startEvent id="s"/><userTask id="draft"/><userTask id="sign" jx:other-than=")" + attribute +
                                                  R"("/><endEvent id="e"/><sequenceFlow id="f1" sourceRef="s" targetRef="draft"/>
  <sequenceFlow id="f2" sourceRef="draft" targetRef="sign"/><sequenceFlow id="f3" sourceRef="sign" targetRef="e"/>)")))
      .findings;
}

TEST(FourEyes, names_other_user_tasks_of_the_model) {
  EXPECT_TRUE(findings_of("draft").empty());
  EXPECT_TRUE(findings_of(" draft , draft").empty());
  for (const char* wrong : {"review", "sign", "s", "draft,review"}) {
    const auto findings = findings_of(wrong);
    ASSERT_EQ(findings.size(), 1U) << wrong;
    EXPECT_EQ(findings[0].rule, "JX020");
    EXPECT_EQ(findings[0].element, "sign");
    EXPECT_FALSE(findings[0].message.zh.empty());
  }
}

TEST(FourEyes, stands_on_a_user_task_only) {
  const auto findings =
      compile(test_model(test_process("p", R"(<startEvent id="s"/><userTask id="draft"/><manualTask id="seal" jx:other-than="draft"/>
  <endEvent id="e"/><sequenceFlow id="f1" sourceRef="s" targetRef="draft"/><sequenceFlow id="f2" sourceRef="draft" targetRef="seal"/>
  <sequenceFlow id="f3" sourceRef="seal" targetRef="e"/>)")))
          .findings;
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].rule, "JX016");
}

}  // namespace
}  // namespace jx::cases
