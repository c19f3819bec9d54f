// SPDX-License-Identifier: Apache-2.0
// When guests are received (jam bertamu): weekly hours per category, rest hours (also relative to sunset), holidays; and
// when a door is unlocked by schedule. Pure: the instant and the zone's offset are arguments.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "models/base/decision_reason.h"
#include "models/base/time.h"
#include "models/base/words.h"

namespace gapura {

using Minutes = std::chrono::minutes;

struct Coordinates {
  double latitude = 0, longitude = 0;  // degrees, WGS 84; south and west negative
};

// Returns when the sun's upper limb meets the horizon (zenith 90.833 degrees, NOAA's solar equations after Meeus), accurate
// to a minute or two between 60 degrees south and north. Returns none where the sun does not set on that local day.
std::optional<UtcTime> sunset(const Coordinates& place, std::chrono::year_month_day local_day, Minutes offset);

// A time of day: fixed, or relative to sunset (maghrib).
struct DayTime {
  bool from_sunset = false;
  Minutes minutes{0};  // since local midnight, or after sunset (negative: before)
};

struct HoursWindow {
  std::vector<std::chrono::weekday> days;
  DayTime from, to;  // to may be "24:00"
};

struct HoursRule {
  std::string category;              // general | special
  std::vector<HoursWindow> windows;  // open hours; a day without a window is closed
};

// A period within the open hours in which no guest is received: prayer, lunch, the night.
struct RestRule {
  std::string id, name;  // name: a sentence for the guest
  std::vector<std::chrono::weekday> days;
  DayTime from, to;  // to <= from: over midnight
  std::vector<std::string> categories;
};

GAPURA_ENUM(HolidayKind, national, collective_leave, local, office);

struct Holiday {
  std::chrono::year_month_day day;
  HolidayKind kind = HolidayKind::national;
  std::string name;
  std::string decree;      // the decree that declares it
  bool tentative = false;  // announced but not decreed: shown to people, closes nothing
};

struct VisitingHours {
  std::vector<HoursRule> rules;  // a category without a rule is received at any time
  std::vector<RestRule> rests;
  std::vector<Holiday> holidays;
  std::optional<Coordinates> place;  // needed by rules relative to sunset
  Minutes close_of_day{24 * 60};     // local: a guest who is still inside then becomes unaccounted
};

struct HoursVerdict {
  bool open = true;
  std::optional<DenialReason> reason;  // not_now | holiday | rest_hours
  std::string rule;                    // the cause: the holiday's or rest's name, or "visiting_hours"
  std::optional<UtcTime> sunset;       // of that day, where a rule asked for it
  std::optional<UtcTime> next_open;    // within the next 15 days
};
// `invited`: guests who were invited are also received on holidays, when the post is on duty.
HoursVerdict hours_at(const VisitingHours& hours, const std::string& category, bool invited, UtcTime now, Minutes offset);

// When a portal is unlocked by schedule. A holiday of the calendar (but not a tentative one) keeps it locked all day.
struct UnlockWindow {
  HoursWindow hours;
  bool on_holidays = false;  // also opens on holidays
};
using UnlockSchedule = std::vector<UnlockWindow>;  // none: never
struct Stretch {
  UtcTime from, to;
};
// Returns the period that contains `now`, with touching and overlapping windows joined; none: locked. `calendar` gives
// holidays and coordinates.
std::optional<Stretch> unlocked_at(const UnlockSchedule& schedule, const VisitingHours& calendar, UtcTime now,
                                   Minutes offset);
// Returns the next start or end of such a period after `now`, within 15 days.
std::optional<UtcTime> next_unlock_change(const UnlockSchedule& schedule, const VisitingHours& calendar, UtcTime now,
                                          Minutes offset);
// Returns whether this window is open on any day of the year.
bool ever_opens(const HoursWindow& window, const std::optional<Coordinates>& place, Minutes offset);

}  // namespace gapura
