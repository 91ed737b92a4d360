// outgoing.hpp - the kinds of rows that messages have in the outbox.
#pragma once
#include <jx/messages/contacts.hpp>

#include <string_view>

namespace jx::messages {

inline constexpr std::string_view message_mail = "message.mail.v1", message_sms = "message.sms.v1";  // subject: the message
inline constexpr std::string_view code_mail = "contact.mail.v1", code_sms = "contact.sms.v1";        // subject: the person

[[nodiscard]] constexpr std::string_view message_type(Channel channel) { return channel == Channel::mail ? message_mail : message_sms; }
[[nodiscard]] constexpr std::string_view code_type(Channel channel) { return channel == Channel::mail ? code_mail : code_sms; }

/// False where another code or address was asked for since, or this one can no longer be used.
[[nodiscard]] Result<bool> code_waits(db::Tx& tx, const PersonId& person, Channel channel, std::string_view address, std::string_view code,
                                      Instant now);

}  // namespace jx::messages
