// SPDX-License-Identifier: Apache-2.0
// What goes into the core, and what one step of it leads to.
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
#include "models/device_event.h"
#include "models/site_event.h"

namespace gapura::gateway {

struct CommandInput {
  Command command;
  Actor actor;
  Done done;
};

// A picture that the core asked for is on disk. No input comes of one that could not be kept.
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

// Carried out after the commit, in their order. `entry` is the index of the entry that allows it within its Change.
struct PulseOrderOut {
  std::size_t entry;  // not used with `intent`
  std::string signal;
  Millis length;
  BootTime deadline;
  std::optional<std::uint64_t> intent = std::nullopt;  // an earlier entry that allows it: an unlocked portal's renewal
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
struct SignOut {};     // a checkpoint that a person asked for
struct RestartOut {};  // the gateway closes and starts again in place
// A paper badge onto paper. Its text is in no table and no leaf, so it must go now or never.
struct PrintBadgeOut {
  std::size_t entry;
  BadgeId badge;
  std::string token, category;  // category: general | special | staff
  UtcTime valid_until;
  std::chrono::minutes offset;  // of the site's clock from UTC
};
// A part of the file is cleared of what the tables no longer hold. Outside every transaction.
struct ScrubOut {
  std::shared_ptr<ScrubStep> step;
};
using OrderOut = std::variant<PulseOrderOut, KeepStillOut, TakeStillOut, SignOut, RestartOut, PrintBadgeOut, ScrubOut>;

// What one input leads to. With `refusal` set nothing happens, and it is the answer.
struct Change {
  std::vector<Entry> entries;
  std::vector<OrderOut> orders;
  std::vector<Row> rows;  // written after the entries, in the same transaction
  Reply reply;
  std::optional<Error> refusal;
  bool empty() const { return entries.empty() && rows.empty() && orders.empty(); }
};

}  // namespace gapura::gateway
