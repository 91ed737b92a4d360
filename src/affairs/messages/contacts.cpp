#include <jx/messages/contacts.hpp>

#include "messages_sql.hpp"
#include "outgoing.hpp"

#include <jx/cases/outbox.hpp>
#include <jx/crypto/hash.hpp>
#include <jx/ledger.hpp>

#include <algorithm>

namespace jx::messages {
namespace {

constexpr std::size_t mail_bytes_max = 254;             // RFC 5321 section 4.5.3.1.3, without the angle brackets
constexpr std::size_t digits_min = 5, digits_max = 15;  // E.164

bool is_mail(std::string_view text) {
  constexpr std::string_view never = " \t\r\n<>()[]\\,;:\"";
  const auto at = text.find('@');
  if (at == 0 || at == std::string_view::npos || text.size() > mail_bytes_max || text.find('@', at + 1) != std::string_view::npos) return false;
  const bool plain =
      std::ranges::all_of(text, [&](unsigned char c) { return c > 0x20 && c < 0x7f && never.find(static_cast<char>(c)) == std::string_view::npos; });
  const auto domain = text.substr(at + 1);
  return plain && !domain.empty() && domain.front() != '.' && domain.back() != '.' && domain.find("..") == std::string_view::npos;
}

bool is_telephone(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  return text.size() >= digits_min && text.size() <= digits_max && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

Result<> check_address(Channel channel, std::string_view address) {
  if (channel == Channel::mail && !is_mail(address))
    return fail(ErrorCode::invalid, {"this is no mail address: such as name@example.org", "不是有效的邮箱地址，应如 name@example.org"}, "/address");
  if (channel == Channel::sms && !is_telephone(address))
    return fail(ErrorCode::invalid,
                {"a telephone number is 5 to 15 digits, with + and the country before them or not", "手机号应为5至15位数字，可带“+国家代码”"},
                "/address");
  return {};
}

std::string new_code(Random& random) {
  std::array<std::uint8_t, 8> octets{};
  random.fill(octets);
  std::uint64_t number = 0;
  for (const auto octet : octets) number = (number << 8U) | octet;
  auto digits = std::to_string(number % 1'000'000U);
  digits.insert(0, 6 - digits.size(), '0');
  return digits;
}

crypto::Digest digest_of(const PersonId& person, std::string_view code) { return crypto::sha256(bytes_of(person.text() + ":" + std::string(code))); }

std::unexpected<Error> none_waits() { return fail(ErrorCode::not_found, {"no address waits for a code", "没有待验证的联系方式"}); }

/// That an address is used, or no longer: which one stands nowhere.
Result<> note(db::Tx& tx, const Context& ctx, std::string_view kind, Channel channel) {
  JX_CHECK(ledger::append(tx, ctx, {std::string(kind), {ledger::subject("person", ctx.actor.person)}, {{"channel", wire::name_of(channel)}}, {}}));
  return {};
}

}  // namespace

Result<std::vector<Contact>> contacts_of(db::Tx& tx, const PersonId& person) {
  JX_TRY(rows, tx.all(sql::contacts_of, person));
  std::vector<Contact> list;
  for (const auto& row : rows) {
    const auto channel = wire::enum_of<Channel>(row.text(0));
    if (channel && (!row.text(1).empty() || !row.text(3).empty())) list.push_back({*channel, row.text(1), row.text(3)});
  }
  return list;
}

Result<> ask_contact(db::Tx& tx, const Context& ctx, Channel channel, std::string_view address, LocalDate today) {
  JX_CHECK(check_address(channel, address));
  const auto name = wire::name_of(channel);
  JX_TRY(row, tx.one(sql::contact_one, ctx.actor.person, name));
  const auto sent = row && row->text(7) == today.text() ? row->integer(8) : 0;
  if (sent >= codes_a_day_max)
    return fail(ErrorCode::limited, {"five codes were sent today: try again tomorrow", "今日已发送5次验证码，请明日再试"}, "/address");
  const auto code = new_code(ctx.random);
  const Instant until{ctx.now().micros + std::chrono::duration_cast<Micros>(std::chrono::minutes(code_minutes)).count()};
  JX_CHECK(tx.run(sql::contact_ask, ctx.actor.person, name, address, ByteView(digest_of(ctx.actor.person, code)), until, today, sent + 1));
  return cases::put_out(tx, ctx, code_type(channel), ctx.actor.person.text(), {{"address", address}, {"code", code}});
}

Result<bool> code_waits(db::Tx& tx, const PersonId& person, Channel channel, std::string_view address, std::string_view code, Instant now) {
  JX_TRY(row, tx.one(sql::contact_one, person, wire::name_of(channel)));
  return row && row->text(3) == address && !row->null(4) && std::ranges::equal(row->bytes(4), digest_of(person, code)) && row->instant(5) >= now;
}

Result<bool> confirm_contact(db::Tx& tx, const Context& ctx, Channel channel, std::string_view code) {
  const auto name = wire::name_of(channel);
  JX_TRY(row, tx.one(sql::contact_one, ctx.actor.person, name));
  if (!row || row->text(3).empty() || row->null(4)) return none_waits();
  if (row->integer(6) >= code_tries_max || row->instant(5) < ctx.now())
    return fail(ErrorCode::limited, {"this code can no longer be used: have another one sent", "验证码已失效，请重新发送"}, "/code");
  const auto digest = digest_of(ctx.actor.person, code);
  if (!std::ranges::equal(row->bytes(4), digest)) {
    JX_CHECK(tx.run(sql::contact_wrong, ctx.actor.person, name));
    return false;
  }
  JX_CHECK(tx.run(sql::contact_confirm, ctx.actor.person, name, ctx.now()));
  JX_CHECK(note(tx, ctx, "contact.confirmed", channel));
  return true;
}

Result<> end_contact(db::Tx& tx, const Context& ctx, Channel channel) {
  const auto name = wire::name_of(channel);
  JX_TRY(row, tx.one(sql::contact_one, ctx.actor.person, name));
  if (!row || (row->text(1).empty() && row->text(3).empty())) return fail(ErrorCode::not_found, {"no messages are sent there", "未设置该通知方式"});
  JX_CHECK(tx.run(sql::contact_end, ctx.actor.person, name));
  return note(tx, ctx, "contact.ended", channel);
}

Result<> announce(db::Tx& tx, const Context& ctx, const PersonId& person, MessageId message) {
  JX_TRY(contacts, contacts_of(tx, person));
  for (const auto& contact : contacts) {
    if (!contact.address.empty()) JX_CHECK(cases::put_out(tx, ctx, message_type(contact.channel), message.text(), {{"person", person.text()}}));
  }
  return {};
}

}  // namespace jx::messages
