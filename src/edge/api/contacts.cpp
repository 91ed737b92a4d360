// contacts.cpp - where somebody is told that there is a message (operations listContacts, askContact, confirmContact, endContact).
#include "message_views.hpp"

#include <jx/messages/deliverer.hpp>

#include <algorithm>

namespace jx::api {

namespace {

struct ContactAddress {
  std::string address;
};
BOOST_DESCRIBE_STRUCT(ContactAddress, (), (address))

struct ContactCode {
  std::string code;
};
BOOST_DESCRIBE_STRUCT(ContactCode, (), (code))

Result<messages::Channel> contact_channel(const Call& call) {
  const auto channel = wire::enum_of<messages::Channel>(call.request.param("channel"));
  if (!channel) return fail(ErrorCode::not_found, {"messages are sent by mail or sms", "通知方式为 mail 或 sms"});
  return *channel;
}

Result<ContactList> contact_list(const Call& call, db::Tx& tx) {
  JX_TRY(found, messages::contacts_of(tx, call.ctx.actor.person));
  ContactList list;
  for (const auto channel : {messages::Channel::mail, messages::Channel::sms}) {
    ContactView view{channel, call.deps.deliverer.offers(channel), std::nullopt, std::nullopt};
    if (const auto one = std::ranges::find(found, channel, &messages::Contact::channel); one != found.end()) {
      view.address = present(one->address);
      view.waiting = present(one->asked);
    }
    list.items.push_back(std::move(view));
  }
  return list;
}

Call::Answer contacts_answer(const Call& call, db::Tx& tx) {
  JX_TRY(list, contact_list(call, tx));
  return ok(list);
}

}  // namespace

Call::Answer list_contacts(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.read_own"));
    return contacts_answer(call, tx);
  });
}

Call::Answer ask_contact(Call& call) {
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.read_own"));
    JX_TRY(channel, contact_channel(call));
    JX_TRY(wanted, call.body<ContactAddress>());
    if (!call.deps.deliverer.offers(channel))
      return fail(ErrorCode::conflict, {"no such messages are sent here: read them in the inbox", "本地未开通该通知方式，请在收件箱中查看消息"});
    JX_CHECK(messages::ask_contact(tx, call.ctx, channel, wanted.address, call.today()));
    return contacts_answer(call, tx);
  });
}

Call::Answer confirm_contact(Call& call) {
  bool right = false;
  auto answer = call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.read_own"));
    JX_TRY(channel, contact_channel(call));
    JX_TRY(given, call.body<ContactCode>());
    JX_TRY(confirmed, messages::confirm_contact(tx, call.ctx, channel, given.code));
    right = confirmed;
    return contacts_answer(call, tx);
  });
  if (answer && !right) return fail(ErrorCode::invalid, {"this is not the code that was sent", "验证码不正确"}, "/code");
  return answer;
}

Call::Answer end_contact(Call& call) {
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.read_own"));
    JX_TRY(channel, contact_channel(call));
    JX_CHECK(messages::end_contact(tx, call.ctx, channel));
    return contacts_answer(call, tx);
  });
}

}  // namespace jx::api
