// push.hpp - released deliveries are sent to an address of the consumer, part by part, where their grant says `push`.
//
// A part is a POST of its octets with these header fields:
//   Content-Digest    sha-256 of the body (RFC 9530)
//   Idempotency-Key   "<delivery>-<part>": the same part never counts twice, however often it comes
//   Junxian-Delivery  the delivery's id
//   Junxian-Part      3;of=12 (RFC 8941)
//   Signature-Input, Signature (RFC 9421): "@method" "@target-uri" "content-type" "content-digest" "junxian-delivery" "junxian-part", by the Ed25519
//   key
//                     that the node publishes at /.well-known/jwt-vc-issuer, under its `kid`
// An answer of 2xx confirms the part; with that to the last one the delivery is acknowledged. Anything else, or nothing, has the same part sent again
// later: after a minute, then twice as long each time, up to six hours, or as `Retry-After` says. Parts go one after another, and deliveries of one
// grant in their order, so that a receiver that is slow or away holds back all that follows; a subscription makes no more than three meanwhile.
#pragma once
#include <jx/crypto/sign.hpp>
#include <jx/exchange/deliveries.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace jx::exchange {

inline constexpr int push_attempts_max = 20;  // in a row, over three days: then somebody has to ask for it
inline constexpr std::size_t push_url_bytes_max = 500;

/// Errors: invalid: https://host[:port]/path without user, query and fragment (http:// on loopback alone).
[[nodiscard]] Result<> check_push_url(std::string_view url);

/// What is sent, and what is answered.
struct Outgoing {
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};
struct Received {
  int status = 0;
  std::optional<std::chrono::seconds> retry_after;
};
/// Sends to the world outside. Implemented in edge.
class Posting {
 public:
  virtual ~Posting() = default;
  /// Errors: unavailable, timeout (no answer); forbidden (an address that the node does not send to); invalid (no address).
  [[nodiscard]] virtual Result<Received> post(const Outgoing& what) = 0;
};

/// The key of RFC 9421 under its published name.
struct PushKey {
  std::string id;
  crypto::Ed25519Key key;
};
/// The header fields of a part, signed. `created`: seconds since 1970.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> push_headers(const PushKey& key, std::int64_t created, const std::string& url,
                                                                            const Delivery& delivery, std::int64_t part, std::string_view body);

enum class PushState { waiting, failing, stopped, done };
BOOST_DESCRIBE_ENUM(PushState, waiting, failing, stopped, done)
struct PushProgress {
  PushState state = PushState::waiting;
  std::int64_t sent = 0;  // parts that were confirmed
  int attempts = 0;       // that failed in a row
  std::optional<Instant> next_at, last_at, done_at;
  std::optional<Words> said;  // why the last attempt failed
};
/// Nothing: it is not sent.
[[nodiscard]] Result<std::optional<PushProgress>> push_progress(db::Tx& tx, const DeliveryId& id);
/// Tries again now, though it was given up. Errors: not_found (it is not sent); conflict (all of it was confirmed).
[[nodiscard]] Result<ledger::EntryId> push_again(db::Tx& tx, const Context& ctx, const DeliveryId& id);

/// Sends deliveries. Thread-safe; several programs may do so on one database and one folder of deliveries.
class Pusher {
 public:
  struct Needs {
    db::Database& database;
    const Deliveries& deliveries;
    Posting& posting;
    PushKey key;
    std::function<Context()> context;
    std::function<void(const Error&)> failed = {};  // told what could not be sent, and what the worker could not do
    std::function<void()> acknowledged = {};        // a delivery was: a subscription that waited may go on
  };
  explicit Pusher(Needs needs) : needs_(std::move(needs)) {}
  ~Pusher() { stop(); }
  Pusher(const Pusher&) = delete;
  Pusher& operator=(const Pusher&) = delete;

  void start();
  void stop();

  /// Sends what is left of one delivery that is due, until a part is not confirmed; false if none was. That it fails is no error here.
  /// Errors: those of the database.
  [[nodiscard]] Result<bool> step();

 private:
  struct Job;
  [[nodiscard]] Result<> take_up();
  [[nodiscard]] Result<std::optional<Job>> lease();
  [[nodiscard]] Result<> send(Job& job);
  [[nodiscard]] Result<> put_off(const Job& job, const Error& why, std::optional<std::chrono::seconds> wait);
  [[nodiscard]] Result<> finish(const Job& job);

  Needs needs_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::atomic<bool> stopping_{false};
  std::jthread thread_;
};

}  // namespace jx::exchange
