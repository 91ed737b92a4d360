// bpmn_rules.hpp - the constraints of BPMN 2.0 that its schema cannot say, by the numbers of the published catalogue
// (Geiger, Wirtz: "BPMN 2.0 Serialization - Standard Compliance Issues", University of Bamberg).
#pragma once
#include "bpmn_document.hpp"

#include <jx/cases/model.hpp>

#include <span>

namespace jx::cases {

/// Collects findings, at most findings_max.
class Report {
 public:
  void add(std::string_view rule, const Element& element, std::string english, std::string chinese) {
    if (list_.size() < findings_max) list_.push_back({std::string(rule), element.label(), element.line, {std::move(english), std::move(chinese)}});
  }
  void add(Finding finding) {
    if (list_.size() < findings_max) list_.push_back(std::move(finding));
  }
  [[nodiscard]] bool empty() const { return list_.empty(); }
  [[nodiscard]] std::vector<Finding> sorted() &&;

 private:
  std::vector<Finding> list_;
};

void check_flow_rules(const Document& document, Report& report);      // sequence flows, gateways, message flows, ids
void check_event_rules(const Document& document, Report& report);     // events and their definitions
void check_activity_rules(const Document& document, Report& report);  // activities, loops, sub-processes, collaborations
void check_data_rules(const Document& document, Report& report);      // data, expressions, operations
void check_added_names(const Document& document, Report& report);     // attributes and elements of jx_namespace

}  // namespace jx::cases
