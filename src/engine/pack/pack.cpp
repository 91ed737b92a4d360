// pack.cpp - a folder of files, read whole into memory.
#include <jx/pack.hpp>

#include <jx/wire/utf8.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace jx::pack {
namespace {

namespace fs = std::filesystem;

constexpr int folder_depth_max = 6;

bool is_name(std::string_view name) {
  if (name.empty() || name.front() == '.') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

std::unexpected<Error> refuse(const std::string& where, const std::string& en, const std::string& zh) {
  return fail(ErrorCode::invalid, {where + ": " + en, where + "：" + zh});
}

std::unexpected<Error> too_large(const std::string& where, std::size_t max, const char* unit) {
  return fail(ErrorCode::too_large, {where + ": more than " + std::to_string(max) + " " + unit, where + "：超过上限 " + std::to_string(max)});
}

bool is_left_out(const fs::path& relative, bool at_top) {
  return relative.filename() == "README.md" || (at_top && (relative == "silos" || relative == "data"));
}

// Reads a folder into path -> File.
class Walk {
 public:
  explicit Walk(std::map<std::string, File>& files) : files_(files) {}

  // What stands in `files` already is not replaced. `label` goes before the path in messages.
  Result<> folder(const fs::path& root, const std::string& label) {
    std::error_code ec;
    if (!fs::is_directory(root, ec)) return fail(ErrorCode::not_found, {"there is no folder " + root.string(), "没有目录 " + root.string()});
    return below(root, "", label, 0);
  }

 private:
  Result<> below(const fs::path& root, const fs::path& relative, const std::string& label, int depth) {
    if (depth > folder_depth_max) return refuse(label + relative.string(), "folders too deep within one another", "目录层次过深");
    std::error_code ec;
    for (fs::directory_iterator at(root / relative, ec), end; !ec && at != end; at.increment(ec)) {
      const fs::path path = relative / at->path().filename();
      const std::string where = label + path.string();
      if (is_left_out(path, depth == 0)) continue;
      if (!is_name(path.filename().string()))
        return refuse(where, "a name is made of a-z A-Z 0-9 . _ - and does not begin with a dot: rename or remove it",
                      "名称只能用 a-z A-Z 0-9 . _ -，且不能以点开头：请改名或删除");
      const fs::file_status status = at->symlink_status(ec);
      if (fs::is_directory(status)) {
        JX_CHECK(below(root, path, label, depth + 1));
      } else if (fs::is_regular_file(status)) {
        JX_CHECK(file(at->path(), path.generic_string(), where));
      } else {
        return refuse(where, "not a plain file (a symbolic link?): put the file itself there", "不是普通文件（符号链接？）：请放置文件本身");
      }
    }
    if (ec)
      return fail(ErrorCode::unavailable,
                  {(root / relative).string() + " cannot be read: " + ec.message(), (root / relative).string() + " 无法读取"});
    return {};
  }

  Result<> file(const fs::path& on_disk, std::string path, const std::string& where) {
    if (files_.contains(path)) return {};
    if (path.size() > path_bytes_max) return refuse(where, "the path is too long", "路径过长");
    if (files_.size() >= files_max) return too_large(where, files_max, "files");
    std::error_code ec;
    const std::uintmax_t size = fs::file_size(on_disk, ec);
    if (!ec && size > file_bytes_max) return too_large(where, file_bytes_max, "bytes");
    std::string text(static_cast<std::size_t>(ec ? 0 : size), '\0');
    std::ifstream in(on_disk, std::ios::binary);
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (ec || !in) return fail(ErrorCode::unavailable, {where + " cannot be read", where + " 无法读取"});
    bytes_ += text.size();
    if (bytes_ > pack_bytes_max) return too_large(where, pack_bytes_max, "bytes in all");
    files_.emplace(path, File{path, std::move(text), {}, where});
    return {};
  }

  std::map<std::string, File>& files_;
  std::size_t bytes_ = 0;
};

Result<Manifest> manifest_of(const std::map<std::string, File>& files) {
  const auto found = files.find("pack.yaml");
  if (found == files.end()) return refuse("pack.yaml", "there is no pack.yaml: this folder is not a pack", "没有 pack.yaml：此目录不是资料包");
  int line = 1;
  const auto located = [&](const Error& error) {
    const std::string where = "pack.yaml:" + std::to_string(line);
    return fail(error.code, {where + ": " + error.message.en, where + "：" + error.message.zh}, error.field);
  };
  auto document = wire::parse_yaml(found->second.text, {}, &line);
  if (!document) return located(document.error());
  auto manifest = wire::decode<Manifest>(document->value());
  if (manifest) return manifest;
  line = document->line_of(manifest.error().field);
  return located(manifest.error());
}

Result<> check_extends(const Manifest& manifest) {
  for (const std::string& other : manifest.extends.value_or(std::vector<std::string>())) {
    if (!is_name(other) || other == manifest.key)
      return refuse("pack.yaml", "`extends` names folders beside this one, such as common", "extends 应为同级目录名，如 common");
  }
  return {};
}

Digest hash_of(const std::vector<File>& files) {
  crypto::Sha256 hash;
  for (const File& file : files) hash.update(to_hex(file.sha256)).update("  ").update(file.path).update("\n");
  return hash.finish();
}

}  // namespace

Result<Pack> Pack::read(const std::string& folder) {
  const fs::path root = fs::path(folder).lexically_normal();
  const fs::path own = root.has_filename() ? root : root.parent_path();
  std::map<std::string, File> files;
  Walk walk(files);
  JX_CHECK(walk.folder(own, ""));
  JX_TRY(manifest, manifest_of(files));
  if (manifest.key != own.filename().string()) {
    return refuse("pack.yaml", "the key is `" + manifest.key + "`, but the folder is called " + own.filename().string(),
                  "key 为 `" + manifest.key + "`，与目录名不一致");
  }
  JX_CHECK(check_extends(manifest));
  for (const std::string& other : manifest.extends.value_or(std::vector<std::string>()))
    JX_CHECK(walk.folder(own.parent_path() / other, "../" + other + "/"));
  std::vector<File> list;
  for (auto& [path, file] : files) list.push_back(std::move(file));
  return finish(std::move(list), std::move(manifest));
}

Result<Pack> Pack::of(std::map<std::string, std::string> files) {
  std::map<std::string, File> by_path;
  for (auto& [path, text] : files) by_path.emplace(path, File{path, std::move(text), {}, path});
  JX_TRY(manifest, manifest_of(by_path));
  std::vector<File> list;
  for (auto& [path, file] : by_path) list.push_back(std::move(file));
  return finish(std::move(list), std::move(manifest));
}

// `files` are in the order of their paths.
Pack Pack::finish(std::vector<File> files, Manifest manifest) {
  Pack pack;
  for (File& file : files) file.sha256 = crypto::sha256(bytes_of(file.text));
  pack.hash_ = hash_of(files);
  pack.files_ = std::move(files);
  pack.manifest_ = std::move(manifest);
  return pack;
}

const File* Pack::file(std::string_view path) const {
  const auto found = std::ranges::lower_bound(files_, path, {}, &File::path);
  return found != files_.end() && found->path == path ? &*found : nullptr;
}

std::vector<const File*> Pack::in(std::string_view folder, std::string_view suffix) const {
  std::vector<const File*> found;
  const std::string begin = std::string(folder) + "/";
  for (auto at = std::ranges::lower_bound(files_, begin, {}, &File::path); at != files_.end() && at->path.starts_with(begin); ++at) {
    const std::string_view name = std::string_view(at->path).substr(begin.size());
    if (name.ends_with(suffix) && name.find('/') == std::string_view::npos) found.push_back(&*at);
  }
  return found;
}

}  // namespace jx::pack
