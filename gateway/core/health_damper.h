// SPDX-License-Identifier: Apache-2.0
// Which of a device's changes are entered in the journal. A device that chatters ten times a second is one fault, not ten.
#pragma once

#include <deque>
#include <optional>

#include "models/device_event.h"
#include "models/time.h"

namespace gapura::gateway {

// What is entered about a device: its state now.
struct HealthReport {
  DeviceHealth health;
  int outages = 0;    // of one that chatters: since the entry before; else 0
  bool calm = false;  // it chattered, and has been quiet for long enough
};

// Of one device. Time is an argument. Not thread-safe.
// Entered immediately: that it went offline or online, and changes of its fault or cause while they are few. After five
// entries in a minute such changes are entered once a minute until they end. The third outage within a minute is entered
// with their number; from then on the device chatters: one entry a minute, until a whole minute passed without an outage.
class HealthDamper {
 public:
  std::optional<HealthReport> take(const DeviceHealth& health, BootTime now);
  // To be called at due().
  std::optional<HealthReport> tick(BootTime now);
  std::optional<BootTime> due() const;
  bool chatters() const { return chatters_; }

 private:
  bool is_entered() const;
  HealthReport enter(BootTime now);

  std::optional<DeviceHealth> latest_, entered_;
  std::deque<BootTime> entries_, outages_;  // of the last minute
  BootTime last_entry_, last_outage_, last_change_;
  int not_entered_ = 0;  // outages since the last entry
  bool chatters_ = false;
  bool noisy_ = false;  // its cause changes all the time
};

}  // namespace gapura::gateway
