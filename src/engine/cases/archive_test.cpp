// Cases of closed months: moved into files, read as if they were still there, erased, found changed; and a crash at any moment loses nothing.
#include "archive_file.hpp"
#include "archive_rows.hpp"
#include "test_engine.hpp"

#include <jx/cases/archive.hpp>
#include <jx/cases/record.hpp>
#include <jx/cases/work.hpp>

#include <boost/json/serialize.hpp>

#include <gmock/gmock.h>

#include <atomic>
#include <fstream>
#include <set>
#include <thread>

namespace jx::cases {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* check =
    R"(<startEvent id="start"/><userTask id="look" name="查看" jx:unit="fire" jx:term="5 WD"><extensionElements>
    <jx:outcome key="approve"/><jx:outcome key="refuse" reason="true"/></extensionElements></userTask><endEvent id="end" jx:result="approved"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="look"/><sequenceFlow id="f2" sourceRef="look" targetRef="end"/>)";

class Archives : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    auto keys = crypto::KeyRing::create(folder_.path() / "keys");
    ASSERT_TRUE(keys) << keys.error().text();
    keys_.emplace(std::move(*keys));
    archive_.emplace(*keys_, folder_.path() / "archive");
    apply({test_process("check", check)});
  }

  Context clerk() { return someone("fire", "fire/clerk"); }
  [[nodiscard]] const calendar::Zone& zone() const { return calendar_->zone(); }

  CaseId open() {
    Opening opening;
    opening.process = ProcessId::trusted("check");
    opening.applicant = Party(PersonId(Uuid::make(clock_, random_)));
    opening.title = "Wang Fang";
    opening.form = {{"shop", "老街豆花"}, {"area", 80}};
    opening.variables = {{"long", std::string(40'000, 'x')}};  // beside the row of the case
    opening.term = "10 WD";
    opening.statutory = "20 WD";
    auto receipt = write([&](db::Tx& tx) { return engine_->open(tx, someone(), opening); });
    EXPECT_TRUE(receipt) << receipt.error().text();
    return receipt ? receipt->id : CaseId();
  }
  /// With an opinion asked, a stop of the clock, an urge and a comment.
  CaseId closed() {
    const auto id = open();
    const auto done = [&]() -> Result<> {
      JX_TRY(tasks, read([&](db::Tx& tx) { return engine_->open_tasks(tx, clerk(), id); }));
      const auto task = tasks.front().id;
      JX_CHECK(write([&](db::Tx& tx) { return engine_->claim(tx, clerk(), task); }));
      JX_CHECK(write([&](db::Tx& tx) { return urge(*engine_, tx, someone(), task, "明天开业", true); }));
      JX_CHECK(write([&](db::Tx& tx) { return engine_->pause(tx, clerk(), id, {"hearing", "《行政许可法》第四十七条", "", false}); }));
      JX_CHECK(write([&](db::Tx& tx) { return engine_->resume(tx, clerk(), id); }));
      JX_TRY(asked, write([&](db::Tx& tx) {
               return ask_opinion(*engine_, tx, clerk(), task, {UnitId::trusted("housing"), PostId(), "是否违建？", "", false});
             }));
      JX_CHECK(write([&](db::Tx& tx) { return engine_->complete(tx, someone("housing", "housing/clerk", '2'), asked, {"agree", "不是。", {}}); }));
      JX_TRY(shown, write([&](db::Tx& tx) {
               return add_participant(*engine_, tx, clerk(), task, {UnitId::trusted("hospital"), PostId(), AccountId(), "体检", "", ""});
             }));
      JX_CHECK(write([&](db::Tx& tx) { return engine_->complete(tx, someone("hospital", "hospital/doctor", '3'), shown, {"", "健康。", {}}); }));
      JX_CHECK(write([&](db::Tx& tx) { return add_comment(*engine_, tx, clerk(), id, task, "已电话核实。"); }));
      return write([&](db::Tx& tx) { return engine_->complete(tx, clerk(), task, {"approve", "符合要求。", {}}); });
    }();
    EXPECT_TRUE(done) << done.error().text();
    work();
    return id;
  }

  /// Archives the month until nothing is left.
  void archive(std::string_view month = "2026-11") {
    for (bool more = true; more;) {
      auto again = archive_->step(db(), someone(), zone(), month);
      ASSERT_TRUE(again) << again.error().text();
      more = *again;
    }
  }
  /// All that one can read of a case, as text.
  Result<std::string> read_all(CaseId id) {
    return read([&](db::Tx& tx) {
      return archive_->reading(tx, id, [&](db::Tx& seen) -> Result<std::string> {
        JX_TRY(view, engine_->view(seen, clerk(), id));
        std::string all = view.summary.number + " " + boost::json::serialize(view.form) + " " + view.clock->words.zh + " " + view.statutory->words.zh;
        for (const auto& e : view.timeline) all += "\n" + std::to_string(e.seq) + " " + e.at.text() + " " + e.words.zh + " " + e.entry.text();
        for (const auto& task : view.tasks) {
          all += "\n" + task.element + " " + task.outcome + " " + task.opinion + " " + std::to_string(task.urged);
          JX_TRY(sides, sides_of(*engine_, seen, clerk(), task.id));
          for (const auto& side : sides) all += " " + side.question;
        }
        JX_TRY(comments, comments_of(seen, id));
        for (const auto& comment : comments) all += "\n" + comment.body;
        return all;
      });
    });
  }
  std::filesystem::path only_file() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path() / "archive")) files.push_back(entry.path());
    EXPECT_EQ(files.size(), 1U);
    return files.empty() ? std::filesystem::path() : files.front();
  }
  std::vector<Unsound> check_all() {
    auto found = archive_->check(db(), true);
    EXPECT_TRUE(found) << found.error().text();
    return found.value_or(std::vector<Unsound>{});
  }
  std::int64_t count(const char* table) {
    const std::string sql = std::string("SELECT count(*) FROM ") + table;
    auto row = read([&](db::Tx& tx) { return tx.one(db::Query{"test.count", sql, sql}); });
    EXPECT_TRUE(row) << row.error().text();
    return row && *row ? (*row)->integer(0) : -1;
  }

  db::TempFolder folder_;
  SystemRandom system_random_;
  std::optional<crypto::KeyRing> keys_;
  std::optional<Archive> archive_;
};

TEST_P(Archives, are_read_as_if_nothing_had_moved) {
  const auto id = closed();
  const auto before = read_all(id);
  ASSERT_TRUE(before) << before.error().text();
  EXPECT_THAT(*before, HasSubstr("是否违建"));
  clock_.advance_to(*Instant::parse("2026-12-02T01:00:00Z"));
  archive();

  for (const char* table : {"case_task", "case_blob", "case_timeline", "case_pause", "case_term", "case_side", "case_urge", "case_comment"})
    EXPECT_EQ(count(table), 0) << table;
  const auto after = read_all(id);
  ASSERT_TRUE(after) << after.error().text();
  EXPECT_EQ(*after, *before);
  const auto summary = read([&](db::Tx& tx) { return engine_->summary(tx, id); });
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->state, CaseState::approved);
  EXPECT_EQ(summary->title, "Wang Fang");
  const auto units = read([&](db::Tx& tx) { return engine_->units_of(tx, id); });
  ASSERT_TRUE(units);
  EXPECT_THAT(*units, ElementsAre(UnitId::trusted("fire"), UnitId::trusted("hospital"), UnitId::trusted("housing")));
  EXPECT_TRUE(*read([&](db::Tx& tx) { return engine_->handles(tx, id, UnitId::trusted("fire")); }));
  for (const char* unit : {"police", "hospital"}) EXPECT_FALSE(*read([&](db::Tx& tx) { return engine_->handles(tx, id, UnitId::trusted(unit)); }));
  expect_sound();
  EXPECT_TRUE(check_all().empty());
}

TEST_P(Archives, hold_what_was_closed_in_a_month_that_is_over_and_nothing_else) {
  const auto first = closed();
  clock_.advance_to(*Instant::parse("2026-11-30T16:00:01Z"));  // the first of December in Shanghai
  const auto second = closed();
  const auto running = open();
  const auto early = archive_->step(db(), someone(), zone(), "2026-12");
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().field, "/month");
  EXPECT_FALSE(archive_->step(db(), someone(), zone(), "2026-13"));
  const auto months = read([&](db::Tx& tx) { return archive_->months(tx, zone(), LocalDate::of(2027, 1, 15)); });
  ASSERT_TRUE(months) << months.error().text();
  ASSERT_EQ(months->size(), 2U);
  EXPECT_EQ((*months)[0].month, "2026-11");
  EXPECT_EQ((*months)[0].cases, 1);
  EXPECT_EQ((*months)[1].month, "2026-12");
  archive();
  const auto has = [&](CaseId id) { return *read([&](db::Tx& tx) { return archive_->has(tx, id); }); };
  EXPECT_TRUE(has(first));
  EXPECT_FALSE(has(second));
  EXPECT_FALSE(has(running));
  EXPECT_EQ(read([&](db::Tx& tx) { return archive_->months(tx, zone(), LocalDate::of(2026, 12, 31)); })->size(), 0U);
  EXPECT_TRUE(read_all(running));
  expect_sound();
}

TEST_P(Archives, let_nothing_be_changed_but_the_record_of_an_erasure) {
  const auto id = closed();
  clock_.advance_to(*Instant::parse("2026-12-02T01:00:00Z"));
  archive();
  const auto comment = write([&](db::Tx& tx) { return add_comment(*engine_, tx, clerk(), id, TaskId(), "再看看"); });
  ASSERT_FALSE(comment);
  EXPECT_EQ(comment.error().code, ErrorCode::conflict);
  EXPECT_THAT(comment.error().message.zh, HasSubstr("归档"));
  EXPECT_FALSE(write([&](db::Tx& tx) { return engine_->cancel(tx, clerk(), id, CaseState::withdrawn, "x"); }));
  EXPECT_FALSE(read([&](db::Tx& tx) { return engine_->view(tx, clerk(), id); }));
  const auto erased = write([&](db::Tx& tx) {
    return record(*engine_, tx, someone(), id, {Beside::attachments_erased, "law", "case.files-erased", {}, {}}, Closed::allowed);
  });
  EXPECT_TRUE(erased) << erased.error().text();
  expect_sound();
}

TEST_P(Archives, cannot_be_read_once_their_key_is_erased) {
  const auto id = closed();
  const auto other = closed();
  clock_.advance_to(*Instant::parse("2026-12-02T01:00:00Z"));
  EXPECT_EQ(write([&](db::Tx& tx) { return archive_->erase(tx, someone(), id, "《个人信息保护法》第四十七条", "期满"); }).error().code,
            ErrorCode::not_found);
  archive();
  EXPECT_EQ(write([&](db::Tx& tx) { return archive_->erase(tx, someone(), id, "", "期满"); }).error().field, "/law");
  const auto entry = write([&](db::Tx& tx) { return archive_->erase(tx, someone(), id, "《个人信息保护法》第四十七条", "期满"); });
  ASSERT_TRUE(entry) << entry.error().text();
  const auto seen = read_all(id);
  ASSERT_FALSE(seen);
  EXPECT_THAT(seen.error().message.zh, HasSubstr("永久清除"));
  EXPECT_TRUE(read_all(other));
  EXPECT_EQ(write([&](db::Tx& tx) { return archive_->erase(tx, someone(), id, "law", "again"); }).error().code, ErrorCode::conflict);
  expect_sound();
  EXPECT_TRUE(check_all().empty());
}

TEST_P(Archives, leave_a_case_alone_in_which_something_happens_meanwhile) {
  const auto id = closed();
  clock_.advance_to(*Instant::parse("2026-12-02T01:00:00Z"));
  ASSERT_TRUE(*archive_->step(db(), someone(), zone(), "2026-11"));  // the file is made, nothing has moved
  const auto erased = write([&](db::Tx& tx) {
    return record(*engine_, tx, someone(), id, {Beside::attachments_erased, "law", "case.files-erased", {}, {}}, Closed::allowed);
  });
  ASSERT_TRUE(erased) << erased.error().text();
  ASSERT_TRUE(*archive_->step(db(), someone(), zone(), "2026-11"));
  EXPECT_FALSE(*read([&](db::Tx& tx) { return archive_->has(tx, id); }));
  EXPECT_TRUE(read_all(id));
  archive();  // in a file of its own, with what happened
  EXPECT_TRUE(*read([&](db::Tx& tx) { return archive_->has(tx, id); }));
  EXPECT_TRUE(read_all(id));
  expect_sound();
}

TEST_P(Archives, go_on_after_a_crash_between_the_file_and_the_rows) {
  std::set<CaseId> ids;
  for (int i = 0; i < 70; ++i) ids.insert(closed());
  clock_.advance_to(*Instant::parse("2026-12-02T01:00:00Z"));
  ASSERT_TRUE(*archive_->step(db(), someone(), zone(), "2026-11"));
  const Archive after_a_crash(*keys_, folder_.path() / "archive");
  for (bool more = true; more;) {
    auto again = after_a_crash.step(db(), someone(), zone(), "2026-11");
    ASSERT_TRUE(again) << again.error().text();
    more = *again;
  }
  for (const auto id : ids) EXPECT_TRUE(*read([&](db::Tx& tx) { return archive_->has(tx, id); }));
  EXPECT_EQ(count("case_task"), 0);
  expect_sound();
  EXPECT_TRUE(check_all().empty());
}

TEST_P(Archives, make_another_file_where_one_cannot_be_read_back) {
  const auto id = closed();
  clock_.advance_to(*Instant::parse("2026-12-02T01:00:00Z"));
  ASSERT_TRUE(*archive_->step(db(), someone(), zone(), "2026-11"));
  auto file = only_file();
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 1);
  ASSERT_TRUE(*archive_->step(db(), someone(), zone(), "2026-11"));
  EXPECT_EQ(count("case_archived"), 0);
  EXPECT_EQ(count("case_task"), 3);
  EXPECT_TRUE(read_all(id));
  expect_sound();
  std::filesystem::remove(file);
  ASSERT_TRUE(*archive_->step(db(), someone(), zone(), "2026-11"));
  std::filesystem::remove(only_file());
  ASSERT_TRUE(*archive_->step(db(), someone(), zone(), "2026-11"));
  EXPECT_EQ(count("case_archived"), 0);
  archive();
  EXPECT_EQ(count("case_task"), 0);
  EXPECT_TRUE(read_all(id));
  expect_sound();
  EXPECT_TRUE(check_all().empty());
}

TEST_P(Archives, do_not_cover_up_what_was_changed_by_hand) {
  const auto changed = closed();
  const auto silenced = closed();
  const auto robbed = closed();
  const auto sound = closed();
  const auto by_hand = [&](const std::string& sql, CaseId id) {
    ASSERT_TRUE(write([&](db::Tx& tx) { return tx.run(db::Query{"test.by_hand", sql, sql}, id); }));
  };
  by_hand("UPDATE case_task SET opinion = 'no' WHERE case_id = $1 AND wait > 0", changed);
  by_hand("UPDATE case_timeline SET unit = 'police' WHERE case_id = $1 AND seq = 1", silenced);
  by_hand("DELETE FROM case_comment WHERE case_id = $1", robbed);
  clock_.advance_to(*Instant::parse("2026-12-02T01:00:00Z"));
  archive();
  const auto has = [&](CaseId id) { return *read([&](db::Tx& tx) { return archive_->has(tx, id); }); };
  EXPECT_FALSE(has(changed));
  EXPECT_FALSE(has(silenced));
  EXPECT_FALSE(has(robbed));
  EXPECT_TRUE(has(sound));
  const auto report = ledger::check_state(db(), state_tables());
  ASSERT_TRUE(report);
  EXPECT_EQ(report->rows_altered, 2U);
  EXPECT_EQ(check_soundness(db())->size(), 1U);
}

TEST_P(Archives, are_sound_after_an_entry_about_a_case_is_erased) {
  const auto id = closed();
  clock_.advance_to(*Instant::parse("2026-12-02T01:00:00Z"));
  archive();
  const auto erased = write([&](db::Tx& tx) -> Result<ledger::EntryId> {
    JX_TRY(entries, ledger::about(tx, ledger::subject("case", id), {}, 1000));
    const std::vector ids{entries.back().id};
    const std::vector uuids{entries.back().id.uuid()};
    EXPECT_EQ(entries.back().kind, "case.archived");
    JX_TRY(states, ledger::still_vouched_for(tx, state_tables(), uuids));
    return ledger::erase(tx, someone(), ids, {"ledger.erased", {}, {{"law", "l"}, {"reason", "r"}}, std::move(states)});
  });
  ASSERT_TRUE(erased) << erased.error().text();
  expect_sound();
  EXPECT_TRUE(read_all(id));
}

TEST_P(Archives, are_made_by_one_program_at_a_time) {
  for (int i = 0; i < 40; ++i) closed();
  clock_.advance_to(*Instant::parse("2026-12-02T01:00:00Z"));
  std::vector<std::jthread> programs;
  std::atomic<int> others{0};
  for (int i = 0; i < 3; ++i) {
    programs.emplace_back([&] {
      const Archive mine(*keys_, folder_.path() / "archive");
      const Context ctx{{.kind = Actor::Kind::system}, no_deadline, RequestId(), clock_, system_random_, "en"};
      for (bool more = true; more;) {
        auto again = mine.step(db(), ctx, zone(), "2026-11");
        if (!again && again.error().code == ErrorCode::conflict) {
          ++others;
          continue;
        }
        ASSERT_TRUE(again) << again.error().text();
        more = *again;
      }
    });
  }
  programs.clear();
  EXPECT_EQ(count("case_task"), 0);
  EXPECT_EQ(count("case_archived"), 40);
  expect_sound();
  EXPECT_TRUE(check_all().empty());
}

TEST_P(Archives, are_found_changed_cut_off_or_missing) {
  const auto id = closed();
  clock_.advance_to(*Instant::parse("2026-12-02T01:00:00Z"));
  archive();
  const auto file = only_file();
  {
    std::fstream out(file, std::ios::binary | std::ios::in | std::ios::out);
    out.seekg(-1, std::ios::end);
    const int last = out.get();
    out.seekp(-1, std::ios::end);
    out.put(static_cast<char>(last ^ 1));
  }
  const auto changed = read_all(id);
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().code, ErrorCode::corrupt);
  EXPECT_EQ(check_all().size(), 2U);  // the file, and the record
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 1);
  EXPECT_EQ(read_all(id).error().code, ErrorCode::corrupt);
  std::filesystem::remove(file);
  EXPECT_THAT(read_all(id).error().message.zh, HasSubstr(file.filename().string()));
  ASSERT_FALSE(check_all().empty());
}

JX_ON_BOTH(Archives);

TEST(ArchivedTables, have_every_column_in_both_queries) {
  auto scratch = db::Scratch::make(sql_bundle());
  ASSERT_TRUE(scratch) << scratch.error().text();
  for (const auto& table : archived_tables()) {
    const std::string_view put = table.put->sqlite;
    const auto name = put.substr(12, put.find(' ', 12) - 12);
    const std::string sql = "SELECT name FROM pragma_table_info('" + std::string(name) + "')";
    auto columns = (*scratch)->tx().all(db::Query{"test.columns", sql, ""});
    ASSERT_TRUE(columns) << columns.error().text();
    ASSERT_FALSE(columns->empty()) << name;
    const auto names = [](std::string_view list) {
      std::vector<std::string> out(1);
      for (const char c : list) {
        if (c == ',')
          out.emplace_back();
        else if (c != ' ' && c != '\n')
          out.back() += c;
      }
      return out;
    };
    std::vector<std::string> all;
    for (const auto& column : *columns) all.push_back(column.text(0));
    const auto list = put.substr(put.find('(') + 1, put.find(')') - put.find('(') - 1);
    EXPECT_EQ(names(list), all) << name;
    const std::string_view rows = table.rows->sqlite;
    EXPECT_EQ(names(rows.substr(7, rows.find("FROM") - 7)), all) << name;
  }
}

TEST(ArchiveRecords, are_opened_whole_or_not_at_all) {
  const crypto::SecureBytes key(Bytes(32, 7));
  const auto id = *CaseId::parse("00000000-0000-7000-8000-000000000001");
  Bytes record;
  SeededRandom random(3);
  record.resize(700'000);
  random.fill(record);  // three chunks
  auto sealed = *seal_record(key.view(), id, record);
  EXPECT_EQ(*open_record(key.view(), id, sealed), record);
  EXPECT_FALSE(open_record(key.view(), *CaseId::parse("00000000-0000-7000-8000-000000000002"), sealed));
  EXPECT_FALSE(open_record(Bytes(32, 8), id, sealed));
  EXPECT_FALSE(open_record(key.view(), id, ByteView(sealed).first(sealed.size() - 1)));
  EXPECT_FALSE(open_record(key.view(), id, ByteView(sealed).first(0)));
  EXPECT_FALSE(open_record(key.view(), id, ByteView(sealed).first(sealed_chunk_bytes + 23)));
  sealed[sealed.size() / 2] ^= 1U;
  EXPECT_FALSE(open_record(key.view(), id, sealed));
  EXPECT_EQ(*open_record(key.view(), id, *seal_record(key.view(), id, {})), Bytes{});
}

TEST(ArchiveRecords, refuse_octets_that_are_none) {
  auto scratch = db::Scratch::make(sql_bundle());
  ASSERT_TRUE(scratch);
  auto& tx = (*scratch)->tx();
  EXPECT_FALSE(put_rows(tx, Bytes{}));
  EXPECT_FALSE(put_rows(tx, Bytes{2}));
  EXPECT_FALSE(put_rows(tx, (Bytes{1, 99, 0, 0, 0, 1, 0})));
  EXPECT_FALSE(put_rows(tx, (Bytes{1, 2, 0, 0, 0, 1, 1, 't', 0, 0, 0, 9, 'x'})));
  EXPECT_FALSE(put_rows(tx, (Bytes{1, 2, 255, 255, 255, 255, 1, '?'})));
  EXPECT_TRUE(put_rows(tx, Bytes{1}));
}

}  // namespace
}  // namespace jx::cases
