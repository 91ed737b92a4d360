#include "identity_testing.hpp"

#include <jx/ledger.hpp>

namespace jx::identity {
namespace {

/// `file:line: message` of every finding in identity's files, after a change to the small county.
std::string findings_after(const char* file, std::string_view from, std::string_view to) {
  auto files = small_county();
  auto& text = files[file];
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  const auto pack = pack::Pack::of(files);
  EXPECT_TRUE(pack) << pack.error().text();
  const auto conditions = feel_conditions();
  const auto part = pack_part(*conditions);
  pack::Names names;
  pack::Findings findings;
  const pack::File items{"items/open-restaurant.yaml", "", {}, "items/open-restaurant.yaml"};
  part->declare(*pack, names, findings);
  names.declare(pack::Kind::item, "open-restaurant", items, 1, findings);
  part->check(*pack, names, findings);
  std::string out;
  for (const auto& finding : findings.sorted()) {
    out += finding.file + ":" + std::to_string(finding.line) + ": " + finding.message.en + "\n";
    EXPECT_FALSE(finding.message.zh.empty()) << finding.message.en;
  }
  return out;
}

void expect_finding(const char* file, std::string_view from, std::string_view to, int line, std::string_view words) {
  const auto found = findings_after(file, from, to);
  const auto expected = std::string(file) + ":" + std::to_string(line) + ": ";
  EXPECT_NE(found.find(expected), std::string::npos) << "wanted " << expected << words << "\ngot " << found;
  EXPECT_NE(found.find(words), std::string::npos) << "wanted " << words << "\ngot " << found;
}

TEST(PackCheck, finds_nothing_in_a_right_pack) { EXPECT_EQ(findings_after("units.yaml", "units:", "units:"), ""); }

TEST(PackCheck, says_file_and_line_of_every_fault_in_divisions_and_units) {
  expect_finding("divisions.yaml", "'332021'", "'339921'", 4, "characters 3 to 4");
  expect_finding("divisions.yaml", "parent: '332021'", "parent: '332022'", 5, "332022");
  expect_finding("divisions.yaml", "'332021100'", "'332022100'", 5, "does not begin with that of its parent");
  expect_finding("units.yaml", "division: '332021100'", "division: '332021101'", 5, "332021101");
  expect_finding("units.yaml", "parent: fire}", "parent: water}", 5, "water");
  expect_finding("units.yaml", ", parent: fire}", "}", 5, "only one unit");
  expect_finding("units.yaml", "division: '332021'}", "division: '332021', parent: fire}", 2, "above itself");
  expect_finding("units.yaml", "level: county", "level: country", 2, "level");
  expect_finding("units.yaml", "level: county", "level: county, colour: red", 2, "colour");
  expect_finding("units.yaml", "id: market", "id: fire", 4, "fire");
  expect_finding("units.yaml", "parent: small}", "parent: small, valid_from: 2026-02-01, valid_to: 2026-01-01}", 3, "ends before it begins");
}

TEST(PackCheck, says_file_and_line_of_every_fault_in_roles_and_posts) {
  expect_finding("roles.yaml", "cases.read,", "cases.red,", 2, "cases.red");
  expect_finding("roles.yaml", "object.unit = actor.unit", "'object.unit ='", 2, "line 1, column");
  expect_finding("roles.yaml", "object.unit = actor.unit", "case.unit = 1", 2, "case");
  expect_finding("roles.yaml", "[pack.apply]", "[pack.apply, audit.read]", 3, "two of the three powers");
  expect_finding("roles.yaml", "[services.apply]", "[services.apply, audit.read]", 6, "through posts alone");
  expect_finding("roles.yaml", "{allow: cases.handle, when", "{alow: cases.handle, when", 2, "`allow` is missing");
  expect_finding("posts.yaml", "unit: market", "unit: markt", 2, "markt");
  expect_finding("posts.yaml", "roles: [clerk]", "roles: [clark]", 2, "clark");
  expect_finding("posts.yaml", "roles: [auditor]", "roles: [auditor, officer]", 6, "two of the three powers");
  expect_finding("posts.yaml", "roles: [clerk]", "roles: [resident]", 2, "given to everybody");
}

TEST(PackCheck, says_file_and_line_of_every_fault_in_people_and_firms) {
  expect_finding("people.csv", "332021198803050025", "332021198803050026", 2, "check character");
  expect_finding("people.csv", "332021198803050025", "332021199407180586", 6, "stands on line 2 already");
  expect_finding("people.csv", "key,name,name_en", "key,nam,name_en", 1, "`name` is missing");
  expect_finding("people.csv", "li-na,李娜,Li Na,cn", "li-na,李娜娜,Li Na,cn", 6, "the first is on line 5");
  expect_finding("people.csv", "王芳", "王\u202E芳", 2, "U+202E");
  expect_finding("people.csv", "wang-fang,王芳", "Wang,王芳", 2, "key");
  expect_finding("people.csv", "x.staff,1", "x.staff", 3, "fields");
  expect_finding("firms.csv", ",wang-fang,", ",wang-fan,", 2, "wang-fan");
  expect_finding("firms.csv", "2024-03-01", "2024-13-01", 2, "2024-13-01");
  expect_finding("firms.csv", "92332021MA0000001D", "92332021MA000000ID", 2, "letters I O S V Z");
}

TEST(PackCheck, says_file_and_line_of_every_fault_in_mandates_and_accounts) {
  expect_finding("mandates.yaml", "firm: noodles", "firm: nodles", 2, "nodles");
  expect_finding("mandates.yaml", "[open-restaurant]", "[open-shop]", 2, "open-shop");
  expect_finding("mandates.yaml", "[open-restaurant]", "[]", 2, "`all`");
  expect_finding("mandates.yaml", "to: {person: li-na}", "to: {firm: noodles}", 2, "given to a person");
  expect_finding("mandates.yaml", "from: {firm: noodles}", "from: {person: li-na}", 2, "herself");
  expect_finding("accounts.yaml", "username: wang.fang", "username: Wang", 2, "user name");
  expect_finding("accounts.yaml", "password: a long password", "password: short", 2, "10 to 128");
  expect_finding("accounts.yaml", "person: wang-fang", "person: wang-fang, unit: fire", 2, "either");
  expect_finding("accounts.yaml", "post: market/clerk}", "post: auditor}, {post: officer}", 3, "two of the three powers");
  expect_finding("accounts.yaml", "post: fire/interface", "post: auditor", 5, "machine");
  expect_finding("accounts.yaml", ", valid_to: 2026-08-31", "", 3, "last day");
  expect_finding("accounts.yaml", "unit: fire, password: a long password", "unit: fire", 5, "a `password` or a `certificate`");
  expect_finding("accounts.yaml", "unit: fire, password: a long password", "unit: fire, certificate: abc", 5, "64 hexadecimal digits");
  const auto of_a_person = "certificate: " + std::string(64, 'a');
  expect_finding("accounts.yaml", "password: a long password", of_a_person, 2, "systems of units");
  expect_finding("accounts.yaml", "stand_in_for: chen-jie", "stand_in_for: zhang-wei", 3, "another person");
  EXPECT_NE(findings_after("pack.yaml", "demo: true\n", "").find("passwords in a pack"), std::string::npos);
}

TEST(PackCheck, finds_nothing_in_the_packs_of_the_tree) {
  for (const auto* folder : {"/packs/yunxi", "/packs/san-francisco"}) {
    const auto pack = pack::Pack::read(JX_SOURCE_DIR + std::string(folder));
    ASSERT_TRUE(pack) << pack.error().text();
    const auto conditions = feel_conditions();
    const auto part = pack_part(*conditions);
    pack::Names names;
    pack::Findings findings;
    part->declare(*pack, names, findings);
    for (const auto* item : pack->in("items", ".yaml"))
      names.declare(pack::Kind::item, item->path.substr(6, item->path.size() - 11), *item, 1, findings);
    part->check(*pack, names, findings);
    for (const auto& finding : findings.sorted()) ADD_FAILURE() << folder << "/" << finding.file << ":" << finding.line << ": " << finding.message.en;
  }
}

class PackApply : public InSmallCounty {
 protected:
  std::vector<pack::Change> plan(const std::map<std::string, std::string>& files) {
    const auto pack = pack::Pack::of(files);
    const auto changes = read([&](db::Tx& tx) { return part_->plan(tx, context(), *pack); });
    EXPECT_TRUE(changes) << changes.error().text();
    return *changes;
  }
  std::size_t entries() {
    std::size_t all = 0;
    for (const auto* username : {"wang.fang", "zhang.wei", "chen.jie", "fire-system"}) {
      all += read([&](db::Tx& tx) { return ledger::about(tx, ledger::subject("account", account_named(username).id), {}, 100); })->size();
    }
    return all;
  }
};

TEST_P(PackApply, a_second_time_changes_nothing) {
  EXPECT_TRUE(plan(small_county()).empty());
  const auto before = entries();
  EXPECT_TRUE(apply(small_county()));
  EXPECT_EQ(entries(), before);
}

TEST_P(PackApply, plans_what_it_then_does) {
  auto files = small_county();
  files["units.yaml"].replace(files["units.yaml"].find("市监"), 6, "市场");
  files["posts.yaml"].erase(files["posts.yaml"].find("  - {id: fire/interface"));
  files["accounts.yaml"].erase(files["accounts.yaml"].find("  - {username: fire-system"));
  files["people.csv"] += "zhao-lei,赵磊,Zhao Lei,x.staff,4\n";
  files["mandates.yaml"] = "mandates: []\n";
  files["accounts.yaml"] +=
      "  - {username: zhao.lei, person: zhao-lei, password: a long password, posts: [{post: fire/clerk, valid_from: 2026-03-01}]}\n";
  std::string words;
  for (const auto& change : plan(files)) words += change.words.en + "\n";
  EXPECT_EQ(
      words,
      "changes the unit \"Market\"\nends the post \"fire/interface\"\nadds the person zhao-lei\nends the mandate m1\nadds the account zhao.lei\n"
      "adds the holder of fire/clerk: zhao.lei\n");
  const auto applied = apply(files);
  ASSERT_TRUE(applied) << applied.error().text();
  EXPECT_TRUE(plan(files).empty());
  EXPECT_EQ(read([](db::Tx& tx) { return unit(tx, UnitId::trusted("market")); })->name.in("zh"), "市场");
  EXPECT_TRUE(read([](db::Tx& tx) { return post(tx, PostId::trusted("fire/interface")); }));  // ended, not deleted
  EXPECT_TRUE(read([&](db::Tx& tx) { return holdings_of_machine(tx, account_named("fire-system").id, *LocalDate::parse("2026-03-02")); })->empty());
}

TEST_P(PackApply, does_not_give_back_what_an_officer_has_ended) {
  const auto today = *LocalDate::parse("2026-03-02");
  const auto person = account_named("zhang.wei").person;
  const auto held = read([&](db::Tx& tx) { return holdings_of(tx, person, today); });
  ASSERT_EQ(held->size(), 1U);
  ASSERT_TRUE(write([&](db::Tx& tx) { return end_post(tx, context(), held->front().id, today - 1); }));
  EXPECT_TRUE(apply(small_county()));
  EXPECT_TRUE(read([&](db::Tx& tx) { return holdings_of(tx, person, today); })->empty());
}

TEST_P(PackApply, refuses_a_code_that_is_somebody_elses) {
  ASSERT_TRUE(
      write([&](db::Tx& tx) { return register_person(tx, context(), {LocalizedText({{"zh-CN", "赵"}, {"en", "Z"}}), {{"x.staff", "77"}}}); }));
  auto files = small_county();
  files["people.csv"] += "zhao-lei,赵磊,Zhao Lei,x.staff,77\n";
  EXPECT_EQ(apply(files).error().code, ErrorCode::conflict);
}

TEST_P(PackApply, leaves_rows_that_entries_vouch_for) {
  const auto report = ledger::check_state(db(), state_tables());
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->rows_altered, 0U) << (report->rows.empty() ? "" : report->rows[0].table + " " + report->rows[0].key);
  EXPECT_TRUE(report->tables_unknown.empty());
  EXPECT_GT(report->rows_checked, 30U);
}

TEST_P(PackApply, prepares_every_statement) {
  const std::vector<const db::SqlBundle*> own{&sql_bundle()};
  const auto prepared = db::prepare_all(db(), own);
  EXPECT_TRUE(prepared) << prepared.error().text();
}

JX_ON_BOTH(PackApply);

}  // namespace
}  // namespace jx::identity
