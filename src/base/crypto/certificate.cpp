#include <jx/crypto/certificate.hpp>

#include "openssl.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace jx::crypto {
namespace {

constexpr std::size_t pem_bytes_max = 64 * 1024;

using Certificate = std::unique_ptr<X509, Freer<X509_free>>;

}  // namespace

Result<Digest> certificate_key_sha256(std::string_view pem) {
  const auto refused = [] {
    ERR_clear_error();
    return fail(ErrorCode::invalid, {"this is not a certificate in PEM form", "这不是 PEM 格式的证书"});
  };
  if (pem.size() > pem_bytes_max) return refused();
  const Bio bio(check(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))));
  const Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  if (!certificate) return refused();
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate.get()), &der);
  if (size <= 0) return refused();
  const auto digest = sha256(ByteView(der, static_cast<std::size_t>(size)));
  OPENSSL_free(der);
  return digest;
}

}  // namespace jx::crypto
