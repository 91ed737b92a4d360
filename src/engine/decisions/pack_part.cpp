// The part of a pack that its decisions are: decisions/*.dmn.
#include <jx/decisions.hpp>
#include <jx/decisions/in_pack.hpp>

#include <algorithm>
#include <map>

#include "models.hpp"

namespace jx::decisions {
namespace {

int line_of(std::string_view text, std::string_view word) {
  const auto at = text.find(word);
  if (at == std::string_view::npos) return 1;
  return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

int line_of_id(const pack::File& file, const std::string& id) { return line_of(file.text, "id=\"" + id + "\""); }

class DecisionsPart final : public pack::Part {
 public:
  std::string_view name() const override { return "decisions"; }
  bool owns(std::string_view path) const override { return path.starts_with("decisions/") && path.ends_with(".dmn"); }

  void declare(const pack::Pack& pack, pack::Names& names, pack::Findings& findings) const override {
    for (const auto* file : model_files(pack)) {
      const auto model = load_model(pack, *file);
      if (!model) continue;
      for (const auto& decision : model->decisions()) {
        if (DecisionId::parse(decision.id)) names.declare(pack::Kind::decision, decision.id, *file, line_of_id(*file, decision.id), findings);
      }
    }
  }

  void check(const pack::Pack& pack, const pack::Names&, pack::Findings& findings) const override {
    for (const auto* file : model_files(pack)) {
      const auto model = load_model(pack, *file);
      if (!model) {
        findings.error(*file, 1, model.error().message);
        continue;
      }
      for (const auto& decision : model->decisions()) {
        if (const auto id = DecisionId::parse(decision.id); !id) findings.error(*file, line_of_id(*file, decision.id), id.error().message);
      }
      for (const auto& problem : model->problems()) findings.error(*file, 1, {problem.text("en"), problem.text("zh-CN")});
      for (const auto& finding : model->check()) {
        if (finding.code == rules::Finding::Code::expression) continue;  // a problem, told above
        const auto severity = finding.severity == rules::Finding::Severity::error ? pack::Finding::Severity::error : pack::Finding::Severity::advice;
        findings.add({severity, file->from, line_of(file->text, "name=\"" + finding.decision + "\""), finding.message});
      }
    }
  }

  Result<std::vector<pack::Change>> plan(db::Tx& tx, const Context&, const pack::Pack& pack) const override {
    std::map<std::string, std::string> before;
    JX_TRY(applied, pack::current(tx));
    if (applied) {
      JX_TRY(old, pack::load(tx, applied->hash));
      for (const auto* file : model_files(old)) before[file->path] = file->text;
    }
    std::vector<pack::Change> changes;
    const auto note = [&](pack::Change::Action action, const std::string& path, const char* en, const char* zh) {
      changes.push_back({pack::Kind::decision, action, path, {std::string(en) + " the decisions of " + path, std::string(zh) + "决策文件" + path}});
    };
    for (const auto* file : model_files(pack)) {
      const auto old = before.find(file->path);
      if (old == before.end())
        note(pack::Change::Action::add, file->path, "adds", "新增");
      else if (old->second != file->text)
        note(pack::Change::Action::change, file->path, "changes", "修改");
      before.erase(file->path);
    }
    for (const auto& [path, text] : before) note(pack::Change::Action::end, path, "ends", "终止");
    return changes;
  }

  Result<> apply(db::Tx&, const Context&, const pack::Pack&) const override { return {}; }
};

}  // namespace

std::optional<rules::Model> model_in(const pack::Pack& pack, const DecisionId& id) {
  for (const auto* file : model_files(pack)) {
    auto model = load_model(pack, *file);
    if (model && std::ranges::any_of(model->decisions(), [&](const auto& one) { return one.id == id.text(); })) return std::move(*model);
  }
  return std::nullopt;
}

std::unique_ptr<pack::Part> pack_part() { return std::make_unique<DecisionsPart>(); }

}  // namespace jx::decisions
