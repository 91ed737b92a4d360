// query_data.cpp - POST /api/v1/data/{resource}/query (operation queryData).
#include "handlers.hpp"
#include "views.hpp"

namespace jx::api {
namespace {

struct LookupBody {
  std::string field;
  exchange::Op op = exchange::Op::eq;
  Json value;
};
BOOST_DESCRIBE_STRUCT(LookupBody, (), (field, op, value))

struct DataQuery {
  GrantId grant;
  std::optional<ProgrammeId> programme;
  std::optional<Uuid> case_;
  std::optional<std::vector<LookupBody>> where;
  std::optional<std::vector<std::string>> fields;
  std::optional<std::size_t> limit;
  std::optional<std::string> cursor;
  std::optional<Json> filter;
};
BOOST_DESCRIBE_STRUCT(DataQuery, (), (grant, programme, case_, where, fields, limit, cursor, filter))

Result<std::string> as_text(const Json& value, std::size_t index) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_number() || value.is_bool()) return wire::to_text(value);
  return fail(ErrorCode::invalid, {"a value is a text, a number or a boolean", "查询值应为文本、数字或布尔值"},
              "/where/" + std::to_string(index) + "/value");
}

Result<exchange::Call> call_of(const ResourceId& resource, const DataQuery& query) {
  exchange::Call call;
  call.resource = resource;
  call.grant = query.grant;
  call.programme = query.programme;
  call.matter = query.case_;
  const auto where = query.where.value_or(std::vector<LookupBody>());
  for (std::size_t i = 0; i < where.size(); ++i) {
    JX_TRY(value, as_text(where[i].value, i));
    call.where.push_back({where[i].field, where[i].op, std::move(value)});
  }
  call.fields = query.fields.value_or(std::vector<std::string>());
  call.limit = query.limit.value_or(50);
  call.cursor = query.cursor.value_or("");
  if (query.filter) {
    JX_TRY(filter, exchange::parse_filter(*query.filter));
    call.filter = std::move(filter);
  }
  return call;
}

}  // namespace

Call::Answer query_data(Call& call) {
  JX_TRY(resource, call.path<ResourceId>("resource"));
  JX_TRY(query, call.body<DataQuery>());
  JX_TRY(wanted, call_of(resource, query));
  JX_TRY(answer, call.deps.gateway.call(call.ctx, wanted, [&](db::Tx& tx) { return call.require(tx, "exchange.call"); }));
  DataAnswer view{answer.usage, answer.entry, answer.at, {}, std::move(answer.rows), present(std::move(answer.next))};
  for (const auto& field : answer.fields) view.fields.push_back(field_view(field));
  return ok(view);
}

}  // namespace jx::api
