// materials.cpp - the materials of an item that are handed in as files.
#include "materials.hpp"

#include <algorithm>
#include <set>

namespace jx::services {

Result<attachments::Rule> file_rule(const Item& item, std::string_view material) {
  if (material.empty()) return attachments::Rule{};
  const auto found = std::ranges::find_if(item.materials, [&](const Material& m) { return m.id && *m.id == material; });
  if (found == item.materials.end() || !found->files)
    return fail(ErrorCode::invalid, {"the item asks for no such files", "该事项不需要上传此项材料"}, "/material");
  const auto& rule = *found->files;
  return attachments::Rule{rule.types.value_or(std::vector<attachments::FileType>()), static_cast<std::uint64_t>(rule.bytes_max.value_or(0)),
                           rule.max};
}

Result<> check_materials(db::Tx& tx, const Item& item, const Draft& draft, LocalDate today) {
  const auto wanted = [](const Material& m) { return m.id && m.files && m.files->min > 0; };
  if (std::ranges::none_of(item.materials, wanted)) return {};
  JX_TRY(counts, attachments::by_material(tx, attachments::Owner(draft.id)));
  JX_TRY(presented, presentations(tx, draft.id.uuid()));
  for (const auto& material : item.materials) {
    if (!wanted(material) || counts[*material.id] >= material.files->min) continue;
    const auto grants = material.satisfied_by.value_or(std::vector<GrantId>());
    const bool known = std::ranges::any_of(
        draft.prefills, [&](const Prefill& read) { return read.records > 0 && std::ranges::find(grants, read.grant) != grants.end(); });
    if (known) continue;
    const auto shown = std::ranges::find(presented, *material.id, &Presentation::material);
    if (shown != presented.end()) {
      const auto why = not_in_force(shown->certificate, today);
      if (!why) continue;
      return fail(ErrorCode::invalid, {why->en + ": choose another one, or add files", why->zh + "，请改用其他证照或上传材料"},
                  "/materials/" + *material.id);
    }
    const auto n = std::to_string(material.files->min - counts[*material.id]);
    return fail(ErrorCode::invalid,
                {"add " + n + (n == "1" ? " file: " : " files: ") + std::string(material.name.in("en")),
                 "请上传材料：" + std::string(material.name.in("zh-CN")) + "（还缺" + n + "份）"},
                "/materials/" + *material.id);
  }
  return {};
}

void check_materials(const pack::File& file, const pack::Decoded<Item>& item, const pack::Names& names, pack::Findings& findings) {
  std::set<std::string> ids;
  for (std::size_t i = 0; i < item.value.materials.size(); ++i) {
    const auto& material = item.value.materials[i];
    const auto at = "/materials/" + std::to_string(i);
    if (material.id && (!check_key(*material.id) || !ids.insert(*material.id).second))
      findings.error(file, item.line_of(at + "/id"), {"the id of a material is a Key that no other one has", "材料标识须为唯一的 Key"});
    if (!material.files) {
      if (material.satisfied_by)
        findings.error(file, item.line_of(at), {"what is satisfied by data asks for files", "satisfied_by 须与 files 一起使用"});
      if (material.certified_by)
        findings.error(file, item.line_of(at), {"what is satisfied by a certificate asks for files", "certified_by 须与 files 一起使用"});
      continue;
    }
    const auto& rule = *material.files;
    if (!material.id) findings.error(file, item.line_of(at), {"a material whose files are asked for has an id", "需上传文件的材料须有 id"});
    if (rule.min < 0 || rule.max < 1 || rule.min > rule.max || rule.max > 50)
      findings.error(file, item.line_of(at + "/files"), {"files: 0 <= min <= max, and max is 1 to 50", "files 须满足 0 <= min <= max，max 为1至50"});
    if (rule.bytes_max && *rule.bytes_max < 1)
      findings.error(file, item.line_of(at + "/files/bytes_max"), {"bytes_max is at least 1", "bytes_max 至少为1"});
    if (material.certified_by && (material.certified_by->empty() || std::ranges::find(*material.certified_by, "") != material.certified_by->end()))
      findings.error(file, item.line_of(at + "/certified_by"),
                     {"certified_by lists type codes of certificates, none of them empty", "certified_by 须列出证照类型代码，且不得为空"});
    const auto prefill = item.value.prefill.value_or(std::vector<PrefillRule>());
    for (const auto& grant : material.satisfied_by.value_or(std::vector<GrantId>())) {
      names.require(pack::Kind::grant, grant.text(), file, item.line_of(at + "/satisfied_by"), findings);
      if (std::ranges::find(prefill, grant, &PrefillRule::grant) == prefill.end())
        findings.error(file, item.line_of(at + "/satisfied_by"),
                       {"only a read that the item's `prefill` names can stand in for files", "satisfied_by 只能使用 prefill 中的授权"});
    }
  }
}

}  // namespace jx::services
