// SPDX-License-Identifier: Apache-2.0
// All mistakes that are planted in this build: the texts in mistakes/, which plant.py reads.
#pragma once

#include <string_view>

namespace gapura {

struct Mistake {
  std::string_view name, scenes, file, sentence;
  bool is_caught_in(std::string_view scene) const { return scenes.find(scene) != std::string_view::npos; }
};

inline constexpr Mistake mistakes[] = {
#include "mistakes.inc"
};

}  // namespace gapura
