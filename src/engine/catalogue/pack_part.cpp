// The part of a pack that the catalogue owns: sources/*.yaml and resources/*.yaml.
#include <jx/catalogue/resources.hpp>
#include <jx/pack/records.hpp>

#include "catalogue_sql.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <map>

namespace jx::catalogue {
namespace {

const auto tables = state_tables();
const pack::RecordTable source_table{pack::Kind::source, {"data source", "数据源"}, &sql::source_all, &sql::source_put, &sql::source_end, &tables[0]};
const pack::RecordTable resource_table{
    pack::Kind::resource, {"data resource", "数据资源"}, &sql::resource_all, &sql::resource_put, &sql::resource_end, &tables[1]};

void check_source(const pack::File& file, const pack::Decoded<Source>& source, const pack::Names& names, pack::Findings& findings) {
  pack::check_file_name(file, source.value.id.text(), source.line_of("/id"), findings);
  names.require(pack::Kind::unit, source.value.unit.text(), file, source.line_of("/unit"), findings);
  for (const auto& fault : faults_of(source.value)) findings.error(file, source.line_of(fault.pointer), fault.words);
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
      for (const auto& fault : faults_of(value)) findings.error(file, resource.line_of(fault.pointer), fault.words);
    });
  }

  Result<std::vector<pack::Change>> plan(db::Tx& tx, const Context&, const pack::Pack& pack) const override {
    JX_CHECK(check_names(tx, pack));
    JX_TRY(changes, pack::plan_records(tx, source_table, pack::records_of<Source>(pack, "sources")));
    JX_TRY(more, pack::plan_records(tx, resource_table, pack::records_of<Resource>(pack, "resources")));
    changes.insert(changes.end(), more.begin(), more.end());
    return changes;
  }

  Result<> apply(db::Tx& tx, const Context& context, const pack::Pack& pack) const override {
    JX_CHECK(check_names(tx, pack));
    JX_TRY(state, pack::apply_records(tx, context, source_table, pack::records_of<Source>(pack, "sources")));
    JX_TRY(more, pack::apply_records(tx, context, resource_table, pack::records_of<Resource>(pack, "resources")));
    state.insert(state.end(), more.begin(), more.end());
    if (state.empty()) return {};
    JX_CHECK(ledger::append(tx, context, {"catalogue.changed", {}, {}, std::move(state)}));
    return {};
  }

 private:
  /// A pack does not take over what an officer has made under the same name.
  static Result<> check_names(db::Tx& tx, const pack::Pack& pack) {
    for (const auto& record : pack::records_of<Source>(pack, "sources")) {
      JX_TRY(made, tx.one(sql::source_made, record.key));
      if (made) return taken("sources/" + record.key + ".yaml");
    }
    for (const auto& record : pack::records_of<Resource>(pack, "resources")) {
      JX_TRY(made, tx.one(sql::resource_made, record.key));
      if (made) return taken("resources/" + record.key + ".yaml");
    }
    return {};
  }
  static std::unexpected<Error> taken(const std::string& file) {
    return fail(ErrorCode::conflict,
                {file + ": an officer has made one of this name; name the pack's otherwise, or have the other one withdrawn first",
                 file + "：数据管理员已建有同名条目，请改名，或先撤下该条目"});
  }
};

}  // namespace

std::unique_ptr<pack::Part> pack_part() { return std::make_unique<CataloguePart>(); }

}  // namespace jx::catalogue
