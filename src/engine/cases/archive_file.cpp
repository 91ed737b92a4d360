#include "archive_file.hpp"

#include "archive_rows.hpp"

#include <jx/crypto/chunks.hpp>

#include <zlib.h>

#include <algorithm>
#include <fstream>

namespace jx::cases {
namespace {

constexpr std::size_t sealed_bytes = sealed_chunk_bytes + crypto::chunk_overhead_bytes;
constexpr std::size_t file_piece_bytes = 1U << 20U;

void put_size(Bytes& out, std::size_t size) {
  for (unsigned shift = 32; shift > 0;) out.push_back(static_cast<std::uint8_t>(size >> (shift -= 8)));
}

std::size_t size_at_front(ByteView octets) {
  std::size_t size = 0;
  for (const auto octet : octets.first(4)) size = (size << 8U) | octet;
  return size;
}

crypto::ChunkCipher cipher_of(ByteView key, CaseId id) { return crypto::ChunkCipher(crypto::derived_key(key, "archive", id.bytes())); }

std::unexpected<Error> changed() {
  return fail(ErrorCode::corrupt,
              {"the archived history of this case was changed, or its key is that of another one", "该办件的归档数据已被改动，或密钥不符"});
}

Result<std::ifstream> open_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in)
    return fail(ErrorCode::corrupt, {"the archive file " + file.string() + " is not there or may not be read: bring it back from where it is kept",
                                     "归档文件 " + file.string() + " 不存在或不可读，请从保管处恢复"});
  return in;
}

std::unexpected<Error> unreadable(const std::filesystem::path& file) {
  return fail(ErrorCode::corrupt, {"the archive file " + file.string() + " cannot be read: have the disk checked",
                                   "归档文件 " + file.string() + " 无法读取，请检查磁盘"});
}

}  // namespace

std::string archive_name(std::string_view month, ArchiveId id) { return "cases-" + std::string(month) + "-" + id.text() + ".jxa"; }

Bytes archive_header(std::string_view month, ArchiveId id) {
  const std::string text = "junxian-archive 1\nmonth " + std::string(month) + "\nid " + id.text() + "\n\n";
  return {text.begin(), text.end()};
}

Result<Bytes> seal_record(ByteView key, CaseId id, ByteView record) {
  Bytes plain;
  put_size(plain, record.size());
  auto packed = static_cast<uLongf>(::compressBound(static_cast<uLong>(record.size())));
  plain.resize(4 + packed);
  if (::compress2(plain.data() + 4, &packed, record.data(), static_cast<uLong>(record.size()), Z_BEST_COMPRESSION) != Z_OK)
    return fail(ErrorCode::unavailable, {"there is no memory to compress a case", "内存不足，无法压缩办件数据"});
  plain.resize(4 + packed);
  const auto cipher = cipher_of(key, id);
  Bytes sealed;
  ByteView rest = plain;
  for (std::uint32_t number = 0; number == 0 || !rest.empty(); ++number) {
    const auto chunk = rest.first(std::min(rest.size(), sealed_chunk_bytes));
    rest = rest.subspan(chunk.size());
    const auto octets = cipher.seal(number, rest.empty() ? crypto::Last::yes : crypto::Last::no, chunk);
    sealed.insert(sealed.end(), octets.begin(), octets.end());
  }
  return sealed;
}

Result<Bytes> open_record(ByteView key, CaseId id, ByteView sealed) {
  const auto cipher = cipher_of(key, id);
  Bytes plain;
  std::uint32_t number = 0;
  do {
    const auto chunk = sealed.first(std::min(sealed.size(), sealed_bytes));
    sealed = sealed.subspan(chunk.size());
    if (!cipher.open(number++, sealed.empty() ? crypto::Last::yes : crypto::Last::no, chunk, plain)) return changed();
  } while (!sealed.empty());
  if (plain.size() < 4) return changed();
  if (size_at_front(plain) > record_bytes_max) return changed();
  Bytes record(size_at_front(plain));
  auto size = static_cast<uLongf>(record.size());
  const bool whole = ::uncompress(record.data(), &size, plain.data() + 4, static_cast<uLong>(plain.size() - 4)) == Z_OK && size == record.size();
  return whole ? Result<Bytes>(std::move(record)) : changed();
}

std::uint64_t append_record(Bytes& file, CaseId id, ByteView sealed) {
  const auto name = id.bytes();
  file.insert(file.end(), name.begin(), name.end());
  put_size(file, sealed.size());
  const auto position = file.size();
  file.insert(file.end(), sealed.begin(), sealed.end());
  return position;
}

Result<Bytes> read_part(const std::filesystem::path& file, std::uint64_t position, std::uint64_t size) {
  JX_TRY(in, open_file(file));
  if (size > 2 * record_bytes_max) return changed();
  Bytes octets(static_cast<std::size_t>(size));
  in.seekg(static_cast<std::streamoff>(position));
  in.read(reinterpret_cast<char*>(octets.data()), static_cast<std::streamsize>(octets.size()));  // NOLINT(*-reinterpret-cast)
  if (in.bad()) return unreadable(file);
  if (static_cast<std::uint64_t>(in.gcount()) != size)
    return fail(ErrorCode::corrupt, {"the archive file " + file.string() + " is shorter than it was: bring it back from where it is kept",
                                     "归档文件 " + file.string() + " 不完整，请从保管处恢复"});
  return octets;
}

Result<crypto::Digest> hash_of_file(const std::filesystem::path& file) {
  JX_TRY(in, open_file(file));
  crypto::Sha256 hash;
  std::string piece(file_piece_bytes, '\0');
  while (in) {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    hash.update(std::string_view(piece).substr(0, static_cast<std::size_t>(in.gcount())));
  }
  if (in.bad()) return unreadable(file);
  return hash.finish();
}

}  // namespace jx::cases
