// model.hpp - a BPMN 2.0 file, checked against the standard and compiled for execution.
#pragma once
#include <jx/core.hpp>
#include <jx/crypto/hash.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace jx::cases {

inline constexpr std::size_t model_bytes_max = 4 << 20;    // one BPMN file
inline constexpr std::size_t model_elements_max = 20'000;  // XML elements outside of diagrams
inline constexpr std::size_t model_depth_max = 64;
inline constexpr std::size_t model_nodes_max = 8'000;  // flow nodes and processes, called ones included
inline constexpr std::size_t findings_max = 200;

/// A place where a model breaks a rule of the standard, or asks for what is not supported. Any finding refuses the model.
struct Finding {
  std::string rule;     // EXT001 ... EXT152 of the published catalogue of BPMN 2.0 constraints, CARD or REF of the schema, or JX... of this program
  std::string element;  // id of the element, or its name where it has none
  int line = 1;
  Words message;
};

struct Definition;                                        // opaque: flat arrays of nodes, flows, events, compiled expressions
using DefinitionPtr = std::shared_ptr<const Definition>;  // shared: cases of one definition run in many threads while it may leave a cache

struct ModelOptions {
  /// The text of the file that holds a process or global task which this one calls and does not hold itself. Null: such calls are refused.
  std::function<const std::string*(std::string_view called)> library;
  /// Whether a service handler of that name is registered. Null: not asked.
  std::function<bool(std::string_view handler)> has_handler;
  /// Whether the pack has this decision. Null: not asked.
  std::function<bool(std::string_view decision)> has_decision;
  /// Whether the pack has this form. Null: not asked.
  std::function<bool(std::string_view form)> has_form;
  /// Script formats beside FEEL that a host runs. Others are refused.
  std::vector<std::string> script_formats;
};

struct CompiledModel {
  DefinitionPtr definition;       // null if there are findings
  std::vector<Finding> findings;  // by line; at most findings_max
};

/// Checks and compiles. Never fails otherwise: what cannot be read is a finding.
[[nodiscard]] CompiledModel compile(std::string_view bpmn, const ModelOptions& options = {});

/// SHA-256 over the text and over those of the files it calls: what a case is pinned to.
[[nodiscard]] const crypto::Digest& hash_of(const Definition& definition);
/// The ids of its executable processes that are in the file itself.
[[nodiscard]] std::vector<std::string> processes_of(const Definition& definition);

}  // namespace jx::cases
