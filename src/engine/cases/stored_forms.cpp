#include "act.hpp"
#include "cases_sql.hpp"

#include <jx/cases/forms.hpp>

#include <algorithm>

namespace jx::cases {
namespace {

FormDefinition definition_of(const StoredForm& form) { return {to_hex(form.hash), form.schema, form.layout}; }

/// The form whose hash is in a column; nothing where it is null.
Result<std::optional<FormDefinition>> form_in(db::Tx& tx, Engine& engine, const db::Row& row, std::size_t column) {
  if (row.null(column)) return std::optional<FormDefinition>();
  const auto octets = row.bytes(column);
  crypto::Digest hash{};
  if (octets.size() != hash.size()) return fail(ErrorCode::corrupt, {"the hash of a form has the wrong length", "表单哈希长度有误"});
  std::copy(octets.begin(), octets.end(), hash.begin());
  JX_TRY(form, engine.impl().form(tx, hash));
  return std::optional(definition_of(*form));
}

}  // namespace

Result<FormDefinition> form_now(db::Tx& tx, Engine& engine, std::string_view key) {
  JX_TRY(form, engine.impl().form_now(tx, key));
  if (!form) return fail(ErrorCode::not_found, {"there is no form '" + std::string(key) + "'", "没有表单“" + std::string(key) + "”"});
  return definition_of(*form);
}

Result<std::optional<FormDefinition>> form_of_task(db::Tx& tx, Engine& engine, TaskId task) {
  JX_TRY(row, tx.one(sql::form_of_task, task));
  if (!row) return fail(ErrorCode::not_found, {"there is no such task", "没有该任务"});
  return form_in(tx, engine, *row, 0);
}

Result<std::optional<FormDefinition>> form_of_case(db::Tx& tx, Engine& engine, CaseId id) {
  JX_TRY(row, tx.one(sql::form_of_case, id));
  if (!row) return fail(ErrorCode::not_found, {"there is no such case", "没有该办件"});
  return form_in(tx, engine, *row, 0);
}

}  // namespace jx::cases
