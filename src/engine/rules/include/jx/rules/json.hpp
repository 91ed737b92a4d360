// json.hpp - FEEL values as JSON. Every value but a function comes back equal.
//
//   null, boolean, string, list, context   as in JSON
//   number       a JSON number where 15 significant digits hold it, else {"@number": "12345678901234567890.5"}
//   date …       {"@date": "2026-11-21"}  {"@time": "09:03:00+08:00"}  {"@date_time": "2026-11-21T09:03:00@Asia/Shanghai"}
//   durations    {"@duration": "P1DT2H"}  {"@duration": "P1Y2M"}
//   range        {"@range": {"low": 1, "high": 5, "ends": "[)"}}; an absent end leaves its member out; `(= 5)` is {"low": 5, "ends": "=="}
//   context with one single key that begins with "@"       {"@context": {"@date": …}}
//   function     {"@function": "name(a, b)"}, which cannot be read back
// A plain string is never taken for a date here; an input declared as a date takes one (see coerce).
#pragma once
#include <jx/rules/value.hpp>

#include <boost/json/fwd.hpp>

#include <string>
#include <string_view>

namespace jx::rules {

class Type;
struct Diagnostic;
struct Outcome;

/// Errors: invalid (an unknown or malformed "@" form; Error::field is a JSON Pointer); too_large (deeper than value_depth_max).
[[nodiscard]] Result<Value> from_json(const boost::json::value& json);
[[nodiscard]] boost::json::value to_json(const Value& value);

/// The same on text; numbers keep all their digits on the way in. Errors: invalid; too_large (over 64 MiB).
[[nodiscard]] Result<Value> parse_json(std::string_view text);
[[nodiscard]] std::string json_text(const Value& value);

/// The value as `type` wants it: a string is read as a date, time or duration where one is declared, a number as a number; in lists and contexts too.
/// What does not fit is left as it is, for the evaluation to report.
[[nodiscard]] Value coerce(const Value& value, const Type& type);

/// How a value came about, as data and in words: {"value", "decisions": [{"decision", "id", "value", "inputs": [{"name", "value"}], "rules":
/// [{"rule", "id", "annotations": [{"name", "text"}]}], "laws": […]}], "explanation": {"zh-CN", "en"}, "diagnostics": […]}. `decisions` needs
/// Options::explain.
[[nodiscard]] boost::json::object explained(const Outcome& outcome);
/// {"code", "message": {"zh-CN", "en"}, "where", "line", "column"}.
[[nodiscard]] boost::json::object to_json(const Diagnostic& diagnostic);

}  // namespace jx::rules
