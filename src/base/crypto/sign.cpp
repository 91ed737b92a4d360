#include <jx/crypto/sign.hpp>

#include "openssl.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <algorithm>

namespace jx::crypto {
namespace {

using BigNumber = std::unique_ptr<BIGNUM, Freer<BN_clear_free>>;
using Group = std::unique_ptr<EC_GROUP, Freer<EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, Freer<EC_POINT_free>>;
using Ecdsa = std::unique_ptr<ECDSA_SIG, Freer<ECDSA_SIG_free>>;
using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, Freer<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Freer<OSSL_PARAM_free>>;

KeyHandle own(EVP_PKEY* key) { return {key, EVP_PKEY_free}; }

// What OpenSSL complains about a refused input says nothing to us and would turn up in a later report.
std::unexpected<Error> refused(Words words) {
  ERR_clear_error();
  return fail(ErrorCode::invalid, std::move(words));
}

template <class Write>
SecureBytes written(Write&& write) {
  const Bio bio(check(BIO_new(BIO_s_secmem())));
  check(write(bio.get()));
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &data);
  return SecureBytes(bytes_of({data, static_cast<std::size_t>(size)}));
}

std::string public_pem(const KeyHandle& key) {
  return std::string(written([&](BIO* bio) { return PEM_write_bio_PUBKEY(bio, key.get()); }).text());
}

SecureBytes private_pem(const KeyHandle& key) {
  return written([&](BIO* bio) { return PEM_write_bio_PKCS8PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

Bio reader(std::string_view pem) { return Bio(check(BIO_new_mem_buf(pem.data(), static_cast<int>(std::min(pem.size(), secret_file_bytes_max))))); }

// A callback that gives no passphrase, so that an encrypted file never asks at the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

Result<KeyHandle> read_private(std::string_view pem, const char* algorithm) {
  const auto bio = reader(pem);
  auto key = own(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  if (!key || EVP_PKEY_is_a(key.get(), algorithm) != 1) {
    return refused({"this is not an unencrypted PEM private key of type " + std::string(algorithm),
                    "这不是未加密的 " + std::string(algorithm) + " 私钥（PEM）"});
  }
  return key;
}

Result<KeyHandle> read_public(std::string_view pem, const char* algorithm) {
  const auto bio = reader(pem);
  auto key = own(PEM_read_bio_PUBKEY(bio.get(), nullptr, no_passphrase, nullptr));
  if (!key || EVP_PKEY_is_a(key.get(), algorithm) != 1) {
    return refused({"this is not a PEM public key of type " + std::string(algorithm), "这不是 " + std::string(algorithm) + " 公钥（PEM）"});
  }
  return key;
}

template <std::size_t size>
std::array<std::uint8_t, size> ed25519_raw(const KeyHandle& key) {
  std::array<std::uint8_t, size> raw{};
  std::size_t count = size;
  check(EVP_PKEY_get_raw_public_key(key.get(), raw.data(), &count));
  return raw;
}

// ---- SM2: the group, and keys from numbers ----------------------------------------------------------------------------------------

const EC_GROUP* sm2_group() {
  static const Group group(check(EC_GROUP_new_by_curve_name(NID_sm2)));
  return group.get();
}

Result<KeyHandle> sm2_from_params(OSSL_PARAM_BLD* builder, int selection) {
  const Params params(check(OSSL_PARAM_BLD_to_param(builder)));
  const KeyContext context(check(EVP_PKEY_CTX_new_from_name(nullptr, "SM2", nullptr)));
  check(EVP_PKEY_fromdata_init(context.get()));
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata(context.get(), &key, selection, params.get()) != 1)
    return refused({"this is not a key of the SM2 curve", "这不是 SM2 曲线上的密钥"});
  return own(key);
}

std::array<std::uint8_t, Sm2PublicKey::raw_bytes> sm2_raw(const KeyHandle& key) {
  std::array<std::uint8_t, Sm2PublicKey::raw_bytes> raw{};
  std::size_t count = 0;
  check(EVP_PKEY_get_octet_string_param(key.get(), OSSL_PKEY_PARAM_PUB_KEY, raw.data(), raw.size(), &count));
  if (count != raw.size() || raw[0] != 0x04) openssl_failed();
  return raw;
}

// Sets the user id before the first octet: SM3(ENTL || id || a || b || G || P) begins what is hashed (GB/T 32918.1 clause 5.5).
struct Sm2Hashing {
  DigestContext digest{check(EVP_MD_CTX_new())};
  KeyContext key;

  Sm2Hashing(const KeyHandle& handle, std::string_view user_id) : key(check(EVP_PKEY_CTX_new_from_pkey(nullptr, handle.get(), nullptr))) {
    check(EVP_PKEY_CTX_set1_id(key.get(), user_id.data(), static_cast<int>(user_id.size())));
    EVP_MD_CTX_set_pkey_ctx(digest.get(), key.get());
  }
};

Bytes der_of(const Signature& signature) {
  const Ecdsa pair(check(ECDSA_SIG_new()));
  check(ECDSA_SIG_set0(pair.get(), check(BN_bin2bn(signature.data(), 32, nullptr)), check(BN_bin2bn(signature.data() + 32, 32, nullptr))));
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  if (size <= 0) openssl_failed();
  Bytes octets(der, der + size);
  OPENSSL_free(der);
  return octets;
}

}  // namespace

// ---- Ed25519 ------------------------------------------------------------------------------------------------------------------------

Ed25519PublicKey::Ed25519PublicKey(KeyHandle handle) : handle_(std::move(handle)), raw_(ed25519_raw<raw_bytes>(handle_)) {}

Result<Ed25519PublicKey> Ed25519PublicKey::from_raw(ByteView raw) {
  auto key = raw.size() == raw_bytes ? own(EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, raw.data(), raw.size())) : nullptr;
  if (!key) return refused({"an Ed25519 public key has 32 octets", "Ed25519 公钥应为 32 字节"});
  return Ed25519PublicKey(std::move(key));
}

Result<Ed25519PublicKey> Ed25519PublicKey::from_pem(std::string_view pem) {
  JX_TRY(key, read_public(pem, "ED25519"));
  return Ed25519PublicKey(std::move(key));
}

std::string Ed25519PublicKey::pem() const { return public_pem(handle_); }

bool Ed25519PublicKey::verify(ByteView message, ByteView signature) const {
  if (signature.size() != Signature{}.size()) return false;
  const DigestContext context(check(EVP_MD_CTX_new()));
  check(EVP_DigestVerifyInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, handle_.get(), nullptr));
  const bool right = EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
  if (!right) ERR_clear_error();
  return right;
}

Ed25519Key Ed25519Key::generate() { return Ed25519Key(own(check(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")))); }

Result<Ed25519Key> Ed25519Key::from_seed(ByteView seed) {
  auto key = seed.size() == seed_bytes ? own(EVP_PKEY_new_raw_private_key_ex(nullptr, "ED25519", nullptr, seed.data(), seed.size())) : nullptr;
  if (!key) return refused({"an Ed25519 secret has 32 octets", "Ed25519 私钥种子应为 32 字节"});
  return Ed25519Key(std::move(key));
}

Result<Ed25519Key> Ed25519Key::from_pem(std::string_view pem) {
  JX_TRY(key, read_private(pem, "ED25519"));
  return Ed25519Key(std::move(key));
}

SecureBytes Ed25519Key::pem() const { return private_pem(handle_); }

Ed25519PublicKey Ed25519Key::public_key() const { return *Ed25519PublicKey::from_raw(ed25519_raw<Ed25519PublicKey::raw_bytes>(handle_)); }

Signature Ed25519Key::sign(ByteView message) const {
  const DigestContext context(check(EVP_MD_CTX_new()));
  check(EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, handle_.get(), nullptr));
  Signature signature;
  std::size_t size = signature.size();
  check(EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()));
  return signature;
}

// ---- SM2 ----------------------------------------------------------------------------------------------------------------------------

Sm2PublicKey::Sm2PublicKey(KeyHandle handle) : handle_(std::move(handle)), raw_(sm2_raw(handle_)) {}

Result<Sm2PublicKey> Sm2PublicKey::from_raw(ByteView raw) {
  if (raw.size() != raw_bytes || raw[0] != 0x04)
    return refused({"an SM2 public key has 65 octets, the first of them 04", "SM2 公钥应为 65 字节，首字节为 04"});
  const ParamBuilder builder(check(OSSL_PARAM_BLD_new()));
  check(OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "SM2", 0));
  check(OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, raw.data(), raw.size()));
  JX_TRY(key, sm2_from_params(builder.get(), EVP_PKEY_PUBLIC_KEY));
  return Sm2PublicKey(std::move(key));
}

Result<Sm2PublicKey> Sm2PublicKey::from_pem(std::string_view pem) {
  JX_TRY(key, read_public(pem, "SM2"));
  return Sm2PublicKey(std::move(key));
}

std::string Sm2PublicKey::pem() const { return public_pem(handle_); }

bool Sm2PublicKey::verify(ByteView message, ByteView signature, std::string_view user_id) const {
  Signature pair;
  if (signature.size() != pair.size()) return false;
  std::copy(signature.begin(), signature.end(), pair.begin());
  const auto der = der_of(pair);
  const Sm2Hashing hashing(handle_, user_id);
  check(EVP_DigestVerifyInit_ex(hashing.digest.get(), nullptr, "SM3", nullptr, nullptr, handle_.get(), nullptr));
  const bool right = EVP_DigestVerify(hashing.digest.get(), der.data(), der.size(), message.data(), message.size()) == 1;
  if (!right) ERR_clear_error();
  return right;
}

Sm2Key Sm2Key::generate() { return Sm2Key(own(check(EVP_PKEY_Q_keygen(nullptr, nullptr, "SM2")))); }

Result<Sm2Key> Sm2Key::from_scalar(ByteView d) {
  const std::string_view rule = "an SM2 secret is 32 octets, from 1 to n-2";
  if (d.size() != 32) return refused({std::string(rule), "SM2 私钥应为 32 字节，取值 1 至 n-2"});
  const BigNumber number(check(BN_bin2bn(d.data(), 32, nullptr)));
  const BigNumber limit(check(BN_dup(EC_GROUP_get0_order(sm2_group()))));
  check(BN_sub_word(limit.get(), 1));
  if (BN_is_zero(number.get()) != 0 || BN_cmp(number.get(), limit.get()) >= 0)
    return refused({std::string(rule), "SM2 私钥应为 32 字节，取值 1 至 n-2"});

  const Point point(check(EC_POINT_new(sm2_group())));
  check(EC_POINT_mul(sm2_group(), point.get(), number.get(), nullptr, nullptr, nullptr));
  std::array<std::uint8_t, Sm2PublicKey::raw_bytes> raw{};
  if (EC_POINT_point2oct(sm2_group(), point.get(), POINT_CONVERSION_UNCOMPRESSED, raw.data(), raw.size(), nullptr) != raw.size()) openssl_failed();

  const ParamBuilder builder(check(OSSL_PARAM_BLD_new()));
  check(OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "SM2", 0));
  check(OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, raw.data(), raw.size()));
  check(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, number.get()));
  JX_TRY(key, sm2_from_params(builder.get(), EVP_PKEY_KEYPAIR));
  return Sm2Key(std::move(key));
}

Result<Sm2Key> Sm2Key::from_pem(std::string_view pem) {
  JX_TRY(key, read_private(pem, "SM2"));
  return Sm2Key(std::move(key));
}

SecureBytes Sm2Key::pem() const { return private_pem(handle_); }

Sm2PublicKey Sm2Key::public_key() const { return *Sm2PublicKey::from_raw(sm2_raw(handle_)); }

Signature Sm2Key::sign(ByteView message, std::string_view user_id) const {
  const Sm2Hashing hashing(handle_, user_id);
  check(EVP_DigestSignInit_ex(hashing.digest.get(), nullptr, "SM3", nullptr, nullptr, handle_.get(), nullptr));
  Bytes der(static_cast<std::size_t>(EVP_PKEY_get_size(handle_.get())));
  std::size_t size = der.size();
  check(EVP_DigestSign(hashing.digest.get(), der.data(), &size, message.data(), message.size()));
  auto signature = sm2_signature_from_der({der.data(), size});
  if (!signature) openssl_failed();
  return *signature;
}

Bytes sm2_signature_to_der(const Signature& signature) { return der_of(signature); }

Result<Signature> sm2_signature_from_der(ByteView der) {
  const std::uint8_t* at = der.data();
  const Ecdsa pair(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  Signature signature{};
  if (pair && BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), signature.data(), 32) == 32 &&
      BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), signature.data() + 32, 32) == 32 && std::ranges::equal(der_of(signature), der)) {
    return signature;
  }
  return refused({"this is not an SM2 signature in DER: SEQUENCE { INTEGER r, INTEGER s }", "这不是 DER 编码的 SM2 签名"});
}

}  // namespace jx::crypto
