// SPDX-License-Identifier: Apache-2.0
#include "gateway/settings/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <tuple>

#include "gateway/settings/section.h"
#include "gateway/settings/site_reader.h"

namespace gapura::gateway {
namespace {

namespace fs = std::filesystem;
constexpr std::uintmax_t largest_file = 1u << 20;  // a site has kilobytes; more is a mix-up with some other file

std::optional<std::string> read_whole(Reading& reading) {
  std::error_code error;
  const fs::path path(reading.file);
  if (!fs::is_regular_file(path, error)) {
    reading.mistake({}, "", error ? "cannot be read: " + error.message() : "is no file");
    return std::nullopt;
  }
  if (fs::file_size(path, error) > largest_file) {
    reading.mistake({}, "", "is larger than 1 MiB; a configuration is not");
    return std::nullopt;
  }
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) {
    reading.mistake({}, "", "cannot be read; look at its owner and permissions");
    return std::nullopt;
  }
  return text.str();
}

// toml++ stops at the first error of syntax, so that is the one mistake that comes alone.
std::optional<toml::table> parse(Reading& reading, const std::string& text) {
  try {
    return toml::parse(text, reading.file);
  } catch (const toml::parse_error& error) {
    const auto& begin = error.source().begin;
    reading.mistake({static_cast<int>(begin.line), static_cast<int>(begin.column)}, "", std::string(error.description()));
    return std::nullopt;
  }
}

}  // namespace

std::string Mistake::text() const {
  return fmt::format("{}:{}:{}: {}{}{}", file, line, column, key, key.empty() ? "" : ": ", message);
}

SettingsReport load_settings(const std::string& file, const std::string& controllers) {
  Reading reading{file, {}, {}};
  SettingsReport report;
  if (const auto text = read_whole(reading)) {
    if (const auto table = parse(reading, *text)) {
      std::error_code error;
      const fs::path folder = fs::absolute(file, error).parent_path();
      Settings settings = SiteReader(reading, folder.string(), controllers).read(*table);
      if (reading.mistakes.empty()) report.settings = std::move(settings);
    }
  }
  const auto in_file = [](const Mistake& m) { return std::tie(m.line, m.column); };
  std::stable_sort(reading.mistakes.begin(), reading.mistakes.end(),
                   [&](const Mistake& a, const Mistake& b) { return in_file(a) < in_file(b); });
  report.mistakes = std::move(reading.mistakes);
  report.known_keys = std::move(reading.known_keys);
  return report;
}

std::string find_controllers_folder(const std::string& file) {
  std::error_code error;
  std::vector<fs::path> folders = {fs::absolute(file, error).parent_path() / "controllers"};
  if (const char* share = std::getenv("GAPURA_SHARE")) folders.push_back(fs::path(share) / "controllers");
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (!error) folders.push_back(program.parent_path().parent_path() / "config" / "controllers");
  for (const fs::path& folder : folders)
    if (fs::is_directory(folder, error)) return folder.string();
  return "/usr/share/gapura/controllers";
}

}  // namespace gapura::gateway
