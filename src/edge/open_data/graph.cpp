#include "graph.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <string_view>

namespace jx::open_data {
namespace json = boost::json;
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> prefixes{{
    {"dcat", "http://www.w3.org/ns/dcat#"},
    {"dct", "http://purl.org/dc/terms/"},
    {"foaf", "http://xmlns.com/foaf/0.1/"},
    {"hydra", "http://www.w3.org/ns/hydra/core#"},
    {"rdfs", "http://www.w3.org/2000/01/rdf-schema#"},
    {"skos", "http://www.w3.org/2004/02/skos/core#"},
    {"xsd", "http://www.w3.org/2001/XMLSchema#"},
}};

/// RDF 1.1 Turtle section 6.4: what an IRI cannot hold is percent-encoded.
std::string iri(std::string_view text) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet <= 0x20 || std::string_view("<>\"{}|^`\\").find(c) != std::string_view::npos) {
      out += {'%', digits[octet >> 4U], digits[octet & 0xfU]};
    } else {
      out += c;
    }
  }
  return out;
}

std::string literal(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      default: out += c;
    }
  }
  return out + '"';
}

std::string turtle_of(const Term& term) {
  if (term.kind == Term::Kind::iri) return "<" + iri(term.value) + ">";
  if (term.kind == Term::Kind::typed) return literal(term.value) + "^^" + term.more;
  return literal(term.value) + (term.more.empty() ? "" : "@" + term.more);
}

json::value json_of(const Term& term) {
  if (term.kind == Term::Kind::iri) return json::object{{"@id", iri(term.value)}};
  json::object out{{"@value", term.value}};
  if (!term.more.empty()) out[term.kind == Term::Kind::typed ? "@type" : "@language"] = term.more;
  return out;
}

}  // namespace

std::string write_turtle(const Graph& graph) {
  std::string out;
  for (const auto& [prefix, space] : prefixes) out.append("@prefix ").append(prefix).append(": <").append(space).append("> .\n");
  for (const auto& node : graph) {
    out += "\n<" + iri(node.iri) + ">";
    std::string_view before = " a ";
    for (const auto& type : node.types) {
      out.append(before).append(type);
      before = ", ";
    }
    for (const auto& [predicate, term] : node.says) out.append(" ;\n    ").append(predicate).append(" ").append(turtle_of(term));
    out += " .\n";
  }
  return out;
}

std::string write_json_ld(const Graph& graph) {
  json::object context;
  for (const auto& [prefix, space] : prefixes) context[prefix] = space;
  json::array nodes;
  for (const auto& node : graph) {
    json::object out{{"@id", iri(node.iri)}};
    json::array types;
    for (const auto& type : node.types) types.emplace_back(type);
    out["@type"] = std::move(types);
    for (const auto& [predicate, term] : node.says) {
      auto& values = out[predicate];
      if (!values.is_array()) values = json::array();
      values.as_array().push_back(json_of(term));
    }
    nodes.push_back(std::move(out));
  }
  return json::serialize(json::object{{"@context", std::move(context)}, {"@graph", std::move(nodes)}});
}

}  // namespace jx::open_data
