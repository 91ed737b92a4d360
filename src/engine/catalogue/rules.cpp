// rules.cpp - what a source and a resource must be, whoever makes them.
#include <jx/catalogue/resources.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace jx::catalogue {
namespace {

bool safe_path(std::string_view path) { return !path.empty() && path.front() != '/' && path.find("..") == std::string_view::npos; }

using Faults = std::vector<Fault>;

constexpr std::size_t name_bytes_max = 256;
constexpr std::size_t tables_max = 200;
constexpr int header_row_max = 100;

/// A name that goes to a server as it is: no control characters, which are cut off or start something new.
bool plain_name(std::string_view name) {
  return !name.empty() && name.size() <= name_bytes_max &&
         std::ranges::none_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

/// A name or an address, and never a list of them, a folder of sockets or a whole connection string.
bool plain_host(std::string_view host) {
  return !host.empty() && host.size() <= 253 && std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' || c == ':';
  });
}

/// The host of a URL whose scheme, host and path are all that it has; nothing where it has more, or less.
std::optional<std::string_view> host_of_url(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos || url.size() > 2'000) return std::nullopt;
  auto rest = url.substr(scheme + 3);
  if (std::ranges::any_of(url,
                          [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == '?' || c == '#' || c == '@' || c == '\\'; }))
    return std::nullopt;
  rest = rest.substr(0, rest.find('/'));
  if (rest.starts_with('[')) {
    const auto end = rest.find(']');
    return end == std::string_view::npos ? std::nullopt : std::optional(rest.substr(1, end - 1));
  }
  const auto host = rest.substr(0, rest.find(':'));
  return plain_host(host) ? std::optional(host) : std::nullopt;
}

void check_connection(const Source& source, Faults& faults) {
  if (!source.host || !plain_host(*source.host))
    faults.push_back({"/host", {"a database needs `host`, one name or address", "数据库须有 host（一个主机名或地址）"}});
  if (!source.database || !plain_name(*source.database))
    faults.push_back({"/database", {"a database needs `database`, its name", "数据库须有 database（库名）"}});
  if (!source.user || !plain_name(*source.user))
    faults.push_back({"/user", {"a database needs `user`, one that may only read", "数据库须有 user（只读账户）"}});
  if (source.port && (*source.port < 1 || *source.port > 65'535)) faults.push_back({"/port", {"a port is 1 to 65535", "端口应为1至65535"}});
  if (source.schema && (source.kind != SourceKind::postgresql || !plain_name(*source.schema)))
    faults.push_back({"/schema", {"`schema` is the name of one, of PostgreSQL only", "schema 仅用于 PostgreSQL，应为一个模式名"}});
  if (source.tls_ca && !safe_path(*source.tls_ca))
    faults.push_back({"/tls_ca", {"a path lies below the data folder, without '..'", "路径须在数据目录内，不含“..”"}});
}

void check_url(const Source& source, Faults& faults) {
  const auto host = source.url ? host_of_url(*source.url) : std::nullopt;
  const bool https = source.url && source.url->starts_with("https://");
  const bool http = source.url && source.url->starts_with("http://");
  if (!host || (!https && !http)) {
    faults.push_back({"/url",
                      {"an http source needs `url`: https://host/path, without user, query and fragment",
                       "http 数据源须有 url：https://主机/路径，不含用户名、查询和片段"}});
  } else if (http && !is_loopback(*host)) {
    faults.push_back({"/url", {"http:// is for this machine alone; elsewhere it is https://", "http:// 仅限本机，其他主机须用 https://"}});
  }
}

/// Which sign parts the fields of a file, and where its head is.
void check_reading(const Source& source, const SourceTable& table, const std::string& at, Faults& faults) {
  const bool sheet = source.kind == SourceKind::xlsx;
  const bool file = sheet || source.kind == SourceKind::csv;
  static const std::set<std::string, std::less<>> delimiters{",", ";", "|", "tab", "\t"};
  if (table.delimiter && (source.kind != SourceKind::csv || !delimiters.contains(*table.delimiter)))
    faults.push_back({at + "/delimiter", {"the delimiter of a csv file is , ; | or tab", "csv 分隔符应为 , ; | 或 tab"}});
  if (table.header_row && (!file || *table.header_row < 1 || *table.header_row > header_row_max))
    faults.push_back({at + "/header_row", {"the head of a csv or xlsx table is in row 1 to 100", "csv、xlsx 表头应在第1至100行"}});
  if (table.headers && !file) faults.push_back({at + "/headers", {"`headers` is for csv and xlsx", "headers 仅用于 csv 和 xlsx"}});
  std::set<std::string_view> named;
  if (table.headers) {
    for (const auto& [head, column] : *table.headers) {
      if (column.empty() || !named.insert(column).second)
        faults.push_back({at + "/headers", {"two heads cannot be one column: " + column, "多个表头不能对应同一列：" + column}});
    }
  }
  if (table.sheet && !sheet) faults.push_back({at + "/sheet", {"`sheet` is for xlsx", "sheet 仅用于 xlsx"}});
}

void check_request(const Source& source, const SourceTable& table, const std::string& at, Faults& faults) {
  if (source.kind != SourceKind::http) {
    if (table.rows || table.columns || table.lookup)
      faults.push_back({at, {"`rows`, `columns` and `lookup` are for http", "rows、columns、lookup 仅用于 http"}});
    return;
  }
  if (!table.columns || table.columns->empty())
    faults.push_back(
        {at + "/columns", {"an http table needs `columns`: column -> JSON Pointer or member", "http 表须有 columns：列名 → JSON Pointer 或成员名"}});
  const auto has = [&](std::string_view column) { return table.columns && table.columns->contains(std::string(column)); };
  std::string_view path = table.path ? std::string_view(*table.path) : std::string_view();
  const bool sound = table.path &&
                     std::ranges::none_of(path, [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == '#' || c == '\\'; }) &&
                     path.find("..") == std::string_view::npos && !path.starts_with("//");
  if (!sound)
    faults.push_back(
        {at + "/path", {"an http table needs `path`, below the source's url, without '..'", "http 表须有 path（在 url 之下，不含“..”）"}});
  for (auto open = path.find('{'); open != std::string_view::npos; open = path.find('{', open + 1)) {
    const auto close = path.find('}', open);
    if (close == std::string_view::npos || !has(path.substr(open + 1, close - open - 1)))
      faults.push_back({at + "/path", {"what stands in braces is a column of `columns`", "花括号内应为 columns 中的列"}});
  }
  if (!table.lookup) return;
  for (const auto& [column, parameter] : *table.lookup) {
    if (!has(column) || parameter.empty())
      faults.push_back({at + "/lookup", {"`lookup` names a column of `columns`: " + column, "lookup 应为 columns 中的列：" + column}});
  }
}

/// Which tables files and interfaces have is said here; a database and a workbook say it themselves.
void check_tables(const Source& source, Faults& faults) {
  const bool needed = source.kind == SourceKind::csv || source.kind == SourceKind::http;
  if (!source.tables || source.tables->empty()) {
    if (needed)
      faults.push_back(
          {"/tables",
           {"a csv source needs `tables`, one file a table; an http source, one path a table", "csv、http 数据源须有 tables，每表一个文件或路径"}});
    return;
  }
  if (!needed && source.kind != SourceKind::xlsx) {
    faults.push_back({"/tables", {"a database says itself which tables it has", "数据库的表由其自身给出，无须 tables"}});
    return;
  }
  if (source.tables->size() > tables_max) faults.push_back({"/tables", {"a source has at most 200 tables here", "一个数据源最多200个表"}});
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < source.tables->size(); ++i) {
    const auto& table = (*source.tables)[i];
    const auto at = "/tables/" + std::to_string(i);
    if (source.kind == SourceKind::csv && (!table.path || !safe_path(*table.path)))
      faults.push_back({at + "/path", {"a path lies below the data folder, without '..'", "路径须在数据目录内，不含“..”"}});
    if (source.kind == SourceKind::xlsx && table.path)
      faults.push_back({at + "/path", {"a workbook is one file: `path` of the source", "工作簿为一个文件，路径写在数据源的 path"}});
    if (!names.insert(table.name).second) faults.push_back({at + "/name", {"this table stands twice: " + table.name, "表名重复：" + table.name}});
    check_reading(source, table, at, faults);
    check_request(source, table, at, faults);
  }
}

/// What belongs to another kind is a mistake, and not left out in silence.
void check_foreign(const Source& source, Faults& faults) {
  const bool file = source.kind == SourceKind::sqlite || source.kind == SourceKind::xlsx;
  const bool database = source.kind == SourceKind::postgresql || source.kind == SourceKind::mariadb;
  const bool http = source.kind == SourceKind::http;
  const std::pair<const char*, bool> given[] = {{"path", source.path && !file},
                                                {"encoding", source.encoding && source.kind != SourceKind::csv},
                                                {"host", source.host && !database},
                                                {"port", source.port && !database},
                                                {"database", source.database && !database},
                                                {"schema", source.schema && !database},
                                                {"user", source.user && !database},
                                                {"tls", source.tls && !database},
                                                {"tls_ca", source.tls_ca && !database && !http},
                                                {"secret", source.secret && !database && !http},
                                                {"url", source.url && !http}};
  for (const auto& [name, foreign] : given) {
    if (foreign)
      faults.push_back(
          {std::string("/") + name, {std::string("`") + name + "` is not for this kind of source", std::string("该类数据源不用 ") + name}});
  }
}

void check_open(const Resource& resource, std::vector<Fault>& faults) {
  if (!resource.open) return;
  const auto& open = *resource.open;
  if (open.to == OpenTo::on_request && !open.conditions)
    faults.push_back({"/open/conditions", {"what is open on request says to whom and for what", "依申请开放须写明开放条件"}});
  if (open.to != OpenTo::everyone) return;
  if (!open.license)
    faults.push_back({"/open/license", {"what is open to everyone names its licence, such as CC-BY-4.0", "无条件开放须注明许可协议，如 CC-BY-4.0"}});
  if (resource.share_class == ShareClass::not_shared)
    faults.push_back({"/open/to", {"what is not shared cannot be open to everyone", "不予共享的数据不得向社会开放"}});
  if (resource.grade != Grade::general)
    faults.push_back({"/open/to", {"important and core data cannot be open to everyone", "重要数据、核心数据不得向社会无条件开放"}});
  if (std::ranges::find(resource.fields, Sensitivity::open, &Field::sensitivity) == resource.fields.end())
    faults.push_back({"/open/to", {"no field has the sensitivity `open`, so nothing could be given", "没有敏感级别为“公开”的字段，无数据可开放"}});
}

}  // namespace

bool is_loopback(std::string_view host) {
  if (host == "localhost" || host == "::1") return true;
  if (!host.starts_with("127.")) return false;
  return std::ranges::all_of(host, [](char c) { return (c >= '0' && c <= '9') || c == '.'; }) && std::ranges::count(host, '.') == 3;
}

SourceTls tls_of(const Source& source) { return source.tls.value_or(is_loopback(source.host.value_or("")) ? SourceTls::off : SourceTls::verify); }

std::string address_of(const Source& source) {
  if (source.kind == SourceKind::http) return source.url.value_or("");
  if (source.kind != SourceKind::postgresql && source.kind != SourceKind::mariadb) return {};
  const auto port = source.port.value_or(source.kind == SourceKind::postgresql ? 5432 : 3306);
  return std::string(wire::name_of(source.kind)) + "://" + source.user.value_or("") + "@" + source.host.value_or("") + ":" + std::to_string(port) +
         "/" + source.database.value_or("");
}

Faults faults_of(const Source& source) {
  Faults faults;
  check_foreign(source, faults);
  switch (source.kind) {
    case SourceKind::sqlite:
    case SourceKind::xlsx:
      if (!source.path || !safe_path(*source.path)) {
        faults.push_back({"/path",
                          {"this kind of source needs `path`, a file below the data folder without '..'",
                           "该类数据源须有 path（数据目录内的相对路径，不含“..”）"}});
      }
      break;
    case SourceKind::postgresql:
    case SourceKind::mariadb: check_connection(source, faults); break;
    case SourceKind::http: check_url(source, faults); break;
    case SourceKind::csv: break;
  }
  if (source.secret && !check_key(*source.secret))
    faults.push_back({"/secret", {"`secret` is a name, and never the password", "secret 为密钥名称，不得填写密码"}});
  static const std::set<std::string, std::less<>> encodings{"utf-8", "gb18030", "windows-1252"};
  if (source.encoding && !encodings.contains(*source.encoding))
    faults.push_back({"/encoding", {"the encoding is utf-8, gb18030 or windows-1252", "编码应为 utf-8、gb18030 或 windows-1252"}});
  check_tables(source, faults);
  return faults;
}

Faults faults_of(const Resource& resource) {
  std::vector<Fault> faults;
  if (resource.share_class == ShareClass::conditional && !resource.share_conditions) {
    faults.push_back({"/share_class",
                      {"what is shared on conditions states them in `share_conditions` (Order 809, art. 14)",
                       "有条件共享须在 share_conditions 写明条件（国务院令第809号第十四条）"}});
  }
  if (resource.share_class == ShareClass::not_shared && (!resource.legal_basis || resource.legal_basis->empty())) {
    faults.push_back({"/share_class",
                      {"what is not shared cites the law in `legal_basis` (Order 809, art. 15)",
                       "不予共享须在 legal_basis 写明法律依据（国务院令第809号第十五条）"}});
  }
  if (resource.classification.empty() || resource.classification.size() > 4) {
    faults.push_back({"/classification", {"the classification has one to four steps (类, 项, 目, 细目)", "分类应为一至四级（类、项、目、细目）"}});
  }
  check_open(resource, faults);
  if (resource.interface_class && resource.share_method != ShareMethod::interface) {
    faults.push_back({"/interface_class", {"only what is shared by an interface has a class of interface", "仅以接口方式共享的资源有接口类型"}});
  }
  if (resource.related && resource.related->size() > related_max)
    faults.push_back({"/related", {"at most 50 related codes", "关联资源代码最多50个"}});
  if (resource.quality) {
    for (std::size_t i = 0; i < resource.quality->size(); ++i) {
      if (resource.field((*resource.quality)[i].field) == nullptr)
        faults.push_back({"/quality/" + std::to_string(i) + "/field", {"this is no field of the resource", "本资源没有该字段"}});
    }
  }
  if (resource.fields.empty()) faults.push_back({"/fields", {"a resource has at least one field", "数据资源至少包含一个字段"}});
  if (resource.fields.size() > fields_max) faults.push_back({"/fields", {"a resource has at most 200 fields", "数据资源最多200个字段"}});
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < resource.fields.size(); ++i) {
    const auto& field = resource.fields[i];
    if (!seen.insert(field.id).second)
      faults.push_back({"/fields/" + std::to_string(i) + "/id", {"this field stands twice: " + field.id, "字段重复：" + field.id}});
  }
  if (resource.subject && resource.field(resource.subject->field) == nullptr) {
    faults.push_back(
        {"/subject/field",
         {"the subject's field is none of this resource: " + resource.subject->field, "主体字段不在本资源中：" + resource.subject->field}});
  }
  return faults;
}

}  // namespace jx::catalogue
