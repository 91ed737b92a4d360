// results.hpp - what goes between an office and an applicant beside the case: how a result reaches her (by post, to collect, electronically), and
// fees. Facts: GB/T 39554 (delivery of results, charges), Administrative Licensing Law art. 44 (delivery within ten working days), art. 58-59 (fees).
#pragma once
#include <jx/calendar.hpp>
#include <jx/cases.hpp>
#include <jx/core.hpp>
#include <jx/db.hpp>
#include <jx/messages.hpp>
#include <jx/pack.hpp>
#include <jx/services/items.hpp>

#include <optional>
#include <string>
#include <vector>

namespace jx::services {

// ---- what a pack says (counter.yaml) -----------------------------------------------------------------------------------------------

struct Carrier {
  std::string id;
  LocalizedText name;
  std::optional<std::string> tracking;  // https://... with {number}
};
BOOST_DESCRIBE_STRUCT(Carrier, (), (id, name, tracking))
struct CounterFile {
  std::string currency;  // ISO 4217, of all fees
  std::optional<std::vector<Carrier>> carriers;
};
BOOST_DESCRIBE_STRUCT(CounterFile, (), (currency, carriers))

inline constexpr std::string_view counter_file = "counter.yaml";
inline constexpr std::size_t carriers_max = 50;
/// Nothing where the pack has none: then it takes no fees and posts nothing. Errors: invalid.
[[nodiscard]] Result<std::optional<CounterFile>> counter_of(const pack::Pack& pack);
void check_counter(const pack::Pack& pack, pack::Findings& findings);

// ---- how a result reaches the applicant ----------------------------------------------------------------------------------------------

enum class ResultWay { electronic, collect, post };
BOOST_DESCRIBE_ENUM(ResultWay, electronic, collect, post)
struct PostalAddress {
  std::string name, telephone, address;
};
BOOST_DESCRIBE_STRUCT(PostalAddress, (), (name, telephone, address))
struct ResultWish {
  ResultWay way = ResultWay::electronic;
  std::optional<PostalAddress> to;  // for `post` alone
};
BOOST_DESCRIBE_STRUCT(ResultWish, (), (way, to))

/// In what ways an item gives its result. Only one: there is nothing to choose.
[[nodiscard]] std::vector<ResultWay> result_ways(const Item& item);
/// Errors: invalid (/way: the item does not; /to...).
[[nodiscard]] Result<> check_wish(const Item& item, const ResultWish& wish);

enum class ResultState { wanted, posted, ready, handed_out };
BOOST_DESCRIBE_ENUM(ResultState, wanted, posted, ready, handed_out)
struct ResultRecord {
  ResultWish wish;
  ResultState state = ResultState::wanted;
  std::string carrier, tracking;  // where it was posted
  std::optional<Instant> done_at;
  UnitId unit;
};
/// Nothing where the applicant had no choice. Errors: those of the database.
[[nodiscard]] Result<std::optional<ResultRecord>> result_of(db::Tx& tx, CaseId id);
/// In the act that submits an application.
[[nodiscard]] Result<ledger::StateHash> want_result(db::Tx& tx, CaseId id, const ResultWish& wish);

struct ResultDone {
  ResultState state = ResultState::posted;
  std::optional<std::string> carrier, tracking;  // for `posted`, both
};
/// A unit has posted the result, has it ready to be collected, or has handed it out: recorded with the case and told to the applicant. What was
/// posted may be posted again (it came back). Errors: not_found (nothing is wanted); conflict (it is so already; the case is not decided); invalid
/// (/state, /carrier, /tracking).
[[nodiscard]] Result<> give_result(db::Tx& tx, const Context& ctx, cases::Engine& engine, CaseId id, const ResultDone& done,
                                   const std::optional<CounterFile>& counter);

// ---- fees ----------------------------------------------------------------------------------------------------------------------------

using FeeId = Id<struct FeeTag>;
inline constexpr std::int64_t fee_amount_max = 1'000'000'000'00;  // minor units
inline constexpr std::size_t fees_max = 50;                       // of one case

struct Fee {
  FeeId id;
  CaseId case_id;
  ItemId item;
  LocalizedText name;
  std::int64_t amount = 0;  // minor units
  std::string currency;
  std::string awaited;  // as what its process waits for it; empty: it does not
  Instant due_at;
  UnitId unit;  // empty: as the item says
  std::optional<Instant> paid_at;
  std::optional<PayWay> way;
  std::string receipt;
  UnitId paid_unit;
  std::optional<LocalDate> pay_by;  // the last day, where its process waits for it so long

  /// Its process has ended and waits no more: nobody owes it.
  [[nodiscard]] bool lapsed(bool case_closed) const { return case_closed && !paid_at && !awaited.empty(); }
  [[nodiscard]] bool overdue(bool case_closed, LocalDate today) const { return !paid_at && pay_by && *pay_by < today && !lapsed(case_closed); }
};
[[nodiscard]] Result<std::vector<Fee>> fees_of(db::Tx& tx, CaseId id);
/// An amount as people write it: `1,234.50 USD`.
[[nodiscard]] std::string money(std::int64_t amount, std::string_view currency);

struct NewFee {
  LocalizedText name;
  std::int64_t amount = 0;
};
/// Records that a fee is due. Errors: conflict (the pack has no currency; the case is concluded); invalid (/amount, /name); limited (fees_max).
[[nodiscard]] Result<FeeId> record_fee(db::Tx& tx, const Context& ctx, cases::Engine& engine, CaseId id, const NewFee& fee,
                                       const std::optional<CounterFile>& counter);
inline constexpr int pay_within_wd_max = 60;
/// The last day on which the fees of an application of today can be paid; nothing where the item says none.
[[nodiscard]] Result<std::optional<LocalDate>> pay_by(const Item& item, const calendar::Calendar& calendar, LocalDate today);
/// Those that the item says with an amount, in the act that submits an application. `awaited` is the variable `service.fees` of the case, `by` is
/// `service.pay_by`.
[[nodiscard]] Result<> record_item_fees(db::Tx& tx, const Context& ctx, cases::Engine& engine, CaseId id, const Item& item,
                                        const std::string& awaited, std::optional<LocalDate> by, const CounterFile& counter);
/// Whether the item says any.
[[nodiscard]] bool has_fees(const Item& item);
struct Payment {
  PayWay way = PayWay::counter;
  std::string receipt;
};
inline constexpr std::string_view fee_message = "fees-paid";
/// Records that it was paid. When none that is awaited is due any more, the process gets the message `fees-paid` with the correlation `service.fees`.
/// Errors: not_found; conflict (paid already; it has lapsed with its case); invalid (/receipt).
[[nodiscard]] Result<> pay_fee(db::Tx& tx, const Context& ctx, cases::Engine& engine, CaseId of, FeeId id, const Payment& payment);

struct FeeTotal {
  std::string currency;
  std::int64_t due = 0, due_amount = 0, paid = 0, paid_amount = 0;  // `due` counts all that were recorded, but for those that have lapsed
};
[[nodiscard]] Result<std::vector<FeeTotal>> fee_totals(db::Tx& tx, const ItemId& item, Instant since);

}  // namespace jx::services
