#include <jx/core.hpp>

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <set>

namespace jx {
namespace {

TEST(Instant, prints_and_reads_rfc_3339) {
  EXPECT_EQ(Instant{0}.text(), "1970-01-01T00:00:00Z");
  EXPECT_EQ(Instant{-1}.text(), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(Instant::parse("2026-11-21T17:03:56.5+08:00")->text(), "2026-11-21T09:03:56.5Z");
  for (const auto* bad : {"", "2026-11-21", "2026-11-21T09:03:56", "2026-02-30T00:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T09:03:56.Z",
                          "2026-11-21T09:03:56+8:00"}) {
    EXPECT_FALSE(Instant::parse(bad)) << bad;
  }
}

TEST(LocalDate, refuses_days_that_do_not_exist) {
  EXPECT_EQ(LocalDate::parse("2024-02-29")->text(), "2024-02-29");
  for (const auto* bad : {"2023-02-29", "2023-13-01", "2023-1-01", "0000-01-01", "2023-01-0a"}) EXPECT_FALSE(LocalDate::parse(bad)) << bad;
  EXPECT_EQ(LocalDate::of(2026, 11, 21).weekday(), 6U);
}

TEST(Uuid, is_version_7_and_sorts_by_time) {
  VirtualClock clock(*Instant::parse("2026-11-21T00:00:00Z"));
  SeededRandom random(1);
  const auto first = Uuid::make(clock, random);
  clock.advance(Micros{1'000});
  const auto second = Uuid::make(clock, random);
  EXPECT_LT(first, second);
  EXPECT_EQ(first.text()[14], '7');
  EXPECT_EQ(*Uuid::parse(first.text()), first);
  EXPECT_FALSE(Uuid::parse(first.text().substr(1) + "0"));
}

TEST(Key, names_the_character_that_is_wrong) {
  EXPECT_TRUE(UnitId::parse("market-regulation"));
  EXPECT_NE(UnitId::parse("Market").error().message.en.find("begins"), std::string::npos);
  EXPECT_NE(UnitId::parse("market regulation").error().message.en.find("character 7"), std::string::npos);
}

TEST(Base64, is_strict_and_round_trips) {
  SeededRandom random(2);
  for (std::size_t size = 0; size < 70; ++size) {
    Bytes bytes(size);
    random.fill(bytes);
    EXPECT_EQ(*from_base64(to_base64(bytes)), bytes);
    EXPECT_EQ(*from_base64url(to_base64url(bytes)), bytes);
    EXPECT_EQ(*from_hex(to_hex(bytes)), bytes);
  }
  for (const auto* bad : {"A", "AA", "AAA", "AB==", "AAB=", "A===", "AA=A", "====", "A!=="}) EXPECT_FALSE(from_base64(bad)) << bad;
  const auto text = to_base64(Bytes(31, 0x5a));
  for (std::size_t i = 0; i < text.size() - 1; ++i) {
    auto broken = text;
    broken[i] = '*';
    const auto decoded = from_base64(broken);
    ASSERT_FALSE(decoded) << i;
    EXPECT_NE(decoded.error().message.en.find("character " + std::to_string(i + 1) + " "), std::string::npos) << decoded.error().message.en;
  }
  EXPECT_FALSE(from_hex("0"));
  EXPECT_FALSE(from_hex("0g"));
}

TEST(VirtualClock, never_goes_back) {
  VirtualClock clock(Instant{100});
  clock.advance_to(Instant{50});
  EXPECT_EQ(clock.now().micros, 100);
  clock.advance(Micros{5});
  EXPECT_EQ(clock.now().micros, 105);
}

TEST(LocalizedText, falls_back_by_language) {
  const LocalizedText text({{"en", "fire"}, {"zh-CN", "消防"}});
  EXPECT_EQ(text.in("zh-CN"), "消防");
  EXPECT_EQ(text.in("zh"), "消防");
  EXPECT_EQ(text.in("fr"), "fire");
  EXPECT_EQ(LocalizedText().in("en"), "");
}

TEST(SystemRandom, gives_no_octets_twice_not_even_to_the_child_of_a_process) {
  SystemRandom random;
  std::set<std::array<std::uint8_t, 16>> seen;
  for (int i = 0; i < 10'000; ++i) {
    std::array<std::uint8_t, 16> octets{};
    random.fill(octets);
    EXPECT_TRUE(seen.insert(octets).second);
  }
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  std::array<std::uint8_t, 16> mine{}, theirs{};
  const pid_t child = ::fork();
  random.fill(mine);
  if (child == 0) {
    (void)!::write(ends[1], mine.data(), mine.size());
    ::_exit(0);
  }
  ASSERT_EQ(::read(ends[0], theirs.data(), theirs.size()), 16);
  ::waitpid(child, nullptr, 0);
  EXPECT_NE(mine, theirs);
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace
}  // namespace jx
