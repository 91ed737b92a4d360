// archive_file.hpp - the file of an archive: cases that were closed in one month, each sealed under a key of its own. Written once, never changed.
//
//   file   = "junxian-archive 1" LF "month " yyyy-mm LF "id " uuid LF LF *( case-id length sealed )
//            case-id: 16 octets; length: 4 octets, big-endian, of `sealed`
//   sealed = the chunks (jx/crypto/chunks.hpp, sealed_chunk_bytes of plain octets each, the last one less) of: size deflated
//            size: 4 octets, big-endian, of the record; deflated: the record (archive_rows.hpp) by RFC 1950
#pragma once
#include <jx/cases/archive.hpp>
#include <jx/core.hpp>
#include <jx/crypto/hash.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace jx::cases {

inline constexpr std::size_t sealed_chunk_bytes = 256 * 1024;

[[nodiscard]] std::string archive_name(std::string_view month, ArchiveId id);  // cases-2026-07-0193....jxa
[[nodiscard]] Bytes archive_header(std::string_view month, ArchiveId id);

/// `key` has crypto::chunk_key_bytes. Errors: unavailable (no memory).
[[nodiscard]] Result<Bytes> seal_record(ByteView key, CaseId id, ByteView record);
/// Errors: corrupt (changed, of another case, or not sealed by this key).
[[nodiscard]] Result<Bytes> open_record(ByteView key, CaseId id, ByteView sealed);

/// Appends a record to what is to become a file. Answers the position of `sealed`.
std::uint64_t append_record(Bytes& file, CaseId id, ByteView sealed);

/// `size` octets at `position`. Errors: corrupt (the file is not there, cannot be read, or is shorter: says which).
[[nodiscard]] Result<Bytes> read_part(const std::filesystem::path& file, std::uint64_t position, std::uint64_t size);
/// Errors: as read_part.
[[nodiscard]] Result<crypto::Digest> hash_of_file(const std::filesystem::path& file);

}  // namespace jx::cases
