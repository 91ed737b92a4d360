#include <jx/pack.hpp>

#include <jx/db/testing.hpp>
#include <jx/ledger/sql.hpp>
#include <jx/pack/sql.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace jx::pack {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view manifest_text =
    "key: toy\n"
    "name: {zh-CN: 玩具县, en: Toy County}\n"
    "version: 1\n"
    "languages: [zh-CN, en]\n"
    "zone: Asia/Shanghai\n"
    "calendar: cn\n";

std::string manifest_of(std::string_view version = "'1'") {
  std::string text(manifest_text);
  return text.replace(text.find("version: 1"), 10, "version: " + std::string(version));
}

struct Toy {
  UnitId id;
  LocalizedText name;
  std::optional<UnitId> parent;
};
BOOST_DESCRIBE_STRUCT(Toy, (), (id, name, parent))
struct Toys {
  std::vector<Toy> toys;
};
BOOST_DESCRIBE_STRUCT(Toys, (), (toys))

// Reads toys.yaml and calendars/*.yaml; keeps how often it was applied.
class ToyPart final : public Part {
 public:
  mutable int applied = 0;
  mutable std::string held;  // what the part made of the pack last

  std::string_view name() const override { return "toys"; }
  bool owns(std::string_view path) const override { return path == "toys.yaml" || path.starts_with("calendars/"); }
  void declare(const Pack& pack, Names& names, Findings& findings) const override {
    for (const File* file : pack.in("calendars", ".yaml"))
      names.declare(Kind::calendar, file->path.substr(10, file->path.size() - 15), *file, 1, findings);
    Findings ignored;
    if (const auto toys = read(pack, ignored)) {
      for (std::size_t i = 0; i < toys->value.toys.size(); ++i) {
        names.declare(Kind::unit, toys->value.toys[i].id.text(), *pack.file("toys.yaml"), toys->line_of("/toys/" + std::to_string(i)), findings);
      }
    }
  }
  void check(const Pack& pack, const Names& names, Findings& findings) const override {
    const auto toys = read(pack, findings);
    if (!toys) return;
    for (std::size_t i = 0; i < toys->value.toys.size(); ++i) {
      const auto& parent = toys->value.toys[i].parent;
      if (parent)
        names.require(Kind::unit, parent->text(), *pack.file("toys.yaml"), toys->line_of("/toys/" + std::to_string(i) + "/parent"), findings);
    }
  }
  Result<std::vector<Change>> plan(db::Tx&, const Context&, const Pack& pack) const override {
    if (pack.file("toys.yaml")->text == held) return std::vector<Change>();
    return std::vector<Change>{{Kind::unit, Change::Action::add, "bear", {"adds the toy \"Bear\"", "新增玩具“熊”"}}};
  }
  Result<> apply(db::Tx&, const Context&, const Pack& pack) const override {
    ++applied;
    held = pack.file("toys.yaml")->text;
    return {};
  }

 private:
  static std::optional<Decoded<Toys>> read(const Pack& pack, Findings& findings) {
    const File* file = pack.file("toys.yaml");
    return file == nullptr ? std::nullopt : decode_yaml<Toys>(*file, findings);
  }
};

std::map<std::string, std::string> toy_files(std::string_view version = "'1'") {
  return {{"pack.yaml", manifest_of(version)},
          {"calendars/cn.yaml", "id: cn\n"},
          {"toys.yaml", "toys:\n  - id: bear\n    name: {zh-CN: 熊, en: Bear}\n"}};
}

std::vector<std::string> findings_of(std::map<std::string, std::string> files) {
  const auto pack = Pack::of(std::move(files));
  if (!pack) return {pack.error().text()};
  ToyPart part;
  Part* parts[] = {&part};
  std::vector<std::string> lines;
  for (const Finding& finding : check(*pack, parts).sorted()) {
    lines.push_back(finding.file + ":" + std::to_string(finding.line) + ": " + (finding.severity == Finding::Severity::advice ? "(advice) " : "") +
                    finding.message.en);
  }
  return lines;
}

using Lines = std::vector<std::string>;

void write(const fs::path& path, std::string_view text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

std::string read_error(const fs::path& folder) {
  const auto pack = Pack::read(folder.string());
  return pack ? "was read" : pack.error().message.en;
}

// ---- reading ------------------------------------------------------------------------------------------------------------------------

TEST(Pack, reads_a_folder_and_what_it_extends) {
  const db::TempFolder folder;
  for (const auto& [path, text] : toy_files()) write(folder.path() / "toy" / path, text);
  write(folder.path() / "toy/pack.yaml", manifest_of() + "extends: [common]\n");
  write(folder.path() / "common/calendars/cn.yaml", "id: inherited\n");
  write(folder.path() / "common/calendars/us.yaml", "id: us\n");
  write(folder.path() / "toy/README.md", "for people");
  write(folder.path() / "toy/silos/people.csv", "not ours");
  const auto pack = Pack::read((folder.path() / "toy").string());
  ASSERT_TRUE(pack) << pack.error().text();
  Lines paths;
  for (const File& file : pack->files()) paths.push_back(file.path + " " + file.from);
  EXPECT_EQ(paths, (Lines{"calendars/cn.yaml calendars/cn.yaml", "calendars/us.yaml ../common/calendars/us.yaml", "pack.yaml pack.yaml",
                          "toys.yaml toys.yaml"}));
  EXPECT_EQ(pack->file("calendars/cn.yaml")->text, "id: cn\n") << "its own file goes before the inherited one";
  EXPECT_EQ(pack->in("calendars", ".yaml").size(), 2U);
  EXPECT_EQ(pack->in("calendar", ".yaml").size(), 0U);
  EXPECT_EQ(pack->file("nothing"), nullptr);
}

TEST(Pack, has_the_hash_that_sha256sum_would_print) {
  const auto pack = Pack::of({{"pack.yaml", manifest_of()}, {"a.txt", "a"}});
  ASSERT_TRUE(pack) << pack.error().text();
  const std::string a = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";
  const std::string listing = a + "  a.txt\n" + to_hex(crypto::sha256(bytes_of(manifest_of()))) + "  pack.yaml\n";
  EXPECT_EQ(to_hex(pack->hash()), to_hex(crypto::sha256(bytes_of(listing))));
}

TEST(Pack, refuses_links_hidden_files_and_odd_names) {
  const db::TempFolder folder;
  const fs::path toy = folder.path() / "toy";
  write(toy / "pack.yaml", manifest_of());
  fs::create_symlink("/etc/passwd", toy / "units.yaml");
  EXPECT_EQ(read_error(toy), "units.yaml: not a plain file (a symbolic link?): put the file itself there");
  fs::remove(toy / "units.yaml");
  write(toy / ".hidden", "");
  EXPECT_NE(read_error(toy).find(".hidden: a name is made of"), std::string::npos);
  fs::remove(toy / ".hidden");
  write(toy / "items/开办.yaml", "");
  EXPECT_NE(read_error(toy).find("a name is made of"), std::string::npos);
}

TEST(Pack, refuses_a_folder_that_is_not_a_pack) {
  const db::TempFolder folder;
  EXPECT_EQ(read_error(folder.path() / "nothing").substr(0, 18), "there is no folder");
  fs::create_directories(folder.path() / "toy");
  EXPECT_EQ(read_error(folder.path() / "toy"), "pack.yaml: there is no pack.yaml: this folder is not a pack");
  write(folder.path() / "other/pack.yaml", manifest_of());
  EXPECT_EQ(read_error(folder.path() / "other"), "pack.yaml: the key is `toy`, but the folder is called other");
  write(folder.path() / "toy/pack.yaml", manifest_of() + "extends: [../..]\n");
  EXPECT_EQ(read_error(folder.path() / "toy"), "pack.yaml: `extends` names folders beside this one, such as common");
  write(folder.path() / "toy/pack.yaml", manifest_of() + "colour: red\n");
  EXPECT_EQ(read_error(folder.path() / "toy").substr(0, 12), "pack.yaml:7:");
}

TEST(Pack, refuses_a_file_that_is_too_large) {
  const db::TempFolder folder;
  write(folder.path() / "toy/pack.yaml", manifest_of());
  write(folder.path() / "toy/people.csv", std::string(file_bytes_max + 1, 'x'));
  EXPECT_EQ(Pack::read((folder.path() / "toy").string()).error().code, ErrorCode::too_large);
}

TEST(Pack, reads_the_packs_that_come_with_the_program) {
  for (const std::string name : {"yunxi", "san-francisco"}) {
    const auto pack = Pack::read(std::string(JX_SOURCE_DIR) + "/packs/" + name);
    ASSERT_TRUE(pack) << pack.error().text();
    EXPECT_EQ(pack->manifest().key, name);
    const Findings findings = check(*pack, {});
    for (const Finding& finding : findings.sorted()) {
      EXPECT_NE(finding.severity, Finding::Severity::advice) << finding.file << ":" << finding.line << ": " << finding.message.en;
    }
  }
}

// ---- checking -----------------------------------------------------------------------------------------------------------------------

TEST(PackCheck, finds_nothing_in_a_good_pack) { EXPECT_EQ(findings_of(toy_files()), Lines()); }

TEST(PackCheck, lists_every_fault_with_file_and_line) {
  auto files = toy_files();
  files["toys.yaml"] =
      "toys:\n"
      "  - id: bear\n"
      "    name: {zh-CN: 熊, en: Bear}\n"
      "    parent: lion\n"
      "  - id: bear\n"
      "    name: {zh-CN: 熊}\n";
  files["notes.txt"] = "what is this?";
  EXPECT_EQ(findings_of(files),
            (Lines{"notes.txt:1: nothing reads this file: is it in the right folder, with the right ending?",
                   "toys.yaml:4: there is no unit `lion` in this pack", "toys.yaml:5: the unit `bear` is declared twice; first in toys.yaml:2",
                   "toys.yaml:6: (advice) this text has no en"}));
}

TEST(PackCheck, says_the_line_of_a_fault_of_form) {
  auto files = toy_files();
  files["toys.yaml"] = "toys:\n  - id: bear\n    name: {zh-CN: 熊, en: Bear}\n    colour: red\n";
  EXPECT_EQ(findings_of(files), (Lines{"toys.yaml:4: /toys/0/colour: unknown key; known are: id, name, parent"}));
  files["toys.yaml"] = "toys:\n  - id: bear\n    id: bear\n";
  EXPECT_EQ(findings_of(files), (Lines{"toys.yaml:3: line 3: this key is there twice in one mapping"}));
}

TEST(PackCheck, holds_the_manifest_to_its_rules) {
  auto files = toy_files();
  files["pack.yaml"] +=
      "demo_accounts:\n  - {username: a.b, about: {zh-CN: 甲, en: A}}\ndata:\n  - {path: ../x, url: 'http://x', sha256: x, bytes: 0, about: {zh-CN: "
      "甲, en: A}}\n";
  EXPECT_EQ(findings_of(files).size(), 5U);
  files = toy_files();
  files.erase("calendars/cn.yaml");
  EXPECT_EQ(findings_of(files), (Lines{"pack.yaml:6: there is no calendar `cn` in this pack"}));
}

TEST(PackCheck, leads_a_tour_to_accounts_that_are_shown_and_to_its_own_web) {
  auto files = toy_files();
  const std::string tour =
      "tour:\n  heading: {zh-CN: 甲, en: A}\n  about: {zh-CN: 乙, en: B}\n  people: [{account: a.b}]\n  path:\n"
      "    - {words: {zh-CN: 丙, en: C}, account: nobody, to: 'https://x'}\n";
  files["pack.yaml"] += tour;
  EXPECT_EQ(findings_of(files).size(), 1U);  // it is no demo
  files["pack.yaml"] += "demo: true\ndemo_accounts:\n  - {username: a.b, about: {zh-CN: 甲, en: A}}\n";
  const auto found = findings_of(files);
  EXPECT_EQ(std::ranges::count_if(found, [](const std::string& one) { return one.find("a tour leads") != std::string::npos; }), 1);
  EXPECT_EQ(std::ranges::count_if(found, [](const std::string& one) { return one.find("a place is a path") != std::string::npos; }), 1);
}

// ---- applying -----------------------------------------------------------------------------------------------------------------------

class PackApply : public db::OnBoth {
 protected:
  std::vector<const db::SqlBundle*> bundles() const override { return {&ledger::sql_bundle(), &sql_bundle()}; }

  Result<Applied> apply_files(std::map<std::string, std::string> files) {
    auto pack = Pack::of(std::move(files));
    EXPECT_TRUE(pack);
    return db().write(no_deadline, [&](db::Tx& tx) { return apply(tx, context, *pack, parts); });
  }

  ToyPart part;
  Part* parts[1] = {&part};
  VirtualClock clock{Instant::parse("2026-11-21T01:00:00Z").value()};
  SeededRandom random{1};
  Context context{.request = RequestId{}, .clock = clock, .random = random};
};
JX_ON_BOTH(PackApply);

TEST_P(PackApply, does_all_once_and_a_second_time_nothing) {
  const auto first = apply_files(toy_files());
  ASSERT_TRUE(first) << first.error().text();
  EXPECT_TRUE(first->entry);
  EXPECT_EQ(first->changes.size(), 1U);
  EXPECT_EQ(part.applied, 1);
  const auto second = apply_files(toy_files());
  ASSERT_TRUE(second) << second.error().text();
  EXPECT_FALSE(second->entry);
  EXPECT_EQ(part.applied, 1);
  const auto stored = db().read(no_deadline, [&](db::Tx& tx) { return ledger::read(tx, *first->entry); });
  ASSERT_TRUE(stored) << stored.error().text();
  EXPECT_EQ(stored->kind, "pack.applied");
  EXPECT_NE(stored->body->find(to_hex(first->hash)), std::string::npos);
}

TEST_P(PackApply, refuses_a_pack_with_faults_and_leaves_everything_as_it_is) {
  auto files = toy_files();
  files["notes.txt"] = "?";
  const auto applied = apply_files(files);
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().code, ErrorCode::invalid);
  EXPECT_NE(applied.error().message.en.find("notes.txt:1"), std::string::npos);
  EXPECT_EQ(part.applied, 0);
  const auto now = db().read(no_deadline, [](db::Tx& tx) { return current(tx); });
  ASSERT_TRUE(now);
  EXPECT_FALSE(*now);
}

TEST_P(PackApply, plans_without_touching_anything) {
  const auto pack = Pack::of(toy_files());
  const auto planned = db().read(no_deadline, [&](db::Tx& tx) { return plan(tx, context, *pack, parts); });
  ASSERT_TRUE(planned) << planned.error().text();
  EXPECT_FALSE(planned->current);
  EXPECT_FALSE(planned->same);
  ASSERT_EQ(planned->changes.size(), 1U);
  EXPECT_EQ(planned->changes[0].words.en, "adds the toy \"Bear\"");
  ASSERT_TRUE(apply_files(toy_files()));
  const auto again = db().read(no_deadline, [&](db::Tx& tx) { return plan(tx, context, *pack, parts); });
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->same);
  EXPECT_TRUE(again->changes.empty());
}

TEST_P(PackApply, keeps_every_pack_whole_and_can_go_back_to_one) {
  const auto first = apply_files(toy_files("'1'"));
  clock.advance(Micros{1'000'000});
  const auto second = apply_files(toy_files("'2'"));
  ASSERT_TRUE(first && second);
  const auto done = db().write(no_deadline, [&](db::Tx& tx) -> Result<> {
    JX_TRY(now, current(tx));
    EXPECT_EQ(now->hash, second->hash);
    EXPECT_EQ(now->version, "2");
    EXPECT_EQ(now->applied_at, clock.now());
    JX_TRY(old, load(tx, first->hash));
    EXPECT_EQ(old.manifest().version, "1");
    EXPECT_EQ(old.files().size(), 3U);
    JX_TRY(file, load_file(tx, first->hash, "toys.yaml"));
    EXPECT_EQ(file.text, toy_files()["toys.yaml"]);
    EXPECT_EQ(load_file(tx, first->hash, "nothing").error().code, ErrorCode::not_found);
    EXPECT_EQ(load(tx, Digest{}).error().code, ErrorCode::not_found);
    JX_TRY(count, check_stored(tx));
    EXPECT_EQ(count, 2U);
    return {};
  });
  EXPECT_TRUE(done) << done.error().text();
  const auto back = apply_files(toy_files("'1'"));
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_TRUE(back->entry);
  EXPECT_EQ(back->hash, first->hash);
}

TEST_P(PackApply, tells_what_was_applied_and_which_files_each_had) {
  const auto first = apply_files(toy_files());
  ASSERT_TRUE(first);
  auto files = toy_files();
  files["pack.yaml"] += "\n";
  const auto second = apply_files(files);
  ASSERT_TRUE(second) << second.error().text();
  const auto told = *db().read(no_deadline, [](db::Tx& tx) { return history(tx); });
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].current.hash, second->hash);
  EXPECT_EQ(told[1].current.hash, first->hash);
  EXPECT_EQ(told[0].files, static_cast<std::int64_t>(files.size()));
  const auto old_files = *db().read(no_deadline, [&](db::Tx& tx) { return file_hashes(tx, first->hash); });
  const auto new_files = *db().read(no_deadline, [&](db::Tx& tx) { return file_hashes(tx, second->hash); });
  for (const auto& [path, hash] : old_files) EXPECT_EQ(new_files.at(path) == hash, path != "pack.yaml") << path;
  EXPECT_EQ(db().read(no_deadline, [](db::Tx& tx) { return file_hashes(tx, Digest{}); }).error().code, ErrorCode::not_found);
}

TEST_P(PackApply, refuses_the_pack_of_another_jurisdiction) {
  ASSERT_TRUE(apply_files(toy_files()));
  auto files = toy_files();
  files["pack.yaml"].replace(0, 8, "key: zoo");
  EXPECT_EQ(apply_files(files).error().code, ErrorCode::conflict);
}

TEST_P(PackApply, finds_a_stored_file_that_was_altered) {
  ASSERT_TRUE(apply_files(toy_files()));
  static constexpr db::Query tamper{"test.tamper", "UPDATE pack_file SET content = x'00'", "UPDATE pack_file SET content = '\\x00'"};
  const auto checked = db().write(no_deadline, [&](db::Tx& tx) -> Result<std::size_t> {
    JX_CHECK(tx.run(tamper));
    return check_stored(tx);
  });
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, ErrorCode::corrupt);
}

}  // namespace
}  // namespace jx::pack
