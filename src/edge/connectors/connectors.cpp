#include <jx/connectors.hpp>

namespace jx::connectors {

LocalSources::~LocalSources() = default;

Connector& LocalSources::connector(const catalogue::Source& source) {
  const std::lock_guard lock(mutex_);
  auto& connector = open_[wire::encode(source)];  // a source that a pack changes is opened anew
  if (!connector)
    connector = source.kind == catalogue::SourceKind::sqlite ? sqlite_connector(source, data_folder_) : csv_connector(source, data_folder_);
  return *connector;
}

Result<exchange::ReadRows> LocalSources::read(const exchange::Read& read, Instant deadline) { return connector(read.source).read(read, deadline); }

}  // namespace jx::connectors
