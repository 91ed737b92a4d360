// Deliveries that are sent: part by part, signed, again and again until each is confirmed.
#include <jx/exchange/push.hpp>

#include "test_deliveries.hpp"

#include <algorithm>

namespace jx::exchange {
namespace {

using namespace deliveries_testing;  // NOLINT(*-using-namespace): what this file tests with
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr const char* address = "https://fire.test/in";

/// The receiver: answers what it is told to, and keeps what came under each key once.
struct Receiver final : Posting {
  std::vector<Result<Received>> answers;  // one after another; then 204
  std::vector<Outgoing> got;
  std::map<std::string, std::string> kept;
  std::function<void()> at_post;

  Result<Received> post(const Outgoing& what) override {
    got.push_back(what);
    if (at_post) at_post();
    auto answer = answers.empty() ? Result<Received>(Received{204, {}}) : answers.front();
    if (!answers.empty()) answers.erase(answers.begin());
    if (answer && answer->status < 300) kept[header(what, "Idempotency-Key")] = what.body;
    return answer;
  }
  static std::string header(const Outgoing& what, std::string_view name) {
    const auto found = std::ranges::find(what.headers, name, &std::pair<std::string, std::string>::first);
    return found == what.headers.end() ? std::string() : found->second;
  }
};

struct Pushed : MadeDeliveries {
  void SetUp() override {
    MadeDeliveries::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    apply(with(files_grant, "changes: true", std::string("changes: true, push: \"") + address + "\""));
    for (int i = 0; i < 32'000; ++i) source.people.push_back({"P" + std::to_string(i), std::string(100, 'x'), "13812345678", 30});  // two parts
    pusher = make_pusher();
  }
  void TearDown() override {
    pusher.reset();
    MadeDeliveries::TearDown();
  }
  std::unique_ptr<Pusher> make_pusher() {
    return std::make_unique<Pusher>(Pusher::Needs{db(), *worker, receiver, {"k1", key}, [this] { return context("fire"); }});
  }
  void push_all() {
    for (bool more = true; more;) {
      const auto done = pusher->step();
      ASSERT_TRUE(done) << done.error().text();
      more = *done;
    }
  }
  PushProgress progress(const DeliveryId& id) {
    const auto found = db().read(no_deadline, [&](db::Tx& tx) { return push_progress(tx, id); });
    EXPECT_TRUE(found && *found);
    return found && *found ? **found : PushProgress();
  }
  std::string whole(const Delivery& delivery) {
    std::string all;
    for (std::int64_t part = 1; part <= delivery.parts; ++part) all += receiver.kept["\"" + delivery.id.text() + "-" + std::to_string(part) + "\""];
    return all;
  }

  Receiver receiver;
  crypto::Ed25519Key key = crypto::Ed25519Key::generate();
  std::unique_ptr<Pusher> pusher;
};
JX_ON_BOTH(Pushed);

TEST_P(Pushed, go_out_part_by_part_and_are_acknowledged_by_the_last) {
  const auto delivered = made();
  ASSERT_GE(delivered.parts, 2);
  push_all();
  EXPECT_EQ(receiver.got.size(), static_cast<std::size_t>(delivered.parts));
  EXPECT_EQ(std::ranges::count(whole(delivered), '\n'), delivered.records);
  EXPECT_EQ(now(delivered.id).state, DeliveryState::acknowledged);
  EXPECT_EQ(progress(delivered.id).state, PushState::done);
  EXPECT_EQ(receiver.got.front().url, address);
  EXPECT_EQ(Receiver::header(receiver.got.front(), "Junxian-Part"), "1;of=" + std::to_string(delivered.parts));
  expect_sound();
  push_all();
  EXPECT_EQ(receiver.got.size(), static_cast<std::size_t>(delivered.parts)) << "nothing is sent again";
}

TEST_P(Pushed, are_signed_so_that_the_receiver_knows_who_sent_what_where) {
  const auto delivered = made();
  push_all();
  const auto& part = receiver.got.front();
  const auto digest = Receiver::header(part, "Content-Digest");
  EXPECT_EQ(digest, "sha-256=:" + to_base64(crypto::sha256(bytes_of(part.body))) + ":");
  const auto input = Receiver::header(part, "Signature-Input"), signature = Receiver::header(part, "Signature");
  ASSERT_TRUE(input.starts_with("sig1=(") && signature.starts_with("sig1=:"));
  const auto base = [&](const std::string& target) {
    return "\"@method\": POST\n\"@target-uri\": " + target + "\n\"content-type\": application/x-ndjson\n\"content-digest\": " + digest +
           "\n\"junxian-delivery\": " + delivered.id.text() + "\n\"junxian-part\": 1;of=" + std::to_string(delivered.parts) +
           "\n\"@signature-params\": " + input.substr(5);
  };
  const auto octets = from_base64(signature.substr(6, signature.size() - 7));
  ASSERT_TRUE(octets);
  EXPECT_TRUE(key.public_key().verify(bytes_of(base(address)), *octets));
  EXPECT_FALSE(key.public_key().verify(bytes_of(base("https://other.test/in")), *octets));
}

TEST_P(Pushed, wait_longer_after_each_failure_and_go_on_at_the_part_that_was_not_confirmed) {
  const auto delivered = made();
  receiver.answers = {Received{200, {}}, Received{500, {}}};
  push_all();
  EXPECT_EQ(receiver.got.size(), 2U);
  EXPECT_EQ(progress(delivered.id).sent, 1);
  EXPECT_EQ(progress(delivered.id).state, PushState::failing);
  EXPECT_NE(progress(delivered.id).said->en.find("500"), std::string::npos);
  clock.advance_to(clock.now() + seconds(59));
  push_all();
  EXPECT_EQ(receiver.got.size(), 2U) << "not yet";
  receiver.answers = {fail(ErrorCode::unavailable, {"no answer", "无应答"})};
  clock.advance_to(clock.now() + seconds(2));
  push_all();
  EXPECT_EQ(receiver.got.size(), 3U);
  EXPECT_EQ(progress(delivered.id).attempts, 2);
  EXPECT_EQ(progress(delivered.id).next_at, clock.now() + minutes(2));
  clock.advance_to(clock.now() + minutes(2));
  push_all();
  EXPECT_EQ(now(delivered.id).state, DeliveryState::acknowledged);
  EXPECT_EQ(std::ranges::count(whole(delivered), '\n'), delivered.records) << "no gap, and nothing twice";
}

TEST_P(Pushed, come_when_the_receiver_says_that_they_may) {
  const auto delivered = made();
  receiver.answers = {Received{503, seconds(3'600)}};
  push_all();
  EXPECT_EQ(progress(delivered.id).next_at, clock.now() + hours(1));
}

TEST_P(Pushed, are_taken_up_by_another_program_when_the_first_was_killed) {
  const auto delivered = made();
  struct Killed {};
  receiver.at_post = [&] {
    if (receiver.got.size() == 2) throw Killed();  // after the receiver has it, before anything was written down
  };
  EXPECT_THROW((void)pusher->step(), Killed);
  receiver.at_post = {};
  pusher = make_pusher();
  push_all();
  EXPECT_EQ(receiver.got.size(), 2U) << "the lease of the dead one holds";
  clock.advance_to(clock.now() + minutes(3));
  push_all();
  EXPECT_EQ(now(delivered.id).state, DeliveryState::acknowledged);
  EXPECT_EQ(Receiver::header(receiver.got[2], "Idempotency-Key"), Receiver::header(receiver.got[1], "Idempotency-Key"))
      << "the receiver sees that it is the same";
  EXPECT_EQ(std::ranges::count(whole(delivered), '\n'), delivered.records);
}

TEST_P(Pushed, keep_their_order_behind_one_that_the_receiver_does_not_take) {
  const auto first = made();
  const auto second = made();
  receiver.answers = {Received{500, {}}};
  push_all();
  EXPECT_EQ(receiver.got.size(), 1U);
  EXPECT_EQ(Receiver::header(receiver.got[0], "Junxian-Delivery"), first.id.text());
  clock.advance_to(clock.now() + minutes(1));
  push_all();
  EXPECT_EQ(now(first.id).state, DeliveryState::acknowledged);
  EXPECT_EQ(now(second.id).state, DeliveryState::acknowledged);
}

TEST_P(Pushed, stop_after_twenty_failures_until_somebody_asks) {
  const auto delivered = made();
  for (int i = 0; i < push_attempts_max; ++i) {
    receiver.answers = {Received{404, {}}};
    push_all();
    clock.advance_to(clock.now() + hours(6));
  }
  EXPECT_EQ(progress(delivered.id).state, PushState::stopped);
  const auto asked = receiver.got.size();
  push_all();
  EXPECT_EQ(receiver.got.size(), asked);
  ASSERT_TRUE(act([&](db::Tx& tx, const Context& ctx) { return push_again(tx, ctx, delivered.id); }));
  push_all();
  EXPECT_EQ(now(delivered.id).state, DeliveryState::acknowledged);
  EXPECT_EQ(act([&](db::Tx& tx, const Context& ctx) { return push_again(tx, ctx, delivered.id); }).error().code, ErrorCode::conflict);
}

TEST_P(Pushed, do_not_leave_once_the_grant_is_suspended_or_the_delivery_recalled) {
  const auto delivered = made();
  receiver.at_post = [&] {
    if (receiver.got.size() != 1) return;
    ASSERT_TRUE(act([&](db::Tx& tx, const Context& ctx) { return suspend(tx, ctx, GrantId::trusted("files"), "complaint"); }));
  };
  push_all();
  EXPECT_EQ(receiver.got.size(), 1U);
  EXPECT_EQ(progress(delivered.id).sent, 1);
  ASSERT_TRUE(act([&](db::Tx& tx, const Context& ctx) { return resume(tx, ctx, GrantId::trusted("files"), "settled"); }));
  ASSERT_TRUE(act([&](db::Tx& tx, const Context& ctx) { return recall(tx, ctx, delivered.id, "wrong rows"); }, "police"));
  clock.advance_to(clock.now() + hours(1));
  push_all();
  EXPECT_EQ(receiver.got.size(), 1U);
}

TEST_P(Pushed, are_sent_anew_when_they_are_sent_again) {
  const auto delivered = made();
  push_all();
  const auto once = receiver.got.size();
  ASSERT_TRUE(act([&](db::Tx& tx, const Context& ctx) { return resend(tx, ctx, facts.day, delivered.id); }));
  push_all();
  EXPECT_EQ(receiver.got.size(), 2 * once);
  EXPECT_EQ(now(delivered.id).state, DeliveryState::acknowledged);
}

TEST_P(Pushed, are_only_those_whose_grant_says_so) {
  apply(files_grant);
  const auto delivered = made();
  push_all();
  EXPECT_TRUE(receiver.got.empty());
  EXPECT_FALSE(*db().read(no_deadline, [&](db::Tx& tx) { return push_progress(tx, delivered.id); }));
}

TEST(PushAddress, is_https_to_a_host_and_a_path) {
  for (const auto* good : {"https://fire.test", "https://fire.test:8443/in/a-b_c", "https://[2001:db8::1]/in", "http://127.0.0.1:8080/in"})
    EXPECT_TRUE(check_push_url(good)) << good;
  for (const auto* bad : {"", "fire.test/in", "ftp://fire.test", "http://fire.test/in", "https://", "https://user@fire.test/in",
                          "https://fire.test/in?a=b", "https://fire.test/#in", "https://fire.test/a b", "https://fire.test/\n", "https://:443/in"})
    EXPECT_EQ(check_push_url(bad).error().code, ErrorCode::invalid) << bad;
}

TEST_P(Pushed, go_on_to_no_address_that_was_taken_back) {
  const auto delivered = made();
  ASSERT_GE(delivered.parts, 2);
  receiver.at_post = [&] {
    receiver.at_post = nullptr;
    apply(with(files_grant, "changes: true", "changes: true, push: \"https://new.test/in\""));
  };
  push_all();
  EXPECT_EQ(receiver.got.size(), 1U);
  clock.advance_to(clock.now() + hours(1));
  push_all();
  EXPECT_EQ(receiver.got.back().url, "https://new.test/in");
  EXPECT_EQ(now(delivered.id).state, DeliveryState::acknowledged);
}

TEST_P(Pushed, are_found_behind_a_thousand_that_are_downloaded) {
  auto grant = db().read(no_deadline, [&](db::Tx& tx) { return exchange::grant(tx, facts.day, GrantId::trusted("files")); })->grant;
  grant.id = GrantId::trusted("downloaded");
  grant.delivery->push.reset();
  ASSERT_TRUE(act([&](db::Tx& tx, const Context& ctx) { return give(tx, ctx, grant, CaseId(Uuid{{5}})); }));
  static constexpr const char* copied =
      "INSERT INTO exchange_delivery (id, grant_id, resource, consumer, provider, programme, kind, format, key, filter, cycle, state, ordered_at, "
      "released_at, files) VALUES ($1, 'downloaded', 'resident', 'fire', 'police', 'inspections', 'snapshot', 'ndjson', '', '', '', 'released', 1, "
      "1, 1)";
  static constexpr db::Query one{"test.one", copied, copied};
  ASSERT_TRUE(db().write(no_deadline, [&](db::Tx& tx) -> Result<> {
    for (int i = 0; i < 1001; ++i) {
      Uuid id{{0, 0, 0, 0, 0, 0, 0x70, 0, 0x80}};
      id.octets[14] = static_cast<std::uint8_t>(i / 256);
      id.octets[15] = static_cast<std::uint8_t>(i % 256);
      JX_CHECK(tx.run(one, DeliveryId(id)));
    }
    return {};
  }));
  const auto ordered = order();
  ASSERT_TRUE(ordered);
  ASSERT_TRUE(worker->step());
  push_all();
  EXPECT_EQ(now(ordered->id).state, DeliveryState::acknowledged);
}

}  // namespace
}  // namespace jx::exchange
