// posting.hpp - what is sent to a consumer's address, over HTTP.
#pragma once
#include <jx/exchange/push.hpp>
#include <jx/http/address_range.hpp>

#include <string>
#include <vector>

namespace jx::connectors {

/// Follows no redirects; HTTPS is verified. A host that has an address which is not of the internet is refused, but for the ranges that are allowed,
/// so that no officer can make the program call what only it can reach. For one thread.
class HttpPosting final : public exchange::Posting {
 public:
  /// `authorities`: a PEM file that HTTPS is verified against; empty: the system's.
  HttpPosting(std::vector<http::AddressRange> allowed, std::string authorities);
  ~HttpPosting() override;
  [[nodiscard]] Result<exchange::Received> post(const exchange::Outgoing& what) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace jx::connectors
