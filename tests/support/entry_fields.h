// SPDX-License-Identifier: Apache-2.0
// The particulars of an entry by their names in the leaf, for tests of the leaf.
#pragma once

#include <string>
#include <string_view>

#include "models/record/site_event.h"

namespace gapura {

template <class T>
T find_field(const Fields& fields, std::string_view key) {  // T{} when absent
  for (const auto& [name, value] : fields)
    if (name == key)
      if (const auto* found = std::get_if<T>(&value)) return *found;
  return T{};
}
inline std::string find_text(const Fields& fields, std::string_view key) { return find_field<std::string>(fields, key); }
inline std::int64_t find_integer(const Fields& fields, std::string_view key) {
  return find_field<std::int64_t>(fields, key);
}
inline bool find_flag(const Fields& fields, std::string_view key) { return find_field<bool>(fields, key); }

}  // namespace gapura
