// forms.hpp - the forms that cases and tasks ask for: what they are, and what they say to the data that are filled in.
//
// A form is a JSON Schema, and a layout with rules in FEEL (docs/pack.md#forms). Several forms can be one ("a b c"), in which nothing is asked twice.
#pragma once
#include <jx/cases.hpp>
#include <jx/core/fault.hpp>
#include <jx/pack.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace jx::cases {

struct FormCounts {
  std::int64_t forms = 1;     // that were merged
  std::int64_t fields = 0;    // of all of them
  std::int64_t distinct = 0;  // after merging
  std::int64_t computed = 0;  // of the distinct ones
};

/// A stored form: `id` is the SHA-256 of schema and layout in hexadecimal, under which it is kept for ever.
struct FormDefinition {
  std::string id;
  std::shared_ptr<const boost::json::value> schema, layout;  // objects; shared: whoever is shown a case is shown its form
  FormCounts counts;
};

/// The form of the applied pack, by its key, or the merge of several by their keys with spaces between. Errors: not_found.
[[nodiscard]] Result<FormDefinition> form_now(db::Tx& tx, Engine& engine, std::string_view key);
/// The form that a task asks for, as it was when the task began; nothing if it has none. Errors: not_found (task).
[[nodiscard]] Result<std::optional<FormDefinition>> form_of_task(db::Tx& tx, Engine& engine, TaskId task);
/// The form by which the application of a case was made; nothing if there is none. Errors: not_found (case).
[[nodiscard]] Result<std::optional<FormDefinition>> form_of_case(db::Tx& tx, Engine& engine, CaseId id);

/// What a form says to the data that are in it. Pointers are JSON Pointers into the data.
struct FormCheck {
  boost::json::object data;                                          // with what is computed, without what is not shown
  std::vector<std::pair<std::string, boost::json::value>> computed;  // null: nothing
  std::vector<std::string> hidden, required, readonly;               // by conditions of the layout
  std::vector<std::pair<std::string, boost::json::array>> options;   // of the fields of which not every choice is offered now
  Faults faults;                                                     // of schema, conditions and rules; empty: it can be submitted
};

/// Checks data that may be filled in only in part. `form` is a key (as form_now) or an id. Errors: not_found.
[[nodiscard]] Result<FormCheck> check_form(db::Tx& tx, const Context& ctx, Engine& engine, std::string_view form, boost::json::object data);
/// The data as they are submitted: computed anew, without what is not shown. Errors: not_found; invalid (the first fault, under /form).
[[nodiscard]] Result<boost::json::object> complete_form(db::Tx& tx, const Context& ctx, Engine& engine, std::string_view form,
                                                        boost::json::object data);

/// The schema of a form of a pack in memory, or of the merge of several; nothing where one of them is not there or cannot be read, which its own
/// check says. For checks of what points into forms.
[[nodiscard]] std::optional<boost::json::value> schema_in(const pack::Pack& pack, std::span<const std::string> forms);

}  // namespace jx::cases
