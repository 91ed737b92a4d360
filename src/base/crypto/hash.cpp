// SHA-256 goes to OpenSSL's low-level functions, deprecated since 3.0 but kept: for inputs of a few blocks an EVP call costs more than the
// hash itself (bench/merkle.cpp). They choose SHA-NI or AVX2 by themselves.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <jx/crypto/hash.hpp>

#include "openssl.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace jx::crypto {
namespace {

static_assert(sizeof(SHA256_CTX) == 112 && alignof(SHA256_CTX) <= 8, "Sha256::state_ holds an OpenSSL SHA256_CTX");

SHA256_CTX* context(std::array<std::uint8_t, 112>& state) { return reinterpret_cast<SHA256_CTX*>(state.data()); }  // NOLINT(*-reinterpret-cast)

Digest read_state(const SHA256_CTX& sha) {
  Digest digest;
  for (std::size_t i = 0; i < 8; ++i) {
    const std::uint32_t word = std::endian::native == std::endian::little ? __builtin_bswap32(sha.h[i]) : sha.h[i];
    std::memcpy(digest.data() + 4 * i, &word, 4);
  }
  return digest;
}

// `blocks` whole blocks with the padding already in them: one call to the block function, no copy into the context and no Final.
Digest sha256_padded(const std::uint8_t* data, std::size_t blocks) {
  SHA256_CTX sha;
  SHA256_Init(&sha);
  SHA256_Update(&sha, data, blocks * SHA256_CBLOCK);
  return read_state(sha);
}

constexpr std::size_t small_bytes_max = 8 * SHA256_CBLOCK;
constexpr std::size_t padding_bytes_min = 9;  // 0x80 and the length in bits

// FIPS 180-4 clause 5.1.1, in place: `buffer` holds `size` octets and room up to the next block boundary. Returns the number of blocks.
std::size_t pad(std::uint8_t* buffer, std::size_t size) {
  const std::size_t blocks = (size + padding_bytes_min + SHA256_CBLOCK - 1) / SHA256_CBLOCK;
  const std::size_t total = blocks * SHA256_CBLOCK;
  buffer[size] = 0x80;
  std::memset(buffer + size + 1, 0, total - size - 1);
  const std::uint64_t bits = std::uint64_t{size} * 8;
  for (std::size_t i = 0; i < 8; ++i) buffer[total - 1 - i] = static_cast<std::uint8_t>(bits >> (8 * i));
  return blocks;
}

Digest hmac(const char* hash, ByteView key, ByteView data) {
  static const MacAlgorithm algorithm(check(EVP_MAC_fetch(nullptr, "HMAC", nullptr)));
  const MacContext mac(check(EVP_MAC_CTX_new(algorithm.get())));
  std::array<char, 16> name{};
  std::strncpy(name.data(), hash, name.size() - 1);
  const std::array<OSSL_PARAM, 2> params{OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0), OSSL_PARAM_construct_end()};
  static constexpr std::uint8_t none = 0;  // an empty key must not look like "the key of before"
  check(EVP_MAC_init(mac.get(), key.empty() ? &none : key.data(), key.size(), params.data()));
  check(EVP_MAC_update(mac.get(), data.data(), data.size()));
  Digest digest;
  std::size_t size = 0;
  check(EVP_MAC_final(mac.get(), digest.data(), &size, digest.size()));
  return digest;
}

const EVP_MD* sm3_algorithm() {
  static const DigestAlgorithm algorithm(check(EVP_MD_fetch(nullptr, "SM3", nullptr)));
  return algorithm.get();
}

}  // namespace

Digest sha256(ByteView data) { return sha256(data, {}); }

Digest sha256(ByteView first, ByteView second) {
  const std::size_t size = first.size() + second.size();
  if (size + padding_bytes_min <= small_bytes_max) {
    std::array<std::uint8_t, small_bytes_max> buffer;
    std::copy(first.begin(), first.end(), buffer.begin());
    std::copy(second.begin(), second.end(), buffer.begin() + static_cast<std::ptrdiff_t>(first.size()));
    return sha256_padded(buffer.data(), pad(buffer.data(), size));
  }
  return Sha256().update(first).update(second).finish();
}

Digest sha256_leaf(ByteView leaf) {
  static constexpr std::uint8_t prefix = 0;
  return sha256(ByteView(&prefix, 1), leaf);
}

Digest sha256_node(const Digest& left, const Digest& right) {
  std::array<std::uint8_t, 2 * SHA256_CBLOCK> buffer;
  buffer[0] = 1;
  std::copy(left.begin(), left.end(), buffer.begin() + 1);
  std::copy(right.begin(), right.end(), buffer.begin() + 33);
  return sha256_padded(buffer.data(), pad(buffer.data(), 65));
}

Sha256::Sha256() { SHA256_Init(context(state_)); }

Sha256& Sha256::update(ByteView data) {
  SHA256_Update(context(state_), data.data(), data.size());
  return *this;
}

Digest Sha256::finish() {
  Digest digest;
  SHA256_Final(digest.data(), context(state_));
  SHA256_Init(context(state_));
  return digest;
}

Digest sm3(ByteView data) {
  Digest digest;
  check(EVP_Digest(data.data(), data.size(), digest.data(), nullptr, sm3_algorithm(), nullptr));
  return digest;
}

struct Sm3::State {
  DigestContext context{check(EVP_MD_CTX_new())};
};

Sm3::Sm3() : state_(std::make_unique<State>()) { check(EVP_DigestInit_ex2(state_->context.get(), sm3_algorithm(), nullptr)); }
Sm3::~Sm3() = default;
Sm3::Sm3(Sm3&&) noexcept = default;
Sm3& Sm3::operator=(Sm3&&) noexcept = default;

Sm3& Sm3::update(ByteView data) {
  check(EVP_DigestUpdate(state_->context.get(), data.data(), data.size()));
  return *this;
}

Digest Sm3::finish() {
  Digest digest;
  check(EVP_DigestFinal_ex(state_->context.get(), digest.data(), nullptr));
  check(EVP_DigestInit_ex2(state_->context.get(), sm3_algorithm(), nullptr));
  return digest;
}

Digest hmac_sha256(ByteView key, ByteView data) { return hmac("SHA2-256", key, data); }
Digest hmac_sm3(ByteView key, ByteView data) { return hmac("SM3", key, data); }

bool equal(ByteView a, ByteView b) { return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0; }

Bytes random_bytes(std::size_t count) {
  Bytes octets(count);
  fill_random(octets);
  return octets;
}

}  // namespace jx::crypto
