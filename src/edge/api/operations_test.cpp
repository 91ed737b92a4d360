// The table of operations against the contract, and the parts of the plumbing that need no database. The rest is played over the wire by
// tests/contract.
#include "operations.hpp"

#include "cookies.hpp"
#include "rates.hpp"

#include <jx/wire/yaml.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

namespace jx::api {

namespace {

/// One operation as a line that both sides can be compared by.
std::string line(std::string_view id, std::string_view method, std::string_view path, bool open, bool body, bool key) {
  std::string out(id);
  out.append(" ").append(method).append(" ").append(path);
  if (open) out += ", for anyone";
  if (body) out += ", with a body";
  if (key) out += ", with Idempotency-Key";
  return out;
}

bool takes_key(const boost::json::object& operation) {
  const auto* parameters = operation.if_contains("parameters");
  if (parameters == nullptr) return false;
  for (const auto& parameter : parameters->as_array()) {
    const auto* reference = parameter.as_object().if_contains("$ref");
    if (reference != nullptr && reference->as_string().ends_with("/idempotencyKey")) return true;
  }
  return false;
}

std::set<std::string> of_the_contract() {
  std::ifstream in(std::string(JX_SOURCE_DIR) + "/api/openapi.yaml");
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const auto document = wire::parse_yaml(text);
  EXPECT_TRUE(document) << document.error().text();
  std::set<std::string> lines;
  for (const auto& path : document->value().as_object().at("paths").as_object()) {
    for (const auto& [key, method] : {std::pair("get", "GET"), {"post", "POST"}, {"put", "PUT"}, {"patch", "PATCH"}, {"delete", "DELETE"}}) {
      const auto* found = path.value().as_object().if_contains(key);
      if (found == nullptr) continue;
      const auto& operation = found->as_object();
      const auto* security = operation.if_contains("security");
      const bool open = security != nullptr && security->as_array().empty();
      lines.insert(line(std::string_view(operation.at("operationId").as_string()), method, path.key(), open, operation.contains("requestBody"),
                        takes_key(operation)));
    }
  }
  return lines;
}

TEST(Operations, are_those_of_the_contract) {
  std::set<std::string> ours{"health GET /healthz, for anyone", "metrics GET /metrics, for anyone", "ready GET /readyz, for anyone"};  // of edge/http
  for (const Operation& each : operations()) {
    std::string path(each.path);
    if (const auto rest = path.find("+}"); rest != std::string::npos) path.erase(rest, 1);
    ours.insert(line(each.id, http::name(each.method), path, each.who == Who::anyone, each.body_bytes_max > 0, each.keyed == Keyed::yes));
  }
  const auto theirs = of_the_contract();
  for (const std::string& each : theirs) EXPECT_TRUE(ours.contains(each)) << "no handler: " << each;
  for (const std::string& each : ours) EXPECT_TRUE(theirs.contains(each)) << "not in the contract: " << each;
}

TEST(Rates, let_a_burst_through_and_then_so_many_a_second) {
  Rates rates({.per_second = 2, .burst = 5});
  const Instant start{1'000'000'000};
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(rates.take("a", start));
  const auto refused = rates.take("a", start);
  EXPECT_EQ(refused.error().code, ErrorCode::limited);
  EXPECT_TRUE(rates.take("b", start));
  EXPECT_TRUE(rates.take("a", start + std::chrono::milliseconds(500)));
  EXPECT_FALSE(rates.take("a", start + std::chrono::milliseconds(500)));
}

TEST(Rates, say_how_long_to_wait_at_most) {
  EXPECT_EQ(Rates({.per_second = 50, .burst = 500}).wait_max(), std::chrono::seconds(1));
  EXPECT_EQ(Rates({.per_second = 0.1, .burst = 1}).wait_max(), std::chrono::seconds(10));
}

TEST(Rates, are_not_fooled_by_a_clock_that_goes_back) {
  Rates rates({.per_second = 1, .burst = 1});
  EXPECT_TRUE(rates.take("a", Instant{10'000'000}));
  EXPECT_FALSE(rates.take("a", Instant{1'000'000}));
  EXPECT_FALSE(rates.take("a", Instant{10'500'000}));
  EXPECT_TRUE(rates.take("a", Instant{11'000'000}));
}

TEST(Rates, count_a_network_of_ipv6_as_one_caller) {
  EXPECT_EQ(address_counted("2001:db8:1:2::1"), address_counted("2001:db8:1:2:ffff::9"));
  EXPECT_NE(address_counted("2001:db8:1:2::1"), address_counted("2001:db8:1:3::1"));
  for (const auto* v4 : {"203.0.113.7", "::ffff:203.0.113.7"}) EXPECT_EQ(address_counted(v4), v4);
}

TEST(Rates, keep_a_bounded_number_of_callers) {
  Rates rates({.per_second = 1, .burst = 2});
  for (std::size_t i = 0; i < Rates::callers_max + 1000; ++i) EXPECT_TRUE(rates.take(std::to_string(i), Instant{static_cast<std::int64_t>(i)}));
}

TEST(Cookies, are_out_of_reach_of_scripts_and_other_sites) {
  auto plain = http::Request::parse("GET / HTTP/1.1\r\nHost: a\r\nCookie: junxian_session=token; junxian_device=d\r\n\r\n");
  ASSERT_TRUE(plain);
  EXPECT_EQ(cookie_token(*plain, Cookie::session), "token");
  http::Response response = http::no_content();
  set_cookie(response, *plain, Cookie::session, "token");
  EXPECT_EQ(response.header("Set-Cookie"), "junxian_session=token; Path=/; HttpOnly; SameSite=Strict");
  EXPECT_EQ(cookie_name(Cookie::session, true), "__Host-junxian_session");
  http::Response gone = http::no_content();
  drop_cookie(gone, *plain, Cookie::session);
  EXPECT_EQ(gone.header("Set-Cookie"), "junxian_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
}

}  // namespace
}  // namespace jx::api
