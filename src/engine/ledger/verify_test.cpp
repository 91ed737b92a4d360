#include "fixture.hpp"

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

namespace jx::ledger {
namespace {

// A log as a map from path to octets, with any leaves.
struct Files {
  std::map<std::string, Bytes> octets;
  NoteSigner signer{"yunxi.example/ledger", crypto::Ed25519Key::generate(), crypto::Sm2Key::generate()};

  explicit Files(std::uint64_t size) {
    TreeEdge edge;
    Bytes bundle;
    const auto put_tile = [&](unsigned level, std::uint64_t n, TileHashes hashes) {
      octets[TilePath{false, level, n, hashes.size()}.text()] = tile_octets(hashes);
    };
    for (std::uint64_t i = 0; i < size; ++i) {
      const auto leaf = Leaf{Instant{static_cast<std::int64_t>(i)}, crypto::sha256(bytes_of(std::to_string(i)))}.text();
      if (!add_to_bundle(bundle, bytes_of(leaf))) std::abort();
      edge.append(leaf_hash(bytes_of(leaf)), put_tile);
      if (i % tile_width == tile_width - 1 || i + 1 == size)
        octets[TilePath{true, 0, i / tile_width, i % tile_width + 1}.text()] = std::exchange(bundle, {});
    }
    for (unsigned level = 0; level < tile_levels_max; ++level) {
      if (!edge.partial(level).empty()) put_tile(level, size >> (8 * level) >> 8, edge.partial(level));
    }
    sign(size, edge.root());
  }
  void sign(std::uint64_t size, const Hash& root) {
    const auto note = signer.sign(Checkpoint{signer.name, size, root}.text()).encode();
    octets["checkpoint"] = Bytes(note.begin(), note.end());
  }
  [[nodiscard]] Source source() const {
    return {[this](const std::string& path) -> Result<std::optional<Bytes>> {
              const auto found = octets.find(path);
              return found == octets.end() ? std::optional<Bytes>() : std::optional(found->second);
            },
            {}};
  }
  [[nodiscard]] VerifyReport check() const {
    auto report = verify(source(), signer.keys());
    EXPECT_TRUE(report) << report.error().text();
    return report ? *report : VerifyReport();
  }
  // Where findings lie, one a line.
  [[nodiscard]] std::string faults() const {
    std::string text;
    for (const auto& finding : check().findings) text += finding.path + (finding.entry ? " " + std::to_string(*finding.entry) : "") + "\n";
    return text;
  }
  Bytes& at(const std::string& path) {
    if (!octets.contains(path)) ADD_FAILURE() << "no " << path;
    return octets[path];
  }
};

// Three levels of tiles, with an edge on each. Made once, copied by the tests that spoil it.
const Files& big() {
  static const Files log(66'000);
  return log;
}

// A digit of the hash in leaf `i` of a bundle.
std::uint8_t& digit_of(Bytes& bundle, std::size_t i) {
  std::size_t at = 0;
  for (std::size_t k = 0; k < i; ++k) at += 2 + (std::size_t{bundle[at]} << 8 | bundle[at + 1]);
  return bundle[at + 2 + 20];
}

void flip_digit(std::uint8_t& digit) { digit = digit == '0' ? '1' : '0'; }

TEST(Verify, passes_logs_of_every_shape) {
  for (const std::uint64_t size : {0U, 1U, 2U, 255U, 256U, 257U, 512U, 700U, 65536U}) {
    const Files log(size);
    std::uint64_t last = 0;
    const auto report = verify(log.source(), log.signer.keys(), [&](std::uint64_t done, std::uint64_t total) {
      EXPECT_EQ(total, size);
      EXPECT_GT(done, last);
      last = done;
    });
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_EQ(last, size);
    EXPECT_EQ(report->entries, size);
    EXPECT_TRUE(report->good()) << size << ": " << log.faults();
  }
}

TEST(Verify, names_the_entry_that_was_changed) {
  Files log = big();
  flip_digit(digit_of(log.at("tile/entries/003"), 7));
  EXPECT_EQ(log.faults(), "tile/entries/003 775\n");
  flip_digit(digit_of(log.at("tile/entries/257.p/208"), 5));  // on the edge, where only the signed root can tell
  EXPECT_EQ(log.faults(), "tile/entries/003 775\ntile/entries/257.p/208 65797\n");
}

TEST(Verify, names_the_tile_that_was_changed) {
  for (const auto* path : {"tile/0/003", "tile/0/257.p/208", "tile/1/000", "tile/1/001.p/1", "tile/2/000.p/1"}) {
    Files log = big();
    log.at(path)[17] ^= 1;
    const auto faults = log.faults();
    EXPECT_TRUE(faults.starts_with(path)) << path << " -> " << faults;
    EXPECT_EQ(std::ranges::count(faults, '\n'), 1) << path << " -> " << faults;
  }
}

TEST(Verify, finds_an_entry_that_was_changed_together_with_its_tile) {
  Files log = big();
  auto& bundle = log.at("tile/entries/003");
  flip_digit(digit_of(bundle, 0));
  const auto leaves = bundle_leaves(bundle, 256);
  const auto hash = leaf_hash(leaves->front());
  std::ranges::copy(hash, log.at("tile/0/003").begin());
  EXPECT_EQ(log.faults(), "tile/0/003\n");
  flip_digit(digit_of(log.at("tile/entries/257.p/208"), 0));
  EXPECT_NE(log.faults(), "tile/0/003\n");
}

TEST(Verify, finds_what_is_missing_cut_or_too_long) {
  Files log(700);
  auto missing = log;
  missing.octets.erase("tile/0/001");
  EXPECT_EQ(missing.faults(), "tile/0/001\n");
  missing = log;
  missing.octets.erase("tile/entries/001");
  EXPECT_EQ(missing.faults(), "tile/entries/001\n");
  missing.octets.erase("tile/0/001");
  EXPECT_FALSE(missing.check().good());
  missing = log;
  missing.at("tile/entries/002.p/188").pop_back();
  EXPECT_EQ(missing.faults(), "tile/entries/002.p/188\n");
  missing = log;
  missing.at("tile/1/000.p/2").push_back(0);
  EXPECT_EQ(missing.faults(), "tile/1/000.p/2\n");
}

TEST(Verify, takes_a_full_tile_where_a_partial_one_was_dropped) {
  const Files large(1024);
  Files log(700);
  for (const auto* path : {"tile/0/002", "tile/entries/002"}) log.octets[path] = large.octets.at(path);
  log.octets.erase("tile/0/002.p/188");
  log.octets.erase("tile/entries/002.p/188");
  EXPECT_EQ(log.faults(), "");
}

TEST(Verify, says_when_the_signed_root_is_another) {
  Files log(300);
  log.sign(300, empty_root());
  EXPECT_EQ(log.faults(), "checkpoint\n");
  log.sign(299, Files(299).check().checkpoint.root);
  EXPECT_NE(log.faults(), "") << "the partial tiles of 299 are not there";
}

TEST(Verify, trusts_no_checkpoint_but_one_of_the_keys_that_were_given) {
  Files log(3);
  const auto other = NoteSigner{"other.example", crypto::Ed25519Key::generate(), std::nullopt};
  EXPECT_EQ(verify(log.source(), other.keys()).error().code, ErrorCode::invalid);
  EXPECT_EQ(verify(log.source(), {}).error().code, ErrorCode::invalid);
  log.at("checkpoint")[25] ^= 1;
  EXPECT_EQ(verify(log.source(), log.signer.keys()).error().code, ErrorCode::invalid);
  log.octets.erase("checkpoint");
  EXPECT_EQ(verify(log.source(), log.signer.keys()).error().code, ErrorCode::not_found);
}

TEST(Verify, lists_only_the_first_of_many_faults) {
  Files log(700);
  for (std::size_t i = 0; i < 200; ++i) flip_digit(digit_of(log.at("tile/entries/000"), i));
  const auto report = log.check();
  EXPECT_EQ(report.findings_count, 200U);
  EXPECT_EQ(report.findings.size(), VerifyReport::findings_listed_max);
}

// ---- databases and folders ------------------------------------------------------------------------------------------------------------

struct Verification : LedgerFixture {
  [[nodiscard]] VerifyReport check(const Signer& signer) {
    auto report = verify(database_source(db(), 1), signer.keys(std::string(test_origin)));
    EXPECT_TRUE(report) << report.error().text();
    return report ? *report : VerifyReport();
  }
};
JX_ON_BOTH(Verification);

TEST_P(Verification, of_a_database_finds_bodies_leaves_and_tiles_changed_by_hand) {
  open(db());
  const auto signer = make_signer();
  add_many(300);
  ASSERT_TRUE(Sequencer(db(), signer).step());
  EXPECT_TRUE(check(signer).good());

  by_hand("UPDATE ledger_entry SET body = '{}' WHERE seq = 8");
  auto report = check(signer);
  ASSERT_EQ(report.findings_count, 1U);
  EXPECT_EQ(report.findings[0].entry, 7U);
  EXPECT_NE(report.findings[0].what.en.find("salt and body"), std::string::npos);

  by_hand("UPDATE ledger_entry SET at = at + 1 WHERE seq = 270");
  report = check(signer);
  ASSERT_EQ(report.findings_count, 2U);
  EXPECT_EQ(report.findings[1].entry, 269U);

  by_hand("DELETE FROM ledger_tile WHERE level = 1");
  EXPECT_EQ(check(signer).findings_count, 4U) << "with the tile above gone, the changed entry 269 leaves the root unproven too";
  by_hand("DELETE FROM ledger_entry WHERE seq = 270");
  EXPECT_FALSE(check(signer).good());
}

TEST_P(Verification, of_an_export_needs_no_database) {
  open(db());
  const auto signer = make_signer();
  const auto out = folder.path() / "out";
  EXPECT_EQ(export_log(db(), 1, out).error().code, ErrorCode::not_found) << "no checkpoint yet";
  for (const int count : {70, 500}) {
    add_many(count);
    ASSERT_TRUE(Sequencer(db(), signer).step());
    const auto checkpoint = export_log(db(), 1, out);
    ASSERT_TRUE(checkpoint) << checkpoint.error().text();
    const auto report = verify(folder_source(out), signer.keys(std::string(test_origin)));
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_TRUE(report->good());
    EXPECT_EQ(report->checkpoint, *checkpoint);
    EXPECT_EQ(report->entries, checkpoint->size);
  }
  EXPECT_TRUE(std::filesystem::exists(out / "tile" / "entries" / "002.p" / "58"));
  EXPECT_EQ(export_log(db(), 2, out).error().code, ErrorCode::not_found);
}

// ---- what docs/ledger.md tells people to run ----------------------------------------------------------------------------------------

std::vector<std::string> code_of(const std::string& document, const std::string& language) {
  std::vector<std::string> blocks;
  const auto fence = "```" + language + "\n";
  for (auto at = document.find(fence); at != std::string::npos; at = document.find(fence, at)) {
    at += fence.size();
    blocks.push_back(document.substr(at, document.find("```", at) - at));
  }
  return blocks;
}

void flip(const std::filesystem::path& path) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(20);
  file.put('!');
}

void write_text(const std::filesystem::path& path, std::string_view text) { std::ofstream(path, std::ios::binary) << text; }

TEST(LedgerDocument, shows_how_to_check_a_log_with_python_and_openssl_alone) {
  std::ostringstream document;
  document << std::ifstream(JX_SOURCE_DIR "/docs/ledger.md").rdbuf();
  const auto python = code_of(document.str(), "python");
  const auto shell = code_of(document.str(), "sh");
  ASSERT_EQ(python.size(), 1U);
  ASSERT_EQ(shell.size(), 2U);

  const Files log(700);
  const db::TempFolder folder;
  for (const auto& [path, octets] : log.octets) {
    std::filesystem::create_directories((folder.path() / path).parent_path());
    write_text(folder.path() / path, text_of(octets));
  }
  const auto run = [&](const std::string& command) {
    return std::system(("cd " + folder.path().string() + " && " + command + " > out.txt 2>&1").c_str());
  };
  write_text(folder.path() / "check.py", python[0]);
  EXPECT_EQ(run("python3 check.py ."), 0);
  flip(folder.path() / "tile/entries/001");
  EXPECT_NE(run("python3 check.py ."), 0) << "a changed entry is seen";

  if (run("openssl version") != 0) GTEST_SKIP() << "the openssl command is not installed";
  write_text(folder.path() / "ed25519.pub", log.signer.ed25519.public_key().pem());
  write_text(folder.path() / "sm2.pub", log.signer.sm2->public_key().pem());
  write_text(folder.path() / "check.sh", "set -e\n" + shell[0] + shell[1]);
  EXPECT_EQ(run("sh check.sh"), 0);
  write_text(folder.path() / "sm2.pub", crypto::Sm2Key::generate().public_key().pem());
  EXPECT_NE(run("sh check.sh"), 0) << "another key is seen";
}

}  // namespace
}  // namespace jx::ledger
