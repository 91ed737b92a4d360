// Whatever the octets are: sniffing ends, a type that was found is found again, and each name ends as its type says.
#include <jx/attachments/sniff.hpp>

#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto found = jx::attachments::sniff({data, size});
  if (!found) {
    if (found.error().message.en.empty() || found.error().message.zh.empty() || found.error().field != "/octets") std::abort();
    return 0;
  }
  const auto again = jx::attachments::sniff({data, size});
  if (!again || *again != *found) std::abort();
  if (jx::attachments::media_type(*found).find("html") != std::string_view::npos) std::abort();
  (void)jx::attachments::check_name(std::string_view(reinterpret_cast<const char*>(data), size), *found);  // NOLINT(*-reinterpret-cast)
  return 0;
}
