// The faults of a real registry, as its README counts them.
#include <jx/connectors.hpp>
#include <jx/exchange/sheets.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

namespace jx::connectors {
namespace {

std::filesystem::path registry() {
  const char* shared = std::getenv("JUNXIAN_SHARED");  // NOLINT(concurrency-mt-unsafe)
  return std::filesystem::path(shared != nullptr ? shared : "../shared") / "data/san-francisco";
}

catalogue::Examination examined() {
  VirtualClock clock{Instant{1'800'000'000'000'000}};
  LocalSources sources(registry(), clock);
  catalogue::Source source{SourceId::trusted("registry"), LocalizedText({{"en", "Registry"}, {"zh-CN", "登记簿"}}), UnitId::trusted("health"),
                           catalogue::SourceKind::csv};
  source.encoding = "windows-1252";
  source.tables = std::vector<catalogue::SourceTable>{
      {"businesses", "businesses.csv"}, {"inspections", "inspections.csv"}, {"violations", "violations.csv"}, {"legend", "legend.csv"}};
  const auto sheets = exchange::read_sheets(sources, source, no_deadline);
  EXPECT_TRUE(sheets) << sheets.error().text();
  return sheets ? catalogue::examine(*sheets) : catalogue::Examination();
}

struct Known {
  std::string_view table, columns, kind;
  std::int64_t count;
  std::int64_t groups = -1;  // -1: none
};

// As the README of the data has them; zeros are not told.
constexpr Known known[] = {
    {"businesses", "postal_code", "empty", 233},
    {"businesses", "postal_code", "unlike-most", 22},
    {"businesses", "postal_code", "filler", 2},
    {"businesses", "postal_code", "off-range", 14},
    {"businesses", "latitude longitude", "empty-together", 3159},
    {"businesses", "latitude longitude", "empty-by-key", 3159},
    {"businesses", "latitude", "decimals", 136},
    {"businesses", "latitude longitude", "same-value", 710, 192},
    {"businesses", "phone_number", "empty", 636},
    {"businesses", "phone_number", "unlike-most", 3},
    {"businesses", "phone_number", "same-value", 1253, 406},
    {"businesses", "address", "no-content", 1},
    {"businesses", "address", "beginning", 251},
    {"businesses", "address", "blanks", 5077},
    {"businesses", "address", "doubled-blanks", 620},
    {"businesses", "name", "blanks", 3},
    {"businesses", "name", "doubled-blanks", 33},
    {"businesses", "name", "remark", 82},
    {"businesses", "name address", "doubles", 73, 27},
    {"businesses", "name address", "doubles-apart", 39, 17},
    {"businesses", "name address", "doubles-exact", 61, 22},
    {"businesses", "", "doubled-but-for-key", 46, 16},
    {"businesses", "name phone_number", "same-name-and-phone", 388, 141},
    {"businesses", "name", "same-text", 989, 326},
    {"businesses", "address", "same-text", 1174, 298},
    {"violations", "date", "after-newest", 5},
    {"violations", "business_id date", "no-partner", 932, 454},
    {"businesses", "business_id", "childless", 641},
    {"businesses", "business_id", "childless", 1097},
    {"businesses", "business_id", "childless", 630},
    {"businesses", "business_id", "childless", 11},
    {"inspections", "score", "value-and-partner", 129},
    {"inspections", "score", "value-and-partner", 20},
    {"inspections", "business_id date", "same-day", 3, 3},
    {"inspections", "", "doubled-rows", 2, 1},
    {"violations", "", "doubled-rows", 24, 12},
    {"violations", "description", "no-day", 12},
    {"violations", "description", "before-own-day", 141},
    {"violations", "description", "after-newest", 2},
    {"violations", "description", "blanks", 852},
};

std::string joined(const std::vector<std::string>& columns) {
  std::string out;
  for (const auto& column : columns) out.append(out.empty() ? "" : " ").append(column);
  return out;
}

TEST(Examination, of_a_registry_finds_each_known_fault_with_its_count) {
  if (!std::filesystem::exists(registry() / "businesses.csv")) GTEST_SKIP() << "the data of San Francisco are not there";
  const auto found = examined();
  for (const auto& one : known) {
    const bool there = std::ranges::any_of(found.faults, [&](const catalogue::DataFault& fault) {
      return fault.table == one.table && joined(fault.columns) == one.columns && fault.kind == one.kind && fault.count == one.count &&
             fault.groups.value_or(-1) == one.groups;
    });
    EXPECT_TRUE(there) << one.table << " " << one.columns << ": " << one.kind << " " << one.count;
  }
  const auto says = [&](std::string_view words) {
    return std::ranges::any_of(found.faults, [&](const auto& fault) { return fault.words.in("en").find(words) != std::string_view::npos; });
  };
  EXPECT_TRUE(says("business_id below 70000: 257 / 3431 empty; from there: 2902 / 2968"));
  EXPECT_TRUE(says("129 of 11950 rows with score below 100"));
  EXPECT_TRUE(says("20 of 2283 rows with score 100"));
  EXPECT_TRUE(says("911 of them have others there"));
  EXPECT_TRUE(says("149 at most"));
}

TEST(Examination, of_a_registry_says_what_its_columns_are) {
  if (!std::filesystem::exists(registry() / "businesses.csv")) GTEST_SKIP() << "the data of San Francisco are not there";
  const auto found = examined();
  const auto& businesses = found.tables.front();
  EXPECT_EQ(businesses.rows, 6399);
  EXPECT_EQ(businesses.key, "business_id");
  const auto column = [&](std::string_view name) { return *std::ranges::find(businesses.columns, name, &catalogue::ColumnReport::name); };
  EXPECT_EQ(column("business_id").type, catalogue::FieldType::integer);
  EXPECT_EQ(column("latitude").meaning, catalogue::Meaning::coordinate);
  EXPECT_EQ(column("phone_number").meaning, catalogue::Meaning::phone);
  EXPECT_EQ(column("phone_number").sensitivity, catalogue::Sensitivity::personal);
  EXPECT_EQ(column("postal_code").in_pattern, 6144);
}

}  // namespace
}  // namespace jx::connectors
