// explain.cpp - what was decided and why, as a sentence in both languages.
#include <jx/rules.hpp>

#include <fmt/format.h>

namespace jx::rules {
namespace {

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
    for (const auto& [name, text] : hit.annotations) notes.push_back(name.empty() ? text : fmt::format("{}: {}", name, text));
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

}  // namespace

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
