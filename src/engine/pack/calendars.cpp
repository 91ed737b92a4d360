#include <jx/calendar/file.hpp>
#include <jx/pack/calendars.hpp>

#include <algorithm>

namespace jx::pack {
namespace {

constexpr std::string_view folder = "calendars/";
constexpr std::string_view suffix = ".yaml";
constexpr int layers_max = 8;  // calendars based on one another

std::string path_of(std::string_view id) { return std::string(folder) + std::string(id) + std::string(suffix); }

/// `cn` of calendars/cn.yaml; empty for a notice.
std::string_view id_of(std::string_view path) {
  path.remove_prefix(folder.size());
  path.remove_suffix(suffix.size());
  return path.find('/') == std::string_view::npos ? path : std::string_view();
}

/// Puts a calendar together from its files; what is wrong becomes a finding in the file where it is.
std::optional<calendar::Spec> spec_of(const Pack& pack, std::string_view id, int layer, Findings& findings) {
  const auto* file = pack.file(path_of(id));
  if (file == nullptr) return std::nullopt;
  const auto decoded = decode_yaml<calendar::CalendarFile>(*file, findings);
  if (!decoded) return std::nullopt;
  std::optional<calendar::Spec> base;
  if (decoded->value.based_on) {
    if (layer == layers_max || pack.file(path_of(*decoded->value.based_on)) == nullptr) {
      findings.error(*file, decoded->line_of("/based_on"),
                     {"the calendar is based on one that the pack has not, or on itself: " + *decoded->value.based_on,
                      "所依据的日历不存在，或循环依据：" + *decoded->value.based_on});
      return std::nullopt;
    }
    base = spec_of(pack, *decoded->value.based_on, layer + 1, findings);
    if (!base) return std::nullopt;
  }
  std::vector<calendar::NoticeFile> notices;
  for (const auto* notice : pack.in(std::string(folder) + std::string(id), suffix)) {
    auto read = decode_yaml<calendar::NoticeFile>(*notice, findings);
    if (!read) return std::nullopt;
    notices.push_back(std::move(read->value));
  }
  auto spec = calendar::assemble(id, decoded->value, notices, base ? &*base : nullptr);
  if (!spec) {
    findings.error(*file, decoded->document, spec.error());
    return std::nullopt;
  }
  return std::move(*spec);
}

std::optional<calendar::Calendar> make(const Pack& pack, std::string_view id, Findings& findings) {
  auto spec = spec_of(pack, id, 0, findings);
  if (!spec) return std::nullopt;
  auto made = calendar::Calendar::make(std::move(*spec));
  if (made) return std::move(*made);
  findings.error(*pack.file(path_of(id)), 1, made.error().message);
  return std::nullopt;
}

class CalendarsPart final : public Part {
 public:
  std::string_view name() const override { return "calendars"; }
  bool owns(std::string_view path) const override { return path.starts_with(folder) && path.ends_with(suffix); }

  void declare(const Pack& pack, Names& names, Findings& findings) const override {
    for (const auto* file : pack.in("calendars", suffix)) names.declare(Kind::calendar, id_of(file->path), *file, 1, findings);
  }

  void check(const Pack& pack, const Names& names, Findings& findings) const override {
    for (const auto* file : pack.in("calendars", suffix)) (void)make(pack, id_of(file->path), findings);
    for (const auto& file : pack.files()) {
      if (!owns(file.path) || !id_of(file.path).empty()) continue;
      const auto calendar = file.path.substr(folder.size(), file.path.find('/', folder.size()) - folder.size());
      names.require(Kind::calendar, calendar, file, 1, findings);
    }
  }

  Result<std::vector<Change>> plan(db::Tx& tx, const Context&, const Pack& pack) const override {
    JX_TRY(now, current(tx));
    std::map<std::string, std::string> before;
    if (now) {
      JX_TRY(old, load(tx, now->hash));
      before = versions(old);
    }
    std::vector<Change> changes;
    for (const auto& [id, version] : versions(pack)) {
      const auto old = before.find(id);
      if (old == before.end())
        changes.push_back({Kind::calendar, Change::Action::add, id, {"adds the calendar " + id, "新增日历" + id}});
      else if (old->second != version)
        changes.push_back({Kind::calendar,
                           Change::Action::change,
                           id,
                           {"changes the calendar " + id + ": open deadlines may move", "修改日历" + id + "：在办事项的期限可能变动"}});
      before.erase(id);
    }
    for (const auto& [id, version] : before)
      changes.push_back({Kind::calendar, Change::Action::end, id, {"ends the calendar " + id, "终止日历" + id}});
    return changes;
  }

  Result<> apply(db::Tx&, const Context&, const Pack&) const override { return {}; }

 private:
  static std::map<std::string, std::string> versions(const Pack& pack) {
    std::map<std::string, std::string> found;
    Findings checked_before;
    for (const auto* file : pack.in("calendars", suffix)) {
      const auto id = id_of(file->path);
      if (const auto made = make(pack, id, checked_before)) found.emplace(id, made->version());
    }
    return found;
  }
};

}  // namespace

Result<calendar::Calendar> calendar_of(const Pack& pack, std::string_view id) {
  if (pack.file(path_of(id)) == nullptr)
    return fail(ErrorCode::not_found, {"the pack has no calendar " + std::string(id), "配置包中没有日历" + std::string(id)});
  Findings findings;
  auto made = make(pack, id, findings);
  if (made) return std::move(*made);
  const auto list = findings.sorted();
  const auto& first = list.front();
  return fail(ErrorCode::invalid, {first.file + ":" + std::to_string(first.line) + ": " + first.message.en,
                                   first.file + ":" + std::to_string(first.line) + "：" + first.message.zh});
}

std::unique_ptr<Part> calendars_part() { return std::make_unique<CalendarsPart>(); }

}  // namespace jx::pack
