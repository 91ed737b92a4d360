// curl.hpp - one transfer of libcurl: its limits, and how it failed.
#pragma once
#include <jx/core.hpp>

#include <curl/curl.h>

#include <filesystem>
#include <memory>
#include <string>

namespace jx::notify {

inline constexpr long transfer_ms_max = 30'000;
inline constexpr std::size_t secret_bytes_max = 4'096;

struct EasyGone {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
struct ListGone {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, EasyGone>;
using List = std::unique_ptr<curl_slist, ListGone>;

/// With the limits of time, no signals, no redirects, no proxy of the environment and only `protocols`.
[[nodiscard]] Easy new_transfer(const char* protocols);
[[nodiscard]] List added(List list, const std::string& line);
/// What the file holds, without the end of its line. Errors: unavailable.
[[nodiscard]] Result<std::string> secret_of(const std::filesystem::path& file);
/// A failed transfer. Never quotes an address.
[[nodiscard]] std::unexpected<Error> transfer_failed(CURLcode code);

[[nodiscard]] bool is_loopback(std::string_view host);

}  // namespace jx::notify
