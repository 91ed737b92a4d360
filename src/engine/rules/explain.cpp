// explain.cpp - what was decided and why: as a sentence in both languages, and as data.
#include <jx/rules.hpp>
#include <jx/rules/json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace jx::rules {
namespace {

namespace json = boost::json;

constexpr std::size_t value_bytes_max = 80;

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (const auto& part : parts) {
    if (!text.empty()) text += separator;
    text += part;
  }
  return text;
}

Words one(const Trace& trace) {
  std::vector<std::string> inputs_en, inputs_zh, rules, notes;
  for (const auto& [label, value] : trace.inputs) {
    inputs_en.push_back(fmt::format("{} is {}", label, value.text(value_bytes_max)));
    inputs_zh.push_back(fmt::format("{}为 {}", label, value.text(value_bytes_max)));
  }
  for (const auto& hit : trace.hits) {
    rules.push_back(std::to_string(hit.rule));
    for (const auto& [name, text] : hit.annotations) {
      if (std::ranges::find(trace.laws, text) != trace.laws.end()) continue;  // said at the end
      notes.push_back(name.empty() ? text : fmt::format("{}: {}", name, text));
    }
  }
  const auto value = trace.value.text(value_bytes_max);
  Words words{fmt::format("{} is {}", trace.decision, value), fmt::format("{}为 {}", trace.decision, value)};
  if (!inputs_en.empty()) {
    words.en += fmt::format(", because {}", joined(inputs_en, ", "));
    words.zh += fmt::format("，因为{}", joined(inputs_zh, "，"));
    words.en += rules.empty() ? "; no rule applies" : fmt::format("; rule {} applies", joined(rules, ", "));
    words.zh += rules.empty() ? "；没有规则命中" : fmt::format("；命中规则 {}", joined(rules, "、"));
  }
  if (!notes.empty()) {
    words.en += fmt::format(" ({})", joined(notes, "; "));
    words.zh += fmt::format("（{}）", joined(notes, "；"));
  }
  if (!trace.laws.empty()) {
    words.en += fmt::format("; on the basis of {}", joined(trace.laws, ", "));
    words.zh += fmt::format("；依据：{}", joined(trace.laws, "、"));
  }
  words.en += ".";
  words.zh += "。";
  return words;
}

json::object words_json(const Words& words) { return {{"zh-CN", words.zh}, {"en", words.en}}; }

json::object trace_json(const Trace& trace) {
  json::array inputs, rules, laws;
  for (const auto& [name, value] : trace.inputs) inputs.push_back(json::object{{"name", name}, {"value", to_json(value)}});
  for (const auto& hit : trace.hits) {
    json::array annotations;
    for (const auto& [name, text] : hit.annotations) annotations.push_back(json::object{{"name", name}, {"text", text}});
    rules.push_back(json::object{{"rule", hit.rule}, {"id", hit.rule_id}, {"annotations", std::move(annotations)}});
  }
  for (const auto& law : trace.laws) laws.emplace_back(law);
  return {{"decision", trace.decision}, {"id", trace.id},         {"value", to_json(trace.value)}, {"inputs", std::move(inputs)},
          {"rules", std::move(rules)},  {"laws", std::move(laws)}};
}

}  // namespace

json::object to_json(const Diagnostic& diagnostic) {
  return {{"code", name(diagnostic.code)},
          {"message", words_json(diagnostic.message)},
          {"where", diagnostic.where},
          {"line", diagnostic.position.line},
          {"column", diagnostic.position.column}};
}

json::object explained(const Outcome& outcome) {
  json::array decisions, diagnostics;
  for (const auto& trace : outcome.trace) decisions.push_back(trace_json(trace));
  for (const auto& diagnostic : outcome.diagnostics) diagnostics.push_back(to_json(diagnostic));
  return {{"value", to_json(outcome.value)},
          {"decisions", std::move(decisions)},
          {"explanation", words_json(outcome.explanation())},
          {"diagnostics", std::move(diagnostics)}};
}

Words Outcome::explanation() const {
  Words all;
  const auto add = [&](const Words& words) {
    if (!all.en.empty()) all.en += "\n";
    if (!all.zh.empty()) all.zh += "\n";
    all.en += words.en;
    all.zh += words.zh;
  };
  for (const auto& decision : trace) add(one(decision));
  if (!value.is_null()) return all;
  for (const auto& diagnostic : diagnostics) add({"No result: " + diagnostic.text("en") + ".", "没有结果：" + diagnostic.text("zh") + "。"});
  return all;
}

}  // namespace jx::rules
