// Receipts, held against answers that were changed in every way.
#include <jx/exchange/receipts.hpp>
#include <jx/ledger/tiles.hpp>
#include <jx/wire/canonical.hpp>

#include <gtest/gtest.h>

namespace jx::exchange {
namespace {

namespace json = boost::json;

struct Receipts : testing::Test {
  Receipts() {
    const std::vector<std::string> fields{"name", "age"};
    const auto digest = answer_digest(fields, Bytes{1, 2, 3, 4}, {{"王芳", 30}, {nullptr, 1.5}});
    receipt.body = wire::to_text(json::object{
        {"kind", "exchange.read"},
        {"body", {{"answer", to_hex(*digest)}, {"grant", "g"}, {"resource", "r"}, {"consumer", "c"}, {"provider", "p"}, {"records", 2}}}});
    receipt.salt.assign(ledger::salt_bytes, 7);
    sign();
  }
  /// A tree of this entry and another one.
  void sign() {
    const auto leaf = ledger::Leaf{*Instant::parse("2026-11-20T02:00:00Z"), ledger::body_hash(receipt.salt, receipt.body)}.text();
    receipt.leaf.assign(bytes_of(leaf).begin(), bytes_of(leaf).end());
    const auto other = ledger::leaf_hash(bytes_of("another"));
    receipt.index = 0;
    receipt.tree_size = 2;
    receipt.proof = {Bytes(other.begin(), other.end())};
    receipt.checkpoint = signer.sign(ledger::Checkpoint{"example/log", 2, ledger::node_hash(ledger::leaf_hash(receipt.leaf), other)}.text()).encode();
  }
  void expect_refused(const std::string& because) {
    const auto proven = verify(receipt, answer, keys);
    ASSERT_FALSE(proven);
    EXPECT_NE(proven.error().message.en.find(because), std::string::npos) << proven.error().text();
  }

  ledger::NoteSigner signer{"example/log", crypto::Ed25519Key::generate(), crypto::Sm2Key::generate()};
  std::vector<ledger::NoteKey> keys = signer.keys();
  Receipt receipt;
  json::value answer =
      *wire::parse(R"({"usage": "x", "nonce": "AQIDBA==", "fields": [{"key": "name"}, {"key": "age"}], "rows": [["王芳", 30], [null, 1.5]]})");
};

TEST_F(Receipts, prove_the_answer_that_was_given) {
  const auto proven = verify(receipt, answer, keys);
  ASSERT_TRUE(proven) << proven.error().text();
  EXPECT_EQ(proven->grant, "g");
  EXPECT_EQ(proven->records, 2);
  EXPECT_EQ(proven->log, "example/log");
  EXPECT_EQ(proven->signers.size(), 2U);  // Ed25519 and SM2
}

TEST_F(Receipts, prove_no_other_answer) {
  answer.as_object()["rows"].as_array()[0].as_array()[1] = 31;
  expect_refused("were changed");
  answer.as_object()["rows"].as_array()[0].as_array()[1] = 30;
  answer.as_object()["rows"].as_array().pop_back();
  expect_refused("were changed");
  answer.as_object()["nonce"] = "AQIDBQ==";
  expect_refused("were changed");
  answer.as_object().erase("nonce");
  expect_refused("no nonce");
  answer = *wire::parse(R"({"nonce": "AQIDBA==", "fields": [{"key": "age"}, {"key": "name"}], "rows": [["王芳", 30], [null, 1.5]]})");
  expect_refused("were changed");
  for (const auto* bad : {"[]", "{}", R"({"fields": [], "rows": [1]})", R"({"fields": [1], "rows": []})"}) {
    answer = *wire::parse(bad);
    EXPECT_FALSE(verify(receipt, answer, keys)) << bad;
  }
}

TEST_F(Receipts, prove_nothing_once_any_part_of_them_is_changed) {
  const auto good = receipt;
  const auto refused = [&](const char* what) {
    EXPECT_FALSE(verify(receipt, answer, keys)) << what;
    receipt = good;
  };
  receipt.salt[0] ^= 1U;
  refused("salt");
  receipt.body[3] ^= 1;
  refused("body");
  receipt.leaf[9] ^= 1U;
  refused("leaf");
  receipt.proof[0][0] ^= 1U;
  refused("proof");
  receipt.index = 1;
  refused("index");
  receipt.tree_size = 3;
  refused("size");
  receipt.proof.clear();
  refused("no proof");
  receipt.checkpoint[receipt.checkpoint.size() - 10] ^= 1;
  refused("signature");
  receipt.body = R"({"kind":"exchange.refused","body":{}})";
  sign();
  refused("a refusal");
  const std::vector<ledger::NoteKey> none;
  EXPECT_FALSE(verify(receipt, answer, none));
}

}  // namespace
}  // namespace jx::exchange
