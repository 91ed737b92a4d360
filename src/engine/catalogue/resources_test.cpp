// What officers do to the catalogue, against both databases; and the examination of small tables.
#include <jx/catalogue/duplicates.hpp>
#include <jx/catalogue/examine.hpp>
#include <jx/catalogue/resources.hpp>
#include <jx/catalogue/sql.hpp>
#include <jx/db/sql.hpp>
#include <jx/db/testing.hpp>
#include <jx/ledger/sql.hpp>
#include <jx/pack/sql.hpp>

#include <algorithm>

namespace jx::catalogue {
namespace {

LocalizedText named(const std::string& name) { return LocalizedText({{"en", name}, {"zh-CN", name}}); }

struct Catalogues : db::OnBoth {
  std::vector<const db::SqlBundle*> bundles() const override {
    return {&db::sql_bundle(), &ledger::sql_bundle(), &pack::sql_bundle(), &catalogue::sql_bundle()};
  }

  Context context(const char* unit) {
    return Context{{Actor::Kind::person, AccountId(Uuid{{9}}), PersonId(Uuid{{8}}), PostId::trusted("officer"), UnitId::trusted(unit)},
                   no_deadline,
                   {},
                   clock,
                   random,
                   "en"};
  }
  template <class F>
  auto act(const char* unit, F&& f) {
    return db().write(no_deadline, [&](db::Tx& tx) { return f(tx, context(unit)); });
  }
  static Source source(const char* unit) {
    Source source{SourceId::trusted("grades"), named("Grades"), UnitId::trusted(unit), SourceKind::csv};
    source.tables = std::vector<SourceTable>{{"grades", "uploads/grades.csv"}};
    return source;
  }
  static Resource resource(const char* unit) {
    Resource resource;
    resource.id = ResourceId::trusted("grades");
    resource.name = resource.summary = named("Grades");
    resource.classification = {"food"};
    resource.provider = UnitId::trusted(unit);
    resource.source = SourceId::trusted("grades");
    resource.table = "grades";
    resource.share_class = ShareClass::unconditional;
    resource.fields = {{"name", "name", named("Name"), FieldType::text, Sensitivity::open}};
    return resource;
  }
  void expect_sound() {
    const auto checked = ledger::check_state(db(), state_tables());
    ASSERT_TRUE(checked) << checked.error().text();
    EXPECT_EQ(checked->rows_altered, 0U);
  }

  VirtualClock clock{*Instant::parse("2026-11-20T02:00:00Z")};
  SeededRandom random{1};
  const CaseId first{Uuid{{1}}};
  const CaseId second{Uuid{{2}}};
};
JX_ON_BOTH(Catalogues);

TEST_P(Catalogues, publish_a_draft_by_the_case_that_examines_it_and_keep_each_version) {
  const auto id = ResourceId::trusted("grades");
  const auto day = LocalDate::of(2026, 11, 20);
  ASSERT_TRUE(act("food", [&](auto& tx, const auto& ctx) { return connect(tx, ctx, source("food")); }));
  const auto save = [&](const Resource& one) { return act("food", [&](auto& tx, const auto& ctx) { return save_draft(tx, ctx, one); }); };
  const auto review = [&](std::optional<CaseId> by) { return act("food", [&](auto& tx, const auto&) { return set_review(tx, id, by); }); };
  const auto put = [&](const CaseId& by) { return act("food", [&](auto& tx, const auto& ctx) { return publish(tx, ctx, id, by, day); }); };
  ASSERT_TRUE(save(resource("food")));
  EXPECT_EQ(put(first).error().code, ErrorCode::conflict) << "no case examines it";
  ASSERT_TRUE(review(first));
  EXPECT_EQ(save(resource("food")).error().code, ErrorCode::conflict) << "it is being examined";
  EXPECT_EQ(review(second).error().code, ErrorCode::conflict);
  ASSERT_TRUE(put(first));
  auto changed = resource("food");
  changed.fields.push_back({"grade", "grade", named("Grade"), FieldType::text, Sensitivity::open});
  ASSERT_TRUE(save(changed));
  ASSERT_TRUE(review(second));
  ASSERT_TRUE(put(second));
  const auto now = db().read(no_deadline, [&](db::Tx& tx) { return catalogue::resource(tx, id); });
  ASSERT_TRUE(now) << now.error().text();
  EXPECT_EQ(now->fields.size(), 2U);
  EXPECT_EQ(now->published_on, day);
  const auto kept = db().read(no_deadline, [&](db::Tx& tx) { return versions(tx, id); });
  ASSERT_EQ(kept->size(), 2U);
  EXPECT_EQ(kept->at(1).resource.fields.size(), 1U);
  EXPECT_EQ(kept->at(1).by_case, first);

  EXPECT_EQ(act("food", [&](auto& tx, const auto& ctx) { return disconnect(tx, ctx, SourceId::trusted("grades")); }).error().code,
            ErrorCode::conflict);
  ASSERT_TRUE(act("food", [&](auto& tx, const auto& ctx) { return withdraw(tx, ctx, id, "not kept any more"); }));
  EXPECT_FALSE(db().read(no_deadline, [&](db::Tx& tx) { return catalogue::resource(tx, id); }));
  EXPECT_TRUE(db().read(no_deadline, [&](db::Tx& tx) { return resource_as_it_was(tx, id); }));
  ASSERT_TRUE(act("food", [&](auto& tx, const auto& ctx) { return disconnect(tx, ctx, SourceId::trusted("grades")); }));
  expect_sound();
}

TEST_P(Catalogues, have_one_designated_source_for_each_datum) {
  const auto place = [](const char* id) {
    auto one = resource("food");
    one.id = ResourceId::trusted(id);
    one.source = SourceId::trusted(id);
    one.subject = Subject{"cn.credit-code", "code"};
    one.fields = {{"code", "code", named("Credit code"), FieldType::text, Sensitivity::general},
                  {"grade", "grade", named("Hygiene grade"), FieldType::text, Sensitivity::open}};
    return one;
  };
  std::vector<Resource> all{place("first"), place("second")};
  const auto found = [&] {
    EXPECT_TRUE(db().read(no_deadline, [&](db::Tx& tx) { return apply_designations(tx, all); }));
    return duplicates(all, {});
  };
  const auto designate_in = [&](const char* id, const std::string& field, const char* reason) {
    const auto now = found();
    return act("data", [&](auto& tx, const auto& ctx) {
      return designate(tx, ctx, all, now, ResourceId::trusted(id), std::vector<std::string>{field}, reason);
    });
  };
  EXPECT_EQ(designate_in("first", "grade", " ").error().field, "/reason");
  EXPECT_EQ(designate_in("first", "code", "it is kept there").error().field, "/fields/0") << "nothing is found about the code";
  ASSERT_TRUE(designate_in("first", "grade", "it is made there"));
  EXPECT_TRUE(found().at(0).places.at(0).designated);
  ASSERT_TRUE(designate_in("second", "grade", "it is made there now"));
  const auto now = found();
  EXPECT_FALSE(now.at(0).places.at(0).designated) << "there is one";
  EXPECT_TRUE(now.at(0).places.at(1).designated);
  expect_sound();
}

TEST_P(Catalogues, refuse_what_is_another_units_or_breaks_a_rule_with_a_pointer) {
  ASSERT_TRUE(act("food", [&](auto& tx, const auto& ctx) { return connect(tx, ctx, source("food")); }));
  EXPECT_EQ(act("fire", [&](auto& tx, const auto& ctx) { return connect(tx, ctx, source("food")); }).error().code, ErrorCode::forbidden);
  EXPECT_EQ(act("fire", [&](auto& tx, const auto& ctx) { return connect(tx, ctx, source("fire")); }).error().code, ErrorCode::forbidden)
      << "the name is taken";
  EXPECT_EQ(act("fire", [&](auto& tx, const auto& ctx) { return save_draft(tx, ctx, resource("fire")); }).error().field, "/source");
  const auto save = [&](Resource one) { return act("food", [&](auto& tx, const auto& ctx) { return save_draft(tx, ctx, one); }).error(); };
  auto wrong = resource("food");
  wrong.classification.clear();
  EXPECT_EQ(save(wrong).field, "/classification");
  wrong = resource("food");
  wrong.share_class = ShareClass::not_shared;
  EXPECT_EQ(save(wrong).field, "/share_class");
  wrong = resource("food");
  wrong.table = "absent";
  EXPECT_EQ(save(wrong).field, "/table");
  wrong = resource("food");
  wrong.fields.push_back(wrong.fields.front());
  EXPECT_EQ(save(wrong).field, "/fields/1/id");
  auto outside = source("food");
  outside.tables = std::vector<SourceTable>{{"grades", "../../etc/passwd"}};
  EXPECT_EQ(act("food", [&](auto& tx, const auto& ctx) { return connect(tx, ctx, outside); }).error().field, "/tables/0/path");
  expect_sound();
}

TEST_P(Catalogues, a_pack_leaves_alone_what_officers_made_and_takes_no_name_of_theirs) {
  ASSERT_TRUE(act("food", [&](auto& tx, const auto& ctx) { return connect(tx, ctx, source("food")); }));
  const auto apply = [&](std::map<std::string, std::string> files) {
    files.emplace("pack.yaml", "key: test\nname: {zh-CN: 测试, en: Test}\nversion: '1'\nlanguages: [zh-CN, en]\nzone: Asia/Shanghai\ncalendar: cn\n");
    const auto pack = pack::Pack::of(std::move(files));
    return act("data", [&](auto& tx, const auto& ctx) { return pack_part()->apply(tx, ctx, *pack); });
  };
  ASSERT_TRUE(apply({}));
  EXPECT_TRUE(db().read(no_deadline, [&](db::Tx& tx) { return catalogue::source(tx, SourceId::trusted("grades")); }));
  const auto taken = apply({{"sources/grades.yaml", "id: grades\nname: {zh-CN: 库, en: Base}\nunit: food\nkind: sqlite\npath: g.sqlite\n"}});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::conflict);
}

// ---- examination ----------------------------------------------------------------------------------------------------------------

Sheet people() {
  Sheet sheet{"people", {"id", "身份号码", "phone", "joined"}, {}, true};
  for (int i = 0; i < 40; ++i)
    sheet.rows.push_back({std::to_string(i + 1), "11010519491231002X", "138" + std::to_string(10'000'000 + i),
                          "2026-01-" + std::string(i % 28 < 9 ? "0" : "") + std::to_string(i % 28 + 1)});
  return sheet;
}

TEST(Examination, recognises_codes_and_proposes_their_sensitivity_and_subject) {
  const Sheet sheets[] = {people()};
  const auto found = examine(sheets);
  const auto& columns = found.tables.at(0).columns;
  EXPECT_EQ(columns[1].meaning, Meaning::citizen_id);
  EXPECT_EQ(columns[1].sensitivity, Sensitivity::personal);
  EXPECT_EQ(columns[2].meaning, Meaning::phone);
  EXPECT_EQ(columns[3].type, FieldType::date);
  EXPECT_EQ(found.tables.at(0).key, "id");
  Source source{SourceId::trusted("s"), named("S"), UnitId::trusted("u"), SourceKind::csv};
  const auto proposed = proposal(source, found.tables.at(0));
  ASSERT_TRUE(proposed.subject);
  EXPECT_EQ(proposed.subject->scheme, "cn.citizen-id");
  EXPECT_EQ(proposed.field(proposed.subject->field)->column, "身份号码");
}

TEST(Examination, counts_wrong_check_digits_and_masks_their_examples) {
  Sheet sheets[] = {people()};
  sheets[0].rows[3][1] = "110105194912310021";
  const auto found = examine(sheets);
  const auto fault = std::ranges::find(found.faults, "check-digit", &DataFault::kind);
  ASSERT_NE(fault, found.faults.end());
  EXPECT_EQ(fault->count, 1);
  EXPECT_EQ(fault->examples.at(0).find("19491231"), std::string::npos);
}

TEST(Examination, finds_orphans_between_tables) {
  Sheet sheets[] = {people(), {"visits", {"id", "day"}, {}, true}};
  for (int i = 0; i < 60; ++i) sheets[1].rows.push_back({std::to_string(i == 7 ? 999 : i % 40 + 1), "2026-02-01"});
  const auto found = examine(sheets);
  const auto fault = std::ranges::find(found.faults, "orphans", &DataFault::kind);
  ASSERT_NE(fault, found.faults.end());
  EXPECT_EQ(fault->table, "visits");
  EXPECT_EQ(fault->count, 1);
}

TEST(Examination, of_empty_or_hostile_tables_finds_its_way) {
  const Sheet sheets[] = {{"empty", {"a", "b"}, {}, true},
                          {"odd", {"x"}, {{""}, {"\xff\xfe"}, {"]["}, {"[ : ]"}, {std::string(100'000, '9')}, {"0/0/0000"}, {"99999999"}}, true}};
  const auto found = examine(sheets);
  EXPECT_EQ(found.tables.size(), 2U);
  EXPECT_EQ(std::ranges::count(found.faults, "empty", &DataFault::table), 0) << "nothing is wrong with what is not there";
}

}  // namespace
}  // namespace jx::catalogue
