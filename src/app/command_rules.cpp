#include "commands.hpp"
#include "files.hpp"
#include "terminal.hpp"

#include <jx/rules/json.hpp>
#include <jx/rules/suite.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <cstdio>

namespace jx::app {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

rules::Options options_now() {
  static const SystemClock clock;
  rules::Options options;
  options.now = clock.now();
  return options;
}

/// Diagnostics to standard error. 0 unless something went wrong and there is no value.
int tell(const rules::Outcome& outcome) {
  for (const auto& diagnostic : outcome.diagnostics) {
    std::fprintf(stderr, "%s: %s\n", std::string(name(diagnostic.code)).c_str(), diagnostic.text(say({"en", "zh"})).c_str());
  }
  return outcome.value.is_null() && !outcome.ok() ? 1 : 0;
}

Result<rules::Value> read_json(const fs::path& path) {
  JX_TRY(text, read_text(path));
  return rules::parse_json(text);
}

Result<rules::Options> options_of(const RulesDecide& given) {
  auto options = options_now();
  options.explain = given.explain;
  if (!given.as_of.empty()) {
    JX_TRY(day, LocalDate::parse(given.as_of));
    options.as_of = day;
  }
  return options;
}

Result<rules::Outcome> decide(const RulesDecide& given) {
  JX_TRY(model, rules::load_model(given.model));
  JX_TRY(input, read_json(given.input));
  JX_TRY(options, options_of(given));
  auto decision = given.decision;
  if (decision.empty()) {
    if (model.decisions().empty()) return fail(ErrorCode::not_found, {"the model has no decision", "模型中没有决策"});
    decision = model.decisions().back().name;  // the last one usually builds on the others
  }
  return model.decide(decision, input, options);
}

std::string csv_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return out + "\"";
}

std::string csv(const rules::SuiteReport& report) {
  std::string out;
  for (const auto& one : report.cases) {
    const auto result = one.result == rules::SuiteCase::Result::success ? "SUCCESS"
                        : one.result == rules::SuiteCase::Result::error ? "ERROR"
                                                                        : "IGNORED";
    for (const std::string_view field :
         {std::string_view(one.folder), std::string_view(one.test_file), std::string_view(one.id), std::string_view(result)}) {
      out += csv_text(field) + ",";
    }
    out += csv_text(one.remark) + "\n";
  }
  return out;
}

}  // namespace

int rules_eval(const std::string& expression, const fs::path& context, const std::optional<std::string>& unary) {
  const auto names = context.empty() ? Result<rules::Value>(rules::Value()) : read_json(context);
  if (!names) return failed(names.error());
  rules::Outcome outcome;
  if (unary) {
    const auto input = rules::parse_json(*unary);
    if (!input) return failed(input.error());
    const auto tests = rules::UnaryTests::compile(expression, {}, rules::Scope::any());
    if (!tests) return failed(tests.error());
    outcome = tests->test(*input, *names, options_now());
  } else {
    const auto compiled = rules::Expression::compile(expression, rules::Scope::any());
    if (!compiled) return failed(compiled.error());
    outcome = compiled->evaluate(*names, options_now());
  }
  std::printf("%s\n", rules::json_text(outcome.value).c_str());
  return tell(outcome);
}

int rules_decide(const RulesDecide& given) {
  const auto outcome = decide(given);
  if (!outcome) return failed(outcome.error());
  std::printf("%s\n", (given.explain ? json::serialize(rules::explained(*outcome)) : rules::json_text(outcome->value)).c_str());
  return tell(*outcome);
}

int rules_check(const std::vector<fs::path>& models) {
  int status = 0;
  for (const auto& path : models) {
    const auto model = rules::load_model(path);
    if (!model) {
      std::fprintf(stderr, "%s: ", path.c_str());
      status = failed(model.error());
      continue;
    }
    const auto findings = model->check();
    for (const auto& finding : findings) {
      const bool error = finding.severity == rules::Finding::Severity::error;
      if (error) status = 1;
      std::printf("%s: %s %s: %s\n", path.c_str(), say(error ? Words{"error", "错误"} : Words{"warning", "警告"}).c_str(),
                  std::string(name(finding.code)).c_str(), say(finding.message).c_str());
    }
    if (findings.empty()) std::printf("%s: %s\n", path.c_str(), say({"nothing is wrong", "未发现错误"}).c_str());
  }
  return status;
}

int rules_suite(const fs::path& folder, const fs::path& csv_file, const std::string& filter) {
  const auto report = rules::run_suite(folder, filter);
  if (!report) return failed(report.error());
  if (!csv_file.empty()) {
    if (const auto written = write_text(csv_file, csv(*report)); !written) return failed(written.error());
  }
  for (const auto& one : report->cases) {
    if (one.result == rules::SuiteCase::Result::error)
      std::printf("%s/%s %s: %s\n", one.folder.c_str(), one.test_file.c_str(), one.id.c_str(), one.remark.c_str());
  }
  const auto wrong = report->count(rules::SuiteCase::Result::error);
  std::printf("%zu tests: %zu passed, %zu failed, %zu ignored\n", report->cases.size(), report->count(rules::SuiteCase::Result::success), wrong,
              report->count(rules::SuiteCase::Result::ignored));
  return wrong == 0 ? 0 : 1;
}

}  // namespace jx::app
