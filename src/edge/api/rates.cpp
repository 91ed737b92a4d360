#include "rates.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace jx::api {

double Rates::filled(const Bucket& bucket, Instant now) const {
  const double seconds = static_cast<double>(std::max<std::int64_t>((now - bucket.at).count(), 0)) / 1e6;
  return std::min(settings_.burst, bucket.tokens + seconds * settings_.per_second);
}

std::chrono::seconds Rates::wait_max() const {
  return std::chrono::seconds(settings_.per_second <= 0 ? 0 : static_cast<std::int64_t>(std::ceil(1 / settings_.per_second)));
}

Result<> Rates::take(std::string_view caller, Instant now) {
  if (settings_.per_second <= 0) return {};
  const std::lock_guard lock(mutex_);
  const auto [entry, fresh] = buckets_.try_emplace(std::string(caller), Bucket{settings_.burst, now});
  Bucket& bucket = entry->second;
  bucket = {filled(bucket, now), std::max(bucket.at, now)};
  if (bucket.tokens < 1) {
    const auto wait = std::to_string(static_cast<int>(std::ceil((1 - bucket.tokens) / settings_.per_second)));
    return fail(ErrorCode::limited, {"Too many requests; try again in " + wait + " s.", "请求过于频繁，请 " + wait + " 秒后再试。"});
  }
  bucket.tokens -= 1;
  if (buckets_.size() > callers_max) {
    std::erase_if(buckets_, [&](const auto& each) { return filled(each.second, now) >= settings_.burst; });
    if (buckets_.size() > callers_max) buckets_.clear();  // an attack from very many addresses: everybody begins anew
  }
  return {};
}

std::string address_counted(const std::string& client) {
  std::array<unsigned char, 16> octets{};
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (inet_pton(AF_INET6, client.c_str(), octets.data()) != 1) return client;
  static constexpr std::array<unsigned char, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (std::equal(mapped.begin(), mapped.end(), octets.begin())) return client;
  std::fill(octets.begin() + 8, octets.end(), 0);
  return std::string(inet_ntop(AF_INET6, octets.data(), text.data(), text.size())) + "/64";
}

}  // namespace jx::api
