#include "model.hpp"

#include <jx/rules.hpp>

namespace jx::rules {

Result<Model> Model::load(std::string_view xml, const Resolver& resolver) {
  auto data = std::make_shared<detail::ModelData>();
  JX_CHECK(load_model(*data, xml, resolver));
  return Model(std::move(data));
}

const std::string& Model::name() const { return data_->name; }
const std::string& Model::model_namespace() const { return data_->model_namespace; }
std::span<const Model::Decision> Model::decisions() const { return data_->decisions; }
std::span<const Diagnostic> Model::problems() const { return data_->problems; }

std::optional<std::size_t> Model::index_of(std::string_view decision) const {
  const auto at = data_->by_name.find(decision);
  return at == data_->by_name.end() ? std::nullopt : std::optional(at->second);
}

}  // namespace jx::rules
