// figures.hpp - the record of uses counted, for the provider, the consumer and the data authority (Order 809 art. 29).
#pragma once
#include <jx/exchange.hpp>

#include <cstdint>
#include <vector>

namespace jx::exchange {

inline constexpr Micros figure_step = std::chrono::hours(1);

/// The uses of one grant in one hour.
struct Figure {
  Instant at;                 // its beginning, a whole number of steps after the `since` that was asked for
  std::int64_t answered = 0;  // calls
  std::int64_t refused = 0;   // calls, by whomever
  std::int64_t records = 0;   // of the answered calls
};

/// Counts the uses of a grant hour by hour from `since` on, oldest first; hours without a use are left out.
[[nodiscard]] Result<std::vector<Figure>> figures(db::Tx& tx, const GrantId& grant, Instant since);

/// What was read by anybody, newest first: for the data authority.
[[nodiscard]] Result<UsagePage> usage_of_all(db::Tx& tx, std::size_t limit, std::string_view cursor);

}  // namespace jx::exchange
