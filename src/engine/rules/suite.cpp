// suite.cpp - the test format of the DMN Technology Compatibility Kit.
#include <jx/rules/suite.hpp>

#include "model.hpp"
#include "names.hpp"
#include "xml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <map>

namespace jx::rules {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t file_bytes_max = 64 << 20;

Result<std::string> read_file(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error) return fail(ErrorCode::not_found, {fmt::format("cannot read {}", path.string()), fmt::format("无法读取 {}", path.string())});
  if (size > file_bytes_max)
    return fail(ErrorCode::too_large, {fmt::format("{} is over 64 MiB", path.string()), fmt::format("{} 超过 64 MiB", path.string())});
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

/// The text of an imported model.
Result<std::string> imported(const fs::path& folder, const Model::Import& import) {
  if (!import.location.empty() && import.location.find(':') == std::string::npos) {
    if (auto xml = read_file(folder / import.location)) return xml;
  }
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder.empty() ? "." : folder, error)) {
    if (entry.path().extension() != ".dmn") continue;
    JX_TRY(xml, read_file(entry.path()));
    pugi::xml_document document;
    if (document.load_buffer(xml.data(), xml.size()) && document.document_element().attribute("namespace").value() == import.model_namespace)
      return xml;
  }
  return fail(ErrorCode::not_found, {fmt::format("no model beside it has the namespace {}", import.model_namespace),
                                     fmt::format("同一目录中没有命名空间为 {} 的模型", import.model_namespace)});
}

// --- expected values --------------------------------------------------------------------------------------------------------------

Value scalar(std::string_view type, const std::string& text) {
  const auto colon = type.find(':');
  if (colon != std::string_view::npos) type.remove_prefix(colon + 1);
  const auto trimmed = normal_name(text);
  if (type == "boolean") return Value(trimmed == "true" || trimmed == "1");
  if (type == "decimal" || type == "double" || type == "integer" || type == "float") {
    const auto number = Number::parse(trimmed);
    return number ? Value(*number) : Value();
  }
  if (type == "date") return Value(Date::parse(trimmed));
  if (type == "time") return Value(Time::parse(trimmed));
  if (type == "dateTime") return Value(DateTime::parse(trimmed));
  if (type == "duration") {
    const auto months = Months::parse(trimmed);
    return months ? Value(*months) : Value(Span::parse(trimmed));
  }
  return Value(text);
}

Value read_value(const pugi::xml_node& holder) {
  std::vector<Entry> entries;
  for (const auto& node : holder.children()) {
    const auto tag = xml::local_name(node);
    if (tag != "value" && tag != "list" && tag != "component") continue;
    std::string_view type, nil;
    for (const auto& attribute : node.attributes()) {
      const std::string_view name = attribute.name();
      if (name.ends_with(":type") || name == "type") type = attribute.value();
      if (name.ends_with(":nil") || name == "nil") nil = attribute.value();
    }
    const bool null = nil == "true" || nil == "1";
    if (tag == "value") return null ? Value() : scalar(type, xml::text(node));
    if (tag == "list") {
      if (null) return {};
      std::vector<Value> items;
      xml::each(node, "item", [&](const pugi::xml_node& item) { items.push_back(read_value(item)); });
      return Value::list(std::move(items));
    }
    entries.push_back({std::string(xml::attribute(node, "name")), null ? Value() : read_value(node)});
  }
  return entries.empty() ? Value() : Value::context(std::move(entries));
}

/// Numbers may differ by less than 0.00000001; everything else must be equal.
bool same(const Value& expected, const Value& got) {
  if (expected.is(Kind::number) && got.is(Kind::number)) {
    const auto off = subtract(expected.number(), got.number());
    return off && off->abs() < *Number::from_parts(false, 1, -8);
  }
  if (expected.kind() != got.kind()) return false;
  if (expected.is(Kind::list)) return std::ranges::equal(expected.items(), got.items(), same);
  if (expected.is(Kind::context)) {
    if (expected.entries().size() != got.entries().size()) return false;
    return std::ranges::all_of(expected.entries(), [&](const Entry& entry) {
      const Value* other = got.find(entry.key);
      return other && same(entry.value, *other);
    });
  }
  return expected == got;
}

// --- one test file ------------------------------------------------------------------------------------------------------------------

/// A test of what this engine refuses: nothing is shown by its being null.
bool calls_java(const Outcome& outcome) {
  return std::ranges::any_of(outcome.diagnostics, [](const Diagnostic& d) { return d.code == DiagnosticCode::unsupported; });
}

void run_case(const Model& model, const pugi::xml_node& test, SuiteCase& result) {
  std::vector<Entry> inputs;
  xml::each(test, "inputNode", [&](const pugi::xml_node& node) {
    const auto space = xml::attribute(node, "namespace");
    const auto name = normal_name(xml::attribute(node, "name"));
    inputs.push_back({space.empty() || space == model.model_namespace() ? name : fmt::format("{}#{}", space, name), read_value(node)});
  });
  const auto input = Value::context(std::move(inputs));
  const bool service = xml::attribute(test, "type") == "decisionService";
  Options options;
  options.now = Instant{std::chrono::duration_cast<Micros>(std::chrono::system_clock::now().time_since_epoch()).count()};
  result.result = SuiteCase::Result::success;
  xml::each(test, "resultNode", [&](const pugi::xml_node& node) {
    if (result.result != SuiteCase::Result::success) return;
    const auto name = xml::attribute(node, "name");
    const auto called = service ? xml::attribute(test, "invocableName") : name;
    auto outcome = model.decide(normal_name(called), input, options);
    if (service && outcome.value.is(Kind::context))
      if (const Value* output = outcome.value.find(normal_name(name))) outcome.value = Value(*output);
    if (calls_java(outcome)) {
      result.result = SuiteCase::Result::ignored;
      result.remark = "calls an external function";
      return;
    }
    const auto expected = read_value(xml::child(node, "expected"));
    if (same(expected, outcome.value)) return;
    result.result = SuiteCase::Result::error;
    result.remark = fmt::format("{}: expected {}, got {}", name, expected.text(300), outcome.value.text(300));
    if (!outcome.diagnostics.empty()) result.remark += fmt::format(" ({})", outcome.diagnostics.front().text());
  });
}

void run_file(const fs::path& root, const fs::path& file, std::string_view filter, SuiteReport& report) {
  const auto folder = fs::relative(file.parent_path(), root).generic_string();
  const auto stem = file.stem().string();
  auto text = read_file(file);
  pugi::xml_document document;
  if (!text || !document.load_buffer(text->data(), text->size(), pugi::parse_default | pugi::parse_ws_pcdata_single) ||
      xml::local_name(document.document_element()) != "testCases")
    return;
  const auto cases = document.document_element();
  const auto model = load_model(file.parent_path() / normal_name(xml::child_text(cases, "modelName")));
  const auto refused = model ? std::string() : model.error().text();
  xml::each(cases, "testCase", [&](const pugi::xml_node& test) {
    SuiteCase result{folder == "." ? root.filename().string() : folder, stem, std::string(xml::attribute(test, "id")), SuiteCase::Result::error,
                     refused};
    if (!filter.empty() && (result.folder + "/" + stem + "/" + result.id).find(filter) == std::string::npos) return;
    if (model) run_case(*model, test, result);
    report.cases.push_back(std::move(result));
  });
}

}  // namespace

std::size_t SuiteReport::count(SuiteCase::Result result) const {
  return static_cast<std::size_t>(std::ranges::count_if(cases, [&](const SuiteCase& c) { return c.result == result; }));
}

Result<Model> load_model(const fs::path& file) {
  JX_TRY(text, read_file(file));
  return Model::load(text, [folder = file.parent_path()](const Model::Import& import) { return imported(folder, import); });
}

Result<SuiteReport> run_suite(const fs::path& folder, std::string_view filter) {
  std::error_code error;
  if (!fs::is_directory(folder, error))
    return fail(ErrorCode::not_found, {fmt::format("there is no folder {}", folder.string()), fmt::format("没有文件夹 {}", folder.string())});
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder, error))
    if (entry.is_regular_file() && entry.path().extension() == ".xml") files.push_back(entry.path());
  std::ranges::sort(files);
  SuiteReport report;
  for (const auto& file : files) run_file(folder, file, filter, report);
  if (report.cases.empty())
    return fail(ErrorCode::not_found, {fmt::format("no test in {} matches", folder.string()), fmt::format("{} 中没有符合的测试", folder.string())});
  return report;
}

}  // namespace jx::rules
