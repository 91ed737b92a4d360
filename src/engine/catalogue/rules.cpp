// rules.cpp - what a source and a resource must be, whoever makes them.
#include <jx/catalogue/resources.hpp>

#include <algorithm>
#include <set>

namespace jx::catalogue {
namespace {

bool safe_path(std::string_view path) { return !path.empty() && path.front() != '/' && path.find("..") == std::string_view::npos; }

/// Which tables a source has is said by its files; a database says it itself.
void check_tables(const Source& source, std::vector<Fault>& faults) {
  if (!source.tables || source.tables->empty()) {
    faults.push_back({"/tables", {"a csv source needs `tables`, one file a table", "csv 数据源须有 tables，每表一个文件"}});
    return;
  }
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < source.tables->size(); ++i) {
    const auto& table = (*source.tables)[i];
    const auto at = "/tables/" + std::to_string(i);
    if (!safe_path(table.path)) faults.push_back({at + "/path", {"a path lies below the data folder, without '..'", "路径须在数据目录内，不含“..”"}});
    if (!names.insert(table.name).second) faults.push_back({at + "/name", {"this table stands twice: " + table.name, "表名重复：" + table.name}});
  }
}

void check_open(const Resource& resource, std::vector<Fault>& faults) {
  if (!resource.open) return;
  const auto& open = *resource.open;
  if (open.to == OpenTo::on_request && !open.conditions)
    faults.push_back({"/open/conditions", {"what is open on request says to whom and for what", "依申请开放须写明开放条件"}});
  if (open.to != OpenTo::everyone) return;
  if (!open.license)
    faults.push_back({"/open/license", {"what is open to everyone names its licence, such as CC-BY-4.0", "无条件开放须注明许可协议，如 CC-BY-4.0"}});
  if (resource.share_class == ShareClass::not_shared)
    faults.push_back({"/open/to", {"what is not shared cannot be open to everyone", "不予共享的数据不得向社会开放"}});
  if (resource.grade != Grade::general)
    faults.push_back({"/open/to", {"important and core data cannot be open to everyone", "重要数据、核心数据不得向社会无条件开放"}});
  if (std::ranges::find(resource.fields, Sensitivity::open, &Field::sensitivity) == resource.fields.end())
    faults.push_back({"/open/to", {"no field has the sensitivity `open`, so nothing could be given", "没有敏感级别为“公开”的字段，无数据可开放"}});
}

}  // namespace

std::vector<Fault> faults_of(const Source& source) {
  std::vector<Fault> faults;
  if (source.kind == SourceKind::sqlite) {
    if (!source.path || !safe_path(*source.path)) {
      faults.push_back(
          {"/path",
           {"a sqlite source needs `path`, a file below the data folder without '..'", "sqlite 数据源须有 path（数据目录内的相对路径，不含“..”）"}});
    }
    return faults;
  }
  static const std::set<std::string, std::less<>> encodings{"utf-8", "gb18030", "windows-1252"};
  if (source.encoding && !encodings.contains(*source.encoding))
    faults.push_back({"/encoding", {"the encoding is utf-8, gb18030 or windows-1252", "编码应为 utf-8、gb18030 或 windows-1252"}});
  check_tables(source, faults);
  return faults;
}

std::vector<Fault> faults_of(const Resource& resource) {
  std::vector<Fault> faults;
  if (resource.share_class == ShareClass::conditional && !resource.share_conditions) {
    faults.push_back({"/share_class",
                      {"what is shared on conditions states them in `share_conditions` (Order 809, art. 14)",
                       "有条件共享须在 share_conditions 写明条件（国务院令第809号第十四条）"}});
  }
  if (resource.share_class == ShareClass::not_shared && (!resource.legal_basis || resource.legal_basis->empty())) {
    faults.push_back({"/share_class",
                      {"what is not shared cites the law in `legal_basis` (Order 809, art. 15)",
                       "不予共享须在 legal_basis 写明法律依据（国务院令第809号第十五条）"}});
  }
  if (resource.classification.empty() || resource.classification.size() > 4) {
    faults.push_back({"/classification", {"the classification has one to four steps (类, 项, 目, 细目)", "分类应为一至四级（类、项、目、细目）"}});
  }
  check_open(resource, faults);
  if (resource.interface_class && resource.share_method != ShareMethod::interface) {
    faults.push_back({"/interface_class", {"only what is shared by an interface has a class of interface", "仅以接口方式共享的资源有接口类型"}});
  }
  if (resource.related && resource.related->size() > related_max)
    faults.push_back({"/related", {"at most 50 related codes", "关联资源代码最多50个"}});
  if (resource.quality) {
    for (std::size_t i = 0; i < resource.quality->size(); ++i) {
      if (resource.field((*resource.quality)[i].field) == nullptr)
        faults.push_back({"/quality/" + std::to_string(i) + "/field", {"this is no field of the resource", "本资源没有该字段"}});
    }
  }
  if (resource.fields.empty()) faults.push_back({"/fields", {"a resource has at least one field", "数据资源至少包含一个字段"}});
  if (resource.fields.size() > fields_max) faults.push_back({"/fields", {"a resource has at most 200 fields", "数据资源最多200个字段"}});
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < resource.fields.size(); ++i) {
    const auto& field = resource.fields[i];
    if (!seen.insert(field.id).second)
      faults.push_back({"/fields/" + std::to_string(i) + "/id", {"this field stands twice: " + field.id, "字段重复：" + field.id}});
  }
  if (resource.subject && resource.field(resource.subject->field) == nullptr) {
    faults.push_back(
        {"/subject/field",
         {"the subject's field is none of this resource: " + resource.subject->field, "主体字段不在本资源中：" + resource.subject->field}});
  }
  return faults;
}

}  // namespace jx::catalogue
