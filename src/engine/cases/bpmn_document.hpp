// bpmn_document.hpp - a BPMN file as a tree of elements with lines, names without prefixes, and an index of ids.
#pragma once
#include <jx/core.hpp>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jx::cases {

/// The namespace of what this program adds to BPMN.
inline constexpr std::string_view jx_namespace = "urn:junxian:bpmn:1";

/// What stands in files for the namespace by mistake: BPMN ignores attributes that it does not know, and who may do a task would be lost in silence.
[[nodiscard]] bool is_taken_for_jx(std::string_view uri);

enum class Space : std::uint8_t { bpmn, jx, other };

struct Element {
  Space space = Space::bpmn;
  std::string name;                                             // local
  std::vector<std::pair<std::string, std::string>> attributes;  // `id`, `xsi:type` (without its prefix), `jx:unit`
  std::string text;                                             // its own, trimmed
  int line = 1;
  Element* parent = nullptr;
  std::vector<std::unique_ptr<Element>> children;

  [[nodiscard]] bool is(std::string_view local) const { return space == Space::bpmn && name == local; }
  [[nodiscard]] bool is_any(std::initializer_list<std::string_view> names) const;
  /// "" where there is none; see has().
  [[nodiscard]] std::string_view attr(std::string_view key) const;
  [[nodiscard]] bool has(std::string_view key) const;
  [[nodiscard]] bool flag(std::string_view key, bool otherwise) const;
  /// A reference without its namespace prefix.
  [[nodiscard]] std::string_view ref(std::string_view key) const;
  [[nodiscard]] std::string_view id() const { return attr("id"); }
  /// The first child of that name; null if none.
  [[nodiscard]] const Element* child(std::string_view local) const;
  [[nodiscard]] std::vector<const Element*> all(std::string_view local) const;
  [[nodiscard]] std::size_t count(std::string_view local) const;
  /// The text of a child as a reference; "".
  [[nodiscard]] std::string_view child_ref(std::string_view local) const;
  /// The nearest element above of that name; null if none.
  [[nodiscard]] const Element* above(std::string_view local) const;
  /// id, or else the name of the element.
  [[nodiscard]] std::string label() const { return id().empty() ? name : std::string(id()); }
};

[[nodiscard]] std::string_view without_prefix(std::string_view reference);

class Document {
 public:
  /// Errors: invalid (not XML, not BPMN 2.0; the message says the line); too_large.
  [[nodiscard]] static Result<Document> parse(std::string_view xml);

  [[nodiscard]] const Element& root() const { return *root_; }
  /// Every element of BPMN, in the order of the file.
  [[nodiscard]] const std::vector<const Element*>& elements() const { return elements_; }
  /// Null if there is none.
  [[nodiscard]] const Element* find(std::string_view id) const;
  /// Elements whose id another one has already.
  [[nodiscard]] const std::vector<const Element*>& doubled() const { return doubled_; }
  /// The first element that uses a namespace which is_taken_for_jx(), and that namespace; null if none does.
  [[nodiscard]] const Element* misnamed() const { return misnamed_; }
  [[nodiscard]] const std::string& misnamed_space() const { return misnamed_space_; }
  /// The sequence flows that leave and enter a node, by sourceRef and targetRef, in the order of the file.
  [[nodiscard]] const std::vector<const Element*>& outgoing(std::string_view id) const { return at(out_, id); }
  [[nodiscard]] const std::vector<const Element*>& incoming(std::string_view id) const { return at(in_, id); }
  /// Whether nodes list their flows as `incoming` and `outgoing`, as modellers write them. A file by hand may leave all of them out: then the flows
  /// say it all.
  [[nodiscard]] bool lists_flows() const;

 private:
  using Lists = std::map<std::string, std::vector<const Element*>, std::less<>>;
  [[nodiscard]] static const std::vector<const Element*>& at(const Lists& lists, std::string_view id);

  std::unique_ptr<Element> root_;
  std::vector<const Element*> elements_;
  std::map<std::string, const Element*, std::less<>> by_id_;
  std::vector<const Element*> doubled_;
  const Element* misnamed_ = nullptr;
  std::string misnamed_space_;
  Lists out_, in_;
};

[[nodiscard]] bool is_flow_node(const Element& element);
[[nodiscard]] bool is_activity(const Element& element);
[[nodiscard]] bool is_gateway(const Element& element);
[[nodiscard]] bool is_event(const Element& element);
/// Within a process that is executable, or in a global task.
[[nodiscard]] bool is_executable(const Element& element);
/// The event definitions of an event, its own and those that it refers to.
[[nodiscard]] std::vector<const Element*> event_definitions(const Document& document, const Element& event);
[[nodiscard]] bool has_event(const Document& document, const Element& event, std::string_view definition);

}  // namespace jx::cases
