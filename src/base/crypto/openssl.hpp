// openssl.hpp - owners for OpenSSL's objects, and what happens when it fails where it cannot (private).
#pragma once
#include <jx/core/bytes.hpp>

#include <openssl/bio.h>
#include <openssl/evp.h>

#include <cstddef>
#include <memory>
#include <span>

namespace jx::crypto {

template <auto free>
struct Freer {
  template <class T>
  void operator()(T* object) const {
    free(object);
  }
};

using DigestAlgorithm = std::unique_ptr<EVP_MD, Freer<EVP_MD_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freer<EVP_MD_CTX_free>>;
using MacAlgorithm = std::unique_ptr<EVP_MAC, Freer<EVP_MAC_free>>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, Freer<EVP_MAC_CTX_free>>;
using CipherAlgorithm = std::unique_ptr<EVP_CIPHER, Freer<EVP_CIPHER_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Freer<EVP_CIPHER_CTX_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freer<EVP_PKEY_CTX_free>>;
using Bio = std::unique_ptr<BIO, Freer<BIO_free_all>>;

/// Ends the program with OpenSSL's reason: out of memory, or a build without an algorithm that is needed.
[[noreturn]] void openssl_failed();

/// For calls that no input can make fail.
inline void check(int done) {
  if (done != 1) openssl_failed();
}
template <class T>
[[nodiscard]] T* check(T* object) {
  if (object == nullptr) openssl_failed();
  return object;
}

void fill_random(std::span<std::uint8_t> out);

}  // namespace jx::crypto
