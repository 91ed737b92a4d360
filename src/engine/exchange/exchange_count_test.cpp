// Order, and numbers without rows.
#include "test_gateway.hpp"

#include <regex>

namespace jx::exchange {
namespace {

const char* const statistics = R"(id: statistics
resource: resident
consumer: fire
binding: programme
programme: inspections
purpose: {zh-CN: 统计, en: Statistics}
legal_basis: [{law: {zh-CN: 统计法, en: Statistics law}, article: "7"}]
fields: [{id: age}]
lookup: []
count_minimum: 3
calls_per_minute: 50
valid_from: 2026-01-01
)";

using Rows = std::vector<std::vector<boost::json::value>>;

struct Counts : Gateways {
  void SetUp() override {
    Gateways::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    apply({{"grants/statistics.yaml", statistics}});
    source.rows.clear();
    for (int i = 0; i < 12; ++i) add(i, i < 4 ? 30 : i < 10 ? 44 : 50);
  }
  void add(int number, int age) {
    std::map<std::string, boost::json::value> row;
    row["cid"] = "N" + std::to_string(number);
    row["full_name"] = "Wang " + std::to_string(number % 5);
    row["tel"] = "1";
    row["age"] = age;
    row["secret"] = "x";
    source.rows.push_back(std::move(row));
  }
  Call statistics_call(std::vector<std::string> by) {
    Call call;
    call.resource = ResourceId::trusted("resident");
    call.grant = GrantId::trusted("statistics");
    call.programme = ProgrammeId::trusted("inspections");
    call.count = true;
    call.fields = std::move(by);
    return call;
  }
  Rows answered(const Call& call) {
    const auto answer = gateway->call(context("fire"), call);
    EXPECT_TRUE(answer) << (answer ? "" : answer.error().text());
    return answer ? answer->rows : Rows{};
  }
};
JX_ON_BOTH(Counts);

TEST_P(Counts, puts_all_that_is_found_in_order_before_it_is_cut_into_pages) {
  auto call = programme_call("Wang");
  call.order = {{"age", true}, {"name", false}};
  call.limit = 2;
  const auto first = gateway->call(context("fire"), call);
  ASSERT_TRUE(first) << first.error().text();
  EXPECT_EQ(first->rows, (Rows{{"Wang 0", 50}, {"Wang 1", 50}}));
  call.cursor = first->next;
  EXPECT_EQ(answered(call), (Rows{{"Wang 0", 44}, {"Wang 1", 44}}));
  call.cursor = "11";
  EXPECT_EQ(answered(call).size(), 1U);
  call.order = {{"secret", false}};
  expect_refused("fire", call, ErrorCode::forbidden, "does not cover this field");
  call.order.assign(4, {"age", false});
  expect_refused("fire", call, ErrorCode::too_large, "at most 3");
}

TEST_P(Counts, tells_no_number_that_is_too_small_and_none_that_would_tell_it) {
  EXPECT_EQ(answered(statistics_call({})), (Rows{{12}}));
  EXPECT_EQ(answered(statistics_call({"age"})),
            (Rows{{44, 6}, {nullptr, nullptr}}));  // 4 would tell that there are 2; and whose they are is not told
  add(20, 50);
  EXPECT_EQ(answered(statistics_call({"age"})), (Rows{{30, 4}, {44, 6}, {50, 3}, {nullptr, nullptr}}));  // in any case
  auto few = statistics_call({});
  few.filter = *parse_filter(boost::json::object{{"field", "age"}, {"op", "gt"}, {"value", 90}});
  EXPECT_EQ(answered(few), (Rows{{nullptr}}));  // none, or few: that is not told
}

TEST_P(Counts, tell_nobody_whether_one_person_is_among_those_asked_for) {
  auto one = statistics_call({"age"});
  one.filter = *parse_filter(boost::json::object{{"field", "age"}, {"op", "eq"}, {"value", 50}});
  const auto there = answered(one);
  one.filter = *parse_filter(boost::json::object{{"field", "age"}, {"op", "eq"}, {"value", 51}});
  EXPECT_EQ(answered(one), there);
}

TEST_P(Counts, answers_nothing_but_numbers_and_names_nobody) {
  auto rows = statistics_call({"age"});
  rows.count = false;
  expect_refused("fire", rows, ErrorCode::forbidden, "how many");
  ASSERT_TRUE(gateway->call(context("fire"), statistics_call({"age"})));
  EXPECT_EQ(uses_by("fire")[0].records, 0);
  auto named = statistics_call({"name"});
  expect_refused("fire", named, ErrorCode::forbidden, "does not cover this field");
  named = statistics_call({});
  named.where = {{"name", Op::eq, "Wang 1"}};
  expect_refused("fire", named, ErrorCode::forbidden, "look up by this field");
}

TEST_P(Counts, counts_what_a_look_up_finds_under_any_grant) {
  auto call = programme_call("Wang");
  call.count = true;
  EXPECT_EQ(answered(call), (Rows{{12}}));
  call.where = {{"name", Op::contains, "Wang 1"}};
  EXPECT_EQ(answered(call), (Rows{{nullptr}}));  // 3 of them, fewer than 5
}

TEST_P(Counts, tells_no_value_that_few_have) {
  auto call = programme_call("Wang");
  call.where.clear();
  call.count = true;
  call.fields = {"name"};  // each name two or three times
  EXPECT_EQ(answered(call), (Rows{{nullptr, nullptr}}));
}

TEST_P(Counts, is_not_asked_by_the_code_of_a_person) {
  apply({{"grants/by-programme.yaml", std::regex_replace(std::string(programme_grant), std::regex("\\{id: age\\}\\]\nlookup: \\[name\\]"),
                                                         "{id: age}, {id: citizen_id}]\nlookup: [name, citizen_id]")}});
  auto call = programme_call("Wang");
  call.count = true;
  call.where = {{"citizen_id", Op::eq, "N1"}};
  expect_refused("fire", call, ErrorCode::forbidden, "by the code of a person");
  call.where.clear();
  call.fields = {"citizen_id"};
  expect_refused("fire", call, ErrorCode::forbidden, "by the code of a person");
  call.fields.clear();
  call.filter = *parse_filter(boost::json::object{{"field", "citizen_id"}, {"op", "eq"}, {"value", "N1"}});
  expect_refused("fire", call, ErrorCode::forbidden, "by the code of a person");
}

TEST_P(Counts, holds_a_grant_that_counts_to_its_rules) {
  Grant grant;
  grant.count_minimum = 1;
  grant.fields = {{"age", "generalise"}};
  grant.delivery.emplace();
  grant.legal_basis = {{}};
  catalogue::Resource resource;
  resource.share_class = catalogue::ShareClass::conditional;
  std::vector<std::string> pointers;
  for (const auto& fault : faults_of(grant, resource)) pointers.push_back(fault.pointer);
  EXPECT_EQ(std::ranges::count(pointers, "/count_minimum"), 2);
  EXPECT_NE(std::ranges::find(pointers, "/fields"), pointers.end());
  EXPECT_NE(std::ranges::find(pointers, "/delivery"), pointers.end());
}

}  // namespace
}  // namespace jx::exchange
