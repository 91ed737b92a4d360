// test_models.hpp - DMN files in a few words, for tests.
#pragma once
#include <jx/rules.hpp>
#include <jx/rules/json.hpp>

#include <fmt/format.h>

#include <string>
#include <vector>

namespace jx::rules::test {

inline std::string model(const std::string& body, const std::string& model_namespace = "urn:test") {
  return fmt::format(R"(<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="test" namespace="{}">{}</definitions>)",
                     model_namespace, body);
}

inline std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '<' ? std::string("&lt;") : c == '&' ? std::string("&amp;") : std::string(1, c);
  return out;
}

inline std::string type_attribute(const std::string& type) { return type.empty() ? "" : fmt::format(R"( typeRef="{}")", escaped(type)); }

inline std::string literal(std::string_view text) { return fmt::format("<literalExpression><text>{}</text></literalExpression>", escaped(text)); }

inline std::string input(const std::string& name, const std::string& type = {}) {
  return fmt::format(R"(<inputData id="{0}" name="{0}"><variable name="{0}"{1}/></inputData>)", name, type_attribute(type));
}

/// Requirements as `input:x`, `decision:y`, `knowledge:z`, where the name may be `namespace#id`.
inline std::string requirements(const std::vector<std::string>& of) {
  std::string out;
  for (const auto& one : of) {
    const auto colon = one.find(':');
    const std::string kind = one.substr(0, colon), name = one.substr(colon + 1);
    const std::string href = name.find('#') == std::string::npos ? "#" + name : name;
    if (kind == "knowledge") out += fmt::format(R"(<knowledgeRequirement><requiredKnowledge href="{}"/></knowledgeRequirement>)", href);
    if (kind == "input") out += fmt::format(R"(<informationRequirement><requiredInput href="{}"/></informationRequirement>)", href);
    if (kind == "decision") out += fmt::format(R"(<informationRequirement><requiredDecision href="{}"/></informationRequirement>)", href);
  }
  return out;
}

inline std::string decision(const std::string& name, const std::string& logic, const std::vector<std::string>& needs = {},
                            const std::string& type = {}) {
  return fmt::format(R"(<decision id="{0}" name="{0}"><variable name="{0}"{1}/>{2}{3}</decision>)", name, type_attribute(type), requirements(needs),
                     logic);
}

inline std::string parameters(const std::vector<std::pair<std::string, std::string>>& of) {
  std::string out;
  for (const auto& [name, type] : of) out += fmt::format(R"(<formalParameter name="{}"{}/>)", name, type_attribute(type));
  return out;
}

inline std::string knowledge(const std::string& name, const std::vector<std::pair<std::string, std::string>>& of, const std::string& logic,
                             const std::vector<std::string>& needs = {}) {
  return fmt::format(
      R"(<businessKnowledgeModel id="{0}" name="{0}"><variable name="{0}"/><encapsulatedLogic>{1}{2}</encapsulatedLogic>{3}</businessKnowledgeModel>)",
      name, parameters(of), logic, requirements(needs));
}

struct Column {
  std::string name, type;
  std::string values;     // allowed, or empty
  std::string otherwise;  // default output, or empty
};

/// A table over the input expressions `inputs`; each rule has the cells of its inputs, then those of its outputs.
inline std::string table(const std::string& attributes, const std::vector<Column>& inputs, const std::vector<Column>& outputs,
                         const std::vector<std::vector<std::string>>& rules) {
  const auto text = [](const char* tag, const std::string& value) {
    return value.empty() ? std::string() : fmt::format("<{0}><text>{1}</text></{0}>", tag, escaped(value));
  };
  std::string out = "<decisionTable " + attributes + ">";
  for (const auto& column : inputs)
    out += fmt::format("<input><inputExpression{}><text>{}</text></inputExpression>{}</input>", type_attribute(column.type), escaped(column.name),
                       text("inputValues", column.values));
  for (const auto& column : outputs)
    out += fmt::format(R"(<output name="{}"{}>{}{}</output>)", column.name, type_attribute(column.type), text("outputValues", column.values),
                       text("defaultOutputEntry", column.otherwise));
  for (const auto& rule : rules) {
    out += "<rule>";
    for (std::size_t i = 0; i < rule.size(); ++i)
      out += fmt::format("<{0}><text>{1}</text></{0}>", i < inputs.size() ? "inputEntry" : "outputEntry", escaped(rule[i]));
    out += "</rule>";
  }
  return out + "</decisionTable>";
}

/// What a decision of a file gives for an input in JSON; FEEL's own text.
inline std::string decide(const std::string& xml, std::string_view decision, std::string_view json = "{}", const Model::Resolver& resolver = {}) {
  const auto loaded = Model::load(xml, resolver);
  if (!loaded) return "refused: " + loaded.error().message.en;
  return loaded->decide(decision, parse_json(json).value()).value.text();
}

}  // namespace jx::rules::test
