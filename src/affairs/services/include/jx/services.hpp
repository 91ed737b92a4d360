// services.hpp - what a citizen or a firm asks of the government: items, drafts with prefilled data, applications, certificates.
// Facts: GB/T 39554-2020 (service items), GB/T 36903-36905 (certificates), Administrative Licensing Law art. 29-44.
#pragma once
#include <jx/attachments.hpp>
#include <jx/cases.hpp>
#include <jx/catalogue.hpp>
#include <jx/core.hpp>
#include <jx/core/fault.hpp>
#include <jx/crypto/sign.hpp>
#include <jx/db.hpp>
#include <jx/exchange.hpp>
#include <jx/pack.hpp>
#include <jx/services/credentials.hpp>
#include <jx/services/items.hpp>
#include <jx/services/results.hpp>

#include <boost/json/object.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jx::identity {
struct Unit;
}

namespace jx::services {

inline constexpr std::size_t drafts_max = 50;           // of one person
inline constexpr std::size_t certificates_max = 1'000;  // that one list answers
inline constexpr std::int64_t status_places = 1 << 20;  // of one status list

// ---- drafts and applications --------------------------------------------------------------------------------------------------

/// A read that filled a part of a form.
struct Prefill {
  GrantId grant;
  UsageId usage;
  Instant at;
  UnitId provider;
  std::int64_t records = 0;                          // 0: the source has nothing about the applicant
  std::map<std::string, boost::json::value> filled;  // JSON Pointer -> what it was filled with
};
BOOST_DESCRIBE_STRUCT(Prefill, (), (grant, usage, at, provider, records, filled))

/// Who fills in a draft for the person before her.
struct Counter {
  AccountId account;
  UnitId unit;
};

struct Draft {
  DraftId id;
  ItemId item;
  PersonId person;             // who fills it in
  std::optional<FirmId> firm;  // for which firm; none: for herself
  boost::json::object form;
  std::vector<Prefill> prefills;
  Instant changed_at;
  std::int64_t version = 1;
  std::optional<Counter> counter;
  std::optional<PersonId> principal;  // by whose mandate; none: for herself or the firm
  std::optional<ResultWish> result;   // how the result is to reach her; none: not said

  [[nodiscard]] cases::Party applicant() const { return firm ? cases::Party(*firm) : cases::Party(principal.value_or(person)); }
};

/// What became of a draft.
struct Application {
  CaseId case_id;
  ItemId item;
  PersonId person;
  std::optional<FirmId> firm;
  std::vector<Prefill> prefills;
  std::optional<PersonId> principal;
};

/// The pointers of a prefill whose fields still hold what was read.
[[nodiscard]] std::vector<std::string> unchanged(const Prefill& prefill, const boost::json::object& form);

/// Somebody at a counter, as her document says.
struct Bearer {
  Code code;
  std::string name;
};

struct NewDraft {
  ItemId item;
  std::optional<FirmId> firm;
  std::optional<Bearer> bearer;       // of a clerk at a counter, who has seen the document; absent: for oneself
  std::optional<PersonId> principal;  // who gave a mandate for the item
};

/// Begins an application for the signed-in person, or for a firm that she represents; at a counter, for the bearer of a document. The clerk then does
/// with it what the applicant could, and the applicant sees it too.
/// Errors: not_found (item; /bearer/code: nobody has it); invalid (/bearer/name: it is another's); forbidden (not her firm; the item is not for
/// persons or firms); limited (drafts_max).
[[nodiscard]] Result<Draft> create_draft(db::Tx& tx, const Context& ctx, const NewDraft& wanted, LocalDate today);
/// One's own draft, or one that one fills in at a counter. Errors: not_found, also where the mandate or the right to act for the firm is over.
[[nodiscard]] Result<Draft> draft(db::Tx& tx, const Context& ctx, DraftId id, LocalDate today);
/// One's own drafts, the last changed first; at a counter those begun in the unit of one's post.
[[nodiscard]] Result<std::vector<Draft>> drafts(db::Tx& tx, const Context& ctx, LocalDate today);
/// Keeps the form as far as it is filled; only its size is checked. Errors: not_found; stale (`version` is not the draft's); too_large.
[[nodiscard]] Result<Draft> save_draft(db::Tx& tx, const Context& ctx, DraftId id, std::optional<std::int64_t> version,
                                       const boost::json::object& form, LocalDate today);
/// What the item says of the files of one of its materials; without a material, that any may come. Errors: invalid (/material: the item asks for no
/// such files).
[[nodiscard]] Result<attachments::Rule> file_rule(const Item& item, std::string_view material);
/// Keeps a draft from being submitted or discarded by another act beside this one. Errors: not_found.
[[nodiscard]] Result<Draft> hold_draft(db::Tx& tx, const Context& ctx, DraftId id, LocalDate today);
/// How the result is to reach the applicant. Errors: not_found; stale; those of check_wish().
[[nodiscard]] Result<Draft> choose_result(db::Tx& tx, const Context& ctx, DraftId id, std::optional<std::int64_t> version, const ResultWish& wish,
                                          LocalDate today);
/// With its files; also where the mandate is over. Errors: not_found.
[[nodiscard]] Result<> discard_draft(db::Tx& tx, const Context& ctx, DraftId id);
/// Reads under the grant, as the applicant authorises it now, and fills the form with the first record. A read that was made is not made again.
/// Errors: those of Gateway::call; not_found (draft); invalid (/grant: the item has no such read).
[[nodiscard]] Result<Draft> prefill(db::Database& database, exchange::Gateway& gateway, const Context& ctx, DraftId id, const GrantId& grant,
                                    LocalDate today);
/// What of the pack an application needs: today, and what counters use.
struct Here {
  LocalDate today;
  std::optional<CounterFile> counter;
  const calendar::Calendar& calendar;
};
/// Opens the case: form, files, prefills and uses go with it, the draft is gone. Errors: not_found; stale; invalid (Error::field points into the
/// form, `faults` gets all that is wrong with it, under /form; or to a material whose files are missing, or whose certificate is not in force today:
/// /materials/<id>); forbidden (the mandate is over).
[[nodiscard]] Result<cases::Receipt> submit(db::Tx& tx, const Context& ctx, cases::Engine& engine, const attachments::Store& files, DraftId id,
                                            std::optional<std::int64_t> version, const Here& here, Faults* faults = nullptr);
/// At which unit's counter a case was taken in; nothing: the applicant sent it.
[[nodiscard]] Result<std::optional<UnitId>> counter_of(db::Tx& tx, CaseId id);
/// The cases that a unit's counter took in, the latest first.
[[nodiscard]] Result<std::vector<CaseId>> counter_cases(db::Tx& tx, const UnitId& unit, std::size_t limit);
/// Errors: not_found.
[[nodiscard]] Result<Application> application(db::Tx& tx, CaseId id);

/// A person or firm as others see it: the code is masked unless `whole`.
struct PartyView {
  ApplicantKind kind = ApplicantKind::person;
  LocalizedText name;
  std::string scheme;  // of the code: cn.citizen-id, cn.credit-code ...
  std::string code;
};
[[nodiscard]] Result<PartyView> party_view(db::Tx& tx, const cases::Party& party, bool whole);
/// The signed-in person and the firms for which she may act on a day, in whatever item.
[[nodiscard]] Result<std::vector<cases::Party>> parties_of(db::Tx& tx, const Context& ctx, LocalDate today);
/// Whether the signed-in person may see what is of a party in an item: it is hers, of a firm whose representative she is, or the item is one of a
/// mandate. What is of no item, such as what somebody asks about her data, no mandate covers.
[[nodiscard]] Result<bool> may_see(db::Tx& tx, const Context& ctx, const cases::Party& party, const ItemId& item, LocalDate today);

/// Cases, drafts and people as the gateway needs to see them.
class GatewayFacts final : public exchange::Facts {
 public:
  GatewayFacts(cases::Engine& engine, std::function<LocalDate()> today) : engine_(engine), today_(std::move(today)) {}
  Result<exchange::Matter> matter(db::Tx& tx, const Uuid& id) override;
  Result<std::optional<PersonId>> person(db::Tx& tx, const Code& code) override;
  Result<std::optional<FirmId>> firm(db::Tx& tx, const Code& code) override;
  LocalDate today() const override { return today_(); }

 private:
  cases::Engine& engine_;
  std::function<LocalDate()> today_;
};

// ---- certificates -------------------------------------------------------------------------------------------------------------

struct Claim {
  LocalizedText name;
  std::string value;
};
BOOST_DESCRIBE_STRUCT(Claim, (), (name, value))

struct Certificate {
  CertificateId id;
  std::string number;
  CaseId case_id;
  ItemId item;
  cases::Party holder;
  LocalizedText name;
  UnitId issuer;
  LocalDate issued_on;
  std::optional<LocalDate> valid_until;  // the last day
  std::vector<Claim> claims;
  std::string signed_form;  // SD-JWT VC with all of its disclosures (jx/services/credentials.hpp); before there were these, a compact JWS
  CertificateStatus status = CertificateStatus::in_force;
};

/// In whose name certificates are signed.
struct Issuer {
  std::string id;                          // `iss`: the origin where browsers find the program, or a URN
  std::string vct;                         // what a type code is put behind to name the type of a credential
  std::string lists;                       // what the number of a status list is put behind to name it
  std::function<LocalDate()> today;        // in the jurisdiction's zone
  std::function<Instant(LocalDate)> ends;  // the instant at which a day is over
};

/// Issues and verifies certificates under the jurisdiction's key. Thread-safe.
class Certificates {
 public:
  Certificates(crypto::Ed25519Key key, Issuer issuer);

  /// The handler of `certificate.issue`: a certificate for the case, by the item's rule that the parameter `certificate` names (the only one without
  /// it), signed and recorded in the act. Answers the variable `certificate` (its number). Errors: invalid (the item issues none of that name; the
  /// form lacks a claim).
  [[nodiscard]] Result<cases::Answer> issue(db::Tx& tx, const Context& ctx, const cases::Call& call) const;

  struct Verdict {
    bool valid = false;
    Words reason;
    std::optional<Certificate> certificate;  // if it is ours, and its number is not kept hidden
  };
  /// Whether a signed certificate, whole or with some of its claims, is ours, unchanged, in force today and not revoked. Errors: too_large; those of
  /// the database.
  [[nodiscard]] Result<Verdict> verify(db::Tx& tx, std::string_view signed_form) const;

  /// What a printed code holds: a compact JWS of what stands on the paper, to be verified without the register. The same for the same certificate.
  [[nodiscard]] Result<std::string> printed_form(db::Tx& tx, const Certificate& certificate) const;
  /// A status list, signed. It is signed anew when something changed, and every hour. Errors: not_found.
  [[nodiscard]] Result<std::string> status_list(db::Tx& tx, std::int64_t list, Instant now) const;
  /// What /.well-known/jwt-vc-issuer says: `issuer` and `jwks`.
  [[nodiscard]] boost::json::object metadata() const;

  [[nodiscard]] const crypto::Ed25519PublicKey& public_key() const { return public_key_; }

 private:
  struct SignedList {
    std::vector<std::pair<std::size_t, CertificateStatus>> values;
    Instant at;
    std::string text;
  };
  [[nodiscard]] boost::json::object header(std::string_view type) const;
  [[nodiscard]] std::string list_uri(std::int64_t list) const { return issuer_.lists + std::to_string(list); }
  [[nodiscard]] std::string sign(const Certificate& made, const CertificateRule& rule, const PartyView& holder, const identity::Unit& authority,
                                 std::pair<std::int64_t, std::int64_t> place, const Context& ctx) const;
  [[nodiscard]] boost::json::object claims_open(const Certificate& certificate, const LocalizedText& authority, Instant at) const;

  crypto::Ed25519Key key_;
  crypto::Ed25519PublicKey public_key_;
  std::string key_id_;
  Issuer issuer_;
  mutable std::mutex mutex_;
  mutable std::map<std::int64_t, SignedList> lists_;  // guarded by mutex_
};

/// Revokes a certificate, suspends it, or lifts a suspension (in_force); with the reason and the law, recorded in the act. What was revoked stays so.
/// Errors: not_found; forbidden (another unit issued it); conflict (it is so already, or revoked); invalid (no reason, no law).
[[nodiscard]] Result<Certificate> set_status(db::Tx& tx, const Context& ctx, CertificateId id, CertificateStatus wanted, std::string_view reason,
                                             const LawReference& law);

/// Those of some parties, newest first.
[[nodiscard]] Result<std::vector<Certificate>> certificates_of(db::Tx& tx, std::span<const cases::Party> holders);
/// Those that a case issued.
[[nodiscard]] Result<std::vector<Certificate>> certificates_for(db::Tx& tx, CaseId id);
/// Errors: not_found.
[[nodiscard]] Result<Certificate> certificate(db::Tx& tx, CertificateId id);

/// A certificate that stands in for the files of a material.
struct Presentation {
  std::string material;
  Certificate certificate;
  Instant at;
};

/// Whether a certificate is of a type (GB/T 36904): its number begins with the code.
[[nodiscard]] bool of_type(const Certificate& certificate, std::string_view type_code);
/// Why a certificate stands in for nothing today; nothing: it is in force.
[[nodiscard]] std::optional<Words> not_in_force(const Certificate& certificate, LocalDate today);
/// The certificates of a party that are in force today and may stand in for the files of a material.
[[nodiscard]] Result<std::vector<Certificate>> presentable(db::Tx& tx, const cases::Party& holder, const Material& material, LocalDate today);
/// Puts a certificate of the draft's applicant in place of the files of a material; one that was there before is replaced.
/// Errors: not_found (the draft; /certificate: the applicant has no such certificate); invalid (/material: no certificate stands in for it;
/// /certificate: it is of another type, or not in force today).
[[nodiscard]] Result<> present_certificate(db::Tx& tx, const Context& ctx, DraftId id, std::string_view material, CertificateId wanted,
                                           LocalDate today);
/// Errors: not_found (the draft; nothing is presented for this material).
[[nodiscard]] Result<> withdraw_certificate(db::Tx& tx, const Context& ctx, DraftId id, std::string_view material,
                                            LocalDate today);
/// What was presented for a draft or a case, by material.
[[nodiscard]] Result<std::vector<Presentation>> presentations(db::Tx& tx, const Uuid& owner);

/// The rows that ledger entries vouch for.
[[nodiscard]] std::span<const ledger::StateTable> state_tables();
/// items/*.yaml of a pack.
[[nodiscard]] std::unique_ptr<pack::Part> pack_part();

}  // namespace jx::services
