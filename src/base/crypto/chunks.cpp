#include <jx/crypto/chunks.hpp>

#include <jx/crypto/hash.hpp>

#include "openssl.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace jx::crypto {
namespace {

constexpr std::size_t random_part = 7;
constexpr std::size_t tag_bytes = 16;
using Nonce = std::array<std::uint8_t, 12>;

const EVP_CIPHER* aes_gcm() {
  static const CipherAlgorithm algorithm(check(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr)));
  return algorithm.get();
}

void put_place(Nonce& nonce, std::uint32_t number, Last last) {
  for (std::size_t i = 0; i < 4; ++i) nonce[random_part + i] = static_cast<std::uint8_t>(number >> (24U - 8U * i));
  nonce[random_part + 4] = static_cast<std::uint8_t>(last);
}

}  // namespace

SecureBytes derived_key(ByteView key, std::string_view purpose, ByteView about) {
  Bytes text(bytes_of(purpose).begin(), bytes_of(purpose).end());
  text.push_back(0);
  text.insert(text.end(), about.begin(), about.end());
  auto digest = hmac_sha256(key, text);
  SecureBytes made{ByteView(digest)};
  OPENSSL_cleanse(digest.data(), digest.size());
  return made;
}

ChunkCipher::ChunkCipher(SecureBytes key) : key_(std::move(key)) {
  if (key_.size() != chunk_key_bytes) std::abort();
}

Bytes ChunkCipher::seal(std::uint32_t number, Last last, ByteView plain) const {
  if (plain.size() > chunk_plain_bytes_max) std::abort();
  Nonce nonce{};
  fill_random(std::span(nonce).first(random_part));
  put_place(nonce, number, last);
  Bytes sealed(plain.size() + chunk_overhead_bytes);
  std::copy_n(nonce.begin(), random_part, sealed.begin());
  const CipherContext cipher(check(EVP_CIPHER_CTX_new()));
  check(EVP_EncryptInit_ex2(cipher.get(), aes_gcm(), key_.view().data(), nonce.data(), nullptr));
  int size = 0;
  auto* out = sealed.data() + random_part;
  if (!plain.empty()) check(EVP_EncryptUpdate(cipher.get(), out, &size, plain.data(), static_cast<int>(plain.size())));
  check(EVP_EncryptFinal_ex(cipher.get(), out + plain.size(), &size));
  check(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, tag_bytes, out + plain.size()));
  return sealed;
}

Result<> ChunkCipher::open(std::uint32_t number, Last last, ByteView sealed, Bytes& out) const {
  const auto refused = [] {
    return fail(ErrorCode::corrupt, {"a stored chunk was changed, or belongs to another place", "已保存的数据块被改动，或不属于此处"});
  };
  if (sealed.size() < chunk_overhead_bytes || sealed.size() > chunk_plain_bytes_max + chunk_overhead_bytes) return refused();
  Nonce nonce{};
  std::copy_n(sealed.begin(), random_part, nonce.begin());
  put_place(nonce, number, last);
  const auto text = sealed.subspan(random_part, sealed.size() - chunk_overhead_bytes);
  std::array<std::uint8_t, tag_bytes> tag{};
  std::ranges::copy(sealed.last(tag_bytes), tag.begin());
  const auto before = out.size();
  out.resize(before + text.size());
  const CipherContext cipher(check(EVP_CIPHER_CTX_new()));
  check(EVP_DecryptInit_ex2(cipher.get(), aes_gcm(), key_.view().data(), nonce.data(), nullptr));
  int size = 0;
  if (!text.empty()) check(EVP_DecryptUpdate(cipher.get(), out.data() + before, &size, text.data(), static_cast<int>(text.size())));
  check(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, tag_bytes, tag.data()));
  std::array<std::uint8_t, tag_bytes> rest{};
  if (EVP_DecryptFinal_ex(cipher.get(), rest.data(), &size) == 1) return {};
  ERR_clear_error();
  out.resize(before);  // nothing that was not authenticated is given out
  return refused();
}

}  // namespace jx::crypto
