// definitions.hpp - the processes and their versions side by side: which began when, and what runs by each.
#pragma once
#include <jx/cases.hpp>
#include <jx/crypto/hash.hpp>

namespace jx::cases {

/// One version of a process. People call it v1, v2, ... in the order in which they were first applied.
struct Version {
  std::int64_t ordinal = 0;
  crypto::Digest definition{};
  Instant first_applied_at;
  bool current = false;  // new cases begin under it
  std::int64_t running = 0;
  std::int64_t incidents = 0;  // open ones
  [[nodiscard]] std::string name() const { return "v" + std::to_string(ordinal); }
};

struct ProcessVersions {
  ProcessId process;
  LocalizedText name;
  std::string path;                   // of its file in the pack
  bool ended = false;                 // the applied pack has it no longer
  std::optional<Instant> applied_at;  // when the current version became it
  std::vector<Version> versions;      // the newest first
  [[nodiscard]] const Version* current() const;
};

/// All of the applied pack, and those that it has no longer. By their ids.
[[nodiscard]] Result<std::vector<ProcessVersions>> processes(db::Tx& tx, Engine& engine);
/// Errors: not_found.
[[nodiscard]] Result<ProcessVersions> process(db::Tx& tx, Engine& engine, const ProcessId& id);
/// The version that people mean by `v2`, `2`, `current` or at least 6 digits of its hash. Errors: not_found; invalid (says nothing; means several).
[[nodiscard]] Result<Version> version_of(const ProcessVersions& process, std::string_view text, std::string field);
/// The BPMN 2.0 XML. Errors: not_found.
[[nodiscard]] Result<std::string> model_text(db::Tx& tx, const crypto::Digest& definition);

}  // namespace jx::cases
