// suite.hpp - models in files, and test folders in the format of the DMN Technology Compatibility Kit.
#pragma once
#include <jx/rules.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace jx::rules {

struct SuiteCase {
  enum class Result { success, error, ignored };
  std::string folder;     // with its level: `compliance-level-3/0100-arithmetic`
  std::string test_file;  // without .xml
  std::string id;
  Result result = Result::error;
  std::string remark;  // expected and got
};

struct SuiteReport {
  std::vector<SuiteCase> cases;
  [[nodiscard]] std::size_t count(SuiteCase::Result result) const;
};

/// A model in a file; what it imports is looked for beside it, by locationURI, else by namespace among the `.dmn` files of the folder.
/// Errors: not_found (no such file); too_large; those of Model::load.
[[nodiscard]] Result<Model> load_model(const std::filesystem::path& file);

/// Runs every test file below `folder` whose path or case id contains `filter`. Errors: not_found (no such folder, or no test in it).
[[nodiscard]] Result<SuiteReport> run_suite(const std::filesystem::path& folder, std::string_view filter = {});

}  // namespace jx::rules
