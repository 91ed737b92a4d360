// message_views.hpp - the inbox, and where somebody is told of it.
#pragma once
#include "views.hpp"

#include <jx/messages/contacts.hpp>

namespace jx::api {

// messages
Call::Answer list_messages(Call& call);
Call::Answer read_message(Call& call);
Call::Answer read_all_messages(Call& call);

// contacts
Call::Answer list_contacts(Call& call);
Call::Answer ask_contact(Call& call);
Call::Answer confirm_contact(Call& call);
Call::Answer end_contact(Call& call);

struct MessageView {
  messages::MessageId id;
  Instant at;
  messages::Kind kind = messages::Kind::received;
  LocalizedText title, body;
  std::optional<LocalizedText> to;  // whose it is, where it is not the caller's own
  std::optional<CaseId> case_;
  bool read = false;
};
BOOST_DESCRIBE_STRUCT(MessageView, (), (id, at, kind, title, body, to, case_, read))

struct MessagePage {
  std::vector<MessageView> items;
  std::int64_t unread = 0;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(MessagePage, (), (items, unread, next))

struct MessageCount {
  std::int64_t unread = 0;
};
BOOST_DESCRIBE_STRUCT(MessageCount, (), (unread))

struct ContactView {
  messages::Channel channel = messages::Channel::mail;
  bool offered = false;  // the county sends such messages
  std::optional<std::string> address, waiting;
};
BOOST_DESCRIBE_STRUCT(ContactView, (), (channel, offered, address, waiting))

struct ContactList {
  std::vector<ContactView> items;
};
BOOST_DESCRIBE_STRUCT(ContactList, (), (items))

}  // namespace jx::api
