// yaml.hpp - strict YAML for files that people write: a JSON value that knows its lines.
//
// UTF-8 only, one document; duplicate keys, anchors, aliases, tags, non-scalar keys and control characters are refused.
// Plain scalars follow the core schema of YAML 1.2 (10.3.2): true/false, null, numbers; `no` and `2026-11-21` are texts; quoted is always text.
// Numbers that JSON cannot hold (.inf, .nan, beyond 64 bits) are refused with the advice to quote them.
#pragma once
#include <jx/wire.hpp>

#include <boost/json/value.hpp>

#include <map>
#include <string>
#include <string_view>

namespace jx::wire {

/// A value and the lines of its parts.
class Document {
 public:
  Document(boost::json::value value, std::map<std::string, int, std::less<>> lines) : value_(std::move(value)), lines_(std::move(lines)) {}

  [[nodiscard]] const boost::json::value& value() const { return value_; }
  /// The 1-based line of the value (of its key, in a mapping) that a JSON Pointer names; of its nearest parent if it is absent.
  [[nodiscard]] int line_of(std::string_view pointer) const;

 private:
  boost::json::value value_;
  std::map<std::string, int, std::less<>> lines_;
};

/// Errors: invalid (the message says the line, and `fault_line` gets it), too_large.
[[nodiscard]] Result<Document> parse_yaml(std::string_view text, const Limits& limits = {}, int* fault_line = nullptr);

}  // namespace jx::wire
