// files.hpp - files that a command is given, read and written whole.
#pragma once
#include <jx/core.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace jx::app {

inline constexpr std::size_t text_bytes_max = 64U << 20U;

/// `-` is the standard input. Errors: not_found (cannot be read); too_large (text_bytes_max).
[[nodiscard]] Result<std::string> read_text(const std::filesystem::path& path);
/// Errors: unavailable (cannot be written).
[[nodiscard]] Result<> write_text(const std::filesystem::path& path, std::string_view text);

}  // namespace jx::app
