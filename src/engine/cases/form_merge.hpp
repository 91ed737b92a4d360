// form_merge.hpp - several forms as one, in which nothing is asked twice; and the way back to the data of each.
#pragma once
#include <jx/core.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace jx::cases {

inline constexpr std::size_t merged_forms_max = 20;

struct MergeInput {
  std::string form;                  // its key
  const boost::json::value* schema;  // that FormSchema takes
  const boost::json::value* layout;
};

/// Two forms that ask for the same datum in ways that no value can satisfy; indices into the inputs, pointers into their schemas.
struct MergeConflict {
  std::size_t first = 0, second = 0;
  std::string first_at, second_at;
  Words message;
};

using FieldMap = std::vector<std::pair<std::string, std::string>>;  // pointer into the data of one form -> into those of the merge

struct Merge {
  boost::json::object schema;  // each form under its key, without what another form before it asks
  boost::json::object layout;
  std::vector<FieldMap> fields;  // by input
  std::vector<MergeConflict> conflicts;
};

/// A field is the same datum as another if both (or the groups that they stand in) have the same `x-datum`, or if they have the same pointer and the
/// same definition but for help and examples. It is asked where it comes first, within the limits of all.
[[nodiscard]] Merge merge_forms(std::span<const MergeInput> inputs);

/// What one form gets of the data of the merge; and its data on the way back, into `merged`.
[[nodiscard]] boost::json::object split(const FieldMap& fields, const boost::json::object& merged);
void join(const FieldMap& fields, const boost::json::object& part, boost::json::object& merged);
/// A pointer into the data of one form, as one into those of the merge.
[[nodiscard]] std::string merged_pointer(const std::string& form, const FieldMap& fields, std::string_view pointer);

/// "a b c" -> a, b, c. One form is a list of one.
[[nodiscard]] std::vector<std::string> forms_of(std::string_view key);

}  // namespace jx::cases
