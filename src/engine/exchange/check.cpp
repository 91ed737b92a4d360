#include <jx/exchange/check.hpp>

namespace jx::exchange {

Result<catalogue::SourceCheck> check(db::Database& database, Sources& sources, const catalogue::Source& source, Instant deadline) {
  catalogue::SourceCheck found;
  auto shapes = sources.shape(source, deadline);
  found.reached = shapes.has_value();
  if (!shapes) {
    const auto& why = shapes.error().message;
    found.why = LocalizedText({{"en", why.en}, {"zh-CN", why.in("zh-CN")}});
    return found;
  }
  JX_TRY(resources, database.read(no_deadline, [](db::Tx& tx) { return catalogue::resources(tx); }));
  std::vector<catalogue::TableColumns> tables;
  for (auto& shape : *shapes) tables.push_back({std::move(shape.name), std::move(shape.columns)});
  found.missing = catalogue::lacks_of(source.id, resources, tables);
  return found;
}

}  // namespace jx::exchange
