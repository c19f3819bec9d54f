// SPDX-License-Identifier: Apache-2.0
// The header of a message between a camera's child and its parent. Only link.cpp and link_encode.cpp include this.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gapura::drivers::link {

inline constexpr std::size_t header_size = 5;

enum class Type : std::uint8_t {
  settings = 1,
  watch,
  still_request,
  clip_request,
  accept_view,
  reading = 16,
  picture,
  health,
  clip_part,
  learned_view
};

}  // namespace gapura::drivers::link
