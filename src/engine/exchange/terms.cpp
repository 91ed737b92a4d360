#include "terms.hpp"

#include "exchange_sql.hpp"

namespace jx::exchange {
namespace {

Result<GrantTerms> compiled(const std::string& text) {
  JX_TRY(grant, wire::decode<Grant>(text));
  GrantTerms terms{std::move(grant), std::nullopt, std::nullopt, std::nullopt};
  // An open scope has as inputs the fields that the rule names, and no others: those are asked of the source.
  const auto compile = [](const std::optional<std::string>& feel, std::optional<rules::Expression>& into) -> Result<> {
    if (!feel) return {};
    JX_TRY(expression, rules::Expression::compile(*feel, rules::Scope::any()));
    into = std::move(expression);
    return {};
  };
  JX_CHECK(compile(terms.grant.rows, terms.rows));
  JX_CHECK(compile(terms.grant.verify, terms.verify));
  if (terms.grant.rows) terms.plain_rows = rules::condition_of(*terms.grant.rows);
  return terms;
}

}  // namespace

Result<Gateway::Cache::Row> Gateway::Cache::grant(db::Tx& tx, const GrantId& id) {
  return grant_now_.of(tx, id, [&] { return read_grant(tx, id); });
}

Result<Gateway::Cache::Row> Gateway::Cache::read_grant(db::Tx& tx, const GrantId& id) {
  JX_TRY(row, tx.one(sql::grant_one, id));
  if (!row) return fail(ErrorCode::not_found, {"there is no grant of this name", "没有该项共享授权"}, "/grant");
  JX_TRY(terms, grants_.of(id.text(), std::string(row->text(0)), compiled));
  return Row{std::move(terms), !row->null(1), !row->null(2)};
}

Result<Decoded<Masks>::Held> Gateway::Cache::masks_of(db::Tx& tx, const Decoded<GrantTerms>::Held& grant,
                                                      const Decoded<catalogue::Resource>::Held& resource) {
  return masks_now_.of(tx, Pair(grant, resource), [&] {
    return masks_.of(grant->value.grant.id.text(), grant->text + resource->text, [&](const std::string&) -> Result<Masks> {
      Masks list;
      for (const auto& field : grant->value.grant.fields) {
        list.emplace_back();
        const auto* of = resource->value.field(field.id);
        if (!field.mask || of == nullptr) continue;  // what the resource no longer has is not answered
        JX_TRY(mask, Mask::make(*of, *field.mask, {grant->value.grant.consumer, resource->value.id, mask_keys_}));
        list.back() = std::move(mask);
      }
      return list;
    });
  });
}

Result<Decoded<Programme>::Held> Gateway::Cache::programme(db::Tx& tx, const ProgrammeId& id) {
  return programme_now_.of(tx, id, [&]() -> Result<Decoded<Programme>::Held> {
    JX_TRY(row, tx.one(sql::programme_one, id));
    if (!row) return fail(ErrorCode::not_found, {"there is no programme of this name", "没有该项工作计划"}, "/programme");
    return programmes_.of(id.text(), std::string(row->text(0)), [](const std::string& body) { return wire::decode<Programme>(body); });
  });
}

Result<Decoded<catalogue::Resource>::Held> Gateway::Cache::resource(db::Tx& tx, const ResourceId& id) {
  return resource_now_.of(tx, id, [&]() -> Result<Decoded<catalogue::Resource>::Held> {
    JX_TRY(text, catalogue::resource_text(tx, id));
    return resources_.of(id.text(), std::move(text), [](const std::string& body) { return wire::decode<catalogue::Resource>(body); });
  });
}

Result<Decoded<catalogue::Source>::Held> Gateway::Cache::source(db::Tx& tx, const SourceId& id) {
  return source_now_.of(tx, id, [&]() -> Result<Decoded<catalogue::Source>::Held> {
    JX_TRY(text, catalogue::source_text(tx, id));
    return sources_.of(id.text(), std::move(text), [](const std::string& body) { return wire::decode<catalogue::Source>(body); });
  });
}

Gateway::Gateway(db::Database& database, Sources& sources, Facts& facts, const crypto::KeyRing* mask_keys)
    : database_(database), sources_(sources), facts_(facts), cache_(std::make_unique<Cache>(mask_keys)) {}
Gateway::~Gateway() = default;

}  // namespace jx::exchange
