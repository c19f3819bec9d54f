// SPDX-License-Identifier: Apache-2.0
#include "drivers/sysfs.h"

#include <fstream>

namespace gapura::drivers {

namespace fs = std::filesystem;

std::string first_line(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

std::string stable_path(const std::string& root, const std::string& folder, const std::string& node) {
  std::error_code error;
  for (const auto& link : fs::directory_iterator(root + folder, error)) {
    const fs::path target = fs::read_symlink(link.path(), error);
    if (!error && target.filename() == node) return folder + "/" + link.path().filename().string();
  }
  return "";
}

}  // namespace gapura::drivers
