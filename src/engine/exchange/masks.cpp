#include "masks.hpp"

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

}  // namespace

Result<rules::Expression> mask_of(const catalogue::Field& field, std::string_view mask) {
  const auto text = mask == "partial" ? partial : mask == "generalise" ? generalised(field.type) : mask == "drop" ? std::string_view("null") : mask;
  return rules::Expression::compile(text, {{{"value", {}}}, false});
}

}  // namespace jx::exchange
