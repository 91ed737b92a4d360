#include <jx/decisions.hpp>

#include "models.hpp"

#include <algorithm>

namespace jx::decisions {

std::vector<const pack::File*> model_files(const pack::Pack& pack) { return pack.in("decisions", ".dmn"); }

Result<rules::Model> load_model(const pack::Pack& pack, const pack::File& file) {
  const auto resolve = [&](const rules::Model::Import& import) -> Result<std::string> {
    for (const auto* candidate : model_files(pack)) {
      if (candidate->text.find('"' + import.model_namespace + '"') == std::string::npos || candidate == &file) continue;
      const auto model = rules::Model::load(candidate->text);  // its own imports do not matter for its namespace
      if (model && model->model_namespace() == import.model_namespace) return candidate->text;
    }
    return fail(ErrorCode::not_found, {"the pack has no decision model of the namespace " + import.model_namespace,
                                       "配置包中没有命名空间为" + import.model_namespace + "的决策模型"});
  };
  return rules::Model::load(file.text, resolve);
}

Result<std::shared_ptr<const Store::Loaded>> Store::current(db::Tx& tx) {
  JX_TRY(applied, pack::current(tx));
  if (!applied) return fail(ErrorCode::not_found, {"no pack is applied", "尚未应用配置包"});
  {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find(packs_, applied->hash, [](const auto& entry) { return entry.first; });
    if (found != packs_.end()) return found->second;
  }
  JX_TRY(whole, pack::load(tx, applied->hash));
  auto loaded = std::make_shared<Loaded>();
  for (const auto* file : model_files(whole)) {
    JX_TRY(model, load_model(whole, *file));
    const auto shared = std::make_shared<const rules::Model>(model);
    const auto xml = std::make_shared<const std::string>(file->text);
    const auto seen = outlines(*shared, *xml);
    for (std::size_t i = 0; i < seen.size(); ++i) {
      const auto& about = shared->decisions()[i];
      if (auto id = DecisionId::parse(about.id))
        loaded->emplace(about.id, Decision{*id, file->path, shared, about, xml, std::make_shared<const Outline>(seen[i])});
    }
  }
  const std::lock_guard lock(mutex_);
  if (packs_.size() >= packs_max) packs_.erase(packs_.begin());
  packs_.emplace_back(applied->hash, loaded);
  return std::shared_ptr<const Loaded>(loaded);
}

Result<Decision> Store::decision(db::Tx& tx, const DecisionId& id) {
  JX_TRY(loaded, current(tx));
  const auto found = loaded->find(id.text());
  if (found == loaded->end()) return fail(ErrorCode::not_found, {"there is no decision " + id.text(), "没有决策" + id.text()});
  return found->second;
}

Result<std::vector<Decision>> Store::decisions(db::Tx& tx) {
  JX_TRY(loaded, current(tx));
  std::vector<Decision> list;
  for (const auto& [id, decision] : *loaded) list.push_back(decision);
  return list;
}

Result<rules::Outcome> Store::decide(db::Tx& tx, const DecisionId& id, const rules::Value& input, const rules::Options& options) {
  JX_TRY(found, decision(tx, id));
  return found.model->decide(found.about.id, input, options);
}

}  // namespace jx::decisions
