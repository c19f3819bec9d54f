// SPDX-License-Identifier: Apache-2.0
#include "models/site/schedule.h"

#include <catch2/catch.hpp>

using namespace gapura;
using namespace std::chrono;
using namespace std::chrono_literals;

namespace {

constexpr Minutes wib{420}, wita{480}, wit{540};
constexpr Coordinates jakarta{-6.2000, 106.8167}, makassar{-5.1333, 119.4167}, jayapura{-2.5333, 140.7167};
constexpr Coordinates aceh{5.5500, 95.3167}, oslo{59.9139, 10.7522};

UtcTime local(year_month_day day, Minutes time, Minutes offset) { return UtcTime(sys_days(day)) + time - offset; }
constexpr Minutes hm(int hour, int minute) { return Minutes(60 * hour + minute); }
std::string local(std::optional<UtcTime> time, Minutes offset) {
  return time ? format_rfc3339(*time, offset).substr(0, 16) : "none";
}

DayTime clock_time(int hour, int minute) { return {false, hm(hour, minute)}; }
DayTime from_sunset(int minutes) { return {true, Minutes(minutes)}; }
const std::vector<weekday> every_day{Sunday, Monday, Tuesday, Wednesday, Thursday, Friday, Saturday};
const std::vector<weekday> office_days{Monday, Tuesday, Wednesday, Thursday, Friday};

// Received on working days 08:00–20:00; at rest from a quarter before maghrib until 18:45, and at night.
VisitingHours hours_of_makassar() {
  VisitingHours hours;
  hours.place = makassar;
  hours.rules = {{"general", {{office_days, clock_time(8, 0), clock_time(20, 0)}}},
                 {"special", {{every_day, clock_time(0, 0), clock_time(24, 0)}}}};
  hours.rests = {{"maghrib", "Waktu maghrib", every_day, from_sunset(-15), clock_time(18, 45), {"general"}},
                 {"night", "Waktu istirahat malam", every_day, clock_time(22, 0), clock_time(5, 0), {"special"}}};
  hours.holidays = {{2026y / January / 1, HolidayKind::national, "Tahun Baru", "contoh", false},
                    {2026y / March / 20, HolidayKind::collective_leave, "Cuti bersama", "contoh", false},
                    {2026y / March / 23, HolidayKind::local, "Hari jadi kota", "contoh", false},
                    {2026y / March / 24, HolidayKind::office, "Rapat kerja", "contoh", false},
                    {2026y / March / 25, HolidayKind::national, "Belum diputuskan", "", true}};
  return hours;
}

struct Told {
  std::string reason, rule, next;
  bool operator==(const Told&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Told& told) {
  return out << told.reason << " | " << told.rule << " | " << told.next;
}
Told ask(const char* category, bool invited, year_month_day day, Minutes time) {
  const auto verdict = hours_at(hours_of_makassar(), category, invited, local(day, time, wita), wita);
  CHECK(verdict.open == !verdict.reason.has_value());
  return {verdict.reason ? word(*verdict.reason) : "open", verdict.rule,
          verdict.next_open ? local(verdict.next_open, wita) : ""};
}

}  // namespace

// The minutes come from a second calculation by other formulas: right ascension and sidereal time of the Astronomical
// Almanac's low-precision sun, and the instant at which its altitude passes -0.833 degrees, found by bisection.
TEST_CASE("sunset agrees with a second calculation within a minute") {
  struct Line {
    Coordinates place;
    Minutes offset;
    year_month_day day;
    Minutes expected;
  };
  const Line lines[] = {
      {jakarta, wib, 2026y / March / 20, hm(18, 4)},       {jakarta, wib, 2026y / June / 21, hm(17, 47)},
      {jakarta, wib, 2026y / November / 3, hm(17, 46)},    {jakarta, wib, 2026y / December / 21, hm(18, 5)},
      {makassar, wita, 2026y / March / 20, hm(18, 13)},    {makassar, wita, 2026y / June / 21, hm(17, 59)},
      {makassar, wita, 2026y / November / 3, hm(17, 55)},  {makassar, wita, 2026y / December / 21, hm(18, 13)},
      {jayapura, wit, 2026y / March / 20, hm(17, 48)},     {jayapura, wit, 2026y / June / 21, hm(17, 38)},
      {jayapura, wit, 2026y / November / 3, hm(17, 27)},   {jayapura, wit, 2026y / December / 21, hm(17, 43)},
      {aceh, wib, 2026y / February / 11, hm(18, 51)},      {aceh, wib, 2026y / June / 21, hm(18, 54)},
      {oslo, Minutes(60), 2026y / March / 20, hm(18, 31)}, {oslo, Minutes(60), 2026y / December / 21, hm(15, 12)},
  };
  for (const auto& line : lines) {
    const auto found = sunset(line.place, line.day, line.offset);
    REQUIRE(found);
    INFO(local(found, line.offset));
    CHECK(abs(*found - local(line.day, line.expected, line.offset)) <= 1min);
  }
}

// Published: BMKG, "Informasi prakiraan hilal" of Syawal 1441, Ramadan 1442 and Zulhijah 1442 (earliest and latest sunset
// of Indonesia); World Data as quoted by the Indonesian press for Jakarta. Places by their towns' coordinates, so within
// two.
TEST_CASE("sunset agrees with published figures within two minutes") {
  constexpr Coordinates merauke{-8.4991, 140.4049}, sabang{5.8926, 95.3238};
  struct Line {
    Coordinates place;
    Minutes offset;
    year_month_day day;
    seconds expected;  // since local midnight
  };
  const Line lines[] = {
      {merauke, wit, 2020y / May / 23, 17h + 26min},         {sabang, wib, 2020y / May / 23, 18h + 48min},
      {merauke, wit, 2021y / April / 12, 17h + 37min + 16s}, {sabang, wib, 2021y / April / 12, 18h + 46min + 31s},
      {merauke, wit, 2021y / July / 10, 17h + 33min + 29s},  {sabang, wib, 2021y / July / 10, 18h + 57min + 24s},
      {jakarta, wib, 2023y / January / 25, 18h + 17min},
  };
  for (const auto& line : lines) {
    const auto found = sunset(line.place, line.day, line.offset);
    REQUIRE(found);
    INFO(local(found, line.offset));
    CHECK(abs(*found - (UtcTime(sys_days(line.day)) + line.expected - line.offset)) <= 2min);
  }
}

TEST_CASE("the sun sets on the local day that was asked for, also beside the date line") {
  const Coordinates apia{-13.8333, -171.7667};
  for (const Minutes offset : {Minutes(13 * 60), Minutes(-11 * 60)}) {
    const auto found = sunset(apia, 2026y / March / 20, offset);
    REQUIRE(found);
    CHECK(floor<days>(*found + offset) == sys_days(2026y / March / 20));
  }
}

TEST_CASE("where the sun does not set, there is no sunset") {
  const Coordinates tromso{69.65, 18.96};
  CHECK_FALSE(sunset(tromso, 2026y / June / 21, Minutes(60)));
  CHECK_FALSE(sunset(tromso, 2026y / December / 21, Minutes(60)));
  CHECK(sunset(tromso, 2026y / March / 20, Minutes(60)));
}

TEST_CASE("guests are received in their category's hours") {
  const auto thursday = 2026y / February / 12;
  CHECK(ask("general", false, thursday, hm(7, 59)) == Told{"not_now", "visiting_hours", "2026-02-12T08:00"});
  CHECK(ask("general", false, thursday, hm(8, 0)) == Told{"open", "", ""});
  CHECK(ask("general", false, thursday, hm(19, 59)) == Told{"open", "", ""});
  CHECK(ask("general", false, thursday, hm(20, 0)) == Told{"not_now", "visiting_hours", "2026-02-13T08:00"});
  CHECK(ask("special", false, thursday, hm(20, 0)) == Told{"open", "", ""});
}

TEST_CASE("Friday evening opens again on Monday") {
  CHECK(ask("general", false, 2026y / February / 13, hm(21, 0)) == Told{"not_now", "visiting_hours", "2026-02-16T08:00"});
}

TEST_CASE("a rest begins a quarter of an hour before maghrib, as the day's sun has it") {
  // 11 February in Makassar: sunset 18:25, so the rest is from 18:10; on 3 November it sets at 17:55.
  const auto february = 2026y / February / 11, november = 2026y / November / 3;
  CHECK(ask("general", false, february, hm(18, 5)) == Told{"open", "", ""});
  CHECK(ask("general", false, february, hm(18, 12)) == Told{"rest_hours", "Waktu maghrib", "2026-02-11T18:45"});
  CHECK(ask("general", false, november, hm(17, 37)) == Told{"open", "", ""});
  CHECK(ask("general", false, november, hm(18, 5)) == Told{"rest_hours", "Waktu maghrib", "2026-11-03T18:45"});
  CHECK(ask("special", false, november, hm(18, 5)) == Told{"open", "", ""});
}

TEST_CASE("the verdict tells the sunset where a rule of that category asks for it") {
  const auto hours = hours_of_makassar();
  const UtcTime morning = local(2026y / February / 11, hm(9, 0), wita);
  CHECK(local(hours_at(hours, "general", false, morning, wita).sunset, wita) == "2026-02-11T18:25");
  CHECK_FALSE(hours_at(hours, "special", false, morning, wita).sunset);
}

TEST_CASE("a rest over midnight holds on both sides of it") {
  const auto day = 2026y / February / 12;
  const Told night{"rest_hours", "Waktu istirahat malam", "2026-02-12T05:00"};
  CHECK(ask("special", false, day, hm(4, 59)) == night);
  CHECK(ask("special", false, day, hm(5, 0)) == Told{"open", "", ""});
  CHECK(ask("special", false, day, hm(21, 59)) == Told{"open", "", ""});
  CHECK(ask("special", false, day, hm(22, 0)) == Told{"rest_hours", "Waktu istirahat malam", "2026-02-13T05:00"});
}

TEST_CASE("holidays of every kind close for walk-ins, not for the invited") {
  const auto leave = 2026y / March / 20;
  CHECK(ask("general", false, leave, hm(10, 0)) == Told{"holiday", "Cuti bersama", "2026-03-25T08:00"});
  CHECK(ask("special", false, leave, hm(10, 0)) == Told{"holiday", "Cuti bersama", "2026-03-21T05:00"});
  CHECK(ask("special", true, leave, hm(10, 0)) == Told{"open", "", ""});
  CHECK(ask("special", true, leave, hm(23, 0)).reason == "rest_hours");  // the invited rest with the house
  CHECK(ask("general", false, 2026y / January / 1, hm(10, 0)).rule == "Tahun Baru");
  CHECK(ask("general", false, 2026y / March / 23, hm(10, 0)).rule == "Hari jadi kota");
  CHECK(ask("general", false, 2026y / March / 24, hm(10, 0)).rule == "Rapat kerja");
}

TEST_CASE("a holiday that was announced and not decreed closes nothing") {
  CHECK(ask("general", false, 2026y / March / 25, hm(10, 0)) == Told{"open", "", ""});
}

TEST_CASE("the day of a holiday is the site's, not that of UTC") {
  // 20 March 07:30 in Makassar is 19 March 23:30 UTC.
  CHECK(ask("special", false, 2026y / March / 20, hm(7, 30)).reason == "holiday");
  CHECK(ask("special", false, 2026y / March / 19, hm(21, 30)).reason == "open");
}

TEST_CASE("a category without hours is received at any time, but for the rests that name it") {
  VisitingHours hours = hours_of_makassar();
  hours.rules.clear();
  hours.rests[0].categories = {"special"};
  const UtcTime dusk = local(2026y / January / 1, hm(18, 40), wita);
  CHECK(hours_at(hours, "general", false, dusk, wita).open);
  CHECK_FALSE(hours_at(hours, "special", false, dusk, wita).open);
}

TEST_CASE("a window that ends before it begins, because the sun sets late, is no window and no whole day") {
  VisitingHours hours;
  hours.place = makassar;
  hours.rests = {{"maghrib", "", every_day, from_sunset(0), clock_time(18, 0), {}}};
  CHECK(hours_at(hours, "general", false, local(2026y / February / 11, hm(18, 30), wita), wita).open);  // sunset 18:25
  CHECK(hours_at(hours, "general", false, local(2026y / February / 12, hm(9, 0), wita), wita).open);
  const auto november = hours_at(hours, "general", false, local(2026y / November / 3, hm(17, 58), wita), wita);  // 17:55
  CHECK(november.rule == "maghrib");  // without a name, its id
}

TEST_CASE("a rest from sunset until the morning holds over midnight") {
  VisitingHours hours;
  hours.place = makassar;
  hours.rests = {{"night", "", every_day, from_sunset(60), clock_time(6, 0), {}}};
  const auto verdict = hours_at(hours, "general", false, local(2026y / February / 12, hm(3, 0), wita), wita);
  CHECK(verdict.reason == DenialReason::rest_hours);
  CHECK(local(verdict.next_open, wita) == "2026-02-12T06:00");
}

TEST_CASE("what opens later than in fifteen days is not promised") {
  VisitingHours hours;
  hours.rules = {{"general", {}}};
  const auto verdict = hours_at(hours, "general", false, local(2026y / February / 12, hm(9, 0), wita), wita);
  CHECK(verdict.reason == DenialReason::not_now);
  CHECK_FALSE(verdict.next_open);
}

TEST_CASE("a door stands unlocked in its windows, joined where they touch, and on no holiday unless they say so") {
  const VisitingHours calendar = hours_of_makassar();
  const UnlockSchedule schedule{{{office_days, clock_time(8, 0), clock_time(12, 0)}},
                                {{office_days, clock_time(12, 0), from_sunset(-30)}},
                                {{{Saturday}, clock_time(9, 0), clock_time(24, 0)}, true},
                                {{{Sunday}, clock_time(0, 0), clock_time(1, 0)}}};
  const auto told = [&](year_month_day day, Minutes time) {
    const auto now = local(day, time, wita);
    const auto open = unlocked_at(schedule, calendar, now, wita);
    return (open ? local(open->from, wita).substr(8) + " to " + local(open->to, wita).substr(8) : "locked") + ", then " +
           local(next_unlock_change(schedule, calendar, now, wita), wita).substr(8);
  };
  CHECK(told(2026y / February / 12, hm(7, 59)) == "locked, then 12T08:00");
  CHECK(told(2026y / February / 12, hm(12, 0)) == "12T08:00 to 12T17:55, then 12T17:55");  // the sun sets at 18:25
  CHECK(told(2026y / February / 12, hm(17, 55)) == "locked, then 13T08:00");
  CHECK(told(2026y / February / 14, hm(23, 59)) == "14T09:00 to 15T01:00, then 15T01:00");
  CHECK(told(2026y / March / 20, hm(9, 0)) == "locked, then 21T09:00");                // collective leave
  CHECK(told(2026y / March / 25, hm(9, 0)) == "25T08:00 to 25T17:41, then 25T17:41");  // tentative: closes nothing
  CHECK_FALSE(next_unlock_change({}, calendar, local(2026y / March / 25, hm(9, 0), wita), wita));
  UnlockSchedule always = schedule;
  for (auto& window : always) window.on_holidays = true;
  CHECK(unlocked_at(always, calendar, local(2026y / March / 20, hm(9, 0), wita), wita));
}

TEST_CASE("a window around sunset that is open on no day of the year is known as such") {
  CHECK(ever_opens({office_days, clock_time(17, 0), from_sunset(0)}, makassar, wita));
  CHECK_FALSE(ever_opens({office_days, clock_time(20, 0), from_sunset(0)}, makassar, wita));
  CHECK_FALSE(ever_opens({office_days, from_sunset(0), from_sunset(-15)}, makassar, wita));
  CHECK_FALSE(ever_opens({office_days, clock_time(17, 0), from_sunset(0)}, std::nullopt, wita));
}
