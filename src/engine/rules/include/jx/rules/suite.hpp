// suite.hpp - runs test folders in the format of the DMN Technology Compatibility Kit, and the commands `junxian rules …`.
#pragma once
#include <jx/rules.hpp>

#include <filesystem>
#include <iosfwd>
#include <span>
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

/// Runs every test file below `folder` whose path or case id contains `filter`. Errors: not_found (no such folder, or no test in it).
[[nodiscard]] Result<SuiteReport> run_suite(const std::filesystem::path& folder, std::string_view filter = {});

/// The commands, with their arguments after the name of the command: what they print goes to `out`, what is wrong to `err`. They return the exit
/// code: 0 done and well; 1 a failure, a finding or a null; 2 wrong arguments.
///   eval 'EXPR' [--context FILE.json] [--unary VALUE.json-text]
int eval_command(std::span<const std::string> arguments, std::ostream& out, std::ostream& err);
///   decide MODEL.dmn [--decision NAME | --service NAME] --input FILE.json|- [--explain] [--as-of DATE]
int decide_command(std::span<const std::string> arguments, std::istream& in, std::ostream& out, std::ostream& err);
///   check MODEL.dmn…
int check_command(std::span<const std::string> arguments, std::ostream& out, std::ostream& err);
///   suite DIR [--csv FILE] [--filter TEXT]
int suite_command(std::span<const std::string> arguments, std::ostream& out, std::ostream& err);

}  // namespace jx::rules
