#include <jx/attachments.hpp>
#include <jx/attachments/sql.hpp>

#include "made_files.hpp"

#include <jx/calendar.hpp>
#include <jx/cases/pack_part.hpp>
#include <jx/cases/sql.hpp>
#include <jx/db/sql.hpp>
#include <jx/db/testing.hpp>
#include <jx/ledger/sql.hpp>
#include <jx/pack.hpp>
#include <jx/pack/sql.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jx::attachments {
namespace {

using ::testing::HasSubstr;

constexpr const char* process = R"(<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:jx="urn:junxian:bpmn:1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  id="d" targetNamespace="urn:test">
<process id="p" isExecutable="true">
  <startEvent id="start"/><userTask id="look" name="审查"/><endEvent id="end" jx:result="approved"/>
  <sequenceFlow id="f1" sourceRef="start" targetRef="look"/><sequenceFlow id="f2" sourceRef="look" targetRef="end"/>
</process></definitions>)";

/// Statements that no module has: what somebody does to the tables by hand.
db::Query by_hand(std::string_view sqlite, std::string_view postgres) { return {"by_hand", sqlite, postgres}; }

class Files : public db::OnBoth {
 protected:
  std::vector<const db::SqlBundle*> bundles() const override {
    return {&db::sql_bundle(), &ledger::sql_bundle(), &pack::sql_bundle(), &cases::sql_bundle(), &sql_bundle()};
  }

  template <class F>
  auto write(F&& f) {
    return db().write(no_deadline, std::forward<F>(f));
  }
  template <class F>
  auto read(F&& f) {
    return db().read(no_deadline, std::forward<F>(f));
  }

  void SetUp() override {
    OnBoth::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    calendar::Spec spec;
    spec.id = "cn";
    spec.zone = "Asia/Shanghai";
    auto calendar = calendar::Calendar::make(spec);
    ASSERT_TRUE(calendar) << calendar.error().text();
    calendar_ = std::make_shared<const calendar::Calendar>(std::move(*calendar));
    auto keys = crypto::KeyRing::create(folder_.path() / "attachments.keys");
    ASSERT_TRUE(keys) << keys.error().text();
    keys_.emplace(std::move(*keys));
    engine_ = std::make_unique<cases::Engine>(cases::Engine::Needs{handlers_, [this] { return calendar_; }, nullptr, nullptr});
    use({});
    const auto pack =
        pack::Pack::of({{"pack.yaml", "key: t\nname: {en: T, zh-CN: 测}\nversion: '1'\nlanguages: [en]\nzone: Asia/Shanghai\ncalendar: cn\n"},
                        {"processes/p.bpmn", process}});
    ASSERT_TRUE(pack) << pack.error().text();
    const auto part = cases::pack_part();
    const auto applied = write([&](db::Tx& tx) { return part->apply(tx, context(), *pack); });
    ASSERT_TRUE(applied) << applied.error().text();
  }

  void use(Limits limits) { store_ = std::make_unique<Store>(*keys_, *engine_, limits); }
  Context context(AccountId account = wang()) { return {{Actor::Kind::person, account, {}, {}, {}}, no_deadline, {}, clock_, random_, "en"}; }
  static AccountId wang() { return *AccountId::parse("01900000-0000-7000-8000-000000000001"); }
  static AccountId li() { return *AccountId::parse("01900000-0000-7000-8000-000000000002"); }

  CaseId open_case() {
    cases::Opening opening;
    opening.process = ProcessId::trusted("p");
    const auto receipt = write([&](db::Tx& tx) { return engine_->open(tx, context(), opening); });
    EXPECT_TRUE(receipt) << receipt.error().text();
    return receipt ? receipt->id : CaseId();
  }
  DraftId new_draft() { return DraftId::make(clock_, random_); }

  static NewFile file_of(Owner owner, std::string name, std::uint64_t size) { return {owner, std::move(name), size, {}, "", {}}; }
  Result<Upload> begin(const NewFile& file) {
    return write([&](db::Tx& tx) { return store_->begin(tx, context(), file); });
  }
  Result<Attachment> put(const NewFile& file, const std::string& octets) {
    return write([&](db::Tx& tx) { return store_->put(tx, context(), file, bytes_of(octets)); });
  }
  Result<Progress> send(AttachmentId id, std::uint64_t offset, std::string_view octets, AccountId as = wang()) {
    return store_->receive(db(), context(as), id, offset, bytes_of(octets));
  }
  /// The whole file in pieces of `piece` octets.
  Result<Progress> upload(const NewFile& file, const std::string& octets, std::size_t piece = piece_bytes_max) {
    JX_TRY(begun, begin(file));
    for (std::size_t at = 0;; at += piece) {
      JX_TRY(progress, send(begun.id, at, std::string_view(octets).substr(at, piece)));
      if (progress.attachment) return progress;
    }
  }
  std::vector<Attachment> list(const Owner& owner) {
    return *read([&](db::Tx& tx) { return store_->list(tx, owner); });
  }
  Result<std::string> octets(AttachmentId id, std::uint64_t from = 0, std::uint64_t count = UINT64_MAX) {
    return read([&](db::Tx& tx) { return store_->read(tx, id, from, count); });
  }
  Result<> remove(AttachmentId id, std::string_view reason = "拍错了", AccountId as = wang()) {
    return write([&](db::Tx& tx) { return store_->remove(tx, context(as), id, reason); });
  }
  std::int64_t count(std::string_view sql) {
    const auto query = by_hand(sql, sql);
    return (*read([&](db::Tx& tx) { return tx.one(query); }))->integer(0);
  }
  Result<> change(std::string_view sqlite, std::string_view postgres) {
    const auto query = by_hand(sqlite, postgres);
    return write([&](db::Tx& tx) -> Result<> {
      JX_CHECK(tx.run(query));
      return {};
    });
  }
  void sweep_all() {
    for (bool more = true; more;) {
      const auto swept = write([&](db::Tx& tx) { return sweep(tx, clock_.now()); });
      ASSERT_TRUE(swept) << swept.error().text();
      more = *swept;
    }
  }
  std::vector<std::string> unsound() {
    std::vector<std::string> all;
    for (const auto* keys : {static_cast<const crypto::KeyRing*>(nullptr), static_cast<const crypto::KeyRing*>(&*keys_)}) {
      const auto found = check_soundness(db(), keys);
      for (const auto& one : *found) all.push_back(one.where);
    }
    std::vector<ledger::StateTable> tables(state_tables().begin(), state_tables().end());
    tables.insert(tables.end(), cases::state_tables().begin(), cases::state_tables().end());
    const auto report = ledger::check_state(db(), tables);
    for (const auto& row : report->rows) all.push_back(row.table + " " + row.key);
    const auto more = cases::check_soundness(db());
    for (const auto& one : *more) all.push_back(one.where);
    return all;
  }
  std::vector<std::string> timeline(CaseId id) {
    std::vector<std::string> kinds;
    const auto events = read([&](db::Tx& tx) { return engine_->timeline(tx, id); });
    for (const auto& event : *events) kinds.push_back(event.kind);
    return kinds;
  }

  db::TempFolder folder_;
  VirtualClock clock_{*Instant::parse("2026-11-20T01:00:00Z")};
  SeededRandom random_{7};
  cases::Registry handlers_;
  std::shared_ptr<const calendar::Calendar> calendar_;
  std::optional<crypto::KeyRing> keys_;
  std::unique_ptr<cases::Engine> engine_;
  std::unique_ptr<Store> store_;
};

TEST_P(Files, of_200_kB_come_in_one_piece_and_go_out_by_ranges) {
  const auto photo = made::jpeg(200'000);
  const Owner owner(open_case());
  const auto done = upload(file_of(owner, "门头.jpg", photo.size()), photo);
  ASSERT_TRUE(done) << done.error().text();
  ASSERT_TRUE(done->attachment);
  EXPECT_EQ(done->attachment->type, FileType::jpeg);
  EXPECT_EQ(done->attachment->name, "门头.jpg");
  EXPECT_EQ(done->attachment->sha256, crypto::sha256(bytes_of(photo)));
  const auto id = done->attachment->id;
  EXPECT_EQ(octets(id), photo);
  for (const auto& [from, length] :
       {std::pair<std::size_t, std::size_t>{0, 1}, {65'535, 2}, {65'536, 65'536}, {131'072, 100'000}, {photo.size() - 1, 5}})
    EXPECT_EQ(octets(id, from, length), photo.substr(from, length)) << from;
  EXPECT_EQ(octets(id, photo.size(), 1), "");
  EXPECT_EQ(unsound(), std::vector<std::string>());
}

TEST_P(Files, go_on_where_they_stood_after_the_program_was_killed) {
  const auto photo = made::png(1'000'000);
  const auto begun = begin(file_of(Owner(open_case()), "a.png", photo.size()));
  ASSERT_TRUE(begun) << begun.error().text();
  std::size_t at = 0;
  std::optional<Attachment> made;
  while (!made) {
    const auto progress = send(begun->id, at, std::string_view(photo).substr(at, 3 * chunk_bytes));
    ASSERT_TRUE(progress) << progress.error().text();
    made = progress->attachment;
    reopen();
    at = read([&](db::Tx& tx) { return store_->upload(tx, context(), begun->id); })->upload.offset;
    EXPECT_EQ(at, progress->upload.offset);
  }
  EXPECT_EQ(octets(made->id), photo);
  EXPECT_EQ(unsound(), std::vector<std::string>());
}

TEST_P(Files, come_in_order_or_are_told_where_they_stand) {
  const auto photo = made::png(300'000);
  const auto begun = begin(file_of(Owner(open_case()), "a.png", photo.size()));
  const auto first = std::string_view(photo).substr(0, chunk_bytes);
  EXPECT_EQ(send(begun->id, chunk_bytes, first).error().code, ErrorCode::conflict);
  ASSERT_TRUE(send(begun->id, 0, first));
  const auto twice = send(begun->id, 0, first);
  EXPECT_EQ(twice.error().code, ErrorCode::conflict);
  EXPECT_THAT(twice.error().message.en, HasSubstr("65536"));
  EXPECT_EQ(send(begun->id, chunk_bytes, "x").error().code, ErrorCode::invalid);  // no whole chunk, and not the end
  EXPECT_EQ(send(begun->id, chunk_bytes, "").error().code, ErrorCode::invalid);
  EXPECT_EQ(send(begun->id, chunk_bytes, std::string(400'000, 'x')).error().code, ErrorCode::invalid);  // beyond the end
  EXPECT_EQ(send(begun->id, chunk_bytes, first, li()).error().code, ErrorCode::not_found);              // another's upload
  const auto rest = send(begun->id, chunk_bytes, std::string_view(photo).substr(chunk_bytes));
  ASSERT_TRUE(rest && rest->attachment);
  EXPECT_EQ(send(begun->id, chunk_bytes, first).error().code, ErrorCode::conflict);
  EXPECT_EQ(read([&](db::Tx& tx) { return store_->upload(tx, context(), begun->id); })->upload.offset, photo.size());
}

TEST_P(Files, become_part_of_the_case_with_timeline_and_ledger_and_nothing_personal_in_the_clear) {
  const auto id = open_case();
  const auto made = put(file_of(Owner(id), "王芳身份证.png", 0), made::png());
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(timeline(id), (std::vector<std::string>{"opened", "task_created", "attachment_added"}));
  const auto entries = read([&](db::Tx& tx) { return ledger::about(tx, ledger::subject("case", id), {}, 10); });
  const auto& body = *entries->back().body;
  EXPECT_EQ(entries->back().kind, "case.attachment-added");
  EXPECT_THAT(body, HasSubstr(to_hex(*made->sha256)));
  EXPECT_EQ(body.find("王芳"), std::string::npos);
  for (const auto* part : {"CAST(sealed AS TEXT)", "material", "type"}) {
    if (GetParam() == db::Dialect::postgres) continue;
    EXPECT_EQ(count(std::string("SELECT count(*) FROM attachment WHERE ") + part + " LIKE '%王芳%'"), 0);
  }
}

TEST_P(Files, are_stored_once_in_a_case_and_have_nothing_in_common_between_cases) {
  const auto photo = made::png(70'000);
  const Owner one(open_case());
  const Owner other(open_case());
  const auto first = put(file_of(one, "a.png", 0), photo);
  const auto again = upload(file_of(one, "b.png", photo.size()), photo);
  const auto elsewhere = put(file_of(other, "a.png", 0), photo);
  ASSERT_TRUE(first && again && elsewhere);
  sweep_all();
  EXPECT_EQ(count("SELECT count(*) FROM attachment_content"), 2);
  EXPECT_EQ(count("SELECT count(*) FROM attachment_chunk"), 4);
  EXPECT_EQ(count("SELECT count(DISTINCT address) FROM attachment_content"), 2);
  EXPECT_EQ(count("SELECT count(DISTINCT sha256) FROM attachment_chunk"), 4);
  ASSERT_TRUE(remove(first->id));
  sweep_all();
  EXPECT_EQ(octets(again->attachment->id), photo);
  ASSERT_TRUE(remove(again->attachment->id));
  sweep_all();
  EXPECT_EQ(count("SELECT count(*) FROM attachment_chunk"), 2);
  EXPECT_EQ(unsound(), std::vector<std::string>());
}

TEST_P(Files, that_are_not_what_they_say_are_refused_and_gone) {
  const Owner owner(open_case());
  const auto lie = upload(file_of(owner, "a.jpg", made::png().size()), made::png());
  EXPECT_EQ(lie.error().field, "/name");
  auto expected = file_of(owner, "a.png", made::png().size());
  expected.sha256 = crypto::sha256(bytes_of("another file"));
  EXPECT_EQ(upload(expected, made::png()).error().field, "/sha256");
  EXPECT_EQ(put(file_of(owner, "page.txt", 0), "<html>").error().field, "/octets");
  auto pdf_only = file_of(owner, "a.png", 0);
  pdf_only.rule.types = {FileType::pdf};
  EXPECT_THAT(put(pdf_only, made::png()).error().message.en, HasSubstr("PDF"));
  EXPECT_FALSE(put(file_of(owner, "a.zip", 0), made::zip({{"a.txt", "x"}})));  // never, unless a material says so
  auto zip = file_of(owner, "a.zip", 0);
  zip.rule.types = {FileType::zip};
  EXPECT_TRUE(put(zip, made::zip({{"a.txt", "x"}})));
  sweep_all();
  EXPECT_EQ(count("SELECT count(*) FROM attachment_upload"), 0);
  EXPECT_EQ(count("SELECT files FROM attachment_folder"), 1);
  EXPECT_EQ(count("SELECT count(*) FROM attachment_chunk"), 1);
}

TEST_P(Files, have_limits_that_say_what_to_do) {
  use({.file_bytes_max = 1'000, .files_max = 2, .folder_bytes_max = 1'500});
  const Owner owner(new_draft());
  EXPECT_THAT(begin(file_of(owner, "a.png", 1'001)).error().message.en, HasSubstr("lower resolution"));
  EXPECT_EQ(begin(file_of(owner, "a.png", 0)).error().code, ErrorCode::invalid);
  ASSERT_TRUE(begin(file_of(owner, "a.png", 1'000)));
  EXPECT_THAT(begin(file_of(owner, "b.png", 1'000)).error().message.en, HasSubstr("together"));
  ASSERT_TRUE(begin(file_of(owner, "b.png", 500)));
  const auto third = begin(file_of(owner, "c.png", 1));
  EXPECT_EQ(third.error().code, ErrorCode::too_large);
  EXPECT_THAT(third.error().message.en, HasSubstr("2 files already"));
  auto slot = file_of(Owner(new_draft()), "a.png", 10);
  slot.material = "photo";
  slot.rule.files_max = 1;
  ASSERT_TRUE(begin(slot));
  EXPECT_EQ(begin(slot).error().field, "/material");
}

TEST_P(Files, of_a_draft_become_those_of_its_case) {
  const auto draft = new_draft();
  auto file = file_of(Owner(draft), "a.png", 0);
  file.material = "shop-front";
  const auto made = put(file, made::png());
  ASSERT_TRUE(made) << made.error().text();
  const auto late = begin(file_of(Owner(draft), "b.png", made::png(90).size()));
  EXPECT_EQ((*read([&](db::Tx& tx) { return by_material(tx, Owner(draft)); }))["shop-front"], 1);
  const auto id = open_case();
  const auto filed = write([&](db::Tx& tx) { return store_->file(tx, context(), draft, id); });
  ASSERT_TRUE(filed) << filed.error().text();
  EXPECT_TRUE(list(Owner(draft)).empty());
  ASSERT_EQ(list(Owner(id)).size(), 1U);
  EXPECT_EQ(octets(made->id), made::png());
  EXPECT_EQ(timeline(id).back(), "attachments_filed");
  ASSERT_TRUE(send(late->id, 0, made::png(90)));  // what was under way goes on, into the case
  EXPECT_EQ(timeline(id).back(), "attachment_added");
  EXPECT_EQ(unsound(), std::vector<std::string>());
}

TEST_P(Files, of_a_draft_that_is_thrown_away_leave_nothing) {
  const auto draft = new_draft();
  ASSERT_TRUE(put(file_of(Owner(draft), "a.png", 0), made::png(200'000)));
  const auto gone = put(file_of(Owner(draft), "b.png", 0), made::png());
  ASSERT_TRUE(remove(gone->id, ""));
  ASSERT_TRUE(begin(file_of(Owner(draft), "c.png", 10)));
  EXPECT_TRUE(write([&](db::Tx& tx) { return discard(tx, draft); }));
  sweep_all();
  for (const auto* table : {"attachment", "attachment_folder", "attachment_content", "attachment_chunk", "attachment_upload", "attachment_waste"})
    EXPECT_EQ(count(std::string("SELECT count(*) FROM ") + table), 0) << table;
  EXPECT_EQ(unsound(), std::vector<std::string>());
}

TEST_P(Files, are_taken_away_only_by_who_added_them_before_anybody_decided) {
  const auto id = open_case();
  const auto made = put(file_of(Owner(id), "a.png", 0), made::png());
  const auto kept = put(file_of(Owner(id), "b.png", 0), made::png(50));
  EXPECT_EQ(remove(made->id, "不是我的", li()).error().code, ErrorCode::forbidden);
  EXPECT_EQ(remove(made->id, "").error().field, "/reason");
  ASSERT_TRUE(remove(made->id));
  EXPECT_EQ(remove(made->id).error().code, ErrorCode::conflict);
  EXPECT_EQ(list(Owner(id)).size(), 2U);
  const auto gone = read([&](db::Tx& tx) { return store_->attachment(tx, made->id); });
  EXPECT_FALSE(gone->readable);
  EXPECT_EQ(gone->removed_reason, "拍错了");
  EXPECT_EQ(octets(made->id).error().code, ErrorCode::conflict);
  const auto work = read([&](db::Tx& tx) { return engine_->view(tx, context(), id); });
  auto clerk = context(li());
  clerk.actor.post = PostId::trusted("desk");
  const auto done = write([&](db::Tx& tx) { return engine_->complete(tx, clerk, work->tasks[0].id, {}); });
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(remove(kept->id).error().code, ErrorCode::conflict);
  EXPECT_EQ(put(file_of(Owner(id), "c.png", 0), made::png()).error().code, ErrorCode::conflict);  // the case is concluded
  EXPECT_EQ(octets(kept->id), made::png(50));
  EXPECT_EQ(unsound(), std::vector<std::string>());
}

TEST_P(Files, can_be_read_by_nobody_once_their_key_is_destroyed) {
  const auto id = open_case();
  const auto made = put(file_of(Owner(id), "a.png", 0), made::png(200'000));
  const auto work = read([&](db::Tx& tx) { return engine_->view(tx, context(), id); });
  auto clerk = context(li());
  clerk.actor.post = PostId::trusted("desk");
  const auto done = write([&](db::Tx& tx) { return engine_->complete(tx, clerk, work->tasks[0].id, {}); });
  ASSERT_TRUE(done) << done.error().text();
  const auto erase = [&] { return write([&](db::Tx& tx) { return store_->erase(tx, context(), id, "个人信息保护法第四十七条", "保存期满"); }); };
  const auto erased = erase();
  ASSERT_TRUE(erased) << erased.error().text();
  EXPECT_EQ(octets(made->id).error().code, ErrorCode::conflict);
  EXPECT_EQ(list(Owner(id))[0].name, "");
  EXPECT_EQ(erase().error().code, ErrorCode::conflict);
  EXPECT_EQ(timeline(id).back(), "attachments_erased");
  sweep_all();
  EXPECT_EQ(count("SELECT count(*) FROM attachment_chunk"), 0);
  EXPECT_EQ(unsound(), std::vector<std::string>());
  const auto empty = open_case();
  EXPECT_EQ(write([&](db::Tx& tx) { return store_->erase(tx, context(), empty, "x", "y"); }).error().code, ErrorCode::not_found);
}

TEST_P(Files, that_were_changed_by_hand_are_found) {
  ASSERT_TRUE(put(file_of(Owner(open_case()), "a.png", 0), made::png(200'000)));
  ASSERT_EQ(unsound(), std::vector<std::string>());
  ASSERT_TRUE(change("UPDATE attachment_chunk SET octets = zeroblob(65559) WHERE number = 1",
                     "UPDATE attachment_chunk SET octets = decode(repeat('00', 65559), 'hex') WHERE number = 1"));
  EXPECT_THAT(unsound()[0], HasSubstr("attachments.content"));
  ASSERT_TRUE(change("DELETE FROM attachment_chunk WHERE number = 1", "DELETE FROM attachment_chunk WHERE number = 1"));
  EXPECT_THAT(unsound()[0], HasSubstr("attachments.content"));
  ASSERT_TRUE(change("UPDATE attachment SET material = 'other'", "UPDATE attachment SET material = 'other'"));
  EXPECT_THAT(unsound().back(), HasSubstr("attachments.attachment"));
  ASSERT_TRUE(change("DELETE FROM attachment_content", "DELETE FROM attachment_content"));
  const auto all = unsound();
  EXPECT_THAT(all, ::testing::Contains(HasSubstr("attachments.chunk")));
}

TEST_P(Files, that_never_come_are_given_up_after_a_day) {
  const auto photo = made::png(300'000);
  const auto begun = begin(file_of(Owner(new_draft()), "a.png", photo.size()));
  ASSERT_TRUE(send(begun->id, 0, std::string_view(photo).substr(0, chunk_bytes)));
  clock_.advance(std::chrono::hours(23));
  sweep_all();
  ASSERT_TRUE(send(begun->id, chunk_bytes, std::string_view(photo).substr(chunk_bytes, chunk_bytes)));  // which keeps it for another day
  clock_.advance(std::chrono::hours(23));
  sweep_all();
  EXPECT_EQ(count("SELECT count(*) FROM attachment_chunk"), 2);
  clock_.advance(std::chrono::hours(2));
  sweep_all();
  EXPECT_EQ(count("SELECT count(*) FROM attachment_chunk"), 0);
  EXPECT_EQ(count("SELECT files + octets FROM attachment_folder"), 0);
  EXPECT_EQ(send(begun->id, 2 * chunk_bytes, "x").error().code, ErrorCode::not_found);
}

TEST_P(Files, are_shown_to_a_task_by_name) {
  const auto id = open_case();
  const auto made = put(file_of(Owner(id), "a.png", 0), made::png());
  const auto other = put(file_of(Owner(open_case()), "a.png", 0), made::png());
  const auto task = TaskId::make(clock_, random_);
  const auto give = [&](AttachmentId which) { return write([&](db::Tx& tx) { return store_->show(tx, context(), task, id, std::array{which}); }); };
  ASSERT_TRUE(give(made->id));
  ASSERT_TRUE(give(made->id));
  EXPECT_EQ(give(other->id).error().code, ErrorCode::not_found);
  EXPECT_EQ(*read([&](db::Tx& tx) { return shown(tx, task); }), std::vector{made->id});
}

TEST_P(Files, have_statements_that_both_databases_take) {
  const auto all = bundles();
  const auto prepared = db::prepare_all(db(), all);
  EXPECT_TRUE(prepared) << prepared.error().text();
}

JX_ON_BOTH(Files);

}  // namespace
}  // namespace jx::attachments
