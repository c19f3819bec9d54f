// SPDX-License-Identifier: Apache-2.0
#include "gateway/settings/day_time.h"

#include <catch2/catch.hpp>

using namespace gapura;
using namespace gapura::gateway;
using namespace std::chrono_literals;

TEST_CASE("a time of day is two digits, a colon and two digits, or minutes around sunset") {
  const auto fixed = parse_day_time("08:05");
  REQUIRE(fixed);
  CHECK_FALSE(fixed->from_sunset);
  CHECK(fixed->minutes == 485min);
  CHECK(parse_day_time("24:00")->minutes == 1440min);
  CHECK(parse_day_time("sunset")->minutes == 0min);
  CHECK(parse_day_time("sunset-15")->minutes == -15min);
  CHECK(parse_day_time("sunset+30")->minutes == 30min);
  CHECK(parse_day_time("sunset+30")->from_sunset);
  for (const char* text : {"", "8:00", "08:60", "24:01", "08.00", "0a:00", "-1:00", "sunset ", "sunset+", "sunset*5",
                           "sunset+721", "sunset-1x", "sunrise"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_day_time(text));
  }
}

TEST_CASE("a duration is read and written in hours, minutes and seconds") {
  CHECK(parse_duration("PT30S") == Millis(30s));
  CHECK(parse_duration("PT2M") == Millis(2min));
  CHECK(parse_duration("PT1H30M5S") == Millis(1h + 30min + 5s));
  CHECK(parse_duration("PT24H") == Millis(24h));
  for (const char* text :
       {"", "PT", "P1D", "2M", "PT2", "PTM", "PT0S", "PT2M2M", "PT5S1M", "PT-1M", "PT25H", "PT999999S", "pt2m", "PT2.5M"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text));
  }
  for (const char* text : {"PT30S", "PT2M", "PT1H30M", "PT24H"}) CHECK(format_duration(*parse_duration(text)) == text);
  CHECK(format_duration(90s) == "PT1M30S");
}
