#include <jx/text.hpp>
#include <jx/text/search.hpp>

#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace jx::text {
namespace {

/// ICU's rules from one script to another. Reading them takes a tenth of a second, so that threads share them.
class Transliteration {
 public:
  explicit Transliteration(const char* id) {
    UErrorCode status = U_ZERO_ERROR;
    rules_.reset(icu::Transliterator::createInstance(icu::UnicodeString::fromUTF8(id), UTRANS_FORWARD, status));
  }
  void apply(icu::UnicodeString& text) {
    const std::lock_guard lock(mutex_);
    if (rules_) rules_->transliterate(text);
  }

 private:
  std::mutex mutex_;
  std::unique_ptr<icu::Transliterator> rules_;  // guarded by mutex_: it keeps state while it works
};

icu::UnicodeString wide(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(std::min(text.size(), bytes_max))));
}

bool han(UChar32 c) {
  UErrorCode status = U_ZERO_ERROR;
  return uscript_getScript(c, &status) == USCRIPT_HAN;
}

/// A character's syllable is worked out once a thread.
const std::string& syllable(UChar32 c) {
  static Transliteration latin("Han-Latin; Latin-ASCII; Lower");
  thread_local std::unordered_map<UChar32, std::string> known;
  const auto [found, fresh] = known.try_emplace(c);
  if (fresh) {
    icu::UnicodeString one(c);
    latin.apply(one);
    std::string text;
    one.trim().toUTF8String(text);
    if (std::ranges::all_of(text, [](char letter) { return letter >= 'a' && letter <= 'z'; })) found->second = std::move(text);
  }
  return found->second;
}

}  // namespace

std::string search_form(std::string_view text) {
  static Transliteration simplified("Hant-Hans");
  auto folded = wide(case_fold(text));
  simplified.apply(folded);
  std::string out;
  folded.toUTF8String(out);
  return out;
}

bool is_han(std::string_view text) {
  const auto characters = wide(text);
  for (std::int32_t at = 0; at < characters.length(); at = characters.moveIndex32(at, 1)) {
    if (!han(characters.char32At(at))) return false;
  }
  return !characters.isEmpty();
}

std::vector<std::string> syllables(std::string_view text) {
  const auto characters = wide(text);
  std::vector<std::string> out;
  for (std::int32_t at = 0; at < characters.length(); at = characters.moveIndex32(at, 1)) {
    const auto c = characters.char32At(at);
    if (!han(c)) continue;
    if (const auto& one = syllable(c); !one.empty()) out.push_back(one);
  }
  return out;
}

}  // namespace jx::text
