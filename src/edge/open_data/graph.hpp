// graph.hpp - a few RDF statements, written as Turtle or JSON-LD; private to the module.
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace jx::open_data {

/// The object of a statement.
struct Term {
  enum class Kind { iri, text, typed };
  Kind kind = Kind::iri;
  std::string value;
  std::string more;  // text: its language, or empty; typed: its data type, as a prefixed name
};

/// A thing and what is said of it. Predicates and types are prefixed names; the prefixes are those of graph.cpp.
struct Node {
  std::string iri;
  std::vector<std::string> types;
  std::vector<std::pair<std::string, Term>> says;

  void link(std::string predicate, std::string iri_of) { says.emplace_back(std::move(predicate), Term{Term::Kind::iri, std::move(iri_of), {}}); }
  void text(std::string predicate, std::string value, std::string language = {}) {
    says.emplace_back(std::move(predicate), Term{Term::Kind::text, std::move(value), std::move(language)});
  }
  void typed(std::string predicate, std::string value, std::string type) {
    says.emplace_back(std::move(predicate), Term{Term::Kind::typed, std::move(value), std::move(type)});
  }
};
using Graph = std::vector<Node>;

[[nodiscard]] std::string write_turtle(const Graph& graph);
[[nodiscard]] std::string write_json_ld(const Graph& graph);

}  // namespace jx::open_data
