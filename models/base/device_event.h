// SPDX-License-Identifier: Apache-2.0
// What devices tell the core: facts with the instant they were observed. Plain values; made by drivers, consumed by the
// core.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/base/ids.h"
#include "models/base/time.h"
#include "models/base/words.h"

namespace gapura {

// The state of an input or an output; a contact that is on is open. Unknown from the loss of the line until the next
// reading. Facts are levels: a pulse that was missed between two readings is reported as two changes.
GAPURA_ENUM(Level, off, on, unknown);

// A JPEG and the capture instant of its frame. Shared; immutable.
struct Still {
  std::vector<std::uint8_t> jpeg;
  int width = 0;
  int height = 0;
  BootTime captured;
};
using StillPtr = std::shared_ptr<const Still>;

// Why a scan is not accepted although its characters arrived: the fault is in the scanner's transmission.
GAPURA_ENUM(ScanFault,  //
            none,
            control_character,  // anywhere in it
            too_long,
            incomplete,  // silence before its terminator
            noise,       // characters outside of a frame
            lost_events,
            unknown_key,  // a key that has no character
            prefix_missing, suffix_missing);

// A section of a camera's stream in the camera's own compression, in an MP4 container. Shared; immutable.
struct Clip {
  std::vector<std::uint8_t> bytes;
  BootTime from, until;  // of its first and last picture; it begins at a key frame, perhaps a little early
};
using ClipPtr = std::shared_ptr<const Clip>;

// One presentation of badges to one reader. Two or more payloads: different codes in one view (ambiguous_scan).
// Payloads are the raw bytes of the codes, never trusted, each at most 4,096 bytes long.
struct BadgeRead {
  ReaderId reader;
  std::vector<std::string> payloads;
  BootTime captured;
  StillPtr still;  // with the code's outline drawn; null where a reader has no picture
  ScanFault fault = ScanFault::none;
};

// The level of a controller's input or read-back changed, or became known or unknown. `signal` is "controller.signal" as in
// the configuration: "gate1.passage_in".
struct LevelReport {
  std::string signal;
  Level level = Level::unknown;
  BootTime at;
  bool unordered = false;  // an output that is on without an order, or for longer than ordered
};

// The outcome of a pulse order. There is exactly one report per order. After the exceptions 5 and 11 the output is read
// back.
GAPURA_ENUM(PulseOutcome,  //
            acknowledged,  // the device confirmed the write, or the output was off before and reads back as on
            refused,       // certainly not energised: an exception, an unfit device or order
            expired,       // certainly not energised: the deadline passed, or the gateway ended, before the write was sent
            unconfirmed    // sent, no valid answer in time; read-back could not tell. May have opened.
);

struct PulseReport {
  // The number of the journal entry that allowed the pulse: a grant, or the mode_changed of an unlocked portal. All
  // renewals of that portal have the same number, and the core ignores their reports.
  std::uint64_t intent = 0;
  PulseOutcome outcome = PulseOutcome::refused;
  Level readback = Level::unknown;  // of the output, read after the write
  std::string detail;               // for people: "exception 2 (illegal data address)"
  BootTime at;
};

// A device went online or offline. Sent on every change and once at start.
struct DeviceHealth {
  GAPURA_CLASS_ENUM(Kind, camera, controller, scanner, detector, printer);
  Kind kind = Kind::camera;
  std::string device;  // its id in the configuration
  bool online = false;
  std::string detail;  // one sentence for people: the reason, and what to check
  BootTime at;
  std::string fault = {};  // the reason as a code that screens translate: "frozen"; empty: no fault, or an unknown one
};

}  // namespace gapura
