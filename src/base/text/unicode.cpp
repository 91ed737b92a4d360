#include "breaks.hpp"

#include <jx/text.hpp>

#include <unicode/brkiter.h>
#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/coll.h>
#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/sortkey.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>
#include <unicode/uversion.h>

#include <map>
#include <memory>
#include <mutex>

namespace jx::text {
namespace {

/// One code point of `text` from `at`, which is moved behind it; -1 where the octets are not UTF-8.
UChar32 next(std::string_view text, std::size_t& at) {
  auto i = static_cast<std::int32_t>(at);
  UChar32 c = 0;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"  // inside ICU's macro
  U8_NEXT(text.data(), i, static_cast<std::int32_t>(text.size()), c);
#pragma GCC diagnostic pop
  at = static_cast<std::size_t>(i);
  return c;
}

std::string_view bounded(std::string_view text) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && U8_IS_TRAIL(text[end])) --end;
  return text.substr(0, end);
}

icu::StringPiece piece(std::string_view text) { return {text.data(), static_cast<std::int32_t>(text.size())}; }

std::unexpected<Error> too_long(std::size_t limit) {
  return fail(ErrorCode::too_large, {"the text is longer than " + std::to_string(limit) + " octets", "文本超过" + std::to_string(limit) + "字节"});
}

const icu::Normalizer2& nfc_instance() {
  UErrorCode status = U_ZERO_ERROR;
  return *icu::Normalizer2::getNFCInstance(status);  // ICU owns it, for ever; it is part of its data, which the program cannot run without
}

std::string normalized(const icu::Normalizer2& form, std::string_view text) {
  std::string out;
  icu::StringByteSink<std::string> sink(&out, static_cast<std::int32_t>(text.size()));
  UErrorCode status = U_ZERO_ERROR;
  form.normalizeUTF8(0, piece(text), sink, nullptr, status);
  return out;
}

/// What a line must not hold: characters that cannot be seen or that turn the direction of those around them.
bool forbidden_in_line(UChar32 c) {
  if (c >= 0x202A && c <= 0x202E) return true;  // embeddings and overrides
  if (c >= 0x2066 && c <= 0x2069) return true;  // isolates
  switch (u_charType(c)) {
    case U_CONTROL_CHAR:
    case U_UNASSIGNED:
    case U_SURROGATE:
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR: return true;
    default: return false;
  }
}

std::string hexadecimal(UChar32 c) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (int shift = c > 0xFFFF ? 20 : 12; shift >= 0; shift -= 4) out.push_back(digits[(c >> shift) & 15]);
  return out;
}

/// Collators are made once for each language and then only read; getSortKey is const and thread-safe.
const icu::Collator& collator(std::string_view language) {
  static constexpr std::size_t languages_max = 64;
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<icu::Collator>, std::less<>> known;  // guarded by mutex; never shrinks
  const std::lock_guard lock(mutex);
  if (const auto found = known.find(language); found != known.end()) return *found->second;
  UErrorCode status = U_ZERO_ERROR;
  if (known.size() >= languages_max) language = "";  // the root order, which then serves all further ones
  auto locale = icu::Locale::forLanguageTag(piece(language), status);
  if (U_FAILURE(status)) locale = icu::Locale::getRoot();
  status = U_ZERO_ERROR;
  std::unique_ptr<icu::Collator> made(icu::Collator::createInstance(locale, status));
  return *known.emplace(std::string(language), std::move(made)).first->second;
}

/// Calls `take(begin, end, kind)` for each piece between two boundaries. A break iterator is not thread-safe, so each thread has its own.
template <class Take>
void each_break(icu::BreakIterator& breaks, std::string_view text, Take take) {
  UErrorCode status = U_ZERO_ERROR;
  UText* input = utext_openUTF8(nullptr, text.data(), static_cast<std::int64_t>(text.size()), &status);
  breaks.setText(input, status);
  std::int32_t begin = breaks.first();
  for (std::int32_t end = breaks.next(); U_SUCCESS(status) && end != icu::BreakIterator::DONE; begin = end, end = breaks.next()) {
    if (!take(static_cast<std::size_t>(begin), static_cast<std::size_t>(end), breaks.getRuleStatus())) break;
  }
  utext_close(input);
}

icu::BreakIterator& grapheme_breaks() {
  UErrorCode status = U_ZERO_ERROR;
  thread_local const std::unique_ptr<icu::BreakIterator> breaks(icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), status));
  return *breaks;
}

icu::BreakIterator& word_breaks() {
  UErrorCode status = U_ZERO_ERROR;
  thread_local const std::unique_ptr<icu::BreakIterator> breaks(icu::BreakIterator::createWordInstance(icu::Locale::getChina(), status));
  return *breaks;
}

std::size_t width_of(UChar32 c) {
  if (c < 0) return 1;
  switch (u_charType(c)) {
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_FORMAT_CHAR:
    case U_CONTROL_CHAR: return 0;
    default: break;
  }
  const auto east_asian = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return east_asian == U_EA_WIDE || east_asian == U_EA_FULLWIDTH ? 2 : 1;
}

/// A grapheme is as wide as the widest of its parts: an emoji made of several is one emoji wide.
std::size_t grapheme_width(std::string_view grapheme) {
  std::size_t widest = 0;
  for (std::size_t at = 0; at < grapheme.size();) widest = std::max(widest, width_of(next(grapheme, at)));
  return widest;
}

}  // namespace

Result<> check_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
    } else if (text.size() - begin > bytes_max) {
      return too_long(bytes_max);
    } else if (next(text, at) < 0) {
      return fail(ErrorCode::invalid, {"the text is not UTF-8 from octet " + std::to_string(begin + 1) + " on",
                                       "文本自第" + std::to_string(begin + 1) + "字节起不是有效的UTF-8编码"});
    }
  }
  return {};
}

Result<std::string> nfc(std::string_view text) {
  if (text.size() > bytes_max) return too_long(bytes_max);
  JX_CHECK(check_utf8(text));
  return normalized(nfc_instance(), text);
}

bool is_nfc(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  return check_utf8(text) && nfc_instance().isNormalizedUTF8(piece(bounded(text)), status) != 0;
}

Result<std::string> clean_line(std::string_view text, std::size_t line_bytes_max) {
  if (text.size() > bytes_max) return too_long(line_bytes_max);
  JX_TRY(composed, nfc(text));
  std::string out;
  std::size_t count = 0;
  bool space = false;
  for (std::size_t at = 0; at < composed.size();) {
    const std::size_t begin = at;
    const UChar32 c = next(composed, at);
    ++count;
    if (u_isUWhiteSpace(c) != 0 && c != 0x85 && c != 0x2028 && c != 0x2029 && c != '\n' && c != '\r' && c != 0x0B && c != 0x0C) {
      space = !out.empty();
      continue;
    }
    if (forbidden_in_line(c)) {
      return fail(ErrorCode::invalid, {"character " + std::to_string(count) + " (U+" + hexadecimal(c) + ") may not stand in a line of text",
                                       "第" + std::to_string(count) + "个字符（U+" + hexadecimal(c) + "）不能出现在单行文本中"});
    }
    if (space) out.push_back(' ');
    space = false;
    out.append(composed, begin, at - begin);
  }
  if (out.empty()) return fail(ErrorCode::invalid, {"the text is empty", "文本为空"});
  if (out.size() > line_bytes_max) return too_long(line_bytes_max);
  return out;
}

std::string case_fold(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  return normalized(*icu::Normalizer2::getNFKCCasefoldInstance(status), bounded(text));
}

Bytes sort_key(std::string_view text, std::string_view language) {
  const auto utf16 = icu::UnicodeString::fromUTF8(piece(bounded(text)));
  const auto& order = collator(language);
  Bytes key(std::max<std::size_t>(64, static_cast<std::size_t>(utf16.length()) * 3 + 8));
  const auto length = order.getSortKey(utf16, key.data(), static_cast<std::int32_t>(key.size()));
  const bool fits = static_cast<std::size_t>(length) <= key.size();
  key.resize(static_cast<std::size_t>(length));
  if (!fits) order.getSortKey(utf16, key.data(), length);
  if (!key.empty()) key.pop_back();  // the key's own end mark
  return key;
}

const std::string& sort_key_version() {
  static const std::string version = [] {
    UVersionInfo number;
    collator("zh-CN").getVersion(number);
    char text[U_MAX_VERSION_STRING_LENGTH];
    u_versionToString(number, text);
    return std::string("icu-") + U_ICU_VERSION + "/" + text;
  }();
  return version;
}

std::vector<Word> words(std::string_view text) {
  text = bounded(text);
  std::vector<Word> out;
  each_break(word_breaks(), text, [&](std::size_t begin, std::size_t end, std::int32_t kind) {
    if (kind >= UBRK_WORD_NONE_LIMIT) out.push_back({begin, text.substr(begin, end - begin)});
    return true;
  });
  return out;
}

std::size_t width(std::string_view text) {
  text = bounded(text);
  std::size_t columns = 0;
  each_break(grapheme_breaks(), text, [&](std::size_t begin, std::size_t end, std::int32_t) {
    columns += grapheme_width(text.substr(begin, end - begin));
    return true;
  });
  return columns;
}

std::vector<std::size_t> grapheme_ends(std::string_view text) {
  std::vector<std::size_t> ends;
  each_break(grapheme_breaks(), text, [&](std::size_t, std::size_t end, std::int32_t) {
    ends.push_back(end);
    return true;
  });
  return ends;
}

std::size_t graphemes(std::string_view text) { return grapheme_ends(bounded(text)).size(); }

std::string truncated(std::string_view text, std::size_t columns, std::string_view mark) {
  text = bounded(text);
  const std::size_t mark_columns = width(mark);
  std::size_t used = 0;
  std::size_t end_with_mark = 0;  // where to cut if the whole does not fit
  bool fits = true;
  each_break(grapheme_breaks(), text, [&](std::size_t begin, std::size_t end, std::int32_t) {
    used += grapheme_width(text.substr(begin, end - begin));
    if (used + mark_columns <= columns) end_with_mark = end;
    fits = used <= columns;
    return fits;
  });
  if (fits) return std::string(text);
  return std::string(text.substr(0, end_with_mark)) + std::string(mark_columns <= columns ? mark : std::string_view());
}

}  // namespace jx::text
