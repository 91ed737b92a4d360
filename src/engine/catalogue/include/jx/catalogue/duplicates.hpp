// duplicates.hpp - the same datum kept, or asked for, twice. Facts: Order 809 art. 19 (one source for each datum; what is shared is not collected
// again). `duplicates` is pure: what is compared is given. A find is a question to people, and says why it was made.
#pragma once
#include <jx/catalogue.hpp>
#include <jx/ledger.hpp>

#include <span>
#include <string>
#include <vector>

namespace jx::catalogue {

/// A field that a form asks the applicant for.
struct AskedField {
  std::string form;     // whose it is, such as an item
  std::string pointer;  // JSON Pointer into the form
  LocalizedText title;
  bool filled = false;  // a grant fills it: the applicant is not asked
};

enum class DuplicateKind { same_column, same_datum, asked_again };
BOOST_DESCRIBE_ENUM(DuplicateKind, same_column, same_datum, asked_again)

struct DuplicatePlace {
  ResourceId resource;
  std::string field;
  bool designated = false;
};
BOOST_DESCRIBE_STRUCT(DuplicatePlace, (), (resource, field, designated))
struct DuplicateAsked {
  std::string form, pointer;
  LocalizedText title;
};
BOOST_DESCRIBE_STRUCT(DuplicateAsked, (), (form, pointer, title))

struct Duplicate {
  DuplicateKind kind = DuplicateKind::same_column;
  LocalizedText datum;                 // what it is called
  std::vector<DuplicatePlace> places;  // in the catalogue
  std::vector<DuplicateAsked> asked;   // in forms
  LocalizedText reason;
};
BOOST_DESCRIBE_STRUCT(Duplicate, (), (kind, datum, places, asked, reason))

inline constexpr std::size_t duplicates_max = 500;  // beyond, the first ones
inline constexpr std::size_t designated_max = 200;  // fields in one act

/// In the order of kinds, then of resources.
[[nodiscard]] std::vector<Duplicate> duplicates(std::span<const Resource> resources, std::span<const AskedField> asked);

/// Says that `fields` of `resource` are the one source of their data, and those that `found` holds against them no longer are. One entry of the
/// ledger. Whether the actor may is asked of identity by the caller. Errors: not_found (/fields/N: nothing in `found` is about it); invalid (/fields,
/// /reason).
[[nodiscard]] Result<ledger::EntryId> designate(db::Tx& tx, const Context& ctx, std::span<const Resource> resources, std::span<const Duplicate> found,
                                                const ResourceId& resource, std::span<const std::string> fields, std::string_view reason);
/// Puts into the entries which of their fields are designated, as it was said last; what nobody has said stays as the entry has it.
[[nodiscard]] Result<> apply_designations(db::Tx& tx, std::span<Resource> resources);

}  // namespace jx::catalogue
