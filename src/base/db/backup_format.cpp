#include "backup.hpp"

#include <algorithm>
#include <charconv>
#include <set>

namespace jx::db {
namespace {

constexpr std::string_view first_line = "junxian-backup 1";
constexpr std::size_t hash_digits = 64;

std::unexpected<Error> malformed(std::string_view file, std::size_t line) {
  return fail(ErrorCode::invalid,
              {std::string(file) + " of the backup is not understood at line " + std::to_string(line) + "; was it made by a newer version?",
               "无法解析备份文件 " + std::string(file) + " 第" + std::to_string(line) + "行，可能由更新版本制作"});
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> words;
  for (std::size_t begin = 0;;) {
    const auto end = text.find(separator, begin);
    words.emplace_back(text.substr(begin, end - begin));
    if (end == std::string_view::npos) return words;
    begin = end + 1;
  }
}

template <class Number>
bool read_number(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

bool is_name(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

bool is_hash(std::string_view word) {
  return word.size() == hash_digits && std::ranges::all_of(word, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// Below the folder of the backup and nowhere else.
bool is_inside(std::string_view path) {
  if (path.empty() || path.find_first_of("\\\n\r") != std::string_view::npos || path.find('\0') != std::string_view::npos) return false;
  return std::ranges::all_of(split(path, '/'), [](const std::string& step) { return !step.empty() && step != "." && step != ".."; });
}

/// One line of BACKUP.
bool read_line(const std::vector<std::string>& words, Manifest& out) {
  const auto& kind = words[0];
  if (kind == "made-at" && words.size() == 2) {
    const auto at = Instant::parse(words[1]);
    if (at) out.made_at = *at;
    return at.has_value();
  }
  if (kind == "database" && words.size() == 2) {
    out.dialect = words[1] == "sqlite" ? Dialect::sqlite : Dialect::postgres;
    return words[1] == "sqlite" || words[1] == "postgres";
  }
  if (kind == "migration" && words.size() == 5) {
    AppliedMigration one{0, words[3], words[2], words[4]};
    if (!read_number(words[1], one.number) || !is_name(words[2]) || !is_name(words[3]) || !is_hash(words[4])) return false;
    return out.migrations.push_back(std::move(one)), true;
  }
  if (kind == "table" && words.size() == 4) {
    Manifest::Table table{words[1], 0, split(words[3], ',')};
    if (!is_name(table.name) || !read_number(words[2], table.rows) || !std::ranges::all_of(table.columns, is_name)) return false;
    return out.tables.push_back(std::move(table)), true;
  }
  if (kind == "sequence" && words.size() == 4) {
    Manifest::Sequence sequence{words[1], words[2], 0};
    if (!is_name(sequence.table) || !is_name(sequence.column) || !read_number(words[3], sequence.last)) return false;
    return out.sequences.push_back(std::move(sequence)), true;
  }
  return false;
}

}  // namespace

std::string Manifest::text() const {
  std::string out =
      std::string(first_line) + "\nmade-at " + made_at.text() + "\ndatabase " + (dialect == Dialect::sqlite ? "sqlite" : "postgres") + "\n";
  for (const auto& one : migrations) {
    std::string number = std::to_string(one.number);
    number.insert(0, 4 - std::min<std::size_t>(number.size(), 4), '0');
    out += "migration " + number + " " + one.module + " " + one.title + " " + one.sha256 + "\n";
  }
  for (const auto& table : tables) {
    out += "table " + table.name + " " + std::to_string(table.rows) + " ";
    for (std::size_t i = 0; i < table.columns.size(); ++i) out += (i == 0 ? "" : ",") + table.columns[i];
    out += "\n";
  }
  for (const auto& one : sequences) out += "sequence " + one.table + " " + one.column + " " + std::to_string(one.last) + "\n";
  return out;
}

Result<Manifest> Manifest::parse(std::string_view text) {
  Manifest out;
  const auto lines = split(text, '\n');
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool last = i + 1 == lines.size();
    const bool good = i == 0 ? lines[i] == first_line : last ? lines[i].empty() : read_line(split(lines[i], ' '), out);
    if (!good || (i == 0 && last)) return malformed(manifest_name, i + 1);
  }
  return out;
}

std::string sums_text(std::vector<Part>& parts) {
  std::ranges::sort(parts, {}, &Part::path);
  std::string out;
  for (const auto& part : parts) out += part.sha256 + "  " + part.path + "\n";
  return out;
}

Result<std::vector<Part>> parse_sums(std::string_view text) {
  std::vector<Part> parts;
  std::set<std::string> seen;
  const auto lines = split(text, '\n');
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    const std::string_view line = lines[i];
    if (line.size() <= hash_digits + 2 || line.substr(hash_digits, 2) != "  ") return malformed(sums_name, i + 1);
    Part part{std::string(line.substr(hash_digits + 2)), 0, std::string(line.substr(0, hash_digits))};
    if (!is_hash(part.sha256) || !is_inside(part.path) || !seen.insert(part.path).second) return malformed(sums_name, i + 1);
    parts.push_back(std::move(part));
  }
  if (lines.size() < 2 || !lines.back().empty()) return malformed(sums_name, lines.size());
  return parts;
}

}  // namespace jx::db
