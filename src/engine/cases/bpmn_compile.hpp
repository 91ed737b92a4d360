// bpmn_compile.hpp - turns a checked document into the flat arrays of a Definition.
#pragma once
#include "bpmn_document.hpp"
#include "bpmn_rules.hpp"
#include "definition.hpp"

#include <map>
#include <set>

namespace jx::cases {

/// Compiles one document, and those that it calls, into `definition`. Faults go to the report.
class Compiler {
 public:
  Compiler(Definition& definition, const ModelOptions& options, Report& report) : out_(definition), options_(options), report_(report) {}

  /// Adds the processes and global tasks of a document. `own` is false for a file that another one calls.
  void add(const Document& document, bool own);
  /// After all documents: joins calls, finds out what can be compensated, computes what the inclusive joins need.
  void finish();

 private:
  friend class EventCompiler;
  Index node_of(const Element& element, Index parent);
  void scope(const Document& document, const Element& element, Index self);
  void details(const Document& document, const Element& element);
  void task_details(const Document& document, const Element& element, Node& node);
  void office_details(const Element& element, Node& node);
  void clock_details(const Element& element, Node& node);
  void other_than(const Element& e);
  void loop_of(const Document& document, const Element& element, Node& node);
  void data_of(const Document& document, const Element& element, Node& node);
  void flow(const Element& element);
  void boundary(const Document& document, const Element& element);
  void links(const Document& document, const Element& element);
  [[nodiscard]] EventDef event(const Document& document, const Element& element);
  void timer(const Element& element, EventDef& def);
  [[nodiscard]] Index expression(const Element& element, std::string_view text);
  [[nodiscard]] Index expression(const Element* element);
  [[nodiscard]] TextOrExpr text_or_expression(const Element& element, std::string_view key);
  [[nodiscard]] std::string data_name(const Document& document, std::string_view id) const;
  void reach(Index gateway);
  bool mark_compensation(Index scope);
  [[nodiscard]] Index at(std::string_view id) const;

  Definition& out_;
  const ModelOptions& options_;
  Report& report_;
  std::string language_ = "zh-CN";
  std::map<std::string, Index, std::less<>> index_;  // of the document at hand
  struct PendingCall {
    Index node;
    std::string called;
    int line;
  };
  std::vector<PendingCall> calls_;
  std::map<std::string, Index, std::less<>> callables_;
};

}  // namespace jx::cases
