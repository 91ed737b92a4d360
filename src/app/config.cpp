#include "config.hpp"

#include <jx/http/address_range.hpp>
#include <jx/wire/yaml.hpp>

#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>

namespace jx::app {
namespace {

constexpr std::size_t config_bytes_max = 64 * 1024;
constexpr int threads_max = 256;
constexpr int archive_months_max = 1'200;
constexpr int usage_years_min = 3;
constexpr int usage_years_max = 100;

std::unexpected<Error> at(const std::filesystem::path& path, const wire::Document& document, const Error& error) {
  const auto place = path.string() + ":" + std::to_string(document.line_of(error.field)) + ": " + (error.field.empty() ? "" : error.field + ": ");
  return fail(error.code, {place + error.message.en, place + error.message.zh}, error.field);
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

/// An origin as browsers send it (RFC 6454 section 6.2): scheme, host, port; no path, in lower case.
bool is_origin(std::string_view text) {
  const auto scheme = text.starts_with("https://") ? 8U : text.starts_with("http://") ? 7U : 0U;
  if (scheme == 0) return false;
  text.remove_prefix(scheme);
  const bool v6 = text.starts_with('[');
  const auto host_end = v6 ? text.find(']') : std::min(text.find(':'), text.size());
  if (host_end == std::string_view::npos) return false;
  const auto host = text.substr(v6 ? 1 : 0, host_end - (v6 ? 1 : 0));
  const auto rest = text.substr(host_end + (v6 ? 1 : 0));
  if (host.empty() || host.find_first_not_of(v6 ? "0123456789abcdef:." : "abcdefghijklmnopqrstuvwxyz0123456789-.") != std::string_view::npos)
    return false;
  return rest.empty() || (rest.front() == ':' && is_port(rest.substr(1)));
}

Result<> check_messages(const ConfigFile& file) {
  if (!file.messages) return {};
  if (!file.origin)
    return fail(ErrorCode::invalid, {"mails and text messages say where to sign in: name it in `origin`", "通知中须写明登录地址，请设置 origin"},
                "/messages");
  if (file.messages->mail) {
    if (auto sound = notify::check(*file.messages->mail); !sound) return std::unexpected(under("/messages/mail", sound.error()));
  }
  if (file.messages->sms) {
    if (auto sound = notify::check(*file.messages->sms); !sound) return std::unexpected(under("/messages/sms", sound.error()));
  }
  return {};
}

Result<> check_outside(const ConfigFile& file) {
  if (file.origin && !is_origin(*file.origin)) {
    return fail(ErrorCode::invalid,
                {"an origin is https://host or https://host:port in lower case, with no path and no slash at its end",
                 "origin 应为小写的 https://主机 或 https://主机:端口，不带路径，末尾不带斜杠"},
                "/origin");
  }
  for (std::size_t i = 0; file.trusted_proxies && i < file.trusted_proxies->size(); ++i) {
    if (const auto range = http::AddressRange::parse((*file.trusted_proxies)[i]); !range)
      return std::unexpected(under("/trusted_proxies/" + std::to_string(i), range.error()));
  }
  for (std::size_t i = 0; file.push && file.push->allowed && i < file.push->allowed->size(); ++i) {
    if (const auto range = http::AddressRange::parse((*file.push->allowed)[i]); !range)
      return std::unexpected(under("/push/allowed/" + std::to_string(i), range.error()));
  }
  if (file.calls_per_second && !(std::isfinite(*file.calls_per_second) && *file.calls_per_second >= 0))
    return fail(ErrorCode::invalid, {"calls a second are 0 (no limit) or more", "每秒调用次数应为0（不限）或更大"}, "/calls_per_second");
  return {};
}

/// Addresses as they are typed: `localhost`, and IPv6 in the brackets of a URL.
void plain_address(std::string& address) {
  if (address == "localhost") address = "127.0.0.1";
  if (address.size() > 2 && address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
}

Result<> check(const ConfigFile& file) {
  if (file.listen.empty())
    return fail(ErrorCode::invalid, {"`listen` names at least one address and port", "listen 至少写一组地址和端口"}, "/listen");
  for (std::size_t i = 0; i < file.listen.size(); ++i) {
    const auto pointer = "/listen/" + std::to_string(i);
    if (file.listen[i].address.find('/') != std::string::npos || !http::AddressRange::parse(file.listen[i].address))
      return fail(
          ErrorCode::invalid,
          {"an address to listen on is an IPv4 or IPv6 address of this machine, or localhost", "监听地址应为本机的 IPv4 或 IPv6 地址，或 localhost"},
          pointer + "/address");
    if (file.listen[i].port < 0 || file.listen[i].port > 65535)
      return fail(ErrorCode::invalid, {"a port is 0 (any free one) to 65535", "端口应为0（任意空闲端口）至65535"}, pointer + "/port");
    if (file.listen[i].tls.value_or(false) && !file.tls)
      return fail(ErrorCode::invalid, {"TLS needs `tls` with certificate and key", "启用 TLS 须在 tls 中写明证书和私钥"}, pointer + "/tls");
    if (file.listen[i].client_ca && !file.listen[i].tls.value_or(false))
      return fail(ErrorCode::invalid,
                  {"clients are asked for certificates over TLS alone: write `tls: true` too", "仅 TLS 监听可要求客户端证书，须同时写 tls: true"},
                  pointer + "/client_ca");
  }
  for (const auto& [threads, pointer] : {std::pair{file.io_threads, "/io_threads"}, std::pair{file.workers, "/workers"}}) {
    if (threads && (*threads < 1 || *threads > threads_max))
      return fail(ErrorCode::invalid, {"a number of threads is 1 to 256", "线程数应为1至256"}, pointer);
  }
  if (file.attachments) {
    const auto& a = *file.attachments;
    for (const auto& [limit, most, pointer] : {std::tuple{a.file_mib, 64, "/attachments/file_mib"}, std::tuple{a.files, 1'000, "/attachments/files"},
                                               std::tuple{a.folder_mib, 2'000, "/attachments/folder_mib"}}) {
      const auto n = std::to_string(most);
      if (limit && (*limit < 1 || *limit > most))
        return fail(ErrorCode::invalid, {"this limit of attachments is 1 to " + n, "附件的此项限制应为1至" + n}, pointer);
    }
  }
  if (file.archive && file.archive->after_months && (*file.archive->after_months < 1 || *file.archive->after_months > archive_months_max))
    return fail(ErrorCode::invalid, {"closed cases go into the archive after 1 to 1200 months", "办结件归档的间隔应为1至1200个月"},
                "/archive/after_months");
  if (file.usage && (file.usage->kept_years < usage_years_min || file.usage->kept_years > usage_years_max))
    return fail(ErrorCode::invalid,
                {"the record of uses of data is kept at least three years (Order 809 art. 29), at most 100",
                 "数据使用记录至少保存三年（国务院令第809号第二十九条），最多一百年"},
                "/usage/kept_years");
  JX_CHECK(check_messages(file));
  return check_outside(file);
}

}  // namespace

Result<Config> load_config(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in)
    return fail(ErrorCode::not_found, {"there is no configuration file " + path.string() + "; name one with --config",
                                       "没有配置文件 " + path.string() + "，请用 --config 指定"});
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (text.size() > config_bytes_max) return fail(ErrorCode::too_large, {"a configuration file has at most 64 KiB", "配置文件不得超过64KB"});
  auto document = wire::parse_yaml(text);
  if (!document)
    return fail(document.error().code, {path.string() + ": " + document.error().message.en, path.string() + "：" + document.error().message.zh});
  auto file = wire::decode<ConfigFile>(document->value());
  if (!file) return at(path, *document, file.error());
  for (auto& listen : file->listen) plain_address(listen.address);
  if (const auto sound = check(*file); !sound) return at(path, *document, sound.error());

  const auto folder = std::filesystem::absolute(path).parent_path();
  Config config{*file, folder / file->data, folder / file->keys, folder / file->web, file->database};
  const auto is_url = file->database.starts_with("postgresql://") || file->database.starts_with("postgres://");
  if (!is_url) config.database = (folder / file->database).string();
  if (file->tls) {
    config.file.tls->certificate = (folder / file->tls->certificate).string();
    config.file.tls->key = (folder / file->tls->key).string();
  }
  for (auto& listen : config.file.listen) {
    if (listen.client_ca) listen.client_ca = (folder / *listen.client_ca).string();
  }
  if (file->push && file->push->authorities) config.file.push->authorities = (folder / *file->push->authorities).string();
  if (file->archive && file->archive->folder) config.file.archive->folder = (folder / *file->archive->folder).string();
  if (auto& messages = config.file.messages) {
    if (messages->mail && messages->mail->password_file) messages->mail->password_file = (folder / *messages->mail->password_file).string();
    if (messages->sms && messages->sms->token_file) messages->sms->token_file = (folder / *messages->sms->token_file).string();
  }
  if (file->record) config.file.record = (folder / *file->record).string();
  if (file->log && file->log->file) config.file.log->file = (folder / *file->log->file).string();
  return config;
}

std::filesystem::path archive_folder(const Config& config) {
  const auto& archive = config.file.archive;
  return archive && archive->folder ? std::filesystem::path(*archive->folder) : config.data / "archive";
}

std::filesystem::path usage_folder(const Config& config) { return archive_folder(config) / "usage"; }

std::filesystem::path deliveries_folder(const Config& config) { return config.data / "deliveries"; }

}  // namespace jx::app
