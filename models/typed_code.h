// SPDX-License-Identifier: Apache-2.0
// The number printed on a badge, as somebody types it from paper.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gapura {

// As badge_code() made it: capitals, without spaces and dashes, O read as 0, I and L as 1. Nothing where it is not seven
// characters of the alphabet or the check symbol does not fit: a slip of one finger is told before anything is looked up.
std::optional<std::string> typed_badge_code(std::string_view typed);

}  // namespace gapura
