#include <jx/catalogue/finder.hpp>

#include "catalogue_sql.hpp"

namespace jx::catalogue {
namespace {

// What a find in it counts; from 1 on it is found by its sound too.
constexpr double in_name = 2;
constexpr double in_code = 1.5;
constexpr double in_classification = 1;
constexpr double in_provider = 1;
constexpr double in_field = 1;
constexpr double in_summary = 0.5;

void add(search::Index& index, const Listed& entry) {
  std::vector<search::Part> parts;
  const auto every = [&](const LocalizedText& text, double weight) {
    for (const auto& [language, words] : text.by_language()) parts.push_back({words, weight});
  };
  const auto& resource = entry.resource;
  every(resource.name, in_name);
  every(resource.summary, in_summary);
  every(entry.provider, in_provider);
  parts.push_back({resource.code, in_code});
  parts.push_back({resource.id.text(), in_code});
  for (const auto& step : resource.classification) parts.push_back({step, in_classification});
  for (const auto& field : resource.fields) every(field.name, in_field);
  index.add(parts);
}

}  // namespace

Result<std::shared_ptr<const Listing>> Finder::listing(db::Tx& tx) {
  JX_TRY(revision, tx.one(sql::resource_revision));
  {
    const std::lock_guard lock(mutex_);
    if (last_ && last_->revision == revision->integer(0)) return last_;
  }
  auto made = std::make_shared<Listing>();
  made->revision = revision->integer(0);
  JX_TRY(rows, tx.all(sql::resource_listing));
  for (const auto& row : rows) {
    JX_TRY(resource, wire::decode<Resource>(row.text(0)));
    JX_TRY(provider, name_unit_(tx, resource.provider));
    made->entries.push_back({std::move(resource), std::move(provider), row.instant(1), row.instant(2)});
    add(made->index, made->entries.back());
  }
  const std::lock_guard lock(mutex_);
  last_ = made;
  return std::shared_ptr<const Listing>(std::move(made));
}

bool is_public(const Resource& resource) {
  return resource.share_class == ShareClass::unconditional || (resource.open && resource.open->to != OpenTo::nobody);
}

}  // namespace jx::catalogue
