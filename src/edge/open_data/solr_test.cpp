#include "solr.hpp"

#include <gtest/gtest.h>

#include <map>

namespace jx::open_data {
namespace {

using Document = std::multimap<std::string, std::string>;

bool asked_for(std::string_view query, const Document& document) {
  const auto tree = parse_solr(query);
  EXPECT_TRUE(tree) << query << ": " << (tree ? "" : tree.error().message.en);
  return tree && tree->holds([&](const Solr& leaf) {
    const auto [from, to] = document.equal_range(leaf.field.empty() ? "text" : leaf.field);
    return std::any_of(from, to, [&](const auto& value) {
      if (leaf.kind == Solr::Kind::range)
        return (leaf.value == "*" || value.second >= leaf.value) &&
               (leaf.to == "*" || value.second < leaf.to || (!leaf.open_high && value.second == leaf.to));
      return solr_alike(leaf, value.second);
    });
  });
}

std::string why(std::string_view query) {
  const auto tree = parse_solr(query);
  return tree ? "" : tree.error().message.en;
}

const Document water{{"text", "water"}, {"text", "quality"}, {"organization", "health"}, {"tags", "drinking water"}, {"year", "2026"}};

TEST(Solr, understands_what_clients_write) {
  for (const auto* query : {"",
                            "*:*",
                            "*",
                            "water",
                            "WATER quality",
                            "water AND quality",
                            "fire OR water",
                            "organization:health",
                            "organization:(fire OR health)",
                            "tags:\"drinking water\"",
                            "-organization:fire",
                            "+organization:health -tags:gas",
                            "NOT fire",
                            "wat*",
                            "organization:h?alth",
                            "year:[2025 TO *]",
                            "year:[2026 TO 2026]",
                            "(water quality) OR fire",
                            "water^4",
                            "water && quality",
                            "!fire",
                            "organization:\"health\" +tags:\"drinking water\"",
                            "organization:*"})
    EXPECT_TRUE(asked_for(query, water)) << query;
  for (const auto* query : {"fire", "water fire", "water AND NOT quality", "organization:fire", "tags:drinking", "-water", "year:[2027 TO *]",
                            "year:[2020 TO 2026}", "(fire OR gas) water"})
    EXPECT_FALSE(asked_for(query, water)) << query;
}

TEST(Solr, says_where_a_query_is_wrong) {
  EXPECT_NE(why("(water").find("bracket is missing"), std::string::npos);
  EXPECT_NE(why("\"water").find("character 7"), std::string::npos);
  EXPECT_NE(why("year:[2025 2026]").find("TO"), std::string::npos);
  for (const auto* query : {")", "OR water", "water OR", "organization:", "()", "year:[ TO ]", "NOT", "-"}) EXPECT_NE(why(query), "") << query;
  EXPECT_NE(why(std::string(40, '(')), "");
  EXPECT_NE(why(std::string(1'000, '-')), "");
  EXPECT_NE(why(std::string(3'000, 'a')), "");
}

}  // namespace
}  // namespace jx::open_data
