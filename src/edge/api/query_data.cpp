// query_data.cpp - POST /api/v1/data/{resource}/query (operation queryData), and GET /api/v1/data/{resource} (getData) for what tells of nobody.
#include "handlers.hpp"
#include "open_views.hpp"
#include "views_exchange.hpp"

#include <algorithm>

namespace jx::api {

namespace {

struct LookupBody {
  std::string field;
  exchange::Op op = exchange::Op::eq;
  Json value;
};
BOOST_DESCRIBE_STRUCT(LookupBody, (), (field, op, value))

struct OrderBody {
  std::string field;
  std::optional<bool> descending;
};
BOOST_DESCRIBE_STRUCT(OrderBody, (), (field, descending))

struct DataQuery {
  GrantId grant;
  std::optional<ProgrammeId> programme;
  std::optional<Uuid> case_;
  std::optional<std::vector<LookupBody>> where;
  std::optional<std::vector<std::string>> fields;
  std::optional<std::size_t> limit;
  std::optional<std::string> cursor;
  std::optional<Json> filter;
  std::optional<std::vector<OrderBody>> order;
  std::optional<bool> count;
};
BOOST_DESCRIBE_STRUCT(DataQuery, (), (grant, programme, case_, where, fields, limit, cursor, filter, order, count))

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
  for (const auto& order : query.order.value_or(std::vector<OrderBody>())) call.order.push_back({order.field, order.descending.value_or(false)});
  call.count = query.count.value_or(false);
  if (query.filter) {
    JX_TRY(filter, exchange::parse_filter(*query.filter));
    call.filter = std::move(filter);
  }
  return call;
}

/// `a,-b`: by a, and of the same a the greatest b first.
std::vector<std::string> parts_of(const std::optional<std::string>& list) {
  std::vector<std::string> parts;
  if (!list) return parts;
  for (std::size_t at = 0; at <= list->size();) {
    const auto end = std::min(list->find(',', at), list->size());
    if (end > at) parts.push_back(list->substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

Call::Answer answered(Call& call, const exchange::Call& wanted) {
  JX_TRY(answer, call.deps.gateway.call(call.ctx, wanted, [&](db::Tx& tx) { return call.require(tx, "exchange.call"); }));
  DataAnswer view{answer.usage, answer.entry, answer.at, {}, std::move(answer.rows), present(std::move(answer.next)), std::move(answer.nonce)};
  for (const auto& field : answer.fields) view.fields.push_back(field_view(field));
  return ok(view);
}

/// What stands in an address is kept in logs and histories of browsers: it must be nobody's.
Result<> check_for_address(Call& call, const ResourceId& id) {
  return call.deps.database.read(call.ctx.deadline, [&](db::Tx& tx) -> Result<> {
    JX_TRY(resource, catalogue::resource(tx, id));
    const bool personal = resource.subject || std::ranges::any_of(resource.fields, [](const catalogue::Field& field) {
                            return field.sensitivity == catalogue::Sensitivity::personal || field.sensitivity == catalogue::Sensitivity::sensitive;
                          });
    if (resource.share_class == catalogue::ShareClass::unconditional && !personal) return {};
    return fail(ErrorCode::forbidden,
                {"only what is shared without conditions and tells of nobody is read by GET: ask by POST /api/v1/data/" + id.text() + "/query",
                 "仅无条件共享且不含个人信息的资源可用 GET 读取，请改用 POST /api/v1/data/" + id.text() + "/query"});
  });
}

}  // namespace

Call::Answer query_data(Call& call) {
  JX_TRY(resource, call.path<ResourceId>("resource"));
  JX_TRY(query, call.body<DataQuery>());
  JX_TRY(wanted, call_of(resource, query));
  return answered(call, wanted);
}

Call::Answer get_data(Call& call) {
  JX_TRY(resource, call.path<ResourceId>("resource"));
  JX_CHECK(check_for_address(call, resource));
  exchange::Call wanted;
  wanted.resource = resource;
  JX_TRY(pairs, call.request.query_pairs());
  for (const auto& [name, value] : pairs) {
    if (name == "grant") {
      JX_TRY(grant, GrantId::parse(value));
      wanted.grant = grant;
    } else if (name == "programme") {
      JX_TRY(programme, ProgrammeId::parse(value));
      wanted.programme = programme;
    } else if (name == "fields") {
      wanted.fields = parts_of(value);
    } else if (name == "cursor") {
      wanted.cursor = value;
    } else if (name == "order") {
      for (auto& part : parts_of(value)) {
        const bool descending = part.starts_with('-');
        wanted.order.push_back({descending ? part.substr(1) : part, descending});
      }
    } else if (name == "count") {
      wanted.count = value == "true";
    } else if (name != "limit") {
      const auto dot = name.find('.');
      const auto op = dot == std::string::npos ? std::optional(exchange::Op::eq) : wire::enum_of<exchange::Op>(name.substr(dot + 1));
      if (!op)
        return fail(ErrorCode::invalid,
                    {"a look-up is field, field.starts_with or field.contains", "查询条件应为 字段、字段.starts_with 或 字段.contains"}, "/" + name);
      wanted.where.push_back({name.substr(0, dot), *op, value});
    }
  }
  if (wanted.grant.text().empty()) return fail(ErrorCode::invalid, {"name the grant under which you read", "请注明所依据的授权"}, "/grant");
  JX_TRY(limit, call.query_integer("limit", 1, static_cast<std::int64_t>(exchange::rows_max)));
  wanted.limit = static_cast<std::size_t>(limit.value_or(50));
  return answered(call, wanted);
}

}  // namespace jx::api
