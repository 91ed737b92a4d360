// model_load.cpp - DMN's XML to ModelData: files and imports, elements, requirements, types, and the code of each element.
#include "boxed.hpp"
#include "model_types.hpp"
#include "lexer.hpp"
#include "names.hpp"
#include "table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace jx::rules {
namespace xml {

std::string_view extension(const pugi::xml_node& node, std::string_view name) {
  for (const auto& a : node.attributes()) {
    const std::string_view full = a.name();
    const auto colon = full.find(':');
    if (colon == std::string_view::npos || full.substr(colon + 1) != name) continue;
    const std::string declaration = "xmlns:" + std::string(full.substr(0, colon));
    for (auto at = node; at; at = at.parent())
      if (const auto declared = at.attribute(declaration.c_str()))
        return declared.value() == extension_namespace ? std::string_view(a.value()) : std::string_view();
  }
  return {};
}

}  // namespace xml

void add_law(const pugi::xml_node& node, std::vector<std::string>& laws) {
  std::string law(xml::extension(node, "law"));
  if (law.empty()) return;
  for (const auto* part : {"article", "clause"})
    if (const auto value = xml::extension(node, part); !value.empty()) law.append(" ").append(value);
  if (std::ranges::find(laws, law) == laws.end()) laws.push_back(std::move(law));
}

Validity validity_of(Builder& builder, const pugi::xml_node& node) {
  Validity validity;
  const auto day = [&](const char* name, std::optional<LocalDate>& into) {
    const auto text = xml::extension(node, name);
    if (text.empty()) return;
    if (const auto date = LocalDate::parse(text)) {
      into = *date;
    } else {
      builder.problem(DiagnosticCode::model, *builder.site(builder.where, std::string(text)), 0,
                      {fmt::format("{} is no date", name), fmt::format("{} 不是日期", name)});
    }
  };
  day("valid_from", validity.from);
  day("valid_to", validity.to);
  return validity;
}

namespace {
constexpr std::size_t problems_max = 1'000;
}

const Site* Builder::site(std::string_view part, std::string text) {
  data.sites.push_back({std::string(part), std::move(text)});
  return &data.sites.back();
}

void Builder::problem(DiagnosticCode code, const Site& site, std::uint32_t at, Words message) {
  if (data.problems.size() >= problems_max) return;
  data.problems.push_back({code, std::move(message), site.where, position_of(site.text, std::min(at, static_cast<std::uint32_t>(site.text.size())))});
}

namespace {

constexpr std::size_t elements_max = 5'000;

using detail::ModelData;

class Loader {
 public:
  Loader(ModelData& data, const Model::Resolver& resolver) : data_(data), resolver_(resolver) {}

  Result<> run(std::string_view xml) {
    JX_CHECK(read_file(xml, {}));
    for (auto& file : files_) {
      for (const auto& [name, unit] : data_.units[file->unit].imports) file->types->import(name, files_[unit]->types.get());
    }
    for (auto& file : files_) JX_CHECK(declare_elements(*file));
    for (auto& file : files_) resolve_requirements(*file);
    JX_CHECK(refuse_cycles());
    for (auto& file : files_) compile_elements(*file);
    join_versions();
    describe_decisions();
    data_.name = data_.units[0].name;
    data_.model_namespace = data_.units[0].model_namespace;
    return {};
  }

 private:
  struct File {
    std::size_t unit;
    pugi::xml_document document;
    pugi::xml_node definitions;
    std::unique_ptr<ItemTypes> types;
    std::map<std::string, std::size_t, std::less<>> by_id;  // elements of this file
    std::vector<std::pair<std::size_t, pugi::xml_node>> elements;
    std::map<std::string, std::size_t, std::less<>> implied;  // inputs that nothing declares, by key
  };

  // --- files ---------------------------------------------------------------------------------------------------------------
  Result<std::size_t> read_file(std::string_view xml, std::string_view expected_namespace) {
    if (xml.size() > model_bytes_max) return fail(ErrorCode::too_large, {"the DMN file is over 16 MiB", "DMN 文件超过 16 MiB"});
    if (files_.size() >= models_max) return fail(ErrorCode::too_large, {"the model imports more than 64 files", "模型导入的文件超过 64 个"});
    auto file = std::make_unique<File>();
    const auto parsed = file->document.load_buffer(xml.data(), xml.size());
    if (!parsed)
      return fail(ErrorCode::invalid, {fmt::format("this is not well-formed XML, at octet {}: {}", parsed.offset, parsed.description()),
                                       fmt::format("第 {} 个字节处不是格式正确的 XML", parsed.offset)});
    file->definitions = file->document.document_element();
    if (xml::local_name(file->definitions) != "definitions")
      return fail(ErrorCode::invalid, {"this is not DMN: the root element is not 'definitions'", "不是 DMN 文件：根元素不是 definitions"});
    const std::size_t unit = files_.size();
    file->unit = unit;
    file->types = std::make_unique<ItemTypes>(data_, file->definitions);
    data_.units.push_back({normal_name(xml::attribute(file->definitions, "name")), std::string(xml::attribute(file->definitions, "namespace")), {}});
    if (!expected_namespace.empty() && data_.units[unit].model_namespace != expected_namespace)
      return fail(ErrorCode::invalid,
                  {fmt::format("the imported model has the namespace {}, not {}", data_.units[unit].model_namespace, expected_namespace),
                   "导入的模型命名空间不符"});
    const auto definitions = file->definitions;
    files_.push_back(std::move(file));
    for (const auto& node : definitions.children())
      if (xml::local_name(node) == "import") JX_CHECK(read_import(unit, node));
    return unit;
  }

  Result<> read_import(std::size_t unit, const pugi::xml_node& node) {
    const auto type = xml::attribute(node, "importType");
    if (type.find("DMN") == std::string_view::npos && type.find("dmn") == std::string_view::npos) return {};  // PMML, XML Schema: nothing of FEEL
    const Model::Import import{normal_name(xml::attribute(node, "name")), std::string(xml::attribute(node, "namespace")),
                               std::string(xml::attribute(node, "locationURI"))};
    for (std::size_t known = 0; known < data_.units.size(); ++known) {
      if (data_.units[known].model_namespace != import.model_namespace) continue;
      data_.units[unit].imports.emplace_back(import.name, known);
      return {};
    }
    if (!resolver_)
      return fail(ErrorCode::invalid, {fmt::format("the model imports {}, and imports cannot be read here", import.model_namespace),
                                       fmt::format("模型导入了 {}，此处无法读取导入", import.model_namespace)});
    JX_TRY(xml, resolver_(import));
    JX_TRY(imported, read_file(xml, import.model_namespace));
    data_.units[unit].imports.emplace_back(import.name, imported);
    return {};
  }

  // --- elements --------------------------------------------------------------------------------------------------------------
  static std::optional<ElementKind> kind_of_tag(std::string_view tag) {
    if (tag == "inputData") return ElementKind::input;
    if (tag == "decision") return ElementKind::decision;
    if (tag == "businessKnowledgeModel") return ElementKind::knowledge;
    return tag == "decisionService" ? std::optional(ElementKind::service) : std::nullopt;
  }

  Result<> declare_elements(File& file) {
    for (const auto& node : file.definitions.children()) {
      const auto kind = kind_of_tag(xml::local_name(node));
      if (!kind) continue;
      if (data_.elements.size() >= elements_max)
        return fail(ErrorCode::too_large, {"the model has more than 5,000 elements", "模型的元素超过 5,000 个"});
      const std::size_t index = data_.elements.size();
      auto& element = data_.elements.emplace_back();
      element.kind = *kind;
      element.unit = file.unit;
      element.name = normal_name(xml::attribute(node, "name"));
      if (element.name.size() > name_bytes_max)
        return fail(ErrorCode::too_large,
                    {fmt::format("the name of an element is over {} octets", name_bytes_max), fmt::format("元素名称超过 {} 字节", name_bytes_max)});
      element.id = xml::attribute(node, "id");
      element.question = xml::child_text(node, "question");
      element.description = xml::child_text(node, "description");
      add_law(node, element.laws);
      element.own_laws = element.laws.size();
      if (!element.id.empty() && !file.by_id.emplace(element.id, index).second)
        return fail(ErrorCode::invalid, {fmt::format("the id '{}' is there twice", element.id), fmt::format("标识“{}”重复", element.id)});
      file.elements.emplace_back(index, node);
    }
    return {};
  }

  /// `#id`, `namespace#id`, or a bare id.
  std::optional<std::size_t> find_reference(const File& file, std::string_view href) const {
    const auto hash = href.find('#');
    const auto id = hash == std::string_view::npos ? href : href.substr(hash + 1);
    const auto wanted = hash == std::string_view::npos ? std::string_view() : href.substr(0, hash);
    for (const auto& other : files_) {
      const bool own = other->unit == file.unit;
      if (wanted.empty() ? !own : data_.units[other->unit].model_namespace != wanted) continue;
      if (const auto at = other->by_id.find(id); at != other->by_id.end()) return at->second;
    }
    return std::nullopt;
  }

  void add_reference(const File& file, const Element& from, std::string_view href, std::vector<std::size_t>& into) {
    if (const auto index = find_reference(file, href)) {
      if (std::ranges::find(into, *index) == into.end()) into.push_back(*index);
    } else {
      data_.problems.push_back(
          {DiagnosticCode::model, {fmt::format("it refers to {}, which is not there", href), fmt::format("引用的 {} 不存在", href)}, from.name, {}});
    }
  }

  void resolve_requirements(File& file) {
    for (const auto& [index, node] : file.elements) {
      auto& element = data_.elements[index];
      const auto references = [&](const pugi::xml_node& holder, std::string_view tag, std::vector<std::size_t>& into) {
        xml::each(holder, tag, [&](const pugi::xml_node& r) { add_reference(file, element, xml::attribute(r, "href"), into); });
      };
      xml::each(node, "informationRequirement", [&](const pugi::xml_node& r) {
        references(r, "requiredInput", element.needs);
        references(r, "requiredDecision", element.needs);
      });
      xml::each(node, "knowledgeRequirement", [&](const pugi::xml_node& r) { references(r, "requiredKnowledge", element.needs); });
      if (element.kind != ElementKind::service) continue;
      references(node, "inputData", element.parameters);
      references(node, "inputDecision", element.parameters);
      references(node, "outputDecision", element.outputs);
    }
  }

  // A decision that needs itself, however indirectly, has no value. A service needs its outputs; its parameters stop there.
  Result<> refuse_cycles() const {
    enum class Mark : std::uint8_t { fresh, open, done };
    std::vector<Mark> marks(data_.elements.size());
    struct Step {
      std::size_t element;
      std::size_t next;
    };
    for (std::size_t start = 0; start < marks.size(); ++start) {
      if (marks[start] != Mark::fresh) continue;
      std::vector<Step> path{{start, 0}};
      marks[start] = Mark::open;
      while (!path.empty()) {
        auto& [index, next] = path.back();
        const auto& needs = data_.elements[index].needs;
        if (next == needs.size()) {
          marks[index] = Mark::done;
          path.pop_back();
          continue;
        }
        const std::size_t need = needs[next++];
        if (marks[need] == Mark::open && need != index)
          return fail(ErrorCode::invalid, {fmt::format("'{}' requires itself, by way of '{}'", data_.elements[need].name, data_.elements[index].name),
                                           fmt::format("“{}”经“{}”依赖于自身", data_.elements[need].name, data_.elements[index].name)});
        if (marks[need] == Mark::open && data_.elements[index].kind == ElementKind::decision)
          return fail(ErrorCode::invalid,
                      {fmt::format("'{}' requires itself", data_.elements[need].name), fmt::format("“{}”依赖于自身", data_.elements[need].name)});
        if (marks[need] != Mark::fresh) continue;
        marks[need] = Mark::open;
        path.push_back({need, 0});
      }
    }
    return {};
  }

  // --- code --------------------------------------------------------------------------------------------------------------------
  static Binding binding_of(const Element& element, std::size_t index) {
    Binding binding;
    binding.key = name_key(element.name);
    binding.name = element.name;
    binding.op = Op::element;
    binding.index = index;
    binding.type = element.type;
    binding.constant = element.kind == ElementKind::knowledge || element.kind == ElementKind::service;
    return binding;
  }

  /// The names that the logic of an element may use: what it requires, and imported elements under the import's name.
  Environment environment_of(File& file, std::size_t index) {
    Environment environment;
    const auto& element = data_.elements[index];
    auto needs = element.needs;
    if (element.kind == ElementKind::knowledge) needs.push_back(index);  // it may call itself
    for (const std::size_t need : needs) {
      const auto& needed = data_.elements[need];
      if (needed.unit == file.unit) {
        environment.names.push_back(binding_of(needed, need));
        continue;
      }
      for (const auto& [name, unit] : data_.units[file.unit].imports) {
        if (unit != needed.unit) continue;
        if (name.empty()) {
          environment.names.push_back(binding_of(needed, need));
          break;
        }
        const auto key = name_key(name);
        auto import = std::ranges::find_if(environment.names, [&](const Binding& b) { return b.key == key && b.op == Op::unknown; });
        if (import == environment.names.end()) {
          Binding made;
          made.key = key;
          made.name = name;
          made.op = Op::unknown;
          environment.names.push_back(std::move(made));
          import = environment.names.end() - 1;
        }
        import->members.push_back(binding_of(needed, need));
        break;
      }
    }
    environment.types = [&file](std::string_view name) { return file.types->find(name); };
    environment.discover = [this, &file, index](std::string_view name) { return implied_input(file, index, name); };
    return environment;
  }

  // What nothing declares becomes an input of the model: files made without input data work, and the check tells of it.
  // What is declared and not required is out of scope, and so is everything but its parameters to a piece of knowledge.
  std::optional<Binding> implied_input(File& file, std::size_t for_element, std::string_view name) {
    if (name == "?" || name == "item" || name == "partial") return std::nullopt;
    const auto key = name_key(name);
    const auto& asking = data_.elements[for_element];
    const bool declared = std::ranges::any_of(file.elements, [&](const auto& e) { return name_key(data_.elements[e.first].name) == key; });
    if (declared || asking.kind == ElementKind::knowledge) {
      Words message = declared ? Words{fmt::format("'{}' is used but not required: draw the requirement", name),
                                       fmt::format("使用了“{}”但没有画出对它的依赖", name)}
                               : Words{fmt::format("'{}' is no parameter", name), fmt::format("“{}”不是参数", name)};
      const auto told = [&](const Diagnostic& d) { return d.where == asking.name && d.message.en == message.en; };
      if (data_.problems.size() < problems_max && std::ranges::none_of(data_.problems, told))
        data_.problems.push_back({DiagnosticCode::unknown_name, std::move(message), asking.name, {}});
      return std::nullopt;
    }
    auto known = file.implied.find(key);
    if (known == file.implied.end()) {
      if (data_.elements.size() >= elements_max) return std::nullopt;
      auto& element = data_.elements.emplace_back();
      element.name = name;
      element.unit = file.unit;
      element.declared = false;
      known = file.implied.emplace(key, data_.elements.size() - 1).first;
    }
    auto& needs = data_.elements[for_element].needs;
    if (std::ranges::find(needs, known->second) == needs.end()) needs.push_back(known->second);
    return binding_of(data_.elements[known->second], known->second);
  }

  void compile_elements(File& file) {
    // Types first: code asks for those of the elements it names.
    for (const auto& [index, node] : file.elements) declare_type(file, index, node);
    for (std::size_t i = 0; i < file.elements.size(); ++i) {
      const auto& [index, node] = file.elements[i];
      auto& element = data_.elements[index];
      auto environment = environment_of(file, index);
      Builder builder(data_, environment, element.name, &element);
      element.site = {element.name, {}};
      element.validity = validity_of(builder, node);
      if (element.kind == ElementKind::decision) compile_decision(builder, node);
      if (element.kind == ElementKind::knowledge) compile_knowledge(builder, node);
      if (element.kind != ElementKind::decision && element.kind != ElementKind::knowledge) continue;
      for (const std::size_t need : element.needs)
        if (std::ranges::find(environment.used, need) == environment.used.end() && data_.elements[need].declared) element.unused.push_back(need);
    }
  }

  void declare_type(File& file, std::size_t index, const pugi::xml_node& node) {
    auto& element = data_.elements[index];
    Environment environment;
    environment.types = [&file](std::string_view name) { return file.types->find(name); };
    Builder builder(data_, environment, element.name, &element);
    auto variable = type_ref(builder, xml::attribute(xml::child(node, "variable"), "typeRef"), element.name);
    if (element.kind == ElementKind::input || element.kind == ElementKind::decision) {
      element.type = std::move(variable);
      return;
    }
    const bool function = kind_of(variable) == TypeKind::function && !variable->open;
    element.result = function ? variable->element : kind_of(variable) == TypeKind::function ? nullptr : variable;
    element.type = function ? variable : function_type({}, element.result);
  }

  void compile_decision(Builder& builder, const pugi::xml_node& node) {
    auto& element = *builder.element;
    const auto logic = expression_of(node);
    auto ast = boxed(builder, logic, element.name);
    if (xml::local_name(logic) != "decisionTable") element.table = nullptr;
    element.body = compile(*ast, element.site);
    element.frame_size = builder.names.frame_size();
  }

  void compile_knowledge(Builder& builder, const pugi::xml_node& node) {
    auto& element = *builder.element;
    const auto logic = xml::child(node, "encapsulatedLogic");  // without one it is a function without parameters, of null
    const auto ast = boxed_function(builder, logic, element.name);
    auto lambda = compile_lambda(*ast->function, ast->asked ? ast->asked : element.result, element.site);
    lambda->name = element.name;
    if (xml::local_name(expression_of(logic)) != "decisionTable") element.table = nullptr;
    element.unsupported = ast->function->external;
    element.lambda = std::move(lambda);
  }

  // --- what the public sees --------------------------------------------------------------------------------------------------
  void join_versions() {
    for (auto& file : files_) {
      for (const auto& [index, node] : file->elements) {
        const auto of = xml::extension(node, "version_of");
        if (of.empty()) continue;
        const auto base = find_named(*file, of);
        if (base && *base != index && data_.elements[*base].kind == ElementKind::decision && data_.elements[index].kind == ElementKind::decision) {
          data_.elements[*base].versions.push_back(index);
        } else {
          data_.problems.push_back({DiagnosticCode::model,
                                    {fmt::format("it is a version of '{}', which is no decision here", of), fmt::format("所指的决策“{}”不存在", of)},
                                    data_.elements[index].name,
                                    {}});
        }
      }
    }
  }

  std::optional<std::size_t> find_named(const File& file, std::string_view name) const {
    for (const auto& [index, node] : file.elements)
      if (data_.elements[index].name == normal_name(name) || data_.elements[index].id == name) return index;
    return std::nullopt;
  }

  /// Name of an element for the outside: under the names of the imports that lead to it.
  std::string outside_name(std::size_t index) const {
    const auto& element = data_.elements[index];
    if (element.unit == 0) return element.name;
    std::vector<std::string> prefix(data_.units.size());
    std::vector<bool> seen(data_.units.size());
    std::vector<std::size_t> queue{0};
    seen[0] = true;
    for (std::size_t i = 0; i < queue.size(); ++i) {
      for (const auto& [name, unit] : data_.units[queue[i]].imports) {
        if (seen[unit]) continue;
        seen[unit] = true;
        prefix[unit] = prefix[queue[i]] + (name.empty() ? "" : name + ".");
        queue.push_back(unit);
      }
    }
    return prefix[element.unit] + element.name;
  }

  void describe_decisions() {
    for (const auto& [index, node] : files_[0]->elements) {
      const auto& element = data_.elements[index];
      const bool service = element.kind == ElementKind::service;
      if (!service && element.kind != ElementKind::decision) continue;
      Model::Decision decision;
      decision.name = element.name;
      decision.id = element.id;
      decision.question = element.question;
      decision.description = element.description;
      decision.type = Type(service ? element.result : element.type);
      decision.is_service = service;
      std::vector<std::size_t> inputs, requires_;
      gather(index, inputs, requires_, decision.laws);
      for (const std::size_t input : inputs) decision.needs.push_back({outside_name(input), Type(data_.elements[input].type)});
      const std::size_t at = data_.decisions.size();
      data_.by_name.emplace(element.id, at);
      data_.by_name.insert_or_assign(element.name, at);
      data_.decisions.push_back(std::move(decision));
      data_.decision_elements.push_back(index);
      data_.decision_needs.push_back(std::move(inputs));
      data_.decision_requires.push_back(std::move(requires_));
    }
  }

  /// Inputs and decisions below an element; for a service, what is given to it.
  void gather(std::size_t start, std::vector<std::size_t>& inputs, std::vector<std::size_t>& requires_, std::vector<std::string>& laws) const {
    std::vector<bool> seen(data_.elements.size());
    std::vector<std::size_t> queue{start};
    seen[start] = true;
    for (std::size_t i = 0; i < queue.size(); ++i) {
      const auto& element = data_.elements[queue[i]];
      for (const auto& law : element.laws)
        if (std::ranges::find(laws, law) == laws.end()) laws.push_back(law);
      const bool is_start_service = queue[i] == start && element.kind == ElementKind::service;
      if (element.kind == ElementKind::input) inputs.push_back(queue[i]);
      if (element.kind == ElementKind::decision && queue[i] != start) requires_.push_back(queue[i]);
      if (element.kind == ElementKind::service && !is_start_service) continue;
      std::vector<std::size_t> next = is_start_service ? element.parameters : element.needs;
      if (!is_start_service) next.insert(next.end(), element.versions.begin(), element.versions.end());
      for (const std::size_t need : next) {
        if (seen[need]) continue;
        seen[need] = true;
        if (is_start_service) {
          inputs.push_back(need);
        } else {
          queue.push_back(need);
        }
      }
    }
  }

  ModelData& data_;
  const Model::Resolver& resolver_;
  std::vector<std::unique_ptr<File>> files_;
};

}  // namespace

Result<> load_model(detail::ModelData& data, std::string_view xml, const Model::Resolver& resolver) { return Loader(data, resolver).run(xml); }

}  // namespace jx::rules
