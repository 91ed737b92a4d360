// office.hpp - an office whose programs are killed: one process with people, services and a timer, its cases numbered, every effect written down.
#pragma once
#include <jx/calendar.hpp>
#include <jx/cases.hpp>
#include <jx/cases/pack_part.hpp>
#include <jx/cases/sql.hpp>
#include <jx/db.hpp>
#include <jx/db/migrate.hpp>
#include <jx/db/sql.hpp>
#include <jx/ledger.hpp>
#include <jx/ledger/sql.hpp>
#include <jx/pack.hpp>
#include <jx/pack/sql.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

namespace jx::fault {

inline constexpr const char* office_process = R"(<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:jx="urn:junxian:bpmn:1"
    id="definitions" targetNamespace="urn:fault" expressionLanguage="https://www.omg.org/spec/DMN/20230324/FEEL/">
  <process id="office" isExecutable="true">
    <startEvent id="start"/><sequenceFlow id="f1" sourceRef="start" targetRef="accept"/>
    <userTask id="accept" jx:unit="desk"/><sequenceFlow id="f2" sourceRef="accept" targetRef="fork"/>
    <parallelGateway id="fork"/>
    <sequenceFlow id="f3" sourceRef="fork" targetRef="check"/><sequenceFlow id="f4" sourceRef="fork" targetRef="register"/><sequenceFlow id="f5" sourceRef="fork" targetRef="rest"/>
    <userTask id="check" jx:unit="desk" jx:result="checked"><extensionElements><jx:outcome key="approve"/><jx:outcome key="refuse"/></extensionElements></userTask>
    <serviceTask id="register" jx:handler="register"/>
    <intermediateCatchEvent id="rest"><timerEventDefinition><timeDuration xsi:type="tFormalExpression">PT0.3S</timeDuration></timerEventDefinition></intermediateCatchEvent>
    <sequenceFlow id="f6" sourceRef="rest" targetRef="remind"/><serviceTask id="remind" jx:handler="register"/>
    <sequenceFlow id="f7" sourceRef="check" targetRef="join"/><sequenceFlow id="f8" sourceRef="register" targetRef="join"/><sequenceFlow id="f9" sourceRef="remind" targetRef="join"/>
    <parallelGateway id="join"/><sequenceFlow id="f10" sourceRef="join" targetRef="way"/>
    <exclusiveGateway id="way" default="f12"/>
    <sequenceFlow id="f11" sourceRef="way" targetRef="send"><conditionExpression xsi:type="tFormalExpression">checked.decision = "approve"</conditionExpression></sequenceFlow>
    <sequenceFlow id="f12" sourceRef="way" targetRef="refused"/>
    <serviceTask id="send" jx:handler="send"/><sequenceFlow id="f13" sourceRef="send" targetRef="approved"/>
    <endEvent id="approved" jx:result="approved"/><endEvent id="refused" jx:result="refused"/>
  </process>
</definitions>)";

// fault_todo: the cases still to be opened. fault_effect: what an inside service did; nothing makes it unique, so that twice would be seen.
// fault_sent: what a system outside took, once a key, as such a system must.
inline constexpr db::Migration office_tables{9002, "fault_office",
                                             "CREATE TABLE fault_todo (n INTEGER PRIMARY KEY) STRICT;"
                                             "CREATE TABLE fault_effect (id BLOB PRIMARY KEY, of TEXT NOT NULL) STRICT;"
                                             "CREATE TABLE fault_sent (of TEXT PRIMARY KEY, calls INTEGER NOT NULL) STRICT;",
                                             R"(CREATE TABLE fault_todo (n bigint PRIMARY KEY);
                                             CREATE TABLE fault_effect (id bytea PRIMARY KEY, of text COLLATE "C" NOT NULL);
                                             CREATE TABLE fault_sent (of text COLLATE "C" PRIMARY KEY, calls bigint NOT NULL);)"};
inline constexpr db::SqlBundle office_bundle{"fault_office", {}, {&office_tables, 1}};

inline constexpr db::Query put_todo{"fault.put_todo", "INSERT INTO fault_todo (n) VALUES (?1)", "INSERT INTO fault_todo (n) VALUES ($1)"};
inline constexpr db::Query some_todo{"fault.some_todo", "SELECT n FROM fault_todo WHERE n >= ?1 ORDER BY n LIMIT 1",
                                     "SELECT n FROM fault_todo WHERE n >= $1 ORDER BY n LIMIT 1"};
inline constexpr db::Query take_todo{"fault.take_todo", "DELETE FROM fault_todo WHERE n = ?1", "DELETE FROM fault_todo WHERE n = $1"};
inline constexpr db::Query put_effect{"fault.put_effect", "INSERT INTO fault_effect (id, of) VALUES (?1, ?2)",
                                      "INSERT INTO fault_effect (id, of) VALUES ($1, $2)"};
inline constexpr db::Query put_sent{"fault.put_sent",
                                    "INSERT INTO fault_sent (of, calls) VALUES (?1, 1) ON CONFLICT (of) DO UPDATE SET calls = fault_sent.calls + 1",
                                    "INSERT INTO fault_sent (of, calls) VALUES ($1, 1) ON CONFLICT (of) DO UPDATE SET calls = fault_sent.calls + 1"};
inline constexpr db::Query effects{"fault.effects", "SELECT of, count(*) FROM fault_effect GROUP BY of",
                                   "SELECT of, count(*) FROM fault_effect GROUP BY of"};
inline constexpr db::Query sent{"fault.sent", "SELECT of, calls FROM fault_sent", "SELECT of, calls FROM fault_sent"};
inline constexpr db::Query left{"fault.left", "SELECT (SELECT count(*) FROM fault_todo) + (SELECT count(*) FROM case_file WHERE closed_at IS NULL)",
                                "SELECT (SELECT count(*) FROM fault_todo) + (SELECT count(*) FROM case_file WHERE closed_at IS NULL)"};
inline constexpr db::Query ids{"fault.ids", "SELECT id, title FROM case_file", "SELECT id, title FROM case_file"};

[[noreturn]] inline void office_stop(const std::string& why) {
  std::fprintf(stderr, "fault_office: %s\n", why.c_str());
  std::exit(1);
}
template <class T>
T office_must(Result<T> result) {
  if (!result) office_stop(result.error().text());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

class Office {
 public:
  explicit Office(const std::string& url) : database_(office_must(db::Database::open({.url = url, .connections = 8}))) {
    calendar::Spec spec;
    spec.id = "cn";
    spec.zone = "Asia/Shanghai";
    calendar_ = std::make_shared<const calendar::Calendar>(office_must(calendar::Calendar::make(spec)));
    handlers_.inside("register", [this](db::Tx& tx, const Context& ctx, const cases::Call& call) -> Result<cases::Answer> {
      JX_CHECK(tx.run(put_effect, Uuid::make(ctx.clock, ctx.random).bytes(), call.idempotency_key));
      return cases::Answer{{{call.element, call.idempotency_key.substr(call.idempotency_key.find(':'))}}, ""};
    });
    handlers_.outside("send", [this](const Context&, const cases::Call& call) -> Result<cases::Answer> {
      auto done = database_->write_guarded(no_deadline, [&](db::Tx& tx) -> Result<> {
        JX_CHECK(tx.run(put_sent, call.idempotency_key));
        return {};
      });
      if (!done) return std::unexpected(done.error());
      return cases::Answer{};
    });
    engine_ = std::make_unique<cases::Engine>(cases::Engine::Needs{handlers_, [this] { return calendar_; }, nullptr, nullptr});
  }

  /// The tables, the process and the numbers of the cases to open.
  void set_up(std::int64_t cases) {
    const db::SqlBundle* bundles[] = {&db::sql_bundle(), &ledger::sql_bundle(), &pack::sql_bundle(), &cases::sql_bundle(), &office_bundle};
    office_must(db::migrate(*database_, bundles));
    const auto pack = office_must(pack::Pack::of(
        {{"pack.yaml", "key: fault\nname: {en: Fault, zh-CN: 故障}\nversion: \"1\"\nlanguages: [en, zh-CN]\nzone: Asia/Shanghai\ncalendar: cn\n"},
         {"processes/office.bpmn", office_process}}));
    const auto part = cases::pack_part(&handlers_);
    office_must(database_->write(no_deadline, [&](db::Tx& tx) -> Result<> {
      JX_CHECK(part->apply(tx, context(), pack));
      for (std::int64_t n = 0; n < cases; ++n) JX_CHECK(tx.later(put_todo, n));
      return {};
    }));
  }

  Context context() {
    Context ctx{{.kind = Actor::Kind::person}, no_deadline, RequestId(), clock_, random_, "en"};
    ctx.actor.unit = UnitId::trusted("desk");
    ctx.actor.post = PostId::trusted("desk/clerk");
    ctx.actor.account = *AccountId::parse("00000000-0000-7000-8000-000000000001");
    return ctx;
  }
  db::Database& database() { return *database_; }
  cases::Engine& engine() { return *engine_; }
  const calendar::Calendar& calendar() { return *calendar_; }
  const Clock& clock() { return clock_; }
  Random& random() { return random_; }
  std::int64_t still_open() {
    return office_must(database_->read(no_deadline, [&](db::Tx& tx) { return tx.one(left); }))->integer(0);
  }

 private:
  SystemClock clock_;
  SystemRandom random_;
  std::unique_ptr<db::Database> database_;
  std::shared_ptr<const calendar::Calendar> calendar_;  // shared, as the engine asks for it
  cases::Registry handlers_;
  std::unique_ptr<cases::Engine> engine_;
};

}  // namespace jx::fault
