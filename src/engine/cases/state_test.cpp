#include "office_time.hpp"
#include "state_codec.hpp"

#include <gtest/gtest.h>

#include <map>

namespace jx::cases {
namespace {

using rules::Value;

State sample() {
  State s;
  s.definition.fill(7);
  s.next = 9;
  Scope root;
  root.id = 1;
  root.node = 0;
  root.variables = {{"n", Value(42)},
                    {"text", Value("溪口")},
                    {"list", Value::list({Value(true), Value(), Value(*rules::Number::parse("1.50"))})},
                    {"date", Value(*rules::Date::parse("2026-11-20"))},
                    {"for", Value(*rules::Months::parse("P1Y2M"))},
                    {"c", Value::context({{"k", Value("v")}})}};
  root.done.push_back({3, {{"x", Value(1)}}, {{4, {}, {}}}});
  s.scopes.push_back(root);
  s.tokens.push_back({2, 5, 1, 1, Phase::waiting, Resume::body, 0});
  s.waits.push_back({3, 2, 0, 5, 0, WaitKind::task, false, 1, {}});
  s.waits.push_back({4, 2, 0, 6, 1, WaitKind::timer, false, -1, Instant{1'767'225'600'000'000}});
  s.compensations.push_back({8, 2, 1, 0, {{3, {}, {}}}});
  s.ready = {2};
  return s;
}

Fetch fetch_from(const EncodedState& encoded) {
  std::map<crypto::Digest, Bytes> beside;
  for (const auto& b : encoded.beside) beside[b.sha256] = b.octets;
  return [beside](const crypto::Digest& sha256) -> Result<Bytes> {
    const auto it = beside.find(sha256);
    if (it == beside.end()) return fail(ErrorCode::corrupt, "missing");
    return it->second;
  };
}

TEST(StateCodec, reads_back_what_it_wrote) {
  const auto written = encode_state(sample());
  ASSERT_TRUE(written);
  const auto read = decode_state(written->octets, fetch_from(*written), nullptr);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(encode_state(*read)->octets, written->octets);
  EXPECT_EQ(read->scopes[0].variables[2].value, sample().scopes[0].variables[2].value);
  EXPECT_EQ(read->waits[1].due, sample().waits[1].due);
  EXPECT_EQ(read->scopes[0].done[0].inner[0].node, 4);
  EXPECT_LT(written->octets.size(), 200U);
}

/// States as releases wrote them: each must stay readable for ever. A new format adds a line and removes none.
TEST(StateCodec, reads_the_states_of_every_release) {
  for (const char* hex : {// format 1: a scope with x = 2 and y = "hi", and a token that waits for a task
                          "01000000000000000000000000000000000000000000000000000000000000000001040000000101000000000000020178030401790502686900000001"
                          "020102010d0001030200010000000000"}) {
    const auto octets = from_hex(hex);
    ASSERT_TRUE(octets);
    const auto read = decode_state(*octets, fetch_from({}), nullptr);
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(read->scopes.at(0).variables.at(1).value.string(), "hi");
    EXPECT_EQ(encode_state(*read)->octets, *octets);
  }
}

TEST(StateCodec, lays_large_values_beside_the_row) {
  State s = sample();
  s.scopes[0].variables.push_back({"big", Value(std::string(100'000, 'x'))});
  const auto written = encode_state(s);
  ASSERT_TRUE(written);
  EXPECT_LT(written->octets.size(), 300U);
  ASSERT_EQ(written->beside.size(), 1U);
  const auto read = decode_state(written->octets, fetch_from(*written), nullptr);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->scopes[0].variables.back().value.string().size(), 100'000U);
}

TEST(StateCodec, lays_a_state_over_16_KB_beside_the_row_as_a_whole) {
  State s = sample();
  for (int i = 0; i < 4'000; ++i) s.scopes[0].variables.push_back({"v" + std::to_string(i), Value(i)});
  const auto written = encode_state(s);
  ASSERT_TRUE(written);
  EXPECT_LE(written->octets.size(), std::size_t{16 * 1024});
  EXPECT_TRUE(decode_state(written->octets, fetch_from(*written), nullptr));
}

TEST(StateCodec, refuses_every_cut_and_most_changes) {
  const auto written = encode_state(sample());
  for (std::size_t n = 0; n < written->octets.size(); ++n) {
    const auto read = decode_state(ByteView(written->octets).first(n), fetch_from(*written), nullptr);
    ASSERT_FALSE(read) << n;
    EXPECT_EQ(read.error().code, ErrorCode::corrupt);
  }
}

TEST(OfficeTime, reads_what_models_write) {
  EXPECT_EQ(parse_duration("PT10S")->span.count(), 10'000'000);
  EXPECT_EQ(parse_duration("P1Y2M")->months, 14);
  EXPECT_EQ(parse_duration("P1M2DT3H")->months, 1);
  EXPECT_EQ(parse_duration("P1M2DT3H")->span.count(), (48 + 3) * 3'600'000'000LL);
  EXPECT_EQ(parse_duration("P2W")->span.count(), 14 * 86'400'000'000LL);
  EXPECT_EQ(parse_duration("10 WD")->working_days, 10);
  EXPECT_EQ(parse_duration("30 D")->days, 30);
  for (const char* bad : {"", "P", "10", "10 XD", "-PT1S", "PT", "1D", "P1DT", "WD", "-1 WD"}) EXPECT_FALSE(parse_duration(bad)) << bad;
  EXPECT_EQ(parse_cycle("R4/PT10S")->repetitions, 4);
  EXPECT_EQ(parse_cycle("R/PT10S")->repetitions, -1);
  EXPECT_EQ(parse_cycle("R2/2026-01-01T00:00:00Z/P1D")->start, *Instant::parse("2026-01-01T00:00:00Z"));
  for (const char* bad : {"", "R", "R4", "4/PT1S", "Rx/PT1S", "R1/", "R1/x"}) EXPECT_FALSE(parse_cycle(bad)) << bad;
  EXPECT_EQ(*parse_date("2026-11-20", "Asia/Shanghai"), *Instant::parse("2026-11-19T16:00:00Z"));
  EXPECT_EQ(*parse_date("2026-11-20T09:00:00+08:00", "UTC"), *Instant::parse("2026-11-20T01:00:00Z"));
}

}  // namespace
}  // namespace jx::cases
