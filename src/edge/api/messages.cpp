// messages.cpp - the inbox of whoever is signed in (operations listMessages, readMessage, readAllMessages).
#include "message_views.hpp"

namespace jx::api {

namespace {

/// Staff read theirs as residents, out of their posts.
Result<std::vector<messages::Box>> boxes_of_caller(const Call& call, db::Tx& tx) {
  JX_CHECK(call.require(tx, "cases.read_own"));
  return messages::boxes_of(tx, call.ctx.actor.person, call.today());
}

Result<LocalizedText> message_subject(db::Tx& tx, const messages::Message& message) {
  if (message.facts.what) return *message.facts.what;
  if (message.item.empty()) return LocalizedText();
  JX_TRY(item, services::item(tx, message.item));
  return item.name;
}

Result<MessageView> message_view(const Call& call, db::Tx& tx, const messages::Message& message) {
  JX_TRY(what, message_subject(tx, message));
  auto words = messages::words_of(message, what);
  MessageView view{message.id,
                   message.at,
                   message.kind,
                   std::move(words.title),
                   std::move(words.body),
                   std::nullopt,
                   message.of_case,
                   message.read_at.has_value()};
  if (message.to != cases::Party(call.ctx.actor.person)) {
    JX_TRY(whose, services::party_view(tx, message.to, false));
    view.to = std::move(whose.name);
  }
  return view;
}

Call::Answer unread_answer(db::Tx& tx, const std::vector<messages::Box>& boxes) {
  JX_TRY(unread, messages::unread(tx, boxes));
  return ok(MessageCount{unread});
}

}  // namespace

Call::Answer list_messages(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(page, call.page());
    JX_TRY(mine, boxes_of_caller(call, tx));
    JX_TRY(found, messages::list(tx, mine, {page.limit, page.cursor}));
    MessagePage list;
    for (const auto& message : found.items) {
      JX_TRY(view, message_view(call, tx, message));
      list.items.push_back(std::move(view));
    }
    JX_TRY(unread, messages::unread(tx, mine));
    list.unread = unread;
    list.next = present(found.next);
    return ok(list);
  });
}

Call::Answer read_message(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<messages::MessageId>("message"));
    JX_TRY(mine, boxes_of_caller(call, tx));
    JX_CHECK(messages::read(tx, call.ctx, mine, id));
    return unread_answer(tx, mine);
  });
}

Call::Answer read_all_messages(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(mine, boxes_of_caller(call, tx));
    JX_CHECK(messages::read_all(tx, call.ctx, mine));
    return unread_answer(tx, mine);
  });
}

}  // namespace jx::api
