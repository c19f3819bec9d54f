// SPDX-License-Identifier: Apache-2.0
// Damps what the journal gets of refusals, so that no attacker fills it: for each kind, account and address the first at
// once, then their number after a minute, two, four … at most an hour, until it was quiet for as long.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "drivers/mutex.h"
#include "gateway/contract/command.h"
#include "gateway/web/http/throttle.h"

namespace gapura::gateway {

// Thread-safe. Of all kinds together 30 entries at once, then one every 6 s; what finds no room, also beyond 256 sources,
// is counted in one entry a minute for each kind, with the address "several". Nothing counted is lost but at a power cut.
class RefusalLog {
 public:
  // Counts it. What is to be entered now.
  std::vector<NoteRefusal> add(const NoteRefusal& refusal, BootTime now);
  // What was counted before and is to be entered now.
  std::vector<NoteRefusal> due(BootTime now);
  // All that was counted and not entered yet.
  std::vector<NoteRefusal> rest();

 private:
  struct Line {
    NoteRefusal newest;  // its `times`: counted since `entered`
    BootTime entered;
    Millis wait;
  };
  using Lines = std::map<std::string, Line>;
  std::vector<NoteRefusal> collect(BootTime now) REQUIRES(mutex_);
  bool has_room(BootTime now) REQUIRES(mutex_);

  Mutex mutex_;
  Lines lines_ GUARDED_BY(mutex_);    // by kind, account and address_key
  Lines several_ GUARDED_BY(mutex_);  // by kind
  Throttle room_;
};

}  // namespace gapura::gateway
