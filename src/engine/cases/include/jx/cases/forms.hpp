// forms.hpp - the forms that cases and tasks ask for, as they were when the case or task began.
#pragma once
#include <jx/cases.hpp>

#include <optional>
#include <string>

namespace jx::cases {

/// A stored form: `id` is the SHA-256 of schema and layout in hexadecimal, under which it is kept for ever.
struct FormDefinition {
  std::string id;
  boost::json::object schema;
  boost::json::object layout;
};

/// The form of the applied pack. Errors: not_found.
[[nodiscard]] Result<FormDefinition> form_now(db::Tx& tx, Engine& engine, std::string_view key);
/// The form that a task asks for; nothing if it has none. Errors: not_found (task).
[[nodiscard]] Result<std::optional<FormDefinition>> form_of_task(db::Tx& tx, Engine& engine, TaskId task);
/// The form by which the application of a case was made; nothing if there is none. Errors: not_found (case).
[[nodiscard]] Result<std::optional<FormDefinition>> form_of_case(db::Tx& tx, Engine& engine, CaseId id);

}  // namespace jx::cases
