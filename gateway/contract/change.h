// SPDX-License-Identifier: Apache-2.0
// The inputs of the core, and the result of one step.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "drivers/printer.h"
#include "gateway/contract/command.h"
#include "gateway/contract/rows.h"
#include "models/base/device_event.h"
#include "models/record/site_event.h"

namespace gapura::gateway {

struct CommandInput {
  Command command;
  Actor actor;
  Done done;
};

// A picture that the core asked for is on disk. There is no input for one that could not be kept.
struct PictureKept {
  std::uint64_t entry = 0;
  VisitId visit;
  BadgeId badge;
  std::string hash, camera, role;  // role: scan | waiting_room
  std::uint64_t bytes = 0;
  std::int64_t clip_ms = 0;  // a clip of this length; 0: a picture
};

using Input =
    std::variant<BadgeRead, LevelReport, PulseReport, DeviceHealth, CommandInput, PictureKept, drivers::PrintReport>;

// Orders are carried out after the commit, in order. `entry` is the index within the Change of the entry that allows the
// pulse.
struct PulseOrderOut {
  std::size_t entry;  // unused when `intent` is set
  std::string signal;
  Millis length;
  BootTime deadline;
  std::optional<std::uint64_t> intent = std::nullopt;  // an earlier entry that allows it: the renewal of an unlocked portal
};
struct KeepStillOut {
  std::size_t entry;
  StillPtr still;
  std::string reader, role;
  VisitId visit;
  BadgeId badge;
};
struct TakeStillOut {
  std::size_t entry;
  std::string role;
  VisitId visit;
};
struct SignOut {};     // sign a checkpoint that a person asked for
struct RestartOut {};  // close the gateway and start it again in place
// Print a paper badge. Its text is in no table and no leaf, so it cannot be printed later.
struct PrintBadgeOut {
  std::size_t entry;
  BadgeId badge;
  std::string token, category;  // category: general | special | staff
  UtcTime valid_until;
  std::chrono::minutes offset;  // of the site's clock from UTC
};
// Clear a part of the file of erased data. Carried out outside every transaction.
struct ScrubOut {
  std::shared_ptr<ScrubStep> step;
};
using OrderOut = std::variant<PulseOrderOut, KeepStillOut, TakeStillOut, SignOut, RestartOut, PrintBadgeOut, ScrubOut>;

// The result of one input. With `refusal` set nothing changes, and it is the answer.
struct Change {
  std::vector<Entry> entries;
  std::vector<OrderOut> orders;
  std::vector<Row> rows;  // written after the entries, in the same transaction
  Reply reply;
  std::optional<Error> refusal;
  bool empty() const { return entries.empty() && rows.empty() && orders.empty(); }
};

}  // namespace gapura::gateway
