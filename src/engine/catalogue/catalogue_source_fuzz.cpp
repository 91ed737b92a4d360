// What is said of a source is refused, or reaches no further than it says: no path leaves the data folder, no plain http leaves the machine.
#include <jx/catalogue/resources.hpp>

#include <cstdlib>

namespace {

bool leaves(const std::optional<std::string>& path) { return path && (path->starts_with('/') || path->find("..") != std::string::npos); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace jx::catalogue;
  const auto source = jx::wire::decode<Source>(jx::text_of({data, size}));
  if (!source || !faults_of(*source).empty()) return 0;
  if (leaves(source->path) || leaves(source->tls_ca)) std::abort();
  if (source->tables && source->kind == SourceKind::csv) {
    for (const auto& table : *source->tables) {
      if (leaves(table.path)) std::abort();
    }
  }
  if (source->url) {
    const std::string_view url = *source->url;
    if (!url.starts_with("https://") && !url.starts_with("http://127.") && !url.starts_with("http://localhost") && !url.starts_with("http://[::1]"))
      std::abort();
    if (url.find('@') != std::string_view::npos) std::abort();
  }
  if (source->host && source->host->find_first_of(",/ \n@") != std::string::npos) std::abort();
  const auto again = jx::wire::decode<Source>(jx::wire::encode(*source));
  if (!again || jx::wire::encode(*again) != jx::wire::encode(*source) || !faults_of(*again).empty()) std::abort();
  (void)address_of(*source);
  return 0;
}
