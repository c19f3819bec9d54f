// SPDX-License-Identifier: Apache-2.0
// Is this a version 1 leaf, to the byte? Without building anything: a verifier reads millions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gapura::gateway {

// Texts are still escaped as in the leaf; where it says null, they are empty.
struct LeafFields {
  std::uint64_t number = 0;
  std::int64_t utc = 0, boot = 0;  // milliseconds
  std::string_view boot_id, quality, type, point, actor, visit, badge;
  std::optional<std::uint64_t> ref;
  std::string_view data;  // the object after "d":
};

// Nothing where a byte is out of place: other keys or another order, a blank, a fraction, bytes after the newline, a size
// that is not 2 … 4,096.
std::optional<LeafFields> scan_leaf(std::string_view leaf);
// A JSON string's text, as the tables have it.
std::string unescaped(std::string_view text);

}  // namespace gapura::gateway
