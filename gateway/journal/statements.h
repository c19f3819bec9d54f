// SPDX-License-Identifier: Apache-2.0
// Runs a prepared statement in one line, for code that reads or writes rows by hand.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <type_traits>

#include "gateway/journal/database.h"
#include "models/base/time.h"

namespace gapura::gateway {

inline std::int64_t millis(UtcTime time) { return time.time_since_epoch().count(); }

// Parameters are texts ?1…, then integers. `read` gets each row; when it returns false, reading ends.
template <class Read>
Status each_row(const Database& db, std::string_view sql, std::initializer_list<std::string_view> texts,
                std::initializer_list<std::int64_t> integers, Read read) {
  auto found = TRY(db.prepared(sql));
  Statement& row = *found;
  int index = 1;
  for (const auto text : texts) row.bind(index++, text);
  for (const auto integer : integers) row.bind(index++, integer);
  for (;;) {
    const auto more = TRY(row.step());
    if (!more) return {};
    if constexpr (std::is_same_v<decltype(read(row)), bool>) {
      if (!read(row)) return row.reset(), Status{};
    } else {
      read(row);
    }
  }
}

inline Status run_sql(const Database& db, std::string_view sql, std::initializer_list<std::string_view> texts,
                      std::initializer_list<std::int64_t> integers = {}) {
  return each_row(db, sql, texts, integers, [](const Statement&) {});
}

}  // namespace gapura::gateway
