#include "form_pack.hpp"

#include "bpmn_document.hpp"
#include "cases_sql.hpp"
#include "form_layout.hpp"
#include "form_merge.hpp"
#include "form_schema.hpp"

#include <jx/cases/forms.hpp>
#include <jx/crypto/hash.hpp>
#include <jx/wire.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace jx::cases {
namespace {

namespace json = boost::json;
using pack::Change;
using pack::File;
using pack::Findings;
using pack::Pack;

std::vector<const File*> form_files(const Pack& pack) {
  auto files = pack.in("forms", ".json");
  std::erase_if(files, [](const File* f) { return f->path.ends_with(".ui.json"); });
  return files;
}
std::string key_of(const File& file) { return file.path.substr(6, file.path.size() - 11); }
const File* schema_file(const Pack& pack, std::string_view form) { return pack.file("forms/" + std::string(form) + ".json"); }
const File* layout_file(const Pack& pack, std::string_view form) { return pack.file("forms/" + std::string(form) + ".ui.json"); }

/// A merge that a process asks for, and where.
struct Asked {
  std::string key;  // with single spaces
  const File* file;
  int line;
};
std::vector<Asked> merges(const Pack& pack) {
  std::vector<Asked> found;
  std::set<std::string> keys;
  for (const auto* file : pack.in("processes", ".bpmn")) {
    const auto document = Document::parse(file->text);
    if (!document) continue;
    for (const auto* element : document->elements()) {
      const auto forms = forms_of(element->attr("jx:form"));
      if (forms.size() < 2) continue;
      std::string key;
      for (const auto& form : forms) key += (key.empty() ? "" : " ") + form;
      if (keys.insert(key).second) found.push_back({key, file, element->line});
    }
  }
  return found;
}

void report(const File& file, const Error& error, Findings& findings) {
  findings.error(file, error.field.empty() ? 1 : wire::line_of(file.text, error.field), error.message);
}
void report(const File& file, const Faults& faults, Findings& findings) {
  for (const auto& fault : faults) {
    const auto where = fault.pointer.empty() ? std::string() : fault.pointer + ": ";
    findings.error(file, wire::line_of(file.text, fault.pointer), {where + fault.message.en, where + fault.message.zh});
  }
}

void check_form(const Pack& pack, const File& file, Findings& findings) {
  if (file.text.size() > schema_bytes_max) return findings.error(file, 1, {"a form has at most 256 KiB", "表单不得超过 256 KiB"});
  const auto schema = wire::parse(file.text);
  if (!schema) return report(file, schema.error(), findings);
  if (const auto compiled = FormSchema::compile(*schema); !compiled) return report(file, compiled.error(), findings);
  const auto* type = schema->is_object() ? schema->get_object().if_contains("type") : nullptr;
  if (type == nullptr || *type != "object") return findings.error(file, 1, {"a form is a schema of type object", "表单模式的类型应为 object"});
  const File* layout = layout_file(pack, key_of(file));
  if (layout == nullptr)
    return findings.error(file, 1, {"there is no layout: " + key_of(file) + ".ui.json", "缺少布局文件 " + key_of(file) + ".ui.json"});
  if (layout->text.size() > schema_bytes_max) return findings.error(*layout, 1, {"a layout has at most 256 KiB", "布局不得超过 256 KiB"});
  const auto parsed = wire::parse(layout->text);
  if (!parsed) return report(*layout, parsed.error(), findings);
  if (const auto compiled = FormLayout::compile(*schema, *parsed, FormLayout::Reading::strict); !compiled)
    report(*layout, compiled.error(), findings);
}

/// The forms of a merge, parsed; empty where one is not there or cannot be read.
struct Parts {
  std::vector<std::string> forms;
  std::vector<json::value> schemas, layouts;
  std::vector<crypto::Digest> hashes;

  [[nodiscard]] std::vector<MergeInput> inputs() const {
    std::vector<MergeInput> out;
    for (std::size_t i = 0; i < forms.size(); ++i) out.push_back({forms[i], &schemas[i], &layouts[i]});
    return out;
  }
};

crypto::Digest form_hash(const Pack& pack, std::string_view form) {
  const File* schema = schema_file(pack, form);
  const File* layout = layout_file(pack, form);
  return crypto::sha256(bytes_of(schema->text), bytes_of(layout == nullptr ? std::string_view() : std::string_view(layout->text)));
}

std::optional<Parts> parts_in(const Pack& pack, std::span<const std::string> forms) {
  Parts parts;
  for (const auto& form : forms) {
    const File* schema = schema_file(pack, form);
    const File* layout = layout_file(pack, form);
    if (schema == nullptr) return std::nullopt;
    auto parsed = wire::parse(schema->text);
    auto shown = layout == nullptr ? Result<json::value>(json::object()) : wire::parse(layout->text);
    if (!parsed || !shown || !FormSchema::compile(*parsed) || !parsed->is_object()) return std::nullopt;
    parts.forms.push_back(form);
    parts.schemas.push_back(std::move(*parsed));
    parts.layouts.push_back(std::move(*shown));
    parts.hashes.push_back(form_hash(pack, form));
  }
  return parts;
}

void check_merge(const Pack& pack, const Asked& asked, Findings& findings) {
  const auto forms = forms_of(asked.key);
  const auto refuse = [&](Words words) { findings.error(*asked.file, asked.line, std::move(words)); };
  if (forms.size() > merged_forms_max) return refuse({"at most 20 forms are merged", "最多合并 20 个表单"});
  if (std::set<std::string>(forms.begin(), forms.end()).size() != forms.size()) return refuse({"a form stands here twice", "表单重复"});
  for (const auto& form : forms) {
    if (schema_file(pack, form) == nullptr) return refuse({"there is no form '" + form + "'", "没有表单“" + form + "”"});
  }
  const auto parts = parts_in(pack, forms);
  if (!parts) return;  // the check of the form says why
  const auto inputs = parts->inputs();
  const auto merge = merge_forms(inputs);
  for (const auto& c : merge.conflicts) {
    const File& first = *schema_file(pack, forms[c.first]);
    const File& second = *schema_file(pack, forms[c.second]);
    const auto at = [](const File& file, const std::string& pointer) {
      return file.path + ":" + std::to_string(wire::line_of(file.text, pointer)) + " " + pointer;
    };
    findings.error(second, wire::line_of(second.text, c.second_at),
                   {c.second_at + " is the same datum as " + at(first, c.first_at) + ", and no value fits both: " + c.message.en,
                    c.second_at + " 与 " + at(first, c.first_at) + " 为同一数据，但没有值能同时符合两者：" + c.message.zh});
  }
  if (!merge.conflicts.empty()) return;
  if (const auto compiled = FormSchema::compile(json::value(merge.schema)); !compiled)
    refuse({"the merge of these forms is no valid form, at " + compiled.error().front().pointer + ": " + compiled.error().front().message.en,
            "合并后的表单无效，见 " + compiled.error().front().pointer + "：" + compiled.error().front().message.zh});
}

/// What is stored of a form: its texts and their hash.
struct Stored {
  crypto::Digest hash{};
  std::string schema, layout;
};

Stored stored_merge(const Parts& parts) {
  const auto inputs = parts.inputs();
  auto merge = merge_forms(inputs);
  auto& forms = merge.layout.at("merge").as_array();
  for (std::size_t i = 0; i < forms.size(); ++i) forms[i].as_object()["hash"] = to_hex(parts.hashes[i]);
  Stored stored;
  stored.schema = wire::to_text(merge.schema);
  stored.layout = wire::to_text(merge.layout);
  stored.hash = crypto::sha256(bytes_of(stored.schema), bytes_of(stored.layout));
  return stored;
}

/// Every form that the pack has, by its key.
std::map<std::string, Stored> stored_forms(const Pack& pack) {
  std::map<std::string, Stored> out;
  for (const auto* file : form_files(pack)) {
    const auto key = key_of(*file);
    const File* layout = layout_file(pack, key);
    out[key] = {form_hash(pack, key), file->text, layout == nullptr ? "{}" : layout->text};
  }
  for (const auto& asked : merges(pack)) {
    if (const auto parts = parts_in(pack, forms_of(asked.key))) out[asked.key] = stored_merge(*parts);
  }
  return out;
}

Result<std::map<std::string, std::string>> forms_now(db::Tx& tx) {
  JX_TRY(rows, tx.all(sql::form_all));
  std::map<std::string, std::string> now;
  for (const auto& r : rows) now[r.text(0)] = to_hex(r.bytes(1));
  return now;
}

}  // namespace

void declare_forms(const Pack& pack, pack::Names& names, Findings& findings) {
  for (const auto* file : form_files(pack)) names.declare(pack::Kind::form, key_of(*file), *file, 1, findings);
  for (const auto& asked : merges(pack)) names.declare(pack::Kind::form, asked.key, *asked.file, asked.line, findings);
}

void check_forms(const Pack& pack, Findings& findings) {
  for (const auto* file : form_files(pack)) check_form(pack, *file, findings);
  for (const auto* file : pack.in("forms", ".ui.json")) {
    if (pack.file(file->path.substr(0, file->path.size() - 8) + ".json") == nullptr)
      findings.error(*file, 1, {"there is no form for this layout", "没有与此布局对应的表单"});
  }
  for (const auto& asked : merges(pack)) check_merge(pack, asked, findings);
}

Result<> plan_forms(db::Tx& tx, const Pack& pack, std::vector<Change>& changes) {
  JX_TRY(now, forms_now(tx));
  for (const auto& [key, stored] : stored_forms(pack)) {
    const auto it = now.find(key);
    if (it == now.end())
      changes.push_back({pack::Kind::form, Change::Action::add, key, {"adds the form '" + key + "'", "新增表单“" + key + "”"}});
    else if (it->second != to_hex(stored.hash))
      changes.push_back({pack::Kind::form, Change::Action::change, key, {"changes the form '" + key + "'", "更新表单“" + key + "”"}});
    if (it != now.end()) now.erase(it);
  }
  for (const auto& [key, hash] : now)
    changes.push_back({pack::Kind::form, Change::Action::end, key, {"ends the form '" + key + "'", "停用表单“" + key + "”"}});
  return {};
}

Result<> apply_forms(db::Tx& tx, const Pack& pack) {
  JX_TRY(now, forms_now(tx));
  for (const auto& [key, stored] : stored_forms(pack)) {
    JX_CHECK(tx.run(sql::form_insert, ByteView(stored.hash), stored.schema, stored.layout));
    if (now[key] != to_hex(stored.hash)) JX_CHECK(tx.run(sql::form_set, key, ByteView(stored.hash)));
    now.erase(key);
  }
  for (const auto& [key, hash] : now) JX_CHECK(tx.run(sql::form_end, key));
  return {};
}

std::optional<json::value> schema_in(const Pack& pack, std::span<const std::string> forms) {
  auto parts = parts_in(pack, forms);
  if (!parts || parts->forms.empty()) return std::nullopt;
  if (parts->forms.size() == 1) return std::move(parts->schemas.front());
  const auto inputs = parts->inputs();
  return json::value(merge_forms(inputs).schema);
}

}  // namespace jx::cases
