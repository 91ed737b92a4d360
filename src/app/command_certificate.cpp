// junxian certificate: what a citizen shows, verified without configuration and without a network.
#include "commands.hpp"
#include "files.hpp"
#include "terminal.hpp"

#include <jx/services/credentials.hpp>
#include <jx/wire.hpp>

#include <algorithm>
#include <cctype>
#include <cstdio>

namespace jx::app {
namespace {

/// What verifiers need, and people do not.
constexpr std::array machinery{"iss", "jti", "iat", "exp", "vct", "status"};

void print_claims(const boost::json::object& claims, const std::string& indent) {  // NOLINT(misc-no-recursion): one level
  for (const auto& [name, value] : claims) {
    const std::string_view key = name;
    if (std::ranges::find(machinery, key) != machinery.end()) continue;
    const auto text = value.is_string() ? std::string(value.get_string()) : value.is_object() ? "" : wire::to_text(value);
    std::printf("%s%.*s: %s\n", indent.c_str(), static_cast<int>(key.size()), key.data(), text.c_str());
    if (value.is_object()) print_claims(value.get_object(), indent + "  ");
  }
}

/// The token itself, a link that ends with it, or a file that holds either.
Result<std::string> token_of(const std::string& given) {
  std::string text = given;
  std::error_code none;
  if (given.size() < 4'096 && std::filesystem::is_regular_file(given, none)) {
    JX_TRY(read, read_text(given));
    text = std::move(read);
  }
  std::erase_if(text, [](unsigned char c) { return std::isspace(c) != 0; });
  if (const auto mark = text.find('#'); mark != std::string::npos) text.erase(0, mark + 1);
  return text;
}

Result<services::OfflineVerdict> verdict_on(const std::string& certificate, const std::filesystem::path& key, const std::filesystem::path& status) {
  JX_TRY(token, token_of(certificate));
  JX_TRY(key_text, read_text(key));
  JX_TRY(known, services::issuer_key(key_text));
  if (status.empty()) return services::verify_offline(token, known, std::nullopt, SystemClock().now());
  JX_TRY(list, read_text(status));
  while (!list.empty() && std::isspace(static_cast<unsigned char>(list.back())) != 0) list.pop_back();
  return services::verify_offline(token, known, std::string_view(list), SystemClock().now());
}

}  // namespace

int certificate_verify(const std::string& certificate, const std::filesystem::path& key, const std::filesystem::path& status) {
  const auto verdict = verdict_on(certificate, key, status);
  if (!verdict) return failed(verdict.error());
  std::printf("%s\n", say(verdict->reason).c_str());
  print_claims(verdict->claims, "  ");
  return verdict->valid ? 0 : 1;
}

}  // namespace jx::app
