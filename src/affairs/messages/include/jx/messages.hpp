// messages.hpp - what people are told: an inbox for every person and firm, written in the act that a message is about. What leaves the program, a
// mail or a text message, only says that there is a message (contacts.hpp, deliverer.hpp).
#pragma once
#include <jx/cases.hpp>
#include <jx/core.hpp>
#include <jx/db.hpp>
#include <jx/wire.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace jx::messages {

using MessageId = Id<struct MessageTag>;

inline constexpr std::size_t page_max = 200;
inline constexpr std::int64_t unread_counted_max = 100;  // of one box: beyond that it is only many

enum class Kind {
  received,
  supplement_asked,
  approved,
  refused,
  withdrawn,
  concluded,
  certificate_issued,
  certificate_suspended,
  certificate_resumed,
  certificate_revoked,
  data_read,
  posted,
  ready,  // to be collected
  fee_due,
  fee_paid,
  mandate_given,
  mandate_ended,
  review_answered
};
BOOST_DESCRIBE_ENUM(Kind, received, supplement_asked, approved, refused, withdrawn, concluded, certificate_issued, certificate_suspended,
                    certificate_resumed, certificate_revoked, data_read, posted, ready, fee_due, fee_paid, mandate_given, mandate_ended,
                    review_answered)

/// What a wording needs beside the name of the item. Nothing of what was filled in.
struct Facts {
  std::optional<std::string> number;  // of the case, or of the certificate
  std::optional<LocalizedText> what;  // what it is about, where that is not an item: a certificate, a data matter
  std::optional<LocalizedText> who;   // a unit, a carrier, a person
  std::optional<LocalDate> on;        // a term, a day
  std::optional<std::string> detail;  // a tracking number, an amount
  std::optional<std::int64_t> count;
};
BOOST_DESCRIBE_STRUCT(Facts, (), (number, what, who, on, detail, count))

struct NewMessage {
  cases::Party to;  // a person or a firm
  Kind kind = Kind::received;
  std::optional<CaseId> of_case;
  ItemId item;  // or empty
  Facts facts;
  std::string once;  // a party gets one message of this name; empty: as often as it is written
};

struct Message {
  MessageId id;
  cases::Party to;
  Instant at;
  Kind kind = Kind::received;
  std::optional<CaseId> of_case;
  ItemId item;
  Facts facts;
  std::optional<Instant> read_at;
};

/// Puts a message into the box of a party, and one into the outbox for each address that she has confirmed; for a firm, for each of those who act for
/// it. Errors: invalid (to nobody).
[[nodiscard]] Result<> post(db::Tx& tx, const Context& ctx, const NewMessage& message);

/// Whose messages somebody reads: all of them, or those about cases of some items.
struct Box {
  cases::Party party;
  bool all = true;
  std::vector<ItemId> items;  // unless `all`; empty: of every item

  [[nodiscard]] bool holds(const Message& message) const;
};
/// Her own; all of the firms whose representative she is; and of those that gave her a mandate what is about cases that it covers.
[[nodiscard]] Result<std::vector<Box>> boxes_of(db::Tx& tx, const PersonId& person, LocalDate today);

/// The newest first. Errors: invalid (/limit, /cursor).
[[nodiscard]] Result<cases::Slice<Message>> list(db::Tx& tx, const std::vector<Box>& boxes, const cases::Page& page);
/// How many are not read, at most unread_counted_max of each box.
[[nodiscard]] Result<std::int64_t> unread(db::Tx& tx, const std::vector<Box>& boxes);
/// Marks one as read: of a firm for all who act for it. Again: nothing. Errors: not_found (also: it is in none of the boxes).
[[nodiscard]] Result<Message> read(db::Tx& tx, const Context& ctx, const std::vector<Box>& boxes, MessageId id);
/// Whether somebody reads this message: it is hers, or of a party for which she acts in what it is about. Errors: not_found (no such message).
[[nodiscard]] Result<bool> reads(db::Tx& tx, const PersonId& person, MessageId id, LocalDate today);
/// Marks all as read, of each box the newest unread_counted_max.
[[nodiscard]] Result<> read_all(db::Tx& tx, const Context& ctx, const std::vector<Box>& boxes);
/// Removes what was told about a case whose record is erased.
[[nodiscard]] Result<> forget(db::Tx& tx, CaseId id);

struct Wording {
  LocalizedText title, body;
};
/// `what` is the name of the item, or of what else it is about.
[[nodiscard]] Wording words_of(const Message& message, const LocalizedText& what);

/// Tells applicants of their cases: wired into cases::Engine.
class CaseMessages final : public cases::Listener {
 public:
  Result<> tell(db::Tx& tx, const Context& ctx, const cases::CaseSummary& of, What what, std::optional<LocalDate> on) override;
};

/// Tells persons and firms, once for a day that is over, how often offices read their data. `counts` are by person or firm. Works in small acts; does
/// nothing for a day that is told. Errors: those of the database.
[[nodiscard]] Result<> tell_of_reads(db::Database& database, const std::function<Context()>& context, LocalDate day,
                                     const std::function<Result<std::map<Uuid, std::int64_t>>(db::Tx& tx)>& counts);

}  // namespace jx::messages
