// tls_client.hpp - certificates made while a test runs, and a TLS client that may show one; for tests alone.
#pragma once
#include <jx/http/server.hpp>

#include "socket_client.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace jx::http::testing {

using KeyPair = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

/// A certificate with its key.
struct Identity {
  KeyPair key{EVP_EC_gen("P-256"), EVP_PKEY_free};
  Certificate certificate{X509_new(), X509_free};
};

struct Wanted {
  const char* common_name = "test";
  const Identity* issuer = nullptr;  // itself
  long from_s = 0, until_s = 3600;   // from now
  const char* extended_usage = nullptr;
  bool authority = false;
};

inline Identity make_identity(const Wanted& wanted) {
  Identity made;
  X509* certificate = made.certificate.get();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), wanted.from_s);
  X509_gmtime_adj(X509_getm_notAfter(certificate), wanted.until_s);
  X509_set_pubkey(certificate, made.key.get());
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(wanted.common_name), -1,
                             -1,  // NOLINT(*-reinterpret-cast)
                             0);
  const Identity& issuer = wanted.issuer == nullptr ? made : *wanted.issuer;
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer.certificate.get()));
  const auto extend = [&](int nid, const char* value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  };
  if (wanted.authority) extend(NID_basic_constraints, "critical,CA:TRUE");
  if (wanted.extended_usage != nullptr) extend(NID_ext_key_usage, wanted.extended_usage);
  X509_sign(certificate, issuer.key.get(), EVP_sha256());
  return made;
}

inline void write_identity(const Identity& identity, const std::filesystem::path& certificate, const std::filesystem::path& key) {
  const std::unique_ptr<FILE, decltype(&std::fclose)> certificate_file(std::fopen(certificate.c_str(), "w"), std::fclose);
  PEM_write_X509(certificate_file.get(), identity.certificate.get());
  if (key.empty()) return;
  const std::unique_ptr<FILE, decltype(&std::fclose)> key_file(std::fopen(key.c_str(), "w"), std::fclose);
  PEM_write_PrivateKey(key_file.get(), identity.key.get(), nullptr, nullptr, 0, nullptr, nullptr);
}

/// Writes a new key with a self-signed certificate for `common_name`.
inline void write_certificate(const TlsFiles& files, const char* common_name) {
  write_identity(make_identity({.common_name = common_name}), files.certificate, files.key);
}

class TlsClient {
 public:
  explicit TlsClient(std::uint16_t port, int version_max = TLS1_3_VERSION, std::string_view protocol = "http/1.1", const Identity* shown = nullptr)
      : socket_(port) {
    SSL_CTX_set_max_proto_version(context_.get(), version_max);
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
    SSL_CTX_set_security_level(context_.get(), 0);
    if (shown != nullptr) {
      SSL_CTX_use_certificate(context_.get(), shown->certificate.get());
      SSL_CTX_use_PrivateKey(context_.get(), shown->key.get());
    }
    ssl_.reset(SSL_new(context_.get()));
    const std::string wire = static_cast<char>(protocol.size()) + std::string(protocol);
    SSL_set_alpn_protos(ssl_.get(), bytes_of(wire).data(), static_cast<unsigned>(wire.size()));
    SSL_set_fd(ssl_.get(), socket_.native());
    ok_ = SSL_connect(ssl_.get()) == 1;
  }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::string version() const { return SSL_get_version(ssl_.get()); }
  [[nodiscard]] std::string common_name() const {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(ssl_.get()), X509_free);
    std::array<char, 100> text{};
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, text.data(), text.size());
    return text.data();
  }
  bool send(std::string_view text) { return SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())) == static_cast<int>(text.size()); }
  /// Reads until `size` octets of body after a head are there, or the end.
  std::string reply(std::size_t size) {
    std::string in;
    std::array<char, 16384> some{};
    while (in.find("\r\n\r\n") == std::string::npos || in.size() < in.find("\r\n\r\n") + 4 + size) {
      const int n = SSL_read(ssl_.get(), some.data(), some.size());
      if (n <= 0) break;
      in.append(some.data(), static_cast<std::size_t>(n));
    }
    return in;
  }
  /// True if the other side has said that it closes, and not just cut.
  bool closed_cleanly() {
    char c = 0;
    return SSL_read(ssl_.get(), &c, 1) <= 0 && (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
  }
  SocketClient& socket() { return socket_; }

 private:
  SocketClient socket_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{SSL_CTX_new(TLS_client_method()), SSL_CTX_free};
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, SSL_free};
  bool ok_ = false;
};

}  // namespace jx::http::testing
