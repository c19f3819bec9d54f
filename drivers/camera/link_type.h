// SPDX-License-Identifier: Apache-2.0
// The header of a message of link.h, between the process that decodes a camera and the gateway: the payload's length (u32,
// little endian, without the header) and its type (u8). Only link.cpp and link_encode.cpp include this.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gapura::drivers::link {

inline constexpr std::size_t header_size = 5;  // bytes

// Each is the struct of the same name in link.h.
enum class Type : std::uint8_t {
  settings = 1,  // 1 to 15: to the child
  watch,
  still_request,
  clip_request,
  accept_view,
  reading = 16,  // from 16: from the child
  picture,
  health,
  clip_part,
  learned_view
};

}  // namespace gapura::drivers::link
