#include "curl.hpp"

#include <fstream>
#include <mutex>

namespace jx::notify {

Easy new_transfer(const char* protocols) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  Easy curl(curl_easy_init());
  if (!curl) return curl;
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, protocols);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, transfer_ms_max);
  curl_easy_setopt(curl.get(), CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");
  return curl;
}

List added(List list, const std::string& line) {
  auto* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) return list;
  (void)list.release();
  return List(longer);
}

Result<std::string> secret_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string line;
  if (!in || !std::getline(in, line) || line.size() > secret_bytes_max)
    return fail(ErrorCode::unavailable, {"the file of the password cannot be read: " + file.string(), "无法读取密码文件：" + file.string()});
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

std::unexpected<Error> transfer_failed(CURLcode code) {
  const std::string why = curl_easy_strerror(code);
  const bool late = code == CURLE_OPERATION_TIMEDOUT;
  return fail(late ? ErrorCode::timeout : ErrorCode::unavailable, {"the other side did not take it: " + why, "对方未接收：" + why});
}

bool is_loopback(std::string_view host) { return host == "localhost" || host == "127.0.0.1" || host == "::1" || host == "[::1]"; }

}  // namespace jx::notify
