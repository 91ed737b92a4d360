#include <jx/catalogue/duplicates.hpp>
#include <jx/text/search.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace jx::catalogue {
namespace {

constexpr std::size_t name_bytes_min = 4;  // shorter ones, such as a single Chinese character, say too little

/// Names that mean something else in every table.
const std::set<std::string, std::less<>> vague{"状态", "类型", "名称", "备注", "编号",   "日期", "地址",    "state",
                                               "kind", "type", "name", "note", "number", "date", "address", "status"};

/// The names of a datum, made alike.
std::vector<std::string> names_of(const LocalizedText& text) {
  std::vector<std::string> names;
  for (const auto& [language, words] : text.by_language()) {
    auto name = text::search_form(words);
    if (name.size() >= name_bytes_min && std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

DuplicatePlace place(const Resource& resource, const Field& field) { return {resource.id, field.id, field.designated.value_or(false)}; }

/// Which of the places is the one source, in a sentence.
std::string designated_in(const std::vector<DuplicatePlace>& places, bool chinese) {
  std::set<ResourceId> entries;
  for (const auto& one : places) {
    if (one.designated) entries.insert(one.resource);
  }
  const auto count = entries.size();
  if (count == 1) return chinese ? "已指定数源。" : "One of them is the designated source.";
  if (count > 1) return chinese ? "指定了多个数源，应只保留一个。" : "Several are designated; one should be.";
  return chinese ? "尚未指定数源。" : "None is the designated source yet.";
}

void same_columns(std::span<const Resource> resources, std::vector<Duplicate>& found) {
  std::map<std::array<std::string, 3>, std::vector<std::pair<const Resource*, const Field*>>> by_column;
  for (const auto& resource : resources) {
    for (const auto& field : resource.fields) {
      if (resource.subject && resource.subject->field == field.id) continue;  // every table has the key of its subject
      by_column[{resource.source.text(), resource.table, field.column}].emplace_back(&resource, &field);
    }
  }
  // Two entries that share many columns are one find for each pair of entries.
  std::map<std::vector<ResourceId>, std::vector<std::pair<const Resource*, const Field*>>> by_entries;
  for (const auto& [column, fields] : by_column) {
    if (fields.size() < 2) continue;
    std::vector<ResourceId> entries;
    for (const auto& [resource, field] : fields) entries.push_back(resource->id);
    auto& all = by_entries[entries];
    all.insert(all.end(), fields.begin(), fields.end());
  }
  for (const auto& [entries, fields] : by_entries) {
    Duplicate one{DuplicateKind::same_column, fields.front().second->name, {}, {}, {}};
    for (const auto& [resource, field] : fields) one.places.push_back(place(*resource, *field));
    const auto columns = std::to_string(fields.size() / entries.size());
    one.reason = LocalizedText(
        {{"en",
          std::to_string(entries.size()) + " entries publish the same " + columns + " columns of one table. " + designated_in(one.places, false)},
         {"zh-CN", std::to_string(entries.size()) + "条目录发布了同一数据表的相同" + columns + "列。" + designated_in(one.places, true)}});
    found.push_back(std::move(one));
  }
}

void same_data(std::span<const Resource> resources, std::vector<Duplicate>& found) {
  std::map<std::pair<std::string, std::string>, std::vector<std::pair<const Resource*, const Field*>>> by_name;  // scheme and name
  for (const auto& resource : resources) {
    if (!resource.subject) continue;
    for (const auto& field : resource.fields) {
      if (field.id == resource.subject->field) continue;
      for (auto& name : names_of(field.name)) {
        if (!vague.contains(name)) by_name[{resource.subject->scheme, std::move(name)}].emplace_back(&resource, &field);
      }
    }
  }
  std::set<std::vector<std::string>> told;  // the same places under another language's name
  for (const auto& [key, fields] : by_name) {
    std::set<SourceId> sources;
    std::vector<std::string> where;
    for (const auto& [resource, field] : fields) {
      sources.insert(resource->source);
      where.push_back(resource->id.text() + "/" + field->id);
    }
    if (sources.size() < 2 || !told.insert(where).second) continue;
    Duplicate one{DuplicateKind::same_datum, fields.front().second->name, {}, {}, {}};
    for (const auto& [resource, field] : fields) one.places.push_back(place(*resource, *field));
    one.reason = LocalizedText({{"en", std::to_string(sources.size()) + " sources keep a datum of this name about the same kind of subject. " +
                                           designated_in(one.places, false)},
                                {"zh-CN", std::to_string(sources.size()) + "个数据源对同类主体保存了同名数据。" + designated_in(one.places, true)}});
    found.push_back(std::move(one));
  }
}

/// `手机号码` is asked as `经营者手机号码` too.
bool names(const std::string& title, const std::string& name) {
  return title == name || (title.size() > name.size() && title.ends_with(name) && !vague.contains(name));
}

void asked_again(std::span<const Resource> resources, std::span<const AskedField> asked, std::vector<Duplicate>& found) {
  for (const auto& field : asked) {
    if (field.filled) continue;
    const auto titles = names_of(field.title);
    Duplicate one{DuplicateKind::asked_again, field.title, {}, {{field.form, field.pointer, field.title}}, {}};
    for (const auto& resource : resources) {
      if (!resource.subject || resource.share_class == ShareClass::not_shared) continue;
      for (const auto& held : resource.fields) {
        const auto held_names = names_of(held.name);
        const bool same = std::ranges::any_of(titles, [&](const std::string& title) {
          return std::ranges::any_of(held_names, [&](const std::string& name) { return !vague.contains(name) && names(title, name); });
        });
        if (same) one.places.push_back(place(resource, held));
      }
    }
    if (one.places.empty()) continue;
    one.reason = LocalizedText({{"en", "The form asks what a shared resource holds, and no grant fills it in (Order 809, art. 19)."},
                                {"zh-CN", "表单要求填写的内容，已有可共享的数据资源，但未通过共享获取（国务院令第809号第十九条）。"}});
    found.push_back(std::move(one));
  }
}

}  // namespace

std::vector<Duplicate> duplicates(std::span<const Resource> resources, std::span<const AskedField> asked) {
  std::vector<Duplicate> found;
  same_columns(resources, found);
  same_data(resources, found);
  asked_again(resources, asked, found);
  if (found.size() > duplicates_max) found.resize(duplicates_max);
  return found;
}

}  // namespace jx::catalogue
