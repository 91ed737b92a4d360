// number_test.cpp - Number against Python's decimal (testdata/number_cases.py made the cases), and its text forms.
#include <jx/rules/number.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace jx::rules {
namespace {

Number number(std::string_view text) { return Number::parse(text).value(); }

TEST(Number, agrees_with_an_independent_decimal) {
  std::ifstream file(JX_SOURCE_DIR "/src/engine/rules/testdata/number_cases.txt");
  std::string line;
  int count = 0;
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string operation, left, right, expected;
    fields >> operation >> left >> right >> expected;
    const Number a = number(left), b = number(right);
    std::optional<Number> got;
    if (operation == "add") got = add(a, b);
    if (operation == "mul") got = multiply(a, b);
    if (operation == "div") got = divide(a, b);
    if (operation == "cmp") got = Number(a < b ? -1 : a > b ? 1 : 0);
    if (operation == "mod") got = modulo(a, b);
    if (operation == "sqrt") got = square_root(a);
    if (operation == "ln") got = logarithm(a);
    if (operation == "exp") got = exponential(a);
    if (operation == "pow") got = power(a, b);
    if (expected == "-") {
      EXPECT_FALSE(got.has_value()) << line;
    } else {
      ASSERT_TRUE(got.has_value()) << line;
      EXPECT_EQ(*got, number(expected)) << line << "\n got " << got->text();
    }
    ++count;
  }
  EXPECT_GT(count, 2000);
}

TEST(Number, writes_plain_digits_without_trailing_zeros) {
  EXPECT_EQ(number("1.500").text(), "1.5");
  EXPECT_EQ(number("-0").text(), "0");
  EXPECT_EQ(number("1e3").text(), "1000");
  EXPECT_EQ(number("12e-4").text(), "0.0012");
  EXPECT_EQ(number(".5").text(), "0.5");
  EXPECT_EQ(Number(std::int64_t{INT64_MIN}).text(), "-9223372036854775808");
}

TEST(Number, refuses_what_is_no_number) {
  for (const char* text : {"", "-", ".", "1.", "1e", "1e+", "abc", "1 ", "0x1", "--1", "1e99999"}) EXPECT_FALSE(Number::parse(text)) << text;
  EXPECT_FALSE(Number::parse(std::string(20'000, '1')));
}

TEST(Number, rounds_in_every_mode) {
  const auto to = [](const char* text, int scale, Rounding mode) { return round(number(text), scale, mode).value().text(); };
  EXPECT_EQ(to("5.5", 0, Rounding::up), "6");
  EXPECT_EQ(to("-5.5", 0, Rounding::up), "-6");
  EXPECT_EQ(to("1.121", 2, Rounding::up), "1.13");
  EXPECT_EQ(to("-1.126", 2, Rounding::down), "-1.12");
  EXPECT_EQ(to("5.5", 0, Rounding::half_down), "5");
  EXPECT_EQ(to("2.5", 0, Rounding::half_even), "2");
  EXPECT_EQ(to("-1.5", 0, Rounding::floor), "-2");
  EXPECT_EQ(to("-1.5", 0, Rounding::ceiling), "-1");
  EXPECT_EQ(to("150", -2, Rounding::half_even), "200");
  EXPECT_EQ(to("0.001", -3, Rounding::up), "1000");
}

TEST(Number, converts_to_and_from_machine_numbers) {
  EXPECT_EQ(Number::from_double(0.1)->text(), "0.1");
  EXPECT_EQ(number("0.1").to_double(), 0.1);
  EXPECT_EQ(number("9223372036854775807").to_int(), INT64_MAX);
  EXPECT_EQ(number("9223372036854775808").to_int(), std::nullopt);
  EXPECT_EQ(number("1.5").to_int(), std::nullopt);
  EXPECT_EQ(number("15e-1").hash(), number("1.50").hash());
}

}  // namespace
}  // namespace jx::rules
