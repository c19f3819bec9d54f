// SPDX-License-Identifier: Apache-2.0
// Whose data an account, a device or a period is connected with, for the notice within three days (UU 27/2022).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gateway/journal/database.h"
#include "models/base/time.h"

namespace gapura::gateway {

struct BreachQuestion {
  std::string account, device;  // user id; point, camera or device
  std::optional<UtcTime> from, to;
};
struct BreachPerson {
  std::string guest, name, phone;
  std::set<std::string> fields;
  std::int64_t visits = 0;
  UtcTime first, last;
  bool touched = true;  // by an entry; else only visible during a session that was open at that time
};
struct BreachList {
  std::vector<BreachPerson> people;
  std::int64_t entries = 0;
  std::optional<UtcTime> first, last;
};
// An account touches the people that its entries are about, and could see the visits that were open while a session of it
// may have been open (twelve hours from each sign-in). A device touches the people that its entries and pictures are about.
// Errors: SQLite's.
Result<BreachList> find_breach(const Database& db, const BreachQuestion& asked);

}  // namespace gapura::gateway
