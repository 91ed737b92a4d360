#include "openssl.hpp"

#include <openssl/err.h>
#include <openssl/rand.h>

#include <climits>
#include <cstdio>
#include <cstdlib>

namespace jx::crypto {

void openssl_failed() {
  std::fputs("OpenSSL failed where it may not:\n", stderr);
  ERR_print_errors_fp(stderr);
  std::abort();
}

void fill_random(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const std::size_t count = std::min<std::size_t>(out.size(), INT_MAX);
    check(RAND_bytes(out.data(), static_cast<int>(count)));
    out = out.subspan(count);
  }
}

}  // namespace jx::crypto
