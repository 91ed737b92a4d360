#include "open_views.hpp"

#include <algorithm>
#include <atomic>

namespace jx::api {

namespace {

open_data::Publisher publisher(const identity::Unit& unit) { return {unit.id, unit.name, unit.code ? unit.code->value : std::string()}; }

/// Ends a scan that has given enough.
constexpr std::string_view enough = "enough";

/// Anybody may ask for open rows, and they are read in a department's own database: only so many at once, or nobody else could work.
constexpr int scans_max = 3;
std::atomic<int> scans_running{0};

struct Scan {
  bool admitted = scans_running.fetch_add(1) < scans_max;
  Scan() = default;
  ~Scan() { scans_running.fetch_sub(1); }
  Scan(const Scan&) = delete;
  Scan& operator=(const Scan&) = delete;
};

}  // namespace

std::string base_address(const Call& call) {
  if (!call.deps.origin.empty()) return call.deps.origin;
  return (call.request.peer().secure ? "https://" : "http://") + std::string(call.request.host());
}

std::vector<search::Hit> OpenCatalogue::find(std::string_view words) const {
  std::vector<search::Hit> hits;
  for (const auto& hit : listing->index.find(words)) {
    if (place[hit.document]) hits.push_back({*place[hit.document], hit.score});
  }
  return hits;
}

Result<OpenCatalogue> open_catalogue(const Call& call, db::Tx& tx) {
  OpenCatalogue out;
  JX_TRY(listing, call.deps.finder.listing(tx));
  out.listing = std::move(listing);
  JX_TRY(units, identity::units(tx));
  const auto top = std::ranges::find_if(units, [](const identity::Unit& unit) { return !unit.parent; });
  const auto here = call.deps.jurisdiction();
  const auto named = [&](std::string_view before_zh, std::string_view after_zh, std::string_view before_en, std::string_view after_en) {
    const auto& name = here->manifest.name;
    return LocalizedText({{"zh-CN", std::string(before_zh) + std::string(name.in("zh-CN")) + std::string(after_zh)},
                          {"en", std::string(before_en) + std::string(name.in("en")) + std::string(after_en)}});
  };
  out.site.base = base_address(call);
  out.site.title = named("", "公共数据目录", "", ": catalogue of public data");
  out.site.description =
      named("", "各部门无条件共享和向社会开放的数据资源。", "Data that the departments of ", " share without conditions or open to society.");
  if (top != units.end()) {
    out.site.publisher = publisher(*top);
    out.site.place = top->division;
  }
  out.changed = call.ctx.now();
  std::optional<Instant> last;
  out.place.resize(out.listing->entries.size());
  for (std::size_t i = 0; i < out.listing->entries.size(); ++i) {
    const auto& entry = out.listing->entries[i];
    if (!catalogue::is_public(entry.resource)) continue;
    const auto unit = std::ranges::find(units, entry.resource.provider, &identity::Unit::id);
    auto provider = unit != units.end() ? publisher(*unit) : open_data::Publisher{entry.resource.provider, entry.provider, {}};
    out.place[i] = out.entries.size();
    out.entries.push_back({entry.resource, std::move(provider), entry.since, entry.changed});
    last = std::max(last.value_or(entry.changed), entry.changed);
  }
  if (last) out.changed = *last;
  return out;
}

Result<> each_open_row(const Call& call, const catalogue::Resource& resource,
                       const std::function<Result<bool>(std::span<const exchange::Cell>)>& take) {
  const Scan scan;
  if (!scan.admitted)
    return fail(ErrorCode::unavailable,
                {"open data is being read by many at the moment: try again in a few seconds", "当前读取开放数据的请求较多，请稍候再试"});
  JX_TRY(source, call.deps.database.read(call.ctx.deadline, [&](db::Tx& tx) { return catalogue::source(tx, resource.source); }));
  std::vector<std::string> columns;
  for (const auto& field : open_data::open_fields(resource)) columns.push_back(field.column);
  bool over = false;
  const auto each = [&](std::span<const exchange::Cell> row) -> Result<> {
    JX_TRY(more, take(row));
    if (more) return {};
    over = true;
    return fail(ErrorCode::conflict, std::string(enough));
  };
  const auto scanned = call.deps.sources.scan_columns(source, resource.table, columns, call.ctx.deadline, each);
  return over ? Result<>() : scanned;
}

}  // namespace jx::api
