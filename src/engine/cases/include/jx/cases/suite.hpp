// suite.hpp - runs a folder of BPMN test cases (cases.json, models/, constraints/): `junxian cases suite DIR`.
#pragma once
#include <jx/core.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace jx::cases {

struct SuiteResult {
  std::string group;  // `models/gateways`, `constraints/EXT012`
  std::string name;   // of the model, without its folder and ending
  std::string id;     // of the case; empty for a constraint model
  bool ok = false;
  std::string remark;  // what came instead

  /// `"models/gateways","ExclusiveGateway","1","SUCCESS",""`.
  [[nodiscard]] std::string csv() const;
};

/// Every case of cases.json, then every model of constraints/: it must be refused with the rule that its folder is named after.
/// Errors: not_found, invalid (the folder is not such a suite).
[[nodiscard]] Result<std::vector<SuiteResult>> run_suite(const std::string& folder);

}  // namespace jx::cases
