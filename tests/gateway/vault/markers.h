// SPDX-License-Identifier: Apache-2.0
// Searches for words that must not be on the disk.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace gapura::tests {

inline std::string text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::string jpeg(const std::string& inside) {
  return "\xff\xd8\xff\xe0" + inside + std::string(3000, 'p') + "\xff\xd9";
}

// Returns "file: marker" for each one found in a file below the folder.
inline std::vector<std::string> found_below(const std::string& folder, const std::vector<std::string>& markers) {
  std::vector<std::string> found;
  for (const auto& one : std::filesystem::recursive_directory_iterator(folder)) {
    if (!one.is_regular_file()) continue;
    const std::string bytes = text_of(one.path().string());
    for (const auto& marker : markers)
      if (bytes.find(marker) != std::string::npos) found.push_back(one.path().filename().string() + ": " + marker);
  }
  return found;
}

}  // namespace gapura::tests
