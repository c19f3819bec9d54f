// SPDX-License-Identifier: Apache-2.0
// Names that an account may not have.
#pragma once

#include <string_view>

namespace gapura {

// Whether people would read this name as one of those that the record gives to what is no account: local, system, device,
// setup. Case, blanks, punctuation, accents, invisible characters and look-alike letters and digits do not count.
bool looks_like_reserved_name(std::string_view name);

}  // namespace gapura
