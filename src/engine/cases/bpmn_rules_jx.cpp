// bpmn_rules_jx.cpp - what this program adds to BPMN stands where it is read: a name that nobody reads would be lost in silence, and with it who may
// do a task, or by when.
#include "bpmn_rules.hpp"

#include <algorithm>

namespace jx::cases {
namespace {

struct Added {
  std::string_view name;
  std::initializer_list<std::string_view> where;  // elements of BPMN; empty: any
};

const Added attributes[] = {{"jx:form", {"process", "userTask", "globalUserTask"}},
                            {"jx:term", {"process", "userTask", "globalUserTask"}},
                            {"jx:yellow", {"process", "userTask", "globalUserTask"}},
                            {"jx:unit", {"userTask", "globalUserTask"}},
                            {"jx:post", {"userTask", "globalUserTask"}},
                            {"jx:role", {"userTask", "globalUserTask"}},
                            {"jx:escalation", {"userTask", "globalUserTask"}},
                            {"jx:other-than", {"userTask"}},
                            {"jx:case-term", {"userTask"}},
                            {"jx:clock-stands", {"userTask"}},
                            {"jx:clock-law", {"userTask"}},
                            {"jx:handler", {"serviceTask", "sendTask"}},
                            {"jx:decision", {"businessRuleTask", "globalBusinessRuleTask"}},
                            {"jx:correlation", {"messageEventDefinition", "sendTask", "receiveTask"}},
                            {"jx:result", {}}};
const Added elements[] = {{"name", {}}, {"outcome", {"userTask", "globalUserTask"}}, {"parameter", {"serviceTask", "sendTask"}}};

std::string list(std::initializer_list<std::string_view> where, std::string_view between) {
  std::string text;
  for (const auto one : where) text += (text.empty() ? "" : std::string(between)) + std::string(one);
  return text;
}

/// `bearer` is the element of BPMN, `at` where the name stands, `shown` as it is written.
void check(std::span<const Added> known, std::string_view name, const std::string& shown, const Element& bearer, const Element& at, Report& report) {
  const auto found = std::ranges::find(known, name, &Added::name);
  if (found == known.end()) {
    std::string all_en, all_zh;
    for (const auto& one : known) {
      all_en += (all_en.empty() ? "" : ", ") + std::string(one.name);
      all_zh += (all_zh.empty() ? "" : "、") + std::string(one.name);
    }
    report.add("JX016", at, "there is no " + shown + "; there are " + all_en, "没有 " + shown + "；可用的有 " + all_zh);
  } else if (found->where.size() > 0 && !bearer.is_any(found->where)) {
    report.add("JX016", at, shown + " is not read here: it stands on " + list(found->where, " or "),
               shown + " 在此处不起作用，只能用于 " + list(found->where, "、"));
  }
}

}  // namespace

void check_added_names(const Document& document, Report& report) {
  if (const auto* misnamed = document.misnamed())
    report.add("JX016", *misnamed,
               "the namespace " + document.misnamed_space() + " is not read, so its attributes would be lost; write " + std::string(jx_namespace),
               "不识别命名空间 " + document.misnamed_space() + "，其属性会丢失；请改为 " + std::string(jx_namespace));
  for (const auto* e : document.elements()) {
    for (const auto& attribute : e->attributes) {
      if (attribute.first.starts_with("jx:")) check(attributes, attribute.first, attribute.first, *e, *e, report);
    }
    const auto* extensions = e->child("extensionElements");
    if (extensions == nullptr) continue;
    for (const auto& x : extensions->children) {
      if (x->space == Space::jx) check(elements, x->name, "<jx:" + x->name + ">", *e, *x, report);
    }
  }
}

}  // namespace jx::cases
