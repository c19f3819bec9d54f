// SPDX-License-Identifier: Apache-2.0
// The files that Gapura comes with.
#pragma once

#include <fstream>
#include <iterator>
#include <string>

namespace gapura::tests {

inline const std::string config = std::string(GAPURA_SOURCE_DIR) + "/config";

inline std::string text_of(const std::string& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace gapura::tests
