// pointers.hpp - reading and setting a value of a form by JSON Pointer; private to the module.
#pragma once
#include <jx/core.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string_view>

namespace jx::services {

/// Null where there is none. Borrowed from the form.
[[nodiscard]] const boost::json::value* at_pointer(const boost::json::object& form, std::string_view pointer);
/// Sets a member, making the objects on the way. Errors: invalid (something on the way is no object).
[[nodiscard]] Result<> set_pointer(boost::json::object& form, std::string_view pointer, boost::json::value value);

/// Whether a form of this JSON Schema has a field there: it is followed through `properties`, references and the branches of a schema. A form takes
/// nothing that its schema does not name.
[[nodiscard]] bool has_field(const boost::json::value& schema, std::string_view pointer);

}  // namespace jx::services
