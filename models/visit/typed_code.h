// SPDX-License-Identifier: Apache-2.0
// The number printed on a badge, as a person types it from paper.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gapura {

// Returns the code as badge_code() made it: capitals, without spaces and dashes, O read as 0, I and L as 1. Returns none
// where the text is not seven characters of the alphabet or the check symbol does not match, so that a typing error is
// found before any look-up.
std::optional<std::string> typed_badge_code(std::string_view typed);

}  // namespace gapura
