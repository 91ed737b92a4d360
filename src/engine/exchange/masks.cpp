#include "masks.hpp"

#include <jx/crypto/hash.hpp>
#include <jx/rules/host.hpp>
#include <jx/rules/json.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>

namespace jx::exchange {
namespace {

// A short text shows its first character, a longer one its ends, one over ten characters three and four: a phone or id number can be recognised by
// whom it belongs to, and by nobody else.
constexpr std::string_view partial = R"(if value = null then null else {text: string(value), shown: )"
                                     R"(if string length(text) <= 4 then substring(text, 1, 1) + "**" )"
                                     R"(else if string length(text) <= 10 then substring(text, 1, 1) + "****" + substring(text, -1) )"
                                     R"(else substring(text, 1, 3) + "****" + substring(text, -4)}.shown)";

constexpr std::string_view year = "string(value.year)";
constexpr std::string_view band = R"(if value = null then null else string(floor(value / 10) * 10) + "-" + string(floor(value / 10) * 10 + 9))";
// What names no town shows nothing.
constexpr std::string_view town = R"(if value = null then null else if contains(value, "街道") then substring before(value, "街道") + "街道" )"
                                  R"(else if contains(value, "镇") then substring before(value, "镇") + "镇" )"
                                  R"(else if contains(value, "乡") then substring before(value, "乡") + "乡" else null)";

std::string_view generalised(catalogue::FieldType type) {
  switch (type) {
    case catalogue::FieldType::date: return year;
    case catalogue::FieldType::integer:
    case catalogue::FieldType::number: return band;
    case catalogue::FieldType::text: return town;
    case catalogue::FieldType::boolean: break;
  }
  return "null";
}

constexpr std::size_t key_id_chars = 4;                                   // of the 16 of a key ring's id: they tell an old key from a new one
constexpr std::size_t pseudonym_chars = 20;                               // of base 32: 100 bits
constexpr std::string_view letters = "abcdefghijkmnpqrstuvwxyz23456789";  // that nobody takes for one another

/// What is hashed of a value; nothing where it is no scalar.
std::optional<std::string> plain_text(const rules::Value& value) {
  switch (value.kind()) {
    case rules::Kind::string: return std::string(value.string());
    case rules::Kind::number:
    case rules::Kind::boolean:
    case rules::Kind::date: {
      const auto json = rules::to_json(value);
      return json.is_string() ? std::string(json.get_string()) : rules::json_text(value);
    }
    default: return std::nullopt;
  }
}

std::string hash_text(const crypto::Digest& digest) { return ":" + to_hex(digest); }
std::string pseudonym_text(const crypto::Digest& digest) {
  std::string text = "-";
  std::uint64_t bits = 0;
  std::size_t held = 0, next = 0;
  while (text.size() <= pseudonym_chars) {
    if (held < 5) {
      bits = bits << 8U | digest[next++];
      held += 8;
    }
    held -= 5;
    text += letters[(bits >> held) & 31U];
  }
  return text;
}

/// A function of the mask that needs the node's key. Each of the two has a key of its own for this recipient and this field.
rules::Value keyed(const std::string& name, const MaskedFor& whom, const catalogue::Field& field, std::string (*text)(const crypto::Digest&)) {
  if (whom.keys == nullptr) return rules::host_function(name, {"value"}, [](std::span<const rules::Value>) { return rules::Value(); });
  const auto key = std::make_shared<const crypto::SecureBytes>(  // shared: the function is copied with the value that holds it
      whom.keys->derive("mask/" + name + "\n" + whom.consumer.text() + "\n" + whom.resource.text() + "\n" + field.id));
  return rules::host_function(name, {"value"},
                              [key, text, id = whom.keys->current_id().substr(0, key_id_chars)](std::span<const rules::Value> given) {
                                const auto plain = plain_text(given[0]);
                                return plain ? rules::Value(id + text(crypto::hmac_sha256(key->view(), bytes_of(*plain)))) : rules::Value();
                              });
}

std::string_view feel_of(const catalogue::Field& field, std::string_view mask) {
  if (mask == "partial") return partial;
  if (mask == "generalise") return generalised(field.type);
  if (mask == "hash") return "hash(value)";
  if (mask == "pseudonym") return "pseudonym(value)";
  return mask == "drop" ? "null" : mask;
}

}  // namespace

Result<Mask> Mask::make(const catalogue::Field& field, std::string_view mask, const MaskedFor& whom) {
  JX_TRY(feel, rules::Expression::compile(feel_of(field, mask), {.inputs = {{"value", {}}, {"hash", {}}, {"pseudonym", {}}}}));
  return Mask(std::move(feel), {keyed("hash", whom, field, hash_text), keyed("pseudonym", whom, field, pseudonym_text)});
}

rules::Value Mask::of(const rules::Value& value) const {
  const std::array<rules::Value, 3> inputs{value, functions_[0], functions_[1]};
  return feel_.evaluate(inputs).value;
}

}  // namespace jx::exchange
