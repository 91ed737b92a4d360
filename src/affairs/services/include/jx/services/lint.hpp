// lint.hpp - the rules that a list of service items must pass, as city authorities check them (GB/T 39554-2020).
#pragma once
#include <jx/core.hpp>

#include <boost/json/fwd.hpp>

#include <string>
#include <vector>

namespace jx::services {

struct ItemFault {
  std::string rule;   // such as `fee-basis`
  std::string field;  // JSON Pointer into the item; of what is absent, where it belongs
  Words message;      // what is wrong, and what to do
};

/// All that is wrong with one item, given as in items/*.yaml or a list (docs/items.md). It may be incomplete or of the wrong form: what a rule needs
/// and cannot read is a fault of its own.
[[nodiscard]] std::vector<ItemFault> lint(const boost::json::object& item);

}  // namespace jx::services
