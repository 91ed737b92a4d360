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
