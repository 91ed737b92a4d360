#include <jx/wire.hpp>

#include "fixture.hpp"

#include <jx/ledger/search.hpp>

#include <boost/json/value.hpp>

#include <set>
#include <thread>

namespace jx::ledger {
namespace {

std::vector<Bytes> octets(const std::vector<Hash>& hashes) {
  std::vector<Bytes> list;
  for (const auto& hash : hashes) list.emplace_back(hash.begin(), hash.end());
  return list;
}

// What a stranger does with a proof: nothing of it is taken on trust but the keys.
void expect_proven(const EntryProof& proof, std::span<const NoteKey> keys) {
  const auto note = Note::parse(proof.checkpoint);
  ASSERT_TRUE(note && verify_note(*note, keys));
  const auto checkpoint = Checkpoint::parse(note->text);
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->size, proof.size);
  EXPECT_TRUE(verify_inclusion(proof.place.index, checkpoint->size, leaf_hash(bytes_of(proof.leaf)), octets(proof.hashes), checkpoint->root));
  const auto leaf = Leaf::parse(bytes_of(proof.leaf));
  ASSERT_TRUE(leaf);
  if (proof.body) {
    EXPECT_EQ(body_hash(*proof.salt, *proof.body), leaf->hash);
  }
}

struct Entries : LedgerFixture {};
JX_ON_BOTH(Entries);

TEST_P(Entries, have_statements_that_the_database_accepts) {
  const auto wanted = bundles();
  const auto prepared = db::prepare_all(db(), wanted);
  EXPECT_TRUE(prepared) << prepared.error().text();
}

TEST_P(Entries, say_who_did_what_and_when) {
  const auto id = add("a1");
  const auto entry = look([&](db::Tx& tx) { return read(tx, id); });
  ASSERT_TRUE(entry) << entry.error().text();
  EXPECT_EQ(entry->kind, "test.done");
  EXPECT_EQ(entry->at, clock.now());
  EXPECT_FALSE(entry->place);
  const auto body = wire::parse(*entry->body);
  ASSERT_TRUE(body);
  EXPECT_EQ(*wire::canonical(*body), *entry->body) << "RFC 8785";
  EXPECT_EQ(body->at("id").as_string(), id.text());
  EXPECT_EQ(body->at("kind").as_string(), "test.done");
  EXPECT_EQ(body->at("actor").at("unit").as_string(), "market-regulation");
  EXPECT_EQ(body->at("actor").at("kind").as_string(), "person");
  EXPECT_EQ(body->at("subjects").at(0).as_string(), "case:a1");
  EXPECT_EQ(body->at("body").at("text").as_string(), "a1");
  EXPECT_EQ(look([&](db::Tx& tx) { return read(tx, EntryId()); }).error().code, ErrorCode::not_found);
}

TEST_P(Entries, go_with_the_act_that_failed) {
  const auto ctx = context();
  EntryId id;
  const auto act = db().write(no_deadline, [&](db::Tx& tx) -> Result<> {
    JX_TRY(appended, append(tx, ctx, Entry{"test.done", {"case:x"}, {}, {}}));
    id = appended;
    return fail(ErrorCode::conflict, "no");
  });
  EXPECT_FALSE(act);
  EXPECT_EQ(look([&](db::Tx& tx) { return read(tx, id); }).error().code, ErrorCode::not_found);
}

TEST_P(Entries, are_refused_where_they_cannot_be_kept_as_they_are) {
  const auto ctx = context();
  const auto error = [&](const Entry& entry) {
    const auto id = db().write(no_deadline, [&](db::Tx& tx) { return append(tx, ctx, entry); });
    return id ? Error{} : id.error();
  };
  EXPECT_EQ(error({"Not A Key", {}, {}, {}}).field, "/kind");
  EXPECT_EQ(error({"test.done", {"case:a", "nobody"}, {}, {}}).field, "/subjects/1");
  EXPECT_EQ(error({"test.done", {"case:张三"}, {}, {}}).field, "/subjects/0");
  EXPECT_EQ(error({"test.done", {}, {{"list", {1, {{"n", 9007199254740993}}}}}, {}}).field, "/body/list/1/n");
  EXPECT_EQ(error({"test.done", std::vector<std::string>(subjects_max + 1, "case:a"), {}, {}}).code, ErrorCode::too_large);
  EXPECT_EQ(error({"test.done", {}, {{"text", std::string(body_bytes_max, 'x')}}, {}}).code, ErrorCode::too_large);
}

TEST_P(Entries, are_found_by_what_they_are_about) {
  std::vector<EntryId> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(add(i % 2 == 0 ? "even" : "odd"));
  const auto about_even = [&](EntryId after, std::size_t count) {
    const auto entries = look([&](db::Tx& tx) { return about(tx, "case:even", after, count); });
    std::vector<EntryId> found;
    for (const auto& entry : *entries) found.push_back(entry.id);
    return found;
  };
  EXPECT_EQ(about_even({}, 10), (std::vector{ids[0], ids[2], ids[4]}));
  EXPECT_EQ(about_even(ids[0], 1), (std::vector{ids[2]}));
  EXPECT_TRUE(about_even(ids[4], 10).empty());
  EXPECT_EQ(subject("unit", UnitId::trusted("fire")), "unit:fire");
}

TEST_P(Entries, are_searched_by_who_what_and_when_the_newest_first) {
  const auto begun = clock.now();
  const auto ctx = context();
  const auto by_one = [&](const char* kind, const char* subject) {
    clock.advance(std::chrono::minutes(10));
    return *db().write(no_deadline, [&](db::Tx& tx) { return append(tx, ctx, Entry{kind, {subject}, {}, {}}); });
  };
  const auto first = by_one("right.granted", "person:a");
  add("other");  // by somebody else
  const auto second = by_one("right.ended", "person:a");
  const auto third = by_one("right.granted", "person:b");
  const auto ids = [&](const Search& wanted, std::int64_t cursor = 0, std::size_t count = 10) {
    const auto page = look([&](db::Tx& tx) { return search(tx, wanted, cursor, count); });
    EXPECT_TRUE(page) << page.error().text();
    std::vector<EntryId> out;
    for (const auto& one : page->entries) out.push_back(one.entry.id);
    return out;
  };
  using Ids = std::vector<EntryId>;
  const auto account = ctx.actor.account.text();
  EXPECT_EQ(ids({}).size(), 4U);
  EXPECT_EQ(ids({.subject = {}, .account = account, .kind = {}, .from = {}, .until = {}}), (Ids{third, second, first}));
  EXPECT_EQ(ids({.subject = {}, .account = account, .kind = "right.granted", .from = {}, .until = {}}), (Ids{third, first}));
  EXPECT_EQ(ids({.subject = {}, .account = {}, .kind = "right.ended", .from = {}, .until = {}}), (Ids{second}));
  EXPECT_EQ(ids({.subject = "person:a", .account = {}, .kind = {}, .from = {}, .until = {}}), (Ids{second, first}));
  EXPECT_EQ(ids({.subject = "person:a", .account = AccountId::make(clock, random).text(), .kind = {}, .from = {}, .until = {}}), Ids{});
  EXPECT_EQ(ids({.subject = {}, .account = account, .kind = {}, .from = begun + std::chrono::minutes(15), .until = {}}), (Ids{third, second}));
  EXPECT_EQ(ids({.subject = {}, .account = account, .kind = {}, .from = {}, .until = begun + std::chrono::minutes(15)}), (Ids{first}));
  EXPECT_EQ(ids({.subject = {}, .account = {}, .kind = {}, .from = clock.now() + std::chrono::hours(1), .until = {}}), Ids{});

  const auto page = *look([&](db::Tx& tx) { return search(tx, {}, 0, 3); });
  ASSERT_EQ(page.entries.size(), 3U);
  EXPECT_TRUE(page.entries[0].salt);
  EXPECT_EQ(ids({}, page.next), (Ids{first}));
}

TEST_P(Entries, are_searched_in_pages_that_look_at_no_more_than_some) {
  const auto ctx = context();
  for (int part = 0; part < 6; ++part) {
    ASSERT_TRUE(db().write(no_deadline, [&](db::Tx& tx) -> Result<> {
      for (int i = 0; i < 1'000; ++i) JX_CHECK(append(tx, ctx, Entry{"test.done", {}, {}, {}}));
      return {};
    }));
  }
  Search rare;
  rare.account = ctx.actor.account.text();
  rare.kind = "test.rare";
  const auto page = *look([&](db::Tx& tx) { return search(tx, rare, 0, 10); });
  EXPECT_TRUE(page.entries.empty());
  ASSERT_GT(page.next, 0);
  EXPECT_EQ(look([&](db::Tx& tx) { return search(tx, rare, page.next, 10); })->next, 0);
}

// ---- the log ------------------------------------------------------------------------------------------------------------------------

struct Log : LedgerFixture {};
JX_ON_BOTH(Log);

TEST_P(Log, keeps_its_origin) {
  EXPECT_EQ(look([&](db::Tx& tx) { return newest_log(tx); }).error().code, ErrorCode::not_found);
  EXPECT_EQ(open(db()).origin, test_origin);
  EXPECT_EQ(open(db()).log, 1);
  const auto ctx = context();
  const auto reopen_as = [&](std::string_view origin) {
    const auto log = db().write(no_deadline, [&](db::Tx& tx) { return open_log(tx, ctx, origin); });
    return log ? ErrorCode::internal : log.error().code;
  };
  EXPECT_EQ(reopen_as("other.example/ledger"), ErrorCode::conflict);
  for (const auto* bad : {"", "a b", "a+b", "/a", "a/", "a\nb"}) EXPECT_EQ(reopen_as(bad), ErrorCode::invalid) << bad;
}

TEST_P(Log, gives_places_without_gaps_in_the_order_of_arrival_and_proves_every_entry) {
  open(db());
  const auto signer = make_signer();
  Sequencer sequencer(db(), signer, {.batch_max = 3});
  EXPECT_EQ(sequencer.step()->published, true) << "the empty tree is signed too";
  std::vector<EntryId> ids;
  std::vector<std::pair<std::uint64_t, Hash>> roots;
  for (const int count : {1, 1, 5, 3, 7, 0}) {
    for (int i = 0; i < count; ++i) ids.push_back(add());
    EXPECT_EQ(look([&](db::Tx& tx) { return count > 0 ? prove(tx, ids.back()) : fail(ErrorCode::unavailable, ""); }).error().code,
              ErrorCode::unavailable);
    const auto step = sequencer.step();
    ASSERT_TRUE(step) << step.error().text();
    EXPECT_EQ(step->integrated, static_cast<std::uint64_t>(count));
    EXPECT_EQ(step->size, ids.size());
    EXPECT_EQ(step->published, count > 0);
    roots.emplace_back(ids.size(), newest(db()).root);
  }
  const auto keys = signer.keys(std::string(test_origin));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto proof = look([&](db::Tx& tx) { return prove(tx, ids[i]); });
    ASSERT_TRUE(proof) << proof.error().text();
    EXPECT_EQ(proof->place, (Place{1, i}));
    expect_proven(*proof, keys);
  }
  for (const auto& [size, root] : roots) {
    const auto proof = look([&](db::Tx& tx) { return prove_consistency(tx, 1, size, ids.size()); });
    ASSERT_TRUE(proof) << proof.error().text();
    EXPECT_TRUE(verify_consistency(size, ids.size(), root, roots.back().second, octets(*proof)));
  }
  const auto feed_of = look([&](db::Tx& tx) { return feed(tx, {1, 2}, 4); });
  ASSERT_EQ(feed_of->size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ((*feed_of)[i].id, ids[2 + i]);
  EXPECT_EQ(look([&](db::Tx& tx) { return prove_consistency(tx, 1, 0, 2); }).error().code, ErrorCode::invalid);
  EXPECT_EQ(look([&](db::Tx& tx) { return prove_consistency(tx, 1, 1, 99); }).error().code, ErrorCode::invalid);
  EXPECT_EQ(look([&](db::Tx& tx) { return prove_consistency(tx, 2, 1, 2); }).error().code, ErrorCode::not_found);
  expect_good(db(), signer, 1, ids.size());
}

TEST_P(Log, grows_tile_by_tile_however_the_batches_fall) {
  open(db());
  const auto signer = make_signer();
  const Sequencer::Options options{.batch_max = 200};
  for (const int count : {255, 1, 1, 400, 1}) {
    add_many(count);
    Sequencer sequencer(db(), signer, options);  // a new one each time: it keeps nothing
    ASSERT_TRUE(sequencer.step());
    const auto log = newest(db());
    const auto root = look([&](db::Tx& tx) { return root_at(tx, log, log.size); });
    EXPECT_EQ(root, log.root);
  }
  expect_good(db(), signer, 1, 658);
}

TEST_P(Log, serves_what_tlog_tiles_names_and_nothing_beyond_the_checkpoint) {
  open(db());
  EXPECT_EQ(look([&](db::Tx& tx) { return resource(tx, "checkpoint"); }).error().code, ErrorCode::not_found);
  const auto signer = make_signer();
  add_many(600);
  ASSERT_TRUE(Sequencer(db(), signer).step());
  const auto size_of = [&](std::string_view path) {
    const auto found = look([&](db::Tx& tx) { return resource(tx, path); });
    return found ? static_cast<int>(found->octets.size()) : -1;
  };
  const auto checkpoint = look([&](db::Tx& tx) { return resource(tx, "checkpoint"); });
  ASSERT_TRUE(checkpoint);
  EXPECT_FALSE(checkpoint->immutable);
  EXPECT_EQ(checkpoint->media_type, "text/plain; charset=utf-8");
  EXPECT_TRUE(text_of(checkpoint->octets).starts_with("yunxi.example/ledger\n600\n"));
  EXPECT_EQ(size_of("1/checkpoint"), static_cast<int>(checkpoint->octets.size()));
  EXPECT_EQ(size_of("tile/0/000"), 8192);
  EXPECT_EQ(size_of("1/tile/0/001"), 8192);
  EXPECT_EQ(size_of("tile/0/002.p/88"), 88 * 32);
  EXPECT_EQ(size_of("tile/0/000.p/5"), 5 * 32);
  EXPECT_EQ(size_of("tile/1/000.p/2"), 64);
  const auto bundle = look([&](db::Tx& tx) { return resource(tx, "tile/entries/002.p/88"); });
  ASSERT_TRUE(bundle);
  EXPECT_TRUE(bundle->immutable);
  EXPECT_EQ(bundle->media_type, "application/octet-stream");
  EXPECT_TRUE(bundle_leaves(bundle->octets, 88));
  for (const auto* none :
       {"", "/", "checkpoints", "tile/0/002", "tile/0/002.p/89", "tile/0/003.p/1", "tile/1/000", "tile/1/000.p/3", "tile/2/000.p/1", "tile/9/000",
        "tile/entries/003.p/1", "2/checkpoint", "01/checkpoint", "1", "1/", "0/checkpoint", "-1/checkpoint", "succession", "1/1/checkpoint"}) {
    EXPECT_EQ(size_of(none), -1) << none;
  }
}

TEST_P(Log, keeps_every_proof_when_salt_and_body_are_erased) {
  open(db());
  const auto signer = make_signer();
  Sequencer sequencer(db(), signer);
  std::vector<EntryId> ids;
  for (int i = 0; i < 6; ++i) ids.push_back(add("secret"));
  ASSERT_TRUE(sequencer.step());
  const auto root = newest(db()).root;
  const auto ctx = context();
  const auto erase_them = [&](std::vector<EntryId> which) {
    return db().write(no_deadline, [&](db::Tx& tx) { return erase(tx, ctx, which, Entry{"person.erased", {}, {{"law", "PIPL article 47"}}, {}}); });
  };
  const auto act = erase_them({ids[1], ids[4]});
  ASSERT_TRUE(act) << act.error().text();
  EXPECT_EQ(erase_them({ids[1]}).error().code, ErrorCode::conflict);
  EXPECT_EQ(erase_them({EntryId()}).error().code, ErrorCode::not_found);
  ASSERT_TRUE(sequencer.step());

  const auto keys = signer.keys(std::string(test_origin));
  for (const auto id : ids) {
    const auto proof = look([&](db::Tx& tx) { return prove(tx, id); });
    ASSERT_TRUE(proof) << proof.error().text();
    expect_proven(*proof, keys);
    EXPECT_EQ(proof->body.has_value(), id != ids[1] && id != ids[4]);
    EXPECT_EQ(proof->salt.has_value(), proof->body.has_value());
  }
  EXPECT_EQ(look([&](db::Tx& tx) { return about(tx, "case:secret", {}, 10); })->size(), 4U);
  const auto record = look([&](db::Tx& tx) { return read(tx, *act); });
  EXPECT_NE(record->body->find("\"erased\":[\"" + ids[1].text() + "\",\"" + ids[4].text() + "\"]"), std::string::npos) << *record->body;
  const auto proof = look([&](db::Tx& tx) { return prove_consistency(tx, 1, 6, 7); });
  EXPECT_TRUE(verify_consistency(6, 7, root, newest(db()).root, octets(*proof)));
  expect_good(db(), signer, 1, 7);
}

// ---- refusal and recovery -----------------------------------------------------------------------------------------------------------

class SetBack : public LedgerFixture {
 protected:
  // A second database of the same kind that begins empty: what a restored old backup is to the signer.
  void SetUp() override {
    LedgerFixture::SetUp();
    if (IsSkipped()) return;
    temp_ = std::move(*db::TempDatabase::make(GetParam()));
    other_ = std::move(*db::Database::open({.url = temp_->url()}));
    const auto wanted = bundles();
    ASSERT_TRUE(db::migrate(*other_, wanted));
    open(db());
    open(*other_);
  }
  void TearDown() override {
    other_.reset();
    temp_.reset();
    LedgerFixture::TearDown();
  }
  std::unique_ptr<db::TempDatabase> temp_;
  std::unique_ptr<db::Database> other_;
};
JX_ON_BOTH(SetBack);

TEST_P(SetBack, is_not_said_of_a_tree_that_grows_and_is_signed_meanwhile) {
  const auto signer = make_signer();
  std::jthread busy([&](const std::stop_token& stop) {
    Sequencer sequencer(db(), signer);
    while (!stop.stop_requested()) {
      add();
      EXPECT_TRUE(sequencer.step());
    }
  });
  for (int i = 0; i < 100; ++i) {
    const auto checked = check_signed(db(), signer);
    ASSERT_TRUE(checked) << checked.error().text();
  }
}

TEST_P(SetBack, is_found_out_and_nothing_more_is_signed_or_sequenced) {
  const auto signer = make_signer();
  for (int i = 0; i < 5; ++i) add();
  ASSERT_TRUE(Sequencer(db(), signer).step());

  for (int i = 0; i < 3; ++i) add(*other_, Entry{"test.done", {}, {}, {}});
  EXPECT_FALSE(check_signed(*other_, signer));
  Sequencer behind(*other_, signer);
  const auto step = behind.step();
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().code, ErrorCode::corrupt);
  EXPECT_NE(step.error().message.en.find("set back"), std::string::npos) << step.error().text();
  EXPECT_EQ(behind.status().refusal->code, ErrorCode::corrupt);
  EXPECT_EQ(newest(*other_).size, 0U);
  EXPECT_FALSE(newest(*other_).checkpoint);

  // Grown past the signed size by a node with other keys, it is another tree.
  for (int i = 0; i < 4; ++i) add(*other_, Entry{"test.done", {}, {}, {}});
  ASSERT_TRUE(Sequencer(*other_, make_signer("other keys")).step());
  EXPECT_EQ(newest(*other_).size, 7U);
  const auto differs = Sequencer(*other_, signer).step();
  ASSERT_FALSE(differs);
  EXPECT_EQ(differs.error().code, ErrorCode::corrupt);
  EXPECT_NE(differs.error().message.en.find("are not those of the checkpoint"), std::string::npos) << differs.error().text();
  EXPECT_TRUE(Sequencer(db(), signer).step()) << "the right database goes on";
}

TEST_P(SetBack, goes_on_in_a_declared_successor) {
  const auto signer = make_signer();
  for (int i = 0; i < 5; ++i) add();
  ASSERT_TRUE(Sequencer(db(), signer).step());
  const auto waiting = add(*other_, Entry{"test.done", {}, {}, {}});
  Sequencer sequencer(*other_, signer);
  ASSERT_FALSE(sequencer.step());

  const auto ctx = context();
  const auto succeed = [&](std::string_view reason) {
    return other_->write(no_deadline, [&](db::Tx& tx) { return open_successor(tx, ctx, signer, reason); });
  };
  EXPECT_EQ(succeed("").error().code, ErrorCode::invalid);
  EXPECT_EQ(succeed("two\nlines").error().code, ErrorCode::invalid);
  const auto log = succeed("the disk of 21 November was lost");
  ASSERT_TRUE(log) << log.error().text();
  EXPECT_EQ(log->log, 2);
  EXPECT_EQ(log->origin, "yunxi.example/ledger/2");
  const auto step = sequencer.step();
  ASSERT_TRUE(step) << step.error().text();
  EXPECT_EQ(step->integrated, 2U);
  expect_good(*other_, signer, 2, 2);
  EXPECT_EQ(other_->read(no_deadline, [&](db::Tx& tx) { return prove(tx, waiting); })->place, (Place{2, 0}));

  const auto declared = other_->read(no_deadline, [&](db::Tx& tx) { return resource(tx, "succession"); });
  ASSERT_TRUE(declared);
  const auto note = Note::parse(text_of(declared->octets));
  ASSERT_TRUE(note);
  EXPECT_TRUE(verify_note(*note, signer.keys(log->origin)));
  EXPECT_EQ(note->text,
            "yunxi.example/ledger/2\nsucceeds\nyunxi.example/ledger\n0\n" + to_base64(empty_root()) + "\nthe disk of 21 November was lost\n");
  EXPECT_EQ(Sequencer(db(), signer).step().error().code, ErrorCode::corrupt) << "the old database, come back, does not sign beside the successor";
}

TEST_P(Log, is_not_built_upon_where_its_edge_or_its_checkpoint_was_changed_by_hand) {
  open(db());
  const auto signer = make_signer();
  add_many(3);
  ASSERT_TRUE(Sequencer(db(), signer).step());
  add_many(1);
  by_hand("UPDATE ledger_tile SET hashes = (SELECT hash FROM ledger_entry WHERE seq = 1) WHERE level = 0");
  EXPECT_EQ(Sequencer(db(), signer).step().error().code, ErrorCode::corrupt);
  by_hand("DELETE FROM ledger_tile");
  EXPECT_EQ(Sequencer(db(), signer).step().error().code, ErrorCode::corrupt);
}

TEST_P(Log, cannot_be_signed_with_a_checkpoint_file_that_was_changed) {
  open(db());
  const auto signer = make_signer();
  add_many(3);
  ASSERT_TRUE(Sequencer(db(), signer).step());
  add_many(1);
  ASSERT_TRUE(crypto::write_file_durably(folder.path() / "keys" / "checkpoint-1", bytes_of("yunxi.example/ledger\n0\n")));
  EXPECT_EQ(Sequencer(db(), signer).step().error().code, ErrorCode::corrupt);
}

TEST(Signer, comes_back_with_its_keys_and_refuses_to_replace_them) {
  const db::TempFolder folder;
  const auto made = Signer::create(folder.path() / "keys", true);
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(Signer::create(folder.path() / "keys", true).error().code, ErrorCode::conflict);
  const auto opened = Signer::open(folder.path() / "keys");
  ASSERT_TRUE(opened);
  ASSERT_EQ(opened->keys("o").size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(opened->keys("o")[i].text(), made->keys("o")[i].text());
  EXPECT_EQ(Signer::create(folder.path() / "plain", false)->keys("o").size(), 1U);
  std::filesystem::permissions(folder.path() / "keys" / "sm2.pem", std::filesystem::perms::group_read, std::filesystem::perm_options::add);
  EXPECT_EQ(Signer::open(folder.path() / "keys").error().code, ErrorCode::forbidden);
  EXPECT_EQ(Signer::open(folder.path() / "none").error().code, ErrorCode::not_found);
}

// ---- several programs, and the thread -------------------------------------------------------------------------------------------------

TEST_P(Log, never_forks_or_leaves_a_gap_while_three_programs_sequence_at_once) {
  open(db());
  const bool postgres = GetParam() == db::Dialect::postgres;
  make_signer("keys-0");
  std::vector<std::unique_ptr<db::Database>> databases;
  std::vector<Signer> signers;
  for (int i = 0; i < 3; ++i) {  // three programs with one key: on PostgreSQL each has its own connections and its own folder
    const auto from = folder.path() / "keys-0";
    const auto to = folder.path() / ("keys-" + std::to_string(i));
    if (i > 0) std::filesystem::copy(from, to);
    signers.push_back(*Signer::open(to));
    if (postgres) databases.push_back(std::move(*db::Database::open({.url = url(), .connections = 4})));
  }
  constexpr int acts = 120;
  std::atomic<int> done = 0;
  std::atomic<int> conflicts = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 3; ++i) {
      auto& database = postgres ? *databases[static_cast<std::size_t>(i)] : db();
      threads.emplace_back([&, i] {
        SeededRandom own_random(static_cast<std::uint64_t>(100 + i));
        for (int k = 0; k < acts; ++k) {
          const Context ctx{.actor = {}, .clock = clock, .random = own_random};
          const auto id =
              database.write(no_deadline, [&](db::Tx& tx) { return append(tx, ctx, Entry{"test.done", {}, {{"program", i}, {"act", k}}, {}}); });
          EXPECT_TRUE(id) << id.error().text();
        }
        ++done;
      });
      threads.emplace_back([&, i] {
        while (done < 3) {
          Sequencer sequencer(database, signers[static_cast<std::size_t>(i)], {.batch_max = 5});
          const auto step = sequencer.step();
          if (!step) {
            EXPECT_TRUE(step.error().code == ErrorCode::conflict || step.error().code == ErrorCode::stale) << step.error().text();
            ++conflicts;
          }
        }
      });
    }
  }
  for (std::size_t i = 0; i < 3; ++i) ASSERT_TRUE(Sequencer(postgres ? *databases[i] : db(), signers[i]).step());
  const auto all = look([&](db::Tx& tx) { return feed(tx, {1, 0}, 1000); });
  ASSERT_EQ(all->size(), 3U * acts);
  std::set<EntryId> distinct;
  for (std::size_t i = 0; i < all->size(); ++i) {
    EXPECT_EQ((*all)[i].place, (Place{1, i}));
    distinct.insert((*all)[i].id);
  }
  EXPECT_EQ(distinct.size(), all->size());
  for (const auto& signer : signers) expect_good(db(), signer, 1, 3U * acts);
}

TEST_P(Log, is_sequenced_by_one_leader_and_by_the_next_when_that_one_goes) {
  open(db());
  const bool postgres = GetParam() == db::Dialect::postgres;
  const auto signer = make_signer();
  std::vector<std::unique_ptr<db::Database>> databases;
  std::vector<std::unique_ptr<Sequencer>> sequencers;
  for (int i = 0; i < 3; ++i) {
    if (postgres) databases.push_back(std::move(*db::Database::open({.url = url(), .connections = 4})));
    sequencers.push_back(
        std::make_unique<Sequencer>(postgres ? *databases.back() : db(), signer,
                                    Sequencer::Options{.poll_ms = std::chrono::milliseconds(5), .pause_ms = std::chrono::milliseconds(1)}));
    sequencers.back()->start();
  }
  std::uint64_t count = 0;
  while (!sequencers.empty()) {
    const auto id = add();
    ++count;
    EXPECT_TRUE(sequencers.front()->wait_for(id, std::chrono::seconds(60)));
    std::erase_if(sequencers, [](const auto& sequencer) { return sequencer->status().leading; });  // whoever leads is gone
  }
  EXPECT_GE(count, 3U);
  expect_good(db(), signer, 1, count);
}

TEST_P(Log, says_when_an_entry_is_not_under_a_checkpoint_in_time) {
  open(db());
  const auto signer = make_signer();
  Sequencer sequencer(db(), signer);
  EXPECT_EQ(sequencer.wait_for(add(), std::chrono::milliseconds(1)).error().code, ErrorCode::timeout);
  EXPECT_EQ(sequencer.wait_for(EntryId(), std::chrono::milliseconds(1)).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace jx::ledger
