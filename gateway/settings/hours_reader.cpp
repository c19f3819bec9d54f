// SPDX-License-Identifier: Apache-2.0
// [visiting_hours], its windows and rests, and the calendars that it names.
#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "gateway/settings/day_time.h"
#include "gateway/settings/site_reader.h"

namespace gapura::gateway {
namespace {

std::vector<std::chrono::weekday> weekdays(Section& section) {
  static constexpr std::array names = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
  std::vector<std::chrono::weekday> days;
  for (const std::string& name : section.required_choices("days", {"mon", "tue", "wed", "thu", "fri", "sat", "sun"})) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found != names.end()) days.emplace_back(static_cast<unsigned>(found - names.begin()));
  }
  if (section.has("days") && days.empty()) section.mistake("days", "expected at least one day");
  return days;
}

// In the middle of this year; whether a window is ever open does not depend on an hour of summer time.
Minutes zone_offset(const std::string& zone) {
  constexpr date::sys_seconds then{std::chrono::seconds(1'782'000'000)};
  return std::chrono::duration_cast<Minutes>(date::locate_zone(zone)->get_info(then).offset);
}

}  // namespace

void SiteReader::read_hours(Section section) {
  places_.emplace("hours", section.where(""));
  VisitingHours& hours = settings_.site.hours;
  const std::string close = section.text("close_of_day", "24:00");
  if (const auto time = parse_day_time(close); time && !time->from_sunset)
    hours.close_of_day = time->minutes;
  else
    section.wrong("close_of_day", "a time of day such as \"18:00\"");
  for (Section& open : section.tables("open")) read_open(open);
  for (Section& rest : section.tables("rest")) read_rest(rest);
  const std::vector<std::string> calendars = section.texts("calendar");
  for (std::size_t i = 0; i < calendars.size(); ++i) read_calendar(section, i, calendars[i]);
  section.finish();
}

DayTime SiteReader::day_time(Section& section, const char* key) {
  const std::string text = section.required_text(key);
  const auto time = parse_day_time(text);
  if (!time && !text.empty())
    section.wrong(key, "a time such as \"08:00\", or \"sunset-15\" for 15 minutes before maghrib");
  if (time && time->from_sunset && !settings_.coordinates)
    section.mistake(key, "a time relative to sunset needs coordinates in [site]");
  return time.value_or(DayTime{});
}

HoursWindow SiteReader::window_of(Section& section) {
  HoursWindow window;
  window.days = weekdays(section);
  window.from = day_time(section, "from");
  window.to = day_time(section, "to");
  if (!section.has("from") || !section.has("to")) return window;
  const bool relative = window.from.from_sunset || window.to.from_sunset;
  if (!relative && window.to.minutes <= window.from.minutes) {
    section.wrong("to", "a time after from, on the same day");
  } else if (relative && settings_.coordinates && zone_known_ && !window.days.empty() &&
             !ever_opens(window, settings_.coordinates, zone_offset(settings_.timezone))) {
    section.wrong("to", "a time after from; on no day of the year is the sun's setting so");
  }
  return window;
}

// A door's own hours, during which it is unlocked.
void SiteReader::read_unlocked(Section section, PortalConfig& portal) {
  UnlockWindow window{window_of(section)};
  window.on_holidays = section.flag("holidays");
  section.finish();
  portal.unlocked.push_back(std::move(window));
}

void SiteReader::read_open(Section section) {
  const std::string category = section.required_choice("category", {"general", "special"});
  HoursWindow window = window_of(section);
  section.finish();
  std::vector<HoursRule>& rules = settings_.site.hours.rules;
  const auto same = [&](const HoursRule& rule) { return rule.category == category; };
  auto rule = std::find_if(rules.begin(), rules.end(), same);
  if (rule == rules.end()) rule = rules.insert(rules.end(), HoursRule{category, {}});
  rule->windows.push_back(std::move(window));
}

void SiteReader::read_rest(Section section) {
  RestRule rest;
  rest.id = own_id(section, rests_);
  rest.name = section.required_text("name");
  rest.days = weekdays(section);
  rest.from = day_time(section, "from");
  rest.to = day_time(section, "to");
  rest.categories = section.required_choices("categories", {"general", "special"});
  section.finish();
  settings_.site.hours.rests.push_back(std::move(rest));
}

void SiteReader::read_calendar(Section& section, std::size_t index, const std::string& path) {
  const auto file = shipped(path);
  if (!file) return section.wrong_item("calendar", index, "the path of a calendar that exists");
  Reading reading{*file, {}, {}, {}};
  if (const auto table = read_toml(reading)) {
    Section top(reading, &*table, "", "", {});
    for (Section& holiday : top.tables("holiday")) read_holiday(holiday);
    top.finish();
  }
  reading_.mistakes.insert(reading_.mistakes.end(), reading.mistakes.begin(), reading.mistakes.end());
}

void SiteReader::read_holiday(Section section) {
  Holiday holiday;
  const auto day = section.required_date("day");
  const std::string kind = section.required_choice("kind", {"national", "collective_leave", "local", "office"});
  holiday.kind = find_word<HolidayKind>(kind).value_or(HolidayKind::national);
  holiday.name = section.required_text("name");
  holiday.decree = section.required_text("decree");  // official calendars change, and news lists disagree
  holiday.tentative = section.flag("tentative");
  section.finish();
  if (!day) return;
  holiday.day = *day;
  settings_.site.hours.holidays.push_back(std::move(holiday));
}

}  // namespace gapura::gateway
