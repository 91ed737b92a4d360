// The inbox, where people are told of it, and what leaves the program.
#include <jx/messages/deliverer.hpp>

#include <jx/cases/sql.hpp>
#include <jx/db/testing.hpp>
#include <jx/identity.hpp>
#include <jx/identity/sql.hpp>
#include <jx/ledger/sql.hpp>
#include <jx/messages/sql.hpp>
#include <jx/pack/sql.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <deque>

namespace jx::messages {
namespace {

using cases::Party;

/// Takes letters, or refuses them as it is told to.
class TestSender final : public Sender {
 public:
  explicit TestSender(std::vector<Letter>& taken, std::deque<ErrorCode>& refuse) : taken_(taken), refuse_(refuse) {}
  Result<> send(const Letter& letter) override {
    if (!refuse_.empty()) {
      const auto code = refuse_.front();
      refuse_.pop_front();
      return fail(code, {"not now", "暂不"});
    }
    taken_.push_back(letter);
    return {};
  }

 private:
  std::vector<Letter>& taken_;
  std::deque<ErrorCode>& refuse_;
};

class Inbox : public db::OnBoth {
 protected:
  std::vector<const db::SqlBundle*> bundles() const override {
    return {&ledger::sql_bundle(), &pack::sql_bundle(), &identity::sql_bundle(), &cases::sql_bundle(), &sql_bundle()};
  }
  template <class F>
  auto write(F&& f) {
    return db().write(no_deadline, std::forward<F>(f));
  }
  template <class F>
  auto read(F&& f) {
    return db().read(no_deadline, std::forward<F>(f));
  }
  void SetUp() override {
    db::OnBoth::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    wang_ = somebody("Wang Fang", "1");
    li_ = somebody("Li Na", "2");
    const auto firm = write([&](db::Tx& tx) {
      return identity::register_firm(tx, as({}), {LocalizedText({{"en", "Noodles"}, {"zh-CN", "面馆"}}), {{"x.firm", "1"}}, std::nullopt, wang_});
    });
    ASSERT_TRUE(firm) << firm.error().text();
    firm_ = *firm;
  }

  Context as(PersonId person) {
    Context ctx{{.kind = Actor::Kind::person}, no_deadline, {}, clock_, random_, "en"};
    ctx.actor.person = person;
    return ctx;
  }
  PersonId somebody(const char* name, const char* code) {
    const auto made = write(
        [&](db::Tx& tx) { return identity::register_person(tx, as({}), {LocalizedText({{"en", name}, {"zh-CN", name}}), {{"x.person", code}}}); });
    EXPECT_TRUE(made);
    return made ? *made : PersonId();
  }
  void say(const Party& to, Kind kind, const char* item = "permit", std::string once = "") {
    clock_.advance(std::chrono::seconds(1));
    NewMessage message{to, kind, CaseId::make(clock_, random_), item == nullptr ? ItemId() : ItemId::trusted(item), {}, std::move(once)};
    message.facts.number = "YX-1";
    if (item == nullptr) message.of_case.reset();
    const auto done = write([&](db::Tx& tx) { return post(tx, as({}), message); });
    ASSERT_TRUE(done) << done.error().text();
  }
  std::vector<Message> inbox(PersonId person) {
    auto found = read([&](db::Tx& tx) -> Result<std::vector<Message>> {
      JX_TRY(boxes, boxes_of(tx, person, today_));
      JX_TRY(page, list(tx, boxes, {100, ""}));
      return std::move(page.items);
    });
    EXPECT_TRUE(found) << found.error().text();
    return found ? *found : std::vector<Message>();
  }
  std::int64_t unread_of(PersonId person) {
    return *read([&](db::Tx& tx) -> Result<std::int64_t> {
      JX_TRY(boxes, boxes_of(tx, person, today_));
      return unread(tx, boxes);
    });
  }
  Result<Message> reads(PersonId person, MessageId id) {
    return write([&](db::Tx& tx) -> Result<Message> {
      JX_TRY(boxes, boxes_of(tx, person, today_));
      return messages::read(tx, as(person), boxes, id);
    });
  }
  Result<> asks(Channel channel, const char* address) {
    return write([&](db::Tx& tx) { return ask_contact(tx, as(wang_), channel, address, today_); });
  }
  Result<bool> confirms(const std::string& code) {
    return write([&](db::Tx& tx) { return confirm_contact(tx, as(wang_), Channel::mail, code); });
  }
  Deliverer deliverer() {
    return Deliverer({db(), clock_, std::make_unique<TestSender>(sent_, refuse_), nullptr,
                      [] { return LocalizedText({{"en", "Yunxi"}, {"zh-CN", "云溪县"}}); }, "https://www.example.gov",
                      [this](const cases::Outgoing& what, const Error&) { given_up_.push_back(what.type); }, [this] { return today_; }});
  }
  /// As somebody does who gets the mail with the code.
  void confirm_mail(Deliverer& out) {
    ASSERT_TRUE(asks(Channel::mail, "wang@example.org"));
    ASSERT_TRUE(out.step());
    ASSERT_FALSE(sent_.empty());
    const auto& text = sent_.back().text;
    const auto at = text.find_first_of("0123456789");
    const auto right = confirms(text.substr(at, 6));
    ASSERT_TRUE(right) << right.error().text();
    EXPECT_TRUE(*right) << text;
    sent_.clear();
  }

  VirtualClock clock_{*Instant::parse("2026-11-20T01:00:00Z")};
  SeededRandom random_{7};
  LocalDate today_ = LocalDate::of(2026, 11, 20);
  PersonId wang_, li_;
  FirmId firm_;
  std::vector<Letter> sent_;
  std::deque<ErrorCode> refuse_;
  std::vector<std::string> given_up_;
};
JX_ON_BOTH(Inbox);

TEST_P(Inbox, shows_the_newest_first_and_counts_what_is_not_read) {
  say(Party(wang_), Kind::received);
  say(Party(wang_), Kind::approved);
  const auto found = inbox(wang_);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found.front().kind, Kind::approved);
  EXPECT_EQ(unread_of(wang_), 2);
  const auto first = reads(wang_, found.front().id);
  ASSERT_TRUE(first);
  clock_.advance(std::chrono::hours(1));
  EXPECT_EQ(reads(wang_, found.front().id)->read_at, first->read_at);  // again: nothing
  EXPECT_EQ(unread_of(wang_), 1);
}

TEST_P(Inbox, is_for_nobody_else) {
  say(Party(wang_), Kind::received);
  EXPECT_TRUE(inbox(li_).empty());
  EXPECT_EQ(reads(li_, inbox(wang_).front().id).error().code, ErrorCode::not_found);
}

TEST_P(Inbox, of_a_firm_is_for_its_representative_and_for_a_mandate_as_far_as_it_goes) {
  say(Party(firm_), Kind::received, "permit");
  say(Party(firm_), Kind::received, "signboard");
  say(Party(firm_), Kind::data_read, nullptr);
  EXPECT_EQ(inbox(wang_).size(), 3U);
  EXPECT_TRUE(inbox(li_).empty());
  ASSERT_TRUE(write([&](db::Tx& tx) {
    return identity::give_mandate(
        tx, as(wang_),
        {identity::Principal(firm_), li_, {ItemId::trusted("permit")}, LocalizedText({{"en", "x"}, {"zh-CN", "x"}}), {today_, today_ + 30}, false},
        today_, false);
  }));
  const auto hers = inbox(li_);
  ASSERT_EQ(hers.size(), 1U);
  EXPECT_EQ(hers.front().item.text(), "permit");
  EXPECT_EQ(unread_of(li_), 1);
}

TEST_P(Inbox, pages_reach_every_message_once) {
  for (int i = 0; i < 7; ++i) say(i % 2 == 0 ? Party(wang_) : Party(firm_), Kind::received);
  std::string cursor;
  std::vector<MessageId> seen;
  for (int pages = 0; pages < 10; ++pages) {
    const auto page = read([&](db::Tx& tx) -> Result<cases::Slice<Message>> {
      JX_TRY(boxes, boxes_of(tx, wang_, today_));
      return list(tx, boxes, {3, cursor});
    });
    ASSERT_TRUE(page);
    for (const auto& one : page->items) seen.push_back(one.id);
    cursor = page->next;
    if (cursor.empty()) break;
  }
  EXPECT_EQ(seen.size(), 7U);
  EXPECT_TRUE(std::ranges::is_sorted(seen, std::ranges::greater()));
}

TEST_P(Inbox, gets_what_is_told_once_only_once) {
  say(Party(wang_), Kind::data_read, nullptr, "read:2026-11-19");
  say(Party(wang_), Kind::data_read, nullptr, "read:2026-11-19");
  EXPECT_EQ(inbox(wang_).size(), 1U);
}

TEST_P(Inbox, tells_persons_and_firms_once_a_day_that_their_data_was_read) {
  const auto count = [&](db::Tx&) -> Result<std::map<Uuid, std::int64_t>> {
    return std::map<Uuid, std::int64_t>{{wang_.uuid(), 3}, {firm_.uuid(), 1}, {Uuid::make(clock_, random_), 9}};
  };
  for (int twice = 0; twice < 2; ++twice) ASSERT_TRUE(tell_of_reads(db(), [&] { return as({}); }, today_ - 1, count));
  const auto found = inbox(wang_);
  ASSERT_EQ(found.size(), 2U);
  for (const auto& one : found) EXPECT_EQ(one.facts.count, one.to == Party(wang_) ? 3 : 1);
}

TEST_P(Inbox, forgets_what_was_told_about_a_case_whose_record_is_erased) {
  say(Party(wang_), Kind::received);
  say(Party(wang_), Kind::received);
  const auto before = inbox(wang_);
  ASSERT_TRUE(write([&](db::Tx& tx) { return forget(tx, *before.front().of_case); }));
  EXPECT_EQ(inbox(wang_).size(), 1U);
}

TEST_P(Inbox, is_told_by_mail_only_after_the_code_came_back) {
  auto out = deliverer();
  ASSERT_TRUE(asks(Channel::mail, "wang@example.org"));
  say(Party(wang_), Kind::received);
  ASSERT_TRUE(out.step());
  ASSERT_EQ(sent_.size(), 1U);  // the code alone
  const auto wrong = confirms("no code");
  ASSERT_TRUE(wrong);
  EXPECT_FALSE(*wrong);
  sent_.clear();
  confirm_mail(out);
  say(Party(wang_), Kind::supplement_asked);
  ASSERT_TRUE(out.step());
  ASSERT_EQ(sent_.size(), 1U);
  EXPECT_EQ(sent_.front().to, "wang@example.org");
  EXPECT_NE(sent_.front().text.find("https://www.example.gov"), std::string::npos);
  EXPECT_EQ(sent_.front().text.find("YX-1"), std::string::npos);  // nothing of what it is about
  ASSERT_TRUE(out.step());
  EXPECT_EQ(sent_.size(), 1U);  // never twice
}

TEST_P(Inbox, takes_five_tries_at_a_code_and_five_codes_a_day) {
  ASSERT_TRUE(asks(Channel::mail, "wang@example.org"));
  for (int i = 0; i < code_tries_max; ++i) EXPECT_TRUE(confirms("no code"));
  EXPECT_EQ(confirms("no code").error().code, ErrorCode::limited);
  for (int i = 1; i < codes_a_day_max; ++i) EXPECT_TRUE(asks(Channel::mail, "wang@example.org"));
  EXPECT_EQ(asks(Channel::mail, "wang@example.org").error().code, ErrorCode::limited);
  today_ = today_ + 1;
  EXPECT_TRUE(asks(Channel::mail, "wang@example.org"));
}

TEST_P(Inbox, refuses_what_is_no_address) {
  for (const auto* address : {"", "wang", "@example.org", "wang@", "a@b@c", "wang@example.org\r\nBcc: x@y.z", "<a@b.c>", "a b@c.d", "a@.b"})
    EXPECT_EQ(asks(Channel::mail, address).error().code, ErrorCode::invalid) << address;
  for (const auto* number : {"", "12", "+86 138", "1234567890123456", "13a"})
    EXPECT_EQ(asks(Channel::sms, number).error().code, ErrorCode::invalid) << number;
  EXPECT_TRUE(asks(Channel::sms, "+8613800000000"));
}

TEST_P(Inbox, is_announced_again_later_where_it_failed_and_given_up_in_the_end) {
  auto out = deliverer();
  confirm_mail(out);
  say(Party(wang_), Kind::received);
  refuse_.assign(2, ErrorCode::unavailable);
  ASSERT_TRUE(out.step());
  ASSERT_TRUE(out.step());
  EXPECT_EQ(refuse_.size(), 1U);  // not before its time
  clock_.advance(std::chrono::seconds(30));
  ASSERT_TRUE(out.step());
  EXPECT_TRUE(refuse_.empty());
  clock_.advance(std::chrono::seconds(59));
  ASSERT_TRUE(out.step());
  EXPECT_TRUE(sent_.empty());
  clock_.advance(std::chrono::seconds(1));
  ASSERT_TRUE(out.step());
  EXPECT_EQ(sent_.size(), 1U);

  say(Party(wang_), Kind::approved);
  refuse_.assign(Deliverer::attempts_max, ErrorCode::unavailable);
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(out.step());
    clock_.advance(std::chrono::hours(1));
  }
  EXPECT_EQ(sent_.size(), 1U);
  ASSERT_EQ(given_up_.size(), 1U);
  const auto counts = read([](db::Tx& tx) { return cases::count_out(tx); });
  ASSERT_TRUE(counts);
  EXPECT_EQ(counts->at("given_up"), 1);
  EXPECT_FALSE(counts->contains(""));
}

TEST_P(Inbox, sends_no_code_that_can_no_longer_be_used) {
  auto out = deliverer();
  ASSERT_TRUE(asks(Channel::mail, "wang@example.org"));
  refuse_.assign(1, ErrorCode::unavailable);
  ASSERT_TRUE(out.step());
  clock_.advance(std::chrono::minutes(code_minutes + 1));
  ASSERT_TRUE(out.step());
  EXPECT_TRUE(sent_.empty());

  ASSERT_TRUE(asks(Channel::mail, "wang@example.org"));
  ASSERT_TRUE(asks(Channel::mail, "wang.fang@example.org"));  // the first was mistyped
  ASSERT_TRUE(out.step());
  ASSERT_EQ(sent_.size(), 1U);
  EXPECT_EQ(sent_.front().to, "wang.fang@example.org");
}

TEST_P(Inbox, gives_an_address_up_at_once_that_takes_nothing) {
  auto out = deliverer();
  confirm_mail(out);
  say(Party(wang_), Kind::received);
  refuse_.assign(1, ErrorCode::invalid);
  ASSERT_TRUE(out.step());
  EXPECT_EQ(given_up_.size(), 1U);
}

TEST_P(Inbox, announces_nothing_that_was_read_meanwhile_or_is_no_longer_wanted) {
  auto out = deliverer();
  confirm_mail(out);
  say(Party(wang_), Kind::received);
  ASSERT_TRUE(reads(wang_, inbox(wang_).front().id));
  say(Party(wang_), Kind::approved);
  ASSERT_TRUE(write([&](db::Tx& tx) { return end_contact(tx, as(wang_), Channel::mail); }));
  ASSERT_TRUE(out.step());
  EXPECT_TRUE(sent_.empty());
  EXPECT_TRUE(given_up_.empty());
}

TEST_P(Inbox, of_a_firm_is_told_to_its_representative_by_mail) {
  auto out = deliverer();
  confirm_mail(out);
  say(Party(firm_), Kind::received);
  ASSERT_TRUE(out.step());
  ASSERT_EQ(sent_.size(), 1U);
  EXPECT_EQ(sent_.front().to, "wang@example.org");
}

TEST_P(Inbox, of_a_firm_is_told_by_mail_as_far_as_a_mandate_goes_on_the_day_on_which_it_is_sent) {
  auto out = deliverer();
  confirm_mail(out);  // Wang Fang's
  const auto other = write([&](db::Tx& tx) {
    return identity::register_firm(tx, as({}), {LocalizedText({{"en", "Tea"}, {"zh-CN", "茶馆"}}), {{"x.firm", "2"}}, std::nullopt, li_});
  });
  ASSERT_TRUE(other) << other.error().text();
  say(Party(*other), Kind::received, "permit");  // she has nothing to do with it yet
  ASSERT_TRUE(write([&](db::Tx& tx) {
    return identity::give_mandate(
        tx, as(li_),
        {identity::Principal(*other), wang_, {ItemId::trusted("permit")}, LocalizedText({{"en", "x"}, {"zh-CN", "x"}}), {today_, today_}, false},
        today_, false);
  }));
  say(Party(*other), Kind::received, "signboard");  // another item
  ASSERT_TRUE(out.step());
  EXPECT_TRUE(sent_.empty());
  say(Party(*other), Kind::approved, "permit");
  ASSERT_TRUE(out.step());
  EXPECT_EQ(sent_.size(), 1U);
  say(Party(*other), Kind::posted, "permit");
  today_ = today_ + 1;  // the mandate is over before it leaves
  ASSERT_TRUE(out.step());
  EXPECT_EQ(sent_.size(), 1U);
  EXPECT_TRUE(given_up_.empty());
}

TEST(Words, every_kind_says_something_in_both_languages) {
  for (int kind = 0; kind <= static_cast<int>(Kind::review_answered); ++kind) {
    Message message;
    message.kind = static_cast<Kind>(kind);
    message.facts.number = "YX-1";
    message.facts.who = LocalizedText({{"en", "Somebody"}, {"zh-CN", "某人"}});
    message.facts.on = LocalDate::of(2026, 11, 20);
    message.facts.count = 2;
    const auto words = words_of(message, LocalizedText({{"en", "Permit"}, {"zh-CN", "许可"}}));
    for (const auto* language : {"en", "zh-CN"}) {
      EXPECT_GT(words.title.in(language).size(), 5U) << kind;
      EXPECT_GT(words.body.in(language).size(), 5U) << kind;
    }
    EXPECT_NE(words.title.in("en"), words.title.in("zh-CN"));
  }
}

}  // namespace
}  // namespace jx::messages
