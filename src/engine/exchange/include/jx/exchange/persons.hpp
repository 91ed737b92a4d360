// persons.hpp - by person, the uses of her data: filled behind the commit.
#pragma once
#include <jx/core.hpp>
#include <jx/db.hpp>

namespace jx::exchange {

/// Takes over what acts left for the order by person, until nothing waits that was there at the beginning. Several programs may do it at the same
/// time. Who asks whose data was used finds what waits as well.
[[nodiscard]] Result<> index_persons(db::Database& database, Instant deadline);

}  // namespace jx::exchange
