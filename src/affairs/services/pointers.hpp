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

}  // namespace jx::services
