// SPDX-License-Identifier: Apache-2.0
#include "models/site/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gapura {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::weekday;

constexpr double radians(double degrees) { return degrees * std::numbers::pi / 180; }

struct Sun {
  double declination;  // radians
  double equation;     // of time, minutes: apparent minus mean
};

// Low-accuracy solar coordinates (Meeus, Astronomical Algorithms, chapter 25, as NOAA's calculator uses them).
Sun sun_at(UtcTime utc) {
  constexpr UtcTime j2000{Millis(946'728'000'000)};                                                  // 2000-01-01 12:00
  const double t = std::chrono::duration<double, std::ratio<86'400>>(utc - j2000).count() / 36'525;  // Julian centuries
  const double mean_longitude = radians(std::fmod(280.46646 + t * (36'000.76983 + t * 0.0003032), 360));
  const double anomaly = radians(357.52911 + t * (35'999.05029 - t * 0.0001537));
  const double eccentricity = 0.016708634 - t * (0.000042037 + t * 0.0000001267);
  const double centre = (1.914602 - t * (0.004817 + t * 0.000014)) * std::sin(anomaly) +
                        (0.019993 - t * 0.000101) * std::sin(2 * anomaly) + 0.000289 * std::sin(3 * anomaly);
  const double node = radians(125.04 - 1934.136 * t);
  const double longitude = mean_longitude + radians(centre - 0.00569 - 0.00478 * std::sin(node));
  const double obliquity = radians(23.4392911 - t * 0.0130042 + 0.00256 * std::cos(node));
  const double y = std::pow(std::tan(obliquity / 2), 2);
  const double equation = y * std::sin(2 * mean_longitude) - 2 * eccentricity * std::sin(anomaly) +
                          4 * eccentricity * y * std::sin(anomaly) * std::cos(2 * mean_longitude) -
                          0.5 * y * y * std::sin(4 * mean_longitude) -
                          1.25 * eccentricity * eccentricity * std::sin(2 * anomaly);
  return {std::asin(std::sin(obliquity) * std::sin(longitude)), equation * 4 * 180 / std::numbers::pi};
}

// Whole minutes, as people read them from a clock; they are the same on every machine.
UtcTime whole_minute(UtcTime midnight, double minutes) { return midnight + Minutes(std::lround(minutes)); }

struct Span {
  UtcTime from, to;
  bool holds(UtcTime now) const { return from <= now && now < to; }
};

std::optional<UtcTime> at_time(const VisitingHours& hours, const DayTime& time, sys_days day, Minutes offset) {
  if (!time.from_sunset) return UtcTime(day) + time.minutes - offset;
  if (!hours.place) return std::nullopt;
  const auto dusk = sunset(*hours.place, day, offset);
  return dusk ? std::optional(*dusk + time.minutes) : std::nullopt;
}

// The span that begins on this local day; none where it depends on a sunset that does not occur.
std::optional<Span> span_on(const VisitingHours& hours, const std::vector<weekday>& when, const DayTime& from,
                            const DayTime& to, sys_days day, Minutes offset) {
  if (std::find(when.begin(), when.end(), weekday(day)) == when.end()) return std::nullopt;
  const auto begin = at_time(hours, from, day, offset);
  auto end = at_time(hours, to, day, offset);
  if (!begin || !end) return std::nullopt;
  if (*end > *begin) return Span{*begin, *end};
  end = at_time(hours, to, day + days(1), offset);  // over midnight
  if (!end) return std::nullopt;
  // "From sunset to 18:00" in a month of late sunsets is empty, not nearly a whole day.
  constexpr std::chrono::hours longest_night{20};
  if ((from.from_sunset || to.from_sunset) && *end - *begin > longest_night) return std::nullopt;
  return Span{*begin, *end};
}

// A window ends on the day on which it begins: one whose sunset comes too late or too early is empty on that day.
std::optional<Span> same_day_span(const VisitingHours& calendar, const HoursWindow& window, sys_days day, Minutes offset) {
  if (std::find(window.days.begin(), window.days.end(), weekday(day)) == window.days.end()) return std::nullopt;
  const auto begin = at_time(calendar, window.from, day, offset), end = at_time(calendar, window.to, day, offset);
  if (!begin || !end || *end <= *begin) return std::nullopt;
  return Span{*begin, *end};
}

// In order of time, joined where they touch.
std::vector<Stretch> stretches(const UnlockSchedule& schedule, const VisitingHours& calendar, sys_days first, sys_days last,
                               Minutes offset) {
  std::vector<Span> spans;
  for (sys_days day = first; day <= last; day += days(1)) {
    const bool holiday = std::any_of(calendar.holidays.begin(), calendar.holidays.end(),
                                     [&](const Holiday& one) { return !one.tentative && sys_days(one.day) == day; });
    for (const auto& window : schedule) {
      const auto span = same_day_span(calendar, window.hours, day, offset);
      if (span && (!holiday || window.on_holidays)) spans.push_back(*span);
    }
  }
  std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) { return a.from < b.from; });
  std::vector<Stretch> joined;
  for (const Span& span : spans) {
    if (!joined.empty() && span.from <= joined.back().to) {
      joined.back().to = std::max(joined.back().to, span.to);
    } else {
      joined.push_back({span.from, span.to});
    }
  }
  return joined;
}

bool is_for(const RestRule& rest, const std::string& category) {
  return rest.categories.empty() ||
         std::find(rest.categories.begin(), rest.categories.end(), category) != rest.categories.end();
}

const HoursRule* find_rule(const VisitingHours& hours, const std::string& category) {
  for (const auto& rule : hours.rules)
    if (rule.category == category) return &rule;
  return nullptr;
}

struct Opening {
  Span span;
  const RestRule* rest;  // null: a window in which guests are received
};

// One question at one instant, with the data it needs.
struct Question {
  const VisitingHours& hours;
  const std::string& category;
  bool invited;
  Minutes offset;
  const HoursRule* rule = find_rule(hours, category);

  sys_days local_day(UtcTime now) const { return std::chrono::floor<days>(now + offset); }

  // Everything that begins on these local days.
  std::vector<Opening> openings(sys_days first, sys_days last) const {
    std::vector<Opening> all;
    for (sys_days day = first; day <= last; day += days(1)) {
      if (rule)
        for (const auto& window : rule->windows)
          if (const auto span = span_on(hours, window.days, window.from, window.to, day, offset))
            all.push_back({*span, nullptr});
      for (const auto& rest : hours.rests)
        if (is_for(rest, category))
          if (const auto span = span_on(hours, rest.days, rest.from, rest.to, day, offset)) all.push_back({*span, &rest});
    }
    return all;
  }

  const Holiday* closing_holiday(UtcTime now) const {
    if (!rule || invited) return nullptr;
    for (const auto& holiday : hours.holidays)
      if (!holiday.tentative && sys_days(holiday.day) == local_day(now)) return &holiday;
    return nullptr;
  }

  // A holiday is reported before the hours, because it explains the whole day; a rest only where the post would be open.
  HoursVerdict at(UtcTime now, const std::vector<Opening>& openings_around) const {
    if (const Holiday* holiday = closing_holiday(now)) return {false, DenialReason::holiday, holiday->name, {}, {}};
    bool in_window = !rule;
    const RestRule* resting = nullptr;
    for (const auto& [span, rest] : openings_around) {
      if (!span.holds(now)) continue;
      if (rest) resting = rest;
      if (!rest) in_window = true;
    }
    if (!in_window) return {false, DenialReason::not_now, "visiting_hours", {}, {}};
    if (resting) return {false, DenialReason::rest_hours, resting->name.empty() ? resting->id : resting->name, {}, {}};
    return {};
  }
  // What began yesterday may last past midnight.
  HoursVerdict at(UtcTime now) const { return at(now, openings(local_day(now) - days(1), local_day(now))); }

  bool asks_sunset() const {
    const auto asks = [](const auto& span) { return span.from.from_sunset || span.to.from_sunset; };
    const auto rests = [&](const RestRule& rest) { return is_for(rest, category) && asks(rest); };
    return (rule && std::any_of(rule->windows.begin(), rule->windows.end(), asks)) ||
           std::any_of(hours.rests.begin(), hours.rests.end(), rests);
  }

  // The post opens where a span begins or ends, or at midnight after a holiday: no other instant has to be tried.
  std::optional<UtcTime> next_open(UtcTime now) const {
    constexpr days horizon{15};
    const sys_days today = local_day(now);
    const auto all = openings(today - days(1), today + horizon);
    std::vector<UtcTime> changes;
    for (sys_days day = today; day <= today + horizon; day += days(1)) changes.push_back(UtcTime(day) - offset);
    for (const auto& opening : all) changes.insert(changes.end(), {opening.span.from, opening.span.to});
    std::sort(changes.begin(), changes.end());
    for (const UtcTime change : changes)
      if (change > now && change <= now + horizon && at(change, all).open) return change;
    return std::nullopt;
  }
};

}  // namespace

std::optional<UtcTime> sunset(const Coordinates& place, std::chrono::year_month_day local_day, Minutes offset) {
  constexpr double horizon = 90.833;  // refraction 34' and the sun's half width 16'
  const UtcTime midnight = sys_days(local_day);
  const double latitude = radians(place.latitude);
  UtcTime guess = midnight + std::chrono::hours(18) - offset;
  for (int round = 0; round < 2; ++round) {  // the second round uses the sun's position at the first one's sunset
    const Sun sun = sun_at(guess);
    const double cosine = std::cos(radians(horizon)) / (std::cos(latitude) * std::cos(sun.declination)) -
                          std::tan(latitude) * std::tan(sun.declination);
    if (cosine < -1 || cosine > 1) return std::nullopt;
    double noon = 720 - 4 * place.longitude - sun.equation;  // minutes after 00:00 UTC
    // East of the date line's zones that noon belongs to another local day.
    while (noon + static_cast<double>(offset.count()) >= 1440) noon -= 1440;
    while (noon + static_cast<double>(offset.count()) < 0) noon += 1440;
    guess = whole_minute(midnight, noon + 4 * std::acos(cosine) * 180 / std::numbers::pi);
  }
  return guess;
}

HoursVerdict hours_at(const VisitingHours& hours, const std::string& category, bool invited, UtcTime now, Minutes offset) {
  const Question question{hours, category, invited, offset};
  HoursVerdict verdict = question.at(now);
  if (hours.place && question.asks_sunset()) verdict.sunset = sunset(*hours.place, question.local_day(now), offset);
  if (!verdict.open) verdict.next_open = question.next_open(now);
  return verdict;
}

std::optional<Stretch> unlocked_at(const UnlockSchedule& schedule, const VisitingHours& calendar, UtcTime now,
                                   Minutes offset) {
  const sys_days today = std::chrono::floor<days>(now + offset);
  for (const Stretch& stretch : stretches(schedule, calendar, today - days(1), today + days(1), offset))
    if (stretch.from <= now && now < stretch.to) return stretch;
  return std::nullopt;
}

std::optional<UtcTime> next_unlock_change(const UnlockSchedule& schedule, const VisitingHours& calendar, UtcTime now,
                                          Minutes offset) {
  if (schedule.empty()) return std::nullopt;
  constexpr days horizon{15};
  const sys_days today = std::chrono::floor<days>(now + offset);
  for (const Stretch& stretch : stretches(schedule, calendar, today - days(1), today + horizon, offset)) {
    if (stretch.from > now) return stretch.from;
    if (stretch.to > now) return stretch.to;
  }
  return std::nullopt;
}

bool ever_opens(const HoursWindow& window, const std::optional<Coordinates>& place, Minutes offset) {
  VisitingHours calendar;
  calendar.place = place;
  constexpr sys_days first{std::chrono::year(2026) / 1 / 1};
  for (sys_days day = first; day < first + days(366); day += days(1))
    if (same_day_span(calendar, window, day, offset)) return true;
  return false;
}

}  // namespace gapura
