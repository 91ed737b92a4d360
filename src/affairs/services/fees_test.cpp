// What is still owed. How fees run through a matter is told in tests/scenario/fees.
#include <jx/services/results.hpp>

#include <gtest/gtest.h>

namespace jx::services {
namespace {

constexpr auto last_day = LocalDate::of(2026, 12, 2);

Fee awaited() {
  Fee fee;
  fee.awaited = "draft";
  fee.pay_by = last_day;
  return fee;
}

TEST(Fee, is_overdue_on_the_day_after_the_last_one) {
  EXPECT_FALSE(awaited().overdue(false, last_day));
  EXPECT_TRUE(awaited().overdue(false, last_day + 1));
}

TEST(Fee, is_not_overdue_where_no_day_is_said) {
  Fee fee;
  EXPECT_FALSE(fee.overdue(false, last_day));
}

TEST(Fee, that_is_paid_is_neither_overdue_nor_lapsed) {
  auto fee = awaited();
  fee.paid_at = Instant{1};
  EXPECT_FALSE(fee.overdue(false, last_day + 1));
  EXPECT_FALSE(fee.lapsed(true));
}

TEST(Fee, lapses_with_its_case_where_the_process_waited_for_it) {
  EXPECT_TRUE(awaited().lapsed(true));
  EXPECT_FALSE(awaited().lapsed(false));
  EXPECT_FALSE(awaited().overdue(true, last_day + 1));  // nobody owes it
}

TEST(Fee, of_an_office_is_owed_after_the_end_of_the_case_too) {
  Fee fee;
  fee.pay_by = last_day;
  EXPECT_FALSE(fee.lapsed(true));
  EXPECT_TRUE(fee.overdue(true, last_day + 1));
}

TEST(Fee, is_written_with_its_currency) {
  EXPECT_EQ(money(15'000, "USD"), "150.00 USD");
  EXPECT_EQ(money(123'456'705, "CNY"), "1,234,567.05 CNY");
  EXPECT_EQ(money(1'500, "JPY"), "1,500 JPY");
}

}  // namespace
}  // namespace jx::services
