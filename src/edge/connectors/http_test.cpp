// How interfaces are asked.
#include "small_server.hpp"
#include "worlds.hpp"

namespace jx::connectors {
namespace {

using exchange::Op;
using Rows = std::vector<std::vector<boost::json::value>>;

struct Interface : ::testing::Test {
  std::string answer = "200 OK\r\n\r\n{}";
  testing::SmallServer server{[this](const std::string&) { return answer; }};
  VirtualClock clock{Instant{1'800'000'000'000'000}};
  LocalSources sources{".", clock, testing::password("token-7")};

  catalogue::Source source() const {
    auto made = testing::named_source(catalogue::SourceKind::http);
    made.url = server.url() + "/v1";
    catalogue::SourceTable table{"insured"};
    table.path = "people/{id}/insurance";
    table.rows = "/data/items";
    table.columns = std::map<std::string, std::string>{{"id", "id"}, {"year", "year"}, {"spouse", "/spouse/name"}, {"amount", "amount"}};
    table.lookup = std::map<std::string, std::string>{{"year", "in year"}};
    made.tables = std::vector{table};
    return made;
  }
  Result<exchange::ReadRows> read(std::vector<std::string> columns, std::vector<exchange::Condition> where) {
    return sources.read({source(), "insured", std::move(columns), std::move(where), 0, 200}, SystemClock().now() + std::chrono::seconds(10));
  }
  std::string asked() {
    const auto heads = server.heads();
    return heads.empty() ? "" : heads.back().substr(0, heads.back().find("\r\n"));
  }
};

TEST_F(Interface, is_asked_by_path_and_parameters_and_the_rest_is_applied_here) {
  answer =
      "200 OK\r\n\r\n"
      R"({"data": {"items": [{"id": "a/b?c", "year": 2025, "spouse": {"name": "X"}, "amount": 1.5}, {"id": "a/b?c", "year": 2025, "amount": true},
      {"id": "z", "year": 2025}, {"id": "a/b?c", "year": 2024}, 5]}})";
  const auto found = read({"spouse", "amount"}, {{"id", Op::eq, "a/b?c"}, {"year", Op::eq, "2025"}});
  ASSERT_TRUE(found) << found.error().text();
  EXPECT_EQ(found->rows, (Rows{{"X", 1.5}, {nullptr, true}}));
  EXPECT_EQ(asked(), "GET /v1/people/a%2Fb%3Fc/insurance?in%20year=2025 HTTP/1.1");
  EXPECT_EQ(read({"amount"}, {{"id", Op::eq, "a/b?c"}, {"spouse", Op::starts_with, "x"}})->rows, (Rows{{1.5}}));
}

TEST_F(Interface, is_not_asked_what_it_cannot_answer) {
  EXPECT_EQ(read({"year"}, {{"year", Op::eq, "2025"}}).error().code, ErrorCode::invalid) << "not without the id";
  EXPECT_TRUE(read({"year"}, {{"id", Op::eq, ".."}})->rows.empty());
  EXPECT_TRUE(read({"year"}, {{"id", Op::eq, ""}})->rows.empty());
  EXPECT_EQ(read({"no"}, {{"id", Op::eq, "1"}}).error().code, ErrorCode::unavailable);
  EXPECT_TRUE(server.heads().empty());
}

TEST_F(Interface, gets_its_token_in_the_header_and_nowhere_else) {
  auto with = source();
  with.secret = "token";
  answer = "401 Unauthorized\r\n\r\n";
  const auto refused = sources.read({with, "insured", {"year"}, {{"id", Op::eq, "1"}}, 0, 1}, no_deadline);
  EXPECT_NE(server.heads().back().find("Authorization: Bearer token-7"), std::string::npos);
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
  EXPECT_EQ(refused.error().text().find("token-7"), std::string::npos);
}

TEST_F(Interface, that_redirects_or_fails_or_says_no_json_is_unavailable) {
  for (const auto* said :
       {"302 Found\r\nLocation: http://169.254.169.254/\r\n\r\n", "500 No\r\n\r\n", "200 OK\r\n\r\n{", "200 OK\r\n\r\n{\"data\": {\"items\": 5}}"}) {
    answer = said;
    EXPECT_EQ(LocalSources(".", clock).read({source(), "insured", {"year"}, {{"id", Op::eq, "1"}}, 0, 1}, no_deadline).error().code,
              ErrorCode::unavailable)
        << said;
  }
  answer = "404 Not Found\r\n\r\nnobody";
  EXPECT_TRUE(read({"year"}, {{"id", Op::eq, "1"}})->rows.empty());
  answer = "200 OK\r\n\r\n{\"data\": {}}";
  EXPECT_TRUE(read({"year"}, {{"id", Op::eq, "1"}})->rows.empty());
  answer = "200 OK\r\n\r\n{\"data\": {\"items\": {\"id\": \"1\", \"year\": 3}}}";
  EXPECT_EQ(read({"year"}, {{"id", Op::eq, "1"}})->rows, (Rows{{3}})) << "one object is one row";
  answer = "200 OK\r\n\r\n[" + std::string(9U << 20U, ' ') + "]";
  EXPECT_FALSE(read({"year"}, {{"id", Op::eq, "1"}}));
}

}  // namespace
}  // namespace jx::connectors
