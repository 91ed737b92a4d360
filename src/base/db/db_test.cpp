#include <jx/db.hpp>
#include <jx/db/ahead.hpp>
#include <jx/db/sql.hpp>
#include <jx/db/testing.hpp>

#include "values.hpp"

#include <atomic>
#include <latch>
#include <limits>
#include <thread>

namespace jx::db {
namespace {

constexpr Migration table{9001, "thing", "CREATE TABLE thing (k TEXT PRIMARY KEY, n INTEGER, r REAL, b BLOB) STRICT",
                          R"(CREATE TABLE thing (k text COLLATE "C" PRIMARY KEY, n bigint, r double precision, b bytea))"};
constexpr SqlBundle things{"test", {}, {&table, 1}};

constexpr Query put{"t.put", "INSERT INTO thing (k, n, r, b) VALUES (?1, ?2, ?3, ?4)", "INSERT INTO thing (k, n, r, b) VALUES ($1, $2, $3, $4)"};
constexpr Query put_or_leave{"t.put_or_leave", "INSERT INTO thing (k, n) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                             "INSERT INTO thing (k, n) VALUES ($1, $2) ON CONFLICT DO NOTHING"};
constexpr Query put_returning{"t.put_returning", "INSERT INTO thing (k, n) VALUES (?1, ?2) RETURNING n + 1",
                              "INSERT INTO thing (k, n) VALUES ($1, $2) RETURNING n + 1"};
constexpr Query add{"t.add", "UPDATE thing SET n = n + ?2 WHERE k = ?1", "UPDATE thing SET n = n + $2 WHERE k = $1"};
constexpr Query set_n{"t.set", "UPDATE thing SET n = ?2 WHERE k = ?1", "UPDATE thing SET n = $2 WHERE k = $1"};
constexpr Query all_things{"t.all", "SELECT k, n, r, b FROM thing ORDER BY k", "SELECT k, n, r, b FROM thing ORDER BY k"};
constexpr Query count_things{"t.count", "SELECT count(*), sum(n), max(n) IS NULL FROM thing", "SELECT count(*), sum(n), max(n) IS NULL FROM thing"};
constexpr Query n_of{"t.n_of", "SELECT n FROM thing WHERE k = ?1", "SELECT n FROM thing WHERE k = $1"};
constexpr Query like{"t.like", "SELECT k FROM thing WHERE k LIKE ?1 ORDER BY k LIMIT ?2", "SELECT k FROM thing WHERE k LIKE $1 ORDER BY k LIMIT $2"};
constexpr Query numbers{"t.numbers", "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < ?1) SELECT x FROM c",
                        "SELECT * FROM generate_series(1, CAST($1 AS bigint))"};
constexpr Query endless{"t.endless", "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c",
                        "SELECT pg_sleep(600)"};
constexpr Query nonsense{"t.nonsense", "SELECT nothing FROM nowhere", "SELECT nothing FROM nowhere"};

Instant in(std::chrono::milliseconds time) { return SystemClock().now() + std::chrono::duration_cast<Micros>(time); }

struct Databases : OnBoth {
  std::vector<const SqlBundle*> bundles() const override { return {&sql_bundle(), &things}; }

  std::int64_t count() {
    const auto row = db().read(no_deadline, [](Tx& tx) { return tx.one(count_things); });
    return row ? (*row)->integer(0) : -1;
  }
  Result<std::int64_t> store(std::string_view key, std::int64_t n) {
    return db().write(no_deadline, [&](Tx& tx) { return tx.run(put, key, n, nullptr, nullptr); });
  }
};
JX_ON_BOTH(Databases);

TEST_P(Databases, keep_values_of_every_type) {
  const Bytes bytes{0, 1, 255};
  ASSERT_TRUE(db().write(no_deadline, [&](Tx& tx) { return tx.run(put, "键𠮷", INT64_MIN, 0.1, bytes); }));
  ASSERT_TRUE(db().write(no_deadline, [&](Tx& tx) { return tx.run(put, "", nullptr, std::optional<double>(), Bytes{}); }));
  ASSERT_TRUE(db().write(no_deadline, [&](Tx& tx) { return tx.run(put, LocalDate::of(2026, 11, 21), Instant{5}, 2.0, Uuid{}.bytes()); }));
  const auto rows = db().read(no_deadline, [](Tx& tx) { return tx.all(all_things); });
  ASSERT_TRUE(rows) << rows.error().text();
  ASSERT_EQ(rows->size(), 3U);
  EXPECT_EQ((*rows)[0].text(0), "");
  EXPECT_TRUE((*rows)[0].null(1));
  EXPECT_TRUE((*rows)[0].null(2));
  EXPECT_EQ((*rows)[0].bytes(3), Bytes{});
  EXPECT_EQ((*rows)[1].date(0), LocalDate::of(2026, 11, 21));
  EXPECT_EQ((*rows)[1].instant(1), Instant{5});
  EXPECT_EQ((*rows)[1].real(2), 2.0);
  EXPECT_TRUE((*rows)[1].id<CaseId>(3).nil());
  EXPECT_EQ((*rows)[2].text(0), "键𠮷");
  EXPECT_EQ((*rows)[2].integer(1), INT64_MIN);
  EXPECT_EQ((*rows)[2].real(2), 0.1);
  EXPECT_EQ((*rows)[2].bytes(3), bytes);
}

TEST_P(Databases, read_sums_and_truth_as_integers) {
  ASSERT_TRUE(store("a", 1'000'000'007));
  ASSERT_TRUE(store("b", -20'000));
  const auto row = db().read(no_deadline, [](Tx& tx) { return tx.one(count_things); });
  ASSERT_TRUE(row) << row.error().text();
  EXPECT_EQ((*row)->integer(1), 999'980'007);
  EXPECT_FALSE((*row)->boolean(2));
}

TEST_P(Databases, refuse_values_that_one_of_them_cannot_keep) {
  for (const std::string_view bad : {std::string_view("a\0b", 3), std::string_view("\xC0\x80"), std::string_view("\xED\xA0\x80")})
    EXPECT_EQ(store(bad, 0).error().code, ErrorCode::invalid);
  EXPECT_EQ(db().write(no_deadline, [&](Tx& tx) { return tx.run(put, "a", 1, std::numeric_limits<double>::quiet_NaN(), nullptr); }).error().code,
            ErrorCode::invalid);
  const Bytes large(value_bytes_max + 1);
  EXPECT_EQ(db().write(no_deadline, [&](Tx& tx) { return tx.run(put, "a", 1, 1.0, large); }).error().code, ErrorCode::too_large);
  EXPECT_EQ(db().write(no_deadline, [&](Tx& tx) { return tx.run(put, "a", "1a", 1.0, nullptr); }).error().code, ErrorCode::internal);
  EXPECT_EQ(db().write(no_deadline, [&](Tx& tx) { return tx.run(put, "a"); }).error().code, ErrorCode::internal);
  EXPECT_EQ(count(), 0);
}

TEST_P(Databases, compare_text_by_octets_and_tell_case_apart_in_like) {
  for (const auto* key : {"b", "B", "a_", "A", "é", "郡"}) ASSERT_TRUE(store(key, 0));
  const auto rows = db().read(no_deadline, [](Tx& tx) { return tx.all(all_things); });
  std::string order;
  for (const auto& row : *rows) order += row.text(0);
  EXPECT_EQ(order, "ABa_bé郡");
  EXPECT_EQ(db().read(no_deadline, [](Tx& tx) { return tx.all(like, "b%", 5); })->size(), 1U);
}

TEST_P(Databases, tell_how_many_rows_were_changed) {
  EXPECT_EQ(*store("a", 1), 1);
  const auto changed = [&](const Query& query) { return *db().write(no_deadline, [&](Tx& tx) { return tx.run(query, "a", 5); }); };
  EXPECT_EQ(changed(put_or_leave), 0);
  EXPECT_EQ(changed(add), 1);
  EXPECT_EQ(*db().write(no_deadline, [&](Tx& tx) { return tx.run(add, "z", 5); }), 0);
  const auto row = db().write(no_deadline, [&](Tx& tx) { return tx.one(put_returning, "c", 41); });
  EXPECT_EQ((*row)->integer(0), 42);
}

TEST_P(Databases, write_all_of_an_act_or_nothing) {
  const auto refused = db().write(no_deadline, [&](Tx& tx) -> Result<> {
    JX_CHECK(tx.run(put, "a", 1, nullptr, nullptr));
    return fail(ErrorCode::forbidden, "no");
  });
  EXPECT_EQ(refused.error().code, ErrorCode::forbidden);
  EXPECT_EQ(count(), 0);
}

TEST_P(Databases, end_an_act_at_its_first_failed_statement_whatever_it_says) {
  ASSERT_TRUE(store("a", 1));
  bool later_ran = true;
  const auto done = db().write(no_deadline, [&](Tx& tx) -> Result<> {
    JX_CHECK(tx.run(put, "b", 1, nullptr, nullptr));
    EXPECT_EQ(tx.run(put, "a", 2, nullptr, nullptr).error().code, ErrorCode::conflict);
    later_ran = tx.run(put, "c", 3, nullptr, nullptr).has_value();
    return {};
  });
  EXPECT_EQ(done.error().code, ErrorCode::conflict);
  EXPECT_FALSE(later_ran);
  EXPECT_EQ(count(), 1);
}

TEST_P(Databases, run_what_is_for_later_in_its_turn) {
  const auto sum = db().write(no_deadline, [](Tx& tx) -> Result<std::int64_t> {
    for (int i = 0; i < 200; ++i) JX_CHECK(tx.later(put, std::to_string(i), 0, nullptr, nullptr));
    JX_CHECK(tx.later(add, "7", 40));
    JX_TRY(row, tx.one(n_of, "7"));
    JX_CHECK(tx.later(add, "7", 2));
    return row->integer(0);
  });
  EXPECT_EQ(*sum, 40);
  EXPECT_EQ((*db().read(no_deadline, [](Tx& tx) { return tx.one(n_of, "7"); }))->integer(0), 42);
  EXPECT_EQ(count(), 200);
}

TEST_P(Databases, write_nothing_of_an_act_of_which_something_for_later_failed) {
  ASSERT_TRUE(store("a", 1));
  const auto at_the_end = db().write(no_deadline, [](Tx& tx) -> Result<> {
    JX_CHECK(tx.later(put, "b", 1, nullptr, nullptr));
    JX_CHECK(tx.run(put, "c", 1, nullptr, nullptr));
    if (auto told = tx.later(put, "a", 1, nullptr, nullptr); !told) return told;
    return {};
  });
  EXPECT_EQ(at_the_end.error().code, ErrorCode::conflict) << at_the_end.error().text();
  const auto before_another = db().write(no_deadline, [](Tx& tx) -> Result<> {
    (void)tx.later(put, "a", 1, nullptr, nullptr);
    (void)tx.later(put, "b", 1, nullptr, nullptr);
    (void)tx.run(put, "c", 1, nullptr, nullptr);
    return {};
  });
  EXPECT_EQ(before_another.error().code, ErrorCode::conflict) << before_another.error().text();
  const auto refused = db().write(no_deadline, [](Tx& tx) -> Result<> {
    JX_CHECK(tx.later(put, "b", 1, nullptr, nullptr));
    return fail(ErrorCode::invalid, "no");
  });
  EXPECT_EQ(refused.error().code, ErrorCode::invalid);
  EXPECT_EQ(count(), 1);
  EXPECT_TRUE(store("d", 1));
}

TEST_P(Databases, answer_what_was_asked_ahead_as_if_it_were_asked_in_its_place) {
  ASSERT_TRUE(store("a", 1));
  ASSERT_TRUE(store("b", 2));
  const auto n = [](Tx& tx, const char* key) -> Result<std::int64_t> {
    JX_TRY(row, tx.one(n_of, key));
    return row ? row->integer(0) : -1;
  };
  for (int run = 0; run < 2; ++run) {  // the second time the statements are known to the connection
    const auto done = db().write(no_deadline, [&](Tx& tx) -> Result<> {
      for (const auto* key : {"a", "b", "c", "a"}) JX_CHECK(ask_ahead(tx, n_of, key));
      JX_TRY(b, n(tx, "b"));
      JX_TRY(c, n(tx, "c"));
      JX_TRY(not_asked, n(tx, "d"));
      JX_TRY(a, n(tx, "a"));
      JX_TRY(again, n(tx, "a"));
      EXPECT_EQ((std::vector{a, b, c, not_asked, again}), (std::vector<std::int64_t>{1 + run, 2, -1, -1, 1 + run}));
      JX_CHECK(ask_ahead(tx, n_of, "a"));
      JX_CHECK(ask_ahead(tx, n_of, "b"));
      JX_CHECK(tx.later(add, "a", 1));
      JX_TRY(changed, n(tx, "a"));
      EXPECT_EQ(changed, 2 + run) << "it was written after the question was sent";
      JX_CHECK(ask_ahead(tx, n_of, "b"));  // and never asked
      return {};
    });
    EXPECT_TRUE(done) << done.error().text();
  }
  EXPECT_EQ(db().write(no_deadline, [&](Tx& tx) { return n(tx, "b"); }), 2) << "nothing is left of the act before";
}

TEST_P(Databases, tell_the_failure_of_what_was_asked_ahead) {
  const auto done = db().write(no_deadline, [&](Tx& tx) -> Result<> {
    JX_CHECK(ask_ahead(tx, nonsense));
    JX_TRY(row, tx.one(nonsense));
    return {};
  });
  EXPECT_EQ(done.error().code, ErrorCode::internal);
  EXPECT_TRUE(store("a", 1));
}

TEST_P(Databases, let_no_guarded_act_overlook_another_on_its_row) {
  ASSERT_TRUE(store("a", 0));
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 25; ++i) {
        const auto done = db().write_guarded(no_deadline, [](Tx& tx) -> Result<> {
          JX_TRY(row, tx.one(n_of, "a"));
          JX_CHECK(tx.later(set_n, "a", row->integer(0) + 1));
          return {};
        });
        EXPECT_TRUE(done) << done.error().text();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ((*db().read(no_deadline, [](Tx& tx) { return tx.one(n_of, "a"); }))->integer(0), 200);
}

TEST_P(Databases, answer_faults_of_the_program_as_internal) {
  EXPECT_EQ(db().read(no_deadline, [](Tx& tx) { return tx.all(nonsense); }).error().code, ErrorCode::internal);
  EXPECT_EQ(db().write(no_deadline, [](Tx& tx) { return tx.all(nonsense); }).error().code, ErrorCode::internal);
  EXPECT_EQ(db().read(no_deadline, [](Tx& tx) { return tx.run(put, "a", 1, nullptr, nullptr); }).error().code, ErrorCode::internal);
  EXPECT_EQ(db().write(no_deadline, [](Tx&) -> Result<> { throw std::runtime_error("thrown"); }).error().code, ErrorCode::internal);
  const auto within = db().write(no_deadline, [&](Tx&) { return db().read(no_deadline, [](Tx& tx) { return tx.one(count_things); }); });
  EXPECT_EQ(within.error().code, ErrorCode::internal);
  ASSERT_TRUE(store("a", 1));
  const auto nested_query = db().read(no_deadline, [&](Tx& tx) {
    return tx.each(all_things, [&](Row&&) -> Result<> {
      JX_CHECK(tx.run(count_things));
      return {};
    });
  });
  EXPECT_EQ(nested_query.error().code, ErrorCode::internal);
  EXPECT_EQ(count(), 1);
}

TEST_P(Databases, stop_reading_where_the_caller_does_and_go_on_with_the_next) {
  int seen = 0;
  const auto done = db().read(no_deadline, [&](Tx& tx) -> Result<std::int64_t> {
    EXPECT_EQ(tx.each(
                    numbers, [&](Row&&) -> Result<> { return ++seen == 3 ? Result<>(fail(ErrorCode::limited, "enough")) : Result<>(); }, 1000)
                  .error()
                  .code,
              ErrorCode::limited);
    JX_TRY(row, tx.one(count_things));
    return row->integer(0);
  });
  EXPECT_TRUE(done) << done.error().text();
  EXPECT_EQ(seen, 3);
}

TEST_P(Databases, limit_the_rows_of_one_answer) {
  EXPECT_EQ(db().read(no_deadline, [](Tx& tx) { return tx.all(numbers, rows_max); })->size(), rows_max);
  EXPECT_EQ(db().read(no_deadline, [](Tx& tx) { return tx.all(numbers, rows_max + 1); }).error().code, ErrorCode::too_large);
}

TEST_P(Databases, read_one_snapshot_while_others_write) {
  ASSERT_TRUE(store("a", 1));
  const auto done = db().read(no_deadline, [&](Tx& tx) -> Result<> {
    JX_CHECK(tx.one(n_of, "a"));
    std::jthread([&] { EXPECT_TRUE(db().write(no_deadline, [](Tx& other) { return other.run(set_n, "a", 2); })); }).join();
    JX_TRY(row, tx.one(n_of, "a"));
    EXPECT_EQ(row->integer(0), 1);
    return {};
  });
  EXPECT_TRUE(done);
  EXPECT_EQ((*db().read(no_deadline, [](Tx& tx) { return tx.one(n_of, "a"); }))->integer(0), 2);
}

TEST_P(Databases, run_each_act_of_many_threads_once) {
  std::vector<std::jthread> threads;
  for (int t = 0; t < 16; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 25; ++i) {
        const auto done = db().write(no_deadline, [&](Tx& tx) -> Result<> {
          JX_CHECK(tx.run(put, std::to_string(t * 1000 + i), i, nullptr, nullptr));
          if (i % 5 == 4) return fail(ErrorCode::conflict, "no");
          return {};
        });
        EXPECT_EQ(done.has_value(), i % 5 != 4) << done.error().text();
      }
    });
  }
  threads.clear();
  EXPECT_EQ(count(), 16 * 20);
}

TEST_P(Databases, let_no_act_overlook_another) {
  ASSERT_TRUE(store("a", 0));
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 25; ++i) {
        const auto done = db().write(in(std::chrono::seconds{60}), [&](Tx& tx) -> Result<> {
          JX_TRY(row, tx.one(n_of, "a"));
          JX_CHECK(tx.run(set_n, "a", row->integer(0) + 1));
          return {};
        });
        EXPECT_TRUE(done) << done.error().text();
      }
    });
  }
  threads.clear();
  EXPECT_EQ((*db().read(no_deadline, [](Tx& tx) { return tx.one(n_of, "a"); }))->integer(0), 100);
}

TEST_P(Databases, do_an_act_with_a_key_once) {
  const ActKey key{{1, 2, 3}};
  const auto act = [&](const char* name) { return db().write(no_deadline, key, [name](Tx& tx) { return tx.run(put, name, 1, nullptr, nullptr); }); };
  EXPECT_TRUE(act("a"));
  EXPECT_EQ(act("b").error().code, ErrorCode::conflict);
  EXPECT_EQ(count(), 1);
  const ActKey other{{9}};
  EXPECT_FALSE(db().write(no_deadline, other, [](Tx&) -> Result<> { return fail(ErrorCode::invalid, "no"); }));
  EXPECT_TRUE(db().write(no_deadline, other, [](Tx&) -> Result<> { return {}; })) << "an act that failed may be tried again under its key";
}

TEST_P(Databases, do_an_act_with_a_key_once_from_many_threads) {
  std::atomic<int> done = 0;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      const auto answer = db().write(no_deadline, ActKey{{7}}, [t](Tx& tx) { return tx.run(put, std::to_string(t), 1, nullptr, nullptr); });
      if (answer)
        ++done;
      else
        EXPECT_EQ(answer.error().code, ErrorCode::conflict) << answer.error().text();
    });
  }
  threads.clear();
  EXPECT_EQ(done, 1);
  EXPECT_EQ(count(), 1);
}

TEST_P(Databases, do_not_begin_after_the_deadline) {
  bool ran = false;
  const auto act = [&](Tx&) -> Result<> { return ran = true, Result<>(); };
  EXPECT_EQ(db().write(Instant{1}, act).error().code, ErrorCode::timeout);
  EXPECT_EQ(db().read(Instant{1}, act).error().code, ErrorCode::timeout);
  EXPECT_FALSE(ran);
}

TEST_P(Databases, stop_statements_at_the_deadline_and_serve_on) {
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(db().read(in(std::chrono::milliseconds{500}), [](Tx& tx) { return tx.one(endless); }).error().code, ErrorCode::timeout);
  const auto write = db().write(in(std::chrono::milliseconds{500}), [](Tx& tx) -> Result<> {
    JX_CHECK(tx.run(put, "a", 1, nullptr, nullptr));
    JX_CHECK(tx.one(endless));
    return {};
  });
  EXPECT_EQ(write.error().code, ErrorCode::timeout);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{20});
  EXPECT_TRUE(store("b", 1));
  EXPECT_EQ(count(), 1);
}

TEST_P(Databases, lose_no_act_that_was_committed_together_with_one_that_ran_out_of_time) {
  std::latch started(1);
  std::atomic<int> done = 0;
  std::vector<std::jthread> threads;
  threads.emplace_back([&] {
    (void)db().write(no_deadline, [&](Tx&) -> Result<> { return started.wait(), Result<>(); });  // so that the others wait together
  });
  for (int i = 0; i < 10; ++i) {
    threads.emplace_back([&, i] {
      const auto answer = db().write(i == 5 ? in(std::chrono::milliseconds{300}) : no_deadline, [&, i](Tx& tx) -> Result<> {
        JX_CHECK(tx.run(put, std::to_string(i), 1, nullptr, nullptr));
        if (i == 5) JX_CHECK(tx.one(endless));
        return {};
      });
      if (answer) ++done;
      EXPECT_EQ(answer.has_value(), i != 5);
    });
  }
  std::this_thread::sleep_for(std::chrono::milliseconds{20});  // lets most of them queue; the test holds without, too
  started.count_down();
  threads.clear();
  EXPECT_EQ(done, 9);
  EXPECT_EQ(count(), 9);
}

TEST_P(Databases, keep_what_was_answered_when_opened_again) {
  ASSERT_TRUE(store("a", 1));
  reopen();
  EXPECT_EQ(count(), 1);
}

struct SmallDatabases : Databases {
  Options options() const override { return {.readers = 1, .connections = 1, .waiting_acts_max = 1}; }
};
JX_ON_BOTH(SmallDatabases);

TEST_P(SmallDatabases, refuse_more_waiting_acts_than_stated) {
  std::latch running(1);
  std::latch go(1);
  std::jthread first([&] {
    EXPECT_TRUE(db().write(no_deadline, [&](Tx&) -> Result<> {
      running.count_down();
      go.wait();
      return {};
    }));
  });
  running.wait();
  std::atomic<int> refused = 0;
  std::vector<std::jthread> others;
  std::latch answered(2);
  for (int i = 0; i < 3; ++i) {
    others.emplace_back([&, i] {
      const auto done = db().write(in(std::chrono::seconds{20}), [i](Tx& tx) { return tx.run(put, std::to_string(i), 1, nullptr, nullptr); });
      if (!done) {
        EXPECT_EQ(done.error().code, ErrorCode::unavailable);
        ++refused;
        answered.count_down();
      }
    });
  }
  answered.wait();  // one waits, two were refused at once
  go.count_down();
  others.clear();
  EXPECT_EQ(refused, 2);
}

TEST_P(SmallDatabases, let_a_waiting_act_leave_at_its_deadline) {
  std::latch running(1);
  std::latch go(1);
  std::jthread first([&] {
    EXPECT_TRUE(db().write(no_deadline, [&](Tx&) -> Result<> {
      running.count_down();
      go.wait();
      return {};
    }));
  });
  running.wait();
  EXPECT_EQ(db().write(in(std::chrono::milliseconds{30}), [](Tx& tx) { return tx.run(put, "a", 1, nullptr, nullptr); }).error().code,
            ErrorCode::timeout);
  go.count_down();
  first.join();
  EXPECT_EQ(count(), 0);
}

TEST(Values, storable_text_is_wellformed_utf8_without_zero) {
  for (const auto* good : {"", "a", "12345678", "1234567é", "\x7f", "\xC2\x80", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEF\xBF\xBF", "\xF0\x90\x80\x80",
                           "\xF4\x8F\xBF\xBF", "郡县治，天下安"}) {
    EXPECT_TRUE(storable(good)) << good;
  }
  for (const auto* bad : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
                          "\xE5\xAE", "12345678\xFF", "\xC2"}) {
    EXPECT_FALSE(storable(bad)) << bad;
  }
  EXPECT_FALSE(storable(std::string_view("a\0b", 3)));
  EXPECT_FALSE(storable(std::string_view("12345678\0", 9)));
  EXPECT_FALSE(storable(std::string_view("1234\0678", 8)));
}

}  // namespace
}  // namespace jx::db
