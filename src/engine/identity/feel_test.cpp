#include <jx/identity/access.hpp>

#include <boost/json/object.hpp>
#include <gtest/gtest.h>

namespace jx::identity {
namespace {

const boost::json::object names{{"actor", boost::json::object{{"unit", "fire"}, {"post", nullptr}, {"roles", boost::json::array{"clerk", "head"}}}},
                                {"object", boost::json::object{{"unit", "fire"}, {"amount", 500}}}};

TEST(FeelConditions, hold_only_if_they_are_true) {
  const auto conditions = feel_conditions();
  for (const auto* yes : {"object.unit = actor.unit", "object.amount < 1000", "list contains(actor.roles, \"head\")",
                          "object.amount between 1 and 500 and actor.post = null", "true"}) {
    EXPECT_TRUE(conditions->holds(yes, names)) << yes;
    EXPECT_TRUE(conditions->check(yes)) << yes;
  }
  for (const auto* no : {"object.unit = \"water\"", "object.nothing > 3", "null", "1", "\"true\"", "object.amount / 0 > 1", "false"})
    EXPECT_FALSE(conditions->holds(no, names)) << no;
}

TEST(FeelConditions, that_are_not_feel_or_use_other_names_are_refused) {
  const auto conditions = feel_conditions();
  for (const auto* bad : {"object.unit =", "", "subject.unit = 1", "actor unit = 1"}) {
    EXPECT_FALSE(conditions->check(bad)) << bad;
    EXPECT_FALSE(conditions->holds(bad, names)) << bad;
  }
}

}  // namespace
}  // namespace jx::identity
