// secrets.hpp - how connectors get the passwords of sources.
#pragma once
#include <jx/catalogue/secrets.hpp>

namespace jx::app {

/// Opened anew each time that a source is connected to, so that a new password serves at once. Both outlive what is answered.
[[nodiscard]] catalogue::Secrets secrets_of(db::Database& database, const crypto::KeyRing& keys);

}  // namespace jx::app
