#include <jx/messages.hpp>

#include "messages_sql.hpp"

#include <jx/identity.hpp>
#include <jx/messages/contacts.hpp>

#include <algorithm>

namespace jx::messages {
namespace {

constexpr std::size_t told_in_one_act = 200;
constexpr std::int64_t micros_a_day = 86'400'000'000;

std::unexpected<Error> no_message() { return fail(ErrorCode::not_found, {"there is no such message for you", "没有该消息"}); }

Result<Message> message_of(const db::Row& row) {
  Message message;
  message.id = row.id<MessageId>(0);
  message.to.kind = static_cast<cases::Party::Kind>(row.integer(1));
  JX_TRY(party, Uuid::from_bytes(row.bytes(2)));
  message.to.id = party;
  message.at = row.instant(3);
  const auto kind = wire::enum_of<Kind>(row.text(4));
  if (!kind) return fail(ErrorCode::corrupt, {"a message cannot be read", "消息无法读取"});
  message.kind = *kind;
  if (!row.null(5)) message.of_case = row.id<CaseId>(5);
  message.item = row.key<ItemId>(6);
  JX_TRY(facts, wire::decode<Facts>(row.text(7)));
  message.facts = std::move(facts);
  if (!row.null(8)) message.read_at = row.instant(8);
  return message;
}

/// Those of one box before an id, the newest first, at most `most`.
Result<> take(db::Tx& tx, const Box& box, MessageId before, std::size_t most, std::vector<Message>& into) {
  for (std::size_t found = 0; found < most;) {
    JX_TRY(rows, tx.all(sql::messages_of, static_cast<std::int64_t>(box.party.kind), box.party.id.bytes(), before, static_cast<std::int64_t>(most)));
    for (const auto& row : rows) {
      JX_TRY(message, message_of(row));
      before = message.id;
      if (!box.holds(message) || found == most) continue;
      ++found;
      into.push_back(std::move(message));
    }
    if (rows.size() < most) break;
  }
  return {};
}

const MessageId newest{Uuid{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}};

/// Of a reader of data that is about a person or a firm.
Result<std::optional<cases::Party>> party_of(db::Tx& tx, const Uuid& id) {
  const auto person = identity::person(tx, PersonId(id));
  if (person) return std::optional(cases::Party(PersonId(id)));
  if (person.error().code != ErrorCode::not_found) return std::unexpected(person.error());
  const auto firm = identity::firm(tx, FirmId(id));
  if (firm) return std::optional(cases::Party(FirmId(id)));
  if (firm.error().code != ErrorCode::not_found) return std::unexpected(firm.error());
  return std::optional<cases::Party>();
}

}  // namespace

bool Box::holds(const Message& message) const {
  if (all) return true;
  return message.of_case && !message.item.empty() && (items.empty() || std::ranges::find(items, message.item) != items.end());
}

Result<> post(db::Tx& tx, const Context& ctx, const NewMessage& message) {
  if (message.to.kind == cases::Party::Kind::none) return fail(ErrorCode::invalid, {"a message is for somebody", "消息须有收件人"});
  const auto id = MessageId::make(ctx.clock, ctx.random);
  const auto kind = static_cast<std::int64_t>(message.to.kind);
  const auto facts = wire::encode(message.facts);
  const auto name = wire::name_of(message.kind);
  if (message.once.empty()) {
    JX_CHECK(tx.later(sql::message_insert, id, kind, message.to.id.bytes(), ctx.now(), name, message.of_case, message.item, facts, nullptr));
  } else {
    JX_TRY(fresh,
           tx.run(sql::message_insert_once, id, kind, message.to.id.bytes(), ctx.now(), name, message.of_case, message.item, facts, message.once));
    if (fresh == 0) return {};
  }
  if (message.to.kind == cases::Party::Kind::person) return announce(tx, ctx, PersonId(message.to.id), id);
  // A firm is told at the addresses of those who act for it. Today is not known here, so neither is who does: when it is sent, that is looked at
  // again.
  const LocalDate day{static_cast<std::int32_t>(ctx.now().micros / micros_a_day)};
  JX_TRY(agents, identity::agents_of(tx, FirmId(message.to.id), day - 1, day + 1));
  for (const auto& agent : agents) JX_CHECK(announce(tx, ctx, agent, id));
  return {};
}

Result<std::vector<Box>> boxes_of(db::Tx& tx, const PersonId& person, LocalDate today) {
  std::vector<Box> boxes{Box{cases::Party(person), true, {}}};
  JX_TRY(others, identity::represented(tx, person, today));
  for (auto& other : others) {
    const auto party = other.principal.kind == identity::Principal::Kind::firm ? cases::Party(FirmId(other.principal.id))
                                                                               : cases::Party(PersonId(other.principal.id));
    const bool all = other.authority.kind == identity::Authority::Kind::representative;
    const auto same = std::ranges::find(boxes, party, &Box::party);
    if (same == boxes.end()) {
      boxes.push_back({party, all, std::move(other.items)});
    } else if (!same->all && !all && !same->items.empty()) {  // several mandates: each adds its items
      if (other.items.empty()) same->items.clear();
      std::ranges::move(other.items, std::back_inserter(same->items));
    } else {
      same->all = same->all || all;
    }
  }
  return boxes;
}

Result<cases::Slice<Message>> list(db::Tx& tx, const std::vector<Box>& boxes, const cases::Page& page) {
  if (page.limit < 1 || page.limit > page_max) return fail(ErrorCode::invalid, {"a page has 1 to 200 messages", "每页1至200条"}, "/limit");
  auto before = newest;
  if (!page.cursor.empty()) {
    const auto cursor = MessageId::parse(page.cursor);
    if (!cursor) return fail(ErrorCode::invalid, {"this cursor is not of this list", "游标无效"}, "/cursor");
    before = *cursor;
  }
  cases::Slice<Message> slice;
  for (const auto& box : boxes) JX_CHECK(take(tx, box, before, page.limit + 1, slice.items));
  std::ranges::sort(slice.items, std::ranges::greater(), &Message::id);
  if (slice.items.size() > page.limit) {
    slice.items.resize(page.limit);
    slice.next = slice.items.back().id.text();
  }
  return slice;
}

Result<std::int64_t> unread(db::Tx& tx, const std::vector<Box>& boxes) {
  std::int64_t count = 0;
  for (const auto& box : boxes) {
    JX_TRY(rows, tx.all(sql::messages_unread, static_cast<std::int64_t>(box.party.kind), box.party.id.bytes(), unread_counted_max));
    for (const auto& row : rows) {
      JX_TRY(message, message_of(row));
      if (box.holds(message)) ++count;
    }
  }
  return count;
}

Result<Message> read(db::Tx& tx, const Context& ctx, const std::vector<Box>& boxes, MessageId id) {
  JX_TRY(row, tx.one(sql::message_one, id));
  if (!row) return no_message();
  JX_TRY(message, message_of(*row));
  const auto box = std::ranges::find(boxes, message.to, &Box::party);
  if (box == boxes.end() || !box->holds(message)) return no_message();
  if (!message.read_at) {
    message.read_at = ctx.now();
    JX_CHECK(tx.run(sql::message_read, id, message.read_at));
  }
  return message;
}

Result<bool> reads(db::Tx& tx, const PersonId& person, MessageId id, LocalDate today) {
  JX_TRY(row, tx.one(sql::message_one, id));
  if (!row) return no_message();
  JX_TRY(message, message_of(*row));
  if (message.to == cases::Party(person)) return true;
  JX_TRY(boxes, boxes_of(tx, person, today));
  const auto box = std::ranges::find(boxes, message.to, &Box::party);
  return box != boxes.end() && box->holds(message);
}

Result<> read_all(db::Tx& tx, const Context& ctx, const std::vector<Box>& boxes) {
  for (const auto& box : boxes) {
    JX_TRY(rows, tx.all(sql::messages_unread, static_cast<std::int64_t>(box.party.kind), box.party.id.bytes(), unread_counted_max));
    for (const auto& row : rows) {
      JX_TRY(message, message_of(row));
      if (box.holds(message)) JX_CHECK(tx.run(sql::message_read, message.id, ctx.now()));
    }
  }
  return {};
}

Result<> forget(db::Tx& tx, CaseId id) {
  JX_CHECK(tx.run(sql::messages_forget, id));
  return {};
}

Result<> CaseMessages::tell(db::Tx& tx, const Context& ctx, const cases::CaseSummary& of, What what, std::optional<LocalDate> on) {
  NewMessage message{of.applicant, Kind::received, of.id, of.item, {}, {}};
  message.facts.number = of.number;
  if (of.item.empty()) message.facts.what = LocalizedText({{"zh-CN", of.title}});
  switch (what) {
    case What::opened: message.facts.on = of.due_on; break;
    case What::supplement_asked:
      message.kind = Kind::supplement_asked;
      message.facts.on = on;
      break;
    case What::ended:
      message.kind = of.state == cases::CaseState::approved    ? Kind::approved
                     : of.state == cases::CaseState::refused   ? Kind::refused
                     : of.state == cases::CaseState::withdrawn ? Kind::withdrawn
                                                               : Kind::concluded;
      break;
  }
  return post(tx, ctx, message);
}

Result<> tell_of_reads(db::Database& database, const std::function<Context()>& context, LocalDate day,
                       const std::function<Result<std::map<Uuid, std::int64_t>>(db::Tx& tx)>& counts) {
  using Counts = std::map<Uuid, std::int64_t>;
  JX_TRY(due, database.read(no_deadline, [&](db::Tx& tx) -> Result<std::optional<Counts>> {
    JX_TRY(told, tx.one(sql::day_one, day));
    if (told) return std::optional<Counts>();
    JX_TRY(counted, counts(tx));
    return std::optional(std::move(counted));
  }));
  if (!due) return {};
  for (auto next = due->begin(); next != due->end();) {
    auto stopped = next;
    JX_CHECK(database.write(no_deadline, [&](db::Tx& tx) -> Result<> {
      const auto ctx = context();
      stopped = next;
      for (std::size_t n = 0; n < told_in_one_act && stopped != due->end(); ++n, ++stopped) {
        JX_TRY(party, party_of(tx, stopped->first));
        if (!party) continue;  // of a register that is not the county's
        NewMessage message{*party, Kind::data_read, {}, {}, {}, "read:" + day.text()};
        message.facts.on = day;
        message.facts.count = stopped->second;
        JX_CHECK(post(tx, ctx, message));
      }
      return {};
    }));
    next = stopped;
  }
  return database.write(no_deadline, [&](db::Tx& tx) -> Result<> {
    JX_CHECK(tx.run(sql::day_insert, day, context().now()));
    return {};
  });
}

}  // namespace jx::messages
