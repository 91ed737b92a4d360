// list_item_records.cpp - GET /api/v1/item-records (operation listItemRecords).
#include "handlers.hpp"
#include "views_services.hpp"

#include <jx/services/lint.hpp>
#include <jx/wire.hpp>

namespace jx::api {

namespace {

struct ItemFinding {
  std::string rule, field;
  LocalizedText message;
};
BOOST_DESCRIBE_STRUCT(ItemFinding, (), (rule, field, message))

struct ItemRecord {
  ItemId key;
  std::string code;
  LocalizedText name;
  std::vector<UnitName> units;
  services::ItemKind kind = services::ItemKind::public_service;
  std::string promised, statutory;
  int visits = 0;
  std::optional<std::string> online_depth;
  ProcessId process;
  std::int64_t forms = 0, certificates = 0, reads = 0;
  std::vector<ItemFinding> findings;
};
BOOST_DESCRIBE_STRUCT(ItemRecord, (),
                      (key, code, name, units, kind, promised, statutory, visits, online_depth, process, forms, certificates, reads, findings))

struct ItemRecordList {
  std::vector<ItemRecord> items;
};
BOOST_DESCRIBE_STRUCT(ItemRecordList, (), (items))

Result<ItemRecord> record_of(db::Tx& tx, const services::Item& item) {
  JX_TRY(summary, item_summary(tx, item));
  ItemRecord record{item.id,
                    item.code,
                    item.name,
                    std::move(summary.units),
                    item.kind,
                    services::promised_of(item),
                    services::statutory_of(item),
                    item.visits,
                    item.online_depth,
                    item.process,
                    item.forms ? static_cast<std::int64_t>(item.forms->size()) : (item.form ? 1 : 0),
                    item.certificates ? static_cast<std::int64_t>(item.certificates->size()) : (item.certificate ? 1 : 0),
                    item.prefill ? static_cast<std::int64_t>(item.prefill->size()) : 0,
                    {}};
  if (!item.handling) return record;  // it tells no more than it must, and the rules are about the rest
  JX_TRY(whole, wire::parse(wire::encode(item)));
  for (const auto& fault : services::lint(whole.get_object())) record.findings.push_back({fault.rule, fault.field, localized(fault.message)});
  return record;
}

}  // namespace

Call::Answer list_item_records(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "pack.read"));
    JX_TRY(items, services::items(tx));
    ItemRecordList list;
    for (const auto& item : items) {
      JX_TRY(record, record_of(tx, item));
      list.items.push_back(std::move(record));
    }
    return ok(list);
  });
}

}  // namespace jx::api
