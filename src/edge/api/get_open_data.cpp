// get_open_data.cpp - GET /api/v1/open-data/{file} (operation getOpenData): what is open to everyone, as CSV.
#include "open_views.hpp"

#include <jx/wire/csv.hpp>

#include <algorithm>

namespace jx::api {

namespace {

constexpr std::size_t csv_bytes_max = 64U << 20U;

void put_cell(std::string& out, const exchange::Cell& cell) {
  if (const auto* text = std::get_if<std::string_view>(&cell)) {
    out += wire::csv_field(*text);
  } else if (const auto* number = std::get_if<std::int64_t>(&cell)) {
    out += std::to_string(*number);
  } else if (const auto* real = std::get_if<double>(&cell)) {
    out += wire::to_text(Json(*real));
  } else if (const auto* truth = std::get_if<bool>(&cell)) {
    out += *truth ? "true" : "false";
  }
}

}  // namespace

Call::Answer get_open_data(Call& call) {
  auto name = std::string(call.request.param("file"));
  const auto missing = [] { return fail(ErrorCode::not_found, {"There is no open data of this name.", "没有该开放数据。"}); };
  if (!name.ends_with(".csv")) return missing();
  name.resize(name.size() - 4);
  const auto id = ResourceId::parse(name);
  if (!id) return missing();
  JX_TRY(found, call.deps.database.read(call.ctx.deadline, [&](db::Tx& tx) { return open_catalogue(call, tx); }));
  const auto entry = std::ranges::find_if(found.entries, [&](const open_data::Entry& one) { return one.resource.id == *id; });
  if (entry == found.entries.end() || !open_data::is_open(entry->resource)) return missing();
  std::string out = "\xef\xbb\xbf";  // spreadsheets take it for UTF-8 then
  bool first = true;
  for (const auto& field : open_data::open_fields(entry->resource)) {
    if (!first) out += ',';
    first = false;
    out += field.id;
  }
  out += "\r\n";
  JX_CHECK(each_open_row(call, entry->resource, [&](std::span<const exchange::Cell> row) -> Result<bool> {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += ',';
      put_cell(out, row[i]);
    }
    out += "\r\n";
    if (out.size() <= csv_bytes_max) return true;
    return fail(ErrorCode::too_large,
                {"This is more than 64 MiB: read it in pages with datastore_search.", "数据超过64MiB，请用 datastore_search 分页读取。"});
  }));
  auto response = http::content("text/csv; charset=utf-8", std::move(out));
  response.with("Content-Disposition", "attachment; filename=\"" + name + ".csv\"");
  response.with("Access-Control-Allow-Origin", "*");
  return response;
}

}  // namespace jx::api
