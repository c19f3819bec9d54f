// SPDX-License-Identifier: Apache-2.0
// Small words of this room's statements. Only gateway/privacy and core/gate_privacy.cpp include this.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <type_traits>

#include "gateway/journal/database.h"
#include "models/time.h"

// No legal hold on the visit or its guest, and no open case of the guest.
#define NOT_HELD(visit, guest)                                                                                       \
  "NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.released_utc IS NULL AND (h.visit = " visit " OR h.guest = " guest \
  ")) AND NOT EXISTS (SELECT 1 FROM subject_case k WHERE k.state = 'open' AND k.guest = " guest ")"
// The last entry before the instant ?1.
#define LAST_BEFORE \
  "SELECT coalesce(max(number), -1) FROM (SELECT number FROM entry WHERE utc < ?1 ORDER BY utc DESC LIMIT 1)"
// Of entry e and its visit v, if it has one.
#define CLOSED_OR_NONE "(e.visit IS NULL OR v.closed_utc < ?1)"
#define WITH_PICTURE "(v.portrait <> '' OR v.waiting_still <> '')"
#define WITH_IDENTITY "v.identity_last4 <> ''"
// A clip of an alarm that somebody did not call a false one stays as long as deviations do.
#define NO_INCIDENT \
  " AND NOT EXISTS (SELECT 1 FROM alarm a WHERE a.number = p.entry AND coalesce(a.handling, '') <> 'false_alarm')"
// Words and codes of people who have no visit.
#define STRANGER_TYPES "'access_denied','badge_presented','alarm_raised','duress_signalled'"

namespace gapura::gateway {

inline std::int64_t ms(UtcTime time) { return time.time_since_epoch().count(); }

// Texts are ?1…, then integers. `read` takes each row; where it returns false, no more are read.
template <class Read>
Status each(const Database& db, std::string_view sql, std::initializer_list<std::string_view> texts,
            std::initializer_list<std::int64_t> integers, Read read) {
  auto found = db.prepared(sql);
  if (!found) return tl::unexpected(found.error());
  Statement& row = **found;
  int index = 1;
  for (const auto text : texts) row.bind(index++, text);
  for (const auto integer : integers) row.bind(index++, integer);
  for (;;) {
    const auto more = row.step();
    if (!more) return tl::unexpected(more.error());
    if (!*more) return {};
    if constexpr (std::is_same_v<decltype(read(row)), bool>) {
      if (!read(row)) return row.reset(), Status{};
    } else {
      read(row);
    }
  }
}

inline Status run(const Database& db, std::string_view sql, std::initializer_list<std::string_view> texts,
                  std::initializer_list<std::int64_t> integers = {}) {
  return each(db, sql, texts, integers, [](const Statement&) {});
}

}  // namespace gapura::gateway
