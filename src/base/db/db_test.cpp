#include <jx/db.hpp>

#include "values.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

namespace jx::db {
namespace {

constexpr Query make{"t.make", "CREATE TABLE t (k TEXT PRIMARY KEY, n INTEGER, r REAL, b BLOB) STRICT", ""};
constexpr Query put{"t.put", "INSERT INTO t (k, n, r, b) VALUES (?1, ?2, ?3, ?4)", ""};
constexpr Query take{"t.take", "SELECT k, n, r, b FROM t ORDER BY k", ""};
constexpr Query count{"t.count", "SELECT count(*) FROM t", ""};

struct Sqlite : testing::Test {
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("jx-db-" + std::to_string(::getpid()));
  std::unique_ptr<Database> db;

  void SetUp() override {
    std::filesystem::create_directories(folder);
    auto opened = Database::open({.url = (folder / "a.db").string()});
    ASSERT_TRUE(opened) << opened.error().text();
    db = std::move(*opened);
    ASSERT_TRUE(db->write(no_deadline, [](Tx& tx) { return tx.run(make); }));
  }
  void TearDown() override {
    db.reset();
    std::filesystem::remove_all(folder);
  }
};

TEST_F(Sqlite, keeps_values_of_every_type) {
  const Bytes bytes{0, 1, 255};
  ASSERT_TRUE(db->write(no_deadline, [&](Tx& tx) { return tx.run(put, "键", INT64_MIN, 0.1, bytes); }));
  ASSERT_TRUE(db->write(no_deadline, [&](Tx& tx) { return tx.run(put, "", nullptr, nullptr, Bytes{}); }));
  auto rows = db->read(no_deadline, [](Tx& tx) { return tx.all(take); });
  ASSERT_TRUE(rows) << rows.error().text();
  EXPECT_EQ((*rows)[0].text(0), "");
  EXPECT_TRUE((*rows)[0].null(1));
  EXPECT_EQ((*rows)[0].bytes(3), Bytes{});
  EXPECT_EQ((*rows)[1].text(0), "键");
  EXPECT_EQ((*rows)[1].integer(1), INT64_MIN);
  EXPECT_EQ((*rows)[1].real(2), 0.1);
  EXPECT_EQ((*rows)[1].bytes(3), bytes);
}

TEST_F(Sqlite, many_threads_write_and_each_act_is_there_once) {
  std::vector<std::jthread> threads;
  for (int t = 0; t < 16; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 25; ++i) {
        const auto done = db->write(no_deadline, [&](Tx& tx) -> Result<> {
          JX_CHECK(tx.run(put, std::to_string(t * 1000 + i), i, nullptr, nullptr));
          if (i % 5 == 4) return fail(ErrorCode::conflict, "no");
          return {};
        });
        EXPECT_EQ(done.has_value(), i % 5 != 4);
      }
    });
  }
  threads.clear();
  EXPECT_EQ((*db->read(no_deadline, [](Tx& tx) { return tx.one(count); }))->integer(0), 16 * 20);
}

TEST(Values, storable_text_is_wellformed_utf8_without_zero) {
  for (const auto* good : {"", "a", "12345678", "1234567é", "\x7f", "\xC2\x80", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "郡县治，天下安"}) {
    EXPECT_TRUE(storable(good)) << good;
  }
  for (const auto* bad : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE5\xAE", "12345678\xFF", "\xC2"}) {
    EXPECT_FALSE(storable(bad)) << bad;
  }
  EXPECT_FALSE(storable(std::string_view("a\0b", 3)));
  EXPECT_FALSE(storable(std::string_view("12345678\0", 9)));
  EXPECT_FALSE(storable(std::string_view("1234\0678", 8)));
}

}  // namespace
}  // namespace jx::db
