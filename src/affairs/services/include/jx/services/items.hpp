// items.hpp - service items: what a citizen or a firm can ask for, as the applied pack has them, and how they are found.
// Facts: GB/T 39554-2020.
#pragma once
#include <jx/attachments.hpp>
#include <jx/catalogue.hpp>
#include <jx/core.hpp>
#include <jx/db.hpp>
#include <jx/pack.hpp>
#include <jx/search.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jx::services {

using catalogue::LawReference;

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

/// GB/T 39554: what is told of an item beyond what its case needs. All of it may be absent in a pack; `items lint` says what must go together.
enum class Handling { at_once, promised };  // 即办件, 承诺件
BOOST_DESCRIBE_ENUM(Handling, at_once, promised)
enum class Reach { county, city, province, provinces, nation };  // 通办范围; provinces: agreed between some
BOOST_DESCRIBE_ENUM(Reach, county, city, province, provinces, nation)
enum class ResultKind { certificate, document, payment, other };
BOOST_DESCRIBE_ENUM(ResultKind, certificate, document, payment, other)
enum class PayWay { online, counter, bank };
BOOST_DESCRIBE_ENUM(PayWay, online, counter, bank)
enum class StageKind { accept, examine, approve, conclude, deliver };
BOOST_DESCRIBE_ENUM(StageKind, accept, examine, approve, conclude, deliver)

struct Charge {
  LocalizedText name;
  std::optional<LocalizedText> standard;
  std::optional<std::int64_t>
      amount;  // minor units of the pack's currency; it is due when the application is submitted. Absent: an office says how much
};
BOOST_DESCRIBE_STRUCT(Charge, (), (name, standard, amount))
struct Charges {
  bool charged = false;
  std::optional<std::vector<LawReference>> basis;
  std::optional<std::vector<Charge>> items;
  std::optional<std::vector<PayWay>> ways;
  std::optional<int> pay_within_wd;        // from the application on; the process waits for it. 1 to 60 working days
  std::optional<LocalizedText> if_unpaid;  // what becomes of the application then
};
BOOST_DESCRIBE_STRUCT(Charges, (), (charged, basis, items, ways, pay_within_wd, if_unpaid))
struct ResultDocument {
  LocalizedText name;
  std::optional<std::string> sample;  // a file or an address
};
BOOST_DESCRIBE_STRUCT(ResultDocument, (), (name, sample))
struct Appointment {
  bool offered = false;
  std::optional<int> per_day;
};
BOOST_DESCRIBE_STRUCT(Appointment, (), (offered, per_day))
struct Telephones {
  std::optional<std::string> questions, complaints;
};
BOOST_DESCRIBE_STRUCT(Telephones, (), (questions, complaints))
/// Of the two national lists of service topics: for people, for legal persons.
struct Topics {
  std::optional<std::vector<std::string>> person, firm;
};
BOOST_DESCRIBE_STRUCT(Topics, (), (person, firm))
struct Faq {
  LocalizedText question, answer;
};
BOOST_DESCRIBE_STRUCT(Faq, (), (question, answer))
struct Stage {
  StageKind kind = StageKind::accept;
  std::optional<LocalizedText> name;
  std::optional<UnitId> unit;
  std::optional<int> limit_wd;
};
BOOST_DESCRIBE_STRUCT(Stage, (), (kind, name, unit, limit_wd))

struct Material {
  std::optional<std::string> id;  // a key within the item; needed where files are asked for
  LocalizedText name;
  std::optional<LocalizedText> source;
  bool held_by_government = false;
  std::optional<FileRule> files;
  std::optional<std::vector<GrantId>> satisfied_by;      // a read under one of these that found something stands in for the files
  std::optional<std::vector<std::string>> certified_by;  // type codes (GB/T 36904): a certificate of one of these stands in for the files
  std::optional<int> originals, copies;
  std::optional<LocalizedText> form_template;
};
BOOST_DESCRIBE_STRUCT(Material, (), (id, name, source, held_by_government, files, satisfied_by, certified_by, originals, copies, form_template))

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
  std::optional<std::string> list;           // JSON Pointer to a list of the form: every record is one of it; absent: the first record fills fields
  std::string by;                            // the grant's look-up field that holds the applicant's code
  std::map<std::string, std::string> fills;  // field of the resource -> JSON Pointer into the form, or into a record of the list
};
BOOST_DESCRIBE_STRUCT(PrefillRule, (), (grant, list, by, fills))

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

  std::optional<std::string> basic_code;
  std::optional<LocalizedText> sub_item;  // 业务办理项
  std::optional<Handling> handling;
  std::optional<bool> decided_on_acceptance;       // 受理即决定
  std::optional<std::string> statutory, promised;  // in another unit than working days: "30 D", "4 H", "at once"
  std::optional<LocalizedText> visit_reason;
  std::optional<std::string> online_depth;  // I to IV
  std::optional<Reach> reach;
  std::optional<Charges> charges;
  std::optional<ResultKind> result_kind;
  std::optional<std::vector<ResultDocument>> results;
  std::optional<bool> post;  // papers are taken, and results sent, by post
  std::optional<Appointment> appointment;
  std::optional<std::vector<LocalizedText>> intermediary;
  std::optional<LocalizedText> review, litigation;  // where a decision is contested
  std::optional<Telephones> telephones;
  std::optional<Topics> topics;
  std::optional<std::vector<Faq>> faq;
  std::optional<std::vector<Stage>> stages;
  std::optional<std::vector<std::string>> keywords;  // what people call it; only for the search

  /// The form of the application, as cases::form_now takes it: one key, or several with spaces between.
  [[nodiscard]] std::string form_key() const;
  /// The certificate that a step names, or the only one where it names none; null: there is none of that name.
  [[nodiscard]] const CertificateRule* certificate_named(std::string_view id) const;
};
BOOST_DESCRIBE_STRUCT(Item, (),
                      (id, code, name, summary, kind, level, units, legal_basis, who_may_apply, conditions, materials, statutory_wd, promised_wd,
                       visits, fee, result, steps, process, form, forms, number, prefill, certificate, certificates, basic_code, sub_item, handling,
                       decided_on_acceptance, statutory, promised, visit_reason, online_depth, reach, charges, result_kind, results, post,
                       appointment, intermediary, review, litigation, telephones, topics, faq, stages, keywords))

/// The items of the applied pack.
[[nodiscard]] Result<std::vector<Item>> items(db::Tx& tx);
/// Errors: not_found.
[[nodiscard]] Result<Item> item(db::Tx& tx, const ItemId& id);

/// What the law allows and what is promised, as a term: `20 WD`, `30 D`, `4 H`, `at once`.
[[nodiscard]] std::string statutory_of(const Item& item);
[[nodiscard]] std::string promised_of(const Item& item);
/// The same as a term of a case, in working days or days: what is done at once or within hours is due on the next working day.
[[nodiscard]] std::string case_term(const std::string& term);

/// `synonyms.yaml` of a pack: groups of words that mean the same to people. Nothing where there is none. Errors: invalid.
[[nodiscard]] Result<search::Synonyms> synonyms_of(const pack::Pack& pack);

/// The items in the order in which they are shown; document n of the index is item n. Immutable.
struct Listing {
  pack::Digest pack{};
  std::vector<Item> items;
  search::Index index;
};
[[nodiscard]] std::shared_ptr<const Listing> make_listing(const pack::Digest& pack, std::vector<Item> items, const search::Synonyms& synonyms);

/// The items of the applied pack as people look for them: in memory, made anew when a pack is applied. Thread-safe.
class Finder {
 public:
  /// As the snapshot of `tx` has it.
  [[nodiscard]] Result<std::shared_ptr<const Listing>> listing(db::Tx& tx);

 private:
  std::mutex mutex_;
  std::shared_ptr<const Listing> last_;  // guarded by mutex_
};

}  // namespace jx::services
