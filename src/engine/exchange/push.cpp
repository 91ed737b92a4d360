#include "deliveries.hpp"
#include "exchange_sql.hpp"

#include <jx/catalogue.hpp>
#include <jx/exchange/push.hpp>
#include <jx/wire.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace jx::exchange {
namespace {

constexpr Micros push_lease{120'000'000};  // of a worker that is heard of no more; longer than one POST takes
constexpr std::chrono::seconds wait_first{60};
constexpr std::chrono::seconds wait_max = std::chrono::hours(6);
constexpr std::chrono::seconds asked_wait_max = std::chrono::hours(24);
constexpr std::chrono::minutes held_wait{10};  // while the grant may not deliver
constexpr std::chrono::seconds every{5};
constexpr std::size_t taken_up_max = 1000;  // at once

std::string content_type(const Delivery& delivery) { return delivery.format == DeliveryFormat::csv ? "text/csv" : "application/x-ndjson"; }

/// An answer that confirms nothing, as an error that both sides read.
Error not_confirmed(int status) {
  const auto number = std::to_string(status);
  return {ErrorCode::unavailable, {"the receiver answered with status " + number, "接收方返回状态码 " + number}, {}, nullptr};
}

std::chrono::seconds wait_after(int attempts) { return std::min(wait_max, wait_first * (std::int64_t{1} << std::min(attempts, 12))); }

Result<std::string> octets_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string octets((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in.is_open()) return fail(ErrorCode::unavailable, {"the file of this part is not there", "该部分文件已不存在"});
  return octets;
}

}  // namespace

Result<> check_push_url(std::string_view url) {
  const auto refused = [] {
    return fail(
        ErrorCode::invalid,
        {"the address to send to is https://host/path, without user, query and fragment", "接收地址应为 https://主机/路径，不含用户名、查询和片段"},
        "/delivery/push");
  };
  const bool https = url.starts_with("https://"), http = url.starts_with("http://");
  if ((!https && !http) || url.size() > push_url_bytes_max) return refused();
  const auto rest = url.substr(https ? 8 : 7);
  const bool plain =
      std::ranges::all_of(rest, [](char c) { return c > ' ' && c < 0x7f && c != '@' && c != '?' && c != '#' && c != '"' && c != '\\'; });
  const bool v6 = rest.starts_with('[');
  const auto host = v6 ? rest.substr(1, std::min(rest.find(']'), rest.size()) - 1) : rest.substr(0, rest.find_first_of(":/"));
  if (!plain || host.empty()) return refused();
  if (http && !catalogue::is_loopback(host)) return refused();
  return {};
}

std::vector<std::pair<std::string, std::string>> push_headers(const PushKey& key, std::int64_t created, const std::string& url,
                                                              const Delivery& delivery, std::int64_t part, std::string_view body) {
  const auto type = content_type(delivery);
  const auto digest = "sha-256=:" + to_base64(crypto::sha256(bytes_of(body))) + ":";
  const auto id = delivery.id.text();
  const auto place = std::to_string(part) + ";of=" + std::to_string(delivery.parts);
  const auto params = R"(("@method" "@target-uri" "content-type" "content-digest" "junxian-delivery" "junxian-part");created=)" +
                      std::to_string(created) + ";keyid=\"" + key.id + "\";alg=\"ed25519\"";
  const auto base = "\"@method\": POST\n\"@target-uri\": " + url + "\n\"content-type\": " + type + "\n\"content-digest\": " + digest +
                    "\n\"junxian-delivery\": " + id + "\n\"junxian-part\": " + place + "\n\"@signature-params\": " + params;  // RFC 9421 section 2.5
  const auto signature = key.key.sign(bytes_of(base));
  return {{"Content-Type", type},
          {"Content-Digest", digest},
          {"Idempotency-Key", "\"" + id + "-" + std::to_string(part) + "\""},
          {"Junxian-Delivery", id},
          {"Junxian-Part", place},
          {"Signature-Input", "sig1=" + params},
          {"Signature", "sig1=:" + to_base64(signature) + ":"}};
}

Result<std::optional<PushProgress>> push_progress(db::Tx& tx, const DeliveryId& id) {
  JX_TRY(row, tx.one(sql::push_one, id));
  if (!row) return std::optional<PushProgress>();
  PushProgress out;
  out.sent = row->integer(0);
  out.attempts = static_cast<int>(row->integer(1));
  if (!row->null(3)) out.last_at = row->instant(3);
  if (!row->text(4).empty()) {
    JX_TRY(said, wire::decode<Words>(row->text(4)));
    out.said = std::move(said);
  }
  if (!row->null(5)) out.done_at = row->instant(5);
  out.state = out.done_at ? PushState::done : !row->null(6) ? PushState::stopped : out.attempts > 0 ? PushState::failing : PushState::waiting;
  if (out.state == PushState::waiting || out.state == PushState::failing) out.next_at = row->instant(2);
  return std::optional(std::move(out));
}

Result<ledger::EntryId> push_again(db::Tx& tx, const Context& ctx, const DeliveryId& id) {
  JX_TRY(found, delivery(tx, id));
  JX_TRY(progress, push_progress(tx, id));
  if (!progress) return fail(ErrorCode::not_found, {"this delivery is not sent: it is downloaded", "该交付由使用单位下载，不推送"});
  if (progress->done_at || found.state != DeliveryState::released)
    return fail(ErrorCode::conflict, {"there is nothing left to send of this delivery", "该交付没有待推送的内容"});
  JX_CHECK(tx.run(sql::push_resume, id, ctx.now()));
  return record_delivery(tx, ctx, "delivery.push_resumed", found, {});
}

struct Pusher::Job {
  Delivery delivery;
  std::string url;
  std::int64_t sent = 0;
  int attempts = 0;
};

/// What was released since under a grant that says where to send it.
Result<> Pusher::take_up() {
  JX_TRY(due, needs_.database.read(no_deadline, [&](db::Tx& tx) -> Result<std::vector<db::Row>> {
    std::vector<db::Row> list;
    DeliveryId after;
    for (bool more = true; more && list.size() < taken_up_max;) {  // those that are downloaded stand among them
      JX_TRY(rows, tx.all(sql::push_missing, after));
      more = !rows.empty();
      for (auto& row : rows) {
        after = row.id<DeliveryId>(0);
        JX_TRY(grant, grant_row(tx, row.key<GrantId>(1)));
        if (grant.grant.delivery && grant.grant.delivery->push) list.push_back(std::move(row));
      }
    }
    return list;
  }));
  if (due.empty()) return {};
  const auto now = needs_.context().now();
  return needs_.database.write_guarded(no_deadline, [&](db::Tx& tx) -> Result<> {
    for (const auto& row : due) JX_CHECK(tx.run(sql::push_put, row.id<DeliveryId>(0), row.key<GrantId>(1), row.integer(2), now));
    return {};
  });
}

Result<std::optional<Pusher::Job>> Pusher::lease() {
  const auto now = needs_.context().now();
  return needs_.database.write_relaxed(no_deadline, [&](db::Tx& tx) -> Result<std::optional<Job>> {
    JX_TRY(row, tx.one(sql::push_lease, now, now + push_lease));
    if (!row) return std::optional<Job>();
    JX_TRY(found, delivery(tx, row->id<DeliveryId>(0)));
    JX_TRY(grant, grant_row(tx, found.grant));
    std::string url;
    if (grant.grant.delivery) url = grant.grant.delivery->push.value_or("");
    return std::optional(Job{std::move(found), std::move(url), row->integer(1), static_cast<int>(row->integer(2))});
  });
}

Result<> Pusher::put_off(const Job& job, const Error& why, std::optional<std::chrono::seconds> wait) {
  if (needs_.failed) needs_.failed(why);
  const auto now = needs_.context().now();
  const bool over = job.attempts + 1 >= push_attempts_max;
  const auto next = now + std::chrono::duration_cast<Micros>(wait ? std::clamp(*wait, wait_first, asked_wait_max) : wait_after(job.attempts));
  return needs_.database.write_guarded(no_deadline, [&](db::Tx& tx) -> Result<> {
    JX_CHECK(tx.run(sql::push_failed, job.delivery.id, next, now, wire::encode(why.message), over ? std::optional(now) : std::nullopt));
    return {};
  });
}

/// The receiver has every part: that is its acknowledgement.
Result<> Pusher::finish(const Job& job) {
  const auto ctx = needs_.context();
  const auto done = needs_.database.write(no_deadline, [&](db::Tx& tx) -> Result<> {
    JX_CHECK(tx.run(sql::push_done, job.delivery.id, ctx.now()));
    JX_CHECK(acknowledge(tx, ctx, job.delivery.id));
    return {};
  });
  if (!done && done.error().code == ErrorCode::conflict) {  // acknowledged by hand, or recalled, meanwhile
    return needs_.database.write_guarded(no_deadline, [&](db::Tx& tx) -> Result<> {
      JX_CHECK(tx.run(sql::push_done, job.delivery.id, ctx.now()));
      return {};
    });
  }
  if (done && needs_.acknowledged) needs_.acknowledged();
  return done;
}

Result<> Pusher::send(Job& job) {
  while (job.sent < job.delivery.parts) {
    if (stopping_) {
      return needs_.database.write_guarded(no_deadline, [&](db::Tx& tx) -> Result<> {
        JX_CHECK(tx.run(sql::push_release, job.delivery.id));
        return {};
      });
    }
    const auto part = job.sent + 1;
    // The grant, the recall and the rest are looked at before each part.
    const auto path = needs_.database.read(no_deadline, [&](db::Tx& tx) -> Result<std::filesystem::path> {
      JX_TRY(grant, grant_row(tx, job.delivery.grant));
      if (!grant.grant.delivery || grant.grant.delivery->push != job.url)
        return fail(ErrorCode::conflict, {"the address of this grant was changed while it was sent to", "推送期间该授权的接收地址已变更"});
      return needs_.deliveries.file(tx, job.delivery.id, part);
    });
    if (!path) return put_off(job, path.error(), std::chrono::duration_cast<std::chrono::seconds>(held_wait));
    auto octets = octets_of(*path);
    if (!octets) return put_off(job, octets.error(), {});
    const auto now = needs_.context().now();
    auto headers = push_headers(needs_.key, now.micros / 1'000'000, job.url, job.delivery, part, *octets);
    const auto answered = needs_.posting.post({job.url, std::move(headers), std::move(*octets)});
    if (!answered) return put_off(job, answered.error(), {});
    if (answered->status < 200 || answered->status > 299) return put_off(job, not_confirmed(answered->status), answered->retry_after);
    const auto held = needs_.database.write_guarded(no_deadline, [&](db::Tx& tx) -> Result<std::int64_t> {
      return tx.run(sql::push_sent, job.delivery.id, part, needs_.context().now(), needs_.context().now() + push_lease);
    });
    if (!held) return std::unexpected(held.error());
    if (*held == 0) return {};  // another worker's, or begun anew
    job.sent = part;
    job.attempts = 0;
  }
  return finish(job);
}

Result<bool> Pusher::step() {
  JX_CHECK(take_up());
  JX_TRY(job, lease());
  if (!job) return false;
  if (const auto sound = check_push_url(job->url); !sound) {
    JX_CHECK(put_off(*job, sound.error(), std::chrono::duration_cast<std::chrono::seconds>(held_wait)));
    return true;
  }
  JX_CHECK(send(*job));
  return true;
}

void Pusher::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      for (bool more = true; more && !stop.stop_requested();) {
        const auto done = step();
        if (!done && needs_.failed) needs_.failed(done.error());
        more = done && *done;
      }
      std::unique_lock lock(mutex_);
      stopped_.wait_for(lock, stop, every, [] { return false; });
    }
  });
}

void Pusher::stop() {
  if (!thread_.joinable()) return;
  stopping_ = true;
  thread_.request_stop();
  thread_.join();
}

}  // namespace jx::exchange
