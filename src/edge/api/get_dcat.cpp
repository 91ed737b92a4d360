// get_dcat.cpp - GET /dcat/{file} (operation getDcat): the open catalogue as DCAT-AP, a page at a time.
#include "open_views.hpp"

#include <jx/open_data/dcat.hpp>

namespace jx::api {

Call::Answer get_dcat(Call& call) {
  const auto file = call.request.param("file");
  const auto accepted = call.request.header("Accept").value_or("");
  const bool json = file == "catalog.jsonld" || (file == "catalog" && accepted.find("json") != std::string_view::npos);
  if (!json && file != "catalog.ttl" && file != "catalog")
    return fail(ErrorCode::not_found, {"The catalogue is catalog.ttl and catalog.jsonld.", "目录文件为 catalog.ttl 和 catalog.jsonld。"});
  JX_TRY(number, call.query_integer("page", 1, 100'000));
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(found, open_catalogue(call, tx));
    const auto page = static_cast<std::size_t>(number.value_or(1));
    const auto from = (page - 1) * open_data::datasets_per_page;
    if (page > 1 && from >= found.entries.size()) return fail(ErrorCode::not_found, {"There is no such page.", "没有这一页。"}, "/page");
    const auto entries = std::span(found.entries).subspan(from, std::min(open_data::datasets_per_page, found.entries.size() - from));
    const open_data::DcatPage view{found.site, entries, page, found.entries.size(), found.changed, json ? "catalog.jsonld" : "catalog.ttl"};
    auto response =
        json ? http::content("application/ld+json", open_data::json_ld(view)) : http::content("text/turtle; charset=utf-8", open_data::turtle(view));
    if (from + entries.size() < found.entries.size())
      response.with("Link", "<" + found.site.base + "/dcat/" + view.file + "?page=" + std::to_string(page + 1) + ">; rel=\"next\"");
    response.with("Vary", "Accept");
    response.with("Access-Control-Allow-Origin", "*");
    return response;
  });
}

}  // namespace jx::api
