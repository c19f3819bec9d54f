// SPDX-License-Identifier: Apache-2.0
// Checks that a leaf has exactly the version 1 format, without building values: a verifier reads millions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gapura::gateway {

// Texts are escaped as in the leaf; null is an empty text.
struct LeafFields {
  std::uint64_t number = 0;
  std::int64_t utc = 0, boot = 0;  // milliseconds
  std::string_view boot_id, quality, type, point, actor, visit, badge;
  std::optional<std::uint64_t> ref;
  std::string_view data;  // the object after "d":
};

// Returns none where a byte is out of place: other keys or another order, a blank, a fraction, bytes after the newline, a
// size that is not 2 … 4,096.
std::optional<LeafFields> scan_leaf(std::string_view leaf);
// Returns a JSON string's text, as the tables have it.
std::string unescaped(std::string_view text);

}  // namespace gapura::gateway
