// contacts.hpp - where somebody wants to be told that there is a message: a mail address, a telephone. Used only after she has given back a code that
// was sent there.
#pragma once
#include <jx/messages.hpp>

namespace jx::messages {

enum class Channel { mail, sms };
BOOST_DESCRIBE_ENUM(Channel, mail, sms)

inline constexpr int codes_a_day_max = 5;
inline constexpr int code_tries_max = 5;
inline constexpr std::int64_t code_minutes = 15;

struct Contact {
  Channel channel = Channel::mail;
  std::string address;  // that gets messages; empty: none
  std::string asked;    // that waits for its code; empty: none
};
[[nodiscard]] Result<std::vector<Contact>> contacts_of(db::Tx& tx, const PersonId& person);

/// Sends a code to an address of the actor's. What was confirmed before stays in use until the new one is. Errors: invalid (/address); limited (codes
/// of one day).
[[nodiscard]] Result<> ask_contact(db::Tx& tx, const Context& ctx, Channel channel, std::string_view address, LocalDate today);
/// Takes the code back. A wrong one is counted and answered false, so that the act is kept. Errors: not_found (none is waited for); limited (too many
/// wrong ones, or too late: ask anew).
[[nodiscard]] Result<bool> confirm_contact(db::Tx& tx, const Context& ctx, Channel channel, std::string_view code);
/// No more messages there. Errors: not_found.
[[nodiscard]] Result<> end_contact(db::Tx& tx, const Context& ctx, Channel channel);

/// Puts out, for each confirmed address of a person, that she has this message.
[[nodiscard]] Result<> announce(db::Tx& tx, const Context& ctx, const PersonId& person, MessageId message);

}  // namespace jx::messages
