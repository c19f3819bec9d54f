// SPDX-License-Identifier: Apache-2.0
// The one-time code with which the first admin is made. Shown once, kept only as a SHA-256, deleted when used. A person
// with access to the machine may make another (`gapura init DIR --new-code`): that is how a lost admin password is
// recovered.
#pragma once

#include <string>
#include <string_view>

#include "models/base/result.h"

namespace gapura::gateway {

// Twelve characters of Crockford's alphabet, 60 bits: "7K3M-Q9ZD-4HTR".
std::string make_setup_code();
// Returns the code as it was shown, from what was typed: upper case, groups of four, O read as 0, I and L as 1.
std::string normalise_setup_code(std::string_view typed);
// Stores hex(SHA-256(normalised code)) in <folder>/setup-code.sha256, mode 0400.
Status store_setup_code(const std::string& folder, const std::string& code);
// Whether a code is stored, and whether `typed` is that code (compared in constant time).
bool has_setup_code(const std::string& folder);
bool setup_code_matches(const std::string& folder, std::string_view typed);
// Deletes the code after use. A missing one is no error.
Status forget_setup_code(const std::string& folder);

}  // namespace gapura::gateway
