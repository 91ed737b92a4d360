#include "delivery_rows.hpp"
#include "masks.hpp"
#include "sieves.hpp"

#include <jx/db/testing.hpp>
#include <jx/rules/condition.hpp>
#include <jx/rules/json.hpp>

#include <gtest/gtest.h>

namespace jx::exchange {
namespace {

struct Keyed : ::testing::Test {
  static catalogue::Field field(const char* id, catalogue::FieldType type = catalogue::FieldType::text) {
    catalogue::Field one;
    one.id = id;
    one.type = type;
    return one;
  }
  static MaskedFor whom(const crypto::KeyRing* keys, const char* consumer = "fire", const char* resource = "resident") {
    return {UnitId::trusted(consumer), ResourceId::trusted(resource), keys};
  }
  static std::string shown(const catalogue::Field& field, const char* mask, const MaskedFor& whom, const rules::Value& value) {
    const auto made = Mask::make(field, mask, whom);
    EXPECT_TRUE(made) << mask << (made ? "" : made.error().text());
    return made ? rules::json_text(made->of(value)) : "";
  }

  db::TempFolder folder;
  std::filesystem::path file = folder.path() / "masks.keys";
  crypto::KeyRing keys = *crypto::KeyRing::create(file);
};

TEST_F(Keyed, masks_say_the_same_of_the_same_value_and_the_value_to_nobody) {
  for (const char* mask : {"hash", "pseudonym"}) {
    const auto one = shown(field("phone"), mask, whom(&keys), "13812345678");
    EXPECT_EQ(one, shown(field("phone"), mask, whom(&keys), "13812345678"));
    EXPECT_NE(one, shown(field("phone"), mask, whom(&keys), "13812345679"));
    EXPECT_EQ(one.find("1381"), std::string::npos);
    EXPECT_EQ(one.substr(1, 4), keys.current_id().substr(0, 4)) << "which key it was made with";
    EXPECT_EQ(shown(field("phone"), mask, whom(&keys), rules::Value()), "null");
  }
  EXPECT_EQ(shown(field("phone"), "pseudonym", whom(&keys), "13812345678").size(), 2U + 4 + 1 + 20);
  EXPECT_EQ(shown(field("phone"), "hash", whom(&keys), "13812345678").size(), 2U + 4 + 1 + 64);
}

TEST_F(Keyed, masks_cannot_be_joined_by_two_recipients_or_over_two_fields) {
  for (const char* mask : {"hash", "pseudonym"}) {
    const auto one = shown(field("id"), mask, whom(&keys), "A1");
    EXPECT_NE(one, shown(field("id"), mask, whom(&keys, "police"), "A1"));
    EXPECT_NE(one, shown(field("id"), mask, whom(&keys, "fire", "insured"), "A1"));
    EXPECT_NE(one, shown(field("owner"), mask, whom(&keys), "A1"));
  }
  EXPECT_NE(shown(field("id"), "hash", whom(&keys), "A1").substr(6, 20), shown(field("id"), "pseudonym", whom(&keys), "A1").substr(6, 20));
}

TEST_F(Keyed, masks_change_with_the_key_and_tell_so) {
  const auto before = shown(field("id"), "pseudonym", whom(&keys), "A1");
  const auto rotated = crypto::KeyRing::rotate(file);
  ASSERT_TRUE(rotated);
  const auto after = shown(field("id"), "pseudonym", whom(&*rotated), "A1");
  EXPECT_NE(before, after);
  EXPECT_EQ(after.substr(1, 4), rotated->current_id().substr(0, 4));
}

TEST_F(Keyed, masks_show_nothing_without_a_key) {
  EXPECT_EQ(shown(field("id"), "pseudonym", whom(nullptr), "A1"), "null");
  EXPECT_EQ(shown(field("id"), "hash", whom(nullptr), "A1"), "null");
}

TEST_F(Keyed, functions_may_be_used_in_a_mask_and_nowhere_else) {
  EXPECT_EQ(shown(field("id"), "pseudonym(value)", whom(&keys), "A1"), shown(field("id"), "pseudonym", whom(&keys), "A1"));
  EXPECT_EQ(shown(field("id"), R"(substring(value, 1, 1) + "/" + hash(substring(value, 2)))", whom(&keys), "A1").substr(1, 2), "A/");
  EXPECT_FALSE(rules::Expression::compile("pseudonym(value)", {.inputs = {{"value", {}}}}));
  EXPECT_FALSE(Mask::make(field("id"), "secret(value)", whom(&keys)));
  EXPECT_EQ(shown(field("id"), "hash([1])", whom(&keys), "A1"), "null") << "only of a text, a number, a date, a boolean";
}

TEST_F(Keyed, masks_are_the_same_in_a_call_and_in_a_delivery) {
  using catalogue::FieldType;
  const std::vector<std::pair<FieldType, Cell>> cells{{FieldType::text, std::string_view("王芳")},
                                                      {FieldType::text, std::string_view("")},
                                                      {FieldType::integer, std::int64_t{42}},
                                                      {FieldType::number, 1.5},
                                                      {FieldType::date, std::string_view("1985-02-28")},
                                                      {FieldType::boolean, true},
                                                      {FieldType::text, std::monostate()}};
  for (const auto& [type, cell] : cells) {
    for (const char* mask : {"hash", "pseudonym"}) {
      auto writer = CellWriter::make(field("x", type), std::string(mask), DeliveryFormat::ndjson, whom(&keys));
      ASSERT_TRUE(writer);
      std::string delivered;
      writer->append(cell, delivered);
      EXPECT_EQ(delivered, shown(field("x", type), mask, whom(&keys), feel_cell(type, cell)));
    }
  }
}

// ---- what a source can make of a rule ------------------------------------------------------------------------------------------------

struct Sieves : ::testing::Test {
  Sieves() {
    for (const auto& [id, type] : {std::pair{"name", catalogue::FieldType::text},
                                   {"age", catalogue::FieldType::integer},
                                   {"born", catalogue::FieldType::date},
                                   {"alive", catalogue::FieldType::boolean}}) {
      auto field = Keyed::field(id, type);
      field.column = std::string("c_") + id;
      resource.fields.push_back(field);
    }
  }
  static std::string text(const Sieve& sieve) {
    static constexpr const char* names[] = {"all", "any", "none", "=", "<", "<=", ">", ">="};
    const std::string name = names[static_cast<std::size_t>(sieve.kind)];
    if (!sieve.column.empty()) {
      const auto* whole = std::get_if<std::int64_t>(&sieve.value);
      const auto* words = std::get_if<std::string>(&sieve.value);
      return sieve.column + name +
             (whole != nullptr              ? std::to_string(*whole)
              : words != nullptr            ? *words
              : std::get<bool>(sieve.value) ? "true"
                                            : "false");
    }
    std::string parts;
    for (const auto& part : sieve.parts) parts += (parts.empty() ? "" : " ") + text(part);
    return name + "(" + parts + ")";
  }
  std::string of(const char* rule) {
    const auto sieve = sieve_of(resource, rules::condition_of(rule), nullptr);
    return sieve ? text(*sieve) : "";
  }
  catalogue::Resource resource;
};

TEST_F(Sieves, are_made_of_comparisons_with_literals) {
  EXPECT_EQ(of("age >= 18"), "all(c_age>=18)");
  EXPECT_EQ(of("18 <= age and name = \"x\""), "all(all(c_age>=18 c_name=x))");
  EXPECT_EQ(of("age between -1 and 5"), "all(all(c_age>=-1 c_age<=5))");
  EXPECT_EQ(of("name in (\"a\", \"b\")"), "all(any(c_name=a c_name=b))");
  EXPECT_EQ(of("name != \"a\""), "all(none(c_name=a))");
  EXPECT_EQ(of("born < date(\"2000-01-01\")"), "all(c_born<2000-01-01)");
  EXPECT_EQ(of("alive and not(age < 3)"), "all(all(c_alive=true none(c_age<3)))");
}

TEST_F(Sieves, leave_out_what_they_cannot_say_where_that_lets_more_rows_through) {
  EXPECT_EQ(of("age >= 18 and string length(name) > 2"), "") << "not a tree of comparisons as a whole";
  EXPECT_EQ(of("age >= 18 and name = null"), "all(all(c_age>=18))");
  EXPECT_EQ(of("age >= 18 or name = null"), "");
  EXPECT_EQ(of("not(age >= 18 or name = null)"), "all(none(any(c_age>=18)))");
  EXPECT_EQ(of("not(age >= 18 and name = null)"), "");
  EXPECT_EQ(of("age = \"x\""), "");
  EXPECT_EQ(of("age > 1.5"), "");
  EXPECT_EQ(of("other = 1"), "");
}

}  // namespace
}  // namespace jx::exchange
