#include "bpmn_document.hpp"

#include <jx/cases/model.hpp>

#include <pugixml.hpp>

#include <algorithm>
#include <functional>

namespace jx::cases {
namespace {

constexpr std::string_view bpmn_namespace = "http://www.omg.org/spec/BPMN/20100524/MODEL";
constexpr std::string_view xsi_namespace = "http://www.w3.org/2001/XMLSchema-instance";

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::pair<std::string_view, std::string_view> split(std::string_view name) {
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? std::pair<std::string_view, std::string_view>{"", name}
                                         : std::pair<std::string_view, std::string_view>{name.substr(0, colon), name.substr(colon + 1)};
}

/// Turns pugixml's tree into ours: namespaces resolved, diagrams left out, lines known.
class Reader {
 public:
  explicit Reader(std::string_view xml) {
    for (std::size_t i = 0; i < xml.size(); ++i) {
      if (xml[i] == '\n') newlines_.push_back(i);
    }
  }

  Result<std::unique_ptr<Element>> read(const pugi::xml_node& node, Element* parent, std::size_t depth) {
    if (depth > model_depth_max) return fail(ErrorCode::too_large, {"the elements nest too deeply", "元素嵌套过深"});
    if (++count_ > model_elements_max) return fail(ErrorCode::too_large, {"the file has too many elements", "文件中的元素过多"});
    const std::size_t bound = bindings_.size();
    bind(node);
    auto element = std::make_unique<Element>();
    element->parent = parent;
    element->line = line_of(node.offset_debug());
    const auto [prefix, local] = split(node.name());
    element->space = space_of(prefix);
    look_at(uri_of(prefix), *element);
    element->name = local;
    for (const pugi::xml_attribute& attribute : node.attributes()) add(*element, attribute);
    for (const pugi::xml_node& child : node.children()) {
      if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) element->text += child.value();
      if (child.type() != pugi::node_element) continue;
      if (is_diagram(child)) continue;
      JX_TRY(below, read(child, element.get(), depth + 1));
      element->children.push_back(std::move(below));
    }
    element->text = trimmed(element->text);
    bindings_.resize(bound);
    return element;
  }

  [[nodiscard]] const Element* misnamed() const { return misnamed_; }
  [[nodiscard]] const std::string& misnamed_space() const { return misnamed_space_; }

  [[nodiscard]] int line_of(std::ptrdiff_t offset) const {
    if (offset < 0) return 1;
    return static_cast<int>(std::lower_bound(newlines_.begin(), newlines_.end(), static_cast<std::size_t>(offset)) - newlines_.begin()) + 1;
  }

 private:
  void bind(const pugi::xml_node& node) {
    for (const pugi::xml_attribute& attribute : node.attributes()) {
      const std::string_view name = attribute.name();
      if (name == "xmlns") bindings_.emplace_back("", attribute.value());
      if (name.starts_with("xmlns:")) bindings_.emplace_back(name.substr(6), attribute.value());
    }
  }
  [[nodiscard]] std::string_view uri_of(std::string_view prefix) const {
    for (auto it = bindings_.rbegin(); it != bindings_.rend(); ++it) {
      if (it->first == prefix) return it->second;
    }
    return {};
  }
  [[nodiscard]] Space space_of(std::string_view prefix) const {
    const auto uri = uri_of(prefix);
    return uri == bpmn_namespace ? Space::bpmn : uri == jx_namespace ? Space::jx : Space::other;
  }
  [[nodiscard]] bool is_diagram(const pugi::xml_node& node) const {
    const auto [prefix, local] = split(node.name());
    return local == "BPMNDiagram" || uri_of(prefix).starts_with("http://www.omg.org/spec/BPMN/20100524/DI");
  }
  void look_at(std::string_view uri, const Element& element) {
    if (misnamed_ != nullptr || !is_taken_for_jx(uri)) return;
    misnamed_ = &element;
    misnamed_space_ = uri;
  }
  void add(Element& element, const pugi::xml_attribute& attribute) {
    const auto [prefix, local] = split(attribute.name());
    if (prefix == "xmlns" || (prefix.empty() && local == "xmlns")) return;
    std::string_view value = attribute.value();
    if (prefix.empty()) return element.attributes.emplace_back(local, value), void();
    const auto uri = uri_of(prefix);
    look_at(uri, element);
    if (uri == xsi_namespace && local == "type")
      element.attributes.emplace_back("xsi:type", without_prefix(value));
    else if (uri == jx_namespace)
      element.attributes.emplace_back("jx:" + std::string(local), value);
    else if (prefix == "xml" && local == "lang")
      element.attributes.emplace_back("xml:lang", value);
  }

  std::vector<std::size_t> newlines_;
  std::vector<std::pair<std::string, std::string>> bindings_;
  const Element* misnamed_ = nullptr;
  std::string misnamed_space_;
  std::size_t count_ = 0;
};

}  // namespace

bool is_taken_for_jx(std::string_view uri) {
  return uri != jx_namespace && (uri == "https://junxian.example/bpmn" || uri.starts_with("urn:junxian:bpmn") || uri.starts_with("urn:junxian:dmn"));
}

std::string_view without_prefix(std::string_view reference) { return split(reference).second; }

bool Element::is_any(std::initializer_list<std::string_view> names) const {
  return space == Space::bpmn && std::find(names.begin(), names.end(), name) != names.end();
}

bool Element::has(std::string_view key) const {
  return std::any_of(attributes.begin(), attributes.end(), [&](const auto& pair) { return pair.first == key; });
}

std::string_view Element::attr(std::string_view key) const {
  for (const auto& [name_, value] : attributes) {
    if (name_ == key) return value;
  }
  return {};
}

bool Element::flag(std::string_view key, bool otherwise) const {
  const auto value = attr(key);
  return value == "true" || value == "1" ? true : value == "false" || value == "0" ? false : otherwise;
}

std::string_view Element::ref(std::string_view key) const { return without_prefix(attr(key)); }

const Element* Element::child(std::string_view local) const {
  for (const auto& below : children) {
    if (below->is(local)) return below.get();
  }
  return nullptr;
}

std::vector<const Element*> Element::all(std::string_view local) const {
  std::vector<const Element*> found;
  for (const auto& below : children) {
    if (below->is(local)) found.push_back(below.get());
  }
  return found;
}

std::size_t Element::count(std::string_view local) const { return all(local).size(); }

std::string_view Element::child_ref(std::string_view local) const {
  const auto* below = child(local);
  return below == nullptr ? std::string_view{} : without_prefix(below->text);
}

const Element* Element::above(std::string_view local) const {
  for (const Element* up = parent; up != nullptr; up = up->parent) {
    if (up->is(local)) return up;
  }
  return nullptr;
}

Result<Document> Document::parse(std::string_view xml) {
  if (xml.size() > model_bytes_max) return fail(ErrorCode::too_large, {"a BPMN file is at most 4 MiB", "BPMN 文件不得超过 4 MiB"});
  pugi::xml_document tree;
  const auto parsed = tree.load_buffer(xml.data(), xml.size(), pugi::parse_default | pugi::parse_ws_pcdata_single, pugi::encoding_utf8);
  Reader reader(xml);
  if (!parsed) {
    const std::string at = std::to_string(reader.line_of(parsed.offset));
    return fail(ErrorCode::invalid, {"line " + at + ": not XML: " + parsed.description(), "第 " + at + " 行：不是 XML"}, "/" + at);
  }
  const pugi::xml_node top = tree.document_element();
  Document document;
  JX_TRY(root, reader.read(top, nullptr, 0));
  if (!root->is("definitions"))
    return fail(ErrorCode::invalid, {"the root is not `definitions` of BPMN 2.0", "根元素不是 BPMN 2.0 的 definitions"}, "/1");
  document.root_ = std::move(root);
  document.misnamed_ = reader.misnamed();
  document.misnamed_space_ = reader.misnamed_space();
  const std::function<void(const Element&)> index = [&](const Element& element) {
    if (element.space == Space::bpmn) {
      document.elements_.push_back(&element);
      if (element.is("sequenceFlow")) {
        document.out_[std::string(element.ref("sourceRef"))].push_back(&element);
        document.in_[std::string(element.ref("targetRef"))].push_back(&element);
      }
      if (!element.id().empty() && !document.by_id_.emplace(element.id(), &element).second) document.doubled_.push_back(&element);
    }
    if (element.is("extensionElements")) return;
    for (const auto& below : element.children) index(*below);
  };
  index(*document.root_);
  return document;
}

const Element* Document::find(std::string_view id) const {
  const auto it = by_id_.find(id);
  return it == by_id_.end() ? nullptr : it->second;
}

bool is_activity(const Element& e) {
  return e.is_any({"task", "sendTask", "receiveTask", "serviceTask", "userTask", "manualTask", "scriptTask", "businessRuleTask", "callActivity",
                   "subProcess", "transaction", "adHocSubProcess"});
}
bool is_gateway(const Element& e) {
  return e.is_any({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "complexGateway", "eventBasedGateway"});
}
bool is_event(const Element& e) { return e.is_any({"startEvent", "endEvent", "intermediateThrowEvent", "intermediateCatchEvent", "boundaryEvent"}); }
bool Document::lists_flows() const {
  return std::ranges::any_of(elements_, [](const Element* e) { return is_flow_node(*e) && (e->child("incoming") || e->child("outgoing")); });
}

bool is_flow_node(const Element& e) { return is_activity(e) || is_gateway(e) || is_event(e); }

bool is_executable(const Element& element) {
  const Element* process = element.is("process") ? &element : element.above("process");
  return process == nullptr || process->flag("isExecutable", false);
}

std::vector<const Element*> event_definitions(const Document& document, const Element& event) {
  std::vector<const Element*> found;
  for (const auto& below : event.children) {
    if (below->is("eventDefinitionRef")) {
      if (const auto* other = document.find(without_prefix(below->text))) found.push_back(other);
    } else if (below->space == Space::bpmn && below->name.ends_with("EventDefinition")) {
      found.push_back(below.get());
    }
  }
  return found;
}

bool has_event(const Document& document, const Element& event, std::string_view definition) {
  const auto all = event_definitions(document, event);
  return std::any_of(all.begin(), all.end(), [&](const Element* e) { return e->is(definition); });
}

const std::vector<const Element*>& Document::at(const Lists& lists, std::string_view id) {
  static const std::vector<const Element*> nothing;
  const auto it = lists.find(id);
  return it == lists.end() ? nothing : it->second;
}

}  // namespace jx::cases
