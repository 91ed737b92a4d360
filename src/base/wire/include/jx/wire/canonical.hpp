// canonical.hpp - RFC 8785 JSON, appended to a text that its caller lays out.
#pragma once
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace jx::wire {

/// Appends the canonical form. False, with `out` in part written, where there is none: a number that is not finite, a text that is not UTF-8.
[[nodiscard]] bool append_canonical(std::string& out, const boost::json::value& value);
[[nodiscard]] bool append_canonical(std::string& out, const boost::json::object& object);
/// The same of one text.
[[nodiscard]] bool append_canonical_text(std::string& out, std::string_view text);

}  // namespace jx::wire
