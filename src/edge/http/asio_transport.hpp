// asio_transport.hpp - sockets and TLS streams as transports.
#pragma once
#include <jx/http/server.hpp>

#include "transport.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <memory>

namespace jx::http {

/// A certificate with its key, ready for handshakes. Immutable; shared because connections that began under it outlive a reload.
class TlsContext;
/// TLS 1.2 and 1.3 with forward secrecy only, no renegotiation, ALPN http/1.1. Errors: invalid (unreadable file, key that does not fit).
/// With `client_ca`, clients are asked for a certificate, and what is found about it is for Transport::certificate.
[[nodiscard]] Result<std::shared_ptr<TlsContext>> make_tls_context(const TlsFiles& files, const std::filesystem::path& client_ca = {});

[[nodiscard]] std::unique_ptr<Transport> make_plain_transport(boost::asio::ip::tcp::socket socket);
[[nodiscard]] std::unique_ptr<Transport> make_tls_transport(boost::asio::ip::tcp::socket socket, std::shared_ptr<TlsContext> context);

}  // namespace jx::http
