// commands.cpp - junxian rules eval, decide, check, suite.
#include <jx/rules/json.hpp>
#include <jx/rules/suite.hpp>

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>

namespace jx::rules {
namespace {

namespace fs = std::filesystem;

/// `--name value`, bare `--name`, and what stands alone.
struct Arguments {
  std::vector<std::string> alone;
  std::map<std::string, std::string, std::less<>> named;
  std::string wrong;

  Arguments(std::span<const std::string> arguments, std::span<const std::string_view> with_value, std::span<const std::string_view> bare) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const auto& argument = arguments[i];
      if (!argument.starts_with("--")) {
        alone.push_back(argument);
      } else if (std::ranges::find(bare, argument) != bare.end()) {
        named[argument] = "";
      } else if (std::ranges::find(with_value, argument) != with_value.end() && i + 1 < arguments.size()) {
        named[argument] = arguments[++i];
      } else {
        wrong = argument;
      }
    }
  }
  [[nodiscard]] std::optional<std::string> find(std::string_view name) const {
    const auto at = named.find(name);
    return at == named.end() ? std::nullopt : std::optional(at->second);
  }
};

int usage(std::ostream& err, std::string_view text) {
  err << "usage: junxian rules " << text << "\n";
  return 2;
}

Result<std::string> slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(ErrorCode::not_found, {fmt::format("cannot read {}", path), fmt::format("无法读取 {}", path)});
  return std::string(std::istreambuf_iterator<char>(in), {});
}

Options options_now() {
  Options options;
  options.now = Instant{std::chrono::duration_cast<Micros>(std::chrono::system_clock::now().time_since_epoch()).count()};
  return options;
}

int print(const Outcome& outcome, std::ostream& out, std::ostream& err) {
  out << json_text(outcome.value) << "\n";
  for (const auto& diagnostic : outcome.diagnostics) err << name(diagnostic.code) << ": " << diagnostic.text() << "\n";
  return outcome.value.is_null() ? 1 : 0;
}

int complain(const Error& error, std::ostream& err) {
  err << error.text() << "\n";
  return 1;
}

Result<Model> load(const std::string& path) {
  JX_TRY(xml, slurp(path));
  const auto folder = fs::path(path).parent_path();
  return Model::load(xml, [folder](const Model::Import& import) -> Result<std::string> {
    if (!import.location.empty()) return slurp((folder / import.location).string());
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder.empty() ? "." : folder, error)) {
      if (entry.path().extension() != ".dmn") continue;
      JX_TRY(text, slurp(entry.path().string()));
      if (text.find("namespace=\"" + import.model_namespace + "\"") != std::string::npos) return text;
    }
    return fail(ErrorCode::not_found, {fmt::format("no file beside it has the namespace {}", import.model_namespace),
                                       fmt::format("旁边没有命名空间为 {} 的文件", import.model_namespace)});
  });
}

std::string csv(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return out + "\"";
}

std::string_view word(SuiteCase::Result result) {
  return result == SuiteCase::Result::success ? "SUCCESS" : result == SuiteCase::Result::error ? "ERROR" : "IGNORED";
}

}  // namespace

int eval_command(std::span<const std::string> arguments, std::ostream& out, std::ostream& err) {
  constexpr std::string_view with_value[] = {"--context", "--unary"};
  const Arguments given(arguments, with_value, {});
  if (given.alone.size() != 1 || !given.wrong.empty()) return usage(err, "eval 'EXPRESSION' [--context FILE.json] [--unary JSON]");
  Value context;
  if (const auto file = given.find("--context")) {
    const auto text = slurp(*file);
    const auto value = text ? parse_json(*text) : Result<Value>(std::unexpected(text.error()));
    if (!value) return complain(value.error(), err);
    context = *value;
  }
  if (const auto input = given.find("--unary")) {
    const auto value = parse_json(*input);
    if (!value) return complain(value.error(), err);
    const auto tests = UnaryTests::compile(given.alone[0], {}, Scope::any());
    return tests ? print(tests->test(*value, context, options_now()), out, err) : complain(tests.error(), err);
  }
  const auto expression = Expression::compile(given.alone[0], Scope::any());
  return expression ? print(expression->evaluate(context, options_now()), out, err) : complain(expression.error(), err);
}

int decide_command(std::span<const std::string> arguments, std::istream& in, std::ostream& out, std::ostream& err) {
  constexpr std::string_view with_value[] = {"--decision", "--service", "--input", "--as-of"};
  constexpr std::string_view bare[] = {"--explain"};
  const Arguments given(arguments, with_value, bare);
  const auto file = given.find("--input");
  if (given.alone.size() != 1 || !given.wrong.empty() || !file)
    return usage(err, "decide MODEL.dmn [--decision NAME | --service NAME] --input FILE.json|- [--explain] [--as-of DATE]");
  const auto model = load(given.alone[0]);
  if (!model) return complain(model.error(), err);
  const auto text = *file == "-" ? Result<std::string>(std::string(std::istreambuf_iterator<char>(in), {})) : slurp(*file);
  const auto input = text ? parse_json(*text) : Result<Value>(std::unexpected(text.error()));
  if (!input) return complain(input.error(), err);
  auto options = options_now();
  options.explain = given.find("--explain").has_value();
  if (const auto day = given.find("--as-of")) {
    const auto date = LocalDate::parse(*day);
    if (!date) return complain(date.error(), err);
    options.as_of = *date;
  }
  auto decision = given.find("--service");
  if (!decision) decision = given.find("--decision");
  if (!decision) {
    if (model->decisions().empty()) return complain(Error{ErrorCode::not_found, {"the model has no decision", "模型中没有决策"}, {}, nullptr}, err);
    decision = model->decisions().back().name;  // the last one usually builds on the others
  }
  const auto outcome = model->decide(*decision, *input, options);
  const int code = print(outcome, out, err);
  if (options.explain) {
    const auto words = outcome.explanation();
    out << words.zh << "\n" << words.en << "\n";
  }
  return code;
}

int check_command(std::span<const std::string> arguments, std::ostream& out, std::ostream& err) {
  const Arguments given(arguments, {}, {});
  if (given.alone.empty() || !given.wrong.empty()) return usage(err, "check MODEL.dmn...");
  int code = 0;
  for (const auto& path : given.alone) {
    const auto model = load(path);
    if (!model) {
      code = complain(model.error(), err);
      continue;
    }
    for (const auto& finding : model->check()) {
      out << path << ": " << (finding.severity == Finding::Severity::error ? "error" : "warning") << " " << name(finding.code) << ": "
          << finding.message.en << "\n";
      if (finding.severity == Finding::Severity::error) code = 1;
    }
  }
  return code;
}

int suite_command(std::span<const std::string> arguments, std::ostream& out, std::ostream& err) {
  constexpr std::string_view with_value[] = {"--csv", "--filter"};
  const Arguments given(arguments, with_value, {});
  if (given.alone.size() != 1 || !given.wrong.empty()) return usage(err, "suite DIR [--csv FILE] [--filter TEXT]");
  const auto report = run_suite(given.alone[0], given.find("--filter").value_or(""));
  if (!report) return complain(report.error(), err);
  if (const auto path = given.find("--csv")) {
    std::ofstream file(*path, std::ios::binary);
    for (const auto& c : report->cases)
      file << csv(c.folder) << ',' << csv(c.test_file) << ',' << csv(c.id) << ',' << csv(word(c.result)) << ',' << csv(c.remark) << "\n";
    if (!file.flush())
      return complain(Error{ErrorCode::unavailable, {fmt::format("cannot write {}", *path), fmt::format("无法写入 {}", *path)}, {}, nullptr}, err);
  }
  for (const auto& c : report->cases)
    if (c.result == SuiteCase::Result::error) out << c.folder << " " << c.id << ": " << c.remark << "\n";
  out << fmt::format("{} tests: {} passed, {} failed, {} ignored\n", report->cases.size(), report->count(SuiteCase::Result::success),
                     report->count(SuiteCase::Result::error), report->count(SuiteCase::Result::ignored));
  return report->count(SuiteCase::Result::error) == 0 ? 0 : 1;
}

}  // namespace jx::rules
