// Every function of text on any octets: none may crash, and what they promise of their answers must hold.
#include <jx/text.hpp>

#include <cstdint>
#include <cstdlib>

namespace {
void must(bool holds) {
  if (!holds) std::abort();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);  // NOLINT(*-reinterpret-cast)
  using namespace jx::text;
  const bool valid = check_utf8(input).has_value();
  if (const auto composed = nfc(input)) {
    must(valid && is_nfc(*composed));
    must(check_utf8(truncated(*composed, 7)).has_value());
    must(width(truncated(*composed, 7)) <= 7);
    must(check_utf8(masked(*composed, 2, 2)).has_value());
    must(check_utf8(masked_name(*composed)).has_value());
  }
  if (const auto line = clean_line(input, 1000)) must(clean_line(*line, 1000) == *line);
  for (const auto& word : words(input)) must(word.at + word.text.size() <= size);
  (void)sort_key(input);
  (void)case_fold(input);
  (void)truncated(input, 5);
  (void)masked(input, 3, 2);
  (void)check_citizen_id(input);
  (void)check_credit_code(input);
  (void)check_division(input);
  return 0;
}
