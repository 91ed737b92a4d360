// deliveries.hpp - data handed over in bulk under a grant: ordered, made, released, acknowledged, recalled, destroyed.
// Facts: Order 809 art. 22 (delivery by interface, batch or file), 25 and 27 (no use beyond the purpose; disposal); GB/T 39477-2020 (recall of what
// was sent).
#pragma once
#include <jx/exchange.hpp>
#include <jx/ledger.hpp>

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

namespace jx::exchange {

using DeliveryId = Id<struct DeliveryTag>;

inline constexpr std::size_t part_bytes = 4U << 20U;         // at which a part ends, with the line that goes beyond
inline constexpr std::size_t parts_max = 4'000;              // of a delivery: about 16 GiB
inline constexpr std::int64_t rows_between_checks = 20'000;  // that are read between two looks at the grant
inline constexpr int delivery_days = 30;                     // then its files are deleted
inline constexpr int unacknowledged_max = 3;                 // of a grant; with so many a subscription waits
inline constexpr std::size_t filter_bytes_max = 64U << 10U;
inline constexpr Micros delivery_lease{60'000'000};  // of a worker that is heard of no more

enum class DeliveryKind { snapshot, changes };
BOOST_DESCRIBE_ENUM(DeliveryKind, snapshot, changes)

/// ordered: to be made. released: the consumer may download it. failed: it cannot be made, and `why` says so. superseded: changes of what the
/// consumer no longer has.
enum class DeliveryState { ordered, released, acknowledged, recalled, expired, superseded, failed };
BOOST_DESCRIBE_ENUM(DeliveryState, ordered, released, acknowledged, recalled, expired, superseded, failed)

/// Whole lines of a delivery; its parts joined in their order are the file.
struct DeliveryPart {
  std::int64_t part = 1;
  std::int64_t records = 0;
  std::int64_t bytes = 0;
  crypto::Digest sha256{};
};

struct Delivery {
  DeliveryId id;
  GrantId grant;
  ResourceId resource;
  UnitId consumer;
  UnitId provider;
  ProgrammeId programme;
  DeliveryKind kind = DeliveryKind::snapshot;
  DeliveryFormat format = DeliveryFormat::ndjson;
  std::string key;                 // the field by which a row is known again; empty: it need not be
  std::optional<DeliveryId> base;  // changes: since which delivery
  std::string filter;              // JSON; empty: none
  std::optional<LocalDate> cycle;  // of a subscription: the first day of the cycle that it is for
  DeliveryState state = DeliveryState::ordered;
  Instant ordered_at;
  int attempts = 0;
  std::optional<Instant> released_at;
  std::optional<Instant> expires_at;
  std::int64_t records = 0;
  std::int64_t bytes = 0;
  std::int64_t parts = 0;
  UsageId usage;  // under which its use is recorded when it is released
  std::optional<Instant> acknowledged_at;
  int resends = 0;
  std::optional<Instant> recalled_at;
  std::string recall_reason;
  std::optional<Instant> destroyed_at;  // the consumer has confirmed it
  std::string destroyed_note;
  std::optional<Words> why;  // failed: the reason
};

struct DeliveryOrder {
  GrantId grant;
  ProgrammeId programme;  // the purpose, as a call names it
  DeliveryKind kind = DeliveryKind::snapshot;
  std::optional<boost::json::value> filter;  // as of a call; not of changes, which take that of their base
};

/// Orders a delivery for the actor's unit; a worker makes it. Whether the actor may is asked of identity by the caller.
/// Errors: not_found (/grant); forbidden (the grant is another unit's, not active, for another programme, not for files; the filter names a field
/// that is not granted or masked); invalid (/filter); conflict (changes: nothing was acknowledged that they could be since); limited
/// (unacknowledged_max deliveries wait to be made).
[[nodiscard]] Result<Delivery> order_delivery(db::Tx& tx, const Context& ctx, LocalDate today, const DeliveryOrder& order);

/// Errors: not_found.
[[nodiscard]] Result<Delivery> delivery(db::Tx& tx, const DeliveryId& id);
[[nodiscard]] Result<std::vector<DeliveryPart>> delivery_parts(db::Tx& tx, const DeliveryId& id);
struct DeliveryPage {
  std::vector<Delivery> items;
  std::string next;
};
/// Whose deliveries: of one grant; else those that a unit gets or that are made of its data; else everybody's.
struct DeliveriesOf {
  std::optional<UnitId> unit;
  std::optional<GrantId> grant;
};
/// Newest first. Errors: invalid (/limit, /cursor).
[[nodiscard]] Result<DeliveryPage> deliveries_of(db::Tx& tx, const DeliveriesOf& whose, std::size_t limit, std::string_view cursor);

/// A grant whose deliveries are made by themselves.
struct Subscription {
  GrantId grant;
  DeliveryCycle every = DeliveryCycle::daily;
  std::int64_t unacknowledged = 0;
  bool held_back = false;  // unacknowledged_max are: the next is made when the consumer has acknowledged
};
/// Of the grants that a unit holds or gave; nothing: of all.
[[nodiscard]] Result<std::vector<Subscription>> subscriptions_of(db::Tx& tx, LocalDate today, const std::optional<UnitId>& unit);

// What is done to a delivery. Each is one entry of the ledger with the row that it leaves. The caller says who may.

/// The consumer has it whole: it is not downloaded any more, unless it is sent again. Deliveries of changes of the same grant that were since another
/// are superseded. Errors: not_found; conflict (not released).
[[nodiscard]] Result<ledger::EntryId> acknowledge(db::Tx& tx, const Context& ctx, const DeliveryId& id);
/// An acknowledged delivery is released again for delivery_days. Errors: not_found; conflict (not acknowledged; its files are deleted); forbidden
/// (the grant is not active).
[[nodiscard]] Result<ledger::EntryId> resend(db::Tx& tx, const Context& ctx, LocalDate today, const DeliveryId& id);
/// No more downloads; the files are deleted, and the consumer has to destroy what it has. Errors: not_found; conflict (never released; recalled);
/// invalid (/reason).
[[nodiscard]] Result<ledger::EntryId> recall(db::Tx& tx, const Context& ctx, const DeliveryId& id, std::string_view reason);
/// The consumer has destroyed what it has. Errors: not_found; conflict (never released; confirmed before); invalid (/reason).
[[nodiscard]] Result<ledger::EntryId> confirm_destruction(db::Tx& tx, const Context& ctx, const DeliveryId& id, std::string_view note);

/// Makes deliveries, deletes what is over, and orders for subscriptions. Thread-safe; several programs may do so on one database and one folder.
class Deliveries {
 public:
  struct Needs {
    db::Database& database;
    Sources& sources;
    Facts& facts;
    std::filesystem::path folder;  // of all deliveries
    std::function<Context()> context;
    std::function<void(const Error&)> failed = {};  // told what the worker could not do
    Micros lease = delivery_lease;
    const crypto::KeyRing* mask_keys = nullptr;  // as the gateway's
  };
  explicit Deliveries(Needs needs) : needs_(std::move(needs)) {}
  ~Deliveries() { stop(); }
  Deliveries(const Deliveries&) = delete;
  Deliveries& operator=(const Deliveries&) = delete;

  /// Begins a thread that works when it is woken, and every minute.
  void start();
  void stop();
  void wake();

  /// Makes one delivery that waits to be made; false if there was none. What cannot be made is failed, and that is no error here.
  /// An attempt that was broken off leaves nothing that is shown: its rows are read anew, from the first. A source has no snapshot that outlives a
  /// connection, so to go on in the middle could miss a row or give it twice.
  /// Errors: those of the database.
  [[nodiscard]] Result<bool> step();
  /// Orders what subscriptions are due. Errors: those of the database.
  [[nodiscard]] Result<> subscribe();
  /// Expires deliveries, and deletes the files of those that are over. Errors: those of the database.
  [[nodiscard]] Result<> tidy();

  /// The file of a part, for the consumer's download: the delivery is released, its usage recorded, its grant active today.
  /// Errors: not_found (delivery or part); conflict (not released, recalled, expired); forbidden (the grant is not active); unavailable (no such
  /// file).
  [[nodiscard]] Result<std::filesystem::path> file(db::Tx& tx, const DeliveryId& id, std::int64_t part) const;

 private:
  struct Job;
  [[nodiscard]] Result<std::optional<Job>> lease();
  [[nodiscard]] Result<> make(const Job& job);
  [[nodiscard]] Result<> refuse(const Job& job, const Error& why);
  [[nodiscard]] std::filesystem::path folder_of(const DeliveryId& id) const { return needs_.folder / id.text(); }
  void run(const std::stop_token& stop);

  Needs needs_;
  std::mutex mutex_;
  std::condition_variable_any woken_;
  bool wanted_ = false;  // guarded by mutex_
  std::jthread thread_;
};

/// Files in the folder of all deliveries that are not as their parts say, by their path below it: for `db check`. `deep`: read and hashed.
[[nodiscard]] Result<std::vector<std::string>> check_delivery_files(db::Database& database, const std::filesystem::path& folder, bool deep);

}  // namespace jx::exchange
