// SPDX-License-Identifier: Apache-2.0
#include "gateway/settings/settings.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "gateway/settings/section.h"
#include "gateway/settings/site_reader.h"

namespace gapura::gateway {
namespace {

namespace fs = std::filesystem;

}  // namespace

std::string Mistake::text() const {
  return fmt::format("{}:{}:{}: {}{}{}", file, line, column, key, key.empty() ? "" : ": ", message);
}

SettingsReport load_settings(const std::string& file, const std::string& controllers) {
  Reading reading{file, {}, {}, {}};
  SettingsReport report;
  if (const auto table = read_toml(reading)) {
    std::error_code error;
    const fs::path folder = fs::absolute(file, error).parent_path();
    Settings settings = SiteReader(reading, folder.string(), controllers).read(*table);
    if (reading.mistakes.empty()) report.settings = std::move(settings);
  }
  reading.sort();
  report.mistakes = std::move(reading.mistakes);
  report.warnings = std::move(reading.warnings);
  report.known_keys = std::move(reading.known_keys);
  return report;
}

std::string site_language(const std::string& file) {
  Reading reading{file, {}, {}, {}};
  const auto table = read_toml(reading);
  return table ? (*table)["site"]["language"].value_or(std::string("id")) : "id";
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
