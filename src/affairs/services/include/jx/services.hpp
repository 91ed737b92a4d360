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

using catalogue::LawReference;

inline constexpr std::size_t drafts_max = 50;           // of one person
inline constexpr std::size_t certificates_max = 1'000;  // that one list answers
inline constexpr std::size_t signed_bytes_max = 32 * 1024;

// ---- items -------------------------------------------------------------------------------------------------------------------

enum class ItemKind { licence, confirmation, payment, reward, other_power, public_service };
BOOST_DESCRIBE_ENUM(ItemKind, licence, confirmation, payment, reward, other_power, public_service)
enum class ApplicantKind { person, firm };
BOOST_DESCRIBE_ENUM(ApplicantKind, person, firm)

/// The files that a material is handed in as.
struct FileRule {
  int min = 1;  // 0: it may be left out
  int max = 1;
  std::optional<std::vector<attachments::FileType>> types;  // absent: every type but zip
  std::optional<std::int64_t> bytes_max;                    // of one file; absent: as the program is set
};
BOOST_DESCRIBE_STRUCT(FileRule, (), (min, max, types, bytes_max))

struct Material {
  std::optional<std::string> id;  // a key within the item; needed where files are asked for
  LocalizedText name;
  std::optional<LocalizedText> source;
  bool held_by_government = false;
  std::optional<FileRule> files;
  std::optional<std::vector<GrantId>> satisfied_by;  // a read under one of these that found something stands in for the files
};
BOOST_DESCRIBE_STRUCT(Material, (), (id, name, source, held_by_government, files, satisfied_by))

struct Step {
  int stage = 1;  // steps of one stage run at the same time
  LocalizedText name;
  std::optional<UnitId> unit;
  std::optional<LocalizedText> if_refused;
};
BOOST_DESCRIBE_STRUCT(Step, (), (stage, name, unit, if_refused))

/// One read that fills a form.
struct PrefillRule {
  GrantId grant;
  std::string by;                            // the grant's look-up field that holds the applicant's code
  std::map<std::string, std::string> fills;  // field of the resource -> JSON Pointer into the form
};
BOOST_DESCRIBE_STRUCT(PrefillRule, (), (grant, by, fills))

struct ClaimRule {
  LocalizedText name;
  std::string from;  // JSON Pointer into the form
};
BOOST_DESCRIBE_STRUCT(ClaimRule, (), (name, from))

struct CertificateRule {
  std::optional<std::string> id;  // within the item; needed where there are several
  LocalizedText name;
  UnitId issuer;
  std::string type_code;  // GB/T 36904
  std::optional<int> valid_years;
  std::vector<ClaimRule> claims;
};
BOOST_DESCRIBE_STRUCT(CertificateRule, (), (id, name, issuer, type_code, valid_years, claims))

/// A service item. Wire form: README.md, items/*.yaml.
struct Item {
  ItemId id;
  std::string code;
  LocalizedText name;
  LocalizedText summary;
  ItemKind kind = ItemKind::public_service;
  std::string level;
  std::vector<UnitId> units;  // that decide; the first one is in charge
  std::vector<LawReference> legal_basis;
  std::vector<ApplicantKind> who_may_apply;
  std::vector<LocalizedText> conditions;
  std::vector<Material> materials;
  int statutory_wd = 20;
  int promised_wd = 20;
  int visits = 0;
  LocalizedText fee;
  LocalizedText result;
  std::vector<Step> steps;
  ProcessId process;
  std::optional<std::string> form;                // a form of the pack: this or `forms`
  std::optional<std::vector<std::string>> forms;  // several, merged so that nothing is asked twice: those of the process, in its order
  std::string number;                             // prefix of case numbers
  std::optional<std::vector<PrefillRule>> prefill;
  std::optional<CertificateRule> certificate;                // one, or
  std::optional<std::vector<CertificateRule>> certificates;  // several, each issued by a step of its own

  /// The form of the application, as cases::form_now takes it: one key, or several with spaces between.
  [[nodiscard]] std::string form_key() const;
  /// The certificate that a step names, or the only one where it names none; null: there is none of that name.
  [[nodiscard]] const CertificateRule* certificate_named(std::string_view id) const;
};
BOOST_DESCRIBE_STRUCT(Item, (),
                      (id, code, name, summary, kind, level, units, legal_basis, who_may_apply, conditions, materials, statutory_wd, promised_wd,
                       visits, fee, result, steps, process, form, forms, number, prefill, certificate, certificates))

/// The items of the applied pack whose name or summary holds all words of `words` in any language; all of them where it is empty.
[[nodiscard]] Result<std::vector<Item>> items(db::Tx& tx, std::string_view words = {});
/// Errors: not_found.
[[nodiscard]] Result<Item> item(db::Tx& tx, const ItemId& id);

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

struct Draft {
  DraftId id;
  ItemId item;
  PersonId person;             // who fills it in
  std::optional<FirmId> firm;  // for which firm; none: for herself
  boost::json::object form;
  std::vector<Prefill> prefills;
  Instant changed_at;
  std::int64_t version = 1;

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

struct NewDraft {
  ItemId item;
  std::optional<FirmId> firm;
};

/// Begins an application for the signed-in person, or for a firm that she represents.
/// Errors: not_found (item); forbidden (not her firm; the item is not for persons or firms); limited (drafts_max).
[[nodiscard]] Result<Draft> create_draft(db::Tx& tx, const Context& ctx, const NewDraft& wanted, LocalDate today);
/// One's own draft. Errors: not_found.
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
