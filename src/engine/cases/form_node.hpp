// form_node.hpp - a compiled schema: one SchemaNode for each schema in it, pointing to one another; all of them live as long as the FormSchema.
#pragma once
#include "form_formats.hpp"
#include "form_pattern.hpp"
#include "form_schema.hpp"
#include "form_values.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace jx::cases {

/// The types of draft-07 as bits; a number without a fraction is an integer, too.
enum SchemaType : unsigned {
  null_type = 1,
  boolean_type = 2,
  integer_type = 4,
  number_type = 8,
  string_type = 16,
  array_type = 32,
  object_type = 64
};

struct SchemaNode {
  bool never = false;               // the schema `false`
  const SchemaNode* reference = nullptr;  // $ref: nothing beside it counts (draft-07, core section 8.3)
  unsigned types = 0;               // 0: any
  std::vector<std::pair<std::string, const SchemaNode*>> properties;
  std::vector<std::pair<FormPattern, const SchemaNode*>> pattern_properties;
  std::vector<std::string> required;
  const SchemaNode *additional = nullptr, *names = nullptr, *items = nullptr, *additional_items = nullptr, *contains = nullptr, *negated = nullptr;
  const SchemaNode *condition = nullptr, *then_schema = nullptr, *else_schema = nullptr;
  std::vector<const SchemaNode*> tuple, all, any, one;
  bool is_tuple = false;  // `items` was a list, perhaps an empty one
  std::vector<std::pair<std::string, const SchemaNode*>> dependent;
  std::vector<std::pair<std::string, std::vector<std::string>>> dependent_required;
  std::optional<std::size_t> length_min, length_max, items_min, items_max, properties_min, properties_max;
  std::optional<rules::Number> minimum, maximum, above, below, multiple;
  bool unique = false;
  std::optional<FormPattern> pattern;
  const FormFormat* format = nullptr;
  bool base64 = false, json_text = false;  // contentEncoding, contentMediaType
  std::optional<boost::json::array> allowed;
  std::optional<boost::json::value> constant;
};

struct FormSchema::Compiled {
  std::vector<std::unique_ptr<SchemaNode>> nodes;
  const SchemaNode* root = nullptr;
};

}  // namespace jx::cases
