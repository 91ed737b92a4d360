#include <jx/cases/suite.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

namespace jx::cases {
namespace {

std::string suite_folder() {
  const char* shared = std::getenv("JUNXIAN_SHARED");
  return (shared != nullptr ? std::filesystem::path(shared) : std::filesystem::path(JX_SOURCE_DIR) / ".." / "shared") / "suites" / "bpmn";
}

/// Expectations that BPMN 2.0 does not support, as the README of the suite says ("doubtful").
const std::set<std::string> doubtful{"MultiInstance_ComplexBehavior"};

TEST(Suite, runs_every_executable_case_and_refuses_every_broken_model) {
  if (!std::filesystem::exists(suite_folder())) GTEST_SKIP() << "no BPMN suite in " << suite_folder() << ": set JUNXIAN_SHARED";
  const auto results = run_suite(suite_folder());
  ASSERT_TRUE(results) << results.error().text();
  std::map<bool, int> executed, refused;
  for (const auto& r : *results) {
    ++(r.id.empty() ? refused : executed)[r.ok];
    if (!doubtful.contains(r.name)) {
      EXPECT_TRUE(r.ok) << r.csv();
    }
  }
  std::printf("executable cases: %d of %d; constraint models: %d of %d\n", executed[true], executed[true] + executed[false], refused[true],
              refused[true] + refused[false]);
}

TEST(Suite, answers_not_found_where_there_is_no_suite) {
  const auto results = run_suite("/nonexistent");
  ASSERT_FALSE(results);
  EXPECT_EQ(results.error().code, ErrorCode::not_found);
}

TEST(Suite, writes_a_line_of_csv_with_doubled_quotes) {
  EXPECT_EQ((SuiteResult{"models/gateways", "ExclusiveGateway", "1", true, ""}.csv()), R"("models/gateways","ExclusiveGateway","1","SUCCESS","")");
  EXPECT_EQ((SuiteResult{"constraints/EXT012", "m", "", false, "a \"b\""}.csv()), R"("constraints/EXT012","m","","FAILURE","a ""b""")");
}

}  // namespace
}  // namespace jx::cases
