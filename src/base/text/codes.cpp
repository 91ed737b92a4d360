#include <jx/text.hpp>

#include <algorithm>
#include <array>

namespace jx::text {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view credit_code_alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";  // GB 32100-2015 table 2: without I O S V Z
constexpr auto provinces =
    std::to_array<std::string_view>({"11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43",
                                     "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83"});

bool digit(char c) { return c >= '0' && c <= '9'; }

std::unexpected<Error> wrong(std::size_t index, const std::string& en, const std::string& zh) {
  const auto at = std::to_string(index + 1);
  return fail(ErrorCode::invalid, {"character " + at + " is wrong: " + en, "第" + at + "位有误：" + zh});
}

std::unexpected<Error> wrong_range(std::size_t first, std::size_t last, const std::string& en, const std::string& zh) {
  const auto from = std::to_string(first + 1);
  const auto to = std::to_string(last + 1);
  return fail(ErrorCode::invalid, {"characters " + from + " to " + to + " are wrong: " + en, "第" + from + "至" + to + "位有误：" + zh});
}

Result<> check_length(std::string_view code, std::size_t length) {
  if (code.size() == length && std::ranges::all_of(code, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) return {};
  if (std::ranges::any_of(code, [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
    const auto at = std::ranges::find_if(code, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }) - code.begin();
    return wrong(static_cast<std::size_t>(at), "only digits and Latin letters without accents (half-width) are used", "只能使用半角数字和拉丁字母");
  }
  const auto asked = std::to_string(length);
  const auto got = std::to_string(code.size());
  return fail(ErrorCode::invalid, {"it has " + got + " characters instead of " + asked, "应为" + asked + "位，现为" + got + "位"});
}

Result<> check_digits(std::string_view code, std::size_t from, std::size_t until) {
  for (std::size_t i = from; i < until; ++i) {
    if (!digit(code[i])) return wrong(i, "a digit stands here", "此位应为数字");
  }
  return {};
}

int number(std::string_view text) {
  int value = 0;
  for (const char c : text) value = value * 10 + (c - '0');
  return value;
}

/// Digits 1 to 4 of a division code; digits 5 and 6 have a meaning in all their values.
Result<> check_prefix(std::string_view code) {
  const auto province = code.substr(0, 2);
  if (std::ranges::find(provinces, province) == provinces.end()) return wrong_range(0, 1, "no province has this code", "没有此省级代码");
  const int prefecture = number(code.substr(2, 2));
  if (prefecture > 70 && prefecture != 90) {
    return wrong_range(2, 3, "a prefecture has 01 to 70, counties directly under a province 90", "地级代码为01至70，省直辖县级为90");
  }
  if (prefecture == 0 && code.substr(4, 2) != "00" && number(province) < 71) {
    return wrong_range(4, 5, "00 in characters 3 and 4 means the province itself, which has no counties of its own",
                       "第3至4位为00表示省级，其后应为00");
  }
  return {};
}

/// ISO 7064 MOD 11-2 over 17 digits.
char mod_11_2(std::string_view digits) {
  int rest = 0;
  for (const char c : digits.substr(0, 17)) rest = (rest + (c - '0')) * 2 % 11;
  const int check = (12 - rest) % 11;
  return check == 10 ? 'X' : static_cast<char>('0' + check);
}

/// MOD 31 with weights 3^i (GB 32100-2015, 4.2). The characters are of the alphabet.
char mod_31(std::string_view code) {
  std::size_t sum = 0;
  std::size_t weight = 1;
  for (const char c : code.substr(0, 17)) {
    sum += credit_code_alphabet.find(c) * weight;
    weight = weight * 3 % 31;
  }
  return credit_code_alphabet[(31 - sum % 31) % 31];
}

Result<> check_credit_alphabet(std::string_view code) {
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (credit_code_alphabet.find(code[i]) != std::string_view::npos) continue;
    if (code[i] >= 'a' && code[i] <= 'z') return wrong(i, "letters are written as capitals", "字母须大写");
    if ("IOSVZ"sv.find(code[i]) != std::string_view::npos) {
      return wrong(i, "the letters I O S V Z are not used (is it the digit 1, 0, 5 or 2?)",
                   "代码不使用字母I、O、S、V、Z（是否应为数字1、0、5或2？）");
    }
    return wrong(i, "only digits and capital letters are used", "只能使用数字和大写字母");
  }
  return {};
}

std::unexpected<Error> check_fails(std::size_t index) {
  return wrong(index, "the check character does not fit the others; one of the characters is mistyped", "校验码与其他各位不符，请核对是否有录入错误");
}

}  // namespace

Result<CitizenId> parse_citizen_id(std::string_view id) {
  JX_CHECK(check_length(id, 18));
  JX_CHECK(check_digits(id, 0, 17));
  JX_CHECK(check_prefix(id));
  const auto born_on = LocalDate::parse(std::string(id.substr(6, 4)) + "-" + std::string(id.substr(10, 2)) + "-" + std::string(id.substr(12, 2)));
  if (!born_on || number(id.substr(6, 4)) < 1800) return wrong_range(6, 13, "this is not a date of birth", "不是有效的出生日期");
  if (id[17] == 'x') return wrong(17, "the letter X is written as a capital", "字母X须大写");
  if (!digit(id[17]) && id[17] != 'X') return wrong(17, "a digit or X stands here", "此位应为数字或X");
  if (id[17] != mod_11_2(id)) return check_fails(17);
  return CitizenId{std::string(id.substr(0, 6)), *born_on, (id[16] - '0') % 2 == 0};
}

Result<> check_citizen_id(std::string_view id, std::optional<LocalDate> today) {
  JX_TRY(parsed, parse_citizen_id(id));
  if (today && parsed.born_on > *today) return wrong_range(6, 13, "the date of birth lies in the future", "出生日期晚于今天");
  return {};
}

Result<char> citizen_id_check_character(std::string_view first_17) {
  JX_CHECK(check_length(first_17, 17));
  JX_CHECK(check_digits(first_17, 0, 17));
  return mod_11_2(first_17);
}

Result<> check_credit_code(std::string_view code) {
  JX_CHECK(check_length(code, 18));
  JX_CHECK(check_credit_alphabet(code));
  if ("123456789ANY"sv.find(code[0]) == std::string_view::npos) return wrong(0, "no registering authority has this code", "没有此登记管理部门代码");
  JX_CHECK(check_digits(code, 2, 8));
  if (code.substr(2, 6) != "100000") {  // registered with the state itself
    if (auto prefix = check_prefix(code.substr(2, 6)); !prefix) {
      return wrong_range(2, 7, "this has not the form of a division code", "不符合行政区划代码的构成规则");
    }
  }
  if (code[17] != mod_31(code)) return check_fails(17);
  return {};
}

Result<char> credit_code_check_character(std::string_view first_17) {
  JX_CHECK(check_length(first_17, 17));
  JX_CHECK(check_credit_alphabet(first_17));
  return mod_31(first_17);
}

Result<> check_division(std::string_view code) {
  if (code.size() != 6 && code.size() != 9 && code.size() != 12) {
    return fail(ErrorCode::invalid, {"a division code has 6, 9 or 12 digits, not " + std::to_string(code.size()),
                                     "行政区划代码应为6位、9位或12位，现为" + std::to_string(code.size()) + "位"});
  }
  JX_CHECK(check_length(code, code.size()));
  JX_CHECK(check_digits(code, 0, code.size()));
  JX_CHECK(check_prefix(code));
  const auto province = code.substr(0, 2);
  const int prefecture = number(code.substr(2, 2));
  if (province == "83") return wrong_range(0, 1, "83 is used in residence permits alone", "83仅用于居住证号码");
  const bool municipality = province == "11" || province == "12" || province == "31" || province == "50";
  if (municipality && prefecture > (province == "50" ? 3 : 2)) {  // 5003: the cities of Chongqing, until 2006
    return wrong_range(2, 3, "a municipality has 01 (districts) and 02 (counties) here", "直辖市此两位为01（市辖区）或02（县）");
  }
  if (code.size() == 6) return {};
  const int township = number(code.substr(6, 3));
  if (township > 599) return wrong_range(6, 8, "townships have 001 to 599", "乡级代码为001至599");
  if (code.size() == 9) return {};
  const int village = number(code.substr(9, 3));
  if (village > 599) return wrong_range(9, 11, "villages have 001 to 599", "村级代码为001至599");
  if (township == 0 && village != 0)
    return wrong_range(9, 11, "a village belongs to a township, which is 000 here", "乡级代码为000时村级代码应为000");
  return {};
}

Result<> check_code(const Code& code) {
  if (auto scheme = check_key(code.scheme); !scheme) return std::unexpected(under("/scheme", std::move(scheme).error()));
  const auto checked = [&]() -> Result<> {
    if (code.scheme == "cn.citizen-id") return check_citizen_id(code.value);
    if (code.scheme == "cn.credit-code") return check_credit_code(code.value);
    if (code.scheme == "cn.division") return check_division(code.value);
    JX_TRY(line, clean_line(code.value, 64));
    if (line != code.value)
      return fail(ErrorCode::invalid,
                  {"a code has no white space at its ends and is in normalisation form C", "代码首尾不得有空格，且须为NFC规范形式"});
    return {};
  }();
  if (!checked) return std::unexpected(under("/value", checked.error()));
  return {};
}

}  // namespace jx::text
