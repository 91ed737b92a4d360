#include <jx/http/problem.hpp>

#include <jx/wire.hpp>

#include <iterator>
#include <optional>
#include <vector>

namespace jx::http {

// Wire form: api/openapi.yaml#/components/schemas/Problem
struct ProblemPart {
  std::string pointer, code;
  LocalizedText message;
};
BOOST_DESCRIBE_STRUCT(ProblemPart, (), (pointer, code, message))

struct Problem {
  std::string type, title;
  int status = 0;
  std::string detail, code;
  std::optional<std::string> field;
  std::optional<std::vector<ProblemPart>> errors;
  RequestId request_id;
};
BOOST_DESCRIBE_STRUCT(Problem, (), (type, title, status, detail, code, field, errors, request_id))

namespace {

struct Row {
  ErrorCode code;
  int status;
  const char* en;
  const char* zh;
};

// The one table: code -> status and title.
constexpr Row rows[] = {
    {ErrorCode::invalid, 422, "The request breaks a rule", "请求内容不合规定"},
    {ErrorCode::unauthenticated, 401, "Sign in first", "请先登录"},
    {ErrorCode::forbidden, 403, "Not permitted", "没有权限"},
    {ErrorCode::not_found, 404, "Not found", "未找到"},
    {ErrorCode::conflict, 409, "The state does not allow it", "当前状态不允许此操作"},
    {ErrorCode::stale, 412, "Changed by somebody meanwhile", "内容已被他人修改"},
    {ErrorCode::too_large, 413, "Too large", "超过限制"},
    {ErrorCode::limited, 429, "Too many requests", "请求过于频繁"},
    {ErrorCode::unavailable, 503, "Not available now", "暂时无法服务"},
    {ErrorCode::timeout, 504, "Took too long", "处理超时"},
    {ErrorCode::corrupt, 500, "A fault in stored data", "存储的数据有误"},
    {ErrorCode::internal, 500, "A fault of the program", "程序出错"},
};

const Row& row_of(ErrorCode code) {
  for (const Row& row : rows) {
    if (row.code == code) return row;
  }
  return rows[std::size(rows) - 1];
}

// What an operator may read in the log and nobody else anywhere.
bool told_to_nobody(ErrorCode code) { return code == ErrorCode::internal || code == ErrorCode::corrupt; }

const Words& instead() {
  static const Words words{
      "The program could not do this because of a fault of its own. It is on record under this request id; tell it to the operator.",
      "系统自身出错，未能完成操作。错误已按此请求编号记录，请把编号告诉管理人员。"};
  return words;
}

}  // namespace

int status_of(ErrorCode code) { return row_of(code).status; }

std::string problem_type(ErrorCode code) { return "/problems/" + std::string(name(code)); }

namespace {

std::optional<std::vector<ProblemPart>> parts_of(const Faults& faults) {
  if (faults.empty()) return std::nullopt;
  std::vector<ProblemPart> parts;
  for (const auto& fault : faults) {
    const auto& zh = fault.message.zh.empty() ? fault.message.en : fault.message.zh;
    parts.push_back({fault.pointer, fault.code, LocalizedText({{"en", fault.message.en}, {"zh-CN", zh}})});
  }
  return parts;
}

}  // namespace

std::string problem_json(const Error& error, int status, std::string_view language, const RequestId& request, const Faults& faults) {
  const Row& row = row_of(error.code);
  const Words& detail = told_to_nobody(error.code) ? instead() : error.message;
  return wire::encode(Problem{
      .type = problem_type(error.code),
      .title = language.starts_with("zh") ? row.zh : row.en,
      .status = status,
      .detail = detail.in(language),
      .code = std::string(name(error.code)),
      .field = error.field.empty() ? std::nullopt : std::optional(error.field),
      .errors = parts_of(faults),
      .request_id = request,
  });
}

std::string_view reason(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown";
  }
}

}  // namespace jx::http
