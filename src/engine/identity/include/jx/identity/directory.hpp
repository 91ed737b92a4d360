// directory.hpp - units, divisions, posts and roles as the applied pack says; people, firms and who may act for whom.
// All functions are part of the transaction they are given. Validity is by day, both ends included; a day is of the jurisdiction's zone.
#pragma once
#include <jx/core.hpp>
#include <jx/db.hpp>
#include <jx/wire.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jx::identity {

inline constexpr std::size_t name_bytes_max = 400;  // of a person, firm or account, each language
inline constexpr std::size_t codes_max = 16;        // of one person or firm
inline constexpr std::size_t mandate_items_max = 1'000;
inline constexpr LocalDate since_ever = LocalDate::of(1, 1, 1);
inline constexpr LocalDate for_ever = LocalDate::of(9999, 12, 31);

/// Days on which something holds, both included.
struct Period {
  LocalDate from = since_ever;
  LocalDate to = for_ever;

  [[nodiscard]] bool contains(LocalDate day) const { return from <= day && day <= to; }
  [[nodiscard]] bool overlaps(const Period& other) const { return from <= other.to && other.from <= to; }
  friend bool operator==(const Period&, const Period&) = default;
};

// --- what the pack says ---

enum class Level { province, city, county, township, village };
BOOST_DESCRIBE_ENUM(Level, province, city, county, township, village)

struct Unit {
  UnitId id;
  LocalizedText name;
  std::optional<LocalizedText> short_name;
  Level level = Level::county;
  std::string division;  // a code of the pack's divisions
  std::optional<Code> code;
  std::optional<UnitId> parent;
  std::optional<bool> outside;  // a hospital, an association, a contractor: sees the tasks that it is given, never a case
  std::optional<LocalDate> valid_from, valid_to;
};
BOOST_DESCRIBE_STRUCT(Unit, (), (id, name, short_name, level, division, code, parent, outside, valid_from, valid_to))

struct Division {
  std::string scheme;  // such as cn.division
  std::string code;
  Level level = Level::county;
  LocalizedText name;
  std::optional<std::string> parent;
  std::optional<LocalDate> valid_from, valid_to;
  LocalDate edition;  // of the list that it was taken from
};
BOOST_DESCRIBE_STRUCT(Division, (), (scheme, code, level, name, parent, valid_from, valid_to, edition))

struct Post {
  PostId id;
  UnitId unit;
  LocalizedText name;
  std::vector<RoleId> roles;
  std::optional<bool> head;  // of its unit: at most one of each unit
  std::optional<LocalDate> valid_from, valid_to;
};
BOOST_DESCRIBE_STRUCT(Post, (), (id, unit, name, roles, head, valid_from, valid_to))

enum class GivenTo { post, person, anyone };  // person: everybody who is signed in without a post; anyone: also who is not signed in
BOOST_DESCRIBE_ENUM(GivenTo, post, person, anyone)

struct Allowance {
  std::string allow;                // a permission
  std::optional<std::string> when;  // FEEL; absent: always
};
BOOST_DESCRIBE_STRUCT(Allowance, (), (allow, when))

struct Role {
  RoleId id;
  LocalizedText name;
  GivenTo given_to = GivenTo::post;
  std::vector<Allowance> permissions;
};
BOOST_DESCRIBE_STRUCT(Role, (), (id, name, given_to, permissions))

/// One thing by its name, also one that has ended (a case of last year still names its unit). Errors: not_found.
[[nodiscard]] Result<Unit> unit(db::Tx& tx, const UnitId& id);
[[nodiscard]] Result<Division> division(db::Tx& tx, std::string_view code);
[[nodiscard]] Result<Post> post(db::Tx& tx, const PostId& id);
[[nodiscard]] Result<Role> role(db::Tx& tx, const RoleId& id);
/// All that the applied pack has, in the order of their names' keys.
[[nodiscard]] Result<std::vector<Unit>> units(db::Tx& tx);
[[nodiscard]] Result<std::vector<Division>> divisions(db::Tx& tx);
[[nodiscard]] Result<std::vector<Post>> posts(db::Tx& tx);
[[nodiscard]] Result<std::vector<Role>> roles(db::Tx& tx);
/// Whether `inner` is `outer` or lies below it.
[[nodiscard]] Result<bool> within(db::Tx& tx, const UnitId& inner, const UnitId& outer);
/// All units below one, of one level or of all, in the order of their keys.
[[nodiscard]] Result<std::vector<UnitId>> units_below(db::Tx& tx, const UnitId& unit, std::optional<Level> level);
/// The post that heads a unit; where it has none, or only `but`, the one that heads the next unit above it. Nothing if there is none at all.
[[nodiscard]] Result<std::optional<Post>> head_of(db::Tx& tx, const UnitId& unit, const PostId& but = {});

// --- people and legal persons ---

struct Person {
  PersonId id;
  LocalizedText name;
  std::vector<Code> codes;

  /// The code of a scheme, or null.
  [[nodiscard]] const Code* code(std::string_view scheme) const;
};

struct Firm {
  FirmId id;
  LocalizedText name;
  std::vector<Code> codes;
  std::optional<LocalDate> founded_on, dissolved_on;

  [[nodiscard]] const Code* code(std::string_view scheme) const;
};

/// Errors: not_found.
[[nodiscard]] Result<Person> person(db::Tx& tx, const PersonId& id);
[[nodiscard]] Result<Person> person_by_code(db::Tx& tx, const Code& code);
[[nodiscard]] Result<Firm> firm(db::Tx& tx, const FirmId& id);
[[nodiscard]] Result<Firm> firm_by_code(db::Tx& tx, const Code& code);

struct NewPerson {
  LocalizedText name;
  std::vector<Code> codes;  // at least one
};
struct NewFirm {
  LocalizedText name;
  std::vector<Code> codes;
  std::optional<LocalDate> founded_on;
  std::optional<PersonId> representative;
};
/// Records a person or a firm, with a ledger entry. Errors: invalid (a code, a name); conflict (a code is another's).
[[nodiscard]] Result<PersonId> register_person(db::Tx& tx, const Context& ctx, const NewPerson& person);
[[nodiscard]] Result<FirmId> register_firm(db::Tx& tx, const Context& ctx, const NewFirm& firm);
/// From `from` on `person` is the legal representative; who was so before is it until the day before. With a ledger entry.
[[nodiscard]] Result<> set_representative(db::Tx& tx, const Context& ctx, const FirmId& firm, const PersonId& person, LocalDate from);

// --- who may act for whom ---

/// For whom one acts: a person or a firm.
struct Principal {
  enum class Kind { person, firm };
  Kind kind = Kind::person;
  Uuid id;

  Principal() = default;
  explicit Principal(const PersonId& person) : kind(Kind::person), id(person.uuid()) {}
  explicit Principal(const FirmId& firm) : kind(Kind::firm), id(firm.uuid()) {}
  friend bool operator==(const Principal&, const Principal&) = default;
};

struct Mandate {
  MandateId id;
  Principal from;
  PersonId to;
  std::vector<ItemId> items;  // empty: all
  LocalizedText basis;        // the document that it rests on
  Period valid;
  std::optional<Instant> revoked_at;
  bool reads_data = false;  // whoever holds it may have the principal's data read for an application
};

/// By which right somebody acts for another.
struct Authority {
  enum class Kind { self, representative, mandate };
  Kind kind = Kind::self;
  MandateId mandate;       // nil unless by mandate
  bool reads_data = true;  // of a mandate: as it says
};

/// By which right `who` may act for `principal` in `item` on a day. A mandate cannot be passed on; a firm that is dissolved has nobody who acts for
/// it. Errors: forbidden.
[[nodiscard]] Result<Authority> authority(db::Tx& tx, const PersonId& who, const Principal& principal, const ItemId& item, LocalDate on);

struct Represented {
  Principal principal;
  LocalizedText name;
  Authority authority;
  std::vector<ItemId> items;  // empty: all
};
/// All others for whom `who` may act on a day.
[[nodiscard]] Result<std::vector<Represented>> represented(db::Tx& tx, const PersonId& who, LocalDate on);

inline constexpr std::int64_t agents_listed_max = 50;
/// Who may act for a firm on some day from `first` to `last`: its representatives, and who holds a mandate of its; at most agents_listed_max.
[[nodiscard]] Result<std::vector<PersonId>> agents_of(db::Tx& tx, const FirmId& firm, LocalDate first, LocalDate last);

struct NewMandate {
  Principal from;
  PersonId to;
  std::vector<ItemId> items;  // empty: all
  LocalizedText basis;
  Period valid;
  bool reads_data = false;
};
/// Given by the principal herself, by the representative of the firm, or by whoever may `rights.grant`; the caller has checked the latter if
/// `by_office`. Ledger entries of the same transaction. Errors: forbidden; invalid; not_found; conflict (revoked before).
[[nodiscard]] Result<MandateId> give_mandate(db::Tx& tx, const Context& ctx, const NewMandate& mandate, LocalDate today, bool by_office);
[[nodiscard]] Result<> revoke_mandate(db::Tx& tx, const Context& ctx, const MandateId& id, LocalDate today, bool by_office);
[[nodiscard]] Result<Mandate> mandate(db::Tx& tx, const MandateId& id);
/// Those that a principal gave, and those that a person holds, the newest first, at most mandates_listed_max; also what is over.
inline constexpr std::int64_t mandates_listed_max = 200;
[[nodiscard]] Result<std::vector<Mandate>> mandates_from(db::Tx& tx, const Principal& principal);
[[nodiscard]] Result<std::vector<Mandate>> mandates_to(db::Tx& tx, const PersonId& person);

}  // namespace jx::identity
