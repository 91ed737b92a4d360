#include <jx/wire/csv.hpp>

#include <gtest/gtest.h>

namespace jx::wire {
namespace {

// All records, fields joined by '|'; or the error.
std::string records(std::string_view text, const CsvLimits& limits = {}) {
  auto reader = CsvReader::open(text, limits);
  if (!reader) return reader.error().text();
  std::string out;
  while (true) {
    const auto record = reader->next();
    if (!record) return record.error().text();
    if (!*record) return out;
    out.append(std::to_string(reader->line())).append(":");
    for (const std::string_view field : **record) out.append(field).append("|");
  }
}

TEST(Csv, reads_quotes_line_breaks_and_both_line_ends) {
  EXPECT_EQ(records("a,b\r\n1,\"x, \"\"y\"\"\"\r\n\"two\nlines\",3\n,\"\"\n"), "2:1|x, \"y\"|3:two\nlines|3|5:||");
  EXPECT_EQ(records("a,b\n1,2"), "2:1|2|") << "the last line may lack its end";
  EXPECT_EQ(records("a,b\n1,"), "2:1||");
  EXPECT_EQ(records("a\n\n"), "2:|") << "an empty line is one empty field";
  EXPECT_EQ(records("a,b\n"), "");
}

TEST(Csv, keeps_many_unquoted_fields_alive_at_once) {
  std::string head, row, wanted = "2:";
  for (int i = 0; i < 200; ++i) {
    head += (i > 0 ? "," : "") + std::string("c") + std::to_string(i);
    row += (i > 0 ? "," : "") + std::string("\"a\"\"") + std::to_string(i) + "\"";
    wanted += "a\"" + std::to_string(i) + "|";
  }
  EXPECT_EQ(records(head + "\n" + row + "\n"), wanted);
}

TEST(Csv, says_the_line_of_what_is_wrong) {
  EXPECT_EQ(records("a,b\n1,2\n1\n"), "invalid: line 3: 1 fields where the head has 2");
  EXPECT_EQ(records("a,b\n\"x\ny\",2\n1,2,3\n"), "invalid: line 4: 3 fields where the head has 2");
  EXPECT_EQ(records("a\n\"x\n\n"), "invalid: line 2: a quoted field has no end");
  EXPECT_EQ(records("a\nx\"y\n"), "invalid: line 2: a quote inside a field that is not quoted");
  EXPECT_EQ(records("a\n\"x\"y\n"), "invalid: line 2: something follows a closing quote");
  EXPECT_EQ(records("a\nx\ry\n"), "invalid: line 2: a carriage return that ends no line");
  EXPECT_EQ(records("a\nx\n\xff\n"), "invalid: line 3: not UTF-8");
}

TEST(Csv, refuses_a_bad_head) {
  EXPECT_EQ(records(""), "invalid: line 1: there is no head row");
  EXPECT_EQ(records("a,,b\n"), "invalid: line 1: a column has no name");
  EXPECT_EQ(records("a,a\n"), "invalid: line 1: the column `a` is there twice");
  EXPECT_EQ(records("\xEF\xBB\xBF"
                    "a\n"),
            "invalid: line 1: begins with a byte order mark: save it without");
}

TEST(Csv, finds_columns_by_name) {
  const auto reader = CsvReader::open("name,code\n");
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->column("code").value_or(9), 1U);
  EXPECT_EQ(reader->column("x").error().message.en, "there is no column `x`; there are: name, code");
}

TEST(Csv, keeps_its_limits) {
  EXPECT_EQ(CsvReader::open("a,b\n", {.bytes = 3}).error().code, ErrorCode::too_large);
  EXPECT_EQ(CsvReader::open("a,b\n", {.columns = 1}).error().code, ErrorCode::too_large);
  EXPECT_EQ(records("a\n1\n2\n", {.rows = 1}), "too_large: line 3: too many rows");
  EXPECT_EQ(records("a\n123\n", {.field_bytes = 2}), "too_large: line 2: a field is too long");
}

TEST(Csv, quotes_a_field_only_where_it_must) {
  EXPECT_EQ(csv_field("plain"), "plain");
  EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_field("a\"b"), "\"a\"\"b\"");
}

}  // namespace
}  // namespace jx::wire
