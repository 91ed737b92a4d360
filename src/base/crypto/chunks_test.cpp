#include <jx/crypto/chunks.hpp>
#include <jx/crypto/hash.hpp>

#include <gtest/gtest.h>

namespace jx::crypto {
namespace {

SecureBytes key_of(std::uint8_t octet) { return SecureBytes(Bytes(chunk_key_bytes, octet)); }

TEST(Chunks, are_opened_where_they_were_sealed) {
  const ChunkCipher cipher(key_of(1));
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{65'536}}) {
    const Bytes plain(size, 7);
    const auto sealed = cipher.seal(3, Last::yes, plain);
    EXPECT_EQ(sealed.size(), size + chunk_overhead_bytes);
    Bytes out(bytes_of("before").begin(), bytes_of("before").end());
    ASSERT_TRUE(cipher.open(3, Last::yes, sealed, out));
    EXPECT_EQ(out.size(), 6 + size);
    EXPECT_EQ(Bytes(out.begin() + 6, out.end()), plain);
  }
}

TEST(Chunks, are_refused_anywhere_else_and_give_nothing_out) {
  const ChunkCipher cipher(key_of(1));
  const auto sealed = cipher.seal(3, Last::no, bytes_of("text"));
  Bytes out;
  EXPECT_EQ(cipher.open(4, Last::no, sealed, out).error().code, ErrorCode::corrupt);
  EXPECT_EQ(cipher.open(3, Last::yes, sealed, out).error().code, ErrorCode::corrupt);
  EXPECT_FALSE(ChunkCipher(key_of(2)).open(3, Last::no, sealed, out));
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    auto changed = sealed;
    changed[at] ^= 1U;
    EXPECT_FALSE(cipher.open(3, Last::no, changed, out)) << at;
  }
  EXPECT_FALSE(cipher.open(3, Last::no, ByteView(sealed).first(sealed.size() - 1), out));
  EXPECT_FALSE(cipher.open(3, Last::no, {}, out));
  EXPECT_TRUE(out.empty());
}

TEST(Chunks, never_repeat_a_nonce_when_they_are_sealed_again) {
  const ChunkCipher cipher(key_of(1));
  EXPECT_NE(cipher.seal(0, Last::no, bytes_of("one")), cipher.seal(0, Last::no, bytes_of("one")));
}

TEST(DerivedKeys, differ_by_purpose_and_by_what_they_are_for) {
  const auto key = key_of(9);
  const auto text = [](const SecureBytes& made) { return std::string(made.text()); };
  const auto one = text(derived_key(key.view(), "octets", bytes_of("a")));
  EXPECT_EQ(one.size(), chunk_key_bytes);
  EXPECT_EQ(one, text(derived_key(key.view(), "octets", bytes_of("a"))));
  EXPECT_NE(one, text(derived_key(key.view(), "octets", bytes_of("b"))));
  EXPECT_NE(one, text(derived_key(key.view(), "octetsa")));
  EXPECT_NE(one, text(derived_key(key_of(8).view(), "octets", bytes_of("a"))));
}

}  // namespace
}  // namespace jx::crypto
