// notify.hpp - ways out for messages::Deliverer: mail by SMTP, text messages by the HTTP gateway of a provider.
#pragma once
#include <jx/core.hpp>
#include <jx/messages/deliverer.hpp>
#include <jx/wire.hpp>

#include <boost/json/value.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace jx::notify {

enum class Security { starttls, tls, none };
BOOST_DESCRIBE_ENUM(Security, starttls, tls, none)

struct MailConfig {
  std::string server;
  int port = 587;
  Security security = Security::starttls;  // none: to this machine only
  std::string from;
  std::optional<std::string> user;
  std::optional<std::string> password_file;
  std::optional<std::string> authorities;  // PEM, against which the server's certificate is verified; absent: the system's
};
BOOST_DESCRIBE_STRUCT(MailConfig, (), (server, port, security, from, user, password_file, authorities))

struct SmsConfig {
  std::string url;                                 // https://..., or http:// to this machine
  std::map<std::string, boost::json::value> body;  // JSON; in its texts {to}, {text} and {id} are filled in
  std::optional<std::string> token_file;           // sent as `Authorization: Bearer`
};
BOOST_DESCRIBE_STRUCT(SmsConfig, (), (url, body, token_file))

/// Errors: invalid (Error::field points into the configuration).
[[nodiscard]] Result<> check(const MailConfig& config);
[[nodiscard]] Result<> check(const SmsConfig& config);

/// An attempt takes at most 30 seconds. Without the security that is configured nothing is sent. The Message-ID is that of the letter.
[[nodiscard]] std::unique_ptr<messages::Sender> mail_sender(MailConfig config);
/// 2xx: it is taken. 400, 404 and 422: this number takes nothing. All else is tried again. Redirects are not followed.
[[nodiscard]] std::unique_ptr<messages::Sender> sms_sender(SmsConfig config);

/// The mail as it goes over the wire: RFC 5322 with a body in base64. `from` and `to` are addresses, checked before.
[[nodiscard]] std::string mail_text(const MailConfig& config, const messages::Letter& letter, Instant at);

}  // namespace jx::notify
