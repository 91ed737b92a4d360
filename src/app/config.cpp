#include "config.hpp"

#include <jx/wire/yaml.hpp>

#include <fstream>
#include <iterator>

namespace jx::app {
namespace {

constexpr std::size_t config_bytes_max = 64 * 1024;
constexpr int threads_max = 256;

std::unexpected<Error> at(const std::filesystem::path& path, const wire::Document& document, const Error& error) {
  const auto place = path.string() + ":" + std::to_string(document.line_of(error.field)) + ": " + (error.field.empty() ? "" : error.field + ": ");
  return fail(error.code, {place + error.message.en, place + error.message.zh}, error.field);
}

Result<> check(const ConfigFile& file) {
  if (file.listen.empty())
    return fail(ErrorCode::invalid, {"`listen` names at least one address and port", "listen 至少写一组地址和端口"}, "/listen");
  for (std::size_t i = 0; i < file.listen.size(); ++i) {
    const auto pointer = "/listen/" + std::to_string(i);
    if (file.listen[i].port < 0 || file.listen[i].port > 65535)
      return fail(ErrorCode::invalid, {"a port is 0 (any free one) to 65535", "端口应为0（任意空闲端口）至65535"}, pointer + "/port");
    if (file.listen[i].tls.value_or(false) && !file.tls)
      return fail(ErrorCode::invalid, {"TLS needs `tls` with certificate and key", "启用 TLS 须在 tls 中写明证书和私钥"}, pointer + "/tls");
  }
  for (const auto& [threads, pointer] : {std::pair{file.io_threads, "/io_threads"}, std::pair{file.workers, "/workers"}}) {
    if (threads && (*threads < 1 || *threads > threads_max))
      return fail(ErrorCode::invalid, {"a number of threads is 1 to 256", "线程数应为1至256"}, pointer);
  }
  return {};
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
  if (const auto sound = check(*file); !sound) return at(path, *document, sound.error());

  const auto folder = std::filesystem::absolute(path).parent_path();
  Config config{*file, folder / file->data, folder / file->keys, folder / file->web, file->database};
  const auto is_url = file->database.starts_with("postgresql://") || file->database.starts_with("postgres://");
  if (!is_url) config.database = (folder / file->database).string();
  if (file->tls) {
    config.file.tls->certificate = (folder / file->tls->certificate).string();
    config.file.tls->key = (folder / file->tls->key).string();
  }
  if (file->record) config.file.record = (folder / *file->record).string();
  if (file->log && file->log->file) config.file.log->file = (folder / *file->log->file).string();
  return config;
}

}  // namespace jx::app
