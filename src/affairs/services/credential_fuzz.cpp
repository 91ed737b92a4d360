// Certificates and status lists from anywhere: the signature is made right, so that what lies behind it is reached.
#include "sd_jwt.hpp"

#include <jx/core.hpp>
#include <jx/wire.hpp>

#include <cstdint>

// First line: the payload of a JWS as JSON. The rest: disclosures, as they stand in a certificate.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace jx;
  static const auto key = *crypto::Ed25519Key::from_seed(Bytes(32, 1));
  static const auto known = key.public_key();
  const auto text = text_of({data, size});
  (void)services::open_credential(text, known);
  (void)services::issuer_key(text);
  (void)services::decode_status(text, 3);
  const auto end = text.find('\n');
  const auto payload = wire::parse(text.substr(0, end));
  if (!payload || !payload->is_object()) return 0;
  const auto rest = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  for (const auto type : {services::credential_type, services::status_list_type}) {
    const auto jws = services::sign_compact(key, {{"alg", "EdDSA"}, {"typ", type}}, payload->get_object());
    const auto opened = services::open_credential(jws + std::string(rest), known);
    if (opened) (void)services::status_in(jws, known, *opened, Instant{1});
    (void)services::status_in(jws, known, {{}, payload->get_object()}, Instant{1});
  }
  return 0;
}
