#include <jx/connectors/posting.hpp>
#include <jx/http/client.hpp>

#include <algorithm>

namespace jx::connectors {

struct HttpPosting::State {
  std::vector<http::AddressRange> allowed;
  std::string authorities;
  http::Client client;
};

HttpPosting::HttpPosting(std::vector<http::AddressRange> allowed, std::string authorities) : state_(std::make_unique<State>()) {
  state_->allowed = std::move(allowed);
  state_->authorities = std::move(authorities);
}
HttpPosting::~HttpPosting() = default;

Result<exchange::Received> HttpPosting::post(const exchange::Outgoing& what) {
  const auto may_reach = [&](std::string_view address) {
    return http::is_public_address(address) ||
           std::ranges::any_of(state_->allowed, [&](const http::AddressRange& range) { return range.contains(address); });
  };
  JX_TRY(answered, state_->client.post({what.url, what.headers, what.body, state_->authorities, may_reach}));
  return exchange::Received{answered.status, answered.retry_after};
}

}  // namespace jx::connectors
