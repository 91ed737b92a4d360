#include "static_files.hpp"

#include "head.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

namespace jx::http {
namespace {

namespace fs = std::filesystem;

struct Type {
  std::string_view extension, type;
};
constexpr Type types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".woff", "font/woff"},
    {".ttf", "font/ttf"},
    {".txt", "text/plain; charset=utf-8"},
    {".xml", "application/xml"},
    {".bpmn", "application/xml"},
    {".dmn", "application/xml"},
    {".pdf", "application/pdf"},
    {".wasm", "application/wasm"},
};

std::string etag_of(std::string_view body) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(bytes_of(body).data(), body.size(), digest.data());
  return '"' + to_base64url(ByteView(digest).first(16)) + '"';
}

Result<std::string> read_whole(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in.is_open() || in.bad()) return fail(ErrorCode::unavailable, "the file " + path.string() + " cannot be read");
  return text;
}

std::string_view coding_of(const fs::path& path) { return path.extension() == ".br" ? "br" : path.extension() == ".gz" ? "gzip" : ""; }

bool accepts(std::string_view accept_encoding, std::string_view coding) {
  bool yes = false;
  each_element(accept_encoding, [&](std::string_view element) {
    const std::size_t semicolon = std::min(element.find(';'), element.size());
    const std::string_view parameter = element.substr(semicolon);
    const bool refused =
        parameter.ends_with("q=0") || parameter.ends_with("q=0.0") || parameter.ends_with("q=0.00") || parameter.ends_with("q=0.000");
    if (same_name(element.substr(0, semicolon), coding)) yes = !refused;
  });
  return yes;
}

/// Whether the path is one of the pattern: its parts, `*` for any one, a last `**` for one or more.
bool is_of(std::string_view pattern, std::string_view path) {
  while (true) {
    if (pattern == "**") return !path.empty();
    const std::size_t ends = std::min(pattern.find('/'), pattern.size());
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view wanted = pattern.substr(0, ends);
    if (wanted == "*" ? end == 0 : wanted != path.substr(0, end)) return false;
    if (ends == pattern.size() || end == path.size()) return ends == pattern.size() && end == path.size();
    pattern.remove_prefix(ends + 1);
    path.remove_prefix(end + 1);
  }
}

bool has_page(const Mount& mount, std::string_view path) {
  if (path.ends_with('/')) path.remove_suffix(1);
  return mount.pages.empty() || path.empty() || std::ranges::any_of(mount.pages, [&](const std::string& pattern) { return is_of(pattern, path); });
}

}  // namespace

bool has_hash(std::string_view file_name) {
  const std::size_t dot = file_name.rfind('.');
  if (dot == std::string_view::npos) return false;
  std::string_view stem = file_name.substr(0, dot);
  if (stem.size() < 10) return false;
  const std::string_view hash = stem.substr(stem.size() - 8);  // Vite and Rollup: eight characters of base64url
  const char before = stem[stem.size() - 9];
  if (before != '-' && before != '.') return false;
  bool marked = false;
  for (const char c : hash) {
    const bool digit_or_capital = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
    if (!digit_or_capital && !(c >= 'a' && c <= 'z') && c != '_' && c != '-') return false;
    marked = marked || digit_or_capital;
  }
  return marked;
}

std::string_view content_type_of(std::string_view file_name) {
  for (const Type& type : types) {
    if (file_name.ends_with(type.extension)) return type.type;
  }
  return "application/octet-stream";
}

bool etag_matches(std::string_view if_none_match, std::string_view etag) {
  if (if_none_match == "*") return true;
  const auto opaque = [](std::string_view tag) { return tag.starts_with("W/") ? tag.substr(2) : tag; };
  bool found = false;
  each_element(if_none_match, [&](std::string_view element) { found = found || opaque(element) == opaque(etag); });
  return found;
}

Result<StaticFiles> StaticFiles::load(std::vector<Mount> mounts) {
  StaticFiles out;
  std::size_t bytes = 0;
  std::ranges::sort(mounts, [](const Mount& a, const Mount& b) { return a.prefix.size() > b.prefix.size(); });
  for (Mount& given : mounts) {
    if (!given.prefix.starts_with('/')) return fail(ErrorCode::invalid, "the prefix of a mount must begin with a slash: " + given.prefix);
    if (!given.prefix.ends_with('/')) given.prefix += '/';
    out.mounts_.push_back(std::make_unique<const Mount>(std::move(given)));
    const Mount& mount = *out.mounts_.back();
    std::error_code error;
    fs::recursive_directory_iterator walk(mount.folder, error);
    for (; !error && walk != fs::recursive_directory_iterator(); walk.increment(error)) {
      if (!walk->is_regular_file(error)) continue;
      const fs::path path = walk->path();
      const std::string_view coding = coding_of(path);
      fs::path plain = path;
      if (!coding.empty()) plain.replace_extension();
      if (!coding.empty() && !fs::exists(plain)) continue;
      JX_TRY(body, read_whole(path));
      bytes += body.size();
      const std::string name = mount.prefix + plain.lexically_relative(mount.folder).generic_string();
      StaticFile& file = out.files_[name];
      if (file.mount != nullptr && file.mount != &mount) continue;  // a mount with a longer prefix has this name
      file.mount = &mount;
      file.type = content_type_of(name);
      file.immutable = has_hash(plain.filename().string());
      file.variants.push_back({std::string(coding), std::move(body), {}});
      file.variants.back().etag = etag_of(file.variants.back().body);
      if (out.files_.size() > mount_files_max || bytes > mount_bytes_max)
        return fail(ErrorCode::too_large, "the folder " + mount.folder.string() + " holds more than a mount may");
    }
    if (error) return fail(ErrorCode::unavailable, "the folder " + mount.folder.string() + " cannot be read: " + error.message());
  }
  const auto rank = [](const StaticFile::Variant& variant) { return variant.coding == "br" ? 0 : variant.coding == "gzip" ? 1 : 2; };
  for (auto& [name, file] : out.files_) {
    std::ranges::sort(file.variants, {}, rank);
    const std::size_t plain_bytes = file.variants.back().body.size();  // a packed form that is no smaller only costs time
    std::erase_if(file.variants, [&](const StaticFile::Variant& variant) { return !variant.coding.empty() && variant.body.size() >= plain_bytes; });
  }
  return out;
}

StaticFiles::Found StaticFiles::find(std::string_view path) const {
  const auto decoded = percent_decode(path);
  if (!decoded) return {};
  const auto exact = [&](const std::string& name) -> const StaticFile* {
    const auto found = files_.find(name);
    return found == files_.end() ? nullptr : &found->second;
  };
  if (const StaticFile* file = exact(*decoded)) return {file};
  for (const auto& mount : mounts_) {
    if (!decoded->starts_with(mount->prefix) && *decoded + '/' != mount->prefix) continue;
    const std::string_view last = std::string_view(*decoded).substr(decoded->rfind('/') + 1);
    if (mount->fallback.empty() || last.find('.') != std::string_view::npos) return {};
    const StaticFile* page = exact(mount->prefix + mount->fallback);
    if (decoded->size() < mount->prefix.size()) return {page, 308};
    return {page, has_page(*mount, std::string_view(*decoded).substr(mount->prefix.size())) ? 200 : 404};
  }
  return {};
}

const StaticFile::Variant& StaticFiles::choose(const StaticFile& file, std::string_view accept_encoding) {
  for (const StaticFile::Variant& variant : file.variants) {
    if (variant.coding.empty() || accepts(accept_encoding, variant.coding)) return variant;
  }
  return file.variants.back();
}

}  // namespace jx::http
