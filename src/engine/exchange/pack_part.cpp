// The part of a pack that the exchange owns: programmes/*.yaml and grants/*.yaml.
#include "exchange_sql.hpp"

#include <jx/exchange.hpp>
#include <jx/pack/records.hpp>
#include <jx/rules.hpp>

#include <boost/json/object.hpp>

#include <array>

namespace jx::exchange {
namespace {

constexpr std::array tables{
    ledger::StateTable{"exchange.programme", 1, 1, &sql::programme_state, &sql::programme_states},
    ledger::StateTable{"exchange.grant", 1, 1, &sql::grant_state, &sql::grant_states},
    ledger::StateTable{"exchange.usage", 2, 1, &sql::usage_state_2, &sql::usage_states_2},
    ledger::StateTable{"exchange.usage", 1, 1, &sql::usage_state, &sql::usage_states},  // without matter and persons
};
const pack::RecordTable programme_table{pack::Kind::programme, {"programme", "专项工作"}, &sql::programme_all,
                                        &sql::programme_put,   &sql::programme_end,       &tables[0]};
const pack::RecordTable grant_table{pack::Kind::grant, {"grant", "共享授权"}, &sql::grant_all, &sql::grant_put, &sql::grant_end, &tables[1]};

using Resources = std::map<std::string, catalogue::Resource>;

Resources resources_of(const pack::Pack& pack) {
  Resources resources;
  pack::Findings checked_by_the_catalogue;
  pack::each_yaml<catalogue::Resource>(pack, "resources", checked_by_the_catalogue,
                                       [&](const auto&, const auto& resource) { resources.emplace(resource.value.id.text(), resource.value); });
  return resources;
}

void check_binding(const pack::File& file, const pack::Decoded<Grant>& grant, const pack::Names& names, pack::Findings& findings) {
  const auto& value = grant.value;
  if (value.binding == Binding::programme) {
    if (!value.programme || value.items) {
      findings.error(file, grant.line_of("/binding"),
                     {"a grant that is bound to a programme names `programme` and no `items`", "绑定专项工作的授权须写 programme，不写 items"});
    } else {
      names.require(pack::Kind::programme, value.programme->text(), file, grant.line_of("/programme"), findings);
    }
    return;
  }
  if (value.programme || !value.items || value.items->empty()) {
    findings.error(file, grant.line_of("/binding"),
                   {"a grant that is bound to cases names `items` and no `programme`", "绑定办件的授权须写 items，不写 programme"});
    return;
  }
  for (std::size_t i = 0; i < value.items->size(); ++i) {
    names.require(pack::Kind::item, (*value.items)[i].text(), file, grant.line_of("/items/" + std::to_string(i)), findings);
  }
}

void check_fields(const pack::File& file, const pack::Decoded<Grant>& grant, const catalogue::Resource& resource, pack::Findings& findings) {
  const auto& value = grant.value;
  const auto need = [&](const std::string& field, const std::string& pointer) {
    if (resource.field(field) == nullptr)
      findings.error(file, grant.line_of(pointer), {"the resource has no field of this name: " + field, "数据资源中没有该字段：" + field});
  };
  for (std::size_t i = 0; i < value.fields.size(); ++i) {
    const auto at = "/fields/" + std::to_string(i);
    need(value.fields[i].id, at + "/id");
    if (!value.fields[i].mask) continue;
    if (const auto mask = rules::Expression::compile(*value.fields[i].mask, {{{"value", {}}}, false}); !mask)
      findings.error(file, grant.line_of(at + "/mask"), mask.error().message);
  }
  for (std::size_t i = 0; i < value.lookup.size(); ++i) need(value.lookup[i], "/lookup/" + std::to_string(i));
  if (value.rows) {
    rules::Scope scope;
    for (const auto& field : resource.fields) scope.inputs.push_back({field.id, {}});
    if (const auto rows = rules::Expression::compile(*value.rows, scope); !rows) findings.error(file, grant.line_of("/rows"), rows.error().message);
  }
  if (value.binding == Binding::case_ && !resource.subject) {
    findings.error(
        file, grant.line_of("/resource"),
        {"a grant bound to cases needs a resource that says whose data a row is (`subject`)", "绑定办件的授权所用资源须标明数据主体（subject）"});
  }
  if (resource.share_class == catalogue::ShareClass::not_shared) {
    findings.error(file, grant.line_of("/resource"), {"this resource is not shared", "该资源不予共享"});
  }
}

void check_grant(const pack::File& file, const pack::Decoded<Grant>& grant, const Resources& resources, const pack::Names& names,
                 pack::Findings& findings) {
  const auto& value = grant.value;
  pack::check_file_name(file, value.id.text(), grant.line_of("/id"), findings);
  names.require(pack::Kind::unit, value.consumer.text(), file, grant.line_of("/consumer"), findings);
  check_binding(file, grant, names, findings);
  if (names.require(pack::Kind::resource, value.resource.text(), file, grant.line_of("/resource"), findings)) {
    if (const auto resource = resources.find(value.resource.text()); resource != resources.end())
      check_fields(file, grant, resource->second, findings);
  }
  if (value.legal_basis.empty())
    findings.error(file, grant.line_of("/legal_basis"),
                   {"a grant states its legal basis (Order 809, art. 20)", "授权须写明法律依据（国务院令第809号第二十条）"});
  if (value.fields.empty()) findings.error(file, grant.line_of("/fields"), {"a grant names at least one field", "授权至少包含一个字段"});
  if (value.calls_per_minute < 1)
    findings.error(file, grant.line_of("/calls_per_minute"), {"calls_per_minute is at least 1", "calls_per_minute 至少为1"});
  if (value.valid_to && *value.valid_to < value.valid_from)
    findings.error(file, grant.line_of("/valid_to"), {"the grant ends before it begins", "截止日期早于生效日期"});
}

class ExchangePart final : public pack::Part {
 public:
  std::string_view name() const override { return "exchange"; }

  bool owns(std::string_view path) const override {
    return (path.starts_with("programmes/") || path.starts_with("grants/")) && path.ends_with(".yaml");
  }

  void declare(const pack::Pack& pack, pack::Names& names, pack::Findings& findings) const override {
    pack::declare_ids<Programme>(pack, "programmes", pack::Kind::programme, names, findings);
    pack::declare_ids<Grant>(pack, "grants", pack::Kind::grant, names, findings);
  }

  void check(const pack::Pack& pack, const pack::Names& names, pack::Findings& findings) const override {
    pack::each_yaml<Programme>(pack, "programmes", findings, [&](const auto& file, const auto& programme) {
      pack::check_file_name(file, programme.value.id.text(), programme.line_of("/id"), findings);
      names.require(pack::Kind::unit, programme.value.unit.text(), file, programme.line_of("/unit"), findings);
      if (programme.value.valid_to < programme.value.valid_from)
        findings.error(file, programme.line_of("/valid_to"), {"the programme ends before it begins", "截止日期早于开始日期"});
    });
    const auto resources = resources_of(pack);
    pack::each_yaml<Grant>(pack, "grants", findings,
                           [&](const auto& file, const auto& grant) { check_grant(file, grant, resources, names, findings); });
  }

  Result<std::vector<pack::Change>> plan(db::Tx& tx, const Context&, const pack::Pack& pack) const override {
    JX_TRY(changes, pack::plan_records(tx, programme_table, pack::records_of<Programme>(pack, "programmes")));
    JX_TRY(more, pack::plan_records(tx, grant_table, grant_records(pack)));
    changes.insert(changes.end(), more.begin(), more.end());
    return changes;
  }

  Result<> apply(db::Tx& tx, const Context& context, const pack::Pack& pack) const override {
    JX_TRY(state, pack::apply_records(tx, context, programme_table, pack::records_of<Programme>(pack, "programmes")));
    JX_TRY(more, pack::apply_records(tx, context, grant_table, grant_records(pack)));
    state.insert(state.end(), more.begin(), more.end());
    if (state.empty()) return {};
    JX_CHECK(ledger::append(tx, context, {"exchange.changed", {}, {}, std::move(state)}));
    return {};
  }

 private:
  /// A grant is called by its purpose.
  static std::vector<pack::Record> grant_records(const pack::Pack& pack) {
    std::vector<pack::Record> list;
    pack::Findings checked_before;
    pack::each_yaml<Grant>(pack, "grants", checked_before, [&](const auto&, const auto& grant) {
      list.push_back({grant.value.id.text(), grant.value.purpose, wire::encode(grant.value)});
    });
    return list;
  }
};

}  // namespace

std::span<const ledger::StateTable> state_tables() { return tables; }
std::unique_ptr<pack::Part> pack_part() { return std::make_unique<ExchangePart>(); }

}  // namespace jx::exchange
