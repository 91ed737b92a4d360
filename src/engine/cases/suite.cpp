#include <jx/cases/suite.hpp>

#include <jx/cases/simulation.hpp>
#include <jx/wire.hpp>

#include <boost/json/value.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

namespace jx::cases {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::string_view trace_format = "text/x-trace";

Result<std::string> read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(ErrorCode::not_found, "cannot read " + path.string());
  return std::string(std::istreambuf_iterator<char>(in), {});
}

ModelOptions suite_options() {
  ModelOptions options;
  options.script_formats = {std::string(trace_format)};
  return options;
}

/// What the scripts of the models do: README of the suite, "The words of the scripts".
struct Trace {
  std::vector<std::string> words;
  bool marked = false;

  Result<ScriptAnswer> run(std::string_view script, const json::object& variables) {
    ScriptAnswer answer;
    const auto increment = [&] {
      const auto* n = variables.if_contains("integerVariable");
      answer.variables["integerVariable"] = (n != nullptr && n->is_int64() ? n->get_int64() : 0) + 1;
    };
    if (script.starts_with("SCRIPT_task"))
      words.emplace_back(script);
    else if (script == "INCREMENT_INTEGER_VARIABLE")
      increment();
    else if (script == "INCREMENT_INTEGER_VARIABLE_AND_LOG")
      increment(), words.emplace_back("INCREMENT_correct");
    else if (script == "SET_STRING_DATA")
      answer.variables["data"] = "String";
    else if (script == "LOG_DATA") {
      if (const auto* data = variables.if_contains("data"); data != nullptr && *data == "String") words.emplace_back("DATA_correct");
    } else if (script == "CREATE_MARKER_FILE")
      marked = true;
    else if (script == "THROW_ERROR")
      answer.error_code = "ERR_CODE";
    else if (script == "WAIT_TEN_SECONDS")
      answer.takes = Micros{10'000'000};
    else if (script != "CREATE_LOG_FILE")
      return fail(ErrorCode::invalid, "the word '" + std::string(script) + "' is not known");
    return answer;
  }
};

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& w : words) text += (text.empty() ? "" : " ") + w;
  return text;
}

std::vector<std::string> run_case(const DefinitionPtr& definition, const std::string& process, const json::object& test) {
  auto trace = std::make_shared<Trace>();
  Simulation simulation(definition, Instant{1'767'225'600'000'000});
  simulation.on_script(std::string(trace_format),
                       [trace](std::string_view text, const json::object& variables) { return trace->run(text, variables); });
  std::vector<std::string> words;
  if (test.at("instances").to_number<int>() == 2) (void)simulation.start("ParallelProcess", {});
  if (auto started = simulation.start(process, test.at("variables").as_object()); !started) words.emplace_back("ERROR_runtime");
  simulation.run_for(Micros{test.at("run_for_s").to_number<std::int64_t>() * 1'000'000});
  words.insert(words.end(), trace->words.begin(), trace->words.end());
  bool failed = false;
  for (const auto& instance : simulation.instances()) {
    failed = failed || !instance.faults.empty();
    if (instance.ending == "error") words.emplace_back("ERROR_thrownErrorEvent");
  }
  if (failed) words.emplace_back("ERROR_runtime");
  if (trace->marked) words.emplace_back("MARKER_exists");
  return words;
}

/// Compares as multisets; the marker counts only if it is expected.
bool matches(std::vector<std::string> expected, std::vector<std::string> got) {
  if (std::find(expected.begin(), expected.end(), "MARKER_exists") == expected.end()) std::erase(got, "MARKER_exists");
  for (auto& word : expected) {
    if (word != "ERROR") continue;
    for (const char* kind : {"ERROR_runtime", "ERROR_deployment"}) {
      if (std::find(got.begin(), got.end(), kind) != got.end()) word = kind;
    }
  }
  std::sort(expected.begin(), expected.end());
  std::sort(got.begin(), got.end());
  return expected == got;
}

Result<> run_models(const fs::path& folder, std::vector<SuiteResult>& results) {
  JX_TRY(text, read_file(folder / "cases.json"));
  JX_TRY(list, wire::parse(text));
  if (!list.is_array()) return fail(ErrorCode::invalid, "cases.json is not a list");
  for (const auto& entry : list.get_array()) {
    const std::string model(entry.as_object().at("model").as_string());
    const auto path = fs::path(model);
    JX_TRY(bpmn, read_file(folder / "models" / path));
    const auto compiled = compile(bpmn, suite_options());
    for (const auto& test : entry.as_object().at("cases").as_array()) {
      std::vector<std::string> expected;
      for (const auto& word : test.as_object().at("expect").as_array()) expected.emplace_back(word.as_string());
      const auto got =
          compiled.definition ? run_case(compiled.definition, path.stem().string(), test.as_object()) : std::vector<std::string>{"ERROR_deployment"};
      SuiteResult result{"models/" + path.parent_path().string(), path.stem().string(), std::to_string(test.as_object().at("id").to_number<int>()),
                         matches(expected, got), ""};
      if (!result.ok) {
        result.remark = "expected [" + joined(expected) + "], got [" + joined(got) + "]";
        if (!compiled.definition) result.remark += " " + compiled.findings.front().rule + " " + compiled.findings.front().message.en;
      }
      results.push_back(std::move(result));
    }
  }
  return {};
}

Result<> run_constraints(const fs::path& folder, std::vector<SuiteResult>& results) {
  std::vector<fs::path> files;
  std::error_code none;
  for (const auto& entry : fs::recursive_directory_iterator(folder, none)) {
    if (entry.path().extension() == ".bpmn") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& path : files) {
    const std::string rule = path.parent_path().filename().string();
    JX_TRY(bpmn, read_file(path));
    const auto compiled = compile(bpmn, suite_options());
    SuiteResult result{"constraints/" + rule, path.stem().string(), "", false, ""};
    result.ok = std::any_of(compiled.findings.begin(), compiled.findings.end(), [&](const Finding& f) { return f.rule == rule; });
    if (!result.ok)
      result.remark =
          compiled.findings.empty() ? "accepted" : "refused by " + compiled.findings.front().rule + ": " + compiled.findings.front().message.en;
    results.push_back(std::move(result));
  }
  return {};
}

std::string csv_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

}  // namespace

std::string SuiteResult::csv() const {
  return csv_text(group) + "," + csv_text(name) + "," + csv_text(id) + "," + (ok ? "\"SUCCESS\"" : "\"FAILURE\"") + "," + csv_text(remark);
}

Result<std::vector<SuiteResult>> run_suite(const std::string& folder) {
  std::vector<SuiteResult> results;
  try {
    JX_CHECK(run_models(folder, results));
    JX_CHECK(run_constraints(fs::path(folder) / "constraints", results));
  } catch (const std::exception& fault) {  // boost::json's accessors, on a file of another form
    return fail(ErrorCode::invalid, std::string("not a suite of BPMN tests: ") + fault.what());
  }
  return results;
}

}  // namespace jx::cases
