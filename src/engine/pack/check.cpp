// check.cpp - what is wrong in a pack: findings, names, and what no single part can see.
#include <jx/pack.hpp>

#include <boost/json/value.hpp>

#include <algorithm>
#include <functional>
#include <tuple>

namespace jx::pack {
namespace {

namespace json = boost::json;

Words noun(Kind kind) {
  switch (kind) {
    case Kind::division: return {"division", "行政区划"};
    case Kind::unit: return {"unit", "单位"};
    case Kind::role: return {"role", "角色"};
    case Kind::post: return {"post", "岗位"};
    case Kind::person: return {"person", "人员"};
    case Kind::firm: return {"firm", "企业"};
    case Kind::mandate: return {"mandate", "授权委托"};
    case Kind::account: return {"account", "账号"};
    case Kind::calendar: return {"calendar", "日历"};
    case Kind::decision: return {"decision", "决策"};
    case Kind::process: return {"process", "流程"};
    case Kind::form: return {"form", "表单"};
    case Kind::item: return {"service item", "事项"};
    case Kind::source: return {"data source", "数据源"};
    case Kind::resource: return {"data resource", "数据资源"};
    case Kind::grant: return {"grant", "共享授权"};
    case Kind::programme: return {"programme", "专项工作"};
    case Kind::certificate: return {"certificate", "证照"};
    case Kind::text: return {"text", "文本"};
  }
  return {"thing", "对象"};
}

// A text by language that lacks one of the pack's languages is advised of: a reader of that language would see another.
class Languages {
 public:
  Languages(const Pack& pack, Findings& findings) : wanted_(pack.manifest().languages), findings_(findings) {}

  template <class LineOf>
  void look(const File& file, const json::value& value, const std::string& pointer, LineOf line_of) {
    if (const auto* array = value.if_array()) {
      for (std::size_t i = 0; i < array->size(); ++i) look(file, (*array)[i], pointer + "/" + std::to_string(i), line_of);
      return;
    }
    const auto* object = value.if_object();
    if (object == nullptr) return;
    if (is_text(*object)) {
      for (const std::string& language : wanted_) {
        if (!object->contains(language)) findings_.advice(file, line_of(pointer), {"this text has no " + language, "此文本缺少语言 " + language});
      }
      return;
    }
    for (const auto& [key, item] : *object) look(file, item, pointer + wire::pointer_step({key.data(), key.size()}), line_of);
  }

 private:
  // All members are texts, and one of them is in a language of the pack.
  [[nodiscard]] bool is_text(const json::object& object) const {
    return std::ranges::any_of(wanted_, [&](const std::string& language) { return object.contains(language); }) &&
           std::ranges::all_of(object, [](const auto& member) { return member.value().is_string(); });
  }

  const std::vector<std::string>& wanted_;
  Findings& findings_;
};

void check_languages(const Pack& pack, Findings& findings) {
  Languages languages(pack, findings);
  for (const File& file : pack.files()) {
    if (file.path.ends_with(".yaml")) {
      const auto document = wire::parse_yaml(file.text, {.bytes = file_bytes_max});
      if (document) languages.look(file, document->value(), "", [&](const std::string& pointer) { return document->line_of(pointer); });
    } else if (file.path.ends_with(".json")) {
      const auto value = wire::parse(file.text, {.bytes = file_bytes_max});
      if (value) languages.look(file, *value, "", [&](const std::string& pointer) { return wire::line_of(file.text, pointer); });
    }
  }
}

void check_download(const File& file, int line, const Download& download, Findings& findings) {
  if (!download.url.starts_with("https://")) findings.error(file, line, {"the address must begin with https://", "地址须以 https:// 开头"});
  if (download.sha256.size() != 64 || download.sha256.find_first_not_of("0123456789abcdef") != std::string::npos) {
    findings.error(file, line, {"`sha256` is 64 lower-case hexadecimal digits, as sha256sum prints", "sha256 应为 64 位小写十六进制数"});
  }
  if (download.bytes <= 0) findings.error(file, line, {"`bytes` is the size of the file", "bytes 应为文件大小"});
  if (download.path.empty() || download.path.front() == '/' || download.path.find("..") != std::string::npos) {
    findings.error(file, line, {"`path` lies below the data folder, without '..'", "path 须在数据目录内，不含“..”"});
  }
}

/// Whom one may be, and where that leads.
void check_tour(const File& file, const Manifest& manifest, const std::function<int(const std::string&)>& line, Findings& findings) {
  const Tour& tour = *manifest.tour;
  if (tour.people.size() > Tour::people_max || tour.path.size() > Tour::steps_max)
    findings.error(file, line("/tour"), {"a tour has at most 8 people and 12 steps", "演示导览至多 8 人、12 步"});
  const auto check = [&](const std::string& at, const std::optional<std::string>& account, const std::optional<std::string>& to) {
    const auto& shown = *manifest.demo_accounts;
    if (account && std::ranges::find(shown, *account, &DemoAccount::username) == shown.end())
      findings.error(file, line(at + "/account"), {"a tour leads to an account of `demo_accounts`", "导览中的账号须列在 demo_accounts 中"});
    if (to && (!to->starts_with('/') || to->starts_with("//")))
      findings.error(file, line(at + "/to"),
                     {"a place is a path of this program's web, such as /workbench/", "去处应为本系统网页的路径，如 /workbench/"});
  };
  for (std::size_t i = 0; i < tour.people.size(); ++i) check("/tour/people/" + std::to_string(i), tour.people[i].account, tour.people[i].to);
  for (std::size_t i = 0; i < tour.path.size(); ++i) check("/tour/path/" + std::to_string(i), tour.path[i].account, tour.path[i].to);
}

void check_manifest(const Pack& pack, const Names& names, Findings& findings) {
  const File& file = *pack.file("pack.yaml");
  const auto document = parse_yaml(file, findings);
  if (!document) return;
  const auto line = [&](const std::string& pointer) { return document->line_of(pointer); };
  const Manifest& manifest = pack.manifest();
  if (const auto key = check_key(manifest.key); !key || manifest.key.find('/') != std::string::npos)
    findings.error(file, line("/key"), {"the key is one word of a-z 0-9 . _ -", "key 应为 a-z 0-9 . _ - 组成的一个词"});
  if (manifest.languages.empty()) findings.error(file, line("/languages"), {"name at least one language", "至少写明一种语言"});
  for (const std::string& language : manifest.languages) {
    if (!manifest.name.by_language().contains(language))
      findings.error(file, line("/name"), {"the jurisdiction has no name in " + language, "辖区名称缺少语言 " + language});
  }
  if (manifest.person_code && !check_key(manifest.person_code->scheme))
    findings.error(file, line("/person_code/scheme"), {"the scheme is a key, such as cn.citizen-id", "scheme 应为键，如 cn.citizen-id"});
  names.require(Kind::calendar, manifest.calendar, file, line("/calendar"), findings);
  const bool demo = manifest.demo.value_or(false);
  if (manifest.demo_accounts && !demo)
    findings.error(file, line("/demo_accounts"),
                   {"only a demo shows its accounts: set `demo: true`, or remove them", "只有演示包可展示账号：请设 demo: true 或删除"});
  for (std::size_t i = 0; demo && manifest.demo_accounts && i < manifest.demo_accounts->size(); ++i) {
    names.require(Kind::account, (*manifest.demo_accounts)[i].username, file, line("/demo_accounts/" + std::to_string(i)), findings);
  }
  if (manifest.tour && (!demo || !manifest.demo_accounts)) {
    findings.error(file, line("/tour"), {"only a demo with `demo_accounts` has a tour", "只有列出 demo_accounts 的演示包可有导览 tour"});
  } else if (manifest.tour) {
    check_tour(file, manifest, line, findings);
  }
  for (std::size_t i = 0; manifest.data && i < manifest.data->size(); ++i)
    check_download(file, line("/data/" + std::to_string(i)), (*manifest.data)[i], findings);
}

}  // namespace

void Findings::add(Finding finding) {
  if (finding.severity == Finding::Severity::error) ++errors_;
  if (list_.size() < findings_max) list_.push_back(std::move(finding));
}

void Findings::error(const File& file, const wire::Document& document, const Error& error) {
  Words message = error.message;
  if (!error.field.empty()) {
    message.en = error.field + ": " + message.en;
    message.zh = error.field + "：" + message.zh;
  }
  add({Finding::Severity::error, file.from, document.line_of(error.field), std::move(message)});
}

std::vector<Finding> Findings::sorted() const {
  std::vector<Finding> list = list_;
  std::ranges::stable_sort(
      list, [](const Finding& a, const Finding& b) { return std::tie(a.file, a.line, a.severity) < std::tie(b.file, b.line, b.severity); });
  return list;
}

void Names::declare(Kind kind, std::string_view key, const File& file, int line, Findings& findings) {
  const auto [at, fresh] = where_.try_emplace({kind, std::string(key)}, Where{file.from, line});
  if (fresh) return;
  const std::string first = at->second.file + ":" + std::to_string(at->second.line);
  const std::string name(key);
  findings.error(
      file, line,
      {"the " + noun(kind).en + " `" + name + "` is declared twice; first in " + first, noun(kind).zh + " `" + name + "` 重复声明；首次在 " + first});
}

bool Names::has(Kind kind, std::string_view key) const { return where_.contains({kind, std::string(key)}); }

bool Names::require(Kind kind, std::string_view key, const File& file, int line, Findings& findings) const {
  if (has(kind, key)) return true;
  const std::string name(key);
  findings.error(file, line, {"there is no " + noun(kind).en + " `" + name + "` in this pack", "资料包中没有" + noun(kind).zh + " `" + name + "`"});
  return false;
}

std::optional<wire::Document> parse_yaml(const File& file, Findings& findings) {
  int line = 1;
  auto document = wire::parse_yaml(file.text, {.bytes = file_bytes_max}, &line);
  if (document) return std::move(*document);
  findings.error(file, line, document.error().message);
  return std::nullopt;
}

Findings check(const Pack& pack, Parts parts) {
  Findings findings;
  Names names;
  for (const Part* part : parts) part->declare(pack, names, findings);
  for (const Part* part : parts) part->check(pack, names, findings);
  check_manifest(pack, names, findings);
  for (const File& file : pack.files()) {
    const bool owned = file.path == "pack.yaml" || std::ranges::any_of(parts, [&](const Part* part) { return part->owns(file.path); });
    if (!owned)
      findings.error(file, 1,
                     {"nothing reads this file: is it in the right folder, with the right ending?", "没有模块读取此文件：请检查目录与扩展名"});
  }
  check_languages(pack, findings);
  return findings;
}

}  // namespace jx::pack
