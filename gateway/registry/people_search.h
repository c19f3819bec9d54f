// SPDX-License-Identifier: Apache-2.0
// Finds people although their data is sealed: exactly by telephone number, or by some letters of the name among recent
// guests.
#pragma once

#include <string>
#include <vector>

#include "gateway/journal/database.h"

namespace gapura::gateway {

struct FoundPerson {
  std::string guest, full_name, phone, institution;
};

// `phone` may be written in any way, but must be complete. Uses a reader.
Result<std::vector<FoundPerson>> find_by_phone(const Database& reader, std::string_view phone);
// At least three letters, anywhere in the name, of either case. Searches the guests of the last 20,000 visits, the latest
// first, for at most two seconds. Errors: bad_input (too short), unavailable.
Result<std::vector<FoundPerson>> find_by_name(const Database& reader, std::string_view letters, int at_most);

}  // namespace gapura::gateway
