#include <jx/messages/deliverer.hpp>

#include "messages_sql.hpp"
#include "outgoing.hpp"

#include <algorithm>

namespace jx::messages {
namespace {

constexpr std::size_t batch = 16;
constexpr Micros lease = std::chrono::minutes(15);  // longer than a batch of attempts that all run into their time limit
constexpr Micros first_wait = std::chrono::seconds(30), longest_wait = std::chrono::hours(1);
constexpr std::chrono::seconds idle{5};

Micros wait_after(int attempts) { return std::min(longest_wait, first_wait * (1 << std::min(attempts - 1, 10))); }

bool by_mail(const cases::Outgoing& what) { return what.type == message_mail || what.type == code_mail; }
bool is_code(const cases::Outgoing& what) { return what.type == code_mail || what.type == code_sms; }
bool is_ours(const cases::Outgoing& what) { return by_mail(what) || what.type == message_sms || what.type == code_sms; }

std::string text_in(const boost::json::object& body, std::string_view name) {
  const auto* value = body.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

/// Nothing where it is no longer wanted: a code that can no longer be used, a message that was read meanwhile, the address was taken back, or she
/// does not act for the firm that it is for.
Result<std::optional<std::string>> Deliverer::address_of(db::Tx& tx, const cases::Outgoing& what) const {
  if (is_code(what)) {
    const auto address = text_in(what.body, "address");
    JX_TRY(asker, PersonId::parse(what.subject));
    JX_TRY(waits, code_waits(tx, asker, by_mail(what) ? Channel::mail : Channel::sms, address, text_in(what.body, "code"), needs_.clock.now()));
    return waits ? std::optional(address) : std::nullopt;
  }
  JX_TRY(id, MessageId::parse(what.subject));
  JX_TRY(message, tx.one(sql::message_one, id));
  if (!message || !message->null(8)) return std::optional<std::string>();
  JX_TRY(person, PersonId::parse(text_in(what.body, "person")));
  JX_TRY(hers, reads(tx, person, id, needs_.today()));
  if (!hers) return std::optional<std::string>();
  JX_TRY(contacts, contacts_of(tx, person));
  const auto found = std::ranges::find(contacts, by_mail(what) ? Channel::mail : Channel::sms, &Contact::channel);
  if (found == contacts.end() || found->address.empty()) return std::optional<std::string>();
  return std::optional(found->address);
}

Letter Deliverer::letter_of(const cases::Outgoing& what, std::string address) const {
  const auto name = needs_.name();
  const std::string zh(name.in("zh-CN")), en(name.in("en"));
  Letter letter{what.id, std::move(address), {}, {}};
  if (is_code(what)) {
    const auto code = text_in(what.body, "code");
    const auto minutes = std::to_string(code_minutes);
    letter.subject = "验证码 · Your code";
    letter.text = zh + "验证码：" + code + "，" + minutes + "分钟内有效，请勿告知他人。\n" + "Your code for " + en + " is " + code +
                  ". It can be used for " + minutes + " minutes. Tell it to nobody.";
  } else {
    letter.subject = "您有新消息 · You have a message";
    letter.text = "您在" + zh + "有一条新消息，请登录查看：" + needs_.origin + "\n" + "You have a message from " + en + ". To read it, sign in at " +
                  needs_.origin;
  }
  return letter;
}

Result<> Deliverer::end(const cases::Outgoing& what, bool sent) {
  return needs_.database.write(no_deadline, [&](db::Tx& tx) {
    return cases::end_out(tx, what.id, needs_.clock.now(), sent ? cases::Sending::sent : cases::Sending::not_wanted);
  });
}

Result<> Deliverer::failed(const cases::Outgoing& what, const Error& error) {
  const bool last = what.attempts >= attempts_max || error.code == ErrorCode::invalid;
  const auto now = needs_.clock.now();
  JX_CHECK(needs_.database.write(no_deadline, [&](db::Tx& tx) {
    return last ? cases::end_out(tx, what.id, now, cases::Sending::given_up)
                : cases::put_back(tx, what.id, Instant{now.micros + wait_after(what.attempts).count()});
  }));
  if (last) needs_.given_up(what, error);
  return {};
}

Result<> Deliverer::carry_out(const cases::Outgoing& what) {
  auto* sender = by_mail(what) ? needs_.mail.get() : needs_.sms.get();
  if (sender == nullptr || !is_ours(what)) return end(what, false);
  JX_TRY(address, needs_.database.read(no_deadline, [&](db::Tx& tx) { return address_of(tx, what); }));
  if (!address) return end(what, false);
  const auto sent = sender->send(letter_of(what, std::move(*address)));
  return sent ? end(what, true) : failed(what, sent.error());
}

Result<std::size_t> Deliverer::step() {
  const auto now = needs_.clock.now();
  JX_TRY(waits, needs_.database.read(no_deadline, [&](db::Tx& tx) { return cases::next_out(tx); }));
  if (!waits || *waits > now) return std::size_t{0};
  JX_TRY(taken, needs_.database.write(no_deadline, [&](db::Tx& tx) { return cases::take_out(tx, now, Instant{now.micros + lease.count()}, batch); }));
  Result<> whole;
  for (const auto& what : taken) {
    // One that fails keeps no other waiting for the end of the lease.
    const auto done =
        !stopping_ ? carry_out(what) : needs_.database.write(no_deadline, [&](db::Tx& tx) { return cases::put_back(tx, what.id, now); });
    if (!done && whole) whole = done;
  }
  JX_CHECK(whole);
  return taken.size();
}

void Deliverer::start(std::function<void(const Error&)> failed) {
  thread_ = std::jthread([this, failed = std::move(failed)](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const auto done = step();
      if (!done) failed(done.error());
      if (done && *done > 0) continue;
      std::unique_lock lock(mutex_);
      woken_.wait_for(lock, stop, idle, [this] { return wake_; });
      wake_ = false;
    }
  });
}

void Deliverer::stop() {
  if (!thread_.joinable()) return;
  stopping_ = true;
  thread_.request_stop();
  thread_.join();
}

void Deliverer::wake() {
  {
    const std::lock_guard lock(mutex_);
    wake_ = true;
  }
  woken_.notify_one();
}

}  // namespace jx::messages
