#include "curl.hpp"

#include <jx/notify.hpp>

#include <array>
#include <utility>

namespace jx::notify {
namespace {

using Filling = std::array<std::pair<std::string_view, std::string_view>, 3>;
constexpr int depth_max = 8;

/// One pass: what is filled in is not looked through again.
std::string filled(std::string_view text, const Filling& with) {
  std::string out;
  while (!text.empty()) {
    bool found = false;
    for (const auto& [name, value] : with) {
      if (!text.starts_with(name)) continue;
      out += value;
      text.remove_prefix(name.size());
      found = true;
      break;
    }
    if (found) continue;
    out += text.front();
    text.remove_prefix(1);
  }
  return out;
}

void fill(boost::json::value& value, const Filling& with, int depth) {
  if (depth == 0) return;
  if (auto* text = value.if_string()) *text = filled(*text, with);
  if (auto* list = value.if_array()) {
    for (auto& one : *list) fill(one, with, depth - 1);
  }
  if (auto* object = value.if_object()) {
    for (auto& [name, one] : *object) fill(one, with, depth - 1);
  }
}

std::size_t ignore(char*, std::size_t size, std::size_t count, void*) { return size * count; }

class SmsSender final : public messages::Sender {
 public:
  explicit SmsSender(SmsConfig config) : config_(std::move(config)) {}

  Result<> send(const messages::Letter& letter) override {
    const auto curl = new_transfer("http,https");
    if (!curl) return fail(ErrorCode::unavailable, {"a transfer cannot be begun", "无法开始发送"});
    const auto id = letter.id.text();
    boost::json::object body(config_.body.begin(), config_.body.end());
    for (auto& [name, value] : body) fill(value, {{{"{to}", letter.to}, {"{text}", letter.text}, {"{id}", id}}}, depth_max);
    const auto text = wire::to_text(body);
    auto headers = added({}, "Content-Type: application/json");
    headers = added(std::move(headers), "Idempotency-Key: " + id);
    if (config_.token_file) {
      JX_TRY(token, secret_of(*config_.token_file));
      headers = added(std::move(headers), "Authorization: Bearer " + token);
    }
    curl_easy_setopt(curl.get(), CURLOPT_URL, config_.url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, text.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(text.size()));
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, ignore);
    const auto done = curl_easy_perform(curl.get());
    if (done != CURLE_OK) return transfer_failed(done);
    long status = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status >= 200 && status < 300) return {};
    const auto number = std::to_string(status);
    if (status == 400 || status == 404 || status == 422)
      return fail(ErrorCode::invalid,
                  {"the gateway does not take messages for this number: status " + number, "短信网关不接受该号码：状态" + number});
    return fail(ErrorCode::unavailable, {"the gateway did not take it: status " + number, "短信网关未接收：状态" + number});
  }

 private:
  SmsConfig config_;
};

}  // namespace

Result<> check(const SmsConfig& config) {
  const std::string_view url = config.url;
  const bool secure = url.starts_with("https://");
  const auto rest = url.substr(std::min(url.size(), std::size_t{secure ? 8U : 7U}));
  const auto host = rest.substr(0, rest.find_first_of(":/"));
  if (url.size() > 2'000 || (!secure && !(url.starts_with("http://") && is_loopback(host))))
    return fail(ErrorCode::invalid, {"`url` is https://..., or http:// to this machine", "url 应为 https:// 地址，或指向本机的 http:// 地址"},
                "/url");
  if (config.body.empty())
    return fail(ErrorCode::invalid, {"`body` is what the gateway gets: with {to} and {text}", "body 应写明提交的内容，含 {to} 和 {text}"}, "/body");
  return {};
}

std::unique_ptr<messages::Sender> sms_sender(SmsConfig config) { return std::make_unique<SmsSender>(std::move(config)); }

}  // namespace jx::notify
