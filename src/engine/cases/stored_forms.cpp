// stored_forms.cpp - forms out of the database: loaded once, kept by hash; and what others ask of them.
#include "act.hpp"
#include "cases_sql.hpp"
#include "texts.hpp"

#include <jx/cases/forms.hpp>
#include <jx/wire.hpp>

#include <algorithm>

namespace jx::cases {
namespace {

namespace json = boost::json;

std::unexpected<Error> no_form(std::string_view key) {
  return fail(ErrorCode::not_found, {"there is no form '" + std::string(key) + "'", "没有表单“" + std::string(key) + "”"});
}

/// The forms that a merge was made of, by its layout.
Result<std::vector<FormPart>> parts_of(Engine::Impl& engine, db::Tx& tx, const json::object& layout) {
  std::vector<FormPart> parts;
  const auto* merge = layout.if_contains("merge");
  if (merge == nullptr || !merge->is_array()) return parts;
  const auto broken = [] { return fail(ErrorCode::corrupt, {"a merged form cannot be read", "合并表单无法读取"}); };
  for (const auto& one : merge->get_array()) {
    const auto* object = one.if_object();
    const auto* form = object == nullptr ? nullptr : object->if_contains("form");
    const auto* hash = object == nullptr ? nullptr : object->if_contains("hash");
    const auto* fields = object == nullptr ? nullptr : object->if_contains("fields");
    if (form == nullptr || hash == nullptr || fields == nullptr || !form->is_string() || !hash->is_string() || !fields->is_object()) return broken();
    const auto octets = from_hex(hash->get_string());
    if (!octets) return broken();
    JX_TRY(stored, engine.form(tx, digest_of(*octets)));
    FormPart part{std::string(form->get_string()), stored, {}};
    for (const auto& field : fields->get_object()) {
      if (!field.value().is_string()) return broken();
      part.fields.emplace_back(field.key(), field.value().get_string());
    }
    parts.push_back(std::move(part));
  }
  return parts;
}

Result<FormPtr> load_form(Engine::Impl& engine, db::Tx& tx, const db::Row& row) {
  if (!form_holds(row)) return fail(ErrorCode::corrupt, {"the form is not what was applied: " + to_hex(row.bytes(0)), "表单与已应用的内容不符"});
  JX_TRY(schema, wire::parse(row.text(1)));
  JX_TRY(layout, wire::parse(row.text(2)));
  auto compiled = FormSchema::compile(schema);
  auto rules = FormLayout::compile(schema, layout, FormLayout::Reading::stored);
  if (!compiled || !rules || !schema.is_object())
    return fail(ErrorCode::corrupt, {"the form can no longer be used: " + to_hex(row.bytes(0)), "表单已不可用"});
  json::object own = layout.is_object() ? std::move(layout.get_object()) : json::object{};
  JX_TRY(parts, parts_of(engine, tx, own));
  return std::make_shared<const StoredForm>(
      StoredForm{digest_of(row.bytes(0)), std::move(schema), std::move(own), std::move(*compiled), std::move(*rules), std::move(parts)});
}

FormDefinition definition_of(const FormPtr& form) {
  using Shared = std::shared_ptr<const json::value>;
  return {to_hex(form->hash), Shared(form, &form->schema), Shared(form, &form->layout), form->counts()};
}

/// The form whose hash is the only column; nothing where it is null.
Result<std::optional<FormDefinition>> form_in(db::Tx& tx, Engine& engine, const db::Row& row) {
  if (row.null(0)) return std::optional<FormDefinition>();
  JX_TRY(form, engine.impl().form(tx, digest_of(row.bytes(0))));
  return std::optional(definition_of(form));
}

/// By key or id.
Result<FormPtr> find_form(db::Tx& tx, Engine& engine, std::string_view form) {
  if (form.size() == 2 * sizeof(crypto::Digest)) {
    if (const auto octets = from_hex(form)) {
      JX_TRY(row, tx.one(sql::form_by_hash, ByteView(*octets)));
      if (row) return engine.impl().form(tx, digest_of(*octets));
    }
  }
  JX_TRY(now, engine.impl().form_now(tx, form));
  if (!now) return no_form(form);
  return now;
}

}  // namespace

Result<FormPtr> Engine::Impl::form_now(db::Tx& tx, std::string_view key) {
  if (key.empty()) return FormPtr{};
  JX_TRY(row, tx.one(sql::form_current, key));
  if (!row) return FormPtr{};
  return form(tx, digest_of(row->bytes(0)));
}

Result<FormPtr> Engine::Impl::form(db::Tx& tx, const crypto::Digest& hash) {
  {
    const std::lock_guard lock(mutex);
    if (const auto it = forms.find(hash); it != forms.end()) return it->second;
  }
  JX_TRY(row, tx.one(sql::form_by_hash, ByteView(hash)));
  if (!row) return fail(ErrorCode::corrupt, {"the form of the case is missing: " + to_hex(hash), "办件的表单缺失"});
  JX_TRY(made, load_form(*this, tx, *row));
  const std::lock_guard lock(mutex);
  if (forms.size() >= definitions_cached_max) forms.erase(forms.begin());
  forms[hash] = made;
  return made;
}

Result<FormDefinition> form_now(db::Tx& tx, Engine& engine, std::string_view key) {
  JX_TRY(form, engine.impl().form_now(tx, key));
  if (!form) return no_form(key);
  return definition_of(form);
}

Result<std::optional<FormDefinition>> form_of_task(db::Tx& tx, Engine& engine, TaskId task) {
  JX_TRY(row, tx.one(sql::form_of_task, task));
  if (!row) return fail(ErrorCode::not_found, {"there is no such task", "没有该任务"});
  return form_in(tx, engine, *row);
}

Result<std::optional<FormDefinition>> form_of_case(db::Tx& tx, Engine& engine, CaseId id) {
  JX_TRY(row, tx.one(sql::form_of_case, id));
  if (!row) return fail(ErrorCode::not_found, {"there is no such case", "没有该办件"});
  return form_in(tx, engine, *row);
}

Result<FormCheck> check_form(db::Tx& tx, const Context& ctx, Engine& engine, std::string_view form, json::object data) {
  JX_TRY(found, find_form(tx, engine, form));
  return found->check(std::move(data), ctx.now(), engine.impl().needs.calendar()->zone().name());
}

Result<json::object> complete_form(db::Tx& tx, const Context& ctx, Engine& engine, std::string_view form, json::object data) {
  JX_TRY(found, find_form(tx, engine, form));
  return found->complete(std::move(data), ctx.now(), engine.impl().needs.calendar()->zone().name());
}

}  // namespace jx::cases
