#include <jx/catalogue/duplicates.hpp>

#include <gtest/gtest.h>

namespace jx::catalogue {
namespace {

LocalizedText words(const std::string& zh, const std::string& en) { return LocalizedText({{"zh-CN", zh}, {"en", en}}); }

Resource resource(const std::string& id, const std::string& source, const std::string& scheme, std::vector<Field> fields) {
  Resource out;
  out.id = *ResourceId::parse(id);
  out.source = *SourceId::parse(source);
  out.table = "t";
  out.share_class = ShareClass::conditional;
  out.subject = Subject{scheme, fields.front().id};
  out.fields = std::move(fields);
  return out;
}

const Field key{"code", "code", words("公民身份号码", "Citizen id"), FieldType::text, Sensitivity::personal, {}};
const Field phone{"phone", "tel", words("手机号码", "Mobile number"), FieldType::text, Sensitivity::personal, {}};
const Field status{"status", "status", words("状态", "Status"), FieldType::text, Sensitivity::general, {}};

TEST(Duplicates, are_columns_that_two_entries_publish) {
  const std::vector<Resource> all{resource("a", "one", "cn.citizen-id", {key, phone, status}), resource("b", "one", "cn.citizen-id", {key, phone})};
  const auto found = duplicates(all, {});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, DuplicateKind::same_column);
  EXPECT_EQ(found[0].places.size(), 2U);
  EXPECT_NE(found[0].reason.in("en").find("None is the designated source"), std::string_view::npos);
}

TEST(Duplicates, are_data_of_one_name_about_one_kind_of_subject_in_two_sources) {
  auto ours = phone;
  ours.designated = true;
  const std::vector<Resource> all{resource("a", "one", "cn.citizen-id", {key, ours, status}),
                                  resource("b", "two", "cn.citizen-id", {key, phone, status}),
                                  resource("c", "three", "cn.credit-code", {key, phone})};
  const auto found = duplicates(all, {});
  ASSERT_EQ(found.size(), 1U);  // not the state, which is another in each; nor that of firms
  EXPECT_EQ(found[0].kind, DuplicateKind::same_datum);
  EXPECT_TRUE(found[0].places[0].designated);
  EXPECT_NE(found[0].reason.in("en").find("One of them is"), std::string_view::npos);
}

TEST(Duplicates, are_questions_of_a_form_that_a_resource_answers) {
  const std::vector<Resource> all{resource("a", "one", "cn.citizen-id", {key, phone})};
  const std::vector<AskedField> asked{{"open-restaurant", "/phone", words("经营者手机号码", "Operator's mobile number"), false},
                                      {"open-restaurant", "/id", words("公民身份号码", "Citizen id"), true},
                                      {"open-restaurant", "/seats", words("座位数", "Seats"), false}};
  const auto found = duplicates(all, asked);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, DuplicateKind::asked_again);
  EXPECT_EQ(found[0].asked[0].pointer, "/phone");
  EXPECT_EQ(found[0].places[0].field, "phone");
}

}  // namespace
}  // namespace jx::catalogue
