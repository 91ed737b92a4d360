// export_usage.cpp - GET /api/v1/usage/export (operation exportUsage): the record of uses of a period, for the data authority. A long one comes in
// parts: the header `Link` of each leads to the next (RFC 8288).
#include "handlers.hpp"

#include <jx/exchange/retention.hpp>

namespace jx::api {

namespace {

enum class Form { ndjson, csv };
BOOST_DESCRIBE_ENUM(Form, ndjson, csv)

constexpr std::int64_t export_days_max = 366;

Result<LocalDate> day(const Call& call, const char* name) {
  JX_TRY(text, call.query(name));
  if (!text) return fail(ErrorCode::invalid, {"name the first and the last day", "请指明起止日期"}, "/" + std::string(name));
  auto date = LocalDate::parse(*text);
  if (!date) return std::unexpected(under("/" + std::string(name), std::move(date).error()));
  return date;
}

}  // namespace

Call::Answer export_usage(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "catalogue.publish"));
    JX_TRY(from, day(call, "from"));
    JX_TRY(until, day(call, "until"));
    JX_TRY(form, call.query_enum<Form>("format"));
    JX_TRY(cursor, call.query("cursor"));
    const auto csv = form.value_or(Form::ndjson) == Form::csv;
    if (until < from || until - from >= export_days_max)
      return fail(ErrorCode::invalid, {"a period is one day to a year", "期间应为一天至一年"}, "/until");
    UsageId after;
    if (cursor) {
      const auto id = UsageId::parse(*cursor);
      if (!id) return fail(ErrorCode::invalid, {"this is not a cursor of this list", "翻页标记无效"}, "/cursor");
      after = *id;
    }
    const auto zone = call.deps.jurisdiction()->zone;
    JX_TRY(part, exchange::usage_between(tx, zone.start_of(from), zone.end_of(until), after));
    auto text = csv ? exchange::usage_csv(part, !cursor) : exchange::usage_ndjson(part);
    const auto digest = to_base64(crypto::sha256(bytes_of(text)));
    const auto name = "usage-" + from.text() + "-" + until.text() + (csv ? ".csv" : ".ndjson");
    auto response = http::content(csv ? "text/csv; charset=utf-8" : "application/x-ndjson", std::move(text))
                        .with("Content-Disposition", "attachment; filename=\"" + name + "\"")
                        .with("Content-Digest", "sha-256=:" + digest + ":")  // RFC 9530
                        .with("Cache-Control", "private, no-store");
    if (part.next) {
      response.with("Link", "</api/v1/usage/export?from=" + from.text() + "&until=" + until.text() + "&format=" + (csv ? "csv" : "ndjson") +
                                "&cursor=" + part.next->text() + ">; rel=\"next\"");
    }
    return response;
  });
}

}  // namespace jx::api
