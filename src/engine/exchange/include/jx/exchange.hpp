// exchange.hpp - every datum that crosses a department's border: grants, programmes, the gateway, the record of each use.
// Facts: Order 809 art. 20, 21, 25, 29; Personal Information Protection Law art. 6, 44.
#pragma once
#include <jx/catalogue.hpp>
#include <jx/core.hpp>
#include <jx/crypto/seal.hpp>
#include <jx/db.hpp>
#include <jx/exchange/filter.hpp>
#include <jx/exchange/sources.hpp>
#include <jx/ledger.hpp>
#include <jx/pack.hpp>

#include <boost/json/value.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jx::exchange {

using catalogue::LawReference;

inline constexpr std::size_t rows_max = 200;            // of one answer
inline constexpr std::size_t rows_scanned_max = 5'000;  // that one call may read of a source to find them
inline constexpr std::size_t conditions_max = 10;
inline constexpr std::size_t value_bytes_max = 200;  // of one value that is looked up
inline constexpr std::size_t orders_max = 3;
inline constexpr int count_minimum_default = 5;      // a count from 1 to below this is not told, where the grant says nothing else
inline constexpr std::size_t count_cells_max = 200;  // values, or pairs of them, that are counted by
inline constexpr std::size_t prefix_chars_min = 2;   // of a value that is looked up by its beginning or a part

enum class Binding { case_, programme };
BOOST_DESCRIBE_ENUM(Binding, case_, programme)

struct GrantField {
  std::string id;
  std::optional<std::string> mask;  // partial, generalise, hash, pseudonym or drop; else FEEL over `value`
};
BOOST_DESCRIBE_STRUCT(GrantField, (), (id, mask))

enum class DeliveryFormat { ndjson, csv };
BOOST_DESCRIBE_ENUM(DeliveryFormat, ndjson, csv)
enum class DeliveryCycle { daily, weekly, monthly };
BOOST_DESCRIBE_ENUM(DeliveryCycle, daily, weekly, monthly)

/// That a grant's data is handed over as files (Order 809 art. 22); see jx/exchange/deliveries.hpp.
struct DeliveryTerms {
  DeliveryFormat format = DeliveryFormat::ndjson;
  bool changes = false;                // after an acknowledged snapshot, only what has changed since may be ordered
  std::optional<std::string> key;      // changes: the field by which a row is known again; absent: that of the resource's subject
  std::optional<DeliveryCycle> every;  // one is made by itself in each
  std::optional<std::string> push;     // an https address of the consumer to which what is released is sent; absent: it is downloaded (push.hpp)
};
BOOST_DESCRIBE_STRUCT(DeliveryTerms, (), (format, changes, key, every, push))

/// An approved request: who may read which fields and rows of what, for which purpose, on which legal basis, until when. Wire form: README.md.
struct Grant {
  GrantId id;
  ResourceId resource;
  UnitId consumer;
  Binding binding = Binding::case_;
  std::optional<std::vector<ItemId>> items;  // case: of which service items
  std::optional<ProgrammeId> programme;      // programme
  LocalizedText purpose;
  std::vector<LawReference> legal_basis;
  std::vector<GrantField> fields;
  std::vector<std::string> lookup;  // fields by which a row may be looked up
  std::optional<std::string> rows;  // FEEL over the resource's fields: only rows for which it is true
  int calls_per_minute = 60;
  LocalDate valid_from;
  std::optional<LocalDate> valid_to;            // the last day
  std::optional<std::int64_t> records_per_day;  // answered in any 24 hours; nothing: no limit
  std::optional<std::string> verify;            // FEEL over the resource's fields: the answer is only whether it is true. Such a grant has no fields
  std::optional<int> count_minimum;             // the answer is only how many rows there are, and no number below this. Fields are what is counted by
  std::optional<DeliveryTerms> delivery;        // of a grant that is bound to a programme; nothing: calls only

  [[nodiscard]] const GrantField* field(std::string_view id) const;
};
BOOST_DESCRIBE_STRUCT(Grant, (),
                      (id, resource, consumer, binding, items, programme, purpose, legal_basis, fields, lookup, rows, calls_per_minute, valid_from,
                       valid_to, records_per_day, verify, count_minimum, delivery))

/// A named plan of a unit that a grant may be bound to.
struct Programme {
  ProgrammeId id;
  UnitId unit;
  LocalizedText name;
  LocalizedText purpose;
  std::vector<LawReference> legal_basis;
  LocalDate valid_from;
  LocalDate valid_to;  // the last day
};
BOOST_DESCRIBE_STRUCT(Programme, (), (id, unit, name, purpose, legal_basis, valid_from, valid_to))

enum class GrantState { active, not_yet, suspended, ended, expired };
BOOST_DESCRIBE_ENUM(GrantState, active, not_yet, suspended, ended, expired)

struct GrantView {
  Grant grant;
  GrantState state = GrantState::active;
  catalogue::Resource resource;
  std::optional<Programme> programme;
};

// ---- what the exchange needs of others ----------------------------------------------------------------------------------------

enum class Op { eq, starts_with, contains };
BOOST_DESCRIBE_ENUM(Op, eq, starts_with, contains)

struct Condition {
  std::string column;
  Op op = Op::eq;
  std::string value;  // text; a connector compares as its column's type does. starts_with and contains ignore case.
};

/// A column that rows are put in order by, as the program orders the values of a field of that type (Order).
struct ReadOrder {
  std::string column;
  catalogue::FieldType type = catalogue::FieldType::text;
  bool descending = false;
};

/// A read of one table, pushed down: all conditions hold, rows in the source's own order.
struct Read {
  catalogue::Source source;
  std::string table;
  std::vector<std::string> columns;
  std::vector<Condition> where;
  std::size_t offset = 0;
  std::size_t limit = rows_max;
  std::optional<Sieve> sieve = {};  // which of the rows may be left out; offset and limit count those that are not
  /// The order that is wished for; rows that are alike in it keep the source's own. A source that cannot put all rows in exactly this order answers
  /// in its own, and says so.
  std::vector<ReadOrder> order = {};
};
struct ReadRows {
  std::vector<std::vector<boost::json::value>> rows;  // null, boolean, integer, double or string, in the order of Read::columns
  bool more = false;
  bool ordered = false;  // as Read::order says
};

/// The departments' data, read in place. Implemented by edge/connectors; thread-safe. Never writes.
class Sources {
 public:
  virtual ~Sources() = default;
  /// Errors: unavailable (the source is down or broken: says which); invalid (it lacks the table or a column); timeout.
  [[nodiscard]] virtual Result<ReadRows> read(const Read& read, Instant deadline) = 0;
  /// Its tables and their columns. Errors: as read().
  [[nodiscard]] virtual Result<std::vector<TableShape>> shape(const catalogue::Source& source, Instant deadline);
  /// Hands every row of the table to `take`, in the source's own order and with all columns that shape() names. Errors: as read(); those of `take`.
  [[nodiscard]] virtual Result<> scan(const catalogue::Source& source, const std::string& table, Instant deadline, const TakeRow& take);
  /// The same with these columns alone, in this order. Here: picked from all; a source that can is asked for no others.
  [[nodiscard]] virtual Result<> scan_columns(const catalogue::Source& source, const std::string& table, std::span<const std::string> columns,
                                              Instant deadline, const TakeRow& take);
  [[nodiscard]] virtual SourceState state(const catalogue::Source&) { return {}; }
  /// The source is not connected any more: what is kept of it is let go.
  virtual void forget(const SourceId&) {}
};

/// A case or a draft as the gateway needs to see it.
struct Matter {
  ItemId item;
  bool open = false;
  bool draft = false;
  std::string number;         // of the case; empty for a draft
  PersonId person;            // who applies, or represents the firm that does
  AccountId counter;          // of a draft: the clerk who fills it in with the applicant before her; nil: nobody
  std::vector<Code> codes;    // of the applicant: the person's, and the firm's where it applies for one
  std::vector<UnitId> units;  // that handle it
};

/// What other modules tell the gateway. Implemented in affairs and app.
class Facts {
 public:
  virtual ~Facts() = default;
  /// Errors: not_found.
  [[nodiscard]] virtual Result<Matter> matter(db::Tx& tx, const Uuid& id) = 0;
  /// The person who bears a code; nothing if none is known.
  [[nodiscard]] virtual Result<std::optional<PersonId>> person(db::Tx& tx, const Code& code) = 0;
  /// The firm that bears a code; nothing if none is known.
  [[nodiscard]] virtual Result<std::optional<FirmId>> firm(db::Tx&, const Code&) { return std::optional<FirmId>(); }
  /// Today, in the jurisdiction's zone.
  [[nodiscard]] virtual LocalDate today() const = 0;
};

// ---- the gateway ------------------------------------------------------------------------------------------------------------------

struct Lookup {
  std::string field;
  Op op = Op::eq;
  std::string value;
};

/// Rows in the order of a field; texts by octets, numbers as numbers, what is absent first.
struct Order {
  std::string field;
  bool descending = false;
};

struct Call {
  ResourceId resource;
  GrantId grant;
  std::optional<ProgrammeId> programme;  // for a grant that is bound to one
  std::optional<Uuid> matter;            // for a grant that is bound to cases: CaseId or DraftId
  std::vector<Lookup> where;
  std::vector<std::string> fields;  // a part of the granted ones; empty: all
  std::size_t limit = 50;           // 1 to rows_max
  std::string cursor;               // Answer::next of the page before
  bool by_applicant = false;        // the applicant authorises the read for her own draft; else an official of the consumer reads
  std::vector<Order> order;         // over granted fields that are not masked; at most orders_max. Then all that is found must fit rows_scanned_max
  bool count = false;               // answer how many rows there are, of each value of `fields`; a grant with count_minimum answers nothing else
  std::optional<Filter> filter;     // which of the rows that `where` finds; evaluated here, over granted fields that are not masked
};

struct Answer {
  UsageId usage;
  ledger::EntryId entry;
  Instant at;
  std::vector<catalogue::Field> fields;
  std::vector<std::vector<boost::json::value>> rows;
  std::string next;  // empty: no more
  Bytes nonce;       // 16 random octets that only this answer has: with them the record holds this answer and tells nothing of it (receipts.hpp)
};

/// The one field of an answer to a verification-only grant: "yes", "no", or "unknown" where no row was found or the condition has no value.
inline constexpr std::string_view verdict_field = "verdict";

/// The last field of an answer that counts. A row of nulls: numbers that are too small to be told. By values of fields it is always the last row,
/// whether or not there are any.
inline constexpr std::string_view count_field = "count";

/// The gateway. Thread-safe.
class Gateway {
 public:
  /// `mask_keys`, from which the keys of the masks `hash` and `pseudonym` come, outlives it; without it such masks show nothing.
  Gateway(db::Database& database, Sources& sources, Facts& facts, const crypto::KeyRing* mask_keys = nullptr);
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  /// Reads under a grant. The use is recorded durably before this returns; a call that the grant refuses is recorded too,
  /// as asked by the caller's unit (that the rate is used up: once a minute).
  /// Errors: not_found (resource, grant, matter); forbidden (the grant does not cover this call: says why); invalid (a field or look-up that the
  /// grant does not name; Error::field points into the call); conflict (the grant or its resource was changed during the read); limited (too many
  /// answered calls in a minute); unavailable, timeout (the source).
  /// `may`, if given, is asked first, in the same read as the grant: whether the caller may call at all; and again after a source that took longer than
  /// a right may be remembered. Its refusal is not recorded.
  [[nodiscard]] Result<Answer> call(const Context& ctx, const Call& call, const std::function<Result<>(db::Tx&)>& may = {});

  class Cache;
  struct Permit;

 private:
  using May = std::function<Result<>(db::Tx&)>;
  [[nodiscard]] Result<Answer> answer(const Context& ctx, const Call& call, const Permit& permit, const May& may);

  db::Database& database_;
  Sources& sources_;
  Facts& facts_;
  std::unique_ptr<Cache> cache_;
};

// ---- grants and records ----------------------------------------------------------------------------------------------------------

/// Every grant of the applied pack as of `today`, by id. With `unit`: only those that it holds or that rest on its resources.
[[nodiscard]] Result<std::vector<GrantView>> grants(db::Tx& tx, LocalDate today, const std::optional<UnitId>& unit = {});
/// Errors: not_found.
[[nodiscard]] Result<GrantView> grant(db::Tx& tx, LocalDate today, const GrantId& id);
/// Suspends a grant: the next call is refused. Errors: not_found; conflict (not active); invalid (/reason).
[[nodiscard]] Result<ledger::EntryId> suspend(db::Tx& tx, const Context& ctx, const GrantId& id, std::string_view reason);

/// One recorded use.
/// On whose word data was read. As stored: numbers never change.
enum class OnWord : std::uint8_t {
  official = 0,   // of a unit, for a case or a programme of its own
  applicant = 1,  // she authorised it herself
  at_counter = 2  // a clerk says that she did, in front of her
};

struct Usage {
  UsageId id;
  Instant at;
  UnitId consumer;  // that read under its grant; of a refused call: that asked, which need not hold the grant
  UnitId provider;
  ResourceId resource;
  GrantId grant;
  std::vector<std::string> fields;
  std::int64_t records = 0;
  std::optional<Uuid> matter;
  std::string matter_number;
  ItemId item;            // of the matter
  ProgrammeId programme;  // or the programme
  OnWord on_word = OnWord::official;
  std::optional<Words> refused;  // why the call was refused; nothing: it was answered
  ledger::EntryId entry;
  AccountId account;  // that called, or ordered the delivery; nil: the program itself
};
struct UsagePage {
  std::vector<Usage> items;
  std::string next;
};

/// What was read about a person, newest first. Refused calls are not shown: nothing was read.
[[nodiscard]] Result<UsagePage> usage_about(db::Tx& tx, const PersonId& person, std::size_t limit, std::string_view cursor);
/// What a unit read (`consumer`) or what was read from it, newest first.
[[nodiscard]] Result<UsagePage> usage_by(db::Tx& tx, const UnitId& consumer, std::size_t limit, std::string_view cursor);
[[nodiscard]] Result<UsagePage> usage_from(db::Tx& tx, const UnitId& provider, std::size_t limit, std::string_view cursor);
/// What was read for a case or draft, oldest first; at most 1,000.
[[nodiscard]] Result<std::vector<Usage>> usage_for(db::Tx& tx, const Uuid& matter);
/// A draft became a case: its uses follow it. Answers what the entry of the act has to vouch for.
[[nodiscard]] Result<std::vector<ledger::StateHash>> rebind(db::Tx& tx, const Uuid& draft, const CaseId& case_id, std::string_view number);

/// SHA-256 over persons in their order, as a use keeps it.
[[nodiscard]] crypto::Digest persons_hash(std::span<const PersonId> persons);
/// The uses whose persons are not those that they were recorded with: for `db check`.
[[nodiscard]] Result<std::vector<UsageId>> uses_with_other_persons(db::Database& database);

/// The rows that ledger entries vouch for.
[[nodiscard]] std::span<const ledger::StateTable> state_tables();
/// programmes/*.yaml and grants/*.yaml of a pack.
[[nodiscard]] std::unique_ptr<pack::Part> pack_part();

}  // namespace jx::exchange
