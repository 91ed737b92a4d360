// pack_contents.hpp - the files that a pack gives identity, as structs that know their lines; private to the module.
#pragma once
#include <jx/identity.hpp>

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <vector>

namespace jx::identity {

struct UnitsFile {
  std::vector<Unit> units;
};
BOOST_DESCRIBE_STRUCT(UnitsFile, (), (units))

struct DivisionEntry {
  std::string code;
  Level level = Level::county;
  LocalizedText name;
  std::optional<std::string> parent;
  std::optional<LocalDate> valid_from, valid_to;
};
BOOST_DESCRIBE_STRUCT(DivisionEntry, (), (code, level, name, parent, valid_from, valid_to))
struct DivisionsFile {
  std::string scheme;
  LocalDate edition;
  std::vector<DivisionEntry> divisions;
};
BOOST_DESCRIBE_STRUCT(DivisionsFile, (), (scheme, edition, divisions))

struct PostsFile {
  std::vector<Post> posts;
};
BOOST_DESCRIBE_STRUCT(PostsFile, (), (posts))

struct RoleEntry {
  RoleId id;
  LocalizedText name;
  std::optional<GivenTo> given_to;
  std::vector<boost::json::value> permissions;  // a permission, or {allow, when}
};
BOOST_DESCRIBE_STRUCT(RoleEntry, (), (id, name, given_to, permissions))
struct RolesFile {
  std::vector<RoleEntry> roles;
};
BOOST_DESCRIBE_STRUCT(RolesFile, (), (roles))

struct HeldEntry {
  PostId post;
  std::optional<std::string> stand_in_for;
  std::optional<LocalDate> valid_from, valid_to;

  [[nodiscard]] Period valid() const { return {valid_from.value_or(since_ever), valid_to.value_or(for_ever)}; }
};
BOOST_DESCRIBE_STRUCT(HeldEntry, (), (post, stand_in_for, valid_from, valid_to))
struct AccountEntry {
  std::string username;
  std::optional<std::string> person;
  std::optional<UnitId> unit;
  std::optional<std::string> password;
  std::optional<std::string> certificate;
  std::optional<std::vector<HeldEntry>> posts;
};
BOOST_DESCRIBE_STRUCT(AccountEntry, (), (username, person, unit, password, certificate, posts))
struct AccountsFile {
  std::vector<AccountEntry> accounts;
};
BOOST_DESCRIBE_STRUCT(AccountsFile, (), (accounts))

struct PartyEntry {
  std::optional<std::string> person, firm;
};
BOOST_DESCRIBE_STRUCT(PartyEntry, (), (person, firm))
struct MandateEntry {
  std::string id;
  PartyEntry from, to;
  boost::json::value items;  // a list of items, or `all`
  LocalizedText basis;
  std::optional<LocalDate> valid_from, valid_to;
  std::optional<bool> reads_data;
};
BOOST_DESCRIBE_STRUCT(MandateEntry, (), (id, from, to, items, basis, valid_from, valid_to, reads_data))
struct MandatesFile {
  std::vector<MandateEntry> mandates;
};
BOOST_DESCRIBE_STRUCT(MandatesFile, (), (mandates))

/// A person or a firm of the CSV files: rows of one key, put together.
struct CsvParty {
  std::string key;
  std::string name;
  std::string name_en;
  std::vector<Code> codes;
  std::vector<int> code_lines;
  std::string representative;  // of a firm
  std::optional<LocalDate> founded_on, dissolved_on;
  int line = 1;
};

template <class T>
using FileOf = std::optional<pack::Decoded<T>>;

/// What can be read of a pack; what cannot is a finding and absent.
struct Contents {
  FileOf<UnitsFile> units;
  FileOf<DivisionsFile> divisions;
  FileOf<PostsFile> posts;
  FileOf<RolesFile> roles_file;
  std::vector<Role> roles;  // of roles_file, in its order
  FileOf<AccountsFile> accounts;
  FileOf<MandatesFile> mandates;
  std::vector<CsvParty> people, firms;

  [[nodiscard]] static Contents read(const pack::Pack& pack, pack::Findings& findings);
};

/// Every fault that the files have in themselves and with one another.
void check_contents(const pack::Pack& pack, const Contents& contents, const pack::Names& names, const Conditions& conditions,
                    pack::Findings& findings);

/// The items of a mandate: empty for `all`. Errors: invalid.
[[nodiscard]] Result<std::vector<ItemId>> items_of(const MandateEntry& mandate);
/// The name of a CSV party by language; `name` is of the pack's first language.
[[nodiscard]] LocalizedText name_of(const CsvParty& party, const pack::Manifest& manifest);

}  // namespace jx::identity
