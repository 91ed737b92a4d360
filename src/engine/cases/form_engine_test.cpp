// Forms in the engine: what is computed reaches the case, several forms are one, an earlier version stays.
#include "test_engine.hpp"

#include <jx/cases/forms.hpp>
#include <jx/wire.hpp>

#include <boost/json/array.hpp>

#include <gmock/gmock.h>

namespace jx::cases {
namespace {

using ::testing::HasSubstr;

constexpr const char* process =
    R"(<startEvent id="s"/><serviceTask id="look" jx:handler="look"/><userTask id="visit" jx:post="fire/clerk" jx:form="visit"/><endEvent id="e"/>
    <sequenceFlow id="f1" sourceRef="s" targetRef="look"/><sequenceFlow id="f2" sourceRef="look" targetRef="visit"/><sequenceFlow id="f3" sourceRef="visit" targetRef="e"/>)";

class FormsOfCases : public EngineTest {
 protected:
  void SetUp() override {
    handlers_.inside("look", [this](db::Tx&, const Context&, const Call& call) -> Result<Answer> {
      variables_ = call.variables;
      return Answer{};
    });
    EngineTest::SetUp();
    files_["pack.yaml"] = test_pack_yaml;
    form("food", R"({"seats":{"type":"integer","x-datum":"seats"},"area":{"type":"number"},"each":{"type":"number"}})", R"(["seats","area"])",
         R"(,"computed":{"/each":"area / seats"})");
    form("fire", R"({"places":{"type":"integer","maximum":50,"x-datum":"seats"},"exits":{"type":"integer"}})", R"(["places","exits"])",
         R"(,"rules":[{"id":"ways","require":"exits * 20 >= places","at":"/exits","message":{"zh-CN":"出口不足","en":"Too few exits"}}])");
    form("visit", R"({"on":{"type":"string","format":"date"}})", R"(["on"])",
         R"json(,"rules":[{"id":"past","require":"on <= today()","at":"/on","message":{"zh-CN":"不能晚于今天","en":"Not after today"}}])json");
  }
  void form(const std::string& key, const std::string& properties, const std::string& required, const std::string& rules) {
    files_["forms/" + key + ".json"] =
        R"({"type":"object","additionalProperties":false,"properties":)" + properties + R"(,"required":)" + required + "}";
    std::string fields;
    const auto parsed = wire::parse(properties);
    for (const auto& property : parsed->as_object())
      fields += (fields.empty() ? "" : ",") + (R"({"pointer":"/)" + std::string(property.key()) + "\"}");
    files_["forms/" + key + ".ui.json"] = R"({"groups":[{"fields":[)" + fields + "]}]" + rules + "}";
  }
  /// What the check of the pack says; applies it where that is nothing.
  std::string apply(const std::string& jx_form) {
    files_["processes/p.bpmn"] = test_model(test_process("permit", process, jx_form.empty() ? "" : "jx:form=\"" + jx_form + "\""));
    auto pack = pack::Pack::of(files_);
    const auto part = pack_part(&handlers_);
    pack::Names names;
    pack::Findings findings;
    part->declare(*pack, names, findings);
    names.declare(pack::Kind::post, "fire/clerk", pack->files().front(), 1, findings);
    part->check(*pack, names, findings);
    std::string said;
    for (const auto& f : findings.sorted()) said += f.file + ":" + std::to_string(f.line) + ": " + f.message.en + "\n";
    if (!said.empty()) return said;
    const auto done = db().write(no_deadline, [&](db::Tx& tx) { return part->apply(tx, clerk(), *pack); });
    EXPECT_TRUE(done) << done.error().text();
    return "";
  }
  Context clerk() { return someone("fire", "fire/clerk"); }
  Result<Receipt> open(const char* data, std::string form_key = {}) {
    Opening o;
    o.form_key = std::move(form_key);
    o.process = ProcessId::trusted("permit");
    o.form = wire::parse(data)->as_object();
    auto receipt = db().write(no_deadline, [&](db::Tx& tx) { return engine_->open(tx, clerk(), o); });
    if (receipt) work();
    return receipt;
  }

  std::map<std::string, std::string> files_;
  boost::json::object variables_;
};

TEST_P(FormsOfCases, compute_and_hold_what_was_computed) {
  ASSERT_EQ(apply("food"), "");
  ASSERT_TRUE(open(R"({"seats":8,"area":20,"each":99})"));
  EXPECT_EQ(wire::to_text(variables_.at("application")), R"({"seats":8,"area":20,"each":2.5})");
  EXPECT_EQ(open(R"({"seats":8})").error().field, "/form/area");
}

TEST_P(FormsOfCases, are_one_form_whose_parts_get_their_own_data) {
  ASSERT_EQ(apply(" food  fire"), "");
  const auto whole = db().read(no_deadline, [&](db::Tx& tx) { return form_now(tx, *engine_, "food fire"); });
  ASSERT_TRUE(whole) << whole.error().text();
  EXPECT_EQ(whole->counts.fields, 5);
  EXPECT_EQ(whole->counts.distinct, 4);
  EXPECT_EQ(open(R"({"food":{"seats":51,"area":100},"fire":{"exits":3}})").error().field, "/form/food/seats");
  EXPECT_EQ(open(R"({"food":{"seats":50,"area":100},"fire":{"exits":2}})").error().message.zh, "出口不足");
  const auto receipt = open(R"({"food":{"seats":50,"area":100},"fire":{"exits":3}})");
  ASSERT_TRUE(receipt) << receipt.error().text();
  EXPECT_EQ(wire::to_text(variables_.at("application")), R"({"food":{"seats":50,"area":100,"each":2},"fire":{"exits":3}})");
  EXPECT_EQ(wire::to_text(variables_.at("forms")), R"({"food":{"seats":50,"area":100,"each":2},"fire":{"places":50,"exits":3}})");
  const auto asked = db().read(no_deadline, [&](db::Tx& tx) { return form_of_case(tx, *engine_, receipt->id); });
  ASSERT_TRUE(asked && *asked);
  EXPECT_EQ((*asked)->id, whole->id);
  Engine anew(Engine::Needs{handlers_, [this] { return calendar_; }, nullptr, nullptr});  // from the database alone
  const auto again = db().read(no_deadline, [&](db::Tx& tx) { return check_form(tx, clerk(), anew, whole->id, {}); });
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_FALSE(again->faults.empty());
  EXPECT_TRUE(check_soundness(db())->empty());
}

TEST_P(FormsOfCases, are_those_of_the_opening_where_the_process_names_none) {
  ASSERT_EQ(apply(""), "");
  EXPECT_EQ(open(R"({"seats":8})", "food").error().field, "/form/area");
  EXPECT_EQ(open(R"({"seats":8})", "absent").error().code, ErrorCode::not_found);
  const auto receipt = open(R"({"seats":8,"area":20})", "food");
  ASSERT_TRUE(receipt) << receipt.error().text();
  EXPECT_EQ(wire::to_text(variables_.at("application")), R"({"seats":8,"area":20,"each":2.5})");
  const auto asked = db().read(no_deadline, [&](db::Tx& tx) { return form_of_case(tx, *engine_, receipt->id); });
  ASSERT_TRUE(asked && *asked);
  EXPECT_EQ((*asked)->id, db().read(no_deadline, [&](db::Tx& tx) { return form_now(tx, *engine_, "food"); })->id);
}

TEST_P(FormsOfCases, hold_a_task_to_the_rules_of_its_form) {
  ASSERT_EQ(apply("food"), "");
  ASSERT_TRUE(open(R"({"seats":8,"area":20})"));
  const auto tasks = db().read(no_deadline, [&](db::Tx& tx) { return engine_->work_list(tx, clerk(), Engine::List::open, {}); });
  ASSERT_TRUE(tasks);
  ASSERT_EQ(tasks->items.size(), 1U);
  const auto complete = [&](const char* on) {
    Completion done;
    done.form = {{"on", on}};
    return db().write(no_deadline, [&](db::Tx& tx) { return engine_->complete(tx, clerk(), tasks->items[0].id, done); });
  };
  EXPECT_EQ(complete("9999-01-01").error().field, "/form/on");
  EXPECT_TRUE(complete("2000-01-01"));
}

TEST_P(FormsOfCases, refuse_in_a_pack_what_cannot_be_merged_and_say_both_places) {
  form("fire", R"({"places":{"type":"string","x-datum":"seats"}})", "[]", "");
  const auto said = apply("food fire");
  EXPECT_THAT(said, HasSubstr("forms/fire.json:1: /properties/places is the same datum as forms/food.json:1 /properties/seats"));
  form("fire", R"({"places":{"type":"integer","minimum":"x"}})", "[]", "");
  EXPECT_THAT(apply("food"), HasSubstr("forms/fire.json:1: /properties/places/minimum: a number is expected"));
  form("fire", R"({"places":{"type":"integer"}})", "[]",
       R"(,"rules":[{"id":"r","at":"/places","require":"place > 1","message":{"zh-CN":"不","en":"No"}}])");
  EXPECT_THAT(apply("food"), HasSubstr("forms/fire.ui.json:1: /rules/0/require: line 1, column 1: 'place' is not known here"));
  form("fire", R"({"places":{"type":"integer"}})", "[]", "");
  EXPECT_THAT(apply("food nowhere"), HasSubstr("there is no form 'nowhere'"));
  EXPECT_THAT(apply("food food"), HasSubstr("a form stands here twice"));
}

JX_ON_BOTH(FormsOfCases);

}  // namespace
}  // namespace jx::cases
