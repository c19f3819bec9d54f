// SPDX-License-Identifier: Apache-2.0
// What of a device's changes the journal says. A device that goes and comes ten times a second is one fault and not ten.
#pragma once

#include <deque>
#include <optional>

#include "models/device_event.h"
#include "models/time.h"

namespace gapura::gateway {

// An entry about a device: how it is now.
struct HealthWord {
  DeviceHealth health;
  int outages = 0;    // of one that chatters: since the entry before; else 0
  bool calm = false;  // it chattered, and has been quiet for long enough
};

// Of one device. Time is an argument. Not thread-safe.
// At once: that it went, that it came, and changes of its fault or cause while they are few; more than a handful in a
// minute are said once a minute until they end. The third outage within a minute is said with their number; from then on it
// chatters: one entry a minute, until a whole minute passed without an outage.
class HealthDamper {
 public:
  std::optional<HealthWord> take(const DeviceHealth& health, BootTime now);
  // To be called at due().
  std::optional<HealthWord> tick(BootTime now);
  std::optional<BootTime> due() const;
  bool chatters() const { return chatters_; }

 private:
  bool is_told() const;
  HealthWord say(BootTime now);

  std::optional<DeviceHealth> latest_, told_;
  std::deque<BootTime> entries_, outages_;  // of the last minute
  BootTime last_entry_, last_outage_, last_change_;
  int untold_ = 0;  // outages since the last entry
  bool chatters_ = false;
  bool noisy_ = false;  // its cause changes all the time
};

}  // namespace gapura::gateway
