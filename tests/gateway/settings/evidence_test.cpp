// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/evidence.h"

#include <catch2/catch.hpp>

using namespace gapura;
using namespace gapura::gateway;

namespace {

Entry entry(EventType type, Fields data = {}) {
  Entry made;
  made.type = type;
  made.data = std::move(data);
  return made;
}

}  // namespace

TEST_CASE("Grants, denials, forced doors and detector alarms are worth a camera; a flood of codes is not") {
  CHECK(moment_of(entry(EventType::access_granted)) == Moment::granted);
  CHECK(moment_of(entry(EventType::access_denied, {{"reasons", std::vector<std::string>{"revoked"}}})) == Moment::denied);
  CHECK(moment_of(entry(EventType::access_denied,
                        {{"reasons", std::vector<std::string>{"rate_limited", "malformed_payload"}}})) == std::nullopt);
  CHECK(moment_of(entry(EventType::screening_alarm)) == Moment::detector_alarm);
  CHECK(moment_of(entry(EventType::alarm_raised, {{"kind", std::string("forced_open")}})) == Moment::forced);
  CHECK(moment_of(entry(EventType::alarm_raised, {{"kind", std::string("device_offline")}})) == std::nullopt);
  CHECK(moment_of(entry(EventType::picture_kept)) == std::nullopt);
}

TEST_CASE("A camera watches its own reader's point and portal, and what it is said to") {
  SiteConfig site;
  AccessPointConfig in, out;
  in.id = AccessPointId{"gate.in"};
  out.id = AccessPointId{"gate.out"};
  in.portal = out.portal = PortalId{"gate"};
  in.reader = ReaderId{"r-in"};
  out.reader = ReaderId{"r-out"};
  site.points = {in, out};
  CameraEntry reading, looking, idle;
  reading.driver.reader = ReaderId{"r-in"};
  looking.watches = {"gate", "wtmd1"};
  CHECK(watches(reading, site, "gate.in"));
  CHECK(watches(reading, site, "gate"));  // a forced door's entry names the portal
  CHECK_FALSE(watches(reading, site, "gate.out"));
  CHECK(watches(looking, site, "gate.out"));
  CHECK(watches(looking, site, "wtmd1"));
  CHECK_FALSE(watches(looking, site, "inner-door"));
  CHECK_FALSE(watches(idle, site, "gate"));
  CHECK_FALSE(watches(looking, site, ""));
}
