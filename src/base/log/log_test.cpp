#include <jx/log.hpp>

#include <gtest/gtest.h>

#include <boost/describe/enum.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <unistd.h>

namespace jx::log {
namespace {

enum class Colour { red, green };
BOOST_DESCRIBE_ENUM(Colour, red, green)

// Only what is named here may be a value.
static_assert(!std::is_constructible_v<Field, Literal, std::string>);
static_assert(!std::is_constructible_v<Field, Literal, std::string_view>);
static_assert(!std::is_constructible_v<Field, Literal, const char*>);
static_assert(!std::is_constructible_v<Field, Literal, LocalDate>, "a date is nearly always a birthday");

std::filesystem::path temp_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "jx-log-XXXXXX").string();
  return mkdtemp(name.data());
}

std::string read(const std::filesystem::path& path) {
  std::ostringstream out;
  out << std::ifstream(path).rdbuf();
  return out.str();
}

std::size_t lines(const std::string& text) { return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')); }

TEST(Log, writes_one_json_object_a_line) {
  const VirtualClock clock(Instant::parse("2026-11-21T12:00:00.5Z").value());
  MemoryLog log(clock);
  const Error error{ErrorCode::invalid, "no such key", "/a", nullptr};
  log.info("pack.applied", {{"pack", UnitId::trusted("yunxi")},
                            {"changes", 3U},
                            {"ok", true},
                            {"share", 0.5},
                            {"colour", Colour::green},
                            {"code", ErrorCode::stale},
                            {"id", CaseId{}},
                            {"why", "first \"start\""},
                            {"error", error},
                            {"at_noon", clock.now()},
                            {"took_us", Micros{12}}});
  EXPECT_EQ(
      log.text(),
      R"({"at":"2026-11-21T12:00:00.500000Z","level":"info","event":"pack.applied","pack":"yunxi","changes":3,"ok":true,"share":0.5,"colour":"green","code":"stale",)"
      R"("id":"00000000-0000-0000-0000-000000000000","why":"first \"start\"","error":"invalid at /a: no such key","at_noon":"2026-11-21T12:00:00.500000Z","took_us":12})"
      "\n");
}

TEST(Log, cuts_and_escapes_what_comes_from_outside) {
  const VirtualClock clock(Instant{0});
  MemoryLog log(clock);
  log.warning("x", {{"agent", untrusted("a\nb\x1b[31m\"云\xff😀")}});
  EXPECT_NE(log.text().find(R"("agent":"a\u000ab\u001b[31m\"\u4e91\ufffd\ud83d\ude00"})"), std::string::npos) << log.text();
  MemoryLog long_log(clock);
  long_log.warning("x", {{"agent", untrusted(std::string(1000, 'a'))}});
  EXPECT_NE(long_log.text().find(std::string(untrusted_bytes_max, 'a') + "...\"}"), std::string::npos);
}

TEST(Log, leaves_out_what_is_below_its_level) {
  const VirtualClock clock(Instant{0});
  MemoryLog log(clock, Level::warning);
  log.info("x");
  log.access({.method = "GET", .operation = "getCase"});
  EXPECT_EQ(log.text(), "");
  log.error("x");
  EXPECT_EQ(lines(log.text()), 1U);
}

TEST(Log, writes_an_access_line) {
  const VirtualClock clock(Instant{-1});
  MemoryLog log(clock);
  log.access({.method = "POST",
              .operation = "signIn",
              .status = 201,
              .bytes_in = 10,
              .bytes_out = 20,
              .took = Micros{1500},
              .request = RequestId{},
              .client = untrusted("192.0.2.1")});
  EXPECT_EQ(
      log.text(),
      R"({"at":"1969-12-31T23:59:59.999999Z","level":"info","event":"http.access","method":"POST","operation":"signIn","status":201,"in":10,"out":20,"took_us":1500,)"
      R"("request":"00000000-0000-0000-0000-000000000000","client":"192.0.2.1"})"
      "\n");
}

TEST(Log, keeps_every_line_of_many_threads_whole) {
  const auto folder = temp_folder();
  const SystemClock clock;
  {
    auto log = AsyncLog::open({.path = (folder / "log").string()}, clock);
    ASSERT_TRUE(log) << log.error().text();
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 2'000; ++i) (*log)->info("x", {{"thread", t}, {"i", i}});
      });
    }
    for (auto& thread : threads) thread.join();
    (*log)->flush();
    EXPECT_EQ(lines(read(folder / "log")), 8'000U);
    EXPECT_EQ((*log)->dropped(), 0U);
    (*log)->info("last");
  }
  const std::string text = read(folder / "log");
  EXPECT_EQ(lines(text), 8'001U) << "closing writes what waits";
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) ASSERT_TRUE(line.starts_with("{\"at\":\"") && line.ends_with("}")) << line;
  std::filesystem::remove_all(folder);
}

TEST(Log, drops_and_counts_what_it_cannot_hold) {
  const auto folder = temp_folder();
  const VirtualClock clock(Instant{0});
  auto log = AsyncLog::open({.path = (folder / "log").string(), .waiting_bytes_max = 300}, clock);
  ASSERT_TRUE(log);
  for (int i = 0; i < 1'000; ++i) (*log)->info("x");
  (*log)->flush();
  (*log)->info("after");
  (*log)->flush();
  const std::uint64_t dropped = (*log)->dropped();
  const std::string text = read(folder / "log");
  EXPECT_GT(dropped, 0U);
  EXPECT_NE(text.find("\"event\":\"log.dropped\""), std::string::npos);
  std::filesystem::remove_all(folder);
}

TEST(Log, rotates_its_file) {
  const auto folder = temp_folder();
  const SystemClock clock;
  auto log = AsyncLog::open({.path = (folder / "log").string(), .file_bytes_max = 1'000, .files_max = 2}, clock);
  ASSERT_TRUE(log);
  for (int i = 0; i < 50; ++i) {
    (*log)->info("x", {{"i", i}});
    (*log)->flush();
  }
  EXPECT_LE(std::filesystem::file_size(folder / "log"), 1'100U);
  EXPECT_TRUE(std::filesystem::exists(folder / "log.1"));
  EXPECT_FALSE(std::filesystem::exists(folder / "log.3"));
  std::filesystem::remove_all(folder);
}

TEST(Log, keeps_its_file_from_other_users) {
  const auto folder = temp_folder();
  const SystemClock clock;
  const auto mode = [&] { return std::filesystem::status(folder / "log").permissions(); };
  using std::filesystem::perms;
  std::ofstream(folder / "log") << "x\n";
  std::filesystem::permissions(folder / "log", perms(0644));
  ASSERT_TRUE(AsyncLog::open({.path = (folder / "log").string()}, clock));
  EXPECT_EQ(mode(), perms(0640));
  std::filesystem::permissions(folder / "log", perms(0600));
  ASSERT_TRUE(AsyncLog::open({.path = (folder / "log").string()}, clock));
  EXPECT_EQ(mode(), perms(0600)) << "what the operator shut stays shut";
  std::filesystem::remove_all(folder);
}

TEST(Log, says_when_its_file_cannot_be_opened) {
  const SystemClock clock;
  const auto log = AsyncLog::open({.path = "/proc/no/such/file"}, clock);
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace jx::log
