#include "asio_transport.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <openssl/sha.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <ctime>
#include <memory>

namespace jx::http {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using boost::system::error_code;

class TlsContext {  // NOLINT(*-anonymous-*): declared in the header
 public:
  ssl::context context{ssl::context::tls_server};
};

namespace {

constexpr int chain_depth_max = 4;

/// Where the first fault of a certificate is kept, which the verification would forget when it goes on.
int fault_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

/// Lets every handshake go on, so that a certificate that is no good is refused in words, and keeps what is wrong with it.
int keep_fault(int ok, X509_STORE_CTX* verification) {
  auto* tls = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx()));
  if (ok == 1 || tls == nullptr) return 1;
  if (SSL_get_ex_data(tls, fault_index()) == nullptr) {
    const auto fault = static_cast<std::intptr_t>(X509_STORE_CTX_get_error(verification));
    SSL_set_ex_data(tls, fault_index(), reinterpret_cast<void*>(fault));  // NOLINT(*-reinterpret-cast,*-no-int-to-ptr): a number, no address
  }
  return 1;
}

ClientCertificate::Fault fault_of(const SSL* tls) {
  using Fault = ClientCertificate::Fault;
  switch (reinterpret_cast<std::intptr_t>(SSL_get_ex_data(tls, fault_index()))) {  // NOLINT(*-reinterpret-cast)
    case X509_V_OK: return SSL_get_verify_result(tls) == X509_V_OK ? Fault::none : Fault::unusable;
    case X509_V_ERR_CERT_NOT_YET_VALID: return Fault::not_yet_valid;
    case X509_V_ERR_CERT_HAS_EXPIRED: return Fault::expired;
    case X509_V_ERR_INVALID_PURPOSE: return Fault::not_for_clients;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_CERT_UNTRUSTED: return Fault::untrusted;
    default: return Fault::unusable;
  }
}

std::optional<ClientCertificate> certificate_of(SSL* tls) {
  const std::unique_ptr<X509, decltype(&X509_free)> shown(SSL_get1_peer_certificate(tls), X509_free);
  if (!shown) return std::nullopt;
  ClientCertificate out{{}, {}, fault_of(tls)};
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(shown.get()), &der);
  std::tm ends{};
  const bool read = size > 0 && SHA256(der, static_cast<std::size_t>(size), out.key_sha256.data()) != nullptr &&
                    ASN1_TIME_to_tm(X509_get0_notAfter(shown.get()), &ends) == 1;
  OPENSSL_free(der);
  if (!read) return ClientCertificate{{}, {}, ClientCertificate::Fault::unusable};
  out.not_after = Instant{static_cast<std::int64_t>(timegm(&ends)) * 1'000'000};
  return out;
}

class TlsTransport final : public Transport {
 public:
  TlsTransport(asio::ip::tcp::socket socket, std::shared_ptr<TlsContext> context)
      : context_(std::move(context)), stream_(std::move(socket), context_->context) {}

  void start(std::shared_ptr<TransportUser> user) override { user_ = std::move(user); }

  void read(std::span<char> into) override {
    if (ready_) return read_ready(into);
    stream_.async_handshake(ssl::stream_base::server, [this, into, user = user_](const error_code& error) {
      if (error || !user_) return user->on_read(0);
      ready_ = true;
      certificate_ = certificate_of(stream_.native_handle());
      read_ready(into);
    });
  }

  Sent write(std::string_view first, std::string_view second) override {
    if (!ready_) return Sent::failed;
    first_ = first;
    second_ = second;
    write_more();
    return Sent::later;
  }

  std::optional<ClientCertificate> certificate() const override { return certificate_; }

  void end() override {
    if (!ready_) return;
    stream_.async_shutdown([user = user_](const error_code&) {});  // sends close_notify; reading until the other's goes on beside it
  }
  void close() override {
    error_code ignored;
    stream_.next_layer().close(ignored);
    user_.reset();
  }

 private:
  void read_ready(std::span<char> into) {
    stream_.async_read_some(asio::buffer(into.data(), into.size()),
                            [user = user_](const error_code& error, std::size_t bytes) { user->on_read(error ? 0 : bytes); });
  }

  void write_more() {
    std::string_view& part = first_.empty() ? second_ : first_;
    stream_.async_write_some(asio::buffer(part.data(), part.size()), [this, &part, user = user_](const error_code& error, std::size_t bytes) {
      if (error) return user->on_written(false);
      part.remove_prefix(bytes);
      user->on_progress(bytes);
      if (first_.empty() && second_.empty()) return user->on_written(true);
      if (user_) write_more();
    });
  }

  std::shared_ptr<TlsContext> context_;
  ssl::stream<asio::ip::tcp::socket> stream_;
  std::shared_ptr<TransportUser> user_;
  std::string_view first_, second_;
  std::optional<ClientCertificate> certificate_;
  bool ready_ = false;
};

int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in, unsigned in_size, void*) {
  static constexpr unsigned char http11[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* chosen = nullptr;
  const int found = SSL_select_next_proto(&chosen, out_size, http11, sizeof http11, in, in_size);
  *out = chosen;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

std::unexpected<Error> unusable(const std::filesystem::path& file, const error_code& error) {
  return fail(ErrorCode::invalid, "the TLS file " + file.string() + " cannot be used: " + error.message());
}

/// Asks clients for a certificate of one of these authorities. Each connection is looked at anew: a session that is resumed would bring an old
/// verdict.
Result<> ask_for_certificates(SSL_CTX* context, const std::filesystem::path& authorities) {
  STACK_OF(X509_NAME)* names = SSL_load_client_CA_file(authorities.c_str());
  if (names == nullptr || SSL_CTX_load_verify_file(context, authorities.c_str()) != 1) {
    sk_X509_NAME_pop_free(names, X509_NAME_free);
    return fail(ErrorCode::invalid, {"the file of client authorities " + authorities.string() + " holds no certificate that can be read (PEM)",
                                     "客户端证书颁发机构文件 " + authorities.string() + " 中没有可读取的证书（PEM 格式）"});
  }
  SSL_CTX_set_client_CA_list(context, names);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, keep_fault);
  SSL_CTX_set_verify_depth(context, chain_depth_max);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(context, 0);
  return {};
}

}  // namespace

Result<std::shared_ptr<TlsContext>> make_tls_context(const TlsFiles& files, const std::filesystem::path& client_ca) {
  auto made = std::make_shared<TlsContext>();
  SSL_CTX* native = made->context.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20");
  SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
  error_code error;
  made->context.use_certificate_chain_file(files.certificate.string(), error);
  if (error) return unusable(files.certificate, error);
  made->context.use_private_key_file(files.key.string(), ssl::context::pem, error);
  if (error) return unusable(files.key, error);
  if (SSL_CTX_check_private_key(native) != 1) return fail(ErrorCode::invalid, "the TLS key " + files.key.string() + " does not fit its certificate");
  if (!client_ca.empty()) JX_CHECK(ask_for_certificates(native, client_ca));
  return made;
}

std::unique_ptr<Transport> make_tls_transport(asio::ip::tcp::socket socket, std::shared_ptr<TlsContext> context) {
  return std::make_unique<TlsTransport>(std::move(socket), std::move(context));
}

}  // namespace jx::http
