#include "commands.hpp"
#include "files.hpp"
#include "terminal.hpp"

#include <jx/cases/simulation.hpp>
#include <jx/cases/suite.hpp>
#include <jx/rules/json.hpp>
#include <jx/rules/suite.hpp>
#include <jx/rules/time.hpp>
#include <jx/wire/yaml.hpp>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstdio>

namespace jx::app {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::int64_t wait_seconds_max = 100LL * 366 * 86'400;

/// Prints findings as `file:line: rule element: message`.
void print(const fs::path& path, const std::vector<cases::Finding>& findings) {
  for (const auto& finding : findings) {
    std::printf("%s:%d: %s %s: %s\n", path.c_str(), finding.line, finding.rule.c_str(), finding.element.c_str(), say(finding.message).c_str());
  }
}

/// The files beside a model, for the processes that it calls.
class Beside {
 public:
  explicit Beside(const fs::path& model) {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(model.has_parent_path() ? model.parent_path() : ".", none)) {
      if (entry.path().extension() != ".bpmn" || texts_.size() >= files_max || fs::equivalent(entry.path(), model, none)) continue;
      if (auto text = read_text(entry.path())) texts_.push_back(std::move(*text));
    }
  }
  const std::string* operator()(std::string_view called) const {
    const auto id = "id=\"" + std::string(called) + "\"";
    const auto at = std::ranges::find_if(texts_, [&](const std::string& text) { return text.find(id) != std::string::npos; });
    return at == texts_.end() ? nullptr : &*at;
  }

 private:
  static constexpr std::size_t files_max = 200;
  std::vector<std::string> texts_;
};

Result<cases::CompiledModel> compile(const fs::path& path) {
  JX_TRY(text, read_text(path));
  const Beside beside(path);
  cases::ModelOptions options;
  options.library = [&](std::string_view called) { return beside(called); };
  return cases::compile(text, options);
}

Result<json::value> decide(const std::vector<rules::Model>& models, std::string_view decision, const json::object& inputs) {
  for (const auto& model : models) {
    if (!model.index_of(decision)) continue;
    JX_TRY(input, rules::from_json(inputs));
    return rules::to_json(model.decide(decision, input).value);
  }
  const std::string name(decision);
  return fail(ErrorCode::not_found, {"no file of --decisions has the decision " + name, "--decisions 的文件中没有决策 " + name});
}

/// One step of a file of steps, on the simulation. See docs/cases.md, Trying it.
Result<> take(cases::Simulation& simulation, const json::value& step, std::size_t number) {
  const auto wrong = [&](const std::string& en, const std::string& zh) {
    return fail(ErrorCode::invalid, {"step " + std::to_string(number) + ": " + en, "第" + std::to_string(number) + "步：" + zh});
  };
  const auto* object = step.if_object();
  if (object == nullptr || object->empty()) return wrong("expected complete, message, signal or wait", "应为 complete、message、signal 或 wait");
  const auto text = [&](std::string_view key) -> std::string {
    const auto* value = object->if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
  };
  const auto* with = object->if_contains("variables");
  if (with != nullptr && !with->is_object()) return wrong("variables takes names and values", "variables 应为名称与值的映射");
  const auto variables = with == nullptr ? json::object() : with->get_object();
  if (const auto name = text("message"); !name.empty())
    return simulation.message(name, text("correlation"), variables), simulation.run_for({}), Result<>{};
  if (const auto name = text("signal"); !name.empty()) return simulation.signal(name, variables), simulation.run_for({}), Result<>{};
  if (const auto wait = text("wait"); !wait.empty()) {
    const auto span = rules::Span::parse(wait);
    if (!span || span->seconds < 0 || span->seconds > wait_seconds_max)
      return wrong("wait takes at most a hundred years, as P1DT2H, not '" + wait + "'",
                   "wait 应为 P1DT2H 形式且不超过一百年的时长，而不是“" + wait + "”");
    simulation.run_for(Micros{span->seconds * 1'000'000 + span->nanos / 1'000});
    return {};
  }
  const auto element = text("complete");
  if (element.empty()) return wrong("expected complete, message, signal or wait", "应为 complete、message、signal 或 wait");
  const auto open = simulation.tasks();
  const auto task = std::ranges::find(open, element, &cases::Simulation::Task::element);
  if (task == open.end()) {
    std::string there;
    for (const auto& one : open) there += (there.empty() ? "" : ", ") + one.element;
    return wrong("no task " + element + " is open; open are: " + (there.empty() ? "none" : there),
                 "任务 " + element + " 未打开；已打开：" + (there.empty() ? "无" : there));
  }
  const auto* result = object->if_contains("result");
  if (result != nullptr && !result->is_object()) return wrong("result takes names and values", "result 应为名称与值的映射");
  JX_CHECK(simulation.complete(*task, result == nullptr ? json::object() : result->get_object(), text("error")));
  simulation.run_for({});
  return {};
}

Result<json::object> read_variables(const fs::path& path) {
  if (path.empty()) return json::object();
  JX_TRY(text, read_text(path));
  JX_TRY(value, wire::parse(text));
  if (!value.is_object()) return fail(ErrorCode::invalid, {path.string() + " holds no JSON object", path.string() + " 的内容不是 JSON 对象"});
  return value.get_object();
}

Result<json::array> read_steps(const fs::path& path) {
  if (path.empty()) return json::array();
  JX_TRY(text, read_text(path));
  JX_TRY(document, wire::parse_yaml(text));
  if (!document.value().is_array())
    return fail(ErrorCode::invalid, {path.string() + " is not a list of steps", path.string() + " 的内容不是步骤列表"});
  return document.value().get_array();
}

/// Prints what each instance came to; 1 if one of them cannot go on.
int tell(const cases::Simulation& simulation, bool trace) {
  if (trace) {
    const auto& when = simulation.entered_at();
    for (std::size_t i = 0; i < when.size(); ++i) std::printf("  %s  %s\n", when[i].text().substr(0, 16).c_str(), simulation.entered()[i].c_str());
  }
  int status = 0;
  for (const auto& instance : simulation.instances()) {
    std::string words = instance.process + ": ";
    words += instance.ended
                 ? say({"ended", "已结束"}) + " (" + (instance.result.empty() ? instance.ending : instance.ending + ", " + instance.result) + ")"
                 : say({"waits at", "停在"});
    for (const auto& element : instance.waits_at) words += " " + element;
    std::printf("%s\n  %s\n", words.c_str(), json::serialize(instance.variables).c_str());
    for (const auto& fault : instance.faults) {
      std::printf("  %s: %s\n", say({"incident", "故障"}).c_str(), say(fault).c_str());
      status = 1;
    }
  }
  return status;
}

Result<int> run(const CasesRun& given) {
  JX_TRY(model, compile(given.model));
  if (!model.definition) return print(given.model, model.findings), 1;
  std::vector<rules::Model> decisions;
  for (const auto& file : given.decisions) {
    JX_TRY(decision, rules::load_model(file));
    decisions.push_back(std::move(decision));
  }
  JX_TRY(variables, read_variables(given.variables));
  JX_TRY(steps, read_steps(given.steps));
  const auto processes = cases::processes_of(*model.definition);
  if (processes.empty()) return fail(ErrorCode::not_found, {"the model has no executable process", "模型中没有可执行流程"});
  Instant now = SystemClock().now();
  if (!given.now.empty()) {
    JX_TRY(parsed, Instant::parse(given.now));
    now = parsed;
  }
  cases::Simulation simulation(model.definition, now);
  simulation.on_decision([&](std::string_view decision, const json::object& inputs) { return decide(decisions, decision, inputs); });
  JX_CHECK(simulation.start(given.process.empty() ? processes.front() : given.process, variables));
  simulation.run_for({});
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (auto taken = take(simulation, steps[i], i + 1); !taken) return (void)tell(simulation, given.trace), std::unexpected(std::move(taken).error());
  }
  return tell(simulation, given.trace);
}

}  // namespace

int cases_check(const std::vector<fs::path>& models) {
  int status = 0;
  for (const auto& path : models) {
    const auto model = compile(path);
    if (!model) {
      status = failed(model.error());
      continue;
    }
    print(path, model->findings);
    if (!model->definition) status = 1;
    if (model->findings.empty()) std::printf("%s: %s\n", path.c_str(), say({"nothing is wrong", "未发现错误"}).c_str());
  }
  return status;
}

int cases_run(const CasesRun& given) {
  const auto status = run(given);
  return status ? *status : failed(status.error());
}

int cases_suite(const fs::path& folder, const fs::path& csv_file) {
  const auto results = cases::run_suite(folder.string());
  if (!results) return failed(results.error());
  std::string csv;
  std::size_t wrong = 0;
  for (const auto& result : *results) {
    csv += result.csv() + "\n";
    if (result.ok) continue;
    ++wrong;
    std::printf("%s/%s %s: %s\n", result.group.c_str(), result.name.c_str(), result.id.c_str(), result.remark.c_str());
  }
  if (!csv_file.empty()) {
    if (const auto written = write_text(csv_file, csv); !written) return failed(written.error());
  }
  std::printf("%zu tests: %zu passed, %zu failed\n", results->size(), results->size() - wrong, wrong);
  return wrong == 0 ? 0 : 1;
}

}  // namespace jx::app
