// SPDX-License-Identifier: Apache-2.0
// The sheet of a day: counts, the checkpoint as text and as a QR code, and room for signatures. On paper in a binder it is
// a copy of the checkpoint that no administrator of the gateway can change. Contains no names of guests.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "gateway/journal/database.h"
#include "gateway/locale/words.h"
#include "models/base/time.h"

namespace gapura::gateway {

struct DailySheet {
  struct Line {
    std::string first, second;  // in the sheet's language, and in its second one
    std::int64_t value = 0;
  };
  Words words;
  std::string site, date, printed;  // date: 2026-01-31, printed: RFC 3339
  std::vector<Line> lines;
  std::int64_t first = -1, last = -1;  // numbers of the day's entries; -1: there are none
  std::string note, verifier;          // of the first checkpoint that covers the day; empty: none does yet
};

// `date` is in the site's zone, whose offset is `now`'s. Errors: bad_input (not a date, or a future one), SQLite's.
Result<DailySheet> load_daily_sheet(const Database& db, const std::string& site, const std::string& date, const Now& now,
                                    const Words& words);
std::string local_date(const Now& now);
// Returns one A4 page. Errors: bug.
Result<std::string> to_pdf(const DailySheet& sheet);

}  // namespace gapura::gateway
