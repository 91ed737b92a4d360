// What CsvReader accepts is written by csv_field() and read again to the same fields.
#include <jx/wire/csv.hpp>

#include <algorithm>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto reader = jx::wire::CsvReader::open(jx::text_of({data, size}));
  if (!reader) return 0;
  while (true) {
    const auto record = reader->next();
    if (!record || !*record) return 0;
    std::string text = "c0";
    for (std::size_t i = 1; i < reader->columns().size(); ++i) text.append(",c").append(std::to_string(i));
    text.append("\n");
    std::string line;
    for (std::size_t i = 0; i < (**record).size(); ++i) line.append(i > 0 ? "," : "").append(jx::wire::csv_field((**record)[i]));
    text.append(line).append("\n");
    auto again = jx::wire::CsvReader::open(text);
    if (!again) std::abort();
    const auto same = again->next();
    if (!same || !*same || !std::equal((**same).begin(), (**same).end(), (**record).begin(), (**record).end())) std::abort();
  }
}
