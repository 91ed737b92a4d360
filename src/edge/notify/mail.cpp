#include "curl.hpp"

#include <jx/notify.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>

namespace jx::notify {
namespace {

constexpr std::size_t line_octets = 76;      // RFC 2045 section 6.8
constexpr long address_refused_first = 550;  // RFC 5321 section 4.2.3: no such mailbox, not here, no name like that

std::string base64(std::string_view octets) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < octets.size(); i += 3) {
    std::uint32_t group = 0;
    const auto have = std::min<std::size_t>(3, octets.size() - i);
    for (std::size_t k = 0; k < 3; ++k) group = (group << 8U) | (k < have ? static_cast<unsigned char>(octets[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += k <= have ? letters[(group >> (18U - 6U * static_cast<unsigned>(k))) & 63U] : '=';
  }
  return out;
}

/// RFC 2047: encoded words of whole characters, each at most 75 octets.
std::string encoded_words(std::string_view text) {
  constexpr std::size_t octets_max = 42;
  std::string out;
  while (!text.empty()) {
    auto cut = std::min(octets_max, text.size());
    while (cut < text.size() && cut > 1 && (static_cast<unsigned char>(text[cut]) & 0xc0U) == 0x80U) --cut;
    out += (out.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") + base64(text.substr(0, cut)) + "?=";
    text.remove_prefix(cut);
  }
  return out;
}

std::string date_line(Instant at) {
  constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = at.micros / 1'000'000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %d %02d:%02d:%02d +0000", days.at(static_cast<std::size_t>(utc.tm_wday)), utc.tm_mday,
                months.at(static_cast<std::size_t>(utc.tm_mon)), utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
  return text.data();
}

struct Reader {
  std::string_view rest;
};

std::size_t give(char* into, std::size_t size, std::size_t count, void* from) {
  auto& reader = *static_cast<Reader*>(from);
  const auto taken = std::min(size * count, reader.rest.size());
  std::memcpy(into, reader.rest.data(), taken);
  reader.rest.remove_prefix(taken);
  return taken;
}

class MailSender final : public messages::Sender {
 public:
  explicit MailSender(MailConfig config) : config_(std::move(config)) {}

  Result<> send(const messages::Letter& letter) override {
    const auto curl = new_transfer(config_.security == Security::tls ? "smtps" : "smtp");
    if (!curl) return fail(ErrorCode::unavailable, {"a transfer cannot be begun", "无法开始发送"});
    const auto host = config_.server.find(':') == std::string::npos ? config_.server : "[" + config_.server + "]";
    const auto url = std::string(config_.security == Security::tls ? "smtps://" : "smtp://") + host + ":" + std::to_string(config_.port);
    const auto from = "<" + config_.from + ">";
    const auto to = added({}, "<" + letter.to + ">");
    const auto text = mail_text(config_, letter, SystemClock().now());
    Reader reader{text};
    curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
    if (config_.security == Security::starttls) curl_easy_setopt(curl.get(), CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
    if (config_.authorities) curl_easy_setopt(curl.get(), CURLOPT_CAINFO, config_.authorities->c_str());
    curl_easy_setopt(curl.get(), CURLOPT_MAIL_FROM, from.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_MAIL_RCPT, to.get());
    curl_easy_setopt(curl.get(), CURLOPT_READFUNCTION, give);
    curl_easy_setopt(curl.get(), CURLOPT_READDATA, &reader);
    curl_easy_setopt(curl.get(), CURLOPT_UPLOAD, 1L);
    if (config_.user) {
      curl_easy_setopt(curl.get(), CURLOPT_USERNAME, config_.user->c_str());
      if (config_.password_file) {
        JX_TRY(password, secret_of(*config_.password_file));
        curl_easy_setopt(curl.get(), CURLOPT_PASSWORD, password.c_str());
      }
    }
    const auto done = curl_easy_perform(curl.get());
    if (done == CURLE_OK) return {};
    long code = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &code);
    if (done == CURLE_SEND_ERROR && code >= address_refused_first && code < 560)
      return fail(ErrorCode::invalid, {"the mail server does not take mail for this address", "邮件服务器不接受该地址"});
    return transfer_failed(done);
  }

 private:
  MailConfig config_;
};

}  // namespace

Result<> check(const MailConfig& config) {
  if (config.server.empty() || config.server.find_first_of("/@ ") != std::string::npos)
    return fail(ErrorCode::invalid, {"`server` is the name or address of the mail server", "server 应为邮件服务器的名称或地址"}, "/server");
  if (config.port < 1 || config.port > 65535) return fail(ErrorCode::invalid, {"a port is 1 to 65535", "端口应为1至65535"}, "/port");
  if (config.security == Security::none && !is_loopback(config.server))
    return fail(ErrorCode::invalid, {"without TLS only to this machine: say starttls or tls", "未加密时只能连接本机，请使用 starttls 或 tls"},
                "/security");
  const auto at = config.from.find('@');
  if (at == 0 || at == std::string::npos || config.from.find_first_of("<>\r\n\t \",;") != std::string::npos)
    return fail(ErrorCode::invalid, {"`from` is one mail address", "from 应为一个邮箱地址"}, "/from");
  if (config.password_file && !config.user) return fail(ErrorCode::invalid, {"a password is of a `user`", "设置密码时须写明 user"}, "/password_file");
  return {};
}

std::string mail_text(const MailConfig& config, const messages::Letter& letter, Instant at) {
  std::string text = "Date: " + date_line(at) + "\r\nFrom: <" + config.from + ">\r\nTo: <" + letter.to +
                     ">\r\nSubject: " + encoded_words(letter.subject) + "\r\nMessage-ID: <" + letter.id.text() + "@" +
                     config.from.substr(config.from.find('@') + 1) +
                     ">\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; "
                     "charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n";
  const auto body = base64(letter.text);
  for (std::size_t i = 0; i < body.size(); i += line_octets) text += body.substr(i, line_octets) + "\r\n";
  return text;
}

std::unique_ptr<messages::Sender> mail_sender(MailConfig config) { return std::make_unique<MailSender>(std::move(config)); }

}  // namespace jx::notify
