// archive.cpp - ZIP containers: the central directory, and whether what it says of its entries can be true.
#include "formats.hpp"

#include <jx/wire/utf8.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace jx::attachments {
namespace {

constexpr std::uint64_t end_record = 0x06054B50;
constexpr std::uint64_t directory_record = 0x02014B50;
constexpr std::uint64_t local_record = 0x04034B50;
constexpr std::size_t end_record_bytes = 22;
constexpr std::size_t comment_bytes_max = 65'535;
constexpr std::uint64_t small_enough = 1U << 20U;  // a ratio says nothing of a few blank pages

struct EndOfDirectory {
  std::uint64_t entries = 0, size = 0, offset = 0;
};

struct Entry {
  std::string_view name;
  std::uint64_t flags = 0, packed = 0, unpacked = 0, local = 0;
};

std::optional<EndOfDirectory> find_end(ByteView octets) {
  if (octets.size() < end_record_bytes) return std::nullopt;
  const std::size_t lowest = octets.size() - std::min(octets.size(), end_record_bytes + comment_bytes_max);
  for (std::size_t at = octets.size() - end_record_bytes + 1; at-- > lowest;) {
    Reader in(octets.subspan(at));
    if (in.little(4) != end_record) continue;
    const auto disk = in.little(2), first_disk = in.little(2), here = in.little(2), entries = in.little(2);
    const auto size = in.little(4), offset = in.little(4), comment = in.little(2);
    if (at + end_record_bytes + *comment != octets.size()) continue;  // what looks like an end within a comment
    if (*disk != 0 || *first_disk != 0 || *here != *entries || *offset + *size > at) return std::nullopt;
    return EndOfDirectory{*entries, *size, *offset};
  }
  return std::nullopt;
}

std::optional<Entry> read_entry(Reader& in) {
  if (in.little(4) != directory_record || !in.skip(4)) return std::nullopt;
  Entry entry;
  const auto flags = in.little(2);
  if (!in.skip(10)) return std::nullopt;  // method, time, date, checksum
  const auto packed = in.little(4), unpacked = in.little(4), name = in.little(2), extra = in.little(2), comment = in.little(2);
  if (!in.skip(8)) return std::nullopt;  // disk, attributes
  const auto local = in.little(4);
  if (!local) return std::nullopt;
  const auto text = in.take(*name);
  if (!text || !in.skip(*extra + *comment)) return std::nullopt;
  return Entry{text_of(*text), *flags, *packed, *unpacked, *local};
}

/// Whether an entry would be unpacked outside of its folder, or has a name that no honest program gives.
bool leads_out(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.find('\\') != std::string_view::npos || name.find('\0') != std::string_view::npos) return true;
  if (name.size() > 1 && name[1] == ':') return true;
  for (std::size_t at = 0; at <= name.size();) {
    const auto end = std::min(name.find('/', at), name.size());
    if (name.substr(at, end - at) == "..") return true;
    at = end + 1;
  }
  return false;
}

/// Where the data of an entry ends, if its local header says the same name.
std::optional<std::uint64_t> end_of(ByteView octets, const Entry& entry) {
  Reader in(octets);
  if (!in.skip(entry.local) || in.little(4) != local_record || !in.skip(22)) return std::nullopt;
  const auto name = in.little(2), extra = in.little(2);
  if (!name || !extra) return std::nullopt;
  const auto text = in.take(*name);
  if (!text || text_of(*text) != entry.name || !in.skip(*extra) || !in.skip(entry.packed)) return std::nullopt;
  return in.at();
}

Fault entries_fault(ByteView octets, const EndOfDirectory& end, const std::vector<Entry>& entries) {
  std::uint64_t packed = 0, unpacked = 0;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> places;
  std::set<std::string_view> names;
  for (const auto& entry : entries) {
    if (leads_out(entry.name))
      return Words{"the file holds an entry that leads out of its folder and may be an attack", "文件内含越出自身目录的条目，可能是攻击文件"};
    if ((entry.flags & 1U) != 0)
      return Words{"the file is protected by a password: save it without and add that", "文件设有密码，请取消密码后再上传"};
    if (!names.insert(entry.name).second) return cut_off();
    const auto last = end_of(octets, entry);
    if (!last || *last > end.offset) return cut_off();
    places.emplace_back(entry.local, *last);
    packed += entry.packed;
    unpacked += entry.unpacked;
  }
  std::ranges::sort(places);
  for (std::size_t i = 1; i < places.size(); ++i) {
    if (places[i].first < places[i - 1].second) return cut_off();  // entries that share octets: a bomb
  }
  if (unpacked > archive_bytes_max || (unpacked > small_enough && unpacked / std::max<std::uint64_t>(packed, 1) > archive_ratio_max))
    return Words{"the file unpacks to far more than it should and may be an attack", "文件解压后的大小异常，可能是攻击文件"};
  return std::nullopt;
}

}  // namespace

Archive read_archive(ByteView octets) {
  const auto end = find_end(octets);
  if (!end) return {FileType::zip, cut_off()};
  if (end->entries > archive_entries_max) return {FileType::zip, Words{"the file holds too many entries", "文件内的条目过多"}};
  Reader in(octets.subspan(static_cast<std::size_t>(end->offset), static_cast<std::size_t>(end->size)));
  std::vector<Entry> entries;
  for (std::uint64_t i = 0; i < end->entries; ++i) {
    const auto entry = read_entry(in);
    if (!entry) return {FileType::zip, cut_off()};
    entries.push_back(*entry);
  }
  if (in.left() != 0 || entries.empty()) return {FileType::zip, cut_off()};
  if (auto fault = entries_fault(octets, *end, entries)) return {FileType::zip, std::move(fault)};
  const auto has = [&](std::string_view name) { return std::ranges::find(entries, name, &Entry::name) != entries.end(); };
  const bool macros = std::ranges::any_of(entries, [](const Entry& entry) { return entry.name.ends_with("vbaProject.bin"); });
  if (macros)
    return {FileType::zip, Words{"the document holds macros: save it without them and add that", "文档含有宏，请另存为不含宏的格式后再上传"}};
  if (has("OFD.xml")) return {FileType::ofd, {}};
  if (has("[Content_Types].xml") && has("word/document.xml")) return {FileType::docx, {}};
  if (has("[Content_Types].xml") && has("xl/workbook.xml")) return {FileType::xlsx, {}};
  return {FileType::zip, {}};
}

}  // namespace jx::attachments
