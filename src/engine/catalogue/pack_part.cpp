// The part of a pack that the catalogue owns: sources/*.yaml and resources/*.yaml.
#include <jx/catalogue.hpp>
#include <jx/ledger.hpp>
#include <jx/pack/records.hpp>

#include "catalogue_sql.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace jx::catalogue {
namespace {

constexpr std::array tables{
    ledger::StateTable{"catalogue.source", 1, 1, &sql::source_state, &sql::source_states},
    ledger::StateTable{"catalogue.resource", 1, 1, &sql::resource_state, &sql::resource_states},
};
const pack::RecordTable source_table{pack::Kind::source, {"data source", "数据源"}, &sql::source_all, &sql::source_put, &sql::source_end, &tables[0]};
const pack::RecordTable resource_table{
    pack::Kind::resource, {"data resource", "数据资源"}, &sql::resource_all, &sql::resource_put, &sql::resource_end, &tables[1]};

bool safe_path(std::string_view path) { return !path.empty() && path.front() != '/' && path.find("..") == std::string_view::npos; }

void check_source(const pack::File& file, const pack::Decoded<Source>& source, const pack::Names& names, pack::Findings& findings) {
  const auto& value = source.value;
  pack::check_file_name(file, value.id.text(), source.line_of("/id"), findings);
  names.require(pack::Kind::unit, value.unit.text(), file, source.line_of("/unit"), findings);
  if (value.kind == SourceKind::sqlite) {
    if (!value.path || !safe_path(*value.path)) {
      findings.error(
          file, source.line_of("/path"),
          {"a sqlite source needs `path`, a file below the data folder without '..'", "sqlite 数据源须有 path（数据目录内的相对路径，不含“..”）"});
    }
    return;
  }
  static const std::set<std::string, std::less<>> encodings{"utf-8", "gb18030", "windows-1252"};
  if (value.encoding && !encodings.contains(*value.encoding)) {
    findings.error(file, source.line_of("/encoding"), {"the encoding is utf-8, gb18030 or windows-1252", "编码应为 utf-8、gb18030 或 windows-1252"});
  }
  if (!value.tables || value.tables->empty()) {
    findings.error(file, source.line_of("/tables"), {"a csv source needs `tables`, one file a table", "csv 数据源须有 tables，每表一个文件"});
    return;
  }
  for (std::size_t i = 0; i < value.tables->size(); ++i) {
    if (!safe_path((*value.tables)[i].path)) {
      findings.error(file, source.line_of("/tables/" + std::to_string(i) + "/path"),
                     {"a path lies below the data folder, without '..'", "路径须在数据目录内，不含“..”"});
    }
  }
}

void check_sharing(const pack::File& file, const pack::Decoded<Resource>& resource, pack::Findings& findings) {
  const auto& value = resource.value;
  if (value.share_class == ShareClass::conditional && !value.share_conditions) {
    findings.error(file, resource.line_of("/share_class"),
                   {"what is shared on conditions states them in `share_conditions` (Order 809, art. 14)",
                    "有条件共享须在 share_conditions 写明条件（国务院令第809号第十四条）"});
  }
  if (value.share_class == ShareClass::not_shared && (!value.legal_basis || value.legal_basis->empty())) {
    findings.error(file, resource.line_of("/share_class"),
                   {"what is not shared cites the law in `legal_basis` (Order 809, art. 15)",
                    "不予共享须在 legal_basis 写明法律依据（国务院令第809号第十五条）"});
  }
}

void check_fields(const pack::File& file, const pack::Decoded<Resource>& resource, pack::Findings& findings) {
  const auto& value = resource.value;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < value.fields.size(); ++i) {
    if (!seen.insert(value.fields[i].id).second) {
      findings.error(file, resource.line_of("/fields/" + std::to_string(i) + "/id"),
                     {"this field stands twice: " + value.fields[i].id, "字段重复：" + value.fields[i].id});
    }
  }
  if (value.subject && value.field(value.subject->field) == nullptr) {
    findings.error(file, resource.line_of("/subject/field"),
                   {"the subject's field is none of this resource: " + value.subject->field, "主体字段不在本资源中：" + value.subject->field});
  }
  if (value.classification.empty() || value.classification.size() > 4) {
    findings.error(file, resource.line_of("/classification"),
                   {"the classification has one to four steps (类, 项, 目, 细目)", "分类应为一至四级（类、项、目、细目）"});
  }
}

class CataloguePart final : public pack::Part {
 public:
  std::string_view name() const override { return "catalogue"; }

  bool owns(std::string_view path) const override {
    return (path.starts_with("sources/") || path.starts_with("resources/")) && path.ends_with(".yaml");
  }

  void declare(const pack::Pack& pack, pack::Names& names, pack::Findings& findings) const override {
    pack::declare_ids<Source>(pack, "sources", pack::Kind::source, names, findings);
    pack::declare_ids<Resource>(pack, "resources", pack::Kind::resource, names, findings);
  }

  void check(const pack::Pack& pack, const pack::Names& names, pack::Findings& findings) const override {
    std::map<std::string, Source> sources;
    pack::each_yaml<Source>(pack, "sources", findings, [&](const auto& file, const auto& source) {
      check_source(file, source, names, findings);
      sources.emplace(source.value.id.text(), source.value);
    });
    pack::each_yaml<Resource>(pack, "resources", findings, [&](const auto& file, const auto& resource) {
      const auto& value = resource.value;
      pack::check_file_name(file, value.id.text(), resource.line_of("/id"), findings);
      names.require(pack::Kind::unit, value.provider.text(), file, resource.line_of("/provider"), findings);
      if (names.require(pack::Kind::source, value.source.text(), file, resource.line_of("/source"), findings)) {
        const auto source = sources.find(value.source.text());
        if (source != sources.end() && source->second.tables &&
            std::ranges::find(*source->second.tables, value.table, &SourceTable::name) == source->second.tables->end()) {
          findings.error(file, resource.line_of("/table"),
                         {"the source has no table of this name: " + value.table, "数据源中没有该表：" + value.table});
        }
      }
      check_sharing(file, resource, findings);
      check_fields(file, resource, findings);
    });
  }

  Result<std::vector<pack::Change>> plan(db::Tx& tx, const Context&, const pack::Pack& pack) const override {
    JX_TRY(changes, pack::plan_records(tx, source_table, pack::records_of<Source>(pack, "sources")));
    JX_TRY(more, pack::plan_records(tx, resource_table, pack::records_of<Resource>(pack, "resources")));
    changes.insert(changes.end(), more.begin(), more.end());
    return changes;
  }

  Result<> apply(db::Tx& tx, const Context& context, const pack::Pack& pack) const override {
    JX_TRY(state, pack::apply_records(tx, context, source_table, pack::records_of<Source>(pack, "sources")));
    JX_TRY(more, pack::apply_records(tx, context, resource_table, pack::records_of<Resource>(pack, "resources")));
    state.insert(state.end(), more.begin(), more.end());
    if (state.empty()) return {};
    JX_CHECK(ledger::append(tx, context, {"catalogue.changed", {}, {}, std::move(state)}));
    return {};
  }
};

}  // namespace

std::span<const ledger::StateTable> state_tables() { return tables; }
std::unique_ptr<pack::Part> pack_part() { return std::make_unique<CataloguePart>(); }

}  // namespace jx::catalogue
