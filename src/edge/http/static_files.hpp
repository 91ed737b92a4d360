// static_files.hpp - the files of the web, in memory: a path is looked up among names that are there, so none can lead elsewhere.
#pragma once
#include <jx/http/server.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace jx::http {

/// One file in up to three codings. The fields are built at the start; an answer only points to them.
struct StaticFile {
  struct Variant {
    std::string coding;  // `br`, `gzip`, or empty
    std::string body;
    std::string etag;  // strong, of these octets
  };
  std::vector<Variant> variants;  // the best first; the plain one is last
  std::string type;
  bool immutable = false;  // its name holds a hash of it
  const Mount* mount = nullptr;
};

class StaticFiles {
 public:
  /// Errors: unavailable (a folder or file cannot be read), too_large (mount_files_max, mount_bytes_max).
  [[nodiscard]] static Result<StaticFiles> load(std::vector<Mount> mounts);

  struct Found {
    const StaticFile* file = nullptr;
    int status = 200;  // 404: the application has no page of this path, and says so; 308: the path of a mount, without its slash
  };
  /// The file of a request's path, or the fallback page of its mount; no file if there is neither.
  [[nodiscard]] Found find(std::string_view path) const;
  /// The variant for an Accept-Encoding field.
  [[nodiscard]] static const StaticFile::Variant& choose(const StaticFile& file, std::string_view accept_encoding);
  [[nodiscard]] bool empty() const { return files_.empty(); }

 private:
  std::vector<std::unique_ptr<const Mount>> mounts_;  // the longest prefix first; on the heap, since files point to them
  std::map<std::string, StaticFile, std::less<>> files_;
};

/// True for names such as `index-BxK3f9aQ.js`: a dash or dot, eight or more letters, digits, `_` or `-` with a digit or capital among them, and an
/// extension.
[[nodiscard]] bool has_hash(std::string_view file_name);
/// By extension; application/octet-stream for what is not known.
[[nodiscard]] std::string_view content_type_of(std::string_view file_name);
/// If-None-Match by weak comparison (RFC 9110 section 13.1.2).
[[nodiscard]] bool etag_matches(std::string_view if_none_match, std::string_view etag);

}  // namespace jx::http
