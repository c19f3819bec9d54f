// SPDX-License-Identifier: Apache-2.0
// Names that an account may not have.
#pragma once

#include <string_view>

namespace gapura {

// Returns whether a reader would take `name` for one of the actors in the record that are not accounts: local, system,
// device, setup. Case, blanks, punctuation, accents, invisible characters and look-alike letters and digits are ignored.
bool looks_like_reserved_name(std::string_view name);

}  // namespace gapura
