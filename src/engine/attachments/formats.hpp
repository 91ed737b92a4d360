// formats.hpp - the structure of each kind of file, looked at and not decoded (private). Each answers what is wrong, or nothing.
#pragma once
#include <jx/attachments/sniff.hpp>

#include <optional>

namespace jx::attachments {

/// Octets read in order, big- or little-endian, never beyond their end.
class Reader {
 public:
  explicit Reader(ByteView octets) : octets_(octets) {}
  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] std::size_t left() const { return octets_.size() - at_; }
  [[nodiscard]] bool skip(std::uint64_t count) {
    if (count > left()) return false;
    at_ += static_cast<std::size_t>(count);
    return true;
  }
  [[nodiscard]] std::optional<ByteView> take(std::uint64_t count) {
    if (count > left()) return std::nullopt;
    const auto part = octets_.subspan(at_, static_cast<std::size_t>(count));
    at_ += static_cast<std::size_t>(count);
    return part;
  }
  /// Whole numbers of 1 to 8 octets.
  [[nodiscard]] std::optional<std::uint64_t> big(std::size_t count);
  [[nodiscard]] std::optional<std::uint64_t> little(std::size_t count);

 private:
  ByteView octets_;
  std::size_t at_ = 0;
};

using Fault = std::optional<Words>;

/// ISO/IEC 15948: signature, IHDR first, whole chunks to an IEND that is the last, some IDAT between.
[[nodiscard]] Fault png_fault(ByteView octets);
/// ITU-T T.81: segments from SOI to SOS, a frame header with dimensions, an EOI behind.
[[nodiscard]] Fault jpeg_fault(ByteView octets);
/// RFC 9649: a RIFF of the length of the file, whole chunks, a picture in the first or second.
[[nodiscard]] Fault webp_fault(ByteView octets);
/// ISO/IEC 14496-12 and 23008-12: whole boxes, `ftyp` first, a `meta` box.
[[nodiscard]] Fault heic_fault(ByteView octets);
/// ISO 32000: a header in the first and a trailer in the last kibibyte, a cross-reference that lies in the file.
[[nodiscard]] Fault pdf_fault(ByteView octets);
/// UTF-8 without control characters, and no markup.
[[nodiscard]] Fault text_fault(ByteView octets);

/// A ZIP container (APPNOTE 6.3): what it is by its entries; or what is wrong with it.
struct Archive {
  FileType type = FileType::zip;
  Fault fault;
};
[[nodiscard]] Archive read_archive(ByteView octets);

[[nodiscard]] inline Words cut_off() {
  return {"the file is not whole: it may have been cut off while it was copied. Open it to see, save it again and add that",
          "文件不完整，可能在复制过程中被截断。请打开检查，重新保存后再上传"};
}

}  // namespace jx::attachments
