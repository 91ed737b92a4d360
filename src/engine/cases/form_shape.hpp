// form_shape.hpp - what a schema says about the values of its fields, as FEEL sees them; and values on the way there and back.
#pragma once
#include <jx/rules.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jx::cases {

struct FormField;

/// The type of a field's value. A context has every field of the schema, null where nothing is filled in, so that its type holds.
struct FormShape {
  enum class Kind { any, text, number, boolean, date, time, date_time, list, object };
  Kind kind = Kind::any;
  std::vector<FormField> fields;                // of an object
  std::vector<FormShape> item;                  // of a list: one
  const boost::json::object* schema = nullptr;  // where the field is described; lives as long as the schema that it was made of
  bool required = false;                        // by its object

  [[nodiscard]] const FormShape* find(std::string_view field) const;
  /// By JSON Pointer over objects; null: there is no such field.
  [[nodiscard]] const FormShape* at(std::string_view pointer) const;
  [[nodiscard]] rules::Type type() const;
};

struct FormField {
  std::string name;
  FormShape shape;
};

/// Of a schema that FormSchema has compiled. `schema` must outlive it.
[[nodiscard]] FormShape shape_of(const boost::json::value& schema);

/// A value as FEEL takes it: null where it does not fit the shape (somebody is still typing), texts as the dates that they are.
[[nodiscard]] rules::Value to_feel(const boost::json::value* json, const FormShape& shape);
/// A value as a form holds it: dates as texts, functions and ranges as null.
[[nodiscard]] boost::json::value from_feel(const rules::Value& value);

/// What is filled in at a pointer over objects; null: nothing.
[[nodiscard]] const boost::json::value* value_at(const boost::json::object& data, std::string_view pointer);
/// Fills in, making the objects on the way; where something other than an object stands in the way, nothing happens.
void put_value(boost::json::object& data, std::string_view pointer, boost::json::value value);
/// Takes a value out, and the objects on the way that are empty then. Answers whether there was one.
bool take_out(boost::json::object& data, std::string_view pointer);

/// The keys of a JSON Pointer, unescaped.
[[nodiscard]] std::vector<std::string> keys_of(std::string_view pointer);

/// The values that a field offers (`enum`, or a `oneOf` of constants); empty: it offers none.
[[nodiscard]] boost::json::array choices_of(const FormShape& shape);

}  // namespace jx::cases
