// fault.hpp - one of several things that are wrong with an input, for those who tell all of them and not the first alone.
#pragma once
#include <jx/core/words.hpp>

#include <string>
#include <vector>

namespace jx {

struct Fault {
  std::string pointer;  // JSON Pointer (RFC 6901) into the input
  std::string code;     // which rule it breaks, for programs
  Words message;        // as Error::message
};
using Faults = std::vector<Fault>;  // how many there may be is said by who tells them

}  // namespace jx
