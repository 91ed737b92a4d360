// What leaves for a consumer's address, and what does not.
#include <jx/connectors/posting.hpp>
#include <jx/http/client.hpp>

#include "small_server.hpp"

#include <gtest/gtest.h>

namespace jx::connectors {
namespace {

using testing::SmallServer;

std::vector<http::AddressRange> loopback() { return {*http::AddressRange::parse("127.0.0.0/8")}; }

TEST(Posting, sends_head_and_body_as_they_are_and_tells_what_is_answered) {
  SmallServer server([](const std::string&) { return "503 Busy\r\nRetry-After: 30\r\n\r\nlater"; });
  HttpPosting posting(loopback(), {});
  const std::string body = std::string(3'000'000, 'x') + "\n";
  const auto answered = posting.post({server.url() + "/in", {{"Content-Type", "text/csv"}, {"Junxian-Part", "1;of=2"}}, body});
  ASSERT_TRUE(answered) << answered.error().text();
  EXPECT_EQ(answered->status, 503);
  EXPECT_EQ(answered->retry_after, std::chrono::seconds(30));
  ASSERT_EQ(server.bodies().size(), 1U);
  EXPECT_EQ(server.bodies()[0], body);
  EXPECT_TRUE(server.heads()[0].starts_with("POST /in HTTP/1.1\r\n")) << server.heads()[0];
  EXPECT_NE(server.heads()[0].find("Junxian-Part: 1;of=2\r\n"), std::string::npos);
}

TEST(Posting, does_not_reach_this_machine_or_a_private_network_unless_that_is_allowed) {
  SmallServer server([](const std::string&) { return "204 No Content\r\n\r\n"; });
  HttpPosting posting({}, {});
  const auto port = server.url().substr(server.url().rfind(':'));
  for (const auto& url : {server.url(), "http://localhost" + port, "http://[::ffff:127.0.0.1]" + port, std::string("http://10.0.0.1/"),
                          std::string("http://169.254.169.254/"), std::string("http://[fe80::1]/")}) {
    const auto refused = posting.post({url, {}, "secret"});
    ASSERT_FALSE(refused) << url;
    EXPECT_EQ(refused.error().code, ErrorCode::forbidden) << url << ": " << refused.error().text();
  }
  EXPECT_TRUE(server.heads().empty());
}

TEST(Posting, follows_no_redirect) {
  SmallServer server([](const std::string&) { return "307 Elsewhere\r\nLocation: http://127.0.0.1:9/\r\n\r\n"; });
  HttpPosting posting(loopback(), {});
  const auto answered = posting.post({server.url(), {}, "x"});
  ASSERT_TRUE(answered) << answered.error().text();
  EXPECT_EQ(answered->status, 307);
  EXPECT_EQ(server.heads().size(), 1U);
}

TEST(Posting, says_so_when_nobody_answers) {
  std::string url;
  {
    const SmallServer server([](const std::string&) { return "204 No Content\r\n\r\n"; });
    url = server.url();
  }
  HttpPosting posting(loopback(), {});
  EXPECT_EQ(posting.post({url, {}, "x"}).error().code, ErrorCode::unavailable);
}

TEST(PublicAddresses, are_those_of_the_internet_alone) {
  for (const auto* outside : {"8.8.8.8", "223.5.5.5", "2400:3200::1", "172.32.0.1", "100.128.0.1"})
    EXPECT_TRUE(http::is_public_address(outside)) << outside;
  for (const auto* inside :
       {"127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "fec0::1"})
    EXPECT_FALSE(http::is_public_address(inside)) << inside;
}

}  // namespace
}  // namespace jx::connectors
