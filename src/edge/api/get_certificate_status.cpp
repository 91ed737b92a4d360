// get_certificate_status.cpp - GET /api/v1/certificate-status/{list} (operation getCertificateStatus): a signed status list
// (draft-ietf-oauth-status-list), the same for whoever asks: it does not say about which certificate she wants to know.
#include "handlers.hpp"

#include <charconv>

namespace jx::api {

Call::Answer get_certificate_status(Call& call) {
  const auto name = std::string_view(call.request.param("list"));
  std::int64_t list = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), list);
  if (error != std::errc() || end != name.data() + name.size()) list = 0;  // there is none of this number
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(text, call.deps.certificates.status_list(tx, list, call.ctx.now()));
    auto response = http::content("application/statuslist+jwt", std::move(text));
    response.with("Cache-Control", "public, max-age=30");  // how long a revocation may go unseen
    response.with("Access-Control-Allow-Origin", "*");
    return response;
  });
}

}  // namespace jx::api
