#include <jx/core.hpp>
#include <jx/ledger/note.hpp>

#include <gtest/gtest.h>

namespace jx::ledger {
namespace {

NoteSigner signer(std::string name = "yunxi.example/ledger") { return {std::move(name), crypto::Ed25519Key::generate(), crypto::Sm2Key::generate()}; }

// The example of golang.org/x/mod/sumdb/note, which other tools verify too.
constexpr std::string_view known_key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view known_note =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

TEST(Note, of_another_tool_is_read_and_verified) {
  const auto key = NoteKey::parse(known_key);
  ASSERT_TRUE(key) << key.error().text();
  EXPECT_EQ(key->text(), known_key);
  const auto note = Note::parse(known_note);
  ASSERT_TRUE(note) << note.error().text();
  EXPECT_EQ(note->encode(), known_note);
  EXPECT_TRUE(verify_note(*note, std::span(&*key, 1)));
  auto changed = *note;
  changed.text[0] = 'i';
  EXPECT_FALSE(verify_note(changed, std::span(&*key, 1)));
}

TEST(Note, carries_both_signatures_and_each_must_hold) {
  const auto own = signer();
  const auto keys = own.keys();
  ASSERT_EQ(keys.size(), 2U);
  const auto note = own.sign("yunxi.example/ledger\n0\n" + to_base64(empty_root()) + "\n");
  EXPECT_EQ(Note::parse(note.encode()), note);
  EXPECT_TRUE(verify_note(note, keys));
  EXPECT_TRUE(verify_note(note, std::span(keys).first(1))) << "who knows no SM2 passes it over";
  EXPECT_TRUE(verify_note(note, std::span(keys).last(1)));
  for (std::size_t i = 0; i < 2; ++i) {
    auto changed = note;
    changed.signatures[i].signature[40] ^= 1;
    EXPECT_FALSE(verify_note(changed, keys)) << i;
  }
  const auto others = signer().keys();
  EXPECT_FALSE(verify_note(note, others));
  EXPECT_FALSE(verify_note(note, {}));
}

TEST(NoteKey, goes_through_its_text_form) {
  const auto own = signer();
  for (const auto& key : own.keys()) {
    const auto again = NoteKey::parse(key.text());
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ(again->id(), key.id());
    auto other_id = key.text();
    auto& digit = other_id[key.name().size() + 1];
    digit = digit == '0' ? '1' : '0';
    EXPECT_FALSE(NoteKey::parse(other_id)) << other_id;
  }
  EXPECT_TRUE(NoteKey::parse("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"));
  for (const auto* bad :
       {"", "a", "a+", "a+033de0ae", "a+033de0ae+", "+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8", "a+033de0ae+/w==", "a+033de0ae+AQ=="}) {
    EXPECT_FALSE(NoteKey::parse(bad)) << bad;
  }
  for (const auto* bad : {"", "a b", "a+b", "a\u3000b", "a\u00a0b", "a\nb", "a\xff"})
    EXPECT_FALSE(NoteKey::make(bad, own.ed25519.public_key())) << bad;
}

TEST(Note, is_refused_where_the_form_is_broken) {
  const std::string signature = "\u2014 k AAAAAAA=\n";
  EXPECT_TRUE(Note::parse("text\n\n" + signature));
  EXPECT_TRUE(Note::parse("text\n\nmore text\n\n" + signature)) << "the last empty line divides";
  for (const auto& bad :
       {std::string(), std::string("text\n"), std::string("text\n\n"), "text\n" + signature, "text\n\n" + signature.substr(0, signature.size() - 1),
        "te\tt\n\n" + signature, "te\xfft\n\n" + signature, "text\n\n" + signature + "x\n", std::string("text\n\n- k AAAAAAA=\n"),
        std::string("text\n\n\u2014 k\n"), std::string("text\n\n\u2014  AAAAAAA=\n"), std::string("text\n\n\u2014 k AAAAAA==\n"),
        std::string("text\n\n\u2014 k+ AAAAAAA=\n"), std::string("text\n\n\u2014 k AAAA AAA=\n")}) {
    EXPECT_EQ(Note::parse(bad).error().code, ErrorCode::invalid) << bad;
  }
  std::string many = "text\n\n";
  for (std::size_t i = 0; i < note_signatures_max; ++i) many += signature;
  EXPECT_TRUE(Note::parse(many));
  EXPECT_EQ(Note::parse(many + signature).error().code, ErrorCode::too_large);
  EXPECT_EQ(Note::parse(std::string(note_bytes_max, 'x') + "\n\n" + signature).error().code, ErrorCode::too_large);
}

TEST(Checkpoint, is_three_lines_and_maybe_more) {
  const Checkpoint checkpoint{"example.com/behind-the-sofa", 20852163, leaf_hash({})};
  EXPECT_EQ(Checkpoint::parse(checkpoint.text()), checkpoint);
  EXPECT_EQ(Checkpoint::parse(checkpoint.text() + "an extension\n"), checkpoint);
  const auto root = to_base64(checkpoint.root);
  for (const auto& bad : {std::string(), std::string("o\n"), "o\n1\n" + root, "\n1\n" + root + "\n", "o\n01\n" + root + "\n", "o\n-1\n" + root + "\n",
                          "o\n1x\n" + root + "\n", "o\n18446744073709551616\n" + root + "\n", std::string("o\n1\nAAAA\n"),
                          "o\n1\n" + root + "\n\nx\n", "o\n1\n" + root + "\nx"}) {
    EXPECT_EQ(Checkpoint::parse(bad).error().code, ErrorCode::invalid) << bad;
  }
}

}  // namespace
}  // namespace jx::ledger
