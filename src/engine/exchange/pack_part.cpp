// The part of a pack that the exchange owns: programmes/*.yaml and grants/*.yaml.
#include "exchange_sql.hpp"

#include <jx/exchange/grants.hpp>
#include <jx/pack/records.hpp>

#include <boost/json/object.hpp>

#include <array>

namespace jx::exchange {
namespace {

constexpr std::array tables{
    ledger::StateTable{"exchange.programme", 1, 1, &sql::programme_state, &sql::programme_states},
    ledger::StateTable{"exchange.grant", 2, 1, &sql::grant_state_2, &sql::grant_states_2},
    ledger::StateTable{"exchange.usage", 2, 1, &sql::usage_state_2, &sql::usage_states_2},
    ledger::StateTable{"exchange.usage", 1, 1, &sql::usage_state, &sql::usage_states},  // without matter and persons
    ledger::StateTable{"exchange.grant_version", 1, 2, &sql::grant_version_state, &sql::grant_version_states},
    ledger::StateTable{"exchange.grant", 1, 1, &sql::grant_state, &sql::grant_states},  // before grants by request
    ledger::StateTable{"exchange.delivery", 1, 1, &sql::delivery_state, &sql::delivery_states},
    ledger::StateTable{"exchange.delivery_part", 1, 2, &sql::delivery_part_state, &sql::delivery_part_states},
    ledger::StateTable{"exchange.delay", 1, 1, &sql::delay_state, &sql::delay_states},
    ledger::StateTable{"exchange.usage_export", 1, 1, &sql::usage_export_state, &sql::usage_export_states},
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

/// That what it names is in the pack; the rest of a binding is faults_of().
void check_binding(const pack::File& file, const pack::Decoded<Grant>& grant, const pack::Names& names, pack::Findings& findings) {
  const auto& value = grant.value;
  if (value.programme) names.require(pack::Kind::programme, value.programme->text(), file, grant.line_of("/programme"), findings);
  if (!value.items) return;
  for (std::size_t i = 0; i < value.items->size(); ++i)
    names.require(pack::Kind::item, (*value.items)[i].text(), file, grant.line_of("/items/" + std::to_string(i)), findings);
}

void check_grant(const pack::File& file, const pack::Decoded<Grant>& grant, const Resources& resources, const pack::Names& names,
                 pack::Findings& findings) {
  const auto& value = grant.value;
  pack::check_file_name(file, value.id.text(), grant.line_of("/id"), findings);
  names.require(pack::Kind::unit, value.consumer.text(), file, grant.line_of("/consumer"), findings);
  check_binding(file, grant, names, findings);
  if (names.require(pack::Kind::resource, value.resource.text(), file, grant.line_of("/resource"), findings)) {
    if (const auto resource = resources.find(value.resource.text()); resource != resources.end()) {
      for (const auto& fault : faults_of(value, resource->second)) findings.error(file, grant.line_of(fault.pointer), fault.words);
    }
  }
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
    JX_CHECK(check_names(tx, pack));
    JX_TRY(changes, pack::plan_records(tx, programme_table, pack::records_of<Programme>(pack, "programmes")));
    JX_TRY(more, pack::plan_records(tx, grant_table, grant_records(pack)));
    changes.insert(changes.end(), more.begin(), more.end());
    return changes;
  }

  Result<> apply(db::Tx& tx, const Context& context, const pack::Pack& pack) const override {
    JX_CHECK(check_names(tx, pack));
    JX_TRY(state, pack::apply_records(tx, context, programme_table, pack::records_of<Programme>(pack, "programmes")));
    JX_TRY(more, pack::apply_records(tx, context, grant_table, grant_records(pack)));
    state.insert(state.end(), more.begin(), more.end());
    if (state.empty()) return {};
    JX_CHECK(ledger::append(tx, context, {"exchange.changed", {}, {}, std::move(state)}));
    return {};
  }

 private:
  /// A pack does not take over what a request gave under the same name.
  static Result<> check_names(db::Tx& tx, const pack::Pack& pack) {
    for (const auto& record : grant_records(pack)) {
      JX_TRY(made, tx.one(sql::grant_made, record.key));
      if (made)
        return fail(ErrorCode::conflict, {"grants/" + record.key + ".yaml: a request has given a grant of this name; name the pack's otherwise",
                                          "grants/" + record.key + ".yaml：已有依申请产生的同名授权，请改名"});
    }
    return {};
  }

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
