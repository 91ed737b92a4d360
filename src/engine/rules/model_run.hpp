// model_run.hpp - the elements of a model while it is evaluated.
#pragma once
#include "run.hpp"

namespace jx::rules {

namespace detail {
struct ModelData;
}

struct Globals {
  enum class State : std::uint8_t { open, running, done };
  const detail::ModelData* model = nullptr;
  Value* values = nullptr;  // one an element, on the stack of the run
  State* states = nullptr;
};

/// The value of an element of the current model, evaluated the first time it is asked for.
[[nodiscard]] const Value& element_value(Run& run, std::size_t element, std::uint32_t at);

}  // namespace jx::rules
