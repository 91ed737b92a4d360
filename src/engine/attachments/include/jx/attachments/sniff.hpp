// sniff.hpp - what a file is by its octets. What its name or a client says is only held against that.
#pragma once
#include <jx/core.hpp>

#include <boost/describe/enum.hpp>

#include <span>
#include <string>
#include <string_view>

namespace jx::attachments {

/// The kinds of files that a case may hold. Stored by name: never renamed. Nothing that a browser runs is among them: no HTML, no SVG.
enum class FileType { pdf, ofd, jpeg, png, webp, heic, docx, xlsx, text, zip };
BOOST_DESCRIBE_ENUM(FileType, pdf, ofd, jpeg, png, webp, heic, docx, xlsx, text, zip)

inline constexpr std::size_t pixels_max = 200'000'000;                      // of one picture: beyond, it is a bomb
inline constexpr std::size_t archive_entries_max = 10'000;                  // of a ZIP container (OFD, DOCX, XLSX, ZIP)
inline constexpr std::uint64_t archive_bytes_max = std::uint64_t{1} << 30;  // of what a ZIP container unpacks to
inline constexpr std::uint64_t archive_ratio_max = 200;                     // unpacked : packed, beyond 1 MiB
inline constexpr std::size_t name_bytes_max = 255;

/// What the octets are: by their first ones, and then sound as far as can be told without decoding them: the chunks of a PNG and its dimensions, the
/// markers of a JPEG, header and trailer of a PDF, the directory of a ZIP container (no way out of it, no bomb, no macros, no password).
/// A plain text is UTF-8 without control characters that does not look like markup.
/// Errors: invalid (/octets: nothing of this kind may be attached, or it is cut off or broken; says what to do).
[[nodiscard]] Result<FileType> sniff(ByteView octets);

/// Whether a file may have this name: 1 to name_bytes_max octets of one clean line, no folder in it, an ending that fits what it is.
/// Answers it in NFC. Errors: invalid (/name).
[[nodiscard]] Result<std::string> check_name(std::string_view name, FileType type);
/// The same before the octets are known: the ending must be that of some type.
[[nodiscard]] Result<std::string> check_name(std::string_view name);

/// `image/jpeg`.
[[nodiscard]] std::string_view media_type(FileType type);
/// What people call it: `JPEG picture`, `JPEG 图片`.
[[nodiscard]] const Words& words(FileType type);
/// The names of types, for a sentence: `PDF, JPEG`.
[[nodiscard]] Words list_words(std::span<const FileType> types);

}  // namespace jx::attachments
