#include "asio_transport.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

namespace jx::http {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using boost::system::error_code;

class TlsContext {  // NOLINT(*-anonymous-*): declared in the header
 public:
  ssl::context context{ssl::context::tls_server};
};

namespace {

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

}  // namespace

Result<std::shared_ptr<TlsContext>> make_tls_context(const TlsFiles& files) {
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
  return made;
}

std::unique_ptr<Transport> make_tls_transport(asio::ip::tcp::socket socket, std::shared_ptr<TlsContext> context) {
  return std::make_unique<TlsTransport>(std::move(socket), std::move(context));
}

}  // namespace jx::http
