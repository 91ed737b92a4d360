#include "workbook.hpp"
#include "workbook_maker.hpp"
#include "workbook_values.hpp"

#include <gtest/gtest.h>

namespace jx::connectors {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Result<Table> read(const std::map<std::string, std::string>& parts, const std::string& sheet = "s", const std::optional<int>& header_row = {}) {
  const auto octets = testing::archive(parts);
  JX_TRY(opened, open_parts(octets));
  return read_sheet(opened, sheet, header_row);
}
Result<Table> read(const std::string& data, const std::string& properties = {}) { return read(testing::parts({{"s", data}}, properties)); }

TEST(Workbook, gives_each_kind_of_cell_as_text) {
  const auto table = read(
      "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>a</t></is></c><c r=\"B2\" t=\"s\"><v>0</v></c><c r=\"D2\" t=\"str\"><v>d</v></c>"
      "<c r=\"E2\" t=\"str\"><v>e</v></c><c r=\"F2\" t=\"str\"><v>f</v></c></row>"
      "<row r=\"4\"><c r=\"A4\"><f>1+1</f><v>2</v></c><c r=\"B4\" t=\"s\"><v>1</v></c><c r=\"C4\"><v>9</v></c><c r=\"D4\" t=\"b\"><v>1</v></c>"
      "<c r=\"E4\"><v>0.30000000000000004</v></c><c r=\"F4\" t=\"e\"><v>#N/A</v></c></row>"
      "<row r=\"5\"/><row r=\"6\"><c r=\"E6\" t=\"s\"><v>99</v></c></row><row r=\"7\"><c r=\"F7\" t=\"str\"><v>x_x000A_y</v></c></row>");
  ASSERT_TRUE(table) << table.error().text();
  EXPECT_EQ(table->columns, (std::vector<std::string>{"a", "shared", "d", "e", "f"}));
  EXPECT_EQ(table->rows, (Rows{{"2", "in runs", "true", "0.3", "#N/A"}, {"", "", "", "", "x\ny"}}));
}

TEST(Workbook, shows_dates_as_their_format_says_in_both_systems) {
  const std::string data =
      "<row><c t=\"str\"><v>d</v></c></row><row><c s=\"1\"><v>46027</v></c></row><row><c s=\"2\"><v>1</v></c></row><row><c s=\"3\"><v>5</v></c></row>"
      "<row><c s=\"4\"><v>46027.5</v></c></row><row><c s=\"5\"><v>0.25</v></c></row><row><c s=\"1\"><v>61</v></c></row><row><c "
      "s=\"1\"><v>-1</v></c></row>"
      "<row><c s=\"4\"><v>46027.999999999</v></c></row>";
  const auto table = read(data);
  ASSERT_TRUE(table) << table.error().text();
  EXPECT_EQ(table->rows,
            (Rows{{"2026-01-05"}, {"1900-01-01"}, {"5"}, {"2026-01-05T12:00:00"}, {"06:00:00"}, {"1900-03-01"}, {"-1"}, {"2026-01-06T00:00:00"}}));
  const auto other = read(data, "<workbookPr date1904=\"1\"/>");
  ASSERT_TRUE(other);
  EXPECT_EQ(other->rows.front().front(), "2030-01-06");
}

TEST(Workbook, tells_formats_of_dates_from_those_of_numbers) {
  EXPECT_EQ(shown_by(std::string_view("0.00")), Shown::number);
  EXPECT_EQ(shown_by(std::string_view("General")), Shown::number);
  EXPECT_EQ(shown_by(std::string_view("[Red]#,##0\" days\"")), Shown::number);
  EXPECT_EQ(shown_by(std::string_view("mmm")), Shown::date);
  EXPECT_EQ(shown_by(std::string_view("[$-804]yyyy\"年\"m\"月\"")), Shown::date);
  EXPECT_EQ(shown_by(std::string_view("[h]:mm")), Shown::time);
  EXPECT_EQ(shown_by(std::string_view("d/m/yy h:mm AM/PM;@")), Shown::date_time);
}

TEST(Workbook, takes_the_head_from_the_row_that_is_named) {
  const auto data = testing::rows_of({{"title"}, {"id", "", "name"}, {"1", "lost", "x"}});
  const auto table = read(testing::parts({{"other", ""}, {"s", data}}), "s", 2);
  ASSERT_TRUE(table) << table.error().text();
  EXPECT_EQ(table->columns, (std::vector<std::string>{"id", "name"}));
  EXPECT_EQ(table->rows, (Rows{{"1", "x"}}));
  EXPECT_EQ(read(testing::parts({{"s", data}}), "t").error().code, ErrorCode::not_found);
}

TEST(Workbook, expands_no_entities_and_reads_no_others_files) {
  auto parts = testing::parts({{"s", ""}});
  parts["xl/worksheets/sheet1.xml"] =
      "<?xml version=\"1.0\"?><!DOCTYPE w [<!ENTITY a \"aaaa\"><!ENTITY b SYSTEM \"file:///etc/passwd\">]><worksheet><sheetData><row><c "
      "t=\"str\"><v>h</v></c></row><row><c t=\"str\"><v>&a;&b;</v></c></row></sheetData></worksheet>";
  const auto table = read(parts);
  ASSERT_TRUE(table) << table.error().text();
  EXPECT_EQ(table->rows, (Rows{{"&a;&b;"}}));
}

TEST(Workbook, refuses_what_is_too_much_or_none) {
  EXPECT_EQ(open_parts("PK\x03\x04 no").error().code, ErrorCode::invalid);
  EXPECT_EQ(read({{"a", "b"}}).error().code, ErrorCode::invalid);
  EXPECT_EQ(read("<row><c r=\"XFE1\"><v>1</v></c></row>").error().code, ErrorCode::too_large);
  EXPECT_EQ(read("<row r=\"1048577\"><c><v>1</v></c></row>").error().code, ErrorCode::too_large);
  EXPECT_EQ(read("<row><c t=\"str\"><v>a</v></c><c t=\"str\"><v>a</v></c></row>").error().code, ErrorCode::invalid);
  EXPECT_EQ(read("<row><c t=\"str\"><v>\xff</v></c></row>").error().code, ErrorCode::invalid);
  EXPECT_EQ(read("<row><c t=\"str\"><v>a").error().code, ErrorCode::invalid);
  EXPECT_TRUE(read("")->columns.empty());
  std::string wide = "<row>";
  for (int i = 0; i < 16'000; ++i) wide += "<c><v>" + std::to_string(i) + "</v></c>";
  wide += "</row>";
  for (int i = 0; i < 700; ++i) wide += "<row><c><v>1</v></c></row>";
  EXPECT_EQ(read(wide).error().code, ErrorCode::too_large) << "more cells than are held";
}

TEST(Workbook, refuses_a_small_file_that_unpacks_to_much) {
  auto parts = testing::parts({{"s", testing::rows_of({{"a"}})}});
  for (int i = 0; i < 5; ++i) parts["xl/media/" + std::to_string(i)] = std::string(60U << 20U, '\0');
  const auto octets = testing::archive(parts);
  ASSERT_LT(octets.size(), 1U << 20U);
  EXPECT_EQ(open_parts(octets).error().code, ErrorCode::too_large);
}

}  // namespace
}  // namespace jx::connectors
