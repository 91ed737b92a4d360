// finder.cpp - items found as people type: by what they are called, by what they do, and by what people say for it.
#include "services_sql.hpp"
#include "synonyms.hpp"

#include <jx/services/items.hpp>

namespace jx::services {
namespace {

// What a find in it counts; from 1 on it is found by its sound too.
constexpr double in_name = 2;
constexpr double in_keyword = 2;
constexpr double in_result = 1;
constexpr double in_topic = 1;
constexpr double in_summary = 0.5;
constexpr double in_material = 0.25;

void add(search::Index& index, const Item& item) {
  std::vector<search::Part> parts;
  const auto every = [&](const LocalizedText& text, double weight) {
    for (const auto& [language, words] : text.by_language()) parts.push_back({words, weight});
  };
  const auto list = [&](const std::optional<std::vector<std::string>>& words, double weight) {
    if (!words) return;
    for (const auto& word : *words) parts.push_back({word, weight});
  };
  every(item.name, in_name);
  if (item.sub_item) every(*item.sub_item, in_name);
  list(item.keywords, in_keyword);
  every(item.result, in_result);
  every(item.summary, in_summary);
  for (const auto& step : item.steps) every(step.name, in_summary);
  for (const auto& material : item.materials) every(material.name, in_material);
  if (item.topics) {
    list(item.topics->person, in_topic);
    list(item.topics->firm, in_topic);
  }
  parts.push_back({item.code, in_name});
  index.add(parts);
}

}  // namespace

Result<search::Synonyms> synonyms_of(const pack::Pack& pack) {
  const auto* file = pack.file("synonyms.yaml");
  if (file == nullptr) return search::Synonyms();
  pack::Findings findings;
  auto decoded = pack::decode_yaml<SynonymFile>(*file, findings);
  if (!decoded) return fail(ErrorCode::invalid, findings.sorted().front().message);
  return std::move(decoded->value.groups);
}

std::shared_ptr<const Listing> make_listing(const pack::Digest& pack, std::vector<Item> items, const search::Synonyms& synonyms) {
  auto made = std::make_shared<Listing>();
  made->pack = pack;
  made->items = std::move(items);
  made->index = search::Index(synonyms);
  for (const auto& item : made->items) add(made->index, item);
  return made;
}

Result<std::shared_ptr<const Listing>> Finder::listing(db::Tx& tx) {
  JX_TRY(current, pack::current(tx));
  const auto hash = current ? current->hash : pack::Digest();
  {
    const std::lock_guard lock(mutex_);
    if (last_ && last_->pack == hash) return last_;
  }
  search::Synonyms synonyms;
  if (current) {
    JX_TRY(pack, pack::load(tx, hash));
    JX_TRY(groups, synonyms_of(pack));
    synonyms = std::move(groups);
  }
  JX_TRY(all, items(tx));
  auto made = make_listing(hash, std::move(all), synonyms);
  const std::lock_guard lock(mutex_);
  last_ = made;
  return made;
}

}  // namespace jx::services
