#include <jx/services/lint.hpp>
#include <jx/services/lists.hpp>
#include <jx/wire.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <gmock/gmock.h>

namespace jx::services {
namespace {

namespace json = boost::json;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view clean = R"({
  "id": "permit", "name": {"zh-CN": "许可", "en": "Permit"}, "kind": "licence", "who_may_apply": ["firm"], "statutory": "20 WD", "promised": "10 WD",
  "handling": "promised", "visits": 1, "visit_reason": {"zh-CN": "须当面核验"}, "online_depth": "III", "post": false,
  "charges": {"charged": true, "basis": [{"law": {"zh-CN": "某法"}}], "items": [{"name": {"zh-CN": "工本费"}}], "ways": ["online"]},
  "result_kind": "certificate", "results": [{"name": {"zh-CN": "证"}, "sample": "a.pdf"}], "topics": {"firm": ["准营准办"]},
  "stages": [{"kind": "accept"}, {"kind": "examine"}, {"kind": "approve"}, {"kind": "conclude"}, {"kind": "deliver"}],
  "faq": [{"question": {"zh-CN": "问"}, "answer": {"zh-CN": "答"}}], "telephones": {"questions": "0571-1234567", "complaints": "0571-7654321"}})";

json::object item() { return wire::parse(clean).value().get_object(); }

std::vector<std::string> faults(const json::object& item) {
  std::vector<std::string> list;
  for (const auto& fault : lint(item)) {
    EXPECT_FALSE(fault.message.en.empty() || fault.message.zh.empty());
    list.push_back(fault.rule + " " + fault.field);
  }
  return list;
}
json::value of(std::string_view text) { return wire::parse(text).value(); }

TEST(Lint, finds_nothing_wrong_with_an_item_that_follows_every_rule) { EXPECT_THAT(faults(item()), IsEmpty()); }

TEST(Lint, asks_of_what_is_handled_at_once_that_promise_and_decision_are_too) {
  auto one = item();
  one["handling"] = "at_once";
  EXPECT_THAT(faults(one), ElementsAre("at-once-promise /promised", "at-once-decision /decided_on_acceptance"));
  one["promised"] = "即时";
  one["decided_on_acceptance"] = true;
  EXPECT_THAT(faults(one), IsEmpty());
  one["promised"] = "0 WD";
  EXPECT_THAT(faults(one), IsEmpty());
}

TEST(Lint, asks_for_the_name_and_a_sample_of_a_certificate) {
  auto one = item();
  one["results"] = of(R"([{"name": {"zh-CN": " "}, "sample": "a"}, {"name": {"zh-CN": "证"}}])");
  EXPECT_THAT(faults(one), ElementsAre("certificate-named /results/0/name", "certificate-sampled /results/1/sample"));
  one.erase("results");
  EXPECT_THAT(faults(one), ElementsAre("certificate-named /results"));
  one["result_kind"] = "document";
  EXPECT_THAT(faults(one), IsEmpty());
}

TEST(Lint, holds_visits_against_the_depth_of_online_handling) {
  auto one = item();
  one["online_depth"] = "IV";
  EXPECT_THAT(faults(one), ElementsAre("depth-visits /visits"));
  one["visits"] = 0;
  EXPECT_THAT(faults(one), IsEmpty());
  one["online_depth"] = "I";
  EXPECT_THAT(faults(one), ElementsAre("no-visit-post /post"));
  one["post"] = true;
  EXPECT_THAT(faults(one), IsEmpty());
  one["visits"] = 2;
  one.erase("visit_reason");
  EXPECT_THAT(faults(one), ElementsAre("visit-reason /visit_reason"));
}

TEST(Lint, asks_of_a_fee_its_basis_its_items_and_how_it_is_paid) {
  auto one = item();
  one["charges"] = of(R"({"charged": true, "basis": [], "items": [{"name": {}}]})");
  EXPECT_THAT(faults(one), ElementsAre("fee-basis /charges/basis", "fee-items /charges/items", "fee-ways /charges/ways"));
  one["charges"] = of(R"({"charged": false})");
  EXPECT_THAT(faults(one), IsEmpty());
}

TEST(Lint, tells_telephones_apart_however_they_are_written) {
  auto one = item();
  for (const auto* complaints : {"0571-1234567", "05711234567", "1234567", "(0571) 123 4567", "+86 571 1234567、0571-7654321"}) {
    one["telephones"] = json::object{{"questions", "0571-1234567"}, {"complaints", complaints}};
    EXPECT_THAT(faults(one), ElementsAre("telephones-differ /telephones/complaints")) << complaints;
  }
  one["telephones"] = json::object{{"questions", "0571-1234567"}, {"complaints", "12345"}};
  EXPECT_THAT(faults(one), IsEmpty());
}

TEST(Lint, holds_topics_against_who_may_apply) {
  auto one = item();
  one["topics"] = of(R"({"person": ["生育收养"]})");
  EXPECT_THAT(faults(one), ElementsAre("topic-fits /topics/person"));
  one["topics"] = of(R"({"firm": ["准营准办", "婚姻登记"]})");
  EXPECT_THAT(faults(one), ElementsAre("topic-fits /topics/firm/1"));
  one["topics"] = of(R"({"firm": ["本地特色"]})");
  EXPECT_THAT(faults(one), IsEmpty());
}

TEST(Lint, asks_of_a_licence_five_stages_and_an_answer) {
  auto one = item();
  one["stages"].get_array().pop_back();
  one["faq"] = of(R"([{"question": {"zh-CN": "问"}, "answer": {"zh-CN": ""}}])");
  EXPECT_THAT(faults(one), ElementsAre("licence-stages /stages", "licence-faq /faq"));
  one["kind"] = "payment";
  EXPECT_THAT(faults(one), IsEmpty());
}

TEST(Lint, compares_terms_of_different_units) {
  for (const auto& [promised, statutory, wrong] : {std::tuple{"21 WD", "20 WD", true},
                                                   {"15 WD", "20 D", true},
                                                   {"14 WD", "20 D", false},
                                                   {"20 D", "20 WD", false},
                                                   {"9 H", "1 WD", true},
                                                   {"8 H", "1 WD", false},
                                                   {"30天", "20个工作日", true}}) {
    auto one = item();
    one["promised"] = promised;
    one["statutory"] = statutory;
    if (wrong)
      EXPECT_THAT(faults(one), ElementsAre("promise-within-law /promised")) << promised << " " << statutory;
    else
      EXPECT_THAT(faults(one), IsEmpty()) << promised << " " << statutory;
  }
}

TEST(Lint, says_what_it_cannot_read) {
  auto one = item();
  one["promised"] = "soon";
  one["visits"] = "none";
  one["online_depth"] = "V";
  one["post"] = "yes";
  one["charges"] = of(R"({"charged": "yes"})");
  EXPECT_THAT(faults(one), ElementsAre("form /online_depth", "form /visits", "form /charges/charged", "form /promised"));
}

TEST(Lists, go_through_sheets_and_back) {
  const auto card = card_of(item());
  const auto grids = grids_of(json::array{card});
  const auto back = cards_of(grids);
  ASSERT_TRUE(back) << back.error().message.en;
  EXPECT_EQ(back->at(0), json::value(card)) << wire::to_text(*back) << "\n" << wire::to_text(card);
}

TEST(Lists, say_where_a_cell_does_not_fit) {
  auto grids = grids_of(json::array{card_of(item())});
  auto& sheet = grids.front();
  sheet.rows[0][static_cast<std::size_t>(std::ranges::find(sheet.keys, "visits") - sheet.keys.begin())] = "many";
  const auto back = cards_of(grids);
  ASSERT_FALSE(back);
  EXPECT_EQ(back.error().field, "事项 items/3/visits");
}

TEST(Lists, keep_what_a_card_does_not_tell) {
  const auto file = of(
      R"({"id": "permit", "process": "p", "promised_wd": 5, "materials": [{"id": "photo", "name": {"zh-CN": "旧"}, "files": {"min": 1, "max": 2}}]})");
  const auto now = overlaid(file.get_object(),
                            of(R"({"id": "permit", "promised": "8 WD", "materials": [{"id": "photo", "name": {"zh-CN": "新"}}]})").get_object());
  EXPECT_EQ(wire::to_text(now),
            R"({"id":"permit","process":"p","promised_wd":8,"materials":[{"id":"photo","name":{"zh-CN":"新"},"files":{"min":1,"max":2}}]})");
}

}  // namespace
}  // namespace jx::services
