// SPDX-License-Identifier: Apache-2.0
// Finding a person although their data is sealed: exactly by telephone number, by some letters of the name among the guests
// of late.
#pragma once

#include <string>
#include <vector>

#include "gateway/journal/database.h"

namespace gapura::gateway {

struct FoundPerson {
  std::string guest, full_name, phone, institution;
};

// However the number is written, and all of it. Over a reader.
Result<std::vector<FoundPerson>> find_by_phone(const Database& reader, std::string_view phone);
// At least three letters, anywhere in the name, small or capital. Looks at the guests of the last 20,000 visits, the latest
// first, and at no more than two seconds' worth. Errors: bad_input (too short), unavailable.
Result<std::vector<FoundPerson>> find_by_name(const Database& reader, std::string_view letters, int at_most);

}  // namespace gapura::gateway
