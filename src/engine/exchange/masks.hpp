// masks.hpp - what a mask of a grant means; private to the module.
#pragma once
#include <jx/catalogue.hpp>
#include <jx/core.hpp>
#include <jx/crypto/seal.hpp>
#include <jx/rules.hpp>

#include <array>
#include <string_view>

namespace jx::exchange {

/// For whom a value is masked, and of what it is. `keys` null: nothing can be hashed.
struct MaskedFor {
  UnitId consumer;
  ResourceId resource;
  const crypto::KeyRing* keys = nullptr;
};

/// A mask that is compiled. Immutable, therefore thread-safe.
class Mask {
 public:
  /// FEEL over `value`, as it is written or by a name: `partial` (the ends of a text), `generalise` (a date's year, the ten that a number lies in, an
  /// address down to its town), `hash`, `pseudonym`, `drop` (nothing). In such FEEL, and nowhere else, there are two functions more. `hash(x)`: the
  /// id of the key, a colon, and 64 hexadecimal digits of HMAC-SHA-256; `pseudonym(x)`: the id, a dash, and 20 letters and digits. Both say the same
  /// of the same text, number, date or boolean for one recipient and field, and something unrelated for any other recipient or field; of anything
  /// else null. Whoever has no key can neither find the value nor try values out. A new key (jx/crypto/seal.hpp) gives new ones, and the id before
  /// them tells. Errors: invalid.
  [[nodiscard]] static Result<Mask> make(const catalogue::Field& field, std::string_view mask, const MaskedFor& whom);

  /// What is shown of a value; null where the mask fails.
  [[nodiscard]] rules::Value of(const rules::Value& value) const;

 private:
  Mask(rules::Expression feel, std::array<rules::Value, 2> functions) : feel_(std::move(feel)), functions_(std::move(functions)) {}
  rules::Expression feel_;
  std::array<rules::Value, 2> functions_;
};

}  // namespace jx::exchange
