// text.hpp - text of people: Unicode forms, order, words, width; and the checks of the codes that people carry.
// Everything here is thread-safe and takes UTF-8. Text that is not valid UTF-8 is refused where a Result is given and is otherwise read with U+FFFD
// in place of what is wrong.
#pragma once
#include <jx/core.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jx::text {

inline constexpr std::size_t bytes_max = 16U << 20U;  // of one text given to any function here; beyond: too_large, or cut where no Result is given

// --- Unicode ---

/// Errors: invalid (names the octet, counted from 1, where the text stops being UTF-8).
[[nodiscard]] Result<> check_utf8(std::string_view text);
/// Normalisation form C (UAX #15). Errors: invalid (not UTF-8); too_large.
[[nodiscard]] Result<std::string> nfc(std::string_view text);
[[nodiscard]] bool is_nfc(std::string_view text);
/// A line that people typed, such as a name: NFC, without white space at its ends, runs of white space as one space.
/// Errors: invalid (not UTF-8; empty; a control, unassigned or direction-changing character: says which); too_large beyond `line_bytes_max`.
[[nodiscard]] Result<std::string> clean_line(std::string_view text, std::size_t line_bytes_max);
/// For comparing and searching without regard to case and width: NFKC case folding (Unicode 3.13, toNFKC_Casefold).
[[nodiscard]] std::string case_fold(std::string_view text);

// --- order, words, width ---

/// Octets that sort as the texts do: pinyin order for Chinese, the language's own for others (CLDR). For ORDER BY in a database.
/// Keys of different `sort_key_version()`s must not be compared: store it, and make the keys anew when it changes.
[[nodiscard]] Bytes sort_key(std::string_view text, std::string_view language = "zh-CN");
[[nodiscard]] const std::string& sort_key_version();

struct Word {
  std::size_t at = 0;  // octets from the beginning
  std::string_view text;
};
/// The words of Chinese, English and other text, in order, without white space and punctuation (UAX #29, with ICU's dictionary for Chinese).
[[nodiscard]] std::vector<Word> words(std::string_view text);

/// Columns of a terminal or a fixed-width print: 2 for a wide character (UAX #11), 0 for a mark that combines with the one before it.
[[nodiscard]] std::size_t width(std::string_view text);
/// How many characters a person sees (extended grapheme clusters, UAX #29).
[[nodiscard]] std::size_t graphemes(std::string_view text);
/// At most `columns` columns: whole graphemes, then `mark` where something was left out.
[[nodiscard]] std::string truncated(std::string_view text, std::size_t columns, std::string_view mark = "…");

// --- codes ---
// Every error says which character is wrong (counted from 1) and why; none repeats the code.

/// GB 11643-1999: 18 characters; a division prefix of the form of GB/T 2260; a birth date that exists and is not after `today`; ISO 7064 MOD 11-2.
/// The prefix names the place and time of issue, so it need not be in today's list. Errors: invalid.
[[nodiscard]] Result<> check_citizen_id(std::string_view id, std::optional<LocalDate> today = std::nullopt);
/// The 18th character for the first 17. Errors: invalid.
[[nodiscard]] Result<char> citizen_id_check_character(std::string_view first_17);
/// What the code says of its holder. Errors: as check_citizen_id.
struct CitizenId {
  std::string division;  // 6 digits
  LocalDate born_on;
  bool female = false;
};
[[nodiscard]] Result<CitizenId> parse_citizen_id(std::string_view id);

/// GB 32100-2015: 18 characters of 0-9 A-Z without I O S V Z; registering authority; division prefix; check character MOD 31. Errors: invalid.
/// The check character of the organisation code within (GB 11714) is not held against it: codes that break it have been issued.
[[nodiscard]] Result<> check_credit_code(std::string_view code);
[[nodiscard]] Result<char> credit_code_check_character(std::string_view first_17);

/// GB/T 2260-2007 with amendment 1 (6 digits), township (9) and village (12) codes of the statistics. Form alone: whether a division exists, and
/// when it did, only a list can say. Errors: invalid.
[[nodiscard]] Result<> check_division(std::string_view code);

/// Checks a code by the rules of its scheme, where they are known: cn.citizen-id, cn.credit-code, cn.division. Other schemes: 1 to 64 octets, clean.
/// Errors: invalid (field /value, or /scheme if that is not a Key).
[[nodiscard]] Result<> check_code(const Code& code);

// --- masks: what may be shown to those who need not know all ---

/// The first `head` and last `tail` graphemes, and an asterisk for each between; all asterisks if that would leave fewer than half hidden.
[[nodiscard]] std::string masked(std::string_view text, std::size_t head, std::size_t tail);
/// A citizen id, credit code or other code: 339*************27.
[[nodiscard]] std::string masked(const Code& code);
/// A person's name: 王*, 欧阳**, J*** D**.
[[nodiscard]] std::string masked_name(std::string_view name);

}  // namespace jx::text
