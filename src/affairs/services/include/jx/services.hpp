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
#include <jx/services/items.hpp>

#include <boost/json/object.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jx::services {

inline constexpr std::size_t drafts_max = 50;           // of one person
inline constexpr std::size_t certificates_max = 1'000;  // that one list answers
inline constexpr std::size_t signed_bytes_max = 32 * 1024;

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

  [[nodiscard]] cases::Party applicant() const { return firm ? cases::Party(*firm) : cases::Party(person); }
};

/// What became of a draft.
struct Application {
  CaseId case_id;
  ItemId item;
  PersonId person;
  std::optional<FirmId> firm;
  std::vector<Prefill> prefills;
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
  std::optional<Bearer> bearer;  // of a clerk at a counter, who has seen the document; absent: for oneself
};

/// Begins an application for the signed-in person, or for a firm that she represents; at a counter, for the bearer of a document. The clerk then does
/// with it what the applicant could, and the applicant sees it too.
/// Errors: not_found (item; /bearer/code: nobody has it); invalid (/bearer/name: it is another's); forbidden (not her firm; the item is not for
/// persons or firms); limited (drafts_max).
[[nodiscard]] Result<Draft> create_draft(db::Tx& tx, const Context& ctx, const NewDraft& wanted, LocalDate today);
/// One's own draft, or one that one fills in at a counter. Errors: not_found.
[[nodiscard]] Result<Draft> draft(db::Tx& tx, const Context& ctx, DraftId id);
/// One's own drafts, the last changed first.
[[nodiscard]] Result<std::vector<Draft>> drafts(db::Tx& tx, const Context& ctx);
/// Keeps the form as far as it is filled; only its size is checked. Errors: not_found; stale (`version` is not the draft's); too_large.
[[nodiscard]] Result<Draft> save_draft(db::Tx& tx, const Context& ctx, DraftId id, std::optional<std::int64_t> version,
                                       const boost::json::object& form);
/// What the item says of the files of one of its materials; without a material, that any may come. Errors: invalid (/material: the item asks for no
/// such files).
[[nodiscard]] Result<attachments::Rule> file_rule(const Item& item, std::string_view material);
/// Keeps a draft from being submitted or discarded by another act beside this one. Errors: not_found.
[[nodiscard]] Result<Draft> hold_draft(db::Tx& tx, const Context& ctx, DraftId id);
/// With its files. Errors: not_found.
[[nodiscard]] Result<> discard_draft(db::Tx& tx, const Context& ctx, DraftId id);
/// Reads under the grant, as the applicant authorises it now, and fills the form with the first record. A read that was made is not made again.
/// Errors: those of Gateway::call; not_found (draft); invalid (/grant: the item has no such read).
[[nodiscard]] Result<Draft> prefill(db::Database& database, exchange::Gateway& gateway, const Context& ctx, DraftId id, const GrantId& grant,
                                    LocalDate today);
/// Opens the case: form, files, prefills and uses go with it, the draft is gone. Errors: not_found; stale; invalid (Error::field points into the
/// form, `faults` gets all that is wrong with it, under /form; or to a material whose files are missing: /materials/<id>).
[[nodiscard]] Result<cases::Receipt> submit(db::Tx& tx, const Context& ctx, cases::Engine& engine, const attachments::Store& files, DraftId id,
                                            std::optional<std::int64_t> version, Faults* faults = nullptr);
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
  std::string code;
};
[[nodiscard]] Result<PartyView> party_view(db::Tx& tx, const cases::Party& party, bool whole);
/// The signed-in person and the firms for which she may act on a day, in whatever item.
[[nodiscard]] Result<std::vector<cases::Party>> parties_of(db::Tx& tx, const Context& ctx, LocalDate today);

/// Cases, drafts and people as the gateway needs to see them.
class GatewayFacts final : public exchange::Facts {
 public:
  GatewayFacts(cases::Engine& engine, std::function<LocalDate()> today) : engine_(engine), today_(std::move(today)) {}
  Result<exchange::Matter> matter(db::Tx& tx, const Uuid& id) override;
  Result<std::optional<PersonId>> person(db::Tx& tx, const Code& code) override;
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
  std::string signed_form;  // compact JWS (RFC 7515), EdDSA over Ed25519 (RFC 8037)
};

/// Issues and verifies certificates under the jurisdiction's key. Immutable, thread-safe.
class Certificates {
 public:
  /// `issuer_url` names the jurisdiction in what is signed: `urn:junxian:<pack>`.
  Certificates(crypto::Ed25519Key key, std::string issuer_url, std::function<LocalDate()> today);

  /// The handler of `certificate.issue`: a certificate for the case, by the item's rule that the parameter `certificate` names (the only one without
  /// it), signed and recorded in the act. Answers the variable `certificate` (its number). Errors: invalid (the item issues none of that name; the
  /// form lacks a claim).
  [[nodiscard]] Result<cases::Answer> issue(db::Tx& tx, const Context& ctx, const cases::Call& call) const;

  struct Verdict {
    bool valid = false;
    Words reason;
    std::optional<Certificate> certificate;  // if it is ours
  };
  /// Whether a signed certificate is ours, unchanged, in force today and not revoked. Errors: too_large; those of the database.
  [[nodiscard]] Result<Verdict> verify(db::Tx& tx, std::string_view signed_form) const;

  [[nodiscard]] const crypto::Ed25519PublicKey& public_key() const { return public_key_; }

 private:
  crypto::Ed25519Key key_;
  crypto::Ed25519PublicKey public_key_;
  std::string key_id_;
  std::string issuer_url_;
  std::function<LocalDate()> today_;
};

/// Those of some parties, newest first.
[[nodiscard]] Result<std::vector<Certificate>> certificates_of(db::Tx& tx, std::span<const cases::Party> holders);
/// Those that a case issued.
[[nodiscard]] Result<std::vector<Certificate>> certificates_for(db::Tx& tx, CaseId id);
/// Errors: not_found.
[[nodiscard]] Result<Certificate> certificate(db::Tx& tx, CertificateId id);

/// The rows that ledger entries vouch for.
[[nodiscard]] std::span<const ledger::StateTable> state_tables();
/// items/*.yaml of a pack.
[[nodiscard]] std::unique_ptr<pack::Part> pack_part();

}  // namespace jx::services
