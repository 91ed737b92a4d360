#include <jx/cases/definitions.hpp>

#include "act.hpp"
#include "cases_sql.hpp"
#include "texts.hpp"

#include <algorithm>
#include <charconv>
#include <map>

namespace jx::cases {
namespace {

constexpr std::size_t hash_digits_min = 6;

using Counts = std::map<std::pair<std::string, crypto::Digest>, std::int64_t>;

Result<Counts> counted(db::Tx& tx, const db::Query& query) {
  JX_TRY(rows, tx.all(query));
  Counts counts;
  for (const auto& r : rows) counts[{r.text(0), digest_of(r.bytes(1))}] = r.integer(2);
  return counts;
}

/// The name and the file are those of the newest version.
Result<> name_it(db::Tx& tx, Engine& engine, ProcessVersions& one) {
  JX_TRY(definition, engine.impl().definition(tx, one.versions.front().definition));
  const Index index = definition->find(one.process.text());
  if (index != no_index) one.name = definition->node(index).name;
  if (one.name.empty()) one.name = LocalizedText({{"en", one.process.text()}});
  return {};
}

}  // namespace

const Version* ProcessVersions::current() const {
  const auto it = std::ranges::find(versions, true, &Version::current);
  return it == versions.end() ? nullptr : &*it;
}

Result<std::vector<ProcessVersions>> processes(db::Tx& tx, Engine& engine) {
  JX_TRY(running, counted(tx, sql::running_by_version));
  JX_TRY(incidents, counted(tx, sql::incidents_by_version));
  JX_TRY(rows, tx.all(sql::versions_all));
  std::vector<ProcessVersions> list;
  for (const auto& r : rows) {
    const auto id = r.key<ProcessId>(0);
    if (list.empty() || list.back().process != id) {
      list.push_back({id, {}, r.text(7), r.null(6) || r.boolean(6), std::nullopt, {}});
      if (!r.null(5)) list.back().applied_at = r.instant(5);
    }
    Version v{r.integer(1), digest_of(r.bytes(2)), r.instant(3), false, 0, 0};
    v.current = !list.back().ended && !r.null(4) && r.bytes(4) == r.bytes(2);
    if (const auto n = running.find({id.text(), v.definition}); n != running.end()) v.running = n->second;
    if (const auto n = incidents.find({id.text(), v.definition}); n != incidents.end()) v.incidents = n->second;
    list.back().versions.push_back(v);
  }
  for (auto& one : list) JX_CHECK(name_it(tx, engine, one));
  return list;
}

Result<ProcessVersions> process(db::Tx& tx, Engine& engine, const ProcessId& id) {
  JX_TRY(all, processes(tx, engine));
  const auto it = std::ranges::find(all, id, &ProcessVersions::process);
  if (it == all.end()) return fail(ErrorCode::not_found, {"there is no process '" + id.text() + "'", "没有流程“" + id.text() + "”"});
  return std::move(*it);
}

Result<Version> version_of(const ProcessVersions& process, std::string_view text, std::string field) {
  const std::string said(text);
  if (text == "current") {
    const auto* current = process.current();
    if (current != nullptr) return *current;
    return fail(ErrorCode::not_found, {"the applied pack has this process no longer", "当前配置包已无此流程"}, std::move(field));
  }
  std::string_view digits = text.starts_with('v') ? text.substr(1) : text;
  std::int64_t ordinal = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), ordinal);
  const bool number = !digits.empty() && digits.size() < hash_digits_min && error == std::errc() && end == digits.data() + digits.size();
  std::vector<const Version*> found;
  for (const auto& v : process.versions) {
    const bool by_hash = !number && text.size() >= hash_digits_min && to_hex(v.definition).starts_with(text);
    if (by_hash || (number && v.ordinal == ordinal)) found.push_back(&v);
  }
  if (found.size() == 1) return *found.front();
  if (found.size() > 1)
    return fail(ErrorCode::invalid, {"several versions begin with " + said + ": give more digits", "有多个版本以 " + said + " 开头，请多写几位"},
                std::move(field));
  return fail(ErrorCode::not_found,
              {"the process has no version " + said + ": say v1, v2, ..., current, or at least 6 digits of its hash",
               "该流程没有版本 " + said + "：请写 v1、v2……、current 或哈希的至少 6 位"},
              std::move(field));
}

Result<std::string> model_text(db::Tx& tx, const crypto::Digest& definition) {
  JX_TRY(parts, tx.all(sql::parts_of_definition, ByteView(definition)));
  if (parts.empty()) return fail(ErrorCode::not_found, {"there is no such definition", "没有该流程定义"});
  return parts.front().text(0);
}

}  // namespace jx::cases
