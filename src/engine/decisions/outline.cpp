// outline.cpp - reads from a model's XML what rules::Model does not tell: item definitions, columns, required decisions, laws rule by rule.
// Everything in here is for people: where the XML says less than it might, the outline says less, and the model decides all the same.
#include <jx/decisions/outline.hpp>

#include <pugixml.hpp>

#include <algorithm>
#include <map>

namespace jx::decisions {
namespace {

using Path = std::vector<std::string>;

constexpr std::string_view extension = "urn:junxian:dmn:1";
constexpr unsigned type_depth_max = 8;
constexpr std::size_t choices_max = 100;

// ---- XML, without regard to prefixes ----

std::string_view local_name(std::string_view name) {
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

template <class Visit>
void each(const pugi::xml_node& node, std::string_view name, Visit visit) {
  for (const auto& child : node.children())
    if (local_name(child.name()) == name) visit(child);
}

pugi::xml_node child(const pugi::xml_node& node, std::string_view name) {
  for (const auto& c : node.children())
    if (local_name(c.name()) == name) return c;
  return {};
}

/// As rules compares names: spaces in a row are one, none at the ends.
std::string squeezed(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

std::string text_of(const pugi::xml_node& node) {
  std::string out;
  for (const auto& c : node.children())
    if (c.type() == pugi::node_pcdata || c.type() == pugi::node_cdata) out += c.value();
  return squeezed(out);
}
std::string child_text(const pugi::xml_node& node, std::string_view name) { return text_of(child(node, name)); }
std::string attribute(const pugi::xml_node& node, const char* name) { return squeezed(node.attribute(name).value()); }

/// An attribute of the program's own namespace, whatever its prefix.
std::string own_attribute(const pugi::xml_node& node, std::string_view name) {
  for (const auto& a : node.attributes()) {
    const std::string_view full = a.name();
    const auto colon = full.find(':');
    if (colon == std::string_view::npos || full.substr(colon + 1) != name) continue;
    const std::string declaration = "xmlns:" + std::string(full.substr(0, colon));
    for (auto at = node; at; at = at.parent())
      if (const auto declared = at.attribute(declaration.c_str())) {
        if (declared.value() == extension) return squeezed(a.value());
        break;
      }
  }
  return {};
}

// ---- laws ----

void add_own_law(const pugi::xml_node& node, std::vector<std::string>& laws, std::vector<Citation>& cited) {
  const std::string law = own_attribute(node, "law");
  if (law.empty()) return;
  const std::string article = own_attribute(node, "article"), clause = own_attribute(node, "clause");
  std::string text = law;
  for (const auto& part : {article, clause})
    if (!part.empty()) text.append(" ").append(part);
  laws.push_back(std::move(text));
  cited.push_back({plain_law(law), plain_article(article), clause});
}

std::vector<Rule> rules_of(const pugi::xml_node& table) {
  std::vector<std::string> headings;
  each(table, "annotation", [&](const pugi::xml_node& node) { headings.push_back(attribute(node, "name")); });
  std::vector<Rule> rules;
  each(table, "rule", [&](const pugi::xml_node& node) {
    Rule rule{rules.size() + 1, attribute(node, "id"), {}, {}};
    std::size_t column = 0;
    each(node, "annotationEntry", [&](const pugi::xml_node& entry) {
      const std::string heading = column < headings.size() ? headings[column] : "";
      ++column;
      if (heading != "law" && heading != "法律依据" && heading != "依据") return;
      auto text = child_text(entry, "text");
      if (text.empty()) return;
      std::ranges::move(citations(text), std::back_inserter(rule.cited));
      rule.laws.push_back(std::move(text));
    });
    add_own_law(node, rule.laws, rule.cited);
    rules.push_back(std::move(rule));
  });
  return rules;
}

// ---- fields ----

/// The values of a list of literals; empty if it says anything else, such as a range.
std::vector<rules::Value> choices(const std::string& text) {
  if (text.empty()) return {};
  const auto list = rules::Expression::compile("[" + text + "]");
  if (!list) return {};
  const auto outcome = list->evaluate();
  if (!outcome.ok() || !outcome.value.is(rules::Kind::list) || outcome.value.items().size() > choices_max) return {};
  std::vector<rules::Value> values(outcome.value.items().begin(), outcome.value.items().end());
  const auto plain = [](const rules::Value& value) {
    return value.is(rules::Kind::boolean) || value.is(rules::Kind::number) || value.is(rules::Kind::string) || value.is(rules::Kind::date);
  };
  return std::ranges::all_of(values, plain) ? values : std::vector<rules::Value>();
}

std::string type_name(const std::string& written) {
  if (written.empty()) return "Any";
  const auto type = rules::Type::parse(local_name(written));
  return type ? type->text() : "Any";
}

/// A column's input expression as far as it is a path: `application.restaurant.seats`, or `…raw_food = true`, which asks for a boolean.
struct Target {
  Path path;
  bool is_true = false;
};

struct Column {
  std::string label;    // as findings name it
  std::string heading;  // what the table says over it; empty if nothing
  std::optional<Target> target;
  std::string type;
  std::vector<rules::Value> allowed;
};

bool is_key(std::string_view part) {
  static constexpr std::string_view words[] = {"and", "or", "in", "between", "instance", "then", "else", "satisfies", "return"};
  if (part.empty() || part.find_first_of("()[]{}+-*/<>=!,\"'?@:|") != std::string_view::npos) return false;
  for (std::size_t from = 0; from <= part.size();) {
    const auto end = std::min(part.find(' ', from), part.size());
    if (std::ranges::find(words, part.substr(from, end - from)) != std::end(words)) return false;
    from = end + 1;
  }
  return true;
}

class Reader {
 public:
  explicit Reader(const pugi::xml_node& definitions) {
    for (const auto& node : definitions.children()) {
      const auto kind = local_name(node.name());
      if (kind == "itemDefinition") types_.emplace(attribute(node, "name"), node);
      if (kind == "inputData") inputs_.emplace(attribute(node, "name"), node);
      if (kind != "decision" && kind != "decisionService" && kind != "businessKnowledgeModel" && kind != "inputData") continue;
      by_id_.emplace(attribute(node, "id"), node);
      if (const auto of = own_attribute(node, "version_of"); !of.empty()) versions_.emplace(of, node);
      if (kind == "decision" || kind == "inputData") names_.push_back(attribute(node, "name"));
    }
    std::ranges::sort(names_, [](const auto& a, const auto& b) { return a.size() > b.size(); });  // `a.b` before `a`
  }

  Outline outline(const rules::Model::Decision& decision) const {
    Outline out;
    const auto found = by_id_.find(decision.id);
    if (found == by_id_.end()) return out;
    std::vector<pugi::xml_node> below;
    gather(found->second, below, out.below);
    add_own_law(found->second, out.laws, out.cited);
    out.rules = rules_of(child(found->second, "decisionTable"));
    for (const auto& need : decision.needs) {
      auto fields = fields_of(need);
      for (const auto& node : below)
        for (auto& column : columns(child(node, "decisionTable"))) refine(fields, column);
      std::ranges::move(fields, std::back_inserter(out.fields));
    }
    if (out.fields.size() > fields_max) out.fields.resize(fields_max);
    return out;
  }

  /// The columns of the table of the decision of this name; none where it has none.
  std::vector<Column> columns_of(const std::string& decision) const {
    for (const auto& [id, node] : by_id_)
      if (local_name(node.name()) == "decision" && attribute(node, "name") == decision) return columns(child(node, "decisionTable"));
    return {};
  }

 private:
  /// A decision and what it requires, deepest last; each once.
  void gather(const pugi::xml_node& node, std::vector<pugi::xml_node>& nodes, std::set<std::string, std::less<>>& names) const {
    if (!names.insert(attribute(node, "name")).second) return;
    nodes.push_back(node);
    const auto follow = [&](const pugi::xml_node& reference) {
      const std::string href = attribute(reference, "href");
      const auto found = href.starts_with('#') ? by_id_.find(href.substr(1)) : by_id_.end();
      if (found != by_id_.end() && local_name(found->second.name()) != "inputData") gather(found->second, nodes, names);
    };
    for (const auto& requirement : node.children()) {
      const auto kind = local_name(requirement.name());
      if (kind == "outputDecision" || kind == "encapsulatedDecision") follow(requirement);
      if (kind != "informationRequirement" && kind != "knowledgeRequirement") continue;
      for (const auto& reference : requirement.children()) follow(reference);
    }
    for (const auto& of : {attribute(node, "name"), attribute(node, "id")}) {
      const auto [from, to] = versions_.equal_range(of);
      for (auto version = from; version != to; ++version) gather(version->second, nodes, names);
    }
  }

  std::vector<Column> columns(const pugi::xml_node& table) const {
    std::vector<Column> out;
    each(table, "input", [&](const pugi::xml_node& node) {
      const auto expression = child(node, "inputExpression");
      const std::string text = child_text(expression, "text");
      Column column{attribute(node, "label"), attribute(node, "label"), target(text), "Any", choices(child_text(child(node, "inputValues"), "text"))};
      if (column.label.empty()) column.label = text;
      std::vector<Field> typed;
      if (const auto type = attribute(expression, "typeRef"); !type.empty()) leaves({}, type, {}, 0, typed);
      if (typed.size() == 1 && typed[0].path.empty()) {
        column.type = typed[0].type;
        if (column.allowed.empty()) column.allowed = typed[0].allowed;
      }
      out.push_back(std::move(column));
    });
    return out;
  }

  std::optional<Target> target(std::string_view text) const {
    Target out;
    if (text.ends_with("true")) {
      auto rest = text.substr(0, text.size() - 4);
      while (rest.ends_with(' ')) rest.remove_suffix(1);
      if (rest.ends_with('=') && !rest.ends_with("!=") && !rest.ends_with("<=") && !rest.ends_with(">=")) {
        rest.remove_suffix(1);
        text = rest;
        out.is_true = true;
        while (text.ends_with(' ')) text.remove_suffix(1);
      }
    }
    for (const auto& name : names_) {
      if (!text.starts_with(name) || (text.size() > name.size() && text[name.size()] != '.')) continue;
      out.path.push_back(name);
      std::string_view rest = text.substr(name.size());
      while (!rest.empty()) {
        rest.remove_prefix(1);
        const auto end = std::min(rest.find('.'), rest.size());
        const auto key = squeezed(rest.substr(0, end));
        if (!is_key(key)) return std::nullopt;
        out.path.push_back(key);
        rest.remove_prefix(end);
      }
      return out;
    }
    return std::nullopt;
  }

  std::vector<Field> fields_of(const rules::Model::Need& need) const {
    std::vector<Field> fields;
    const auto input = inputs_.find(need.name);
    const auto type = input == inputs_.end() ? "" : attribute(child(input->second, "variable"), "typeRef");
    if (type.empty()) {
      fields.push_back({{need.name}, need.name, need.type.text(), {}});
    } else {
      leaves({need.name}, type, {}, 0, fields);
    }
    return fields;
  }

  /// The scalars that a type is made of.
  void leaves(const Path& path, const std::string& type, const std::string& allowed, unsigned depth, std::vector<Field>& out) const {
    const auto found = types_.find(type);
    if (found != types_.end() && depth < type_depth_max) return leaves_of(path, found->second, allowed, depth, out);
    out.push_back({path, path.empty() ? "" : path.back(), type_name(type), choices(allowed)});
  }
  void leaves_of(const Path& path, const pugi::xml_node& node, const std::string& allowed, unsigned depth, std::vector<Field>& out) const {
    if (out.size() > fields_max) return;
    std::string own = child_text(child(node, "allowedValues"), "text");
    if (own.empty()) own = allowed;
    if (node.attribute("isCollection").as_bool()) {
      out.push_back({path, path.empty() ? "" : path.back(), "list", {}});
      return;
    }
    bool has_parts = false;
    each(node, "itemComponent", [&](const pugi::xml_node& part) {
      has_parts = true;
      Path to = path;
      to.push_back(attribute(part, "name"));
      leaves_of(to, part, {}, depth + 1, out);
    });
    if (!has_parts) leaves(path, child_text(node, "typeRef"), own, depth + 1, out);
  }

  /// What a column says of a field: its heading, its type and choices; or that an input of no declared type has this part.
  static void refine(std::vector<Field>& fields, Column& column) {
    if (!column.target || fields.empty() || column.target->path.front() != fields.front().path.front()) return;
    const auto& path = column.target->path;
    const std::string type = column.target->is_true ? "boolean" : column.type;
    const auto known = std::ranges::find(fields, path, &Field::path);
    if (known != fields.end()) {
      if (!column.heading.empty() && known->label == path.back()) known->label = column.heading;
      if (known->type == "Any") known->type = type;
      if (known->allowed.empty()) known->allowed = std::move(column.allowed);
      return;
    }
    const auto open = [&](const Field& field) {
      return (field.type == "Any" || field.type == "context") && field.path.size() < path.size() &&
             std::equal(field.path.begin(), field.path.end(), path.begin());
    };
    const bool beside = std::ranges::any_of(fields, [&](const Field& field) { return field.path.size() > 1; });
    const auto whole = std::ranges::find_if(fields, open);
    if (whole == fields.end() && !beside) return;  // a scalar has no parts
    if (whole != fields.end()) fields.erase(whole);
    fields.push_back({path, column.heading.empty() ? path.back() : column.heading, type, std::move(column.allowed)});
  }

  std::map<std::string, pugi::xml_node, std::less<>> types_, inputs_, by_id_;
  std::multimap<std::string, pugi::xml_node, std::less<>> versions_;
  std::vector<std::string> names_;
};

rules::Value with(const rules::Value& into, std::span<const std::string> path, const rules::Value& value) {
  if (path.empty()) return value;
  std::vector<rules::Entry> entries;
  rules::Value below;
  if (into.is(rules::Kind::context))
    for (const auto& entry : into.entries()) {
      if (entry.key == path.front()) {
        below = entry.value;
      } else {
        entries.push_back(entry);
      }
    }
  entries.push_back({path.front(), with(below, path.subspan(1), value)});
  return rules::Value::context(std::move(entries));
}

/// The example of a finding, which names columns, as an input; nothing where a column is not a plain path.
std::optional<rules::Value> input_of(const rules::Finding& finding, const std::vector<Column>& columns) {
  rules::Value input = rules::Value::context(std::vector<rules::Entry>());
  for (const auto& entry : finding.example.entries()) {
    if (std::ranges::count(columns, entry.key, &Column::label) != 1) return std::nullopt;
    const auto& target = std::ranges::find(columns, entry.key, &Column::label)->target;
    if (!target || (target->is_true && !entry.value.is(rules::Kind::boolean))) return std::nullopt;
    input = with(input, target->path, entry.value);
  }
  return input;
}

}  // namespace

std::vector<Outline> outlines(const rules::Model& model, std::string_view xml) {
  std::vector<Outline> out(model.decisions().size());
  pugi::xml_document document;
  if (!document.load_buffer(xml.data(), xml.size())) return out;
  const Reader reader(document.document_element());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = reader.outline(model.decisions()[i]);
  return out;
}

Result<std::vector<Checked>> check(const rules::Model& model, std::string_view xml) {
  pugi::xml_document document;
  if (const auto read = document.load_buffer(xml.data(), xml.size()); !read)
    return fail(ErrorCode::invalid, {"this is not well-formed XML", "不是格式正确的 XML"});
  std::vector<Checked> out;
  const Reader reader(document.document_element());
  for (auto& finding : model.check(check_steps_max)) {
    std::optional<rules::Value> input;
    const bool example = finding.code == rules::Finding::Code::gap || finding.code == rules::Finding::Code::overlap;
    if (example && finding.example.is(rules::Kind::context)) input = input_of(finding, reader.columns_of(finding.decision));
    out.push_back({std::move(finding), std::move(input)});
  }
  return out;
}

}  // namespace jx::decisions
