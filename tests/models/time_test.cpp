// SPDX-License-Identifier: Apache-2.0
#include "models/base/time.h"

#include <catch2/catch.hpp>

using namespace gapura;

TEST_CASE("a time is written with the zone's offset, and read back") {
  const UtcTime time{Millis(1'769'846'400'123)};
  CHECK(format_rfc3339(time, std::chrono::minutes(480)) == "2026-01-31T16:00:00.123+08:00");
  CHECK(format_rfc3339(time, std::chrono::minutes(-210)) == "2026-01-31T04:30:00.123-03:30");
  CHECK(parse_rfc3339("2026-01-31T16:00:00.123+08:00") == time);
}

TEST_CASE("a time without an end is written as the last day of four-digit years") {
  CHECK(format_rfc3339(UtcTime::max(), std::chrono::minutes(480)) == "9999-12-31T07:59:59.999+08:00");
  CHECK(format_rfc3339(UtcTime::max(), std::chrono::minutes(-720)) == "9999-12-30T11:59:59.999-12:00");
  CHECK(format_rfc3339(UtcTime::min(), std::chrono::minutes(-720)) == "0000-01-01T12:00:00.000-12:00");
  CHECK(parse_rfc3339(format_rfc3339(UtcTime::max(), std::chrono::minutes(480))).has_value());
}
