// permit.hpp - a call that may be made; private to the gateway.
#pragma once
#include "terms.hpp"

#include <optional>
#include <string>
#include <vector>

namespace jx::exchange {

/// A call that may be made: what it rests on.
struct Gateway::Permit {
  Decoded<GrantTerms>::Held terms;
  Decoded<catalogue::Resource>::Held resource_held;
  Decoded<catalogue::Source>::Held source_held;
  Decoded<Masks>::Held masks;
  std::optional<Matter> matter;
  std::vector<std::string> fields;  // asked for and granted

  [[nodiscard]] const Grant& grant() const { return terms->value.grant; }
  [[nodiscard]] const catalogue::Resource& resource() const { return resource_held->value; }
  [[nodiscard]] const catalogue::Source& source() const { return source_held->value; }

  /// Whether a read that this one allowed is the read that the other allows: the same columns, rows, masks and place, about the same person.
  [[nodiscard]] bool same_read(const Permit& other) const {
    return Decoded<GrantTerms>::same(terms, other.terms) && Decoded<catalogue::Resource>::same(resource_held, other.resource_held) &&
           Decoded<catalogue::Source>::same(source_held, other.source_held) && matter.has_value() == other.matter.has_value() &&
           (!matter || (matter->person == other.matter->person && matter->codes == other.matter->codes));
  }
};

}  // namespace jx::exchange
