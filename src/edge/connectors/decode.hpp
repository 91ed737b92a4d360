// decode.hpp - text of departments' files; private to the module.
#pragma once
#include <jx/core.hpp>

#include <string>

namespace jx::connectors {

/// UTF-8 of a text in utf-8 (a byte order mark is left out), gb18030 or windows-1252. Errors: unavailable at the first octet that the encoding does
/// not have.
[[nodiscard]] Result<std::string> to_utf8(const std::string& text, const std::string& encoding);

}  // namespace jx::connectors
