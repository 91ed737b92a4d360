// model.hpp - a DMN model as loaded: its elements, compiled, with those of all imported models.
#pragma once
#include "code.hpp"
#include "scope.hpp"

#include <deque>
#include <map>

namespace jx::rules {

/// A day span, either end open.
struct Validity {
  std::optional<LocalDate> from, to;  // both days inside
  [[nodiscard]] bool bounded() const { return from || to; }
  [[nodiscard]] bool includes(LocalDate day) const { return (!from || *from <= day) && (!to || day <= *to); }
};

enum class ElementKind : std::uint8_t { input, decision, knowledge, service };

struct TableNode;

struct Element {
  ElementKind kind = ElementKind::input;
  std::size_t unit = 0;
  std::string name, id;
  std::string question, description;
  TypePtr type;                    // of the variable
  bool declared = true;            // false: an input that some expression names and nothing declares
  std::vector<std::size_t> needs;  // elements that it requires directly
  std::vector<std::string> laws;   // of itself, then of its rules
  std::size_t own_laws = 0;        // how many are of itself
  Validity validity;
  std::vector<std::size_t> unused;    // required, and named by no expression of it
  std::vector<std::size_t> versions;  // other decisions that stand in for this one on their days

  // decision
  Site site;
  NodePtr body;
  std::size_t frame_size = 0;
  const TableNode* table = nullptr;  // the decision's logic, if it is a table
  // knowledge
  std::unique_ptr<const Lambda> lambda;
  std::string unsupported;
  // service
  std::vector<std::size_t> parameters, outputs;
  TypePtr result;
};

namespace detail {

struct ModelData {
  std::string name, model_namespace;
  struct Unit {  // one file
    std::string name, model_namespace;
    std::vector<std::pair<std::string, std::size_t>> imports;  // name, unit
  };
  std::vector<Unit> units;
  std::deque<Element> elements;  // do not move
  std::deque<Site> sites;
  std::vector<Diagnostic> problems;
  std::vector<Model::Decision> decisions;
  std::vector<std::size_t> decision_elements;               // of decisions
  std::vector<std::vector<std::size_t>> decision_needs;     // elements of decisions[i].needs
  std::vector<std::vector<std::size_t>> decision_requires;  // decisions below it that an input may give
  std::map<std::string, std::size_t, std::less<>> by_name;  // names and ids, to an index of decisions
};

}  // namespace detail

/// Reads a file and all that it imports, and compiles it.
[[nodiscard]] Result<> load_model(detail::ModelData& data, std::string_view xml, const Model::Resolver& resolver);

/// What a boxed expression is built with.
struct Builder {
  detail::ModelData& data;
  Environment& environment;
  Names names;
  std::string where;   // `Eligibility`
  unsigned depth = 0;  // boxes within boxes
  Element* element;
  Builder(detail::ModelData& d, Environment& e, std::string w, Element* of) : data(d), environment(e), names(e), where(std::move(w)), element(of) {}

  const Site* site(std::string_view part, std::string text);
  /// Records a problem of the model.
  void problem(DiagnosticCode code, const Site& site, std::uint32_t at, Words message);
};

}  // namespace jx::rules
