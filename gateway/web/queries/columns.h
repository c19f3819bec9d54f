// SPDX-License-Identifier: Apache-2.0
// A row's columns, one after the other.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "gateway/journal/database.h"
#include "models/base/time.h"
#include "models/base/words.h"

namespace gapura::gateway {

// Of a row that outlives it. A null text is empty.
class Columns {
 public:
  explicit Columns(const Statement& row, int first = 0) : row_(row), at_(first) {}
  std::string text() {
    const int column = at_++;
    return row_.is_null(column) ? std::string() : row_.text(column);
  }
  // None where it is empty.
  std::optional<std::string> text_or_none() {
    std::string found = text();
    return found.empty() ? std::nullopt : std::optional(std::move(found));
  }
  std::int64_t number() { return row_.integer(at_++); }
  bool flag() { return number() != 0; }
  UtcTime instant() { return UtcTime(Millis(number())); }
  std::optional<UtcTime> time() {
    const int column = at_++;
    if (row_.is_null(column)) return std::nullopt;
    return UtcTime(Millis(row_.integer(column)));
  }
  template <class Enum>
  Enum word(Enum unknown) {
    return find_word<Enum>(text()).value_or(unknown);
  }

 private:
  const Statement& row_;
  int at_;
};

}  // namespace gapura::gateway
