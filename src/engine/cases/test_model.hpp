// test_model.hpp - BPMN for tests, written shortly: the frame, and the incoming and outgoing elements, are added. For *_test.cpp files only.
#pragma once
#include <pugixml.hpp>

#include <sstream>
#include <string>

namespace jx::cases {

/// `body` is what stands in `definitions`; sequence flows are written `<sequenceFlow id="f" sourceRef="a" targetRef="b"/>`.
inline std::string test_model(const std::string& body) {
  const std::string text = R"(<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:jx="urn:junxian:bpmn:1" targetNamespace="http://example.org/test" expressionLanguage="https://www.omg.org/spec/DMN/20230324/FEEL/">)" +
                           body + "</definitions>";
  pugi::xml_document tree;
  tree.load_string(text.c_str());
  for (const auto& found : tree.select_nodes("//sequenceFlow")) {
    const auto flow = found.node();
    for (const auto& [end, child] : {std::pair{"sourceRef", "outgoing"}, {"targetRef", "incoming"}}) {
      const std::string path = "//*[@id='" + std::string(flow.attribute(end).value()) + "']";
      tree.select_node(path.c_str()).node().prepend_child(child).text().set(flow.attribute("id").value());
    }
  }
  std::ostringstream out;
  tree.save(out);
  return out.str();
}

/// One executable process.
inline std::string test_process(const std::string& id, const std::string& body, const std::string& attributes = {}) {
  return "<process id=\"" + id + "\" isExecutable=\"true\" " + attributes + ">" + body + "</process>";
}

inline std::string test_condition(const std::string& feel) {
  return "<conditionExpression xsi:type=\"tFormalExpression\">" + feel + "</conditionExpression>";
}

}  // namespace jx::cases
