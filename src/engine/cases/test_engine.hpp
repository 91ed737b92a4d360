// test_engine.hpp - an engine with its worker on a database of its own, in virtual time, on both databases. For *_test.cpp files only.
#pragma once
#include "test_model.hpp"

#include <jx/calendar.hpp>
#include <jx/cases.hpp>
#include <jx/cases/pack_part.hpp>
#include <jx/cases/sql.hpp>
#include <jx/db/sql.hpp>
#include <jx/db/testing.hpp>
#include <jx/ledger.hpp>
#include <jx/ledger/sql.hpp>
#include <jx/pack/sql.hpp>

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace jx::cases {

inline constexpr const char* test_pack_yaml =
    "key: test\nname: {en: Test, zh-CN: 测试}\nversion: \"1\"\nlanguages: [en, zh-CN]\nzone: Asia/Shanghai\ncalendar: cn\n";

class EngineTest : public db::OnBoth {
 protected:
  std::vector<const db::SqlBundle*> bundles() const override {
    return {&db::sql_bundle(), &ledger::sql_bundle(), &pack::sql_bundle(), &sql_bundle()};
  }
  /// Whatever the engine asks of offices; nothing by default.
  virtual Offices* offices() { return nullptr; }

  void SetUp() override {
    OnBoth::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    calendar::Spec spec;
    spec.id = "cn";
    spec.zone = "Asia/Shanghai";
    auto made = calendar::Calendar::make(spec);
    ASSERT_TRUE(made) << made.error().text();
    calendar_ = std::make_shared<const calendar::Calendar>(std::move(*made));
    engine_ = std::make_unique<Engine>(Engine::Needs{handlers_, [this] { return calendar_; }, nullptr, offices()});
    worker_ = std::make_unique<Worker>(*engine_, db(), clock_, random_, Worker::Options{});
  }

  template <class F>
  auto write(F&& f) {
    return db().write(no_deadline, std::forward<F>(f));
  }
  template <class F>
  auto read(F&& f) {
    return db().read(no_deadline, std::forward<F>(f));
  }

  /// Files of a pack beside pack.yaml, without a check.
  void apply_files(std::map<std::string, std::string> files) {
    files["pack.yaml"] = test_pack_yaml;
    auto pack = pack::Pack::of(std::move(files));
    ASSERT_TRUE(pack) << pack.error().text();
    const auto done = write([&](db::Tx& tx) { return pack_part(&handlers_)->apply(tx, someone(), *pack); });
    ASSERT_TRUE(done) << done.error().text();
  }
  /// Each text is the body of a model, a file of its own, beside `files`.
  void apply(const std::vector<std::string>& models, std::map<std::string, std::string> files = {}) {
    for (std::size_t i = 0; i < models.size(); ++i) files["processes/p" + std::to_string(i) + ".bpmn"] = test_model(models[i]);
    apply_files(std::move(files));
  }

  /// Somebody who holds no post, or this one; accounts are told apart by their last digit.
  Context someone(const std::string& unit = "", const std::string& post = "", char account = '1') {
    Context ctx{{.kind = Actor::Kind::person}, no_deadline, RequestId(), clock_, random_, "en"};
    if (!unit.empty()) ctx.actor.unit = UnitId::trusted(unit);
    if (!post.empty()) ctx.actor.post = PostId::trusted(post);
    ctx.actor.account = *AccountId::parse(std::string("00000000-0000-7000-8000-00000000000") + account);
    return ctx;
  }

  /// Does what is due until nothing is, at one instant.
  void work() {
    for (std::size_t ran = 1; ran > 0;) {
      auto step = worker_->step();
      ASSERT_TRUE(step) << step.error().text();
      ran = *step;
    }
  }
  CaseView view(CaseId id) {
    auto found = read([&](db::Tx& tx) { return engine_->view(tx, someone(), id); });
    EXPECT_TRUE(found) << found.error().text();
    return found ? *found : CaseView{};
  }
  void expect_sound() {
    auto report = ledger::check_state(db(), state_tables());
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_EQ(report->rows_altered, 0U);
    for (const auto& row : report->rows) ADD_FAILURE() << row.table << " " << row.key << " " << static_cast<int>(row.how);
    const auto unsound = check_soundness(db());
    ASSERT_TRUE(unsound) << unsound.error().text();
    for (const auto& one : *unsound) ADD_FAILURE() << one.where << ": " << one.message.en;
  }

  VirtualClock clock_{*Instant::parse("2026-11-20T01:00:00Z")};  // a Friday, 9:00 in Shanghai
  SeededRandom random_{7};
  Registry handlers_;
  std::shared_ptr<const calendar::Calendar> calendar_;  // shared, as Engine::Needs asks for
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Worker> worker_;
};

}  // namespace jx::cases
