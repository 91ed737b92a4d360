// Signed notes, checkpoints and keys: whatever is accepted is written back octet for octet.
#include <jx/ledger/note.hpp>

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace jx::ledger;
  const std::string_view text(reinterpret_cast<const char*>(data), size);  // NOLINT(*-reinterpret-cast)
  if (const auto note = Note::parse(text)) {
    if (note->encode() != text) std::abort();
    if (const auto checkpoint = Checkpoint::parse(note->text); checkpoint && !note->text.starts_with(checkpoint->text())) std::abort();
  }
  if (const auto key = NoteKey::parse(text); key && key->text() != text) std::abort();
  return 0;
}
